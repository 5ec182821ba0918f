//! A message that was seen, once or often: how often, first and last, extremes, reasons.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
    time::Duration,
};

use memchr::memmem::Finder;

use super::{MOST_PEERS, Mark, Moment, insert_bounded, note::tells_nothing_else};
use crate::{
    messages::{Hit, Message, Reason, Says, reason_of},
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

    /// Takes one more line in. Which line is the last one, who calls says: of a run of lines it is enough to know it once.
    pub(super) fn take(&mut self, says: &impl Says, moment: &dyn Moment, repeats: u64) {
        self.count += repeats;
        let mut captures = says.captures().peekable();
        if captures.peek().is_none() && !self.is_paced {
            return;
        }
        let carried = Carried::of(captures);
        let took = carried.took.or(carried.late).or(carried.difference).and_then(go_duration);
        if self.is_paced {
            self.pace.note(moment.when(), took, carried.term.and_then(|term| term.parse().ok()));
        }
        if let (Some(want), Some(got)) = (carried.want, carried.got)
            && self.unequal.len() < MOST_PEERS
        {
            self.unequal.insert((want.into(), got.into()));
        }
        let index = |digits: Option<&str>| digits.and_then(|digits| digits.parse().ok());
        self.reach = index(carried.tocommit).zip(index(carried.last)).or(self.reach);
        if let Some(took) = took.filter(|took| self.longest.as_ref().is_none_or(|(longest, _)| took > longest)) {
            self.longest = Some((took, moment.mark()));
        }
        if let Some(kind) = carried.kind.filter(|_| self.message.id == "peer-send-buffer-full") {
            insert_bounded(&mut self.kinds, kind);
        }
        let remote = carried.remote.or(carried.user);
        if let Some(remote) = remote {
            insert_bounded(&mut self.remotes, remote);
        }
        if let Some(error) = carried.error {
            self.take_error(error, remote, moment, repeats);
        }
        self.take_size(&carried, moment);
    }

    fn take_error(&mut self, error: &str, remote: Option<&str>, moment: &dyn Moment, repeats: u64) {
        if self.error.as_ref().is_none_or(|last| *last != *error) {
            self.error = Some(error.into());
        }
        let Some(reason) = reason_of(error) else { return };
        self.refused += u64::from(reason == Reason::Refused);
        let reasoned = self.reasons.entry(reason).or_insert_with(|| Reasoned {
            count: 0,
            first: moment.mark(),
            last: moment.mark(),
            remotes: BTreeSet::new(),
        });
        reasoned.count += repeats;
        reasoned.last = moment.mark();
        if let Some(remote) = remote {
            insert_bounded(&mut reasoned.remotes, remote);
        }
    }

    fn take_size(&mut self, carried: &Carried<'_>, moment: &dyn Moment) {
        let (keys, bytes) = carried.answer_size();
        self.large += u64::from(keys.is_some_and(|n| n >= MANY_KEYS) || bytes.is_some_and(|n| n >= MANY_BYTES));
        for (most, seen) in [(&mut self.most_keys, keys), (&mut self.most_bytes, bytes)] {
            if let Some(seen) = seen.filter(|seen| most.as_ref().is_none_or(|(most, _)| seen > most)) {
                *most = Some((seen, moment.mark()));
            }
        }
    }
}

/// What counts of a message that tells nothing but itself, by the catalogue's names: what is [`Carried`], and what tells sightings apart.
pub(in crate::parse) const COUNTED: &[&str] = &[
    "alarm",
    "count",
    "difference",
    "error",
    "got",
    "last",
    "late",
    "peer",
    "process",
    "remote",
    "result",
    "size",
    "term",
    "tocommit",
    "took",
    "type",
    "user",
    "want",
];

/// What a line carries that counts for its sighting, by the catalogue's names.
#[derive(Debug, Default, PartialEq)]
struct Carried<'h> {
    took: Option<&'h str>,
    late: Option<&'h str>,
    difference: Option<&'h str>,
    term: Option<&'h str>,
    want: Option<&'h str>,
    got: Option<&'h str>,
    tocommit: Option<&'h str>,
    last: Option<&'h str>,
    kind: Option<&'h str>,
    remote: Option<&'h str>,
    user: Option<&'h str>,
    error: Option<&'h str>,
    result: Option<&'h str>,
    count: Option<&'h str>,
    size: Option<&'h str>,
}

impl<'h> Carried<'h> {
    fn of(captures: impl Iterator<Item = (&'static str, &'h str)>) -> Self {
        let mut carried = Self::default();
        for (name, text) in captures {
            // As bytes, so that the many names of four letters are told apart by them and not compared one after the other.
            let place = match name.as_bytes() {
                b"took" => &mut carried.took,
                b"late" => &mut carried.late,
                b"difference" => &mut carried.difference,
                b"term" => &mut carried.term,
                b"want" => &mut carried.want,
                b"got" => &mut carried.got,
                b"tocommit" => &mut carried.tocommit,
                b"last" => &mut carried.last,
                b"type" => &mut carried.kind,
                b"remote" => &mut carried.remote,
                b"user" => &mut carried.user,
                b"error" => &mut carried.error,
                b"result" => &mut carried.result,
                b"count" => &mut carried.count,
                b"size" => &mut carried.size,
                _ => continue,
            };
            place.get_or_insert(text);
        }
        carried
    }

    /// Keys and bytes of an answer: `range_response_count:500 size:1048576`, or fields of their own.
    fn answer_size(&self) -> (Option<u64>, Option<u64>) {
        let told = self.result.map(told_size).unwrap_or_default();
        let field = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        (told.0.or_else(|| field(self.count)), told.1.or_else(|| field(self.size)))
    }
}

/// Keys and bytes, as a result tells them.
fn told_size(result: &str) -> (Option<u64>, Option<u64>) {
    const COUNT: &str = "range_response_count:";
    const SIZE: &str = "size:";
    static COUNTS: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(COUNT));
    static SIZES: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(SIZE));
    let number = |text: &str| text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    let behind = |words: &Finder<'_>| {
        let at = words.find(result.as_bytes())?;
        result.get(at + words.needle().len()..)
    };
    let counted = result.strip_prefix(COUNT).or_else(|| behind(&COUNTS));
    // Mostly the one stands right behind the other.
    let sized = counted.and_then(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(" size:"));
    let sized = sized.filter(|_| result.starts_with(COUNT)).or_else(|| behind(&SIZES));
    (counted.and_then(number), sized.and_then(number))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::messages;

    #[test]
    fn what_is_carried_counts() {
        let message = messages::by_id("apply-too-long").unwrap();
        let is_carried = |name: &'static str| {
            let hit = Hit::of(message, message.wordings.first().unwrap(), vec![(name, Cow::Borrowed("7"))]);
            Carried::of(hit.captures()) != Carried::default()
        };
        let mut seen = 0;
        for wording in messages::all().flat_map(|message| message.wordings) {
            let holes = wording.text.split('{').skip(1).filter_map(|hole| hole.split_once('}')).map(|(name, _)| name);
            for name in holes.chain(wording.fields.iter().map(|(name, _)| *name)) {
                assert!(!is_carried(name) || COUNTED.contains(&name), "{name} is carried, and would be left out");
                seen += u32::from(is_carried(name));
            }
        }
        assert!(seen > 100, "{seen}");
    }
}
