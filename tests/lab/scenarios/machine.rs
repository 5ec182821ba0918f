//! Machines that give too little processor time or memory, or have the wrong time.

use std::time::Duration;

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{
        client, clock,
        group::{limit_memory, starve},
        kernel,
        process::pause,
    },
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "cpu-quota",
        about: "the leader gets very little processor time, under load.",
        on: &[T34, J3530],
        steps: starved,
    },
    Scenario {
        fault: "paused",
        about: "the leader stood still for some seconds, twice, and goes on.",
        on: &[T33, J3516],
        steps: paused,
    },
    Scenario { fault: "oom", about: "the kernel killed one member for want of memory.", on: &[T33, J351], steps: out_of_memory },
    Scenario { fault: "clock-ahead", about: "the clock of one member is ahead.", on: &[T34, J3516], steps: ahead },
    Scenario { fault: "clock-behind", about: "the clock of one member is behind.", on: &[T33, J3530], steps: behind },
];

fn starved(stage: &mut Stage) {
    let who = stage.cluster.leader();
    let others = stage.others(who);
    stage.load(others[0], &others);
    let ms = u32::try_from(stage.between(12, 18)).expect("a small number");
    stage.keep(starve(&stage.cluster, who, ms));
    stage.go_on(28_000, 34_000);
}

fn paused(stage: &mut Stage) {
    for _ in 0..2 {
        let who = stage.cluster.leader();
        let time = Duration::from_millis(stage.between(2500, 4000));
        stage.note(pause(&stage.cluster, who, time));
        stage.cluster.await_all();
    }
    stage.note("all members were healthy");
}

fn out_of_memory(stage: &mut Stage) {
    let who = stage.anyone();
    let mark = kernel::mark();
    let process = stage.cluster.members[who].unit.task().pid_outside().expect("etcd is running").to_string();
    stage.keep(limit_memory(&stage.cluster, who, 48));
    let other = stage.others(who)[0];
    stage.note(client::write_keys(&stage.cluster, other, 1500, 30_000));
    stage.await_end(who);
    let node = stage.cluster.members[who].node.clone();
    let words = [format!("({process})"), format!("process {process} "), format!("pid={process},")];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lines = kernel::copy(&node, mark, &words);
    stage.note(format!("the kernel's {lines} lines about it went to the node's journal"));
    stage.go_on(4000, 6000);
}

fn ahead(stage: &mut Stage) {
    off(stage, 1);
}

fn behind(stage: &mut Stage) {
    off(stage, -1);
}

fn off(stage: &mut Stage, way: i32) {
    let who = stage.anyone();
    let seconds = i32::try_from(stage.between(180, 600)).expect("some minutes");
    stage.note(clock::set_off(&stage.cluster, who, way * seconds));
    let others = stage.others(who);
    stage.load(others[0], &others);
    // Members compare their clocks every half minute.
    stage.go_on(65_000, 70_000);
}
