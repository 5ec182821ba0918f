//! `db.corrupt`: the backend file (bbolt) is damaged, and etcd panics over it.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("db.corrupt"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    // Two members whose hashes differ, of which one has a damaged file: the damage is the reason.
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("data.inconsistent")],
    nature: Nature::Why,
    decide,
};

/// The file is not there at all, though a snapshot counts on it.
const ABSENT: &str = "db-file-missing";

/// bbolt's own panics, and what etcd says where the file holds something else than it must.
const MESSAGES: &[&str] = &[
    "db-page-freed",
    "db-page-damaged",
    "db-fault",
    "db-restore-failed",
    "db-revision-missing",
    "db-revision-backwards",
    "db-event-unreadable",
    "db-bucket-missing",
    "db-open-failed",
    ABSENT,
    "db-defrag-panic",
    "db-meta-invalid",
];

/// Errors of bbolt about the file itself when it is opened (bbolt errors.go, db.go); a lock, a missing right or a full disk are others.
const DAMAGE: &[&str] = &["invalid database", "checksum", "file size too small", "version mismatch", "invalid page", "invalid meta"];

/// A damaged page is found when it is touched: etcd may start and serve for a while.
fn decide(facts: &Facts) -> Ruling {
    let mut drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::Slowly, &is_damage);
    if facts.sightings(ABSENT).next().is_some() {
        drafts.iter_mut().for_each(|draft| draft.reword_active("absent"));
    }
    last_words::ruling(facts, drafts)
}

fn is_damage(s: &Sighting) -> bool {
    let says = |word: &str| s.error.as_ref().is_some_and(|error| error.raw().contains(word));
    match s.message.id {
        "db-open-failed" => DAMAGE.iter().any(|word| says(word)),
        id => MESSAGES.contains(&id),
    }
}
