//! What rules share whose evidence is a line with which etcd ends: where it was said, how often, and whether a later start went well.

use jiff::SignedDuration;

use super::{
    draft::{Draft, Ruling, cure_lines, journal_around, line_of, moment},
    service::impact_without,
};
use crate::{
    diagnosis::{Confidence, Impact, Severity, State},
    facts::{Cure, Facts, MemberLog},
    parse::logbook::Sighting,
};

/// Looks for messages of the catalogue, one finding for each log that holds one. The page's variants are `active`, and for what is over
/// `recovered` (the member answered healthy), `restarted` (its log goes on), `all-healthy` (all members answered, who it was is not known).
pub(super) fn decide(facts: &Facts, messages: &[&str], severity: Severity) -> Ruling {
    ruling(facts, drafts(facts, severity, Heals::AtStart, &|s| messages.contains(&s.message.id)))
}

/// The drafts as a ruling: without any, a log that was read is a pass.
pub(super) fn ruling(facts: &Facts, drafts: Vec<Draft>) -> Ruling {
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) }
}

/// What a good sign after the line says (`docs/contracts.md`, "recovered").
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heals {
    /// The fault keeps etcd from starting: one that starts or answers does not have it any more.
    AtStart,
    /// The fault lets etcd start and strikes again later: it is over only if its log goes on for a while without it.
    Slowly,
}

/// How long a log must go on without a fault that lets etcd start (`docs/contracts.md`: 10 minutes).
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// One draft for each log that holds lines which are wanted.
pub(super) fn drafts(facts: &Facts, severity: Severity, heals: Heals, wanted: &dyn Fn(&Sighting) -> bool) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for log in &facts.logs {
        let seen: Vec<&Sighting> = log.log.sightings().filter(|s| wanted(s)).collect();
        drafts.extend(draft(facts, log, &seen, severity, heals));
    }
    drafts
}

/// Whether a log goes on for so long after a line that what it says would have shown again.
fn is_quiet_since(log: &MemberLog, last: &crate::parse::logbook::Mark) -> bool {
    let end = Facts::end_of(&log.log).and_then(|mark| mark.when);
    last.when.zip(end).and_then(|(last, end)| end.difference(&last)).is_some_and(|gap| gap > QUIET)
}

fn draft(facts: &Facts, log: &MemberLog, seen: &[&Sighting], severity: Severity, heals: Heals) -> Option<Draft> {
    let reversed = log.log.is_reversed();
    let earliest = |s: &Sighting| if reversed { s.last.clone() } else { s.first.clone() };
    let latest = |s: &Sighting| if reversed { s.first.clone() } else { s.last.clone() };
    let line = |mark: &crate::parse::logbook::Mark| mark.quote.citation().line();
    let first = seen.iter().map(|s| earliest(s)).min_by_key(|m| if reversed { u64::MAX - line(m) } else { line(m) })?;
    let last = seen.iter().map(|s| latest(s)).max_by_key(|m| if reversed { u64::MAX - line(m) } else { line(m) })?;
    let cure = facts.cure_of_start(log, &last).filter(|_| heals == Heals::AtStart || is_quiet_since(log, &last));
    let variant = match &cure {
        None => "active",
        Some(Cure::Healthy(_)) => "recovered",
        Some(Cure::Serving(_)) => "restarted",
        Some(Cure::AllHealthy(_)) => "all-healthy",
    };
    let mut draft = Draft::new(variant, severity, line_of(facts, log, &first));
    draft.show(line_of(facts, log, &last));
    cure.iter().flat_map(cure_lines).for_each(|line| draft.show(line));
    draft.state = if cure.is_some() { State::Recovered } else { State::Active };
    draft.members = log.member.into_iter().collect();
    if log.member.is_none() {
        draft.others = log.writer.host.clone().into_iter().collect();
    }
    draft.impact = if cure.is_some() { Impact::None } else { impact_without(facts, &draft.members) };
    // The line is etcd's own and says it plainly; that the member is missing by another kind of evidence makes it sure.
    let is_seen_missing = log
        .member
        .is_some_and(|at| facts.member(at).is_some_and(|m| m.stands_still.is_some()) || facts.answers_of(at).next().is_some());
    draft.confidence = if is_seen_missing { Confidence::High } else { Confidence::Medium };
    let count = seen.iter().map(|s| s.count).sum();
    draft.count = Some(count);
    draft.value("count", count);
    describe(facts, log, &last, &mut draft);
    draft.first_seen = moment(&first);
    draft.last_seen = moment(&last);
    Some(draft)
}

fn describe(facts: &Facts, log: &MemberLog, last: &crate::parse::logbook::Mark, draft: &mut Draft) {
    if let Some(when) = &last.as_read {
        draft.value("when", when.escaped());
    }
    if let Some(command) = journal_around(last) {
        draft.value("around", command);
    }
    if let Some(voters) = facts.voters() {
        draft.value("voters", voters);
    }
    if let Some(host) = log.writer.host.as_ref() {
        draft.value("host", host.escaped());
    }
}
