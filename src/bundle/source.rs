//! Where something was read: an entry's lines, and the citations that only reading can mint.

use std::{
    cmp::Ordering,
    sync::{Arc, OnceLock},
};

use crate::text::Untrusted;

/// Most characters of a line that a quote keeps; the rest is cut with `…`.
const EXCERPT_CHARS: usize = 300;

/// A path that is known in full only when the whole input was read: which folder is the top, which number the input gets among several,
/// and where the archive lies that holds the entry, shows at the end.
#[derive(Debug)]
struct Path {
    read: Box<str>,
    /// Where in it the part below the top folder begins.
    below_top: OnceLock<usize>,
    placed: OnceLock<Box<str>>,
}

impl Path {
    fn get(&self) -> &str {
        let below_top = || self.below_top.get().and_then(|at| self.read.get(*at..));
        self.placed.get().map(|placed| &**placed).or_else(below_top).unwrap_or(&self.read)
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
        Self { path: Arc::new(Path { read: path.into(), below_top: OnceLock::new(), placed: OnceLock::new() }) }
    }

    /// The path, relative to the top of the input.
    pub fn path(&self) -> &str {
        self.path.get()
    }

    /// Takes the top folder off, which has so many bytes: for the entry and for all citations that were minted from it. Once, when all paths are known.
    pub(super) fn below_top(&self, top: usize) {
        // A second call would change nothing.
        let _ = self.path.below_top.set(top);
    }

    /// Puts the input's number in front, where there are several, and the path of the archive in it. Once, when all inputs were read.
    pub(super) fn placed(&self, path: &str) {
        let _ = self.path.placed.set(path.into());
    }

    /// A line of this entry. `number` counts from 1.
    pub(crate) fn line<'a>(&'a self, number: u64, text: &'a str) -> Line<'a> {
        Line { source: self, number, end: number, text, raw: None }
    }
}

/// One line of an entry, without its line end; or a record that a copy broke over several.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    source: &'a Source,
    number: u64,
    end: u64,
    text: &'a str,
    /// What stands in the file, where the text is read otherwise.
    raw: Option<&'a str>,
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

    /// Keeps the line beyond its time, where those around it tell what it is.
    pub fn hold(&self) -> Held {
        let shown = self.raw.map(|_| self.text.to_owned());
        let raw = self.raw.unwrap_or(self.text).into();
        Held { source: self.source.clone(), number: self.number, end: self.end, raw, shown }
    }

    /// Quotes the line: as it stands in the file, whatever it was read as.
    pub fn quote(&self) -> Quote {
        Quote { citation: self.cite(), excerpt: excerpt_of(self.raw.unwrap_or(self.text)) }
    }

    /// The place alone.
    pub fn cite(&self) -> Citation {
        Citation { path: self.source.path.clone(), line: self.number, end_line: self.end }
    }
}

/// A line that is kept, and may be read otherwise than it stands in the file: without a disguise, or with the lines that continue it.
#[derive(Clone, Debug)]
pub struct Held {
    source: Source,
    number: u64,
    end: u64,
    /// Shared by the pieces of a line: of one in which a thousand records ran together each would have a copy of its own.
    raw: Arc<str>,
    shown: Option<String>,
}

impl Held {
    /// The text as it is read.
    pub fn text(&self) -> &str {
        self.shown.as_deref().unwrap_or(&self.raw)
    }

    /// Reads the line as these words. What is quoted stays what stands in the file.
    pub fn show(&mut self, text: String) {
        self.shown = (text != *self.raw).then_some(text);
    }

    /// Reads the line and the later one as one record with these words. The first of them is what is quoted.
    pub fn join(&mut self, last: &Self, text: String) {
        self.end = self.end.max(last.end);
        self.shown = Some(text);
    }

    /// The line, to be read.
    pub fn line(&self) -> Line<'_> {
        let raw = self.shown.is_some().then_some(&*self.raw);
        Line { source: &self.source, number: self.number, end: self.end, text: self.text(), raw }
    }
}

fn excerpt_of(text: &str) -> Untrusted {
    let text = text.trim();
    if text.len() <= EXCERPT_CHARS {
        return text.into();
    }
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
    fn a_line_that_is_read_otherwise_is_quoted_as_it_stands_and_a_joined_one_as_a_range() {
        let source = Source::new("paste.txt");
        let mut held = source.line(3, "> a rec").hold();
        held.show("a rec".into());
        assert_eq!((held.line().text(), held.line().quote().excerpt().raw()), ("a rec", "> a rec"));
        held.join(&source.line(4, "> ord").hold(), "a record".into());
        let line = held.line();
        let quote = line.with_text("record").quote();
        assert_eq!((quote.citation().line(), quote.citation().end_line(), quote.excerpt().raw()), (3, 4, "> a rec"));
    }

    #[test]
    fn a_quote_keeps_the_place_and_cuts_a_long_line() {
        let source = Source::new("nodes/a/etcd.log");
        let long = "é".repeat(1000);
        let quote = source.line(7, &long).quote();
        assert_eq!((quote.citation().path(), quote.citation().line(), quote.citation().end_line()), ("nodes/a/etcd.log", 7, 7));
        assert_eq!(quote.excerpt().raw(), format!("{}…", "é".repeat(300)));
    }
}
