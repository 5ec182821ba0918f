//! Limits of the process as a whole: the last hold where the limits of reading fail.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Most bytes of addresses. The largest that are asked for are a window of zstd (128 MiB), an xz dictionary (80 MiB) and the stacks and heaps
/// of threads, of which much is never touched.
const ADDRESSES: u64 = 4 << 30;

/// Most bytes of one file that is written: a report has some megabytes.
const WRITTEN: u64 = 4 << 30;

/// Sets the limits; they only ever get tighter.
pub(super) fn set() -> Result<(), String> {
    // A core dump would hold the evidence, and lie somewhere.
    for (resource, most) in [(Resource::Core, 0), (Resource::As, ADDRESSES), (Resource::Fsize, WRITTEN)] {
        let now = getrlimit(resource);
        let tighter = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
        let limit = Rlimit { current: tighter(now.current), maximum: tighter(now.maximum) };
        setrlimit(resource, limit).map_err(|error| error.to_string())?;
    }
    Ok(())
}
