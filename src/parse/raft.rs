//! What one log tells of raft: who was elected in which term, and how far the member's own log reached when it started.

use std::collections::BTreeMap;

use super::{
    etcdctl::hex_id,
    logbook::{Mark, Moment},
};
use crate::{messages::Hit, text::Untrusted};

/// Most terms that are kept of one log, the newest ones. A cluster that loses its leader each minute makes 60 an hour.
const MOST_TERMS: usize = 64;

/// Messages that name the leader of a term, with the capture that holds it.
const NAMES_LEADER: &[(&str, &str)] =
    &[("raft-became-leader", "member"), ("raft-leader-elected", "leader"), ("raft-leader-changed", "leader")];

/// The message with which raft starts, and says where its log ends.
const STARTS: &str = "raft-new";

/// Who was elected.
#[derive(Clone, Debug, PartialEq)]
pub struct Election {
    /// The leader's id, as printed.
    pub leader: Untrusted,
    /// The line.
    pub mark: Mark,
}

/// The end of a member's own log at a start: what raft compares to decide whose log is newer.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEnd {
    /// The index of the last entry.
    pub index: u64,
    /// The term in which it was written.
    pub term: Option<u64>,
    /// The line.
    pub mark: Mark,
}

/// What raft's lines of one log say.
#[derive(Clone, Debug, Default)]
pub struct Raft {
    elections: BTreeMap<u64, Election>,
    /// Elections beyond the most that are kept.
    pub forgotten: u64,
    /// The first and the last start in the order of the lines.
    starts: Option<(LogEnd, LogEnd)>,
}

impl Raft {
    /// Whether a message tells nothing of elections and of the log's end.
    pub(super) fn passes(id: &str) -> bool {
        id != STARTS && NAMES_LEADER.iter().all(|(names, _)| *names != id)
    }

    /// The leaders by term, the oldest first.
    pub fn elections(&self) -> impl Iterator<Item = (u64, &Election)> {
        self.elections.iter().map(|(term, election)| (*term, election))
    }

    /// Where the log ended at the newest start.
    pub fn newest_end(&self, is_reversed: bool) -> Option<&LogEnd> {
        self.starts.as_ref().map(|(first, last)| if is_reversed { first } else { last })
    }

    /// Takes a line in.
    pub(super) fn note(&mut self, hit: &Hit<'_>, moment: &dyn Moment) {
        let number = |name| hit.get(name).and_then(|digits| digits.parse::<u64>().ok());
        if hit.message.id == STARTS
            && let Some(index) = number("last")
        {
            let end = LogEnd { index, term: number("lastterm"), mark: moment.mark() };
            let first = self.starts.take().map_or_else(|| end.clone(), |(first, _)| first);
            self.starts = Some((first, end));
        }
        let named = NAMES_LEADER.iter().find(|(id, _)| *id == hit.message.id).and_then(|(_, capture)| hit.get(capture));
        let Some((leader, term)) = named.filter(|id| hex_id(id).is_some_and(|id| id != 0)).zip(number("term")) else { return };
        self.elections.entry(term).or_insert_with(|| Election { leader: leader.into(), mark: moment.mark() });
        if self.elections.len() > MOST_TERMS {
            self.elections.pop_first();
            self.forgotten += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        bundle::Source,
        parse::{log::LogLine, logbook::Logbook},
    };

    fn logbook(lines: &[String]) -> Logbook {
        let source = Source::new("etcd.log");
        let mut book = Logbook::default();
        for (number, text) in (1..).zip(lines) {
            book.line(source.line(number, text), &LogLine::read(text).unwrap(), None);
        }
        book
    }

    #[test]
    fn the_leader_of_each_term_is_kept_once_and_of_endless_elections_the_newest() {
        let lines: Vec<String> = (2..=100)
            .flat_map(|term| {
                [
                    format!("2019-05-01 10:00:00.000000 I | raft: 8f225d325773c893 became leader at term {term}"),
                    format!("2019-05-01 10:00:00.000001 I | raft: raft.node: 8f225d325773c893 elected leader 8f225d325773c893 at term {term}"),
                ]
            })
            .collect();
        let book = logbook(&lines);
        let (_, log) = book.logs().next().unwrap();
        let terms: Vec<u64> = log.raft.elections().map(|(term, _)| term).collect();
        assert_eq!((terms.len(), terms.first(), terms.last(), log.raft.forgotten), (64, Some(&37), Some(&100), 35));
    }

    #[test]
    fn the_end_of_the_log_is_that_of_the_newest_start_in_both_directions() {
        let start = |second: u32, last: u64| {
            format!(
                "2019-05-01 10:00:{second:02}.000000 I | raft: newRaft 8f225d325773c893 [peers: [], term: 7, commit: {last}, \
                 applied: 0, lastindex: {last}, lastterm: 6]"
            )
        };
        let forward = logbook(&[start(1, 967), start(9, 349)]);
        let backward = logbook(&[start(9, 349), start(1, 967)]);
        for book in [forward, backward] {
            let (_, log) = book.logs().next().unwrap();
            let end = log.raft.newest_end(log.is_reversed()).unwrap();
            assert_eq!((end.index, end.term), (349, Some(6)));
        }
    }
}
