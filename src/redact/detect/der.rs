//! Private keys by their form: labels of PEM, and the first bytes of what is in base64.

/// Longest label between `-----BEGIN ` and its dashes.
const LONGEST_LABEL: usize = 48;
/// Shortest run of base64 that can be a key.
const SHORTEST: usize = 40;

/// `-----BEGIN RSA PRIVATE KEY-----`, but no certificate.
pub(super) fn is_private_label(line: &[u8], _: usize, end: usize) -> bool {
    let rest = line.get(end..).unwrap_or_default();
    let label = rest.get(..rest.len().min(LONGEST_LABEL)).unwrap_or_default();
    let label = memchr::memmem::find(label, b"-----").and_then(|end| label.get(..end)).unwrap_or_default();
    memchr::memmem::find(label, b"PRIVATE").is_some()
}

/// Base64 of such a block.
pub(super) fn is_private_pem_in_base64(line: &[u8], at: usize, _: usize) -> bool {
    let text = line.get(at..line.len().min(at + 80)).unwrap_or_default();
    memchr::memmem::find(&decoded(text), b"PRIVATE").is_some()
}

/// Base64 of DER that begins as keys of PKCS#1, PKCS#8 and SEC 1 and as stores of PKCS#12 do: a sequence whose first element is a small
/// number, the version. A certificate's first element is a sequence.
pub(super) fn is_key(line: &[u8], at: usize, _: usize) -> bool {
    let is_inside = at.checked_sub(1).and_then(|at| line.get(at)).is_some_and(|b| value(*b).is_some());
    let run = line.get(at..).unwrap_or_default().iter().take(SHORTEST).take_while(|b| value(**b).is_some()).count();
    if is_inside || run < SHORTEST {
        return false;
    }
    let bytes = decoded(line.get(at..at + 24).unwrap_or_default());
    let body = match bytes.get(..2) {
        Some([0x30, 0x82]) => bytes.get(4..),
        Some([0x30, 0x81]) => bytes.get(3..),
        Some([0x30, length]) if *length < 0x80 => bytes.get(2..),
        _ => None,
    };
    // PKCS#1 and PKCS#8 have version 0, SEC 1 has 1, PKCS#12 has 3.
    matches!(body, Some([0x02, 0x01, 0 | 1 | 3, 0x02 | 0x04 | 0x30, ..]))
}

fn value(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The bytes of base64, up to what is none.
pub(super) fn decoded(text: &[u8]) -> Vec<u8> {
    let values: Vec<u8> = text.iter().map_while(|b| value(*b)).collect();
    let mut out = Vec::with_capacity(values.len());
    for four in values.chunks(4) {
        let number = four.iter().fold(0_u32, |number, value| (number << 6) | u32::from(*value)) << (6 * (4 - four.len()));
        out.extend(number.to_be_bytes().iter().skip(1).take((6 * four.len()) / 8));
    }
    out
}
