//! What can be settled only when everything was read: who belongs, which answer is the last, which log is a copy of another.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{Facts, Health, HealthAnswer, Member, MemberAt, MemberLog, identity::Ref, measured::Measured};
use crate::{
    bundle::Quote,
    parse::{
        log::When,
        metrics::{Exposition, Metric},
    },
};

/// Who belongs to the cluster, by the strongest evidence there is.
///
/// Endpoints that were merely asked count from two on: one endpoint says nothing about who else there is. With a majority of at least
/// three asked and all well, or all gone, the verdict holds for any five members that they could be of.
pub(super) fn note_membership(
    facts: &mut Facts,
    listed: [Vec<(Ref, Quote)>; 3],
    asked: &[(Ref, Quote, bool)],
    place: &impl Fn(Ref) -> usize,
) {
    let of = |wanted: bool| -> Vec<(Ref, Quote)> {
        let rows = asked.iter().filter(|(_, _, of_cluster)| *of_cluster == wanted);
        rows.map(|(member, quote, _)| (*member, quote.clone())).collect()
    };
    let merely = of(false);
    let mut distinct: Vec<usize> = merely.iter().map(|(member, _)| place(*member)).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let merely = if distinct.len() < 2 { Vec::new() } else { merely };
    let lists = listed.into_iter().chain([of(true), merely]);
    let Some((rank, list)) = lists.enumerate().find(|(_, list)| !list.is_empty()) else { return };
    facts.membership_by_asking = rank == 4;
    for (member, quote) in list {
        facts.membership.get_or_insert(quote);
        if let Some(member) = facts.members.get_mut(place(member)) {
            member.expected = true;
        }
    }
}

/// Of answers about one member in one text the last ones count: a later good answer replaces bad ones, and the other way round.
pub(super) fn keep_latest(health: &mut Vec<HealthAnswer>) {
    let key = |a: &HealthAnswer| (a.member, a.quote.citation().path().to_owned());
    let mut last: BTreeMap<(MemberAt, String), (u64, bool)> = BTreeMap::new();
    for answer in health.iter() {
        let newest = (answer.quote.citation().line(), answer.health == Health::Healthy);
        last.entry(key(answer)).and_modify(|old| *old = (*old).max(newest)).or_insert(newest);
    }
    health.retain(|answer| last.get(&key(answer)).is_none_or(|(_, good)| *good == (answer.health == Health::Healthy)));
}

/// One row a member, its samples in order of time; where no time is known, a counter that only rises tells which came first.
pub(super) fn measured(
    mut samples: Vec<(Option<Ref>, Option<When>, Exposition)>,
    place: &impl Fn(Ref) -> usize,
) -> Vec<Measured> {
    let risen = |sample: &Exposition| {
        let gauge = |metric| sample.gauge(metric).map_or(0, |(value, _)| value as u64);
        (gauge(Metric::ProcessStartTime), gauge(Metric::Applied))
    };
    // Those of which no time is known stand behind those with a time.
    samples.sort_by_key(|(_, when, sample)| {
        (when.is_none(), when.map(|when| when.sort_key()), when.is_none().then(|| risen(sample)))
    });
    let mut rows: BTreeMap<Option<MemberAt>, (Option<When>, Measured)> = BTreeMap::new();
    for (member, when, sample) in samples {
        let member = member.map(place);
        let (first, row) = rows.entry(member).or_insert_with(|| (when, Measured { member, samples: Vec::new(), between: None }));
        row.samples.push(sample);
        row.between = first.zip(when).and_then(|(first, last)| last.difference(&first));
    }
    rows.into_values().map(|(_, row)| row).collect()
}

/// The same log sent in two forms, as text and as JSON, is one log: the form with the better clock stays, else the first.
pub(super) fn drop_copies(logs: &mut Vec<MemberLog>) {
    let is_copy = |a: &MemberLog, b: &MemberLog| {
        let counts =
            |log: &MemberLog| -> Vec<_> { log.log.sightings().map(|s| (s.message.id, s.peer.clone(), s.count)).collect() };
        a.member == b.member && a.writer == b.writer && a.log.lines == b.log.lines && a.log.lines > 1 && counts(a) == counts(b)
    };
    let has_instants =
        |log: &MemberLog| log.log.last.as_ref().is_some_and(|m| m.when.is_some_and(|when| when.instant().is_some()));
    let mut kept: Vec<MemberLog> = Vec::with_capacity(logs.len());
    for log in std::mem::take(logs) {
        match kept.iter_mut().find(|other| is_copy(other, &log)) {
            Some(other) if has_instants(&log) && !has_instants(other) => *other = log,
            Some(_) => {}
            None => kept.push(log),
        }
    }
    *logs = kept;
}

/// Notes with each log until when the logs of its member reach.
pub(super) fn note_reach(logs: &mut [MemberLog]) {
    let end = |log: &MemberLog| Facts::end_of(&log.log).and_then(|mark| mark.when);
    let later = |a: When, b: When| if a.order_within(&b) == Some(Ordering::Less) { b } else { a };
    let mut ends: BTreeMap<MemberAt, When> = BTreeMap::new();
    for (at, end) in logs.iter().filter_map(|log| Some((log.member?, end(log)?))) {
        ends.entry(at).and_modify(|known| *known = later(*known, end)).or_insert(end);
    }
    for log in logs {
        let own = end(log);
        let all = log.member.and_then(|at| ends.get(&at).copied());
        log.until = own.map(|own| all.map_or(own, |all| later(own, all))).or(all);
    }
}

/// A host without name and id, and a listed member without host, may be the same one; nothing tells which.
pub(super) fn note_maybe(members: &mut [Member]) {
    let is_host_only = |m: &Member| m.host.is_some() && !m.expected && m.id.is_none() && m.name.is_none();
    let is_without_host = |m: &Member| m.expected && m.host.is_none();
    let at = |wanted: &dyn Fn(&Member) -> bool| -> Vec<usize> {
        members.iter().enumerate().filter(|(_, m)| wanted(m)).map(|(at, _)| at).collect()
    };
    let (hosts, listed) = (at(&is_host_only), at(&is_without_host));
    for (these, those) in [(&hosts, &listed), (&listed, &hosts)] {
        for at in these {
            if let Some(member) = members.get_mut(*at) {
                member.maybe.clone_from(those);
            }
        }
    }
}
