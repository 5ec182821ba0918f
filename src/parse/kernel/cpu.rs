//! Processors: their times in `/proc/stat`, how many tasks want one, and what a control group was denied.

use crate::bundle::{Line, Quote};

/// Times of all processors together since the boot, in ticks (mostly 1/100 s).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuTimes {
    /// Everything but waiting for a disk and stolen time, idle included.
    rest: u64,
    /// Idle while a task waited for a disk.
    pub iowait: u64,
    /// The hypervisor ran somebody else.
    pub steal: u64,
    /// The line.
    pub quote: Quote,
}

/// What lies between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuShare {
    /// Ticks of all kinds.
    pub total: u64,
    /// Ticks stolen.
    pub steal: u64,
    /// Ticks of waiting for a disk.
    pub iowait: u64,
}

impl CpuTimes {
    /// Reads `cpu  user nice system idle iowait irq softirq steal guest guest_nice`. The last two are part of the first two.
    pub(super) fn read(text: &str, line: Line<'_>) -> Option<Self> {
        let numbers: Option<Vec<u64>> = text.strip_prefix("cpu ")?.split_whitespace().map(|word| word.parse().ok()).collect();
        let numbers = numbers.filter(|numbers| (8..=12).contains(&numbers.len()))?;
        let [user, nice, system, idle, iowait, irq, softirq, steal, ..] = *numbers.as_slice() else { return None };
        let rest = [user, nice, system, idle, irq, softirq].into_iter().fold(0_u64, u64::saturating_add);
        Some(Self { rest, iowait, steal, quote: line.quote() })
    }

    /// All ticks.
    pub fn total(&self) -> u64 {
        self.rest.saturating_add(self.iowait).saturating_add(self.steal)
    }

    /// What was counted after an earlier reading of the same host; `None` if a count fell or nothing was counted.
    pub fn since(&self, earlier: &Self) -> Option<CpuShare> {
        let total = self.total().checked_sub(earlier.total()).filter(|total| *total > 0)?;
        // iowait can fall: the kernel says so itself (proc(5)).
        let iowait = self.iowait.saturating_sub(earlier.iowait);
        Some(CpuShare { total, steal: self.steal.checked_sub(earlier.steal)?, iowait })
    }
}

/// How many tasks wanted to run, on average.
#[derive(Clone, Debug, PartialEq)]
pub struct RunQueue {
    /// Over the last minute.
    pub minute: f64,
    /// The line.
    pub quote: Quote,
}

impl RunQueue {
    /// Reads `/proc/loadavg`: `21.84 21.55 14.79 12/512 12345`.
    pub(super) fn read(text: &str, line: Line<'_>) -> Option<Self> {
        if !text.contains('/') || !text.contains('.') {
            return None;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let [one, five, fifteen, tasks, pid] = words.as_slice() else { return None };
        let load = |text: &str| text.parse::<f64>().ok().filter(|load| text.contains('.') && load.is_finite() && *load >= 0.0);
        let number = |text: &str| text.parse::<u64>().ok();
        let (running, all) = tasks.split_once('/')?;
        let minute = load(one)?;
        let is_whole = load(five).is_some() && load(fifteen).is_some() && [running, all, pid].iter().all(|n| number(n).is_some());
        is_whole.then(|| Self { minute, quote: line.quote() })
    }
}

/// What a control group with a quota of processor time was denied, since it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// Its folder, where the line or a header names it.
    pub path: String,
    /// Periods in which it wanted to run.
    pub periods: Option<u64>,
    /// Those of them in which it ran into its quota.
    pub throttled: Option<u64>,
    /// Microseconds that its processors stood still for it, summed over them.
    pub throttled_us: Option<u64>,
    /// The line with `nr_throttled`.
    pub quote: Option<Quote>,
    /// The line with `nr_periods`.
    pub periods_quote: Option<Quote>,
}

/// A key of `cpu.stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Periods,
    Throttled,
    /// Nanoseconds, first generation.
    ThrottledTime,
    /// Microseconds, second generation.
    ThrottledUsec,
    /// Known, and not read.
    Beside,
}

/// Reads `nr_throttled 52`, with or without grep's path in front, and the limits that are pasted beside it.
pub(super) fn group_line(text: &str) -> Option<(Option<&str>, Key, u64)> {
    let (path, rest) = match text.split_once(':') {
        Some((path, rest)) if path.contains("/cpu.") || path.starts_with("cpu.") => (Some(path), rest),
        _ => (None, text),
    };
    let folder = path.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    if path.is_some_and(|path| ["cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.max"].iter().any(|name| path.ends_with(name))) {
        return Some((folder, Key::Beside, 0));
    }
    let (key, value) = rest.split_once(' ')?;
    let key = match key {
        "nr_periods" => Key::Periods,
        "nr_throttled" => Key::Throttled,
        "throttled_time" => Key::ThrottledTime,
        "throttled_usec" => Key::ThrottledUsec,
        "usage_usec"
        | "user_usec"
        | "system_usec"
        | "nr_bursts"
        | "burst_time"
        | "burst_usec"
        | "core_sched.force_idle_usec"
        | "nice_usec" => Key::Beside,
        _ => return None,
    };
    Some((folder, key, value.trim().parse().ok()?))
}

impl Throttle {
    pub(super) fn new(path: String) -> Self {
        Self { path, periods: None, throttled: None, throttled_us: None, quote: None, periods_quote: None }
    }

    /// Whether the key was read already.
    pub(super) fn has(&self, key: Key) -> bool {
        match key {
            Key::Periods => self.periods.is_some(),
            Key::Throttled => self.throttled.is_some(),
            Key::ThrottledTime | Key::ThrottledUsec => self.throttled_us.is_some(),
            Key::Beside => false,
        }
    }

    pub(super) fn set(&mut self, key: Key, value: u64, line: Line<'_>) {
        match key {
            Key::Periods => (self.periods, self.periods_quote) = (Some(value), Some(line.quote())),
            Key::Throttled => (self.throttled, self.quote) = (Some(value), Some(line.quote())),
            Key::ThrottledTime => self.throttled_us = Some(value / 1000),
            Key::ThrottledUsec => self.throttled_us = Some(value),
            Key::Beside => {}
        }
    }
}
