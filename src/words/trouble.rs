//! Trouble that no rule explains, in words.

/// Trouble that no rule explains.
#[derive(Debug)]
pub struct TroubleWords {
    /// Data of two members differ.
    pub differing: &'static str,
    /// Evidence was not kept.
    pub dropped: &'static str,
    /// An alarm that no rule reads.
    pub alarm: &'static str,
    /// Two leaders.
    pub leaders: &'static str,
    /// Two clusters.
    pub clusters: &'static str,
    /// A member is far behind.
    pub behind: &'static str,
    /// A container's readiness probe fails.
    pub not_ready: &'static str,
    /// `check perf` found something too slow.
    pub checked: &'static str,
    /// A request failed.
    pub error: &'static str,
    /// Somebody got a bad answer.
    pub bad_answer: &'static str,
    /// Commits are slow.
    pub slow_commit: &'static str,
    /// Round trips are slow.
    pub slow_round_trip: &'static str,
    /// A member's link to another is down by its metrics.
    pub unlinked: &'static str,
    /// A member loses its leader again and again.
    pub leaderless: &'static str,
    /// Lines of logs.
    pub logged: &'static str,
    /// A line that is not known.
    pub unknown: &'static str,
}

/// English.
pub(super) const EN: TroubleWords = TroubleWords {
    differing: "{a} and {b} hold different data at revision {revision} ({place}); no rule of this release explains it.",
    dropped: "{n} pieces of evidence were beyond the limits and were not kept.",
    alarm: "The alarm {kind} is on ({place}); no rule of this release explains it.",
    leaders: "Two members say that they lead ({place}).",
    clusters: "The members that answered belong to two clusters ({place}).",
    behind: "A member is {n} entries of the raft log behind another ({place}); no rule of this release explains it.",
    not_ready: "The container of etcd on {member|a host} runs and is not ready ({place}).",
    checked: "`etcdctl check perf` found it too slow ({place}): {what}; no rule of this release explains it.",
    error: "A request of etcdctl failed ({place}): {error}",
    bad_answer: "{member} did not answer healthy to everybody who asked ({place}); why does not show.",
    slow_commit: "One in a hundred backend commits of {member|a member} takes more than {p99}; no rule of this release explains it.",
    slow_round_trip: "Half of the round trips from {member|a member} to {peer} take more than {p50}; no rule of this release explains it.",
    unlinked: "By the metrics of {member|a member} its link to {peer} is down ({place}): that one is down, cut off, or refuses it.",
    leaderless: "{member|A member} lost its leader {count} times within a quarter of an hour ({place}); why does not show.",
    logged: "{count} log lines tell of trouble that no rule of this release explains; the first ({place}): {means}",
    unknown: "a warning or error whose wording is not known.",
};
