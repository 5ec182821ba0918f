//! `fd.exhausted`: etcd may open no more files, and dies of it or does not start, or is about to.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    last_words::{self, Heals},
    screened,
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::Facts,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("fd.exhausted"),
    severity: Severity::Critical,
    reads: &["etcd log", "/proc/PID/limits", "lsof", "etcdctl cluster-health or endpoint health"],
    messages: &["fd-exhausted", "fd-exhausted-fatal", "fd-accept-failed", "start-fd-limit", NEAR],
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// What the kernel says, in whatever message of etcd; of a peer's limit nobody hears in these words.
const LIMIT: &str = "too many open files";

/// The warning ahead of it, from four fifths of the limit on (`etcdserver/metrics.go`, 2.1 to 3.7; looked at every 5 s, later every 10 min).
const NEAR: &str = "fd-80-percent";

/// Exhausted while it ran, and refused at the start.
const MESSAGES: &[&str] = &["fd-exhausted", "fd-exhausted-fatal", "fd-accept-failed", "start-fd-limit"];

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = last_words::drafts(facts, RULE.severity, Heals::AtStart, &|s| {
        MESSAGES.contains(&s.message.id) || s.error.as_ref().is_some_and(|error| error.raw().contains(LIMIT))
    });
    if drafts.is_empty() {
        drafts = last_words::drafts(facts, Severity::Warning, Heals::Slowly, &|s| s.message.id == NEAR);
        for draft in &mut drafts {
            draft.impact = Impact::None;
            draft.reword(if draft.state == State::Active { "near" } else { "near-over" });
        }
    }
    by_count(facts, &mut drafts);
    last_words::ruling(facts, drafts)
}

/// Share of the limit, in percent, from which on the next burst of clients meets it, well above the four fifths at which etcd warns.
const FULL: u64 = 95;

/// How many files are open, of how many, by the host's own tools. The limit alone shows nothing; beside etcd's words it shows the number.
fn by_count(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (shown, files) in facts.open_files() {
        // `ulimit` tells of the shell in which it was typed.
        let Some(limit) = files.limit.filter(|_| !files.of_shell) else { continue };
        let line = screened::line_of(facts, shown).note("the limit");
        if let Some(draft) = screened::draft_of(facts, shown, drafts) {
            draft.show(line);
            continue;
        }
        let mut counts = facts.open_files().filter(|(other, _)| other.host == shown.host);
        let Some((counted, open)) = counts.find_map(|(other, files)| Some((other, files.open?))) else { continue };
        if open.saturating_mul(100) < limit.saturating_mul(FULL) {
            continue;
        }
        let mut draft = Draft::new("at-limit", Severity::Warning, screened::line_of(facts, counted));
        draft.show(line);
        screened::place(facts, shown, &mut draft);
        draft.confidence = Confidence::Medium;
        let serves = !draft.members.is_empty() && draft.members.iter().all(|at| facts.healthy_answer(*at).is_some());
        draft.impact = if serves { Impact::None } else { Impact::Unknown };
        draft.value("open", open);
        draft.value("limit", limit);
        drafts.push(draft);
    }
}
