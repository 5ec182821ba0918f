//! Members that end, stop or restart.

use std::{thread, time::Duration};

use crate::cluster::Cluster;

/// How long etcd may take to end.
const SOON: Duration = Duration::from_secs(20);

fn name(cluster: &Cluster, who: usize) -> String {
    cluster.members[who].node.name().to_owned()
}

/// Ends a member with SIGKILL, and leaves it down.
pub(crate) fn kill(cluster: &mut Cluster, who: usize) -> String {
    let unit = &mut cluster.members[who].unit;
    unit.task().signal("KILL");
    assert!(unit.await_end(SOON), "a killed etcd ends");
    format!("{} was killed with SIGKILL", name(cluster, who))
}

/// Ends a member as `systemctl stop` does, and leaves it down.
pub(crate) fn stop(cluster: &mut Cluster, who: usize) -> String {
    cluster.members[who].unit.stop();
    format!("{} was stopped", name(cluster, who))
}

/// Starts a member that is down, as `systemctl start` does.
pub(crate) fn start(cluster: &mut Cluster, who: usize) -> String {
    cluster.members[who].unit.start();
    format!("{} was started", name(cluster, who))
}

/// Sets the limit of open files of a running member.
pub(crate) fn limit_files(cluster: &Cluster, who: usize, files: u32) -> String {
    let pid = cluster.members[who].unit.task().pid().to_string();
    cluster.members[who].node.must(&["prlimit", "--pid", &pid, &format!("--nofile={files}")]);
    format!("the running {} got a limit of {files} open files", name(cluster, who))
}

/// Starts a member that ended, as systemd does by `Restart=`.
pub(crate) fn revive(cluster: &mut Cluster, who: usize) -> String {
    cluster.members[who].unit.restart_after_failure();
    format!("{} was started again, as systemd does by `Restart=`", name(cluster, who))
}

/// Stops a member with SIGSTOP for some time.
pub(crate) fn pause(cluster: &Cluster, who: usize, time: Duration) -> String {
    let task = cluster.members[who].unit.task();
    task.signal("STOP");
    thread::sleep(time);
    task.wake();
    format!("{} was stopped with SIGSTOP, and woken {time:.1?} later", name(cluster, who))
}

/// Stops a member with SIGSTOP while something is done, and wakes it.
pub(crate) fn pause_while(cluster: &Cluster, who: usize, act: impl FnOnce() -> String) -> String {
    let task = cluster.members[who].unit.task();
    task.signal("STOP");
    let done = act();
    task.wake();
    format!("{} was stopped with SIGSTOP, {done}, and it was woken", name(cluster, who))
}

/// Restarts all members, one after the other, each once the one before is healthy.
pub(crate) fn rolling_restart(cluster: &mut Cluster) -> String {
    for who in 0..cluster.members.len() {
        cluster.members[who].unit.stop();
        cluster.members[who].unit.start();
        cluster.await_all();
    }
    "all members were restarted, one after the other, each once the one before was healthy".to_owned()
}
