//! `config.data-dir-locked`: another process holds the data directory.

use super::{
    Nature, Rule,
    draft::Ruling,
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Severity},
    facts::{Facts, MemberLog, is_later},
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

/// etcd's own words, and those on Windows (`fileutil/lock_windows.go`).
const LOCKED: &[&str] = &["file already locked", "another process has locked a portion of the file"];

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: true }))
}

/// Said of the start only after the database was opened: the lock was let go.
const BEHIND: &[&str] = &["identity-name", "identity-data-dir", "member-restarting", "member-forced-restart", "db-opened"];

fn is_it(log: &MemberLog, sighting: &Sighting) -> bool {
    let goes_on = || {
        let reversed = log.log.is_reversed();
        let (held, newest) = if reversed { (&sighting.first, true) } else { (&sighting.last, false) };
        let behind = log.log.sightings().filter(|s| BEHIND.contains(&s.message.id));
        behind.map(|s| if newest { &s.first } else { &s.last }).any(|mark| is_later(held, mark, reversed))
    };
    match sighting.message.id {
        "db-locked" | "db-waiting-for-exit" => !goes_on(),
        id if MESSAGES.contains(&id) => true,
        id => PARTLY.contains(&id) && sighting.error.as_ref().is_some_and(|error| LOCKED.iter().any(|words| error.raw().contains(words))),
    }
}
