//! Dates as `date`, openssl, kubectl and docker print them, alone or behind a key.

use jiff::tz::Offset;

use super::{
    date::{iso, month, syslog},
    stamp::When,
};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Reads a text that is nothing but a date.
///
/// Known are `Sun Nov 22 22:46:30 UTC 2026` of `date`, `Nov 22 16:01:14 2026 GMT` of openssl, `Sun, 22 Nov 2026 16:01:14 +0000` of kubectl
/// and `date -R`, and ISO with its zone. Of the zones only UTC says the same everywhere: CST is three of them.
pub(in crate::parse) fn printed(text: &str) -> Option<When> {
    let text = text.trim();
    with_year_last(text).or_else(|| rfc2822(text)).or_else(|| {
        let (stamp, rest) = iso(text)?;
        rest.is_empty().then(|| stamp.when())
    })
}

/// `[Sun] Nov 22 22:46:30 [UTC] 2026 [GMT]`.
fn with_year_last(text: &str) -> Option<When> {
    let text = match text.split_once(' ') {
        Some((day, rest)) if DAYS.contains(&day) => rest.trim_start(),
        _ => text,
    };
    let (stamp, rest) = syslog(text)?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (zone, year) = match words.as_slice() {
        [year] => (None, *year),
        // `date` in the twelve hours of some locales is left alone: AM and PM are no zones.
        [zone, year] if is_year(year) && !is_half(zone) => (Some(*zone), *year),
        [year, zone] if is_year(year) && !is_half(zone) => (Some(*zone), *year),
        _ => return None,
    };
    let (month, day) = stamp.when().month_day();
    When::new(Some(year.parse().ok().filter(|_| is_year(year))?), month, day, stamp.when().time(), zone.and_then(offset))
}

/// `Sun, 22 Nov 2026 16:01:14 +0000`.
fn rfc2822(text: &str) -> Option<When> {
    let (_, rest) = text.split_once(", ").filter(|(day, _)| DAYS.contains(day))?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let [day, name, year, time, zone] = words.as_slice() else { return None };
    month(name).filter(|_| is_year(year))?;
    let dated = format!("{name} {day} {time}");
    let (stamp, _) = syslog(&dated)?;
    let (month, day) = stamp.when().month_day();
    When::new(Some(year.parse().ok()?), month, day, stamp.when().time(), offset(zone))
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_half(word: &str) -> bool {
    matches!(word, "AM" | "PM")
}

fn offset(zone: &str) -> Option<Offset> {
    match zone {
        "UTC" | "GMT" | "Z" => Some(Offset::UTC),
        _ => {
            let digits = zone.strip_prefix(['+', '-'])?.replace(':', "");
            let (hours, minutes) = digits.split_at_checked(2).filter(|_| digits.len() == 4)?;
            let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
            Offset::from_seconds(if zone.starts_with('-') { -seconds } else { seconds }).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_tools_give_their_instants_where_the_zone_is_known() {
        for (text, instant) in [
            ("Thu Nov 26 01:12:53 UTC 2026", Some("2026-11-26T01:12:53Z")),
            ("Thu Nov 26 01:12:53 2026", None),
            ("Thu Nov 26 01:12:53 CST 2026", None),
            ("Dec  6 01:13:00 2026 GMT", Some("2026-12-06T01:13:00Z")),
            ("Sun, 22 Nov 2026 16:01:14 +0800", Some("2026-11-22T08:01:14Z")),
            ("2026-12-26 01:13:00Z", Some("2026-12-26T01:13:00Z")),
            ("2026-12-26T01:13:00.123456789+08:00", Some("2026-12-25T17:13:00.123456789Z")),
        ] {
            let when = printed(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(when.instant().map(|at| at.to_string()).as_deref(), instant, "{text}");
            assert_eq!(when.year(), Some(2026), "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_a_date_is_none() {
        for text in
            ["Nov 26 01:12:53", "Nov 26 01:12:53 db-1 etcd: x", "Thu 26 Nov 2026", "Thu Nov 26 01:12:53 PM 2026", "2026", ""]
        {
            assert_eq!(printed(text), None, "{text}");
        }
    }
}
