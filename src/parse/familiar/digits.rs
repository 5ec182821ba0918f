//! How many digits stand at the beginning of a text, which is asked of each date and each number of a log.

/// Counts them, eight bytes at a time where there are as many.
#[inline]
pub(super) fn leading_digits(text: &[u8]) -> usize {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    /// What lifts all but 0 to 9 over the highest bit of a byte, and no byte over the next.
    const LIFT: u64 = 0x7676_7676_7676_7676;
    let mut count = 0;
    for chunk in text.as_chunks::<8>().0 {
        let digits = u64::from_le_bytes(*chunk) ^ ZEROS;
        let others = (((digits & !HIGHS) + LIFT) | digits) & HIGHS;
        if others != 0 {
            return count + usize::try_from(others.trailing_zeros() / 8).unwrap_or_default();
        }
        count += chunk.len();
    }
    let rest = text.as_chunks::<8>().1;
    count + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_counted_up_to_whatever_else_stands_there() {
        for length in 0..20 {
            let digits: String = "0123456789".chars().cycle().take(length).collect();
            assert_eq!(leading_digits(digits.as_bytes()), length);
            for other in 0..=u8::MAX {
                for behind in [&b""[..], b"7", b"12345678"] {
                    let text = [digits.as_bytes(), &[other], behind].concat();
                    let more = if other.is_ascii_digit() { 1 + behind.len() } else { 0 };
                    assert_eq!(leading_digits(&text), length + more, "{length} {other}");
                }
            }
        }
    }
}
