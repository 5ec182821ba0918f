//! Later good signs: what a fault would have prevented, and happened after it.

use std::cmp::Ordering;

use jiff::SignedDuration;

use super::{Facts, HealthAnswer, MemberAt, MemberLog};
use crate::{
    bundle::Quote,
    messages::Class,
    parse::{log::When, logbook::Mark},
};

/// A good sign that came after a fault.
#[derive(Clone, Debug, PartialEq)]
pub enum Cure {
    /// The member answered healthy when the evidence was gathered.
    Healthy(Quote),
    /// The member's own log goes on: it opened its data and took part again.
    Serving(Mark),
    /// All members of the cluster answered healthy. Cures also what cannot be joined with one of them.
    AllHealthy(Vec<Quote>),
}

/// Whether `b` was written after `a`. Lines of one file are compared by date, else by place; lines of two files by date alone.
pub fn is_later(a: &Mark, b: &Mark, reversed: bool) -> bool {
    let is_one_text = a.quote.citation().path() == b.quote.citation().path();
    // In one text some stamps have fractions of a second and others have none: within a second its order tells more.
    let has_fraction = |when: &When| when.time().subsec_nanosecond() > 0;
    let is_close = |x: &When, y: &When| {
        let is_exact = has_fraction(x) && has_fraction(y);
        is_one_text && !is_exact && x.difference(y).is_some_and(|gap| gap.abs() < SignedDuration::from_secs(1))
    };
    match (a.when, b.when) {
        (Some(x), Some(y)) if is_close(&x, &y) => {}
        (Some(x), Some(y)) if x.order_within(&y).is_some_and(Ordering::is_ne) => {
            return x.order_within(&y) == Some(Ordering::Less);
        }
        _ => {}
    }
    let (x, y) = (a.quote.citation(), b.quote.citation());
    x.path() == y.path() && if reversed { y.line() < x.line() } else { x.line() < y.line() }
}

impl Facts {
    /// A good sign after a failure to start, to be reached or to serve.
    ///
    /// Answers of commands are later than log lines gathered before them, unless dates contradict.
    pub fn cure_of_start(&self, log: &MemberLog, fault: &Mark) -> Option<Cure> {
        let own =
            log.member.and_then(|at| self.answers_of(at).find(|a| a.health == super::Health::Healthy && !is_before(a, fault)));
        if let Some(answer) = own {
            return Some(Cure::Healthy(answer.quote.clone()));
        }
        if let Some(mark) = self.serving_after(log, fault) {
            return Some(Cure::Serving(mark));
        }
        // Somebody who may be one of the members; a stranger with a name and an id of its own is none.
        let is_apart = log.member.is_none_or(|at| self.member(at).is_none_or(|m| !m.maybe.is_empty()));
        let all = self.all_healthy().filter(|answers| is_apart && answers.iter().all(|a| !is_before(a, fault)))?;
        let mut quotes: Vec<Quote> = all.into_iter().map(|a| a.quote.clone()).collect();
        quotes.sort();
        Some(Cure::AllHealthy(quotes))
    }

    /// The first line of the member's own logs, after a fault, that it could only write once it had read its data.
    fn serving_after(&self, log: &MemberLog, fault: &Mark) -> Option<Mark> {
        let own = |other: &&MemberLog| std::ptr::eq(*other, log) || (log.member.is_some() && other.member == log.member);
        let mut marks: Vec<Mark> = Vec::new();
        for other in self.logs.iter().filter(own) {
            let reversed = other.log.is_reversed();
            for sighting in other.log.sightings().filter(|s| s.message.class == Class::Serving) {
                let mut seen = [&sighting.first, &sighting.last].into_iter().filter(|mark| is_later(fault, mark, reversed));
                marks.extend(seen.next().cloned());
            }
        }
        marks.into_iter().reduce(|first, mark| if is_later(&mark, &first, false) { mark } else { first })
    }

    /// The healthy answers that a member's own host, or others, gave.
    pub fn health_quotes(&self, members: impl Iterator<Item = MemberAt>) -> Vec<Quote> {
        members.filter_map(|at| self.healthy_answer(at)).map(|a| a.quote.clone()).collect()
    }
}

fn is_before(answer: &HealthAnswer, fault: &Mark) -> bool {
    match (answer.when, fault.when) {
        (Some(answer), Some(fault)) => answer.order_within(&fault) == Some(Ordering::Less),
        _ => false,
    }
}
