//! Clusters with which nothing is wrong, and which must be called so.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{client, member, process::rolling_restart},
    plan::Plan,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { fault: "idle", about: "three healthy members with nothing to do.", on: &[T33, J351], steps: idle },
    Scenario { fault: "load", about: "three healthy members under a light load.", on: &[T34, J3530], steps: under_load },
    Scenario {
        fault: "rolling-restart",
        about: "all members were restarted, one after the other, as for an upgrade; nothing is wrong.",
        on: &[T34, J3516],
        steps: rolling,
    },
    Scenario {
        fault: "one-member",
        about: "a cluster of one member, under a light load; nothing is wrong.",
        on: &[Plan { members: 1, ..T33 }, Plan { members: 1, ..J3516 }],
        steps: one,
    },
    Scenario {
        fault: "five-members",
        about: "five healthy members under a light load.",
        on: &[Plan { members: 5, ..T34 }, Plan { members: 5, ..J3530 }],
        steps: under_load,
    },
    Scenario { fault: "tls", about: "three healthy members that speak TLS.", on: &[T33.tls(), J3530.tls()], steps: under_load },
    Scenario {
        fault: "leader-moved",
        about: "leadership was moved on purpose; nothing is wrong.",
        on: &[T34, J3516],
        steps: leader_moved,
    },
    Scenario {
        fault: "defragmented",
        about: "the history was compacted and all members were defragmented; nothing is wrong.",
        on: &[T33, J3516],
        steps: defragmented,
    },
    Scenario {
        fault: "member-added",
        about: "a fourth member was added and has just become part of the cluster; nothing is wrong.",
        on: &[T34, J3530],
        steps: member_added,
    },
    Scenario {
        fault: "knocking",
        about: "a health checker of TCP connects to each port every second and says nothing; the members speak TLS, and nothing is wrong.",
        on: &[T34.tls(), J3516.tls()],
        steps: knocking,
    },
    Scenario {
        fault: "busy-host",
        about: "three healthy members on a machine whose processors are busy.",
        on: &[T33, J3530],
        steps: busy_host,
    },
];

fn idle(stage: &mut Stage) {
    stage.go_on(3000, 5000);
}

fn under_load(stage: &mut Stage) {
    let from = stage.anyone();
    let all: Vec<usize> = (0..stage.cluster.members.len()).collect();
    stage.load(from, &all);
    stage.go_on(8000, 12_000);
}

fn one(stage: &mut Stage) {
    stage.load(0, &[0]);
    stage.go_on(8000, 12_000);
}

fn rolling(stage: &mut Stage) {
    let told = rolling_restart(&mut stage.cluster);
    stage.note(told);
    stage.go_on(2000, 4000);
}

fn leader_moved(stage: &mut Stage) {
    let from = stage.anyone();
    stage.load(from, &[0, 1, 2]);
    stage.go_on(2000, 4000);
    let leader = stage.cluster.leader();
    let to = stage.others(leader)[0];
    stage.note(member::move_leader(&stage.cluster, to));
    stage.go_on(5000, 8000);
}

fn defragmented(stage: &mut Stage) {
    let from = stage.anyone();
    stage.values(from, 64, 200, "");
    stage.note(member::compact(&stage.cluster, from).0);
    stage.note(member::defragment(&stage.cluster));
    stage.go_on(4000, 6000);
}

fn member_added(stage: &mut Stage) {
    let from = stage.anyone();
    stage.values(from, 64, 20, "");
    let new = stage.cluster.enlarge("existing", &mut stage.dice);
    stage.note(member::announce(&stage.cluster, new, from));
    stage.cluster.members[new].unit.start();
    stage.note("it was started");
    stage.all_healthy();
    stage.go_on(3000, 5000);
}

fn knocking(stage: &mut Stage) {
    stage.keep(client::knock(&stage.cluster));
    stage.go_on(12_000, 16_000);
}

fn busy_host(stage: &mut Stage) {
    let (told, lasting) = client::busy(&stage.cluster, 3);
    stage.note(told);
    stage.lasting.extend(lasting);
    let from = stage.anyone();
    stage.load(from, &[0, 1, 2]);
    stage.go_on(10_000, 14_000);
}
