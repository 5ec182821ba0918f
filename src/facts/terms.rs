//! Who led when: the elections of all logs by term, and what members' clocks differ by.

use std::collections::BTreeMap;

use super::{Facts, MemberAt};
use crate::{
    parse::{
        etcdctl::hex_id,
        logbook::{Mark, Sighting},
    },
    text::Untrusted,
};

/// A term with its leader. Raft elects one at most in each.
#[derive(Clone, Debug)]
pub struct Term {
    /// The term.
    pub term: u64,
    /// The leader's id, as printed.
    pub leader: Untrusted,
    /// The member of that id, where it is known.
    pub member: Option<MemberAt>,
    /// The line that says so: of the leader itself where its log is there, else the earliest.
    pub mark: Mark,
}

/// A peer's clock that is behind, by the member that measured it.
#[derive(Clone, Debug)]
pub struct ClockBehind {
    /// Who measured.
    pub by: MemberAt,
    /// Whose clock is behind that one's.
    pub of: MemberAt,
    /// By how much at most, in microseconds.
    pub most_us: u64,
    /// The line.
    pub mark: Mark,
}

impl Facts {
    /// The terms in which somebody was elected, the oldest first.
    pub fn terms(&self) -> Vec<Term> {
        let mut terms: BTreeMap<u64, Term> = BTreeMap::new();
        for log in &self.logs {
            for (term, election) in log.log.raft.elections() {
                let id = hex_id(election.leader.raw());
                let member = id.and_then(|id| self.members.iter().position(|m| m.id == Some(id)));
                let is_own = member.is_some() && log.member == member;
                let new = Term { term, leader: election.leader.clone(), member, mark: election.mark.clone() };
                if is_own || !terms.contains_key(&term) {
                    terms.insert(term, new);
                }
            }
        }
        terms.into_values().collect()
    }

    /// Differences between members' clocks that etcd measured: only a member that sees a peer behind itself tells.
    pub fn clocks_behind(&self) -> Vec<ClockBehind> {
        let told = self.sightings("peer-clock-difference").filter_map(|(log, sighting)| {
            let of = |s: &Sighting| self.members.iter().position(|m| m.id.is_some() && m.id == s.peer_id());
            let (difference, mark) = sighting.longest.as_ref()?;
            let most_us = u64::try_from(difference.as_micros()).ok()?;
            Some(ClockBehind { by: log.member?, of: of(sighting)?, most_us, mark: mark.clone() })
        });
        let mut told: Vec<ClockBehind> = told.collect();
        told.sort_by_key(|clock| (clock.by, clock.of));
        told
    }

    /// How far each member's clock is off, in microseconds, positive where it is ahead: only where one member of three or more is the odd one
    /// in all that was measured. Of two members nothing tells which clock is right, and then no time is corrected.
    pub fn clock_offsets(&self) -> BTreeMap<MemberAt, i64> {
        let told = self.clocks_behind();
        let is_in_all = |at: &MemberAt| told.iter().all(|clock| clock.by == *at || clock.of == *at);
        let odd: Vec<MemberAt> = (0..self.members.len()).filter(is_in_all).collect();
        let ([at], true) = (odd.as_slice(), told.len() > 1 && self.members.len() > 2) else { return BTreeMap::new() };
        let signed = |clock: &ClockBehind| i64::try_from(clock.most_us).ok().map(|us| if clock.of == *at { -us } else { us });
        let offsets: Option<Vec<i64>> = told.iter().map(signed).collect();
        let Some(offsets) = offsets else { return BTreeMap::new() };
        // Ahead by one and behind by another: a clock that was set meanwhile.
        let is_of_one_sign = offsets.iter().all(|us| *us > 0) || offsets.iter().all(|us| *us < 0);
        let most = offsets.into_iter().max_by_key(|us| us.unsigned_abs());
        most.filter(|_| is_of_one_sign).map(|us| (*at, us)).into_iter().collect()
    }
}
