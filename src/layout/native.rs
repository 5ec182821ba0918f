//! Our own bundles: a folder with the manifest at its top, and `nodes/NODE/…` below it. Several of them may lie side by side.

use crate::bundle::MANIFEST;

/// Whether the file at this path is called like the manifest of a bundle.
pub fn is_manifest(path: &str) -> bool {
    path.rsplit('/').next() == Some(MANIFEST)
}

/// The folder in which the bundle of this manifest lies: empty, or with `/` at its end.
pub fn folder_of(manifest: &str) -> &str {
    manifest.strip_suffix(MANIFEST).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_a_manifest_are_below_its_own_folder() {
        assert!(is_manifest("manifest.json") && is_manifest("etcd-triage_a/manifest.json"));
        assert!(!is_manifest("a/manifest.json.txt") && !is_manifest("my-manifest.json"));
        assert_eq!((folder_of("manifest.json"), folder_of("a/b/manifest.json")), ("", "a/b/"));
    }
}
