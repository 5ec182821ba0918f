//! The directory at the end of a zip archive, entry by entry as it stands there: two of one name are two (APPNOTE.TXT 6.3.10, 4.3 to 4.5).

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem::rfind_iter;

/// What begins the record at the very end, and its length without a comment.
const END: (&[u8], usize) = (b"PK\x05\x06", 22);
const END_64: (&[u8], usize) = (b"PK\x06\x06", 56);
const LOCATOR_64: (&[u8], usize) = (b"PK\x06\x07", 20);
const LISTED: (&[u8], usize) = (b"PK\x01\x02", 46);
const LOCAL: (&[u8], usize) = (b"PK\x03\x04", 30);
/// What may begin the sums behind an entry (4.3.9).
const SUMS: &[u8] = b"PK\x07\x08";
/// Fewest bytes that these sums take.
pub(super) const SUMS_BYTES: u64 = 12;

/// Flags of an entry (4.4.4): it is encrypted, its sums follow its content.
pub(super) const ENCRYPTED: u16 = 1;
pub(super) const SUMS_FOLLOW: u16 = 1 << 3;

/// The method that all writers use (4.4.5).
pub(super) const DEFLATED: u16 = 8;

/// Longest comment behind the end.
const COMMENT: usize = 0xffff;

/// Marks a number that stands in the record for large archives instead.
const LARGE: u64 = 0xffff_ffff;

/// Where the directory of an archive lies.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directory {
    /// Entries that it says it has.
    pub(super) claimed: u64,
    /// Bytes that stand before the archive.
    pub(super) before: u64,
    /// Bytes that stand behind it.
    pub(super) behind: u64,
    /// Where it begins.
    pub(super) start: u64,
    end: u64,
    next: u64,
}

/// An entry as the directory lists it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    pub(super) packed: u64,
    pub(super) length: u64,
    /// The kind of file in `st_mode`, where the archive was made on Unix.
    pub(super) kind: Option<u32>,
    /// Whether the archive was made where folders are parted by `\`.
    pub(super) is_dos: bool,
    /// Where its own header lies.
    pub(super) at: u64,
}

/// An entry as its own header has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc32: u32,
    pub(super) packed: u64,
    pub(super) length: u64,
    /// Where its content begins.
    pub(super) content: u64,
}

impl Directory {
    /// Looks for the directory; none where the archive has no end.
    pub(super) fn find(file: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let whole = file.seek(SeekFrom::End(0))?;
        let from = whole.saturating_sub((END.1 + COMMENT) as u64);
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.by_ref().take((END.1 + COMMENT) as u64).read_to_end(&mut tail)?;
        for at in rfind_iter(&tail, END.0) {
            let Some(record) = tail.get(at..at + END.1) else { continue };
            let Some(behind) = (tail.len() - at - END.1).checked_sub(usize::from(u16_at(record, 20))) else { continue };
            if let Some(found) = Self::of_end(file, record, from + at as u64, behind as u64)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The directory that a record at `at` speaks of, if there is one.
    fn of_end(file: &mut (impl Read + Seek), record: &[u8], at: u64, behind: u64) -> io::Result<Option<Self>> {
        let (mut end, mut claimed) = (at, u64::from(u16_at(record, 10)));
        let (mut bytes, mut offset) = (u64::from(u32_at(record, 12)), u64::from(u32_at(record, 16)));
        if (claimed == 0xffff || bytes == LARGE || offset == LARGE)
            && let Some((large_at, large)) = large_end(file, at)?
        {
            (end, claimed) = (large_at, u64_at(&large, 32));
            (bytes, offset) = (u64_at(&large, 40), u64_at(&large, 48));
        }
        // Where the directory ends at this record, what is missing to its offset stands before the archive; else the offset is right.
        for start in [end.checked_sub(bytes), Some(offset)].into_iter().flatten() {
            let Some(before) = start.checked_sub(offset) else { continue };
            if claimed == 0 || read_at(file, start, LISTED.0.len())?.as_deref() == Some(LISTED.0) {
                return Ok(Some(Self { claimed, before, behind, start, end, next: start }));
            }
        }
        Ok(None)
    }

    /// A directory that begins there and whose end is not known yet.
    pub(super) fn from(start: u64) -> Self {
        Self { claimed: 0, before: 0, behind: 0, start, end: u64::MAX, next: start }
    }

    /// The next entry of a directory whose end is not known yet; none where something else stands.
    pub(super) fn next_until_its_end(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Option<Listed>> {
        match standing_at(file, self.next)? {
            Standing::Directory => self.next(file),
            Standing::Other | Standing::End => Ok(None),
        }
    }

    /// Whether behind the entries that were taken out the record of the end stands, tells their number, and ends the archive.
    pub(super) fn ends_the_archive(&self, file: &mut (impl Read + Seek), number: u64) -> io::Result<bool> {
        let mut rest = Vec::new();
        let most = END_64.1 + LOCATOR_64.1 + END.1 + COMMENT;
        file.seek(SeekFrom::Start(self.next))?;
        file.take(most as u64 + 1).read_to_end(&mut rest)?;
        let large = rest.starts_with(END_64.0);
        let at = if large { END_64.1 + LOCATOR_64.1 } else { 0 };
        let Some(record) = rest.get(at..).filter(|record| record.starts_with(END.0) && record.len() >= END.1) else {
            return Ok(false);
        };
        let claimed = if large { u64_at(&rest, 32) } else { u64::from(u16_at(record, 10)) };
        Ok(claimed == number && record.len() == END.1 + usize::from(u16_at(record, 20)))
    }

    /// The next entry; an error where the directory goes on with something else.
    pub(super) fn next(&mut self, file: &mut (impl Read + Seek)) -> io::Result<Option<Listed>> {
        if self.next >= self.end {
            return Ok(None);
        }
        let damaged = || io::Error::other("something else stands there");
        let head = read_at(file, self.next, LISTED.1)?.filter(|head| head.starts_with(LISTED.0)).ok_or_else(damaged)?;
        let (name, extra, comment) = (u16_at(&head, 28), u16_at(&head, 30), u16_at(&head, 32));
        let rest = usize::from(name) + usize::from(extra);
        let rest = read_at(file, self.next + LISTED.1 as u64, rest)?.ok_or_else(damaged)?;
        self.next += LISTED.1 as u64 + rest.len() as u64 + u64::from(comment);
        let (name, extra) = rest.split_at_checked(usize::from(name)).ok_or_else(damaged)?;
        let sizes = [u32_at(&head, 24), u32_at(&head, 20), u32_at(&head, 42)].map(u64::from);
        let [length, packed, at] = with_large(sizes, extra);
        // APPNOTE 4.4.2.2: 0 is FAT, 3 Unix, 10 NTFS, 14 VFAT, 19 macOS.
        let system = head.get(5).copied().unwrap_or_default();
        let mode = u32_at(&head, 38) >> 16;
        Ok(Some(Listed {
            name: name.to_vec(),
            flags: u16_at(&head, 8),
            method: u16_at(&head, 10),
            crc32: u32_at(&head, 16),
            packed,
            length,
            kind: matches!(system, 3 | 19).then_some(mode & 0o170_000).filter(|kind| *kind != 0),
            is_dos: matches!(system, 0 | 10 | 14),
            at: at.saturating_add(self.before),
        }))
    }
}

/// The header that lies before an entry's content, if one lies there.
pub(super) fn local_at(file: &mut (impl Read + Seek), at: u64) -> io::Result<Option<Local>> {
    let Some(head) = read_at(file, at, LOCAL.1)?.filter(|head| head.starts_with(LOCAL.0)) else { return Ok(None) };
    let (name, extra) = (usize::from(u16_at(&head, 26)), usize::from(u16_at(&head, 28)));
    let Some(rest) = read_at(file, at + LOCAL.1 as u64, name + extra)? else { return Ok(None) };
    let Some((name, extra)) = rest.split_at_checked(name) else { return Ok(None) };
    let [length, packed, _] = with_large([u64::from(u32_at(&head, 22)), u64::from(u32_at(&head, 18)), 0], extra);
    Ok(Some(Local {
        name: name.to_vec(),
        flags: u16_at(&head, 6),
        method: u16_at(&head, 8),
        crc32: u32_at(&head, 14),
        packed,
        length,
        content: at + (LOCAL.1 + rest.len()) as u64,
    }))
}

/// What stands where no header of an entry can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The directory.
    Directory,
    /// The archive ends there, or within a header.
    End,
    Other,
}

/// What stands there, where [`local_at`] finds no header.
pub(super) fn standing_at(file: &mut (impl Read + Seek), at: u64) -> io::Result<Standing> {
    Ok(match read_at(file, at, LISTED.0.len())?.as_deref() {
        Some(head) if head == LISTED.0 => Standing::Directory,
        Some(head) if head != LOCAL.0 => Standing::Other,
        _ => Standing::End,
    })
}

/// What follows an entry whose header does not know it yet (4.3.9).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) crc32: u32,
    /// Where they end.
    pub(super) end: u64,
}

/// The sums behind an entry of so many packed bytes, if they lie there: with their signature or without, of large archives or not.
pub(super) fn sums_at(file: &mut (impl Read + Seek), at: u64, packed: u64) -> io::Result<Option<Sums>> {
    let signed = read_at(file, at, SUMS.len())?.is_some_and(|head| head == SUMS);
    let begin = at.saturating_add(if signed { SUMS.len() as u64 } else { 0 });
    for bytes in [12, 20] {
        let Some(found) = read_at(file, begin, bytes)? else { break };
        let told = if bytes == 12 { u64::from(u32_at(&found, 4)) } else { u64_at(&found, 4) };
        if told == packed {
            return Ok(Some(Sums { crc32: u32_at(&found, 0), end: begin.saturating_add(bytes as u64) }));
        }
    }
    Ok(None)
}

/// Whether the archive has so many bytes.
pub(super) fn reaches(file: &mut (impl Read + Seek), end: u64) -> io::Result<bool> {
    Ok(end == 0 || read_at(file, end - 1, 1)?.is_some())
}

/// The record of large archives, which a locator in front of the ordinary one points to.
fn large_end(file: &mut (impl Read + Seek), at: u64) -> io::Result<Option<(u64, Vec<u8>)>> {
    let Some(locator) = at.checked_sub(LOCATOR_64.1 as u64) else { return Ok(None) };
    let Some(found) = read_at(file, locator, LOCATOR_64.1)?.filter(|found| found.starts_with(LOCATOR_64.0)) else {
        return Ok(None);
    };
    // Where bytes stand before the archive the locator is off by them; the record mostly lies right before it.
    for at in [u64_at(&found, 8), locator.saturating_sub(END_64.1 as u64)] {
        if let Some(record) = read_at(file, at, END_64.1)?.filter(|record| record.starts_with(END_64.0)) {
            return Ok(Some((at, record)));
        }
    }
    Ok(None)
}

/// Length, packed length and place, each from the extra field of large archives (4.5.3) where it does not fit.
fn with_large(mut sizes: [u64; 3], mut extra: &[u8]) -> [u64; 3] {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let Some((field, rest)) = rest.split_at_checked(usize::from(u16_at(head, 2))) else { break };
        if u16_at(head, 0) == 1 {
            let mut numbers = field.chunks_exact(8).map(|number| u64_at(number, 0));
            for size in sizes.iter_mut().filter(|size| **size == LARGE) {
                *size = numbers.next().unwrap_or(*size);
            }
            break;
        }
        extra = rest;
    }
    sizes
}

/// So many bytes from there, if there are so many.
fn read_at(file: &mut (impl Read + Seek), at: u64, bytes: usize) -> io::Result<Option<Vec<u8>>> {
    let mut out = vec![0; bytes];
    file.seek(SeekFrom::Start(at))?;
    match file.read_exact(&mut out) {
        Ok(()) => Ok(Some(out)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(number(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(number(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(number(bytes, at))
}
