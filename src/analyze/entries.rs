//! What is told of each entry that was read.

use std::collections::BTreeSet;

use super::Text;
use crate::{
    bundle::{Entry, Quote, Source},
    parse::{kinds::kinds, logbook::Mark},
    text::Untrusted,
};

/// An entry that was read.
#[derive(Clone, Debug)]
pub struct EntryRow {
    source: Source,
    /// Its length in bytes.
    pub length: u64,
    /// Its CRC-32.
    pub crc32: u32,
    /// Its SHA-256 as hex, where it was asked for.
    pub sha256: Option<String>,
    /// Its lines, blank ones aside.
    pub lines: u64,
    /// Lines that were understood.
    pub understood: u64,
    /// The first lines that were not.
    pub missed: Vec<Quote>,
    /// What kinds of evidence it holds.
    pub kinds: Vec<&'static str>,
    /// Hosts and members whose it is.
    pub whose: Vec<Untrusted>,
    /// The first and the last date of its logs, as they stand there.
    pub window: Option<(Untrusted, Untrusted)>,
}

impl EntryRow {
    /// Its path.
    pub fn path(&self) -> &str {
        self.source.path()
    }

    /// Of an entry, with the node that the layout gives for it.
    pub(super) fn of(entry: &Entry<Text>, node: Option<&str>) -> Self {
        let extract = &entry.content.extract;
        let hosts = extract.passages.iter().filter_map(|passage| passage.host.clone());
        let written = || extract.logbook.logs();
        let mut whose: BTreeSet<Untrusted> = node.map(Untrusted::from).into_iter().chain(hosts).collect();
        whose.extend(written().filter_map(|(writer, _)| writer.host.clone()));
        if whose.is_empty() {
            whose.extend(written().flat_map(|(_, log)| log.names.iter().cloned()));
        }
        if whose.is_empty() {
            whose.extend(written().flat_map(|(_, log)| log.ids.iter().cloned()));
        }
        // Dates of one kind can be compared, and one text rarely has two kinds.
        let mut marks: Vec<&Mark> = written().flat_map(|(_, log)| [&log.first, &log.last]).flatten().collect();
        marks.sort_by_key(|mark| mark.when.map(|when| when.sort_key()));
        let read = |mark: Option<&&Mark>| mark.and_then(|mark| mark.as_read.clone());
        Self {
            source: entry.source.clone(),
            length: entry.length,
            crc32: entry.crc32,
            sha256: entry.sha256.clone(),
            lines: extract.lines,
            understood: extract.understood,
            missed: extract.missed.clone(),
            kinds: kinds(extract),
            whose: whose.into_iter().collect(),
            window: read(marks.first()).zip(read(marks.last())),
        }
    }
}
