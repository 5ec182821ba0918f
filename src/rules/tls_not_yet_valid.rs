//! `tls.not-yet-valid`: a certificate is not valid yet, or the clock that looks at it is behind.

use super::{
    Nature, Rule, accusations, client_failures,
    draft::{Draft, Ruling, line_of},
    screened::{Side, enter_certificates},
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("tls.not-yet-valid"),
    severity: Severity::Critical,
    reads: &["etcd log", "openssl x509", "etcdctl endpoint health"],
    // It goes by the reason that a line carries: with other reasons the same messages stay trouble.
    messages: &[],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("net.partition"), Code::new("leader.flapping"), Code::new("tls.bad-cert")],
    nature: Nature::Why,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    let mut drafts: Vec<Draft> = by_lines(facts).or_else(|| client_failures::draft(facts, &[Reason::CertNotYetValid])).into_iter().collect();
    enter_certificates(facts, Side::Before, RULE.severity, &mut drafts);
    match drafts.is_empty() {
        false => Ruling::Fail(drafts),
        true if facts.has_logs() => Ruling::Pass,
        true => Ruling::Unknown(None),
    }
}

/// What members say that look at it.
fn by_lines(facts: &Facts) -> Option<Draft> {
    let accusations = accusations::with_reason(facts, &[Reason::CertNotYetValid]);
    let first = accusations.first()?;
    // A new certificate is refused by all; a clock that is behind refuses all.
    let named = accusations::odd_ones(&accusations);
    let cures = accusations::cures(facts, &accusations, &named);
    let variant = if cures.is_some() { "recovered" } else { "active" };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = Confidence::Medium;
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures);
    Some(draft)
}
