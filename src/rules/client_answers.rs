//! What rules share that tell of refusals which clients get: lines that say so, and counts of gRPC's answers.

use super::{
    accusations::is_long_over,
    client_failures,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Failure, Measured},
    messages::Reason,
    parse::{
        logbook::Mark,
        metrics::{Metric, Sample},
    },
};

/// Where to look for one kind of refusal.
pub(super) struct Refusal {
    /// Messages that tell it by themselves.
    pub(super) messages: &'static [&'static str],
    /// A reason with which `request-failed` tells it.
    pub(super) reason: Option<Reason>,
    /// Lines from which on it is more than one client's slip.
    pub(super) fewest_lines: u64,
    /// gRPC's code and methods (`grpc_server_handled_total`; empty: all).
    pub(super) grpc: Option<(&'static str, &'static [&'static str])>,
    /// Answers from which on it is more than one client's slip.
    pub(super) fewest_answers: u64,
    /// A method whose use gives the code other reasons: then counts alone say nothing.
    pub(super) unless: Option<&'static str>,
}

/// One finding for the whole cluster: it concerns clients, and no member. The page's variants are `active`, `counted` and `over`.
pub(super) fn decide(facts: &Facts, refusal: &Refusal) -> Ruling {
    let (mut lines, mut seen, mut active): (u64, Vec<(Evidence, Mark)>, bool) = (0, Vec::new(), false);
    for log in &facts.logs {
        for sighting in log.log.sightings() {
            let reasoned = refusal.reason.and_then(|reason| sighting.reasons.get(&reason));
            let (count, last) = if refusal.messages.contains(&sighting.message.id) {
                (sighting.count, &sighting.last)
            } else if let Some(reasoned) = reasoned.filter(|_| FAILED.contains(&sighting.message.id)) {
                (reasoned.count, &reasoned.last)
            } else {
                continue;
            };
            lines += count;
            active |= !is_long_over(log, last);
            seen.push((line_of(facts, log, last), last.clone()));
        }
    }
    // Who was refused tells it as plainly as who refused.
    let told = facts.failures();
    let is_it = |failure: &&Failure<'_>| failure.reason.is_some() && failure.reason == refusal.reason && !is_own(facts, failure);
    let told: Vec<_> = told.iter().filter(is_it).collect();
    let (answers, counted) = refusal.grpc.map_or((0, Vec::new()), |(code, methods)| answers(facts, code, methods));
    let is_blurred = refusal.unless.is_some_and(|method| is_used(facts, method));
    let is_counted = answers >= refusal.fewest_answers && !counted.is_empty() && !is_blurred;
    let is_logged = lines >= refusal.fewest_lines && !seen.is_empty() || !told.is_empty();
    // etcd's log has what its clients were told: that is counted once.
    let lines = if lines >= refusal.fewest_lines { lines } else { lines.max(told.iter().map(|failure| failure.count).sum()) };
    active |= !told.is_empty();
    let variant = match (is_logged, is_counted) {
        (true, _) if !active => "over",
        (true, _) => "active",
        (false, true) => "counted",
        (false, false) if facts.has_logs() || !facts.measured.is_empty() => return Ruling::Pass,
        (false, false) => return Ruling::Unknown(None),
    };
    let last = seen.last().map(|(_, mark)| mark.clone()).filter(|_| is_logged);
    let shown = told
        .into_iter()
        .map(|failure| client_failures::shown(facts, failure))
        .chain(seen.into_iter().map(|(line, _)| line))
        .filter(|_| is_logged);
    let mut shown = shown.chain(counted.into_iter().filter(|_| is_counted));
    let Some(first) = shown.next() else { return Ruling::Unknown(None) };
    let mut draft = Draft::new(variant, Severity::Warning, first);
    shown.take(5).for_each(|line| draft.show(line));
    draft.impact = Impact::None;
    draft.state = if variant == "over" { State::Recovered } else { State::Active };
    draft.confidence = if is_logged && is_counted { Confidence::High } else { Confidence::Medium };
    let count = if is_logged { lines } else { answers };
    draft.count = Some(count);
    draft.value("count", count);
    if let Some(last) = last {
        draft.last_seen = moment(&last);
        if let Some(when) = &last.as_read {
            draft.value("when", when.escaped());
        }
    }
    Ruling::Fail(vec![draft])
}

/// Whether it is the collection itself that was refused, for it was given no user name: that is a gap of the bundle, and no client's trouble.
pub(super) fn is_own(facts: &Facts, failure: &Failure<'_>) -> bool {
    facts.collected.is_some() && failure.log.is_none() && failure.words.raw().contains("user name is empty")
}

/// Messages that tell of a failed request, with the reason in their error.
const FAILED: &[&str] = &["request-failed", "lease-revoke-failed"];

fn is_used(facts: &Facts, method: &str) -> bool {
    let rows = facts.measured.iter().filter_map(|m| m.last()).flat_map(|sample| sample.labelled(Metric::GrpcHandled));
    rows.into_iter().any(|row| row.value() >= 1.0 && row.label("grpc_method").is_some_and(|found| found.raw() == method))
}

/// How old a process may be whose counts still tell of the present, in seconds (`docs/contracts.md`: 10 minutes).
const YOUNG: f64 = 600.0;

/// Whether what a process counted since its start is of the present: it started minutes ago, or the count rose between two samples. An
/// API server asks for a compacted revision now and then; after a month that is a large number and no news.
fn is_of_now(facts: &Facts, measured: &Measured, row: &Sample) -> bool {
    let same = |other: &&Sample| other.labels().eq(row.labels());
    let before = measured.samples.first().filter(|_| measured.samples.len() > 1);
    let earlier = before.map(|sample| sample.labelled(Metric::GrpcHandled).iter().find(same).map_or(0.0, Sample::value));
    let collected = facts.collected.as_ref().and_then(|(when, _)| when.instant()).map(|at| at.as_duration().as_secs_f64());
    let age = collected.zip(measured.gauge(Metric::ProcessStartTime)).map(|(now, start)| now - start);
    age.is_some_and(|age| age < YOUNG) || earlier.is_some_and(|earlier| row.value() > earlier)
}

/// gRPC's answers of one code that tell of the present.
fn answers(facts: &Facts, code: &str, methods: &[&str]) -> (u64, Vec<Evidence>) {
    let (mut count, mut lines) = (0, Vec::new());
    for measured in &facts.measured {
        let Some(sample) = measured.last() else { continue };
        for row in sample.labelled(Metric::GrpcHandled) {
            let method = row.label("grpc_method").map_or("", |method| method.raw());
            let fits = row.label("grpc_code").is_some_and(|found| found.raw() == code)
                && (methods.is_empty() || methods.contains(&method));
            if fits && row.value() >= 1.0 && is_of_now(facts, measured, row) {
                // A counter: whole numbers.
                count += row.value() as u64;
                lines.push(Evidence::of(row.quote().clone()).member(measured.member.map(|at| facts.key(at))));
            }
        }
    }
    (count, lines)
}
