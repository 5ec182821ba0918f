//! The clock of raft as members were told it: heartbeat interval and election timeout, by flags, settings and logs.

use std::{collections::BTreeMap, time::Duration};

use super::{Facts, Known, MemberAt, identity::Ref};
use crate::bundle::Quote;

/// etcd's defaults (`embed/config.go` of all versions since 2.1: TickMs 100, ElectionMs 1000).
pub const DEFAULT_HEARTBEAT: Duration = Duration::from_millis(100);
/// See [`DEFAULT_HEARTBEAT`].
pub const DEFAULT_ELECTION: Duration = Duration::from_millis(1000);

/// What one member was told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// The heartbeat interval.
    pub heartbeat: Option<Known<Duration>>,
    /// The election timeout.
    pub election: Option<Known<Duration>>,
}

impl Timing {
    /// Whether neither is known.
    fn is_empty(&self) -> bool {
        self.heartbeat.is_none() && self.election.is_none()
    }

    /// Takes what is not known yet from another source.
    fn fill(&mut self, heartbeat: Option<(Duration, Quote)>, election: Option<(Duration, Quote)>) {
        let known = |(value, quote)| Known { value, quote };
        self.heartbeat = self.heartbeat.take().or(heartbeat.map(known));
        self.election = self.election.take().or(election.map(known));
    }
}

/// Gathers timings; the first source that says something about a member wins: its running process before its log.
#[derive(Debug, Default)]
pub(super) struct Timings {
    by_flags: BTreeMap<Option<Ref>, Timing>,
    /// By the command line that a log has of a start, with the log's path.
    by_starts: BTreeMap<Option<Ref>, (String, Timing)>,
}

impl Timings {
    pub(super) fn enter(&mut self, member: Option<Ref>, heartbeat: Option<Duration>, election: Option<Duration>, quote: &Quote) {
        if heartbeat.is_none() && election.is_none() {
            return;
        }
        let with = |value: Option<Duration>| value.map(|value| (value, quote.clone()));
        self.by_flags.entry(member).or_default().fill(with(heartbeat), with(election));
    }

    /// The same of a start that a log tells of: the next start may bring other flags, so the last one of a log counts; of several logs the
    /// newest one is entered first.
    pub(super) fn enter_start(
        &mut self,
        member: Option<Ref>,
        heartbeat: Option<Duration>,
        election: Option<Duration>,
        quote: &Quote,
    ) {
        let with = |value: Option<Duration>| value.map(|value| (value, quote.clone()));
        let mut told = Timing::default();
        told.fill(with(heartbeat), with(election));
        let is_newer = |old: &(String, Timing)| old.0 == quote.citation().path();
        if self.by_starts.get(&member).is_none_or(is_newer) {
            self.by_starts.insert(member, (quote.citation().path().to_owned(), told));
        }
    }

    /// Timings by member, with what the logs say where flags do not.
    pub(super) fn close(self, facts: &Facts, place: impl Fn(Ref) -> MemberAt) -> BTreeMap<Option<MemberAt>, Timing> {
        let mut all: BTreeMap<Option<MemberAt>, Timing> = BTreeMap::new();
        let both = |known: Option<Known<Duration>>| known.map(|known| (known.value, known.quote));
        for (member, timing) in self.by_flags {
            all.entry(member.map(&place)).or_default().fill(both(timing.heartbeat), both(timing.election));
        }
        for log in &facts.logs {
            let told = log.log.timing.clone();
            all.entry(log.member).or_default().fill(told.heartbeat, told.election);
        }
        for (member, (_, timing)) in self.by_starts {
            all.entry(member.map(&place)).or_default().fill(both(timing.heartbeat), both(timing.election));
        }
        all.retain(|_, timing| !timing.is_empty());
        all
    }
}

impl Facts {
    /// What a member was told; nothing is known of one whose flags, settings and start were not sent.
    pub fn timing_of(&self, member: Option<MemberAt>) -> Option<&Timing> {
        self.timings.get(&member)
    }

    /// The election timeout of a member, or the default where nothing says otherwise.
    pub fn election_of(&self, member: Option<MemberAt>) -> Duration {
        self.timing_of(member).and_then(|timing| timing.election.as_ref()).map_or(DEFAULT_ELECTION, |known| known.value)
    }
}
