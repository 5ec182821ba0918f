//! Zip archives by hand: what stands before the content and what the directory says can differ.

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};

/// One entry as it is told in one of the two places.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) name: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc32: u32,
    pub(crate) packed: u32,
    pub(crate) length: u32,
    /// Of the directory alone: who made it, and the mode of the file.
    pub(crate) system: u8,
    pub(crate) mode: u32,
}

/// An entry: what is told before the content, the content, what the directory tells.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) local: Told,
    pub(crate) content: Vec<u8>,
    pub(crate) listed: Option<Told>,
    /// Where the directory says it lies, if not where it does.
    pub(crate) at: Option<u32>,
}

/// A file that is stored as it is.
pub(crate) fn stored(name: &str, content: &str) -> Entry {
    packed(name, content.as_bytes().to_vec(), content.as_bytes(), 0)
}

/// A file as packers write it.
pub(crate) fn deflated(name: &str, content: &[u8]) -> Entry {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory takes all");
    packed(name, encoder.finish().expect("memory takes all"), content, 8)
}

fn packed(name: &str, bytes: Vec<u8>, content: &[u8], method: u16) -> Entry {
    let told = Told {
        name: name.as_bytes().to_vec(),
        flags: 0,
        method,
        crc32: crc32fast::hash(content),
        packed: u32::try_from(bytes.len()).expect("small"),
        length: u32::try_from(content.len()).expect("small"),
        system: 3,
        mode: 0o100_644,
    };
    Entry { local: told.clone(), content: bytes, listed: Some(told), at: None }
}

/// The same as it is packed into a pipe: lengths and sum follow the content (APPNOTE 4.3.9).
pub(crate) fn unsized_until_its_end(mut entry: Entry) -> Entry {
    let Told { crc32, packed, length, .. } = entry.local;
    entry = entry.with(|it| it.flags |= 8);
    (entry.local.crc32, entry.local.packed, entry.local.length) = (0, 0, 0);
    entry.content.extend_from_slice(b"PK\x07\x08");
    put(&mut entry.content, &[(crc32, 4), (packed, 4), (length, 4)]);
    entry
}

impl Entry {
    /// Changes both sides.
    pub(crate) fn with(mut self, change: impl Fn(&mut Told)) -> Self {
        change(&mut self.local);
        self.listed.iter_mut().for_each(change);
        self
    }

    /// Changes what the directory says.
    pub(crate) fn listed_with(mut self, change: impl Fn(&mut Told)) -> Self {
        self.listed.iter_mut().for_each(change);
        self
    }
}

fn put(out: &mut Vec<u8>, numbers: &[(u32, usize)]) {
    for (number, bytes) in numbers {
        out.extend_from_slice(&number.to_le_bytes()[..*bytes]);
    }
}

fn told(out: &mut Vec<u8>, it: &Told) {
    let name = u32::try_from(it.name.len()).expect("small");
    put(out, &[(20, 2), (it.flags.into(), 2), (it.method.into(), 2), (0, 2), (0x5a00, 2), (it.crc32, 4)]);
    put(out, &[(it.packed, 4), (it.length, 4), (name, 2), (0, 2)]);
}

/// The whole archive; `more` is added to the number of entries that its end claims.
pub(crate) fn archive(entries: &[Entry], more: u32) -> Vec<u8> {
    let (mut out, mut places) = (Vec::new(), Vec::new());
    for entry in entries {
        places.push(u32::try_from(out.len()).expect("small"));
        out.extend_from_slice(b"PK\x03\x04");
        told(&mut out, &entry.local);
        out.extend_from_slice(&entry.local.name);
        out.extend_from_slice(&entry.content);
    }
    let start = u32::try_from(out.len()).expect("small");
    let mut count = more;
    for (entry, place) in entries.iter().zip(places) {
        let Some(listed) = &entry.listed else { continue };
        count += 1;
        out.extend_from_slice(b"PK\x01\x02\x14");
        out.push(listed.system);
        told(&mut out, listed);
        put(&mut out, &[(0, 2), (0, 2), (0, 2), (listed.mode << 16, 4), (entry.at.unwrap_or(place), 4)]);
        out.extend_from_slice(&listed.name);
    }
    let end = u32::try_from(out.len()).expect("small");
    out.extend_from_slice(b"PK\x05\x06");
    put(&mut out, &[(0, 2), (0, 2), (count, 2), (count, 2), (end - start, 4), (start, 4), (0, 2)]);
    out
}
