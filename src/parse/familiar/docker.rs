//! Lines of docker's json-file, of which each has a line of the log as a string.

use super::date::Dates;

const BEGIN: &[u8] = b"{\"log\":\"";

/// Whether a line is one of docker's.
pub(super) fn is_one(line: &[u8]) -> bool {
    line.starts_with(BEGIN)
}

/// Puts the line that it holds into `inner`, and says where docker's date stands. None where the line goes on in the next object, has signs that
/// are seldom, or looks otherwise.
pub(super) fn unwrap(line: &[u8], inner: &mut Vec<u8>, dates: &mut Option<Dates>) -> Option<(usize, usize)> {
    inner.clear();
    let mut rest = line.strip_prefix(BEGIN)?;
    let mut is_ended = false;
    loop {
        let at = memchr::memchr2(b'"', b'\\', rest)?;
        let plain = rest.get(..at)?;
        // JSON has no control character in a string.
        if plain.iter().any(|b| *b < b' ') {
            return None;
        }
        inner.extend_from_slice(plain);
        if at > 0 && is_ended {
            // More than one line.
            return None;
        }
        if rest.get(at) == Some(&b'"') {
            rest = rest.get(at + 1..)?;
            break;
        }
        match rest.get(at + 1)? {
            _ if is_ended => return None,
            sign @ (b'"' | b'\\' | b'/') => inner.push(*sign),
            b't' => inner.push(b'\t'),
            b'n' => is_ended = true,
            // Go writes `<`, `>` and `&` so.
            b'u' => {
                let hex = rest.get(at + 2..at + 6).and_then(|hex| std::str::from_utf8(hex).ok())?;
                let sign =
                    u8::from_str_radix(hex, 16).ok().filter(|sign| (b' '..0x7f).contains(sign) && !hex.starts_with('+'))?;
                inner.push(sign);
                rest = rest.get(4..)?;
            }
            _ => return None,
        }
        rest = rest.get(at + 2..)?;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_line_is_taken_out_and_others_are_left() {
        let whole = br#"{"log":"a \"b\" \u003e c\n","stream":"stderr","time":"2026-11-22T15:46:32.123456789Z"}"#;
        let (mut inner, mut dates) = (Vec::new(), None);
        let (from, to) = unwrap(whole, &mut inner, &mut dates).unwrap();
        assert_eq!((inner.as_slice(), &whole[from..to]), (&b"a \"b\" > c"[..], &b"2026-11-22T15:46:32.123456789Z"[..]));
        for line in [
            r#"{"log":"a piece","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\nb\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\u00e9\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\n","stream":"stderr","time":"yesterday"}"#,
            r#"{"log":"a\n","stream":"stderr","attrs":{},"time":"2026-11-22T15:46:32.1Z"}"#,
            r#"{"log":"a\n","stream":"stderr","time":"2026-11-22T15:46:32.1Z"} "#,
            "{\"log\":\"a\tb\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T15:46:32.1Z\"}",
            r#"{"log":"a"#,
        ] {
            assert_eq!(unwrap(line.as_bytes(), &mut inner, &mut dates), None, "{line}");
        }
    }
}
