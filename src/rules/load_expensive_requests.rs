//! `load.expensive-requests`: large lists make requests slow.

use super::{
    Nature, Rule,
    accusations::is_long_over,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::Facts,
    messages::Reason,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("load.expensive-requests"),
    severity: Severity::Warning,
    reads: &["etcd log", "a client's log"],
    // Slow requests have many causes, and stay trouble where no large answer is among them.
    messages: &[TOO_LARGE],
    explains: &[Code::new("cpu.starvation")],
    nature: Nature::Why,
    decide,
};

/// Messages that carry the size of an answer.
const SIZED: &[&str] = &["apply-too-long", "request-stats"];

/// Slow requests with a large answer from which on it is no single list at a client's start.
const FEWEST: u64 = 10;

/// An answer of so many keys or bytes holds up what waits behind it by itself: a heap of copies, and seconds under the lock.
const HUGE_KEYS: u64 = 100_000;
const HUGE_BYTES: u64 = 32 << 20;

/// What gRPC cannot carry at all, told by etcd, by a client, or in either's error.
const TOO_LARGE: &str = "answer-too-large";

/// A list that is larger than an answer may be fails, again and again.
fn refused(facts: &Facts) -> Option<Draft> {
    let mut draft: Option<Draft> = None;
    let mut count = 0;
    for log in &facts.logs {
        for sighting in log.log.sightings() {
            let reasoned = sighting.reasons.get(&Reason::AnswerTooLarge);
            let seen = if sighting.message.id == TOO_LARGE {
                Some((sighting.count, &sighting.last))
            } else {
                reasoned.map(|reasoned| (reasoned.count, &reasoned.last))
            };
            let Some((lines, last)) = seen else { continue };
            count += lines;
            let line = line_of(facts, log, last);
            let draft = draft.get_or_insert_with(|| Draft::new("refused", RULE.severity, line.clone()));
            draft.show(line);
            draft.last_seen = moment(last);
            draft.impact = Impact::Degraded;
        }
    }
    if let Some(draft) = &mut draft {
        draft.count = Some(count);
        draft.value("count", count);
    }
    draft
}

fn decide(facts: &Facts) -> Ruling {
    match (lists(facts), refused(facts)) {
        (Ruling::Fail(mut drafts), refused) => {
            drafts.extend(refused);
            Ruling::Fail(drafts)
        }
        (_, Some(refused)) => Ruling::Fail(vec![refused]),
        (ruling, None) => ruling,
    }
}

/// Large lists among slow requests.
fn lists(facts: &Facts) -> Ruling {
    let (mut large, mut all, mut draft, mut active) = (0_u64, 0_u64, None::<Draft>, false);
    let mut is_huge = false;
    for log in &facts.logs {
        for sighting in log.log.sightings().filter(|s| SIZED.contains(&s.message.id)) {
            large += sighting.large;
            all += sighting.count;
            let most = sighting.most_keys.as_ref().or(sighting.most_bytes.as_ref());
            let Some((keys, mark)) = most.filter(|_| sighting.large > 0) else { continue };
            let reaches = |most: &Option<(u64, _)>, least| most.as_ref().is_some_and(|(n, _)| *n >= least);
            is_huge |= reaches(&sighting.most_keys, HUGE_KEYS) || reaches(&sighting.most_bytes, HUGE_BYTES);
            active |= !is_long_over(log, &sighting.last);
            let line = line_of(facts, log, mark);
            let draft = draft.get_or_insert_with(|| Draft::new("active", RULE.severity, line.clone()));
            draft.show(line);
            draft.value("keys", keys);
            draft.last_seen = moment(&sighting.last);
        }
    }
    let Some(mut draft) = draft.filter(|_| (large >= FEWEST && large * 4 >= all) || (is_huge && large >= 2)) else {
        return if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    draft.count = Some(large);
    draft.value("count", large);
    draft.value("all", all);
    draft.confidence = Confidence::Medium;
    draft.impact = if active { Impact::Degraded } else { Impact::None };
    draft.state = if active { State::Active } else { State::Recovered };
    Ruling::Fail(vec![draft])
}
