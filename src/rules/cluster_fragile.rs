//! `cluster.fragile`: a note on clusters that are built so that the loss of one member, or none, stops them.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, Member},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("cluster.fragile"),
    severity: Severity::Info,
    reads: &["etcdctl member list", "etcdctl cluster-health or endpoint status"],
    messages: &[],
    explains: &[],
    nature: Nature::Note,
    decide,
};

fn decide(facts: &Facts) -> Ruling {
    let (Some(voters), Some(membership)) = (facts.voters(), facts.membership.clone()) else { return Ruling::Unknown(None) };
    if facts.membership_by_asking {
        return Ruling::Unknown(None);
    }
    let mut drafts = Vec::new();
    let size = match voters {
        1 => Some("one"),
        2 => Some("two"),
        n if n % 2 == 0 => Some("even"),
        _ => None,
    };
    if let Some(variant) = size {
        let mut draft = note(variant, Evidence::of(membership));
        draft.value("voters", voters);
        draft.value("tolerated", (voters - 1) / 2);
        draft.numbers.insert("voters", i64::try_from(voters).unwrap_or(i64::MAX));
        drafts.push(draft);
    }
    let learners = facts.members.iter().enumerate().filter(|(_, m)| m.expected && is_true(m.learner.as_ref()));
    for (at, member) in learners {
        let Some(known) = &member.learner else { continue };
        let mut draft = note("learner", Evidence::of(known.quote.clone()));
        draft.members.push(at);
        drafts.push(draft);
    }
    let unstarted = facts.members.iter().enumerate().filter(|(_, m)| m.expected && is_unstarted(m));
    for (at, member) in unstarted {
        let Some(known) = &member.started else { continue };
        let mut draft = note("unstarted", Evidence::of(known.quote.clone()));
        draft.members.push(at);
        drafts.push(draft);
    }
    if drafts.is_empty() { Ruling::Pass } else { Ruling::Fail(drafts) }
}

fn note(variant: &'static str, shown_by: Evidence) -> Draft {
    let mut draft = Draft::new(variant, Severity::Info, shown_by);
    draft.impact = Impact::None;
    draft.confidence = Confidence::Medium;
    draft
}

fn is_unstarted(member: &Member) -> bool {
    member.started.as_ref().is_some_and(|started| !started.value)
}

fn is_true(known: Option<&crate::facts::Known<bool>>) -> bool {
    known.is_some_and(|known| known.value)
}
