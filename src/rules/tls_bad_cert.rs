//! `tls.bad-cert`: a certificate is refused: its authority, its names, its usage, or there is none.

use super::{
    Nature, Rule,
    accusations, client_failures,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::{Facts, MemberAt, MemberLog},
    messages::{Class, Reason},
    parse::logbook::Sighting,
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
        let draft = by_echoes(facts).or_else(|| {
            let mut draft = client_failures::draft(facts, &[Reason::CertRefused, Reason::CertAuthority, Reason::CertEcho])?;
            draft.members = with_other_names(facts);
            Some(draft)
        });
        let draft = draft.or_else(|| by_echoes_alone(facts));
        return draft.map_or_else(otherwise, |draft| Ruling::Fail(vec![draft]));
    };
    let cures = accusations::cures(facts, &accusations, &named);
    let variant = if cures.is_some() { "recovered" } else { "active" };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = Confidence::Medium;
    accusations::describe(facts, &mut draft, &accusations, &named);
    accusations::judge(facts, &mut draft, cures);
    Ruling::Fail(vec![draft])
}

/// Members that were asked by a name or an address that their certificate does not hold: theirs is the one to issue anew. Go's words since 1.0,
/// as etcdctl of each generation repeats them.
fn with_other_names(facts: &Facts) -> Vec<MemberAt> {
    let is_of_names = |words: &str| words.contains("x509: certificate is valid for ") || words.contains("doesn't contain any IP SANs");
    let failures = facts.failures();
    let named = failures.iter().filter(|f| f.reason == Some(Reason::CertRefused) && is_of_names(f.words.raw()));
    let mut members: Vec<MemberAt> = named.filter_map(|failure| failure.asked).collect();
    members.sort_unstable();
    members.dedup();
    members
}

/// Connections that the far side ended over this member's certificate, from which on it is no scanner's try.
const FEWEST_ECHOES: u64 = 3;

/// A log of nothing but connections that ended so. Whoever sends these lines alone asks about them; beside lines of a member that serves they are
/// those clients' trouble, and one is a scanner's try.
fn by_echoes_alone(facts: &Facts) -> Option<Draft> {
    let echoes = accusations::with_reason(facts, &[Reason::CertEcho]);
    let count = echoes.iter().map(|echo| echo.count).sum::<u64>();
    let is_echo = |id: &str| echoes.iter().any(|echo| echo.message.id == id);
    let is_plain = |s: &Sighting| matches!(s.message.class, Class::Harmless | Class::Start) || is_echo(s.message.id);
    let says_more = facts.logs.iter().flat_map(|log| log.log.sightings()).any(|s| !is_plain(s));
    if count < 2 || says_more || !facts.health.is_empty() || !facts.statuses.is_empty() {
        return None;
    }
    let mut lines = echoes.iter().map(|echo| line_of(facts, echo.log, echo.last));
    let mut draft = Draft::new("echo-alone", Severity::Warning, lines.next()?);
    lines.take(4).for_each(|line| draft.show(line));
    draft.confidence = Confidence::Low;
    draft.count = Some(count);
    draft.value("count", count);
    Some(draft)
}

/// Where a member only hears that its certificate is refused, and finds no leader meanwhile: the reason stands in the others' logs. Echoes of
/// clients alone (an API server, a monitor) are those clients' trouble.
fn by_echoes(facts: &Facts) -> Option<Draft> {
    let told_elsewhere = [Reason::CertExpired, Reason::CertNotYetValid, Reason::CertOutsideTime];
    if !accusations::with_reason(facts, &told_elsewhere).is_empty() {
        return None;
    }
    let echoes = accusations::with_reason(facts, &[Reason::CertEcho]);
    let hears = |log: &MemberLog| echoes.iter().filter(|e| std::ptr::eq(e.log, log)).map(|e| e.count).sum::<u64>() >= FEWEST_ECHOES;
    let log = facts.logs.iter().find(|log| hears(log) && accusations::calls_in_vain(log))?;
    let mut shown = echoes.iter().filter(|echo| std::ptr::eq(echo.log, log));
    let mut draft = Draft::new("echo", RULE.severity, line_of(facts, log, shown.next()?.last));
    shown.take(4).for_each(|echo| draft.show(line_of(facts, log, echo.last)));
    draft.confidence = Confidence::Low;
    draft.members = log.member.into_iter().collect();
    let count = echoes.iter().filter(|echo| std::ptr::eq(echo.log, log)).map(|echo| echo.count).sum::<u64>();
    draft.count = Some(count);
    draft.value("count", count);
    draft.impact = super::service::impact_without(facts, &draft.members);
    Some(draft)
}
