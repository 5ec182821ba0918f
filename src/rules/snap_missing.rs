//! `snap.missing`: a snapshot that the write-ahead log needs is not there.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("snap.missing"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: &["snap-db-missing", "snap-db-not-found", "db-index-older"],
    explains: &[Code::new("wal.missing"), Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::drafts(facts, RULE.severity, last_words::Heals::AtStart, &is_missing))
}

fn is_missing(s: &Sighting) -> bool {
    match s.message.id {
        // `recovering backend from snapshot` has other errors too; the file that does not exist is this one.
        "snap-db-missing" => s.error.as_ref().is_none_or(|error| error.raw().contains("exist")),
        "snap-db-not-found" | "db-index-older" => true,
        _ => false,
    }
}
