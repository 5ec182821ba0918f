//! `wal.corrupt`: the write-ahead log is there and cannot be read to its end.

use super::{
    Nature, Rule,
    draft::Ruling,
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("wal.corrupt"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: &["wal-unreadable", "wal-repair-failed", "wal-repair-file-failed", "wal-open-failed", "wal-bad-name"],
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// What the reader of the WAL says of content that is not what was written: a checksum, a torn or undecodable record, records that
/// do not belong together (server/storage/wal/{wal,decoder}.go, 2.0 to 3.7).
const DAMAGE: &[&str] =
    &["crc mismatch", "EOF", "max entry size limit", "proto", "conflicting metadata", "snapshot mismatch", "snapshot not found"];

/// Errors of the file system below: other rules' business.
const BELOW: &[&str] = &["no space left", "input/output error", "read-only file system", "permission denied", "too many open files"];

fn decide(facts: &Facts) -> Ruling {
    // Where a whole file is gone, checksums that run from one file to the next do not match either: that is a missing log.
    let is_it = |log: &MemberLog, s: &Sighting| is_damage(s) && last_words::host(facts, log).is_none_or(|host| facts.lacks_wal(&host).is_none());
    let search = Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false };
    last_words::ruling(facts, last_words::search(facts, &search))
}

fn is_damage(s: &Sighting) -> bool {
    let says = |words: &[&str]| s.error.as_ref().is_some_and(|error| words.iter().any(|word| error.raw().contains(word)));
    match s.message.id {
        // Said of content only; an error from below can stand in its words.
        "wal-unreadable" | "wal-repair-failed" | "wal-bad-name" => !says(BELOW),
        "wal-repair-file-failed" | "wal-open-failed" => says(DAMAGE) && !says(BELOW),
        _ => false,
    }
}
