//! Bytes that can be read from any place, and by several at the same time: a file, a stretch of one, or what is held in memory.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    sync::Arc,
};

/// Clones share what they read from.
#[derive(Clone, Debug)]
pub(super) struct Bytes {
    from: From,
    /// Where they begin there.
    at: u64,
    length: u64,
}

#[derive(Clone, Debug)]
enum From {
    File(Arc<File>),
    Memory(Arc<Vec<u8>>),
}

impl Bytes {
    /// All of a file.
    ///
    /// # Errors
    /// When the system does not tell how long it is.
    pub(super) fn of_file(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { from: From::File(Arc::new(file)), at: 0, length })
    }

    /// What is in memory.
    pub(super) fn of_memory(bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self { from: From::Memory(Arc::new(bytes)), at: 0, length }
    }

    /// So many bytes from there, as far as they are there.
    pub(super) fn stretch(&self, at: u64, length: u64) -> Self {
        let at = at.min(self.length);
        Self { from: self.from.clone(), at: self.at + at, length: length.min(self.length - at) }
    }

    /// How many there are.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// A reader from the beginning, with a place of its own.
    pub(super) fn reader(&self) -> Reader {
        Reader { bytes: self.clone(), at: 0 }
    }

    /// The same, which reads on where the file is longer than the system told: a file that is written, or none of a disk.
    pub(super) fn reader_to_the_end(&self) -> Reader {
        Reader { bytes: Self { length: u64::MAX - self.at, ..self.clone() }, at: 0 }
    }
}

/// Reads them, each at its own place.
pub(super) struct Reader {
    bytes: Bytes,
    at: u64,
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.length.saturating_sub(self.at);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(into.len());
        let into = into.get_mut(..most).unwrap_or_default();
        let from = self.bytes.at + self.at.min(self.bytes.length);
        let n = match &self.bytes.from {
            From::File(file) => file.read_at(into, from)?,
            From::Memory(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX);
                bytes.get(from..).unwrap_or_default().read(into)?
            }
        };
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.bytes.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_stretch_holds_its_own_bytes_alone_in_a_file_and_in_memory() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        for bytes in [Bytes::of_file(file).unwrap(), Bytes::of_memory(b"0123456789".to_vec())] {
            let stretch = bytes.stretch(2, 6).stretch(1, 100);
            assert_eq!(stretch.length(), 5);
            let (mut reader, mut text) = (stretch.reader(), String::new());
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "34567");
            assert_eq!(reader.seek(SeekFrom::End(-2)).unwrap(), 3);
            text.clear();
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "67");
            assert!(reader.seek(SeekFrom::Current(-9)).is_err());
            reader.seek(SeekFrom::Start(77)).unwrap();
            assert_eq!(reader.read(&mut [0; 4]).unwrap(), 0);
            assert_eq!(bytes.stretch(50, 5).length(), 0);
        }
    }
}
