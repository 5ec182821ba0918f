//! Snapshots, databases and whole data directories that are lost, damaged, or of another time.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{faults::damage, plan::Plan, stage::Stage};

/// Snapshots often, and few old files.
const OFTEN: &[(&str, &str)] = &[("snapshot-count", "50"), ("max-wals", "1"), ("max-snapshots", "2")];
/// Members compare their data every few seconds.
const CHECKED: &[(&str, &str)] = &[("experimental-corrupt-check-time", "5s")];

const fn purging(plan: Plan) -> Plan {
    plan.with(OFTEN).disk_mib(1024)
}

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "snap-deleted",
        about: "one member lost its .snap files; its write-ahead log begins after them, and it does not start any more.",
        on: &[purging(T33), purging(J3516)],
        steps: snapshots_deleted,
    },
    Scenario {
        fault: "snap-emptied",
        about: "one member's .snap files are empty, and it does not start any more.",
        on: &[purging(T34), purging(J3530)],
        steps: snapshots_emptied,
    },
    Scenario {
        fault: "snap-corrupt",
        about: "one member's .snap files are damaged, and it does not start any more.",
        on: &[purging(T33), purging(J351)],
        steps: snapshots_damaged,
    },
    Scenario {
        fault: "db-missing",
        about: "one member lost its database, as by a backup without it, and does not start any more.",
        on: &[T33.with(OFTEN), J3530.with(OFTEN)],
        steps: database_deleted,
    },
    Scenario {
        fault: "db-cut",
        about: "one member's database was cut off, and it does not start any more.",
        on: &[T34, J3516],
        steps: database_cut,
    },
    Scenario { fault: "db-zeroed", about: "pages of one member's database are zero.", on: &[T33, J351], steps: database_zeroed },
    Scenario {
        fault: "data-wiped",
        about: "one member lost its data and was started as it was, under its old id.",
        on: &[T34, J3530],
        steps: wiped,
    },
    Scenario {
        fault: "data-older",
        about: "one member was started with an older copy of its data.",
        on: &[T33, J3516],
        steps: older,
    },
    Scenario {
        fault: "data-changed",
        about: "a value in one member's database is another one than in the others'; nothing tells but the hashes.",
        on: &[T34, J351],
        steps: changed,
    },
    Scenario {
        fault: "data-changed-alarm",
        about: "a value in one member's database is another one than in the others'; the members compare, and raised an alarm.",
        on: &[T33.with(CHECKED), J3530.with(CHECKED)],
        steps: changed_and_checked,
    },
];

/// Writes so much that the log's first files are purged: after a snapshot, every 30 s, down to `--max-wals`.
fn purge_first_logs(stage: &mut Stage, who: usize) {
    stage.values(who, 1300, 110, ", so that the write-ahead log has several files");
    let log = stage.cluster.members[who].node.path("/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal");
    stage.cluster.await_that("the purge of the first log file", || !log.exists());
    stage.note("the first write-ahead log file was purged by etcd");
}

/// Stops a member, damages it, and starts it again.
fn damaged(stage: &mut Stage, who: usize, damage: impl FnOnce(&mut Stage)) {
    stage.stop(who);
    damage(stage);
    stage.start(who);
    stage.await_end(who);
    stage.go_on(4000, 6000);
}

fn snapshots_deleted(stage: &mut Stage) {
    let who = stage.anyone();
    purge_first_logs(stage, who);
    damaged(stage, who, |stage| stage.note(damage::delete_snapshots(&stage.cluster, who)));
}

fn snapshots_emptied(stage: &mut Stage) {
    let who = stage.anyone();
    purge_first_logs(stage, who);
    damaged(stage, who, |stage| stage.note(damage::damage_snapshots(&stage.cluster, who, true)));
}

fn snapshots_damaged(stage: &mut Stage) {
    let who = stage.anyone();
    purge_first_logs(stage, who);
    damaged(stage, who, |stage| stage.note(damage::damage_snapshots(&stage.cluster, who, false)));
}

fn database_deleted(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 130, "");
    damaged(stage, who, |stage| stage.note(damage::delete_database(&stage.cluster, who)));
}

fn database_cut(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 64, 120, "");
    damaged(stage, who, |stage| stage.note(damage::cut_database(&stage.cluster, who)));
}

fn database_zeroed(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 64, 60, "");
    damaged(stage, who, |stage| stage.note(damage::zero_pages(&stage.cluster, who, 0, 40)));
}

fn wiped(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 60, "");
    damaged(stage, who, |stage| {
        stage.note(damage::wipe(&stage.cluster, who));
        stage.cluster.members[who].unit.set("initial-cluster-state", "existing");
    });
}

fn older(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 30, "");
    stage.stop(who);
    stage.note(damage::keep_copy(&stage.cluster, who));
    stage.start(who);
    stage.all_healthy();
    stage.values(who, 16, 60, "");
    damaged(stage, who, |stage| stage.note(damage::restore_copy(&stage.cluster, who)));
}

/// A value that is written to all members, and then changed on one.
fn change_one(stage: &mut Stage) -> usize {
    let who = stage.anyone();
    let output = stage.cluster.etcdctl(who, &["put", "price", "one-hundred-and-eleven"]);
    assert!(output.status.success(), "a healthy cluster takes a value");
    stage.values(who, 16, 20, "");
    stage.stop(who);
    stage.note(damage::change_value(&stage.cluster, who, "one-hundred-and-eleven", "two-hundred-and-twelve"));
    stage.start(who);
    who
}

fn changed(stage: &mut Stage) {
    change_one(stage);
    stage.all_healthy();
    stage.go_on(4000, 6000);
}

fn changed_and_checked(stage: &mut Stage) {
    change_one(stage);
    stage.go_on(22_000, 26_000);
}
