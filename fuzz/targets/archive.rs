//! Bytes as a file that was sent: whatever archive they are, or are not.

#![no_main]

use std::{fs, path::PathBuf};

use etcd_triage::bundle::{Input, Limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let file = PathBuf::from(format!("/dev/shm/etcd-triage-fuzz-{}", std::process::id()));
    if fs::write(&file, bytes).is_err() {
        return;
    }
    // Small limits, so that a bomb is met soon, and a zip within is read both ways.
    let limits = Limits { total_bytes: 32 << 20, free_bytes: 1 << 20, held_bytes: 4 << 10, ..Limits::default() };
    let _ = Input::Path(file).read(&limits, &mut |lines| while lines.next_line().is_some() {});
});
