//! `disk.full`: the file system under etcd's data directory has no space left.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    last_words,
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::Facts,
    parse::{df::FileSystem, logbook::Sighting},
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("disk.full"),
    severity: Severity::Critical,
    reads: &["etcd log", "df", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    // What is written to a full disk is torn: damaged and missing files are its echo.
    explains: &[
        Code::new("wal.corrupt"),
        Code::new("wal.missing"),
        Code::new("snap.corrupt"),
        Code::new("snap.missing"),
        Code::new("db.corrupt"),
        Code::new("member.down"),
        Code::new("quorum.lost"),
    ],
    nature: Nature::Why,
    decide,
};

const MESSAGES: &[&str] = &["disk-full-fatal", "disk-full"];

/// What the kernel says, in whatever message of etcd. `database space exceeded` is the quota and not this.
const NO_SPACE: &str = "no space left on device";

/// Where etcd's data lie unless a flag says otherwise: packages, kubeadm, OpenShift.
const USUAL: &str = "/var/lib/etcd";

fn decide(facts: &Facts) -> Ruling {
    let wanted = |s: &Sighting| MESSAGES.contains(&s.message.id) || s.error.as_ref().is_some_and(|e| e.raw().contains(NO_SPACE));
    let mut drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::AtStart, &wanted);
    let mut known = false;
    for (host, row) in of_etcd(facts) {
        known = true;
        if row.used < 100 {
            continue;
        }
        let member = host.and_then(|host| facts.member_on(host));
        let is_its = |draft: &&mut Draft| match member {
            Some(at) => draft.members.contains(&at),
            None => draft.members.is_empty() && draft.others.iter().all(|other| Some(other) == host),
        };
        if let Some(draft) = drafts.iter_mut().find(is_its) {
            draft.show(Evidence::of(row.quote.clone()).member(host.cloned()));
            draft.confidence = Confidence::High;
            if draft.state == State::Recovered {
                draft.state = State::Active;
                draft.reword("active");
                draft.impact = Impact::None;
            }
        } else {
            drafts.push(by_df(facts, host, row));
        }
    }
    match last_words::ruling(facts, drafts) {
        Ruling::Unknown(_) if known => Ruling::Pass,
        ruling => ruling,
    }
}

/// No line of etcd tells of it, or not yet: the next write does.
fn by_df(facts: &Facts, host: Option<&Untrusted>, row: &FileSystem) -> Draft {
    let variant = if row.inodes { "inodes" } else { "df" };
    let mut draft = Draft::new(variant, Severity::Critical, Evidence::of(row.quote.clone()).member(host.cloned()));
    draft.members = host.and_then(|host| facts.member_on(host)).into_iter().collect();
    if draft.members.is_empty() {
        draft.others = host.cloned().into_iter().collect();
    }
    draft.value("mount", row.mount.escaped());
    let serves = !draft.members.is_empty() && draft.members.iter().all(|at| facts.healthy_answer(*at).is_some());
    if serves {
        draft.severity = Severity::Warning;
    }
    draft.impact = if serves { Impact::None } else { impact_without(facts, &draft.members) };
    draft
}

/// Of each host and each kind of row the file system that holds etcd's data most likely: one that is called after etcd, else the one
/// that lies nearest to the usual place, else the only one that was asked about. Images that are mounted (snaps, CD-ROMs) are always full.
fn of_etcd(facts: &Facts) -> Vec<(Option<&Untrusted>, &FileSystem)> {
    let rows = || facts.file_systems.iter().map(|(host, row)| (host.as_ref(), row));
    let rank = |row: &FileSystem| {
        let mount = row.mount.raw();
        let is_above = mount == "/" || USUAL.strip_prefix(mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match () {
            () if mount.contains("etcd") => 1_000 - mount.len().min(900),
            () if is_above => mount.len(),
            () => 0,
        }
    };
    let mut out: Vec<(Option<&Untrusted>, &FileSystem)> = Vec::new();
    for (host, row) in rows() {
        let mut same = rows().filter(|(other, r)| *other == host && r.inodes == row.inodes);
        let best = same.clone().map(|(_, r)| rank(r)).max().unwrap_or(0);
        let is_alone = same.all(|(_, r)| r.mount == row.mount);
        let is_chosen = if best == 0 { is_alone } else { rank(row) == best };
        if is_chosen && !out.iter().any(|(h, r)| *h == host && r.inodes == row.inodes) {
            out.push((host, row));
        }
    }
    out
}
