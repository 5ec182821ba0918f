//! What is kept of logs, of whatever length: counts, first and last sightings, extremes, and a bounded number of quoted lines.

mod carried;
mod note;
mod sighting;

pub(super) use carried::COUNTED;
pub(super) use note::{Again, sounds_bad, tells_nothing_else};
pub use sighting::{MANY_BYTES, MANY_KEYS, Reasoned, Sighting};

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    log::{Form, LogLine, Stamp, When},
    raft::Raft,
};
use crate::{
    bundle::{Line, Quote},
    text::Untrusted,
};

/// Most writers (host and process) that one text can hold.
const MOST_WRITERS: usize = 64;
/// Most peers that one message is told apart by. A cluster has at most seven members; a wrong file could name thousands.
const MOST_PEERS: usize = 32;
/// Most lines that are quoted though no message is known for them.
const MOST_UNKNOWN: usize = 5;

/// A line of a log: what it says, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The line.
    pub quote: Quote,
    /// When it was written, as far as its date tells.
    pub when: Option<When>,
    /// The date as it stands there.
    pub as_read: Option<Untrusted>,
}
/// The line that tells something: quoted only where it is kept.
pub(super) trait Moment {
    /// When it was written.
    fn when(&self) -> Option<When>;
    /// The line, to be kept.
    fn mark(&self) -> Mark;
}

/// A line that was read for itself.
struct Read<'a> {
    line: Line<'a>,
    stamp: Option<&'a Stamp<'a>>,
}

impl Moment for Read<'_> {
    fn when(&self) -> Option<When> {
        self.stamp.map(Stamp::when)
    }

    fn mark(&self) -> Mark {
        Mark { quote: self.line.quote(), when: self.when(), as_read: self.stamp.map(|s| s.as_read().into()) }
    }
}

/// Who wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Writer {
    /// The host, from syslog or journald.
    pub host: Option<Untrusted>,
    /// The program, from syslog or journald.
    pub process: Option<Untrusted>,
}

/// What a log says of its member's raft clock: the newest line counts.
#[derive(Clone, Debug, Default)]
pub struct LoggedTiming {
    /// The heartbeat interval.
    pub heartbeat: Option<(Duration, Quote)>,
    /// The election timeout.
    pub election: Option<(Duration, Quote)>,
}

/// What one writer's lines said.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Lines.
    pub lines: u64,
    /// Lines with etcd's own header, or with a message that the catalogue knows.
    pub understood: u64,
    /// First line with a date.
    pub first: Option<Mark>,
    /// Last line with a date.
    pub last: Option<Mark>,
    sightings: Vec<Sighting>,
    /// Where they stand in that list, by message and peer.
    index: BTreeMap<(&'static str, Option<Untrusted>), usize>,
    /// etcd's `--name`, where a line says it.
    pub names: BTreeSet<Untrusted>,
    /// The member's own id, where a line says it.
    pub ids: BTreeSet<Untrusted>,
    /// The ids of the clusters to which the member says that it belongs.
    pub clusters: BTreeSet<Untrusted>,
    /// `--initial-cluster` of the newest start, where a line says it.
    pub initial_cluster: Option<(Untrusted, Quote)>,
    /// Heartbeat interval and election timeout, where lines say them.
    pub timing: LoggedTiming,
    /// etcd's version at the newest start, where a line says it.
    pub version: Option<Untrusted>,
    /// Leaders by term, and the end of the member's own log.
    pub raft: Raft,
    /// Warnings and errors of etcd that no message is known for: the first ones.
    pub unknown: Vec<Mark>,
    /// How many there were.
    pub unknown_count: u64,
    /// The message that was told last, and whether Go's `panic: ` told it.
    told: Option<(&'static str, bool)>,
    /// Whether some message names about as many peers as are told apart.
    is_crowded: bool,
}
impl Log {
    /// All messages that were seen, in the order of their names.
    pub fn sightings(&self) -> impl Iterator<Item = &Sighting> {
        self.index.values().filter_map(|at| self.sightings.get(*at))
    }

    /// Whether its lines run backwards in time, as `journalctl -r` prints them.
    pub fn is_reversed(&self) -> bool {
        let when = |mark: &Option<Mark>| mark.as_ref().and_then(|m| m.when);
        match (when(&self.first), when(&self.last)) {
            (Some(first), Some(last)) => first.is_surely_after(&last),
            _ => false,
        }
    }
}
/// The logs that one text holds, by writer.
#[derive(Clone, Debug, Default)]
pub struct Logbook {
    logs: Vec<Log>,
    /// Where they stand in that list, by writer.
    index: BTreeMap<Writer, usize>,
    /// Lines of etcd, or with known messages, of writers beyond the limit.
    pub dropped: u64,
}

impl Logbook {
    /// All logs, sorted by writer.
    pub fn logs(&self) -> impl Iterator<Item = (&Writer, &Log)> {
        self.index.iter().filter_map(|(writer, at)| Some((writer, self.logs.get(*at)?)))
    }

    /// Takes a line in, if it is a log line: one with a logger's or a journal's header, or bare words that the catalogue knows.
    /// `host` is the host of the terminal it was pasted from.
    pub fn line(&mut self, line: Line<'_>, read: &LogLine<'_>, host: Option<&Untrusted>) -> bool {
        let hit = read.message();
        if read.form == Form::Bare && read.host.is_none() && read.process.is_none() && hit.is_none() {
            return false;
        }
        let writer = Writer::of(read, host);
        let is_etcd = is_etcds(&writer, read.form);
        // Other programs of the host are no evidence, unless they say something that the catalogue knows.
        if !is_etcd && hit.is_none() {
            return true;
        }
        let Some(at) = self.open(writer) else {
            self.dropped += 1;
            return true;
        };
        let Some(log) = self.logs.get_mut(at) else { return true };
        log.line(hit.as_ref(), read, is_etcd, &Read { line, stamp: read.stamp.as_ref() });
        true
    }

    /// A log by its place.
    pub(super) fn log_at(&mut self, at: usize) -> Option<&mut Log> {
        self.logs.get_mut(at)
    }

    /// Where the log of a writer stands; it is begun where there is none. None beyond the most that are kept.
    pub(super) fn open(&mut self, writer: Writer) -> Option<usize> {
        if let Some(at) = self.index.get(&writer) {
            return Some(*at);
        }
        let at = self.logs.len();
        if at >= MOST_WRITERS {
            return None;
        }
        self.index.insert(writer, at);
        self.logs.push(Log::default());
        Some(at)
    }
}

impl Writer {
    pub(super) fn of(read: &LogLine<'_>, host: Option<&Untrusted>) -> Self {
        Writer { host: read.host.map(Untrusted::from).or_else(|| host.cloned()), process: read.process.map(Untrusted::from) }
    }
}

/// Whether a line is one of etcd's own. Kubernetes' lines between etcd's, as in one file of k3s, have no writer either.
pub(super) fn is_etcds(writer: &Writer, form: Form) -> bool {
    is_etcd(writer) && !matches!(form, Form::Klog | Form::Logfmt)
}

fn insert_bounded(set: &mut BTreeSet<Untrusted>, text: &str) {
    if set.len() < MOST_PEERS && !text.is_empty() && !set.iter().any(|known| *known == *text) {
        set.insert(text.into());
    }
}

/// Programs that write etcd's own lines: etcd itself, containers that carry it, and distributions of Kubernetes that embed it.
const ETCD_WRITERS: &[&str] =
    &["etcd", "k3s", "rke2", "k0s", "hyperkube", "docker", "podman", "dockerd", "containerd", "bash", "sh"];

/// Whether a writer's lines can be etcd's own. A line without a program's name is judged by its words.
pub fn is_etcd(writer: &Writer) -> bool {
    writer.process.as_ref().is_none_or(|process| ETCD_WRITERS.iter().any(|name| process.raw().starts_with(name)))
}
