//! `disk.io-error`: the disk below etcd fails to read or write, or its file system went read-only.

use super::{
    Nature, Rule,
    draft::{Open, Ruling, line_of},
    last_words,
    page::Values,
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::{Mark, Sighting},
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("disk.io-error"),
    severity: Severity::Critical,
    reads: &["etcd log", "kernel log", "df", "etcdctl cluster-health or endpoint health"],
    messages: &["disk-io-error-fatal", "disk-read-only", "kernel-io-error", "kernel-fs-error"],
    explains: &[
        Code::new("wal.corrupt"),
        Code::new("snap.corrupt"),
        Code::new("db.corrupt"),
        Code::new("disk.slow-fsync"),
        Code::new("disk.slow-commit"),
        Code::new("member.down"),
        Code::new("quorum.lost"),
    ],
    nature: Nature::Why,
    decide,
};

/// etcd's own words for it, and what the kernel answered it in whatever message.
const OWN: &[&str] = &["disk-io-error-fatal", "disk-read-only"];
const ERRORS: &[&str] = &[
    "input/output error",
    "read-only file system",
    // EUCLEAN: ext4 and XFS found their own structures damaged. The words before it may speak of space.
    "structure needs cleaning",
    // Storage that went away below the file system, over a network or by a cable.
    "stale file handle",
    "stale NFS file handle",
    "transport endpoint is not connected",
    "no such device",
];

/// The kernel's words.
const KERNEL: &[&str] = &["kernel-io-error", "kernel-fs-error"];

fn decide(facts: &Facts) -> Ruling {
    let own = |s: &Sighting| {
        OWN.contains(&s.message.id) || s.error.as_ref().is_some_and(|e| ERRORS.iter().any(|word| e.raw().contains(word)))
    };
    let mut drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::AtStart, &own);
    let mut open = None;
    for (log, sighting) in KERNEL.iter().flat_map(|id| facts.sightings(id)) {
        let member = log.member.or_else(|| log.writer.host.as_ref().and_then(|host| facts.member_on(host)));
        let host = log.writer.host.as_ref();
        let is_its = |draft: &&mut super::draft::Draft| match member {
            Some(at) => draft.members.contains(&at),
            None => host.is_none() || draft.others.iter().any(|other| Some(other) == host),
        };
        if let Some(draft) = drafts.iter_mut().find(is_its) {
            draft.show(line_of(facts, log, &sighting.last).note("the kernel says so too"));
            draft.confidence = Confidence::High;
        } else {
            open = open.or(Some((log, sighting)));
        }
    }
    // A kernel's line names a device; that etcd's data lie on it takes etcd in the line, or `df`.
    if drafts.is_empty() {
        let is_etcds = |s: &Sighting| KERNEL.contains(&s.message.id) && [&s.first, &s.last].iter().any(|m| names_etcd(facts, m));
        drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::Slowly, &is_etcds);
        for draft in &mut drafts {
            draft.reword_active("kernel");
            draft.members.extend(draft.others.iter().filter_map(|host| facts.member_on(host)));
            if !draft.members.is_empty() {
                draft.others.clear();
            }
        }
    }
    match (last_words::ruling(facts, drafts), open) {
        (Ruling::Pass | Ruling::Unknown(_), Some((log, sighting))) => Ruling::Unknown(Some(question(facts, log, sighting))),
        (ruling, _) => ruling,
    }
}

fn question(facts: &Facts, log: &MemberLog, sighting: &Sighting) -> Open {
    let mut values = Values::new();
    let key = log.member.map(|at| facts.key(at)).or_else(|| log.writer.host.clone());
    values.extend(key.map(|key| ("members", key.escaped().to_string())));
    values.insert("count", sighting.count.to_string());
    Open { variant: "open", values, missing: vec!["df", "etcd log"] }
}

/// Whether a kernel's line is about etcd: it names the process, or the device on which `df` shows etcd's directory.
fn names_etcd(facts: &Facts, mark: &Mark) -> bool {
    let words = mark.quote.excerpt().raw();
    let is_named = |device: &Untrusted| {
        let name = device.raw().rsplit('/').next().unwrap_or_default();
        name.len() > 2 && words.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == name)
    };
    words.contains("comm etcd")
        || facts.file_systems.iter().any(|(_, row)| row.mount.raw().contains("etcd") && is_named(&row.device))
}
