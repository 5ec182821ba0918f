//! Which program is run on many fixtures.

use std::path::PathBuf;

/// `ETCD_TRIAGE_PROGRAM`, which `tests/run` sets to the release build that it has just made; else what was built with the tests, which is not optimised
/// and takes five times as long.
#[expect(clippy::disallowed_methods, reason = "who runs the tests says which program")]
pub(crate) fn program() -> PathBuf {
    std::env::var_os("ETCD_TRIAGE_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_etcd-triage").into(), PathBuf::from)
}
