//! `tls.plaintext`: one side of a connection speaks TLS, the other does not.

use super::{
    Nature, Rule,
    accusations, client_failures,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("tls.plaintext"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl endpoint health"],
    // It goes by the reason that a line carries: with other reasons the same messages stay trouble.
    messages: &[],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("net.partition"), Code::new("leader.flapping"), Code::new("tls.bad-cert")],
    nature: Nature::Why,
    decide,
};

/// Connections that were refused by the side that took them.
const REFUSALS: &[&str] = &["peer-tls-rejected", "tls-handshake-failed", "http2-bogus-greeting"];

fn decide(facts: &Facts) -> Ruling {
    let accusations = accusations::with_reason(facts, &[Reason::Plaintext]);
    let Some(first) = accusations.first() else {
        let otherwise = || if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
        return client_failures::draft(facts, &[Reason::Plaintext]).map_or_else(otherwise, |draft| Ruling::Fail(vec![draft]));
    };
    // Connections that were refused, and no peer among them: a client or a probe, which the members do not need.
    let is_client = accusations.iter().all(|a| REFUSALS.contains(&a.message.id) && a.of.is_none());
    let named = accusations::odd_ones(&accusations);
    let cures = accusations::cures(facts, &accusations, &named).filter(|_| !is_client);
    let is_over = is_client && accusations.iter().all(|a| accusations::is_long_over(a.log, a.last));
    let variant = match (is_client, cures.is_some()) {
        (true, _) => "client",
        (false, true) => "recovered",
        (false, false) => "active",
    };
    let severity = if is_client { Severity::Warning } else { RULE.severity };
    let mut draft = Draft::new(variant, severity, line_of(facts, first.log, first.last));
    draft.confidence = Confidence::Medium;
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures.or(is_over.then(Vec::new)));
    if is_client {
        draft.impact = Impact::None;
    }
    Ruling::Fail(vec![draft])
}
