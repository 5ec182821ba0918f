//! `version.known-bug`: this version of etcd has a published defect, and what the evidence shows is what the defect does.

use std::collections::BTreeMap;

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, MemberAt, MemberLog},
    messages::{Class, Reason},
    parse::{etcdctl::AlarmKind, logbook::Sighting, metrics::Metric},
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("version.known-bug"),
    severity: Severity::Critical,
    reads: &["etcdctl endpoint status", "etcd log", "metrics", "etcdctl endpoint hashkv"],
    // `member-record-broken` is read too; no line of it was recorded yet.
    messages: &["members-differ-in-stores", "start-too-many-learners"],
    explains: &[Code::new("data.inconsistent"), Code::new("db.corrupt"), Code::new("wal.corrupt"), Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// Patch releases of a minor series that have a defect: from the first on, and before the one that mends it.
struct Range(u64, u64, std::ops::Range<u64>);

/// A defect that etcd's authors published.
struct Bug {
    /// The sentence of the page when the evidence shows it, and the one by version alone, where its authors advise against the version.
    variant: &'static str,
    note: Option<&'static str>,
    releases: &'static [Range],
    /// Signs of which one of each group must be there.
    signs: &'static [&'static [&'static str]],
    impact: Impact,
}

/// The hashes of members differ at one revision; the alarm is on.
const HASHES: &str = "(hashes)";
const ALARM: &str = "(alarm)";

const DIFFER: &[&str] =
    &[HASHES, ALARM, "corrupt-alarm-raised", "content-differs", "content-check-failed-at-start", "db-txn-failed-midway"];
/// A process that ended without a word, or in the middle of its work.
const CRASH: &[&str] = &["kernel-oom-killed", "systemd-oom-killed", "systemd-main-sigkill", "go-panic", "go-out-of-memory", "db-fault"];
const DEFRAG: &[&str] = &["db-defrag-started", "db-defrag-finished"];
const DAMAGE: &[&str] = &["db-page-freed", "db-page-damaged", "db-restore-failed", "db-revision-missing", "db-revision-backwards"];
const SNAPSHOT: &[&str] = &["snap-receiving", "snap-received", "snap-applied"];
const AUTH: &[&str] = &["auth-enabled", "auth-revision-old", "client-invalid-token", "client-permission"];
const LEASES: &[&str] = &["lease-revoke-failed"];

/// From the change logs of 3.3 to 3.6 and the threads that they name. Here are defects that harm data or stop a cluster, and leave signs.
const BUGS: &[Bug] = &[
    // etcd-io/etcd issue 13766, postmortem v3.5-data-inconsistency: the consistent index was not saved with what it stands for.
    Bug {
        variant: "crash",
        note: Some("crash-note"),
        releases: &[Range(3, 5, 0..3)],
        signs: &[DIFFER, CRASH],
        impact: Impact::DataRisk,
    },
    // Pull requests 14571 and 14733: a member that is added while authentication is on; a crash during a defragmentation.
    Bug {
        variant: "auth-member",
        note: Some("auth-member-note"),
        releases: &[Range(3, 4, 20..22), Range(3, 5, 5..6)],
        signs: &[DIFFER, AUTH, &["member-added"]],
        impact: Impact::DataRisk,
    },
    Bug {
        variant: "defrag-crash",
        note: Some("defrag-crash-note"),
        releases: &[Range(3, 5, 0..6)],
        signs: &[DIFFER, DEFRAG, CRASH],
        impact: Impact::DataRisk,
    },
    // Pull request 11652 (3.3.21, 3.4.8): the index of changes to users was not kept over a restart.
    Bug {
        variant: "auth-index",
        note: None,
        releases: &[Range(3, 2, 0..30), Range(3, 3, 0..21), Range(3, 4, 0..8)],
        signs: &[DIFFER, &["auth-revision-old"]],
        impact: Impact::DataRisk,
    },
    // Pull request 11613 (3.3.19, 3.4.4): writes during a defragmentation.
    Bug {
        variant: "defrag",
        note: None,
        releases: &[Range(3, 3, 0..19), Range(3, 4, 0..4)],
        signs: &[DAMAGE, DEFRAG],
        impact: Impact::Unknown,
    },
    // Pull requests 20650, 20653 and 20659 (3.6.5, 3.5.23, 3.4.38): a snapshot that arrives during a defragmentation.
    Bug {
        variant: "defrag-snapshot",
        note: None,
        releases: &[Range(3, 4, 0..38), Range(3, 5, 0..23), Range(3, 6, 0..5)],
        signs: &[DAMAGE, DEFRAG, SNAPSHOT],
        impact: Impact::Unknown,
    },
    // Pull requests 17864 and 17865 (3.4.32, 3.5.14): a panic during a compaction takes revisions back.
    Bug {
        variant: "compaction",
        note: None,
        releases: &[Range(3, 4, 0..32), Range(3, 5, 0..14)],
        signs: &[&["content-revision-ahead", "db-revision-backwards"], &["go-panic", "kernel-oom-killed"]],
        impact: Impact::DataRisk,
    },
    // Pull requests 11888 and 11924 (3.3.22, 3.4.9): the check of the WAL at a start does not begin where an old file was removed.
    Bug {
        variant: "wal-check",
        note: None,
        releases: &[Range(3, 3, 21..22), Range(3, 4, 8..9)],
        signs: &[&["wal-unreadable"]],
        impact: Impact::Unknown,
    },
    // Pull request 20387 and issue 20340 (3.6.4): a start that reads again how a learner was promoted that has left since.
    Bug {
        variant: "promotion",
        note: None,
        releases: &[Range(3, 6, 0..4)],
        signs: &[&["member-record-broken"]],
        impact: Impact::Unknown,
    },
    // Issue 19557 (3.5.20): a learner's promotion was not kept in the new store, so that 3.6 finds learners.
    Bug {
        variant: "learners",
        note: None,
        releases: &[],
        signs: &[&["start-too-many-learners"]],
        impact: Impact::Unknown,
    },
    // Pull request 20995 (3.5.26) and issue 20793: members that were removed long ago are still in the new store.
    Bug {
        variant: "stores",
        note: None,
        releases: &[],
        signs: &[&["members-differ-in-stores"]],
        impact: Impact::Unknown,
    },
    // Pull requests 13205 and 13206 (3.5.5, 3.4.19), issue 13975: after a start from a snapshot leases cannot be ended.
    Bug {
        variant: "leases",
        note: None,
        releases: &[Range(3, 4, 0..19), Range(3, 5, 0..5)],
        signs: &[LEASES],
        impact: Impact::None,
    },
];

fn decide(facts: &Facts) -> Ruling {
    let versions = versions(facts);
    let (mut drafts, mut is_noted) = (Vec::new(), false);
    for bug in BUGS {
        let affected: Vec<_> = versions.iter().filter(|(version, ..)| bug.has(version)).collect();
        if affected.is_empty() && !bug.releases.is_empty() {
            continue;
        }
        let signs: Option<Vec<Evidence>> = bug.signs.iter().map(|group| sign(facts, group)).collect();
        let by_version = || affected.iter().map(|(_, _, shown)| shown.clone());
        let (variant, lines): (_, Vec<Evidence>) = match (signs, bug.note) {
            (Some(signs), _) => (bug.variant, signs.into_iter().chain(by_version()).collect()),
            // One note says that the version is to be left; a second adds nothing.
            (None, Some(note)) if !is_noted => (note, by_version().collect()),
            (None, _) => continue,
        };
        let is_note = variant != bug.variant;
        is_noted = true;
        let mut lines = lines.into_iter();
        let Some(first) = lines.next() else { continue };
        let mut draft = Draft::new(variant, if is_note { Severity::Info } else { severity_of(bug) }, first);
        lines.take(8).for_each(|line| draft.show(line));
        draft.impact = if is_note { Impact::None } else { bug.impact };
        draft.confidence = Confidence::Medium;
        draft.members = affected.iter().filter_map(|(_, at, _)| *at).collect();
        draft.members.sort_unstable();
        draft.members.dedup();
        if let Some((version, ..)) = affected.first() {
            draft.value("version", version.escaped());
        }
        drafts.push(draft);
    }
    match (drafts.is_empty(), versions.is_empty()) {
        (false, _) => Ruling::Fail(drafts),
        (true, false) => Ruling::Pass,
        (true, true) => Ruling::Unknown(None),
    }
}

/// Leases that stay are a nuisance; what differs or stops is more.
fn severity_of(bug: &Bug) -> Severity {
    if bug.impact == Impact::None { Severity::Warning } else { RULE.severity }
}

impl Bug {
    fn has(&self, version: &Untrusted) -> bool {
        let Some((major, minor, patch)) = release(version.raw()) else { return false };
        self.releases.iter().any(|Range(of, series, patches)| (major, minor) == (*of, *series) && patches.contains(&patch))
    }
}

/// `3.5.1`, `v3.5.1-k3s1`; a version that is cut off is none.
fn release(text: &str) -> Option<(u64, u64, u64)> {
    let mut parts = text.trim_start_matches('v').splitn(3, '.');
    let number = |part: &str| part.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok();
    Some((number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?))
}

/// Versions that members say they run, each with its line: of its status, its newest start, its metrics.
fn versions(facts: &Facts) -> Vec<(Untrusted, Option<MemberAt>, Evidence)> {
    let mut seen: BTreeMap<(Option<MemberAt>, Untrusted), Evidence> = BTreeMap::new();
    let mut note = |version: Untrusted, at: Option<MemberAt>, shown: Evidence| {
        let shown = shown.member(at.map(|at| facts.key(at)));
        seen.entry((at, version)).or_insert(shown);
    };
    for (at, status) in &facts.statuses {
        if let Some(version) = &status.value.version {
            note(version.clone(), Some(*at), Evidence::of(status.quote.clone()));
        }
    }
    for log in &facts.logs {
        let start = log.log.sightings().find(|s| s.message.class == Class::Start && s.message.id != "start-args");
        if let Some((version, start)) = log.log.version.clone().zip(start) {
            note(version, log.member, line_of(facts, log, newest(log, start)));
        }
    }
    for measured in &facts.measured {
        if let Some((version, quote)) = measured.last().and_then(|m| m.label(Metric::ServerVersion, "server_version")) {
            note(version.clone(), measured.member, Evidence::of(quote.clone()));
        }
    }
    seen.into_iter().map(|((at, version), shown)| (version, at, shown)).collect()
}

fn newest<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a crate::parse::logbook::Mark {
    if log.log.is_reversed() { &sighting.first } else { &sighting.last }
}

/// The first of a group of signs that is there.
fn sign(facts: &Facts, group: &[&str]) -> Option<Evidence> {
    group.iter().find_map(|id| match *id {
        HASHES => facts.differing_hashes().map(|(a, _)| Evidence::of(a.quote.clone()).member(Some(facts.key(a.member)))),
        ALARM => {
            let alarm = facts.alarms.iter().find(|alarm| alarm.kind == AlarmKind::Corrupt)?;
            Some(Evidence::of(alarm.quote.clone()).member(alarm.member.map(|at| facts.key(at))))
        }
        "lease-revoke-failed" => {
            let refused = |(log, s): (&MemberLog, &Sighting)| {
                let reasoned = s.reasons.get(&Reason::AuthRefused)?;
                Some(line_of(facts, log, &reasoned.last))
            };
            facts.sightings("lease-revoke-failed").find_map(refused)
        }
        "kernel-oom-killed" => {
            let is_etcd = |s: &Sighting| s.peer.as_ref().is_some_and(|process| process.raw().starts_with("etcd"));
            facts.sightings(id).find(|(_, s)| is_etcd(s)).map(|(log, s)| line_of(facts, log, &s.last))
        }
        id => facts.sightings(id).next().map(|(log, s)| line_of(facts, log, &s.last)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_in_a_defect_s_range_or_not() {
        let crash = BUGS.first().unwrap();
        for (version, has) in [("3.5.0", true), ("3.5.2", true), ("v3.5.1-k3s1", true), ("3.5.3", false), ("3.5", false), ("", false)]
        {
            assert_eq!(crash.has(&version.into()), has, "{version}");
        }
    }

    #[test]
    fn there_are_few_and_each_has_signs() {
        assert!(BUGS.len() <= 12);
        assert!(BUGS.iter().all(|bug| !bug.signs.is_empty() && bug.signs.iter().all(|group| !group.is_empty())));
    }
}
