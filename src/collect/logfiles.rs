//! Log files of the host, read one after the other as if they were one, compressed ones too.

#![expect(clippy::disallowed_methods, reason = "this is the door: log files that the plan names are read here")]

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
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
    /// What is older is left out: the last bytes do not reach so far back.
    OlderLeftOut,
    /// A file could not be read, or not to its end.
    Failed(String, io::Error),
}

/// Files that are being read by a thread: a read can hang for good, on a dead NFS server say; the thread is left behind then.
pub(super) struct Reading {
    parts: Receiver<Part>,
}

/// A file, and from where on it is read.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    file: String,
    from: u64,
}

/// Of files in order of time, those in which the last so many bytes are: what lies before need not be read.
fn last_of(files: Vec<String>, most: u64, length: impl Fn(&str) -> u64) -> Vec<Stretch> {
    let (mut left, mut stretches) = (most, Vec::new());
    for file in files.into_iter().rev() {
        if left == 0 {
            break;
        }
        let size = length(&file);
        let is_packed = file.ends_with(".gz");
        // Logs shrink to a tenth or less; one too many is read rather than one too few.
        let (bytes, from) =
            if is_packed { (size.saturating_mul(SHRINKS_AT_LEAST), 0) } else { (size, size.saturating_sub(left)) };
        left = left.saturating_sub(bytes);
        stretches.push(Stretch { file, from });
    }
    stretches.reverse();
    stretches
}

/// To so small a part a log shrinks at least when it is packed.
const SHRINKS_AT_LEAST: u64 = 4;

impl Reading {
    /// Begins to read: all of the files, or what holds their last so many bytes.
    pub(super) fn begin(files: Vec<String>, last: Option<u64>) -> Self {
        let (send, parts) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let length = |file: &str| std::fs::metadata(file).map(|metadata| metadata.len()).unwrap_or_default();
            let count = files.len();
            let stretches = last_of(files, last.unwrap_or(u64::MAX), length);
            let is_cut = stretches.len() < count || stretches.iter().any(|stretch| stretch.from > 0);
            if is_cut && send.send(Part::OlderLeftOut).is_err() {
                return;
            }
            for Stretch { file, from } in stretches {
                let read = read(&file, from, &mut |bytes| send.send(Part::Bytes(bytes)).is_ok());
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

/// Reads a file from a place on, there from the next line; false where nobody takes it any more. What a file ends with that has no end of line
/// gets one, for another file follows.
fn read(file: &str, from: u64, take: &mut dyn FnMut(Vec<u8>) -> bool) -> io::Result<bool> {
    let mut open = File::open(file)?;
    if !open.metadata()?.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    open.seek(SeekFrom::Start(from))?;
    let mut reader: Box<dyn Read> = if file.ends_with(".gz") {
        Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(open)))
    } else {
        Box::new(open)
    };
    let (mut last, mut is_in_line) = (b'\n', from > 0);
    loop {
        let mut block = vec![0; BLOCK];
        let length = match reader.read(&mut block) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        block.truncate(length);
        if is_in_line {
            let Some(at) = memchr::memchr(b'\n', &block) else { if length == 0 { break } else { continue } };
            block.drain(..=at);
            is_in_line = false;
            if block.is_empty() {
                continue;
            }
        }
        let Some(end) = block.last().copied() else { break };
        last = end;
        if !take(block) {
            return Ok(false);
        }
    }
    Ok(last == b'\n' || take(b"\n".to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_files_those_are_read_that_hold_the_end() {
        let length = |file: &str| if file.ends_with(".gz") { 10 } else { 100 };
        let told = |most| {
            let files = ["a.gz", "b.gz", "c", "d"].map(str::to_owned).to_vec();
            last_of(files, most, length).into_iter().map(|s| format!("{} {}", s.file, s.from)).collect::<Vec<_>>()
        };
        assert_eq!(told(30), ["d 70"]);
        assert_eq!(told(130), ["c 70", "d 0"]);
        assert_eq!(told(230), ["b.gz 0", "c 0", "d 0"]);
        assert_eq!(told(u64::MAX), ["a.gz 0", "b.gz 0", "c 0", "d 0"]);
    }

    #[test]
    fn a_file_is_read_from_the_next_line_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("etcd.log");
        std::fs::write(&file, "first\nsecond\nthird").unwrap();
        let told = |from| {
            let mut out = Vec::new();
            read(&file.to_string_lossy(), from, &mut |bytes| {
                out.extend(bytes);
                true
            })
            .unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(told(0), "first\nsecond\nthird\n");
        assert_eq!(told(2), "second\nthird\n");
        assert_eq!(told(14), "");
    }
}
