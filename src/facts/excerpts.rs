//! Logs that are a part of another one: what somebody's `grep` took out of it, what syslog or `journalctl -p err` wrote to a second file.
//! Their lines would count twice.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
};

use super::{MemberAt, MemberLog};
use crate::{
    parse::{
        log::When,
        logbook::{Log, Sighting, Writer},
    },
    text::Untrusted,
};

/// Most logs of one writer that others are held against, the longest first.
const MOST_WHOLE: usize = 64;

/// Leaves out each log that is a part of a longer one of the same member and writer, unless its dates say more: then what tells the times
/// stays, be it that some lines count twice.
pub(super) fn drop_excerpts(logs: &mut Vec<MemberLog>) {
    let mut longest: Vec<(usize, &MemberLog)> = logs.iter().enumerate().filter(|(_, log)| log.log.lines > 1).collect();
    longest.sort_by_key(|(_, log)| Reverse(log.log.lines));
    let mut whole: BTreeMap<(MemberAt, &Writer), Vec<Whole<'_>>> = BTreeMap::new();
    let mut parts = BTreeSet::new();
    for (at, log) in longest {
        let Some(member) = log.member.filter(|_| !log.is_prose) else { continue };
        let known = whole.entry((member, &log.writer)).or_default();
        if known.iter().any(|whole| whole.has(&log.log)) {
            parts.insert(at);
        } else if known.len() < MOST_WHOLE {
            known.push(Whole::of(&log.log));
        }
    }
    let mut at = 0..;
    logs.retain(|_| at.next().is_none_or(|at| !parts.contains(&at)));
}

/// A log, and what it says by message and peer.
struct Whole<'l> {
    log: &'l Log,
    seen: BTreeMap<(&'static str, Option<&'l Untrusted>), &'l Sighting>,
}

impl<'l> Whole<'l> {
    fn of(log: &'l Log) -> Self {
        Self { log, seen: log.sightings().map(|sighting| ((sighting.message.id, sighting.peer.as_ref()), sighting)).collect() }
    }

    /// Whether all that another log says is said by this one, as often and in the same time. One process writes one log; where a second
    /// file of it has no message more, none more often, and none earlier or later, it has no other lines.
    fn has(&self, part: &Log) -> bool {
        let is_seen = |sighting: &Sighting| {
            let same = self.seen.get(&(sighting.message.id, sighting.peer.as_ref()));
            same.is_some_and(|same| sighting.count <= same.count && is_within(sighting, same))
        };
        let has_instants =
            |log: &Log| log.last.as_ref().is_some_and(|mark| mark.when.is_some_and(|when| when.instant().is_some()));
        (has_instants(self.log) || !has_instants(part))
            && part.unknown_count <= self.log.unknown_count
            && part.sightings().next().is_some()
            && part.sightings().all(is_seen)
    }
}

/// Whether the one lies within the time of the other; false where that is not known.
fn is_within(part: &Sighting, whole: &Sighting) -> bool {
    let of = |sighting: &Sighting| {
        let (first, last) = (sighting.first.when?, sighting.last.when?);
        // A journal may be printed with the newest line first.
        Some(if order(&first, &last)? == Ordering::Greater { (last, first) } else { (first, last) })
    };
    let (Some(part), Some(whole)) = (of(part), of(whole)) else { return false };
    let is_not_before = |a: &When, b: &When| order(a, b).is_some_and(|order| order != Ordering::Less || is_same_second(a, b));
    is_not_before(&part.0, &whole.0) && is_not_before(&whole.1, &part.1)
}

/// Which of two is earlier. syslog's dates have no year, and those of the same lines in a journal may have got theirs from its header.
fn order(a: &When, b: &When) -> Option<Ordering> {
    let is_known_otherwise = a.year().is_some() != b.year().is_some();
    let by_day = || is_known_otherwise.then(|| (a.month_day(), a.time()).cmp(&(b.month_day(), b.time())));
    a.order_within(b).or_else(by_day)
}

/// One writer keeps the fraction of a second and another cuts it off.
fn is_same_second(a: &When, b: &When) -> bool {
    let second = |when: &When| (when.month_day(), when.time().hour(), when.time().minute(), when.time().second());
    second(a) == second(b)
}
