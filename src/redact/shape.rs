//! The shapes of text that a value stands in: names, separators, and quotes at any depth of escaping.

use std::ops::Range;

/// Longest name that is looked at. The bound keeps a line of nothing but names linear.
const LONGEST_NAME: usize = 96;
/// More backslashes before a quote are no nesting of real programs (six levels).
const MOST_BACKSLASHES: usize = 63;

/// Longest text in single quotes. The bound keeps a line of nothing but quotes linear.
const LONGEST_SINGLE: usize = 512;

/// A quote and the backslashes before it: 0 as typed, 1 within a string of JSON, 3 within a string of that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    sign: u8,
    pub(super) slashes: usize,
}

impl Quote {
    /// The sign itself.
    pub(super) fn sign(self) -> u8 {
        self.sign
    }

    /// Whether a value in these quotes can belong to a name in those: a quote less deep ends the text that the name is in.
    pub(super) fn is_within(self, name: Quote) -> bool {
        self.sign != name.sign || self.slashes >= name.slashes
    }
}

/// Where a name's value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A text; what follows its closing quote begins at `next`.
    Text { span: Range<usize>, next: usize },
    /// A number or word of JSON without quotes, under a name quoted so.
    Naked { span: Range<usize>, name: Quote },
    /// The strings of an array; the span begins behind its bracket.
    List { from: usize, name: Quote },
    /// A word without quotes; `spaced` is whether a blank stood before it.
    Word { span: Range<usize>, spaced: bool },
    /// All the rest of the line.
    Rest { span: Range<usize> },
}

/// A byte of a line.
pub(super) fn byte(line: &[u8], at: usize) -> Option<u8> {
    line.get(at).copied()
}

/// The part of a line, empty where there is none.
pub(super) fn part(line: &[u8], span: Range<usize>) -> &[u8] {
    line.get(span).unwrap_or_default()
}

/// The rest of a line.
pub(super) fn rest(line: &[u8], from: usize) -> &[u8] {
    line.get(from..).unwrap_or_default()
}

/// Where the bytes that meet the test end.
pub(super) fn skip(line: &[u8], from: usize, test: impl Fn(u8) -> bool) -> usize {
    from + rest(line, from).iter().take_while(|b| test(**b)).count()
}

/// Whether a byte is a blank on a line.
pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Whether a byte can be in the name of a setting.
pub(super) fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The whole name that a trigger begins in; the sign behind it may be of the trigger and is not of the name.
pub(super) fn name_around(line: &[u8], found: &Range<usize>) -> Range<usize> {
    let before = part(line, found.start.saturating_sub(LONGEST_NAME)..found.start);
    let left = before.iter().rev().take_while(|b| is_of_name(**b)).count();
    let right = rest(line, found.start).iter().take(LONGEST_NAME).take_while(|b| is_of_name(**b)).count();
    found.start - left..found.start + right
}

/// A quote that opens at a place, and where its content begins.
pub(super) fn quote_at(line: &[u8], at: usize) -> Option<(Quote, usize)> {
    let end = skip(line, at, |b| b == b'\\');
    let sign = byte(line, end).filter(|b| matches!(b, b'"' | b'\''))?;
    let slashes = end - at;
    let quote = Quote { sign, slashes };
    let opens = match sign {
        // A single quote is not escaped by anyone, and what it opens does not reach out of a string of JSON.
        b'\'' => slashes == 0 && !leaves_json(line, end + 1),
        // Escaping gives 1, 3, 7 …; another number is content that ends with backslashes, or a wrapper's own idea.
        _ => slashes <= MOST_BACKSLASHES && ((slashes + 1).is_power_of_two() || !closes(line, quote, end + 1)),
    };
    opens.then_some((quote, end + 1))
}

/// Whether nothing but the punctuation of JSON lies between a quote and the next: then it closes a string.
fn closes(line: &[u8], quote: Quote, from: usize) -> bool {
    let (end, _) = quoted(line, quote, from);
    let between = part(line, from..end);
    let is_of_json = |b: &u8| matches!(b, b',' | b':' | b'{' | b'}' | b'[' | b']' | b' ') || b.is_ascii_digit();
    matches!(between.first(), Some(b',' | b':' | b'}' | b']')) && between.iter().all(is_of_json)
}

/// Whether a string of JSON ends before the next single quote, or that one is too far away to belong here.
fn leaves_json(line: &[u8], from: usize) -> bool {
    let near = part(line, from..line.len().min(from + LONGEST_SINGLE));
    let (end, _) = single(near, 0);
    let is_cut_off = end == near.len();
    let ends_json = |pair: &[u8]| matches!(pair, [b'"', b',' | b'}' | b']' | b':']);
    part(near, 0..end).windows(2).any(ends_json) || (is_cut_off && (near.len() == LONGEST_SINGLE || near.ends_with(b"\"")))
}

/// A quote that opens a value behind a name without quotes. `"msg":"bad token:","took":"1s"` has one there that closes.
pub(super) fn opening(line: &[u8], at: usize) -> Option<(Quote, usize)> {
    quote_at(line, at).filter(|(quote, from)| !closes(line, *quote, *from))
}

/// The quote that stands right before a place.
pub(super) fn quote_before(line: &[u8], at: usize) -> Option<Quote> {
    let quote = at.checked_sub(1)?;
    let sign = byte(line, quote).filter(|b| *b == b'"' || (*b == b'\'' && !leaves_json(line, at)))?;
    let before = part(line, quote.saturating_sub(MOST_BACKSLASHES)..quote);
    let slashes = if sign == b'"' { before.iter().rev().take_while(|b| **b == b'\\').count() } else { 0 };
    Some(Quote { sign, slashes })
}

/// Where the content of a quote ends, and where the text behind its closing sign begins. A quote that is cut off ends where
/// the quote around it ends, or with the line.
pub(super) fn quoted(line: &[u8], quote: Quote, from: usize) -> (usize, usize) {
    if quote.sign == b'\'' {
        return single(line, from);
    }
    let own = quote.slashes;
    let mut at = from;
    while let Some(found) = memchr::memchr2(b'"', b'\\', rest(line, at)) {
        let run = at + found;
        let sign = skip(line, run, |b| b == b'\\');
        if byte(line, sign) != Some(b'"') {
            at = sign;
            continue;
        }
        // Content of depth n doubles the backslashes: what is left over tells whose quote this is.
        let left_over = (sign - run) % (2 * (own + 1));
        if left_over == own {
            return (sign - own, sign + 1);
        }
        if left_over != 2 * own + 1 {
            let end = sign - left_over % (own + 1);
            return (end.max(from), end.max(from));
        }
        at = sign + 1;
    }
    (line.len(), line.len())
}

/// Within single quotes; YAML doubles one that it means.
fn single(line: &[u8], from: usize) -> (usize, usize) {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'\'', rest(line, at)) {
        if byte(line, at + found + 1) != Some(b'\'') || at + found == from {
            return (at + found, at + found + 1);
        }
        at += found + 2;
    }
    (line.len(), line.len())
}

/// Whether a quote stands at a place and ends a word: one inside a word is followed by more of it.
pub(super) fn ends_quoted(line: &[u8], at: usize) -> bool {
    matches!(byte(line, at), Some(b'"' | b'\'' | b'`')) && !byte(line, at + 1).is_some_and(|b| b.is_ascii_alphanumeric())
}

/// Where a word without quotes ends: at a blank, a quote, or where a list goes on with another name.
pub(super) fn word_end(line: &[u8], from: usize, in_list: bool) -> usize {
    let mut at = from;
    while let Some(here) = byte(line, at) {
        if here.is_ascii_whitespace() || here == 0 || ends_quoted(line, at) {
            break;
        }
        if in_list && matches!(here, b'&' | b';' | b',') && begins_setting(line, at + 1) {
            return at;
        }
        at += 1;
    }
    // Backslashes before a quote belong to the quote; brackets and commas belong to the sentence.
    let is_quote = matches!(byte(line, at), Some(b'"' | b'\''));
    let word = part(line, from..at);
    let of_quote = word.iter().rev().take_while(|b| is_quote && **b == b'\\').count();
    let word = part(line, from..at - of_quote);
    let of_sentence = word.iter().rev().take_while(|b| in_list && matches!(b, b',' | b';' | b')' | b']' | b'}' | b'>')).count();
    at - of_quote - of_sentence
}

/// `name=` or `name:`, of a bounded length.
fn begins_setting(line: &[u8], at: usize) -> bool {
    let length = rest(line, at).iter().take(LONGEST_NAME).take_while(|b| is_of_name(**b)).count();
    length > 0 && matches!(byte(line, at + length), Some(b'=' | b':'))
}

/// Where a string of JSON ends around a place in it, or the line.
pub(super) fn string_end(line: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr(b'"', rest(line, at)) {
        at += found;
        if matches!(byte(line, at + 1), None | Some(b',' | b':' | b'}' | b']')) {
            return at - part(line, from..at).iter().rev().take_while(|b| **b == b'\\').count();
        }
        at += 1;
    }
    line.len()
}

/// Whether nothing but list marks and the like stands before a name: then the value is the rest of the line.
fn is_first(line: &[u8], name: usize) -> bool {
    let mut words = part(line, 0..name.min(LONGEST_NAME)).split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    name <= LONGEST_NAME
        && words.all(|word| matches!(word, b"-" | b"#" | b"//" | b";" | b"export" | b"set" | b"setenv" | b"ENV" | b"env"))
}

/// Whether etcd says a setting of its environment, which may have blanks in it.
fn is_of_environment(line: &[u8], name: usize) -> bool {
    part(line, 0..name).ends_with(b"environment variable ")
}

/// Where the value of a name stands: behind `:` or `=`, or as the next argument of an option.
pub(super) fn value_of(line: &[u8], name: &Range<usize>) -> Option<Place> {
    let lead = quote_before(line, name.start);
    let is_option = byte(line, name.start) == Some(b'-');
    let trail = quote_at(line, name.end).filter(|(quote, _)| lead.is_none_or(|lead| lead == *quote));
    if let Some((quote, behind)) = trail {
        return after_quoted_name(line, quote, behind, is_option);
    }
    let sign = skip(line, name.end, is_blank);
    let behind = match byte(line, sign) {
        Some(b'=') if byte(line, sign + 1) == Some(b'>') => sign + 2,
        Some(b':') if byte(line, sign + 1) == Some(b'=') => sign + 2,
        Some(b':' | b'=') => sign + 1,
        Some(_) if is_option && sign > name.end => return argument(line, sign, lead),
        Some(0) if is_option => return argument(line, sign + 1, None),
        _ => return None,
    };
    let at = skip(line, behind, is_blank);
    let spaced = at > behind;
    if let Some((quote, from)) = opening(line, at)
        && lead != Some(quote)
    {
        return Some(text(line, quote, from));
    }
    match byte(line, at) {
        None | Some(0) => None,
        // A message of protobuf text, or a map.
        Some(b'<' | b'{') if !spaced && byte(line, behind - 1) == Some(b':') => None,
        Some(_) => Some(match lead {
            // `"NAME=all of it"`
            Some(quote) => text(line, quote, at),
            None if is_option => Place::Word { span: at..word_end(line, at, false), spaced },
            None if is_of_environment(line, name.start) => Place::Rest { span: at..line_end(line, at).min(string_end(line, at)) },
            None if is_first(line, name.start) => Place::Rest { span: at..line_end(line, at) },
            None => Place::Word { span: at..word_end(line, at, true), spaced },
        }),
    }
}

fn after_quoted_name(line: &[u8], name: Quote, behind: usize, is_option: bool) -> Option<Place> {
    let sign = skip(line, behind, is_blank);
    let mark = byte(line, sign)?;
    let at = skip(line, sign + 1, is_blank);
    match mark {
        b',' if is_option => quote_at(line, at).map(|(quote, from)| text(line, quote, from)),
        b':' | b'=' => {
            if let Some((quote, from)) = quote_at(line, at) {
                return quote.is_within(name).then(|| text(line, quote, from));
            }
            match byte(line, at)? {
                b'[' => Some(Place::List { from: at + 1, name }),
                b'{' | b',' | b'}' | b']' => None,
                _ => {
                    let end = skip(line, at, |b| !b.is_ascii_whitespace() && !matches!(b, b',' | b'}' | b']' | b'"' | b'\\'));
                    Some(Place::Naked { span: at..end, name })
                }
            }
        }
        _ => None,
    }
}

/// The argument that follows an option after a blank.
fn argument(line: &[u8], at: usize, lead: Option<Quote>) -> Option<Place> {
    if let Some((quote, from)) = opening(line, at) {
        return Some(text(line, quote, from));
    }
    match lead {
        Some(quote) => Some(text(line, quote, at)),
        None if rest(line, at).starts_with(b"--") => None,
        None => Some(Place::Word { span: at..word_end(line, at, false), spaced: true }),
    }
}

fn text(line: &[u8], quote: Quote, from: usize) -> Place {
    let (end, next) = quoted(line, quote, from);
    Place::Text { span: from..end, next }
}

/// The end of the line, without blanks. NUL parts the variables of an environment.
fn line_end(line: &[u8], from: usize) -> usize {
    let all = rest(line, from);
    let all = part(all, 0..memchr::memchr(0, all).unwrap_or(all.len()));
    from + all.trim_ascii_end().len()
}
