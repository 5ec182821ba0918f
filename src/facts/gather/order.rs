//! In which order texts are entered. Where two say something different of one member, the first one counts; and which one that is must hang on
//! what they are, and not on the folders into which somebody put them.

use std::cmp::Reverse;

use jiff::civil::DateTime;

use crate::{facts::Facts, parse::text::Extract, text::Untrusted};

/// By node, or by the name that a log gives itself; of one node what was asked, which is of the end, before its logs; of logs the newest
/// first; then by the name below the node's folder. The whole path decides only between texts that are alike in all that.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    node: Option<Untrusted>,
    is_log: bool,
    /// How little is known of the end's date, then the later first.
    end: (u8, Reverse<DateTime>),
}

/// A text with its path and its node.
type Text = (String, Option<String>, Box<Extract>);

/// Puts texts into their order. There may be many, with long paths: neither is copied.
pub(super) fn put_in_order(texts: &mut [Text]) {
    let mut keyed: Vec<(Order, &str, &str, usize)> = texts
        .iter()
        .enumerate()
        .map(|(at, (path, node, extract))| (order(node.as_deref(), extract), below(path, node.as_deref()), path.as_str(), at))
        .collect();
    keyed.sort_unstable();
    let mut places: Vec<usize> = keyed.into_iter().map(|(.., at)| at).collect();
    // What belongs here may have been swapped away, to where what stood there before belongs.
    for here in 0..texts.len() {
        let mut from = places.get(here).copied().unwrap_or(here);
        while from < here {
            from = places.get(from).copied().unwrap_or(here);
        }
        if let Some(place) = places.get_mut(here) {
            *place = from;
        }
        texts.swap(here, from);
    }
}

/// What in a path stands below the node's folder; without one, the file's name.
fn below<'p>(path: &'p str, node: Option<&str>) -> &'p str {
    let behind = |node: &str| path.rfind(node).and_then(|at| path.get(at + node.len()..));
    node.and_then(behind).unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default())
}

/// The place of a text, but for its path.
fn order(node: Option<&str>, extract: &Extract) -> Order {
    let logs = || extract.logbook.logs().map(|(_, log)| log).filter(|log| log.understood > 0);
    let named = || {
        let mut names = logs().flat_map(|log| &log.names);
        names.next().filter(|_| names.next().is_none()).cloned()
    };
    let ends = logs().filter_map(|log| Facts::end_of(log)?.when).map(|when| when.sort_key());
    let end = ends.map(|(vague, date)| (vague, Reverse(date))).min();
    Order {
        node: node.map(Untrusted::from).or_else(named),
        is_log: logs().next().is_some(),
        end: end.unwrap_or((u8::MAX, Reverse(DateTime::MIN))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_by_node_then_below_it_and_none_is_lost() {
        let texts = |paths: &[&str]| -> Vec<Text> {
            let node = |path: &str| path.split('/').find(|part| part.starts_with("db-")).map(str::to_owned);
            paths.iter().map(|path| ((*path).to_owned(), node(path), Box::default())).collect()
        };
        let expected = ["z/notes.txt", "y/status.txt", "b/db-1/a", "a/db-1/b", "x/db-2/a", "x/db-3/a", "y/db-3/a", "x/db-3/b"];
        // Each text in each place.
        for turned in 0..expected.len() {
            for step in [1, 3, 5, 7] {
                let paths: Vec<&str> =
                    (0..expected.len()).filter_map(|at| expected.get((turned + at * step) % 8).copied()).collect();
                let mut all = texts(&paths);
                put_in_order(&mut all);
                let got: Vec<&str> = all.iter().map(|(path, ..)| path.as_str()).collect();
                assert_eq!(got, expected, "from {paths:?}");
            }
        }
    }
}
