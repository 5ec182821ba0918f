//! `clock.skew`: the clocks of members differ.

use super::{
    Nature, Rule, accusations,
    draft::{Draft, Ruling, line_of},
    screened,
};
use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State},
    facts::Facts,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("clock.skew"),
    severity: Severity::Warning,
    reads: &["etcd log", "chronyc tracking", "timedatectl", "ntpq"],
    messages: &[MESSAGE],
    explains: &[Code::new("tls.not-yet-valid")],
    nature: Nature::Why,
    decide,
};

/// etcd 2.2 and later, from a difference of one second on (`rafthttp/probing_status.go`). Only a member that sees its peer behind
/// itself prints it: a fast member blames innocent peers, a slow one is blamed by the others.
const MESSAGE: &str = "peer-clock-difference";

/// The same second, for what a time service says of its own clock.
const SKEW_US: u64 = 1_000_000;

fn decide(facts: &Facts) -> Ruling {
    let mut drafts: Vec<Draft> = by_peers(facts).into_iter().collect();
    by_time_service(facts, &mut drafts);
    let is_kept = || facts.clocks().any(|(_, clock)| clock.ahead_us.is_some() && clock.synchronised != Some(false));
    match drafts.is_empty() {
        false => Ruling::Fail(drafts),
        true if facts.has_logs() || is_kept() => Ruling::Pass,
        true => Ruling::Unknown(None),
    }
}

/// What the time service of a host says of its clock: a second kind of evidence where peers complain too.
fn by_time_service(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (shown, clock) in facts.clocks() {
        let Some(ahead_us) = clock.ahead_us.filter(|us| us.unsigned_abs() >= SKEW_US) else { continue };
        let line = screened::line_of(facts, shown).note("what its time service says");
        let found = drafts.iter_mut().find(|draft| screened::member_of(facts, shown).is_some_and(|at| draft.members.contains(&at)));
        if let Some(draft) = found {
            draft.show(line);
            draft.confidence = Confidence::High;
            continue;
        }
        let mut draft = Draft::new(if ahead_us > 0 { "ahead" } else { "behind" }, RULE.severity, line);
        screened::place(facts, shown, &mut draft);
        draft.impact = Impact::None;
        draft.value("seconds", format!("{:.1}", ahead_us.unsigned_abs() as f64 / 1e6));
        draft.numbers.insert("ahead_us", ahead_us);
        drafts.push(draft);
    }
}

/// What members say of each other's clocks.
fn by_peers(facts: &Facts) -> Option<Draft> {
    let all = accusations::with_message(facts, MESSAGE);
    let first = all.first()?;
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
    Some(draft)
}
