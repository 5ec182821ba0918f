//! `rules`: every diagnosis that can be made, with the evidence that it reads.

use comfy_table::{ContentArrangement, Table, presets};

use super::{Exit, output::Output};
use crate::rules::RULES;

/// Nothing can be chosen.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, output: &Output) -> Exit {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(output.width()).unwrap_or(80));
    table.set_header(["code", "at most", "alerts", "reads"]);
    for entry in RULES {
        let rule = &entry.rule;
        let severity = format!("{:?}", rule.severity).to_ascii_lowercase();
        table.add_row([rule.code.as_str().to_owned(), severity, entry.page().alerts.join(", "), rule.reads.join("; ")]);
    }
    match output.data(None, |out| writeln!(out, "{}", table.trim_fmt())) {
        Ok(()) => Exit::Ok,
        Err(exit) => exit,
    }
}
