//! Names of entries that programs understand differently: two of one name, of one name but for case, a file that is a folder as well, and
//! names that a terminal would obey.

use std::collections::{BTreeMap, BTreeSet};

use super::{path::shown, walk::Unread};
use crate::text::is_harmless;

/// What is known of an entry for this.
pub(super) struct Named<'a> {
    pub(super) path: &'a str,
    pub(super) length: u64,
    pub(super) crc32: u32,
}

/// What is said of the names, and which entries say nothing new: places in `entries`, which are sorted by path and sum.
pub(super) fn ambiguous(entries: &[Named<'_>], folders: &BTreeSet<String>) -> (Vec<Unread>, BTreeSet<usize>) {
    let (mut notes, mut copies) = (Vec::new(), BTreeSet::new());
    let mut note = |path: &str, why: String| notes.push(Unread { path: path.into(), why });
    let mut at = 0;
    while let Some(first) = entries.get(at) {
        let same = entries.iter().skip(at).take_while(|entry| entry.path == first.path).count();
        let mut kinds = 1;
        for (here, pair) in (at + 1..at + same).zip(entries.get(at..at + same).unwrap_or_default().windows(2)) {
            let [before, entry] = pair else { continue };
            if (before.length, before.crc32) == (entry.length, entry.crc32) {
                copies.insert(here);
            } else {
                kinds += 1;
            }
        }
        match (same, kinds) {
            (1, _) => {}
            (_, 1) => note(first.path, format!("it is there {same} times with the same content, and was read once")),
            _ => note(
                first.path,
                format!(
                    "it is there {same} times with different content: programs differ in which one they show, and all were read"
                ),
            ),
        }
        if !is_harmless(first.path) {
            note(first.path, "its name has control characters, which are shown escaped".to_owned());
        }
        at += same;
    }
    let paths: BTreeSet<&str> = entries.iter().map(|entry| entry.path).collect();
    for (path, inner) in also_folders(&paths, folders) {
        note(
            path,
            inner.map_or("it is a file and a folder".to_owned(), |inner| {
                format!("it is a file, and the folder of {}", shown(inner))
            }),
        );
    }
    // Of two names that differ in case alone one has a letter that is not in lower case. Most have none, and are not copied.
    let is_lower = |path: &str| path.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    let mut folded: BTreeMap<String, Vec<&str>> =
        paths.iter().filter(|path| !is_lower(path)).map(|path| (path.to_lowercase(), Vec::new())).collect();
    let is_any = !folded.is_empty();
    for path in paths.iter().copied().filter(|_| is_any) {
        let others = if is_lower(path) { folded.get_mut(path) } else { folded.get_mut(&path.to_lowercase()) };
        others.into_iter().for_each(|others| others.push(path));
    }
    for (first, others) in folded.values().filter_map(|all| all.split_first()).filter(|(_, others)| !others.is_empty()) {
        for other in others {
            note(
                other,
                format!(
                    "it differs from {} in case alone: where case does not count, one hides the other; both were read",
                    shown(first)
                ),
            );
        }
    }
    (notes, copies)
}

/// Files that are the folder of another entry as well, with that entry where it is known.
fn also_folders<'a>(paths: &BTreeSet<&'a str>, folders: &BTreeSet<String>) -> Vec<(&'a str, Option<&'a str>)> {
    let sorted: Vec<&'a str> = paths.iter().copied().collect();
    let is_below = |path: &str, other: &str| other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let inner = |path: &str| {
        // As it would be for `path/`.
        let at = sorted.partition_point(|other| match other.strip_prefix(path) {
            Some(rest) => rest < "/",
            None => *other < path,
        });
        sorted.get(at).copied().filter(|next| is_below(path, next))
    };
    let both = |path: &&'a str| {
        let inner = inner(path);
        (inner.is_some() || folders.contains(*path)).then_some((*path, inner))
    };
    paths.iter().filter_map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(entries: &[(&str, u64, u32)], folders: &[&str]) -> (Vec<String>, Vec<usize>) {
        let entries: Vec<Named<'_>> =
            entries.iter().map(|(path, length, crc32)| Named { path, length: *length, crc32: *crc32 }).collect();
        let folders = folders.iter().map(|folder| (*folder).to_owned()).collect();
        let (notes, copies) = ambiguous(&entries, &folders);
        (notes.iter().map(|note| format!("{}: {}", note.path.raw(), note.why)).collect(), copies.into_iter().collect())
    }

    #[test]
    fn a_copy_is_read_once_and_two_contents_of_one_name_are_told() {
        let (notes, copies) = told(&[("a", 1, 7), ("a", 1, 7), ("a", 1, 8), ("b", 1, 7), ("c", 2, 1), ("c", 2, 1)], &[]);
        assert_eq!(copies, [1, 5]);
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].starts_with("a: it is there 3 times with different content"), "{notes:?}");
        assert!(notes[1].starts_with("c: it is there 2 times with the same content"), "{notes:?}");
    }

    #[test]
    fn case_folders_and_control_characters_are_told_and_plain_names_are_not() {
        let (notes, copies) =
            told(&[("A/x", 1, 1), ("a/X", 1, 2), ("b", 1, 3), ("b-c", 1, 4), ("b/c", 1, 5), ("d\u{1b}[2J", 1, 6)], &["A"]);
        assert!(copies.is_empty());
        assert_eq!(
            notes,
            [
                "d\u{1b}[2J: its name has control characters, which are shown escaped",
                "b: it is a file, and the folder of b/c",
                "a/X: it differs from A/x in case alone: where case does not count, one hides the other; both were read",
            ]
        );
        assert_eq!(told(&[("nodes/a/etcd.log", 1, 1), ("nodes/b/etcd.log", 1, 1)], &["nodes", "nodes/a"]), (vec![], vec![]));
        assert_eq!(told(&[("b", 1, 3)], &["b"]).0, ["b: it is a file and a folder"]);
    }
}
