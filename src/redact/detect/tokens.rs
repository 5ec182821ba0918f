//! Tokens and hashes by their form alone.

use super::der::decoded;

/// How many bytes from here on can be of a token.
pub(super) fn run(line: &[u8], from: usize) -> usize {
    let is_of_token = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'+' | b'=' | b'.');
    line.get(from..).unwrap_or_default().iter().take(512).take_while(|b| is_of_token(b)).count()
}

/// Whether a trigger is spelled just so.
pub(super) fn spelled(line: &[u8], at: usize, word: &[u8]) -> bool {
    line.get(at..).is_some_and(|rest| rest.starts_with(word))
}

/// Whether a letter or digit stands before a place.
fn is_inside(line: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|at| line.get(at)).is_some_and(u8::is_ascii_alphanumeric)
}

/// So many letters and digits at least behind a beginning that stands for a service. Among them is a digit or a capital.
pub(super) fn is_token(line: &[u8], at: usize, end: usize, least: usize) -> bool {
    let text = line.get(end..end + run(line, end)).unwrap_or_default();
    text.len() >= least && !is_inside(line, at) && text.iter().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Just so many capitals and digits.
pub(super) fn is_capitals(line: &[u8], at: usize, end: usize, count: usize) -> bool {
    let run = line.get(end..).unwrap_or_default().iter().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    run == count && !is_inside(line, at) && !line.get(end + run).is_some_and(u8::is_ascii_alphanumeric)
}

/// `eyJ…`: two parts at least, and the first is JSON with an algorithm.
pub(super) fn is_json_web_token(line: &[u8], at: usize, _: usize) -> bool {
    let word = line.get(at..at + run(line, at)).unwrap_or_default();
    let mut parts = word.split(|b| *b == b'.');
    let head: Vec<u8> = parts
        .next()
        .unwrap_or_default()
        .iter()
        .map(|b| {
            if *b == b'-' {
                b'+'
            } else if *b == b'_' {
                b'/'
            } else {
                *b
            }
        })
        .collect();
    let body = parts.next().map_or(0, <[u8]>::len);
    let json = decoded(&head);
    json.starts_with(b"{\"") && memchr::memmem::find(&json, b"\"alg\"").is_some() && body >= 8
}

/// `K10` and a hash of 64 digits, `::`, and the secret.
pub(super) fn is_k3s(line: &[u8], at: usize, end: usize) -> bool {
    let rest = line.get(end..).unwrap_or_default();
    let digits = rest.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    digits >= 32 && !is_inside(line, at) && rest.get(digits..).is_some_and(|rest| rest.starts_with(b"::"))
}

/// `abcdef.0123456789abcdef` behind its name, or etcd's simple token: sixteen letters, a point, a number.
pub(super) fn is_bootstrap(line: &[u8], _: usize, end: usize) -> bool {
    let near = line.get(end..line.len().min(end + 96)).unwrap_or_default();
    near.split(|b| !b.is_ascii_alphanumeric() && *b != b'.').any(|word| {
        let word = word.strip_suffix(b".").unwrap_or(word);
        let Some(point) = memchr::memchr(b'.', word) else { return false };
        let (left, right) = (word.get(..point).unwrap_or_default(), word.get(point + 1..).unwrap_or_default());
        let is_low = |text: &[u8]| text.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let has_digit = |text: &[u8]| text.iter().any(u8::is_ascii_digit);
        let is_of_kube = left.len() == 6 && right.len() == 16 && is_low(left) && is_low(right) && has_digit(right);
        let is_simple = left.len() == 16
            && left.iter().all(u8::is_ascii_alphabetic)
            && left.iter().any(u8::is_ascii_uppercase)
            && !right.is_empty()
            && right.iter().all(u8::is_ascii_digit);
        is_of_kube || is_simple
    })
}

/// `$2a$10$…`, `$6$salt$…`: at least twenty letters behind the last sign.
pub(super) fn is_hash(line: &[u8], at: usize, _: usize) -> bool {
    let is_of_hash = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'$' | b'=' | b',' | b'+');
    let word: Vec<u8> = line.get(at..).unwrap_or_default().iter().take(256).take_while(|b| is_of_hash(b)).copied().collect();
    word.split(|b| *b == b'$').skip(2).last().is_some_and(|hash| hash.len() >= 20)
}
