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
    /// Further links.
    pub more_links: &'static str,
    /// A clock that is behind.
    pub clock: &'static str,
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
    more_links: "… and {n} more links that are down",
    clock: "The clock of {behind} is behind that of {by} by up to {by_how_much}: times of the two do not compare.",
    reach: "Logs reach at least: {all}. Before you recover from one, see that no other reaches further.",
    reach_furthest: "Logs reach at least: {all}. By what was sent {furthest} reaches furthest.",
    reach_unknown: "{member} not known",
    reach_one: "{member} index {index} ({told_by})",
    reach_in_term: "{member} index {index} of term {term} ({told_by})",
};
