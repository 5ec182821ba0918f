//! A date at a known place of lines that look alike: what changed since the last line is read, the rest is compared.

use super::digits::leading_digits;
use crate::{
    messages::compare::behind,
    parse::log::{When, read_date},
};

/// How dates at one place look, and the minute of the last one.
#[derive(Debug)]
pub(super) struct Dates {
    /// Up to the seconds, as the last line had it: a date of which this is the beginning is a date.
    minute: Box<[u8]>,
    /// Some time of that minute, by a date that was met whole: one that is cut may lack its zone.
    when: Option<When>,
    /// What stands before the fraction, if the seconds have one.
    point: Option<u8>,
    /// The zone behind it.
    zone: Box<[u8]>,
}

/// The length up to the seconds, what stands before a fraction, the zone.
pub(super) type Layout<'a> = (usize, Option<u8>, &'a [u8]);

impl Dates {
    /// Of a date that was read; none where its layout is not one of those whose minute can be told from their seconds.
    pub(super) fn of(date: &str) -> Option<Self> {
        // `10:15:02`: the seconds stand behind the second colon, and a zone may have a third.
        let (second, _) = date.match_indices(':').nth(1)?;
        let (minute, rest) = date.split_at_checked(second + 1)?;
        let (seconds, rest) = rest.split_at_checked(2)?;
        let point = rest.bytes().next().filter(|b| matches!(b, b'.' | b','));
        let fraction = rest.get(usize::from(point.is_some())..)?;
        let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        let has_digits = zone.len() < fraction.len();
        let is_one = seconds.bytes().all(|b| b.is_ascii_digit()) && has_digits == point.is_some();
        // Nothing may stand behind it, as in a string that is no date to its end.
        let when = read_date(date).filter(|stamp| is_one && stamp.as_read() == date)?.when();
        Some(Self { minute: minute.as_bytes().into(), when: Some(when), point, zone: zone.as_bytes().into() })
    }

    /// How long the date at the start of a text is, if it looks like those before.
    pub(super) fn meet(&mut self, text: &[u8]) -> Option<usize> {
        let seconds = match behind(text, &self.minute) {
            Some(seconds) => seconds,
            None => self.next_minute(text)?,
        };
        let [tens, ones, rest @ ..] = seconds else { return None };
        if !matches!(tens, b'0'..=b'5') || !ones.is_ascii_digit() {
            return None;
        }
        let rest = match self.point {
            Some(point) => {
                let fraction = rest.strip_prefix(&[point])?;
                let digits = leading_digits(fraction);
                fraction.get(digits..).filter(|_| digits > 0)?
            }
            None => rest,
        };
        // What goes on here was part of no date before.
        let after = behind(rest, &self.zone)?;
        let is_over = self.point.is_some() || !matches!(after.first(), Some(b'.' | b','));
        let is_over =
            is_over && (!self.zone.is_empty() || !matches!(after.first(), Some(b'Z' | b'z' | b'+' | b'-' | b'0'..=b'9')));
        let length = text.len() - after.len();
        if is_over && self.when.is_none() {
            let date = text.get(..length).and_then(|date| std::str::from_utf8(date).ok());
            self.when = date.and_then(read_date).map(|stamp| stamp.when());
        }
        is_over.then_some(length)
    }

    /// Some time of the minute of the last date, and how long such a date is up to its seconds.
    pub(super) fn minute(&self) -> Option<(usize, When)> {
        Some((self.minute.len(), self.when?))
    }

    /// How long such dates are, where all of them are as long: a fraction may have fewer digits.
    pub(super) fn fixed_length(&self) -> Option<usize> {
        self.point.is_none().then_some(self.minute.len() + 2 + self.zone.len())
    }

    /// What distinguishes one layout from another.
    pub(super) fn layout(&self) -> Layout<'_> {
        (self.minute.len(), self.point, &self.zone)
    }

    fn next_minute<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let end = text.len().min(LONGEST);
        let head = text.get(..end).and_then(|head| head.utf8_chunks().next()).map(|chunk| chunk.valid())?;
        let date = read_date(head)?.as_read();
        let (second, _) = date.match_indices(':').nth(1)?;
        if second + 1 != self.minute.len() {
            return None;
        }
        self.minute = date.as_bytes().get(..=second)?.into();
        self.when = None;
        text.get(second + 1..)
    }
}

/// Longer than any date.
const LONGEST: usize = 48;
