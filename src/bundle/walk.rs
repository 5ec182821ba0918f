//! The entries of an input, one after the other, in one pass: each is counted, checked for what it is, and handed on as lines.

use std::io::{self, Cursor, Read};

use sha2::{Digest as _, Sha256};

use super::{
    digest::{Digest, Sum, hex},
    encoding::{Utf8, wide},
    kind::{Content, kind_of},
    limits::Limits,
    lines::Lines,
    path::{common_top, normalise},
    source::Source,
};
use crate::text::{Untrusted, escape};

/// Bytes that are looked at to tell text from other things. A tar header is 512 bytes.
const PEEK: u64 = 1024;

/// Most entries that are named as not read; the others are counted.
const MOST_UNREAD: usize = 1000;

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

/// Reads entries as they come and makes something of each.
pub(super) struct Walk<'a, T> {
    pub(super) limits: &'a Limits,
    each: &'a mut dyn FnMut(&mut Lines<'_>) -> T,
    entries: Vec<(String, Entry<T>)>,
    unread: Vec<Unread>,
    unread_more: u64,
    total: u64,
    met: usize,
    full: bool,
}

impl<'a, T> Walk<'a, T> {
    pub(super) fn new(limits: &'a Limits, each: &'a mut dyn FnMut(&mut Lines<'_>) -> T) -> Self {
        Self { limits, each, entries: Vec::new(), unread: Vec::new(), unread_more: 0, total: 0, met: 0, full: false }
    }

    /// Notes what could not be read.
    pub(super) fn unread(&mut self, path: &str, why: impl Into<String>) {
        if self.unread.len() >= MOST_UNREAD {
            self.unread_more += 1;
            return;
        }
        self.unread.push(Unread { path: path.into(), why: why.into() });
    }

    /// Counts an entry that is met, whether or not it is read; true where the input has more entries, or bytes, than are read.
    pub(super) fn is_full(&mut self) -> bool {
        self.met += 1;
        let why = if self.met > self.limits.entries {
            format!("more than {} entries: the rest was not read", self.limits.entries)
        } else if self.total >= self.limits.total_bytes {
            format!("more than {} bytes: the rest was not read", self.limits.total_bytes)
        } else {
            return false;
        };
        if !std::mem::replace(&mut self.full, true) {
            self.unread("", why);
        }
        true
    }

    /// Reads one entry. `claimed` is the length that an archive gives for it.
    pub(super) fn entry(&mut self, raw_path: &[u8], claimed: Option<u64>, from: &mut dyn Read) {
        let path = match normalise(raw_path, self.limits) {
            Ok(path) => path,
            Err(why) => return self.unread(&String::from_utf8_lossy(raw_path), why),
        };
        let source = Source::new(&path);
        let mut counted = Counted::new(from, self.limits.total_bytes - self.total, self.limits.sha256);
        let read = read_text(&source, &mut counted, self.limits, self.each);
        let drained = io::copy(&mut counted, &mut io::sink());
        let (length, crc32) = (counted.length, counted.crc.finalize());
        let sha256 = counted.sha.map(|sha| hex(&sha.finalize()));
        self.total = self.total.saturating_add(length).min(self.limits.total_bytes);
        if let Err(error) = drained {
            self.unread(&path, format!("cut off after {length} bytes: {}", escape(&error.to_string())));
        } else if claimed.is_some_and(|claimed| claimed > length) {
            self.unread(&path, format!("cut off after {length} of {} bytes", claimed.unwrap_or_default()));
        }
        match read {
            Ok((content, note)) => {
                if let Some(note) = note {
                    self.unread(&path, note);
                }
                self.entries.push((path, Entry { source, length, crc32, sha256, content }));
            }
            Err(why) => self.unread(&path, why),
        }
    }

    /// Ends the walk: paths get their top folder taken off, entries their order.
    pub(super) fn finish(mut self, lone: bool) -> Contents<T> {
        let paths = || self.entries.iter().map(|(path, _)| path.as_str());
        let top = common_top(paths().chain(self.unread.iter().map(|u| u.path.raw()).filter(|p| !p.is_empty())));
        let cut = top.map_or(0, |top| top.len() + 1);
        for unread in &mut self.unread {
            unread.path = unread.path.raw().get(cut..).unwrap_or_default().into();
        }
        let mut entries: Vec<_> = self
            .entries
            .into_iter()
            .map(|(path, entry)| {
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

/// Hands the text of an entry on as lines: as it is, or out of one layer of compression. The second part of the result notes what was
/// missing though the entry was read.
fn read_text<T>(
    source: &Source,
    counted: &mut Counted<'_>,
    limits: &Limits,
    each: &mut dyn FnMut(&mut Lines<'_>) -> T,
) -> Result<(T, Option<String>), String> {
    let room = counted.room;
    let (head, mut rest) = peek(counted);
    match kind_of(&head) {
        Content::Text => Ok(lines_of(source, &head, &mut rest, limits, each)),
        Content::Packed(packing) => {
            let mut inflated = packing.unpack(rest);
            // What comes out counts as well: a small file can hold a very long text.
            let mut inner = Counted::new(&mut inflated, room, false);
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

/// Counts and sums what is read, and ends at the limit.
struct Counted<'r> {
    from: &'r mut dyn Read,
    crc: crc32fast::Hasher,
    sha: Option<Sha256>,
    length: u64,
    room: u64,
}

impl<'r> Counted<'r> {
    fn new(from: &'r mut dyn Read, room: u64, sha256: bool) -> Self {
        Self { from, crc: crc32fast::Hasher::new(), sha: sha256.then(Sha256::new), length: 0, room }
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.room = self.room.checked_sub(n as u64).ok_or_else(|| io::Error::other("the input is larger than is read"))?;
        let bytes = into.get(..n).unwrap_or_default();
        self.crc.update(bytes);
        if let Some(sha) = &mut self.sha {
            sha.update(bytes);
        }
        self.length += n as u64;
        Ok(n)
    }
}
