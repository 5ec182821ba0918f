//! `load.large-request`: single requests are larger than the limit.

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
    code: Code::new("load.large-request"),
    severity: Severity::Warning,
    reads: &["etcd log", "a client's log", "metrics"],
    messages: MESSAGES,
    explains: &[],
    nature: Nature::Why,
    decide,
};

const MESSAGES: &[&str] = &["client-request-too-large"];

/// InvalidArgument to a write is mostly a request over `--max-request-bytes` (1.5 MiB by default); an empty key gets it too, and, with
/// authentication switched on, a request without a name.
const REFUSAL: Refusal = Refusal {
    messages: MESSAGES,
    reason: Some(Reason::RequestTooLarge),
    fewest_lines: 1,
    grpc: Some(("InvalidArgument", &["Put", "Txn"])),
    fewest_answers: 3, unless: Some("Authenticate"), 
};

fn decide(facts: &Facts) -> Ruling {
    client_answers::decide(facts, &REFUSAL)
}
