//! What happens in the scenarios, step by step, within what the dice leave open.

use std::{thread, time::Duration};

use crate::{
    cluster::{Cluster, Plan},
    dice::Dice,
    faults::{
        Lasting,
        disk::{fill as fill_disk, slow_sync, throttle},
        network::{Traffic, Way, cut},
        process::{kill, pause, revive, rolling_restart},
        quota,
        start::{expired_certificate, few_files, foreign_certificate, taken_port, wrong_flag},
        wal::{Gone, move_away, put_back},
    },
    load::{self, Load, put_values},
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

    fn anyone(&mut self) -> usize {
        self.dice.index(self.cluster.members.len())
    }

    fn others(&self, than: usize) -> Vec<usize> {
        (0..self.cluster.members.len()).filter(|who| *who != than).collect()
    }

    /// What happened needs some time to leave its traces.
    fn go_on(&mut self, least_ms: u64, most_ms: u64) {
        thread::sleep(Duration::from_millis(self.dice.between(least_ms, most_ms)));
    }

    fn load(&mut self, from: usize, targets: &[usize]) {
        let load = Load {
            batch: self.dice.between(10, 30),
            pause_ms: self.dice.between(100, 200),
            value_bytes: 3 * self.dice.between(20, 400),
        };
        let (told, task) = load::start(&self.cluster, from, targets, load, &mut self.dice);
        self.story.note(told);
        self.lasting.push(Box::new(task));
    }
}

pub(crate) fn idle(stage: &mut Stage) {
    stage.go_on(3000, 5000);
}

pub(crate) fn under_load(stage: &mut Stage) {
    let from = stage.anyone();
    stage.load(from, &[0, 1, 2]);
    stage.go_on(8000, 12_000);
}

pub(crate) fn rolling(stage: &mut Stage) {
    let told = rolling_restart(&mut stage.cluster);
    stage.story.note(told);
    stage.go_on(2000, 4000);
}

pub(crate) fn one_killed(stage: &mut Stage) {
    let who = stage.anyone();
    stage.go_on(1000, 2000);
    stage.story.note(kill(&mut stage.cluster, who));
    stage.go_on(7000, 10_000);
}

pub(crate) fn one_came_back(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(kill(&mut stage.cluster, who));
    stage.go_on(5000, 8000);
    stage.story.note(revive(&mut stage.cluster, who));
    stage.cluster.await_all();
    stage.story.note("all members were healthy");
    stage.go_on(2000, 4000);
}

pub(crate) fn two_killed(stage: &mut Stage) {
    let survivor = stage.anyone();
    for who in stage.others(survivor) {
        stage.story.note(kill(&mut stage.cluster, who));
        stage.go_on(500, 2000);
    }
    stage.go_on(8000, 12_000);
}

pub(crate) fn quota_reached(stage: &mut Stage) {
    let (who, kib) = (stage.anyone(), stage.dice.between(400, 1200));
    stage.story.note(quota::fill(&stage.cluster, who, kib));
    stage.go_on(1000, 2000);
}

pub(crate) fn slow_fsync(stage: &mut Stage) {
    let (who, more_us) = (stage.anyone(), stage.dice.between(50, 150) * 1000);
    let (told, lasting) = slow_sync(&stage.cluster, who, more_us);
    stage.story.note(told);
    stage.lasting.push(lasting);
    // Not by way of the slow one, for which the load would wait.
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(20_000, 25_000);
}

pub(crate) fn slow_disk(stage: &mut Stage) {
    let (who, writes) = (stage.anyone(), stage.dice.between(8, 20));
    let (told, lasting) = throttle(&stage.cluster, who, u32::try_from(writes).expect("a small number"));
    stage.story.note(told);
    stage.lasting.push(lasting);
    // Not by way of the slow one, for which the load would wait.
    let others = stage.others(who);
    stage.load(others[0], &others);
    stage.go_on(20_000, 25_000);
}

pub(crate) fn disk_full(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(fill_disk(&stage.cluster, who));
    let put = put_values(&stage.cluster, stage.others(who)[0], 1024, 10);
    let end = if put.refusal.is_some() { ", and the next one failed" } else { "" };
    stage.story.note(format!("{} values of 1 MiB were written by way of another member{end}", put.taken));
    stage.go_on(3000, 5000);
}

pub(crate) fn wal_not_found(stage: &mut Stage) {
    let who = stage.anyone();
    // A file of the log is cut at 64 MB.
    let put = put_values(&stage.cluster, who, 1300, 60);
    assert_eq!(put.refusal, None, "a healthy cluster takes values");
    stage.story.note(format!("{} values of 1300 KiB were written, so that the write-ahead log has several files", put.taken));
    stage.story.note(kill(&mut stage.cluster, who));
    stage.story.note(move_away(&stage.cluster, who, Gone::Oldest));
    stage.story.note(revive(&mut stage.cluster, who));
    stage.cluster.await_line(who, "wal: file not found");
    let ended = stage.cluster.members[who].unit.await_end(Duration::from_secs(20));
    assert!(ended, "etcd ends without its log");
    stage.story.note("it ended with `wal: file not found`");
    stage.story.note(put_back(&stage.cluster, who));
    stage.go_on(1000, 5000);
    stage.story.note(revive(&mut stage.cluster, who));
    stage.cluster.await_all();
    stage.story.note("all members were healthy");
    stage.go_on(3000, 5000);
}

pub(crate) fn wal_emptied(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(kill(&mut stage.cluster, who));
    stage.story.note(move_away(&stage.cluster, who, Gone::All));
    stage.story.note(revive(&mut stage.cluster, who));
    let ended = stage.cluster.members[who].unit.await_end(Duration::from_secs(20));
    stage.story.note(if ended { "it ended" } else { "it did not end within 20 s" });
    stage.go_on(5000, 8000);
}

pub(crate) fn cut_off(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(cut(&stage.cluster, who, Traffic::Peers, Way::Both));
    stage.go_on(12_000, 16_000);
}

pub(crate) fn cut_off_one_way(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(cut(&stage.cluster, who, Traffic::Peers, Way::Out));
    stage.go_on(12_000, 16_000);
}

pub(crate) fn paused(stage: &mut Stage) {
    for _ in 0..2 {
        let who = stage.cluster.leader();
        let time = Duration::from_millis(stage.dice.between(2500, 4000));
        stage.story.note(pause(&stage.cluster, who, time));
        stage.cluster.await_all();
    }
    stage.story.note("all members were healthy");
}

pub(crate) fn unknown_flag(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(wrong_flag(&mut stage.cluster, who, "--snapshot-cuont=10000"));
    stage.go_on(5000, 8000);
}

pub(crate) fn port_taken(stage: &mut Stage) {
    let who = stage.anyone();
    let (told, lasting) = taken_port(&mut stage.cluster, who);
    stage.story.note(told);
    stage.lasting.push(lasting);
    stage.go_on(5000, 8000);
}

pub(crate) fn files_too_few(stage: &mut Stage) {
    let who = stage.anyone();
    let limit = u32::try_from(stage.dice.between(64, 150)).expect("a small number");
    stage.story.note(few_files(&mut stage.cluster, who, limit));
    stage.go_on(5000, 8000);
}

pub(crate) fn expired(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(expired_certificate(&mut stage.cluster, who));
    stage.go_on(10_000, 14_000);
}

pub(crate) fn foreign(stage: &mut Stage) {
    let who = stage.anyone();
    stage.story.note(foreign_certificate(&mut stage.cluster, who));
    stage.go_on(10_000, 14_000);
}
