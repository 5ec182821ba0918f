//! Pressure stall information, of kernels from 4.20 on: for which share of the time tasks waited for a resource.

use crate::bundle::{Line, Quote};

/// What was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// A processor.
    Cpu,
    /// A disk.
    Io,
    /// Memory.
    Memory,
}

impl Resource {
    /// By its name: `cpu`.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "cpu" => Some(Self::Cpu),
            "io" => Some(Self::Io),
            "memory" => Some(Self::Memory),
            _ => None,
        }
    }

    /// By a path that ends with its name, in a command or a header: `/proc/pressure/io`, `/sys/fs/cgroup/x/cpu.pressure`.
    pub fn in_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next()?;
        Self::named(name.strip_suffix(".pressure").unwrap_or(name))
    }
}

/// Who waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Amount {
    /// At least one task.
    Some,
    /// All tasks that were not idle.
    Full,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Pressure {
    /// Of which resource; a line without its header does not tell.
    pub resource: Option<Resource>,
    /// Who waited.
    pub amount: Amount,
    /// Percent of the last 10 seconds.
    pub avg10: f64,
    /// Percent of the last minute.
    pub avg60: f64,
    /// Percent of the last 5 minutes.
    pub avg300: f64,
    /// Microseconds since the boot.
    pub total_us: u64,
    /// The line.
    pub quote: Quote,
}

impl Pressure {
    /// Reads `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, with or without grep's path in front.
    pub(super) fn read(text: &str, file: Option<&str>, line: Line<'_>) -> Option<Self> {
        let (path, rest) = match text.split_once(':') {
            Some((path, rest)) if path.starts_with('/') => (Some(path), rest),
            _ => (file, text),
        };
        let mut words = rest.split_whitespace();
        let amount = match words.next()? {
            "some" => Amount::Some,
            "full" => Amount::Full,
            _ => return None,
        };
        let mut value = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
        let share = |text: &str| text.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share));
        let (avg10, avg60, avg300) = (share(value("avg10")?)?, share(value("avg60")?)?, share(value("avg300")?)?);
        let total_us = value("total")?.parse().ok()?;
        Some(Self { resource: path.and_then(Resource::in_path), amount, avg10, avg60, avg300, total_us, quote: line.quote() })
    }
}
