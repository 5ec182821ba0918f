//! `completions`: what a shell needs to complete this program's commands, options and values.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Exit, output::Output};

/// For which shell.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Exit {
    let mut command = super::Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "etcd-triage", &mut script);
    output.data(|out| out.write_all(&script)).map_or_else(|exit| exit, |()| Exit::Ok)
}
