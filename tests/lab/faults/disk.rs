//! Disks that are full or slow.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    cluster::{Cluster, DATA},
    faults::Lasting,
    task::Task,
};

/// Fills the file system of a member's data with one file.
pub(crate) fn fill(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    // It ends when nothing is left, and that is an error to dd.
    node.shell(&format!("dd if=/dev/zero of={DATA}/ballast bs=64k 2>&1 || true; sync"));
    format!("the file system of {}'s data was filled up by another file", node.name())
}

/// Makes the member's disk syncs longer with strace, until the value is dropped.
pub(crate) fn slow_sync(cluster: &Cluster, who: usize, more_us: u64) -> (String, Lasting) {
    let member = &cluster.members[who];
    let pid = member.unit.task().pid().to_string();
    let inject = format!("--inject=fdatasync,fsync:delay_exit={more_us}");
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", &inject, "-p", &pid];
    let task = Task::start(&Arc::clone(&member.node), &strace, &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    // It attaches thread by thread, and any of them may be the one that syncs.
    let threads = member.node.path(&format!("/proc/{pid}/task"));
    let is_traced =
        |thread: &Path| fs::read_to_string(thread.join("status")).is_ok_and(|status| !status.contains("TracerPid:\t0\n"));
    let all = || fs::read_dir(&threads).into_iter().flatten().flatten().map(|thread| thread.path());
    cluster.await_that("strace at every thread of etcd", || all().next().is_some() && all().all(|thread| is_traced(&thread)));
    let told =
        format!("each fsync and fdatasync of {} took {} ms longer from here on, by strace", member.node.name(), more_us / 1000);
    (told, Box::new(task))
}

/// How the names of control groups begin; this process's id follows.
const GROUP: &str = "etcd-triage-lab-";

/// A control group for one process.
struct Group(PathBuf);

impl Drop for Group {
    fn drop(&mut self) {
        // Its process goes back to the top, for a group is removed only when it is empty.
        let top = self.0.parent().unwrap_or(Path::new("/")).join("cgroup.procs");
        for process in fs::read_to_string(self.0.join("cgroup.procs")).unwrap_or_default().lines() {
            let _ = fs::write(&top, process);
        }
        let _ = fs::remove_dir(&self.0);
    }
}

/// Removes the groups of tests that were killed: the kernel ends all else of a lab, and keeps these.
fn sweep(groups: &Path) {
    for entry in fs::read_dir(groups).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(GROUP).and_then(|rest| rest.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            drop(Group(entry.path()));
        }
    }
}

/// Lets a member's disk take only so many writes a second, until the value is dropped.
pub(crate) fn throttle(cluster: &Cluster, who: usize, writes_per_second: u32) -> (String, Lasting) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let member = &cluster.members[who];
    let device = fs::metadata(member.node.path(DATA)).expect("the data directory is there").dev();
    // As glibc's `makedev` packs them.
    let numbers = format!("{}:{}", (device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00));
    let top = Path::new("/sys/fs/cgroup");
    let name = format!("{GROUP}{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (group, file, limit) = if top.join("blkio").is_dir() {
        (top.join("blkio").join(name), "blkio.throttle.write_iops_device", format!("{numbers} {writes_per_second}"))
    } else {
        fs::write(top.join("cgroup.subtree_control"), "+io").expect("control groups can limit disks here");
        (top.join(name), "io.max", format!("{numbers} wiops={writes_per_second}"))
    };
    sweep(group.parent().unwrap_or(top));
    fs::create_dir(&group).expect("a control group can be made");
    let lasting = Group(group);
    fs::write(lasting.0.join(file), limit).expect("a control group takes a limit");
    let process = member.unit.task().pid_outside().expect("etcd is running");
    fs::write(lasting.0.join("cgroup.procs"), process.to_string()).expect("etcd can be put into a control group");
    let told = format!(
        "{}'s disk took at most {writes_per_second} writes a second from here on, by a control group",
        member.node.name()
    );
    (told, Box::new(lasting))
}
