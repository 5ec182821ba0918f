//! `mem.oom`: the kernel killed etcd for want of memory.

use super::{
    Nature, Rule, accusations,
    draft::{Draft, Open, Ruling, cure_lines, line_of, moment},
    page::Values,
    screened,
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Moment, Severity, State},
    facts::{Cure, Facts, MemberLog, Shown},
    parse::{
        logbook::Sighting,
        screens::{Container, Ended, Run},
        services::Service,
    },
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("mem.oom"),
    severity: Severity::Critical,
    reads: &["kernel log", "dmesg", "kubectl describe pod", "docker inspect", "etcd log"],
    // `go-out-of-memory` is read too; no line of it was seen yet.
    messages: &["kernel-oom-killed", "kernel-oom-invoked", "systemd-oom-killed", GROUP],
    explains: &[Code::new("member.down"), Code::new("quorum.lost"), Code::new("leader.flapping")],
    nature: Nature::Why,
    decide,
};

/// The kernel's words with the process that it killed, that it looked for memory for, and Go's own end.
const MESSAGES: &[&str] = &["kernel-oom-killed", "kernel-oom-invoked", "systemd-oom-killed", "go-out-of-memory"];

/// The kernel's words with the group that reached its limit; who of it was killed stands in a later line, if that was sent.
const GROUP: &str = "kernel-oom-group";

/// Programs that are etcd or carry it. The kernel cuts a name after 15 letters.
const ETCD: &[&str] = &["etcd", "k3s", "rke2", "k0s"];

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = Vec::new();
    for log in &facts.logs {
        let names_killed = log.log.sightings().any(|s| s.message.id == "kernel-oom-killed");
        let is_group = |s: &Sighting| s.message.id == GROUP && !names_killed && is_of_etcd(log, s);
        let is_it = |s: &&Sighting| MESSAGES.contains(&s.message.id) && is_etcd(s) || is_group(s);
        let seen: Vec<&Sighting> = log.log.sightings().filter(is_it).collect();
        drafts.extend(draft(facts, log, &seen));
    }
    for (shown, container) in facts.containers() {
        if let Some(ended) = container.ended.as_ref().filter(|ended| ended.by_oom) {
            by_container(facts, shown, container, ended, &mut drafts);
        }
    }
    for (shown, service) in facts.services().filter(|(_, service)| service.by_oom) {
        by_row(facts, shown, service, &mut drafts);
    }
    let of_other = || facts.sightings("kernel-oom-killed").next().is_some();
    match drafts.is_empty() {
        false => Ruling::Fail(drafts),
        true if of_other() => Ruling::Pass,
        true if facts.sightings(GROUP).next().is_some() => Ruling::Unknown(Some(Open {
            variant: "open",
            values: Values::new(),
            missing: vec!["kernel log"],
        })),
        // etcd's own log says nothing when it is killed: only the kernel's could deny it.
        true => Ruling::Unknown(None),
    }
}

fn is_etcd(sighting: &Sighting) -> bool {
    let process = sighting.peer.as_ref().map_or("etcd", |process| process.raw());
    ETCD.iter().any(|name| process.starts_with(name))
}

/// Whether a group or its host is called after etcd, or the group is the unit's.
fn is_of_etcd(log: &MemberLog, sighting: &Sighting) -> bool {
    let host = log.writer.host.as_ref().is_some_and(|host| host.raw().contains("etcd"));
    host || sighting.first.quote.excerpt().raw().contains("etcd")
}

fn draft(facts: &Facts, log: &MemberLog, seen: &[&Sighting]) -> Option<Draft> {
    let reversed = log.log.is_reversed();
    let newest = |s: &Sighting| if reversed { s.first.clone() } else { s.last.clone() };
    let killed = seen.iter().find(|s| s.message.id == "kernel-oom-killed").or(seen.first())?;
    // Who asks for memory is not always who is killed.
    let other = log.log.sightings().any(|s| s.message.id == "kernel-oom-killed");
    if killed.message.id == "kernel-oom-invoked" && other {
        return None;
    }
    let last = newest(killed);
    let host = || log.writer.host.as_ref().and_then(|host| accusations::of_host(facts, host));
    let member = log.member.or_else(host);
    let own = MemberLog { member, ..log.clone() };
    let stands = member.is_some_and(|at| facts.member(at).is_some_and(|m| m.stands_still.is_some()));
    let cure = facts.cure_of_start(&own, &last).filter(|_| !stands);
    let variant = match &cure {
        None => "active",
        Some(Cure::Healthy(_)) => "recovered",
        Some(Cure::Serving(_)) => "restarted",
        Some(Cure::AllHealthy(_)) => "all-healthy",
    };
    let mut draft = Draft::new(variant, RULE.severity, line_of(facts, &own, &last));
    seen.iter().for_each(|s| draft.show(line_of(facts, &own, &s.first)));
    cure.iter().flat_map(cure_lines).for_each(|line| draft.show(line));
    draft.members = member.into_iter().collect();
    if member.is_none() {
        draft.others = log.writer.host.clone().into_iter().collect();
    }
    draft.state = if cure.is_some() { State::Recovered } else { State::Active };
    draft.impact = if cure.is_some() { Impact::None } else { impact_without(facts, &draft.members) };
    draft.confidence = if stands { Confidence::High } else { Confidence::Medium };
    draft.count = Some(killed.count);
    draft.value("count", killed.count);
    if let Some(when) = &last.as_read {
        draft.value("when", when.escaped());
    }
    draft.first_seen = moment(&killed.first);
    draft.last_seen = moment(&last);
    Some(draft)
}

/// `kubectl get pods` while the container has not been started again.
fn by_row(facts: &Facts, shown: &Shown, service: &Service, drafts: &mut Vec<Draft>) {
    let row = Evidence::of(service.quote.clone());
    if let Some(draft) = screened::draft_of(facts, shown, drafts) {
        draft.show(row);
        return;
    }
    let mut draft = Draft::new("container", RULE.severity, row);
    screened::place(facts, shown, &mut draft);
    draft.impact = impact_without(facts, &draft.members);
    draft.confidence = Confidence::Medium;
    drafts.push(draft);
}

/// How the container runtime saw it end: of the kernel's own word only the kernel's log knows more.
fn by_container(facts: &Facts, shown: &Shown, container: &Container, ended: &Ended, drafts: &mut Vec<Draft>) {
    let end = Evidence::of(ended.quote.clone()).member(screened::line_of(facts, shown).member);
    if let Some(draft) = screened::draft_of(facts, shown, drafts) {
        draft.show(end);
        draft.confidence = Confidence::High;
        return;
    }
    let is_back = container.run == Run::Running && container.ready != Some(false);
    let mut draft = Draft::new(if is_back { "container-back" } else { "container" }, RULE.severity, end);
    draft.show(screened::line_of(facts, shown).note("how it is now"));
    screened::place(facts, shown, &mut draft);
    (draft.state, draft.impact) = match is_back {
        true => (State::Recovered, Impact::None),
        false => (State::Active, impact_without(facts, &draft.members)),
    };
    draft.confidence = Confidence::Medium;
    if let Some(restarts) = container.restarts {
        draft.value("restarts", restarts);
    }
    if let Some((when, as_read)) = &ended.at {
        draft.value("when", as_read.escaped());
        let moment = Moment { at: when.instant(), as_read: as_read.clone() };
        (draft.first_seen, draft.last_seen) = (Some(moment.clone()), Some(moment));
    }
    drafts.push(draft);
}
