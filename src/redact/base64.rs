//! Base64, as etcd's JSON writes keys: read only to see what a key is.

/// Places of the letters in the alphabet.
fn place(letter: u8) -> Option<u32> {
    let place = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(place))
}

/// The bytes of a text that is base64 of printable text, or of a single zero byte. `None` for any other: a key written plainly.
pub(super) fn printable(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(4) {
        return None;
    }
    let letters = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len()), 0_u32, 0_u32);
    for letter in letters {
        bits = (bits << 6) | place(*letter)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    let is_text = out.iter().all(|b| b.is_ascii_graphic() || *b == b' ') && !letters.starts_with(b"/");
    (is_text || out == [0]).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn text_is_read_and_a_plain_word_is_not_taken_for_it() {
        assert_eq!(printable(b"L3JlZ2lzdHJ5L3BvZHMv").as_deref(), Some(&b"/registry/pods/"[..]));
        assert_eq!(printable(b"L2Zvbw==").as_deref(), Some(&b"/foo"[..]));
        assert_eq!(printable(b"AA==").as_deref(), Some(&b"\0"[..]));
        for plain in ["", "/foo/bar", "foo", "health", "names123", "[key 3f2a9c0d11]"] {
            assert_eq!(printable(plain.as_bytes()), None, "{plain}");
        }
    }
}
