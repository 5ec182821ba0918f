//! Clocks: `chronyc tracking`, `timedatectl`, `ntpq -p`, and what `date` shows.

use super::{Out, Screen, number};
use crate::{
    bundle::{Line, Quote},
    parse::log::printed,
};

/// How a clock is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// How far it is ahead of its source, in microseconds; negative where it is behind.
    pub ahead_us: Option<i64>,
    /// Whether it follows a source.
    pub synchronised: Option<bool>,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    clock: Clock,
    quote: Option<Quote>,
    in_chrony: bool,
    in_ntpq: bool,
    in_timedatectl: bool,
}

/// Lines of `chronyc tracking`, of which all have their colon in one column.
const CHRONY: &[&str] = &[
    "Reference ID ",
    "Stratum ",
    "Ref time (UTC)",
    "System time ",
    "Last offset ",
    "RMS offset ",
    "Frequency ",
    "Residual freq ",
    "Skew ",
    "Root delay ",
    "Root dispersion ",
    "Update interval ",
    "Leap status ",
];

/// Lines of `timedatectl`, from systemd 219 on, and of its `timesync-status`.
const TIMEDATECTL: &[&str] = &[
    "Local time:",
    "Universal time:",
    "RTC time:",
    "Time zone:",
    "System clock synchronized:",
    "NTP synchronized:",
    "NTP service:",
    "NTP enabled:",
    "Network time on:",
    "systemd-timesyncd.service active:",
    "RTC in local TZ:",
    "DST active:",
    "Offset:",
    "Server:",
    "Poll interval:",
    "Packet count:",
    "Leap:",
    "Version:",
    "Stratum:",
    "Reference:",
    "Precision:",
    "Root distance:",
    "Delay:",
    "Jitter:",
    "Frequency:",
];

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, typed: &str, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        let known = self.chrony(text, line) || self.timedatectl(text, line, typed, out) || self.ntpq(text, line);
        if known {
            return true;
        }
        self.close(out);
        (self.in_chrony, self.in_ntpq, self.in_timedatectl) = (false, false, false);
        is_source_of_chrony(text) || date(text, line, typed, out)
    }

    pub(super) fn close(&mut self, out: &mut Out<'_>) {
        let clock = std::mem::take(&mut self.clock);
        if let Some(quote) = self.quote.take() {
            out.say(Screen::Clock(clock), quote);
        }
    }

    /// The line that says how far it is off is quoted, else the one that says that it is not kept.
    fn note(&mut self, line: Line<'_>, ahead_us: Option<i64>, synchronised: Option<bool>) {
        self.clock.synchronised = synchronised.or(self.clock.synchronised);
        if ahead_us.is_some() {
            (self.clock.ahead_us, self.quote) = (ahead_us, Some(line.quote()));
        } else {
            self.quote.get_or_insert_with(|| line.quote());
        }
    }

    fn chrony(&mut self, text: &str, line: Line<'_>) -> bool {
        let is_one = CHRONY.iter().any(|key| text.starts_with(key));
        let Some((_, value)) = is_one.then(|| text.split_once(" : ")).flatten() else { return false };
        if text.starts_with("Reference ID ") {
            self.in_chrony = true;
        } else if let Some((seconds, behind)) = value.trim().split_once(" seconds ").filter(|_| text.starts_with("System time "))
        {
            let sign = if behind.starts_with("fast") { 1.0 } else { -1.0 };
            self.in_chrony = true;
            self.note(line, number(seconds).map(|seconds| micros(seconds * sign)), None);
        } else if text.starts_with("Leap status ") {
            self.note(line, None, Some(value.trim() != "Not synchronised"));
        }
        self.in_chrony
    }

    fn timedatectl(&mut self, text: &str, line: Line<'_>, typed: &str, out: &mut Out<'_>) -> bool {
        let is_one = TIMEDATECTL.iter().any(|key| text.starts_with(key));
        let Some((key, value)) = is_one.then(|| text.split_once(": ")).flatten() else { return false };
        let value = value.trim();
        match key {
            "Local time" | "Universal time" => {
                self.in_timedatectl = true;
                // `Sun 2026-11-22 22:46:30 UTC`.
                let when = (key == "Universal time")
                    .then(|| value.split_once(' ').and_then(|(_, date)| printed(&date.replace(" UTC", "Z"))))
                    .flatten();
                if let Some(when) = when {
                    out.say(Screen::Date(when), line.quote());
                }
            }
            "System clock synchronized" | "NTP synchronized" => {
                self.in_timedatectl = true;
                self.note(line, None, Some(value == "yes"));
            }
            "Offset" if typed.contains("timesync-status") || self.in_timedatectl => {
                if let Some(offset) = span_us(value) {
                    // What is shown is what must be added to the clock.
                    self.note(line, Some(-offset), None);
                }
                return true;
            }
            _ => {}
        }
        self.in_timedatectl || typed.contains("timedatectl")
    }

    /// `*ntp1.example.org 10.0.0.9 2 u 33 64 377 0.5 -12.3 0.1`: offset in milliseconds, of what must be added.
    fn ntpq(&mut self, text: &str, line: Line<'_>) -> bool {
        if !self.in_ntpq && !text.starts_with("remote") {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.starts_with(&["remote", "refid", "st", "t", "when"]) {
            self.in_ntpq = true;
            return true;
        }
        if !self.in_ntpq {
            return false;
        }
        if text.len() > 20 && text.bytes().all(|b| b == b'=') {
            return true;
        }
        let is_row = words.len() == 10
            && words.get(7..).is_some_and(|rest| rest.iter().all(|w| number(w.trim_start_matches('+')).is_some()));
        if is_row && text.starts_with(['*', 'o']) {
            let offset = words.get(8).and_then(|word| number(word.trim_start_matches('+')));
            self.note(line, offset.map(|ms| -micros(ms / 1e3)), Some(true));
        }
        is_row
    }
}

fn micros(seconds: f64) -> i64 {
    (seconds * 1e6).round() as i64
}

/// systemd's spans: `-1min 2.3s`, `+12.5ms`, `-740us`.
fn span_us(text: &str) -> Option<i64> {
    let is_negative = text.starts_with('-');
    let mut total = 0.0;
    for word in text.trim_start_matches(['-', '+']).split_whitespace() {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        let factor = match word.get(digits.len()..)? {
            "d" => 86_400.0,
            "h" => 3_600.0,
            "min" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            _ => return None,
        };
        total += number(digits)? * factor;
    }
    Some(micros(if is_negative { -total } else { total }))
}

/// `chronyc sources`: `^* ntp1 2 6 377 30 -12us[ -15us] +/- 20ms`.
fn is_source_of_chrony(text: &str) -> bool {
    let is_row = text.starts_with(['^', '=', '#']) && text.contains("] +/- ");
    is_row || text.starts_with("MS Name/IP address ") || (text.len() > 60 && text.bytes().all(|b| b == b'='))
}

/// A line that is a date and nothing else; a bare ISO date only behind `date`.
fn date(text: &str, line: Line<'_>, typed: &str, out: &mut Out<'_>) -> bool {
    let is_asked = typed.split_whitespace().any(|word| word == "date");
    if !is_asked && !text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return false;
    }
    let Some(when) = printed(text) else { return false };
    out.say(Screen::Date(when), line.quote());
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    fn clock(ahead_us: Option<i64>, synchronised: Option<bool>) -> Screen {
        Screen::Clock(Clock { ahead_us, synchronised })
    }

    #[test]
    fn chrony_says_how_far_off_the_clock_is_and_whether_it_is_kept() {
        let text = "Reference ID    : 0A000009 (ntp1)\nStratum         : 3\nRef time (UTC)  : Sun Nov 22 16:22:08 2026\n\
            System time     : 420.123456789 seconds slow of NTP time\nLast offset     : -0.000012345 seconds\nRMS offset      : 0.000030000 seconds\n\
            Frequency       : 3.452 ppm slow\nResidual freq   : -0.001 ppm\nSkew            : 0.012 ppm\nRoot delay      : 0.010000000 seconds\n\
            Root dispersion : 0.001000000 seconds\nUpdate interval : 64.0 seconds\nLeap status     : Normal\n";
        assert_eq!(read("", text), [clock(Some(-420_123_457), Some(true))]);
        assert!(unknown(text).is_empty());
        let lost = "Reference ID    : 00000000 ()\nSystem time     : 0.000000000 seconds fast of NTP time\nLeap status     : Not synchronised\n";
        assert_eq!(read("", lost), [clock(Some(0), Some(false))]);
    }

    #[test]
    fn timedatectl_and_ntpq_are_read() {
        let text = "               Local time: Sun 2026-11-22 16:00:00 CST\n           Universal time: Sun 2026-11-22 08:00:00 UTC\n\
            \x20                RTC time: Sun 2026-11-22 08:00:00\n                Time zone: Asia/Shanghai (CST, +0800)\n\
            System clock synchronized: no\n              NTP service: inactive\n          RTC in local TZ: no\n";
        let said = read("", text);
        assert!(
            matches!(said.first(), Some(Screen::Date(when)) if when.instant().unwrap().to_string() == "2026-11-22T08:00:00Z")
        );
        assert_eq!(said.get(1), Some(&clock(None, Some(false))));
        assert!(unknown(text).is_empty());
        assert_eq!(read("timedatectl timesync-status", "       Offset: -1min 2.300s"), [clock(Some(62_300_000), None)]);
        let ntpq = "     remote           refid      st t when poll reach   delay   offset  jitter\n\
            ==============================================================================\n\
            *10.0.0.9        10.0.0.1         2 u   33   64  377    0.512  -1512.300   0.104\n\
            +10.0.0.8        10.0.0.1         2 u   33   64  377    0.512   -0.300   0.104\n";
        assert_eq!(read("", ntpq), [clock(Some(1_512_300), Some(true))]);
        assert!(unknown(ntpq).is_empty());
    }

    #[test]
    fn a_date_alone_is_what_the_clock_shows() {
        assert!(matches!(read("", "Thu Nov 26 01:12:53 UTC 2026").as_slice(), [Screen::Date(_)]));
        assert!(matches!(read("date -u +%FT%T.%N", "2026-11-26T01:12:53.123456789").as_slice(), [Screen::Date(_)]));
        assert!(read("cat x", "2026-11-26T01:12:53.123456789").is_empty());
    }
}
