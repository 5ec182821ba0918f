//! A cluster in the hands of a scenario, and what many scenarios do.

use std::{thread, time::Duration};

use crate::{
    cluster::Cluster,
    dice::Dice,
    faults::{Lasting, process},
    load::{self, Load, put_values},
    plan::Plan,
    story::Story,
};

/// A cluster in the hands of a scenario.
pub(crate) struct Stage {
    /// First, so that it ends first: it acts in the cluster's nodes.
    pub(crate) lasting: Vec<Lasting>,
    pub(crate) cluster: Cluster,
    pub(crate) dice: Dice,
    pub(crate) story: Story,
}

impl Stage {
    /// The cluster of a scenario, once it is healthy.
    pub(crate) fn set(plan: Plan, mut dice: Dice) -> Self {
        let mut story = Story::begin();
        let cluster = Cluster::start(plan, &mut dice);
        story.note("the members were started");
        cluster.await_all();
        story.note("all members were healthy");
        Self { lasting: Vec::new(), cluster, dice, story }
    }

    /// One of the members.
    pub(crate) fn anyone(&mut self) -> usize {
        self.dice.index(self.cluster.members.len())
    }

    /// All members but one.
    pub(crate) fn others(&self, than: usize) -> Vec<usize> {
        (0..self.cluster.members.len()).filter(|who| *who != than).collect()
    }

    /// What happened needs some time to leave its traces.
    pub(crate) fn go_on(&mut self, least_ms: u64, most_ms: u64) {
        thread::sleep(Duration::from_millis(self.dice.between(least_ms, most_ms)));
    }

    /// Small writes from one member to some, until the scenario ends.
    pub(crate) fn load(&mut self, from: usize, targets: &[usize]) {
        let load = Load {
            batch: self.dice.between(10, 30),
            pause_ms: self.dice.between(100, 200),
            value_bytes: 3 * self.dice.between(20, 400),
        };
        let (told, task) = load::start(&self.cluster, from, targets, load, &mut self.dice);
        self.story.note(told);
        self.lasting.push(Box::new(task));
    }

    /// Ends a member with SIGKILL, and leaves it down.
    pub(crate) fn kill(&mut self, who: usize) {
        self.story.note(process::kill(&mut self.cluster, who));
    }

    /// Ends a member as `systemctl stop` does, and leaves it down.
    pub(crate) fn stop(&mut self, who: usize) {
        self.story.note(process::stop(&mut self.cluster, who));
    }

    /// Starts a member that is down, as `systemctl start` does.
    pub(crate) fn start(&mut self, who: usize) {
        self.story.note(process::start(&mut self.cluster, who));
    }

    /// Starts a member that ended, as systemd does by `Restart=`.
    pub(crate) fn revive(&mut self, who: usize) {
        self.story.note(process::revive(&mut self.cluster, who));
    }

    /// A number that the dice decide.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        self.dice.between(low, high)
    }

    /// Notes what was done.
    pub(crate) fn note(&mut self, line: impl Into<String>) {
        self.story.note(line);
    }

    /// Notes what was done, and keeps what lasts.
    pub(crate) fn keep(&mut self, (told, lasting): (String, Lasting)) {
        self.story.note(told);
        self.lasting.push(lasting);
    }

    /// Values of `kib` KiB by way of a member; all are taken.
    pub(crate) fn values(&mut self, who: usize, kib: u64, count: u32, why: &str) {
        let put = put_values(&self.cluster, who, kib, count);
        assert_eq!(put.refusal, None, "a healthy cluster takes values");
        self.story.note(format!("{} values of {kib} KiB were written{why}", put.taken));
    }

    /// Waits until a member that was started has ended, as far as it does.
    pub(crate) fn await_end(&mut self, who: usize) {
        let ended = self.cluster.members[who].unit.await_end(Duration::from_secs(25));
        self.story.note(if ended { "it ended" } else { "it did not end within 25 s" });
    }

    /// Waits until all members are healthy.
    pub(crate) fn all_healthy(&mut self) {
        self.cluster.await_all();
        self.story.note("all members were healthy");
    }
}
