//! Lines of a run while they are looked at: where they stand, and when they were written.

use super::{
    super::{
        log::{Span, Stamp, When, read_date, within_minute},
        logbook::{Mark, Moment},
    },
    date::Dates,
    docker,
};
use crate::bundle::Source;

/// A line of a run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub number: u64,
    pub from: usize,
    pub to: usize,
    /// Where its date stands, from the beginning of the line.
    pub date: (usize, usize),
}

/// What all lines of a run have in common.
pub(super) struct Run<'a> {
    pub source: &'a Source,
    pub text: &'a str,
    pub span: Option<Span>,
}

/// One line of a run, while it is looked at.
pub(super) struct Here<'a> {
    pub run: &'a Run<'a>,
    pub place: Place,
    /// The minute of its date, and how long the date is up to its seconds.
    pub minute: Option<(usize, When)>,
}

impl<'a> Here<'a> {
    pub(super) fn line(&self) -> Option<&'a str> {
        self.run.text.get(self.place.from..self.place.to)
    }

    /// The date counts that stands there in the words that are read, which docker has as a string.
    /// The shift is that of [`docker::place_in`].
    pub(super) fn date_at(&mut self, dates: &Dates, from: usize, length: usize, shift: Option<&mut usize>) -> Option<()> {
        let from = match shift {
            Some(shift) => docker::place_in(self.line()?, from, shift)?,
            None => from,
        };
        self.place.date = (from, from + length);
        self.minute = dates.minute();
        Some(())
    }

    fn stamp(&self) -> Option<Stamp<'a>> {
        let (from, to) = self.place.date;
        let stamp = read_date(self.line()?.get(from..to)?)?;
        Some(self.run.span.and_then(|span| span.date(stamp)).unwrap_or(stamp))
    }
}

impl Moment for Here<'_> {
    fn when(&self) -> Option<When> {
        match (self.minute, self.run.span) {
            (Some((seconds, minute)), None) => {
                let (from, to) = self.place.date;
                within_minute(&minute, self.line()?.get(from + seconds..to)?)
            }
            _ => self.stamp().map(|stamp| stamp.when()),
        }
    }

    fn mark(&self) -> Mark {
        let text = self.line().unwrap_or_default();
        let stamp = self.stamp();
        Mark {
            quote: self.run.source.line(self.place.number, text).quote(),
            when: stamp.as_ref().map(Stamp::when),
            as_read: stamp.map(|stamp| stamp.as_read().into()),
        }
    }
}
