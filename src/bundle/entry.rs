//! One entry: what it is, its lines, and the archive that it may be.

use std::io::{self, Read};

use encoding_rs::Encoding;
use sha2::Digest as _;

use super::{
    bytes::Bytes,
    digest::hex,
    encoding::{Utf8, wide},
    kind::{Archive, Content, kind_of},
    limits::Limits,
    lines::Lines,
    packed::Packing,
    peek::{Head, peek},
    source::Source,
    tally::{Counted, Tally},
    tarball::read_tar,
    walk::{Contents, Each, Entry, Walk},
    zipfile::read_zip,
    zipstream::read_stream,
};
use crate::text::escape;

/// Said of an entry whose bytes are not those that were packed.
pub(super) const SUM_WRONG: &str = "its checksum is not the one that the archive gives: it was altered or damaged";

/// What an archive says of an entry. None of it is believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) length: u64,
    pub(super) crc32: Option<u32>,
}

/// An entry to be read.
pub(super) struct Given<'r> {
    pub(super) claim: Option<Claim>,
    pub(super) from: &'r mut dyn Read,
    /// The same bytes, where they lie in a file as they are: an archive among them can be read from any place.
    pub(super) bytes: Option<Bytes>,
}

/// What an entry holds.
#[derive(Debug)]
pub(super) enum Found<T> {
    /// What was made of its lines.
    Text(T),
    /// It is an archive.
    Archive(Contents<T>),
}

/// What came of an entry: what it said, and what is to be noted of it.
pub(super) struct Outcome<T> {
    pub(super) entry: Option<Entry<Found<T>>>,
    pub(super) notes: Vec<String>,
}

impl<T> Outcome<T> {
    /// It could not be read.
    pub(super) fn unread(why: String) -> Self {
        Self { entry: None, notes: vec![why] }
    }
}

/// Makes something of the lines of a text.
type Make<'m, T> = &'m mut dyn FnMut(&mut Lines<'_>) -> T;

/// What was read of an entry, with what was missing though it was read; or why it was not read.
type Reading<T> = Result<(Found<T>, Option<String>), String>;

/// Reads an entry, and holds it against what the archive says of it.
pub(super) fn read_entry<T>(path: &str, given: Given<'_>, tally: &Tally, limits: &Limits, each: Make<'_, T>) -> Outcome<T> {
    let Given { claim, from, bytes } = given;
    let source = Source::new(path);
    let mut counted = Counted::new(from, tally, limits, limits.sha256);
    let reader = Reader { source: &source, tally, limits };
    let read = reader.read(&mut counted, bytes, each);
    let drained = counted.skip();
    let (length, beyond) = (counted.length(), counted.beyond().map(str::to_owned));
    let (crc32, sha) = counted.sums();
    let is_told = matches!(read, Ok((_, Some(_))));
    let short = match (beyond, drained, claim) {
        // Where it stopped among the lines is said already.
        (Some(_), ..) | (_, Err(_), _) if is_told => None,
        (Some(why), ..) => Some(format!("read in part: {why}")),
        (None, Err(error), _) => Some(format!("cut off after {length} bytes: {}", escape(&error.to_string()))),
        (None, Ok(_), Some(claim)) if claim.length > length => Some(format!("cut off after {length} of {} bytes", claim.length)),
        (None, Ok(_), Some(claim)) if claim.length < length => {
            Some(format!("it has {length} bytes, and {} by the archive's directory", claim.length))
        }
        (None, Ok(_), Some(claim)) if claim.crc32.is_some_and(|sum| sum != crc32) => Some(SUM_WRONG.to_owned()),
        _ => None,
    };
    let mut notes: Vec<String> = short.into_iter().collect();
    match read {
        Ok((content, note)) => {
            notes.extend(note);
            let sha256 = sha.map(|sha| hex(&sha.finalize()));
            Outcome { entry: Some(Entry { source, length, crc32, sha256, content }), notes }
        }
        Err(why) => {
            notes.push(why);
            Outcome { entry: None, notes }
        }
    }
}

/// Where an entry is read, and under which limits.
struct Reader<'r> {
    source: &'r Source,
    tally: &'r Tally,
    limits: &'r Limits,
}

impl Reader<'_> {
    /// Hands the text of an entry on as lines, as it is or out of one layer of compression, or reads the archive that it is.
    fn read<T>(&self, counted: &mut Counted<'_>, bytes: Option<Bytes>, each: Make<'_, T>) -> Reading<T> {
        let head = Head::of(counted);
        let kind = kind_of(&head.bytes);
        let encoding = wide(&head.bytes);
        // What a tar archive holds counts when it is read out of it: the same bytes count once.
        counted.leave_count(matches!(kind, Content::Archive(Archive::Tar)));
        let mut rest = head.before(&mut *counted);
        let read = match kind {
            Content::Text => Ok(self.lines(encoding, &mut rest, each)),
            Content::Packed(packing) => self.packed(packing, &mut rest, each),
            Content::Archive(archive) => self.archive(archive, None, &mut rest, bytes, each),
            Content::Other(what) if what.contains(':') => Err(what.into()),
            Content::Other(what) => Err(format!("{what}, not text")),
        };
        counted.leave_count(false);
        read
    }

    fn packed<T>(&self, packing: Packing, from: &mut dyn Read, each: Make<'_, T>) -> Reading<T> {
        let (head, mut rest) = peek(packing.unpack(from));
        let name = packing.name();
        match kind_of(&head) {
            Content::Text => {
                // What comes out counts as well: a small file can hold a very long text.
                let mut inner = Counted::new(&mut rest, self.tally, self.limits, false);
                Ok(self.lines(wide(&head), &mut inner, each))
            }
            Content::Packed(inner) => Err(format!("{} within {name} is not read; unpack it once", inner.name())),
            Content::Archive(Archive::Tar) => self.archive(Archive::Tar, Some(packing), &mut rest, None, each),
            Content::Archive(Archive::Zip) => {
                let mut inner = Counted::new(&mut rest, self.tally, self.limits, false);
                self.archive(Archive::Zip, Some(packing), &mut inner, None, each)
            }
            Content::Other(what) => {
                let what = what.split([':', ',']).next().unwrap_or(what);
                Err(format!("{what} within {name} is not read; give it as an input of its own"))
            }
        }
    }

    /// Reads an archive within the input as the input itself is read.
    fn archive<T>(
        &self,
        archive: Archive,
        packing: Option<Packing>,
        from: &mut dyn Read,
        bytes: Option<Bytes>,
        each: Make<'_, T>,
    ) -> Reading<T> {
        if self.tally.depth() >= self.limits.layers {
            let packed = packing.map(|packing| format!(" within {}", packing.name())).unwrap_or_default();
            let what = format!("{}{packed}", archive.name());
            return Err(match self.tally.depth() {
                0 => format!("{what}: give it as an input of its own"),
                depth => format!(
                    "{what} below {depth} archives of the input, where no more is read: take it out, and give it as an input of its own"
                ),
            });
        }
        let mut walk = Walk::within(self.limits, self.tally.within_archive(), Each::InTurn(each));
        let note = match archive {
            Archive::Tar => {
                read_tar(from, &mut walk);
                None
            }
            Archive::Zip => self.zip(from, bytes, &mut walk)?,
        };
        Ok((Found::Archive(walk.finish(false)), note))
    }

    /// Reads a zip archive by the directory at its end, where it can be come to; else in the order of its entries.
    fn zip<T>(&self, from: &mut dyn Read, bytes: Option<Bytes>, walk: &mut Walk<'_, T>) -> Result<Option<String>, String> {
        let refused = |why: String| format!("a zip archive that cannot be read: {why}");
        if let Some(bytes) = bytes {
            // Its sum is taken, and what is wrong with it shows to whom it was given.
            let _ = io::copy(from, &mut io::sink());
            return read_zip(&bytes, walk).map(|()| None).map_err(refused);
        }
        let mut held = Vec::new();
        let error = from.take(self.limits.held_bytes.saturating_add(1)).read_to_end(&mut held).err();
        if error.is_none() && held.len() as u64 > self.limits.held_bytes {
            return read_stream(io::Cursor::new(held).chain(from), walk).map(|()| None).map_err(refused);
        }
        let note = error.map(|error| format!("cut off after {} bytes: {}", held.len(), escape(&error.to_string())));
        read_zip(&Bytes::of_memory(held), walk).map_err(|why| refused(note.clone().unwrap_or(why)))?;
        Ok(note)
    }

    fn lines<T>(
        &self,
        encoding: Option<&'static Encoding>,
        from: &mut dyn Read,
        each: Make<'_, T>,
    ) -> (Found<T>, Option<String>) {
        let mut decoded;
        let from: &mut dyn Read = match encoding {
            Some(encoding) => {
                decoded = Utf8::new(from, encoding);
                &mut decoded
            }
            None => from,
        };
        let most = self.limits.line_bytes;
        let mut lines = Lines::new(self.source.clone(), from, most);
        let content = each(&mut lines);
        while lines.next_line().is_some() {}
        let note = match (lines.take_error(), lines.cut_lines()) {
            (Some(error), _) => Some(format!("cut off in line {}: {}", lines.number(), escape(&error.to_string()))),
            (None, 0) => None,
            (None, 1) => Some(format!("a line is longer than {most} bytes and was read up to there")),
            (None, n) => Some(format!("{n} lines are longer than {most} bytes and were read up to there")),
        };
        (Found::Text(content), note)
    }
}
