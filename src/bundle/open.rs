//! The doors through which evidence comes in: folders, `.tar`, plain or compressed, `.zip`, single files, standard input.

#![expect(clippy::disallowed_methods, reason = "this is the door: files and standard input are opened here")]

use std::{
    fs::{self, File},
    io::{self, BufReader, Read, Seek},
    path::{Path, PathBuf},
};

use super::{
    kind::{document, is_tar},
    limits::Limits,
    lines::Lines,
    packed::Packing,
    walk::{Contents, Walk, peek},
};
use crate::text::escape;

/// Something to analyse.
#[derive(Clone, Debug)]
pub enum Input {
    /// Text or `.tar` on standard input, plain or compressed.
    Stdin,
    /// A folder, an archive or a single file.
    Path(PathBuf),
    /// Entries that are in memory already: path and content. The cases of a rule's page are read this way.
    Memory(Vec<(String, Vec<u8>)>),
}

/// Why an input could not be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or folder could not be opened.
    #[error("cannot open {path}: {why}")]
    Path {
        /// As it was given.
        path: String,
        /// What the system says.
        why: String,
    },
    /// It is neither a file nor a folder.
    #[error("{path} is neither a file nor a folder: give a folder, an archive (.tar.gz, .tar.xz, .tar, .zip) or a text file")]
    Kind {
        /// As it was given.
        path: String,
    },
    /// A form that is not read.
    #[error("{path} is {what}, which is not read: {hint}")]
    Form {
        /// As it was given.
        path: String,
        /// What it is.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A bundle of a format that this version does not know.
    #[error("{path} {why}")]
    Format {
        /// Where its manifest lies.
        path: String,
        /// Which format it is, and what it takes.
        why: String,
    },
    /// Two inputs of two clusters.
    #[error("{first} is of cluster {first_id}, and {second} of cluster {second_id}: analyse them apart")]
    Clusters {
        /// One input, as it was given.
        first: String,
        /// Its cluster.
        first_id: String,
        /// The other, as it was given.
        second: String,
        /// Its cluster.
        second_id: String,
    },
    /// The archive is damaged from its beginning.
    #[error("{path} cannot be read as an archive: {why}")]
    Archive {
        /// As it was given.
        path: String,
        /// What the reader says.
        why: String,
    },
}

impl Input {
    /// Reads all entries in one pass; `each` is handed the lines of every text and makes something of them.
    ///
    /// # Errors
    /// When the input cannot be opened. What is unreadable within it becomes part of [`Contents::unread`].
    pub fn read<T>(&self, limits: &Limits, each: &mut dyn FnMut(&mut Lines<'_>) -> T) -> Result<Contents<T>, OpenError> {
        let walk = Walk::new(limits, each);
        match self {
            Input::Memory(entries) => Ok(read_memory(entries, walk)),
            Input::Stdin => read_stream("standard input", limits.meter.over(io::stdin().lock()), walk),
            Input::Path(path) => read_path(path, walk),
        }
    }

    /// Bytes of its files as they lie on the disk, where that is known before reading.
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Input::Stdin | Input::Memory(_) => None,
            Input::Path(path) => Some(bytes_below(path)),
        }
    }

    /// As it was given, for messages.
    pub fn name(&self) -> String {
        match self {
            Input::Memory(_) => "memory".into(),
            Input::Stdin => "standard input".into(),
            Input::Path(path) => shown(path),
        }
    }
}

fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy()).to_string()
}

/// Bytes of a file, or of all files below a folder. Links are not followed, as they are not read.
fn bytes_below(path: &Path) -> u64 {
    match fs::metadata(path) {
        Ok(kind) if kind.is_file() => kind.len(),
        Ok(kind) if kind.is_dir() => {
            let children = fs::read_dir(path).into_iter().flatten().flatten();
            children
                .filter(|child| child.file_type().is_ok_and(|kind| !kind.is_symlink()))
                .map(|child| bytes_below(&child.path()))
                .sum()
        }
        _ => 0,
    }
}

fn read_memory<T>(entries: &[(String, Vec<u8>)], mut walk: Walk<'_, T>) -> Contents<T> {
    for (path, bytes) in entries {
        walk.entry(path.as_bytes(), None, &mut bytes.as_slice());
    }
    walk.finish(false)
}

fn read_path<T>(path: &Path, mut walk: Walk<'_, T>) -> Result<Contents<T>, OpenError> {
    let cannot = |e: io::Error| OpenError::Path { path: shown(path), why: plain(&e) };
    let kind = fs::metadata(path).map_err(cannot)?;
    if kind.is_dir() {
        if let Some(inner) = fixture_input(path) {
            return read_path(&inner, walk);
        }
        fs::read_dir(path).map_err(cannot)?;
        read_folder(path, "", &mut walk);
        return Ok(walk.finish(false));
    }
    if !kind.is_file() {
        // Named pipes and devices could be read, but a mistyped /dev/zero never ends.
        return Err(OpenError::Kind { path: shown(path) });
    }
    let mut file = File::open(path).map_err(cannot)?;
    let mut magic = Vec::new();
    file.by_ref().take(64).read_to_end(&mut magic).map_err(cannot)?;
    file.rewind().map_err(cannot)?;
    let file = walk.limits.meter.over(file);
    if document(&magic).is_some() {
        return Ok(read_lone(file, walk));
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return read_zip(path, file, walk);
    }
    read_stream(&shown(path), file, walk)
}

/// A stored fixture is a folder with `provenance.md` or `expected.json` beside its `input`, `input.tar.gz` or `input.txt`: its input is
/// the evidence, the rest never is.
fn fixture_input(folder: &Path) -> Option<PathBuf> {
    let about = ["expected.json", "provenance.md"].iter().any(|name| folder.join(name).is_file());
    let inputs = ["input", "input.tar.gz", "input.txt", "input.tar", "input.zip"];
    inputs.iter().map(|name| folder.join(name)).find(|path| about && path.exists())
}

/// Reads a folder in the order of names. Links are not followed: a bundle that was unpacked from an unknown archive may hold links
/// to anything.
fn read_folder<T>(folder: &Path, prefix: &str, walk: &mut Walk<'_, T>) {
    let listing = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut children = match listing {
        Ok(children) => children,
        Err(error) => return walk.unread(prefix, plain(&error)),
    };
    children.sort_by_key(fs::DirEntry::file_name);
    for child in children {
        if walk.is_full() {
            return;
        }
        let name = child.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        match child.file_type() {
            Ok(kind) if kind.is_dir() => read_folder(&child.path(), &format!("{path}/"), walk),
            Ok(kind) if kind.is_file() => match File::open(child.path()) {
                Ok(file) => walk.entry(path.as_bytes(), None, &mut walk.limits.meter.over(file)),
                Err(error) => walk.unread(&path, plain(&error)),
            },
            Ok(_) => walk.unread(&path, "a link or a device, not a file"),
            Err(error) => walk.unread(&path, plain(&error)),
        }
    }
}

fn read_stream<T>(name: &str, from: impl Read, mut walk: Walk<'_, T>) -> Result<Contents<T>, OpenError> {
    let (head, stream) = peek(from);
    if let Some(error) = refused(name, &head) {
        return Err(error);
    }
    if is_tar(&head) {
        read_tar(stream, &mut walk);
        return Ok(walk.finish(false));
    }
    if let Some(packing) = Packing::of(&head) {
        let (inner, stream) = peek(packing.unpack(stream));
        if is_tar(&inner) {
            read_tar(stream, &mut walk);
            return Ok(walk.finish(false));
        }
        if let Some(error) = refused(name, &inner) {
            return Err(error);
        }
        return Ok(read_lone(stream, walk));
    }
    Ok(read_lone(stream, walk))
}

fn read_lone<T>(mut stream: impl Read, mut walk: Walk<'_, T>) -> Contents<T> {
    walk.entry(b"input", None, &mut stream);
    walk.finish(true)
}

fn refused(name: &str, head: &[u8]) -> Option<OpenError> {
    let (what, hint) = match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => ("a zip archive on a stream", "give it as a file: a zip is read from its end"),
        [b'7', b'z', 0xbc, 0xaf, ..] | [b'R', b'a', b'r', b'!', ..] => ("a 7z or rar archive", "unpack it and give the folder"),
        _ => return None,
    };
    Some(OpenError::Form { path: name.to_owned(), what, hint })
}

fn read_tar<T>(stream: impl Read, walk: &mut Walk<'_, T>) {
    let mut archive = tar::Archive::new(stream);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return walk.unread("", plain(&error)),
    };
    for entry in entries {
        if walk.is_full() {
            return;
        }
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                return walk
                    .unread("", format!("the archive is cut off or damaged here, the rest is missing: {}", plain(&error)));
            }
        };
        let path = entry.path_bytes().into_owned();
        let kind = entry.header().entry_type();
        if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
            let size = entry.size();
            walk.entry(&path, Some(size), &mut entry);
        } else if !kind.is_dir() && !kind.is_pax_global_extensions() {
            walk.unread(&String::from_utf8_lossy(&path), "a link or a device, not a file");
        }
    }
}

fn read_zip<T>(path: &Path, file: impl Read + Seek, mut walk: Walk<'_, T>) -> Result<Contents<T>, OpenError> {
    let failed = |e: zip::result::ZipError| OpenError::Archive { path: shown(path), why: escape(&e.to_string()).to_string() };
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(failed)?;
    for index in 0..archive.len() {
        if walk.is_full() {
            break;
        }
        match archive.by_index(index) {
            Ok(mut entry) if entry.is_file() => {
                let (name, size) = (entry.name_raw().to_vec(), entry.size());
                walk.entry(&name, Some(size), &mut entry);
            }
            Ok(entry) if entry.is_dir() => {}
            Ok(entry) => walk.unread(&String::from_utf8_lossy(entry.name_raw()), "a link or a device, not a file"),
            Err(error) => walk.unread(&format!("entry {} of the zip archive", index + 1), escape(&error.to_string()).to_string()),
        }
    }
    Ok(walk.finish(false))
}

/// What the system says, without Rust's `(os error 2)`.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    escape(words.split(" (os error").next().unwrap_or(&words)).to_string()
}
