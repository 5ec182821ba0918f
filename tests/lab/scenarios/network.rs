//! Networks that lose packets, links and names.

use std::time::Duration;

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::network::{Traffic, Way, cut, flap, forget_names},
    plan::Plan,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "partition",
        about: "one member is cut off from the others; clients still reach it.",
        on: &[Plan::of("3.4.23"), J3530],
        steps: cut_off,
    },
    Scenario {
        fault: "partition-leader",
        about: "the leader is cut off from the others and from clients elsewhere.",
        on: &[T33, J3516],
        steps: leader_cut_off,
    },
    Scenario {
        fault: "partition-follower",
        about: "one follower is cut off from the others and from clients elsewhere.",
        on: &[T34, J351],
        steps: follower_cut_off,
    },
    Scenario {
        fault: "partition-one-way",
        about: "nothing that one member sends reaches the others.",
        on: &[T33, J351],
        steps: cut_off_one_way,
    },
    Scenario {
        fault: "link-flapping",
        about: "the link of one member goes and comes; it is there while the evidence is gathered.",
        on: &[T34, J3516],
        steps: flapping,
    },
    Scenario {
        fault: "names-gone",
        about: "one member can no longer look up the others' names, and was restarted.",
        on: &[Plan { by_name: true, ..T33 }, Plan { by_name: true, ..J3530 }],
        steps: names_gone,
    },
];

fn cut_off(stage: &mut Stage) {
    let who = stage.anyone();
    stage.note(cut(&stage.cluster, who, Traffic::Peers, Way::Both));
    stage.go_on(12_000, 16_000);
}

fn leader_cut_off(stage: &mut Stage) {
    let who = stage.cluster.leader();
    stage.note(cut(&stage.cluster, who, Traffic::All, Way::Both));
    stage.go_on(14_000, 18_000);
}

fn follower_cut_off(stage: &mut Stage) {
    let leader = stage.cluster.leader();
    let who = stage.others(leader)[0];
    stage.note(cut(&stage.cluster, who, Traffic::All, Way::Both));
    stage.go_on(14_000, 18_000);
}

fn cut_off_one_way(stage: &mut Stage) {
    let who = stage.anyone();
    stage.note(cut(&stage.cluster, who, Traffic::Peers, Way::Out));
    stage.go_on(12_000, 16_000);
}

fn flapping(stage: &mut Stage) {
    let who = stage.anyone();
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.note(flap(&stage.cluster, who, 3, Duration::from_secs(12), Duration::from_secs(9)));
}

fn names_gone(stage: &mut Stage) {
    let who = stage.anyone();
    stage.stop(who);
    stage.note(forget_names(&stage.cluster, who));
    stage.start(who);
    stage.await_end(who);
    stage.go_on(6000, 9000);
}
