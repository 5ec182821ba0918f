//! `rules`: every diagnosis that can be made, with the evidence that it reads.

use super::{Exit, output::Output};
use crate::{
    render::table::{self, Cell},
    rules::{Entry, RULES},
};

/// Nothing can be chosen.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, output: &Output) -> Exit {
    let head = ["code", "at most", "alerts", "reads"].iter().map(|name| Cell::from(*name)).collect();
    let row = |entry: &Entry| {
        let rule = &entry.rule;
        let severity = format!("{:?}", rule.severity).to_ascii_lowercase();
        [rule.code.as_str(), severity.as_str(), &entry.page().alerts.join(", "), &rule.reads.join("; ")].map(Cell::from).into()
    };
    let rows: Vec<Vec<Cell>> = std::iter::once(head).chain(RULES.iter().map(row)).collect();
    match output.data(|out| table::write(out, "", output.width(), &rows)) {
        Ok(()) => Exit::Ok,
        Err(exit) => exit,
    }
}
