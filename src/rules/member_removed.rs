//! `member.removed`: a member that the cluster removed still runs, or starts again and again.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of, moment},
    last_words::{self, Heals, Search, is_fresh},
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::{Facts, MemberAt, MemberLog, is_later},
    messages::Class,
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("member.removed"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl member list"],
    messages: &["peer-says-removed", "data-dir-must-go", REJECTED],
    // It is no voter any more: a quorum that is lost is lost for another reason.
    explains: &[Code::new("member.down"), Code::new("net.partition")],
    nature: Nature::Why,
    decide,
};

/// What the removed member itself is told.
const TOLD: &[&str] = &["peer-says-removed", "data-dir-must-go"];

/// What the others say of one that still knocks.
const REJECTED: &str = "peer-removed-rejected";

/// What a peer answers to one that was removed; it stands in the reason why a link is lost.
const TOLD_IN_ERRORS: &str = "the member has been permanently removed from the cluster";

fn decide(facts: &Facts) -> Ruling {
    let told = |s: &Sighting| s.error.as_ref().is_some_and(|error| error.raw().contains(TOLD_IN_ERRORS));
    let is_it = |_: &MemberLog, s: &Sighting| TOLD.contains(&s.message.id) || s.message.class == Class::PeerDown && told(s);
    let mut drafts = last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false });
    for draft in &mut drafts {
        // What a removed member does or does not costs no client anything.
        draft.impact = Impact::None;
    }
    by_others(facts, &mut drafts);
    last_words::ruling(facts, drafts)
}

/// Peers that refuse a removed member: more evidence for what its own log says, or the only one.
fn by_others(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (log, sighting) in facts.sightings(REJECTED) {
        let Some(id) = sighting.peer_id() else { continue };
        let Some(at) = facts.members.iter().position(|m| m.id == Some(id)) else { continue };
        if let Some(draft) = drafts.iter_mut().find(|d| d.members.contains(&at)) {
            draft.show(line_of(facts, log, &sighting.last));
            draft.seen_by.extend(log.member.filter(|by| !draft.seen_by.contains(by)));
            draft.confidence = Confidence::High;
            continue;
        }
        drafts.push(rejected(facts, log, sighting, at));
    }
}

fn rejected(facts: &Facts, log: &MemberLog, sighting: &Sighting, at: MemberAt) -> Draft {
    let reversed = log.log.is_reversed();
    let (first, last) = if reversed { (&sighting.last, &sighting.first) } else { (&sighting.first, &sighting.last) };
    let came_up = log.log.sightings().filter(|s| s.message.class == Class::PeerUp && s.peer == sighting.peer);
    let is_back = came_up.into_iter().any(|s| is_later(last, if reversed { &s.first } else { &s.last }, reversed));
    let is_over = is_back || !is_fresh(facts, log, last);
    let mut draft = Draft::new(if is_over { "rejected-over" } else { "rejected" }, RULE.severity, line_of(facts, log, first));
    draft.show(line_of(facts, log, last));
    for removal in log.log.sightings().filter(|s| s.message.id == "member-removed") {
        draft.show(line_of(facts, log, &removal.last));
    }
    draft.state = if is_over { State::Recovered } else { State::Active };
    draft.impact = Impact::None;
    draft.members = vec![at];
    draft.seen_by = log.member.into_iter().collect();
    draft.count = Some(sighting.count);
    draft.value("count", sighting.count);
    if let Some(when) = &last.as_read {
        draft.value("when", when.escaped());
    }
    draft.first_seen = moment(first);
    draft.last_seen = moment(last);
    draft
}
