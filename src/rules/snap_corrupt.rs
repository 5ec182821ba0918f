//! `snap.corrupt`: a snapshot file is empty or damaged.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    last_words::{self, Heals, Search},
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("snap.corrupt"),
    severity: Severity::Critical,
    reads: &["etcd log", "listing of the data directory", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    // Without its newest snapshot etcd looks for the WAL of an older one, which was removed long ago.
    explains: &[
        Code::new("wal.missing"),
        Code::new("snap.missing"),
        Code::new("member.down"),
        Code::new("quorum.lost"),
    ],
    nature: Nature::Why,
    decide,
};

/// What the reader of snapshots says. A file that was put aside as `.broken` earlier is named at each start and is none of these.
const MESSAGES: &[&str] =
    &["snap-empty", "snap-none-usable", "snap-corrupt", "snap-recover-failed", "snap-renamed-broken", "snap-read-failed"];

/// Errors of the file system below: other rules' business.
const BELOW: &[&str] = &["input/output error", "permission denied", "too many open files", "no such file"];

const PUT_ASIDE: &str = "snap-skipped-broken";

fn decide(facts: &Facts) -> Ruling {
    let is_below = |s: &Sighting| s.error.as_ref().is_some_and(|error| BELOW.iter().any(|words| error.raw().contains(words)));
    let is_told = |s: &Sighting| MESSAGES.contains(&s.message.id) && !(s.message.id == "snap-read-failed" && is_below(s));
    let listed = |log: &MemberLog| facts.has_only_broken_snapshots(log.writer.host.as_ref());
    // Files that were put aside are this fault only where no whole one is left.
    let is_it = |log: &MemberLog, s: &Sighting| {
        is_told(s) || s.message.id == PUT_ASIDE && listed(log).is_some()
    };
    let mut drafts = last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false });
    for draft in &mut drafts {
        let hosts = draft.members.iter().filter_map(|at| facts.member(*at)?.host.clone()).chain(draft.others.clone());
        if let Some(quote) = hosts.filter_map(|host| facts.has_only_broken_snapshots(Some(&host))).next() {
            draft.show(Evidence::of(quote.clone()).note("no other snapshot is left"));
            draft.confidence = Confidence::High;
        }
    }
    if drafts.is_empty() {
        drafts.extend(by_listing(facts));
    }
    last_words::ruling(facts, drafts)
}

/// A listing alone, of a member of which nothing says that it is well.
fn by_listing(facts: &Facts) -> Option<Draft> {
    let (host, _) = facts.listings.iter().find(|(host, _)| facts.has_only_broken_snapshots(host.as_ref()).is_some())?;
    let quote = facts.has_only_broken_snapshots(host.as_ref())?;
    let member = host.as_ref().and_then(|host| facts.member_on(host));
    let is_well = facts.all_healthy().is_some() || member.is_some_and(|at| facts.healthy_answer(at).is_some());
    let mut draft = Draft::new("listed", RULE.severity, Evidence::of(quote.clone()).member(host.clone()));
    draft.members = member.into_iter().collect();
    if member.is_none() {
        draft.others = host.clone().into_iter().collect();
    }
    draft.impact = impact_without(facts, &draft.members);
    (!is_well).then_some(draft)
}
