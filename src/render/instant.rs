//! Times as people read them: without fractions of seconds, and the second of two without the date that both have.

/// A time without the fraction of its second: `2026-11-22T16:22:24Z`.
pub(super) fn to_the_second(time: &str) -> String {
    let Some((whole, fraction)) = time.rsplit_once('.').filter(|(whole, _)| ends_with_clock(whole)) else {
        return time.to_owned();
    };
    format!("{whole}{}", fraction.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// A sentence with its times to the second. Only RFC 3339 with a fraction is a time here; other numbers stay.
pub(super) fn in_sentence(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for (n, part) in words.split('.').enumerate() {
        let is_fraction = ends_with_clock(&out) && part.starts_with(|c: char| c.is_ascii_digit());
        out.push_str(if n == 0 || is_fraction { "" } else { "." });
        out.push_str(if is_fraction { part.trim_start_matches(|c: char| c.is_ascii_digit()) } else { part });
    }
    out
}

/// Whether it ends like `T16:22:24`.
fn ends_with_clock(words: &str) -> bool {
    let Some(end) = words.len().checked_sub(9).and_then(|from| words.as_bytes().get(from..)) else { return false };
    end.iter().zip(b"T00:00:00").all(|(byte, like)| if *like == b'0' { byte.is_ascii_digit() } else { byte == like })
}

/// The second of two times, without its date if that is the first one's.
pub(super) fn until(from: &str, to: &str) -> String {
    let to = to_the_second(to);
    match (from.split_once('T'), to.split_once('T')) {
        (Some((day, _)), Some((same, clock))) if day == same && day.len() == 10 => clock.to_owned(),
        _ => to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_go_and_everything_else_stays() {
        assert_eq!(to_the_second("2026-11-26T02:23:02.771353Z"), "2026-11-26T02:23:02Z");
        assert_eq!(to_the_second("Aug 28 09:36:01"), "Aug 28 09:36:01");
        assert_eq!(
            in_sentence("10.0.0.1 took 0.5 s, last at 2026-11-26T02:23:02.771353Z. Then v3.5.1 came."),
            "10.0.0.1 took 0.5 s, last at 2026-11-26T02:23:02Z. Then v3.5.1 came."
        );
        assert_eq!(in_sentence("It ended at 2026-11-26T02:23:02. Then…"), "It ended at 2026-11-26T02:23:02. Then…");
    }

    #[test]
    fn a_day_is_told_once() {
        assert_eq!(until("2026-11-26T02:23:02Z", "2026-11-26T02:24:02.5Z"), "02:24:02Z");
        assert_eq!(until("2026-11-26T02:23:02Z", "2026-11-27T02:24:02Z"), "2026-11-27T02:24:02Z");
        assert_eq!(until("Aug 28 09:36:01", "Aug 28 09:36:05"), "Aug 28 09:36:05");
    }
}
