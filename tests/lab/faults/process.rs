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

/// Restarts all members, one after the other, each once the one before is healthy.
pub(crate) fn rolling_restart(cluster: &mut Cluster) -> String {
    for who in 0..cluster.members.len() {
        cluster.members[who].unit.stop();
        cluster.members[who].unit.start();
        cluster.await_all();
    }
    "all members were restarted, one after the other, each once the one before was healthy".to_owned()
}
