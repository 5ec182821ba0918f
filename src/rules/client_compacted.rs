//! `client.compacted`: clients ask for revisions that were compacted.

use super::{
    Nature, Rule,
    client_answers::{self, Refusal},
    draft::Ruling,
};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("client.compacted"),
    severity: Severity::Warning,
    reads: &["etcd log", "a client's log", "metrics"],
    messages: MESSAGES,
    explains: &[],
    nature: Nature::Why,
    decide,
};

const MESSAGES: &[&str] = &["client-compacted"];

/// gRPC code OutOfRange is also a revision of the future (`rpctypes`), which a client gets from a member behind the others: rarer by far.
const REFUSAL: Refusal = Refusal {
    messages: MESSAGES,
    reason: Some(Reason::Compacted),
    fewest_lines: 1,
    grpc: Some(("OutOfRange", &["Range"])),
    fewest_answers: 3, unless: None, 
};

fn decide(facts: &Facts) -> Ruling {
    client_answers::decide(facts, &REFUSAL)
}
