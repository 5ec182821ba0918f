//! Records that a copy broke over several lines, at a terminal's width or by hand, joined again.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::opening::{can_go_on, is_dated, is_opening};

/// Most lines that one record can be broken into, and most bytes of it.
const MOST_LINES: usize = 200;
const MOST_BYTES: usize = 256 * 1024;

/// Most lines of a record that somebody broke by hand.
const MOST_BY_HAND: usize = 12;

/// Widths below this are no terminal's.
const NARROWEST: usize = 40;
const WIDEST: usize = 400;

/// Lines from which on a break is taken for a terminal's.
const WRAPPED: usize = 80;

/// What only the inside of a JSON record has.
const JSON: &[&str] = &["\\\"", "\",\"", "\":\"", "\\n\\t"];

/// The widths at which a text is wrapped.
#[derive(Clone, Debug, Default)]
pub(super) struct Wraps {
    widths: Vec<usize>,
    /// The width at which mail and the like broke lines between words.
    of_words: Option<usize>,
}

/// A record that goes on over lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    /// How many lines it takes.
    pub(super) lines: usize,
    /// Its words.
    pub(super) text: String,
}

impl Wraps {
    /// Looks for widths that several full lines have in common, none around them is wider, and behind which nothing new begins.
    pub(super) fn of(lines: &[&str]) -> Self {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for block in lines.split(|line| line.trim().is_empty()) {
            let widths: Vec<usize> = block.iter().map(|line| width(line)).collect();
            let Some(widest) = widths.iter().max().copied().filter(|widest| (NARROWEST..=WIDEST).contains(widest)) else {
                continue;
            };
            let mut begun = false;
            for ((line, width), next) in block.iter().zip(&widths).zip(block.iter().skip(1)) {
                // What is not full ends the chance that anything goes on.
                if *width != widest {
                    begun = false;
                    continue;
                }
                begun = if is_opening(line) { can_go_on(line) } else { begun || can_go_on(line) };
                if begun && !is_opening(next) {
                    *votes.entry(widest).or_default() += 1;
                }
            }
        }
        votes.retain(|width, votes| *votes >= 3 || (*votes == 2 && is_usual(*width)));
        Self { widths: votes.into_keys().collect(), of_words: width_of_words(lines) }
    }

    /// Whether any width was found.
    pub(super) fn is_any(&self) -> bool {
        !self.widths.is_empty() || self.of_words.is_some()
    }

    /// The record that begins with the first of these lines, where it goes on in the next ones.
    pub(super) fn join(&self, lines: &[&str]) -> Option<Joined> {
        let (first, next) = (lines.first()?, lines.get(1)?);
        if !may_follow(first, next) || !can_go_on(first) {
            return None;
        }
        if let Some(joined) = self.words(lines) {
            return Some(joined);
        }
        self.structured(lines).or_else(|| self.full_lines(lines)).or_else(|| self.by_hand(lines))
    }

    /// A dated line of text that was broken between words.
    fn words(&self, lines: &[&str]) -> Option<Joined> {
        let wide = self.of_words.filter(|_| lines.first().is_some_and(|first| is_dated(first)))?;
        let pairs = lines.iter().zip(lines.iter().skip(1)).take(MOST_BY_HAND);
        let count = 1 + pairs.take_while(|(line, next)| may_follow(line, next) && overflows(line, next, wide)).count();
        (count > 1).then(|| glue(lines, count, None))
    }

    /// A JSON record, joined until it closes.
    fn structured(&self, lines: &[&str]) -> Option<Joined> {
        let first = lines.first()?;
        let at = if first.starts_with("{\"") || first.starts_with("[{\"") {
            0
        } else {
            first.find(" {\"").filter(|_| is_dated(first))?
        };
        if width(first) < NARROWEST {
            return None;
        }
        let mut open = Open::default();
        open.read(first.get(at..)?);
        if open.is_closed() {
            return None;
        }
        let Some(count) = closing(lines, open, MOST_LINES) else { return Self::cut(lines, open) };
        Some(glue(lines, count, self.hard_width(lines, count)))
    }

    /// A JSON record that was wrapped within a word, and whose end was not copied: what follows has the signs of JSON. A terminal's lines are
    /// long; who breaks a record by hand does so at a space.
    fn cut(lines: &[&str], open: Open) -> Option<Joined> {
        let first = lines.first().filter(|line| open.in_quotes && (WRAPPED..=WIDEST).contains(&width(line)))?;
        let goes_on = |line: &&&str| !line.trim().is_empty() && !is_opening(line) && JSON.iter().any(|sign| line.contains(sign));
        let count = 1 + lines.iter().skip(1).take(MOST_BY_HAND).take_while(goes_on).count();
        (count > 1).then(|| glue(lines, count, Some(width(first))))
    }

    /// A record of etcd's that somebody broke where there was a space: its brackets and quotation marks close later, or the next line
    /// begins with the bracket of its reason.
    fn by_hand(&self, lines: &[&str]) -> Option<Joined> {
        let (first, next) = (lines.first()?, lines.get(1)?);
        if !is_dated(first) {
            return None;
        }
        let mut open = Open::default();
        open.read(first);
        if open.is_closed() && !next.trim_start().starts_with('(') {
            return None;
        }
        let count = closing(lines, open, MOST_BY_HAND)?;
        Some(glue(lines, count, self.hard_width(lines, count)))
    }

    /// The width at which these lines were wrapped hard, if they were: all but the last have it.
    fn hard_width(&self, lines: &[&str], count: usize) -> Option<usize> {
        let widest = lines.iter().take(count.saturating_sub(1)).map(|line| width(line)).max()?;
        // The one line that is full may have lost its last space.
        let wide = if self.widths.contains(&(widest + 1)) { widest + 1 } else { widest };
        let is_even = (0..count.saturating_sub(1)).all(|at| is_full(lines, at, wide));
        let is_last_short = lines.get(count - 1).is_some_and(|last| width(last) <= wide);
        (is_even && is_last_short && wide >= NARROWEST && (count > 2 || is_usual(wide) || self.widths.contains(&wide)))
            .then_some(wide)
    }

    fn full_lines(&self, lines: &[&str]) -> Option<Joined> {
        let wide = self.widths.iter().copied().find(|wide| is_full(lines, 0, *wide))?;
        let more = (1..lines.len().min(MOST_LINES))
            .take_while(|at| is_full(lines, at - 1, wide) && lines.get(*at).is_some_and(|line| !is_opening(line)));
        let count = 1 + more.count();
        (count > 1).then(|| glue(lines, count, Some(wide)))
    }
}

/// Whether the next line may be one that a line goes on in. What a certificate's time is compared with begins as a record does.
fn may_follow(line: &str, next: &str) -> bool {
    !is_opening(next) || ["current time", "is before", "is after", "tls:"].iter().any(|words| line.trim_end().ends_with(words))
}

/// Whether the first word of the next line would not have had room in this one.
fn overflows(line: &str, next: &str, wide: usize) -> bool {
    next.split_whitespace().next().is_some_and(|word| width(line.trim_end()) + 1 + width(word) > wide)
}

/// The width at which dated lines were broken between words: they are as long as that at most, and the first word of the next had no room. A
/// terminal breaks at one column; this way lines end at several.
fn width_of_words(lines: &[&str]) -> Option<usize> {
    let (mut breaks, mut wide, mut begun) = (Vec::new(), 0, false);
    for (line, next) in lines.iter().zip(lines.iter().skip(1).chain([&""])) {
        begun = is_dated(line) || (begun && !is_opening(line) && !line.trim().is_empty());
        if begun {
            // One long word is longer than any width.
            wide = if line.trim().contains(' ') { wide.max(width(line.trim_end())) } else { wide };
            if !next.trim().is_empty() && may_follow(line, next) {
                breaks.push((line, next));
            }
        }
    }
    let sure: Vec<_> = breaks.iter().filter(|(line, next)| overflows(line, next, wide)).collect();
    let ragged = sure.iter().filter(|(line, _)| width(line.trim_end()) + 2 <= wide).count();
    let is_sure = sure.len() >= 3 && sure.len() * 10 >= breaks.len() * 8 && ragged >= 2;
    (is_sure && (NARROWEST..=WRAPPED * 2).contains(&wide)).then_some(wide)
}

/// A line that fills the width: to the last column, or to the one before where a space was cut off or a wide character had no room.
fn is_full(lines: &[&str], at: usize, wide: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let next = lines.get(at + 1).copied().unwrap_or_default();
    let width = width(line);
    width == wide || (width + 1 == wide && (!next.starts_with(' ') && !line.ends_with(' ')))
}

fn is_usual(width: usize) -> bool {
    width.is_multiple_of(10) || width == 132
}

fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Puts lines together: at a hard wrap as they are, elsewhere with a space.
fn glue(lines: &[&str], count: usize, wide: Option<usize>) -> Joined {
    let mut text = String::new();
    for (at, line) in lines.iter().take(count).enumerate() {
        text.push_str(if wide.is_some() { line } else { line.trim() });
        if at + 1 == count {
            break;
        }
        match wide {
            // A space in the last column is lost in most copies.
            Some(wide) if lines.get(at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii())) => {
                text.extend(std::iter::repeat_n(' ', wide.saturating_sub(width(line)).min(1)));
            }
            Some(_) => {}
            None => text.push(' '),
        }
    }
    Joined { lines: count, text }
}

/// How many lines it takes until all is closed.
fn closing(lines: &[&str], mut open: Open, most: usize) -> Option<usize> {
    let mut bytes = lines.first()?.len();
    for ((before, line), at) in lines.iter().zip(lines.iter().skip(1)).zip(2..=most) {
        bytes += line.len();
        if !may_follow(before, line) || bytes > MOST_BYTES {
            return None;
        }
        open.read(line);
        if open.is_closed() {
            return Some(at);
        }
    }
    None
}

/// Brackets and quotation marks that are open.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    depth: i32,
    in_quotes: bool,
    is_escaped: bool,
}

impl Open {
    fn read(&mut self, text: &str) {
        for b in text.bytes() {
            match b {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.in_quotes => self.is_escaped = true,
                b'"' => self.in_quotes = !self.in_quotes,
                b'(' | b'[' | b'{' if !self.in_quotes => self.depth += 1,
                b')' | b']' | b'}' if !self.in_quotes => self.depth -= 1,
                _ => {}
            }
        }
    }

    fn is_closed(self) -> bool {
        self.depth == 0 && !self.in_quotes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let wraps = Wraps::of(&lines);
        let (mut at, mut out) = (0, Vec::new());
        while at < lines.len() {
            let found = wraps.join(&lines[at..]).unwrap_or_else(|| Joined { lines: 1, text: lines[at].to_owned() });
            at += found.lines;
            out.push(found.text);
        }
        out
    }

    fn wrapped(text: &str, width: usize) -> String {
        let cut = |line: &str| line.as_bytes().chunks(width).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>();
        text.lines().flat_map(cut).collect::<Vec<_>>().join("\n")
    }

    const LOG: &str = "\
2020-04-07 00:04:00.932220 I | embed: rejected connection from \"10.0.0.32:41438\" (error \"EOF\", ServerName \"db-1.example.org\")
2020-04-07 00:04:01.932220 W | rafthttp: health check for peer 2c2b493165507658 could not connect: dial tcp 10.0.0.2:2380: connect: refused
2020-04-07 00:04:02.932220 I | etcdserver: starting
Aug 28 09:36:01 db-1 etcd: health check for peer 2c2b493165507658 could not connect: dial tcp 10.0.0.2:2380: i/o timeout (prober)
{\"level\":\"warn\",\"ts\":\"2021-03-01T10:15:02.123Z\",\"caller\":\"etcdserver/util.go:163\",\"msg\":\"apply request took too long\",\"took\":\"1.2s\"}";

    #[test]
    fn records_are_whole_again_at_every_width() {
        let whole: Vec<&str> = LOG.lines().collect();
        for width in [60, 80, 100, 113, 120] {
            assert_eq!(joined(&wrapped(LOG, width)), whole, "{width}");
        }
    }

    #[test]
    fn a_space_that_was_lost_in_the_last_column_is_there_again() {
        let lost = wrapped(LOG, 80).lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert_eq!(joined(&lost), LOG.lines().collect::<Vec<_>>());
    }

    /// Breaks lines between words, as mail does.
    fn flowed(text: &str, width: usize) -> String {
        let mut out: Vec<String> = Vec::new();
        for line in text.lines() {
            let mut row = String::new();
            for word in line.split(' ') {
                if !row.is_empty() && row.len() + 1 + word.len() > width {
                    out.push(std::mem::take(&mut row));
                }
                row.push_str(if row.is_empty() { "" } else { " " });
                row.push_str(word);
            }
            out.push(row);
        }
        out.join("\n")
    }

    #[test]
    fn lines_that_were_broken_between_words_are_whole_again() {
        let log = "\
Nov 26 01:53:04 db-2 etcd[937]: corrupted snapshot file /var/lib/etcd/member/snap/0000000000000002-0000000000000066.snap: crc mismatch
Nov 26 01:53:04 db-2 etcd[937]: name = db-2
Nov 26 01:53:05 db-2 etcd[937]: rejected connection from \"10.0.0.3:34976\" (error \"tls: failed to verify client certificate: x509: certificate \
has expired or is not yet valid: current time 2026-11-26T01:42:15Z is before 2026-11-27T01:42:02Z\", ServerName \"\")
Nov 26 01:53:06 db-2 etcd[937]: cannot commit tx (write /var/lib/etcd/member/snap/db: no space left on device)
Nov 26 01:53:07 db-2 systemd[1]: Failed to start etcd.service - etcd - highly-available key value store.";
        let whole: Vec<&str> = log.lines().collect();
        for width in [72, 76, 78, 100] {
            assert_eq!(joined(&flowed(log, width)), whole, "{width}");
        }
    }

    #[test]
    fn what_a_command_prints_below_dated_lines_stays_apart() {
        let text = "\
Nov 26 01:53:04 db-2 etcd[937]: cannot commit tx (write /var/lib/etcd/member/snap/db: no space left on device)
Filesystem Size Used
Nov 26 01:53:04 db-2 etcd[937]: name = db-2
total 12
Nov 26 01:53:05 db-2 etcd[937]: member dir = /var/lib/etcd/member
drwx------ 2 etcd etcd";
        assert_eq!(joined(text), text.lines().collect::<Vec<_>>());
    }

    #[test]
    fn a_record_that_was_broken_by_hand_is_joined_until_its_brackets_close() {
        let text = "2020-04-07 00:04:00.932220 I | embed: rejected connection from \"10.0.0.32:41438\"\n(error \"tls: \\\"10.0.0.32\\\" does not match\n(lookup a: server misbehaving)\",\nDNSNames [])\ngoroutine 1 [running]:";
        let got = joined(text);
        assert!(got[0].ends_with("(lookup a: server misbehaving)\", DNSNames [])"), "{got:?}");
        assert_eq!(got.len(), 2);
    }

    #[test]
    fn a_wrapped_record_whose_end_was_not_copied_is_joined_as_far_as_it_goes() {
        let begin = "Aug 17 19:07:04 db-1 etcd[19961]: {\"level\":\"fatal\",\"ts\":\"2025-08-17T19:07:04.579250-0400\",\"msg\":\"discovery failed\",\"error\":\"couldn't find lo";
        let more = "cal name \\\"db-1\\\" in the initial cluster configuration\",\"stacktrace\":\"go.etcd.io/etcd/server/v3/etcdmain.start";
        let got = joined(&format!("{begin}\n{more}\n\nThat is all."));
        assert_eq!(got[0], format!("{begin}{more}"));
        assert_eq!(joined(&format!("{begin}\nand prose follows")).len(), 2);
    }

    #[test]
    fn lines_that_belong_apart_stay_apart() {
        let eighty = |text: &str| format!("{text:x<80}");
        for text in [
            format!(
                "{}\n{}\n{}",
                eighty("2020-04-07 00:04:00.1 I | a: "),
                eighty("2020-04-07 00:04:00.2 I | a: "),
                eighty("2020-04-07 00:04:00.3 I | b: ")
            ),
            format!("[root@h ~]# ps aux\n{}\n{}\n{}\n{}", eighty("USER"), eighty("root 1"), eighty("root 2"), eighty("root 3")),
            "2020-04-07 00:04:00.1 C | etcdmain: panic (reason\ngoroutine 1 [running]:\nmain.main()\n\t/go/main.go:1 +0x1"
                .to_owned(),
            "2026/11/22 16:20:53 grpc: connection refused\"; Reconnecting to {\"10.0.0.1:2379\" <nil>}\nCould not ask the endpoint (timeout)".to_owned(),
            "{\"members\":[{\"ID\":1,\"name\":\"a\",\"peerURLs\":[\"http://10.0.0.1:2380\"]},\n{\"ID\":2}]}".to_owned(),
            "{\"level\":\"warn\",\"msg\":\"this record was cut off by somebody\n\nand prose follows, with a } in it".to_owned(),
        ] {
            assert_eq!(joined(&text), text.lines().collect::<Vec<_>>());
        }
    }
}
