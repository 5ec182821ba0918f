//! Late heartbeats: how many moments a leader was away, for how long, and how near that came to an election.

use std::time::Duration;

use jiff::SignedDuration;

use super::accusations::is_long_over;
use crate::{
    facts::{DEFAULT_ELECTION, DEFAULT_HEARTBEAT, Facts, MemberLog},
    parse::{
        logbook::{Mark, Sighting},
        pace::Beat,
    },
};

/// Late heartbeats of one log.
pub(super) struct Late<'a> {
    pub(super) log: &'a MemberLog,
    /// Moments in which the leader was late, whatever for how long.
    pub(super) moments: u64,
    /// Lines, one for each follower and moment.
    pub(super) lines: u64,
    /// Moments in which it was away nearly as long as followers wait.
    pub(super) grave: u64,
    /// Whether it was away so often within few minutes that it hardly ran, if never for long enough to be replaced.
    pub(super) is_dense: bool,
    /// The longest time between two heartbeats, and the line that tells it.
    pub(super) longest: Option<(Duration, &'a Mark)>,
    pub(super) first: &'a Mark,
    pub(super) last: &'a Mark,
    /// Whether the log goes on for more than ten minutes behind the last one.
    pub(super) is_over: bool,
}

/// The share of the election timeout from which on an absence is grave. Followers wait for one to two timeouts. Clusters that share a busy
/// machine are away for up to seven tenths of a second now and then, and well.
const GRAVE: f64 = 0.75;

/// So many absences of so long a share of the election timeout, within so many minutes, are no weather either: at most a dozen were met in
/// clusters on a machine with twelve times more work than processors.
const DENSE: usize = 20;
const DENSE_SHARE: f64 = 0.4;
const DENSE_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// etcd says that a heartbeat is late when two intervals have passed, and how much later than that it is (`NewTimeoutDetector(2*heartbeat)`,
/// etcdserver/raft.go, 2.3 to 3.7).
const INTERVALS_BEFORE: u32 = 2;

impl<'a> Late<'a> {
    /// The last line in time.
    pub(super) fn newest(&self) -> &'a Mark {
        if self.log.log.is_reversed() { self.first } else { self.last }
    }

    /// Of each log that has any.
    pub(super) fn all(facts: &'a Facts) -> Vec<Self> {
        facts.logs.iter().filter_map(|log| Self::of(facts, log)).collect()
    }

    fn of(facts: &'a Facts, log: &'a MemberLog) -> Option<Self> {
        let seen: Vec<&Sighting> = log.log.sightings().filter(|s| s.message.id == "heartbeat-late").collect();
        let timing = facts.timing_of(log.member);
        let heartbeat = timing.and_then(|timing| timing.heartbeat.as_ref()).map_or(DEFAULT_HEARTBEAT, |known| known.value);
        // A member whose own timeout is shorter than the default is judged by the default: what that would bear is the setting's fault.
        let limit = facts.election_of(log.member).max(DEFAULT_ELECTION).mul_f64(GRAVE);
        let away = |late: Duration| heartbeat.saturating_mul(INTERVALS_BEFORE).saturating_add(late);
        // Each follower has its own lines; the one with most tells how often the leader was late.
        let worst = seen.iter().max_by_key(|s| s.pace.moments)?;
        let grave = worst.pace.recent().filter(|beat| beat.long.is_some_and(|late| away(late) >= limit)).count();
        let is_long = |beat: &&Beat| beat.long.is_some_and(|late| away(late) >= limit.mul_f64(DENSE_SHARE / GRAVE));
        let long: Vec<&Beat> = worst.pace.recent().filter(is_long).collect();
        let is_dense = long.windows(DENSE).any(|window| match window {
            [first, .., last] => last.when.difference(&first.when).is_some_and(|gap| gap.abs() <= DENSE_WITHIN),
            _ => false,
        });
        let longest = seen.iter().filter_map(|s| s.longest.as_ref()).max_by_key(|(late, _)| *late);
        Some(Self {
            log,
            moments: worst.pace.moments,
            lines: seen.iter().map(|s| s.count).sum(),
            grave: grave as u64,
            is_dense,
            longest: longest.map(|(late, mark)| (away(*late), mark)),
            first: &worst.first,
            last: &worst.last,
            is_over: is_long_over(log, if log.log.is_reversed() { &worst.first } else { &worst.last }),
        })
    }
}
