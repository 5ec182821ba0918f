//! Wrappers of container runtimes, in which a long line is cut into pieces: docker's json-file and CRI's text form; and of log shippers.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    log::{Stamp, When},
    shipped,
};

/// Most bytes of pieces that are put together; etcd's longest lines quote a request of 1.5 MiB.
const MOST_HELD: usize = 2 * 1024 * 1024;

/// What a runtime's line holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Unwrapped<'a> {
    /// It is no runtime's line.
    Bare,
    /// A piece of a line that goes on.
    Piece,
    /// A whole line, put together from its pieces, and the date that the runtime gave the last one.
    Line(Cow<'a, str>, Option<Stamp<'a>>),
}

/// docker's json-file: cut at 16 KiB into objects of which only the last one's text ends with a line end.
#[derive(Deserialize)]
struct Docker<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    time: Cow<'a, str>,
}

/// Takes wrappers off, line by line.
#[derive(Debug, Default)]
pub struct Unwrapper {
    /// Pieces of standard output and of standard error, which come in turns.
    held: [String; 2],
}

impl Unwrapper {
    /// Whether no pieces are held.
    pub fn is_idle(&self) -> bool {
        self.held.iter().all(String::is_empty)
    }

    /// The next line of a text.
    pub fn line<'a>(&mut self, text: &'a str) -> Unwrapped<'a> {
        if text.starts_with("{\"log\":") {
            let Ok(object) = serde_json::from_str::<Docker<'_>>(text) else { return shipped(text) };
            let (whole, is_last) = match object.log.strip_suffix('\n') {
                Some(whole) => (whole.trim_end_matches('\r').to_owned(), true),
                None => (object.log.into_owned(), false),
            };
            let date = if let Cow::Borrowed(date) = object.time { date } else { "" };
            return self.piece(Cow::Owned(whole), is_last, &object.stream, date);
        }
        match cri(text) {
            Some((date, stream, piece, is_last)) => self.piece(Cow::Borrowed(piece), is_last, stream, date),
            None => shipped(text),
        }
    }

    fn piece<'a>(&mut self, piece: Cow<'a, str>, is_last: bool, stream: &str, date: &'a str) -> Unwrapped<'a> {
        let stamp = When::read(date).map(|when| Stamp::new(date, when));
        let [out, err] = &mut self.held;
        let held = if stream == "stdout" { out } else { err };
        if is_last && held.is_empty() {
            return Unwrapped::Line(piece, stamp);
        }
        if held.len() + piece.len() <= MOST_HELD {
            held.push_str(&piece);
        }
        if is_last { Unwrapped::Line(Cow::Owned(std::mem::take(held)), stamp) } else { Unwrapped::Piece }
    }
}

/// A shipper's record holds a whole line.
fn shipped(text: &str) -> Unwrapped<'_> {
    let Some(shipped) = shipped::take(text) else { return Unwrapped::Bare };
    let stamp = When::read(shipped.date).map(|when| Stamp::new(shipped.date, when));
    let line = match shipped.line {
        Cow::Borrowed(line) => Cow::Borrowed(line.trim_end()),
        Cow::Owned(line) => Cow::Owned(line.trim_end().to_owned()),
    };
    Unwrapped::Line(line, stamp)
}

/// `2021-03-01T10:15:02.123456789Z stderr F text`; `P` marks a piece that goes on.
fn cri(text: &str) -> Option<(&str, &str, &str, bool)> {
    let (date, rest) = text.split_once(' ')?;
    let is_date = date.len() >= 20 && date.starts_with(|c: char| c.is_ascii_digit()) && date.contains('T');
    let (stream, rest) = rest.split_once(' ').filter(|(stream, _)| is_date && matches!(*stream, "stdout" | "stderr"))?;
    // Tags may follow the first one behind colons.
    let (tags, text) = rest.split_once(' ').unwrap_or((rest, ""));
    match tags.split(':').next() {
        Some("F") => Some((date, stream, text, true)),
        Some("P") => Some((date, stream, text, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        let mut unwrapper = Unwrapper::default();
        let mut out = Vec::new();
        for text in texts {
            if let Unwrapped::Line(line, _) = unwrapper.line(text) {
                out.push(line.into_owned());
            }
        }
        out
    }

    #[test]
    fn dockers_pieces_are_put_together_until_the_line_end() {
        let one = r#"{"log":"2016-06-25 08:04:51.003826 I | etcdserver: heartbeat = 1000ms\n","stream":"stderr","time":"2016-06-25T08:04:51.003939995Z"}"#;
        let first = r#"{"log":"a \"long\" ","stream":"stderr","time":"2016-06-25T08:04:51.1Z"}"#;
        let last = r#"{"log":"line\n","stream":"stderr","time":"2016-06-25T08:04:51.2Z"}"#;
        assert_eq!(
            lines(&[one, first, last]),
            ["2016-06-25 08:04:51.003826 I | etcdserver: heartbeat = 1000ms", "a \"long\" line"]
        );
    }

    #[test]
    fn cris_pieces_are_put_together_until_f() {
        let texts = [
            "2021-03-01T10:15:02.123456789Z stderr P one ",
            "2021-03-01T10:15:02.123456789Z stdout F between",
            "2021-03-01T10:15:02.123456790Z stderr F two",
            "2021-03-01T10:15:02.123456791+01:00 stdout F three",
        ];
        assert_eq!(lines(&texts), ["between", "one two", "three"]);
    }

    #[test]
    fn other_lines_are_left_alone() {
        for text in [
            "{\"log\":1}",
            "2021-03-01T10:15:02Z etcdserver: text",
            "{\"level\":\"warn\"}",
            "stderr F x",
            "",
            "{\"log\":[\"x\"]}",
        ] {
            assert_eq!(Unwrapper::default().line(text), Unwrapped::Bare, "{text}");
        }
    }
}
