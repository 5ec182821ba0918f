//! An entry's text, line by line, in bounded memory.

use std::{
    borrow::Cow,
    cell::Cell,
    io::{self, Read},
};

use memchr::{memchr, memrchr};

use super::{
    encoding::Words,
    source::{Line, Source},
};

/// Most bytes that are held at once.
const BLOCK: usize = 128 * 1024;
/// How many there is room for at first.
const SMALL_BLOCK: usize = 8 * 1024;

/// What lies ahead of an entry, for who can take many lines at once: as it stands there, without a carriage return.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The entry.
    pub source: &'a Source,
    /// The text. It begins with a line; the last one may not be whole.
    pub text: &'a str,
    /// How many lines were read before.
    pub number: u64,
    /// Longer lines are read up to here.
    pub longest: usize,
}

impl<'a> Block<'a> {
    /// Its whole lines, up to one that is too long.
    pub fn whole_lines(self) -> impl Iterator<Item = &'a str> {
        let mut rest = self.text;
        std::iter::from_fn(move || {
            let (line, behind) = rest.split_at_checked(memchr(b'\n', rest.as_bytes())?)?;
            rest = behind.get(1..)?;
            (line.len() <= self.longest).then_some(line)
        })
    }
}

/// Reads an entry line by line. Memory is bounded by the longest line that is looked at.
pub struct Lines<'r> {
    source: Source,
    from: &'r mut dyn Read,
    longest: usize,
    /// What was read of the entry; empty while it is held as text.
    block: Vec<u8>,
    at: usize,
    filled: usize,
    /// Up to where the block was found to be plain: UTF-8, without a carriage return.
    plain: usize,
    /// The block as text, or where not all of it is, a copy of what is plain. The program has no unsafe code, by which bytes that were looked through
    /// could be taken for text.
    text_of_block: String,
    /// Where in the block that begins.
    text_from: usize,
    ended: bool,
    number: u64,
    raw: Vec<u8>,
    words: Words,
    text: String,
    cut_lines: u64,
    error: Option<io::Error>,
}

thread_local! {
    /// A block that was used, for the next entry: an archive has hundreds, and most are small.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Drop for Lines<'_> {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.block);
        let block = if bytes.is_empty() { std::mem::take(&mut self.text_of_block).into_bytes() } else { bytes };
        // Who ends the thread wants none.
        let _ = SPARE.try_with(|spare| spare.set(block));
    }
}

impl<'r> Lines<'r> {
    pub(super) fn new(source: Source, from: &'r mut dyn Read, longest: usize) -> Self {
        Self {
            source,
            from,
            longest,
            block: SPARE.try_with(Cell::take).unwrap_or_default(),
            at: 0,
            filled: 0,
            plain: 0,
            text_of_block: String::new(),
            text_from: 0,
            ended: false,
            number: 0,
            raw: Vec::new(),
            words: Words::default(),
            text: String::new(),
            cut_lines: 0,
            error: None,
        }
    }

    /// The entry.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Lines that were longer than the limit, and were read up to it.
    pub fn cut_lines(&self) -> u64 {
        self.cut_lines
    }

    /// How many lines were read so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next bytes of the entry, some 128 KiB at most, which are not yet read by this.
    pub fn ahead(&mut self) -> &[u8] {
        if self.at == self.filled {
            self.fill();
        }
        held(&self.block, &self.text_of_block).get(self.at..self.filled).unwrap_or_default()
    }

    /// Whole lines that lie ahead, for who can take many at once; nothing where the next line is not plain. The first line is never
    /// among them: a byte order mark may stand before it.
    pub fn block(&mut self) -> Option<Block<'_>> {
        if self.number == 0 || self.at == self.filled {
            return None;
        }
        if self.plain < self.at {
            self.take_for_text();
        }
        let place = |at: usize| at.checked_sub(self.text_from);
        let text = self.text_of_block.get(place(self.at)?..place(self.plain)?)?;
        (!text.is_empty()).then_some(Block { source: &self.source, text, number: self.number, longest: self.longest })
    }

    /// Finds how far the block is plain from here on. A block that is text from its beginning to its end need not be copied for it.
    fn take_for_text(&mut self) {
        self.take_off_carriage_returns();
        if !self.block.is_empty() {
            let mut block = std::mem::take(&mut self.block);
            block.truncate(self.filled);
            match String::from_utf8(block) {
                Ok(text) => (self.text_of_block, self.text_from) = (text, 0),
                Err(error) => self.block = error.into_bytes(),
            }
        }
        let rest = held(&self.block, &self.text_of_block).get(self.at..self.filled).unwrap_or_default();
        let plain = memchr(b'\r', rest).unwrap_or(rest.len());
        self.plain = self.at + plain;
        if !self.block.is_empty() {
            let rest = self.block.get(self.at..self.plain).unwrap_or_default();
            let valid = rest.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
            self.text_of_block.clear();
            self.text_of_block.push_str(valid);
            (self.text_from, self.plain) = (self.at, self.at + valid.len());
        }
    }

    /// Takes the carriage returns before line ends out of the block, if the next line ends so: a log that went by way of Windows has them on each line.
    fn take_off_carriage_returns(&mut self) {
        let held = held(&self.block, &self.text_of_block);
        let rest = held.get(self.at..self.filled).unwrap_or_default();
        let Some(end) = memchr(b'\n', rest).filter(|end| end.checked_sub(1).and_then(|at| rest.get(at)) == Some(&b'\r')) else {
            return;
        };
        if self.block.is_empty() {
            self.block = std::mem::take(&mut self.text_of_block).into_bytes();
        }
        // What stands before `to` is done; all before `from` was looked at.
        let mut from = self.at + end - 1;
        let mut to = from;
        while let Some(rest) = self.block.get(from..self.filled) {
            let returns = rest.iter().take_while(|byte| **byte == b'\r').count();
            let is_kept = rest.get(returns) != Some(&b'\n');
            let begin = if is_kept { from } else { from + returns };
            let behind = rest.get(returns..).unwrap_or_default();
            let Some(next) = memchr(b'\r', behind) else {
                self.block.copy_within(begin..self.filled, to);
                to += self.filled - begin;
                break;
            };
            let end = from + returns + next;
            self.block.copy_within(begin..end, to);
            (to, from) = (to + end - begin, end);
        }
        self.filled = to;
    }

    /// Passes over so many bytes of the block that lies ahead, which are so many whole lines.
    pub fn pass(&mut self, bytes: usize, lines: u64) {
        self.at = (self.at + bytes).min(self.plain);
        self.number += lines;
    }

    /// The first lines of the entry, up to so many bytes, for who can take them at once and all; nothing where they are not plain, or where the last of
    /// them is cut.
    pub fn opening(&mut self, bytes: usize) -> Option<Block<'_>> {
        let end = self.first_part(bytes);
        let first = held(&self.block, &self.text_of_block).get(self.at..end)?;
        if self.number > 0 || !first.ends_with(b"\n") || memchr(b'\r', first).is_some() {
            return None;
        }
        if self.plain < end {
            self.take_for_text();
        }
        let text = self.plain_text(end)?;
        Some(Block { source: &self.source, text, number: self.number, longest: self.longest })
    }

    /// What lies ahead up to a place, if it is known to be text.
    fn plain_text(&self, end: usize) -> Option<&str> {
        let place = |at: usize| at.checked_sub(self.text_from);
        self.text_of_block.get(place(self.at)?..place(end.min(self.plain))?).filter(|_| end <= self.plain)
    }

    /// Where the first bytes of what lies ahead end, up to so many. What is left of a line that is cut there is left out where it is short: half a date
    /// is none, and would make a paste of a log.
    fn first_part(&mut self, bytes: usize) -> usize {
        const SHORT: usize = 1024;
        let ahead = self.ahead();
        let first = ahead.get(..bytes).unwrap_or(ahead);
        let whole = memrchr(b'\n', first).map_or(0, |end| end + 1);
        let is_cut = first.len() < ahead.len() && whole > 0 && first.len() - whole < SHORT;
        let length = if is_cut { whole } else { first.len() };
        self.at + length
    }

    /// The words of the next bytes of the entry, up to so many, as the lines of them will be read.
    pub fn words_ahead(&mut self, bytes: usize) -> Cow<'_, str> {
        let end = self.first_part(bytes);
        if let Some(text) = self.plain_text(end) {
            return text.into();
        }
        let ahead = held(&self.block, &self.text_of_block).get(self.at..end).unwrap_or_default();
        if let Ok(text) = str::from_utf8(ahead) {
            return text.into();
        }
        let mut words = Words::default();
        let mut text = String::with_capacity(ahead.len());
        for line in ahead.split(|b| *b == b'\n') {
            text.push_str(&words.of(line));
            text.push('\n');
        }
        text.into()
    }

    /// What stopped the reading before the entry's end, if anything did.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// The next line, without its line end. Bytes that are neither UTF-8 nor Chinese in GBK become U+FFFD.
    pub fn next_line(&mut self) -> Option<Line<'_>> {
        if !self.gather_line() {
            return None;
        }
        self.number += 1;
        let mut bytes = self.raw.as_slice();
        if self.number == 1 {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        // Behind a terminal that was recorded there may be two.
        while let Some(rest) = bytes.strip_suffix(b"\r") {
            bytes = rest;
        }
        self.text.clear();
        self.text.push_str(&self.words.of(bytes));
        Some(self.source.line(self.number, &self.text))
    }

    /// Puts the next line into `raw`, up to the limit; false at the end of the entry.
    fn gather_line(&mut self) -> bool {
        self.raw.clear();
        let mut cut = false;
        let mut found = false;
        loop {
            if self.at == self.filled && !self.fill() {
                break;
            }
            found = true;
            let rest = held(&self.block, &self.text_of_block).get(self.at..self.filled).unwrap_or_default();
            let end = memchr(b'\n', rest);
            let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            let room = self.longest.saturating_sub(self.raw.len());
            // The carriage return before a line end is no part of the line.
            cut |= piece.len() > room && piece.get(room..) != Some(b"\r");
            self.raw.extend_from_slice(piece.get(..room).unwrap_or(piece));
            self.at += end.map_or(rest.len(), |end| end + 1);
            if end.is_some() {
                break;
            }
        }
        self.cut_lines += u64::from(cut);
        found
    }

    /// Fills the block; in full, so that what lies ahead does not hang on how a source hands out its bytes.
    fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        (self.at, self.filled, self.plain) = (0, 0, 0);
        if self.block.is_empty() {
            self.block = std::mem::take(&mut self.text_of_block).into_bytes();
        }
        let block = &mut self.block;
        while !self.ended && self.filled < BLOCK {
            // Most entries are small.
            if self.filled == block.len() {
                block.resize((2 * self.filled).clamp(SMALL_BLOCK, BLOCK), 0);
            }
            let Some(room) = block.get_mut(self.filled..) else { break };
            match self.from.read(room) {
                Ok(0) => self.ended = true,
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.ended = true;
                    self.error = Some(e);
                }
            }
        }
        self.filled > 0
    }
}

/// The bytes of a block, which is held as one of the two.
fn held<'b>(block: &'b [u8], text: &'b str) -> &'b [u8] {
    if block.is_empty() { text.as_bytes() } else { block }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], longest: usize) -> (Vec<String>, u64) {
        let mut bytes = bytes;
        let mut lines = Lines::new(Source::new("x"), &mut bytes, longest);
        let mut out = Vec::new();
        while let Some(line) = lines.next_line() {
            out.push(format!("{}:{}", line.number(), line.text()));
        }
        (out, lines.cut_lines())
    }

    #[test]
    fn line_ends_of_all_kinds_and_a_byte_order_mark_are_taken_off() {
        assert_eq!(read(b"\xef\xbb\xbfa\r\n\nb\nlast", 100).0, ["1:a", "2:", "3:b", "4:last"]);
        assert!(read(b"", 100).0.is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_is_read_up_to_the_limit_and_the_next_one_whole() {
        let mut text = vec![b'x'; 300_000];
        text.extend_from_slice(b"\nnext\n");
        let (lines, cut) = read(&text, 1000);
        assert_eq!((lines.len(), lines[1].as_str(), cut), (2, "2:next", 1));
        assert!(lines[0].len() < 1010);
    }

    #[test]
    fn looking_ahead_reads_nothing_and_sees_the_same_however_the_bytes_come() {
        struct Drip<'a>(&'a [u8]);
        impl Read for Drip<'_> {
            fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
                self.0.read(&mut to[..1])
            }
        }
        let mut drip = Drip(b"one\ntwo\n");
        let mut lines = Lines::new(Source::new("x"), &mut drip, 100);
        assert_eq!(lines.ahead(), b"one\ntwo\n");
        assert_eq!(lines.next_line().unwrap().text(), "one");
        assert_eq!(lines.ahead(), b"two\n");
        assert_eq!(lines.number(), 1);
    }

    #[test]
    fn words_ahead_are_whole_lines_where_the_cut_one_is_short_and_not_the_only_one() {
        let long = ["one\n", &"x".repeat(3000)].concat();
        for (text, bytes, words) in [
            ("one\ntwo\n", 6, "one\n"),
            ("one\ntwo\n", 8, "one\ntwo\n"),
            ("one\ntwo", 9, "one\ntwo"),
            ("one", 2, "on"),
            (&long, 2000, &long[..2000]),
        ] {
            let mut from = text.as_bytes();
            assert_eq!(Lines::new(Source::new("x"), &mut from, 100).words_ahead(bytes), words, "{bytes}");
        }
    }

    #[test]
    fn carriage_returns_before_line_ends_are_no_part_of_what_is_taken_at_once() {
        let texts = [
            "first\r\na\r\nb\r\nc\r\n",
            "first\na\r\n\r\n\r\r\nb\rc\r\nd\ne\r\n",
            "first\r\na\r\nb\rc\r\r\r\nd\n\r\n\r",
            "first\r\na\u{ff}\r\nb\r\n",
        ];
        for text in texts {
            let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
            let mut from = bytes.as_slice();
            let mut lines = Lines::new(Source::new("x"), &mut from, 100);
            let (mut seen, mut at_once) = (Vec::new(), 0);
            while let Some(line) = lines.next_line().map(|line| format!("{}:{}", line.number(), line.text())) {
                seen.push(line);
                while let Some(block) = lines.block() {
                    let taken: Vec<&str> = block.whole_lines().collect();
                    seen.extend((block.number + 1..).zip(&taken).map(|(number, line)| format!("{number}:{line}")));
                    at_once += taken.len();
                    let (length, count) = (taken.iter().map(|line| line.len() + 1).sum(), taken.len());
                    if count == 0 {
                        break;
                    }
                    lines.pass(length, u64::try_from(count).unwrap());
                }
            }
            assert_eq!(seen, read(&bytes, 100).0, "{text:?}");
            assert!(at_once > 0, "{text:?}");
        }
        assert_eq!(read(b"abcd\r\nabcde\r\nabc\r", 4), (vec!["1:abcd".into(), "2:abcd".into(), "3:abc".into()], 1));
    }

    #[test]
    fn bytes_that_are_not_utf8_do_not_stop_the_reading() {
        assert_eq!(read(b"a\xffb\nc", 100).0, ["1:a\u{fffd}b", "2:c"]);
    }
}
