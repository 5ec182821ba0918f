//! `config.heartbeat`: heartbeat interval and election timeout are shorter than the network or the machines can keep, or differ.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Nature, Rule, elections,
    draft::{Draft, Ruling, line_of},
    late::Late,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{DEFAULT_ELECTION, Facts, Health, MemberAt, Timing, host_of},
    parse::{metrics::Metric, ping::Ping},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("config.heartbeat"),
    severity: Severity::Critical,
    reads: &["etcd's flags and settings", "etcd log", "metrics", "ping"],
    messages: &[],
    explains: &[Code::new("leader.flapping"), Code::new("net.latency"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// etcd's guide asks for ten round trips at least (tuning.md of 2.1 to 3.7).
const TRIPS: f64 = 10.0;

/// An election timeout that ordinary disks and schedulers do not keep: single syncs of a quarter of a second are met in healthy clusters.
const SHORT: Duration = Duration::from_millis(250);

/// Elections, or moments of late heartbeats, that are no start's or hand-over's.
const MANY_ELECTIONS: u64 = 10;
const MANY_LATE: u64 = 20;

/// Round trips below which a network is none that asks for longer timeouts, in milliseconds.
const SHORT_TRIP_MS: f64 = 5.0;

fn decide(facts: &Facts) -> Ruling {
    if facts.timings.is_empty() {
        return Ruling::Unknown(None);
    }
    let odd = differing(facts);
    let trip = slowest_trip(facts);
    let short: Vec<_> = facts.timings.iter().filter(|(_, timing)| misfit(timing, trip.as_ref()).is_some()).collect();
    let misfits: Vec<_> = if odd.is_empty() { short } else { facts.timings.iter().filter(|(at, _)| odd.contains(at)).collect() };
    let Some((_, first)) = misfits.first() else { return Ruling::Pass };
    let symptom = symptom(facts);
    let why = misfit(first, trip.as_ref());
    let variant = match (&symptom, odd.is_empty(), why) {
        (None, false, _) => "note-differ",
        (None, true, _) => "note-short",
        (Some(_), false, _) => "differ",
        (Some(_), true, Some(Misfit::Trip)) => "trips",
        (Some(_), true, _) => "short",
    };
    let severity = if symptom.is_some() { Severity::Warning } else { Severity::Info };
    let shown = misfits.iter().flat_map(|(_, timing)| [&timing.election, &timing.heartbeat]).flatten();
    let mut shown = shown.map(|known| Evidence::of(known.quote.clone()));
    let Some(line) = shown.next() else { return Ruling::Pass };
    let mut draft = Draft::new(variant, severity, line);
    shown.for_each(|line| draft.show(line));
    draft.members = misfits.iter().filter_map(|(at, _)| **at).collect();
    for (name, known) in [("election", &first.election), ("heartbeat", &first.heartbeat)] {
        if let Some(known) = known {
            draft.value(name, format!("{} ms", known.value.as_millis()));
        }
    }
    if let Some((ms, line)) = trip {
        draft.value("trip", format!("{ms:.0} ms"));
        draft.show(line);
    }
    draft.impact = Impact::None;
    if let Some(symptom) = symptom {
        draft.value("elections", symptom.elections);
        draft.value("late", symptom.late);
        draft.confidence = if why == Some(Misfit::Trip) || odd.is_empty() && why.is_some() { Confidence::High } else { Confidence::Medium };
        draft.state = if symptom.is_over { State::Recovered } else { State::Active };
        draft.impact = impact(facts, symptom.is_over);
        symptom.lines.into_iter().for_each(|line| draft.show(line));
    }
    Ruling::Fail(vec![draft])
}

/// In which way a timeout does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misfit {
    /// To the measured round trips.
    Trip,
    /// To ordinary machines.
    Short,
}

/// Only a timeout below the default is somebody's choice against the network; with the default it is the network that is slow.
fn misfit(timing: &Timing, trip: Option<&(f64, Evidence)>) -> Option<Misfit> {
    let election = timing.election.as_ref()?.value;
    if election >= DEFAULT_ELECTION {
        return None;
    }
    let is_far = trip.is_some_and(|(ms, _)| *ms >= SHORT_TRIP_MS && ms * TRIPS > election.as_secs_f64() * 1e3);
    if is_far {
        return Some(Misfit::Trip);
    }
    (election <= SHORT).then_some(Misfit::Short)
}

/// Those whose election timeout is not what most were told; where there is no majority, all of them. The interval of one that never leads
/// does no harm.
fn differing(facts: &Facts) -> BTreeSet<Option<MemberAt>> {
    let known: Vec<_> = facts.timings.iter().filter_map(|(at, timing)| Some((*at, timing.election.as_ref()?.value))).collect();
    let alike = |value: Duration| known.iter().filter(|(_, other)| *other == value).count();
    let most = known.iter().map(|(_, value)| alike(*value)).max().unwrap_or_default();
    let usual: BTreeSet<Duration> = known.iter().map(|(_, value)| *value).filter(|value| alike(*value) == most).collect();
    let is_split = usual.len() > 1;
    known.iter().filter(|(_, value)| is_split || !usual.contains(value)).map(|(at, _)| *at).collect()
}

/// The median of the slowest pair of members, in milliseconds, by ping or by etcd's own probes.
fn slowest_trip(facts: &Facts) -> Option<(f64, Evidence)> {
    let is_member = |ping: &Ping| {
        let is_its = |url: &crate::text::Untrusted| host_of(crate::facts::address_of(url.raw())) == ping.target.raw();
        facts.members.iter().any(|m| m.peers.iter().chain(&m.endpoints).any(is_its))
    };
    let pinged = facts.pings.iter().map(|(_, ping)| ping).filter(|ping| is_member(ping));
    let pinged = pinged.map(|ping| (ping.fastest_ms, Evidence::of(ping.quote.clone())));
    let mut probed = Vec::new();
    for measured in &facts.measured {
        let Some(sample) = measured.last() else { continue };
        for peer in sample.label_values(Metric::PeerRoundTrip, "To") {
            let trips = sample.histogram(Metric::PeerRoundTrip, &[("To", peer.raw())]);
            let Some(median) = trips.and_then(|trips| trips.quantile_bounds(0.5)).filter(|median| median.gt > 0.0) else { continue };
            let line = sample.labelled_bucket(Metric::PeerRoundTrip, median.gt, ("To", peer.raw()));
            probed.extend(line.map(|quote| (median.gt * 1e3, Evidence::of(quote))));
        }
    }
    pinged.chain(probed).max_by(|(a, _), (b, _)| a.total_cmp(b))
}

/// What a timeout that does not fit brings.
struct Symptom {
    elections: u64,
    late: u64,
    is_over: bool,
    lines: Vec<Evidence>,
}

fn symptom(facts: &Facts) -> Option<Symptom> {
    let changes = elections::most(facts).filter(|changes| changes.count >= elections::MANY);
    let lates = Late::all(facts);
    let late = lates.iter().max_by_key(|late| late.moments).filter(|late| late.moments >= MANY_LATE);
    let elections = elections::started(facts);
    if changes.is_none() && late.is_none() && elections < MANY_ELECTIONS {
        return None;
    }
    let mut lines = Vec::new();
    if let Some(changes) = &changes {
        lines.extend([line_of(facts, changes.log, changes.first), line_of(facts, changes.log, changes.last)]);
    }
    if let Some(late) = late {
        lines.extend([line_of(facts, late.log, late.first), line_of(facts, late.log, late.last)]);
    }
    let ends = [changes.as_ref().map(|changes| changes.is_over), late.map(|late| late.is_over)];
    let is_over = ends.iter().flatten().all(|over| *over) && ends.iter().any(Option::is_some);
    Some(Symptom { elections, late: late.map_or(0, |late| late.moments), is_over, lines })
}

/// While elections follow each other nobody answers healthy; else writes succeed, late.
fn impact(facts: &Facts, is_over: bool) -> Impact {
    let is_healthy = facts.health.iter().any(|answer| answer.health == Health::Healthy);
    match (is_over, is_healthy, facts.health.is_empty()) {
        (true, ..) => Impact::None,
        (false, false, false) => Impact::Outage,
        (false, ..) => Impact::Degraded,
    }
}
