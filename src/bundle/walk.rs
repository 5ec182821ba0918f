//! The entries of an input, one after the other, in one pass: each is counted, checked for what it is, and handed on as lines.

use std::{
    collections::BTreeSet,
    io::{self, Cursor, Read},
};

use sha2::Digest as _;

use super::{
    ambiguous::{Named, ambiguous},
    apart::Apart,
    digest::{Digest, Sum, hex},
    encoding::{Utf8, wide},
    kind::{Content, kind_of},
    limits::Limits,
    lines::Lines,
    path::{common_top, normalise},
    source::Source,
    tally::{Counted, Tally},
};
use crate::text::{Untrusted, escape};

/// Bytes that are looked at to tell text from other things. A tar header is 512 bytes.
const PEEK: u64 = 1024;

/// Most entries that are named as not read; the others are counted.
const MOST_UNREAD: usize = 1000;

/// Most bytes that are kept of a path that is refused.
const SHOWN_BYTES: usize = 400;

/// Said of an entry whose bytes are not those that were packed.
pub(super) const SUM_WRONG: &str = "its checksum is not the one that the archive gives: it was altered or damaged";

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
    /// The name of the whole content.
    pub digest: Digest,
    /// A single file or standard input rather than a folder or archive.
    pub lone: bool,
}

impl<T> Contents<T> {
    /// Puts a number in front of all paths: several inputs are told apart by it.
    pub fn number(&mut self, n: usize) {
        for entry in &self.entries {
            let path = format!("{n}/{}", entry.source.path());
            entry.source.numbered(&path);
        }
        for unread in &mut self.unread {
            unread.path = format!("{n}/{}", unread.path.raw()).into();
        }
    }
}

/// What an archive says of an entry. None of it is believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) length: u64,
    pub(super) crc32: Option<u32>,
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
type ReadApart<T> = fn(&[Apart], &Limits, Shared<'_, T>) -> Option<Vec<Outcome<T>>>;

impl<T> Each<'_, T> {
    fn of(&mut self, lines: &mut Lines<'_>) -> T {
        match self {
            Each::InTurn(each) => each(lines),
            Each::AtOnce(each, _) => each(lines),
        }
    }
}

/// What came of an entry: what it said, and what is to be noted of it.
pub(super) struct Outcome<T> {
    entry: Option<Entry<T>>,
    notes: Vec<String>,
}

impl<T> Outcome<T> {
    /// It could not be read.
    pub(super) fn unread(why: String) -> Self {
        Self { entry: None, notes: vec![why] }
    }
}

/// Reads entries as they come and makes something of each.
pub(super) struct Walk<'a, T> {
    pub(super) limits: &'a Limits,
    /// What the input gave so far.
    pub(super) tally: Tally,
    each: Each<'a, T>,
    entries: Vec<(String, Entry<T>)>,
    /// Entries that are read when all are known.
    apart: Vec<Apart>,
    folders: BTreeSet<String>,
    unread: Vec<Unread>,
    /// Entries whose path is refused; it says nothing of where the others lie.
    refused: Vec<Unread>,
    unread_more: u64,
    met: usize,
    paths_bytes: usize,
    full: bool,
}

impl<'a, T> Walk<'a, T> {
    pub(super) fn new(limits: &'a Limits, each: Each<'a, T>) -> Self {
        Self {
            limits,
            tally: Tally::default(),
            each,
            entries: Vec::new(),
            apart: Vec::new(),
            folders: BTreeSet::new(),
            unread: Vec::new(),
            refused: Vec::new(),
            unread_more: 0,
            met: 0,
            paths_bytes: 0,
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
        self.met += 1;
        self.is_beyond()
    }

    /// True where the input has more entries, or bytes, than are read.
    fn is_beyond(&mut self) -> bool {
        let why = if self.met > self.limits.entries {
            format!("more than {} entries", self.limits.entries)
        } else if self.paths_bytes > self.limits.paths_bytes {
            format!("the paths of its entries are longer than {} bytes together", self.limits.paths_bytes)
        } else if let Some(why) = self.tally.beyond(self.limits) {
            why
        } else {
            return false;
        };
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
            self.paths_bytes = self.paths_bytes.saturating_add(path.len());
            self.folders.insert(path);
        }
    }

    /// Reads one entry, and holds it against what the archive says of it.
    pub(super) fn entry(&mut self, raw_path: &[u8], claim: Option<Claim>, from: &mut dyn Read) {
        let Some(path) = self.path_of(raw_path) else { return };
        let outcome = read_entry(&path, claim, from, &self.tally, self.limits, &mut |lines| self.each.of(lines));
        self.take(path, outcome);
    }

    /// An entry that can be read apart from the others: it is read when all are known. `open` is asked for it then, perhaps twice.
    pub(super) fn entry_apart(
        &mut self,
        raw_path: &[u8],
        claim: Option<Claim>,
        length: u64,
        open: impl Fn(&Tally, &Limits) -> io::Result<Box<dyn Read>> + Send + Sync + 'static,
    ) {
        let Some(path) = self.path_of(raw_path) else { return };
        self.apart.push(Apart { path, claim, length, open: Box::new(open) });
    }

    /// The path of an entry that is to be read, if it is none that is refused.
    fn path_of(&mut self, raw_path: &[u8]) -> Option<String> {
        match normalise(raw_path, self.limits) {
            Ok(path) => {
                self.paths_bytes = self.paths_bytes.saturating_add(path.len());
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
        let at_once = match &self.each {
            Each::AtOnce(each, read_apart) if self.limits.threads > 1 => read_apart(&apart, self.limits, *each),
            _ => None,
        };
        if let Some(outcomes) = at_once {
            for (entry, outcome) in apart.into_iter().zip(outcomes) {
                self.take(entry.path, outcome);
            }
            return;
        }
        for entry in apart {
            if self.is_beyond() {
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
        let kept = self.entries.into_iter().enumerate().filter(|(at, _)| !copies.contains(at));
        let mut entries: Vec<_> = kept
            .map(|(_, (path, entry))| {
                entry.source.below_top(path.get(cut..).unwrap_or_default());
                entry
            })
            .collect();
        entries.sort_by(|a, b| a.source.path().cmp(b.source.path()).then(a.crc32.cmp(&b.crc32)));
        self.unread.sort();
        if self.unread_more > 0 {
            self.unread.push(Unread { path: "".into(), why: format!("{} more entries were not read", self.unread_more) });
        }
        let digest = Digest::of_entries(entries.iter().map(|e| (e.source.path(), e.length, Sum::Crc32(e.crc32))));
        Contents { entries, unread: self.unread, digest, lone }
    }
}

/// Reads an entry, and holds it against what the archive says of it.
pub(super) fn read_entry<T>(
    path: &str,
    claim: Option<Claim>,
    from: &mut dyn Read,
    tally: &Tally,
    limits: &Limits,
    each: &mut dyn FnMut(&mut Lines<'_>) -> T,
) -> Outcome<T> {
    let source = Source::new(path);
    let mut counted = Counted::new(from, tally, limits, limits.sha256);
    let read = read_text(&source, &mut counted, tally, limits, each);
    let drained = io::copy(&mut counted, &mut io::sink());
    let (length, beyond) = (counted.length(), counted.beyond().map(str::to_owned));
    let (crc32, sha) = counted.sums();
    let is_told = matches!(read, Ok((_, Some(_))));
    let short = match (beyond, drained, claim) {
        // Where it stopped among the lines is said already.
        (Some(_), ..) | (_, Err(_), _) if is_told => None,
        (Some(why), ..) => Some(format!("read in part: {why}")),
        (None, Err(error), _) => Some(format!("cut off after {length} bytes: {}", escape(&error.to_string()))),
        (None, Ok(_), Some(claim)) if claim.length > length => Some(format!("cut off after {length} of {} bytes", claim.length)),
        (None, Ok(_), Some(claim)) if claim.length < length => {
            Some(format!("it has {length} bytes, and {} by the archive's directory", claim.length))
        }
        (None, Ok(_), Some(claim)) if claim.crc32.is_some_and(|sum| sum != crc32) => Some(SUM_WRONG.to_owned()),
        _ => None,
    };
    let mut notes: Vec<String> = short.into_iter().collect();
    match read {
        Ok((content, note)) => {
            notes.extend(note);
            let sha256 = sha.map(|sha| hex(&sha.finalize()));
            Outcome { entry: Some(Entry { source, length, crc32, sha256, content }), notes }
        }
        Err(why) => {
            notes.push(why);
            Outcome { entry: None, notes }
        }
    }
}

/// The beginning of a path.
fn cut(path: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(path.len())).rev().find(|at| path.is_char_boundary(*at));
    path.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Hands the text of an entry on as lines: as it is, or out of one layer of compression. The second part of the result notes what was
/// missing though the entry was read.
fn read_text<T>(
    source: &Source,
    counted: &mut Counted<'_>,
    tally: &Tally,
    limits: &Limits,
    each: &mut dyn FnMut(&mut Lines<'_>) -> T,
) -> Result<(T, Option<String>), String> {
    let (head, mut rest) = peek(counted);
    match kind_of(&head) {
        Content::Text => Ok(lines_of(source, &head, &mut rest, limits, each)),
        Content::Packed(packing) => {
            let mut inflated = packing.unpack(rest);
            // What comes out counts as well: a small file can hold a very long text.
            let mut inner = Counted::new(&mut inflated, tally, limits, false);
            let (head, mut rest) = peek(&mut inner);
            match kind_of(&head) {
                Content::Text => Ok(lines_of(source, &head, &mut rest, limits, each)),
                Content::Packed(inner) => Err(format!("{} within {} is not read; unpack it once", inner.name(), packing.name())),
                Content::Other(what) => {
                    let what = what.split([':', ',']).next().unwrap_or(what);
                    Err(format!("{what} within {} is not read; give it as an input of its own", packing.name()))
                }
            }
        }
        Content::Other(what) if what.contains(':') => Err(what.into()),
        Content::Other(what) => Err(format!("{what}, not text")),
    }
}

fn lines_of<T>(
    source: &Source,
    head: &[u8],
    from: &mut dyn Read,
    limits: &Limits,
    each: &mut dyn FnMut(&mut Lines<'_>) -> T,
) -> (T, Option<String>) {
    let mut decoded;
    let from: &mut dyn Read = match wide(head) {
        Some(encoding) => {
            decoded = Utf8::new(from, encoding);
            &mut decoded
        }
        None => from,
    };
    let mut lines = Lines::new(source.clone(), from, limits.line_bytes);
    let content = each(&mut lines);
    while lines.next_line().is_some() {}
    let note = match (lines.take_error(), lines.cut_lines()) {
        (Some(error), _) => Some(format!("cut off in line {}: {}", lines.number(), escape(&error.to_string()))),
        (None, 0) => None,
        (None, 1) => Some(format!("a line is longer than {} bytes and was read up to there", limits.line_bytes)),
        (None, n) => Some(format!("{n} lines are longer than {} bytes and were read up to there", limits.line_bytes)),
    };
    (content, note)
}

/// A stream whose first bytes were looked at; what stopped the look is met again where it stood.
pub(super) type Peeked<R> = io::Chain<Cursor<Vec<u8>>, Interrupted<R>>;

/// A stream that first says what went wrong before.
pub(super) struct Interrupted<R> {
    error: Option<io::Error>,
    rest: R,
}

impl<R: Read> Read for Interrupted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(into),
        }
    }
}

/// Looks at the first bytes without taking them away. A stream that breaks off after a few bytes still gives those.
pub(super) fn peek<R: Read>(mut from: R) -> (Vec<u8>, Peeked<R>) {
    let mut head = Vec::new();
    let error = from.by_ref().take(PEEK).read_to_end(&mut head).err();
    (head.clone(), Cursor::new(head).chain(Interrupted { error, rest: from }))
}
