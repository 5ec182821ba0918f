//! From what a program prints to a file of the bundle: line by line, without secrets, within a cap.

#![expect(clippy::disallowed_methods, reason = "this is the door: evidence is written into the collection's own folder")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{process::Sink, turned::Turned};
use crate::{messages::Landmarks, redact::Redactor};

/// Bytes of a line that are kept. The analysis looks at no more of one.
const LONGEST_LINE: usize = 256 * 1024;

/// What of an output is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The first so many bytes.
    Head(u64),
    /// The last so many bytes: a log's end matters most.
    Tail(u64),
    /// Of an output that runs from the newest line to the oldest: the newest so many bytes, turned round.
    Newest(u64),
    /// Of an output that runs from the newest line to the oldest: the newest so many bytes of starts, stops and ends, turned round.
    Landmarks(u64),
}

impl Keep {
    /// Most bytes that are kept.
    pub fn cap(self) -> u64 {
        match self {
            Self::Head(cap) | Self::Tail(cap) | Self::Newest(cap) | Self::Landmarks(cap) => cap,
        }
    }

    /// The same of no more than so many bytes.
    pub(super) fn within(self, most: u64) -> Self {
        match self {
            Self::Head(cap) => Self::Head(cap.min(most)),
            Self::Tail(cap) => Self::Tail(cap.min(most)),
            Self::Newest(cap) => Self::Newest(cap.min(most)),
            Self::Landmarks(cap) => Self::Landmarks(cap.min(most)),
        }
    }
}

/// Takes an output in and writes what is kept of it.
pub(super) struct Recorder<'a> {
    path: PathBuf,
    keep: Keep,
    redactor: &'a std::cell::RefCell<Redactor>,
    landmarks: Option<&'a Landmarks>,
    /// Words of which a line must have one.
    only: &'static [&'static str],
    line: Vec<u8>,
    /// Bytes of the present line beyond what is kept of one.
    over: u64,
    file: Option<BufWriter<File>>,
    /// Bytes in the present file, and in the one before it where the tail is kept.
    present: u64,
    before: Option<u64>,
    /// Bytes that came, after redaction, of lines that were wanted.
    wanted: u64,
    /// What is turned round.
    turned: Turned,
    full: bool,
    cut_lines: u64,
    /// The beginning, as it came: for hints about rights.
    head: Vec<u8>,
}

/// What a recorder wrote.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// Bytes in the file; none where there is no file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// How it was cut.
    pub truncated: Option<String>,
    /// The beginning, without secrets.
    pub head: String,
}

/// Bytes of the beginning that are looked at for hints.
const HEAD: usize = 4096;

impl<'a> Recorder<'a> {
    pub(super) fn new(
        path: PathBuf,
        keep: Keep,
        redactor: &'a std::cell::RefCell<Redactor>,
        landmarks: Option<&'a Landmarks>,
    ) -> Self {
        Self {
            path,
            keep,
            redactor,
            landmarks,
            only: &[],
            line: Vec::new(),
            over: 0,
            file: None,
            present: 0,
            before: None,
            wanted: 0,
            turned: Turned::default(),
            full: false,
            cut_lines: 0,
            head: Vec::new(),
        }
    }

    /// Keeps only lines that have one of these words in them, if there are any.
    pub(super) fn only(mut self, words: &'static [&'static str]) -> Self {
        self.only = words;
        self
    }

    /// Takes the line that is complete now.
    fn end_line(&mut self, newline: bool) -> io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        if self.over > 0 {
            self.cut_lines += 1;
            line.extend_from_slice(format!("… [{} more bytes of this line were not kept]", self.over).as_bytes());
            self.over = 0;
        }
        let result = if matches!(self.keep, Keep::Newest(_) | Keep::Landmarks(_)) {
            self.hold_line(&line);
            Ok(())
        } else {
            let mut redactor = self.redactor.borrow_mut();
            let clean = redactor.line(&line);
            self.keep_line(&clean, newline)
        };
        line.clear();
        self.line = line;
        result
    }

    /// Whether a line is one of those that are looked for.
    fn is_wanted(&self, line: &[u8]) -> bool {
        // What journalctl says of itself is kept: it tells from where to where its entries reach.
        let is_sought = self.only.is_empty() || line.starts_with(b"-- ");
        let has_word = || self.only.iter().any(|word| memchr::memmem::find(line, word.as_bytes()).is_some());
        let is_landmark = || self.landmarks.is_some_and(|landmarks| landmarks.may_be(line));
        (is_sought || has_word()) && (!matches!(self.keep, Keep::Landmarks(_)) || is_landmark())
    }

    fn note(&mut self, line: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend_from_slice(line.get(..room.min(line.len())).unwrap_or_default());
        self.head.push(b'\n');
    }

    /// Holds a line of an output that runs backwards. It is cleaned when it is written.
    fn hold_line(&mut self, line: &[u8]) {
        if self.turned.bytes() == 0 {
            let clean = self.redactor.borrow_mut().line(line).into_owned();
            self.note(&clean);
        }
        // Behind the first line for which there was no room nothing follows, or there would be a hole.
        if self.full || !self.is_wanted(line) {
            return;
        }
        self.wanted += line.len() as u64 + 1;
        if self.turned.bytes() + line.len() as u64 + 1 > self.keep.cap() {
            self.full = true;
        } else {
            self.turned.push(line);
        }
    }

    fn keep_line(&mut self, line: &[u8], newline: bool) -> io::Result<()> {
        if !self.is_wanted(line) {
            return Ok(());
        }
        self.note(line);
        let size = line.len() as u64 + u64::from(newline);
        match self.keep {
            // They are held, and come here no more.
            Keep::Newest(_) | Keep::Landmarks(_) => Ok(()),
            Keep::Head(cap) => {
                self.wanted += size;
                if self.present + size > cap {
                    self.full = true;
                    return Ok(());
                }
                self.write(line, newline)
            }
            Keep::Tail(cap) => {
                self.wanted += size;
                if self.present > 0 && self.present + size > cap / 2 {
                    self.turn()?;
                }
                self.write(line, newline)
            }
        }
    }

    /// The present half becomes the one before; what was before it is given up.
    fn turn(&mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush()?;
        }
        fs::rename(&self.path, older(&self.path))?;
        self.before = Some(std::mem::take(&mut self.present));
        Ok(())
    }

    fn write(&mut self, line: &[u8], newline: bool) -> io::Result<()> {
        let file = match self.file.as_mut() {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(create(&self.path)?)),
        };
        file.write_all(line)?;
        if newline {
            file.write_all(b"\n")?;
        }
        self.present += line.len() as u64 + u64::from(newline);
        Ok(())
    }

    /// Writes what is left, and tells what was written.
    pub(super) fn finish(mut self) -> io::Result<Recorded> {
        if !self.line.is_empty() || self.over > 0 {
            self.end_line(false)?;
        }
        self.redactor.borrow_mut().begin();
        let held = self.turned.bytes();
        let mut turned = std::mem::take(&mut self.turned);
        if self.full {
            turned.without_half_a_key();
        }
        turned.each(|line| {
            let clean = self.redactor.borrow_mut().line(line).into_owned();
            self.write(&clean, true)
        })?;
        self.redactor.borrow_mut().begin();
        // The cap counts what came: a mark is shorter or longer than the secret in whose place it stands.
        if held > 0 {
            self.wanted = self.present + u64::from(self.full);
        }
        if let Some(mut file) = self.file.take() {
            file.flush()?;
        }
        if self.before.is_some() {
            self.join()?;
        }
        let head = String::from_utf8_lossy(&self.head).into_owned();
        let bytes = self.present;
        let (sha256, lines) = if bytes > 0 { (sha256_of(&self.path)?, self.cut_lines) } else { (String::new(), 0) };
        let cut = (bytes < self.wanted).then(|| match self.keep {
            Keep::Head(_) => format!("the first {bytes} bytes were kept"),
            Keep::Tail(_) => format!("the last {bytes} of {} bytes were kept", self.wanted),
            Keep::Newest(_) | Keep::Landmarks(_) => format!("the newest {bytes} bytes were kept"),
        });
        let long = (lines > 0).then(|| format!("{lines} lines were cut after {LONGEST_LINE} bytes"));
        let truncated = match (cut, long) {
            (Some(cut), Some(long)) => Some(format!("{cut}; {long}")),
            (cut, long) => cut.or(long),
        };
        Ok(Recorded { bytes, sha256, truncated, head })
    }

    /// Puts the half before and the present half together.
    fn join(&mut self) -> io::Result<()> {
        let older = older(&self.path);
        let mut all = OpenOptions::new().append(true).open(&older)?;
        let mut present = BufReader::new(File::open(&self.path)?);
        io::copy(&mut present, &mut all)?;
        fs::rename(&older, &self.path)?;
        self.present += self.before.take().unwrap_or_default();
        Ok(())
    }
}

impl Sink for Recorder<'_> {
    fn take(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some(at) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(at);
            self.extend(line);
            self.end_line(true)?;
            bytes = rest.get(1..).unwrap_or_default();
        }
        self.extend(bytes);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.full
    }
}

impl Recorder<'_> {
    fn extend(&mut self, part: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.line.len()).min(part.len());
        self.line.extend_from_slice(part.get(..room).unwrap_or_default());
        self.over += (part.len() - room) as u64;
    }
}

fn older(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".older");
    name.into()
}

/// A new file that only its owner can read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// SHA-256 of a file, as hex.
pub(super) fn sha256_of(path: &Path) -> io::Result<String> {
    let (mut file, mut sha, mut block) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut block)? {
            0 => break,
            n => sha.update(block.get(..n).unwrap_or_default()),
        }
    }
    Ok(sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
