//! From facts to the row of the cluster as a whole.

use crate::{
    diagnosis::{ClockRow, ClusterRow, ElectionRow, LinkRow, ReachRow},
    facts::{Facts, LostLink, MemberAt, Progress, ToldBy},
    messages::Reason,
    parse::logbook::Mark,
    text::{Untrusted, escape},
};

/// The cluster, where the evidence says who belongs to it, or members' logs tell of each other.
pub(super) fn row(facts: &Facts) -> Option<ClusterRow> {
    let is_learner = |at: MemberAt| facts.member(at).and_then(|m| m.learner.as_ref()).is_some_and(|l| l.value);
    let voters: Vec<MemberAt> = facts.expected().filter(|at| !is_learner(*at)).collect();
    let (elections, links, clocks) = (elections(facts), links(facts), clocks(facts));
    if voters.is_empty() && elections.is_empty() && links.is_empty() && clocks.is_empty() {
        return None;
    }
    let was_asked = voters.iter().any(|at| facts.answers_of(*at).next().is_some());
    let healthy = voters.iter().filter(|at| facts.healthy_answer(**at).is_some()).count();
    let quorum = if voters.is_empty() { 0 } else { voters.len() / 2 + 1 };
    let margin = i64::try_from(healthy).ok().zip(i64::try_from(quorum).ok()).map(|(healthy, quorum)| healthy - quorum);
    Some(ClusterRow {
        voters: voters.len() as u64,
        quorum: quorum as u64,
        healthy: was_asked.then_some(healthy as u64),
        margin: margin.filter(|_| was_asked),
        elections,
        links,
        clocks,
        reach: facts.progress().iter().map(|progress| reach(facts, progress)).collect(),
        reach_unknown: voters.iter().filter(|at| facts.progress_of(**at).is_none()).map(|at| facts.key(*at)).collect(),
        furthest: facts.furthest(&voters).map(|progress| facts.key(progress.member)),
    })
}

fn place(mark: &Mark) -> (String, u64) {
    let citation = mark.quote.citation();
    (escape(citation.path()).to_string(), citation.line())
}

fn time(mark: &Mark) -> Option<Untrusted> {
    let instant = mark.when.and_then(|when| when.instant()).map(|at| Untrusted::from(at.to_string()));
    instant.or_else(|| mark.as_read.clone())
}

fn elections(facts: &Facts) -> Vec<ElectionRow> {
    let row = |term: crate::facts::Term| {
        let (path, line) = place(&term.mark);
        ElectionRow {
            term: term.term,
            leader: term.member.map_or(term.leader, |at| facts.key(at)),
            time: time(&term.mark),
            path,
            line,
        }
    };
    facts.terms().into_iter().map(row).collect()
}

fn links(facts: &Facts) -> Vec<LinkRow> {
    let lost = facts.lost_links();
    let row = |link: &LostLink| {
        let is_reverse = |other: &LostLink| other.from == link.to && other.to == link.from;
        let (path, line) = place(&link.last);
        LinkRow {
            from: facts.key(link.from),
            to: facts.key(link.to),
            reasons: link.reasons.iter().map(|reason| reason_name(*reason)).collect(),
            count: link.count,
            first: time(&link.first),
            last: time(&link.last),
            up_again: link.up_again.is_some(),
            both_ways: lost.iter().any(is_reverse),
            path,
            line,
        }
    };
    lost.iter().map(row).collect()
}

fn clocks(facts: &Facts) -> Vec<ClockRow> {
    let row = |clock: crate::facts::ClockBehind| {
        let (path, line) = place(&clock.mark);
        ClockRow { by: facts.key(clock.by), behind: facts.key(clock.of), most_us: clock.most_us, path, line }
    };
    facts.clocks_behind().into_iter().map(row).collect()
}

fn reach(facts: &Facts, progress: &Progress) -> ReachRow {
    let citation = progress.quote.citation();
    ReachRow {
        member: facts.key(progress.member),
        index: progress.index,
        last_term: progress.last_term,
        revision: progress.revision,
        told_by: match progress.told_by {
            ToldBy::WalName => "wal name",
            ToldBy::SnapName => "snapshot name",
            ToldBy::Start => "start",
            ToldBy::Status => "status",
        },
        is_end: progress.is_end,
        path: escape(citation.path()).to_string(),
        line: citation.line(),
    }
}

fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::Refused => "refused",
        Reason::DialTimeout => "no answer",
        Reason::SilentTimeout => "fell silent",
        Reason::NoRoute => "no route",
        Reason::NameUnresolved => "name not resolved",
        Reason::CertExpired => "certificate expired",
        Reason::CertNotYetValid => "certificate not yet valid",
        Reason::CertOutsideTime => "certificate outside its time",
        Reason::CertAuthority => "unknown authority",
        Reason::CertRefused => "certificate refused",
        Reason::Altered => "bytes altered on the way",
        Reason::CertEcho => "certificate refused by the far side",
        Reason::Plaintext => "plain text against TLS",
        Reason::AuthRefused => "not permitted",
        Reason::RequestTooLarge => "request too large",
        Reason::AnswerTooLarge => "answer too large",
        Reason::Compacted => "revision compacted",
    }
}
