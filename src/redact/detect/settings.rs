//! Secrets behind their name: settings, headers, and what stands before the host of a URL.

use super::der::decoded;

/// Parts of names that make a secret's name another's: `password-file`, `secretName`, `token-ttl`.
const OTHERS: &[&str] = &[
    "file",
    "path",
    "dir",
    "name",
    "url",
    "type",
    "ttl",
    "expir",
    "count",
    "length",
    "version",
    "index",
    "lease",
    "store",
    "policy",
    "removed",
    "-stdin",
    "namespace",
    "mount",
    "s",
    "_total",
    "id",
    "algorithm",
    "cert",
    "provider",
    "helper",
    "hash",
];
/// What stands for a secret that is not there.
const PLACEHOLDERS: &[&str] =
    &["redacted", "removed", "hidden", "masked", "changeme", "example", "password", "passwd", "secret", "none"];

/// The value behind a name: past the rest of the name, quotes, blanks and one sign. `None` where it is no setting.
fn value(line: &[u8], end: usize) -> Option<(&[u8], &[u8], u8)> {
    let rest = line.get(end..)?;
    let is_of_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let (suffix, rest) = rest.split_at_checked(rest.iter().take(24).take_while(is_of_name).count())?;
    let quotes = |rest: &[u8]| rest.iter().take(16).take_while(|b| matches!(b, b'"' | b'\'' | b'\\')).count();
    let blanks = |rest: &[u8]| rest.iter().take(16).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = rest.get(quotes(rest)..)?;
    let rest = rest.get(blanks(rest)..)?;
    let sign = *rest.first()?;
    if !matches!(sign, b'=' | b':') {
        return None;
    }
    let rest = rest.get(1..)?.strip_prefix(b">").unwrap_or(rest.get(1..)?);
    let rest = rest.get(blanks(rest)..)?;
    let quoted = quotes(rest);
    let rest = rest.get(quoted..)?;
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | b'"' | b'\'' | b'\\' | b',' | b';' | b')' | b'}' | b'&');
    let value = rest.get(..rest.iter().take(512).take_while(|b| !ends(b)).count())?;
    Some((suffix, value, if quoted > 0 { b'"' } else { sign }))
}

/// The argument of an option that ends here: `--auth-password VALUE`.
fn argument(line: &[u8], end: usize) -> Option<(&[u8], &[u8], u8)> {
    let before = line.get(..end)?;
    let word = before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    let is_option = before.get(end - word..)?.starts_with(b"--");
    let rest = line.get(end..)?.strip_prefix(b" ")?;
    let value = rest.split(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'\\')).next()?;
    is_option.then_some((&[], value, b'='))
}

/// `--user NAME:PASSWORD`, `--user=NAME:PASSWORD`, `ETCDCTL_USER=NAME:PASSWORD`.
pub(super) fn is_login(line: &[u8], _: usize, end: usize) -> bool {
    let Some(rest) = line.get(end..).and_then(|rest| rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b" "))) else {
        return false;
    };
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let word = rest.split(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'\\')).next().unwrap_or_default();
    let Some(colon) = memchr::memchr(b':', word) else { return false };
    let (name, password) = (word.get(..colon).unwrap_or_default(), word.get(colon + 1..).unwrap_or_default());
    // Numbers of a user and a group are none.
    let is_ids = password.iter().all(u8::is_ascii_digit);
    !name.is_empty() && password.len() >= 4 && !is_ids && is_given(password)
}

/// Whether a value is there at all, and no mark, path, variable or word for nothing.
fn is_given(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_placeholder = PLACEHOLDERS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some());
    let marks = value
        .first()
        .is_none_or(|b| matches!(b, b'[' | b'<' | b'$' | b'{' | b'/' | b'*' | b'%' | b'(' | b'|' | b'-' | b'.' | b'~'));
    let is_one = value.iter().all(|b| Some(b) == value.first());
    !marks && !is_placeholder && !is_one && !lower.starts_with(b"http")
}

/// Bits a letter: of a word of a language between 2 and 3, of letters by chance from 3.5 on for twenty of them.
fn entropy(text: &[u8]) -> f64 {
    let mut counts = std::collections::BTreeMap::<u8, u32>::new();
    text.iter().for_each(|b| *counts.entry(*b).or_default() += 1);
    let all = text.len() as f64;
    counts.values().map(|count| f64::from(*count) / all).map(|share| -share * share.log2()).sum()
}

/// Letters and digits, mixed as no word is.
fn is_mixed(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit) && text.iter().any(u8::is_ascii_alphabetic)
}

fn is_others(suffix: &[u8]) -> bool {
    let suffix = String::from_utf8_lossy(suffix).to_ascii_lowercase();
    OTHERS.iter().any(|other| if other.len() <= 2 { suffix == *other } else { suffix.contains(other) })
}

/// A password, short and simple as those that people choose.
pub(super) fn is_password(line: &[u8], end: usize) -> bool {
    let Some((suffix, value, sign)) = value(line, end).or_else(|| argument(line, end)) else { return false };
    // Prose goes on with a word: `password: authentication failed`.
    let is_word = value.iter().all(u8::is_ascii_lowercase);
    !is_others(suffix) && is_given(value) && value.len() >= 4 && !(is_word && sign == b':')
}

/// A long value as by chance behind a name that tells of a secret.
pub(super) fn is_secret(line: &[u8], at: usize, end: usize) -> bool {
    let Some((suffix, value, _)) = value(line, end) else { return false };
    // `initial-cluster-token` is a cluster's name.
    let before = line.get(at.saturating_sub(9)..at).unwrap_or_default().to_ascii_lowercase();
    let is_cluster = before.ends_with(b"cluster-") || before.ends_with(b"cluster_") || before.ends_with(b"cluster");
    let is_plain_setting = value.starts_with(b"jwt") || value.starts_with(b"simple");
    !is_others(suffix)
        && !is_cluster
        && !is_plain_setting
        && is_given(value)
        && value.len() >= 16
        && is_mixed(value)
        && entropy(value) >= 3.2
}

/// A setting with a value of at least so many bytes.
pub(super) fn is_setting(line: &[u8], end: usize, least: usize) -> bool {
    value(line, end).is_some_and(|(_, value, _)| is_given(value) && value.len() >= least)
}

/// A word as by chance.
pub(super) fn is_random(line: &[u8], from: usize, least: usize) -> bool {
    let length = super::tokens::run(line, from);
    let word = line.get(from..from + length).unwrap_or_default();
    word.len() >= least && is_mixed(word) && entropy(word) >= 3.2
}

/// `Authorization: SCHEME VALUE`, in any quotes.
pub(super) fn is_authorization(line: &[u8], _: usize, end: usize) -> bool {
    let Some(behind) = line.get(end..line.len().min(end + 600)) else { return false };
    let is_mark = |b: &u8| matches!(b, b'"' | b'\'' | b'\\' | b':' | b'=' | b' ' | b'[');
    let marks = behind.iter().take_while(|b| is_mark(b)).count();
    let has_sign = behind.get(..marks).unwrap_or_default().iter().any(|b| matches!(b, b':' | b'='));
    let rest = behind.get(marks..).unwrap_or_default();
    let mut words = rest.split(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'\\' | b']'));
    let scheme = words.next().unwrap_or_default().to_ascii_lowercase();
    let known = [&b"bearer"[..], b"basic", b"token", b"digest", b"negotiate", b"apikey"].contains(&&*scheme);
    let value = words.next().unwrap_or_default();
    has_sign && known && value.len() >= 6 && is_given(value)
}

/// A header `Cookie: NAME=VALUE`.
pub(super) fn is_cookie(line: &[u8], _: usize, end: usize) -> bool {
    let Some(behind) = line.get(end..line.len().min(end + 256)) else { return false };
    let marks = behind.iter().take_while(|b| matches!(b, b'"' | b'\'' | b'\\' | b':' | b' ' | b'[')).count();
    let has_sign = behind.get(..marks).unwrap_or_default().contains(&b':');
    let pair = behind.get(marks..).unwrap_or_default();
    let pair = pair.split(|b| b.is_ascii_whitespace() || matches!(b, b';' | b'"' | b'\\')).next().unwrap_or_default();
    let value = memchr::memchr(b'=', pair).and_then(|at| pair.get(at + 1..)).unwrap_or_default();
    has_sign && value.len() >= 8 && is_given(value)
}

/// `"auth":"BASE64"` with user and password in it, as Docker keeps them.
pub(super) fn is_registry_login(line: &[u8], _: usize, end: usize) -> bool {
    let Some((suffix, value, _)) = value(line, end) else { return false };
    let plain = decoded(value);
    suffix.is_empty()
        && value.len() >= 8
        && plain.iter().all(|b| b.is_ascii_graphic())
        && memchr::memchr(b':', &plain).is_some_and(|at| at > 0 && at + 1 < plain.len())
}

/// `sig=` among the parameters of a URL.
pub(super) fn is_signature(line: &[u8], at: usize, end: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| line.get(at)).copied();
    let is_of_value = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'+' | b'/' | b'=' | b'-' | b'_');
    let length = line.get(end..).unwrap_or_default().iter().take_while(is_of_value).count();
    matches!(before, Some(b'?' | b'&' | b';')) && length >= 30
}

/// `://USER:PASSWORD@`.
pub(super) fn has_user_info(line: &[u8], _: usize, end: usize) -> bool {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'' | b'\\' | b'?' | b'#' | b'<' | b'>' | b'`');
    let rest = line.get(end..).unwrap_or_default();
    let authority = rest.get(..rest.iter().take(512).take_while(|b| !ends(b)).count()).unwrap_or_default();
    let user = memchr::memrchr(b'@', authority).and_then(|at| authority.get(..at)).unwrap_or_default();
    let password = memchr::memchr(b':', user).and_then(|at| user.get(at + 1..)).unwrap_or_default();
    password.len() > 1 && is_given(password)
}
