//! The cluster as a whole: its majority, who led, who cannot reach whom, and how far each member's log reaches.

use serde::Serialize;

use crate::text::Untrusted;

/// What is known of the cluster beside its members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClusterRow {
    /// Voting members that it counts on.
    pub voters: u64,
    /// How many of them take a write.
    pub quorum: u64,
    /// How many answered healthy; absent where nobody was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy: Option<u64>,
    /// How many more could be lost, by those answers; negative where that many are missing for a majority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<i64>,
    /// Terms with their leaders, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elections: Vec<ElectionRow>,
    /// Links that were lost at some time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkRow>,
    /// Clocks that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockRow>,
    /// How far each log reaches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<ReachRow>,
    /// Voters of whose log nothing tells how far it reaches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reach_unknown: Vec<Untrusted>,
    /// Whose log reaches furthest, where that of all voters is known and one is ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub furthest: Option<Untrusted>,
}

/// A term and who led in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElectionRow {
    /// The raft term.
    pub term: u64,
    /// The leader's key, else its id.
    pub leader: Untrusted,
    /// When: RFC 3339 UTC where year and zone are known, else as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Untrusted>,
    /// Where it stands.
    pub path: String,
    /// In which line.
    pub line: u64,
}

/// A way between two members that was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkRow {
    /// Whose log says so.
    pub from: Untrusted,
    /// Whom it did not reach.
    pub to: Untrusted,
    /// Why, in a word each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<&'static str>,
    /// How many lines.
    pub count: u64,
    /// When the first was written: RFC 3339 UTC where year and zone are known, else as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Untrusted>,
    /// When the last was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Untrusted>,
    /// Whether the log says later that it is there again.
    pub up_again: bool,
    /// Whether the other side says the same of this one.
    pub both_ways: bool,
    /// Where the last line stands.
    pub path: String,
    /// In which line.
    pub line: u64,
}

/// A clock that is behind another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockRow {
    /// Who measured it.
    pub by: Untrusted,
    /// Whose clock is behind.
    pub behind: Untrusted,
    /// By how much at most, in microseconds.
    pub most_us: u64,
    /// Where it stands.
    pub path: String,
    /// In which line.
    pub line: u64,
}

/// How far a member's log reaches, at least.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachRow {
    /// Whose.
    pub member: Untrusted,
    /// The raft index.
    pub index: u64,
    /// The term in which that entry was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_term: Option<u64>,
    /// The revision that the same answer gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// `status`, `start`, `snapshot name`, `wal name`.
    pub told_by: &'static str,
    /// Whether it surely ends there, as far as the evidence shows; else more may follow.
    pub is_end: bool,
    /// Where it stands.
    pub path: String,
    /// In which line.
    pub line: u64,
}
