//! Where a command's data and complaints go: stdout or a file, and stderr.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the door: standard output, standard error and output files are opened here"
)]

use std::{
    env,
    fs::File,
    io::{self, IsTerminal, Write},
    path::Path,
};

use anstream::AutoStream;
use clap::ColorChoice;

use super::Exit;
use crate::text::escape;

/// A report is not laid out narrower than this; wider than is good to read, the report itself is not. A pipe and a file get one width, so that
/// they are the same everywhere.
const NARROW: usize = 40;
const PIPE: usize = 100;

/// Where data goes.
pub(super) struct Destination {
    file: Option<File>,
    name: String,
}

/// The program's outputs.
pub(super) struct Output {
    color: ColorChoice,
}

impl Output {
    pub(super) fn new(color: ColorChoice) -> Self {
        Self { color }
    }

    /// Columns of the terminal on stdout; a fixed width for pipes and files.
    pub(super) fn width(&self) -> usize {
        let columns = || env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        if !io::stdout().is_terminal() {
            return PIPE;
        }
        terminal_columns().or_else(columns).unwrap_or(80).max(NARROW)
    }

    /// The same for what goes to a file, or to stdout without one.
    pub(super) fn width_for(&self, file: Option<&Path>) -> usize {
        if file.is_some() { PIPE } else { self.width() }
    }

    /// Opens where data goes, before anything is read: what is there stays as it is until data is written.
    pub(super) fn open(&self, to: Option<&Path>) -> Result<Destination, Exit> {
        let Some(path) = to else { return Ok(Destination { file: None, name: "standard output".to_owned() }) };
        let name = escape(&path.to_string_lossy()).to_string();
        match File::options().write(true).create(true).truncate(false).open(path) {
            Ok(file) => Ok(Destination { file: Some(file), name }),
            Err(error) => Err(self.unwritten(&name, &error)),
        }
    }

    /// Writes data to stdout.
    pub(super) fn data(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        self.data_to(Destination { file: None, name: "standard output".to_owned() }, write)
    }

    /// Writes data to stdout, or to a file. A reader that closed the pipe has had enough, and is no error.
    pub(super) fn data_to(&self, to: Destination, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let result = match to.file {
            Some(file) => to_file(file, write),
            None => self.to_stdout(write),
        };
        match result {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(self.unwritten(&to.name, &error)),
            _ => Ok(()),
        }
    }

    fn unwritten(&self, name: &str, error: &io::Error) -> Exit {
        self.complain(&format!("cannot write to {name}: {error}"));
        Exit::Output
    }

    fn to_stdout(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let choice = match self.color {
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
        };
        let mut out = AutoStream::new(Box::new(io::BufWriter::new(io::stdout().lock())) as Box<dyn Write>, choice);
        write(&mut out)?;
        out.flush()
    }

    /// Copies a file to stdout, byte for byte.
    pub(super) fn file(&self, path: &Path) -> Result<(), Exit> {
        let copied = File::open(path).and_then(|mut file| io::copy(&mut file, &mut io::stdout().lock()));
        copied.map(|_| ()).map_err(|error| {
            self.complain(&format!("cannot write to standard output: {error}"));
            Exit::Output
        })
    }

    /// Writes to stderr what would be data, where stdout has other data.
    pub(super) fn beside(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Exit> {
        let mut out = anstream::StripStream::new(Box::new(io::stderr().lock()) as Box<dyn Write>);
        // Nothing can be done about a closed stderr.
        let _ = write(&mut out);
        Ok(())
    }

    /// Tells on stderr how the work goes on.
    pub(super) fn progress(&self, words: &str) {
        // Nothing can be done about a closed stderr.
        let _ = writeln!(io::stderr().lock(), "{words}");
    }

    /// Asks on stderr: the answer follows on the same line.
    pub(super) fn prompt(&self, words: &str) {
        // Nothing can be done about a closed stderr.
        let _ = write!(io::stderr().lock(), "{words}");
    }

    /// Says on stderr what went wrong.
    pub(super) fn complain(&self, words: &str) {
        // Nothing can be done about a closed stderr.
        let _ = writeln!(io::stderr().lock(), "etcd-triage: {words}");
    }
}

/// A file gets no colours.
fn to_file(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A device or a pipe has no length to take away.
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    let mut out = anstream::StripStream::new(Box::new(io::BufWriter::new(file)) as Box<dyn Write>);
    write(&mut out)?;
    out.flush()
}

/// What the terminal itself says; `COLUMNS` is a shell's variable and mostly not exported.
fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}
