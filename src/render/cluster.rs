//! The cluster as a whole, in sentences: its majority, who led, who cannot reach whom, clocks, and how far each log reaches.

use super::{
    instant::{to_the_second, until},
    names::named,
};
use crate::{
    diagnosis::{ClusterRow, LinkRow},
    text::Untrusted,
    words::{ClusterWords, Values, fill},
};

/// Most elections, and most links and clocks that are told; the JSON has all.
#[derive(Clone, Copy)]
pub(super) struct Most {
    /// Elections.
    pub(super) elections: usize,
    /// Links, and clocks.
    pub(super) links: usize,
}

impl Most {
    /// As many as a reader takes in.
    pub(super) const USUAL: Self = Self { elections: 4, links: 8 };
}

/// The sentences; none where there is nothing that the members' table does not show. How far logs reach matters only where one must be
/// chosen to recover from.
pub(super) fn sentences(row: &ClusterRow, is_recovery: bool, most: Most, words: &ClusterWords) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(majority(row, words));
    out.extend(leaders(row, most.elections, words));
    let down = row.links.iter().filter(|link| !link.up_again);
    let mut told: Vec<&LinkRow> = Vec::new();
    for link in down {
        // Of a link that is down both ways one sentence says it.
        if !told.iter().any(|other| link.both_ways && other.from == link.to && other.to == link.from) {
            told.push(link);
        }
    }
    out.extend(told.iter().take(most.links).map(|link| lost(link, words)));
    if told.len() > most.links {
        out.push(fill(words.more_links, &Values::from([("n", (told.len() - most.links).to_string())])));
    }
    let clock = |row: &crate::diagnosis::ClockRow| {
        let values = [("by", shown(&row.by)), ("behind", shown(&row.behind)), ("by_how_much", seconds(row.most_us))];
        fill(words.clock, &Values::from(values))
    };
    out.extend(row.clocks.iter().take(most.links).map(clock));
    if is_recovery {
        out.extend(reach(row, words));
    }
    out
}

fn shown(text: &Untrusted) -> String {
    text.escaped().to_string()
}

fn majority(row: &ClusterRow, words: &ClusterWords) -> Option<String> {
    let (healthy, margin) = (row.healthy?, row.margin?);
    let values = Values::from([
        ("voters", row.voters.to_string()),
        ("quorum", row.quorum.to_string()),
        ("healthy", healthy.to_string()),
        ("n", margin.unsigned_abs().to_string()),
    ]);
    let sentence = match margin {
        ..0 => words.too_few,
        0 => words.no_margin,
        1.. => words.margin,
    };
    Some(fill(sentence, &values))
}

fn leaders(row: &ClusterRow, most: usize, words: &ClusterWords) -> Option<String> {
    let last = row.elections.len().saturating_sub(most);
    let told: Vec<String> = row
        .elections
        .iter()
        .skip(last)
        .map(|election| {
            let mut values = Values::from([("term", election.term.to_string()), ("leader", shown(&election.leader))]);
            values.extend(election.time.as_ref().map(|time| ("time", to_the_second(&shown(time)))));
            fill(if election.time.is_some() { words.term } else { words.term_undated }, &values)
        })
        .collect();
    let sentence = if last > 0 { words.leaders_last } else { words.leaders };
    let values = Values::from([("terms", told.join("; ")), ("n", row.elections.len().to_string())]);
    (!told.is_empty()).then(|| fill(sentence, &values))
}

fn lost(link: &LinkRow, words: &ClusterWords) -> String {
    let mut values = Values::from([("from", shown(&link.from)), ("to", shown(&link.to)), ("count", link.count.to_string())]);
    if !link.reasons.is_empty() {
        values.insert("reasons", link.reasons.iter().map(|reason| named(words.reasons, reason)).collect::<Vec<_>>().join(", "));
    }
    values.extend(link.first.as_ref().map(|first| ("first", to_the_second(&shown(first)))));
    let first = values.get("first").cloned().unwrap_or_default();
    values.extend(link.last.as_ref().map(|last| ("last", until(&first, &shown(last)))));
    let mut sentence = fill(if link.both_ways { words.lost_both_ways } else { words.lost }, &values);
    if link.first.is_some() && link.count > 1 {
        let is_moment = values.get("last").is_none_or(|last| first.ends_with(last.as_str()));
        sentence.push_str(&fill(if is_moment { words.lost_at } else { words.lost_when }, &values));
    }
    sentence
}

fn reach(row: &ClusterRow, words: &ClusterWords) -> Option<String> {
    let each = |reach: &crate::diagnosis::ReachRow| {
        let mut values = Values::from([
            ("member", shown(&reach.member)),
            ("index", reach.index.to_string()),
            ("told_by", named(words.told_by, reach.told_by).to_owned()),
        ]);
        values.extend(reach.last_term.map(|term| ("term", term.to_string())));
        fill(if reach.last_term.is_some() { words.reach_in_term } else { words.reach_one }, &values)
    };
    let unknown = |key: &Untrusted| fill(words.reach_unknown, &Values::from([("member", shown(key))]));
    let told: Vec<String> = row.reach.iter().map(each).chain(row.reach_unknown.iter().map(unknown)).collect();
    let mut values = Values::from([("all", told.join("; "))]);
    values.extend(row.furthest.as_ref().map(|key| ("furthest", shown(key))));
    let sentence = if row.furthest.is_some() { words.reach_furthest } else { words.reach };
    (!row.reach.is_empty()).then(|| fill(sentence, &values))
}

/// `7 min`, `2.5 s`, `12 h`.
fn seconds(us: u64) -> String {
    let seconds = us / 1_000_000;
    match seconds {
        0..120 => format!("{}.{} s", seconds, us % 1_000_000 / 100_000),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::EN;

    fn link(from: &str, to: &str, up_again: bool) -> LinkRow {
        LinkRow {
            from: from.into(),
            to: to.into(),
            reasons: vec!["no answer"],
            count: 12,
            first: Some("09:00".into()),
            last: Some("09:05".into()),
            up_again,
            both_ways: true,
            path: "a.log".into(),
            line: 1,
        }
    }

    #[test]
    fn a_link_that_is_down_both_ways_is_told_once_and_one_that_is_up_again_not() {
        let row = ClusterRow {
            voters: 3,
            quorum: 2,
            healthy: Some(1),
            margin: Some(-1),
            links: vec![link("a", "b", false), link("b", "a", false), link("a", "c", true)],
            ..ClusterRow::default()
        };
        assert_eq!(
            sentences(&row, false, Most::USUAL, &EN.cluster),
            [
                "3 voting members; a write takes 2 of them, 1 answered healthy: 1 too few.",
                "a ↔ b: no answer, 12 lines from 09:00 to 09:05, and not up again",
            ]
        );
    }

    #[test]
    fn differences_of_clocks_read_in_their_own_unit() {
        assert_eq!([seconds(2_540_000), seconds(420_000_000), seconds(90_000_000_000)], ["2.5 s", "7 min", "25 h"]);
    }
}
