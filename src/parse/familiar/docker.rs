//! Lines of docker's json-file, of which each has a line of the log as a string.

use super::{date::Dates, quotes::copy_plain};
use crate::messages::compare::behind;

const BEGIN: &[u8] = b"{\"log\":\"";

/// Whether a line is one of docker's.
pub(super) fn is_one(line: &[u8]) -> bool {
    line.starts_with(BEGIN)
}

/// What a line of docker's holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unwrapped {
    /// How long the line is that it holds.
    pub length: usize,
    /// Where docker's date stands.
    pub date: (usize, usize),
}

/// Puts the line that it holds to the beginning of `inner`. None where the line goes on in the next object, has signs that are seldom, or looks
/// otherwise.
pub(super) fn unwrap(line: &str, inner: &mut Vec<u8>, dates: &mut Option<Dates>) -> Option<Unwrapped> {
    let line = line.as_bytes();
    // It is no longer than the line that holds it.
    if inner.len() < line.len() {
        inner.resize(line.len(), 0);
    }
    let (mut rest, mut to) = (line.strip_prefix(BEGIN)?, inner.as_mut_slice());
    let room = to.len();
    loop {
        let plain = copy_plain(rest, to)?;
        let (sign, behind) = match rest.get(plain..)? {
            [b'\\', b'"', behind @ ..] => (b'"', behind),
            [b'\\', b'n', b'"', behind @ ..] => {
                rest = behind;
                to = to.get_mut(plain..)?;
                break;
            }
            [b'\\', sign @ (b'\\' | b'/'), behind @ ..] => (*sign, behind),
            [b'\\', b't', behind @ ..] => (b'\t', behind),
            // Go writes `<`, `>` and `&` so.
            [b'\\', b'u', behind @ ..] => {
                let (hex, behind) = behind.split_at_checked(4)?;
                let hex = std::str::from_utf8(hex).ok().filter(|hex| !hex.starts_with('+'))?;
                (u8::from_str_radix(hex, 16).ok().filter(|sign| (b' '..0x7f).contains(sign))?, behind)
            }
            // A piece of a line, or more than one.
            _ => return None,
        };
        let (place, behind_place) = to.get_mut(plain..)?.split_first_mut()?;
        *place = sign;
        (rest, to) = (behind, behind_place);
    }
    let length = room - to.len();
    let rest = [&b",\"stream\":\"stderr\",\"time\":\""[..], b",\"stream\":\"stdout\",\"time\":\""]
        .into_iter()
        .find_map(|begin| behind(rest, begin))?;
    let from = line.len() - rest.len();
    let end = memchr::memchr(b'"', rest).filter(|end| rest.get(*end..) == Some(b"\"}"))?;
    // An instant: without a zone the line's own date may say more.
    let date = rest.get(..end)?;
    if !date.ends_with(b"Z") && !date.contains(&b'+') {
        return None;
    }
    if dates.as_mut().and_then(|dates| dates.meet(rest)) != Some(end) {
        *dates = Some(Dates::of(std::str::from_utf8(date).ok()?)?);
    }
    Some(Unwrapped { length, date: (from, from + end) })
}

/// Where a sign of the line that was unwrapped stands in the one that holds it. `shift` is how much further it stood there last time.
pub(super) fn place_in(line: &str, inner: usize, shift: &mut usize) -> Option<usize> {
    let bytes = line.as_bytes();
    if is_shifted_by(bytes, inner, *shift) {
        return Some(BEGIN.len() + inner + *shift);
    }
    let mut at = BEGIN.len();
    for _ in 0..inner {
        at += match bytes.get(at..)? {
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => 1,
        };
    }
    *shift = at - BEGIN.len() - inner;
    Some(at)
}

/// Whether so many signs stand before a place of which each is escaped by one backslash.
fn is_shifted_by(line: &[u8], inner: usize, shift: usize) -> bool {
    let Some(before) = line.get(BEGIN.len()..BEGIN.len() + inner + shift) else { return false };
    let escapes = before.iter().filter(|byte| **byte == b'\\').count();
    let pairs = before.iter().zip(before.get(1..).unwrap_or_default());
    let others = pairs.filter(|(byte, next)| (**byte == b'\\') & ((**next == b'\\') | (**next == b'u'))).count();
    escapes == shift && others == 0 && before.last() != Some(&b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_line_is_taken_out_and_others_are_left() {
        let whole = r#"{"log":"a \"b\" \u003e c\n","stream":"stderr","time":"2026-11-22T15:46:32.123456789Z"}"#;
        let (mut inner, mut dates) = (Vec::new(), None);
        let Unwrapped { length, date: (from, to) } = unwrap(whole, &mut inner, &mut dates).unwrap();
        assert_eq!((&inner[..length], &whole[from..to]), (&b"a \"b\" > c"[..], "2026-11-22T15:46:32.123456789Z"));
        for line in [
            r#"{"log":"a piece","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\nb\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\u00e9\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\n","stream":"stderr","time":"yesterday"}"#,
            "{\"log\":\"a\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T15:46:32\t1Z\"}",
            r#"{"log":"a\n","stream":"stderr","time":"2026-11-22T15:46:32.2\45Z"}"#,
            r#"{"log":"a\n","stream":"stderr","attrs":{},"time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"} "#,
            "{\"log\":\"a\tb\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T15:46:32.1Z\"}",
            r#"{"log":"a\n\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a"#,
        ] {
            assert_eq!(unwrap(line, &mut inner, &mut dates), None, "{line}");
        }
    }
    #[test]
    fn a_sign_is_found_in_the_line_around_it_wherever_the_last_one_stood() {
        for inner in
            ["{\"level\":\"warn\",\"ts\":\"2026\"}", "a > b \\ \"c\"", "\\\\\\\\n", "plain", "\"\"\"\"\"\"u\"u", "<<<<\t\"<"]
        {
            let escaped = serde_json::to_string(inner).unwrap().replace('<', "\\u003c");
            let line = format!("{{\"log\":{escaped},\"stream\":\"stderr\"}}");
            for at in 0..inner.len() {
                let before = serde_json::to_string(&inner[..at]).unwrap().replace('<', "\\u003c");
                let there = BEGIN.len() + before.len() - 2;
                for last in 0..12 {
                    let mut shift = last;
                    assert_eq!(place_in(&line, at, &mut shift), Some(there), "{line} {at} {last}");
                }
            }
        }
    }
}
