//! Dates of log lines: what stood there, and how much of a point in time that is.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// A leap year that stands in for the missing one, so that 29 February can be held. It never leaves this file.
const ANY_YEAR: i16 = 2000;

/// Days from which two dates without a year may as well be in different years.
const HALF_A_YEAR: i64 = 183;

/// What is known of a point in time. Nothing is added to what was read: no year, no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    civil: DateTime,
    has_year: bool,
    offset: Option<Offset>,
}

impl When {
    /// An ISO date that stands alone, as in a table of commands.
    pub fn read(text: &str) -> Option<Self> {
        super::date::iso(text).map(|(stamp, _)| stamp.when())
    }

    /// The civil time, when the year was written.
    pub fn civil(&self) -> Option<DateTime> {
        self.has_year.then_some(self.civil)
    }

    /// The year, when it was written.
    pub fn year(&self) -> Option<i16> {
        self.has_year.then_some(self.civil.year())
    }

    /// Month and day as numbers.
    pub fn month_day(&self) -> (i8, i8) {
        (self.civil.month(), self.civil.day())
    }

    /// The time of day.
    pub fn time(&self) -> Time {
        self.civil.time()
    }

    /// The distance from UTC, when it was written.
    pub fn offset(&self) -> Option<Offset> {
        self.offset
    }

    /// The instant; only when year and zone were written.
    pub fn instant(&self) -> Option<Timestamp> {
        if !self.has_year {
            return None;
        }
        self.offset?.to_timestamp(self.civil).ok()
    }

    /// Which of two is the earlier, when they can be compared: two instants, two civil times with a year and without a zone, or two
    /// without a year. Two of the last kind which are half a year or more apart may be on both sides of a New Year: no answer.
    pub fn order_within(&self, other: &Self) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.instant(), other.instant()) {
            return Some(a.cmp(&b));
        }
        if !self.same_kind(other) {
            return None;
        }
        if !self.has_year && days_between(self.civil, other.civil).abs() >= HALF_A_YEAR {
            return None;
        }
        Some(self.civil.cmp(&other.civil))
    }

    /// Whether this is later than `other`, though that may have lost its fraction of a second: some lines of a log have whole seconds.
    pub fn is_surely_after(&self, other: &Self) -> bool {
        let is_cut = other.civil.subsec_nanosecond() == 0;
        let is_close = self.difference(other).is_some_and(|gap| gap < SignedDuration::from_secs(1));
        self.order_within(other) == Some(Ordering::Greater) && !(is_cut && is_close)
    }

    /// How much later this is than `other`, under the same conditions as [`When::order_within`]. Without a year, there is no answer
    /// across the end of February: it may have 28 days or 29.
    pub fn difference(&self, other: &Self) -> Option<SignedDuration> {
        // Most are asked for lines of one day. A zone without a year says nothing.
        let is_alike = self.has_year == other.has_year && self.offset == other.offset && (self.has_year || self.offset.is_none());
        if is_alike && self.civil.date() == other.civil.date() {
            return Some(SignedDuration::from_nanos(nanos_of_day(self.civil.time()) - nanos_of_day(other.civil.time())));
        }
        if let (Some(a), Some(b)) = (self.instant(), other.instant()) {
            return Some(a.duration_since(b));
        }
        self.order_within(other)?;
        let after_february = |at: DateTime| at.month() > 2;
        if !self.has_year && after_february(self.civil) != after_february(other.civil) {
            return None;
        }
        Some(self.civil.duration_since(other.civil))
    }

    /// A time of day on a day whose year may not be known.
    pub(super) fn new(year: Option<i16>, month: i8, day: i8, time: Time, offset: Option<Offset>) -> Option<Self> {
        let date = Date::new(year.unwrap_or(ANY_YEAR), month, day).ok()?;
        Some(Self { civil: DateTime::from_parts(date, time), has_year: year.is_some(), offset })
    }

    /// Another time of the same day.
    pub(super) fn at(&self, time: Time) -> Self {
        Self { civil: DateTime::from_parts(self.civil.date(), time), ..*self }
    }

    /// An instant, as an epoch gives it.
    pub(in crate::parse) fn from_instant(instant: Timestamp) -> Self {
        Self { civil: Offset::UTC.to_datetime(instant), has_year: true, offset: Some(Offset::UTC) }
    }

    /// A key that orders all dates, for lists that need an order: those that say more come first, then by time. Whether one date is
    /// later than another is a question for [`When::order_within`], which is no total order.
    pub fn sort_key(&self) -> (u8, DateTime) {
        let civil = self.instant().map_or(self.civil, |at| Offset::UTC.to_datetime(at));
        (2 - self.knowledge().min(2), civil)
    }

    /// How much is known: 2 an instant, 1 a civil time with its year, 0 less.
    pub(super) fn knowledge(&self) -> u8 {
        match (self.has_year, self.offset) {
            (true, Some(_)) => 2,
            (true, None) => 1,
            _ => 0,
        }
    }

    fn same_kind(&self, other: &Self) -> bool {
        self.has_year == other.has_year && self.offset.is_none() && other.offset.is_none()
    }
}

fn nanos_of_day(time: Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    seconds * 1_000_000_000 + i64::from(time.subsec_nanosecond())
}

fn days_between(a: DateTime, b: DateTime) -> i64 {
    a.duration_since(b).as_secs() / 86_400
}

/// A date with the words it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp<'a> {
    as_read: &'a str,
    when: When,
}

impl<'a> Stamp<'a> {
    pub(in crate::parse) fn new(as_read: &'a str, when: When) -> Self {
        Self { as_read, when }
    }

    /// The words as they stood there. They come from the bundle: escape them before they are printed.
    pub fn as_read(&self) -> &'a str {
        self.as_read
    }

    /// What is known, free of the line it was read from.
    pub fn when(&self) -> When {
        self.when
    }

    /// The instant; only when year and zone were written.
    pub fn instant(&self) -> Option<Timestamp> {
        self.when.instant()
    }

    /// Which of two is the earlier; see [`When::order_within`].
    pub fn order_within(&self, other: &Stamp<'_>) -> Option<Ordering> {
        self.when.order_within(&other.when)
    }

    /// How much later this is than `other`; see [`When::difference`].
    pub fn difference(&self, other: &Stamp<'_>) -> Option<SignedDuration> {
        self.when.difference(&other.when)
    }
}

#[cfg(test)]
mod tests {
    use super::super::date;
    use super::*;

    fn at(text: &str) -> When {
        date::iso(text).or_else(|| date::syslog(text)).unwrap().0.when()
    }

    #[test]
    fn an_instant_is_never_invented() {
        for text in ["2021-03-01 10:15:02.123456", "2021/03/01 10:15:02", "Mar  1 10:15:02", "3月 01 10:15:02"] {
            assert_eq!(at(text).instant(), None, "{text}");
        }
        assert_eq!(at("Mar  1 10:15:02").year(), None);
        assert_eq!(at("Feb 29 10:15:02").month_day(), (2, 29));
    }

    #[test]
    fn only_stamps_of_the_same_kind_are_ordered() {
        use Ordering::{Greater, Less};
        for (a, b, order) in [
            ("2021-03-01T10:00:00+0100", "2021-03-01T09:30:00Z", Some(Less)),
            ("2021-03-01 10:00:01", "2021/03/01 10:00:00", Some(Greater)),
            ("Mar  1 10:00:00", "Mar  1 10:00:01", Some(Less)),
            ("Mar  1 10:00:00", "2021-03-01 10:00:01", None),
            ("2021-03-01 10:00:00", "2021-03-01T10:00:00Z", None),
            ("Dec 31 23:59:59", "Jan  1 00:00:01", None),
        ] {
            assert_eq!(at(a).order_within(&at(b)), order, "{a} / {b}");
        }
    }

    #[test]
    fn a_difference_across_the_end_of_february_needs_the_year() {
        let seconds = |a: &str, b: &str| at(a).difference(&at(b)).map(|d| d.as_secs());
        assert_eq!(seconds("Mar  1 00:00:01", "Feb 28 23:59:59"), None);
        assert_eq!(seconds("2021-03-01 00:00:01", "2021-02-28 23:59:59"), Some(2));
        assert_eq!(seconds("Sep  1 00:00:01", "Aug 31 23:59:59"), Some(2));
        assert_eq!(seconds("Aug 31 23:59:59", "Sep  1 00:00:01"), Some(-2));
    }
}
