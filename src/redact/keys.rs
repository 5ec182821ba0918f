//! Where a line has names of keys in etcd's store: requests, traces, JSON, URLs, errors.

use std::ops::Range;

use super::{
    cut::{Cut, Kind},
    names::{hide, pseudonym_end},
    shape::{self, Quote, byte, part, rest, skip},
};

/// Names of fields that hold a key, in protobuf text, traces and JSON.
const FIELDS: [&str; 8] = ["key", "keys", "range_begin", "range_end", "rangeEnd", "range-begin", "range-end", "Key"];
/// What can follow a key in a trace of 3.4 and later.
const OF_A_TRACE: [&str; 16] = [
    "}",
    "range_end:",
    "range_begin:",
    "req_size:",
    "req_type:",
    "response_count:",
    "response_revision:",
    "rev:",
    "revision:",
    "limit:",
    "range_limit:",
    "key:",
    "count:",
    "value_size:",
    "number_of_response:",
    "read_only:",
];

/// A field that may hold a key: `key:"…"`, `{key:…;`, `"key":"…"`, `range_end:…`.
pub(super) fn field(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    let written = part(line, name.clone());
    if !FIELDS.iter().any(|field| field.as_bytes() == written) {
        return None;
    }
    let lead = shape::quote_before(line, name.start);
    // zap fields can have two words: `"request key":"…"`.
    let is_quoted = lead.is_some() || part(line, 0..name.start).ends_with(b"\"request ");
    if let Some((quote, behind)) = shape::quote_at(line, name.end)
        && is_quoted
        && lead.is_none_or(|lead| lead == quote)
    {
        return of_json(cut, quote, behind, salt);
    }
    if byte(line, name.end) != Some(b':') {
        return None;
    }
    let at = name.end + 1;
    if let Some((quote, from)) = shape::opening(line, at) {
        let (end, next) = shape::quoted(line, quote, from);
        hide(cut, from..end, salt);
        return Some(next);
    }
    // Newer protobuf text puts a blank before the quote; so does YAML, for anything.
    let mark = part(line, 0..name.start).trim_ascii_end().last().copied();
    let spaced = skip(line, at, shape::is_blank);
    if spaced > at {
        let (quote, from) = shape::opening(line, spaced).filter(|_| matches!(mark, Some(b'<' | b'{')))?;
        let (end, next) = shape::quoted(line, quote, from);
        hide(cut, from..end, salt);
        return Some(next);
    }
    let is_of_trace = matches!(mark, Some(b'{' | b';')) || part(line, 0..name.start).ends_with(b"put ");
    if !is_of_trace || byte(line, at) == Some(b'<') {
        return None;
    }
    let end = trace_end(line, at);
    hide(cut, at..end, salt);
    Some(end)
}

/// `"key":"…"`, and an array of keys. A path of a file that is named so stays.
fn of_json(cut: &mut Cut<'_, '_>, name: Quote, behind: usize, salt: &[u8]) -> Option<usize> {
    let line = cut.line;
    let sign = skip(line, behind, shape::is_blank);
    if byte(line, sign) != Some(b':') {
        return None;
    }
    let mut at = skip(line, sign + 1, shape::is_blank);
    let is_list = byte(line, at) == Some(b'[');
    at += usize::from(is_list);
    while let Some((quote, from)) = shape::quote_at(line, at)
        && quote.is_within(name)
    {
        let (end, next) = shape::quoted(line, quote, from);
        if !is_file(part(line, from..end)) {
            hide(cut, from..end, salt);
        }
        at = skip(line, next, |b| b == b',' || b == b' ');
        // zap's `"key":"a","end":"b"` is a range; elsewhere an end is a time.
        let end_name =
            shape::quote_at(line, at).filter(|(_, from)| rest(line, *from).starts_with(b"end")).map(|(_, from)| from + 3);
        let colon = end_name.and_then(|end| shape::quote_at(line, end)).map(|(_, colon)| colon);
        if let Some(colon) = colon.filter(|colon| byte(line, *colon) == Some(b':')) {
            at = colon + 1;
            continue;
        }
        if !is_list {
            return Some(next);
        }
    }
    Some(at)
}

/// Whether a text is the path of a file with a key in it.
fn is_file(text: &[u8]) -> bool {
    let folders = ["/etc/", "/var/", "/opt/", "/usr/", "/run/", "/srv/", "/root/", "/home/"];
    folders.iter().any(|folder| text.starts_with(folder.as_bytes()))
        && [".key", ".pem", ".crt"].iter().any(|end| text.ends_with(end.as_bytes()))
}

/// Where an unquoted key in a trace ends.
fn trace_end(line: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = memchr::memchr2(b';', b'"', rest(line, at)) {
        at += found;
        if byte(line, at) == Some(b';') {
            let next = rest(line, at + 1).trim_ascii_start();
            let is_end = next.is_empty() || matches!(next.first(), Some(b'"' | b'\\'));
            if is_end || OF_A_TRACE.iter().any(|field| next.starts_with(field.as_bytes())) {
                return at;
            }
        } else if matches!(byte(line, at + 1), None | Some(b',' | b'}' | b']')) {
            let slashes = part(line, from..at).iter().rev().take_while(|b| **b == b'\\').count();
            return at - slashes;
        }
        at += 1;
    }
    line.len()
}

/// The key in the path of a v2 request: `/v2/keys/foo/bar?wait=true`. Values among the query go too.
pub(super) fn of_url(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let line = cut.line;
    let from = found.end;
    if byte(line, from) != Some(b'/') {
        return None;
    }
    let end = mark_or(line, from, |b| !is_url_end(b) && b != b'?');
    let end = end - part(line, from..end).iter().rev().take_while(|b| matches!(b, b':' | b',' | b'.' | b';')).count();
    hide(cut, from..end, salt);
    if byte(line, end) != Some(b'?') {
        return Some(end);
    }
    let mut at = end + 1;
    loop {
        let next = mark_or(line, at, |b| !is_url_end(b) && b != b'&');
        let setting = part(line, at..next);
        for name in ["value=", "prevValue="] {
            if setting.starts_with(name.as_bytes()) {
                cut.remove(at + name.len()..next, Kind::Value);
            }
        }
        if byte(line, next) != Some(b'&') {
            return Some(next);
        }
        at = next + 1;
    }
}

/// Where the bytes that meet the test end; what was put in place of a name or value counts as such bytes.
fn mark_or(line: &[u8], from: usize, test: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    loop {
        at = skip(line, at, &test);
        let opened = part(line, from..at).iter().rev().take(8).position(|b| *b == b'[').map(|back| at - back - 1);
        let Some(end) = opened.and_then(|open| mark_end(line, open)).filter(|end| *end > at) else { return at };
        at = end;
    }
}

fn mark_end(line: &[u8], at: usize) -> Option<usize> {
    pseudonym_end(line, at).or_else(|| super::cut::mark_end(line, at))
}

fn is_url_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | b'"' | b'\'' | b'\\' | b'<' | b'>' | b')' | b'`')
}

/// The path of a v2 request: `Path:"/1/foo"`, or `"path":"/foo"` beside a method.
pub(super) fn of_path(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    let written = part(line, name.clone());
    let is_proto = written == b"Path";
    if !is_proto && written != b"path" {
        return None;
    }
    let behind = shape::quote_at(line, name.end).map_or(name.end, |(_, behind)| behind);
    if byte(line, behind) != Some(b':') {
        return None;
    }
    let (quote, from) = shape::opening(line, skip(line, behind + 1, shape::is_blank))?;
    let path = rest(line, from);
    // `/0` is where etcd keeps its members, `/1` what the clients wrote.
    let of_client = path.starts_with(b"/1/") || path.starts_with(b"/1[key ");
    let of_others = ["/0/", "/v2/", "/v3", "/health", "/metrics", "/version", "/debug", "/livez", "/readyz"];
    if of_others.iter().any(|other| path.starts_with(other.as_bytes())) {
        return None;
    }
    let before = part(line, name.start.saturating_sub(64)..name.start);
    let is_request = is_proto || of_client || memchr::memmem::find(before, b"method").is_some();
    if !is_request {
        return None;
    }
    let (end, next) = shape::quoted(line, quote, from);
    hide(cut, from + if of_client { 2 } else { 0 }..end, salt);
    Some(next)
}

/// A key that an error of v2 names in parentheses: `Key not found (/foo) [5]`; the values that were compared go whole.
pub(super) fn of_error(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let (line, from) = (cut.line, found.end);
    let is_value =
        byte(line, from) == Some(b'[') && line.get(found.clone()).is_some_and(|t| t.eq_ignore_ascii_case(b"compare failed ("));
    if !is_value && byte(line, from) != Some(b'/') {
        return None;
    }
    let here = part(line, from..shape::string_end(line, from));
    let end = from + memchr::memmem::find(here, b") [").or_else(|| memchr::memchr(b')', here)).unwrap_or(here.len());
    if is_value {
        return Some(cut.remove(from..end, Kind::Value));
    }
    hide(cut, from..end, salt);
    Some(end)
}

/// The same in JSON: `"cause":"/foo"`.
pub(super) fn of_cause(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let line = cut.line;
    let (_, behind) = shape::quote_at(line, found.end)?;
    if byte(line, behind) != Some(b':') {
        return None;
    }
    let (quote, from) = shape::quote_at(line, skip(line, behind + 1, shape::is_blank))?;
    let first = byte(line, from).filter(|b| matches!(b, b'/' | b'['))?;
    let (end, next) = shape::quoted(line, quote, from);
    if first == b'/' {
        hide(cut, from..end, salt);
    } else if mark_end(line, from).is_none() {
        cut.remove(from..end, Kind::Value);
    }
    Some(next)
}

/// The keys of a lease: `attached keys([a b])`. Blanks part them and may be in them, so all get one pseudonym.
pub(super) fn of_lease(cut: &mut Cut<'_, '_>, found: &Range<usize>, salt: &[u8]) -> Option<usize> {
    let here = part(cut.line, found.end..shape::string_end(cut.line, found.end));
    let end = found.end + memchr::memmem::find(here, b"])").unwrap_or(here.len());
    hide(cut, found.end..end, salt);
    Some(end)
}
