//! Loose folders: files as somebody put them together. A folder that is named after a node says whose they are.

use std::ops::Range;

/// Folders below which each folder is a node: `nodes/NODE/…` is written by most collecting scripts.
const NODE_FOLDERS: &[&str] = &["nodes", "hosts", "members"];

/// The node whose file this is, by its path.
pub fn node_of(path: &str) -> Option<&str> {
    let mut parts = path.split('/');
    parts.by_ref().find(|part| NODE_FOLDERS.contains(part))?;
    let node = parts.next()?;
    // `nodes/readme.txt` is a file, not a node.
    parts.next().map(|_| node)
}

/// The member or host whose file this is, if just one of the known names stands in its path: `etcd-b.log`, `日志/10.0.0.2 (1).txt`.
pub fn named_in<'n>(path: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let found: Vec<(&str, Vec<Range<usize>>)> = names.into_iter().map(|name| (name, places(path, name))).collect();
    // `etcd` stands in `etcd-b.log` too: a place within a longer name's place says nothing of its own.
    let within = |place: &Range<usize>| {
        let longer = found.iter().flat_map(|(_, places)| places).filter(|other| other.len() > place.len());
        longer.clone().any(|other| other.start <= place.start && place.end <= other.end)
    };
    let mut named = found.iter().filter(|(_, places)| places.iter().any(|place| !within(place)));
    named.next().filter(|_| named.next().is_none()).map(|(name, _)| *name)
}

/// Where a name stands in a path as a word of its own: `etcd-1` is not in `etcd-10.log`.
fn places(path: &str, name: &str) -> Vec<Range<usize>> {
    let is_edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
    let stands = |at: usize| {
        let (before, behind) = (path.get(..at), path.get(at + name.len()..));
        is_edge(before.and_then(|text| text.chars().next_back())) && is_edge(behind.and_then(|text| text.chars().next()))
    };
    let all = path.match_indices(name).map(|(at, _)| at);
    if name.len() < 2 { Vec::new() } else { all.filter(|at| stands(*at)).map(|at| at..at + name.len()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_name_in_a_path_says_whose_file_it_is_and_two_names_say_nothing() {
        let names = ["etcd", "etcd-1", "etcd-10", "10.0.0.2", "m"];
        let named = |path| named_in(path, names);
        assert_eq!(named("logs/etcd-1.log"), Some("etcd-1"));
        assert_eq!(named("etcd-10 (2).txt"), Some("etcd-10"));
        assert_eq!(named("日志/messages-10.0.0.2.gz"), Some("10.0.0.2"));
        assert_eq!(named("etcd-1 to etcd-10.txt"), None);
        assert_eq!(named("etcd-100.log"), Some("etcd"));
        assert_eq!(named("m.log"), None, "one letter is no name");
        assert_eq!(named("110.0.0.21.log"), None);
    }

    #[test]
    fn a_folder_below_nodes_is_a_node_and_a_file_there_is_not() {
        assert_eq!(node_of("nodes/db-1/etcd.log"), Some("db-1"));
        assert_eq!(node_of("site/hosts/db-1/a/b.log"), Some("db-1"));
        assert_eq!(node_of("nodes/readme.txt"), None);
        assert_eq!(node_of("logs/etcd.log"), None);
    }
}
