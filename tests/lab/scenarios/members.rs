//! Members that are down, removed, of another cluster, of another version, or behind.

use std::time::Duration;

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{client, damage, group, member::remove, process::pause_while, start::older_version},
    plan::Plan,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { fault: "member-killed", about: "one member was killed and stays down.", on: &[T34, J351], steps: one_killed },
    Scenario {
        fault: "member-long-down",
        about: "one member was stopped some minutes ago and stays down, while the others go on.",
        on: &[T33, J3516],
        steps: long_down,
    },
    Scenario {
        fault: "member-came-back",
        about: "one member was killed, and came back by itself.",
        on: &[T33, Plan::of("3.5.30")],
        steps: one_came_back,
    },
    Scenario {
        fault: "quorum-lost",
        about: "two of three members were killed and stay down.",
        on: &[T34, J351],
        steps: two_killed,
    },
    Scenario {
        fault: "other-token",
        about: "one member lost its data and was started with another cluster token: it belongs to a cluster of its own.",
        on: &[T33, J3530],
        steps: other_token,
    },
    Scenario {
        fault: "not-added",
        about: "a fourth member was started that the others were not told of.",
        on: &[T34, J3516],
        steps: not_added,
    },
    Scenario {
        fault: "bootstrapped",
        about: "one member lost its data, and was started as a new one of a new cluster: the others know it already.",
        on: &[T33, J351],
        steps: bootstrapped,
    },
    Scenario {
        fault: "member-removed",
        about: "one member was removed from the cluster, and its unit goes on starting it.",
        on: &[T34, J3516],
        steps: removed,
    },
    Scenario {
        fault: "member-lagging",
        about: "one follower stands still most of the time while much is written, and is sent snapshots again and again.",
        on: &[T33.with(&[("snapshot-count", "1000")]), J3530.with(&[("snapshot-count", "1000")])],
        steps: lagging,
    },
    Scenario {
        fault: "downgrade",
        about: "one member was restarted with an older minor version.",
        on: &[T34, J3516],
        steps: downgraded,
    },
];

fn one_killed(stage: &mut Stage) {
    let who = stage.anyone();
    stage.go_on(1000, 2000);
    stage.kill(who);
    stage.go_on(7000, 10_000);
}

fn long_down(stage: &mut Stage) {
    let who = stage.anyone();
    stage.stop(who);
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(100_000, 120_000);
}

fn one_came_back(stage: &mut Stage) {
    let who = stage.anyone();
    stage.kill(who);
    stage.go_on(5000, 8000);
    stage.revive(who);
    stage.all_healthy();
    stage.go_on(2000, 4000);
}

fn two_killed(stage: &mut Stage) {
    let survivor = stage.anyone();
    for who in stage.others(survivor) {
        stage.kill(who);
        stage.go_on(500, 2000);
    }
    stage.go_on(8000, 12_000);
}

fn other_token(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 20, "");
    stage.stop(who);
    stage.note(damage::wipe(&stage.cluster, who));
    stage.cluster.members[who].unit.set("initial-cluster-token", "etcd-lab-2");
    stage.start(who);
    stage.go_on(10_000, 14_000);
}

fn not_added(stage: &mut Stage) {
    let new = stage.cluster.enlarge("existing", &mut stage.dice);
    stage.start(new);
    stage.await_end(new);
    stage.go_on(4000, 6000);
}

fn bootstrapped(stage: &mut Stage) {
    let who = stage.anyone();
    stage.values(who, 16, 20, "");
    stage.stop(who);
    stage.note(damage::wipe(&stage.cluster, who));
    stage.start(who);
    stage.await_end(who);
    stage.go_on(4000, 6000);
}

fn removed(stage: &mut Stage) {
    let who = stage.anyone();
    let by = stage.others(who)[0];
    stage.note(remove(&stage.cluster, who, by));
    for _ in 0..2 {
        stage.await_end(who);
        stage.go_on(2000, 3000);
        stage.revive(who);
    }
    stage.await_end(who);
    stage.go_on(2000, 4000);
}

/// A leader keeps 5000 entries for followers that are behind (`DefaultSnapshotCatchUpEntries`); some thousands more are on their way to them.
const MORE_THAN_KEPT: usize = 10_000;

fn lagging(stage: &mut Stage) {
    let leader = stage.cluster.leader();
    let who = stage.others(leader)[0];
    let others = stage.others(who);
    for round in 1..=3 {
        let write = || client::write_entries(&stage.cluster, leader, MORE_THAN_KEPT);
        let told = pause_while(&stage.cluster, who, write);
        stage.note(told);
        stage.cluster.await_lines(who, "received and saved database snapshot", round);
        stage.note("it was sent a snapshot");
        // For half a minute after a snapshot a leader drops no entries (`releaseDelayAfterSnapshot`, etcdserver/server.go).
        stage.go_on(31_000, 33_000);
    }
    stage.load(others[0], &others);
    stage.keep(group::freeze(&stage.cluster, who, Duration::from_secs(5), Duration::from_millis(900)));
    stage.go_on(8000, 12_000);
}

fn downgraded(stage: &mut Stage) {
    let who = stage.anyone();
    let older = if stage.cluster.plan().version.starts_with("3.4") { "3.3.25" } else { "3.4.23" };
    let told = older_version(&mut stage.cluster, who, older);
    stage.note(told);
    stage.await_end(who);
    stage.go_on(4000, 6000);
}
