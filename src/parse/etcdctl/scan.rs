//! Finds where JSON values begin and end in lines, and the quotes for the objects in them.

use std::ops::Range;

use crate::bundle::{Citation, Line, Quote};

/// Most bytes of a JSON value that goes over several lines.
const MAX_BYTES: usize = 4 << 20;
/// Most lines of such a value.
const MAX_LINES: usize = 100_000;

/// Whether a JSON array or object starts here, and not a prompt like `[root@db01 ~]#`.
pub(super) fn starts(text: &str) -> bool {
    let next = |open: char| text.strip_prefix(open).map(|rest| rest.trim_start().chars().next());
    match (next('['), next('{')) {
        (Some(inside), _) => matches!(inside, None | Some('{' | ']')),
        (_, Some(inside)) => matches!(inside, None | Some('"' | '}')),
        _ => false,
    }
}

/// Whether a trimmed line can stand inside a JSON value that goes over several lines.
fn continues(text: &str) -> bool {
    text.starts_with(['"', '{', '}', '[', ']', ',', '-', 't', 'f', 'n']) && !text.starts_with(|c: char| c.is_ascii_alphabetic())
        || ["true", "false", "null"].iter().any(|w| text.trim_end_matches(',') == *w)
        || text.starts_with(|c: char| c.is_ascii_digit()) && text.trim_end_matches(',').bytes().all(|b| b.is_ascii_digit())
}

/// Counts brackets outside of strings.
#[derive(Default)]
pub(super) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// Where the value that is open ends, counted in bytes of this text.
    pub(super) fn end(&mut self, text: &str) -> Option<usize> {
        for (at, byte) in text.bytes().enumerate() {
            self.byte(byte);
            if self.depth == 0 && !self.in_string && matches!(byte, b'}' | b']') {
                return Some(at + 1);
            }
        }
        None
    }

    fn byte(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// The objects directly in the outermost array of a JSON text.
pub(super) fn elements(text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan::default();
    let (mut array, mut open, mut found) = (None, None, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        let quoted = scan.in_string;
        scan.byte(byte);
        match (byte, array) {
            _ if quoted => {}
            (b'[', None) => array = Some(scan.depth),
            (b'{', Some(depth)) if scan.depth == depth + 1 => open = Some(at),
            (b'}', Some(depth)) if scan.depth == depth => found.extend(open.take().map(|start| start..at + 1)),
            (b']', Some(depth)) if scan.depth < depth => break,
            _ => {}
        }
    }
    found
}

/// A JSON value that goes over several lines, as far as it was read.
pub(super) struct Held {
    /// What was read, lines joined by line ends.
    pub(super) text: String,
    lines: Vec<HeldLine>,
    scan: Scan,
    first: Citation,
    last: Citation,
    /// Too long: only its end is sought now.
    over: bool,
}

struct HeldLine {
    start: usize,
    quote: Quote,
    telling: bool,
}

impl Held {
    /// Begins with the rest of a line, `scan` having read it.
    pub(super) fn begin(line: Line<'_>, text: &str, scan: Scan) -> Self {
        let place = line.cite();
        let mut held = Self { text: String::new(), lines: Vec::new(), scan, first: place.clone(), last: place, over: false };
        held.push(line, text);
        held
    }

    /// Takes the next line. `None`: the line cannot be a part of it. `Some(None)`: held. `Some(Some(rest))`: ended, with what
    /// follows on the line.
    pub(super) fn line<'a>(&mut self, line: Line<'_>, text: &'a str) -> Option<Option<&'a str>> {
        if !self.scan.in_string && !continues(text) {
            return None;
        }
        let end = self.scan.end(text);
        let (part, rest) = text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""));
        self.push(line, part);
        Some(end.map(|_| rest))
    }

    fn push(&mut self, line: Line<'_>, text: &str) {
        self.last = line.cite();
        self.over |= self.text.len() + text.len() > MAX_BYTES || self.lines.len() >= MAX_LINES;
        if self.over {
            (self.text, self.lines) = (String::new(), Vec::new());
            return;
        }
        self.lines.push(HeldLine { start: self.text.len(), quote: line.quote(), telling: text.contains('"') });
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Whether it was too long to hold.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// From its first to its last line.
    pub(super) fn place(&self) -> Citation {
        self.first.clone().through(&self.last)
    }

    /// Quotes an object in it: the first of its lines that says something, through its last.
    fn quote(&self, object: &Range<usize>) -> Option<Quote> {
        let first = self.lines.partition_point(|l| l.start <= object.start).saturating_sub(1);
        let end = self.lines.partition_point(|l| l.start < object.end);
        let lines = self.lines.get(first..end)?;
        let telling = lines.iter().find(|l| l.telling).or(lines.first())?;
        Some(telling.quote.clone().through(lines.last()?.quote.citation()))
    }
}

/// Where a JSON text stands.
pub(super) enum Place<'a> {
    /// In one line; the text is a part of it.
    Line(Line<'a>),
    /// In several.
    Lines(&'a Held),
}

impl Place<'_> {
    /// Quotes an object of the text.
    pub(super) fn quote(&self, object: &Range<usize>) -> Option<Quote> {
        match self {
            Self::Line(line) => Some(line.with_text(line.text().get(object.clone())?).quote()),
            Self::Lines(held) => held.quote(object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_start_with_brackets_that_hold_json_and_prompts_do_not() {
        for yes in ["[", "{", "[]", "{}", "[{\"Endpoint\":1}]", "{\"header\":{}}", "[ {"] {
            assert!(starts(yes), "{yes}");
        }
        for no in ["[root@db01 ~]# etcdctl", "[+]serializable_read ok", "{name}", "", "[1,2]", "member [x]"] {
            assert!(!starts(no), "{no}");
        }
    }

    #[test]
    fn brackets_and_quotes_in_strings_do_not_end_a_value() {
        assert_eq!(Scan::default().end(r#"{"a":"}\"]"}{"b":1}"#), Some(12));
        assert_eq!(Scan::default().end(r#"{"a":["#), None);
    }

    #[test]
    fn elements_are_the_objects_of_the_outermost_array() {
        let text = r#"{"header":{"a":1},"members":[{"b":{"c":[{}]}},{"d":"}"}]}"#;
        let found: Vec<&str> = elements(text).into_iter().map(|r| text.get(r).unwrap()).collect();
        assert_eq!(found, [r#"{"b":{"c":[{}]}}"#, r#"{"d":"}"}"#]);
    }

    #[test]
    fn lines_of_prose_do_not_go_on_with_a_value() {
        for yes in ["\"a\": 1,", "}", "],", "12,", "true", "-1"] {
            assert!(continues(yes), "{yes}");
        }
        for no in ["the log", "10.0.0.1:2379 is healthy", "nothing", "etcd"] {
            assert!(!continues(no), "{no}");
        }
    }
}
