//! The diagnosis as one page for a browser: the verdict first, then causes, what to do, pictures of what was measured, and what stays open.
//!
//! It holds no script, asks for nothing from outside, and its own policy forbids both. Each picture has its numbers beside it as text.

mod escape;
mod findings;
mod histogram;
mod lanes;
mod matrix;
mod measured;
mod members;
mod page;
mod scale;
mod shapes;
mod sizes;
mod style;
mod timeline;
mod verdict;

use std::io::{self, Write};

use self::escape::Html;
use super::names::{confidence_says, impact_name, named, severity_name, state_name};
use crate::{
    diagnosis::{Code, Diagnosis},
    words::{HtmlWords, TextWords, Words},
};

/// Writes the page.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diagnosis: &Diagnosis, words: &Words, out: &mut dyn Write) -> io::Result<()> {
    let report = Report { diagnosis, all: words, words: &words.html, text: &words.text };
    out.write_all(page::whole(&report).as_bytes())
}

/// What every part of the page is made of.
struct Report<'a> {
    diagnosis: &'a Diagnosis,
    all: &'a Words,
    words: &'a HtmlWords,
    text: &'a TextWords,
}

impl Report<'_> {
    fn is_healthy(&self) -> bool {
        matches!(self.diagnosis.verdict.primary, Some(Code::HEALTHY | Code::TRANSIENT))
    }
}

/// A time without the fraction of its second: `2026-11-22 16:22:24`; as it stands where it is no instant.
fn to_the_second(time: &str) -> String {
    to_the_digits(time, 0)
}

/// A time to the thousandth of a second.
fn to_the_millisecond(time: &str) -> String {
    to_the_digits(time, 3)
}

fn to_the_digits(time: &str, digits: usize) -> String {
    let Some((day, clock)) = time.strip_suffix('Z').and_then(|time| time.split_once('T')) else { return time.to_owned() };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    match fraction.get(..digits.min(fraction.len())) {
        None | Some("") => format!("{day} {whole}"),
        Some(fraction) => format!("{day} {whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_seconds_are_cut_and_what_is_no_instant_stays_as_it_is() {
        let time = "2026-11-22T16:22:24.123456Z";
        assert_eq!([to_the_second(time), to_the_millisecond(time)], ["2026-11-22 16:22:24", "2026-11-22 16:22:24.123"]);
        assert_eq!(to_the_millisecond("2026-11-22T16:22:24Z"), "2026-11-22 16:22:24");
        assert_eq!([to_the_second("Aug 28 09:36:01"), to_the_millisecond("T.é")], ["Aug 28 09:36:01", "T.é"]);
    }
}
