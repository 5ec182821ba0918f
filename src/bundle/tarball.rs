//! Tar archives, read once from front to end, and what in them is not as it should be.

use std::{
    cell::Cell,
    collections::BTreeSet,
    io::{self, Read},
};

use tar::{Entry, EntryType};

use super::{entry::Claim, path::shown, tally::Counted, walk::Walk};
use crate::text::escape;

/// Bytes of padding that may lie between the end of an entry and the next header; headers come beside it.
const BLOCKS: u64 = 4 * 512;

/// What stands for the last entry before the first.
const BEGINNING: &str = "its beginning";

/// How much of the stream may be read before the next entry is there. Long names and PAX records lie in front of an entry and are held in
/// memory as long as they claim to be, so that what lies between two entries is bounded.
#[derive(Debug, Default)]
struct Gate {
    left: Cell<Option<u64>>,
    is_stopped: Cell<bool>,
    is_ended: Cell<bool>,
}

struct Gated<'g, R> {
    from: R,
    gate: &'g Gate,
}

impl<R: Read> Read for Gated<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.gate.is_ended.set(n == 0 && !into.is_empty());
        if let Some(left) = self.gate.left.get() {
            let left = left.checked_sub(n as u64);
            self.gate.left.set(left.or(Some(0)));
            if left.is_none() {
                self.gate.is_stopped.set(true);
                return Err(io::Error::other("a header is too long"));
            }
        }
        Ok(n)
    }
}

/// Reads all entries.
pub(super) fn read_tar<T>(stream: impl Read, walk: &mut Walk<'_, T>) {
    let gate = Gate::default();
    let mut archive = tar::Archive::new(Gated { from: stream, gate: &gate });
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return walk.unread("", escape(&error.to_string()).to_string()),
    };
    let (is_whole, last) = read_entries(entries, &gate, walk);
    if is_whole {
        if last == BEGINNING {
            walk.unread("", "the archive is empty");
        }
        let is_ended = gate.is_ended.get();
        gate.left.set(None);
        read_end(&mut archive.into_inner(), is_ended, &last, walk);
    }
}

/// Whether the end of the archive was reached, and the path of the last entry.
fn read_entries<T, R: Read>(mut entries: tar::Entries<'_, R>, gate: &Gate, walk: &mut Walk<'_, T>) -> (bool, String) {
    let mut last = BEGINNING.to_owned();
    loop {
        gate.left.set(Some(walk.limits.header_bytes + BLOCKS));
        let Some(next) = entries.next() else { return (true, last) };
        if walk.is_full() {
            return (false, last);
        }
        let mut entry = match next {
            Ok(entry) => entry,
            Err(_) if gate.is_stopped.get() => {
                let most = walk.limits.header_bytes;
                walk.unread(
                    "",
                    format!("a name or the PAX records behind {last} are longer than {most} bytes: the rest was not read"),
                );
                return (false, last);
            }
            Err(error) => {
                let error = escape(&error.to_string()).to_string();
                walk.unread("", format!("the archive is cut off or damaged behind {last}, the rest is missing: {error}"));
                return (false, last);
            }
        };
        gate.left.set(None);
        let path = entry.path_bytes().into_owned();
        last = shown(&String::from_utf8_lossy(&path));
        read_entry(&path, &mut entry, walk);
        // What lies between this entry's end and the next header was not read by anybody who counts.
        if Counted::new(&mut entry, &walk.tally, walk.limits, false).drain().is_some() {
            walk.is_full();
            return (false, last);
        }
    }
}

fn read_entry<T>(path: &[u8], entry: &mut Entry<'_, impl Read>, walk: &mut Walk<'_, T>) {
    let kind = entry.header().entry_type();
    let name = String::from_utf8_lossy(path).into_owned();
    if kind == EntryType::XGlobalHeader {
        return read_global(entry, walk);
    }
    let records = Records::of(entry);
    if let Some(why) = records.sparse() {
        return walk.unread(records.name.as_deref().unwrap_or(&name), why);
    }
    if let Some(why) = records.twice() {
        walk.unread(&name, why);
    }
    match kind {
        // Before POSIX a folder was a file whose name ends so.
        EntryType::Directory => walk.folder(path),
        EntryType::Regular if path.ends_with(b"/") && entry.size() == 0 => walk.folder(path),
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let claim = Claim { length: entry.size(), crc32: None };
            walk.entry(path, Some(claim), entry);
        }
        _ => walk.unread(&name, what_is(kind)),
    }
}

/// Records for all entries behind them. Only their comments are harmless to pass over.
fn read_global<T>(entry: &mut Entry<'_, impl Read>, walk: &mut Walk<'_, T>) {
    if entry.size() > walk.limits.header_bytes {
        return walk.unread("", format!("PAX records for all entries of {} bytes were not read", entry.size()));
    }
    let mut keys = BTreeSet::new();
    if let Ok(Some(records)) = entry.pax_extensions() {
        keys.extend(records.flatten().filter_map(|record| record.key().map(str::to_owned).ok()));
    }
    let telling = ["path", "linkpath", "size"];
    let found: Vec<&str> = telling.into_iter().filter(|key| keys.contains(*key)).collect();
    if !found.is_empty() {
        let found = found.join(" and ");
        walk.unread("", format!("PAX records for all entries set {found}: each entry was read by its own header instead"));
    }
}

/// What the PAX records of an entry say beside what is followed.
#[derive(Default)]
struct Records {
    keys: Vec<String>,
    name: Option<String>,
    is_broken: bool,
}

impl Records {
    fn of(entry: &mut Entry<'_, impl Read>) -> Self {
        let mut out = Self::default();
        // An entry without records has none to be broken.
        let Ok(Some(records)) = entry.pax_extensions() else { return out };
        for record in records {
            let Ok(record) = record else {
                out.is_broken = true;
                break;
            };
            let Ok(key) = record.key() else { continue };
            if key == "GNU.sparse.name" {
                out.name = Some(String::from_utf8_lossy(record.value_bytes()).into_owned());
            }
            if key.starts_with("GNU.sparse.") || matches!(key, "path" | "size") {
                out.keys.push(key.to_owned());
            }
        }
        out
    }

    fn sparse(&self) -> Option<&'static str> {
        let is_sparse = self.keys.iter().any(|key| key.starts_with("GNU.sparse."));
        is_sparse.then_some("a file with holes in PAX form, which is not read: pack it again without `--sparse`")
    }

    fn twice(&self) -> Option<String> {
        if self.is_broken {
            return Some("its PAX records are damaged: name and length may be others than were meant".to_owned());
        }
        let twice = ["path", "size"].into_iter().find(|key| self.keys.iter().filter(|k| k == key).count() > 1)?;
        Some(format!("its PAX records give its {twice} twice: the first was followed, and other programs follow the last"))
    }
}

fn what_is(kind: EntryType) -> String {
    match kind {
        EntryType::Symlink => "a symbolic link, which is not followed".to_owned(),
        EntryType::Link => "a hard link, which is not followed: the file that it names is read under its own name".to_owned(),
        EntryType::Char | EntryType::Block => "a device, not a file".to_owned(),
        EntryType::Fifo => "a named pipe, not a file".to_owned(),
        other => format!("neither a file nor a folder, but something of type {:?}", char::from(other.as_byte())),
    }
}

/// What follows the last entry: the mark of the end, and nothing else. It is read on, for the checksum of a compressed stream stands there.
fn read_end<T>(stream: &mut dyn Read, is_ended: bool, last: &str, walk: &mut Walk<'_, T>) {
    if is_ended {
        return walk.unread("", format!("the archive has no end behind {last}: it may have been cut off there"));
    }
    let mut counted = Counted::new(stream, &walk.tally, walk.limits, false);
    let mut block = [0; 4096];
    let why = loop {
        match counted.read(&mut block) {
            Ok(0) => return,
            Ok(n) if block.iter().take(n).all(|b| *b == 0) => {}
            Ok(n) if block.get(..n).is_some_and(|block| block.windows(5).any(|five| five == b"ustar")) => {
                break "behind its end another archive follows, which was not read: give it as an input of its own".to_owned();
            }
            Ok(_) => break "behind its end the archive goes on with something else, which was not read".to_owned(),
            Err(error) => break format!("behind its last entry the archive is damaged: {}", escape(&error.to_string())),
        }
    };
    walk.unread("", why);
}
