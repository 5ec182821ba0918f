//! `config.data-dir-locked`: another process holds the data directory.

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
    code: Code::new("config.data-dir-locked"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// The database's lock, in two lines up to 3.4.
const MESSAGES: &[&str] = &["db-locked", "db-waiting-for-exit", "wal-locked"];

/// Messages that are this fault only with the right error; what else they say stays trouble that no rule has read.
const PARTLY: &[&str] = &["wal-open-failed", "wal-create-failed", "start-failed"];

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: true }))
}

fn is_it(_: &MemberLog, sighting: &Sighting) -> bool {
    match sighting.message.id {
        id if MESSAGES.contains(&id) => true,
        id => PARTLY.contains(&id) && sighting.error.as_ref().is_some_and(|error| error.raw().contains("file already locked")),
    }
}
