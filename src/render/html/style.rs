//! The style of the page, and the digest by which its policy lets this style in and no other.

use sha2::{Digest as _, Sha256};

/// The style. It is a file of its own so that it can be read as one.
pub(super) const STYLE: &str = include_str!("style.css");

/// SHA-256 of the style in base64, as a policy names it (CSP 2, `hash-source`).
pub(super) fn digest() -> String {
    base64(&Sha256::digest(STYLE.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS.get(bits >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            out.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let examples = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in examples {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_style_asks_for_nothing_and_cannot_end_its_element() {
        for word in ["url(", "@import", "</", "http", "\r"] {
            assert!(!STYLE.contains(word), "style.css holds {word}");
        }
    }
}
