//! `man`: manual pages of the program and its commands, made from the same definition as `--help`.

use std::{io, path::PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{Exit, output::Output};

/// Which page, and where to.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The command whose page is wanted; without it the program's
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Write all pages into this folder, one file each: etcd-triage.1, etcd-triage-analyze.1 …
    #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Exit {
    let pages = pages();
    let name = arguments.command.as_ref().map_or_else(|| "etcd-triage".to_owned(), |command| format!("etcd-triage-{command}"));
    let Some(folder) = &arguments.output else {
        let Some((_, page)) = pages.iter().find(|(called, _)| *called == name) else {
            output.complain(&format!(
                "no command is called {}",
                crate::text::escape(arguments.command.as_deref().unwrap_or_default())
            ));
            return Exit::Usage;
        };
        return match page {
            Ok(page) => output.data(|out| out.write_all(page)).map_or_else(|exit| exit, |()| Exit::Ok),
            Err(error) => {
                output.complain(&error.to_string());
                Exit::Output
            }
        };
    };
    for (name, page) in pages {
        let path = folder.join(format!("{name}.1"));
        if let Err(exit) = output.open(Some(&path)).and_then(|to| output.data_to(to, |out| out.write_all(&page?))) {
            return exit;
        }
    }
    Exit::Ok
}

/// The program's page, then one for each of its commands.
fn pages() -> Vec<(String, io::Result<Vec<u8>>)> {
    let mut program = super::Arguments::command();
    program.build();
    let commands: Vec<Command> = program.get_subcommands().filter(|command| command.get_name() != "help").cloned().collect();
    let mut all = vec![("etcd-triage".to_owned(), page(program))];
    for command in commands {
        let name = format!("etcd-triage-{}", command.get_name());
        all.push((name.clone(), page(command.display_name(&name))));
    }
    all
}

fn page(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    // No date: the same program gives the same bytes.
    Man::new(command).date("").render(&mut page)?;
    Ok(page)
}
