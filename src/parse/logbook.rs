//! What is kept of logs, of whatever length: counts, first and last sightings, extremes, and a bounded number of quoted lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    cmdline::etcd_flags,
    duration::go_duration,
    etcdctl::hex_id,
    log::{Body, Form, Level, LogLine, When},
    pace::{self, Pace},
    raft::Raft,
    stack::is_stack,
};
use crate::{
    bundle::{Line, Quote},
    messages::{Class, Hit, Message, Reason, reason_of},
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
    /// Messages by name and peer.
    sightings: BTreeMap<(&'static str, Option<Untrusted>), Sighting>,
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
}

impl Log {
    /// All messages that were seen, in the order of their names.
    pub fn sightings(&self) -> impl Iterator<Item = &Sighting> {
        self.sightings.values()
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
    logs: BTreeMap<Writer, Log>,
    /// Lines of etcd, or with known messages, of writers beyond the limit.
    pub dropped: u64,
}

impl Logbook {
    /// All logs, sorted by writer.
    pub fn logs(&self) -> impl Iterator<Item = (&Writer, &Log)> {
        self.logs.iter()
    }

    /// Takes a line in, if it is a log line: one with a logger's or a journal's header, or bare words that the catalogue knows.
    /// `host` is the host of the terminal it was pasted from.
    pub fn line(&mut self, line: Line<'_>, read: &LogLine<'_>, host: Option<&Untrusted>) -> bool {
        let hit = read.message();
        if read.form == Form::Bare && read.host.is_none() && read.process.is_none() && hit.is_none() {
            return false;
        }
        let writer =
            Writer { host: read.host.map(Untrusted::from).or_else(|| host.cloned()), process: read.process.map(Untrusted::from) };
        // Kubernetes' lines between etcd's, as in one file of k3s, have no writer either.
        let is_etcd = is_etcd(&writer) && !matches!(read.form, Form::Klog | Form::Logfmt);
        // Other programs of the host are no evidence, unless they say something that the catalogue knows.
        if !is_etcd && hit.is_none() {
            return true;
        }
        if !self.logs.contains_key(&writer) && self.logs.len() >= MOST_WRITERS {
            self.dropped += 1;
            return true;
        }
        let log = self.logs.entry(writer).or_default();
        let mark = Mark {
            quote: line.quote(),
            when: read.stamp.as_ref().map(super::log::Stamp::when),
            as_read: read.stamp.as_ref().map(|s| s.as_read().into()),
        };
        log.lines += 1;
        if mark.when.is_some() {
            log.first.get_or_insert_with(|| mark.clone());
            log.last = Some(mark.clone());
        }
        if let Body::Zap(zap) = &read.body
            && let Some(id) = zap.field("local-member-id")
        {
            insert_bounded(&mut log.ids, &id);
        }
        match hit {
            Some(hit) => {
                log.understood += 1;
                if let Some(name) = hit.get("args").and_then(|_| etcd_flags(line.text())).and_then(|flags| flags.name) {
                    insert_bounded(&mut log.names, name.raw());
                }
                if !log.is_echo(hit.message.id, read) {
                    log.note(&hit, mark, read.repeats);
                }
            }
            None if is_etcd => {
                // Without a level nothing tells whether an unknown line is good or bad.
                log.understood += u64::from(read.level.is_some());
                log.told = log.told.filter(|_| read.form == Form::Bare);
                if read.level.is_some_and(|level| level >= Level::Warn) || sounds_bad(read) {
                    log.unknown_count += 1;
                    if log.unknown.len() < MOST_UNKNOWN {
                        log.unknown.push(mark);
                    }
                }
            }
            None => {}
        }
        true
    }
}

/// Words with which a program tells that something did not go well. etcd 2.0 and the journal of capnslog show no level, and etcd says some of
/// its last words at info.
const BAD_WORDS: &[&str] =
    &["error", "fail", "panic", "fatal", "cannot", "could not", "couldn't", "unable", "denied", "invalid", "corrupt", "must "];

/// Whether a line that no message is known for, and whose level says nothing, may be trouble.
fn sounds_bad(read: &LogLine<'_>) -> bool {
    if is_stack(read.words()) {
        return false;
    }
    let words = read.words().to_ascii_lowercase();
    BAD_WORDS.iter().any(|word| words.contains(word))
}

/// Messages in which a member tells its own name, and those (by the beginning of their ids) in which it tells its own id.
const NAMES_ITSELF: &[&str] = &["identity-name", "start-server"];
const IDS_ITSELF: &[&str] = &["raft-", "serving-", "member-starting-new", "member-restarting", "member-forced-restart"];

impl Log {
    /// Notes a message that prose quotes.
    pub fn note_quoted(&mut self, hit: &Hit<'_>, mark: Mark) {
        self.lines += 1;
        self.understood += 1;
        self.note(hit, mark, 1);
    }

    /// Keeps only the sightings of these messages.
    pub fn retain(&mut self, keeps: impl Fn(&Message) -> bool) {
        self.sightings.retain(|_, sighting| keeps(sighting.message));
    }

    /// Whether the line says once more what was just said: a logger's last line, and Go's `panic: ` with the same words. In a log that
    /// runs backwards the panic comes first. Lines of the stack may lie between.
    fn is_echo(&mut self, id: &'static str, read: &LogLine<'_>) -> bool {
        let is_panic = read.form == Form::Bare && read.words().starts_with("panic: ");
        let is_echo = self.told.take().is_some_and(|(told, by_panic)| told == id && by_panic != is_panic);
        self.told = (!is_echo).then_some((id, is_panic));
        is_echo
    }

    fn note_identity(&mut self, hit: &Hit<'_>, mark: &Mark) {
        if let Some(name) = hit.get("name").filter(|_| NAMES_ITSELF.contains(&hit.message.id)) {
            insert_bounded(&mut self.names, name);
        }
        if let Some(id) = hit.get("member").filter(|_| IDS_ITSELF.iter().any(|id| hit.message.id.starts_with(id))) {
            insert_bounded(&mut self.ids, id);
        }
        if let Some(cluster) = hit.get("cluster").filter(|_| IDS_ITSELF.iter().any(|id| hit.message.id.starts_with(id))) {
            insert_bounded(&mut self.clusters, cluster);
        }
        if let Some(cluster) = hit.get("initial-cluster").filter(|cluster| !cluster.is_empty()) {
            self.initial_cluster = Some((cluster.into(), mark.quote.clone()));
        }
        self.note_timing(hit, mark);
        if let Some(version) = hit.get("version").filter(|_| hit.message.class == Class::Start) {
            self.version = Some(version.into());
        }
    }

    fn note_timing(&mut self, hit: &Hit<'_>, mark: &Mark) {
        let (heartbeat, election) = match hit.message.id {
            "identity-heartbeat" => (hit.get("interval"), None),
            "identity-election" => (None, hit.get("timeout")),
            "start-server" => (hit.get("heartbeat"), hit.get("election")),
            // A late heartbeat names the interval too; a line at the start is the better one to show.
            "heartbeat-late" if self.timing.heartbeat.is_none() => (hit.get("interval"), None),
            _ => return,
        };
        let known = |text: Option<&str>| text.and_then(go_duration).filter(|d| !d.is_zero()).map(|d| (d, mark.quote.clone()));
        self.timing.heartbeat = known(heartbeat).or(self.timing.heartbeat.take());
        self.timing.election = known(election).or(self.timing.election.take());
    }

    fn note(&mut self, hit: &Hit<'_>, mark: Mark, repeats: u64) {
        self.note_identity(hit, &mark);
        self.raft.note(hit, &mark);
        let known_peers = self.sightings.keys().filter(|(id, _)| *id == hit.message.id).count();
        let peer = hit.get("peer").or_else(|| hit.get("process")).filter(|_| known_peers < MOST_PEERS).map(Untrusted::from);
        let took = ["took", "late", "difference"].iter().find_map(|name| hit.get(name)).and_then(go_duration);
        let error = hit.get("error").map(Untrusted::from);
        let reason = error.as_ref().and_then(|e| reason_of(e.raw()));
        let refused = u64::from(reason == Some(Reason::Refused));
        let (keys, bytes) = answer_size(hit);
        let sighting = self.sightings.entry((hit.message.id, peer.clone())).or_insert_with(|| Sighting {
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
            most_keys: None,
            most_bytes: None,
            large: 0,
        });
        if let (Some(want), Some(got)) = (hit.get("want"), hit.get("got"))
            && sighting.unequal.len() < MOST_PEERS
        {
            sighting.unequal.insert((want.into(), got.into()));
        }
        if pace::is_paced(hit.message.id) {
            sighting.pace.note(mark.when, took, hit.get("term").and_then(|term| term.parse().ok()));
        }
        sighting.count += repeats;
        sighting.refused += refused;
        sighting.error = error.or(sighting.error.take());
        let index = |name| hit.get(name).and_then(|digits| digits.parse().ok());
        sighting.reach = index("tocommit").zip(index("last")).or(sighting.reach);
        if let Some(took) = took.filter(|took| sighting.longest.as_ref().is_none_or(|(longest, _)| took > longest)) {
            sighting.longest = Some((took, mark.clone()));
        }
        let remote = hit.get("remote").or_else(|| hit.get("user"));
        if let Some(kind) = hit.get("type").filter(|_| hit.message.id == "peer-send-buffer-full") {
            insert_bounded(&mut sighting.kinds, kind);
        }
        if let Some(remote) = remote {
            insert_bounded(&mut sighting.remotes, remote);
        }
        if let Some(reason) = reason {
            sighting.note_reason(reason, remote, &mark, repeats);
        }
        sighting.large += u64::from(keys.is_some_and(|n| n >= MANY_KEYS) || bytes.is_some_and(|n| n >= MANY_BYTES));
        for (most, seen) in [(&mut sighting.most_keys, keys), (&mut sighting.most_bytes, bytes)] {
            if let Some(seen) = seen.filter(|seen| most.as_ref().is_none_or(|(most, _)| seen > most)) {
                *most = Some((seen, mark.clone()));
            }
        }
        sighting.last = mark;
    }
}

impl Sighting {
    fn note_reason(&mut self, reason: Reason, remote: Option<&str>, mark: &Mark, repeats: u64) {
        let reasoned = self.reasons.entry(reason).or_insert_with(|| Reasoned {
            count: 0,
            first: mark.clone(),
            last: mark.clone(),
            remotes: BTreeSet::new(),
        });
        reasoned.count += repeats;
        reasoned.last = mark.clone();
        if let Some(remote) = remote {
            insert_bounded(&mut reasoned.remotes, remote);
        }
    }
}

/// Keys and bytes of an answer: `range_response_count:500 size:1048576`, or fields of their own.
fn answer_size(hit: &Hit<'_>) -> (Option<u64>, Option<u64>) {
    let result = hit.get("result").unwrap_or_default();
    let number = |name: &str| {
        let (_, rest) = result.split_once(name)?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let field = |name: &str| hit.get(name).and_then(|text| text.parse().ok());
    (number("range_response_count:").or_else(|| field("count")), number("size:").or_else(|| field("size")))
}

fn insert_bounded(set: &mut BTreeSet<Untrusted>, text: &str) {
    if set.len() < MOST_PEERS && !text.is_empty() {
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
