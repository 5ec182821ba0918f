//! Private keys: PEM blocks on one line or over many, and base64 of them.

use std::ops::Range;

use super::{
    cut::{Cut, Kind},
    shape::{self, Place, byte, part, rest, skip},
};

/// Longest label between `-----BEGIN ` and its dashes.
const LONGEST_LABEL: usize = 48;
/// A block that is longer was never closed: a key of 16384 bits has 200 lines.
const MOST_LINES: u32 = 256;
/// A run of this many letters of base64 is no word.
const LONG_RUN: usize = 40;
/// What follows `-----BEGIN ` in base64, for certificates and public keys: `CERT`, `TRUSTED`, `PUBLIC`, `X509`.
const PUBLIC: [&str; 4] = ["BDRVJU", "BUUlVTVEVE", "BQVUJMSU", "BYNTA5"];

/// A private key whose end was not seen yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    lines_left: u32,
}

/// The beginning of a block. Gives where to go on, and whether the block goes on behind this line.
pub(super) fn begin(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<(usize, Option<Open>)> {
    let line = cut.line;
    let from = found.end;
    let label = skip(part(line, 0..line.len().min(from + LONGEST_LABEL)), from, |b| b.is_ascii_alphanumeric() || b == b' ');
    if memchr::memmem::find(part(line, from..label), b"PRIVATE KEY").is_none() || !rest(line, label).starts_with(b"-----") {
        return None;
    }
    let body = label + 5;
    let here = part(line, body..body + memchr::memchr2(b'"', b'\'', rest(line, body)).unwrap_or(line.len()));
    let ended = memchr::memmem::find(here, b"-----END ");
    let end = match ended {
        Some(end) => after_label(line, body + end),
        None if body + here.len() < line.len() => before_quote(line, body, body + here.len()),
        None => body + here.trim_ascii_end().len(),
    };
    cut.remove(found.start..end, Kind::PrivateKey);
    Some((end, ended.is_none().then_some(Open { lines_left: MOST_LINES })))
}

/// A line while a block is open: its part of the key goes without a trace. Gives whether the block is still open.
pub(super) fn within(cut: &mut Cut<'_, '_>, open: Open) -> (usize, Option<Open>) {
    let line = cut.line;
    if let Some(dashes) = memchr::memmem::find(line, b"-----END ") {
        let before = part(line, 0..dashes);
        let body = before.iter().rev().take_while(|b| is_of_base64(**b) || **b == b'\\').count();
        let end = after_label(line, dashes);
        cut.swap(dashes - body..end, b"");
        return (end, None);
    }
    let still = open.lines_left.checked_sub(1).filter(|left| *left > 0).map(|lines_left| Open { lines_left });
    let Some(span) = body(line) else { return (0, still) };
    cut.swap(span.clone(), b"");
    (span.end, still)
}

/// What in a line is a part of a key.
fn body(line: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    let mut longest = 0..0;
    while at < line.len() {
        let end = skip(line, at, is_of_base64);
        if end - at > longest.len() {
            longest = at..end;
        }
        at = end + 1;
    }
    if longest.len() >= LONG_RUN {
        return Some(longest);
    }
    // The last, short line: alone, behind the header of a log, or in a field of docker's or journald's JSON.
    let is_whole = |span: &Range<usize>| !span.is_empty() && part(line, span.clone()).iter().all(|b| is_of_base64(*b));
    for field in ["\"log\":\"", "\"MESSAGE\":\""] {
        if let Some(found) = memchr::memmem::find(line, field.as_bytes()) {
            let from = found + field.len();
            let span = from..skip(line, from, is_of_base64);
            return (!span.is_empty() && matches!(byte(line, span.end), Some(b'"' | b'\\'))).then_some(span);
        }
    }
    let trimmed = line.len() - line.trim_ascii_start().len()..line.trim_ascii_end().len();
    let text = rest(line, trimmed.start);
    if text.starts_with(b"Proc-Type:") || text.starts_with(b"DEK-Info:") || is_whole(&trimmed) {
        return Some(trimmed);
    }
    let word = part(line, 0..trimmed.end).iter().rev().take_while(|b| is_of_base64(**b)).count();
    let last = trimmed.end - word..trimmed.end;
    let written = part(line, last.clone());
    let is_mixed = written.iter().any(u8::is_ascii_uppercase) && written.iter().any(u8::is_ascii_digit);
    (written.ends_with(b"=") || is_mixed).then_some(last)
}

/// Base64 of a whole PEM block that is no certificate.
pub(super) fn encoded(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let before = found.start.checked_sub(1).and_then(|at| byte(line, at));
    if !part(line, found.clone()).starts_with(b"LS0tLS1CRUdJTi") || before.is_some_and(is_of_base64_but_sign) {
        return None;
    }
    let end = skip(line, found.start, is_of_base64);
    let is_public = PUBLIC.iter().any(|label| rest(line, found.end).starts_with(label.as_bytes()));
    Some(if is_public { end } else { cut.remove(found.start..end, Kind::PrivateKey) })
}

/// `client-key-data: …` of a kubeconfig.
pub(super) fn key_data(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let name = shape::name_around(cut.line, found);
    let place = shape::value_of(cut.line, &name)?;
    match place {
        Place::List { .. } => None,
        place => super::secrets::take(cut, place, Kind::PrivateKey),
    }
}

/// Behind the label that closes a block, from its first dashes.
fn after_label(line: &[u8], dashes: usize) -> usize {
    let from = dashes + 5;
    let label = skip(part(line, 0..line.len().min(from + LONGEST_LABEL)), from, |b| b != b'-' && b != b'"' && b != b'\'');
    let end = skip(line, label, |b| b == b'-');
    // A label that is cut off leaves its backslashes to the quote behind it.
    if end == label { before_quote(line, from, end) } else { end }
}

/// The place before the backslashes that belong to a quote.
fn before_quote(line: &[u8], from: usize, quote: usize) -> usize {
    quote - part(line, from..quote).iter().rev().take_while(|b| **b == b'\\').count()
}

fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `=` also parts a name from its value.
fn is_of_base64_but_sign(byte: u8) -> bool {
    is_of_base64(byte) && byte != b'='
}
