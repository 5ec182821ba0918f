//! `snap.missing`: a snapshot that the write-ahead log needs is not there.

use super::{
    Nature, Rule,
    draft::Ruling,
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("snap.missing"),
    severity: Severity::Critical,
    reads: &["etcd log", "listing of the data directory", "etcdctl cluster-health or endpoint health"],
    messages: &["snap-db-missing", "snap-db-not-found", "db-index-older", WAL_NOT_FOUND],
    explains: &[Code::new("wal.missing"), Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// Without a snapshot etcd looks for the write-ahead log from its first entry on, and misses that in place of the snapshot.
const WAL_NOT_FOUND: &str = "wal-file-not-found";

fn decide(facts: &Facts) -> Ruling {
    let listing = |log: &MemberLog| facts.lacks_snapshots(&last_words::host(facts, log)?);
    let is_it = |log: &MemberLog, s: &Sighting| is_missing(s) || s.message.id == WAL_NOT_FOUND && listing(log).is_some();
    let search = Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false };
    let mut drafts = last_words::search(facts, &search);
    for draft in &mut drafts {
        let hosts = draft.members.iter().filter_map(|at| facts.member(*at)?.host.clone()).chain(draft.others.clone());
        if let Some(quote) = hosts.filter_map(|host| facts.lacks_snapshots(&host)).next() {
            draft.show(Evidence::of(quote.clone()).note("the first write-ahead log that is left, and no snapshot before it"));
            draft.confidence = Confidence::High;
        }
    }
    last_words::ruling(facts, drafts)
}

fn is_missing(s: &Sighting) -> bool {
    match s.message.id {
        // `recovering backend from snapshot` has other errors too; the file that does not exist is this one.
        "snap-db-missing" => s.error.as_ref().is_none_or(|error| ["exist", "does not match"].iter().any(|words| error.raw().contains(words))),
        "snap-db-not-found" | "db-index-older" => true,
        _ => false,
    }
}
