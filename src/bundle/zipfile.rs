//! Zip archives, read by their directory, and what in them other programs would read otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufReader, Read, Seek},
};

use flate2::bufread::DeflateDecoder;

use super::{
    apart::Opened,
    bytes::Bytes,
    directory::{DEFLATED, Directory, ENCRYPTED, Listed, Local, SUMS_FOLLOW, local_at},
    entry::Claim,
    path::shown,
    walk::Walk,
    zipcut::read_cut,
};
use crate::text::escape;

/// Where an unlisted entry may begin behind another: at its end, or behind the sums that follow it.
const BEHIND: [u64; 5] = [0, 12, 16, 20, 24];

/// Reads all entries; an error says why nothing can be read.
pub(super) fn read_zip<T>(archive: &Bytes, walk: &mut Walk<'_, T>) -> Result<(), String> {
    let mut file = walk.tally.over(walk.limits, archive.reader());
    let failed = |error: io::Error| escape(&error.to_string()).to_string();
    walk.tally.know(archive.length());
    let Some(mut directory) = Directory::find(&mut file).map_err(failed)? else {
        return match read_cut(&mut file, walk).map_err(failed)? {
            true => Ok(()),
            false => Err("it was cut off before its first entry: send it again".into()),
        };
    };
    if directory.before > 0 {
        walk.unread("", format!("{} bytes stand before the zip archive and were not read", directory.before));
    }
    if directory.behind > 0 {
        walk.unread("", format!("{} bytes stand behind the zip archive and were not read", directory.behind));
    }
    let mut taken = Taken::default();
    let mut number = 0;
    loop {
        match directory.next(&mut file) {
            Ok(Some(listed)) => {
                if walk.is_full() {
                    return Ok(());
                }
                number += 1;
                read_listed(archive, &mut file, listed, directory.start, &mut taken, walk);
            }
            Ok(None) => break,
            Err(error) => {
                let rest = format!("the archive's directory is damaged behind entry {number}, the rest is missing");
                walk.unread("", format!("{rest}: {}", failed(error)));
                return Ok(());
            }
        }
    }
    if number != directory.claimed {
        walk.unread("", format!("the archive's directory has {number} entries and says {}", directory.claimed));
    }
    for name in taken.unlisted(&mut file, directory.before, directory.start).map_err(failed)? {
        walk.unread(&name, "it lies in the archive and is not in its directory: it was not read");
    }
    Ok(())
}

fn read_listed<T>(
    archive: &Bytes,
    file: &mut (impl Read + Seek),
    listed: Listed,
    end: u64,
    taken: &mut Taken,
    walk: &mut Walk<'_, T>,
) {
    let path = if listed.is_dos { parted(listed.name.clone()) } else { listed.name.clone() };
    let name = String::from_utf8_lossy(&path).into_owned();
    taken.listed.insert(listed.at);
    let local = match local_at(file, listed.at) {
        Ok(Some(local)) => local,
        Ok(None) => return walk.unread(&name, "the archive's directory says that it lies where it does not"),
        Err(error) => return walk.unread(&name, escape(&error.to_string()).to_string()),
    };
    let why = match (local.content.checked_add(listed.packed), listed.kind) {
        (None, _) => Some("its length is impossible".to_owned()),
        (Some(to), _) if to > end => Some("it reaches into the archive's directory".to_owned()),
        (Some(to), _) if !taken.take(listed.at, to) => Some("it shares its bytes with another entry of the archive".to_owned()),
        (_, Some(0o040_000)) => return walk.folder(&path),
        _ if path.ends_with(b"/") => return walk.folder(&path),
        (_, Some(0o120_000)) => Some("a symbolic link, which is not followed".to_owned()),
        (_, Some(kind)) if kind != 0o100_000 => Some("a device or a pipe, not a file".to_owned()),
        _ => differs(&listed, &local).or_else(|| unreadable(listed.flags, listed.method)),
    };
    if let Some(why) = why {
        return walk.unread(&name, why);
    }
    let claim = Claim { length: listed.length, crc32: Some(listed.crc32) };
    let content = archive.stretch(local.content, listed.packed);
    walk.entry_apart(&path, Some(claim), listed.length.max(listed.packed), move |tally, limits| {
        let packed = BufReader::with_capacity(BUFFER, tally.over(limits, content.reader()));
        Ok(match listed.method {
            DEFLATED => Opened { stream: Box::new(DeflateDecoder::new(packed)), bytes: None },
            _ => Opened { stream: Box::new(packed), bytes: Some(content.clone()) },
        })
    });
}

/// Bytes of the archive that are read at once.
const BUFFER: usize = 64 * 1024;

/// A path with `/` between its folders. Old programs of Windows write its sign there, which APPNOTE 4.4.17 forbids.
pub(super) fn parted(mut path: Vec<u8>) -> Vec<u8> {
    if !path.contains(&b'/') {
        path.iter_mut().filter(|b| **b == b'\\').for_each(|b| *b = b'/');
    }
    path
}

/// What the header before the content says otherwise than the directory. Who reads the archive from its beginning follows that header, and
/// gets something else.
fn differs(listed: &Listed, local: &Local) -> Option<String> {
    let sums_follow = (listed.flags | local.flags) & SUMS_FOLLOW != 0;
    let what = if listed.name != local.name {
        let name = String::from_utf8_lossy(&local.name);
        format!("it is called {} there", shown(&name))
    } else if listed.method != local.method {
        "it is compressed otherwise there".to_owned()
    } else if (listed.flags ^ local.flags) & ENCRYPTED != 0 {
        "only one of them says that it is encrypted".to_owned()
    } else if !sums_follow && (listed.length, listed.packed) != (local.length, local.packed) {
        format!("it has {} bytes there, and {} by the directory", local.length, listed.length)
    } else if !sums_follow && listed.crc32 != local.crc32 {
        "its checksum is another one there".to_owned()
    } else {
        return None;
    };
    Some(format!("the header before it contradicts the archive's directory ({what}): programs read different things from it"))
}

/// Why an entry cannot be read though nothing is wrong with it.
pub(super) fn unreadable(flags: u16, method: u16) -> Option<String> {
    if flags & ENCRYPTED != 0 || method == 99 {
        return Some("it is encrypted: unpack the archive with its password, and give the folder".to_owned());
    }
    let name = match method {
        0 | DEFLATED => return None,
        1..=6 => "an old method",
        9 => "Deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "zstd",
        95 => "xz",
        98 => "PPMd",
        _ => "an unknown method",
    };
    Some(format!("it is compressed by {name} ({method}), which is not read in a zip archive: unpack it, and give the folder"))
}

/// Which bytes of the archive belong to an entry: from, to.
#[derive(Debug, Default)]
struct Taken {
    ranges: BTreeMap<u64, u64>,
    /// Where entries begin that the directory lists, whether or not they were read.
    listed: BTreeSet<u64>,
}

impl Taken {
    /// Whether nobody had these before.
    fn take(&mut self, from: u64, to: u64) -> bool {
        let before = self.ranges.range(..=from).next_back().is_some_and(|(_, end)| *end > from);
        let behind = self.ranges.range(from..).next().is_some_and(|(start, _)| *start < to);
        if before || behind {
            return false;
        }
        self.ranges.insert(from, to);
        true
    }

    /// Names of entries that lie between the others and are in no directory.
    fn unlisted(&self, file: &mut (impl Read + Seek), begin: u64, end: u64) -> io::Result<Vec<String>> {
        let ends = [begin].into_iter().chain(self.ranges.values().copied());
        let starts = self.ranges.keys().copied().chain([end]);
        let mut names = Vec::new();
        for (from, to) in ends.zip(starts) {
            for at in BEHIND.iter().map(|more| from + more).filter(|at| *at < to) {
                if let Some(local) = local_at(file, at)?.filter(|_| !self.listed.contains(&at)) {
                    names.push(String::from_utf8_lossy(&local.name).into_owned());
                    break;
                }
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_belong_to_one_entry_alone() {
        let mut taken = Taken::default();
        assert!(taken.take(100, 200) && taken.take(0, 100) && taken.take(200, 300));
        for (from, to) in [(0, 1), (50, 60), (99, 101), (299, 400), (0, 1000)] {
            assert!(!taken.take(from, to), "{from}..{to}");
        }
        assert!(taken.take(300, 300));
    }
}
