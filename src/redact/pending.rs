//! A secret whose name stands on the line before: lists of arguments and of an environment, one item a line.

use super::{
    cut::{Cut, Kind},
    secrets,
    shape::{self, part, rest, skip},
};

/// What the next line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    /// The argument of an option.
    Argument(Kind),
    /// `value:`, below a `name:`.
    Value,
}

/// What the next line holds if this one ends with a secret's name: `- --password`, `"--token",`, `- name: DB_PASSWORD`.
pub(super) fn of(line: &[u8]) -> Option<Pending> {
    let is_continued = line.trim_ascii_end().ends_with(b"\\");
    let text = line.trim_ascii();
    let is_item = text.starts_with(b"- ") || text.starts_with(b"\"") || text.starts_with(b"'") || text.starts_with(b"{");
    let text = trim_end(text);
    let length = text.iter().rev().take_while(|b| shape::is_of_name(**b)).count();
    let (before, name) = text.split_at_checked(text.len() - length)?;
    if !secrets::is_secret_name(name) {
        return None;
    }
    if name.starts_with(b"--") {
        let is_token = name.to_ascii_lowercase().ends_with(b"token");
        let kind = if is_token { Kind::Token } else { Kind::Password };
        return (is_item || is_continued).then_some(Pending::Argument(kind));
    }
    let before = trim_end(before);
    let before = trim_end(before.strip_suffix(b":")?);
    before.ends_with(b"name").then_some(Pending::Value)
}

/// Takes the secret out of the line that was waited for. Gives where to go on.
pub(super) fn take(cut: &mut Cut<'_, '_>, pending: Pending) -> usize {
    let line = cut.line;
    let at = skip(line, 0, shape::is_blank);
    match pending {
        Pending::Value => {
            let at = skip(line, at, |b| b == b'"' || b == b'\'');
            if !rest(line, at).starts_with(b"value") {
                return 0;
            }
            shape::value_of(line, &(at..at + 5)).and_then(|place| secrets::take(cut, place, Kind::Password)).unwrap_or(0)
        }
        Pending::Argument(kind) => {
            let at = if rest(line, at).starts_with(b"- ") { skip(line, at + 2, shape::is_blank) } else { at };
            if let Some((quote, from)) = shape::quote_at(line, at) {
                let (end, next) = shape::quoted(line, quote, from);
                cut.remove(from..end, kind);
                return next;
            }
            if rest(line, at).starts_with(b"--") {
                return 0;
            }
            let end = line.trim_ascii_end().len();
            if end <= at {
                return 0;
            }
            cut.remove(at..end, kind)
        }
    }
}

/// Without what ends an item of a list.
fn trim_end(text: &[u8]) -> &[u8] {
    let trailing = |b: &u8| b.is_ascii_whitespace() || matches!(b, b',' | b'"' | b'\'' | b'\\');
    let length = text.iter().rev().take_while(|b| trailing(b)).count();
    part(text, 0..text.len() - length)
}
