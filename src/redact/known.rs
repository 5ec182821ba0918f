//! Secrets of well-known services, by how they begin: tokens, hashes of passwords, keys of clouds, cookies, logins of registries.

use std::ops::Range;

use super::{
    base64,
    cut::{Cut, Kind},
    secrets,
    shape::{self, Place, byte, part, rest, skip},
};

/// The shortest rest of a token behind the beginning that its service gives it.
const SHORTEST: usize = 16;
/// The shortest hash of a password: that of MD5 has 22 letters.
const SHORTEST_HASH: usize = 20;

/// A token whose beginning says whose it is: it is spelled just so.
pub(super) fn token(cut: &mut Cut<'_, '_>, found: &Range<usize>, spelled: &[u8]) -> Option<usize> {
    let line = cut.line;
    let end = skip(line, found.end, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'=' | b'~'));
    let word = part(line, found.end..end);
    // The point of a sentence is none of it.
    let end = end - word.iter().rev().take_while(|b| **b == b'.').count();
    let is_one = part(line, found.clone()) == spelled && !is_inside(line, found.start) && end - found.end.min(end) >= SHORTEST;
    let is_mixed = word.iter().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    (is_one && is_mixed).then(|| cut.remove(found.start..end, Kind::Token))
}

/// What stands behind the address of a webhook: whoever knows it can post.
pub(super) fn webhook(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let end = skip(line, found.end, |b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_'));
    (end - found.end >= SHORTEST).then(|| cut.remove(found.end..end, Kind::Token))
}

/// A token of k3s and RKE2: `K10`, a hash, `::`, who may use it, and the secret.
pub(super) fn k3s(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let hash = skip(line, found.end, |b| b.is_ascii_hexdigit());
    let is_one = hash - found.end >= 32 && rest(line, hash).starts_with(b"::") && !is_inside(line, found.start);
    is_one.then(|| cut.remove(found.start..shape::word_end(line, hash, true), Kind::Token))
}

/// A hash of a password, as crypt(3), bcrypt, Apache and LDAP write them.
pub(super) fn hash(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let is_of_hash = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'$' | b'=' | b',' | b'+' | b'}');
    let end = skip(line, found.end, is_of_hash);
    let last = part(line, found.end..end).rsplit(|b| matches!(b, b'$' | b'}')).next().unwrap_or_default();
    (last.len() >= SHORTEST_HASH).then(|| cut.remove(found.start..end, Kind::Password))
}

/// `AccountKey=…`, `SharedAccessKey=…`, `"private_key_id":"…"`.
pub(super) fn key(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let name = shape::name_around(cut.line, found);
    if name.end != found.end {
        return None;
    }
    secrets::take(cut, shape::value_of(cut.line, &name)?, Kind::Token)
}

/// The signature of a URL that grants access by itself: `&sig=…`.
pub(super) fn signature(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let end = skip(line, found.end, |b| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'+' | b'/' | b'=' | b'-' | b'_'));
    (end - found.end >= SHORTEST).then(|| cut.remove(found.end..end, Kind::Token))
}

/// `Cookie: NAME=VALUE; …`, `"Set-Cookie":["…"]`: the whole header.
pub(super) fn cookie(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    let written = part(line, name.clone()).to_ascii_lowercase();
    if written != b"cookie" && written != b"set-cookie" {
        return None;
    }
    match shape::value_of(line, &name)? {
        Place::Word { span, .. } | Place::Rest { span } => {
            let end = shape::string_end(line, span.start);
            let all = part(line, span.start..end).trim_ascii_end();
            memchr::memchr(b'=', part(line, span.start..end))?;
            Some(cut.remove(span.start..span.start + all.len(), Kind::Token))
        }
        place @ (Place::Text { .. } | Place::List { .. }) => secrets::take(cut, place, Kind::Token),
        Place::Naked { .. } => None,
    }
}

/// `"auth":"BASE64"`, as Docker keeps the login of a registry.
pub(super) fn registry_login(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    if part(line, name.clone()) != b"auth" {
        return None;
    }
    let place = shape::value_of(line, &name)?;
    let Place::Text { span, .. } = &place else { return None };
    let login = base64::printable(part(line, span.clone()))?;
    memchr::memchr(b':', &login)?;
    secrets::take(cut, place, Kind::Password)
}

/// Whether a letter or digit stands before a place.
fn is_inside(line: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| byte(line, before)).is_some_and(|b| b.is_ascii_alphanumeric())
}
