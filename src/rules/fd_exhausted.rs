//! `fd.exhausted`: etcd may open no more files, and dies of it or does not start.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity},
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

/// Exhausted while it ran, and refused at the start. `fd-80-percent` is a warning ahead of it and none of these.
const MESSAGES: &[&str] = &["fd-exhausted", "fd-exhausted-fatal", "fd-accept-failed", "start-fd-limit"];

fn decide(facts: &Facts) -> Ruling {
    last_words::decide(facts, MESSAGES, RULE.severity)
}
