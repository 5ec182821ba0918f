//! A zip archive that comes as a stream, and is too large to be held until its end is there: read in the order of its entries, and then held
//! against the directory that follows them.

use std::io::{self, Read, Seek};

use super::{
    directory::{Directory, ENCRYPTED, Listed, Local},
    forward::Forward,
    walk::Walk,
    zipcut::{CUT, InOrder, Stop, read_in_order},
};
use crate::text::escape;

/// Reads what is there; an error says why nothing can be read.
pub(super) fn read_stream<T>(stream: impl Read, walk: &mut Walk<'_, T>) -> Result<(), String> {
    let mut stream = Forward::new(stream);
    let failed = |error: io::Error| escape(&error.to_string()).to_string();
    match read_in_order(&mut stream, walk).map_err(failed)? {
        Stop::Nothing => return Err("no entry stands at its beginning: give it as an input of its own".into()),
        Stop::Full => {}
        Stop::Broken(stopped) => walk.unread("", format!("{CUT}; {stopped}")),
        Stop::Directory(read) => {
            if !agrees(&mut stream, read).unwrap_or(false) {
                let most = walk.limits.held_bytes;
                walk.unread(
                    "",
                    format!(
                        "a zip archive of more than {most} bytes within another archive, whose directory tells of links, or otherwise than the \
                         headers before its entries, which were followed: give it as an input of its own"
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Whether the directory tells what was read: then who reads by it gets the same.
fn agrees(stream: &mut (impl Read + Seek), read: InOrder) -> io::Result<bool> {
    let InOrder { mut entries, end, .. } = read;
    let mut directory = Directory::from(end);
    let mut claimed = 0_u64;
    while let Some(listed) = directory.next_until_its_end(stream)? {
        claimed += 1;
        if !entries.remove(&listed.at).is_some_and(|local| is_as_listed(&listed, &local)) {
            return Ok(false);
        }
    }
    Ok(entries.is_empty() && directory.ends_the_archive(stream, claimed)?)
}

/// Whether an entry is a file or a folder that was read as it is listed.
fn is_as_listed(listed: &Listed, local: &Local) -> bool {
    let kind = if listed.name.ends_with(b"/") { 0o040_000 } else { 0o100_000 };
    listed.name == local.name
        && (listed.is_dos || !listed.name.contains(&b'\\'))
        && listed.kind.is_none_or(|listed| listed == kind)
        && listed.method == local.method
        && (listed.flags ^ local.flags) & ENCRYPTED == 0
        && (listed.length, listed.packed, listed.crc32) == (local.length, local.packed, local.crc32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Contents, Limits, Lines, walk::Each};

    /// Two logs in a folder: packed into a stream, and into a file.
    const ARCHIVES: [&[u8]; 2] = [include_bytes!("zipcut/sums-follow.zip"), include_bytes!("zipcut/sized.zip")];

    fn read(bytes: &[u8]) -> Contents<()> {
        let limits = Limits::default();
        let mut each = |lines: &mut Lines<'_>| while lines.next_line().is_some() {};
        let mut walk = Walk::new(&limits, Each::InTurn(&mut each));
        read_stream(bytes, &mut walk).unwrap();
        walk.finish(false)
    }

    fn notes(bytes: &[u8]) -> String {
        read(bytes).unread.iter().map(|it| it.why.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The place of the first entry in the directory.
    fn listed(bytes: &[u8]) -> usize {
        bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap()
    }

    #[test]
    fn where_the_directory_agrees_nothing_is_to_be_said() {
        for archive in ARCHIVES {
            let contents = read(archive);
            assert!(contents.unread.is_empty() && contents.entries.len() == 2, "{:?}", contents.unread);
        }
    }

    #[test]
    fn where_it_tells_something_else_or_something_stands_behind_it_that_is_said() {
        for archive in ARCHIVES {
            let at = listed(archive);
            let altered = |place: usize, byte: u8| {
                let mut bytes = archive.to_vec();
                bytes[place] = byte;
                bytes
            };
            let end = archive.len() - 22;
            // Method, checksum, length, its place; a link; a name; the number of entries; what stands behind.
            let link = [altered(at + 5, 3), altered(at + 41, 0xa1)].map(|bytes| bytes[at..at + 46].to_vec());
            let mut linked = archive.to_vec();
            linked[at + 5] = link[0][5];
            linked[at + 41] = link[1][41];
            let cases = [
                altered(at + 10, 9),
                altered(at + 16, !archive[at + 16]),
                altered(at + 24, 99),
                altered(at + 42, 1),
                altered(at + 46, b'b'),
                altered(end + 10, 3),
                linked,
                [archive, b"<html>"].concat(),
            ];
            for (number, bytes) in cases.iter().enumerate() {
                assert!(notes(bytes).contains("give it as an input of its own"), "case {number}: {:?}", notes(bytes));
                assert_eq!(read(bytes).entries.len(), 2, "case {number}");
            }
        }
    }

    #[test]
    fn whatever_bit_is_turned_something_is_said_or_the_same_was_read() {
        for archive in ARCHIVES {
            let whole = read(archive).digest;
            for (at, bit) in (0..archive.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
                let mut bytes = archive.to_vec();
                bytes[at] ^= 1 << bit;
                if read_stream(bytes.as_slice(), &mut Walk::new(&Limits::default(), Each::InTurn(&mut |_| ()))).is_ok() {
                    assert!(!notes(&bytes).is_empty() || read(&bytes).digest == whole, "bit {bit} of byte {at}");
                }
            }
        }
    }

    #[test]
    fn where_it_is_cut_off_that_is_said() {
        for archive in ARCHIVES {
            let at = listed(archive);
            for cut in 60..archive.len() {
                let said = notes(&archive[..cut]);
                let words = if cut < at + 4 { "cut off" } else { "give it as an input of its own" };
                assert!(said.contains(words), "{cut} of {}: {said:?}", archive.len());
            }
        }
    }
}
