//! Members that do not start, or start in a way that does not fit.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{
        client::hold_connections,
        damage::wipe,
        process::limit_files,
        start::{few_files, other_user, other_value, second_process, taken_port, wrong_flag, wrong_value},
    },
    plan::Plan,
    stage::Stage,
};

/// Timeouts that would suit a slow network.
const SLOW: &[(&str, &str)] = &[("heartbeat-interval", "1000"), ("election-timeout", "5000")];

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "wrong-flag",
        about: "one member does not start: its command line has an unknown flag.",
        on: &[T33, J3516],
        steps: unknown_flag,
    },
    Scenario {
        fault: "wrong-url",
        about: "one member does not start: an address that it shall listen on has no port.",
        on: &[T34, J3530],
        steps: wrong_url,
    },
    Scenario {
        fault: "wrong-cluster",
        about: "one member does not start: its --initial-cluster has another address for it than it advertises.",
        on: &[T33, J351],
        steps: wrong_initial_cluster,
    },
    Scenario {
        fault: "port-taken",
        about: "one member does not start: another process has its port.",
        on: &[Plan::of("3.4.23"), J3530],
        steps: port_taken,
    },
    Scenario {
        fault: "permission",
        about: "one member does not start: it runs as a user that may not read its data.",
        on: &[T34, J3516],
        steps: permission,
    },
    Scenario {
        fault: "data-dir-locked",
        about: "somebody started a second etcd on the data directory of a running member.",
        on: &[T33, J3530],
        steps: locked,
    },
    Scenario {
        fault: "few-files",
        about: "one member does not start: it may open too few files.",
        on: &[T34, J351],
        steps: files_too_few,
    },
    Scenario {
        fault: "files-exhausted",
        about: "one running member may open no further file, and clients hold what it has.",
        on: &[T33, J3516],
        steps: files_exhausted,
    },
    Scenario {
        fault: "heartbeat-unequal",
        about: "one member has far shorter timeouts than the others: it asks for election again and again.",
        on: &[T34.with(SLOW), J3516.with(SLOW)],
        steps: impatient,
    },
];

fn unknown_flag(stage: &mut Stage) {
    let who = stage.anyone();
    let told = wrong_flag(&mut stage.cluster, who, "--snapshot-cuont=10000");
    stage.note(told);
    stage.go_on(5000, 8000);
}

fn wrong_url(stage: &mut Stage) {
    let who = stage.anyone();
    let told = wrong_value(&mut stage.cluster, who, "listen-client-urls", "http://0.0.0.0");
    stage.note(told);
    stage.go_on(5000, 8000);
}

fn wrong_initial_cluster(stage: &mut Stage) {
    let who = stage.anyone();
    stage.stop(who);
    // With data, etcd does not look at it.
    stage.note(wipe(&stage.cluster, who));
    let unit = &mut stage.cluster.members[who].unit;
    unit.set("initial-advertise-peer-urls", "http://127.0.0.1:2380");
    stage.start(who);
    stage.await_end(who);
    stage.go_on(5000, 8000);
}

fn port_taken(stage: &mut Stage) {
    let who = stage.anyone();
    let taken = taken_port(&mut stage.cluster, who);
    stage.keep(taken);
    stage.go_on(5000, 8000);
}

fn permission(stage: &mut Stage) {
    let who = stage.anyone();
    let told = other_user(&mut stage.cluster, who);
    stage.note(told);
    stage.go_on(5000, 8000);
}

fn locked(stage: &mut Stage) {
    let who = stage.anyone();
    let second = second_process(&mut stage.cluster, who);
    stage.keep(second);
    stage.go_on(14_000, 18_000);
}

fn files_too_few(stage: &mut Stage) {
    let who = stage.anyone();
    let limit = u32::try_from(stage.between(64, 150)).expect("a small number");
    let told = few_files(&mut stage.cluster, who, limit);
    stage.note(told);
    stage.go_on(5000, 8000);
}

fn files_exhausted(stage: &mut Stage) {
    let who = stage.anyone();
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.note(limit_files(&stage.cluster, who, 42));
    stage.keep(hold_connections(&stage.cluster, others[0], who, 150));
    stage.go_on(35_000, 40_000);
}

fn impatient(stage: &mut Stage) {
    let who = stage.anyone();
    stage.cluster.members[who].unit.set("heartbeat-interval", "20");
    let told = other_value(&mut stage.cluster, who, "election-timeout", "100");
    stage.note(format!("{told}, and --heartbeat-interval=20"));
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(25_000, 30_000);
}
