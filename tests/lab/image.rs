//! Images of disks: an ext4 in a file, which a node mounts by way of a loop device.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{plan::Disk, program::must};

/// Memory under a frail disk: the log's files are reserved and take next to nothing, so this is enough for a while.
const FRAIL_MIB: u64 = 96;

/// The image until it is mounted.
pub(crate) struct Image {
    pub(crate) path: PathBuf,
    /// Of a frail disk: the folder in memory that it lies in, and a file beside it that can take the rest of that memory.
    beside: Option<(PathBuf, File)>,
}

/// Takes what a frail disk's writes would need.
pub(crate) struct Ballast(File);

impl Image {
    /// An empty ext4. It is sparse, and lies in the build folder, which is no file system in memory: syncs take their time.
    pub(crate) fn new(mib: u64, disk: Disk) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("disk-{}-{}.img", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let (path, beside) = match disk {
            Disk::Sound => (path, None),
            Disk::Frail => {
                let folder = path.with_extension("memory");
                fs::create_dir_all(&folder).expect("a folder can be made in the build folder");
                let size = format!("size={FRAIL_MIB}m");
                must(&["mount", "-t", "tmpfs", "-o", &size, "frail", &folder.to_string_lossy()], Vec::new());
                let ballast = File::create(folder.join("ballast")).expect("a file in memory can be made");
                (folder.join("disk.img"), Some((folder, ballast)))
            }
        };
        File::create(&path).and_then(|file| file.set_len(mib << 20)).expect("the image of a disk can be made");
        must(&["mkfs.ext4", "-q", "-m", "0", "-E", "nodiscard", &path.to_string_lossy()], Vec::new());
        Self { path, beside }
    }

    /// Once it is mounted the loop device keeps it; so nothing is left over, whatever happens.
    pub(crate) fn unlink(self) -> Option<Ballast> {
        fs::remove_file(&self.path).expect("the image of a disk can be unlinked");
        let (folder, ballast) = self.beside?;
        must(&["umount", "-l", &folder.to_string_lossy()], Vec::new());
        fs::remove_dir(folder).expect("an empty folder can be removed");
        Some(Ballast(ballast))
    }
}

impl Ballast {
    /// Takes all that is left.
    pub(crate) fn fill(&self) {
        let piece = vec![1; 1 << 16];
        while (&self.0).write_all(&piece).is_ok() {}
    }
}
