//! `client.lease`: leases are granted in storms and left to run out.

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

/// Two samples lie seconds to a minute apart. etcd ends no more than 1000 leases a second (`lease/lessor.go`), and a client needs one.
const STORM: f64 = 1000.0;

fn decide(facts: &Facts) -> Ruling {
    let (mut shown, mut most, mut is_known) = (Vec::new(), 0.0_f64, false);
    for measured in facts.measured.iter().filter(|m| m.samples.len() > 1) {
        let ends = measured.samples.first().zip(measured.last());
        let rows = ends.and_then(|(a, b)| Some((a.labelled(Metric::LeasesGranted).last()?, b.labelled(Metric::LeasesGranted).last()?)));
        let Some((before, after)) = rows else { continue };
        is_known = true;
        let granted = after.value() - before.value();
        if granted >= STORM {
            most = most.max(granted);
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
    draft.count = Some(most as u64);
    Ruling::Fail(vec![draft])
}
