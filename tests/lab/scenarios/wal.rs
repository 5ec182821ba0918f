//! Write-ahead logs that are not there, or damaged.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{
        damage,
        wal::{Gone, move_away, put_back},
    },
    plan::Plan,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "wal-not-found",
        about: "one member was started without its oldest write-ahead log file, ended, and was started again once the file was back.",
        on: &[T33.disk_mib(1024), J351.disk_mib(1024)],
        steps: not_found_once,
    },
    Scenario {
        fault: "wal-hole",
        about: "one member lost a file in the middle of its write-ahead log, and does not start any more.",
        on: &[T34.disk_mib(1024), J3530.disk_mib(1024)],
        steps: hole,
    },
    Scenario {
        fault: "wal-emptied",
        about: "one member lost all files of its write-ahead log, and does not start any more.",
        on: &[Plan::of("3.4.23").with(&[("logger", "zap")]), J3516],
        steps: emptied,
    },
    Scenario {
        fault: "wal-corrupt",
        about: "bytes in the middle of one member's write-ahead log are wrong, and it does not start any more.",
        on: &[T33, J3516],
        steps: corrupt,
    },
    Scenario {
        fault: "wal-torn",
        about: "the last record of one member's write-ahead log was not written in full; etcd repaired it at the start.",
        on: &[T34, J351],
        steps: torn,
    },
];

fn several_files(stage: &mut Stage, who: usize, count: u32) {
    // A file of the log is cut at 64 MB.
    stage.values(who, 1300, count, ", so that the write-ahead log has several files");
}

fn not_found_once(stage: &mut Stage) {
    let who = stage.anyone();
    several_files(stage, who, 60);
    stage.kill(who);
    stage.note(move_away(&stage.cluster, who, Gone::Oldest));
    stage.revive(who);
    stage.cluster.await_line(who, "wal: file not found");
    stage.await_end(who);
    stage.note(put_back(&stage.cluster, who));
    stage.go_on(1000, 5000);
    stage.revive(who);
    stage.all_healthy();
    stage.go_on(3000, 5000);
}

fn hole(stage: &mut Stage) {
    let who = stage.anyone();
    several_files(stage, who, 110);
    stage.kill(who);
    stage.note(move_away(&stage.cluster, who, Gone::Second));
    stage.revive(who);
    stage.await_end(who);
    stage.go_on(3000, 5000);
}

fn emptied(stage: &mut Stage) {
    let who = stage.anyone();
    stage.kill(who);
    stage.note(move_away(&stage.cluster, who, Gone::All));
    stage.revive(who);
    stage.await_end(who);
    stage.go_on(5000, 8000);
}

fn corrupt(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 40, "");
    stage.stop(who);
    stage.note(damage::flip_log(&stage.cluster, who));
    stage.start(who);
    stage.await_end(who);
    stage.go_on(4000, 6000);
}

fn torn(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 40, "");
    stage.kill(who);
    stage.note(damage::tear_log(&stage.cluster, who));
    stage.revive(who);
    stage.all_healthy();
    stage.go_on(4000, 6000);
}
