//! The private folder in which a collection is gathered, beside the file that it becomes. Left behind, it is an unfinished bundle.

#![expect(clippy::disallowed_methods, reason = "this is the door: the collection's own folder is made, packed and removed here")]

use std::{
    borrow::Cow,
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    ops::ControlFlow,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use super::record::{create, sha256_of};
use crate::bundle::{Form, MANIFEST, Manifest, STDERR, Sealed, seal};

/// How the name of such a folder ends.
const UNFINISHED: &str = ".unfinished";

/// How the name of an archive ends that is not complete yet.
const PARTIAL: &str = ".partial";

/// How the names of bundles begin.
pub(super) const PREFIX: &str = "etcd-triage_";

/// The folder of one collection. It is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    /// Held as long as the collection runs, so that another start can tell a leftover from a neighbour.
    _lock: Option<File>,
}

/// Where the archive goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The folder in which it will lie.
    pub folder: PathBuf,
    /// Its name without the ending; also the name of the top folder in it.
    pub name: String,
    /// Its form.
    pub form: Form,
}

impl Target {
    /// In a folder, under a name that nothing has yet: a second collection in one second gets `-2` behind its own.
    pub fn free(folder: &Path, name: &str, form: Form) -> Self {
        let numbered = (2..).map(|n| format!("{name}-{n}"));
        let targets = std::iter::once(name.to_owned()).chain(numbered).map(|name| Self { folder: folder.to_owned(), name, form });
        let is_free = |target: &Self| !target.path().exists() && !target.spool().exists();
        let mut targets = targets.skip_while(|target| !is_free(target));
        // There are more numbers than files.
        targets.next().unwrap_or_else(|| Self { folder: folder.to_owned(), name: name.to_owned(), form })
    }

    /// The folder in which it is gathered.
    fn spool(&self) -> PathBuf {
        self.folder.join(format!("{}{UNFINISHED}", self.name))
    }

    /// The archive's path.
    pub fn path(&self) -> PathBuf {
        self.folder.join(format!("{}{}", self.name, self.form.ending()))
    }
}

/// Folders of earlier collections that were not finished, where no other process holds them.
pub(super) fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_leftover = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_ours = name.starts_with(PREFIX) && name.ends_with(UNFINISHED);
        is_ours && File::open(path).is_ok_and(|folder| flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok())
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_leftover).collect();
    found.sort();
    found
}

impl Spool {
    /// Makes the folder, for its owner only.
    pub(super) fn new(target: &Target) -> io::Result<Self> {
        let folder = target.spool();
        DirBuilder::new().mode(0o700).create(&folder)?;
        let lock = File::open(&folder).ok().filter(|file| flock(file, FlockOperation::NonBlockingLockExclusive).is_ok());
        Ok(Self { folder, _lock: lock })
    }

    /// Where an entry of the bundle lies; its folder is made.
    pub(super) fn place(&self, path: &str) -> io::Result<PathBuf> {
        let place = self.folder.join(path);
        if let Some(folder) = place.parent() {
            DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
        }
        Ok(place)
    }

    /// Writes the manifest as it stands now, so that a leftover has one too.
    pub(super) fn write_manifest(&self, manifest: &Manifest) -> io::Result<()> {
        let (path, next) = (self.folder.join(MANIFEST), self.folder.join("manifest.json.next"));
        // A leftover of the line before; mostly there is none.
        let _ = fs::remove_file(&next);
        let mut file = create(&next)?;
        file.write_all(manifest.to_text()?.as_bytes())?;
        fs::rename(next, path)
    }

    /// A small output that was written before.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        let mut text = String::new();
        File::open(self.folder.join(path)).ok()?.take(64 * 1024).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Hands over each line of an entry, without its end, until it is told to end.
    pub(super) fn lines(&self, path: &str, mut take: impl FnMut(&[u8]) -> ControlFlow<()>) -> io::Result<()> {
        let mut file = BufReader::new(File::open(self.folder.join(path))?);
        let mut line = Vec::new();
        while file.read_until(b'\n', &mut line)? > 0 {
            if take(line.strip_suffix(b"\n").unwrap_or(&line)).is_break() {
                break;
            }
            line.clear();
        }
        Ok(())
    }

    /// Writes an entry anew, line by line, under another path or its own. Gives its length and SHA-256.
    pub(super) fn rewrite(
        &self,
        path: &str,
        to: &str,
        mut with: impl FnMut(&[u8]) -> Cow<'_, [u8]>,
    ) -> io::Result<(u64, String)> {
        let place = self.place(to)?;
        let next = place.with_file_name("next.rewritten");
        let (mut out, mut bytes) = (BufWriter::new(create(&next)?), 0);
        let mut file = BufReader::new(File::open(self.folder.join(path))?);
        let mut line = Vec::new();
        while file.read_until(b'\n', &mut line)? > 0 {
            let (text, end) = line.strip_suffix(b"\n").map_or((&line[..], &b""[..]), |text| (text, b"\n"));
            let text = with(text);
            out.write_all(&text)?;
            out.write_all(end)?;
            bytes += (text.len() + end.len()) as u64;
            drop(text);
            line.clear();
        }
        out.flush()?;
        self.remove(path)?;
        fs::rename(&next, &place)?;
        Ok((bytes, sha256_of(&place)?))
    }

    /// Takes an entry away.
    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.folder.join(path))
    }

    /// Packs the folder, below a top folder. Under the final name there is a whole archive, or nothing.
    pub(super) fn seal(&self, manifest: &Manifest, target: &Target, top: &str, at: u64) -> io::Result<PathBuf> {
        self.write_manifest(manifest)?;
        let mut paths: Vec<String> = Vec::new();
        for row in &manifest.rows {
            paths.extend(row.bytes.map(|_| row.path.clone()));
            paths.extend(row.stderr.as_ref().map(|_| format!("{}{STDERR}", row.path)));
        }
        paths.sort();
        paths.insert(0, MANIFEST.to_owned());
        let (path, partial) = (target.path(), target.folder.join(format!("{}{PARTIAL}", target.name)));
        let _ = fs::remove_file(&partial);
        let packed = self.pack(&paths, target.form, top, at, &partial).and_then(|()| fs::rename(&partial, &path));
        if packed.is_err() {
            // What is there of it is of no use, and the disk may be full.
            let _ = fs::remove_file(&partial);
        }
        packed.map(|()| path)
    }

    fn pack(&self, paths: &[String], form: Form, top: &str, at: u64, partial: &Path) -> io::Result<()> {
        type Opener = Box<dyn Fn() -> io::Result<Box<dyn Read>>>;
        let mut openers: Vec<(&str, u64, Opener)> = Vec::new();
        for path in paths {
            let file = self.folder.join(path);
            let length = fs::metadata(&file)?.len();
            let open = move || Ok(Box::new(BufReader::new(File::open(&file)?)) as Box<dyn Read>);
            openers.push((path, length, Box::new(open)));
        }
        let entries: Vec<Sealed<'_>> =
            openers.iter().map(|(path, length, open)| Sealed { path, length: *length, open: &**open }).collect();
        let out = seal(form, top, at, &entries, BufWriter::new(create(partial)?))?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        // Only now is it sure that the disk took it all.
        file.sync_all()
    }
}

/// Writes a file for its owner only, whole or not at all, over one of the same name.
pub(super) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut next = path.as_os_str().to_owned();
    next.push(".next");
    let next = PathBuf::from(next);
    // What a start that was ended left; mostly there is none.
    let _ = fs::remove_file(&next);
    let mut file = create(&next)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&next, path)
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed is named by the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
