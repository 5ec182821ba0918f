//! Databases that are at their quota, close to it, or larger than what is in them.

use super::{J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::{member, quota},
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "quota",
        about: "the database reached its quota, and the NOSPACE alarm was raised.",
        on: &[T33.with(&[("quota-backend-bytes", "16777216")]), J3516.with(&[("quota-backend-bytes", "16777216")])],
        steps: reached,
    },
    Scenario {
        fault: "quota-near",
        about: "the database is close to its quota.",
        // The file grows in steps of 16 MiB: two of them, and something.
        on: &[T34.with(&[("quota-backend-bytes", "36700160")]), J3530.with(&[("quota-backend-bytes", "36700160")])],
        steps: near,
    },
    Scenario {
        fault: "fragmented",
        about: "a long history was compacted and never defragmented: the database's file is far larger than what is in it.",
        on: &[T34, J3530],
        steps: fragmented,
    },
];

fn reached(stage: &mut Stage) {
    let (who, kib) = (stage.anyone(), stage.between(400, 1200));
    stage.note(quota::fill(&stage.cluster, who, kib));
    stage.go_on(1000, 2000);
}

fn near(stage: &mut Stage) {
    let (who, kib) = (stage.anyone(), stage.between(200, 600));
    stage.note(quota::fill_up_to(&stage.cluster, who, kib, 32 << 20));
    stage.go_on(1000, 2000);
}

fn fragmented(stage: &mut Stage) {
    let (who, kib) = (stage.anyone(), stage.between(400, 700));
    stage.note(quota::fill_up_to(&stage.cluster, who, kib, 110 << 20));
    stage.note(member::compact(&stage.cluster, who).0);
    // bbolt counts pages as free once later transactions have ended.
    stage.go_on(4000, 5000);
    stage.values(who, 1, 20, "");
    stage.go_on(4000, 6000);
}
