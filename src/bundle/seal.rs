//! Sealing: from a folder of evidence to one archive that any other program can open.
//!
//! In a `.tar.gz` each entry is a gzip member of its own, and the member's header carries its length, so that a reader can go from entry
//! to entry without inflating. Equal content gives an equal tar: the manifest first, then by path; owner, mode and times are fixed.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::{Compression, GzBuilder};

/// Identifies our subfield among the extra fields of a gzip header (RFC 1952, 2.3.1.1): `E`, `T`, then eight bytes, little-endian: the length of
/// the whole member.
const SUBFIELD: [u8; 4] = [b'E', b'T', 8, 0];

/// Where the subfield's value begins in a member: ten bytes of header, two of the extra field's length, four of [`SUBFIELD`].
const LENGTH_AT: u64 = 16;

/// Mode of every entry: what is in a bundle is for who holds the bundle.
const MODE: u32 = 0o600;

/// The form of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `.tar.gz`.
    TarGz,
    /// `.zip`, for desks without tar.
    Zip,
}

impl Form {
    /// How the name of such a file ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::TarGz => ".tar.gz",
            Self::Zip => ".zip",
        }
    }
}

/// One file that goes into an archive.
pub struct Sealed<'a> {
    /// Its path below the top folder.
    pub path: &'a str,
    /// Its length in bytes.
    pub length: u64,
    /// Opens its content.
    pub open: &'a dyn Fn() -> io::Result<Box<dyn Read>>,
}

/// Writes an archive: its entries in the order given, below the folder `top`, dated `at` (seconds since 1970).
///
/// # Errors
/// What the output, or a file that is packed, says: a full disk above all.
pub fn seal<W: Write + Seek>(form: Form, top: &str, at: u64, entries: &[Sealed<'_>], mut out: W) -> io::Result<W> {
    match form {
        Form::TarGz => tar_gz(top, at, entries, &mut out)?,
        Form::Zip => zip(top, entries, &mut out)?,
    }
    out.flush()?;
    Ok(out)
}

fn tar_gz<W: Write + Seek>(top: &str, at: u64, entries: &[Sealed<'_>], out: &mut W) -> io::Result<()> {
    for entry in entries {
        member(out, |gzip| {
            let mut header = tar::Header::new_gnu();
            header.set_size(entry.length);
            header.set_mode(MODE);
            header.set_mtime(at);
            let mut archive = tar::Builder::new(WithoutEnd { to: gzip, held: Vec::new() });
            archive.append_data(&mut header, format!("{top}/{}", entry.path), content(entry)?)?;
            archive.into_inner().map(drop)
        })?;
    }
    member(out, |gzip| gzip.write_all(&[0; END]))
}

/// The content, of just the length that was told: a file that shrank meanwhile would shift all that follows.
fn content(entry: &Sealed<'_>) -> io::Result<impl Read> {
    Ok((entry.open)()?.chain(io::repeat(0)).take(entry.length))
}

/// One gzip member; its length is entered in its header when it is known.
fn member<W: Write + Seek>(
    out: &mut W,
    fill: impl FnOnce(&mut flate2::write::GzEncoder<&mut W>) -> io::Result<()>,
) -> io::Result<()> {
    let begin = out.stream_position()?;
    let extra = [&SUBFIELD[..], &[0; 8]].concat();
    let mut gzip = GzBuilder::new().extra(extra).mtime(0).write(&mut *out, Compression::default());
    fill(&mut gzip)?;
    gzip.finish()?;
    let end = out.stream_position()?;
    out.seek(SeekFrom::Start(begin + LENGTH_AT))?;
    out.write_all(&(end - begin).to_le_bytes())?;
    out.seek(SeekFrom::Start(end)).map(drop)
}

/// The zeros with which a tar archive ends.
const END: usize = 1024;

/// Keeps back what `tar::Builder` writes at the end of an archive: the archive goes on in the next member.
struct WithoutEnd<W> {
    to: W,
    held: Vec<u8>,
}

impl<W: Write> Write for WithoutEnd<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let over = self.held.len().saturating_sub(END);
        self.to.write_all(self.held.get(..over).unwrap_or_default())?;
        self.held.drain(..over);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn zip<W: Write + Seek>(top: &str, entries: &[Sealed<'_>], out: &mut W) -> io::Result<()> {
    let mut archive = zip::ZipWriter::new(out);
    for entry in entries {
        // The default date, 1980, is the same everywhere; a zip cannot say in which zone a time is.
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(MODE);
        archive.start_file(format!("{top}/{}", entry.path), options)?;
        io::copy(&mut content(entry)?, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use flate2::read::{GzDecoder, MultiGzDecoder};

    use super::*;

    type Opener = Box<dyn Fn() -> io::Result<Box<dyn Read>>>;

    fn sealed(form: Form, files: &[(&str, &str)]) -> Vec<u8> {
        let opens: Vec<Opener> = files
            .iter()
            .map(|(_, text)| {
                let text = text.as_bytes().to_vec();
                Box::new(move || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn Read>)) as Opener
            })
            .collect();
        let entries: Vec<Sealed<'_>> = files
            .iter()
            .zip(&opens)
            .map(|((path, text), open)| Sealed { path, length: text.len() as u64, open: &**open })
            .collect();
        seal(form, "top", 1_535_448_961, &entries, Cursor::new(Vec::new())).unwrap().into_inner()
    }

    #[test]
    fn an_ordinary_reader_finds_every_entry_and_equal_content_gives_equal_bytes() {
        let long = format!("nodes/{}/etcdctl/member-list.json", "h".repeat(200));
        let files = [("manifest.json", "{}"), ("nodes/a/etcdctl/x.json", "[1]"), (long.as_str(), "")];
        let bytes = sealed(Form::TarGz, &files);
        assert_eq!(bytes, sealed(Form::TarGz, &files));
        let mut archive = tar::Archive::new(MultiGzDecoder::new(&bytes[..]));
        let read: Vec<(String, String)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut text = String::new();
                entry.read_to_string(&mut text).unwrap();
                (entry.path().unwrap().to_string_lossy().into_owned(), text)
            })
            .collect();
        let expected: Vec<(String, String)> = files.iter().map(|(p, t)| (format!("top/{p}"), (*t).to_owned())).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn from_the_length_in_its_header_each_member_leads_to_the_next_one() {
        let bytes = sealed(Form::TarGz, &[("manifest.json", "{}"), ("a", "first"), ("b", "second")]);
        let (mut at, mut texts) = (0, Vec::new());
        while at < bytes.len() {
            assert_eq!(&bytes[at..at + 2], b"\x1f\x8b");
            assert_eq!(&bytes[at + 12..at + 16], &SUBFIELD);
            let length = u64::from_le_bytes(bytes[at + 16..at + 24].try_into().unwrap()) as usize;
            let mut tar = Vec::new();
            GzDecoder::new(&bytes[at..at + length]).read_to_end(&mut tar).unwrap();
            assert_eq!(tar.len() % 512, 0);
            texts.push(String::from_utf8_lossy(tar.get(512..).unwrap_or_default()).trim_end_matches('\0').to_owned());
            at += length;
        }
        assert_eq!(texts, ["{}", "first", "second", ""]);
    }

    #[test]
    fn a_file_that_shrank_after_it_was_measured_shifts_nothing() {
        let open = || Ok(Box::new(Cursor::new(b"ab".to_vec())) as Box<dyn Read>);
        let entries = [Sealed { path: "a", length: 600, open: &open }, Sealed { path: "b", length: 1, open: &open }];
        let out = seal(Form::TarGz, "top", 0, &entries, Cursor::new(Vec::new())).unwrap().into_inner();
        let mut archive = tar::Archive::new(MultiGzDecoder::new(&out[..]));
        let sizes: Vec<u64> = archive.entries().unwrap().map(|entry| entry.unwrap().size()).collect();
        assert_eq!(sizes, [600, 1]);
    }

    #[test]
    fn a_zip_holds_the_same_entries() {
        let bytes = sealed(Form::Zip, &[("manifest.json", "{}"), ("nodes/a/x", "text")]);
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["top/manifest.json", "top/nodes/a/x"]);
        let mut text = String::new();
        archive.by_index(1).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "text");
    }
}
