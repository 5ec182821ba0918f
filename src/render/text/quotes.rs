//! Quoted lines below what they show, each with its path and line, and its time where the line does not say it.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{FAINT, Page, instant};
use crate::{diagnosis::Evidence, render::wrap, text::escape};

/// Most lines of the report that one quoted line takes.
const MOST_LINES: usize = 3;

/// Least room beside the place in which a cut line still says something.
const LEAST_BESIDE: usize = 40;

impl Page<'_> {
    /// Up to so many quotes, each in a few lines.
    pub(super) fn quotes(&self, out: &mut dyn Write, indent: &str, evidence: &[Evidence], most: usize) -> io::Result<()> {
        let (most, lines) = (self.most(most), self.most(MOST_LINES));
        let mut path = "";
        for shown in evidence.iter().take(most) {
            self.quote(out, indent, shown, &place(shown, path), lines)?;
            path = shown.quote.citation().path();
        }
        self.more(out, indent, evidence.len(), most)
    }

    /// One quote in a line or two, for what is told in brief.
    pub(super) fn brief_quote(&self, out: &mut dyn Write, indent: &str, evidence: &[Evidence]) -> io::Result<()> {
        if self.is_verbose {
            return self.quotes(out, indent, evidence, usize::MAX);
        }
        evidence.first().map_or(Ok(()), |shown| self.quote(out, indent, shown, &place(shown, ""), 1))
    }

    fn quote(&self, out: &mut dyn Write, indent: &str, shown: &Evidence, place: &str, most: usize) -> io::Result<()> {
        let whole = shown.quote.excerpt().escaped().to_string();
        let words = if most == 1 { from_message(&whole) } else { whole };
        let time = time_beside(shown, &words).map_or_else(String::new, |time| format!("  {time}"));
        let note = shown.note.as_ref().map_or_else(String::new, |note| format!("  ({})", escape(note)));
        let taken = indent.width() + place.width() + time.width() + 2;
        if taken + words.width() + note.width() <= self.width {
            return writeln!(out, "{indent}{FAINT}{place}{time}{FAINT:#}  {words}{FAINT}{note}{FAINT:#}");
        }
        if most == 1 && note.is_empty() && taken + LEAST_BESIDE <= self.width {
            let words = wrap::cut(&words, self.width - taken);
            return writeln!(out, "{indent}{FAINT}{place}{time}{FAINT:#}  {words}");
        }
        // What belongs to the place goes below the words where there is no room beside it.
        let (mut beside, mut below) = (String::new(), String::new());
        for part in [time, note] {
            let fits = indent.width() + place.width() + beside.width() + part.width() <= self.width;
            if fits { &mut beside } else { &mut below }.push_str(&part);
        }
        writeln!(out, "{indent}{FAINT}{place}{beside}{FAINT:#}")?;
        let inner = format!("{indent}  ");
        let room = self.width.saturating_sub(inner.width()).max(20);
        let mut lines = wrap::quoted(&words, room);
        if most == 1 {
            lines = vec![wrap::cut(&words, room)];
        } else if lines.len() > most {
            lines.truncate(most);
            // The mark takes the place of the last character where there is no room for it.
            lines.iter_mut().skip(most - 1).for_each(|line| *line = wrap::cut(&format!("{line}…"), room));
        }
        lines.iter().try_for_each(|line| writeln!(out, "{inner}{line}"))?;
        wrap::lines(&below, room).iter().try_for_each(|line| writeln!(out, "{inner}{FAINT}{line}{FAINT:#}"))
    }
}

/// A record of zap from its message on, where only one line of it is shown: what stands before says less.
fn from_message(words: &str) -> String {
    match words.find("\"msg\":\"").filter(|at| *at > LEAST_BESIDE) {
        Some(at) => format!("… {}", words.get(at..).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// `path:line`; of a path that stood just above only its end, as `…/end:line`.
fn place(shown: &Evidence, above: &str) -> String {
    let place = shown.quote.citation();
    let path = match place.path().rsplit_once('/') {
        Some((_, name)) if place.path() == above => format!("…/{name}"),
        _ => place.path().to_owned(),
    };
    format!("{}:{}", escape(&path), place.line())
}

/// The line's time, where the words that are shown do not hold it.
fn time_beside(shown: &Evidence, words: &str) -> Option<String> {
    let when = shown.when.as_ref()?;
    let as_read = when.as_read.escaped().to_string();
    // Of a time with a fraction the whole seconds are enough to find it in the line.
    let clock = as_read.split(['.', ',']).next().unwrap_or(&as_read);
    if clock.is_empty() || words.contains(clock) {
        return None;
    }
    Some(when.at.map_or(as_read, |at| instant::to_the_second(&at.to_string())))
}
