//! What a collection cost the host: time of processors, memory, programs, bytes; by what the kernel says of this process.

use std::time::Duration;

use super::{row::contents, stop::Stop};
use crate::bundle::{Cost, Manifest};

/// Adds up, at the end.
pub(super) fn of(manifest: &Manifest, stop: &Stop, waited: Duration) -> Cost {
    let rows = &manifest.rows;
    let beside = rows.iter().filter_map(|row| row.stderr.as_ref()).map(|stderr| stderr.bytes);
    let read = |file: &str| String::from_utf8_lossy(&contents(&[file.to_owned()], 4096).0).into_owned();
    let times = processor_times(&read("/proc/self/stat"));
    Cost {
        seconds: (stop.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        commands: rows.iter().filter(|row| row.started.is_some() && !row.argv.is_empty()).count() as u64,
        cpu_seconds: times.map(|(own, children)| hundredths(own + children)),
        own_cpu_seconds: times.map(|(own, _)| hundredths(own)),
        own_peak_bytes: peak_bytes(&read("/proc/self/status")),
        waited_seconds: (!waited.is_zero()).then_some(waited.as_secs_f64()),
        bytes: rows.iter().filter_map(|row| row.bytes).chain(beside).sum(),
    }
}

/// Seconds of this process, and of those that it started and that have ended.
fn processor_times(stat: &str) -> Option<(f64, f64)> {
    // The name in parentheses may hold blanks. Behind it the eleventh to fourteenth word: utime, stime, cutime, cstime.
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks: Vec<u64> = rest.split_whitespace().skip(11).take(4).map(|word| word.parse().unwrap_or(0)).collect();
    let [user, system, of_children, system_of_children] = *ticks.as_slice() else { return None };
    let seconds = |ticks: u64| ticks as f64 / rustix::param::clock_ticks_per_second().max(1) as f64;
    Some((seconds(user + system), seconds(of_children + system_of_children)))
}

/// Most memory that was resident at once.
fn peak_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn hundredths(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_this_process_and_of_others_are_told_apart_whatever_its_name() {
        let per_second = rustix::param::clock_ticks_per_second() as f64;
        let (own, children) = processor_times("7 (a ) b) R 1 7 7 0 -1 4194304 1 0 0 0 30 12 100 50 20 0 1 0 9").unwrap();
        assert_eq!((own * per_second, children * per_second), (42.0, 150.0));
        assert_eq!(processor_times("nonsense"), None);
    }

    #[test]
    fn the_peak_of_memory_is_read() {
        assert_eq!(peak_bytes("Name:\tx\nVmHWM:\t   20480 kB\nVmRSS:\t 1 kB\n"), Some(20 << 20));
    }
}
