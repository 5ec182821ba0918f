//! Where something was read: an entry's lines, and the citations that only reading can mint.

use std::{
    cmp::Ordering,
    sync::{Arc, OnceLock},
};

use crate::text::Untrusted;

/// Most characters of a line that a quote keeps; the rest is cut with `…`.
const EXCERPT_CHARS: usize = 300;

/// A path that is known in full only when the whole input was read: which folder is the top, and which number the input gets
/// among several, shows at the end.
#[derive(Debug)]
struct Path {
    read: Box<str>,
    below_top: OnceLock<Box<str>>,
    numbered: OnceLock<Box<str>>,
}

impl Path {
    fn get(&self) -> &str {
        self.numbered.get().or(self.below_top.get()).unwrap_or(&self.read)
    }
}

/// One entry of an input while it is read. Only this room's readers make one, and only its lines make citations.
#[derive(Clone, Debug)]
pub struct Source {
    path: Arc<Path>,
}

impl Source {
    /// An entry by its path as it was read.
    pub(crate) fn new(path: &str) -> Self {
        Self { path: Arc::new(Path { read: path.into(), below_top: OnceLock::new(), numbered: OnceLock::new() }) }
    }

    /// The path, relative to the top of the input.
    pub fn path(&self) -> &str {
        self.path.get()
    }

    /// Takes the top folder off: for the entry and for all citations that were minted from it. Once, when all paths are known.
    pub(super) fn below_top(&self, path: &str) {
        // A second call would change nothing.
        let _ = self.path.below_top.set(path.into());
    }

    /// Puts the input's number in front, where there are several. Once, when all inputs were read.
    pub(super) fn numbered(&self, path: &str) {
        let _ = self.path.numbered.set(path.into());
    }

    /// A line of this entry. `number` counts from 1.
    pub(crate) fn line<'a>(&'a self, number: u64, text: &'a str) -> Line<'a> {
        Line { source: self, number, text }
    }
}

/// One line of an entry, without its line end.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    source: &'a Source,
    number: u64,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// The text, without line end and byte order mark. A hostile string: wrap what you keep in [`Untrusted`].
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Its number in the entry, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The path of the entry.
    pub fn path(&self) -> &'a str {
        self.source.path()
    }

    /// The same place with other words: a part of the line, or the line without what a terminal tore into it.
    pub fn with_text(self, text: &'a str) -> Line<'a> {
        Line { text, ..self }
    }

    /// Quotes the line.
    pub fn quote(&self) -> Quote {
        Quote { citation: self.cite(), excerpt: excerpt_of(self.text) }
    }

    /// Keeps the line beyond its time, where the lines behind it tell what it is.
    pub fn keep(&self) -> Kept {
        Kept { source: self.source.clone(), number: self.number, text: self.text.to_owned() }
    }

    /// The place alone.
    pub fn cite(&self) -> Citation {
        Citation { path: self.source.path.clone(), line: self.number, end_line: self.number }
    }
}

/// A line that was kept while others were read.
#[derive(Clone, Debug)]
pub struct Kept {
    source: Source,
    number: u64,
    text: String,
}

impl Kept {
    /// The line, as it was read.
    pub fn line(&self) -> Line<'_> {
        Line { source: &self.source, number: self.number, text: &self.text }
    }
}

fn excerpt_of(text: &str) -> Untrusted {
    let text = text.trim();
    match text.char_indices().nth(EXCERPT_CHARS) {
        None => text.into(),
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()).into(),
    }
}

/// A place in the evidence. It can only be minted by reading.
#[derive(Clone, Debug)]
pub struct Citation {
    path: Arc<Path>,
    line: u64,
    end_line: u64,
}

impl PartialEq for Citation {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Citation {}

impl PartialOrd for Citation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Citation {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.path(), self.line, self.end_line).cmp(&(other.path(), other.line, other.end_line))
    }
}

impl Citation {
    /// The path of the entry, relative to the top of the input.
    pub fn path(&self) -> &str {
        self.path.get()
    }

    /// First line, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Last line; the same as [`Citation::line`] for one line.
    pub fn end_line(&self) -> u64 {
        self.end_line
    }

    /// The same place, reaching on to a later line of the same entry.
    pub fn through(mut self, last: &Citation) -> Self {
        if last.path() == self.path() {
            self.end_line = self.end_line.max(last.end_line);
        }
        self
    }
}

/// A place in the evidence with the words that stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quote {
    citation: Citation,
    excerpt: Untrusted,
}

impl Quote {
    /// Where it stands.
    pub fn citation(&self) -> &Citation {
        &self.citation
    }

    /// What stands there, cut after some 300 characters.
    pub fn excerpt(&self) -> &Untrusted {
        &self.excerpt
    }

    /// The same quote, its place reaching on to a later line.
    pub fn through(mut self, last: &Citation) -> Self {
        self.citation = self.citation.through(last);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_keeps_the_place_and_cuts_a_long_line() {
        let source = Source::new("nodes/a/etcd.log");
        let long = "é".repeat(1000);
        let quote = source.line(7, &long).quote();
        assert_eq!((quote.citation().path(), quote.citation().line(), quote.citation().end_line()), ("nodes/a/etcd.log", 7, 7));
        assert_eq!(quote.excerpt().raw(), format!("{}…", "é".repeat(300)));
    }
}
