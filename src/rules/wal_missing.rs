//! `wal.missing`: etcd did not find the write-ahead log that it needs, and did not start.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("wal.missing"),
    severity: Severity::Critical,
    reads: &["etcd log", "listing of the data directory", "etcdctl cluster-health or endpoint health"],
    messages: &[NOT_FOUND, UNREADABLE, BOOTSTRAPPED],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("member.mismatch")],
    nature: Nature::Why,
    decide,
};

/// etcd's words for it; the catalogue knows the versions.
const NOT_FOUND: &str = "wal-file-not-found";

/// What 3.3 and later say where a file within the sequence is not there: the checksum runs on from one file to the next, and they read all
/// of them before they look for the snapshot's.
const UNREADABLE: &str = "wal-unreadable";

/// What the others say to a member that takes itself for a new one, as etcd does where no write-ahead log is left (`wal.Exist`).
const BOOTSTRAPPED: &str = "start-already-bootstrapped";

fn decide(facts: &Facts) -> Ruling {
    let hole = |log: &MemberLog| facts.lacks_wal(&last_words::host(facts, log)?);
    let is_unreadable = |s: &Sighting| s.message.id == UNREADABLE;
    let is_it = |log: &MemberLog, s: &Sighting| s.message.id == NOT_FOUND || is_unreadable(s) && hole(log).is_some();
    let search = Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false };
    let mut drafts = last_words::search(facts, &search);
    let is_said = facts.sightings(NOT_FOUND).next().is_some();
    for draft in &mut drafts {
        if !is_said {
            draft.value("words", "wal: crc mismatch");
        }
        let hosts = draft.members.iter().filter_map(|at| facts.member(*at)?.host.clone()).chain(draft.others.clone());
        if let Some(quote) = hosts.filter_map(|host| facts.lacks_wal(&host)).next() {
            draft.show(Evidence::of(quote.clone()).note("the file before this one is not there"));
            draft.confidence = Confidence::High;
        }
    }
    drafts.extend(emptied(facts));
    last_words::ruling(facts, drafts)
}

/// Members that lost all of their log, and whom the others tell that they are there already.
fn emptied(facts: &Facts) -> Vec<Draft> {
    let folder = |log: &MemberLog| facts.has_emptied_wal(&last_words::host(facts, log)?);
    let is_it = |log: &MemberLog, s: &Sighting| s.message.id == BOOTSTRAPPED && folder(log).is_some();
    let search = Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false };
    let mut drafts = last_words::search(facts, &search);
    for draft in &mut drafts {
        draft.reword_active("emptied");
        let hosts = draft.members.iter().filter_map(|at| facts.member(*at)?.host.clone()).chain(draft.others.clone());
        if let Some(quote) = hosts.filter_map(|host| facts.has_emptied_wal(&host)).next() {
            draft.show(Evidence::of(quote.clone()).note("no log is listed in this folder"));
            draft.confidence = Confidence::High;
        }
    }
    drafts
}
