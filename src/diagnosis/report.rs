//! The diagnosis as a whole, as `docs/diagnosis.schema.json` describes it.

use serde::Serialize;

use super::{
    cluster::ClusterRow,
    code::Code,
    finding::{Evidence, Finding, Moment},
    outcome::Gap,
    scale::{Confidence, Impact, Severity, State, Weight},
};
use crate::{bundle::Citation, text::Untrusted};

/// The schema that this diagnosis follows. It changes by addition only.
pub const SCHEMA: &str = "etcd-triage/diagnosis/1";

/// The answer to "what is wrong with this cluster".
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosis {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Names the meaning of this diagnosis: equal ids, equal conclusions.
    pub id: String,
    /// Who made it.
    pub tool: Tool,
    /// From what.
    pub input: InputFacts,
    /// The conclusion.
    pub verdict: Verdict,
    /// What was found, causes first.
    pub findings: Vec<Finding>,
    /// What the evidence leaves open.
    pub undecided: Vec<Gap>,
    /// Who is who.
    pub members: Vec<MemberRow>,
    /// The cluster as a whole, where the evidence tells of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterRow>,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// How long the way from one member to another and back takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub round_trips: Vec<RoundTrip>,
    /// What happened, in order.
    pub timeline: Vec<Event>,
    /// What was looked at.
    pub coverage: Coverage,
}

impl Diagnosis {
    /// Whether a finding at or above `severity` goes on.
    pub fn has_active(&self, severity: Severity) -> bool {
        self.findings.iter().any(|f| f.state == State::Active && f.severity >= severity)
    }
}

/// The program that made a diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// What was analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputFacts {
    /// Whose bundle it is; never the form of the archive.
    pub layout: &'static str,
    /// Names the content.
    pub digest: String,
    /// When it was collected, where the evidence tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<String>,
}

/// The conclusion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The cause, `healthy`, `healthy.transient`, or none.
    pub primary: Option<Code>,
    /// Further, independent causes.
    pub also: Vec<Code>,
    /// What the cluster's clients get at the end of the evidence.
    pub impact: Impact,
    /// How sure it is.
    pub confidence: Confidence,
    /// One sentence.
    pub headline: String,
    /// The findings it rests on.
    pub because: Vec<Code>,
    /// What speaks for the members' health, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
}

/// Something that speaks for health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ground {
    /// In a sentence.
    pub says: String,
    /// How much it carries.
    pub weight: Weight,
    /// The lines.
    pub evidence: Vec<Evidence>,
}

/// How the cluster is apart from findings: what a healthy verdict would rest on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Wellbeing {
    /// How sure a healthy verdict would be; none where the evidence cannot carry one.
    pub healthy: Option<Confidence>,
    /// Whether the state of all members is known.
    pub all_known: bool,
    /// Whether something speaks against it that no finding explains.
    pub is_troubled: bool,
    /// What speaks for it.
    pub grounds: Vec<Ground>,
    /// What would make it surer, or is missing for it.
    pub gap: Option<Gap>,
}

/// A member of the cluster, or somebody who cannot be joined with one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MemberRow {
    /// The first known of name, host, host of the endpoint, id.
    pub key: Untrusted,
    /// etcd's `--name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Untrusted>,
    /// As etcd prints it: lower-case hex, not padded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<Untrusted>,
    /// Peer addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Untrusted>,
    /// Client URLs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Untrusted>,
    /// Keys of rows that may be the same one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub maybe: Vec<Untrusted>,
    /// etcd's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Untrusted>,
    /// `leader`, `follower`, `learner`, `unstarted`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// `healthy`, `unhealthy`, `unreachable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<&'static str>,
    /// Size of the backend file, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_bytes: Option<u64>,
    /// What of it holds data, in bytes; the rest a defragmentation would free.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_in_use_bytes: Option<u64>,
    /// The size at which the cluster takes no more writes, in bytes, where the member says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_quota_bytes: Option<u64>,
    /// Raft term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u64>,
    /// Raft index: applied up to etcd 3.3, committed from 3.4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
}

/// Bounds of a quantile: a histogram tells the bucket, not the point. In seconds; `le` is absent beyond the last bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantile {
    /// More than this.
    pub gt: f64,
    /// At most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub le: Option<f64>,
}

/// A share as two integers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Within {
    /// The bound, in seconds.
    pub le: f64,
    /// How many were within it.
    pub n: u64,
    /// Of how many.
    pub of: u64,
}

/// How many operations took at most so long, those of all lower buckets among them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bucket {
    /// The bound, in seconds.
    pub le: f64,
    /// How many.
    pub n: u64,
}

/// How long probes from one member to another took, there and back. etcd sends one each 30 s.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundTrip {
    /// Who measured it, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Untrusted>,
    /// To whom: a member's key, else the id as it stands there.
    pub to: Untrusted,
    /// `since start`.
    pub window: &'static str,
    /// Number of probes.
    pub count: u64,
    /// Median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<Quantile>,
    /// 99th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<Quantile>,
}

/// A histogram's gist.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measurement {
    /// Whose, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Untrusted>,
    /// The metric by its newest name.
    pub name: &'static str,
    /// `since start` or `between samples`.
    pub window: &'static str,
    /// Number of operations.
    pub count: u64,
    /// Median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<Quantile>,
    /// 99th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<Quantile>,
    /// Shares within bounds.
    pub within: Vec<Within>,
    /// All buckets, by rising bound, without the one that has no bound: `count` is what that one holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buckets: Vec<Bucket>,
    /// Where it was read.
    #[serde(skip)]
    pub place: Option<Citation>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// RFC 3339 UTC, where year and zone are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_as_read: Option<Untrusted>,
    /// Whose log says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Untrusted>,
    /// What happened: the message's meaning, and how often.
    pub what: String,
    /// The finding it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// How far that member's clock is off by the measurements of the others, in microseconds, positive where it is ahead; the order of the
    /// timeline takes it into account, the time stays as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_offset_us: Option<i64>,
    /// What it is: `start`, `stop`, `fault`, `peer-down`.
    pub kind: &'static str,
    /// Its place on one axis: microseconds after the first event. Absent where its date cannot be compared with those of most others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elapsed_us: Option<u64>,
    /// From the first to the last of several, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasted_us: Option<u64>,
    /// Where it stands.
    pub path: String,
    /// In which line.
    pub line: u64,
}

/// How many rules ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleCounts {
    /// Passed.
    pub pass: u32,
    /// Failed.
    pub fail: u32,
    /// Cannot know.
    pub unknown: u32,
    /// Do not apply.
    pub not_applicable: u32,
}

/// Something that was there and was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Where it lies.
    pub path: Untrusted,
    /// Why it was not read.
    pub why: String,
}

/// What was looked at, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// How many members the cluster has, where the evidence tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members_expected: Option<u64>,
    /// How many of them have evidence of their own or an answer.
    pub members_seen: u64,
    /// First and last time in the evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Untrusted>,
    /// Last time in the evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Untrusted>,
    /// Number of entries that were read.
    pub artifacts: u64,
    /// What is missing or was read in part, in sentences.
    pub gaps: Vec<String>,
    /// Entries that were not read.
    pub unread: Vec<Unreadable>,
    /// How the rules ended.
    pub rules: RuleCounts,
}

impl From<&Moment> for Untrusted {
    fn from(moment: &Moment) -> Self {
        moment.at.map_or_else(|| moment.as_read.clone(), |at| at.to_string().into())
    }
}
