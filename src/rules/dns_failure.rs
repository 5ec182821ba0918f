//! `dns.failure`: a name that etcd needs cannot be looked up.

use std::collections::BTreeSet;

use super::{
    Nature, Rule,
    accusations::{self, Party},
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("dns.failure"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl endpoint health"],
    // `start-srv-failed` is read too; no line of it was seen yet.
    messages: &["start-host-unresolved", "start-host-gave-up"],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("net.partition"), Code::new("leader.flapping"), Code::new("net.latency")],
    nature: Nature::Why,
    decide,
};

/// Messages of a start that failed, or waits, for a name.
const NAMES: &[&str] = &["start-host-unresolved", "start-host-gave-up", "start-srv-failed"];

fn decide(facts: &Facts) -> Ruling {
    let accusations = accusations::with_reason(facts, &[Reason::NameUnresolved]);
    let at_start: Vec<_> = NAMES.iter().flat_map(|id| accusations::with_message(facts, id)).collect();
    let accusations: Vec<_> = accusations.into_iter().chain(at_start).collect();
    let Some(first) = accusations.first() else {
        return if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    // A name server serves the host that asks: that host is where to act.
    let named: BTreeSet<Party> = accusations.iter().filter_map(|a| a.by.clone()).collect();
    let cures = accusations::cures(facts, &accusations, &named);
    let variant = if cures.is_some() { "recovered" } else { "active" };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = Confidence::Medium;
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures);
    Ruling::Fail(vec![draft])
}
