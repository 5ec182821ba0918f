//! What an entry is by its first bytes: text, compressed, or something that is sent instead of text, with what to send in its place.

use super::{encoding::wide, packed::Packing};

/// What first bytes say of the rest.
pub(super) enum Content {
    Text,
    Packed(Packing),
    Archive(Archive),
    Other(&'static str),
}

/// Archives that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Archive {
    Tar,
    Zip,
}

impl Archive {
    /// What it is, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tar => "a tar archive",
            Self::Zip => "a zip archive",
        }
    }
}

const IMAGE: &str = "an image, which is not read: ask for the text, that is the command that is seen in it, with its output";
const WAL: &str = "a write-ahead log of etcd, binary data: ask for `ls -l` of its folder and the log of the member";
const SNAP: &str = "a snapshot of etcd's old store, binary data: ask for `ls -l` of its folder and the log of the member";
const DB: &str =
    "a database of etcd, binary data: ask for `etcdutl snapshot status FILE -w json` or `etcdctl snapshot status FILE -w json`";
const OFFICE: &str = "a document of an office program: ask for the text, copied out of it into a plain file";

/// Fewest bytes of a first line that is believed.
const SHORTEST: usize = 16;

/// The leading bytes of things that are sent instead of text, and what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
    (b"Rar!", "a rar archive: unpack it"),
    (b"\x89PNG", IMAGE),
    (b"\xff\xd8\xff", IMAGE),
    (b"GIF8", IMAGE),
    (b"II*\0", IMAGE),
    (b"MM\0*", IMAGE),
    (b"%PDF", "a PDF, which is not read: ask for the text, copied out of it into a plain file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OFFICE),
    (b"{\\rtf", OFFICE),
    (b"\xff\xfe\0\0", "UTF-32 text (save it as UTF-8)"),
    (b"LPKSHHRH", "a binary journal: ask for `journalctl --file FILE -o short-iso`"),
    (b"\xd4\xc3\xb2\xa1", "a packet capture: ask for `tcpdump -nr FILE` of the minutes in question"),
    (b"\x0a\x0d\x0d\x0a", "a packet capture: ask for `tcpdump -nr FILE` of the minutes in question"),
    (b"SQLite format 3\0", "a database of SQLite: binary data"),
];

pub(super) fn kind_of(head: &[u8]) -> Content {
    if let Some(packing) = Packing::of(head) {
        return Content::Packed(packing);
    }
    if let Some(what) = document(head).or_else(|| of_etcd(head)).or_else(|| program(head)).or_else(|| picture(head)) {
        return Content::Other(what);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Content::Archive(Archive::Zip);
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Content::Other(what);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Content::Archive(Archive::Tar);
    }
    if wide(head).is_some() {
        return Content::Text;
    }
    // A power cut leaves a run of NULs in a log, behind whole lines; what else is mostly control characters is no log.
    if begins_with_a_line(head) {
        return Content::Text;
    }
    let control = head.iter().filter(|b| **b < 9 || (14..32).contains(*b) && **b != 27).count();
    if control * 4 > head.len() { Content::Other("binary data") } else { Content::Text }
}

/// Whether the first line is one that a person can read.
fn begins_with_a_line(head: &[u8]) -> bool {
    let line = head.split(|b| *b == b'\n').next().filter(|line| line.len() < head.len());
    line.is_some_and(|line| line.len() >= SHORTEST && line.iter().all(|b| matches!(*b, b'\t' | b'\r' | b' '..=b'~')))
}

/// Html, which is what a site sends instead of a file to who is not logged in.
pub(super) fn is_page(head: &[u8]) -> bool {
    let begin = head.trim_ascii_start();
    [b"<!doctype html".as_slice(), b"<html"].iter().any(|tag| begin.get(..tag.len()).is_some_and(|b| b.eq_ignore_ascii_case(tag)))
}

/// POSIX and GNU tar write `ustar` at byte 257 of the first header; an empty archive is two blocks of zeros.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar") || (head.len() >= 1024 && head.iter().all(|b| *b == 0))
}

/// Word, Excel, PowerPoint and OpenDocument are zip archives whose first entry says so.
pub(super) fn document(head: &[u8]) -> Option<&'static str> {
    let first = head.strip_prefix(b"PK\x03\x04")?.get(26..)?;
    let names: [&[u8]; 6] = [b"[Content_Types].xml", b"_rels/", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd."];
    let is_named = |name: &&[u8]| first.starts_with(name) || (name.starts_with(b"mimetype") && first.starts_with(b"mimetype"));
    names.iter().any(is_named).then_some(OFFICE)
}

/// etcd's own files. A WAL's first record holds a checksum (type 4) behind its length in eight bytes; a snapshot of the old store is
/// a checksum and one field of JSON; bbolt has its magic in the first page.
fn of_etcd(head: &[u8]) -> Option<&'static str> {
    let is_wal = head.get(8..11) == Some(b"\x08\x04\x10") && head.get(2..7) == Some(&[0; 5]);
    let is_snap = || {
        let field = head.strip_prefix(b"\x08")?.iter().skip(1).take(5).position(|b| *b == 0x12)? + 2;
        let json = head.get(field + 1..)?.iter().take(12).position(|b| *b == b'{')?;
        head.get(field + 1 + json..)?.starts_with(b"{\"").then_some(SNAP)
    };
    if is_wal {
        return Some(WAL);
    }
    if head.get(16..20) == Some(b"\xed\xda\x0c\xed") { Some(DB) } else { is_snap() }
}

fn program(head: &[u8]) -> Option<&'static str> {
    let kind = head.strip_prefix(b"\x7fELF")?.get(12).copied();
    Some(match kind {
        Some(4) => "a core dump: ask for the log of the minutes before it, which has the panic and its stack",
        _ => "a program",
    })
}

fn picture(head: &[u8]) -> Option<&'static str> {
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let is_heic = head.get(4..8) == Some(b"ftyp");
    let is_bmp = head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]);
    (is_webp || is_heic || is_bmp).then_some(IMAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(head: &[u8]) -> &'static str {
        match kind_of(head) {
            Content::Text => "text",
            Content::Packed(packing) => packing.name(),
            Content::Archive(archive) => archive.name(),
            Content::Other(what) => what,
        }
    }

    #[test]
    fn what_is_no_text_is_named_and_something_is_asked_for_in_its_place() {
        let zip = |name: &[u8]| [b"PK\x03\x04", [0; 26].as_slice(), name].concat();
        for (head, expected) in [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), IMAGE),
            (b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), IMAGE),
            (zip(b"[Content_Types].xml"), OFFICE),
            (zip(b"mimetypeapplication/vnd.oasis"), OFFICE),
            (zip(b"etcd.log"), "a zip archive"),
            ([[b'x'; 257].as_slice(), b"ustar\x0000"].concat(), "a tar archive"),
            (b"\x04\0\0\0\0\0\0\x84\x08\x04\x10\0\0\0\0\0 \0\0\0\0\0\0\0".to_vec(), WAL),
            (b"\x0e\0\0\0\0\0\0\x82\x08\x04\x10\xbb\x81\xc7\xfc\x05".to_vec(), WAL),
            (b"\x08\xf5\xd3\xf9\xd9\x0b\x12\xca7\x0a\xb27{\"Root\":{\"Path\":\"/\",".to_vec(), SNAP),
            ([[0; 16].as_slice(), b"\xed\xda\x0c\xed\x02\0\0\0"].concat(), DB),
        ] {
            assert_eq!(what(&head), expected);
        }
        let mut core = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0".to_vec();
        assert!(what(&core).starts_with("a core dump"));
        core[16] = 2;
        assert_eq!(what(&core), "a program");
    }

    #[test]
    fn a_log_in_which_a_power_cut_left_zeros_is_text_and_zeros_alone_are_not() {
        let log = b"Aug 28 09:36:01 db-1 etcd: open wal error\n".as_slice();
        assert_eq!(what(&[log, &[0; 900]].concat()), "text");
        assert_eq!(what(&[0; 1024]), "binary data");
        assert_eq!(what(&[b"\x7fa line of words\n".as_slice(), &[0; 900]].concat()), "binary data");
    }

    #[test]
    fn logs_and_answers_are_text() {
        for head in [
            "Aug 28 09:36:01 db-1 etcd: open wal error",
            "{\"level\":\"warn\"}",
            "",
            "BM is a word",
            "+---+\n| a |",
            "\u{1b}[31mred",
        ] {
            assert_eq!(what(head.as_bytes()), "text", "{head}");
        }
    }
}
