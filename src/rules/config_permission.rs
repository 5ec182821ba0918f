//! `config.permission`: etcd may not read or write its data directory or one of its files.

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
    code: Code::new("config.permission"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// Those that say it plainly.
const MESSAGES: &[&str] = &["start-permission"];

/// Messages that are this fault only with the right error; what else they say stays trouble that no rule has read.
const PARTLY: &[&str] = &[
    "start-data-dir-unlisted",
    "start-listener-failed",
    "start-cert-missing",
    "start-https-failed",
    "start-failed",
    "systemd-spawn-failed",
    "wal-open-failed",
    "wal-create-failed",
    "wal-tmpdir-failed",
    "wal-repair-file-failed",
    "db-open-failed",
    "db-rename-failed",
];

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false }))
}

fn is_it(log: &MemberLog, sighting: &Sighting) -> bool {
    match (sighting.message.id, &sighting.error) {
        // 3.3 and older print no more than `open FILE: permission denied`, as any program of a journal may.
        ("start-permission", _) => log.member.is_some() || log.writer.process.as_ref().is_none_or(|p| p.raw().starts_with("etcd")),
        // 3.4 as text names the directory alone. The other reasons for it, a file in its place or a broken disk, are rare.
        ("start-data-dir-unlisted", None) => true,
        // A port below 1024 is refused in these words too.
        (id, Some(error)) => PARTLY.contains(&id) && error.raw().contains("ermission denied") && !error.raw().contains("bind:"),
        _ => false,
    }
}
