//! Secrets that are known by their looks: user and password before a host, JSON web tokens, tokens of well-known services.

use std::ops::Range;

use super::{
    cut::{Cut, Kind, mark_end},
    shape::{self, Place, byte, part, rest, skip},
};

/// The shortest part of a JSON web token that is taken for one.
const SHORTEST_PART: usize = 8;

/// `://user:password@host`: the user stays.
pub(super) fn user_info(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let from = found.end;
    let end =
        skip(line, from, |b| !b.is_ascii_whitespace() && !matches!(b, 0 | b'/' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`'));
    let authority = part(line, from..end);
    let host = memchr::memrchr(b'@', authority)?;
    let password = memchr::memchr(b':', authority).filter(|colon| *colon < host)? + 1;
    Some(cut.remove(from + password..from + host, Kind::Password))
}

/// `--user name:password`, `-u name:password`, `user add name:password`, `ETCDCTL_USER=name:password`: the name stays.
pub(super) fn user_option(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let (lead, value) = match byte(line, found.end)? {
        b'=' => (shape::quote_before(line, found.start), found.end + 1),
        b':' => (None, skip(line, found.end + 1, shape::is_blank)),
        b' ' | b'\t' | 0 => (None, skip(line, found.end, |b| shape::is_blank(b) || b == 0)),
        _ if byte(line, found.end - 1) == Some(b' ') => (None, found.end),
        b'"' | b'\'' | b'\\' => {
            let (_, behind) = shape::quote_at(line, found.end)?;
            (None, skip(line, behind, |b| b == b',' || shape::is_blank(b)))
        }
        _ => return None,
    };
    let span = match (shape::opening(line, value), lead) {
        (Some((quote, from)), _) => from..shape::quoted(line, quote, from).0,
        (None, Some(quote)) => value..shape::quoted(line, quote, value).0,
        (None, None) => value..shape::word_end(line, value, false),
    };
    let both = part(line, span.clone());
    let colon = memchr::memchr(b':', both)?;
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    // Numbers of a user and a group, as containers are started with; and a URL is none.
    let is_ids = is_number(part(both, 0..colon)) && is_number(rest(both, colon + 1));
    let is_no_name = matches!(both.first(), Some(b':' | b'+' | b'-'));
    if is_no_name || is_ids || rest(both, colon).starts_with(b"://") || mark_end(line, span.start + colon + 1).is_some() {
        return None;
    }
    Some(cut.remove(span.start + colon + 1..span.end, Kind::Password))
}

/// A JSON web token.
pub(super) fn json_web_token(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    if !part(line, found.clone()).starts_with(b"eyJ") || continues_word(line, found.start) {
        return None;
    }
    let end = skip(line, found.start, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let mut parts = part(line, found.start..end).split(|b| *b == b'.');
    let is_long = |part: Option<&[u8]>| part.is_some_and(|part| part.len() >= SHORTEST_PART);
    if is_long(parts.next()) && is_long(parts.next()) {
        return Some(cut.remove(found.start..end, Kind::Token));
    }
    Some(end)
}

/// An identifier of an access key of AWS: `AKIA` and sixteen capitals.
pub(super) fn access_key(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let end = found.start + 20;
    let word = part(line, found.start..end);
    let is_id = word.len() == 20 && word.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let is_whole = !continues_word(line, found.start) && !byte(line, end).is_some_and(|b| b.is_ascii_alphanumeric());
    (is_id && is_whole).then(|| cut.remove(found.start..end, Kind::Token))
}

/// A token of GitHub.
pub(super) fn code_host(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    if continues_word(line, found.start) {
        return None;
    }
    let end = skip(line, found.end, |b| b.is_ascii_alphanumeric() || b == b'_');
    if end - found.end >= 20 { Some(cut.remove(found.start..end, Kind::Token)) } else { Some(end) }
}

/// The identifier of a cluster at a discovery service: whoever knows it can join.
pub(super) fn discovery(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    if part(line, found.clone()).starts_with(b"://") {
        return last_segment(cut, found.end);
    }
    let name = shape::name_around(line, found);
    let written: Vec<u8> =
        part(line, name.clone()).iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    let is_known =
        ["discovery", "discoveryurl", "discoverytoken", "discoverykey"].iter().any(|end| written.ends_with(end.as_bytes()));
    if !is_known {
        return None;
    }
    let span = match shape::value_of(line, &name)? {
        Place::Text { span, .. } | Place::Word { span, .. } | Place::Rest { span } => span,
        Place::Naked { .. } | Place::List { .. } => return None,
    };
    let value = part(line, span.clone());
    match memchr::memmem::find(value, b"://") {
        Some(scheme) => last_segment(cut, span.start + scheme + 3),
        None if written.ends_with(b"key") => Some(cut.remove(span, Kind::Token)),
        None => None,
    }
}

/// Takes out what stands behind the host of a URL, but for its folders. A path below `/v2/keys` is a key, and goes as one.
fn last_segment(cut: &mut Cut<'_, '_>, from: usize) -> Option<usize> {
    let line = cut.line;
    let from = user_info(cut, &(from..from)).unwrap_or(from);
    let mut slash = skip(line, from, |b| !is_url_end(b) && b != b'/');
    if byte(line, slash) != Some(b'/') || rest(line, slash).starts_with(b"/v2/keys") {
        return None;
    }
    let mut end;
    loop {
        end = skip(line, slash + 1, |b| !is_url_end(b) && b != b'/');
        if byte(line, end) != Some(b'/') || byte(line, end + 1).is_none_or(is_url_end) {
            break;
        }
        slash = end;
    }
    let word = part(line, slash + 1..end);
    let of_sentence = word.iter().rev().take_while(|b| matches!(b, b'.' | b',' | b':' | b';')).count();
    Some(cut.remove(slash + 1..end - of_sentence, Kind::Token))
}

fn is_url_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | b'"' | b'\'' | b'\\' | b'<' | b'>' | b')' | b'?' | b'#' | b'`')
}

/// Whether a letter or digit stands before a place.
fn continues_word(line: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| byte(line, before)).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
}
