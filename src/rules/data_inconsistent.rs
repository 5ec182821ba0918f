//! `data.inconsistent`: members hold different content at one revision.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, HashOf, MemberAt, RevisionAt},
    parse::etcdctl::AlarmKind,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("data.inconsistent"),
    severity: Severity::Critical,
    reads: &["etcdctl endpoint hashkv", "etcdctl endpoint status", "etcdctl alarm list", "etcd log", "/health", "/metrics"],
    messages: MESSAGES,
    explains: &[],
    nature: Nature::Why,
    decide,
};

/// What etcd says when its own check finds it, and what clients are told then.
const MESSAGES: &[&str] = &[
    "corrupt-alarm-raised",
    "content-differs",
    "content-revision-ahead",
    "content-check-failed-at-start",
    "health-corrupt-alarm",
    "cluster-corrupt",
    "db-txn-failed-midway",
];

fn decide(facts: &Facts) -> Ruling {
    let (odd, hashed) = by_hashes(facts);
    let (odd_by_revision, revisions) = by_revisions(facts);
    let odd = if odd.is_empty() { odd_by_revision } else { odd };
    // The answers say it more plainly than metrics do.
    let (revisions, entries) = match facts.outrunning_revisions() {
        Some((outrunning, entries)) if revisions.is_empty() => (outrunning, Some(entries)),
        _ => (revisions, None),
    };
    let odd = if odd.is_empty() && entries.is_some() { outnumbered(&revisions) } else { odd };
    let alarms: Vec<_> = facts.alarms.iter().filter(|alarm| alarm.kind == AlarmKind::Corrupt).collect();
    let logged: Vec<_> = MESSAGES.iter().flat_map(|id| facts.sightings(id)).collect();
    let told = facts.errors.iter().filter(|error| error.text.raw().contains("etcdserver: corrupt cluster"));

    let mut shown: Vec<Evidence> = hashed.iter().map(|h| Evidence::of(h.quote.clone()).member(Some(facts.key(h.member)))).collect();
    shown.extend(revisions.iter().map(|r| Evidence::of(r.quote.clone()).member(Some(facts.key(r.member)))));
    shown.extend(alarms.iter().map(|alarm| Evidence::of(alarm.quote.clone()).member(alarm.member.map(|at| facts.key(at)))));
    shown.extend(told.map(|error| Evidence::of(error.quote.clone())));
    shown.extend(logged.iter().map(|(log, sighting)| line_of(facts, log, &sighting.last)));
    let variant = match (hashed.is_empty(), revisions.is_empty(), entries) {
        (false, ..) => "hashes",
        (true, false, None) => "revisions",
        (true, false, Some(_)) => "outrun",
        (true, true, _) => "told",
    };
    let mut shown = shown.into_iter();
    let Some(first) = shown.next() else {
        let compared = facts.comparable_hashes().iter().any(|group| group.first().is_some_and(|first| group.iter().any(|h| h.member != first.member)));
        return if compared { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    let mut draft = Draft::new(variant, Severity::Critical, first);
    shown.take(8).for_each(|evidence| draft.show(evidence));
    // A healthy answer does not cure it: each member is well by itself, with other content.
    draft.impact = Impact::DataRisk;
    if let Some(entries) = entries {
        draft.value("entries", entries);
    }
    if let Some(r) = revisions.first() {
        draft.value("index", r.index);
        let of = |r: &&RevisionAt| format!("{} {}", facts.key(r.member).escaped(), r.revision);
        draft.value("revisions", revisions.iter().collect::<Vec<_>>().iter().map(of).collect::<Vec<_>>().join(", "));
    }
    if let Some(h) = hashed.first() {
        draft.value("revision", h.revision);
        draft.numbers.insert("revision", h.revision);
    }
    draft.members = if odd.is_empty() { alarms.iter().filter_map(|alarm| alarm.member).collect() } else { odd };
    draft.members.sort_unstable();
    draft.members.dedup();
    let kinds = [!hashed.is_empty(), !revisions.is_empty(), !alarms.is_empty(), !logged.is_empty()].into_iter().filter(|seen| *seen).count();
    draft.confidence = if kinds > 1 { Confidence::High } else { Confidence::Medium };
    if let Some((_, sighting)) = logged.first() {
        draft.first_seen = moment(&sighting.first);
        draft.last_seen = moment(&sighting.last);
    }
    Ruling::Fail(vec![draft])
}

/// Those whose revision at one index fewer have, and the revision of each.
fn by_revisions(facts: &Facts) -> (Vec<MemberAt>, Vec<RevisionAt>) {
    let revisions = facts.contradicting_revisions();
    let with = |revision: i64| revisions.iter().filter(|r| r.revision == revision).count();
    let most = revisions.iter().map(|r| with(r.revision)).max().unwrap_or(0);
    let of_most: BTreeSet<i64> = revisions.iter().map(|r| r.revision).filter(|revision| with(*revision) == most).collect();
    let odd = revisions.iter().filter(|r| of_most.len() > 1 || !of_most.contains(&r.revision)).map(|r| r.member).collect();
    (odd, revisions)
}

/// Those whose revision contradicts most others: with three, the one of whom two differ; with two, both.
fn outnumbered(revisions: &[RevisionAt]) -> Vec<MemberAt> {
    let contradicts = |a: &RevisionAt, b: &RevisionAt| a.revision.abs_diff(b.revision) > a.index.abs_diff(b.index) + 10;
    let with = |a: &RevisionAt| revisions.iter().filter(|b| contradicts(a, b)).count();
    let most = revisions.iter().map(with).max().unwrap_or(0);
    revisions.iter().filter(|a| most > 0 && with(a) == most).map(|a| a.member).collect()
}

/// Those whose hash fewer have, and a hash of each kind.
fn by_hashes(facts: &Facts) -> (Vec<MemberAt>, Vec<&HashOf>) {
    for hashes in facts.comparable_hashes() {
        let mut by_hash: BTreeMap<u32, Vec<&HashOf>> = BTreeMap::new();
        for hash in &hashes {
            let same = by_hash.entry(hash.hash).or_default();
            if !same.iter().any(|h| h.member == hash.member) {
                same.push(hash);
            }
        }
        if by_hash.len() < 2 {
            continue;
        }
        let most = by_hash.values().map(Vec::len).max().unwrap_or(0);
        let is_one_right = by_hash.values().filter(|same| same.len() == most).count() == 1;
        let odd = by_hash.values().filter(|same| !is_one_right || same.len() < most).flatten().map(|h| h.member).collect();
        return (odd, by_hash.values().flatten().copied().collect());
    }
    (Vec::new(), Vec::new())
}
