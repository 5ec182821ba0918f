//! Passwords, tokens and values that stand behind their name: settings, options, fields of a request.

use std::ops::Range;

use super::{
    cut::{Cut, Kind, mark_end},
    shape::{self, Place, byte, part, rest, skip},
};

/// What is no secret though it stands behind a secret's name.
const PLAIN: [&str; 12] = ["true", "false", "null", "nil", "<nil>", "none", "no", "yes", "~", "|", ">", "(null)"];
/// Names of a value in the store: protobuf text, JSON, and requests of etcd 2.
const VALUES: [&str; 6] = ["value", "Val", "PrevValue", "prevValue", "prev_value", "Value"];
/// Longest word that is looked at for being a token.
const LONGEST_TOKEN: usize = 512;

/// A setting whose name tells of a password.
pub(super) fn password(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    let written = part(line, name.clone());
    let place = shape::value_of(line, &name)?;
    // `PWD` and `OLDPWD` are a shell's directories; so is `pwd: /x`.
    let is_directory = |place: &Place| first_of(line, place) == Some(b'/');
    if matches!(written, b"PWD" | b"OLDPWD") || (written.eq_ignore_ascii_case(b"pwd") && is_directory(&place)) {
        return None;
    }
    // A path under `password-file`, the name under `secretName`.
    let squeezed = squeeze(written);
    if (squeezed.ends_with("file") || squeezed.ends_with("path")) && is_directory(&place) || squeezed.ends_with("secretname") {
        return None;
    }
    if is_source_or_type(line, &name) || written.eq_ignore_ascii_case(b"secrets") {
        return None;
    }
    // `--password-stdin x`: only the option itself takes the next word.
    let takes_next = ["password", "passwd", "passphrase", "pwd", "secret"].iter().any(|end| squeezed.ends_with(end));
    if !takes_next && !has_sign(line, name.end) {
        return None;
    }
    take(cut, place, Kind::Password)
}

/// A setting whose name ends with `token`, or is one of an API's key.
pub(super) fn token(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    let squeezed = squeeze(part(line, name.clone()));
    let is_token = ["token", "apikey"].iter().any(|end| squeezed.ends_with(end));
    // The name of a cluster.
    if !is_token || squeezed.ends_with("initialclustertoken") || is_source_or_type(line, &name) {
        return None;
    }
    let Some(place) = shape::value_of(line, &name) else { return said(cut, name.end) };
    let (value, is_prose) = match &place {
        Place::Text { span, .. } | Place::Rest { span } | Place::Naked { span, .. } => (part(line, span.clone()), false),
        Place::Word { span, spaced } => (part(line, span.clone()), *spaced && byte(line, name.start) != Some(b'-')),
        Place::List { .. } => (&b""[..], false),
    };
    // etcd's own setting tells which kind of token, and where its keys lie.
    if squeezed.ends_with("authtoken") && (value.starts_with(b"simple") && value.len() == 6 || value.starts_with(b"jwt")) {
        return None;
    }
    // The identifier behind the last `/` of a discovery URL goes elsewhere.
    if value.starts_with(b"http://") || value.starts_with(b"https://") {
        return None;
    }
    // `unexpected token: x` is no secret.
    if is_prose && !looks_random(value) {
        return None;
    }
    take(cut, place, Kind::Token)
}

/// A token that a sentence names: `token "abcdef.0123456789abcdef"`, `deleting token X for user Y`.
fn said(cut: &mut Cut<'_, '_>, from: usize) -> Option<usize> {
    let line = cut.line;
    let at = skip(line, from, |b| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'(' | b'[' | b'\\'));
    let length = rest(line, at).iter().take(LONGEST_TOKEN).take_while(|b| b.is_ascii_alphanumeric() || **b == b'.').count();
    let word = part(line, at..at + length);
    let word = word.strip_suffix(b".").unwrap_or(word);
    let dot = memchr::memchr(b'.', word)?;
    let (left, right) = (part(word, 0..dot), rest(word, dot + 1));
    let is_of_kube = left.len() == 6 && right.len() == 16;
    let is_simple = left.len() == 16 && left.iter().all(u8::is_ascii_alphabetic) && right.iter().all(u8::is_ascii_digit);
    (at > from && (is_of_kube || is_simple)).then(|| cut.remove(at..at + word.len(), Kind::Token))
}

/// A header of HTTP, as it is sent or as Go prints it: the scheme stays.
pub(super) fn authorization(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    if name.end != found.end {
        return None;
    }
    let named = shape::quote_at(line, name.end);
    let sign = skip(line, named.map_or(name.end, |(_, behind)| behind), shape::is_blank);
    if !matches!(byte(line, sign), Some(b':' | b'=')) {
        return None;
    }
    let mut at = skip(line, sign + 1, shape::is_blank);
    if byte(line, at) == Some(b'[') && mark_end(line, at).is_none() {
        at += 1;
    }
    let quote = if named.is_some() { shape::quote_at(line, at) } else { shape::opening(line, at) };
    let (at, quoted) = quote.map_or((at, None), |(quote, from)| (from, Some(shape::quoted(line, quote, from).0)));
    let scheme = skip(line, at, |b| b.is_ascii_alphanumeric());
    let known = ["bearer", "basic", "token", "digest", "negotiate"];
    let is_scheme = known.iter().any(|known| part(line, at..scheme).eq_ignore_ascii_case(known.as_bytes()));
    let from = if is_scheme { skip(line, scheme, shape::is_blank) } else { at };
    let end = quoted.unwrap_or_else(|| shape::word_end(line, from, true));
    (end > from && !matches!(byte(line, from), Some(b'{'))).then(|| cut.remove(from..end, Kind::Token))
}

/// `Bearer X` wherever it stands; the word has to look like no word.
pub(super) fn bearer(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let end = shape::word_end(cut.line, found.end, true);
    looks_random(part(cut.line, found.end..end)).then(|| cut.remove(found.end..end, Kind::Token))
}

/// A value of the store. In a list of an environment (`"name":"X","value":"…"`) the name decides.
pub(super) fn value(cut: &mut Cut<'_, '_>, found: &Range<usize>) -> Option<usize> {
    let line = cut.line;
    let name = shape::name_around(line, found);
    if !VALUES.iter().any(|value| value.as_bytes() == part(line, name.clone())) {
        return None;
    }
    if byte(line, name.end) == Some(b'=') {
        // A form, as curl sends it to etcd 2.
        let before = part(line, 0..name.start);
        let is_form = [" -d ", "--data ", "-d '", "-d \"", "&"].iter().any(|form| before.ends_with(form.as_bytes()));
        return is_form.then(|| shape::value_of(line, &name)).flatten().and_then(|place| take(cut, place, Kind::Value));
    }
    let is_quoted = shape::quote_at(line, name.end).is_some();
    // YAML's `value: x` is anything.
    if !is_quoted && shape::quote_at(line, name.end + 1).is_none() {
        return None;
    }
    match shape::value_of(line, &name)? {
        place @ Place::Text { .. } => match environment_name(part(line, 0..name.start)) {
            Some(variable) if is_secret_name(variable) => take(cut, place, Kind::Password),
            Some(_) => None,
            None => take(cut, place, Kind::Value),
        },
        _ => None,
    }
}

/// The name in `"name":"X",` right before `"value"`.
fn environment_name(before: &[u8]) -> Option<&[u8]> {
    let before = rest(before, before.len().saturating_sub(256));
    let open = |text| strip_quote(text);
    let text = open(before)?.trim_ascii_end().strip_suffix(b",")?;
    let text = open(text)?;
    let name = text.iter().rev().take_while(|b| shape::is_of_name(**b)).count();
    let (before, name) = text.split_at_checked(text.len() - name)?;
    let before = open(before)?.trim_ascii_end().strip_suffix(b":")?;
    open(before)?.ends_with(b"name").then_some(name)
}

/// Without the quote at the end, and its backslashes.
fn strip_quote(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\"")?;
    let slashes = text.iter().rev().take_while(|b| **b == b'\\').count();
    text.get(..text.len() - slashes)
}

/// Whether what stands behind such a name is a secret.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    let squeezed = squeeze(name);
    let parts = ["password", "passwd", "passphrase", "secret", "pwd"];
    parts.iter().any(|part| squeezed.contains(part)) && !matches!(&*squeezed, "pwd" | "oldpwd")
        || (squeezed.ends_with("token") && !squeezed.ends_with("clustertoken") && squeezed != "etcdauthtoken")
        || squeezed.ends_with("apikey")
}

/// Takes a secret out of its place.
pub(super) fn take(cut: &mut Cut<'_, '_>, place: Place, kind: Kind) -> Option<usize> {
    let line = cut.line;
    let is_plain = |span: &Range<usize>| {
        let value = part(line, span.clone());
        PLAIN.iter().any(|plain| value.eq_ignore_ascii_case(plain.as_bytes()))
    };
    match place {
        Place::Text { span, next } => {
            if !is_plain(&span) {
                cut.remove(span, kind);
            }
            Some(next)
        }
        Place::Word { span, .. } | Place::Rest { span } => {
            if is_plain(&span) {
                return Some(span.end);
            }
            Some(cut.remove(span, kind))
        }
        Place::Naked { span, name } => {
            if is_plain(&span) || span.is_empty() {
                return Some(span.end.max(span.start + 1));
            }
            let slashes = "\\".repeat(name.slashes);
            let sign = char::from(name.sign());
            cut.replace(span.clone(), format!("{slashes}{sign}{}{slashes}{sign}", kind.mark()).as_bytes(), kind);
            Some(span.end)
        }
        Place::List { from, name } => {
            let mut at = from;
            while let Some((quote, from)) = shape::quote_at(line, skip(line, at, |b| b == b',' || shape::is_blank(b)))
                && quote.is_within(name)
            {
                let (end, next) = shape::quoted(line, quote, from);
                cut.remove(from..end, kind);
                at = next;
            }
            Some(at)
        }
    }
}

/// A name without its punctuation, in lower case.
fn squeeze(name: &[u8]) -> String {
    name.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| char::from(b.to_ascii_lowercase())).collect()
}

/// The first byte of a value.
fn first_of(line: &[u8], place: &Place) -> Option<u8> {
    match place {
        Place::Text { span, .. } | Place::Word { span, .. } | Place::Rest { span } | Place::Naked { span, .. } => {
            byte(line, span.start)
        }
        Place::List { .. } => None,
    }
}

/// Whether a `:` or `=` follows a name, perhaps behind a quote.
fn has_sign(line: &[u8], end: usize) -> bool {
    let at = skip(line, end, |b| shape::is_blank(b) || matches!(b, b'"' | b'\'' | b'\\'));
    matches!(byte(line, at), Some(b':' | b'='))
}

/// `secret.go:45]` names a line of source, `*v1.Secret: text` a type, `…/secrets": text` a path.
fn is_source_or_type(line: &[u8], name: &Range<usize>) -> bool {
    let written = part(line, name.clone());
    let is_source = [".go", ".rs", ".py", ".c", ".cc", ".h"].iter().any(|end| written.ends_with(end.as_bytes()));
    let before = name.start.checked_sub(1).and_then(|at| byte(line, at));
    let behind = skip(line, name.end, |b| matches!(b, b'"' | b'\\'));
    is_source || (matches!(before, Some(b'*' | b'/')) && byte(line, behind) == Some(b':'))
}

/// Whether a word is too long, or too mixed, for prose.
fn looks_random(word: &[u8]) -> bool {
    let of_token = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+' | b'/' | b'=' | b'~' | b':');
    let has_digit = word.iter().any(u8::is_ascii_digit);
    word.iter().all(of_token) && (word.len() >= 24 || (word.len() >= 8 && has_digit))
}
