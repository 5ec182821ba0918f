//! `quorum.lost`: no majority of the members is there, so there is no leader and no write.

use std::collections::BTreeSet;

use super::{
    Nature, Rule, client_failures,
    draft::{Draft, Open, Ruling, line_of, list},
    page::Values,
    service::quorum,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, Failure, Health, Measured, MemberAt, MemberLog, is_later},
    messages::Class,
    parse::{logbook::Sighting, metrics::Metric},
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("quorum.lost"),
    severity: Severity::Critical,
    reads: &["etcdctl endpoint health and status", "etcdctl cluster-health", "/health", "metrics", "etcd log"],
    messages: &[],
    explains: &[Code::new("member.down")],
    nature: Nature::ThatOfAll,
    decide,
};

/// Elections in the log after which "no leader" is no hand-over any more: an election takes one or two timeouts (1 s by default).
const FEWEST_ELECTIONS: u64 = 5;

fn decide(facts: &Facts) -> Ruling {
    let Some(voters) = facts.voters() else { return by_log_alone(facts) };
    let answered: Vec<MemberAt> = facts.expected().filter(|at| facts.answers_of(*at).next().is_some()).collect();
    if facts.expected().any(|at| facts.healthy_answer(at).is_some()) {
        // A linearizable read, or v2's health, needs a leader that reaches a majority.
        return Ruling::Pass;
    }
    let leaderless = leaderless(facts);
    // Where somebody says that there is no leader, those who refuse their peers are the ones that are gone.
    let is_gone = |at: MemberAt| is_missing(facts, at) || !leaderless.is_empty() && refuses_peers(facts, at).is_some();
    let missing: Vec<MemberAt> = facts.expected().filter(|at| is_gone(*at)).collect();
    let too_many = voters - missing.len().min(voters) < quorum(voters);
    let unavailable = unavailable(facts);
    let unstarted = facts.expected().any(|at| facts.member(at).is_some_and(|m| m.started.as_ref().is_some_and(|s| !s.value)));
    let is_silent = answered.is_empty() && leaderless.is_empty();
    let in_vain: Vec<Evidence> = if unstarted { elections_in_vain(facts, FEWEST_ELECTIONS).map(|vain| vain.line).collect() } else { Vec::new() };
    if is_silent && (unavailable.is_empty() && in_vain.is_empty() || !unstarted) {
        return by_log_alone(facts);
    }
    // Silence alone can be the asker's own: a missing certificate makes etcdctl time out, a cut link makes all others silent.
    let is_shown = !leaderless.is_empty() || !unavailable.is_empty() || !in_vain.is_empty() || missing.iter().any(|at| seen_gone(facts, *at));
    if too_many && !is_shown {
        return Ruling::Unknown(Some(Open { variant: "silent", values: Values::new(), missing: vec!["etcdctl endpoint status from a member's host"] }));
    }
    let of_missing = missing.iter().filter_map(|at| negative(facts, *at).or_else(|| refuses_peers(facts, *at)));
    let open = leaderless_alone(facts, &leaderless);
    let mut shown = leaderless.into_iter().chain(in_vain).chain(of_missing).chain(unavailable);
    let Some(first) = shown.next().filter(|_| too_many) else { return Ruling::Unknown(open) };
    let mut draft = Draft::new("active", Severity::Critical, first);
    shown.take(10).for_each(|evidence| draft.show(evidence));
    draft.impact = Impact::Outage;
    draft.confidence = confidence(facts, &missing);
    draft.value("voters", voters);
    draft.value("missing", missing.len());
    draft.value("quorum", quorum(voters));
    draft.numbers.insert("voters", i64::try_from(voters).unwrap_or(i64::MAX));
    draft.numbers.insert("missing", i64::try_from(missing.len()).unwrap_or(i64::MAX));
    let expected: Vec<MemberAt> = facts.expected().collect();
    if let Some(furthest) = facts.furthest(&expected) {
        draft.value("best", facts.key(furthest.member).escaped());
        draft.show(Evidence::of(furthest.quote).member(Some(facts.key(furthest.member))).note("how far its log reaches"));
    }
    draft.members = missing;
    Ruling::Fail(vec![draft])
}

/// Somebody has no leader, and nothing shows how it is for the others.
fn leaderless_alone(facts: &Facts, leaderless: &[Evidence]) -> Option<Open> {
    let keys: BTreeSet<Untrusted> = leaderless.iter().filter_map(|evidence| evidence.member.clone()).collect();
    let keys: Vec<Untrusted> = keys.into_iter().collect();
    // Of a majority without a leader the question is no longer how the others are.
    let is_majority = facts.voters().is_some_and(|voters| keys.len() >= quorum(voters));
    let has_one = |m: &Measured| m.last().and_then(|sample| sample.gauge(Metric::HasLeader)).is_some_and(|(value, _)| value > 0.0);
    let said = facts.statuses.iter().any(|(_, status)| status.value.has_leader == Some(true))
        || facts.measured.iter().any(has_one)
        || leaderless.is_empty()
        || is_majority;
    let values = if keys.is_empty() { Values::new() } else { Values::from([("members", list(&keys))]) };
    (!said).then(|| Open { variant: "leaderless", values, missing: vec!["etcdctl endpoint status of all members"] })
}

/// Members that say themselves that they know no leader.
fn leaderless(facts: &Facts) -> Vec<Evidence> {
    let status = facts.statuses.iter().filter(|(_, status)| status.value.has_leader == Some(false));
    let status = status.map(|(at, status)| Evidence::of(status.quote.clone()).member(Some(facts.key(*at))));
    let health = facts.health.iter().filter(|answer| answer.has_no_leader());
    let health = health.map(|answer| Evidence::of(answer.quote.clone()).member(Some(facts.key(answer.member))));
    let measured = facts.measured.iter().filter_map(|m| {
        let (value, quote) = m.last()?.gauge(Metric::HasLeader)?;
        (value == 0.0).then(|| Evidence::of(quote.clone()).member(m.member.map(|at| facts.key(at))))
    });
    status.chain(health).chain(measured).collect()
}

/// Neither healthy, nor does its own host show that it runs.
fn is_missing(facts: &Facts, at: MemberAt) -> bool {
    let runs = facts.member(at).is_some_and(|m| m.runs.is_some());
    let asked = facts.answers_of(at).any(|answer| answer.health != Health::Healthy);
    let runs = runs || facts.answers_of(at).any(|answer| answer.is_answer());
    let still = facts.member(at).is_some_and(|m| m.stands_still.is_some() || m.started.as_ref().is_some_and(|s| !s.value));
    !runs && (asked || still)
}

/// A peer's log says that nobody listens there, up to its end, and nothing of its own shows that it runs.
fn refuses_peers(facts: &Facts, at: MemberAt) -> Option<Evidence> {
    let member = facts.member(at).filter(|member| member.runs.is_none())?;
    if facts.answers_of(at).any(|answer| answer.is_answer()) {
        return None;
    }
    let is_it = |s: &&Sighting| member.id.is_some() && s.peer_id() == member.id;
    facts.logs.iter().filter(|log| log.member != Some(at)).find_map(|log| {
        let newest = |s: &Sighting| if log.log.is_reversed() { s.first.clone() } else { s.last.clone() };
        let of_class = |class| log.log.sightings().filter(is_it).filter(move |s| s.message.class == class);
        let refused = of_class(Class::PeerDown).find(|s| s.refused > 0)?;
        let is_back = of_class(Class::PeerUp).any(|up| is_later(&newest(refused), &newest(up), log.log.is_reversed()));
        (!is_back).then(|| line_of(facts, log, &newest(refused)))
    })
}

/// Its own host shows that it does not run, or answers that nobody listens.
fn seen_gone(facts: &Facts, at: MemberAt) -> bool {
    facts.member(at).is_some_and(|m| m.stands_still.is_some()) || facts.answers_of(at).any(|answer| answer.is_refused())
}

fn negative(facts: &Facts, at: MemberAt) -> Option<Evidence> {
    let key = Some(facts.key(at));
    let answer = facts.answers_of(at).find(|answer| answer.is_refused()).or_else(|| facts.answers_of(at).next());
    let still = facts.member(at).and_then(|m| m.stands_still.clone().or(m.started.as_ref().map(|s| s.quote.clone())));
    answer.map(|a| a.quote.clone()).or(still).map(|quote| Evidence::of(quote).member(key))
}

/// What the missing members' own hosts say makes it sure; what one member alone sees could be that member's own isolation.
fn confidence(facts: &Facts, missing: &[MemberAt]) -> Confidence {
    if !missing.is_empty() && missing.iter().all(|at| seen_gone(facts, *at)) { Confidence::High } else { Confidence::Medium }
}

/// Clients that found no member which serves: v2's own words for all endpoints in vain, or `no leader` from those who answered.
fn unavailable(facts: &Facts) -> Vec<Evidence> {
    let says = |failure: &&Failure<'_>| failure.words.raw().contains("cluster is unavailable or misconfigured") && failure.reason.is_none();
    facts.answered_failures().iter().filter(says).map(|failure| client_failures::shown(facts, failure)).collect()
}

/// Who was told `etcdserver: no leader` by the members that it asked. During an election a client hears it once or twice.
fn told_no_leader(facts: &Facts) -> Option<Draft> {
    let told = facts.answered_failures();
    let told: Vec<&Failure<'_>> = told.iter().filter(|failure| failure.words.raw().contains("etcdserver: no leader")).collect();
    let count = told.iter().map(|failure| failure.count).sum::<u64>();
    let mut shown = told.into_iter().map(|failure| client_failures::shown(facts, failure));
    let mut draft = Draft::new("clients", Severity::Critical, shown.next().filter(|_| count >= FEWEST_TOLD)?);
    shown.take(4).for_each(|evidence| draft.show(evidence));
    draft.impact = Impact::Outage;
    draft.confidence = Confidence::Medium;
    draft.count = Some(count);
    draft.value("count", count);
    Some(draft)
}

/// Answers `no leader` from which on it is no election: a client asks again after a pause.
const FEWEST_TOLD: u64 = 2;

/// Elections of a log that ended without a leader, to its end.
struct Vain<'a> {
    log: &'a MemberLog,
    count: u64,
    line: Evidence,
}

/// Logs that tell of at least so many.
fn elections_in_vain(facts: &Facts, fewest: u64) -> impl Iterator<Item = Vain<'_>> {
    facts.logs.iter().filter_map(move |log| {
        let started = || log.log.sightings().filter(|s| s.message.id == "raft-election-started");
        let elected = log.log.sightings().filter(|s| matches!(s.message.id, "raft-leader-elected" | "raft-became-leader"));
        let count = started().map(|s| s.count).sum::<u64>();
        let last = started().next().map(|s| &s.last).filter(|_| count >= fewest)?;
        let is_over = elected.into_iter().any(|s| is_later(last, &s.last, log.log.is_reversed()));
        (!is_over).then(|| Vain { log, count, line: line_of(facts, log, last) })
    })
}

/// One member's log shows that it finds no leader; whether the others have one, it does not say.
fn by_log_alone(facts: &Facts) -> Ruling {
    if let Some(draft) = told_no_leader(facts) {
        return Ruling::Fail(vec![draft]);
    }
    let unavailable = unavailable(facts);
    // Where clients find no cluster either, what one member says is no single member's isolation.
    let fewest = if unavailable.is_empty() { FEWEST_ELECTIONS } else { 2 };
    let Some(vain) = elections_in_vain(facts, fewest).next() else {
        return Ruling::Unknown(leaderless_alone(facts, &leaderless(facts)));
    };
    let key: Vec<Untrusted> = vain.log.member.map(|at| facts.key(at)).into_iter().collect();
    let mut values = Values::from([("count", vain.count.to_string())]);
    if !key.is_empty() {
        values.insert("members", list(&key));
    }
    if let Some(found) = unavailable.first() {
        let mut draft = Draft::new("alone-unavailable", Severity::Critical, vain.line);
        draft.show(found.clone());
        draft.impact = Impact::Outage;
        draft.count = Some(vain.count);
        draft.seen_by = vain.log.member.into_iter().collect();
        draft.values = values;
        return Ruling::Fail(vec![draft]);
    }
    Ruling::Unknown(Some(Open { variant: "alone", values, missing: vec!["etcdctl endpoint status of all members"] }))
}
