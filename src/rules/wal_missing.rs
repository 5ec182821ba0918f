//! `wal.missing`: etcd did not find the write-ahead log that it needs, and did not start.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("wal.missing"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// etcd's words for it; the catalogue knows the versions.
const MESSAGES: &[&str] = &["wal-file-not-found"];

fn decide(facts: &Facts) -> Ruling {
    last_words::decide(facts, MESSAGES, RULE.severity)
}
