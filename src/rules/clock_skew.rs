//! `clock.skew`: the clocks of members differ.

use super::{
    Nature, Rule, accusations,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::Facts,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("clock.skew"),
    severity: Severity::Warning,
    reads: &["etcd log"],
    messages: &[MESSAGE],
    explains: &[Code::new("tls.not-yet-valid")],
    nature: Nature::Why,
    decide,
};

/// etcd 2.2 and later, from a difference of one second on (`rafthttp/probing_status.go`). Only a member that sees its peer behind
/// itself prints it: a fast member blames innocent peers, a slow one is blamed by the others.
const MESSAGE: &str = "peer-clock-difference";

fn decide(facts: &Facts) -> Ruling {
    let all = accusations::with_message(facts, MESSAGE);
    let Some(first) = all.first() else {
        return if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    let mut named = accusations::odd_ones(&all);
    // Of two members nothing tells which clock is right.
    let is_pair = facts.voters() == Some(2);
    if is_pair {
        named = all.iter().flat_map(|a| [a.by.clone(), a.of.clone()]).flatten().collect();
    }
    let is_over = all.iter().all(|a| accusations::is_long_over(a.log, a.last));
    let variant = match (is_over, is_pair) {
        (true, _) => "over",
        (false, true) => "pair",
        (false, false) => "active",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    accusations::describe(facts, &mut draft, &all, &named);
    draft.confidence = if draft.links.len() > 1 { Confidence::Medium } else { Confidence::Low };
    draft.impact = Impact::None;
    draft.state = if is_over { State::Recovered } else { State::Active };
    Ruling::Fail(vec![draft])
}
