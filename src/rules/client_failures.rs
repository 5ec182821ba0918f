//! What rules share whose fault clients tell of: what etcdctl, curl, health checks and applications were told.

use super::draft::{Draft, line_of};
use crate::{
    diagnosis::{Confidence, Evidence, Impact, Severity},
    facts::{Facts, Failure, MemberAt},
    messages::Reason,
    text::escape,
};

/// A failed request as evidence.
pub(super) fn shown(facts: &Facts, failure: &Failure<'_>) -> Evidence {
    match failure.log {
        Some((log, mark)) => line_of(facts, log, mark),
        None => Evidence::of(failure.quote.clone()).member(failure.asked.map(|at| facts.key(at))),
    }
}

/// Longest error that a sentence repeats, in characters; the quoted line has all of it.
const MOST_WORDS: usize = 120;

/// The finding of a rule whose fault only clients tell of. The page's variant is `clients`, with `{count}` and `{error}`.
///
/// What one client was told can be that client's own fault: so it is a warning, and says nothing of what the others get; where a member that
/// it asked answers others healthy, they are not hurt.
pub(super) fn draft(facts: &Facts, reasons: &[Reason]) -> Option<Draft> {
    let failures = facts.failures();
    let failures: Vec<&Failure<'_>> =
        failures.iter().filter(|f| f.reason.is_some_and(|reason| reasons.contains(&reason))).collect();
    let first = failures.first()?;
    let mut draft = Draft::new("clients", Severity::Warning, shown(facts, first));
    failures.iter().skip(1).take(5).for_each(|failure| draft.show(shown(facts, failure)));
    let count: u64 = failures.iter().map(|failure| failure.count).sum();
    draft.count = Some(count);
    draft.value("count", count);
    let error: String = first.words.raw().chars().take(MOST_WORDS).collect();
    draft.value("error", escape(&error));
    draft.confidence = Confidence::Medium;
    let serves = |at: MemberAt| facts.healthy_answer(at).is_some();
    let are_well = failures.iter().all(|failure| failure.asked.is_some_and(serves)) || facts.all_healthy().is_some();
    draft.impact = if are_well { Impact::None } else { Impact::Unknown };
    Some(draft)
}
