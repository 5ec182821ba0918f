//! Clients that ask for too much, too often, or for what they may not have.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{client, member::compact},
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "large-request",
        about: "a client tries to write values that are larger than etcd takes.",
        on: &[T33, J3516],
        steps: large,
    },
    Scenario { fault: "large-ranges", about: "clients list a large keyspace again and again.", on: &[T34, J3530], steps: ranges },
    Scenario {
        fault: "lease-storm",
        about: "clients grant leases as fast as they can, and keep none alive.",
        on: &[T34, J351],
        steps: leases,
    },
    Scenario {
        fault: "client-refused",
        about: "authentication was switched on, and clients are refused: without name, with a wrong password, without permission.",
        on: &[T33, J3530],
        steps: refused,
    },
    Scenario {
        fault: "compacted",
        about: "a client reads and watches from a revision on that was compacted.",
        on: &[T34, J3516],
        steps: compacted,
    },
];

fn large(stage: &mut Stage) {
    let from = stage.anyone();
    stage.keep(client::write_too_much(&stage.cluster, from));
    stage.go_on(12_000, 15_000);
}

fn ranges(stage: &mut Stage) {
    let from = stage.anyone();
    stage.note(client::write_keys(&stage.cluster, from, 3000, 15_000));
    let (told, lasting) = client::list_all(&stage.cluster, from, 2);
    stage.note(told);
    stage.lasting.extend(lasting);
    stage.go_on(20_000, 25_000);
}

fn leases(stage: &mut Stage) {
    let (from, seconds) = (stage.anyone(), stage.between(10, 20));
    let (told, lasting) = client::grant_leases(&stage.cluster, from, seconds);
    stage.note(told);
    stage.lasting.extend(lasting);
    stage.go_on(40_000, 45_000);
}

fn refused(stage: &mut Stage) {
    let from = stage.anyone();
    stage.keep(client::refuse(&stage.cluster, from));
    stage.go_on(12_000, 15_000);
}

fn compacted(stage: &mut Stage) {
    let from = stage.anyone();
    stage.values(from, 4, 50, "");
    stage.note(compact(&stage.cluster, from).0);
    stage.keep(client::ask_for_the_past(&stage.cluster, from));
    stage.go_on(12_000, 15_000);
}
