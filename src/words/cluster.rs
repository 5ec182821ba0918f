//! The cluster as a whole, in words.

/// The cluster as a whole.
#[derive(Debug)]
pub struct ClusterWords {
    /// Its title.
    pub title: &'static str,
    /// More members are healthy than a write takes.
    pub margin: &'static str,
    /// Just as many are healthy as a write takes.
    pub no_margin: &'static str,
    /// No majority is healthy.
    pub too_few: &'static str,
    /// Who led.
    pub leaders: &'static str,
    /// Who led in the last of many terms.
    pub leaders_last: &'static str,
    /// A term with its leader and its time.
    pub term: &'static str,
    /// The same without a time.
    pub term_undated: &'static str,
    /// One member does not reach another.
    pub lost: &'static str,
    /// Two members do not reach each other.
    pub lost_both_ways: &'static str,
    /// From when to when.
    pub lost_when: &'static str,
    /// At which one moment.
    pub lost_at: &'static str,
    /// Further links.
    pub more_links: &'static str,
    /// A clock that is behind.
    pub clock: &'static str,
    /// Why a link was lost, by name.
    pub reasons: &'static [(&'static str, &'static str)],
    /// What tells how far a log reaches, by name.
    pub told_by: &'static [(&'static str, &'static str)],
    /// How far each log reaches.
    pub reach: &'static str,
    /// The same where one is known to be ahead.
    pub reach_furthest: &'static str,
    /// Nothing tells how far one log reaches.
    pub reach_unknown: &'static str,
    /// How far one log reaches.
    pub reach_one: &'static str,
    /// The same with the term of that entry.
    pub reach_in_term: &'static str,
}

/// English.
pub(super) const EN: ClusterWords = ClusterWords {
    title: "Cluster",
    margin: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: {n} more can be lost.",
    no_margin: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: none more can be lost.",
    too_few: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: {n} too few.",
    leaders: "Leaders: {terms}.",
    leaders_last: "Leaders, the last of {n} terms: {terms}.",
    term: "term {term} {leader} ({time})",
    term_undated: "term {term} {leader}",
    lost: "{from} → {to}: {reasons|lost, without a reason}",
    lost_both_ways: "{from} ↔ {to}: {reasons|lost, without a reason}",
    lost_when: ", {count} lines from {first} to {last}, and not up again",
    lost_at: ", {count} lines at {first}, and not up again",
    more_links: "… and {n} more links that are down",
    clock: "The clock of {behind} is behind that of {by} by up to {by_how_much}: times of the two do not compare.",
    reasons: &[
        ("refused", "refused"),
        ("no answer", "no answer"),
        ("fell silent", "fell silent"),
        ("no route", "no route"),
        ("name not resolved", "name not resolved"),
        ("certificate expired", "certificate expired"),
        ("certificate not yet valid", "certificate not yet valid"),
        ("certificate outside its time", "certificate outside its time"),
        ("unknown authority", "unknown authority"),
        ("certificate refused", "certificate refused"),
        ("bytes altered on the way", "bytes altered on the way"),
        ("certificate refused by the far side", "certificate refused by the far side"),
        ("plain text against TLS", "plain text against TLS"),
        ("not permitted", "not permitted"),
        ("request too large", "request too large"),
        ("answer too large", "answer too large"),
        ("revision compacted", "revision compacted"),
    ],
    told_by: &[
        ("status", "its status"),
        ("start", "its log at a start"),
        ("snapshot name", "the name of its snapshot"),
        ("wal name", "the name of its WAL file"),
    ],
    reach: "Logs reach at least: {all}. Before you recover from one, see that no other reaches further.",
    reach_furthest: "Logs reach at least: {all}. By what was sent {furthest} reaches furthest.",
    reach_unknown: "{member} not known",
    reach_one: "{member} index {index} ({told_by})",
    reach_in_term: "{member} index {index} of term {term} ({told_by})",
};
