//! `leader.flapping`: the leader keeps changing, beside starts, stops and hand-overs.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of, moment},
    elections,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Measured},
    parse::metrics::Metric,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("leader.flapping"),
    severity: Severity::Warning,
    reads: &["etcd log", "metrics, twice"],
    messages: &[],
    explains: &[],
    nature: Nature::ThatOfAll,
    decide,
};

/// Changes between two samples of metrics, mostly seconds apart, that are no single hand-over.
const MANY_BETWEEN_SAMPLES: f64 = 2.0;

fn decide(facts: &Facts) -> Ruling {
    let logged = elections::most(facts).filter(|changes| changes.count >= elections::MANY);
    // The samples of each member are of another stretch of time: what the one with the most changes saw, the others may have missed.
    let measured = facts.measured.iter().filter_map(|measured| Some((measured, between(measured)?)));
    let measured = measured.reduce(|most, other| if other.1 > most.1 { other } else { most });
    let is_rising = measured.filter(|(_, changes)| *changes >= MANY_BETWEEN_SAMPLES).map(|(measured, _)| measured);
    let mut draft = match (&logged, is_rising) {
        (Some(changes), _) => {
            let mut draft = Draft::new("logged", RULE.severity, line_of(facts, changes.log, changes.first));
            draft.show(line_of(facts, changes.log, changes.last));
            draft.value("count", changes.count);
            draft.count = Some(changes.count);
            draft.seen_by = changes.log.member.into_iter().collect();
            (draft.first_seen, draft.last_seen) = (moment(changes.first), moment(changes.last));
            draft.state = if changes.is_over && is_rising.is_none() { State::Recovered } else { State::Active };
            draft
        }
        (None, Some(measured)) => {
            let Some(draft) = by_samples(facts, measured) else { return Ruling::Unknown(None) };
            draft
        }
        (None, None) if facts.has_logs() || measured.is_some() => return Ruling::Pass,
        (None, None) => return Ruling::Unknown(None),
    };
    draft.impact = if draft.state == State::Active { Impact::Degraded } else { Impact::None };
    draft.confidence = if logged.is_some() && is_rising.is_some() { Confidence::High } else { Confidence::Medium };
    Ruling::Fail(vec![draft])
}

/// Changes between the first and the last sample of one process.
fn between(measured: &Measured) -> Option<f64> {
    let (first, last) = (measured.samples.first().filter(|_| measured.samples.len() > 1)?, measured.last()?);
    let value = |metric| Some((first.gauge(metric)?.0, last.gauge(metric)?.0));
    let (start, same) = value(Metric::ProcessStartTime)?;
    let (then, now) = value(Metric::LeaderChanges)?;
    (start == same && now >= then).then_some(now - then)
}

fn by_samples(facts: &Facts, measured: &Measured) -> Option<Draft> {
    let quotes = measured.samples.iter().filter_map(|sample| sample.gauge(Metric::LeaderChanges)).map(|(_, quote)| quote.clone());
    let mut shown = quotes.map(|quote| Evidence::of(quote).member(measured.member.map(|at| facts.key(at))));
    let mut draft = Draft::new("measured", RULE.severity, shown.next()?);
    shown.for_each(|line| draft.show(line));
    draft.value("count", between(measured)?);
    draft.seen_by = measured.member.into_iter().collect();
    Some(draft)
}
