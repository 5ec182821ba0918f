//! `net.partition`: members run and do not reach each other.

use std::collections::BTreeSet;

use super::{
    Nature, Rule,
    accusations::{self, Accusation, Party},
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity},
    facts::{Facts, MemberAt},
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("net.partition"),
    severity: Severity::Critical,
    reads: &["etcd log", "ps", "etcdctl endpoint health"],
    // It goes by the reason that a line carries: with other reasons the same messages stay trouble.
    messages: &[],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("leader.flapping"), Code::new("net.latency"), Code::new("member.lagging")],
    nature: Nature::Why,
    decide,
};

/// Lines with a connection that timed out from which on it is no single lost packet; "no route" is said by the network itself, once is enough.
const FEWEST_TIMEOUTS: u64 = 3;

/// A connection that is not answered: the host or the way to it is gone. A process that hangs, is paused or starved is no such case,
/// since its kernel still takes connections; nor is one that does not run, whose kernel refuses them.
const REASONS: &[Reason] = &[Reason::DialTimeout, Reason::NoRoute];

fn decide(facts: &Facts) -> Ruling {
    let unreached = accusations::with_reason(facts, REASONS);
    let rejected = accusations::with_reason(facts, &[Reason::NoRoute]);
    let Some(first) = unreached.first() else {
        return if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    // Two at once are no lost packet either.
    let others: BTreeSet<&Party> = unreached.iter().filter_map(|a| a.of.as_ref()).collect();
    let is_few = unreached.iter().map(|a| a.count).sum::<u64>() < FEWEST_TIMEOUTS;
    if rejected.is_empty() && is_few && others.len() < 2 && !unreached.iter().any(|a| accusations::calls_in_vain(a.log)) {
        return Ruling::Pass;
    }
    let named = cut_off(facts, &unreached);
    // Its own host shows that it does not run: then there is no process that could be reached.
    let stands = |party: &Party| matches!(party, Party::Member(at) if facts.member(*at).is_some_and(|m| m.stands_still.is_some()));
    if !named.is_empty() && named.iter().all(stands) {
        return Ruling::Pass;
    }
    let flaps = flaps(facts, &unreached);
    let cures = accusations::cures(facts, &unreached, &named).filter(|_| flaps.is_none());
    let variant = match (&cures, &flaps) {
        (Some(_), _) => "recovered",
        (None, Some(_)) => "flapping",
        (None, None) => "active",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    draft.confidence = if named.iter().any(|party| lives(facts, party)) && !(is_few && rejected.is_empty()) { Confidence::Medium } else { Confidence::Low };
    accusations::describe(facts, &mut draft, &unreached, &named);
    accusations::judge(facts, &mut draft, cures);
    if let Some(times) = flaps {
        draft.value("times", times);
        draft.impact = Impact::Degraded;
    }
    Ruling::Fail(vec![draft])
}

/// The side cut off: who has a link to nobody. Where it is not known, those who are not reached.
fn cut_off(facts: &Facts, unreached: &[Accusation<'_>]) -> BTreeSet<Party> {
    let odd = accusations::odd_ones(unreached);
    // One log that reaches nobody may be that of the side cut off, or of the last one left: where a majority answered, it is the former.
    let silent = |at: MemberAt| facts.healthy_answer(at).is_none();
    let healthy = facts.expected().filter(|at| !silent(*at)).count();
    let asked: BTreeSet<Party> = odd.iter().filter(|party| matches!(party, Party::Member(at) if silent(*at))).cloned().collect();
    if healthy > 0 && !asked.is_empty() { asked } else { odd }
}

/// Whether it runs, by its own host or its own log.
fn lives(facts: &Facts, party: &Party) -> bool {
    let Party::Member(at) = party else { return false };
    let has_log = facts.logs.iter().any(|log| log.member == Some(*at) && log.log.understood > 0);
    has_log || facts.member(*at).is_some_and(|m| m.runs.is_some())
}

/// How often a link went down that had come up again, where the last time is no more than ten minutes before the end of that log.
fn flaps(facts: &Facts, unreached: &[Accusation<'_>]) -> Option<u64> {
    let mut most = None;
    for (log, lost) in facts.sightings("peer-inactive") {
        let is_same = |a: &&Accusation<'_>| std::ptr::eq(a.log, log) && a.peer == lost.peer;
        // etcd says that a link is lost only when it was there: twice means that it came back.
        if lost.count >= 2 && unreached.iter().any(|a| is_same(&a)) && !accusations::is_long_over(log, &lost.last) {
            most = most.max(Some(lost.count));
        }
    }
    most
}
