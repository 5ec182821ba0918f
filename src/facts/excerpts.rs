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
        logbook::{Log, Mark, Sighting, Writer},
    },
    text::Untrusted,
};

/// Most logs of one writer that others are held against, the longest first.
const MOST_WHOLE: usize = 64;

/// Leaves out each log that is a part of a longer one of the same member and writer, and of a log whose nobody knows what is line by line
/// the same as in another; unless its dates say more: then what tells the times stays, be it that some lines count twice.
pub(super) fn drop_excerpts(logs: &mut Vec<MemberLog>) {
    let is_log = |log: &MemberLog| log.log.lines > 1 && !log.is_prose;
    let mut longest: Vec<(usize, &MemberLog)> = logs.iter().enumerate().filter(|(_, log)| is_log(log)).collect();
    longest.sort_by_key(|(_, log)| Reverse(log.log.lines));
    let mut whole: Vec<Whole<'_>> = Vec::new();
    let mut by_member: BTreeMap<(MemberAt, &Writer), Vec<usize>> = BTreeMap::new();
    let mut by_line: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut parts = BTreeSet::new();
    for (at, MemberLog { member, writer, log, .. }) in longest {
        let of = |list: Option<&Vec<usize>>| list.into_iter().flatten().filter_map(|at| whole.get(*at)).collect::<Vec<_>>();
        let is_part = match member {
            Some(member) => of(by_member.get(&(*member, writer))).iter().any(|whole| whole.has(log)),
            None => {
                let first = log.sightings().next().map(|sighting| line(&sighting.first));
                of(first.and_then(|first| by_line.get(first))).iter().any(|whole| whole.has_same_lines(log))
            }
        };
        if is_part {
            parts.insert(at);
            continue;
        }
        let enter = |list: &mut Vec<usize>| list.extend((list.len() < MOST_WHOLE).then_some(whole.len()));
        if let Some(member) = member {
            enter(by_member.entry((*member, writer)).or_default());
        }
        for sighting in log.sightings() {
            enter(by_line.entry(line(&sighting.first)).or_default());
        }
        whole.push(Whole::of(log));
    }
    let mut at = 0..;
    logs.retain(|_| at.next().is_none_or(|at| !parts.contains(&at)));
}

/// The words of a line.
fn line(mark: &Mark) -> &str {
    mark.quote.excerpt().raw()
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
        self.has_each(part, |sighting, same| sighting.count <= same.count && is_within(sighting, same))
    }

    /// The same of a log of anybody: of each message that it has it has all lines, the first and the last to the letter.
    fn has_same_lines(&self, part: &Log) -> bool {
        self.has_each(part, |sighting, same| {
            let (is_first, is_last) = (line(&sighting.first) == line(&same.first), line(&sighting.last) == line(&same.last));
            // Lines without a date may be anybody's.
            sighting.count == same.count && is_first && is_last && sighting.first.when.is_some()
        })
    }

    fn has_each(&self, part: &Log, is_in: impl Fn(&Sighting, &Sighting) -> bool) -> bool {
        let is_seen = |sighting: &Sighting| {
            self.seen.get(&(sighting.message.id, sighting.peer.as_ref())).is_some_and(|same| is_in(sighting, same))
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
