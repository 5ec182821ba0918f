//! `snap.corrupt`: a snapshot file is empty or damaged.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
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
const MESSAGES: &[&str] = &["snap-empty", "snap-none-usable", "snap-corrupt", "snap-recover-failed"];

fn decide(facts: &Facts) -> Ruling {
    last_words::decide(facts, MESSAGES, RULE.severity)
}
