//! `member.lagging`: a follower is so far behind that it is sent the whole database, or its answers do not leave.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    accusations::is_long_over,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Health, Known, MemberAt, MemberLog, is_later},
    messages::Class,
    parse::{
        etcdctl::Status,
        logbook::{Mark, Sighting},
        metrics::Metric,
    },
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("member.lagging"),
    severity: Severity::Warning,
    reads: &["etcdctl endpoint status of all members", "metrics", "etcd log"],
    messages: &[],
    explains: &[],
    nature: Nature::That,
    decide,
};

/// Entries that a leader keeps for followers which are behind (`DefaultSnapshotCatchUpEntries`, all versions: 5000); whoever is further
/// behind is sent the whole database.
const FAR_BEHIND: u64 = 5000;

/// Entries by which answers of one command differ in a cluster that keeps up: each member is asked a moment later than the one before.
const CLOSE: u64 = 1000;

/// Snapshots to one follower that are no return or repair of a member.
const MANY_SNAPSHOTS: u64 = 3;

/// How old the last of several snapshots may be to count as the present.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

/// Kinds of raft's messages that only a follower sends: its answers.
const ANSWERS: &[&str] = &["MsgAppResp", "MsgHeartbeatResp"];

/// Answers that were dropped from which on it is no moment.
const MANY_DROPPED: u64 = 2;

fn decide(facts: &Facts) -> Ruling {
    let drafts: Vec<Draft> = (0..facts.members.len()).filter_map(|at| judge(facts, at)).collect();
    let others = facts.logs.iter().filter(|log| log.member.is_none()).filter_map(|log| by_dropped(facts, log));
    let drafts: Vec<Draft> = drafts.into_iter().chain(others).collect();
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    let is_compared = statuses_by_text(facts).values().any(|same| same.len() > 1);
    if is_compared { Ruling::Pass } else { Ruling::Unknown(None) }
}

/// Snapshots that went to a member.
struct Snapshots<'a> {
    count: u64,
    seen: Vec<(&'a MemberLog, &'a Sighting)>,
}

fn judge(facts: &Facts, at: MemberAt) -> Option<Draft> {
    if facts.is_stranger(at) || is_gone(facts, at) {
        return None;
    }
    let snapshots = snapshots(facts, at);
    let gap = gap(facts, at);
    let is_leader = facts.member(at).and_then(|m| m.leader.as_ref()).is_some_and(|leads| leads.value);
    if let Some((behind, lines)) = unapplied(facts, at).or(gap.clone()).filter(|(behind, _)| *behind > FAR_BEHIND && !is_leader) {
        let mut draft = Draft::new("behind", RULE.severity, lines.first()?.clone());
        lines.into_iter().for_each(|line| draft.show(line));
        draft.value("behind", behind);
        draft.numbers.insert("entries_behind", i64::try_from(behind).unwrap_or(i64::MAX));
        draft.confidence = if snapshots.count > 0 { Confidence::High } else { Confidence::Medium };
        return Some(told(facts, at, draft, &snapshots));
    }
    let own = facts.logs.iter().filter(|log| log.member == Some(at)).find_map(|log| by_dropped(facts, log));
    if own.is_some() {
        return own;
    }
    by_snapshots(facts, at, &snapshots, gap)
}

/// It was sent the whole database, once where it stays bad, or again and again.
fn by_snapshots(facts: &Facts, at: MemberAt, snapshots: &Snapshots<'_>, gap: Option<(u64, Vec<Evidence>)>) -> Option<Draft> {
    let (log, newest) = snapshots.seen.first()?;
    if snapshots.count < MANY_SNAPSHOTS && is_joining(facts, at) {
        return None;
    }
    let is_healthy = facts.healthy_answer(at).is_some();
    let is_close = gap.as_ref().map(|(behind, _)| *behind <= CLOSE);
    let is_asked = facts.health.iter().any(|answer| answer.health == Health::Healthy);
    // Each snapshot after the first says that it had caught up and fell behind once more: a good answer in between ends nothing.
    let is_again = snapshots.count >= MANY_SNAPSHOTS && is_recent(facts, last_of(log, newest));
    let is_well = is_healthy && is_close != Some(false) && !is_again;
    let is_over = is_well || is_long_over(log, last_of(log, newest));
    let is_bad = is_close == Some(false) || is_dropped_to(facts, at) || is_asked && !is_healthy || snapshots.count >= MANY_SNAPSHOTS;
    if !is_over && !is_bad {
        return None;
    }
    let variant = match (is_over, snapshots.count >= MANY_SNAPSHOTS) {
        (true, _) => "caught-up",
        (false, true) => "snapshots",
        (false, false) => "snapshot",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, log, last_of(log, newest)));
    if let Some((behind, lines)) = gap.filter(|_| !is_over) {
        lines.into_iter().for_each(|line| draft.show(line));
        draft.value("behind", behind);
    }
    let cure = facts.healthy_answer(at).filter(|_| is_over).map(|answer| Evidence::of(answer.quote.clone()));
    cure.into_iter().for_each(|line| draft.show(line));
    draft.state = if is_over { State::Recovered } else { State::Active };
    draft.confidence = Confidence::Medium;
    Some(told(facts, at, draft, snapshots))
}

/// Whether something was last seen within ten minutes of the end of the evidence (`docs/contracts.md`, "recovered").
fn is_recent(facts: &Facts, last: &Mark) -> bool {
    let end = facts.collected.as_ref().map(|(when, _)| *when);
    end.zip(last.when).and_then(|(end, last)| end.difference(&last)).is_some_and(|since| since <= RECENT)
}

fn told(facts: &Facts, at: MemberAt, mut draft: Draft, snapshots: &Snapshots<'_>) -> Draft {
    for (log, sighting) in snapshots.seen.iter().take(4) {
        draft.show(line_of(facts, log, &sighting.first));
        draft.show(line_of(facts, log, &sighting.last));
    }
    draft.value("count", snapshots.count);
    if snapshots.count > 0 {
        draft.count = Some(snapshots.count);
    }
    if let Some((log, sighting)) = snapshots.seen.first() {
        draft.first_seen = moment(if log.log.is_reversed() { &sighting.last } else { &sighting.first });
        draft.last_seen = moment(last_of(log, sighting));
    }
    draft.members = vec![at];
    draft.impact = if draft.state == State::Active { Impact::Degraded } else { Impact::None };
    draft
}

fn last_of<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a Mark {
    if log.log.is_reversed() { &sighting.first } else { &sighting.last }
}

/// Sent by others, or received by itself: the larger count of the two, for both tell of the same ones.
fn snapshots(facts: &Facts, at: MemberAt) -> Snapshots<'_> {
    let id = facts.member(at).and_then(|m| m.id);
    let of = |message: &'static str, own: bool| -> Vec<(&MemberLog, &Sighting)> {
        let seen = facts.sightings(message);
        seen.filter(|(log, s)| if own { log.member == Some(at) } else { id.is_some() && s.peer_id() == id }).collect()
    };
    let (sent, received) = (of("snap-sending", false), of("snap-receiving", true));
    let count = |seen: &[(&MemberLog, &Sighting)]| seen.iter().map(|(_, s)| s.count).sum::<u64>();
    let count = count(&sent).max(count(&received));
    Snapshots { count, seen: received.into_iter().chain(sent).collect() }
}

/// Whether messages to it were dropped, in a log that tells of a snapshot to it too: it takes less than it is sent.
fn is_dropped_to(facts: &Facts, at: MemberAt) -> bool {
    let Some(id) = facts.member(at).and_then(|m| m.id) else { return false };
    facts.logs.iter().filter(|log| log.member != Some(at)).any(|log| {
        let to_it = |message: &'static str| log.log.sightings().filter(move |s| s.message.id == message && s.peer_id() == Some(id));
        to_it("snap-sending").next().is_some() && to_it("peer-send-buffer-full").map(|s| s.count).sum::<u64>() >= MANY_DROPPED
    })
}

/// How far it is behind the furthest, by answers of one command; the answers stand in one text.
fn gap(facts: &Facts, at: MemberAt) -> Option<(u64, Vec<Evidence>)> {
    let mut gaps = Vec::new();
    for same in statuses_by_text(facts).values() {
        let index = |status: &Known<Status>| status.value.index;
        let Some((_, own)) = same.iter().rfind(|(member, _)| *member == at) else { continue };
        let Some((_, most)) = same.iter().filter(|(_, status)| index(status).is_some()).max_by_key(|(_, status)| index(status)) else {
            continue;
        };
        let (Some(own_index), Some(most_index)) = (index(own), index(most)) else { continue };
        let line = |status: &Known<Status>| Evidence::of(status.quote.clone());
        gaps.push((most_index.saturating_sub(own_index), vec![line(own), line(most)]));
    }
    // What all of the texts agree on: one that was asked while it was away for a moment shows more.
    gaps.into_iter().min_by_key(|(behind, _)| *behind)
}

fn statuses_by_text(facts: &Facts) -> BTreeMap<&str, Vec<&(MemberAt, Known<Status>)>> {
    let mut texts: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for row in &facts.statuses {
        texts.entry(row.1.quote.citation().path()).or_default().push(row);
    }
    texts
}

/// What it knows to be committed and has not applied, by its own metrics.
fn unapplied(facts: &Facts, at: MemberAt) -> Option<(u64, Vec<Evidence>)> {
    let own = |at: MemberAt| {
        let sample = facts.measured.iter().find(|m| m.member == Some(at))?.last()?;
        let ((committed, a), (applied, b)) = (sample.gauge(Metric::Committed)?, sample.gauge(Metric::Applied)?);
        let key = Some(facts.key(at));
        let lines = [b, a].map(|quote| Evidence::of(quote.clone()).member(key.clone()));
        // Indexes of raft: whole numbers far below 2^53.
        ((committed - applied) > 0.0).then(|| ((committed - applied) as u64, lines.to_vec()))
    };
    // Where the others do not keep up with applying either, it is the requests that are too many.
    let is_common = (0..facts.members.len()).filter(|other| *other != at).filter_map(own).any(|(behind, _)| behind > FAR_BEHIND);
    own(at).filter(|_| !is_common)
}

/// A follower's own answers to its leader are dropped, though the connection is there.
fn by_dropped(facts: &Facts, log: &MemberLog) -> Option<Draft> {
    let is_answer = |s: &&Sighting| s.message.id == "peer-send-buffer-full" && s.kinds.iter().any(|kind| ANSWERS.contains(&kind.raw()));
    let dropped = log.log.sightings().filter(is_answer).max_by_key(|s| s.count).filter(|s| s.count >= MANY_DROPPED)?;
    let is_link_down = log.log.sightings().any(|s| s.message.class == Class::PeerDown && s.peer == dropped.peer);
    if is_link_down || is_long_over(log, last_of(log, dropped)) || facts.all_healthy().is_some() {
        return None;
    }
    let mut draft = Draft::new("dropped", RULE.severity, line_of(facts, log, &dropped.first));
    draft.show(line_of(facts, log, &dropped.last));
    draft.value("count", dropped.count);
    draft.count = Some(dropped.count);
    draft.members = log.member.into_iter().collect();
    if log.member.is_none() {
        draft.others = log.writer.host.clone().into_iter().collect();
    }
    draft.confidence = Confidence::Low;
    draft.impact = Impact::Degraded;
    (draft.first_seen, draft.last_seen) = (moment(&dropped.first), moment(last_of(log, dropped)));
    Some(draft)
}

/// Nobody listens there, by the others' logs up to their end: it is gone, not behind.
fn is_gone(facts: &Facts, at: MemberAt) -> bool {
    let Some(member) = facts.member(at) else { return true };
    if member.stands_still.is_some() {
        return true;
    }
    let is_it = |s: &&Sighting| member.id.is_some() && s.peer_id() == member.id;
    member.runs.is_none()
        && facts.logs.iter().filter(|log| log.member != Some(at)).any(|log| {
            let of = |class: Class| log.log.sightings().filter(is_it).filter(move |s| s.message.class == class);
            let Some(refused) = of(Class::PeerDown).find(|s| s.refused > 0) else { return false };
            let last = last_of(log, refused);
            !of(Class::PeerUp).any(|up| is_later(last, last_of(log, up), log.log.is_reversed()))
        })
}

/// A member that just started, for the first time or after a while, or that learns: one snapshot is how it catches up.
fn is_joining(facts: &Facts, at: MemberAt) -> bool {
    let is_learner = facts.member(at).and_then(|m| m.learner.as_ref()).is_some_and(|learns| learns.value);
    let own = facts.logs.iter().filter(|log| log.member == Some(at));
    let started = own.clone().flat_map(|log| log.log.sightings()).filter(|s| s.message.class == Class::Start);
    let received = || own.clone().flat_map(|log| log.log.sightings()).filter(|s| s.message.id == "snap-receiving");
    let is_soon = |start: &Sighting, snap: &Sighting| {
        let between = snap.first.when.zip(start.last.when).and_then(|(snap, start)| snap.difference(&start));
        between.is_some_and(|between| !between.is_negative() && between <= SOON)
    };
    is_learner || started.into_iter().any(|start| received().any(|snap| is_soon(start, snap)))
}

/// From the start of a member to the first snapshot that its leader sends: the connections come up in a second, the snapshot follows.
const SOON: SignedDuration = SignedDuration::from_secs(30);
