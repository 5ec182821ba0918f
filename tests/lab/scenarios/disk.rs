//! Disks that are full, slow or broken.

use std::time::Duration;

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::disk::{fail_sync, fail_writes, fill, read_only, slow_commit, slow_sync, tell_kernel, throttle},
    load::put_values,
    plan::{Disk, Plan},
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "slow-fsync",
        about: "one member's disk syncs are slow, under load.",
        on: &[T34, J3530],
        steps: slow_fsync,
    },
    Scenario {
        fault: "slow-disk",
        about: "one member's disk takes few writes a second, under load.",
        on: &[T33, J3516],
        steps: slow_disk,
    },
    Scenario {
        fault: "slow-commit",
        about: "one member's syncs of its database are slow, those of its log are not, under load.",
        on: &[T33, J351],
        steps: slow_database,
    },
    Scenario { fault: "disk-full", about: "the file system of one member's data is full.", on: &[T33, J351], steps: full },
    Scenario {
        fault: "disk-full-at-start",
        about: "the file system of one member's data was full when it was started.",
        on: &[T34, J3516],
        steps: full_at_start,
    },
    Scenario {
        fault: "disk-read-only",
        about: "the file system of one member's data went read-only.",
        on: &[T33, J3516],
        steps: went_read_only,
    },
    Scenario {
        fault: "disk-io-error",
        about: "the disk of one member's data fails to write.",
        on: &[Plan { disk: Disk::Frail, disk_mib: 256, ..T34 }, Plan { disk: Disk::Frail, disk_mib: 256, ..J3530 }],
        steps: failing_disk,
    },
    Scenario {
        fault: "sync-io-error",
        about: "the disk of one member's data fails to sync; the kernel's log is not there.",
        on: &[T33, J351],
        steps: failing_sync,
    },
];

fn slow_fsync(stage: &mut Stage) {
    let (who, more_us) = (stage.anyone(), stage.between(50, 150) * 1000);
    stage.keep(slow_sync(&stage.cluster, who, more_us));
    under_load_of_others(stage, who);
}

fn slow_disk(stage: &mut Stage) {
    let (who, writes) = (stage.anyone(), stage.between(8, 20));
    stage.keep(throttle(&stage.cluster, who, u32::try_from(writes).expect("a small number")));
    under_load_of_others(stage, who);
}

fn slow_database(stage: &mut Stage) {
    let (who, more_us) = (stage.anyone(), stage.between(300, 500) * 1000);
    stage.keep(slow_commit(&stage.cluster, who, more_us));
    under_load_of_others(stage, who);
}

fn under_load_of_others(stage: &mut Stage, who: usize) {
    // Not by way of the slow one, for which the load would wait.
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(20_000, 25_000);
}

/// Values by way of a member until one is refused.
fn write_by(stage: &mut Stage, who: usize, kib: u64, most: u32) {
    let put = put_values(&stage.cluster, who, kib, most);
    let end = if put.refusal.is_some() { ", and the next one failed" } else { "" };
    stage.note(format!("{} values of {kib} KiB were written by way of another member{end}", put.taken));
}

fn full(stage: &mut Stage) {
    let who = stage.anyone();
    stage.note(fill(&stage.cluster, who));
    let other = stage.others(who)[0];
    write_by(stage, other, 1024, 10);
    stage.go_on(3000, 5000);
}

fn full_at_start(stage: &mut Stage) {
    let who = stage.anyone();
    let other = stage.others(who)[0];
    write_by(stage, other, 256, 20);
    stage.stop(who);
    stage.note(fill(&stage.cluster, who));
    write_by(stage, other, 256, 40);
    stage.start(who);
    stage.await_end(who);
    stage.go_on(3000, 5000);
}

fn went_read_only(stage: &mut Stage) {
    let who = stage.anyone();
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(2000, 4000);
    stage.note(read_only(&stage.cluster, who));
    stage.await_end(who);
    stage.go_on(4000, 6000);
}

fn failing_disk(stage: &mut Stage) {
    let who = stage.anyone();
    let (told, mark) = fail_writes(&stage.cluster, who);
    stage.note(told);
    let other = stage.others(who)[0];
    write_by(stage, other, 512, 60);
    stage.cluster.members[who].unit.await_end(Duration::from_secs(25));
    stage.go_on(3000, 5000);
    stage.note(tell_kernel(&stage.cluster, who, mark));
}

fn failing_sync(stage: &mut Stage) {
    let who = stage.anyone();
    stage.keep(fail_sync(&stage.cluster, who));
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.await_end(who);
    stage.go_on(4000, 6000);
}
