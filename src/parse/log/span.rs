//! From when to when a journal reaches, as journalctl says above its lines: within it a date without a year has one.

use super::{
    date::full,
    stamp::{Stamp, When},
};
use std::cmp::Ordering;

/// The time that a journal covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    begin: When,
    end: When,
}

impl Span {
    /// Reads `-- Logs begin at Sun 2026-11-22 15:00:00 UTC, end at Sun 2026-11-22 16:00:00 UTC. --` (systemd up to 246), and
    /// `-- Journal begins at …, ends at …. --` (247 to 249). Later releases print no such line.
    pub fn read(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("-- ")?.strip_suffix(" --")?.trim_end_matches('.');
        let (begin, end) = inner.split_once(", end")?;
        let date = |text: &str| {
            let (_, date) = text.split_once(" at ")?;
            // What follows a date is a blank and more.
            full(&format!("{date} ")).map(|(stamp, _)| stamp.when())
        };
        Some(Self { begin: date(begin)?, end: date(end)? })
    }

    /// A stamp without a year with the only year, and the zone, that the journal leaves for it. Nothing where there is more than one, or
    /// none: then the line is not from this journal.
    pub fn date<'a>(&self, stamp: Stamp<'a>) -> Option<Stamp<'a>> {
        let when = stamp.when();
        if when.year().is_some() || self.begin.offset() != self.end.offset() {
            return None;
        }
        let (month, day) = when.month_day();
        let fits = |year: &i16| {
            let dated = When::new(Some(*year), month, day, when.time(), self.begin.offset());
            dated.filter(|dated| {
                self.begin.order_within(dated).is_some_and(Ordering::is_le)
                    && dated.order_within(&self.end).is_some_and(Ordering::is_le)
            })
        };
        let years = self.begin.year()?..=self.end.year()?;
        let mut found = years.take(100).filter_map(|year| fits(&year));
        let dated = found.next().filter(|_| found.next().is_none())?;
        Some(Stamp::new(stamp.as_read(), dated))
    }
}

#[cfg(test)]
mod tests {
    use super::super::date::syslog;
    use super::*;

    fn dated(header: &str, text: &str) -> Option<String> {
        let stamp = Span::read(header).unwrap().date(syslog(text).unwrap().0)?;
        Some(stamp.instant().map_or_else(|| stamp.when().civil().unwrap().to_string(), |at| at.to_string()))
    }

    #[test]
    fn a_journal_that_says_from_when_to_when_it_reaches_gives_its_lines_their_year() {
        let header = "-- Logs begin at Sun 2025-12-14 15:00:00 UTC, end at Sun 2026-11-22 16:00:00 UTC. --";
        assert_eq!(dated(header, "Nov 22 15:46:57").as_deref(), Some("2026-11-22T15:46:57Z"));
        assert_eq!(dated(header, "Dec 31 23:59:59").as_deref(), Some("2025-12-31T23:59:59Z"));
        assert_eq!(dated(header, "Dec  1 00:00:00"), None, "it is in neither year");
        // CST is three zones, so no instant is known.
        let chinese = "-- Journal begins at Sun 2026-11-22 15:00:00 CST, ends at Sun 2026-11-22 16:00:00 CST. --";
        assert_eq!(dated(chinese, "Nov 22 15:46:57").as_deref(), Some("2026-11-22T15:46:57"));
    }

    #[test]
    fn a_journal_of_several_years_tells_none() {
        let header = "-- Logs begin at Sun 2024-11-10 15:00:00 UTC, end at Sun 2026-11-22 16:00:00 UTC. --";
        assert_eq!(dated(header, "Nov 22 15:46:57"), None);
        for text in
            ["-- No entries --", "-- Reboot --", "-- Logs begin at some time, end at another. --", "Logs begin at x, end at y"]
        {
            assert_eq!(Span::read(text), None, "{text}");
        }
    }
}
