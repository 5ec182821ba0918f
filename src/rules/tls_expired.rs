//! `tls.expired`: a certificate has run out, and connections that rest on it fail.

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
    code: Code::new("tls.expired"),
    severity: Severity::Critical,
    reads: &["etcd log", "openssl x509", "kubeadm certs check-expiration", "etcdctl endpoint health"],
    // It goes by the reason that a line carries: with other reasons the same messages stay trouble.
    messages: &[],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("net.partition"), Code::new("leader.flapping"), Code::new("tls.bad-cert")],
    nature: Nature::Why,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    let mut drafts: Vec<Draft> = by_lines(facts).or_else(|| client_failures::draft(facts, &[Reason::CertExpired, Reason::CertOutsideTime])).into_iter().collect();
    enter_certificates(facts, Side::After, RULE.severity, &mut drafts);
    match drafts.is_empty() {
        false => Ruling::Fail(drafts),
        true if facts.has_logs() => Ruling::Pass,
        true => Ruling::Unknown(None),
    }
}

/// What members say that look at it.
fn by_lines(facts: &Facts) -> Option<Draft> {
    // Without its times the text leaves open whether it ran out or is not valid yet; running out is by far the usual case.
    let accusations = accusations::with_reason(facts, &[Reason::CertExpired, Reason::CertOutsideTime]);
    let clear = accusations::with_reason(facts, &[Reason::CertExpired]);
    let first = clear.first().or(accusations.first())?;
    if clear.is_empty() && !accusations::with_reason(facts, &[Reason::CertNotYetValid]).is_empty() {
        return None;
    }
    // Each of them has a certificate of its own that is refused.
    let named = accusations::blamed(&accusations);
    let cures = accusations::cures(facts, &accusations, &named);
    let variant = match (&cures, clear.is_empty()) {
        (Some(_), _) => "recovered",
        (None, true) => "unclear",
        (None, false) => "active",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = if clear.is_empty() { Confidence::Low } else { Confidence::Medium };
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures);
    if clear.is_empty() {
        draft.confidence = draft.confidence.min(Confidence::Medium);
    }
    Some(draft)
}
