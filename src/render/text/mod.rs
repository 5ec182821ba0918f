//! The diagnosis as text for people: the verdict first, causes with their lines, what to do, who is who, what stays open.

mod around;
mod detail;
mod finding;
mod quotes;
mod scale;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::{instant, names::confidence_says, wrap};
use crate::{
    diagnosis::{Code, Diagnosis},
    text::Untrusted,
    words::{Values, Words, fill},
};

/// Prose is not laid out wider than this: lines of more than a hundred characters are hard to read. Quoted lines and tables take
/// whatever width there is.
const PROSE: usize = 100;

const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const HEAD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Widest that a name is shown, in columns: those of hosts and members are shorter, and a hostile bundle has one of a megabyte.
const WIDEST_NAME: usize = 80;

/// A name as it is shown: escaped, and cut where it is none that anybody gave.
fn name(name: &Untrusted) -> String {
    wrap::cut(&name.escaped().to_string(), WIDEST_NAME)
}

/// Writes the report, laid out for `width` columns. Colours are written as escape sequences; the stream takes them off where they are
/// not wanted.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diagnosis: &Diagnosis, words: &Words, width: usize, out: &mut dyn Write) -> io::Result<()> {
    Page::new(diagnosis, words, width, false).report(out)
}

/// Writes all that the diagnosis holds: every quoted line whole, the timeline, the measurements, every list to its end.
///
/// # Errors
/// When the output cannot be written.
pub fn write_all(diagnosis: &Diagnosis, words: &Words, width: usize, out: &mut dyn Write) -> io::Result<()> {
    Page::new(diagnosis, words, width, true).report(out)
}

/// Writes the verdict alone: what, impact, how sure.
///
/// # Errors
/// When the output cannot be written.
pub fn write_verdict(diagnosis: &Diagnosis, words: &Words, width: usize, out: &mut dyn Write) -> io::Result<()> {
    Page::new(diagnosis, words, width, false).verdict(out)
}

struct Page<'a> {
    words: &'a Words,
    /// Columns for quoted lines and tables.
    width: usize,
    /// Columns for sentences.
    prose: usize,
    is_verbose: bool,
    diagnosis: &'a Diagnosis,
}

impl<'a> Page<'a> {
    fn new(diagnosis: &'a Diagnosis, words: &'a Words, width: usize, is_verbose: bool) -> Self {
        Page { words, width, prose: width.min(PROSE), is_verbose, diagnosis }
    }

    fn report(&self, out: &mut dyn Write) -> io::Result<()> {
        self.verdict(out)?;
        self.findings(out)?;
        self.grounds(out)?;
        self.open(out)?;
        self.members(out)?;
        self.cluster(out)?;
        if self.is_verbose {
            self.timeline(out)?;
            self.measurements(out)?;
        }
        self.coverage(out)?;
        self.hint(out)
    }

    /// The first line has all of it in words that a pager's first line shows; sentences follow.
    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let (verdict, words) = (&self.diagnosis.verdict, &self.words.text);
        let style = match verdict.primary {
            Some(Code::HEALTHY | Code::TRANSIENT) => GOOD,
            Some(_) => BAD,
            None => WARN,
        };
        let code = verdict.primary.map_or(words.undecided, Code::as_str);
        let impact = scale::impact(verdict.impact);
        let confidence = scale::confidence(verdict.confidence);
        let summary = Values::from([
            ("impact", scale::named(words.impact_levels, impact).to_owned()),
            ("confidence", scale::named(words.confidence_levels, confidence).to_owned()),
        ]);
        let summary = fill(words.summary, &summary);
        let id = format!("{} {}", words.id, self.diagnosis.id);
        let is_wide = code.width() + summary.width() + id.width() + 6 > self.width;
        let gap = if is_wide { "\n" } else { " · " };
        writeln!(out, "{style}{code}{style:#} · {HEAD}{summary}{HEAD:#}{FAINT}{gap}{id}{FAINT:#}")?;
        self.item(out, "", &instant::in_sentence(&verdict.headline))?;
        self.item(out, "", &format!("{} {}", words.impact, scale::named(words.impacts, impact)))?;
        self.item(out, "", &format!("{} {}", words.confidence, confidence_says(verdict, words)))?;
        if !verdict.also.is_empty() {
            self.item(out, "", &format!("{}: {}", words.also, codes(&verdict.also)))?;
        }
        Ok(())
    }

    fn title(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{HEAD}{title}{HEAD:#}")
    }

    fn subtitle(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n  {HEAD}{title}{HEAD:#}")
    }

    /// Words behind a mark, wrapped, the further lines below the first word.
    fn item(&self, out: &mut dyn Write, mark: &str, words: &str) -> io::Result<()> {
        wrap::item(out, self.prose, mark, words)
    }

    /// As many of a list as are shown: all where everything is wanted.
    fn most(&self, most: usize) -> usize {
        if self.is_verbose { usize::MAX } else { most }
    }

    /// How many more there are.
    fn more(&self, out: &mut dyn Write, indent: &str, of: usize, shown: usize) -> io::Result<()> {
        match of.checked_sub(shown) {
            None | Some(0) => Ok(()),
            Some(n) => {
                writeln!(out, "{indent}{FAINT}{}{FAINT:#}", fill(self.words.text.more, &Values::from([("n", n.to_string())])))
            }
        }
    }
}

fn codes(codes: &[Code]) -> String {
    codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ")
}
