//! Changes of the leader: how many came within a quarter of an hour, beside those that starts, stops and hand-overs account for.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::accusations::is_long_over;
use crate::{
    facts::{Facts, MemberLog},
    parse::{
        log::When,
        logbook::{Mark, Sighting},
        pace::Beat,
    },
};

/// The window of the mixin's alert (`etcdHighNumberOfLeaderChanges`, 3.5 to 3.7: 4 in 15 minutes).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Changes in the window from which on the mixin warns.
pub(super) const MANY: u64 = 4;

/// Messages that tell who leads from now on; each change of leaders is a term.
const CHANGES: &[&str] = &["raft-leader-elected", "raft-leader-changed", "raft-leader-lost"];

/// Changes that one start of a member can bring: it was stopped while it led, and its return can disturb where pre-vote is off.
const BY_START: u64 = 2;

/// Changes of the leader in the worst quarter of an hour of a log.
pub(super) struct Changes<'a> {
    pub(super) log: &'a MemberLog,
    /// Terms that began, beside those that are accounted for.
    pub(super) count: u64,
    pub(super) first: &'a Mark,
    pub(super) last: &'a Mark,
    /// Whether the log goes on for more than ten minutes behind the last one.
    pub(super) is_over: bool,
}

/// The log that saw most changes, if any saw one that nothing accounts for.
pub(super) fn most(facts: &Facts) -> Option<Changes<'_>> {
    facts.logs.iter().filter_map(|log| of(facts, log)).max_by_key(|changes| changes.count)
}

fn of<'a>(facts: &'a Facts, log: &'a MemberLog) -> Option<Changes<'a>> {
    let seen: Vec<&Sighting> = log.log.sightings().filter(|s| CHANGES.contains(&s.message.id)).collect();
    let beats: Vec<&Beat> = seen.iter().flat_map(|s| s.pace.recent()).filter(|beat| beat.term.is_some()).collect();
    let count = beats.iter().map(|end| in_window(facts, &beats, end)).max().filter(|count| *count > 0)?;
    let marks = |of: fn(&Sighting) -> &Mark| seen.iter().map(move |s| of(s));
    let line = |mark: &&Mark| mark.quote.citation().line();
    let (first, last) = (marks(|s| &s.first).min_by_key(line)?, marks(|s| &s.last).max_by_key(line)?);
    let newest = if log.log.is_reversed() { first } else { last };
    Some(Changes { log, count, first, last, is_over: is_long_over(log, newest) })
}

/// Terms that began in the window which ends with a change, less those that are accounted for.
fn in_window(facts: &Facts, beats: &[&Beat], end: &Beat) -> u64 {
    let terms: BTreeSet<u64> =
        beats.iter().filter(|beat| is_within(&beat.when, &end.when)).filter_map(|beat| beat.term).collect();
    let known = |ids: &'static [&'static str]| {
        let seen = facts.logs.iter().flat_map(|log| log.log.sightings()).filter(move |s| ids.contains(&s.message.id));
        seen.flat_map(|s| s.pace.recent()).filter(|beat| is_within(&beat.when, &end.when)).count() as u64
    };
    let by_starts = known(&["start-version", "start-server"]) * BY_START;
    (terms.len() as u64).saturating_sub(by_starts + known(&["raft-transfer-started"]))
}

fn is_within(when: &When, end: &When) -> bool {
    end.difference(when).is_some_and(|before| !before.is_negative() && before <= WINDOW)
}

/// How often the member that lost its leader most often did so, in the quarter of an hour up to the last time, with its log and that line;
/// none where that is long over. In one and the same term it is no change of leaders: the member alone does not hear its leader.
pub(super) fn losses(facts: &Facts) -> Option<(&MemberLog, &Mark, u64)> {
    let lost = facts.sightings("raft-leader-lost").filter_map(|(log, sighting)| {
        let newest = if log.log.is_reversed() { &sighting.first } else { &sighting.last };
        let end = newest.when?;
        let count = sighting.pace.recent().filter(|beat| is_within(&beat.when, &end)).count() as u64;
        (!is_long_over(log, newest)).then_some((log, newest, count))
    });
    lost.max_by_key(|(_, _, count)| *count)
}

/// Elections that members started, in all logs.
pub(super) fn started(facts: &Facts) -> u64 {
    facts.sightings("raft-election-started").map(|(_, sighting)| sighting.count).sum()
}
