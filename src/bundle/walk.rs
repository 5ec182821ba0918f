//! The entries of an input, one after the other, in one pass: each is counted, checked for what it is, and handed on as lines.

use std::{
    collections::BTreeSet,
    io::{self, Read},
};

use super::{
    ambiguous::{Named, ambiguous},
    apart::{Apart, Opened},
    digest::{Digest, Sum},
    entry::{Claim, Found, Given, Outcome, read_entry},
    limits::Limits,
    lines::Lines,
    path::{common_top, normalise},
    source::Source,
    tally::Tally,
};
use crate::text::Untrusted;

/// Most entries that are named as not read; the others are counted.
const MOST_UNREAD: usize = 1000;

/// Most bytes that are kept of a path that is refused.
const SHOWN_BYTES: usize = 400;

/// One entry that was read.
#[derive(Debug)]
pub struct Entry<T> {
    /// Where it lies.
    pub source: Source,
    /// Its length in bytes, as counted.
    pub length: u64,
    /// The CRC-32 of its bytes, as counted.
    pub crc32: u32,
    /// Its SHA-256 as hex, where [`Limits::sha256`] asks for it.
    pub sha256: Option<String>,
    /// What was made of it.
    pub content: T,
}

/// An entry, or a part of one, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Where it lies.
    pub path: Untrusted,
    /// Why it was not read, as the end of a sentence.
    pub why: String,
}

/// What one input holds.
#[derive(Debug)]
pub struct Contents<T> {
    /// The entries that were read, sorted by path.
    pub entries: Vec<Entry<T>>,
    /// What was not read.
    pub unread: Vec<Unread>,
    /// The name of its entries, without the archives within.
    pub digest: Digest,
    /// A single file or standard input rather than a folder or archive.
    pub lone: bool,
    /// The archives among its entries, and those in them, sorted by path.
    pub within: Vec<Within<T>>,
}

/// An archive within an input.
#[derive(Debug)]
pub struct Within<T> {
    /// Where it lies.
    pub path: String,
    /// What it holds, without the archives in it: they stand beside it.
    pub contents: Contents<T>,
}

impl<T> Contents<T> {
    /// Puts the way to an archive in front of all paths in it. What is noted of it as a whole stands under its own path.
    pub fn place_within(&mut self, way: &str) {
        self.place_below(&format!("{way}/"));
        for note in self.unread.iter_mut().filter(|note| note.path.raw().strip_suffix('/') == Some(way)) {
            note.path = way.into();
        }
    }

    /// Puts this in front of all paths: several inputs, and the archives in them, are told apart by it.
    pub fn place_below(&mut self, folder: &str) {
        if folder.is_empty() {
            return;
        }
        for entry in &self.entries {
            let path = format!("{folder}{}", entry.source.path());
            entry.source.placed(&path);
        }
        for unread in &mut self.unread {
            unread.path = format!("{folder}{}", unread.path.raw()).into();
        }
    }
}

/// Makes something of the lines of an entry.
pub(super) enum Each<'a, T> {
    /// For one entry after the other.
    InTurn(&'a mut dyn FnMut(&mut Lines<'_>) -> T),
    /// For several at once, and what reads them so.
    AtOnce(Shared<'a, T>, ReadApart<T>),
}

/// What several threads may do.
pub(super) type Shared<'a, T> = &'a (dyn Fn(&mut Lines<'_>) -> T + Sync);

/// [`read_apart`](super::apart::read_apart), where it can be had.
type ReadApart<T> = fn(&[Apart], &Tally, &Limits, Shared<'_, T>) -> Option<Vec<Outcome<T>>>;

impl<T> Each<'_, T> {
    fn of(&mut self, lines: &mut Lines<'_>) -> T {
        match self {
            Each::InTurn(each) => each(lines),
            Each::AtOnce(each, _) => each(lines),
        }
    }
}

/// Reads entries as they come and makes something of each.
pub(super) struct Walk<'a, T> {
    pub(super) limits: &'a Limits,
    /// What the input gave so far.
    pub(super) tally: Tally,
    each: Each<'a, T>,
    entries: Vec<(String, Entry<Found<T>>)>,
    /// Entries that are read when all are known.
    apart: Vec<Apart>,
    folders: BTreeSet<String>,
    unread: Vec<Unread>,
    /// Entries whose path is refused; it says nothing of where the others lie.
    refused: Vec<Unread>,
    unread_more: u64,
    full: bool,
}

impl<'a, T> Walk<'a, T> {
    pub(super) fn new(limits: &'a Limits, each: Each<'a, T>) -> Self {
        Self::within(limits, Tally::default(), each)
    }

    /// Through an archive within an input, whose tally goes on.
    pub(super) fn within(limits: &'a Limits, tally: Tally, each: Each<'a, T>) -> Self {
        Self {
            limits,
            tally,
            each,
            entries: Vec::new(),
            apart: Vec::new(),
            folders: BTreeSet::new(),
            unread: Vec::new(),
            refused: Vec::new(),
            unread_more: 0,
            full: false,
        }
    }

    /// Notes what could not be read.
    pub(super) fn unread(&mut self, path: &str, why: impl Into<String>) {
        match normalise(path.as_bytes(), self.limits) {
            Err(_) if !path.is_empty() => self.refuse(path, why),
            path if self.has_room_for_a_note() => {
                self.unread.push(Unread { path: path.unwrap_or_default().into(), why: why.into() })
            }
            _ => {}
        }
    }

    /// The same, where the path itself is refused: of a very long one the beginning is kept.
    fn refuse(&mut self, path: &str, why: impl Into<String>) {
        if self.has_room_for_a_note() {
            self.refused.push(Unread { path: cut(path, SHOWN_BYTES).into(), why: why.into() });
        }
    }

    fn has_room_for_a_note(&mut self) -> bool {
        let has_room = self.unread.len() + self.refused.len() < MOST_UNREAD;
        self.unread_more += u64::from(!has_room);
        has_room
    }

    /// Counts an entry that is met, whether or not it is read; true where the input has more entries, or bytes, than are read.
    pub(super) fn is_full(&mut self) -> bool {
        self.tally.meet();
        let why = self.tally.is_full(self.limits);
        self.stops(why)
    }

    /// Tells once why no more is read, if so.
    fn stops(&mut self, why: Option<String>) -> bool {
        let Some(why) = why else { return false };
        if !std::mem::replace(&mut self.full, true) {
            self.unread("", format!("{why}: the rest was not read"));
        }
        true
    }

    /// Whether nothing was noted so far.
    pub(super) fn is_silent(&self) -> bool {
        self.unread.is_empty() && self.refused.is_empty()
    }

    /// Notes that there is a folder of this path.
    pub(super) fn folder(&mut self, raw_path: &[u8]) {
        if let Ok(path) = normalise(raw_path, self.limits) {
            self.tally.keep_path(&path);
            self.folders.insert(path);
        }
    }

    /// Reads one entry, and holds it against what the archive says of it.
    pub(super) fn entry(&mut self, raw_path: &[u8], claim: Option<Claim>, from: &mut dyn Read) {
        let Some(path) = self.path_of(raw_path) else { return };
        let given = Given { claim, from, bytes: None };
        let outcome = read_entry(&path, given, &self.tally, self.limits, &mut |lines| self.each.of(lines));
        self.take(path, outcome);
    }

    /// An entry that can be read apart from the others: it is read when all are known. `open` is asked for it then, perhaps twice.
    pub(super) fn entry_apart(
        &mut self,
        raw_path: &[u8],
        claim: Option<Claim>,
        length: u64,
        open: impl Fn(&Tally, &Limits) -> io::Result<Opened> + Send + Sync + 'static,
    ) {
        let Some(path) = self.path_of(raw_path) else { return };
        self.apart.push(Apart { path, claim, length, open: Box::new(open) });
    }

    /// The path of an entry that is to be read, if it is none that is refused.
    fn path_of(&mut self, raw_path: &[u8]) -> Option<String> {
        match normalise(raw_path, self.limits) {
            Ok(path) => {
                self.tally.keep_path(&path);
                Some(path)
            }
            Err(why) => {
                self.refuse(&String::from_utf8_lossy(raw_path), why);
                None
            }
        }
    }

    fn take(&mut self, path: String, outcome: Outcome<T>) {
        for note in outcome.notes {
            self.unread(&path, note);
        }
        self.entries.extend(outcome.entry.map(|entry| (path, entry)));
    }
}

impl<T> Walk<'_, T> {
    /// Reads the entries that can be read apart.
    fn read_apart(&mut self) {
        let apart = std::mem::take(&mut self.apart);
        let read_before = self.limits.meter.bytes();
        let at_once = match &self.each {
            Each::AtOnce(each, read_apart) if self.limits.threads > 1 => read_apart(&apart, &self.tally, self.limits, *each),
            _ => None,
        };
        if let Some(outcomes) = at_once {
            for (entry, outcome) in apart.into_iter().zip(outcomes) {
                self.take(entry.path, outcome);
            }
            return;
        }
        // What is read again counts once.
        self.limits.meter.set(read_before);
        for entry in apart {
            // They were counted when they were listed; an archive among them counts its own.
            let why = self.tally.beyond(self.limits);
            if self.stops(why) {
                return;
            }
            let outcome = entry.read(&self.tally, self.limits, &mut |lines| self.each.of(lines));
            self.take(entry.path, outcome);
        }
    }

    /// Ends the walk: copies are left out, paths get their top folder taken off, entries their order.
    pub(super) fn finish(mut self, lone: bool) -> Contents<T> {
        self.read_apart();
        self.entries.sort_by(|(a, one), (b, other)| (a, one.crc32, one.length).cmp(&(b, other.crc32, other.length)));
        let named: Vec<Named<'_>> =
            self.entries.iter().map(|(path, entry)| Named { path, length: entry.length, crc32: entry.crc32 }).collect();
        let (notes, copies) = ambiguous(&named, &self.folders);
        for note in notes {
            if self.has_room_for_a_note() {
                self.unread.push(note);
            }
        }
        let paths = || self.entries.iter().map(|(path, _)| path.as_str());
        let top = common_top(paths().chain(self.unread.iter().map(|u| u.path.raw()).filter(|p| !p.is_empty())));
        let cut = top.map_or(0, |top| top.len() + 1);
        for unread in &mut self.unread {
            unread.path = unread.path.raw().get(cut..).unwrap_or_default().into();
        }
        self.unread.append(&mut self.refused);
        let (mut entries, mut within) = (Vec::new(), Vec::new());
        for (at, (path, Entry { source, length, crc32, sha256, content })) in self.entries.into_iter().enumerate() {
            let below = path.get(cut..).unwrap_or_default();
            match content {
                _ if copies.contains(&at) => {}
                Found::Text(content) => {
                    source.below_top(cut);
                    entries.push(Entry { source, length, crc32, sha256, content });
                }
                Found::Archive(mut contents) => {
                    let deeper = std::mem::take(&mut contents.within);
                    let way = |inner: Within<T>| Within { path: format!("{below}/{}", inner.path), ..inner };
                    within.push(Within { path: below.to_owned(), contents });
                    within.extend(deeper.into_iter().map(way));
                }
            }
        }
        // Notes of all archives together are as many as those of one.
        let mut room = MOST_UNREAD.saturating_sub(self.unread.len());
        for Within { contents, .. } in &mut within {
            self.unread_more += contents.unread.len().saturating_sub(room) as u64;
            contents.unread.truncate(room);
            room -= contents.unread.len();
        }
        within.sort_by(|a, b| a.path.cmp(&b.path));
        entries.sort_by(|a, b| a.source.path().cmp(b.source.path()).then(a.crc32.cmp(&b.crc32)));
        self.unread.sort();
        if self.unread_more > 0 {
            self.unread.push(Unread { path: "".into(), why: format!("{} more entries were not read", self.unread_more) });
        }
        let digest = Digest::of_entries(entries.iter().map(|e| (e.source.path(), e.length, Sum::Crc32(e.crc32))));
        Contents { entries, unread: self.unread, digest, lone, within }
    }
}

/// The beginning of a path.
fn cut(path: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(path.len())).rev().find(|at| path.is_char_boundary(*at));
    path.get(..end.unwrap_or_default()).unwrap_or_default()
}
