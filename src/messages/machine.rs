//! The machine below etcd, by its kernel and the keepers of its clock: stalls, memory, network cards, time.

use super::{Class, Message, text};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "kernel-task-blocked",
        class: Class::Symptom,
        fatal: false,
        means: "A process waited for two minutes without being run, mostly for a disk.",
        wordings: &[
            text("INFO: task {process}:{pid} blocked for more than {seconds} seconds.", "kernel", "HEAD"),
            text("INFO: task {process}:{pid} blocked for more than {seconds} seconds{}", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "kernel-lockup",
        class: Class::Symptom,
        fatal: false,
        means: "A processor did not come back to the kernel for long: an overloaded host below a virtual machine, or a fault.",
        wordings: &[
            text("watchdog: BUG: soft lockup - CPU#{cpu} stuck for {seconds}s! {}", "kernel", "HEAD"),
            text("BUG: soft lockup - CPU#{cpu} stuck for {seconds}s! {}", "kernel", "HEAD"),
            text("NMI watchdog: BUG: soft lockup - CPU#{cpu} stuck for {seconds}s! {}", "kernel", "HEAD"),
            text("rcu: INFO: rcu_sched self-detected stall on CPU{}", "kernel", "HEAD"),
            text("rcu: INFO: rcu_preempt self-detected stall on CPU{}", "kernel", "HEAD"),
            text("INFO: rcu_sched self-detected stall on CPU{}", "kernel", "HEAD"),
            text("INFO: rcu_sched detected stalls on CPUs/tasks: {}", "kernel", "HEAD"),
            text("rcu: INFO: rcu_sched detected stalls on CPUs/tasks:{}", "kernel", "HEAD"),
            text("sched: RT throttling activated", "kernel", "HEAD"),
            text("hrtimer: interrupt took {} ns", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "kernel-oom-cgroup",
        class: Class::Context,
        fatal: false,
        means: "Which limit of memory was reached, and whose process is to be killed.",
        wordings: &[
            text("oom-kill:constraint={constraint},{}", "kernel", "HEAD"),
            text("oom_reaper: reaped process {pid} ({process}), {}", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "kernel-page-allocation",
        class: Class::Symptom,
        fatal: false,
        means: "The kernel found no memory for a request.",
        wordings: &[text("{process}: page allocation failure: order:{}", "kernel", "HEAD")],
    },
    Message {
        id: "nic-link-down",
        class: Class::Symptom,
        fatal: false,
        means: "A network card lost its link.",
        wordings: &[
            text("{device}: Link is Down", "kernel", "HEAD"),
            text("{driver} {} {device}: Link is Down", "kernel", "HEAD"),
            text("{driver} {} {device}: NIC Link is Down", "kernel", "HEAD"),
            text("{device}: NIC Link is Down", "kernel", "HEAD"),
            text("{driver} {} {device}: Link down", "kernel", "HEAD"),
            text("{device}: link down", "kernel", "HEAD"),
            text("bonding: {bond}: link status definitely down for interface {device}, disabling it", "kernel", "HEAD"),
            text("{bond}: (slave {device}): link status definitely down, disabling slave", "kernel", "HEAD"),
            text("{driver} {} {device}: NETDEV WATCHDOG: {}transmit queue {} timed out{}", "kernel", "HEAD"),
            text("NETDEV WATCHDOG: {device} ({driver}): transmit queue {} timed out{}", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "nic-link-up",
        class: Class::Context,
        fatal: false,
        means: "A network card has its link.",
        wordings: &[
            text("{device}: Link is Up - {}", "kernel", "HEAD"),
            text("{driver} {} {device}: Link is Up - {}", "kernel", "HEAD"),
            text("{driver} {} {device}: NIC Link is Up{}", "kernel", "HEAD"),
            text("{device}: NIC Link is Up{}", "kernel", "HEAD"),
            text("{driver} {} {device}: Link up{}", "kernel", "HEAD"),
            text("IPv6: ADDRCONF(NETDEV_CHANGE): {device}: link becomes ready", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "conntrack-full",
        class: Class::Symptom,
        fatal: false,
        means: "The firewall has no room for another connection and drops packets.",
        wordings: &[
            text("nf_conntrack: table full, dropping packet{}", "kernel", "HEAD"),
            text("nf_conntrack: nf_conntrack: table full, dropping packet{}", "kernel", "HEAD"),
            text("ip_conntrack: table full, dropping packet{}", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "neighbour-table-full",
        class: Class::Symptom,
        fatal: false,
        means: "The kernel has no room for another address of the network around.",
        wordings: &[
            text("neighbour: {table}: neighbor table overflow!", "kernel", "HEAD"),
            text("neighbour: {table}: neighbour table overflow!", "kernel", "HEAD"),
            text("Neighbour table overflow.", "kernel", "HEAD"),
        ],
    },
    Message {
        id: "clock-stepped",
        class: Class::Symptom,
        fatal: false,
        means: "The clock was set to another time.",
        wordings: &[
            text("System clock was stepped by {difference} seconds", "chrony", "HEAD"),
            text("System clock wrong by {difference} seconds{}", "chrony", "HEAD"),
            text("time reset {difference} s", "ntpd", "HEAD"),
            text("step-systime: {}", "ntpd", "HEAD"),
        ],
    },
    Message {
        id: "clock-unsynchronized",
        class: Class::Symptom,
        fatal: false,
        means: "The clock is set by nobody.",
        wordings: &[
            text("Clock Unsynchronized", "ntpd", "HEAD"),
            text("kernel reports TIME_ERROR: {}: Clock Unsynchronized", "ntpd", "HEAD"),
            text("Can't synchronise: no selectable sources{}", "chrony", "HEAD"),
        ],
    },
    Message {
        id: "clock-changed",
        class: Class::Context,
        fatal: false,
        means: "systemd saw that the clock was set, as at each start.",
        wordings: &[
            text("Time has been changed", "systemd", "HEAD"),
            text("Clock change detected. Flushing caches.", "systemd", "HEAD"),
        ],
    },
    Message {
        id: "clock-source-unstable",
        class: Class::Symptom,
        fatal: false,
        means: "The processors' clocks do not agree, as where a virtual machine was paused or moved.",
        wordings: &[
            text(
                "clocksource: timekeeping watchdog on CPU{}: {}Marking clocksource '{source}' as unstable because the skew is too large:",
                "kernel",
                "HEAD",
            ),
            text("clocksource: timekeeping watchdog: Marking clocksource '{source}' as unstable{}", "kernel", "HEAD"),
            text("tsc: Marking TSC unstable due to {}", "kernel", "HEAD"),
            text("Clocksource tsc unstable (delta = {} ns)", "kernel", "HEAD"),
        ],
    },
];
