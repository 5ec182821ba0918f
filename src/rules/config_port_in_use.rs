//! `config.port-in-use`: etcd cannot listen where it is told to: the port is taken, or the address is not this host's.

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
    code: Code::new("config.port-in-use"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// The port is taken, or the address is not one of this host.
const MESSAGES: &[&str] = &["start-port-in-use", "start-cannot-bind"];

fn decide(facts: &Facts) -> Ruling {
    last_words::ruling(facts, last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: true }))
}

fn is_it(_: &MemberLog, sighting: &Sighting) -> bool {
    let says = |words: &str| sighting.error.as_ref().is_some_and(|error| error.raw().contains(words));
    match sighting.message.id {
        // A listener also fails over a name or a certificate file: another fault.
        "start-listener-failed" => says("listen tcp") && !says("lookup") && !says("no such host"),
        id => MESSAGES.contains(&id),
    }
}
