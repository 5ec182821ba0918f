//! The doors through which evidence comes in: folders, `.tar`, plain or compressed, `.zip`, single files, standard input.

#![expect(clippy::disallowed_methods, reason = "this is the door: files and standard input are opened here")]

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, File, FileType},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::{
    ahead::{ahead, here},
    apart::{Opened, read_apart},
    bytes::Bytes,
    kind::{document, is_page, is_tar},
    limits::Limits,
    lines::Lines,
    metered::Meter,
    packed::Packing,
    peek::peek,
    tarball::read_tar,
    walk::{Contents, Each, Walk},
    zipfile::read_zip,
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
    /// Inputs of several clusters.
    #[error("what was given is of several clusters, and a report is of one: analyse them apart\n{clusters}{hint}")]
    Clusters {
        /// A line for each cluster, with what is of it, as it was given.
        clusters: String,
        /// What to do.
        hint: &'static str,
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
        self.walk(Walk::new(limits, Each::InTurn(each)))
    }

    /// The same, where entries may be read at once ([`Limits::threads`]).
    ///
    /// # Errors
    /// As [`Input::read`].
    pub fn read_at_once<T: Send>(
        &self,
        limits: &Limits,
        each: &(dyn Fn(&mut Lines<'_>) -> T + Sync),
    ) -> Result<Contents<T>, OpenError> {
        self.walk(Walk::new(limits, Each::AtOnce(each, read_apart)))
    }

    fn walk<T>(&self, walk: Walk<'_, T>) -> Result<Contents<T>, OpenError> {
        match self {
            Input::Memory(entries) => Ok(read_memory(entries, walk)),
            Input::Stdin => read_stream("standard input", walk.limits.meter.over(io::stdin()), walk),
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
    file.by_ref().take(1024).read_to_end(&mut magic).map_err(cannot)?;
    let is_other = is_tar(&magic) || Packing::of(&magic).is_some();
    let is_zip = magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") || !is_other && ends_as_zip(&mut file);
    file.rewind().map_err(cannot)?;
    if document(&magic).is_some() {
        let file = walk.tally.over(walk.limits, file);
        return Ok(read_lone(file, walk));
    }
    if is_zip {
        let file = Bytes::of_file(file).map_err(cannot)?;
        read_zip(&file, &mut walk).map_err(|why| OpenError::Archive { path: shown(path), why })?;
        return Ok(walk.finish(false));
    }
    let file = walk.limits.meter.over(file);
    read_stream(&shown(path), file, walk)
}

/// Whether a file ends like a zip archive without a comment, whatever was put before it.
fn ends_as_zip(file: &mut File) -> bool {
    let mut end = [0; 22];
    let is_read = file.seek(SeekFrom::End(-22)).is_ok() && file.read_exact(&mut end).is_ok();
    is_read && end.starts_with(b"PK\x05\x06") && end.ends_with(&[0, 0])
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
    let (children, more) = match children(folder, walk.limits.entries) {
        Ok(children) => children,
        Err(error) => return walk.unread(prefix, plain(&error)),
    };
    for (name, kind) in children {
        if walk.is_full() {
            return;
        }
        let path = format!("{prefix}{}", name.to_string_lossy());
        let child = folder.join(&name);
        match kind {
            Ok(kind) if kind.is_dir() => read_folder(&child, &format!("{path}/"), walk),
            Ok(kind) if kind.is_file() => {
                let length = fs::symlink_metadata(&child).map_or(0, |file| file.len());
                walk.entry_apart(path.as_bytes(), None, length, move |tally, limits| {
                    let bytes = open_file(&child).and_then(Bytes::of_file).map_err(|error| io::Error::other(plain(&error)))?;
                    Ok(Opened { stream: Box::new(tally.over(limits, bytes.reader_to_the_end())), bytes: Some(bytes) })
                });
            }
            Ok(kind) => walk.unread(&path, what_is(kind)),
            Err(error) => walk.unread(&path, plain(&error)),
        }
    }
    if more > 0 {
        walk.unread(prefix, format!("{more} more files of this folder were not read"));
    }
}

/// What a folder holds, by name: of a folder that holds more than is read, what comes first. The second is how many more there are.
fn children(folder: &Path, most: usize) -> io::Result<(BTreeMap<OsString, io::Result<FileType>>, u64)> {
    let (mut first, mut more) = (BTreeMap::new(), 0);
    for child in fs::read_dir(folder)? {
        let child = child?;
        first.insert(child.file_name(), child.file_type());
        if first.len() > most {
            first.pop_last();
            more += 1;
        }
    }
    Ok((first, more))
}

/// A file and nothing else, though somebody puts a link or a pipe there in this moment.
fn open_file(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no file any more")) }
}

fn what_is(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "a symbolic link, which is not followed"
    } else if kind.is_fifo() {
        "a named pipe, not a file"
    } else if kind.is_socket() {
        "a socket, not a file"
    } else {
        "a device, not a file"
    }
}

fn read_stream<T>(name: &str, from: impl Read + Send + 'static, mut walk: Walk<'_, T>) -> Result<Contents<T>, OpenError> {
    // What is read ahead counts when it is used: else it would hang on the moment what a limit cuts off.
    let read = Meter::default();
    let (head, stream) = peek(read.over(from));
    if let Some(error) = refused(name, &head) {
        return Err(error);
    }
    if is_tar(&head) {
        let stream = walk.tally.within(stream);
        read_tar(stream, &mut walk);
        return Ok(walk.finish(false));
    }
    if let Some(packing) = Packing::of(&head) {
        let unpack = if walk.limits.threads > 1 { ahead } else { here };
        let (inner, stream) = peek(unpack(Box::new(packing.unpack(stream)), read, walk.tally.meter()));
        if is_tar(&inner) {
            read_tar(stream, &mut walk);
            return Ok(walk.finish(false));
        }
        if let Some(error) = refused(name, &inner) {
            return Err(error);
        }
        return Ok(read_lone(stream, walk));
    }
    let stream = walk.tally.within(stream);
    Ok(read_lone(stream, walk))
}

fn read_lone<T>(stream: impl Read, mut walk: Walk<'_, T>) -> Contents<T> {
    let (head, mut stream) = peek(stream);
    if is_page(&head) {
        walk.unread(
            "input",
            "an HTML page: where a file was expected, the site may have sent its page for logging in; fetch it again",
        );
    }
    walk.entry(b"input", None, &mut stream);
    if head.is_empty() && walk.is_silent() {
        walk.unread("input", "it is empty");
    }
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

/// What the system says, without Rust's `(os error 2)`.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    escape(words.split(" (os error").next().unwrap_or(&words)).to_string()
}
