//! Small files of the host, read whole and within bounds: settings, and what `/proc` shows.

#![expect(clippy::disallowed_methods, reason = "this is the door: files of the host are read here to find etcd")]

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// Most bytes of a file that are read.
const MOST: u64 = 256 * 1024;

/// A file's text, if it can be read; only plain files and those of `/proc`, for a pipe would never end.
pub(super) fn text(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// An absolute path below another root.
pub(super) fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Whether there is something at a path.
pub(super) fn exists(path: &Path) -> bool {
    fs::metadata(path).is_ok()
}

/// Whether a file can be opened: a key that cannot is of no use.
pub(super) fn can_read(path: &Path) -> bool {
    File::open(path).is_ok()
}
