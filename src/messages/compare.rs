//! A few bytes that are compared, or looked for, often. libc's way is made for many: it is called, and where it has AVX-512 it takes the bytes by a mask, which some
//! processors do slowly where nothing lies, as behind the pointer of what is empty. That took a quarter of all time.

/// Whether two texts are the same.
#[inline]
pub(crate) fn is_equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && is_alike(one, other)
}

/// What stands behind a beginning.
#[inline]
pub(crate) fn behind<'t>(text: &'t [u8], begin: &[u8]) -> Option<&'t [u8]> {
    let (there, rest) = text.split_at_checked(begin.len())?;
    if is_alike(there, begin) { Some(rest) } else { None }
}

/// Where words first stand in a text: looked for by a byte of theirs, which had better be seldom (see [`telling_byte`]).
#[inline]
pub(super) fn find(words: &[u8], (byte, place): (u8, usize), text: &[u8]) -> Option<usize> {
    let last = text.len().checked_sub(words.len())?;
    let mut from = 0;
    loop {
        from += memchr::memchr(byte, text.get(from + place..=last + place)?)?;
        if is_alike(text.get(from..from + words.len())?, words) {
            return Some(from);
        }
        from += 1;
    }
}

/// The byte of some words that stands least often in what etcd's lines carry, which are keys, ids, numbers, and addresses; and its place.
pub(super) fn telling_byte(words: &[u8]) -> (u8, usize) {
    let commonness = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' => 4,
        b'/' | b'-' | b'.' | b':' => 3,
        b' ' | b'"' => 2,
        b'A'..=b'Z' => 1,
        _ => 0,
    };
    let bytes = words.iter().copied().enumerate().map(|(place, byte)| (byte, place));
    bytes.min_by_key(|(byte, place)| (commonness(*byte), *place)).unwrap_or_default()
}

/// Of two texts as long as one another: eight bytes at a time, the last ones over again where they do not fill eight.
#[inline]
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let (ones, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
    if !ones.iter().zip(others).all(|(one, other)| one == other) {
        return false;
    }
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(one), Some(other)) => one == other,
        _ => one.iter().zip(other).all(|(one, other)| one == other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_first_stand() {
        for words in ["\" with result \"", ") to", " ", "aab", "for", "=>"] {
            for text in [
                "",
                "a",
                "aaab aab",
                "\"x\" with result \"y\" with result \"",
                "a) t) to) to",
                "before => for",
                "=",
                "=>",
                "ffor fo",
            ] {
                let by = telling_byte(words.as_bytes());
                assert_eq!(find(words.as_bytes(), by, text.as_bytes()), text.find(words), "{words:?} in {text:?}");
            }
        }
    }

    #[test]
    fn one_other_byte_is_seen_wherever_it_stands() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).collect();
            assert!(is_equal(&text, &text.clone()));
            assert!(!is_equal(&text, &[text.as_slice(), b"!"].concat()));
            assert_eq!(behind(&[text.as_slice(), b"!"].concat(), &text), Some(&b"!"[..]));
            assert_eq!(behind(&text, &[text.as_slice(), b"!"].concat()), None);
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 1;
                assert!(!is_equal(&text, &other) && behind(&text, &other).is_none(), "{length} {at}");
            }
        }
    }
}
