//! Messages that journald writes as an array of bytes, because they are no plain text.

use std::{fmt::Write as _, ops::Range};

use super::shape::{byte, part, skip};

/// The bytes of `[104,105]` from behind its bracket, and where the array ends. `None` unless it is whole and holds bytes alone.
pub(super) fn bytes(line: &[u8], from: usize) -> Option<(Vec<u8>, Range<usize>)> {
    let end = skip(line, from, |b| b.is_ascii_digit() || matches!(b, b',' | b' '));
    let span = from..Some(end).filter(|end| byte(line, *end) == Some(b']'))?;
    let numbers = part(line, span.clone()).split(|b| *b == b',');
    let bytes = numbers.map(|number| std::str::from_utf8(number.trim_ascii()).ok()?.parse().ok()).collect::<Option<Vec<u8>>>()?;
    Some((bytes, span))
}

/// The same bytes as journald writes them.
pub(super) fn array(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(4 * bytes.len());
    for (place, byte) in bytes.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = write!(out, "{}{byte}", if place == 0 { "" } else { "," });
    }
    out
}
