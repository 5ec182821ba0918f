//! How a message came over time: how many moments it told of, and the newest of them.

use std::{collections::VecDeque, time::Duration};

use jiff::SignedDuration;

use super::log::When;

/// Most moments that are kept of one message: what matters is whether the present is calm.
const MOST_BEATS: usize = 64;

/// Lines closer than this tell of one moment: a leader that was away is late with every follower at once, and requests that waited for
/// one stall end together.
const ONE_MOMENT: SignedDuration = SignedDuration::from_millis(20);

/// Messages whose pace is kept.
const PACED: &[&str] = &[
    "apply-entries-too-long",
    "apply-too-long",
    "auth-authorized",
    "heartbeat-late",
    "raft-leader-elected",
    "raft-leader-lost",
    "raft-leader-changed",
    "raft-transfer-started",
    "raft-transfer-finished",
    "snap-raft-progress-failed",
    "stop-signal",
    "start-version",
    "start-server",
];

/// Whether the pace of a message is kept.
pub(super) fn is_paced(id: &str) -> bool {
    PACED.contains(&id)
}

/// One moment of which lines told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// When.
    pub when: When,
    /// The longest duration that its lines carried.
    pub long: Option<Duration>,
    /// The term that they named.
    pub term: Option<u64>,
}

/// The moments of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How many moments. Where lines have no date, each is one; where dates have no fraction, a second is one.
    pub moments: u64,
    recent: VecDeque<Beat>,
}

impl Pace {
    /// The newest moments, in the order of their lines.
    pub fn recent(&self) -> impl Iterator<Item = &Beat> {
        self.recent.iter()
    }

    /// Takes a line in.
    pub(super) fn note(&mut self, when: Option<When>, long: Option<Duration>, term: Option<u64>) {
        let Some(when) = when else {
            self.moments += 1;
            return;
        };
        let apart = |beat: &Beat| when.difference(&beat.when).is_none_or(|gap| gap.abs() > ONE_MOMENT);
        if let Some(beat) = self.recent.back_mut().filter(|beat| !apart(beat) && beat.term == term) {
            beat.long = beat.long.max(long);
            return;
        }
        self.moments += 1;
        if self.recent.len() >= MOST_BEATS {
            // In a log that runs backwards the first lines are the newest.
            if self.recent.back().and_then(|last| when.difference(&last.when)).is_some_and(|gap| gap.is_negative()) {
                return;
            }
            self.recent.pop_front();
        }
        self.recent.push_back(Beat { when, long, term });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u32, milli: u32) -> When {
        When::read(&format!("2026-11-22T16:{:02}:{:02}.{milli:03}Z", second / 60, second % 60)).unwrap()
    }

    #[test]
    fn lines_of_one_stall_are_one_moment_with_the_longest_of_their_durations() {
        let mut pace = Pace::default();
        for (second, milli, ms) in [(1, 0, 300), (1, 5, 900), (1, 400, 100), (2, 0, 50)] {
            pace.note(Some(at(second, milli)), Some(Duration::from_millis(ms)), None);
        }
        let long: Vec<_> = pace.recent().map(|beat| beat.long.unwrap().as_millis()).collect();
        assert_eq!((pace.moments, long), (3, vec![900, 100, 50]));
    }

    #[test]
    fn the_newest_are_kept_forwards_and_backwards() {
        let (mut forwards, mut backwards) = (Pace::default(), Pace::default());
        for second in 0..500 {
            forwards.note(Some(at(second, 0)), None, None);
            backwards.note(Some(at(499 - second, 0)), None, None);
        }
        let newest = |pace: &Pace| pace.recent().map(|beat| beat.when.sort_key()).max();
        assert_eq!((forwards.moments, backwards.moments), (500, 500));
        assert_eq!(newest(&forwards), newest(&backwards));
        assert_eq!(forwards.recent().count(), MOST_BEATS);
    }

    #[test]
    fn terms_of_one_moment_are_told_apart_and_lines_without_date_count() {
        let mut pace = Pace::default();
        pace.note(Some(at(1, 0)), None, Some(2));
        pace.note(Some(at(1, 1)), None, Some(3));
        pace.note(None, None, None);
        assert_eq!(pace.moments, 3);
    }
}
