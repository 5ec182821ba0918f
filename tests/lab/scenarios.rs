//! The scenarios that are recorded: a cluster, and what happens to it.

use crate::{
    cluster::{Plan, Settings},
    steps::{self, Stage},
};

/// What is recorded under one name.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// A sentence about it.
    pub(crate) about: &'static str,
    pub(crate) plan: Plan,
    /// What happens once all members are healthy. When it returns, the evidence is gathered.
    pub(crate) steps: fn(&mut Stage),
}

/// All of them.
pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "lab-idle-3.5.1",
        about: "three healthy members with nothing to do.",
        plan: Plan::of("3.5.1"),
        steps: steps::idle,
    },
    Scenario {
        name: "lab-load-3.4.23",
        about: "three healthy members under a light load.",
        plan: Plan { settings: Settings::Environment, ..Plan::of("3.4.23") },
        steps: steps::under_load,
    },
    Scenario {
        name: "lab-rolling-restart-3.5.16",
        about: "all members were restarted, one after the other, as for an upgrade; nothing is wrong.",
        plan: Plan::of("3.5.16"),
        steps: steps::rolling,
    },
    Scenario {
        name: "lab-member-killed-3.4.23",
        about: "one member was killed and stays down.",
        plan: Plan { settings: Settings::Environment, ..Plan::of("3.4.23") },
        steps: steps::one_killed,
    },
    Scenario {
        name: "lab-member-killed-3.5.1",
        about: "one member was killed and stays down.",
        plan: Plan::of("3.5.1"),
        steps: steps::one_killed,
    },
    Scenario {
        name: "lab-member-came-back-3.5.30",
        about: "one member was killed, and came back by itself.",
        plan: Plan::of("3.5.30"),
        steps: steps::one_came_back,
    },
    Scenario {
        name: "lab-quorum-lost-3.5.1",
        about: "two of three members were killed and stay down.",
        plan: Plan::of("3.5.1"),
        steps: steps::two_killed,
    },
    Scenario {
        name: "lab-quota-3.5.16",
        about: "the database reached its quota, and the NOSPACE alarm was raised.",
        plan: Plan { more: &[("quota-backend-bytes", "16777216")], ..Plan::of("3.5.16") },
        steps: steps::quota_reached,
    },
    Scenario {
        name: "lab-slow-fsync-3.4.23",
        about: "one member's disk syncs are slow, under load.",
        plan: Plan { settings: Settings::Environment, ..Plan::of("3.4.23") },
        steps: steps::slow_fsync,
    },
    Scenario {
        name: "lab-slow-disk-3.5.16",
        about: "one member's disk takes few writes a second, under load.",
        plan: Plan::of("3.5.16"),
        steps: steps::slow_disk,
    },
    Scenario {
        name: "lab-disk-full-3.5.1",
        about: "the file system of one member's data is full.",
        plan: Plan::of("3.5.1"),
        steps: steps::disk_full,
    },
    Scenario {
        name: "lab-wal-not-found-3.3.25",
        about: "one member was started without its oldest write-ahead log file, ended, and was started again once the file was back.",
        plan: Plan { disk_mib: 1024, ..Plan::of("3.3.25") },
        steps: steps::wal_not_found,
    },
    Scenario {
        name: "lab-wal-not-found-3.5.1",
        about: "one member was started without its oldest write-ahead log file, ended, and was started again once the file was back.",
        plan: Plan { disk_mib: 1024, ..Plan::of("3.5.1") },
        steps: steps::wal_not_found,
    },
    Scenario {
        name: "lab-wal-emptied-3.4.23",
        about: "one member lost all files of its write-ahead log, and does not start any more.",
        plan: Plan { more: &[("logger", "zap")], ..Plan::of("3.4.23") },
        steps: steps::wal_emptied,
    },
    Scenario {
        name: "lab-partition-3.4.23",
        about: "one member is cut off from the others; clients still reach it.",
        plan: Plan::of("3.4.23"),
        steps: steps::cut_off,
    },
    Scenario {
        name: "lab-partition-one-way-3.5.1",
        about: "nothing that one member sends reaches the others.",
        plan: Plan::of("3.5.1"),
        steps: steps::cut_off_one_way,
    },
    Scenario {
        name: "lab-paused-3.5.16",
        about: "the leader stood still for some seconds, twice, and goes on.",
        plan: Plan::of("3.5.16"),
        steps: steps::paused,
    },
    Scenario {
        name: "lab-wrong-flag-3.5.16",
        about: "one member does not start: its command line has an unknown flag.",
        plan: Plan::of("3.5.16"),
        steps: steps::unknown_flag,
    },
    Scenario {
        name: "lab-port-taken-3.4.23",
        about: "one member does not start: another process has its port.",
        plan: Plan::of("3.4.23"),
        steps: steps::port_taken,
    },
    Scenario {
        name: "lab-few-files-3.5.1",
        about: "one member does not start: it may open too few files.",
        plan: Plan::of("3.5.1"),
        steps: steps::files_too_few,
    },
    Scenario {
        name: "lab-expired-certificate-3.5.1",
        about: "one member was restarted with an expired certificate.",
        plan: Plan { tls: true, ..Plan::of("3.5.1") },
        steps: steps::expired,
    },
    Scenario {
        name: "lab-foreign-certificate-3.4.23",
        about: "one member was restarted with a certificate of an authority that the others do not know.",
        plan: Plan { tls: true, settings: Settings::Environment, ..Plan::of("3.4.23") },
        steps: steps::foreign,
    },
];
