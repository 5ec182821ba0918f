//! Lines of this machine's kernel about a node, which its own kernel would have said: they go to the node's journal.

use crate::{node::Node, program::must};

/// How many lines the kernel has said so far.
pub(crate) fn mark() -> usize {
    said().len()
}

/// Copies the lines since `mark` that hold one of `words` to the node's journal.
pub(crate) fn copy(node: &Node, mark: usize, words: &[&str]) -> usize {
    let lines = said();
    let of_node = |line: &&String| words.iter().any(|word| line.contains(word));
    let new: Vec<&String> = lines.iter().skip(mark).filter(of_node).collect();
    for line in &new {
        // As `dmesg --raw` writes it: `<3>[  123.456789] text`.
        let (priority, text) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap_or(("6", line));
        let priority = priority.parse::<u8>().map_or(6, |number| number & 7);
        let (stamp, text) = text.split_once("] ").unwrap_or(("", text));
        let (seconds, fraction) = stamp.trim_start_matches('[').trim().split_once('.').unwrap_or_default();
        match (seconds.parse::<u64>(), fraction.parse::<u64>()) {
            (Ok(seconds), Ok(us)) => node.journal().kernel_since_boot(seconds * 1_000_000 + us, priority, text),
            _ => node.journal().kernel(priority, text),
        }
    }
    new.len()
}

fn said() -> Vec<String> {
    must(&["dmesg", "--raw"], Vec::new()).lines().map(str::to_owned).collect()
}
