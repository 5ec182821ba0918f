//! How much of an input is read. Sizes that an archive's headers claim are not believed; these are counted while reading.

use super::metered::Meter;

/// Bounds under which inputs are read. What exceeds one is left out, and the report names it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most entries of one input and of the archives in it, read or not. A must-gather of a large cluster has some 20 000.
    pub entries: usize,
    /// Longest path, in bytes (`PATH_MAX` of Linux).
    pub path_bytes: usize,
    /// Most bytes of all paths together: they are kept until the end. 20 000 paths of a must-gather take 3 MB.
    pub paths_bytes: usize,
    /// Most bytes of what describes an entry in a tar archive: long names, PAX records. A path has 4 KiB at most, an attribute 64 KiB.
    pub header_bytes: u64,
    /// Most bytes of one line that are looked at; the rest of the line is passed over. etcd's longest lines quote a request of 1.5 MiB.
    pub line_bytes: usize,
    /// Most bytes of one entry, after decompression.
    pub entry_bytes: u64,
    /// Most bytes of all entries together, after decompression.
    pub total_bytes: u64,
    /// How many times its own size an input may grow to, beyond [`Limits::free_bytes`]. Logs of etcd grow eight times by gzip and a log that
    /// repeats one line some hundred times; gzip can do 1032 times at most, and only with nothing in it.
    pub ratio: u64,
    /// Bytes that come out before the ratio is looked at.
    pub free_bytes: u64,
    /// How deep archives in archives are read: 1 is an archive in a folder or in an archive, and none in that. Customers pack what belongs to a
    /// ticket, and some of what they pack has the nodes' own archives in it; what lies deeper than that is a bomb's, or nearly so.
    pub layers: usize,
    /// Most bytes of a zip archive within another archive that are held in memory, for a zip is read from its end. Of a larger one the entries
    /// are read in their order, and held against its directory then. As many are held at once as there are [`Limits::threads`].
    pub held_bytes: u64,
    /// Whether SHA-256 of each entry is taken on the way. It costs as much time as reading a log, so only who checks a bundle wants it.
    pub sha256: bool,
    /// How many entries of a folder or a zip archive are read at once; where it is one, an archive is also unpacked on the thread that reads it. It
    /// changes how long that takes and nothing else.
    pub threads: usize,
    /// Counts what is read of the input's files, for whoever watches.
    pub meter: Meter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            path_bytes: 4096,
            paths_bytes: 32 << 20,
            header_bytes: 1 << 20,
            line_bytes: 256 * 1024,
            entry_bytes: 32 << 30,
            total_bytes: 64 << 30,
            ratio: 500,
            free_bytes: 64 << 20,
            layers: 2,
            held_bytes: 16 << 20,
            sha256: false,
            threads: 1,
            meter: Meter::default(),
        }
    }
}
