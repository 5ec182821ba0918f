//! `analyze`: the diagnosis of one cluster.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{
    Exit, confined, each,
    output::{Destination, Output},
    processors::processors,
    progress,
};
use crate::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Confidence, Diagnosis, Severity},
    render,
    words::Words,
};

/// What to analyse, and how to tell it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders, archives (.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2, .zip) or text files of one cluster; - for text on standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Analyse each input by itself, as many at a time as there are processors: a line of JSON for each, in their order
    #[arg(long, conflicts_with_all = ["format", "verbose", "quiet", "width"])]
    each: bool,
    /// Form of the diagnosis
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the diagnosis to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show all: every quoted line whole, the timeline, the measurements, every list to its end (text only)
    #[arg(short, long)]
    verbose: bool,
    /// Show the verdict alone: what, impact, how sure (text only)
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Lay the text out for this many columns; without it for the terminal's, and for 100 in a pipe or a file
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000))]
    width: Option<u16>,
    /// End with 1 if an active finding is at or above this
    #[arg(long, value_enum, default_value = "warning", value_name = "SEVERITY")]
    fail_on: FailOn,
    #[command(flatten)]
    confined: confined::Confined,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs; schema in docs/diagnosis.schema.json
    Json,
    /// In short, for a ticket
    #[value(alias = "md")]
    Markdown,
    /// One page for a browser, readable without script and without a network
    Html,
}

/// From which severity on a diagnosis ends the program with 1.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Info,
    Warning,
    Critical,
    /// Never
    Never,
}

impl FailOn {
    /// Whether an active finding is at or above it.
    pub(super) fn is_met(self, diagnosis: &Diagnosis) -> bool {
        let least = match self {
            FailOn::Info => Severity::Info,
            FailOn::Warning => Severity::Warning,
            FailOn::Critical => Severity::Critical,
            FailOn::Never => return false,
        };
        diagnosis.has_active(least)
    }
}

pub(super) fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().map(|path| if path.as_os_str() == "-" { Input::Stdin } else { Input::Path(path.clone()) }).collect()
}

pub(super) fn run(arguments: &Arguments, words: &Words, output: &Output) -> Exit {
    let inputs = inputs(&arguments.inputs);
    if inputs.iter().filter(|input| matches!(input, Input::Stdin)).count() > 1 {
        output.complain("standard input can be given once");
        return Exit::Usage;
    }
    // Where an input is missing, nothing is made for its report; of inputs apart each has a line.
    let is_there = arguments.each || arguments.inputs.iter().all(|path| path.as_os_str() == "-" || path.exists());
    let to = match output.open(arguments.output.as_deref().filter(|_| is_there)) {
        Ok(to) => to,
        Err(exit) => return exit,
    };
    if let Err(exit) = arguments.confined.enter(&arguments.inputs, arguments.verbose, output) {
        return exit;
    }
    // Inputs apart are read at once themselves, and each has its share of the processors.
    let threads = if arguments.each { (processors() / inputs.len().max(1)).max(1) } else { processors() };
    let limits = Limits { threads, ..Limits::default() };
    if arguments.each {
        return run_each(arguments, &inputs, &limits, words, output, to);
    }
    let total = inputs.iter().map(Input::bytes).sum();
    let read = progress::watch(&limits.meter, total, &words.shell, || analyze::analyze(&inputs, &limits, words));
    let diagnosis = match read {
        Ok(diagnosis) => diagnosis,
        Err(error) => {
            output.complain(&error.to_string());
            return Exit::Usage;
        }
    };
    let width = arguments.width.map_or_else(|| output.width_for(arguments.output.as_deref()), usize::from);
    let written = output.data_to(to, |out| match arguments.format {
        Format::Json => render::json::write(&diagnosis, out),
        Format::Markdown => render::markdown::write(&diagnosis, words, out),
        Format::Html => render::html::write(&diagnosis, words, out),
        Format::Text if arguments.quiet => render::text::write_verdict(&diagnosis, words, width, out),
        Format::Text if arguments.verbose => render::text::write_all(&diagnosis, words, width, out),
        Format::Text => render::text::write(&diagnosis, words, width, out),
    });
    match written {
        Ok(()) => exit(&diagnosis, arguments.fail_on),
        Err(exit) => exit,
    }
}

/// Each input by itself.
fn run_each(arguments: &Arguments, inputs: &[Input], limits: &Limits, words: &Words, output: &Output, to: Destination) -> Exit {
    let mut exit = Exit::Ok;
    let total = inputs.iter().map(Input::bytes).sum();
    let written = output.data_to(to, |out| {
        exit = progress::watch(&limits.meter, total, &words.shell, || each::run(inputs, arguments.fail_on, limits, words, out))?;
        Ok(())
    });
    written.err().unwrap_or(exit)
}

/// How a diagnosis ends the program.
pub(super) fn exit(diagnosis: &Diagnosis, fail_on: FailOn) -> Exit {
    if fail_on.is_met(diagnosis) {
        Exit::Found
    } else if diagnosis.verdict.primary.is_none() || diagnosis.verdict.confidence == Confidence::Low {
        Exit::Unsure
    } else {
        Exit::Ok
    }
}
