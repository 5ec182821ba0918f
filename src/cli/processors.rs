//! How many things are done at a time.

use std::{num::NonZero, thread};

/// More threads than this share one disk, and each takes its own memory: that of the process is bounded.
const MOST: usize = 16;

/// The processors that this process may use, up to a bound. How many there are changes how long something takes and nothing else.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST)
}
