//! A zip archive whose end is missing, or not at hand, and its directory with it: read from its beginning, each entry by the header before it, as far as it
//! shows where an entry ends.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

use flate2::{CrcReader, bufread::DeflateDecoder};

use super::{
    directory::{DEFLATED, ENCRYPTED, Local, SUMS_BYTES, SUMS_FOLLOW, Standing, local_at, reaches, standing_at, sums_at},
    entry::{Claim, SUM_WRONG},
    path::shown,
    tally::Counted,
    walk::Walk,
    zipfile::{parted, unreadable},
};

/// Where an entry ends.
enum End {
    At(u64),
    /// The archive ends within the entry.
    Cut,
    /// Nothing shows it.
    Unknown,
}

/// Where the reading stopped.
pub(super) enum Stop {
    /// Not even one entry begins.
    Nothing,
    /// A limit was met, which is told.
    Full,
    /// Behind the last entry, the directory begins.
    Directory(InOrder),
    /// Elsewhere, in words.
    Broken(String),
}

/// All entries that were read in their order.
pub(super) struct InOrder {
    /// Each by its place, with the lengths and the sum that were found.
    pub(super) entries: BTreeMap<u64, Local>,
    last: String,
    /// Where the directory begins.
    pub(super) end: u64,
}

/// Reads what is there; false where not even one entry begins.
///
/// Links, devices, and the system on which the archive was made stand in the directory alone: a link is read as a file that holds its target.
pub(super) fn read_cut<T>(file: &mut (impl Read + Seek), walk: &mut Walk<'_, T>) -> io::Result<bool> {
    let stopped = match read_in_order(file, walk)? {
        Stop::Nothing => return Ok(false),
        Stop::Full => return Ok(true),
        Stop::Directory(InOrder { last, .. }) => format!("behind {last} the directory begins: no entry is missing"),
        Stop::Broken(stopped) => stopped,
    };
    walk.unread("", format!("{CUT}; {stopped}"));
    Ok(true)
}

/// Said of an archive that has no directory.
pub(super) const CUT: &str = "the archive is cut off: its directory, which stands at the end, is missing or in part, and each entry was read by its own header";

/// Reads entry after entry, from the beginning on.
pub(super) fn read_in_order<T>(file: &mut (impl Read + Seek), walk: &mut Walk<'_, T>) -> io::Result<Stop> {
    let (mut at, mut last) = (0, None);
    let mut entries = BTreeMap::new();
    loop {
        let Some(mut local) = local_at(file, at)? else {
            let Some(last) = last.as_deref().map(shown) else { return Ok(Stop::Nothing) };
            return Ok(match standing_at(file, at)? {
                Standing::Directory => Stop::Directory(InOrder { entries, last, end: at }),
                Standing::End => Stop::Broken(format!("it ends behind {last}, what followed is missing")),
                Standing::Other => Stop::Broken(format!("something else stands behind {last}, the rest is missing")),
            });
        };
        if walk.is_full() {
            return Ok(Stop::Full);
        }
        let path = parted(local.name.clone());
        let name = String::from_utf8_lossy(&path).into_owned();
        match read_entry(file, &mut local, &path, walk)? {
            End::At(end) => {
                entries.insert(at, local);
                (at, last) = (end, Some(name));
            }
            End::Cut => return Ok(Stop::Broken(format!("it ends in {}, the rest is missing", shown(&name)))),
            End::Unknown => {
                return Ok(Stop::Broken(format!("nothing shows where {} ends, the rest was not read", shown(&name))));
            }
        }
    }
}

fn read_entry<T>(file: &mut (impl Read + Seek), local: &mut Local, path: &[u8], walk: &mut Walk<'_, T>) -> io::Result<End> {
    let name = String::from_utf8_lossy(path);
    let sums_follow = local.flags & SUMS_FOLLOW != 0;
    if sums_follow && local.method == DEFLATED && local.flags & ENCRYPTED == 0 {
        return read_unsized(file, local, path, walk);
    }
    let Some(end) = local.content.checked_add(local.packed) else {
        walk.unread(&name, "its length is impossible");
        return Ok(End::Unknown);
    };
    let is_folder = path.ends_with(b"/");
    let is_sized = !sums_follow || local.packed > 0 || is_folder;
    if is_folder {
        walk.folder(path);
    } else if let Some(why) = unreadable(local.flags, local.method) {
        walk.unread(&name, why);
    } else if !is_sized {
        walk.unread(&name, "the archive does not say before it how long it is");
    } else {
        file.seek(SeekFrom::Start(local.content))?;
        let crc32 = (!sums_follow || local.crc32 != 0).then_some(local.crc32);
        let claim = (!sums_follow || local.length > 0).then_some(Claim { length: local.length, crc32 });
        let packed = BufReader::new(file.take(local.packed));
        match local.method {
            DEFLATED => walk.entry(path, claim, &mut DeflateDecoder::new(packed)),
            _ => walk.entry(path, claim, &mut { packed }),
        }
    }
    Ok(match sums_follow {
        _ if !is_sized => End::Unknown,
        _ if !reaches(file, end)? => End::Cut,
        true => match sums_at(file, end, local.packed)? {
            Some(sums) => {
                local.crc32 = sums.crc32;
                End::At(sums.end)
            }
            None => End::At(end),
        },
        false => End::At(end),
    })
}

/// An entry whose lengths and sum follow it: where it ends, its own stream shows.
fn read_unsized<T>(file: &mut (impl Read + Seek), local: &mut Local, path: &[u8], walk: &mut Walk<'_, T>) -> io::Result<End> {
    file.seek(SeekFrom::Start(local.content))?;
    let mut stream = CrcReader::new(DeflateDecoder::new(BufReader::new(&mut *file)));
    let is_folder = path.ends_with(b"/");
    if is_folder {
        walk.folder(path);
        // Some writers give a folder a stream with nothing in it. What a limit ends here, is told by the next entry.
        let _ = Counted::new(&mut stream, &walk.tally, walk.limits, false).drain();
    } else {
        walk.entry(path, None, &mut stream);
    }
    let (packed, crc32) = (stream.get_ref().total_in(), stream.crc().sum());
    (local.length, local.packed, local.crc32) = (stream.get_ref().total_out(), packed, crc32);
    let end = local.content.saturating_add(packed);
    let Some(sums) = sums_at(file, end, packed)? else {
        return Ok(if reaches(file, end.saturating_add(SUMS_BYTES))? { End::Unknown } else { End::Cut });
    };
    if !is_folder && sums.crc32 != crc32 {
        walk.unread(&String::from_utf8_lossy(path), SUM_WRONG);
    }
    Ok(End::At(sums.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Contents, Limits, bytes::Bytes, walk::Each, zipfile::read_zip};

    /// `a/one.log` and `a/two.log`, which hold `one` and `two`: packed by Python's zipfile into a stream, so that sums follow what is packed.
    const SUMS_FOLLOW: &[u8] = include_bytes!("zipcut/sums-follow.zip");
    /// The same, packed into a file.
    const SIZED: &[u8] = include_bytes!("zipcut/sized.zip");

    fn read(bytes: &[u8]) -> Result<Contents<String>, String> {
        let limits = Limits::default();
        let mut each = |lines: &mut crate::bundle::Lines<'_>| {
            let mut text = String::new();
            while let Some(line) = lines.next_line() {
                text.push_str(line.text());
            }
            text
        };
        let mut walk = Walk::new(&limits, Each::InTurn(&mut each));
        read_zip(&Bytes::of_memory(bytes.to_vec()), &mut walk)?;
        Ok(walk.finish(false))
    }

    #[test]
    fn wherever_an_archive_is_cut_its_whole_entries_are_read_and_the_cut_is_told() {
        for archive in [SUMS_FOLLOW, SIZED] {
            let whole = read(archive).unwrap();
            assert!(whole.unread.is_empty() && whole.entries.len() == 2, "{:?}", whole.unread);
            let mut most = 0;
            for cut in 4..archive.len() {
                let Ok(part) = read(&archive[..cut]) else {
                    assert_eq!(most, 0, "{cut}: what less showed, more does not");
                    continue;
                };
                assert!(part.unread.iter().any(|it| it.why.contains("the archive is cut off")), "{cut}: {:?}", part.unread);
                let read = part.entries.iter().filter(|entry| whole.entries.iter().any(|it| it.content == entry.content)).count();
                assert!(read >= most, "{cut}: {read} after {most}");
                most = read;
            }
            assert_eq!(most, 2);
            // With all entries there, what is missing is the directory alone: the evidence is the same.
            let part = read(&archive[..archive.len() - 1]).unwrap();
            assert_eq!(part.digest, whole.digest);
            assert!(
                part.unread[0].why.ends_with("behind a/two.log the directory begins: no entry is missing"),
                "{:?}",
                part.unread
            );
        }
    }

    #[test]
    fn a_sum_that_follows_is_held_against_what_was_read() {
        let at = SUMS_FOLLOW.windows(4).position(|four| four == b"PK\x07\x08").unwrap();
        let mut bytes = SUMS_FOLLOW[..SUMS_FOLLOW.len() - 1].to_vec();
        bytes[at + 4] ^= 1;
        let contents = read(&bytes).unwrap();
        assert_eq!(contents.entries.len(), 2);
        assert!(contents.unread.iter().any(|it| it.path.raw() == "one.log" && it.why == SUM_WRONG), "{:?}", contents.unread);
    }
}
