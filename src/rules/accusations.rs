//! What members' logs say against other members, and which one of them is the odd one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::draft::{Draft, line_of, moment};
use crate::{
    diagnosis::{Confidence, Evidence, Impact, Link, State},
    facts::{Facts, Health, MemberAt, MemberLog, host_of, is_later, is_local, sign_of_link},
    messages::{Class, Message, Reason},
    parse::logbook::{Mark, Sighting},
    text::Untrusted,
};

/// Messages that say why a peer cannot be reached, or why a connection was refused.
const LINK_MESSAGES: &[&str] = &[
    "peer-unreachable",
    "peer-inactive",
    "peer-dial-failed",
    "peer-link-failed",
    "peer-post-failed",
    "peer-stream-lost",
    "peer-url-unreachable",
    "peer-version-unknown",
    "cluster-response-failed",
    "peer-tls-rejected",
    "tls-handshake-failed",
    "http2-bogus-greeting",
];

/// For how long a fault that no answer cures counts as present after its last sign (`docs/contracts.md`).
const STAYS: SignedDuration = SignedDuration::from_mins(10);

/// A member, or somebody of whom only a word is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party {
    Member(MemberAt),
    Other(Untrusted),
}

/// One log's lines against one other.
pub(super) struct Accusation<'a> {
    pub(super) log: &'a MemberLog,
    pub(super) message: &'static Message,
    pub(super) by: Option<Party>,
    pub(super) of: Option<Party>,
    /// The peer as the lines name it.
    pub(super) peer: Option<Untrusted>,
    pub(super) count: u64,
    pub(super) first: &'a Mark,
    pub(super) last: &'a Mark,
}

/// Lines that carry one of these reasons.
pub(super) fn with_reason<'a>(facts: &'a Facts, reasons: &[Reason]) -> Vec<Accusation<'a>> {
    let mut out = Vec::new();
    for log in &facts.logs {
        let sightings = log.log.sightings().filter(|s| LINK_MESSAGES.contains(&s.message.id));
        for sighting in sightings {
            for (_, seen) in sighting.reasons.iter().filter(|(reason, _)| reasons.contains(reason)) {
                let whole = |of| Accusation {
                    log,
                    message: sighting.message,
                    by: author(facts, log),
                    of,
                    peer: sighting.peer.clone(),
                    count: seen.count,
                    first: if log.log.is_reversed() { &seen.last } else { &seen.first },
                    last: if log.log.is_reversed() { &seen.first } else { &seen.last },
                };
                if seen.remotes.is_empty() {
                    out.push(whole(accused(facts, sighting)));
                }
                out.extend(seen.remotes.iter().map(|remote| whole(by_address(facts, remote.raw()))));
            }
        }
    }
    out
}

/// Lines of one message.
pub(super) fn with_message<'a>(facts: &'a Facts, id: &'a str) -> Vec<Accusation<'a>> {
    let of = |(log, sighting): (&'a MemberLog, &'a Sighting)| Accusation {
        log,
        message: sighting.message,
        by: author(facts, log),
        of: accused(facts, sighting),
        peer: sighting.peer.clone(),
        count: sighting.count,
        first: if log.log.is_reversed() { &sighting.last } else { &sighting.first },
        last: if log.log.is_reversed() { &sighting.first } else { &sighting.last },
    };
    facts.sightings(id).map(of).collect()
}

fn author(facts: &Facts, log: &MemberLog) -> Option<Party> {
    log.member.map(Party::Member).or_else(|| {
        let host = log.writer.host.as_ref()?;
        Some(of_host(facts, host).map_or_else(|| Party::Other(host.clone()), Party::Member))
    })
}

/// The member of a host, by the host's own name or address.
pub(super) fn of_host(facts: &Facts, host: &Untrusted) -> Option<MemberAt> {
    facts.members.iter().position(|m| m.host.as_ref() == Some(host) || m.name.as_ref() == Some(host))
}

fn accused(facts: &Facts, sighting: &Sighting) -> Option<Party> {
    let id = sighting.peer_id()?;
    let at = facts.members.iter().position(|m| m.id == Some(id));
    Some(at.map_or_else(|| Party::Other(sighting.peer.clone().unwrap_or_default()), Party::Member))
}

/// The member of an address; a client's address is nobody's.
fn by_address(facts: &Facts, address: &str) -> Option<Party> {
    let host = host_of(address);
    if is_local(address) {
        return None;
    }
    let is_it = |url: &Untrusted| host_of(crate::facts::address_of(url.raw())) == host;
    facts.members.iter().position(|m| m.peers.iter().chain(&m.endpoints).any(is_it)).map(Party::Member)
}

/// The one whom most pairs have in common: of three clocks the fast one blames two, the slow one is blamed by two. Where several are
/// even, those who are blamed most.
pub(super) fn odd_ones(accusations: &[Accusation<'_>]) -> BTreeSet<Party> {
    let pairs: BTreeSet<(&Party, &Party)> = accusations.iter().filter_map(|a| Some((a.by.as_ref()?, a.of.as_ref()?))).collect();
    let mut touched: BTreeMap<&Party, usize> = BTreeMap::new();
    for (by, of) in &pairs {
        *touched.entry(by).or_default() += 1;
        *touched.entry(of).or_default() += 1;
    }
    let most = touched.values().max().copied().unwrap_or(0);
    let odd: BTreeSet<Party> = touched.iter().filter(|(_, n)| **n == most).map(|(party, _)| (*party).clone()).collect();
    if odd.len() == 1 { odd } else { blamed(accusations) }
}

/// Those who are blamed by most.
pub(super) fn blamed(accusations: &[Accusation<'_>]) -> BTreeSet<Party> {
    let mut by: BTreeMap<&Party, BTreeSet<Option<&Party>>> = BTreeMap::new();
    for accusation in accusations {
        if let Some(of) = &accusation.of {
            by.entry(of).or_default().insert(accusation.by.as_ref());
        }
    }
    let most = by.values().map(BTreeSet::len).max().unwrap_or(0);
    by.into_iter().filter(|(_, by)| by.len() == most).map(|(of, _)| of.clone()).collect()
}

/// Whether the last sign lies more than ten minutes before the end of its log.
pub(super) fn is_long_over(log: &MemberLog, last: &Mark) -> bool {
    let since = log.until.zip(last.when).and_then(|(end, last)| end.difference(&last));
    since.is_some_and(|since| since > STAYS)
}

/// Whether a log's last words on elections are calls for one: then a connection that is not answered is no lost packet.
pub(super) fn calls_in_vain(log: &MemberLog) -> bool {
    let of = |ids: &[&str]| {
        let marks = log
            .log
            .sightings()
            .filter(|s| ids.contains(&s.message.id))
            .map(|s| if log.log.is_reversed() { &s.first } else { &s.last });
        marks.reduce(|a, b| if is_later(a, b, log.log.is_reversed()) { b } else { a })
    };
    let Some(called) = of(&["raft-election-started", "raft-became-candidate"]) else { return false };
    of(&["raft-leader-elected", "raft-became-leader"]).is_none_or(|elected| is_later(elected, called, log.log.is_reversed()))
}

/// The sign that a link works again: a stream of the same peer in the same log came up later.
fn link_cure<'a>(accusation: &Accusation<'a>) -> Option<&'a Mark> {
    let of_peer = accusation.log.log.sightings().filter(|s| s.peer.is_some() && s.peer == accusation.peer);
    of_peer.filter_map(|s| sign_of_link(accusation.log, s, accusation.last)).next()
}

/// How often a link that fails shows: the prober and the streams try again every few seconds.
const SHOWS_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Whether who is named has served since before the last complaint, and that one came just before the end of the evidence: then a
/// healthy answer ends nothing, for the fault does not prevent it (`docs/contracts.md`). One side may still dial the other.
fn go_on_beside_service(facts: &Facts, accusations: &[Accusation<'_>], named: &BTreeSet<Party>) -> bool {
    let collected = facts.collected.as_ref().map(|(when, _)| *when);
    let is_present = |a: &Accusation<'_>| {
        let ends = [Facts::end_of(&a.log.log).and_then(|end| end.when), collected];
        a.last.when.is_some_and(|last| {
            ends.into_iter().flatten().all(|end| end.difference(&last).is_none_or(|since| since <= SHOWS_AGAIN))
        })
    };
    let serves_since_before = |last: &Mark| {
        named.iter().any(|party| {
            let logs = facts.logs.iter().filter(|log| matches!(party, Party::Member(at) if log.member == Some(*at)));
            let serving = logs.flat_map(|log| log.log.sightings()).filter(|s| s.message.class == Class::Serving);
            let newest = serving.flat_map(|s| [&s.first, &s.last]).reduce(|a, b| if is_later(a, b, false) { b } else { a });
            newest.is_some_and(|up| is_later(up, last, false))
        })
    };
    accusations.iter().any(|a| a.peer.is_some() && link_cure(a).is_none() && is_present(a) && serves_since_before(a.last))
}

/// The good signs that end all accusations, if they all ended: each link came up again, or who is named answered healthy later.
pub(super) fn cures(facts: &Facts, accusations: &[Accusation<'_>], named: &BTreeSet<Party>) -> Option<Vec<Evidence>> {
    let answered: Option<Vec<Evidence>> = named
        .iter()
        .map(|party| match party {
            Party::Other(_) => None,
            Party::Member(at) => healthy_since(facts, *at, accusations),
        })
        .collect();
    if let Some(answered) = answered.filter(|a| !a.is_empty() && !go_on_beside_service(facts, accusations, named)) {
        return Some(answered);
    }
    accusations.iter().map(|a| Some(line_of(facts, a.log, link_cure(a)?).note("a later good sign"))).collect()
}

fn healthy_since(facts: &Facts, at: MemberAt, accusations: &[Accusation<'_>]) -> Option<Evidence> {
    if facts.answers_of(at).any(|answer| answer.health != Health::Healthy) {
        return None;
    }
    let is_late = |answer: &&crate::facts::HealthAnswer| {
        accusations.iter().all(|a| match (answer.when, a.last.when) {
            (Some(answer), Some(last)) => answer.order_within(&last) != Some(std::cmp::Ordering::Less),
            _ => true,
        })
    };
    let answer = facts.answers_of(at).find(is_late)?;
    Some(Evidence::of(answer.quote.clone()).member(Some(facts.key(at))))
}

/// Names, quotes, counts and dates of a finding that rests on accusations.
pub(super) fn describe(facts: &Facts, draft: &mut Draft, accusations: &[Accusation<'_>], named: &BTreeSet<Party>) {
    for party in named {
        match party {
            Party::Member(at) => draft.members.push(*at),
            Party::Other(word) => draft.others.push(word.clone()),
        }
    }
    let key = |party: &Party| match party {
        Party::Member(at) => facts.key(*at),
        Party::Other(word) => word.clone(),
    };
    let pairs: BTreeSet<(&Party, &Party)> = accusations.iter().filter_map(|a| Some((a.by.as_ref()?, a.of.as_ref()?))).collect();
    draft.links = pairs.iter().map(|(by, of)| Link { from: key(by), to: key(of) }).collect();
    let seen: BTreeSet<MemberAt> = accusations.iter().filter_map(|a| a.log.member).collect();
    draft.seen_by = seen.into_iter().collect();
    let count = accusations.iter().map(|a| a.count).sum::<u64>();
    draft.count = Some(count);
    draft.value("count", count);
    for accusation in accusations.iter().take(8) {
        draft.show(line_of(facts, accusation.log, accusation.last));
    }
    if let Some(first) = accusations.iter().map(|a| a.first).reduce(|a, b| if is_later(b, a, false) { b } else { a }) {
        draft.first_seen = moment(first);
    }
    if let Some(last) = accusations.iter().map(|a| a.last).reduce(|a, b| if is_later(a, b, false) { b } else { a }) {
        draft.last_seen = moment(last);
        if let Some(when) = &last.as_read {
            draft.value("when", when.escaped());
        }
    }
}

/// Active or over, what clients get meanwhile, and how sure it is: the word of one log is one kind of evidence, a bad answer of
/// who is named is another.
pub(super) fn judge(facts: &Facts, draft: &mut Draft, cures: Option<Vec<Evidence>>) {
    if let Some(cures) = cures {
        cures.into_iter().take(8).for_each(|line| draft.show(line));
        draft.state = State::Recovered;
        draft.impact = Impact::None;
        return;
    }
    draft.impact = super::service::impact_without(facts, &draft.members);
    let is_missed = |at: &MemberAt| facts.answers_of(*at).any(|answer| answer.health != Health::Healthy);
    if !draft.members.is_empty() && draft.members.iter().all(is_missed) {
        draft.confidence = Confidence::High;
    }
}
