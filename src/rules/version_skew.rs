//! `version.skew`: a program's version does not fit the cluster's, so it ends or its peers refuse it.

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
    code: Code::new("version.skew"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// The refusal of an older program. A start that fails for many reasons is looked at by its error and not listed here.
const MESSAGES: &[&str] = &["start-downgrade"];

/// A joining member whose program does not fit the cluster's version; 2.1 to 2.3 misspell it (`etcdserver/server.go`).
const REFUSED: &[&str] = &["incompatible with current running cluster", "incomptible with current running cluster"];

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false }))
}

fn is_it(_: &MemberLog, sighting: &Sighting) -> bool {
    let says = |words: &&str| sighting.error.as_ref().is_some_and(|error| error.raw().contains(words));
    sighting.message.id == "start-downgrade" || sighting.message.id == "start-failed" && REFUSED.iter().any(says)
}
