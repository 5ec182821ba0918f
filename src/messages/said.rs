//! What a line says: a message of the catalogue, and what it carries.

use std::borrow::Cow;

use super::{Message, Wording};

/// A message found, with what it carries.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The message.
    pub message: &'static Message,
    /// Its wording that was met.
    pub wording: &'static Wording,
    pub(super) captures: Vec<(&'static str, Cow<'a, str>)>,
}

impl<'a> Hit<'a> {
    /// A message with what it carries, by the names that the catalogue gives it.
    pub fn of(message: &'static Message, wording: &'static Wording, captures: Vec<(&'static str, Cow<'a, str>)>) -> Self {
        Hit { message, wording, captures }
    }

    /// A captured text by the name the catalogue gives it; the same name in text and in zap.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.captures.iter().find(|(capture, _)| *capture == name).map(|(_, text)| &**text)
    }
}

/// The captures by which a peer is named, the better one first.
const PEERS: [&str; 2] = ["peer", "process"];

/// Which of these names is that of the capture by which a peer is named.
pub fn peer_among(names: &[&str]) -> Option<usize> {
    PEERS.iter().find_map(|peer| names.iter().position(|name| name == peer))
}

/// What most lines carry that carry anything: how long something took, how much there was of it, and in which term, each as it was printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measures<'a> {
    /// A duration.
    pub took: Option<&'a str>,
    /// Raft's term.
    pub term: Option<&'a str>,
    /// Keys and bytes of an answer in one: `range_response_count:500 size:1048576`.
    pub result: Option<&'a str>,
    /// Keys of an answer.
    pub count: Option<&'a str>,
    /// Bytes of an answer.
    pub size: Option<&'a str>,
    /// Whether the line says besides which ones, who, or why ([`NAMING`]).
    pub has_names: bool,
}

/// Captures that are durations, the one first that says most.
const DURATIONS: [&str; 3] = ["took", "late", "difference"];

/// Captures that say which ones, who, and why.
pub const NAMING: &[&str] = &["want", "got", "tocommit", "last", "type", "remote", "user", "error"];

/// Which captures of a wording are measures, by their places among its names: looked up once, and not by name in each line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    took: Option<usize>,
    term: Option<usize>,
    result: Option<usize>,
    count: Option<usize>,
    size: Option<usize>,
    has_names: bool,
}

impl Measured {
    /// By the names that the catalogue gives to what a wording carries. Of several durations the first of these counts.
    pub fn among(names: &[&str]) -> Self {
        let place = |wanted: &str| names.iter().position(|name| *name == wanted);
        Self {
            took: DURATIONS.into_iter().find_map(place),
            term: place("term"),
            result: place("result"),
            count: place("count"),
            size: place("size"),
            has_names: names.iter().any(|name| NAMING.contains(name)),
        }
    }

    /// What stands in those places.
    #[inline]
    pub fn of<'a>(&self, in_place: impl Fn(usize) -> Option<&'a str>) -> Measures<'a> {
        Measures {
            took: self.took.and_then(&in_place),
            term: self.term.and_then(&in_place),
            result: self.result.and_then(&in_place),
            count: self.count.and_then(&in_place),
            size: self.size.and_then(&in_place),
            has_names: self.has_names,
        }
    }
}

/// What a line says: a message, and what it carries.
pub trait Says {
    /// The message.
    fn message(&self) -> &'static Message;

    /// All that it carries, by the names that the catalogue gives it.
    fn captures(&self) -> impl Iterator<Item = (&'static str, &str)>;

    /// What of that is measured.
    fn measures(&self) -> Measures<'_>;

    /// The peer or the process that it tells of.
    fn peer(&self) -> Option<&str>;

    /// The same, to be asked by name.
    fn hit(&self) -> Cow<'_, Hit<'_>>;
}

impl Says for Hit<'_> {
    fn message(&self) -> &'static Message {
        self.message
    }

    fn captures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.captures.iter().map(|(name, text)| (*name, &**text))
    }

    fn measures(&self) -> Measures<'_> {
        Measures {
            took: DURATIONS.into_iter().find_map(|name| self.get(name)),
            term: self.get("term"),
            result: self.get("result"),
            count: self.get("count"),
            size: self.get("size"),
            has_names: self.captures.iter().any(|(name, _)| NAMING.contains(name)),
        }
    }

    fn peer(&self) -> Option<&str> {
        PEERS.iter().find_map(|name| self.get(name))
    }

    fn hit(&self) -> Cow<'_, Hit<'_>> {
        Cow::Borrowed(self)
    }
}
