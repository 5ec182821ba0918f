//! What is known of the cluster, its members and their time, and from where. Nothing here judges.

mod cure;
mod excerpts;
mod failures;
mod filter;
mod gather;
mod identity;
mod links;
mod machine;
mod measured;
mod progress;
mod quoted;
mod screens;
mod settle;
mod terms;
mod timeline;
mod timing;

use std::collections::BTreeMap;

use crate::{
    bundle::{EndedBy, Quote, RowState},
    parse::{
        df::FileSystem,
        etcdctl::{AlarmKind, Status, hex_id},
        listing::Listing,
        log::When,
        logbook::{Log, Mark, Sighting, Writer},
        ping::Ping,
    },
    text::Untrusted,
};

pub use cure::{Cure, is_later};
pub use failures::Failure;
pub use gather::Gathering;
pub use identity::{address_of, host_of, is_local};
pub use links::{LostLink, sign_of_link};
pub use machine::{Machine, Retransmission, Steal, Throttling};
pub use measured::{Measured, Window};
pub use progress::{Progress, RevisionAt, ToldBy};
pub use screens::Shown;
pub use terms::{ClockBehind, Term};
pub use timeline::Happening;
pub use timing::{DEFAULT_ELECTION, DEFAULT_HEARTBEAT, Timing};

/// A value with the line that says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// The line.
    pub quote: Quote,
}

/// A member's place in [`Facts::members`].
pub type MemberAt = usize;

/// What a health check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It answered that it is well.
    Healthy,
    /// It answered that it is not well, or did not answer in time.
    Unhealthy,
    /// Nobody could be reached there.
    Unreachable,
}

/// An answer about one member's health.
#[derive(Clone, Debug)]
pub struct HealthAnswer {
    /// Whose health.
    pub member: MemberAt,
    /// What was found.
    pub health: Health,
    /// The error in its words.
    pub error: Option<Untrusted>,
    /// Who asked: the host on which the command ran.
    pub asked_by: Option<MemberAt>,
    /// When it was asked, where that is known.
    pub when: Option<When>,
    /// The line.
    pub quote: Quote,
}

impl HealthAnswer {
    /// Whether the host answered that nobody listens: the process does not run, or a firewall rejects with a reset.
    pub fn is_refused(&self) -> bool {
        self.error.as_ref().is_some_and(|e| e.raw().contains("refused") || e.raw().contains("Couldn't connect"))
    }

    /// Whether etcd itself answered, if only with a refusal: then it runs and can be reached, whatever is wrong with the request.
    pub fn is_answer(&self) -> bool {
        const BY_ETCD: &[&str] = &[
            "etcdserver: ",
            "Active Alarm",
            "ALARM ",
            "RAFT NO LEADER",
            "rpc not supported",
            "x509: ",
            "tls: ",
            "permission denied",
        ];
        self.health == Health::Healthy || self.error.as_ref().is_some_and(|e| BY_ETCD.iter().any(|words| e.raw().contains(words)))
    }

    /// Whether the member answered that it knows no leader.
    pub fn has_no_leader(&self) -> bool {
        self.error.as_ref().is_some_and(|e| e.raw().to_ascii_lowercase().contains("no leader"))
    }
}

/// An alarm that a member raised.
#[derive(Clone, Debug)]
pub struct AlarmSeen {
    /// Which.
    pub kind: AlarmKind,
    /// On whom; unknown where the text does not say.
    pub member: Option<MemberAt>,
    /// The line.
    pub quote: Quote,
}

/// What a member's key space hashed to.
#[derive(Clone, Debug)]
pub struct HashOf {
    /// Whose.
    pub member: MemberAt,
    /// CRC-32 over the keys.
    pub hash: u32,
    /// The revision up to which it was computed.
    pub revision: i64,
    /// Whether that is sure: the command named it, or the answer does, which it does from 3.6 on. Else it is the one of the answer's header,
    /// which is read after hashing.
    pub is_exact: bool,
    /// Up to where the member has compacted.
    pub compact_revision: Option<i64>,
    /// The line.
    pub quote: Quote,
}

/// An error that etcdctl printed.
#[derive(Clone, Debug)]
pub struct ClientError {
    /// Its words.
    pub text: Untrusted,
    /// The host on which the command ran.
    pub host: Option<MemberAt>,
    /// The line.
    pub quote: Quote,
}

/// A warning of a client library: of etcdctl, an API server or an application.
#[derive(Clone, Debug)]
pub struct ClientWarning {
    /// Its error.
    pub error: Untrusted,
    /// The member that was asked, where the line tells.
    pub asked: Option<MemberAt>,
    /// The line.
    pub quote: Quote,
}

/// A log with the member whose it is.
#[derive(Clone, Debug)]
pub struct MemberLog {
    /// Whose; unknown where neither host nor name nor id is in it.
    pub member: Option<MemberAt>,
    /// Who wrote it.
    pub writer: Writer,
    /// What it says.
    pub log: Log,
    /// Until when the logs of its writer's member reach, whether one text holds them or several: the log of a container's run before the
    /// present one ends where the next begins.
    pub until: Option<When>,
    /// It is no log, but what prose quotes.
    pub is_prose: bool,
}

/// A command that was typed, and how many lines it printed.
#[derive(Clone, Debug)]
pub struct Echo {
    /// The command.
    pub command: Untrusted,
    /// The host on which it was typed.
    pub host: Option<Untrusted>,
    /// Lines of output in what was sent.
    pub output_lines: u64,
    /// The line with the command.
    pub quote: Quote,
}

/// One member, or somebody who cannot be joined with one.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// The first known of name, host, host of the endpoint, id.
    pub key: Untrusted,
    /// etcd's `--name`.
    pub name: Option<Untrusted>,
    /// Its id; the listed one where several were seen.
    pub id: Option<u64>,
    /// Its host.
    pub host: Option<Untrusted>,
    /// Client URLs.
    pub endpoints: Vec<Untrusted>,
    /// Peer URLs.
    pub peers: Vec<Untrusted>,
    /// Places of members that may be the same one.
    pub maybe: Vec<MemberAt>,
    /// Whether the cluster counts on it.
    pub expected: bool,
    /// Whether it has published its name once.
    pub started: Option<Known<bool>>,
    /// Whether it is a learner.
    pub learner: Option<Known<bool>>,
    /// Whether it leads.
    pub leader: Option<Known<bool>>,
    /// Its version.
    pub version: Option<Untrusted>,
    /// Evidence of its own host that it runs.
    pub runs: Option<Quote>,
    /// Evidence of its own host that it does not run.
    pub stands_still: Option<Quote>,
}

/// What a manifest says of a collection.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The host on which it ran.
    pub host: Untrusted,
    /// What was planned and not obtained: path, state, and why.
    pub missing: Vec<(Untrusted, RowState, Option<Untrusted>)>,
    /// Whether it was sealed; an unfinished bundle was not.
    pub finished: bool,
    /// What ended it early.
    pub ended_by: Option<EndedBy>,
}

/// Write-ahead logs that a purge leaves, at least, where no command line tells: `--max-wals`, 5 by default since 2.0.
const PURGE_LEAVES: usize = 5;

/// All that is known.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Members and those who may be members, sorted by key.
    pub members: Vec<Member>,
    /// The line that says who belongs to the cluster.
    pub membership: Option<Quote>,
    /// Nobody listed the members; they are the endpoints that were asked, and there can be more.
    pub membership_by_asking: bool,
    /// Evidence that was there and not kept, beyond the limits: lines, passages, samples, members.
    pub dropped: u64,
    /// Whether a member list, or a health check of all members, says who belongs: who is in none of them is a stranger.
    pub listed: bool,
    /// Answers about health.
    pub health: Vec<HealthAnswer>,
    /// Answers of `endpoint status`.
    pub statuses: Vec<(MemberAt, Known<Status>)>,
    /// Hashes of the key space: comparable at one revision and one compact revision.
    pub hashes: Vec<HashOf>,
    /// Alarms that were listed.
    pub alarms: Vec<AlarmSeen>,
    /// An alarm list that was read and is empty.
    pub no_alarms: Option<Quote>,
    /// Errors of etcdctl.
    pub errors: Vec<ClientError>,
    /// Warnings of client libraries, the first of each file.
    pub warnings: Vec<ClientWarning>,
    /// Logs, sorted by path and writer.
    pub logs: Vec<MemberLog>,
    /// Metrics, one row a member.
    pub measured: Vec<Measured>,
    /// How full file systems are, with the host on which that was asked.
    pub file_systems: Vec<(Option<Untrusted>, FileSystem)>,
    /// What screens of other tools said, in the order of the texts.
    pub screens: Vec<Shown>,
    /// What the kernel counts, one row a host.
    pub machines: Vec<Machine>,
    /// Raft's clock, by member.
    pub timings: BTreeMap<Option<MemberAt>, Timing>,
    /// What `ping` said, with the host on which it ran.
    pub pings: Vec<(Option<Untrusted>, Ping)>,
    /// The smallest `--max-wals` of the command lines.
    pub max_wals: Option<usize>,
    /// Listings of data directories, with the host on which each was made.
    pub listings: Vec<(Option<Untrusted>, Listing)>,
    /// Commands that were typed.
    pub echoes: Vec<Echo>,
    /// When the commands were run, where a table of commands says so.
    pub collected: Option<(When, Untrusted)>,
    /// Collections whose manifests were read.
    pub collections: Vec<Collection>,
    /// Lines of metrics that were torn: mended, and given up.
    pub torn_metrics: (u64, u64),
    /// Entries in which nothing was understood.
    pub not_understood: Vec<String>,
    /// Entries that were read.
    pub entries: u64,
    /// Lines, blank ones aside.
    pub lines: u64,
    /// Lines that were understood.
    pub understood: u64,
}

impl Facts {
    /// A member.
    pub fn member(&self, at: MemberAt) -> Option<&Member> {
        self.members.get(at)
    }

    /// The member of an id, as etcd prints it.
    pub fn member_of_id(&self, id: &str) -> Option<MemberAt> {
        let id = hex_id(id)?;
        self.members.iter().position(|m| m.id == Some(id))
    }

    /// A member's key.
    pub fn key(&self, at: MemberAt) -> Untrusted {
        self.members.get(at).map(|m| m.key.clone()).unwrap_or_default()
    }

    /// The member that runs on a host, or is called after it.
    pub fn member_on(&self, host: &Untrusted) -> Option<MemberAt> {
        let is = |name: &Option<Untrusted>| name.as_ref() == Some(host);
        self.members.iter().position(|m| is(&m.host)).or_else(|| self.members.iter().position(|m| is(&m.name)))
    }

    /// Places of the members that the cluster counts on; empty where no evidence says who they are.
    pub fn expected(&self) -> impl Iterator<Item = MemberAt> {
        self.members.iter().enumerate().filter(|(_, m)| m.expected).map(|(at, _)| at)
    }

    /// Number of voting members, where it is known.
    pub fn voters(&self) -> Option<usize> {
        let voters = self.members.iter().filter(|m| m.expected && !m.learner.as_ref().is_some_and(|l| l.value)).count();
        (voters > 0).then_some(voters)
    }

    /// Answers about one member.
    pub fn answers_of(&self, at: MemberAt) -> impl Iterator<Item = &HealthAnswer> {
        self.health.iter().filter(move |answer| answer.member == at)
    }

    /// A healthy answer of a member, if there is one.
    pub fn healthy_answer(&self, at: MemberAt) -> Option<&HealthAnswer> {
        self.answers_of(at).find(|answer| answer.health == Health::Healthy)
    }

    /// A healthy answer of every voting member, if all gave one.
    pub fn all_healthy(&self) -> Option<Vec<&HealthAnswer>> {
        let is_voter = |at: &MemberAt| !self.member(*at).and_then(|m| m.learner.as_ref()).is_some_and(|l| l.value);
        // A learner answers no linearizable read, so it is never "healthy" when asked.
        let answers: Option<Vec<_>> = self.expected().filter(is_voter).map(|at| self.healthy_answer(at)).collect();
        answers.filter(|answers| !answers.is_empty())
    }

    /// A listing of a host's data directory in which the older write-ahead logs were purged, and without any snapshot: etcd purges them only
    /// when a snapshot holds what they said. Fewer logs than a purge leaves mean that somebody took them away.
    pub fn lacks_snapshots(&self, host: &Untrusted) -> Option<&Quote> {
        let of_host = self.listings.iter().filter(|(of, _)| of.as_ref() == Some(host)).map(|(_, listing)| listing);
        let without = of_host.filter(|listing| listing.snap_folder.is_some() && !listing.has_snap());
        without
            .filter(|listing| listing.wals() >= self.max_wals.unwrap_or(PURGE_LEAVES))
            .filter_map(Listing::first_wal)
            .find(|(index, _)| *index > 0)
            .map(|(_, quote)| quote)
    }

    /// A listing of a host's data directory in which a file within the sequence of write-ahead logs is not there.
    pub fn lacks_wal(&self, host: &Untrusted) -> Option<&Quote> {
        self.listings.iter().filter(|(of, _)| of.as_ref() == Some(host)).find_map(|(_, listing)| listing.behind_hole())
    }

    /// A listing of a host's data directory whose folder for the write-ahead log was emptied.
    pub fn has_emptied_wal(&self, host: &Untrusted) -> Option<&Quote> {
        self.listings.iter().filter(|(of, _)| of.as_ref() == Some(host)).find_map(|(_, listing)| listing.emptied_wal())
    }

    /// A listing in which every snapshot was put aside as broken, though the log no longer reaches back to its first entry. It is of that
    /// host, or of nobody whose name is known.
    pub fn has_only_broken_snapshots(&self, host: Option<&Untrusted>) -> Option<&Quote> {
        let is_its = |of: &Option<Untrusted>| of.is_none() || host.is_none() || of.as_ref() == host;
        let listings = self.listings.iter().filter(|(of, _)| is_its(of)).map(|(_, listing)| listing);
        let purged = |listing: &&Listing| listing.first_wal().is_none_or(|(index, _)| index > 0);
        listings.filter(purged).find_map(Listing::all_snaps_broken)
    }

    /// Whether the cluster's own list of members is known, and this one is surely not in it.
    pub fn is_stranger(&self, at: MemberAt) -> bool {
        self.listed && self.member(at).is_some_and(|m| !m.expected && m.maybe.is_empty())
    }

    /// Where a message was seen.
    pub fn sightings<'a>(&'a self, id: &'a str) -> impl Iterator<Item = (&'a MemberLog, &'a Sighting)> {
        self.logs.iter().flat_map(|log| log.log.sightings().map(move |s| (log, s))).filter(move |(_, s)| s.message.id == id)
    }

    /// Hashes that can be compared: of one revision and one compact revision, the newest first. Where the revision is not exact and writes
    /// come in, which shows where such revisions differ, only a hash that its member gave twice for one revision counts; and where it
    /// gave two hashes for one revision, nothing follows from that revision.
    pub fn comparable_hashes(&self) -> Vec<Vec<&HashOf>> {
        let mut groups: BTreeMap<(i64, bool, Option<i64>), Vec<&HashOf>> = BTreeMap::new();
        for hash in &self.hashes {
            groups.entry((hash.revision, hash.is_exact, hash.compact_revision)).or_default().push(hash);
        }
        let mut vague = self.hashes.iter().filter(|hash| !hash.is_exact).map(|hash| hash.revision);
        let first = vague.next();
        let is_written = vague.any(|revision| Some(revision) != first);
        let is_unsteady =
            |group: &[&HashOf]| group.iter().any(|a| group.iter().any(|b| a.member == b.member && a.hash != b.hash));
        let counts = |group: &[&HashOf], hash: &HashOf| {
            hash.is_exact || !is_written || group.iter().filter(|same| same.member == hash.member).count() > 1
        };
        let groups = groups.into_values().rev().filter(|group| !is_unsteady(group));
        groups.map(|group| group.iter().copied().filter(|hash| counts(&group, hash)).collect()).collect()
    }

    /// Two members whose key spaces differ at one revision and one compact revision.
    pub fn differing_hashes(&self) -> Option<(&HashOf, &HashOf)> {
        let differ = |a: &HashOf, b: &HashOf| a.member != b.member && a.hash != b.hash;
        self.comparable_hashes()
            .into_iter()
            .find_map(|group| group.iter().copied().find_map(|a| group.iter().copied().find(|b| differ(a, b)).map(|b| (a, b))))
    }

    /// The last line of a log that has a date.
    pub fn end_of(log: &Log) -> Option<&Mark> {
        if log.is_reversed() { log.first.as_ref() } else { log.last.as_ref() }
    }

    /// Whether a log of etcd is there, of whatever length.
    pub fn has_logs(&self) -> bool {
        self.logs.iter().any(|log| log.log.understood > 0 && log.log.first.is_some())
    }
}
