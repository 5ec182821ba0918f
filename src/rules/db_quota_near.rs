//! `db.quota-near`: the database is close to its quota; at the quota the cluster takes no more writes.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
};
use crate::{
    bundle::Quote,
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, MemberAt},
    parse::{etcdctl::AlarmKind, metrics::Metric},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("db.quota-near"),
    severity: Severity::Critical,
    reads: &["metrics", "etcdctl endpoint status of 3.6"],
    messages: &[],
    explains: &[],
    nature: Nature::Why,
    decide,
};

/// Share of the quota from which on this warns. The mixin (`etcdDatabaseQuotaLowSpace`, 3.5 to 3.7) waits for 95 % and calls that critical;
/// a bundle is looked at once, so it is said a step earlier.
const NEAR: f64 = 0.85;
const CRITICAL: f64 = 0.95;

fn decide(facts: &Facts) -> Ruling {
    let seen: Vec<(Option<MemberAt>, f64, Vec<Quote>)> = by_metrics(facts).into_iter().chain(by_status(facts)).collect();
    if seen.is_empty() {
        return Ruling::Unknown(None);
    }
    // With the alarm on it is not near any more.
    let is_reached = facts.alarms.iter().any(|alarm| alarm.kind == AlarmKind::NoSpace);
    let near: Vec<_> = seen.iter().filter(|(_, share, _)| *share >= NEAR && !is_reached).collect();
    let most = near.iter().map(|(_, share, _)| *share).fold(0.0, f64::max);
    let mut shown = near.iter().flat_map(|(at, _, quotes)| quotes.iter().map(|q| Evidence::of(q.clone()).member(at.map(|at| facts.key(at)))));
    let Some(first) = shown.next() else { return Ruling::Pass };
    let severity = if most >= CRITICAL { Severity::Critical } else { Severity::Warning };
    let mut draft = Draft::new("active", severity, first);
    shown.take(8).for_each(|evidence| draft.show(evidence));
    draft.members = near.iter().filter_map(|(at, ..)| *at).collect();
    draft.members.sort_unstable();
    draft.members.dedup();
    draft.impact = Impact::None;
    draft.confidence = Confidence::Medium;
    draft.value("share", format!("{:.0} %", (most * 100.0).floor()));
    draft.numbers.insert("percent_of_quota", (most * 100.0).floor() as i64);
    Ruling::Fail(vec![draft])
}

fn by_metrics(facts: &Facts) -> Vec<(Option<MemberAt>, f64, Vec<Quote>)> {
    let of = |measured: &crate::facts::Measured| {
        let sample = measured.last()?;
        let (total, shows_total) = sample.gauge(Metric::DbTotalSize)?;
        let (quota, shows_quota) = sample.gauge(Metric::QuotaBackendBytes).filter(|(quota, _)| *quota > 0.0)?;
        Some((measured.member, total / quota, vec![shows_total.clone(), shows_quota.clone()]))
    };
    facts.measured.iter().filter_map(of).collect()
}

fn by_status(facts: &Facts) -> Vec<(Option<MemberAt>, f64, Vec<Quote>)> {
    let of = |(at, status): &(MemberAt, crate::facts::Known<crate::parse::etcdctl::Status>)| {
        let (size, quota) = status.value.db_size.zip(status.value.quota).filter(|(_, quota)| quota.bytes > 0)?;
        Some((Some(*at), size.bytes as f64 / quota.bytes as f64, vec![status.quote.clone()]))
    };
    facts.statuses.iter().filter_map(of).collect()
}
