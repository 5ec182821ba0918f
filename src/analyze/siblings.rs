//! Files that are called alike but for one word, and hold logs of the same time: the word is whose log it is. `etcd-main-0.log` beside
//! `etcd-main-1.log`, `etcd-0/log.txt` beside `etcd-1/log.txt`.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::parse::{log::When, text::Extract};

/// From when to when a text's log of etcd runs. Names, hosts and ids in it are better than a file's name, and then none is sought.
struct Span {
    from: When,
    to: When,
}

/// The words by which the files differ.
pub(super) fn names<'a>(texts: impl Iterator<Item = (&'a str, &'a Extract)>) -> BTreeSet<String> {
    let texts: Vec<(&str, Span)> = texts.filter_map(|(path, extract)| Some((path, span(extract)?))).collect();
    // A path without one of its words, and the files that leave it: the words and when their logs run.
    let mut alike: BTreeMap<String, BTreeMap<&str, &Span>> = BTreeMap::new();
    for (path, span) in &texts {
        for place in words(path) {
            let part = |range: std::ops::Range<usize>| path.get(range).unwrap_or_default();
            let frame = format!("{}\0{}", part(0..place.start), part(place.end..path.len()));
            alike.entry(frame).or_default().insert(part(place), span);
        }
    }
    let are_members = |files: &&BTreeMap<&str, &Span>| {
        // Of a log that was cut into parts each begins where another ends; dates and bare numbers are such parts' names, too.
        let spans: Vec<&&Span> = files.values().collect();
        let overlap = |a: &Span, b: &Span| {
            let is_before = |x: &When, y: &When| x.order_within(y).is_some_and(Ordering::is_lt);
            is_before(&a.from, &b.to) && is_before(&b.from, &a.to)
        };
        files.len() > 1
            && files.keys().all(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
            && spans.iter().enumerate().all(|(n, a)| spans.iter().skip(n + 1).all(|b| overlap(a, b)))
    };
    alike.values().filter(are_members).flat_map(|files| files.keys().map(|word| (*word).to_owned())).collect()
}

/// Endings of files, which are no part of a name.
const ENDINGS: &[&str] = &[".log", ".txt", ".gz", ".json", ".out"];

/// Where the words of a path stand: what is between `/`, `_`, blanks and the like, without a file's ending.
fn words(path: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let is_edge = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.');
    let edges = path.match_indices(is_edge).map(|(at, edge)| (at, at + edge.len())).chain([(path.len(), path.len())]);
    let mut from = 0;
    edges.filter_map(move |(at, next)| {
        let mut word = path.get(from..at).unwrap_or_default();
        while let Some(shorter) = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)) {
            word = shorter;
        }
        let start = std::mem::replace(&mut from, next);
        (!word.is_empty()).then(|| start..start + word.len())
    })
}

/// The log of etcd in a text that has one, without a word on whose it is.
fn span(extract: &Extract) -> Option<Span> {
    let mut logs = extract.logbook.logs().filter(|(_, log)| log.understood > 0);
    let (writer, log) = logs.next().filter(|_| logs.next().is_none())?;
    let when = |mark: &Option<crate::parse::logbook::Mark>| mark.as_ref().and_then(|mark| mark.when);
    let (from, to) = (when(&log.first)?, when(&log.last)?);
    // What a client says is no member's log.
    let is_of_client = |id: &str| id.starts_with("client-") || id.starts_with("grpc-");
    log.sightings().find(|sighting| !is_of_client(sighting.message.id))?;
    let is_named = writer.host.is_some() || !log.names.is_empty();
    (!is_named).then_some(if log.is_reversed() { Span { from: to, to: from } } else { Span { from, to } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_between_edges_and_without_endings() {
        let told = |path: &'static str| words(path).map(|place| path.get(place).unwrap()).collect::<Vec<_>>();
        assert_eq!(told("kubectl_logs_etcd-master-1.txt"), ["kubectl", "logs", "etcd-master-1"]);
        assert_eq!(told("日志/10.0.0.2 (1).log.gz"), ["10.0.0.2", "1"]);
    }
}
