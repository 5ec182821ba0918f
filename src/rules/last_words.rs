//! What rules share whose evidence is a line with which etcd ends: where it was said, how often, and whether a later start went well.

use jiff::SignedDuration;

use super::{
    draft::{Draft, Ruling, cure_lines, journal_around, line_of, moment},
    service::impact_without,
};
use crate::{
    diagnosis::{Confidence, Evidence, Impact, Severity, State},
    facts::{Cure, Facts, MemberLog, is_later},
    messages::Class,
    parse::logbook::{Mark, Sighting},
    text::Untrusted,
};

/// How long after its last sign a fault that a good sign does not end still counts as the present (`docs/contracts.md`, recovered).
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// What a good sign after the line says (`docs/contracts.md`, "recovered").
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heals {
    /// The fault keeps etcd from starting: one that starts or answers does not have it any more.
    AtStart,
    /// The fault lets etcd start and strikes again later: it is over only if its log goes on for a while without it.
    Slowly,
}

/// What to look for in the logs.
pub(super) struct Search<'a> {
    /// Whether a sighting is one of the fault.
    pub(super) is_it: &'a dyn Fn(&MemberLog, &Sighting) -> bool,
    pub(super) severity: Severity,
    pub(super) heals: Heals,
    /// Whether who says it can be a second process beside the member that runs: one that finds the port or the data directory taken. Then
    /// the member's health does not cure it, and the page has the variants `beside` and `beside-over` too.
    pub(super) beside: bool,
}

/// One finding for each log that holds what is searched. The page's variants are `active`, and for what is over `recovered` (the member
/// answered healthy), `restarted` (its log goes on), `all-healthy` (all members answered, who it was is not known).
pub(super) fn search(facts: &Facts, search: &Search<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for log in &facts.logs {
        let seen: Vec<&Sighting> = log.log.sightings().filter(|s| (search.is_it)(log, s)).collect();
        drafts.extend(draft(facts, log, &seen, search));
    }
    drafts
}

/// One draft for each log that holds lines which are wanted, of a fault of the member itself.
pub(super) fn drafts(facts: &Facts, severity: Severity, heals: Heals, wanted: &dyn Fn(&Sighting) -> bool) -> Vec<Draft> {
    search(facts, &Search { is_it: &|_, sighting| wanted(sighting), severity, heals, beside: false })
}

/// The host of who wrote a log.
pub(super) fn host(facts: &Facts, log: &MemberLog) -> Option<Untrusted> {
    log.writer.host.clone().or_else(|| facts.member(log.member?)?.host.clone())
}

/// Whether a log goes on for so long after a line that what it says would have shown again.
fn is_quiet_since(log: &MemberLog, last: &Mark) -> bool {
    last.when.zip(log.until).and_then(|(last, end)| end.difference(&last)).is_some_and(|gap| gap > FRESH)
}

/// What these findings come to: none of them is a pass only where a log was read.
pub(super) fn ruling(facts: &Facts, drafts: Vec<Draft>) -> Ruling {
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) }
}

/// Whether the last sign of something lies within ten minutes of the end of its log and of the collection, as far as dates tell.
pub(super) fn is_fresh(facts: &Facts, log: &MemberLog, last: &Mark) -> bool {
    let Some(last) = last.when else { return true };
    let collected = facts.collected.as_ref().map(|(when, _)| *when);
    let ends = [log.until, collected];
    ends.into_iter().flatten().all(|end| end.difference(&last).is_none_or(|since| since <= FRESH))
}

/// Whether the member was told to stop before this line, and did not serve again in between: then it failed itself.
fn was_stopped(log: &MemberLog, fault: &Mark) -> bool {
    let reversed = log.log.is_reversed();
    let before = |is_it: &dyn Fn(&Sighting) -> bool| {
        let marks = log.log.sightings().filter(|s| is_it(s)).flat_map(|s| [&s.first, &s.last]);
        marks.filter(|mark| is_later(mark, fault, reversed)).reduce(|a, b| if is_later(a, b, reversed) { b } else { a })
    };
    let Some(stop) = before(&|s| s.message.id == "stop-signal") else { return false };
    before(&|s| s.message.class == Class::Serving).is_none_or(|serving| is_later(serving, stop, reversed))
}

fn draft(facts: &Facts, log: &MemberLog, seen: &[&Sighting], search: &Search<'_>) -> Option<Draft> {
    let reversed = log.log.is_reversed();
    let earliest = |s: &Sighting| if reversed { s.last.clone() } else { s.first.clone() };
    let latest = |s: &Sighting| if reversed { s.first.clone() } else { s.last.clone() };
    let line = |mark: &Mark| mark.quote.citation().line();
    let first = seen.iter().map(|s| earliest(s)).min_by_key(|m| if reversed { u64::MAX - line(m) } else { line(m) })?;
    let last = seen.iter().map(|s| latest(s)).max_by_key(|m| if reversed { u64::MAX - line(m) } else { line(m) })?;
    let cure = facts.cure_of_start(log, &last).filter(|_| search.heals == Heals::AtStart || is_quiet_since(log, &last));
    let is_healthy = matches!(cure, Some(Cure::Healthy(_) | Cure::AllHealthy(_)));
    // Without an answer, a process that runs although this one ended is another one.
    let runs = log
        .member
        .filter(|at| cure.is_none() && facts.answers_of(*at).next().is_none())
        .and_then(|at| facts.member(at)?.runs.clone());
    let is_another = is_healthy || runs.is_some() && seen.iter().all(|s| s.message.fatal);
    let is_beside = search.beside && is_another && !was_stopped(log, &last);
    let is_over = if is_beside { !is_fresh(facts, log, &last) } else { cure.is_some() };
    let variant = match &cure {
        _ if is_beside => {
            if is_over {
                "beside-over"
            } else {
                "beside"
            }
        }
        None => "active",
        Some(Cure::Healthy(_)) => "recovered",
        Some(Cure::Serving(_)) => "restarted",
        Some(Cure::AllHealthy(_)) => "all-healthy",
    };
    let mut draft = Draft::new(variant, search.severity, line_of(facts, log, &first));
    draft.show(line_of(facts, log, &last));
    runs.filter(|_| is_beside).into_iter().for_each(|quote| draft.show(Evidence::of(quote)));
    cure.iter().flat_map(cure_lines).for_each(|line| draft.show(line));
    draft.state = if is_over { State::Recovered } else { State::Active };
    draft.members = log.member.into_iter().collect();
    if log.member.is_none() {
        draft.others = log.writer.host.clone().into_iter().collect();
    }
    draft.impact = if is_beside || cure.is_some() || log.member.is_some_and(|at| facts.is_stranger(at)) {
        Impact::None
    } else {
        impact_without(facts, &draft.members)
    };
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

fn describe(facts: &Facts, log: &MemberLog, last: &Mark, draft: &mut Draft) {
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
