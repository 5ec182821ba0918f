//! What clients get while members are missing: the same arithmetic for every rule.

use crate::{
    diagnosis::Impact,
    facts::{Facts, MemberAt},
};

/// Members that can vote on a write: a majority of the voters.
pub(super) fn quorum(voters: usize) -> usize {
    voters / 2 + 1
}

/// What clients get when these members do not serve.
///
/// degraded while a majority answers healthy, outage when no majority can be left, unknown where the evidence does not say who else there
/// is or how the others are.
pub(super) fn impact_without(facts: &Facts, missing: &[MemberAt]) -> Impact {
    let Some(voters) = facts.voters() else { return Impact::Unknown };
    let is_missing = |at: &MemberAt| missing.contains(at);
    let healthy = facts.expected().filter(|at| !is_missing(at) && facts.healthy_answer(*at).is_some()).count();
    let gone = facts.expected().filter(is_missing).count();
    if voters - gone.min(voters) < quorum(voters) {
        Impact::Outage
    } else if healthy >= quorum(voters) {
        Impact::Degraded
    } else {
        Impact::Unknown
    }
}
