//! Lines of docker's json-file, of which each has a line of the log as a string.

use super::{date::Dates, quotes::copy_plain};

const BEGIN: &[u8] = b"{\"log\":\"";

/// Whether a line is one of docker's.
pub(super) fn is_one(line: &[u8]) -> bool {
    line.starts_with(BEGIN)
}

/// Puts the line that it holds into `inner`, and says where docker's date stands. None where the line goes on in the next object, has signs that
/// are seldom, or looks otherwise.
pub(super) fn unwrap(line: &str, inner: &mut Vec<u8>, dates: &mut Option<Dates>) -> Option<(usize, usize)> {
    let line = line.as_bytes();
    // It is no longer than the line that holds it.
    inner.resize(line.len(), 0);
    let mut rest = line.strip_prefix(BEGIN)?;
    let (mut filled, mut is_ended) = (0, false);
    loop {
        let length = copy_plain(rest, inner.get_mut(filled..)?)?;
        if length > 0 && is_ended {
            // More than one line.
            return None;
        }
        filled += length;
        let (sign, escape) = match *rest.get(length..)? {
            [b'"', ref behind @ ..] => {
                rest = behind;
                break;
            }
            _ if is_ended => return None,
            [b'\\', b'n', ref behind @ ..] => {
                (rest, is_ended) = (behind, true);
                continue;
            }
            [b'\\', sign @ (b'"' | b'\\' | b'/'), ..] => (sign, 2),
            [b'\\', b't', ..] => (b'\t', 2),
            // Go writes `<`, `>` and `&` so.
            [b'\\', b'u', ref behind @ ..] => {
                let hex = behind.get(..4).and_then(|hex| std::str::from_utf8(hex).ok())?;
                let sign = u8::from_str_radix(hex, 16).ok();
                (sign.filter(|sign| (b' '..0x7f).contains(sign) && !hex.starts_with('+'))?, 6)
            }
            _ => return None,
        };
        *inner.get_mut(filled)? = sign;
        filled += 1;
        rest = rest.get(length + escape..)?;
    }
    inner.truncate(filled);
    let rest = [&b",\"stream\":\"stderr\",\"time\":\""[..], b",\"stream\":\"stdout\",\"time\":\""]
        .into_iter()
        .find_map(|s| rest.strip_prefix(s))?;
    let from = line.len() - rest.len();
    let length = memchr::memchr(b'"', rest).filter(|length| is_ended && rest.get(*length..) == Some(b"\"}"))?;
    // An instant: without a zone the line's own date may say more.
    let date = rest.get(..length)?;
    if !date.ends_with(b"Z") && !date.contains(&b'+') {
        return None;
    }
    if dates.as_mut().and_then(|dates| dates.meet(rest)) != Some(length) {
        *dates = Some(Dates::of(std::str::from_utf8(date).ok()?)?);
    }
    Some((from, from + length))
}

/// Where a sign of the line that was unwrapped stands in the one that holds it.
pub(super) fn place_in(line: &str, inner: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut at = BEGIN.len();
    for _ in 0..inner {
        at += match bytes.get(at..)? {
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => 1,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_line_is_taken_out_and_others_are_left() {
        let whole = r#"{"log":"a \"b\" \u003e c\n","stream":"stderr","time":"2026-11-22T15:46:32.123456789Z"}"#;
        let (mut inner, mut dates) = (Vec::new(), None);
        let (from, to) = unwrap(whole, &mut inner, &mut dates).unwrap();
        assert_eq!((inner.as_slice(), &whole[from..to]), (&b"a \"b\" > c"[..], "2026-11-22T15:46:32.123456789Z"));
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
            r#"{"log":"a"#,
        ] {
            assert_eq!(unwrap(line, &mut inner, &mut dates), None, "{line}");
        }
    }
}
