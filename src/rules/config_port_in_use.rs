//! `config.port-in-use`: etcd cannot listen where it is told to: the port is taken, or the address is not this host's.

use super::{
    Nature, Rule,
    draft::Ruling,
    last_words::{self, Heals, Search},
    screened,
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("config.port-in-use"),
    severity: Severity::Warning,
    reads: &["etcd log", "ss", "netstat", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// The port is taken, or the address is not one of this host.
const MESSAGES: &[&str] = &["start-port-in-use", "start-cannot-bind"];

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: true });
    for (shown, listener) in facts.listeners() {
        let taken = format!(":{}: bind: address already in use", listener.port);
        let says = |sighting: &Sighting| [&sighting.first, &sighting.last].iter().any(|mark| mark.quote.excerpt().raw().contains(&taken));
        let is_here = |log: &MemberLog| log.writer.host == shown.host || log.member == screened::member_of(facts, shown);
        let is_it = facts.logs.iter().any(|log| is_here(log) && log.log.sightings().any(|s| is_it(log, s) && says(s)));
        if let Some(draft) = screened::draft_of(facts, shown, &mut drafts).filter(|_| is_it) {
            draft.show(screened::line_of(facts, shown).note("who listens there"));
            draft.confidence = Confidence::High;
        }
    }
    last_words::ruling(facts, drafts)
}

fn is_it(_: &MemberLog, sighting: &Sighting) -> bool {
    let says = |words: &str| sighting.error.as_ref().is_some_and(|error| error.raw().contains(words));
    match sighting.message.id {
        // A listener also fails over a name or a certificate file: another fault.
        "start-listener-failed" => says("listen tcp") && !says("lookup") && !says("no such host"),
        id => MESSAGES.contains(&id),
    }
}
