//! `tls.bad-cert`: a certificate is refused: its authority, its names, its usage, or there is none.

use super::{
    Nature, Rule,
    accusations, client_failures,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("tls.bad-cert"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl endpoint health"],
    // It goes by the reason that a line carries: with other reasons the same messages stay trouble.
    messages: &[],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("net.partition"), Code::new("leader.flapping")],
    nature: Nature::Why,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    let refused = accusations::with_reason(facts, &[Reason::CertRefused]);
    let distrusted = accusations::with_reason(facts, &[Reason::CertAuthority]);
    // Whose names do not fit is at fault himself. With an unknown authority the odd one is: who trusts nobody, or whom nobody trusts.
    let mut named = accusations::blamed(&refused);
    if refused.is_empty() {
        named = accusations::odd_ones(&distrusted);
    }
    let accusations: Vec<_> = refused.into_iter().chain(distrusted).collect();
    let Some(first) = accusations.first() else {
        let otherwise = || if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
        return client_failures::draft(facts, &[Reason::CertRefused, Reason::CertAuthority, Reason::CertEcho]).map_or_else(otherwise, |draft| Ruling::Fail(vec![draft]));
    };
    let cures = accusations::cures(facts, &accusations, &named);
    let variant = if cures.is_some() { "recovered" } else { "active" };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = Confidence::Medium;
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures);
    Ruling::Fail(vec![draft])
}
