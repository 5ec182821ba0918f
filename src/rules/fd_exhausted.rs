//! `fd.exhausted`: etcd may open no more files, and dies of it or does not start.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Impact, Severity, State},
    facts::Facts,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("fd.exhausted"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
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
    let drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::AtStart, &|s| {
        MESSAGES.contains(&s.message.id) || s.error.as_ref().is_some_and(|error| error.raw().contains(LIMIT))
    });
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    let mut near = last_words::drafts(facts, Severity::Warning, last_words::Heals::Slowly, &|s| s.message.id == NEAR);
    for draft in &mut near {
        draft.impact = Impact::None;
        draft.reword(if draft.state == State::Active { "near" } else { "near-over" });
    }
    last_words::ruling(facts, near)
}
