//! `data.lost`: a member no longer holds what it once acknowledged, because its data directory was wiped or replaced by an older copy.

use super::{Nature, Rule, draft::Ruling, last_words};
use crate::{
    diagnosis::{Code, Severity, State},
    facts::Facts,
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("data.lost"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("leader.flapping")],
    nature: Nature::Why,
    decide,
};

/// raft's panics when the leader counts on entries that the member has not, when the member's own state does, and when entries differ that
/// were agreed on.
const MESSAGES: &[&str] = &["raft-tocommit-out-of-range", "raft-log-gap", "raft-log-conflict", TORN];

/// Its own note of what is agreed on lies in the log whose end is lost: no other copy's.
const TORN: &str = "raft-commit-beyond-log";

/// Members that a cluster has at most, by etcd's advice (FAQ: 7), where their number is not known.
const MOST_VOTERS: usize = 7;

fn decide(facts: &Facts) -> Ruling {
    let wanted = |s: &Sighting| MESSAGES.contains(&s.message.id);
    let mut drafts = last_words::drafts(facts, RULE.severity, last_words::Heals::Slowly, &wanted);
    for draft in &mut drafts {
        let mut seen = facts.logs.iter().filter(|log| log.member.is_some_and(|at| draft.members.contains(&at)) || log.member.is_none());
        let reach = seen.find_map(|log| log.log.sightings().filter(|s| wanted(s)).find_map(|s| Some((s.reach?, s.message.id == TORN))));
        let Some(((asked, held), is_torn)) = reach else {
            draft.reword_active("gap");
            continue;
        };
        draft.value("asked", asked);
        draft.value("held", held);
        draft.numbers.insert("asked_index", i64::try_from(asked).unwrap_or(i64::MAX));
        draft.numbers.insert("last_index", i64::try_from(held).unwrap_or(i64::MAX));
        // A new log begins with one entry for each initial member, or none with `existing`: more than that was once written.
        let fresh = u64::try_from(facts.voters().unwrap_or(MOST_VOTERS)).unwrap_or(0);
        if draft.state == State::Active {
            draft.reword(match is_torn {
                true => "torn",
                false if held <= fresh => "wiped",
                false => "older",
            });
        }
    }
    last_words::ruling(facts, drafts)
}
