//! `load.too-many-requests`: more is asked for than the members can apply, and requests are turned away.

use super::{
    Nature, Rule,
    accusations::is_long_over,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Measured},
    parse::metrics::{Exposition, Metric},
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("load.too-many-requests"),
    severity: Severity::Warning,
    reads: &["etcd log", "a client's log", "etcdctl", "metrics"],
    messages: MESSAGES,
    explains: &[Code::new("member.lagging")],
    nature: Nature::Why,
    decide,
};

/// What clients are told, and what raft says when it drops a write before that.
const MESSAGES: &[&str] = &["client-too-many-requests", "raft-too-much-uncommitted"];

/// Entries that are agreed on and not applied, from which on etcd turns requests away (`maxGapBetweenApplyAndCommitIndex`, v3_server.go of
/// 3.1 to 3.7: 5000).
const GAP: f64 = 5000.0;

/// Events that wait for watchers, and watchers that are behind, from which on they are no burst: a stream's buffer holds 1024 events up to
/// 3.2, 128 since (`mvcc/watchable_store.go`).
const EVENTS: f64 = 10_000.0;
const WATCHERS: f64 = 100.0;

fn decide(facts: &Facts) -> Ruling {
    let (told, count, is_now) = told(facts);
    let measured: Vec<Backlog> = facts.measured.iter().filter_map(|m| measured(facts, m)).collect();
    // Where another member keeps up with the same requests, it is not they that are too many, but this one that is slow: what it turns away,
    // it alone turns away.
    let keeps_up = |m: &&Measured| gap_of(m).is_some_and(|gap| gap <= GAP);
    let swift: Vec<Untrusted> = facts.measured.iter().filter(keeps_up).filter_map(|m| Some(facts.key(m.member?))).collect();
    let is_swift = |line: &Evidence| line.member.as_ref().is_some_and(|member| swift.contains(member));
    let is_behind = measured.iter().any(|(variant, ..)| *variant == "backlog");
    if is_behind && !swift.is_empty() && !told.iter().any(is_swift) {
        return Ruling::Pass;
    }
    let measured = measured.into_iter();
    let most = measured.reduce(|a, b| if b.1 > a.1 { b } else { a });
    let variant = match (&told[..], &most) {
        ([], None) => {
            let is_known = facts.has_logs() || facts.measured.iter().any(|m| m.gauge(Metric::Applied).is_some());
            return if is_known { Ruling::Pass } else { Ruling::Unknown(None) };
        }
        ([], Some((variant, ..))) => *variant,
        (_, _) if is_now || most.is_some() => "active",
        _ => "over",
    };
    let is_told = !told.is_empty();
    let figures = most.as_ref().map(|(_, n, _)| *n);
    let mut lines = told.into_iter().chain(most.map(|(_, _, lines)| lines).unwrap_or_default());
    let Some(first) = lines.next() else { return Ruling::Unknown(None) };
    let mut draft = Draft::new(variant, RULE.severity, first);
    lines.take(6).for_each(|line| draft.show(line));
    draft.confidence = if is_told && figures.is_some() { Confidence::High } else { Confidence::Medium };
    draft.state = if variant == "over" { State::Recovered } else { State::Active };
    draft.impact = if variant == "over" { Impact::None } else { Impact::Degraded };
    if is_told {
        draft.count = Some(count);
        draft.value("count", count);
    }
    if let Some(figure) = figures {
        draft.value("figure", figure.round());
    }
    draft.last_seen = MESSAGES.iter().flat_map(|id| facts.sightings(id)).last().and_then(|(_, s)| moment(&s.last));
    Ruling::Fail(vec![draft])
}

/// Which sentence says it, by how much, and the lines.
type Backlog = (&'static str, f64, Vec<Evidence>);

/// Lines that say so, of logs and of etcdctl; how many there are, and whether the last is of the present.
fn told(facts: &Facts) -> (Vec<Evidence>, u64, bool) {
    let (mut lines, mut count, mut is_now) = (Vec::new(), 0, false);
    for (log, sighting) in MESSAGES.iter().flat_map(|id| facts.sightings(id)) {
        count += sighting.count;
        is_now |= !is_long_over(log, &sighting.last);
        lines.push(line_of(facts, log, &sighting.last));
    }
    for error in facts.errors.iter().filter(|error| error.text.raw().contains("too many requests")) {
        count += 1;
        is_now = true;
        lines.push(Evidence::of(error.quote.clone()).member(error.host.map(|at| facts.key(at))));
    }
    (lines, count, is_now)
}

/// What the newest sample of a member shows of a backlog, with how much.
fn measured(facts: &Facts, measured: &Measured) -> Option<Backlog> {
    let sample = measured.last()?;
    let shown = |metrics: &[Metric]| -> Vec<Evidence> {
        let quotes = metrics.iter().filter_map(|metric| sample.gauge(*metric).map(|(_, quote)| quote.clone()));
        quotes.map(|quote| Evidence::of(quote).member(measured.member.map(|at| facts.key(at)))).collect()
    };
    if let Some(gap) = gap_of(measured).filter(|gap| *gap > GAP) {
        return Some(("backlog", gap, shown(&[Metric::Committed, Metric::Applied, Metric::ProposalsPending])));
    }
    let (events, slow) = (value(sample, Metric::PendingEvents)?, value(sample, Metric::SlowWatchers)?);
    (events > EVENTS && slow > WATCHERS).then(|| ("watchers", events, shown(&[Metric::PendingEvents, Metric::SlowWatchers])))
}

/// Entries that a member knows to be agreed on and has not applied.
fn gap_of(measured: &Measured) -> Option<f64> {
    let sample = measured.last()?;
    Some(value(sample, Metric::Committed)? - value(sample, Metric::Applied)?)
}

fn value(sample: &Exposition, metric: Metric) -> Option<f64> {
    sample.gauge(metric).map(|(value, _)| value)
}
