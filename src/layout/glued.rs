//! Records that ran together: a page or a mail program lost the line ends, and put others where it liked.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::bundle::Held;

/// Records without a line end between them, from which on a passage is taken for such.
const FEWEST: usize = 2;

/// Most lines and bytes of one passage.
const MOST_LINES: usize = 2_000;
const MOST_BYTES: usize = 512 * 1024;

/// Whether a record begins in the middle of a line, right behind the one before.
pub(super) fn is_glued(text: &str) -> bool {
    unsorted_beginnings(text).any(|at| is_behind_another(text, at))
}

/// Cuts passages in which records ran together where each begins; other passages stay as they are.
pub(super) fn cut(lines: Vec<Held>) -> Vec<Held> {
    let mut out = Vec::with_capacity(lines.len());
    let mut passage: Vec<Held> = Vec::new();
    for line in lines {
        let is_blank = line.text().trim().is_empty();
        if !is_blank {
            passage.push(line.clone());
        }
        if is_blank || passage.len() >= MOST_LINES {
            out.extend(records(std::mem::take(&mut passage)));
        }
        if is_blank {
            out.push(line);
        }
    }
    out.extend(records(passage));
    out
}

/// The records of a passage, each from the line on which it begins to the one on which it ends.
fn records(passage: Vec<Held>) -> Vec<Held> {
    let mut text = String::new();
    let mut starts: Vec<usize> = Vec::with_capacity(passage.len());
    for line in &passage {
        if !text.is_empty() {
            text.push(' ');
        }
        starts.push(text.len());
        text.push_str(line.text().trim());
    }
    let glued = beginnings(&text).filter(|at| is_behind_another(&text, *at)).count();
    if glued < FEWEST || text.len() > MOST_BYTES {
        return passage;
    }
    let cuts: Vec<usize> = std::iter::once(0).chain(beginnings(&text).filter(|at| *at > 0)).collect();
    let line_at = |at: usize| starts.partition_point(|start| *start <= at).saturating_sub(1);
    let ends = cuts.iter().skip(1).copied().chain([text.len()]);
    let mut out = Vec::with_capacity(cuts.len());
    for (from, to) in cuts.iter().copied().zip(ends) {
        let words = text.get(from..to).unwrap_or_default().trim();
        let first = passage.get(line_at(from)).cloned();
        if let (Some(mut first), Some(last)) = (first, passage.get(line_at(to.saturating_sub(1)))) {
            first.join(last, words.to_owned());
            out.push(first);
        }
    }
    out
}

/// Where records begin: `2018-12-08 06:57:11.726065 W | `, `{"level":"`.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let mut all: Vec<usize> = unsorted_beginnings(text).collect();
    all.sort_unstable();
    all.into_iter()
}

fn unsorted_beginnings(text: &str) -> impl Iterator<Item = usize> {
    static BAR: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(" | "));
    static RECORD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("{\"level\":\""));
    let bars = BAR.find_iter(text.as_bytes()).filter_map(|bar| stamp_before(text, bar));
    bars.chain(RECORD.find_iter(text.as_bytes()))
}

/// Where the date begins that stands before `W | `. What stands before it can be a number too: `at term 102018-12-08 …`.
fn stamp_before(text: &str, bar: usize) -> Option<usize> {
    let (date, level) = text.get(..bar)?.rsplit_once(' ')?;
    let is_level = level.len() == 1 && level.bytes().all(|b| b.is_ascii_uppercase());
    let (date, fraction) = date.rsplit_once('.').filter(|_| is_level)?;
    let at = date.len().checked_sub(DATE.len())?;
    let is_date = date.get(at..)?.bytes().zip(DATE.bytes()).all(|(b, p)| if p == b'0' { b.is_ascii_digit() } else { b == p });
    (is_date && (3..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit())).then_some(at)
}

/// A date of capnslog without its fraction.
const DATE: &str = "0000-00-00 00:00:00";

/// Most bytes of a colour's code.
const LONGEST_COLOUR: usize = 12;

/// Whether what stands right before a beginning is the end of another record, and neither a space, nor a bar, nor a mark of quotation, as
/// in docker's JSON.
fn is_behind_another(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    // The end of a terminal's colour: `ESC [ 0 m`.
    let is_colour = before.ends_with('m') && before.rfind('\u{1b}').is_some_and(|escape| at - escape <= LONGEST_COLOUR);
    !is_colour && before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '}' | '.' | '!'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn cut_up(text: &str) -> Vec<String> {
        let source = Source::new("mail.txt");
        let held = text.lines().zip(1..).map(|(line, number)| source.line(number, line).hold()).collect();
        let say = |line: &Held| {
            let place = line.line().quote();
            format!("{}-{} {}", place.citation().line(), place.citation().end_line(), line.text())
        };
        cut(held).iter().map(say).collect()
    }

    #[test]
    fn records_that_ran_together_are_cut_where_each_begins() {
        let mail = "became leader at term 102018-12-08 06:57:11.726065 W | etcdserver:\n\
                    timed out2018-12-08 06:58:40.003521 W | wal: sync duration of 1.1s2018-12-08\n\
                    06:59:03.397005 I | raft: a";
        assert_eq!(
            cut_up(mail),
            [
                "1-1 became leader at term 10",
                "1-2 2018-12-08 06:57:11.726065 W | etcdserver: timed out",
                "2-2 2018-12-08 06:58:40.003521 W | wal: sync duration of 1.1s",
                "2-3 2018-12-08 06:59:03.397005 I | raft: a",
            ]
        );
        let page = r#"{"level":"warn","msg":"a"}{"level":"warn","msg":"b"}{"level":"info","msg":"c"}"#;
        assert_eq!(cut_up(page).len(), 3);
    }

    #[test]
    fn lines_with_ends_of_their_own_stay_as_they_are() {
        for text in [
            "2018-12-08 06:57:11.726065 W | a: b\n2018-12-08 06:57:11.726066 W | a: c\n2018-12-08 06:57:11.726067 W | a: d",
            "node1 | 2018-12-08 06:57:11.726065 W | a: b",
            "\u{1b}[36mnode1 |\u{1b}[0m2018-12-08 06:57:11.726065 W | a: b\n\u{1b}[36mnode1 |\u{1b}[0m2018-12-08 06:57:11.726066 W | a: c",
            "> {\"level\":\"warn\"}\n> {\"level\":\"warn\"}",
            "{\"log\":\"2018-12-08 06:57:11.726065 W | a: b\\n\"}\n{\"log\":\"2018-12-08 06:57:11.726066 W | a: c\\n\"}",
        ] {
            assert!(!is_glued(text), "{text}");
            assert_eq!(cut_up(text).len(), text.lines().count(), "{text}");
        }
    }
}
