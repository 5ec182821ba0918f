//! `snap.corrupt`: a snapshot file is empty or damaged.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("snap.corrupt"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
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

fn decide(facts: &Facts) -> Ruling {
    let is_below = |s: &Sighting| s.error.as_ref().is_some_and(|error| BELOW.iter().any(|words| error.raw().contains(words)));
    let is_it = |s: &Sighting| MESSAGES.contains(&s.message.id) && !(s.message.id == "snap-read-failed" && is_below(s));
    last_words::ruling(facts, last_words::drafts(facts, RULE.severity, last_words::Heals::AtStart, &is_it))
}
