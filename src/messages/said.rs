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

/// What a line says: a message, and what it carries.
pub trait Says {
    /// The message.
    fn message(&self) -> &'static Message;

    /// All that it carries, by the names that the catalogue gives it.
    fn captures(&self) -> impl Iterator<Item = (&'static str, &str)>;

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

    fn peer(&self) -> Option<&str> {
        PEERS.iter().find_map(|name| self.get(name))
    }

    fn hit(&self) -> Cow<'_, Hit<'_>> {
        Cow::Borrowed(self)
    }
}
