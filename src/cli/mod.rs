//! The command line: one file for each subcommand; the only place that touches stdout, the terminal and the environment.

mod analyze;
mod closing;
mod collect;
mod completions;
mod confined;
mod each;
mod elsewhere;
mod explain;
mod inspect;
mod man;
mod output;
mod place;
mod processors;
mod progress;
mod rules;
mod sharing;
mod unmask;
mod verify;

use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand, builder::PossibleValuesParser};

use crate::words::{EN, LANGUAGES, Words};

/// How a command ended, as `docs/contracts.md` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing to complain about.
    Ok,
    /// An active finding at or above `--fail-on`; for verify: a difference.
    Found,
    /// Usage, or no input could be opened.
    Usage,
    /// No such finding, and no verdict or one of low confidence.
    Unsure,
    /// The output could not be written.
    Output,
}

impl Exit {
    /// The number that the system is told.
    fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Found => 1,
            Exit::Usage => 2,
            Exit::Unsure => 3,
            Exit::Output => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Names the cause of an etcd cluster's trouble from what was sent: logs, metrics, etcdctl's output, a pasted terminal.
#[derive(Debug, Parser)]
#[command(name = "etcd-triage", version, max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to colour the text.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: ColorChoice,
    /// Language of the report.
    #[arg(long, global = true, default_value = "en", value_parser = PossibleValuesParser::new(LANGUAGES.iter().map(|(name, _)| *name)))]
    lang: String,
}

/// The words of a language. clap takes no other name than those of the list.
fn words_of(lang: &str) -> &'static Words {
    LANGUAGES.iter().find(|(name, _)| *name == lang).map_or(&EN, |(_, words)| words)
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Diagnose one cluster from folders, archives (.tar.gz, .tar.xz, .tar, .zip), text files, or - for text on standard input
    Analyze(analyze::Arguments),
    /// Gather the evidence of this node into one file, then diagnose that file
    Collect(Box<collect::Arguments>),
    /// Explain a diagnosis, or an alert of the etcd mixin: what it means, how to confirm it, what to do, when it misleads
    Explain(explain::Arguments),
    /// List every diagnosis that can be made, with the evidence that it reads
    Rules(rules::Arguments),
    /// Tell what an input holds, without judging it
    Inspect(inspect::Arguments),
    /// Put the real names back into a report on a bundle whose names and addresses are pseudonyms
    Unmask(unmask::Arguments),
    /// Analyse stored fixtures and compare with what is expected of them
    Verify(verify::Arguments),
    /// Print the completions of a shell: bash, zsh, fish, elvish, powershell
    Completions(completions::Arguments),
    /// Print a manual page, or write all of them into a folder
    Man(man::Arguments),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let words = words_of(&arguments.lang);
    let output = output::Output::new(arguments.color);
    let exit = match arguments.command {
        Command::Analyze(a) => analyze::run(&a, words, &output),
        Command::Collect(a) => collect::run(&a, words, &output),
        Command::Explain(a) => explain::run(&a, &output),
        Command::Rules(a) => rules::run(&a, &output),
        Command::Inspect(a) => inspect::run(&a, &output),
        Command::Unmask(a) => unmask::run(&a, &output),
        Command::Verify(a) => verify::run(&a, words, &output),
        Command::Completions(a) => completions::run(&a, &output),
        Command::Man(a) => man::run(&a, &output),
    };
    exit.into()
}
