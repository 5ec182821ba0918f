//! How much a collection may write: a bound for all of it, one for what the journal gives, and what the disk can spare.

use std::path::Path;

use super::{record::Keep, row::is_of_journal};

/// Most bytes of all rows together.
const ALL: u64 = 200 << 20;

/// Most bytes of all that the journal gives.
const JOURNAL: u64 = 100 << 20;

/// What is left free on a disk: etcd itself may write to it, and stops where it is full.
pub(super) const FREE: u64 = 100 << 20;

/// On a small disk a share is left free in place of it: one part of so many.
const FREE_SHARE: u64 = 10;

/// With less than this it is not begun.
pub(super) const LEAST: u64 = 4 << 20;

/// The archive lies beside the folder from which it is packed.
const COPIES: u64 = 2;

/// What may be written still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    all: u64,
    journal: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self { all: ALL, journal: JOURNAL }
    }
}

impl Room {
    /// A part of it for each of so many nodes.
    pub fn shared(self, nodes: usize) -> Self {
        let nodes = nodes.max(1) as u64;
        Self { all: self.all / nodes, journal: self.journal / nodes }
    }

    /// Most bytes of all rows together, and of what the journal gives.
    pub(super) fn parts(self) -> (u64, u64) {
        (self.all, self.journal)
    }

    /// What a folder's disk can spare; `None` if that is too little. A disk that does not tell is trusted.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        match rustix::fs::statvfs(folder) {
            Ok(disk) => Self::of(disk.f_bavail.saturating_mul(disk.f_frsize), disk.f_blocks.saturating_mul(disk.f_frsize)),
            Err(_) => Some(Self::default()),
        }
    }

    /// By bytes that are available, of so many.
    fn of(available: u64, size: u64) -> Option<Self> {
        let all = (available.saturating_sub(FREE.min(size / FREE_SHARE)) / COPIES).min(ALL);
        (all >= LEAST).then(|| Self { all, journal: JOURNAL.min(all / 2) })
    }

    /// How much of a row is kept; `None` where nothing is left for it.
    pub(super) fn keep(&self, kind: &str, keep: Keep) -> Option<Keep> {
        let left = if is_of_journal(kind) { self.all.min(self.journal) } else { self.all };
        // No single log may take what all the others need.
        (left > 0).then(|| keep.within(left.min((self.all / 3).max(LEAST / 4))))
    }

    /// So much was written.
    pub(super) fn take(&mut self, kind: &str, bytes: u64) {
        self.all = self.all.saturating_sub(bytes);
        if is_of_journal(kind) {
            self.journal = self.journal.saturating_sub(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_disk_keeps_something_free_and_holds_folder_and_archive() {
        assert_eq!(Room::of(100 << 30, 200 << 30), Some(Room::default()));
        assert_eq!(Room::of(200 * MIB, 20 << 30), Some(Room { all: 50 * MIB, journal: 25 * MIB }));
        assert_eq!(Room::of(104 * MIB, 20 << 30), None);
        assert_eq!(Room::of(30 * MIB, 64 * MIB).map(|room| room.all / MIB), Some(11), "of a small disk a tenth stays free");
    }

    #[test]
    fn where_room_is_short_a_log_keeps_less_and_leaves_something_to_the_others() {
        let mut room = Room::of(200 * MIB, 20 << 30).unwrap();
        assert_eq!(room.keep("journal", Keep::Tail(25 * MIB)).map(|keep| keep.cap() / MIB), Some(16));
        assert_eq!(room.keep("host", Keep::Head(MIB)), Some(Keep::Head(MIB)));
        room.take("journal", 25 * MIB);
        assert_eq!(room.keep("journal", Keep::Tail(25 * MIB)), None, "the journal has had its part");
        assert!(room.keep("metrics", Keep::Head(MIB)).is_some());
    }
}
