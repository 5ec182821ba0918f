//! `client.auth`: clients are refused: unknown, with a wrong password or token, or without permission.

use super::{
    Nature, Rule,
    client_answers::{self, Refusal},
    draft::{Open, Ruling},
    page::Values,
};
use crate::{
    diagnosis::{Code, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("client.auth"),
    severity: Severity::Warning,
    reads: &["etcd log", "a client's log", "metrics"],
    messages: MESSAGES,
    // Who is refused asks for a new token each time, and that is a check of a password.
    explains: &[Code::new("client.lease"), Code::new("load.auth-bcrypt")],
    nature: Nature::Why,
    decide,
};

const MESSAGES: &[&str] = &[
    "client-auth-failed",
    "client-auth-invalid-request",
    "client-invalid-token",
    "client-permission",
    "auth-revision-old",
    "auth-token-unreadable",
    "auth-v2-password",
];

/// A password is mistyped at times; a client that is configured wrongly tries again and again. A token that etcd does not know stops
/// even the revoking of leases.
const REFUSAL: Refusal =
    Refusal { messages: MESSAGES, reason: Some(Reason::AuthRefused), fewest_lines: 2, grpc: Some(("PermissionDenied", &[])), fewest_answers: 3, unless: None, };

fn decide(facts: &Facts) -> Ruling {
    let ruling = client_answers::decide(facts, &REFUSAL);
    let is_unnamed = facts.answered_failures().iter().any(|failure| client_answers::is_own(facts, failure));
    match ruling {
        Ruling::Pass | Ruling::Unknown(_) if is_unnamed => Ruling::Unknown(Some(Open {
            variant: "unnamed",
            values: Values::new(),
            missing: vec!["etcdctl with a user name: collect --user"],
        })),
        ruling => ruling,
    }
}
