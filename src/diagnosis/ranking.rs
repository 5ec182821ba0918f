//! Causes before symptoms: which finding accounts for which, and which one the verdict names.
//!
//! The order of candidates is a contract (`docs/contracts.md`): impact, says why before says that, severity, confidence, explains most,
//! earliest, code.

use std::cmp::{Ordering, Reverse};

use jiff::SignedDuration;

use super::{
    code::Code,
    finding::{Finding, Moment},
    report::Wellbeing,
    scale::{Confidence, Impact, Severity, State},
};

/// The findings in order, and what the verdict takes from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Findings, causes first.
    pub findings: Vec<Finding>,
    /// The cause, a healthy verdict, or none.
    pub primary: Option<Code>,
    /// Further, independent causes.
    pub also: Vec<Code>,
    /// The worst of what goes on.
    pub impact: Impact,
    /// How sure the verdict is.
    pub confidence: Confidence,
    /// The findings that the verdict rests on.
    pub because: Vec<Code>,
}

/// What a rule knows about its code that the ranking needs.
pub trait Kinship {
    /// Codes that a finding of this code accounts for.
    fn explains(&self, code: Code) -> &'static [Code];
    /// Says why (`disk.full`) rather than that (`member.down`) something is wrong.
    fn says_why(&self, code: Code) -> bool;
    /// A code that concerns the whole cluster rather than single members.
    fn concerns_all(&self, code: Code) -> bool;
    /// Something that people do on purpose: it makes no verdict `healthy.transient`.
    fn is_planned(&self, code: Code) -> bool;
}

/// Ranks findings and draws the verdict.
pub fn rank(mut findings: Vec<Finding>, wellbeing: &Wellbeing, kin: &dyn Kinship) -> Ranked {
    account(&mut findings, kin);
    findings.sort_by(|a, b| order(a, b, kin));
    let impact = impact_of(&findings, wellbeing);
    let causes: Vec<&Finding> = findings.iter().filter(|f| is_candidate(f)).collect();
    if let Some(first) = causes.first() {
        let also = distinct(causes.iter().skip(1).map(|f| f.code).filter(|code| *code != first.code));
        let because =
            distinct(findings.iter().filter(|f| f.code == first.code || f.explained_by == Some(first.code)).map(|f| f.code));
        let (primary, confidence) = (Some(first.code), first.confidence);
        return Ranked { primary, confidence, also, impact, because, findings };
    }
    let past = distinct(
        findings
            .iter()
            .filter(|f| f.state == State::Recovered && f.severity >= Severity::Warning && !kin.is_planned(f.code))
            .map(|f| f.code),
    );
    let primary = wellbeing.healthy.map(|_| if past.is_empty() { Code::HEALTHY } else { Code::TRANSIENT });
    let confidence = wellbeing.healthy.unwrap_or(Confidence::Low);
    let because = if primary.is_some() { past } else { Vec::new() };
    Ranked { primary, confidence, also: Vec::new(), impact, because, findings }
}

fn is_candidate(f: &Finding) -> bool {
    f.state == State::Active && f.severity >= Severity::Warning && f.explained_by.is_none()
}

/// Notes which finding accounts for which: the one that explains it, concerns the same members, and was not later.
fn account(findings: &mut [Finding], kin: &dyn Kinship) {
    let explained_by: Vec<Option<Code>> = findings
        .iter()
        .map(|symptom| {
            let mut causes: Vec<&Finding> = findings.iter().filter(|cause| accounts_for(cause, symptom, kin)).collect();
            causes.sort_by(|a, b| order(a, b, kin));
            causes.first().map(|cause| cause.code)
        })
        .collect();
    for (finding, by) in findings.iter_mut().zip(explained_by) {
        finding.explained_by = by;
    }
    let pairs: Vec<(Code, Code)> = findings.iter().filter_map(|f| f.explained_by.map(|by| (by, f.code))).collect();
    for finding in findings {
        finding.explains = distinct(pairs.iter().filter(|(by, _)| *by == finding.code).map(|(_, code)| *code));
    }
}

fn accounts_for(cause: &Finding, symptom: &Finding, kin: &dyn Kinship) -> bool {
    cause.code != symptom.code
        // A note says what may come, not why something is.
        && cause.severity >= Severity::Warning
        && kin.explains(cause.code).contains(&symptom.code)
        && cause.state >= symptom.state
        && (share_members(cause, symptom) || kin.concerns_all(symptom.code) || kin.concerns_all(cause.code))
        && !is_later(cause.first_seen.as_ref(), symptom.last_seen.as_ref())
}

/// A finding without members may concern any.
fn share_members(a: &Finding, b: &Finding) -> bool {
    a.members.is_empty() || b.members.is_empty() || a.members.iter().any(|m| b.members.contains(m))
}

/// Stamps of one host that lie closer together say nothing about what came first: many have whole seconds, the kernel's come from a clock of
/// its own that drifts (`dmesg(1)`: "the timestamp could be inaccurate"), and a unit's end was seen a second before the kernel's line about it.
const TOGETHER: SignedDuration = SignedDuration::from_secs(5);

fn is_later(cause: Option<&Moment>, symptom: Option<&Moment>) -> bool {
    let at = |moment: Option<&Moment>| moment.and_then(|m| m.at);
    at(cause).zip(at(symptom)).is_some_and(|(cause, symptom)| cause.duration_since(symptom) > TOGETHER)
}

fn order(a: &Finding, b: &Finding, kin: &dyn Kinship) -> Ordering {
    let key = |f: &Finding| {
        (
            Reverse(is_candidate(f)),
            Reverse(f.state),
            Reverse(f.severity > Severity::Info),
            Reverse(urgency(f.impact)),
            Reverse(kin.says_why(f.code)),
            Reverse(f.severity),
            Reverse(f.confidence),
            Reverse(f.explains.len()),
        )
    };
    key(a).cmp(&key(b)).then_with(|| earliest(a, b)).then_with(|| (a.code, &a.members).cmp(&(b.code, &b.members)))
}

/// data-risk, outage, degraded, none: an unknown impact is not known to be any of the first.
fn urgency(impact: Impact) -> u8 {
    match impact {
        Impact::DataRisk => 4,
        Impact::Outage => 3,
        Impact::Degraded => 2,
        Impact::Unknown => 1,
        Impact::None => 0,
    }
}

fn earliest(a: &Finding, b: &Finding) -> Ordering {
    let at = |f: &Finding| f.first_seen.as_ref().and_then(|m| m.at);
    match (at(a), at(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn impact_of(findings: &[Finding], wellbeing: &Wellbeing) -> Impact {
    let worst = findings.iter().filter(|f| f.state == State::Active).map(|f| f.impact).max_by_key(|i| urgency(*i));
    match worst {
        Some(Impact::None) | None if wellbeing.all_known => Impact::None,
        Some(Impact::None) if findings.iter().any(is_candidate) => Impact::None,
        Some(Impact::None) | None => Impact::Unknown,
        Some(impact) => impact,
    }
}

fn distinct(codes: impl Iterator<Item = Code>) -> Vec<Code> {
    let mut out = Vec::new();
    for code in codes {
        if !out.contains(&code) {
            out.push(code);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        bundle::Source,
        diagnosis::{Evidence, Weight},
    };

    const DOWN: Code = Code::new("member.down");
    const LOST: Code = Code::new("quorum.lost");
    const FULL: Code = Code::new("disk.full");
    const NOTE: Code = Code::new("cluster.fragile");

    struct Kin;
    impl Kinship for Kin {
        fn explains(&self, code: Code) -> &'static [Code] {
            match code.as_str() {
                "disk.full" => &[DOWN, LOST],
                "quorum.lost" => &[DOWN],
                _ => &[],
            }
        }
        fn says_why(&self, code: Code) -> bool {
            code == FULL
        }
        fn concerns_all(&self, code: Code) -> bool {
            code == LOST
        }
        fn is_planned(&self, _: Code) -> bool {
            false
        }
    }

    fn finding(code: Code, impact: Impact, members: &[&str]) -> Finding {
        Finding {
            code,
            severity: if code == NOTE { Severity::Info } else { Severity::Critical },
            state: State::Active,
            confidence: Confidence::Medium,
            impact,
            members: members.iter().map(|m| (*m).into()).collect(),
            seen_by: vec![],
            links: vec![],
            clients: vec![],
            says: String::new(),
            means: String::new(),
            confirm: vec![],
            steps: vec![],
            explains: vec![],
            explained_by: None,
            first_seen: None,
            last_seen: None,
            count: None,
            numbers: BTreeMap::new(),
            evidence: vec![Evidence::of(Source::new("x").line(1, "line").quote())],
        }
    }

    fn well(healthy: Option<Confidence>) -> Wellbeing {
        Wellbeing { healthy, all_known: healthy.is_some_and(|c| c > Confidence::Low), ..Wellbeing::default() }
    }

    #[test]
    fn a_reason_on_the_dead_members_accounts_for_the_outage_that_it_makes() {
        let ranked = rank(
            vec![
                finding(DOWN, Impact::Degraded, &["a", "b"]),
                finding(LOST, Impact::Outage, &["a", "b"]),
                finding(FULL, Impact::Degraded, &["a"]),
            ],
            &well(None),
            &Kin,
        );
        assert_eq!((ranked.primary, ranked.impact), (Some(FULL), Impact::Outage));
        assert!(ranked.also.is_empty());
        let by = |code| ranked.findings.iter().find(|f| f.code == code).and_then(|f| f.explained_by);
        assert_eq!((by(FULL), by(LOST), by(DOWN)), (None, Some(FULL), Some(LOST)));
    }

    #[test]
    fn without_a_reason_the_lost_quorum_is_the_verdict_and_not_the_dead_members() {
        let ranked =
            rank(vec![finding(DOWN, Impact::Degraded, &["a"]), finding(LOST, Impact::Outage, &["a"])], &well(None), &Kin);
        assert_eq!((ranked.primary, ranked.also.len()), (Some(LOST), 0));
    }

    #[test]
    fn a_cause_seen_a_second_after_its_symptom_accounts_for_it_and_one_seen_a_minute_after_does_not() {
        let moment = |at: &str| Some(Moment { at: Some(at.parse().expect("a time")), as_read: at.into() });
        let by = |first_seen: &str| {
            let mut full = finding(FULL, Impact::Degraded, &["a"]);
            full.first_seen = moment(first_seen);
            let mut down = finding(DOWN, Impact::Degraded, &["a"]);
            down.last_seen = moment("2026-11-22T16:05:01Z");
            rank(vec![full, down], &well(None), &Kin).also
        };
        assert_eq!(by("2026-11-22T16:05:02Z"), vec![]);
        assert_eq!(by("2026-11-22T16:06:02Z"), vec![DOWN]);
    }

    #[test]
    fn a_cause_on_another_member_accounts_for_nothing() {
        let ranked =
            rank(vec![finding(FULL, Impact::Degraded, &["a"]), finding(DOWN, Impact::Degraded, &["b"])], &well(None), &Kin);
        assert_eq!((ranked.primary, ranked.also), (Some(FULL), vec![DOWN]));
    }

    #[test]
    fn notes_never_become_the_verdict_and_past_faults_make_it_transient() {
        let mut past = finding(FULL, Impact::Degraded, &["a"]);
        past.state = State::Recovered;
        let ranked = rank(vec![finding(NOTE, Impact::None, &[]), past.clone()], &well(Some(Confidence::Medium)), &Kin);
        assert_eq!((ranked.primary, ranked.impact, ranked.because), (Some(Code::TRANSIENT), Impact::None, vec![FULL]));
        let ranked = rank(vec![past], &well(None), &Kin);
        assert_eq!((ranked.primary, ranked.impact), (None, Impact::Unknown));
        let ranked = rank(vec![], &well(Some(Confidence::Low)), &Kin);
        assert_eq!((ranked.primary, ranked.impact, ranked.confidence), (Some(Code::HEALTHY), Impact::Unknown, Confidence::Low));
        assert!(Weight::Support < Weight::Proof);
    }
}
