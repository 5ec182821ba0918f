//! Which part of the logs is wanted, in journalctl's own words for time.

use jiff::{SignedDuration, Span, Timestamp, civil};

/// How much is taken before and after a moment.
const AROUND_HOURS: i64 = 1;

/// Seconds of a day.
const DAY: i64 = 24 * 3600;

/// A part of the logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    since: Option<String>,
    until: Option<String>,
    /// The moment that it was asked for.
    moment: Option<String>,
}

impl Window {
    /// From and until, as journalctl takes them; without both, the 24 hours before `now`.
    pub fn between(since: Option<String>, until: Option<String>, now: Timestamp) -> Self {
        match (since, until) {
            // Not `-24h`: what lies before the window is asked for later, and must end where the window began.
            (None, None) => Self { since: Some(format!("@{}", now.as_second() - DAY)), ..Self::default() },
            (since, until) => Self { since, until, moment: None },
        }
    }

    /// An hour before and an hour after a moment: `2018-08-28 09:36:01` in the host's zone, or with a zone as RFC 3339 has it.
    ///
    /// # Errors
    /// When it is no such moment; says what one looks like.
    pub fn around(moment: &str) -> Result<Self, String> {
        let moment = moment.trim();
        let hours = SignedDuration::from_hours(AROUND_HOURS);
        if let Ok(at) = moment.parse::<Timestamp>() {
            // Seconds since 1970 mean the same to journalctl of every version and in every zone.
            let edge = |at: Result<Timestamp, jiff::Error>| at.ok().map(|at| format!("@{}", at.as_second()));
            return Ok(Self { since: edge(at.checked_sub(hours)), until: edge(at.checked_add(hours)), moment: edge(Ok(at)) });
        }
        let civil = moment.parse::<civil::DateTime>().map_err(|_| {
            format!("{moment:?} is no moment: give it like \"2018-08-28 09:36:01\" in this host's zone, or like 2018-08-28T09:36:01+08:00")
        })?;
        let edge = |at: Result<civil::DateTime, jiff::Error>| at.ok().map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
        let hours = Span::new().hours(AROUND_HOURS);
        Ok(Self { since: edge(civil.checked_sub(hours)), until: edge(civil.checked_add(hours)), moment: edge(Ok(civil)) })
    }

    /// journalctl's flags.
    pub(super) fn flags(&self) -> Vec<String> {
        let flag = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("--{name}={value}"));
        [flag("since", &self.since), flag("until", &self.until)].into_iter().flatten().collect()
    }

    /// Its beginning as RFC 3339, where it was given in seconds.
    pub(super) fn since_time(&self) -> Option<String> {
        let seconds = self.since.as_deref()?.strip_prefix('@')?.parse().ok()?;
        Some(Timestamp::from_second(seconds).ok()?.to_string())
    }

    /// From, until, and the moment, as they were given.
    pub(super) fn parts(&self) -> [&str; 3] {
        [&self.since, &self.until, &self.moment].map(|part| part.as_deref().unwrap_or_default())
    }

    /// What lies before it, if anything does.
    pub(super) fn before(&self) -> Option<Self> {
        self.since.clone().map(|since| Self { until: Some(since), ..Self::default() })
    }

    /// What lies behind it, if anything does.
    pub(super) fn after(&self) -> Option<Self> {
        self.until.clone().map(|until| Self { since: Some(until), ..Self::default() })
    }

    /// What lies in it before its moment, and what behind, if it was asked for a moment.
    pub(super) fn halves(&self) -> Option<(Self, Self)> {
        let moment = self.moment.clone()?;
        let before = Self { since: self.since.clone(), until: Some(moment.clone()), moment: None };
        Some((before, Self { since: Some(moment), until: self.until.clone(), moment: None }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(window: Window) -> String {
        window.flags().join(" ")
    }

    #[test]
    fn a_moment_is_taken_with_an_hour_on_each_side_in_its_own_zone() {
        let civil = Window::around("2018-08-28 09:36:01").unwrap();
        assert_eq!(flags(civil), "--since=2018-08-28 08:36:01 --until=2018-08-28 10:36:01");
        let instant = Window::around("2018-08-28T09:36:01+08:00").unwrap();
        assert_eq!(flags(instant), "--since=@1535416561 --until=@1535423761");
        assert!(Window::around("last tuesday").unwrap_err().contains("2018-08-28 09:36:01"));
    }

    #[test]
    fn without_a_word_about_time_it_is_the_last_day() {
        let now = Timestamp::from_second(1_535_448_961).unwrap();
        let day = Window::between(None, None, now);
        assert_eq!(flags(day.clone()), "--since=@1535362561");
        assert_eq!((day.before().map(flags), day.after().map(flags)), (Some("--until=@1535362561".into()), None));
        let until = Window::between(None, Some("yesterday".into()), now);
        assert_eq!(flags(until.clone()), "--until=yesterday");
        assert_eq!((until.before().map(flags), until.after().map(flags)), (None, Some("--since=yesterday".into())));
    }
}
