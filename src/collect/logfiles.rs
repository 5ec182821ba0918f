//! Log files of the host, read one after the other as if they were one, compressed ones too.

#![expect(clippy::disallowed_methods, reason = "this is the door: log files that the plan names are read here")]

use std::{
    fs::File,
    io::{self, Read},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::Duration,
};

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// Blocks that may wait to be taken.
const WAITING: usize = 4;

/// What the reader hands on.
pub(super) enum Part {
    /// Bytes of a file.
    Bytes(Vec<u8>),
    /// A file could not be read, or not to its end.
    Failed(String, io::Error),
}

/// Files that are being read by a thread: a read can hang for good, on a dead NFS server say; the thread is left behind then.
pub(super) struct Reading {
    parts: Receiver<Part>,
}

impl Reading {
    /// Begins to read.
    pub(super) fn begin(files: Vec<String>) -> Self {
        let (send, parts) = sync_channel(WAITING);
        std::thread::spawn(move || {
            for file in files {
                let read = read(&file, &mut |bytes| send.send(Part::Bytes(bytes)).is_ok());
                let is_heard = match read {
                    Ok(is_heard) => is_heard,
                    Err(error) => send.send(Part::Failed(file, error)).is_ok(),
                };
                if !is_heard {
                    return;
                }
            }
        });
        Self { parts }
    }

    /// The next part; `None` at the end; the error is that none came in time.
    pub(super) fn next_within(&self, time: Duration) -> Result<Option<Part>, RecvTimeoutError> {
        match self.parts.recv_timeout(time) {
            Ok(part) => Ok(Some(part)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Reads a file; false where nobody takes it any more. What a file ends with that has no end of line gets one, for another file follows.
fn read(file: &str, take: &mut dyn FnMut(Vec<u8>) -> bool) -> io::Result<bool> {
    let open = File::open(file)?;
    if !open.metadata()?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    let mut reader: Box<dyn Read> = if file.ends_with(".gz") {
        Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(open)))
    } else {
        Box::new(open)
    };
    let mut last = b'\n';
    loop {
        let mut block = vec![0; BLOCK];
        let length = match reader.read(&mut block) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        block.truncate(length);
        let Some(end) = block.last().copied() else { break };
        last = end;
        if !take(block) {
            return Ok(false);
        }
    }
    Ok(last == b'\n' || take(b"\n".to_vec()))
}
