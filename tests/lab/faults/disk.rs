//! Disks that are full, slow or broken.

use std::{fs, os::unix::fs::MetadataExt, path::Path, sync::Arc};

use crate::{
    cluster::{Cluster, DATA},
    faults::{Lasting, group::Group, kernel},
    node::Node,
    task::Task,
};

/// Fills the file system of a member's data with one file.
pub(crate) fn fill(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    // It ends when nothing is left, and that is an error to dd.
    node.shell(&format!("dd if=/dev/zero of={DATA}/ballast bs=64k 2>&1 || true; sync"));
    format!("the file system of {}'s data was filled up by another file", node.name())
}

/// Changes the member's disk syncs with strace until the value is dropped: of all files, or of one.
fn inject(cluster: &Cluster, who: usize, file: Option<&str>, change: &str) -> Lasting {
    let member = &cluster.members[who];
    let pid = member.unit.task().pid().to_string();
    let inject = format!("--inject=fdatasync,fsync:{change}");
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", &inject, "-p", &pid];
    let file: Vec<&str> = file.map(|file| ["-P", file]).into_iter().flatten().collect();
    let strace = [&strace[..], &file].concat();
    let task = Task::start(&Arc::clone(&member.node), &strace, &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    // It attaches thread by thread, and any of them may be the one that syncs.
    let threads = member.node.path(&format!("/proc/{pid}/task"));
    let is_traced =
        |thread: &Path| fs::read_to_string(thread.join("status")).is_ok_and(|status| !status.contains("TracerPid:\t0\n"));
    let all = || fs::read_dir(&threads).into_iter().flatten().flatten().map(|thread| thread.path());
    cluster.await_that("strace at every thread of etcd", || all().next().is_some() && all().all(|thread| is_traced(&thread)));
    Box::new(task)
}

/// Makes the member's disk syncs longer, until the value is dropped.
pub(crate) fn slow_sync(cluster: &Cluster, who: usize, more_us: u64) -> (String, Lasting) {
    let lasting = inject(cluster, who, None, &format!("delay_exit={more_us}"));
    let name = cluster.members[who].node.name();
    (format!("each fsync and fdatasync of {name} took {} ms longer from here on, by strace", more_us / 1000), lasting)
}

/// Makes the syncs of a member's database longer and leaves those of its log alone, until the value is dropped.
pub(crate) fn slow_commit(cluster: &Cluster, who: usize, more_us: u64) -> (String, Lasting) {
    let lasting = inject(cluster, who, Some("/var/lib/etcd/member/snap/db"), &format!("delay_exit={more_us}"));
    let name = cluster.members[who].node.name();
    (
        format!("each fsync and fdatasync of {name}'s member/snap/db took {} ms longer from here on, by strace", more_us / 1000),
        lasting,
    )
}

/// Lets the member's disk syncs fail, until the value is dropped.
pub(crate) fn fail_sync(cluster: &Cluster, who: usize) -> (String, Lasting) {
    let lasting = inject(cluster, who, None, "error=EIO");
    (format!("each fsync and fdatasync of {} failed with EIO from here on, by strace", cluster.members[who].node.name()), lasting)
}

/// Lets a member's disk take only so many writes a second, until the value is dropped.
pub(crate) fn throttle(cluster: &Cluster, who: usize, writes_per_second: u32) -> (String, Lasting) {
    let member = &cluster.members[who];
    let device = fs::metadata(member.node.path(DATA)).expect("the data directory is there").dev();
    // As glibc's `makedev` packs them.
    let numbers = format!("{}:{}", (device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    let limit = [
        ("blkio.throttle.write_iops_device", format!("{numbers} {writes_per_second}")),
        ("io.max", format!("{numbers} wiops={writes_per_second}")),
    ];
    let group = Group::new("io", &[limit]).take(cluster, who);
    let told = format!(
        "{}'s disk took at most {writes_per_second} writes a second from here on, by a control group",
        member.node.name()
    );
    (told, Box::new(group))
}

/// The name of the block device under a member's data.
fn device(node: &Node) -> String {
    let mounts = node.shell("cat /proc/mounts");
    let line = mounts.lines().find(|line| line.split(' ').nth(1) == Some(DATA)).expect("the data lies on a mount");
    line.split(' ').next().unwrap_or_default().trim_start_matches("/dev/").to_owned()
}

/// Makes the file system of a member's data go read-only, as ext4 does by itself after an error.
pub(crate) fn read_only(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell(&format!("mount -o remount,errors=remount-ro {DATA}"));
    let (device, mark) = (device(node), kernel::mark());
    fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "1").expect("ext4 can be told to find an error");
    let lines = kernel::copy(node, mark, &[&device]);
    format!(
        "ext4 of {}'s data was told to find an error (`trigger_fs_error`) and went read-only; \
         the kernel's {lines} lines about it went to the node's journal",
        node.name()
    )
}

/// Takes the memory under a member's frail disk: new blocks can no longer be written. What the kernel says of it goes to the
/// node's journal when `tell_kernel` is called.
pub(crate) fn fail_writes(cluster: &Cluster, who: usize) -> (String, u64) {
    let node = &cluster.members[who].node;
    let mark = kernel::mark();
    node.ballast().fill();
    (
        format!("the memory under {}'s disk was used up: writes of new blocks fail with I/O errors of the kernel", node.name()),
        mark,
    )
}

/// Copies the kernel's lines since `mark` about the member's disk to its journal.
pub(crate) fn tell_kernel(cluster: &Cluster, who: usize, mark: u64) -> String {
    let node = &cluster.members[who].node;
    let lines = kernel::copy(node, mark, &[&device(node)]);
    format!("the kernel's {lines} lines about the disk went to {}'s journal", node.name())
}
