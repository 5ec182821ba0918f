//! Reading dates: ISO, capnslog, Go's log, syslog in several languages, klog, the kernel's, zap's epochs.

use jiff::civil::Time;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::stamp::{Stamp, When};

/// Reads a date-time at the start: `2021-03-01T10:15:02.123Z`, with a blank for `T`, with slashes as Go's log prints it, with `Z`,
/// `+0100`, `+01:00` or no zone, with any number of digits after `.` or `,`. Gives the rest behind it.
pub(super) fn iso(text: &str) -> Option<(Stamp<'_>, &str)> {
    let mut at = Cursor::new(text);
    let year = at.number(4)?;
    let dash = at.one_of(b"-/")?;
    let month = at.number(2)?;
    at.one_of(&[dash])?;
    let day = at.number(2)?;
    at.one_of(b"T t")?;
    let time = at.time_of_day()?;
    let offset = at.offset();
    at.stamp(When::new(Some(i16::try_from(year).ok()?), small(month)?, small(day)?, time, offset)?)
}

/// Reads a date without year at the start, as syslog and `journalctl -o short` print it, in the words of the machine's language.
pub(super) fn syslog(text: &str) -> Option<(Stamp<'_>, &str)> {
    let (month, name) = month_at(text)?;
    let mut at = Cursor { text, at: name };
    at.spaces()?;
    let day = at.up_to_two_digits()?;
    at.spaces()?;
    let time = at.time_of_day()?;
    at.stamp(When::new(None, month, small(day)?, time, None)?)
}

/// Reads journald's long form at the start: `Sun 2026-11-22 22:18:20.000022 UTC`. Its days are English everywhere.
pub(super) fn full(text: &str) -> Option<(Stamp<'_>, &str)> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let (day, date) = text.split_once(' ').filter(|(day, _)| DAYS.contains(day))?;
    let (stamp, rest) = iso(date)?;
    let (zone, _) = rest.strip_prefix(' ')?.split_once(' ')?;
    let offset = match zone {
        "UTC" => Some(Offset::UTC),
        _ if zone.starts_with(['+', '-']) => Cursor::new(zone).offset(),
        _ if !zone.is_empty() && zone.len() <= 6 && zone.bytes().all(|b| b.is_ascii_alphabetic()) => None,
        _ => return None,
    };
    let end = day.len() + 1 + stamp.as_read().len() + 1 + zone.len();
    let (as_read, rest) = text.split_at_checked(end)?;
    let (month, day) = stamp.when().month_day();
    let when = When::new(stamp.when().year(), month, day, stamp.when().time(), offset)?;
    Some((Stamp::new(as_read, when), rest))
}

/// Reads klog's `0617 07:19:43.826693` at the start.
pub(super) fn klog(text: &str) -> Option<(Stamp<'_>, &str)> {
    let mut at = Cursor::new(text);
    let month = at.number(2)?;
    let day = at.number(2)?;
    at.one_of(b" ")?;
    let time = at.time_of_day()?;
    at.stamp(When::new(None, small(month)?, small(day)?, time, None)?)
}

/// Reads the value of zap's `ts`: a date-time or an epoch, in seconds with a fraction or in milli-, micro- or nanoseconds.
pub(super) fn zap(value: &str) -> Option<Stamp<'_>> {
    if let Some((stamp, "")) = iso(value) {
        return Some(stamp);
    }
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let instant = if whole.len() >= 9 && value.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let whole: i128 = whole.parse().ok()?;
        // The present is 10 digits of seconds, 13 of milli-, 16 of micro- and 19 of nanoseconds.
        let unit = match whole.checked_ilog10().unwrap_or_default() {
            ..=10 => 1_000_000_000,
            11..=13 => 1_000_000,
            14..=16 => 1_000,
            _ => 1,
        };
        let nanos = if unit == 1_000_000_000 { i128::from(fraction_nanos(fraction)) } else { 0 };
        Timestamp::from_nanosecond(whole * unit + nanos).ok()?
    } else if value.contains(['e', 'E']) {
        // Go prints large floats with an exponent: 1.6123456781e+09.
        let seconds: f64 = value.parse().ok().filter(|s: &f64| (1e8..1e11).contains(s))?;
        Timestamp::from_duration(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()?
    } else {
        return None;
    };
    Some(Stamp::new(value, When::from_instant(instant)))
}

/// The time in a minute that the text says from its seconds on.
pub(in crate::parse) fn within_minute(minute: &When, text: &str) -> Option<When> {
    let (second, nanos) = Cursor::new(text).second()?;
    let time = Time::new(minute.time().hour(), minute.time().minute(), second, nanos).ok()?;
    Some(minute.at(time))
}

/// The month that begins the text, and where its name ends. English first; then the abbreviations other locales print.
fn month_at(text: &str) -> Option<(i8, usize)> {
    let end = text.find(' ').filter(|&end| (2..=12).contains(&end))?;
    let name = text.get(..end)?;
    month(name).map(|month| (month, end))
}

/// The number of a month by its short name in the languages journald is met in.
pub(super) fn month(name: &str) -> Option<i8> {
    const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if let Some(found) = ENGLISH.iter().position(|&month| month == name) {
        return i8::try_from(found + 1).ok();
    }
    // Chinese and Japanese count months: 3月; Korean: 3월.
    if let Some(digits) = name.strip_suffix('月').or_else(|| name.strip_suffix('월')) {
        return digits.parse().ok().filter(|month| (1..=12).contains(month));
    }
    let name = name.trim_end_matches('.').to_lowercase();
    Some(match name.as_str() {
        "jan" | "janv" | "ene" | "gen" | "янв" => 1,
        "feb" | "févr" | "fev" | "fév" | "фев" => 2,
        "mar" | "mär" | "mrz" | "mars" | "mrt" | "мар" => 3,
        "apr" | "avr" | "avril" | "abr" | "апр" => 4,
        "may" | "mai" | "mei" | "mag" | "maj" | "май" | "мая" => 5,
        "jun" | "juin" | "giu" | "июн" => 6,
        "jul" | "juil" | "lug" | "июл" => 7,
        "aug" | "août" | "ago" | "авг" => 8,
        "sep" | "sept" | "set" | "сен" => 9,
        "oct" | "okt" | "ott" | "out" | "окт" => 10,
        "nov" | "ноя" => 11,
        "dec" | "dez" | "déc" | "dic" | "дек" => 12,
        _ => return None,
    })
}

fn small(number: u32) -> Option<i8> {
    i8::try_from(number).ok()
}

fn fraction_nanos(digits: &str) -> u32 {
    let mut nanos = 0;
    let mut unit = 100_000_000;
    for digit in digits.bytes().take_while(u8::is_ascii_digit).take(9) {
        nanos += u32::from(digit - b'0') * unit;
        unit /= 10;
    }
    nanos
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| allowed.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn digit(&mut self) -> Option<u32> {
        let byte = self.peek().filter(u8::is_ascii_digit)?;
        self.at += 1;
        Some(u32::from(byte - b'0'))
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + self.digit()?;
        }
        Some(number)
    }

    fn up_to_two_digits(&mut self) -> Option<u32> {
        let first = self.digit()?;
        Some(self.digit().map_or(first, |second| first * 10 + second))
    }

    fn spaces(&mut self) -> Option<()> {
        self.one_of(b" ")?;
        while self.one_of(b" ").is_some() {}
        Some(())
    }

    fn time_of_day(&mut self) -> Option<Time> {
        let hour = self.number(2)?;
        self.one_of(b":")?;
        let minute = self.number(2)?;
        self.one_of(b":")?;
        let (second, nanos) = self.second()?;
        Time::new(small(hour)?, small(minute)?, second, nanos).ok()
    }

    /// A second and its nanoseconds.
    fn second(&mut self) -> Option<(i8, i32)> {
        // A leap second has no place of its own.
        let second = self.number(2)?.min(59);
        let mut nanos = 0;
        if matches!(self.peek(), Some(b'.' | b',')) {
            let digits = self.text.get(self.at + 1..)?;
            let count = digits.bytes().take_while(u8::is_ascii_digit).count();
            if count > 0 {
                nanos = fraction_nanos(digits);
                self.at += 1 + count;
            }
        }
        Some((small(second)?, i32::try_from(nanos).ok()?))
    }

    /// `Z`, `+0100`, `+01:00` or `+01`; else nothing is read.
    fn offset(&mut self) -> Option<Offset> {
        let back = self.at;
        let read = self.try_offset();
        if read.is_none() {
            self.at = back;
        }
        read
    }

    fn try_offset(&mut self) -> Option<Offset> {
        let sign = match self.one_of(b"Zz+-")? {
            b'-' => -1,
            b'+' => 1,
            _ => return Some(Offset::UTC),
        };
        let hours = self.number(2)?;
        let _ = self.one_of(b":");
        let minutes = if self.peek().is_some_and(|b| b.is_ascii_digit()) { self.number(2)? } else { 0 };
        Offset::from_seconds(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?).ok()
    }

    fn stamp(self, when: When) -> Option<(Stamp<'a>, &'a str)> {
        let (as_read, rest) = self.text.split_at_checked(self.at)?;
        Some((Stamp::new(as_read, when), rest))
    }
}

/// Reads `dmesg -T`'s `[Sun Nov 22 16:00:00 2026] ` at the start: a year, no zone.
pub(super) fn dmesg(text: &str) -> Option<(Stamp<'_>, &str)> {
    let inner = text.strip_prefix('[')?;
    let (as_read, rest) = inner.split_once("] ")?;
    let (_, date) = as_read.split_once(' ')?;
    let (stamp, year) = syslog(date.trim_start())?;
    let year = year.trim().parse().ok()?;
    let (month, day) = stamp.when().month_day();
    Some((Stamp::new(as_read, When::new(Some(year), month, day, stamp.when().time(), None)?), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_of_zaps_time_gives_its_instant() {
        for (text, instant) in [
            ("2022-02-22T09:08:14.783-0700", "2022-02-22T16:08:14.783Z"),
            ("2023-05-04T10:15:02.123456Z", "2023-05-04T10:15:02.123456Z"),
            ("2023-05-04T10:15:02.6789Z", "2023-05-04T10:15:02.6789Z"),
            ("2023-05-04T10:15:02Z", "2023-05-04T10:15:02Z"),
            ("2023-05-04T10:15:02.5+05:30", "2023-05-04T04:45:02.5Z"),
            ("1612345678.123", "2021-02-03T09:47:58.123Z"),
            ("1612345678", "2021-02-03T09:47:58Z"),
            ("1612345678123", "2021-02-03T09:47:58.123Z"),
            ("1612345678123456789", "2021-02-03T09:47:58.123456789Z"),
            ("1.612345678e+09", "2021-02-03T09:47:58Z"),
        ] {
            assert_eq!(zap(text).and_then(|s| s.instant()).map(|t| t.to_string()).as_deref(), Some(instant), "{text}");
        }
        for text in ["", "yesterday", "12", "2023-13-04T10:15:02Z", "2023-05-04T25:15:02Z", "1e400", "99999999999999999999999999"]
        {
            assert_eq!(zap(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_read_in_the_words_of_other_languages() {
        for (name, number) in
            [("Mar", 3), ("3月", 3), ("12月", 12), ("Mär", 3), ("août", 8), ("févr.", 2), ("Okt", 10), ("дек", 12)]
        {
            assert_eq!(month(name), Some(number), "{name}");
        }
        for name in ["13月", "Foo", "", "0월"] {
            assert_eq!(month(name), None, "{name}");
        }
    }
}
