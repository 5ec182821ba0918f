//! Marks that mail, chats, documents and pagers put before lines: quotation, line numbers, points of a list.

use super::{
    opening::is_opening,
    prompt::{is_known, prompt},
};

/// Whether a line is quoted: `> text`, `>> text`, `>`.
pub(super) fn is_quoted(text: &str) -> bool {
    unquoted(text).is_some()
}

fn unquoted(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('>')?;
    (rest.is_empty() || rest.starts_with([' ', '>', '\t'])).then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// The line at a place without its quotation marks, also nested ones. `>` is also a shell's prompt, its second prompt behind a
/// backslash, and what curl puts before a request; these stay.
pub(super) fn without_quote_mark<'a>(texts: &[&'a str], at: usize) -> Option<&'a str> {
    let is_quoted_at = |at: usize| texts.get(at).is_some_and(|text| is_quoted(text));
    let mut text = unquoted(texts.get(at)?)?;
    let before = at.checked_sub(1).and_then(|before| texts.get(before)).copied().unwrap_or_default();
    if before.trim_end().ends_with('\\') && !is_quoted(before) {
        return None;
    }
    // A block of commands that print nothing would look the same as one that is quoted, and is as rare.
    let is_alone = !is_quoted_at(at + 1) && !is_quoted(before);
    if is_alone && is_known(text) || is_request(text, before) {
        return None;
    }
    // Behind a backslash the mark that is left is the shell's.
    let is_continued = unquoted(before).is_some_and(|before| before.trim_end().ends_with('\\'));
    while let Some(inner) = unquoted(text).filter(|_| !is_continued && prompt(text).is_none()) {
        text = inner;
    }
    Some(text)
}

/// `> GET /health HTTP/1.1` of `curl -v`, and the headers behind it.
fn is_request(text: &str, before: &str) -> bool {
    let is_header = |text: &str| text.split_once(": ").is_some_and(|(name, _)| ["Host", "User-Agent", "Accept"].contains(&name));
    text.ends_with(" HTTP/1.1")
        || text.ends_with(" HTTP/2")
        || is_header(text)
        || (text.is_empty() && unquoted(before).is_some_and(is_header))
}

/// Fewest lines in a row whose numbers count up.
const FEWEST_NUMBERED: usize = 3;

/// What stands between a line's number and the line.
const BEHIND_NUMBERS: &[&str] = &[": ", "\t", " | ", "| ", " │ ", "│ ", ":\t", "  "];

/// The lines that are numbered, without their numbers: only where the numbers count up over several lines.
pub(super) fn numbered<'a>(texts: &[&'a str]) -> Vec<(usize, &'a str)> {
    let mut out = Vec::new();
    let mut run: Vec<(usize, &'a str)> = Vec::new();
    let mut last: Option<(u64, &str)> = None;
    for (at, text) in texts.iter().enumerate() {
        if run.is_empty() && !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let found = last
            .and_then(|(number, sign)| {
                number_of(text, sign).filter(|(next, _)| *next == number + 1).map(|(next, rest)| (next, sign, rest))
            })
            .or_else(|| {
                let signs = if may_be_numbered(text) { BEHIND_NUMBERS } else { &[] };
                signs.iter().find_map(|sign| number_of(text, sign).map(|(number, rest)| (number, *sign, rest)))
            });
        let goes_on =
            matches!((last, found), (Some((number, sign)), Some((next, same, _))) if next == number + 1 && same == sign);
        if !goes_on {
            out.extend(if run.len() >= FEWEST_NUMBERED { std::mem::take(&mut run) } else { Vec::new() });
            run.clear();
        }
        last = found.map(|(number, sign, rest)| {
            run.push((at, rest));
            (number, sign)
        });
    }
    if run.len() >= FEWEST_NUMBERED {
        out.extend(run);
    }
    out
}

/// Whether a sign stands behind a number as one of [`BEHIND_NUMBERS`] begins: behind a date's year there is none.
fn may_be_numbered(text: &str) -> bool {
    let text = text.trim_start();
    text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with([':', '\t', ' ', '|', '│'])
}

fn number_of<'a>(text: &'a str, sign: &str) -> Option<(u64, &'a str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, behind) = text.split_at(end);
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    // Nothing but the number is left of an empty line whose end was trimmed.
    let rest = behind.strip_prefix(sign).or_else(|| (behind == sign.trim_end() && !behind.is_empty()).then_some(""))?;
    Some((digits.parse().ok()?, rest))
}

/// What a list's point or inline code holds, where that is evidence: `- [root@h ~]# df`, `1. {"level":…`, `` `member 1 is …` ``.
pub(super) fn without_list_mark(text: &str) -> Option<&str> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit() || "-*•+`".contains(c)) {
        return None;
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let is_numbered = (1..=2).contains(&end);
    let behind_number =
        text.get(end..).filter(|_| is_numbered).and_then(|rest| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")));
    let behind = ["- ", "* ", "• ", "+ "].iter().find_map(|mark| text.strip_prefix(mark)).or(behind_number).map(str::trim);
    let point = behind.unwrap_or(text);
    let code = point.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).filter(|inner| !inner.contains('`'));
    let inner = code.or(behind)?;
    (!inner.is_empty() && is_opening(inner)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unmarked(text: &str) -> Vec<&str> {
        let lines: Vec<&str> = text.lines().collect();
        (0..lines.len()).map(|at| without_quote_mark(&lines, at).unwrap_or(lines[at])).collect()
    }

    #[test]
    fn quotation_marks_come_off_and_a_shells_and_curls_stay() {
        assert_eq!(unmarked("> a\n>> b\n> > c\n>\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(unmarked("> etcdctl version\n3.5"), ["> etcdctl version", "3.5"]);
        assert_eq!(unmarked("$ etcdctl \\\n> version"), ["$ etcdctl \\", "> version"]);
        assert_eq!(unmarked("> $ etcdctl \\\n> > version"), ["$ etcdctl \\", "> version"]);
        let curl = "* Connected\n> GET /health HTTP/1.1\n> Host: a\n> Accept: */*\n>\n< HTTP/1.1 200 OK";
        assert_eq!(unmarked(curl), curl.lines().collect::<Vec<_>>());
        assert_eq!(unmarked("-> a\n>b"), ["-> a", ">b"]);
    }

    #[test]
    fn numbers_come_off_only_where_they_count_up() {
        let of = |text: &'static str| {
            numbered(&text.lines().collect::<Vec<_>>()).into_iter().map(|(_, rest)| rest).collect::<Vec<_>>()
        };
        assert_eq!(of("9: a\n10: b\n11:\n12: c"), ["a", "b", "", "c"]);
        assert_eq!(of("     1\ta\n     2\t  b\n     3\tc"), ["a", "  b", "c"]);
        assert_eq!(of(" 7 | a\n 8 | b\n 9 | c\nend"), ["a", "b", "c"]);
        for text in
            ["1: a\n3: b\n4: c", "01:00:00 a\n02:00:00 b\n03:00:00 c", "1: lo\n2: eth0", "0 etcd_a 1\n2 etcd_b 2\n3 etcd_c 3"]
        {
            assert!(of(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn points_of_a_list_hold_evidence_or_stay() {
        assert_eq!(without_list_mark("- [root@h ~]# df"), Some("[root@h ~]# df"));
        assert_eq!(without_list_mark("2. `{\"level\":\"warn\"}`"), Some("{\"level\":\"warn\"}"));
        for text in ["- name: etcd", "* Connected to a", "1. Look at the log", "`etcd`", "-- No entries --", "etcd_a 1"] {
            assert_eq!(without_list_mark(text), None, "{text}");
        }
    }
}
