//! `member.down`: a member's process does not run, or nothing in the evidence shows that it runs.

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, cure_lines, line_of, moment},
    screened,
    service::impact_without,
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Failure, Health, Known, MemberAt, MemberLog, is_later, sign_of_link},
    messages::{Class, Reason},
    parse::{
        logbook::{Mark, Sighting},
        screens::Run,
    },
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("member.down"),
    severity: Severity::Critical,
    reads: &["etcdctl cluster-health, endpoint health and status", "/health", "ps", "kubectl describe pod", "docker inspect", "etcd log", "systemd's log of the unit"],
    messages: &["systemd-main-sigkill"],
    explains: &[],
    nature: Nature::That,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    let mut drafts: Vec<Draft> = (0..facts.members.len()).filter_map(|at| by_answers(facts, at).or_else(|| by_own_end(facts, at))).collect();
    if facts.health.is_empty() {
        drafts.extend(by_peers(facts));
    }
    if drafts.is_empty() && facts.health.is_empty() {
        drafts.extend((0..facts.members.len()).filter_map(|at| by_snapshots(facts, at)));
    }
    let told: Vec<MemberAt> = drafts.iter().flat_map(|draft| draft.members.clone()).collect();
    drafts.extend((0..facts.members.len()).filter(|at| !told.contains(at)).filter_map(|at| by_its_kill(facts, at)));
    let told: Vec<MemberAt> = drafts.iter().flat_map(|draft| draft.members.clone()).collect();
    drafts.extend((0..facts.members.len()).filter(|at| !told.contains(at)).filter_map(|at| by_list(facts, at)));
    by_container(facts, &mut drafts);
    by_manager(facts, &mut drafts);
    if drafts.is_empty() {
        drafts.extend(by_clients(facts));
    }
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    if facts.all_healthy().is_some() { Ruling::Pass } else { Ruling::Unknown(None) }
}

/// Asked for, it gave no good answer, and its own host does not show that it runs.
fn by_answers(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let member = facts.member(at).filter(|m| m.expected && m.runs.is_none())?;
    if facts.healthy_answer(at).is_some() {
        return None;
    }
    if facts.answers_of(at).any(|answer| answer.is_answer()) {
        return None;
    }
    let key = Some(facts.key(at));
    let refused = facts.answers_of(at).find(|answer| answer.is_refused());
    let answer = refused.or_else(|| facts.answers_of(at).find(|answer| answer.health != Health::Healthy));
    let still = member.stands_still.clone();
    let shown = still.clone().into_iter().chain(answer.map(|a| a.quote.clone()));
    let mut shown = shown.map(|quote| Evidence::of(quote).member(key.clone()));
    let variant = match (&still, refused) {
        (Some(_), _) => "still",
        (None, Some(_)) => "refused",
        (None, None) => "silent",
    };
    // Where nobody answers, the silence of one says nothing of that one.
    if variant == "silent" && !facts.expected().any(|other| facts.healthy_answer(other).is_some()) {
        return None;
    }
    let mut draft = Draft::new(variant, Severity::Warning, shown.next()?);
    shown.for_each(|evidence| draft.show(evidence));
    draft.confidence = match (still.is_some(), refused.is_some()) {
        (true, true) => Confidence::High,
        (false, false) => Confidence::Low,
        _ => Confidence::Medium,
    };
    if let Some((log, mark)) = last_end(facts, at) {
        draft.show(line_of(facts, log, mark).note("the last that its log says"));
        draft.last_seen = moment(mark);
    } else if let Some((log, sighting)) = kill(facts, at) {
        draft.show(line_of(facts, log, newest(log, sighting)).note("what systemd saw last"));
        draft.last_seen = moment(newest(log, sighting));
    }
    Some(placed(facts, draft, vec![at]))
}

/// Its container does not run, or waits for its next start after the last one failed.
fn by_container(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (shown, container) in facts.containers().filter(|(_, container)| container.run == Run::Down) {
        let member = screened::member_of(facts, shown);
        // It answered: what was shown is another container, or another time.
        if member.is_some_and(|at| facts.healthy_answer(at).is_some()) {
            continue;
        }
        let end = container.ended.as_ref().map(|ended| Evidence::of(ended.quote.clone()).note("how it ended last"));
        let probe = container.probe.clone().map(Evidence::of);
        if let Some(draft) = screened::draft_of(facts, shown, drafts) {
            end.into_iter().chain(probe).for_each(|line| draft.show(line));
            continue;
        }
        let mut draft = Draft::new("container", Severity::Warning, screened::line_of(facts, shown));
        end.into_iter().chain(probe).for_each(|line| draft.show(line));
        screened::place(facts, shown, &mut draft);
        if let Some(reason) = &container.reason {
            draft.value("reason", reason.escaped());
        }
        if let Some(restarts) = container.restarts {
            draft.value("restarts", restarts);
        }
        draft.confidence = Confidence::Medium;
        let members = draft.members.clone();
        drafts.push(placed(facts, draft, members));
    }
}

/// systemd, Kubernetes or docker say that it failed, where nothing else tells of that host.
fn by_manager(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (shown, _) in facts.services().filter(|(_, service)| service.failed) {
        let member = screened::member_of(facts, shown).and_then(|at| Some((at, facts.member(at)?)));
        let lives = member.is_some_and(|(at, member)| member.runs.is_some() || facts.healthy_answer(at).is_some());
        // Beside the row of an earlier container there is that of the one that runs.
        let runs = facts.services().any(|(other, service)| service.runs && other.host == shown.host);
        if lives || runs || screened::draft_of(facts, shown, drafts).is_some() {
            continue;
        }
        let mut draft = Draft::new("managed", Severity::Warning, screened::line_of(facts, shown));
        screened::place(facts, shown, &mut draft);
        draft.confidence = Confidence::Medium;
        let members = draft.members.clone();
        drafts.push(placed(facts, draft, members));
    }
}

/// The list of members has it as added and never started: a voter that is missing from its first day on. A learner has no vote.
fn by_list(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let is_true = |known: Option<&Known<bool>>| known.is_some_and(|known| known.value);
    let member = facts.member(at).filter(|m| m.expected && m.runs.is_none() && !is_true(m.learner.as_ref()))?;
    let started = member.started.as_ref().filter(|started| !started.value)?;
    // It may have started since, or tries to.
    let speaks = facts.logs.iter().any(|log| log.member == Some(at) && log.log.understood > 0);
    if speaks || facts.answers_of(at).next().is_some() {
        return None;
    }
    let mut draft = Draft::new("unstarted", Severity::Warning, Evidence::of(started.quote.clone()));
    draft.confidence = Confidence::Medium;
    Some(placed(facts, draft, vec![at]))
}

/// systemd saw it killed, and it is back. A SIGTERM would be somebody's stop; nobody stops etcd by SIGKILL.
fn by_its_kill(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let (log, sighting) = kill(facts, at)?;
    let last = newest(log, sighting);
    let cure = facts.cure_of_start(&MemberLog { member: Some(at), ..log.clone() }, last)?;
    let mut draft = Draft::new("killed-back", Severity::Warning, line_of(facts, log, last));
    cure_lines(&cure).into_iter().for_each(|line| draft.show(line));
    draft.state = State::Recovered;
    draft.confidence = Confidence::Medium;
    draft.count = Some(sighting.count);
    draft.value("count", sighting.count);
    if let Some(when) = &last.as_read {
        draft.value("when", when.escaped());
    }
    (draft.first_seen, draft.last_seen) = (moment(&sighting.first), moment(last));
    Some(placed(facts, draft, vec![at]))
}

/// Where systemd says that the member's process was killed.
fn kill(facts: &Facts, at: MemberAt) -> Option<(&MemberLog, &Sighting)> {
    let is_etcd = |s: &Sighting| s.peer.as_ref().is_some_and(|unit| unit.raw().starts_with("etcd"));
    let is_of = |log: &MemberLog| log.writer.host.as_ref().and_then(|host| facts.member_on(host)) == Some(at);
    facts.sightings("systemd-main-sigkill").find(|(log, s)| is_of(log) && is_etcd(s))
}

/// Its own log ends with a line after which the process ends, and nothing later shows that it came back.
fn by_own_end(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let member = facts.member(at).filter(|m| m.runs.is_none())?;
    // Somebody who is in no member list is not missed by the cluster.
    if facts.healthy_answer(at).is_some() || (facts.membership.is_some() && !member.expected) {
        return None;
    }
    let (log, mark) = last_end(facts, at)?;
    let mut draft = Draft::new("ended", Severity::Warning, line_of(facts, log, mark));
    draft.confidence = Confidence::Medium;
    draft.last_seen = moment(mark);
    draft.first_seen = moment(mark);
    Some(placed(facts, draft, vec![at]))
}

/// The fatal line with which a member's log ends, if no later line shows that it runs again.
fn last_end(facts: &Facts, at: MemberAt) -> Option<(&MemberLog, &Mark)> {
    let own = || facts.logs.iter().filter(move |log| log.member == Some(at));
    let fatal = own().flat_map(|log| log.log.sightings().filter(|s| s.message.fatal).map(move |s| (log, newest(log, s))));
    let (log, mark) = fatal.reduce(|a, b| if is_later(a.1, b.1, a.0.log.is_reversed()) { b } else { a })?;
    let goes_on = own().any(|log| {
        let lives = |s: &&Sighting| matches!(s.message.class, Class::Serving | Class::PeerUp) || s.message.id.starts_with("raft-became");
        log.log.sightings().filter(lives).any(|s| is_later(mark, newest(log, s), log.log.is_reversed()))
    });
    (!goes_on).then_some((log, mark))
}

fn newest<'a>(log: &MemberLog, sighting: &'a Sighting) -> &'a Mark {
    if log.log.is_reversed() { &sighting.first } else { &sighting.last }
}

/// What its peers' logs say, where nobody was asked: connections refused up to the end, and none that came up later.
fn by_peers(facts: &Facts) -> Vec<Draft> {
    (0..facts.members.len()).filter_map(|at| by_peers_of(facts, at)).collect()
}

fn by_peers_of(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let id = facts.member(at).filter(|m| m.runs.is_none())?.id?;
    let is_it = |s: &&Sighting| s.peer_id() == Some(id);
    let own = || facts.logs.iter().filter(|log| log.member == Some(at) && log.log.understood > 0);
    // A log of its own that ends before the others' complaints is no sign of life at their time.
    let goes_on = |last: &Mark| own().any(|log| Facts::end_of(&log.log).is_none_or(|end| !is_later(end, last, false)));
    let others = || facts.logs.iter().filter(|log| log.member != Some(at));
    let of_peer = || others().flat_map(|log| log.log.sightings().filter(is_it).map(move |s| (log, s)));
    let told = others().filter_map(|log| {
        let refused = log.log.sightings().filter(is_it).filter(|s| s.message.class == Class::PeerDown && s.refused > 0);
        let sighting = refused.max_by_key(|s| s.refused)?;
        let last = newest(log, sighting);
        let back = of_peer().find(|(other, s)| sign_of_link(other, s, last).is_some());
        // Its own log is better evidence than what others say of it.
        (back.is_some() || !goes_on(last)).then_some((log, sighting, back))
    });
    // Who complained last knows best how it is now; of two at one time the one who complained more often.
    let (log, sighting, back) = told.reduce(|a, b| {
        let (of_a, of_b) = (newest(a.0, a.1), newest(b.0, b.1));
        let is_more = !is_later(of_b, of_a, false) && b.1.count > a.1.count;
        if is_later(of_a, of_b, false) || is_more { b } else { a }
    })?;
    let mut draft = Draft::new(if back.is_some() { "back" } else { "refused-peers" }, Severity::Warning, line_of(facts, log, newest(log, sighting)));
    draft.seen_by = log.member.into_iter().collect();
    draft.count = Some(sighting.count);
    draft.value("count", sighting.count);
    (draft.first_seen, draft.last_seen) = (moment(&sighting.first), moment(&sighting.last));
    // One line of one peer: nobody listened at that moment, or a firewall sent a reset.
    draft.confidence = if sighting.refused >= 3 { Confidence::Medium } else { Confidence::Low };
    if let Some((other, up)) = back {
        draft.show(line_of(facts, other, newest(other, up)).note("a later good sign"));
        draft.state = State::Recovered;
    }
    Some(placed(facts, draft, vec![at]))
}

/// A leader's snapshots to it fail again and again within a second, and nothing of its own is there: somebody who is slow takes longer to
/// fail.
fn by_snapshots(facts: &Facts, at: MemberAt) -> Option<Draft> {
    let id = facts.member(at).filter(|m| m.runs.is_none())?.id?;
    if facts.logs.iter().any(|log| log.member == Some(at) && log.log.understood > 0) {
        return None;
    }
    let failed = facts.sightings("snap-raft-progress-failed").find(|(_, s)| s.peer_id() == Some(id) && is_at_once(s))?;
    let (log, sighting) = failed;
    let is_back = |s: &&Sighting| s.message.class == Class::PeerUp && s.peer_id() == Some(id);
    let last = newest(log, sighting);
    if log.log.sightings().filter(is_back).any(|s| is_later(last, newest(log, s), log.log.is_reversed())) {
        return None;
    }
    let mut draft = Draft::new("refused-snapshots", Severity::Warning, line_of(facts, log, &sighting.first));
    draft.show(line_of(facts, log, &sighting.last));
    draft.seen_by = log.member.into_iter().collect();
    draft.count = Some(sighting.count);
    draft.value("count", sighting.count);
    (draft.first_seen, draft.last_seen) = (moment(&sighting.first), moment(last));
    draft.confidence = Confidence::Low;
    Some(placed(facts, draft, vec![at]))
}

/// Two failures within a second.
fn is_at_once(sighting: &Sighting) -> bool {
    let beats: Vec<_> = sighting.pace.recent().collect();
    beats.windows(2).any(|pair| match pair {
        [a, b] => b.when.difference(&a.when).is_some_and(|gap| gap.abs() <= SignedDuration::from_secs(1)),
        _ => false,
    })
}

/// Ports on which etcd serves clients, the older one in its first releases.
const CLIENT_PORTS: &[&str] = &[":2379", ":4001"];

/// What an API server or another client says, where nothing of etcd itself was sent: nobody listens where it asks. Once is a start in the wrong
/// order, and so is what a member's own log goes on after.
fn by_clients(facts: &Facts) -> Option<Draft> {
    let failures = facts.failures();
    let is_it = |f: &&Failure<'_>| {
        f.reason == Some(Reason::Refused) && f.log.is_some() && f.asked.is_none() && CLIENT_PORTS.iter().any(|port| f.words.raw().contains(port))
    };
    let refused: Vec<&Failure<'_>> = failures.iter().filter(is_it).collect();
    let count = refused.iter().map(|failure| failure.count).sum::<u64>();
    let of_etcd = |s: &Sighting| matches!(s.message.class, Class::Serving | Class::Start | Class::PeerUp | Class::Fault) || s.message.fatal;
    let tells = facts.logs.iter().flat_map(|log| log.log.sightings()).any(of_etcd);
    if count < 2 || tells || !facts.health.is_empty() || !facts.statuses.is_empty() || facts.members.iter().any(|m| m.runs.is_some()) {
        return None;
    }
    let (log, mark) = refused.first()?.log?;
    let mut draft = Draft::new("refused-clients", Severity::Warning, line_of(facts, log, mark));
    draft.confidence = Confidence::Low;
    draft.count = Some(count);
    draft.value("count", count);
    draft.last_seen = moment(mark);
    Some(placed(facts, draft, Vec::new()))
}

fn placed(facts: &Facts, mut draft: Draft, members: Vec<MemberAt>) -> Draft {
    draft.impact = if draft.state == State::Recovered { Impact::None } else { impact_without(facts, &members) };
    if draft.impact == Impact::Outage {
        draft.severity = Severity::Critical;
    }
    draft.members = members;
    draft
}
