//! What etcdctl can say: the answers and the facts in them.

use std::time::Duration;

use crate::text::Untrusted;

/// One answer of etcdctl, of any version from 2.0 to 3.7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A member's line of v2 `cluster-health`.
    MemberHealth {
        /// The member.
        id: u64,
        /// What the tool found.
        health: Health,
        /// The client URL that was asked; none when the line names none or several.
        endpoint: Option<Untrusted>,
        /// The words after the colon, when the member is not healthy.
        why: Option<Untrusted>,
    },
    /// The last line of v2 `cluster-health`.
    ClusterVerdict(Verdict),
    /// v2 `failed to check the health of member X on URL: …`.
    MemberCheckFailed {
        /// The member.
        id: u64,
        /// The client URL that was asked.
        endpoint: Untrusted,
        /// What went wrong, as printed.
        error: Untrusted,
    },
    /// A member of a member list, v2 or v3, of every output form, and of the HTTP body of `/v2/members`.
    Member {
        /// The member.
        id: u64,
        /// Its name; none as long as it never started.
        name: Option<Untrusted>,
        /// Where its peers reach it.
        peer_urls: Vec<Untrusted>,
        /// Where clients reach it.
        client_urls: Vec<Untrusted>,
        /// Whether it leads; only v2 prints that.
        is_leader: Option<bool>,
        /// Whether it is a learner; printed from 3.4 on. JSON without the key is `Some(false)`: before 3.4 there was no learner.
        is_learner: Option<bool>,
        /// Whether it has published its name once. It does not mean that it runs.
        started: Option<bool>,
    },
    /// A line, row or object of `endpoint health`.
    EndpointHealth {
        /// The endpoint as given to the tool.
        endpoint: Untrusted,
        /// The verdict. Up to 3.4 a cluster with an alarm is healthy here.
        healthy: bool,
        /// How long the linearizable read took.
        took: Option<Duration>,
        /// What went wrong, as printed.
        error: Option<Untrusted>,
    },
    /// A line, row or object of `endpoint status`.
    EndpointStatus(Box<Status>),
    /// `Failed to get the status of endpoint X (…)`; the endpoint is missing from the output then.
    StatusFailed {
        /// The endpoint.
        endpoint: Untrusted,
        /// What went wrong, as printed.
        error: Untrusted,
    },
    /// `Failed to get the hash of endpoint X (…)`.
    HashFailed {
        /// The endpoint.
        endpoint: Untrusted,
        /// What went wrong, as printed.
        error: Untrusted,
    },
    /// A line, row or object of `endpoint hashkv` (3.3 on). Hashes compare only at one revision and one compact revision.
    Hash {
        /// The endpoint as given to the tool.
        endpoint: Untrusted,
        /// The cluster, JSON and fields only.
        cluster_id: Option<u64>,
        /// The member, JSON and fields only.
        member_id: Option<u64>,
        /// CRC-32 over the keys.
        hash: Option<u32>,
        /// The member's revision when it answered; the hash is over this one, unless `hash_revision` is there.
        revision: Option<i64>,
        /// Up to where the member has compacted; -1 means never.
        compact_revision: Option<i64>,
        /// The revision that was hashed (3.6 on).
        hash_revision: Option<i64>,
    },
    /// A line or object of `alarm list`.
    Alarm {
        /// The member that raised it; none when 0 or absent (3.6: a corruption whose member is not known).
        member: Option<u64>,
        /// Which alarm.
        kind: AlarmKind,
    },
    /// An alarm list in JSON or fields form that holds no alarm. The simple form prints nothing then, so it cannot be read.
    AlarmListRead,
    /// An error line of etcdctl, or one `error #0: …` of the lines that go on with it, without the word `Error`.
    Error {
        /// The words.
        text: Untrusted,
    },
    /// A warning of the client library, mixed in from stderr.
    ClientWarning {
        /// Who wrote it.
        by: Client,
        /// The target as printed, such as `etcd-endpoints://0xc0003745a0/10.0.0.1:2379`.
        target: Untrusted,
        /// The endpoint in the target. From 3.5 on it is the first of the client's endpoints, not always the one that failed.
        endpoint: Option<Untrusted>,
        /// What went wrong, as printed.
        error: Untrusted,
    },
    /// The header of a JSON or fields answer: which cluster, and which member answered.
    Cluster {
        /// The cluster.
        cluster_id: Option<u64>,
        /// The member that answered.
        member_id: Option<u64>,
        /// Its revision. A member list has none.
        revision: Option<i64>,
        /// Its raft term.
        raft_term: Option<u64>,
        /// Nothing but the header was there: a `put`, a `get` that found nothing, or an `alarm list` without alarms.
        bare: bool,
    },
    /// A line of `etcdctl version`.
    Tool {
        /// The version of the tool (not of a server).
        version: Option<Untrusted>,
        /// The API it speaks: `2`, `3.3`.
        api: Option<Untrusted>,
    },
}

/// What v2 `cluster-health` found of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// `is healthy`.
    Healthy,
    /// `is unhealthy`: it answered that it is not well.
    Unhealthy,
    /// `is unreachable`: none of its client URLs answered, or it has published none.
    Unreachable,
}

/// The verdict of v2 `cluster-health`, as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `cluster is healthy`. Up to 3.2 said as soon as ONE member is healthy; from 3.3 on only if all are.
    Healthy,
    /// `cluster is unhealthy` (up to 3.2): no member is healthy.
    Unhealthy,
    /// `cluster is degraded` (3.3 to 3.5): some members are healthy.
    Degraded,
    /// `cluster is unavailable` (3.3 to 3.5): no member is healthy.
    Unavailable,
    /// `cluster may be unhealthy: …`: the member list could not be read.
    MayBeUnhealthy,
}

/// Which alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmKind {
    /// The backend quota is used up.
    NoSpace,
    /// The data of members differ.
    Corrupt,
    /// Another name or number.
    Other(Untrusted),
}

impl AlarmKind {
    /// The kind by its printed name or number.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "NOSPACE" | "1" => Self::NoSpace,
            "CORRUPT" | "2" => Self::Corrupt,
            other => Self::Other(other.into()),
        }
    }
}

/// Who wrote a client warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The etcd client, as a zap JSON line (3.4 on).
    Zap,
    /// The gRPC library through Go's standard log, `2026/11/22 16:20:53 grpc: …` (up to 3.3). A server of these versions can write
    /// the same about its own gateway; in a server's log it says nothing about etcdctl.
    Grpc,
}

/// A size on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bytes.
    pub bytes: u64,
    /// Read from `25 MB`: decimal units, two or three digits, so only near the truth.
    pub rounded: bool,
}

/// What `endpoint status` says of one endpoint. What is absent, or zero where zero means unset, is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Status {
    /// The endpoint as given to the tool.
    pub endpoint: Untrusted,
    /// The cluster; JSON and fields only.
    pub cluster_id: Option<u64>,
    /// The member.
    pub member_id: Option<u64>,
    /// The server's version.
    pub version: Option<Untrusted>,
    /// The version of the stored data (3.6 on).
    pub storage_version: Option<Untrusted>,
    /// The database file.
    pub db_size: Option<Size>,
    /// What of it holds data (JSON from 3.4, the other forms from 3.6 on).
    pub in_use: Option<Size>,
    /// The backend quota (3.6 on).
    pub quota: Option<Size>,
    /// Whether this member leads.
    pub is_leader: Option<bool>,
    /// Whom it takes for the leader; JSON, fields, and rows of a leader.
    pub leader: Option<u64>,
    /// Whether it knows a leader. `Some(false)`: JSON without `leader`, or the error `etcdserver: no leader`.
    pub has_leader: Option<bool>,
    /// Whether it is a learner (3.4 on).
    pub is_learner: Option<bool>,
    /// Raft term.
    pub term: Option<u64>,
    /// Raft index: up to 3.3 the applied one, from 3.4 on the committed one.
    pub index: Option<u64>,
    /// Raft applied index (3.4 on).
    pub applied: Option<u64>,
    /// The member's own revision, not linearized; JSON and fields only.
    pub revision: Option<i64>,
    /// Errors as printed, such as `etcdserver: no leader` and `memberID:1 alarm:NOSPACE` (3.4 on).
    pub errors: Vec<Untrusted>,
    /// The version a downgrade leads to (3.6 on).
    pub downgrade_target: Option<Untrusted>,
    /// Whether a downgrade is on (3.6 on).
    pub downgrade_enabled: Option<bool>,
}

impl Status {
    /// Fills in what follows from the other facts: who leads, and whether anyone does.
    pub(super) fn conclude(&mut self) {
        if self.is_leader == Some(true) && self.leader.is_none() {
            self.leader = self.member_id;
        }
        if self.leader.is_some() {
            self.has_leader = Some(true);
        } else if self.errors.iter().any(|e| *e == "etcdserver: no leader") {
            self.has_leader = Some(false);
        }
    }
}
