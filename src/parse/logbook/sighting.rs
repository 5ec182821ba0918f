//! A message that was seen, once or often: how often, first and last, extremes, reasons.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    MOST_PEERS, Mark, Moment,
    carried::{self, Named},
    insert_bounded,
    note::tells_nothing_else,
};
use crate::{
    messages::{Hit, Measures, Message, Reason, Says, reason_of},
    parse::{
        duration::go_duration,
        etcdctl::hex_id,
        pace::{self, Pace},
    },
    text::Untrusted,
};

/// A message that was seen, once or often.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The message.
    pub message: &'static Message,
    /// The peer it tells of, by id.
    pub peer: Option<Untrusted>,
    /// How often. A lower bound: zap and journald drop lines in bursts.
    pub count: u64,
    /// First line.
    pub first: Mark,
    /// Last line.
    pub last: Mark,
    /// How it came over time, for the messages where that tells something.
    pub pace: Pace,
    /// The longest duration that it carried.
    pub longest: Option<(Duration, Mark)>,
    /// The error that the last line carried.
    pub error: Option<Untrusted>,
    /// What it means.
    reason: Option<Reason>,
    /// How many of its lines carried an error that means "nobody listens there".
    pub refused: u64,
    /// The alarm it tells of.
    pub alarm: Option<Untrusted>,
    /// The commit index that the last line asked for, and the last index that this member's own log holds.
    pub reach: Option<(u64, u64)>,
    /// Pairs of ids that should be equal and are not, as `(want, got)`: the writer's own one comes first.
    pub unequal: BTreeSet<(Untrusted, Untrusted)>,
    /// Why connections failed, told apart: one message carries many reasons.
    pub reasons: BTreeMap<Reason, Reasoned>,
    /// Kinds of raft's messages that its lines name, bounded.
    pub kinds: BTreeSet<Untrusted>,
    /// Remote addresses or users that its lines name, bounded.
    pub remotes: BTreeSet<Untrusted>,
    /// Most keys that an answer held, and most bytes that it had, as far as its lines say; each with its line.
    pub most_keys: Option<(u64, Mark)>,
    /// See `most_keys`.
    pub most_bytes: Option<(u64, Mark)>,
    /// Whether its pace is kept.
    is_paced: bool,
    /// Whether its message says nothing of who the member is, of its clock, or of raft.
    pub(super) tells_nothing_else: bool,
    /// Lines whose answer held many keys or many bytes ([`MANY_KEYS`], [`MANY_BYTES`]).
    pub large: u64,
}

/// Lines of one message with one reason.
#[derive(Clone, Debug)]
pub struct Reasoned {
    /// How many.
    pub count: u64,
    /// The first.
    pub first: Mark,
    /// The last.
    pub last: Mark,
    /// The remote addresses that they name, bounded.
    pub remotes: BTreeSet<Untrusted>,
}

/// An answer of so many keys is a long list: Kubernetes asks for pages of 500.
pub const MANY_KEYS: u64 = 1000;
/// An answer of so many bytes is large: near the limit of a single request (1.5 MiB, `embed/config.go` of all 3.x).
pub const MANY_BYTES: u64 = 1 << 20;

impl Sighting {
    /// The id of the peer it tells of.
    pub fn peer_id(&self) -> Option<u64> {
        self.peer.as_ref().and_then(|peer| hex_id(peer.raw()))
    }
}

impl Sighting {
    /// A message that was not seen before.
    pub(super) fn new(hit: &Hit<'_>, peer: Option<Untrusted>, mark: &Mark) -> Self {
        Sighting {
            message: hit.message,
            peer,
            count: 0,
            first: mark.clone(),
            last: mark.clone(),
            pace: Pace::default(),
            longest: None,
            error: None,
            reason: None,
            refused: 0,
            alarm: hit.get("alarm").map(Untrusted::from),
            reach: None,
            unequal: BTreeSet::new(),
            reasons: BTreeMap::new(),
            kinds: BTreeSet::new(),
            remotes: BTreeSet::new(),
            is_paced: pace::is_paced(hit.message.id),
            tells_nothing_else: tells_nothing_else(hit.message),
            most_keys: None,
            most_bytes: None,
            large: 0,
        }
    }

    /// Takes one more line in, and tells the reason that it gives. Which line is the last one, and the last one with that reason, who calls says:
    /// of a run of lines it is enough to know it once.
    pub(super) fn take(&mut self, says: &impl Says, moment: &dyn Moment, repeats: u64) -> Option<Reason> {
        self.count += repeats;
        let measures = says.measures();
        let took = measures.took.and_then(go_duration);
        if self.is_paced {
            self.pace.note(moment.when(), took, carried::term(&measures));
        }
        if let Some(took) = took.filter(|took| self.longest.as_ref().is_none_or(|(longest, _)| took > longest)) {
            self.longest = Some((took, moment.mark()));
        }
        self.take_size(&measures, moment);
        if measures.has_names { self.take_named(&Named::of(says.captures()), moment, repeats) } else { None }
    }

    /// Which line was the last one: of all, or of those that gave a reason.
    pub(super) fn last_is(&mut self, reason: Option<Reason>, mark: Mark) {
        match reason.map(|reason| self.reasons.get_mut(&reason)) {
            Some(reasoned) => reasoned.into_iter().for_each(|reasoned| reasoned.last = mark.clone()),
            None => self.last = mark,
        }
    }

    fn take_named(&mut self, named: &Named<'_>, moment: &dyn Moment, repeats: u64) -> Option<Reason> {
        if let (Some(want), Some(got)) = (named.want, named.got)
            && self.unequal.len() < MOST_PEERS
        {
            self.unequal.insert((want.into(), got.into()));
        }
        let index = |digits: Option<&str>| digits.and_then(|digits| digits.parse().ok());
        self.reach = index(named.tocommit).zip(index(named.last)).or(self.reach);
        if let Some(kind) = named.kind.filter(|_| self.message.id == "peer-send-buffer-full") {
            insert_bounded(&mut self.kinds, kind);
        }
        let remote = named.remote.or(named.user);
        if let Some(remote) = remote {
            insert_bounded(&mut self.remotes, remote);
        }
        self.take_error(named.error?, remote, moment, repeats)
    }

    fn take_error(&mut self, error: &str, remote: Option<&str>, moment: &dyn Moment, repeats: u64) -> Option<Reason> {
        // Mostly it is the same as before.
        if self.error.as_ref().is_none_or(|last| *last != *error) {
            (self.error, self.reason) = (Some(error.into()), reason_of(error));
        }
        let reason = self.reason?;
        self.refused += u64::from(reason == Reason::Refused);
        let reasoned = self.reasons.entry(reason).or_insert_with(|| Reasoned {
            count: 0,
            first: moment.mark(),
            last: moment.mark(),
            remotes: BTreeSet::new(),
        });
        reasoned.count += repeats;
        if let Some(remote) = remote {
            insert_bounded(&mut reasoned.remotes, remote);
        }
        Some(reason)
    }

    fn take_size(&mut self, measures: &Measures<'_>, moment: &dyn Moment) {
        let (keys, bytes) = carried::answer_size(measures);
        if keys.is_none() && bytes.is_none() {
            return;
        }
        self.large += u64::from(keys.is_some_and(|n| n >= MANY_KEYS) || bytes.is_some_and(|n| n >= MANY_BYTES));
        for (most, seen) in [(&mut self.most_keys, keys), (&mut self.most_bytes, bytes)] {
            if let Some(seen) = seen.filter(|seen| most.as_ref().is_none_or(|(most, _)| seen > most)) {
                *most = Some((seen, moment.mark()));
            }
        }
    }
}
