//! Lines of this machine's kernel about a node, which its own kernel would have said: they go to the node's journal.

use crate::{node::Node, program::must};

/// When the kernel said its last line so far, in microseconds since this machine's start. Old lines leave its ring as new ones come, so
/// they cannot be counted.
pub(crate) fn mark() -> u64 {
    said().iter().rev().find_map(|line| taken_apart(line)).map_or(0, |(at_us, ..)| at_us)
}

/// Copies the lines since `mark` that hold one of `words` to the node's journal.
pub(crate) fn copy(node: &Node, mark: u64, words: &[&str]) -> usize {
    let lines = said();
    let lines = lines.iter().filter_map(|line| taken_apart(line));
    let new: Vec<_> = lines.filter(|(at_us, _, text)| *at_us > mark && words.iter().any(|word| text.contains(word))).collect();
    for (at_us, priority, text) in &new {
        node.journal().kernel_since_boot(*at_us, *priority, text);
    }
    new.len()
}

/// Time, priority and text of a line as `dmesg --raw` writes it: `<3>[  123.456789] text`.
fn taken_apart(line: &str) -> Option<(u64, u8, &str)> {
    let (priority, rest) = line.strip_prefix('<')?.split_once('>')?;
    let (stamp, text) = rest.strip_prefix('[')?.split_once("] ")?;
    let (seconds, fraction) = stamp.trim().split_once('.')?;
    let at_us = seconds.parse::<u64>().ok()? * 1_000_000 + fraction.parse::<u64>().ok()?;
    Some((at_us, priority.parse::<u8>().ok()? & 7, text))
}

fn said() -> Vec<String> {
    must(&["dmesg", "--raw"], Vec::new()).lines().map(str::to_owned).collect()
}
