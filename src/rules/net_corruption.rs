//! `net.corruption`: bytes between members are altered on the way.

use super::{
    Nature, Rule, accusations,
    draft::{Draft, Ruling, line_of},
};
use crate::{
    diagnosis::{Code, Confidence, Severity},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("net.corruption"),
    severity: Severity::Critical,
    reads: &["etcd log"],
    messages: MESSAGES,
    explains: &[
        Code::new("net.latency"),
        Code::new("net.partition"),
        Code::new("leader.flapping"),
        Code::new("member.lagging"),
        Code::new("member.down"),
        Code::new("quorum.lost"),
    ],
    nature: Nature::Why,
    decide,
};

/// What a member says that took a message and could not make sense of it.
const MESSAGES: &[&str] = &["raft-message-unreadable", "raft-snapshot-message-unreadable"];

/// TCP's checksum lets one in 65 536 altered segments pass, and none is looked at where a card or a virtual one promises to have done so.
/// One such line can be a stranger on the port for peers; broken links to a peer, or several lines, are none.
const FEWEST: u64 = 2;

fn decide(facts: &Facts) -> Ruling {
    let altered = accusations::with_reason(facts, &[Reason::Altered]);
    let is_link = altered.iter().any(|a| a.peer.is_some());
    let unreadable = MESSAGES.iter().flat_map(|id| accusations::with_message(facts, id));
    let accusations: Vec<_> = altered.into_iter().chain(unreadable).collect();
    let Some(first) = accusations.first().filter(|_| is_link || accusations.iter().map(|a| a.count).sum::<u64>() >= FEWEST) else {
        return if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    let named = accusations::odd_ones(&accusations);
    let is_over = accusations.iter().all(|a| accusations::is_long_over(a.log, a.last));
    let variant = if is_over { "over" } else { "active" };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, first.log, first.last));
    // A line of one log cannot tell the way from the other side's memory.
    let is_one_log = accusations.iter().all(|a| std::ptr::eq(a.log, first.log));
    let confidence = if is_one_log { Confidence::Medium } else { Confidence::High };
    draft.confidence = confidence;
    accusations::describe(facts, &mut draft, &accusations, &named);
    // A link that comes up again is what an altered byte leaves behind: it breaks again at the next one.
    accusations::judge(facts, &mut draft, is_over.then(Vec::new));
    draft.confidence = draft.confidence.max(confidence);
    Ruling::Fail(vec![draft])
}
