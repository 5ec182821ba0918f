//! The most memory that this process had, told for a stretch of time, so that what took it can be named.

use std::fs;

/// The most KiB since the last call, or since the process began.
pub(crate) fn since_last() -> u64 {
    let peak = kib();
    // `5` resets the peak (proc_pid_clear_refs(5), Linux 4.0). Where that is not allowed, the peak is that of the whole process.
    let _ = fs::write("/proc/self/clear_refs", "5");
    peak
}

/// The most KiB since it was reset.
pub(crate) fn kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("/proc is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it tells the peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
