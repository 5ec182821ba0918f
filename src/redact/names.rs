//! What may be read of a key's name, and the pseudonym of the rest.

use std::{borrow::Cow, fmt::Write as _, ops::Range};

use sha2::{Digest as _, Sha256};

use super::{
    base64,
    cut::{Cut, Kind},
    shape::{byte, part, rest},
};

/// Where Kubernetes and OpenShift keep their resources.
const PREFIXES: [&str; 3] = ["/registry", "/kubernetes.io", "/openshift.io"];
/// Keys that etcd's own health check and the compaction of kube-apiserver use: nobody's data.
const OF_THE_SYSTEM: [&str; 2] = ["health", "compact_rev_key"];
/// Hexadecimal digits of a pseudonym.
const DIGITS: usize = 10;

/// Where the pseudonym ends that stands at a place.
pub(super) fn pseudonym_end(line: &[u8], at: usize) -> Option<usize> {
    let end = at + DIGITS + "[key ]".len();
    is_pseudonym(part(line, at..end)).then_some(end)
}

/// Hides what may not be read of a key.
pub(super) fn hide(cut: &mut Cut<'_, '_>, span: Range<usize>, salt: &[u8]) {
    let written = part(cut.line, span.clone());
    let decoded = base64::printable(written);
    let name = decoded.as_deref().unwrap_or(written);
    let kept = readable(name);
    let hidden = rest(name, kept);
    if hidden.is_empty() || is_pseudonym(hidden) {
        return;
    }
    let mut with = part(name, 0..kept).to_vec();
    with.extend_from_slice(pseudonym(salt, name).as_bytes());
    cut.replace(span, &with, Kind::KeyName);
}

/// How many bytes of a key may be read: up to the resource, or all.
fn readable(name: &[u8]) -> usize {
    if without_nul(name).is_empty() || OF_THE_SYSTEM.iter().any(|key| key.as_bytes() == name) {
        return name.len();
    }
    let Some((prefix, below)) = PREFIXES.iter().find_map(|prefix| Some((prefix.len(), name.strip_prefix(prefix.as_bytes())?)))
    else {
        return 0;
    };
    if matches!(without_nul(below), b"" | b"/" | b"0") {
        return name.len();
    }
    if below.first() != Some(&b'/') {
        return 0;
    }
    let mut kept = prefix + 1;
    for _ in 0..2 {
        let segment = rest(name, kept);
        let length = memchr::memchr(b'/', segment).unwrap_or(segment.len());
        let is_last = length == segment.len();
        let word = part(segment, 0..length);
        if !is_resource(if is_last { without_nul(word) } else { word }) {
            return kept;
        }
        if is_last || without_nul(rest(segment, length + 1)).is_empty() {
            return name.len();
        }
        kept += length + 1;
        // A group goes before its resource: `/registry/cilium.io/ciliumendpoints/…`.
        if !word.contains(&b'.') {
            break;
        }
    }
    kept
}

/// A name of a resource or a group, as Kubernetes writes them.
fn is_resource(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
}

/// Without the zero bytes that end a range, as bytes or escaped.
fn without_nul(mut name: &[u8]) -> &[u8] {
    loop {
        let cut = ["\0", "\\000", "\\x00", "\\u0000"].iter().find_map(|nul| name.strip_suffix(nul.as_bytes()));
        match cut {
            // A string within a string doubles the backslash.
            Some(left) => name = without_slashes(left),
            None => return name,
        }
    }
}

fn without_slashes(name: &[u8]) -> &[u8] {
    let slashes = name.iter().rev().take_while(|b| **b == b'\\').count();
    part(name, 0..name.len() - slashes)
}

fn is_pseudonym(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"[key ").and_then(|text| text.strip_suffix(b"]"));
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// The same for the same key, however deep it was quoted.
fn pseudonym(salt: &[u8], name: &[u8]) -> String {
    let digest = Sha256::new_with_prefix(salt).chain_update(unescaped(name)).finalize();
    let mut text = String::from("[key ");
    for byte in digest.iter().take(DIGITS / 2) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push(']');
    text
}

/// A name without the escapes of Go, protobuf text and JSON.
fn unescaped(name: &[u8]) -> Cow<'_, [u8]> {
    let mut name = Cow::Borrowed(name);
    // As deep as a protobuf text in zap's JSON in journald's.
    for _ in 0..4 {
        if memchr::memchr(b'\\', &name).is_none() {
            break;
        }
        name = Cow::Owned(one_level(&name));
    }
    name
}

fn one_level(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut at = 0;
    while let Some(here) = byte(name, at) {
        at += 1;
        if here != b'\\' {
            out.push(here);
            continue;
        }
        let number = |from: usize, digits: usize, base: u32| {
            let text = std::str::from_utf8(part(name, from..from + digits)).ok()?;
            u32::from_str_radix(text, base).ok()
        };
        let sign = byte(name, at);
        let (value, length) = match sign {
            Some(b'x') => (number(at + 1, 2, 16), 3),
            Some(b'u') => (number(at + 1, 4, 16), 5),
            Some(b'0'..=b'7') => (number(at, 3, 8), 3),
            Some(b'n') => (Some(10), 1),
            Some(b't') => (Some(9), 1),
            Some(b'r') => (Some(13), 1),
            Some(other) => (Some(u32::from(other)), 1),
            None => (None, 0),
        };
        match value.map(|value| (u8::try_from(value), char::from_u32(value))) {
            Some((Ok(byte), _)) if byte < 128 || sign != Some(b'u') => out.push(byte),
            Some((_, Some(char))) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            _ => {
                out.push(here);
                continue;
            }
        }
        at += length;
    }
    out
}
