//! `etcdctl check perf`: what it measured and found too slow.

use super::{Out, Screen};
use crate::bundle::Line;
use crate::text::Untrusted;

/// A measure that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerfCheck {
    /// The words behind `FAIL: `.
    pub failed: Untrusted,
}

/// What its lines begin with, without `PASS: ` and `FAIL: ` (3.2 to 3.7).
const MEASURES: &[&str] = &[
    "Throughput is ",
    "Throughput too low: ",
    "Slowest request took ",
    "Stddev is ",
    "Stddev too high: ",
    "too many errors",
    "ERROR(",
];

/// Takes a line. True if it is one of that check.
pub(super) fn line(line: Line<'_>, typed: &str, out: &mut Out<'_>) -> bool {
    let text = line.text().trim();
    // A progress bar goes before the first line, in the same stream.
    let text = text.rsplit_once('\r').map_or(text, |(_, last)| last);
    let text = ["PASS: ", "FAIL: "].iter().find_map(|mark| from(text, mark)).unwrap_or(text);
    let (mark, words) = match text.split_at_checked(6) {
        Some((mark @ ("PASS: " | "FAIL: "), words)) => (Some(mark), words),
        _ => (None, text),
    };
    let is_measure = MEASURES.iter().any(|measure| words.starts_with(measure));
    let is_pass = || match mark {
        Some(mark) => mark == "PASS: ",
        // `Slowest request took too long` goes without a mark.
        None => !text.contains(" too long: ") && !text.contains(" too high: "),
    };
    if is_measure && !is_pass() {
        out.say(Screen::Perf(PerfCheck { failed: words.into() }), line.quote());
    }
    is_measure || (typed.contains("check perf") && matches!(text, "PASS" | "FAIL"))
}

/// A text from a mark in it on.
fn from<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    if text.contains(mark) { text.get(text.find(mark)?..) } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn what_failed_is_told_and_what_passed_is_not() {
        let pass = "60 / 60 Booooo! 100.00% 1m0s\nPASS: Throughput is 151 writes/s\nPASS: Slowest request took 0.087s\nPASS: Stddev is 0.01s\nPASS\n";
        assert!(read("etcdctl check perf", pass).is_empty());
        let fail = " 59 / 60 Booooo !  98.33%\rFAIL: Throughput too low: 95 writes/s\nSlowest request took too long: 1.4s\nStddev too high: 0.2s\nFAIL\n";
        assert_eq!(read("etcdctl check perf", fail).len(), 3);
        assert!(read("", "FAIL: the test of somebody\nPASS\n").is_empty());
    }
}
