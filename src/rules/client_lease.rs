//! `client.lease`: leases are granted in storms and left to run out.

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::Facts,
    parse::metrics::Metric,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("client.lease"),
    severity: Severity::Warning,
    reads: &["metrics, twice"],
    messages: &[],
    explains: &[],
    nature: Nature::Why,
    decide,
};

/// Grants a second that are a storm. A small cluster has fewer than 200 requests a second of all kinds (etcd's guide to hardware, "Small
/// cluster", 3.1 to 3.6), and each grant is a write, as its end is; the leader ends no more than 1000 a second (`leaseRevokeRate`,
/// lease/lessor.go, 3.2 to 3.7).
const STORM: f64 = 200.0;

/// Fewest grants that are looked at where both times are known, for a client that takes some leases at its start is no storm.
const FEWEST: f64 = 200.0;

/// Grants between two samples of which the time is not known: they lie seconds to a minute apart, and 1000 are a storm of five seconds.
const STORM_UNTIMED: f64 = 5.0 * STORM;

/// Whether so many grants between two samples are a storm.
fn is_storm(granted: f64, between: Option<SignedDuration>) -> bool {
    match between.filter(SignedDuration::is_positive) {
        Some(between) => granted >= FEWEST && granted / between.as_secs_f64() >= STORM,
        None => granted >= STORM_UNTIMED,
    }
}

fn decide(facts: &Facts) -> Ruling {
    let (mut shown, mut most, mut seconds, mut is_known) = (Vec::new(), 0.0_f64, None, false);
    for measured in facts.measured.iter().filter(|m| m.samples.len() > 1) {
        let ends = measured.samples.first().zip(measured.last());
        let rows = ends.and_then(|(a, b)| Some((a.labelled(Metric::LeasesGranted).last()?, b.labelled(Metric::LeasesGranted).last()?)));
        let Some((before, after)) = rows else { continue };
        is_known = true;
        let granted = after.value() - before.value();
        if is_storm(granted, measured.between) {
            if granted > most {
                (most, seconds) = (granted, measured.between.map(|between| format!("{:.1} s", between.as_secs_f64())));
            }
            let key = measured.member.map(|at| facts.key(at));
            shown.extend([before, after].map(|row| Evidence::of(row.quote().clone()).member(key.clone())));
        }
    }
    let mut shown = shown.into_iter();
    let Some(first) = shown.next() else { return if is_known { Ruling::Pass } else { Ruling::Unknown(None) } };
    let mut draft = Draft::new("active", RULE.severity, first);
    shown.for_each(|line| draft.show(line));
    // The same grants are counted by each member, so members are no independent evidence.
    draft.confidence = Confidence::Medium;
    draft.impact = Impact::None;
    draft.value("granted", most);
    if let Some(seconds) = seconds {
        draft.value("within", seconds);
    }
    draft.count = Some(most as u64);
    Ruling::Fail(vec![draft])
}
