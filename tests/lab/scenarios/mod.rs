//! The scenarios that are recorded: a cluster, what happens to it, and the versions on which it does.

mod clients;
mod data;
mod disk;
mod healthy;
mod machine;
mod members;
mod network;
mod quota;
mod start;
mod tls;
mod wal;

use crate::{plan::Plan, stage::Stage};

/// What is recorded of one fault, or of none.
pub(crate) struct Scenario {
    pub(crate) fault: &'static str,
    /// A sentence about it.
    pub(crate) about: &'static str,
    /// The clusters that it happens to: one of a generation that prints text, one of a generation that prints JSON.
    pub(crate) on: &'static [Plan],
    /// What happens once all members are healthy. When it returns, the evidence is gathered.
    pub(crate) steps: fn(&mut Stage),
}

/// A scenario on one of its clusters.
#[derive(Clone, Copy)]
pub(crate) struct Recording {
    pub(crate) scenario: &'static Scenario,
    pub(crate) plan: Plan,
}

impl Recording {
    /// The name of its fixture.
    pub(crate) fn name(&self) -> String {
        format!("lab-{}-{}", self.scenario.fault, self.plan.version)
    }
}

/// Text, and settings by flags.
const T33: Plan = Plan::of("3.3.25");
/// Text by 3.4's default logger, and settings by environment variables.
const T34: Plan = Plan::of("3.4.23").by_environment();
/// JSON of the first 3.5 that can be had.
const J351: Plan = Plan::of("3.5.1");
const J3516: Plan = Plan::of("3.5.16");
/// JSON, and settings by environment variables.
const J3530: Plan = Plan::of("3.5.30").by_environment();

const FAMILIES: &[&[Scenario]] = &[
    healthy::SCENARIOS,
    wal::SCENARIOS,
    data::SCENARIOS,
    disk::SCENARIOS,
    quota::SCENARIOS,
    members::SCENARIOS,
    network::SCENARIOS,
    start::SCENARIOS,
    tls::SCENARIOS,
    machine::SCENARIOS,
    clients::SCENARIOS,
];

/// All of them.
pub(crate) fn all() -> Vec<Recording> {
    let scenarios = FAMILIES.iter().flat_map(|family| family.iter());
    scenarios.flat_map(|scenario| scenario.on.iter().map(move |plan| Recording { scenario, plan: *plan })).collect()
}
