//! How much of an input is read. Sizes that an archive's headers claim are not believed; these are counted while reading.

use super::metered::Meter;

/// Bounds under which inputs are read. What exceeds one is left out, and the report names it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most entries of one input, read or not. A must-gather of a large cluster has some 20 000.
    pub entries: usize,
    /// Longest path, in bytes (`PATH_MAX` of Linux).
    pub path_bytes: usize,
    /// Most bytes of one line that are looked at; the rest of the line is passed over. etcd's longest lines quote a request of 1.5 MiB.
    pub line_bytes: usize,
    /// Most bytes of all entries together, after decompression.
    pub total_bytes: u64,
    /// Whether SHA-256 of each entry is taken on the way. It costs as much time as reading a log, so only who checks a bundle wants it.
    pub sha256: bool,
    /// Counts what is read of the input's files, for whoever watches.
    pub meter: Meter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            path_bytes: 4096,
            line_bytes: 256 * 1024,
            total_bytes: 64 << 30,
            sha256: false,
            meter: Meter::default(),
        }
    }
}
