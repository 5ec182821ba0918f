//! Durations as Go prints them: `87µs`, `152.3ms`, `1m2.5s`.

use std::time::Duration;

/// Nanoseconds of each unit. Go prints the micro sign U+00B5; keyboards and web pages also give the Greek letter U+03BC.
const UNITS: [(&str, u128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Fraction digits that can still count: below, an hour's fraction is under a nanosecond.
const FRACTION_DIGITS: usize = 18;

/// Reads a Go duration (`time.Duration.String` and what `time.ParseDuration` takes). Exact to the nanosecond, the rest is cut.
/// Refuses what is negative, has no unit (but `0`), or is longer than Go can hold (some 292 years).
pub fn go_duration(text: &str) -> Option<Duration> {
    short(text).or_else(|| of_any_length(text))
}

fn of_any_length(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut nanos: u128 = 0;
    while !rest.is_empty() {
        let (part, after) = component(rest)?;
        nanos = nanos.checked_add(part)?;
        rest = after;
    }
    // Go holds nanoseconds in an i64.
    let nanos = u64::try_from(nanos).ok().filter(|n| i64::try_from(*n).is_ok())?;
    Some(Duration::from_nanos(nanos))
}

/// The same, where there is one unit of a second at most, with up to nine digits before and behind the point: most that etcd logs.
fn short(text: &str) -> Option<Duration> {
    const MOST_DIGITS: usize = 9;
    let number = |bytes: &[u8]| {
        let (mut number, mut scale, mut length) = (0_u64, 1_u64, 0);
        for digit in bytes.iter().take(MOST_DIGITS).take_while(|b| b.is_ascii_digit()) {
            (number, scale, length) = (number * 10 + u64::from(digit - b'0'), scale * 10, length + 1);
        }
        (number, scale, length)
    };
    let bytes = text.as_bytes();
    let (whole, _, length) = number(bytes);
    let rest = bytes.get(length..).filter(|_| length > 0)?;
    let (fraction, scale, unit) = match rest.strip_prefix(b".") {
        Some(rest) => {
            let (fraction, scale, length) = number(rest);
            (fraction, scale, rest.get(length..)?)
        }
        None => (0, 1, rest),
    };
    let size = match unit {
        b"ms" => 1_000_000,
        b"s" => 1_000_000_000,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ns" => 1,
        _ => return None,
    };
    Some(Duration::from_nanos(whole * size + fraction * size / scale))
}

/// One number with its unit, in nanoseconds, and what follows it.
fn component(text: &str) -> Option<(u128, &str)> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let unit_end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
    let (unit, rest) = rest.split_at_checked(unit_end)?;
    let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction = small_fraction_of(fraction, *size).map_or_else(|| fraction_of(fraction, *size), Some)?;
    Some((u128::from(whole) * size + fraction, rest))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The same as [`fraction_of`], where 64 bits hold it: up to nine digits of a second or less.
fn small_fraction_of(digits: &str, unit: u128) -> Option<u128> {
    let unit = u64::try_from(unit).ok().filter(|unit| *unit <= 1_000_000_000 && digits.len() <= 9)?;
    let (mut number, mut scale) = (0_u64, 1_u64);
    for digit in digits.bytes() {
        (number, scale) = (number * 10 + u64::from(digit - b'0'), scale * 10);
    }
    Some(u128::from(number * unit / scale))
}

fn fraction_of(digits: &str, unit: u128) -> Option<u128> {
    let digits = digits.get(..FRACTION_DIGITS).unwrap_or(digits);
    if digits.is_empty() {
        return Some(0);
    }
    let scale = 10u128.checked_pow(u32::try_from(digits.len()).ok()?)?;
    Some(digits.parse::<u128>().ok()? * unit / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_go_prints_is_read_to_the_nanosecond() {
        for (text, nanos) in [
            ("0", 0),
            ("0s", 0),
            ("1ns", 1),
            ("87\u{b5}s", 87_000),
            ("87\u{3bc}s", 87_000),
            ("1.5us", 1_500),
            ("1.5\u{b5}s", 1_500),
            ("152.3ms", 152_300_000),
            ("30.106716ms", 30_106_716),
            ("1.516917875s", 1_516_917_875),
            ("5.001s", 5_001_000_000),
            ("1m2.5s", 62_500_000_000),
            ("1h0m0s", 3_600_000_000_000),
            ("2562047h47m16.854775807s", 9_223_372_036_854_775_807),
            (".5s", 500_000_000),
            ("0.1234567899s", 123_456_789),
            ("100000h0m0.000000001s", 360_000_000_000_000_001),
        ] {
            assert_eq!(go_duration(text), Some(Duration::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn short_durations_are_the_same_as_those_of_any_length() {
        let mut short_ones = 0;
        for whole in ["", "0", "7", "007", "999999999", "1234567890"] {
            for fraction in ["", ".", ".5", ".000001", ".999999999", ".1234567891"] {
                for unit in ["ns", "us", "\u{b5}s", "\u{3bc}s", "ms", "s", "m", "h", "", "sec", "s1ms"] {
                    let text = format!("{whole}{fraction}{unit}");
                    if let Some(duration) = short(&text) {
                        short_ones += 1;
                        assert_eq!(Some(duration), of_any_length(&text), "{text}");
                    }
                }
            }
        }
        assert_eq!(short_ones, 4 * 5 * 6);
    }

    #[test]
    fn what_is_no_go_duration_is_refused() {
        for text in [
            "",
            "-1s",
            "1",
            "s",
            ".s",
            "1 s",
            "1sec",
            "1m 2s",
            "5d",
            "1..5s",
            "2562048h",
            "99999999999999999999s",
            "１s",
            "1s,",
            "NaN",
            "+",
        ] {
            assert_eq!(go_duration(text), None, "{text}");
        }
    }
}
