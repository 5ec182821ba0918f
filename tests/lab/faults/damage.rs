//! Files of a data directory that are damaged, deleted, or of another time, while their member is down.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::cluster::{Cluster, DATA};

fn folder(cluster: &Cluster, who: usize, below: &str) -> PathBuf {
    cluster.members[who].node.path(&format!("{DATA}/member/{below}"))
}

/// The files of a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the data directory can be listed").flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|is| is == ending)).collect();
    files.sort();
    files
}

fn newest(folder: &Path, ending: &str) -> PathBuf {
    files(folder, ending).pop().unwrap_or_else(|| panic!("a .{ending} is in {}", folder.display()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// How much of a log file is in use: the rest was reserved, and is zero.
fn used(content: &[u8]) -> usize {
    content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// Flips 64 bytes in the middle of what the newest log file holds.
pub(crate) fn flip_log(cluster: &Cluster, who: usize) -> String {
    let path = newest(&folder(cluster, who, "wal"), "wal");
    let mut content = read(&path);
    let middle = used(&content) / 2;
    for byte in &mut content[middle..middle + 64] {
        *byte = !*byte;
    }
    write(&path, &content);
    format!(
        "while {} was down, 64 bytes of its {} were inverted, from {middle} on",
        cluster.members[who].node.name(),
        name(&path)
    )
}

/// Cuts the newest log file off within its last record, as a host does that lost power.
pub(crate) fn tear_log(cluster: &Cluster, who: usize) -> String {
    let path = newest(&folder(cluster, who, "wal"), "wal");
    let mut content = read(&path);
    let length = used(&content) - 5;
    content.truncate(length);
    write(&path, &content);
    format!(
        "while {} was down, its {} was cut off after {length} bytes, within the last record",
        cluster.members[who].node.name(),
        name(&path)
    )
}

/// Deletes all files with this ending of `snap`.
pub(crate) fn delete_snapshots(cluster: &Cluster, who: usize) -> String {
    let gone = files(&folder(cluster, who, "snap"), "snap");
    assert!(!gone.is_empty(), "the member has snapshots: write more than --snapshot-count");
    for path in &gone {
        fs::remove_file(path).expect("a snapshot can be deleted");
    }
    format!("while {} was down, the {} .snap files in its member/snap were deleted", cluster.members[who].node.name(), gone.len())
}

/// Empties all snapshots, or inverts bytes in the middle of each.
pub(crate) fn damage_snapshots(cluster: &Cluster, who: usize, empty: bool) -> String {
    let hit = files(&folder(cluster, who, "snap"), "snap");
    assert!(!hit.is_empty(), "the member has snapshots: write more than --snapshot-count");
    for path in &hit {
        let mut content = read(path);
        let middle = content.len() / 2;
        for byte in content.iter_mut().skip(middle).take(8) {
            *byte = !*byte;
        }
        write(path, if empty { &[] } else { &content });
    }
    let what = if empty { "emptied" } else { "damaged in their middle" };
    format!("while {} was down, the {} .snap files in its member/snap were {what}", cluster.members[who].node.name(), hit.len())
}

/// Deletes the database.
pub(crate) fn delete_database(cluster: &Cluster, who: usize) -> String {
    fs::remove_file(folder(cluster, who, "snap/db")).expect("the database can be deleted");
    format!("while {} was down, its member/snap/db was deleted", cluster.members[who].node.name())
}

/// Cuts the database to a third.
pub(crate) fn cut_database(cluster: &Cluster, who: usize) -> String {
    let path = folder(cluster, who, "snap/db");
    let content = read(&path);
    let length = content.len() / 3 / 4096 * 4096;
    write(&path, &content[..length]);
    format!(
        "while {} was down, its member/snap/db was cut from {} to {length} bytes",
        cluster.members[who].node.name(),
        content.len()
    )
}

/// Overwrites pages of the database with zeros: `count` from `first` on.
pub(crate) fn zero_pages(cluster: &Cluster, who: usize, first: usize, count: usize) -> String {
    let path = folder(cluster, who, "snap/db");
    let mut content = read(&path);
    content[first * 4096..(first + count) * 4096].fill(0);
    write(&path, &content);
    format!(
        "while {} was down, {count} pages of its member/snap/db, from page {first} on, were overwritten with zeros",
        cluster.members[who].node.name()
    )
}

/// Replaces a text of the database by another one of its length.
pub(crate) fn change_value(cluster: &Cluster, who: usize, old: &str, new: &str) -> String {
    assert_eq!(old.len(), new.len());
    let path = folder(cluster, who, "snap/db");
    let mut content = read(&path);
    let places: Vec<usize> =
        content.windows(old.len()).enumerate().filter(|(_, is)| *is == old.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "`{old}` is in the database");
    for at in places {
        content[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    write(&path, &content);
    format!("while {} was down, a value in its member/snap/db was changed", cluster.members[who].node.name())
}

/// Deletes the data directory's content.
pub(crate) fn wipe(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell(&format!("rm -rf {DATA}/member"));
    format!("while {} was down, its data directory was emptied", node.name())
}

/// Keeps a copy of the data directory, while the member is down.
pub(crate) fn keep_copy(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell(&format!("cp -a --sparse=always {DATA}/member /tmp/older"));
    format!("while {} was down, its data directory was copied", node.name())
}

/// Puts that copy in place, while the member is down.
pub(crate) fn restore_copy(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell(&format!("rm -rf {DATA}/member; cp -a --sparse=always /tmp/older {DATA}/member; rm -rf /tmp/older"));
    format!("while {} was down, its data directory was replaced by that copy", node.name())
}
