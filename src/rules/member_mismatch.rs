//! `member.mismatch`: a member belongs to another cluster than its peers, or was started for one that is not theirs.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of, moment},
    last_words::{self, Heals, Search, is_fresh},
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Known, MemberAt, MemberLog, address_of, host_of, is_later},
    messages::Class,
    parse::{
        etcdctl::Status,
        log::When,
        logbook::{Mark, Sighting},
    },
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("member.mismatch"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl member list", "etcdctl cluster-health or endpoint health", "etcdctl endpoint status"],
    messages: &["start-already-bootstrapped", "start-member-count", "start-names-twice", "start-not-listed", PEER_IDS, IDS],
    // Peers of another cluster are refused: that looks like a cut link, like endless elections, and like a member that is away.
    explains: &[
        Code::new("member.down"),
        Code::new("quorum.lost"),
        Code::new("net.partition"),
        Code::new("leader.flapping"),
    ],
    nature: Nature::Why,
    decide,
};

/// Two members whose cluster ids differ.
const IDS: &str = "peer-cluster-id-mismatch";

/// A peer that means another member.
const PEER_IDS: &str = "peer-id-mismatch";

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = by_start(facts, "start-already-bootstrapped", "they know it already, and its data directory is empty");
    drafts.extend(by_start(facts, "start-member-count", "the members it was given are not theirs"));
    drafts.extend(by_start(facts, "start-names-twice", "two of the members it was given have one name"));
    drafts.extend(by_start(facts, "start-not-listed", "its own data do not name it as a member"));
    // One start has one reason: 3.5 says of unequal lists both what is unequal and that the addresses were looked at.
    let by_urls = by_peer_urls(facts);
    let is_told = |draft: &Draft| drafts.iter().any(|told| told.members == draft.members && told.others == draft.others);
    let by_urls: Vec<Draft> = by_urls.into_iter().filter(|draft| !is_told(draft)).collect();
    drafts.extend(by_urls);
    for draft in drafts.iter_mut().filter(|draft| draft.members.iter().any(|at| facts.is_stranger(*at))) {
        draft.severity = Severity::Warning;
    }
    drafts.extend(by_ids(facts));
    if drafts.is_empty() {
        drafts.extend(by_peer_ids(facts));
    }
    if drafts.is_empty() {
        drafts.extend((0..facts.members.len()).filter_map(|at| by_address(facts, at)));
    }
    if drafts.is_empty() {
        drafts.extend(by_leaders(facts));
    }
    last_words::ruling(facts, drafts)
}

/// A start that the cluster's own list of members refuses.
fn by_start(facts: &Facts, message: &str, reason: &'static str) -> Vec<Draft> {
    let is_it = |_: &MemberLog, s: &Sighting| s.message.id == message;
    let mut drafts = last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false });
    drafts.iter_mut().for_each(|draft| draft.value("reason", reason));
    drafts
}

/// Peer addresses that are not those of the cluster; where a name does not resolve it is no wonder, and another fault.
fn by_peer_urls(facts: &Facts) -> Vec<Draft> {
    const NAMES: &[&str] = &["lookup ", "no such host", "server misbehaving", "i/o timeout", "failed to resolve"];
    let is_it = |_: &MemberLog, s: &Sighting| {
        s.message.id == "start-peer-urls" && s.error.as_ref().is_none_or(|e| !NAMES.iter().any(|words| e.raw().contains(words)))
    };
    let search = Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false };
    let mut drafts = last_words::search(facts, &search);
    drafts.iter_mut().for_each(|draft| draft.value("reason", "the addresses for peers that it was given are not theirs"));
    drafts
}

/// Peers who mean another member than the one that they reach: an address was given to two, or a member came back under another id. Which of
/// the two is right such a line does not tell.
fn by_peer_ids(facts: &Facts) -> Vec<Draft> {
    let is_it = |_: &MemberLog, s: &Sighting| s.message.id == PEER_IDS;
    let search = Search { is_it: &is_it, severity: Severity::Warning, heals: Heals::Slowly, beside: false };
    let mut drafts = last_words::search(facts, &search);
    for draft in &mut drafts {
        draft.seen_by.append(&mut draft.members);
        draft.others.clear();
        draft.impact = Impact::Unknown;
        draft.reword(if draft.state == State::Active { "peer-ids" } else { "peer-ids-over" });
    }
    drafts
}

/// How long a member serves after which nobody is refused any more that found it away, and how close to its log's end a fault of the present shows:
/// the prober looks every few seconds.
const SERVED: SignedDuration = SignedDuration::from_secs(10);
const PRESENT: SignedDuration = SignedDuration::from_mins(1);

/// Refusals that are no chance.
const FEWEST_REFUSALS: u64 = 3;

/// A member that serves, and at whose address for peers nobody listens: it takes part by the streams that it opens itself.
fn by_address(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let answer = facts.healthy_answer(at)?;
    let id = facts.member(at)?.id?;
    let own = facts.logs.iter().filter(|log| log.member == Some(at)).flat_map(|log| log.log.sightings());
    let serving = own.filter(|s| s.message.class == Class::Serving).flat_map(|s| [&s.first, &s.last]);
    let serving = serving.filter_map(|mark| mark.when).reduce(|a, b| if a.order_within(&b) == Some(Ordering::Less) { b } else { a })?;
    let refused = facts.logs.iter().filter(|log| log.member.is_some() && log.member != Some(at)).flat_map(|log| {
        let of_peer = log.log.sightings().filter(|s| s.peer_id() == Some(id) && s.message.class == Class::PeerDown && s.refused > 0);
        of_peer.map(move |s| (log, s))
    });
    let is_present = |(log, s): &(&MemberLog, &Sighting)| {
        let last = latest(log, s);
        let since = |from: &When, to: &When| to.difference(from);
        let end = Facts::end_of(&log.log).and_then(|end| end.when);
        last.when.is_some_and(|last| {
            since(&serving, &last).is_some_and(|served| served >= SERVED) && end.is_some_and(|end| since(&last, &end).is_some_and(|gap| gap <= PRESENT))
        })
    };
    let seen: Vec<(&MemberLog, &Sighting)> = refused.filter(is_present).collect();
    let count = seen.iter().map(|(_, s)| s.refused).sum::<u64>();
    let ((log, sighting), rest) = seen.split_first().filter(|_| count >= FEWEST_REFUSALS)?;
    let mut draft = Draft::new("address", Severity::Warning, line_of(facts, log, latest(log, sighting)));
    rest.iter().take(4).for_each(|(log, s)| draft.show(line_of(facts, log, latest(log, s))));
    draft.show(Evidence::of(answer.quote.clone()).member(Some(facts.key(at))));
    draft.members = vec![at];
    draft.seen_by = seen.iter().filter_map(|(log, _)| log.member).collect();
    draft.impact = Impact::None;
    draft.confidence = Confidence::Medium;
    draft.count = Some(count);
    draft.value("count", count);
    if let Some(when) = &latest(log, sighting).as_read {
        draft.value("when", when.escaped());
    }
    draft.first_seen = moment(earliest(log, sighting));
    draft.last_seen = moment(latest(log, sighting));
    Some(draft)
}

/// Two members that lead in one term, by rows of one answer: raft gives a term one leader, so they are of two clusters. Where hosts come twice,
/// two clusters on the same hosts were asked, as some platforms have them.
fn by_leaders(facts: &Facts) -> Option<Draft> {
    let lines: BTreeSet<(&str, u64)> = facts.statuses.iter().map(|(_, status)| line_and_path(status)).collect();
    let is_one_answer = |a: (&str, u64), b: (&str, u64)| a.0 == b.0 && (a.1..=b.1).all(|line| lines.contains(&(a.0, line)));
    let leads = |status: &&(MemberAt, Known<Status>)| status.1.value.is_leader == Some(true);
    let leaders: Vec<_> = facts.statuses.iter().filter(leads).collect();
    let pairs = leaders.iter().flat_map(|a| leaders.iter().map(move |b| (a, b)));
    let ((one, first), (other, second)) = pairs.into_iter().find(|((one, a), (other, b))| {
        let (x, y) = (line_and_path(a), line_and_path(b));
        let is_distinct = one != other && a.value.member_id.zip(b.value.member_id).is_some_and(|(a, b)| a != b);
        is_distinct && a.value.term.is_some() && a.value.term == b.value.term && x <= y && is_one_answer(x, y)
    })?;
    let host = |status: &Known<Status>| host_of(address_of(status.value.endpoint.raw())).to_owned();
    let hosts: BTreeMap<MemberAt, String> = facts.statuses.iter().map(|(at, status)| (*at, host(status))).collect();
    let is_twice = |host: &String| hosts.values().filter(|other| *other == host).count() > 1;
    if hosts.values().any(is_twice) {
        return None;
    }
    let mut draft = Draft::new("leaders", RULE.severity, Evidence::of(first.quote.clone()).member(Some(facts.key(*one))));
    draft.show(Evidence::of(second.quote.clone()).member(Some(facts.key(*other))));
    draft.seen_by = vec![*one, *other];
    draft.confidence = Confidence::Medium;
    draft.impact = Impact::Unknown;
    draft.value("term", first.value.term.unwrap_or_default());
    draft.value("leaders", format!("{}, {}", facts.key(*one).escaped(), facts.key(*other).escaped()));
    Some(draft)
}

fn line_and_path(status: &Known<Status>) -> (&str, u64) {
    let place = status.quote.citation();
    (place.path(), place.line())
}

/// One of the clusters that meet: who says to be of it, and whom others name as of it.
#[derive(Default)]
struct Side {
    writers: BTreeSet<MemberAt>,
    peers: BTreeSet<MemberAt>,
}

impl Side {
    fn size(&self) -> usize {
        self.writers.len().max(self.peers.len())
    }

    /// Its members by their own logs, else as others name them.
    fn members(&self) -> BTreeSet<MemberAt> {
        if self.writers.is_empty() { self.peers.clone() } else { self.writers.clone() }
    }
}

fn by_ids(facts: &Facts) -> Option<Draft> {
    let seen: Vec<(&MemberLog, &Sighting)> = facts.sightings(IDS).collect();
    let sides = sides(facts, &seen);
    let right = right_side(facts, &sides);
    let odd: BTreeSet<MemberAt> =
        sides.iter().filter(|(id, _)| Some(*id) != right).flat_map(|(_, side)| side.members()).collect();
    let (log, newest) = seen.iter().map(|(log, s)| (*log, latest(log, s))).reduce(|a, b| if is_later(a.1, b.1, false) { b } else { a })?;
    let (first_log, first) = seen.iter().map(|(log, s)| (*log, earliest(log, s))).reduce(|a, b| if is_later(b.1, a.1, false) { b } else { a })?;
    let is_over = is_over(facts, &odd, log, newest);
    let variant = match (is_over, right) {
        (true, _) => "ids-over",
        (false, Some(_)) => "ids",
        (false, None) => "ids-unclear",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first_log, first));
    for (log, sighting) in &seen {
        draft.show(line_of(facts, log, latest(log, sighting)));
    }
    draft.state = if is_over { State::Recovered } else { State::Active };
    draft.confidence = if right.is_some() && seen.iter().any(|(log, _)| is_asked(facts, log)) {
        Confidence::High
    } else {
        Confidence::Medium
    };
    let missing = expected_of(facts, &odd);
    draft.impact = match () {
        () if is_over || right.is_some() && !odd.is_empty() && odd.iter().all(|at| is_foreign(facts, *at)) => Impact::None,
        () if right.is_none() => Impact::Unknown,
        () => impact_without(facts, &missing),
    };
    draft.members = odd.into_iter().collect();
    let count = seen.iter().map(|(_, s)| s.count).sum::<u64>();
    draft.count = Some(count);
    draft.value("count", count);
    if let Some(id) = right {
        draft.value("cluster", id.escaped());
    }
    if let Some(when) = &newest.as_read {
        draft.value("when", when.escaped());
    }
    draft.first_seen = moment(first);
    draft.last_seen = moment(newest);
    Some(draft)
}

fn sides(facts: &Facts, seen: &[(&MemberLog, &Sighting)]) -> BTreeMap<Untrusted, Side> {
    let mut sides: BTreeMap<Untrusted, Side> = BTreeMap::new();
    for (log, sighting) in seen {
        let peer = sighting.peer_id().and_then(|id| facts.members.iter().position(|m| m.id == Some(id)));
        for (own, other) in &sighting.unequal {
            sides.entry(own.clone()).or_default().writers.extend(log.member);
            sides.entry(other.clone()).or_default().peers.extend(peer);
        }
    }
    sides
}

/// The cluster that is to be kept: the only one with a healthy member, else the one that has more members than any other.
fn right_side<'a>(facts: &Facts, sides: &'a BTreeMap<Untrusted, Side>) -> Option<&'a Untrusted> {
    let is_healthy = |at: &MemberAt| facts.healthy_answer(*at).is_some();
    let mut healthy = sides.iter().filter(|(_, side)| side.writers.iter().any(is_healthy));
    if let (Some((id, _)), None) = (healthy.next(), healthy.next()) {
        return Some(id);
    }
    let most = sides.values().map(Side::size).max().filter(|most| *most > 1)?;
    let mut largest = sides.iter().filter(|(_, side)| side.size() == most);
    match (largest.next(), largest.next()) {
        (Some((id, _)), None) => Some(id),
        _ => None,
    }
}

/// Its own log goes on without it, and everybody is healthy; or nothing was seen of it for long.
fn is_over(facts: &Facts, odd: &BTreeSet<MemberAt>, log: &MemberLog, newest: &Mark) -> bool {
    let serves = |at: &MemberAt| {
        let own = facts.logs.iter().filter(|log| log.member == Some(*at));
        own.flat_map(|log| log.log.sightings().map(move |s| (log, s)))
            .filter(|(_, s)| s.message.id == "serving-published")
            .any(|(log, s)| is_later(newest, latest(log, s), log.log.is_reversed()))
    };
    facts.all_healthy().is_some() && (!is_fresh(facts, log, newest) || !odd.is_empty() && odd.iter().all(serves))
}

/// Places of the members that the cluster counts on which these are: a member made anew has a second row, with its host and another id.
fn expected_of(facts: &Facts, members: &BTreeSet<MemberAt>) -> Vec<MemberAt> {
    facts.expected().filter(|at| members.iter().any(|odd| odd == at || facts.key(*odd) == facts.key(*at))).collect()
}

fn is_foreign(facts: &Facts, at: MemberAt) -> bool {
    facts.is_stranger(at) && expected_of(facts, &BTreeSet::from([at])).is_empty()
}

fn is_asked(facts: &Facts, log: &MemberLog) -> bool {
    log.member.is_some_and(|at| facts.answers_of(at).next().is_some())
}

fn latest<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a Mark {
    if log.log.is_reversed() { &sighting.first } else { &sighting.last }
}

fn earliest<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a Mark {
    if log.log.is_reversed() { &sighting.last } else { &sighting.first }
}
