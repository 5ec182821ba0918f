//! Loose folders: files as somebody put them together. A folder that is named after a node says whose they are.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_below_nodes_is_a_node_and_a_file_there_is_not() {
        assert_eq!(node_of("nodes/db-1/etcd.log"), Some("db-1"));
        assert_eq!(node_of("site/hosts/db-1/a/b.log"), Some("db-1"));
        assert_eq!(node_of("nodes/readme.txt"), None);
        assert_eq!(node_of("logs/etcd.log"), None);
    }
}
