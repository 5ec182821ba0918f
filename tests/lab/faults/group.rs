//! Control groups, for what a member may take of the machine.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{cluster::Cluster, faults::Lasting};

/// How the names of control groups begin; this process's id follows.
const GROUP: &str = "etcd-triage-lab-";
const TOP: &str = "/sys/fs/cgroup";

/// A control group for one process.
pub(crate) struct Group(PathBuf);

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

impl Group {
    /// A group of a controller, named as the second version of control groups names it, with its limits: file of the first
    /// version and its content, file of the second and its content.
    pub(crate) fn new(controller: &str, limits: &[[(&str, String); 2]]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("{GROUP}{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let first = Path::new(TOP).join(if controller == "io" { "blkio" } else { controller });
        let is_first = first.is_dir();
        let path = if is_first {
            first.join(name)
        } else {
            fs::write(Path::new(TOP).join("cgroup.subtree_control"), format!("+{controller}"))
                .expect("control groups can limit this here");
            Path::new(TOP).join(name)
        };
        sweep(path.parent().unwrap_or(Path::new(TOP)));
        fs::create_dir(&path).expect("a control group can be made");
        let group = Self(path);
        for [first, second] in limits {
            let (file, content) = if is_first { first } else { second };
            group.write(file, content);
        }
        group
    }

    fn write(&self, file: &str, content: &str) {
        fs::write(self.0.join(file), content).unwrap_or_else(|error| panic!("{}/{file}: {error}", self.0.display()));
    }

    /// Takes the etcd of a member in.
    pub(crate) fn take(self, cluster: &Cluster, who: usize) -> Self {
        let process = cluster.members[who].unit.task().pid_outside().expect("etcd is running");
        self.write("cgroup.procs", &process.to_string());
        self
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

/// Lets a member's etcd run so many milliseconds of each second on one processor, until the value is dropped.
pub(crate) fn starve(cluster: &Cluster, who: usize, ms_per_second: u32) -> (String, Lasting) {
    let quota = ms_per_second * 1000;
    let period = [("cpu.cfs_period_us", "1000000".to_owned()), ("cpu.max", format!("{quota} 1000000"))];
    let limit = [("cpu.cfs_quota_us", quota.to_string()), ("cpu.max", format!("{quota} 1000000"))];
    let group = Group::new("cpu", &[period, limit]).take(cluster, who);
    let told = format!(
        "{}'s etcd got {ms_per_second} ms of processor time a second from here on, by a control group",
        cluster.members[who].node.name()
    );
    (told, Box::new(group))
}

/// Limits the memory of a member's etcd, until the value is dropped.
pub(crate) fn limit_memory(cluster: &Cluster, who: usize, mib: u64) -> (String, Lasting) {
    let bytes = (mib << 20).to_string();
    let limit = [("memory.limit_in_bytes", bytes.clone()), ("memory.max", bytes)];
    let group = Group::new("memory", &[limit]).take(cluster, who);
    let told = format!("{}'s etcd got a limit of {mib} MiB of memory, by a control group", cluster.members[who].node.name());
    (told, Box::new(group))
}

/// Freezes a group for a part of each second.
struct Freezing {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Freezing {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Freezes a member's etcd for `first`, and then for `part` of each second, until the value is dropped.
pub(crate) fn freeze(cluster: &Cluster, who: usize, first: Duration, part: Duration) -> (String, Lasting) {
    let over = Arc::<AtomicBool>::default();
    let until = Arc::clone(&over);
    let state = [("freezer.state", "THAWED".to_owned()), ("cgroup.freeze", "0".to_owned())];
    let group = Group::new("freezer", &[state]).take(cluster, who);
    let rest = Duration::from_secs(1).saturating_sub(part);
    let thread = thread::spawn(move || {
        let (file, frozen, thawed) = if group.0.join("freezer.state").exists() {
            ("freezer.state", "FROZEN", "THAWED")
        } else {
            ("cgroup.freeze", "1", "0")
        };
        let mut time = first;
        while !until.load(Ordering::Relaxed) {
            group.write(file, frozen);
            thread::sleep(time);
            group.write(file, thawed);
            thread::sleep(rest);
            time = part;
        }
    });
    let told = format!(
        "{}'s etcd was frozen by a control group for {first:.1?}, and for {part:.1?} of each second from then on",
        cluster.members[who].node.name()
    );
    (told, Box::new(Freezing { over, thread: Some(thread) }))
}
