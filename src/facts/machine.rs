//! What a host's kernel says of the time that etcd was denied: quotas, stolen time, pressure, the run queue.

use super::{Facts, MemberAt, MemberLog};
use crate::{
    bundle::Quote,
    parse::{
        kernel::{Amount, Kernel, Pressure, Resource, RunQueue, Throttle},
        log::When,
    },
    text::Untrusted,
};

/// One host.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// Its name, where the evidence says whose it is.
    pub host: Option<Untrusted>,
    /// Readings in order of time.
    readings: Vec<Kernel>,
    /// Words of the commands whose output the readings are: `cat /proc/pressure/cpu` names what the file does not.
    commands: Vec<Option<Untrusted>>,
}

/// What a control group's quota denied it.
#[derive(Clone, Debug, PartialEq)]
pub struct Throttling {
    /// Periods in which it wanted to run.
    pub periods: u64,
    /// Those in which it ran into the quota.
    pub throttled: u64,
    /// Microseconds that it stood still.
    pub stood_us: Option<u64>,
    /// Counted between two readings, else since the group was made.
    pub is_recent: bool,
    /// The lines.
    pub quotes: Vec<Quote>,
}

impl Throttling {
    /// The share of periods in which it ran into the quota.
    pub fn share(&self) -> f64 {
        if self.periods == 0 { 0.0 } else { self.throttled as f64 / self.periods as f64 }
    }
}

/// Time that the hypervisor gave to others, between two readings.
#[derive(Clone, Debug, PartialEq)]
pub struct Steal {
    /// Of all time, 0 to 1.
    pub share: f64,
    /// The lines.
    pub quotes: Vec<Quote>,
}

/// Segments of TCP that were sent again, between two readings.
#[derive(Clone, Debug, PartialEq)]
pub struct Retransmission {
    /// Segments sent.
    pub sent: u64,
    /// Segments sent again.
    pub again: u64,
    /// The lines.
    pub quotes: Vec<Quote>,
}

/// Fewest segments between two readings of which a share says anything.
const FEWEST_SEGMENTS: u64 = 500;

/// Fewest periods between two readings that say anything about the present: one second at the usual 100 ms.
const FEWEST_PERIODS: u64 = 10;

/// Fewest ticks between two readings of all processors: one second of one processor at 100 Hz.
const FEWEST_TICKS: u64 = 100;

impl Machine {
    /// What etcd's group was denied: between two readings, else since it was made.
    pub fn throttling(&self) -> Option<Throttling> {
        let groups: Vec<&Throttle> = self.readings.iter().flat_map(Kernel::groups_of_etcd).collect();
        let newest = groups.last()?;
        let of = |group: &Throttle| Some((group.periods?, group.throttled?));
        let (periods, throttled) = of(newest)?;
        let quotes = |group: &Throttle| group.periods_quote.iter().chain(&group.quote).cloned().collect::<Vec<_>>();
        let whole = Throttling { periods, throttled, stood_us: newest.throttled_us, is_recent: false, quotes: quotes(newest) };
        let first = groups.iter().find(|group| group.path == newest.path && of(group).is_some());
        let between = first.filter(|first| !std::ptr::eq(**first, *newest)).and_then(|first| {
            let (before, stood) = (of(first)?, newest.throttled_us.zip(first.throttled_us));
            let (periods, throttled) = (periods.checked_sub(before.0)?, throttled.checked_sub(before.1)?);
            let quotes = first.quote.iter().cloned().chain(quotes(newest)).collect();
            let stood_us = stood.and_then(|(now, then)| now.checked_sub(then));
            (periods >= FEWEST_PERIODS).then_some(Throttling { periods, throttled, stood_us, is_recent: true, quotes })
        });
        Some(between.unwrap_or(whole))
    }

    /// Stolen time between the first and the last reading.
    pub fn steal(&self) -> Option<Steal> {
        let times = || self.readings.iter().flat_map(|reading| reading.cpu_before.iter().chain(&reading.cpu));
        let (first, last) = (times().next()?, times().next_back()?);
        let share = last.since(first).filter(|share| share.total >= FEWEST_TICKS)?;
        Some(Steal { share: share.steal as f64 / share.total as f64, quotes: vec![first.quote.clone(), last.quote.clone()] })
    }

    /// Segments sent again between the first and the last reading.
    pub fn retransmission(&self) -> Option<Retransmission> {
        let readings = || self.readings.iter().flat_map(|reading| &reading.segments);
        let (first, last) = (readings().next()?, readings().next_back()?);
        let (sent, again) = last.since(first).filter(|(sent, _)| *sent >= FEWEST_SEGMENTS)?;
        Some(Retransmission { sent, again, quotes: vec![first.quote.clone(), last.quote.clone()] })
    }

    /// The newest line of pressure.
    pub fn pressure(&self, resource: Resource, amount: Amount) -> Option<&Pressure> {
        let of = |(reading, command): (&'_ Kernel, &Option<Untrusted>)| {
            let by_command = command.as_ref().and_then(|command| only_resource(command.raw()));
            reading.pressure.iter().position(|p| p.amount == amount && p.resource.or(by_command) == Some(resource))
        };
        let both = || self.readings.iter().zip(&self.commands);
        both().rev().find_map(|(reading, command)| reading.pressure.get(of((reading, command))?))
    }

    /// The newest reading of the run queue, and how many processors there are.
    pub fn run_queue(&self) -> Option<(&RunQueue, u64)> {
        let queue = self.readings.iter().rev().find_map(|reading| reading.run_queue.as_ref())?;
        let processors = self.readings.iter().map(|reading| reading.processors).max().filter(|n| *n > 0)?;
        Some((queue, processors))
    }
}

/// The resource of a command that names exactly one file of pressure.
fn only_resource(command: &str) -> Option<Resource> {
    let mut named = command.split_whitespace().filter(|word| word.contains("pressure")).filter_map(Resource::in_path);
    named.next().filter(|_| named.next().is_none())
}

impl Kernel {
    /// The groups that can be etcd's: those whose path names it, else the only one.
    fn groups_of_etcd(&self) -> impl Iterator<Item = &Throttle> {
        let names_it = |group: &&Throttle| group.path.contains("etcd");
        let any = self.groups.iter().any(|group| names_it(&group));
        let mut paths: Vec<&str> = self.groups.iter().map(|group| group.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        let is_alone = paths.len() == 1;
        self.groups.iter().filter(move |group| if any { names_it(group) } else { is_alone })
    }
}

/// Readings of hosts, put in order of time.
#[derive(Debug, Default)]
pub(super) struct Readings {
    all: Vec<Reading>,
}

/// What one text or one command told of a host.
#[derive(Debug)]
struct Reading {
    host: Option<Untrusted>,
    when: Option<When>,
    command: Option<Untrusted>,
    kernel: Kernel,
}

impl Readings {
    pub(super) fn push(&mut self, host: Option<Untrusted>, when: Option<When>, command: Option<Untrusted>, kernel: Kernel) {
        if !kernel.is_empty() {
            self.all.push(Reading { host, when, command, kernel });
        }
    }

    /// One row a host; a text without time keeps its place in the order of paths.
    pub(super) fn machines(mut self) -> Vec<Machine> {
        self.all.sort_by_key(|reading| (reading.when.is_none(), reading.when.map(|when| when.sort_key())));
        let mut machines: Vec<Machine> = Vec::new();
        for Reading { host, command, kernel, .. } in self.all {
            let at = machines.iter().position(|machine| machine.host == host).unwrap_or_else(|| {
                machines.push(Machine { host, ..Machine::default() });
                machines.len() - 1
            });
            if let Some(machine) = machines.get_mut(at) {
                machine.readings.push(kernel);
                machine.commands.push(command);
            }
        }
        machines.sort_by(|a, b| a.host.cmp(&b.host));
        machines
    }
}

impl Facts {
    /// The host of a member.
    pub fn machine_of(&self, at: MemberAt) -> Option<&Machine> {
        let is_its = |machine: &&Machine| machine.host.as_ref().and_then(|host| self.member_on(host)) == Some(at);
        self.machines.iter().find(is_its).or_else(|| self.lone_machine().filter(|_| self.members.len() == 1))
    }

    /// The host on which a log was written.
    pub fn machine_of_log(&self, log: &MemberLog) -> Option<&Machine> {
        let of_member = || log.member.and_then(|at| self.machine_of(at));
        let of_host = || self.machines.iter().find(|machine| machine.host.is_some() && machine.host == log.writer.host);
        of_member().or_else(of_host).or_else(|| self.lone_machine().filter(|_| self.logs.len() == 1))
    }

    /// One host's counters without its name: whose they are only a lone log or a lone member tells.
    fn lone_machine(&self) -> Option<&Machine> {
        let [machine] = self.machines.as_slice() else { return None };
        Some(machine).filter(|machine| machine.host.is_none())
    }
}
