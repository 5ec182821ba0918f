//! Trouble that no rule of this release explains: while there is any, nobody is told that the cluster is healthy.

use std::collections::{BTreeMap, BTreeSet};

use super::elections;
use crate::{
    bundle::Quote,
    facts::{Facts, Health, Known, MemberLog, Window, is_later, sign_of_link},
    messages::Class,
    parse::{
        etcdctl::{AlarmKind, Status},
        histogram::Histogram,
        log::When,
        logbook::{Mark, Sighting},
        metrics::{Metric, Sample},
        screens::Run,
    },
    text::escape,
    words::{Values, Words, fill},
};

/// Slow applies below this are noise: etcd 3.0 warned from 10 ms on, later releases from 100 ms (`warnApplyDuration`).
const WEATHER_US: u128 = 100_000;

/// A few slow requests below this, in all that was sent, are weather too: healthy clusters on busy hosts print them.
const GUST_US: u128 = 500_000;
const GUSTS: u64 = 8;

/// Tails above which the mixin of 3.4 to 3.7 warns, in seconds: backend commit (`etcdHighCommitDurations`) and round trip between
/// members (`etcdMemberCommunicationSlow`).
const SLOW_COMMIT: f64 = 0.25;
const SLOW_ROUND_TRIP: f64 = 0.15;

/// Of few commits so many have to be slow to be more than moments of a busy host; of many the tail alone says it.
const MOMENTS: f64 = 0.05;
const MANY_COMMITS: u64 = 10_000;

/// Most peers whose round trips are looked at; a cluster has at most seven members.
const MOST_PEERS: usize = 16;

/// The first trouble in a sentence, if there is any: answers that contradict each other, data that differ, measurements beyond the
/// mixin's thresholds, lines of logs that no later good sign ends.
pub(super) fn of(facts: &Facts, words: &Words) -> Option<String> {
    let looks =
        [dropped, differing, alarm, contradiction, bad_answer, not_ready, error, measured, unlinked, checked, leaderless, logged];
    looks.iter().find_map(|look| look(facts, words))
}

/// What was not kept could say anything.
fn dropped(facts: &Facts, words: &Words) -> Option<String> {
    (facts.dropped > 0).then(|| fill(words.trouble.dropped, &Values::from([("n", facts.dropped.to_string())])))
}

/// Alarms that no rule reads.
fn alarm(facts: &Facts, words: &Words) -> Option<String> {
    let alarm = facts.alarms.iter().find(|alarm| alarm.kind != AlarmKind::NoSpace)?;
    let kind = match &alarm.kind {
        AlarmKind::Corrupt => "CORRUPT".to_owned(),
        AlarmKind::NoSpace => "NOSPACE".to_owned(),
        AlarmKind::Other(name) => name.escaped().to_string(),
    };
    Some(fill(words.trouble.alarm, &Values::from([("kind", kind), ("place", place(&alarm.quote))])))
}

/// So many messages to a peer fail between two samples only where it is not reached: a leader sends ten heartbeats a second.
const MANY_UNSENT: f64 = 5.0;

/// A peer that a member does not reach by its metrics: no stream to it is open, or messages to it fail from one sample to the next. Series of
/// a member that was removed stay until the process ends; and who answers well has met it since.
fn unlinked(facts: &Facts, words: &Words) -> Option<String> {
    for measured in &facts.measured {
        let Some(sample) = measured.last() else { continue };
        let (active, unsent) = (sample.labelled(Metric::ActivePeers), sample.labelled(Metric::PeerSentFailures));
        let is_last =
            |rows: &[Sample], at: usize, row: &Sample| !rows.iter().skip(at + 1).any(|later| later.labels().eq(row.labels()));
        let idle = active.iter().enumerate().filter(|(at, row)| row.value() == 0.0 && is_last(active, *at, row));
        let failing = unsent.iter().filter(|row| {
            let to_same = |other: &Sample| other.label("To").is_some() && other.label("To") == row.label("To");
            measured.rise(Metric::PeerSentFailures, &to_same).is_some_and(|rise| rise >= MANY_UNSENT)
        });
        let idle = idle.filter_map(|(_, row)| Some((row.label("Remote")?, row)));
        let failing = failing.filter_map(|row| Some((row.label("To")?, row)));
        for (peer, row) in idle.chain(failing).take(MOST_PEERS) {
            let at = u64::from_str_radix(peer.raw(), 16).ok().and_then(|id| facts.members.iter().position(|m| m.id == Some(id)));
            let is_removed = facts.membership.is_some() && at.and_then(|at| facts.member(at)).is_none_or(|m| !m.expected);
            if is_removed || at.is_some_and(|at| facts.healthy_answer(at).is_some()) {
                continue;
            }
            let name = at.map_or_else(|| peer.escaped().to_string(), |at| facts.key(at).escaped().to_string());
            let mut values = Values::from([("peer", name), ("place", place(row.quote()))]);
            values.extend(measured.member.map(|at| ("member", facts.key(at).escaped().to_string())));
            return Some(fill(words.trouble.unlinked, &values));
        }
    }
    None
}

/// Entries by which members that keep up never differ: a follower that is further behind needs a snapshot
/// (`DefaultSnapshotCatchUpEntries`, all versions: 5000).
const FAR_BEHIND: u64 = 5000;

/// Answers of one `endpoint status` that cannot all be true of one healthy cluster.
fn contradiction(facts: &Facts, words: &Words) -> Option<String> {
    let mut texts: BTreeMap<&str, Vec<&Known<Status>>> = BTreeMap::new();
    for (_, status) in &facts.statuses {
        texts.entry(status.quote.citation().path()).or_default().push(status);
    }
    for same in texts.values() {
        let distinct =
            |ids: &dyn Fn(&Status) -> Option<u64>| same.iter().filter_map(|s| ids(&s.value)).collect::<BTreeSet<u64>>().len();
        let clusters = distinct(&|s| s.cluster_id);
        let leaders = distinct(&|s| s.member_id.filter(|_| s.is_leader == Some(true)));
        let index = || same.iter().filter_map(|s| s.value.index);
        let gap = index().max().unwrap_or_default() - index().min().unwrap_or_default();
        let sentence = if clusters > 1 {
            words.trouble.clusters
        } else if leaders > 1 {
            words.trouble.leaders
        } else if gap > FAR_BEHIND {
            words.trouble.behind
        } else {
            continue;
        };
        let first = same.first()?;
        return Some(fill(sentence, &Values::from([("n", gap.to_string()), ("place", place(&first.quote))])));
    }
    None
}

/// So often a member loses its leader within a quarter of an hour where something is wrong between the two, or with its clock of raft.
const MANY_LOSSES: u64 = 10;

/// A member that loses its leader again and again.
fn leaderless(facts: &Facts, words: &Words) -> Option<String> {
    let (log, mark, count) = elections::losses(facts).filter(|(_, _, count)| *count >= MANY_LOSSES)?;
    let mut values = Values::from([("count", count.to_string()), ("place", place(&mark.quote))]);
    values.extend(log.member.map(|at| ("member", facts.key(at).escaped().to_string())));
    Some(fill(words.trouble.leaderless, &values))
}

/// A request of etcdctl that the cluster failed.
fn error(facts: &Facts, words: &Words) -> Option<String> {
    const BY_CLUSTER: &[&str] =
        &["may be unhealthy", "request timed out", "no leader", "leader changed", "too many requests", "unavailable", "corrupt"];
    let failed = facts.errors.iter().find(|error| BY_CLUSTER.iter().any(|words| error.text.raw().contains(words)))?;
    let values = Values::from([("error", failed.text.escaped().to_string()), ("place", place(&failed.quote))]);
    Some(fill(words.trouble.error, &values))
}

fn place(quote: &Quote) -> String {
    let place = quote.citation();
    format!("{}:{}", escape(place.path()), place.line())
}

fn differing(facts: &Facts, words: &Words) -> Option<String> {
    let (a, b) = facts.differing_hashes()?;
    let values = Values::from([
        ("a", facts.key(a.member).escaped().to_string()),
        ("b", facts.key(b.member).escaped().to_string()),
        ("revision", a.revision.to_string()),
        ("place", place(&a.quote)),
    ]);
    Some(fill(words.trouble.differing, &values))
}

fn bad_answer(facts: &Facts, words: &Words) -> Option<String> {
    let is_learner = |at| facts.member(at).and_then(|m| m.learner.as_ref()).is_some_and(|l| l.value);
    let bad = facts.health.iter().find(|answer| answer.health != Health::Healthy && !is_learner(answer.member))?;
    let values = Values::from([("member", facts.key(bad.member).escaped().to_string()), ("place", place(&bad.quote))]);
    Some(fill(words.trouble.bad_answer, &values))
}

/// A container that runs and whose readiness probe fails.
fn not_ready(facts: &Facts, words: &Words) -> Option<String> {
    let (shown, _) = facts.containers().find(|(_, container)| container.run == Run::Running && container.ready == Some(false))?;
    let mut values = Values::from([("place", place(&shown.quote))]);
    values.extend(shown.host.as_ref().map(|host| ("member", host.escaped().to_string())));
    Some(fill(words.trouble.not_ready, &values))
}

/// What `etcdctl check perf` found too slow.
fn checked(facts: &Facts, words: &Words) -> Option<String> {
    let (shown, check) = facts.perf_failures().next()?;
    let values = Values::from([("what", check.failed.escaped().to_string()), ("place", place(&shown.quote))]);
    Some(fill(words.trouble.checked, &values))
}

/// The present where it was measured, else the time since the start.
fn measured(facts: &Facts, words: &Words) -> Option<String> {
    for measured in &facts.measured {
        let newest = |metric| {
            measured
                .histogram(metric, Window::BetweenSamples)
                .or_else(|| measured.histogram(metric, Window::SinceStart).filter(|h| h.count() >= 100))
        };
        let is_more_than_moments =
            |h: &Histogram| h.count() >= MANY_COMMITS || h.share_over(0.256).is_none_or(|share| share >= MOMENTS);
        let commit = newest(Metric::BackendCommit)
            .filter(is_more_than_moments)
            .and_then(|h| h.quantile_bounds(0.99))
            .filter(|tail| tail.gt >= SLOW_COMMIT);
        let key = measured.member.map(|at| facts.key(at).escaped().to_string());
        let mut values: Values = key.map(|key| ("member", key)).into_iter().collect();
        if let Some(tail) = commit {
            values.insert("p99", format!("{:.0} ms", tail.gt * 1e3));
            return Some(fill(words.trouble.slow_commit, &values));
        }
        let Some(sample) = measured.last() else { continue };
        for peer in sample.label_values(Metric::PeerRoundTrip, "To").into_iter().take(MOST_PEERS) {
            // A probe each 30 s: few samples, so a median is asked for, not a tail.
            let trip = sample.histogram(Metric::PeerRoundTrip, &[("To", peer.raw())]).and_then(|h| h.quantile_bounds(0.5));
            if let Some(trip) = trip.filter(|trip| trip.gt >= SLOW_ROUND_TRIP) {
                values.insert("p50", format!("{:.0} ms", trip.gt * 1e3));
                values.insert("peer", peer.escaped().to_string());
                return Some(fill(words.trouble.slow_round_trip, &values));
            }
        }
    }
    None
}

fn logged(facts: &Facts, words: &Words) -> Option<String> {
    let (mut first, mut count) = (None, 0);
    for log in &facts.logs {
        for sighting in log.log.sightings().filter(|s| is_trouble(facts, log, s)) {
            count += sighting.count;
            first.get_or_insert((sighting.message.means, newest(log, sighting)));
        }
        if facts.all_healthy().is_none() {
            count += log.log.unknown_count;
            if let Some(mark) = log.log.unknown.first() {
                first.get_or_insert((words.trouble.unknown, mark));
            }
        }
    }
    let (means, mark) = first?;
    let values = Values::from([("count", count.to_string()), ("means", (words.elsewhere)(means)), ("place", place(&mark.quote))]);
    Some(fill(words.trouble.logged, &values))
}

/// Whether a line tells of trouble that is not over. A healthy answer cures what keeps a member from starting, being reached or
/// serving, if it was not given before the line was written; other faults let a member serve, and it cures none of them.
fn is_trouble(facts: &Facts, log: &MemberLog, sighting: &Sighting) -> bool {
    let last = newest(log, sighting);
    // A rule that reads a message may pass over it for what its error says: how a process ended is trouble all the same.
    let is_told = super::is_read(sighting.message.id) && !(sighting.message.fatal && facts.cure_of_start(log, last).is_none());
    if is_told || is_over(facts, log, sighting) {
        return false;
    }
    let cured = answered_since(facts, log, last.when);
    match sighting.message.class {
        Class::Fault if sighting.message.fatal => !cured,
        Class::Fault => true,
        Class::PeerDown => !cured,
        Class::Symptom => !is_weather(sighting) && facts.all_healthy().is_none(),
        _ => false,
    }
}

/// Whether all members answered healthy, not before this time; of a stranger's log, who is none of them, that says nothing.
fn answered_since(facts: &Facts, log: &MemberLog, when: Option<When>) -> bool {
    let is_member = log.member.is_none_or(|at| facts.member(at).is_none_or(|m| m.expected || !m.maybe.is_empty()));
    let is_late = |answered: Option<When>| match (answered, when) {
        (Some(answered), Some(when)) => answered.order_within(&when) != Some(std::cmp::Ordering::Less),
        _ => true,
    };
    is_member && facts.all_healthy().is_some_and(|answers| answers.iter().all(|answer| is_late(answer.when)))
}

fn newest<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a Mark {
    if log.log.is_reversed() { &sighting.first } else { &sighting.last }
}

/// A few requests that took some tenths of a second: a busy host's weather. Batches of writes that were slow to apply are none.
pub(super) fn is_gust(sighting: &Sighting) -> bool {
    let longest = sighting.longest.as_ref().map(|(took, _)| took.as_micros());
    sighting.message.id == "apply-too-long" && sighting.count <= GUSTS && longest.is_some_and(|took| took < GUST_US)
}

fn is_weather(sighting: &Sighting) -> bool {
    let small = sighting.longest.as_ref().is_some_and(|(took, _)| took.as_micros() < WEATHER_US) || is_gust(sighting);
    // The advice that etcd prints under each slow apply says nothing by itself.
    small || sighting.message.id == "avoid-large-range"
}

/// A later good sign of the same member's logs that the trouble would have prevented: the peer came up, the member serves again, a leader was
/// elected. What systemd says of a unit is over when etcd's own log on that host says that it serves again.
fn is_over(facts: &Facts, log: &MemberLog, sighting: &Sighting) -> bool {
    let serves_again = || {
        let of_host = |other: &&MemberLog| log.writer.host.is_some() && other.writer.host == log.writer.host;
        let serving = |other: &&Sighting| other.message.class == Class::Serving;
        let logs = facts.logs.iter().filter(of_host);
        logs.flat_map(|other| other.log.sightings().filter(serving).map(move |s| newest(other, s)))
            .any(|mark| is_later(newest(log, sighting), mark, log.log.is_reversed()))
    };
    if sighting.message.id.starts_with("systemd-") && serves_again() {
        return true;
    }
    let own = |other: &&MemberLog| std::ptr::eq(*other, log) || (log.member.is_some() && other.member == log.member);
    let mut sightings = facts.logs.iter().filter(own).flat_map(|own| own.log.sightings().map(move |s| (own, s)));
    sightings.any(|(own, other)| {
        let good = match other.message.class {
            Class::PeerUp => {
                sighting.message.class == Class::PeerDown && (other.peer == sighting.peer || sighting.peer.is_none())
            }
            Class::Serving => sighting.message.fatal || sighting.message.class == Class::Symptom,
            _ => other.message.id == "raft-leader-elected" && sighting.message.id.starts_with("raft-"),
        };
        let last = newest(log, sighting);
        good && (is_later(last, newest(own, other), log.log.is_reversed()) || sign_of_link(own, other, last).is_some())
    })
}
