//! What `ls -l` printed of etcd's data directory: which write-ahead logs and snapshots are there, by the numbers in their names.

use crate::bundle::{Line, Quote};

/// Most files of one listing that are kept. etcd keeps five of each kind unless it is told otherwise.
const MOST: usize = 10_000;

/// A file of etcd's, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// `SEQUENCE-INDEX.wal`: the entries from about that index on.
    Wal {
        /// Its number in the sequence.
        sequence: u64,
        /// The raft index at which it begins.
        index: u64,
    },
    /// `TERM-INDEX.snap`: how far the database must reach.
    Snap {
        /// The term of its last entry.
        term: u64,
        /// The raft index up to which it reaches.
        index: u64,
    },
    /// `INDEX.snap.db`: a database that a leader sent.
    SnapDb {
        /// The raft index up to which it reaches.
        index: u64,
    },
    /// `TERM-INDEX.snap.broken`: a snapshot that could not be read and was put aside.
    Broken {
        /// The raft index up to which it reached.
        index: u64,
    },
    /// The database.
    Db,
}

/// The files of data directories that a text lists.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    files: Vec<(File, Quote)>,
    /// Lines of a `wal` folder that was listed.
    pub wal_folder: Option<Quote>,
    /// Lines of a `snap` folder that was listed.
    pub snap_folder: Option<Quote>,
}

impl Listing {
    /// Takes the next line. True if it is one of a listing.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        if let Some(folder) = text.strip_suffix(':').filter(|folder| folder.starts_with('/') && !folder.contains(' ')) {
            let place = match folder.rsplit('/').next() {
                Some("wal") => &mut self.wal_folder,
                Some("snap") => &mut self.snap_folder,
                _ => return true,
            };
            place.get_or_insert_with(|| line.quote());
            return true;
        }
        // `find` prints paths and nothing else.
        let is_path = text.contains('/') && !text.contains([' ', ':']);
        if is_path && (text.ends_with("/member/wal") || text.ends_with("/member/snap")) {
            let place = if text.ends_with("wal") { &mut self.wal_folder } else { &mut self.snap_folder };
            place.get_or_insert_with(|| line.quote());
            return true;
        }
        let name = text.rsplit([' ', '/']).next().unwrap_or_default();
        let is_listed = is_row(text) || is_path && name != "db" && File::by_name(name).is_some();
        if !is_listed {
            return text
                .strip_prefix("total ")
                .is_some_and(|blocks| !blocks.is_empty() && blocks.bytes().all(|b| b.is_ascii_digit()));
        }
        if let Some(file) = File::by_name(name)
            && self.files.len() < MOST
        {
            self.files.push((file, line.quote()));
        }
        true
    }

    /// Whether no folder and no file of etcd's was listed.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.wal_folder.is_none() && self.snap_folder.is_none()
    }

    /// The files, in the order of the listing.
    pub fn files(&self) -> impl Iterator<Item = &(File, Quote)> {
        self.files.iter()
    }

    /// The write-ahead log with the lowest number.
    pub fn first_wal(&self) -> Option<(u64, &Quote)> {
        let wals = self.files.iter().filter_map(|(file, quote)| match file {
            File::Wal { sequence, index } => Some((*sequence, *index, quote)),
            _ => None,
        });
        wals.min_by_key(|(sequence, ..)| *sequence).map(|(_, index, quote)| (index, quote))
    }

    /// How many write-ahead logs are there.
    pub fn wals(&self) -> usize {
        self.files.iter().filter(|(file, _)| matches!(file, File::Wal { .. })).count()
    }

    /// The folder of the write-ahead log where it is there and holds none, while there is a database. etcd makes that folder together with the
    /// first log in it (`wal.Create` renames it into place), so something took the logs away; a member that is new has no such folder.
    pub fn emptied_wal(&self) -> Option<&Quote> {
        let has_database = self.files.iter().any(|(file, _)| *file == File::Db);
        self.wal_folder.as_ref().filter(|_| self.wals() == 0 && has_database)
    }

    /// The first write-ahead log behind a hole: its number does not follow that of the one before it.
    pub fn behind_hole(&self) -> Option<&Quote> {
        let mut wals: Vec<(u64, &Quote)> = Vec::new();
        for (file, quote) in &self.files {
            if let File::Wal { sequence, .. } = file {
                wals.push((*sequence, quote));
            }
        }
        wals.sort_by_key(|(sequence, _)| *sequence);
        let mut pairs = wals.iter().zip(wals.iter().skip(1));
        pairs.find(|((before, _), (after, _))| after - before > 1).map(|(_, (_, quote))| *quote)
    }

    /// The snapshots that were put aside as broken, where no other one is left.
    pub fn all_snaps_broken(&self) -> Option<&Quote> {
        let broken = self.files.iter().find(|(file, _)| matches!(file, File::Broken { .. }));
        broken.map(|(_, quote)| quote).filter(|_| !self.has_snap())
    }

    /// Whether a snapshot is there.
    pub fn has_snap(&self) -> bool {
        self.files.iter().any(|(file, _)| matches!(file, File::Snap { .. }))
    }
}

impl File {
    fn by_name(name: &str) -> Option<Self> {
        if name == "db" {
            return Some(Self::Db);
        }
        let number = |text: &str| (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok())?;
        if let Some(stem) = name.strip_suffix(".snap.db") {
            return Some(Self::SnapDb { index: number(stem)? });
        }
        if let Some((_, index)) = name.strip_suffix(".snap.broken").and_then(|stem| stem.split_once('-')) {
            return Some(Self::Broken { index: number(index)? });
        }
        let (stem, kind) = name.rsplit_once('.')?;
        let (first, second) = stem.split_once('-')?;
        let (first, second) = (number(first)?, number(second)?);
        match kind {
            "wal" => Some(Self::Wal { sequence: first, index: second }),
            "snap" => Some(Self::Snap { term: first, index: second }),
            _ => None,
        }
    }
}

/// `-rw------- 1 root root …`, also with the dot of SELinux or the plus of an access list behind the mode.
fn is_row(text: &str) -> bool {
    let Some((mode, rest)) = text.split_once(' ') else { return false };
    let mode = mode.trim_end_matches(['.', '+', '@']);
    let is_mode = mode.len() == 10
        && mode.starts_with(['-', 'd', 'l', 'b', 'c', 'p', 's'])
        && mode.bytes().skip(1).all(|b| b"rwxsStT-".contains(&b));
    is_mode && rest.split_whitespace().count() >= 6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn listing(text: &str) -> (Listing, usize) {
        let source = Source::new("data-dir.txt");
        let mut listing = Listing::default();
        let taken = (1..).zip(text.lines()).filter(|(number, text)| listing.line(source.line(*number, text))).count();
        (listing, taken)
    }

    #[test]
    fn files_are_known_by_their_names_in_every_form_of_the_listing() {
        let (listing, taken) = listing(
            "/var/lib/etcd/member/snap:\n\
             total 16428\n\
             -rw-r--r--. 1 root root     9243 Jul 27 16:07 0000000000000008-00000000036c4045.snap\n\
             -rw-r--r-- 1 root root 20480 2026-11-22 15:46:02.104512345 +0000 00000000036c4050.snap.db\n\
             -rw------- 1 etcd etcd 13684736 Aug  7 04:00 db\n\n\
             /var/lib/etcd/member/wal:\n\
             -rw------- 1 root root 64000776 Jul 27 08:39 000000000000035a-000000000367a171.wal\n\
             -rw------- 1 root root 64000000 Jul 27 14:52 0.tmp\n\
             -rw------- 1 root root 64000776 Jul 27 08:39 000000000000035b-000000000368a283.wal.broken\n",
        );
        assert_eq!(taken, 9);
        let files: Vec<File> = listing.files().map(|(file, _)| *file).collect();
        assert_eq!(
            files,
            [
                File::Snap { term: 8, index: 0x36c_4045 },
                File::SnapDb { index: 0x36c_4050 },
                File::Db,
                File::Wal { sequence: 0x35a, index: 0x367_a171 },
            ]
        );
        assert_eq!(listing.first_wal().map(|(index, _)| index), Some(0x367_a171));
        assert!(listing.has_snap() && listing.wal_folder.is_some() && listing.snap_folder.is_some());
    }

    #[test]
    fn paths_of_find_are_a_listing_and_snapshots_can_all_be_broken() {
        let (listing, taken) = listing(
            "/var/lib/etcd/member/wal\n/var/lib/etcd/member/wal/000000000000035a-000000000367a171.wal\n\
             ./member/snap\n./member/snap/0000000000000008-00000000036c4045.snap.broken\n./member\nhttp://10.0.0.1:2379/db",
        );
        assert_eq!((taken, listing.wals(), listing.all_snaps_broken().is_some()), (4, 1, true));
    }

    #[test]
    fn logs_tables_and_prose_are_no_listing() {
        let (listing, taken) = listing(
            "-- No entries --\n- member a is healthy and all is well here:\n-rw is a mode\nhttps://10.0.0.1:2379:\n\
             Nov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8\n",
        );
        assert_eq!((taken, listing.is_empty()), (0, true));
    }
}
