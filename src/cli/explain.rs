//! `explain`: the page of a diagnosis.

use super::{Exit, output::Output};
use crate::rules::{self, RULES};

/// What to explain.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A code like wal.missing, or an alert of the etcd mixin like etcdNoLeader
    #[arg(value_name = "CODE")]
    code: String,
    /// Also print the cases that prove the rule
    #[arg(long)]
    cases: bool,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Exit {
    let Some(entry) = rules::find(&arguments.code) else {
        let codes: Vec<&str> = RULES.iter().map(|entry| entry.rule.code.as_str()).collect();
        output.complain(&format!(
            "no diagnosis is called {}; there are: {}",
            crate::text::escape(&arguments.code),
            codes.join(", ")
        ));
        return Exit::Usage;
    };
    let page = if arguments.cases { entry.source } else { entry.source.split("\n## Cases").next().unwrap_or(entry.source) };
    match output.data(|out| writeln!(out, "{}", page.trim_end())) {
        Ok(()) => Exit::Ok,
        Err(exit) => exit,
    }
}
