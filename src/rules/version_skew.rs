//! `version.skew`: a program's version does not fit the cluster's, so it ends or its peers refuse it.

use super::{
    Nature, Rule,
    draft::Ruling,
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Impact, Severity, State},
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
const MESSAGES: &[&str] = &[
    "start-downgrade",
    "start-downgrade-join",
    "start-schema-invalid",
    "start-v2-content",
    "start-cluster-version-unfit",
    PEERS,
];

/// What members say whose peers refuse them, or who refuse a peer, for its version.
const PEERS: &str = "peer-version-incompatible";

/// A joining member whose program does not fit the cluster's version; 2.1 to 2.3 misspell it (`etcdserver/server.go`).
const REFUSED: &[&str] = &["incompatible with current running cluster", "incomptible with current running cluster"];

fn decide(facts: &Facts) -> Ruling {
    let search = |is_it, heals| last_words::search(facts, &Search { is_it, severity: RULE.severity, heals, beside: false });
    let mut drafts = search(&is_it, Heals::AtStart);
    if drafts.is_empty() {
        // Both sides of a refused link write such lines; whose program is the odd one they do not say.
        drafts = search(&|_, sighting: &Sighting| sighting.message.id == PEERS, Heals::Slowly);
        for draft in &mut drafts {
            draft.seen_by.append(&mut draft.members);
            draft.others.clear();
            draft.impact = Impact::Unknown;
            draft.reword(if draft.state == State::Active { "peers" } else { "peers-over" });
        }
    }
    last_words::ruling(facts, drafts)
}

fn is_it(_: &MemberLog, sighting: &Sighting) -> bool {
    let says = |words: &&str| sighting.error.as_ref().is_some_and(|error| error.raw().contains(words));
    MESSAGES.contains(&sighting.message.id) && sighting.message.id != PEERS || sighting.message.id == "start-failed" && REFUSED.iter().any(says)
}
