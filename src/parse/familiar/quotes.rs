//! Where a string of JSON ends: eight bytes are looked at together, since most strings of a log are short, and escapes are close together in
//! those that hold JSON themselves.

/// Bytes of which each is one of these: the lowest byte that is marked is, and those above it may be marked by the borrow.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

fn less(word: u64, than: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(than)) & !word & HIGHS
}

fn is(word: u64, byte: u8) -> u64 {
    less(word ^ (ONES * u64::from(byte)), 1)
}

/// What is marked in eight bytes, and the first byte that is.
fn first(marked: u64) -> Option<usize> {
    if marked == 0 { None } else { usize::try_from(marked.trailing_zeros() / 8).ok() }
}

/// Where the first quotation mark or backslash stands.
#[inline]
pub(super) fn quote_or_escape(text: &[u8]) -> Option<usize> {
    /// From here on a search that takes longer to begin is faster.
    const SHORT: usize = 32;
    let mut at = 0;
    for chunk in text.as_chunks::<8>().0.iter().take(SHORT / 8) {
        let word = u64::from_le_bytes(*chunk);
        if let Some(found) = first(is(word, b'"') | is(word, b'\\')) {
            return Some(at + found);
        }
        at += chunk.len();
    }
    Some(at + memchr::memchr2(b'"', b'\\', text.get(at..)?)?)
}

/// Copies what stands before the next quotation mark or backslash to the beginning of `to`, and says how long it is. None where there is neither,
/// where a control character stands, which JSON has in no string, and where `to` is shorter than the text.
///
/// What stands behind that in `to` may be overwritten.
#[inline]
pub(super) fn copy_plain(text: &[u8], to: &mut [u8]) -> Option<usize> {
    // With this bit turned, the quotation mark stands right behind the control characters, and the blank behind it.
    const TURNED: u64 = ONES * 2;
    let mut at = 0;
    for (chunk, to) in text.as_chunks::<8>().0.iter().zip(to.as_chunks_mut::<8>().0) {
        let word = u64::from_le_bytes(*chunk);
        *to = *chunk;
        if let Some(plain) = first(less(word ^ TURNED, b'!') | is(word, b'\\')) {
            at += plain;
            return text.get(at).is_some_and(|sign| *sign >= b' ').then_some(at);
        }
        at += chunk.len();
    }
    let length = text.get(at..)?.iter().position(|sign| matches!(sign, b'"' | b'\\' | ..b' '))?;
    to.get_mut(at..at + length)?.copy_from_slice(text.get(at..at + length)?);
    at += length;
    text.get(at).is_some_and(|sign| *sign >= b' ').then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_found_wherever_it_stands_and_whatever_stands_around_it() {
        for around in [b'a', b'#', b'!', b'[', b']', 0x7f, 0x80, 0xff] {
            for length in 0..80 {
                for sign in [b'"', b'\\', b'\t', 0, 0x1f] {
                    for at in 0..length {
                        let mut text = vec![around; length];
                        text[at] = sign;
                        let mut copied = vec![0; length];
                        let is_end = matches!(sign, b'"' | b'\\');
                        assert_eq!(copy_plain(&text, &mut copied), is_end.then_some(at), "{around} {length} {sign} {at}");
                        assert!(!is_end || copied[..at] == text[..at]);
                        assert_eq!(quote_or_escape(&text), is_end.then_some(at), "{around} {length} {sign} {at}");
                    }
                }
                assert_eq!(quote_or_escape(&vec![around; length]), None);
                assert_eq!(copy_plain(&vec![around; length], &mut vec![0; length]), None);
            }
        }
    }
}
