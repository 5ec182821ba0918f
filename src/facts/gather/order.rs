//! In which order texts are entered. Where two say something different of one member, the first one counts; and which one that is must hang on
//! what they are, and not on the folders into which somebody put them.

use std::cmp::Reverse;

use jiff::civil::DateTime;

use crate::{facts::Facts, parse::text::Extract, text::Untrusted};

/// By node, or by the name that a log gives itself; of one node what was asked, which is of the end, before its logs; of logs the newest
/// first; then by the name below the node's folder. The whole path decides only between texts that are alike in all that.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    node: Option<Untrusted>,
    is_log: bool,
    /// How little is known of the end's date, then the later first.
    end: (u8, Reverse<DateTime>),
    below: String,
    path: String,
}

/// The place of a text.
pub(super) fn order(path: &str, node: Option<&str>, extract: &Extract) -> Order {
    let logs = || extract.logbook.logs().map(|(_, log)| log).filter(|log| log.understood > 0);
    let named = || {
        let mut names = logs().flat_map(|log| &log.names);
        names.next().filter(|_| names.next().is_none()).cloned()
    };
    let ends = logs().filter_map(|log| Facts::end_of(log)?.when).map(|when| when.sort_key());
    let end = ends.map(|(vague, date)| (vague, Reverse(date))).min();
    let name = path.rsplit('/').next().unwrap_or_default();
    let behind = |node: &str| path.rfind(node).and_then(|at| path.get(at + node.len()..));
    Order {
        node: node.map(Untrusted::from).or_else(named),
        is_log: logs().next().is_some(),
        end: end.unwrap_or((u8::MAX, Reverse(DateTime::MIN))),
        below: node.and_then(behind).unwrap_or(name).to_owned(),
        path: path.to_owned(),
    }
}
