//! `wal.missing`: etcd did not find the write-ahead log that it needs, and did not start.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, cure_lines, journal_around, line_of, moment},
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::{Cure, Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("wal.missing"),
    severity: Severity::Critical,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// etcd's words for it; the catalogue knows the versions.
const MESSAGE: &str = "wal-file-not-found";

fn decide(facts: &Facts) -> Ruling {
    let drafts: Vec<Draft> = facts.sightings(MESSAGE).map(|(log, sighting)| draft(facts, log, sighting)).collect();
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) }
}

fn draft(facts: &Facts, log: &MemberLog, sighting: &Sighting) -> Draft {
    let last = if log.log.is_reversed() { &sighting.first } else { &sighting.last };
    let cure = facts.cure_of_start(log, last);
    let variant = match &cure {
        None => "active",
        Some(Cure::Healthy(_)) => "recovered",
        Some(Cure::Serving(_)) => "restarted",
        Some(Cure::AllHealthy(_)) => "all-healthy",
    };
    let mut draft = Draft::new(variant, Severity::Critical, line_of(facts, log, &sighting.first));
    if sighting.count > 1 {
        draft.show(line_of(facts, log, &sighting.last));
    }
    cure.iter().flat_map(cure_lines).for_each(|line| draft.show(line));
    draft.state = if cure.is_some() { State::Recovered } else { State::Active };
    draft.members = log.member.into_iter().collect();
    if log.member.is_none() {
        draft.others = log.writer.host.clone().into_iter().collect();
    }
    draft.impact = match cure {
        Some(_) => Impact::None,
        None => impact_without(facts, &draft.members),
    };
    // The line is etcd's own and says it plainly; that the member is down by another kind of evidence makes it sure.
    let is_seen_down = log.member.is_some_and(|at| {
        facts.member(at).is_some_and(|m| m.stands_still.is_some()) || facts.answers_of(at).next().is_some()
    });
    draft.confidence = if is_seen_down { Confidence::High } else { Confidence::Medium };
    draft.first_seen = moment(&sighting.first);
    draft.last_seen = moment(&sighting.last);
    draft.count = Some(sighting.count);
    draft.value("count", sighting.count);
    if let Some(when) = &last.as_read {
        draft.value("when", when.escaped());
    }
    if let Some(command) = journal_around(last) {
        draft.value("around", command);
    }
    if let Some(members) = facts.voters() {
        draft.value("voters", members);
    }
    if let Some(host) = log.writer.host.as_ref() {
        draft.value("host", host.escaped());
    }
    draft
}
