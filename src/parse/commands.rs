//! A table of what was run, as collecting scripts write one beside their files: file, command, exit code, start.

use super::log::When;
use crate::{
    bundle::{Line, Quote},
    text::Untrusted,
};

/// One command of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The file that holds its output, relative to the table's folder.
    pub file: Untrusted,
    /// The command line.
    pub command: Untrusted,
    /// Its exit code.
    pub exit_code: Option<i64>,
    /// When it was started.
    pub started: Option<(When, Untrusted)>,
    /// The row.
    pub quote: Quote,
}

/// Reads a tab-separated table whose header names at least `file` and `command`.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// Most rows that are kept; a collecting script runs some dozens of commands.
const MOST_ROWS: usize = 10_000;

impl Table {
    /// Whether the text is no such table.
    pub fn is_idle(&self) -> bool {
        self.columns.is_empty()
    }

    /// Takes a line in; false if it is no line of such a table.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        if line.number() != 1 && self.columns.is_empty() {
            return false;
        }
        let cells: Vec<&str> = line.text().split('\t').map(str::trim).collect();
        if line.number() == 1 && cells.contains(&"file") && cells.contains(&"command") {
            self.columns = cells.into_iter().map(str::to_ascii_lowercase).collect();
            return true;
        }
        if self.columns.is_empty() || cells.len() < 2 || self.rows.len() >= MOST_ROWS {
            return false;
        }
        let cell = |names: &[&str]| {
            let at = self.columns.iter().position(|column| names.contains(&column.as_str()))?;
            cells.get(at).copied().filter(|cell| !cell.is_empty())
        };
        let (Some(file), Some(command)) = (cell(&["file"]), cell(&["command"])) else { return false };
        let row = Row {
            file: file.into(),
            command: command.into(),
            exit_code: cell(&["rc", "exit", "exit_code", "code", "status"]).and_then(|code| code.parse().ok()),
            started: cell(&["start", "started", "time"]).and_then(|text| Some((When::read(text)?, text.into()))),
            quote: line.quote(),
        };
        self.rows.push(row);
        true
    }

    /// The rows, in the order of the table.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    #[test]
    fn columns_are_found_by_their_names() {
        let source = Source::new("nodes/a/commands.tsv");
        let mut table = Table::default();
        assert!(table.line(source.line(1, "file\tcommand\trc\tstart\tseconds")));
        assert!(table.line(source.line(2, "health.txt\tcurl -sS http://10.0.0.1:2379/health\t7\t2026-11-22T15:47:30.390Z\t0.4")));
        assert!(!table.line(source.line(3, "prose")));
        let row = &table.rows()[0];
        assert_eq!((row.file.raw(), row.exit_code), ("health.txt", Some(7)));
        assert_eq!(row.started.as_ref().unwrap().0.instant().unwrap().to_string(), "2026-11-22T15:47:30.39Z");
        assert!(!Table::default().line(source.line(1, "file not found: command")));
    }
}
