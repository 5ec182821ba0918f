//! A stream that is read forward, as if it were a file, where nothing far behind is asked for again.

use std::io::{self, Read, Seek, SeekFrom};

/// How far back it can be read again, in bytes: what readers of compressed entries take too much of.
const BACK: usize = 64 << 10;
/// Bytes that are passed over at once.
const STEP: usize = 16 << 10;

/// The stream, and the last that came of it.
pub(super) struct Forward<R> {
    from: R,
    last: Vec<u8>,
    /// Where the last bytes begin.
    begin: u64,
    at: u64,
}

impl<R: Read> Forward<R> {
    /// From its beginning.
    pub(super) fn new(from: R) -> Self {
        Self { from, last: Vec::new(), begin: 0, at: 0 }
    }

    fn end(&self) -> u64 {
        self.begin + self.last.len() as u64
    }

    /// Reads more of the stream; false at its end.
    fn more(&mut self, most: usize) -> io::Result<bool> {
        if self.last.len() > 2 * BACK {
            let spent = self.last.len() - BACK;
            self.last.drain(..spent);
            self.begin += spent as u64;
        }
        let mut block = [0; STEP];
        let block = block.get_mut(..most.min(STEP)).unwrap_or_default();
        let n = self.from.read(block)?;
        self.last.extend_from_slice(block.get(..n).unwrap_or_default());
        Ok(n > 0)
    }
}

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.end() {
            if into.is_empty() || !self.more(STEP)? {
                return Ok(0);
            }
        }
        let known = self.at.checked_sub(self.begin).and_then(|at| usize::try_from(at).ok());
        let mut known = known.and_then(|at| self.last.get(at..)).unwrap_or_default();
        let n = known.read(into)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: Read> Seek for Forward<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Start(at) if at >= self.begin => self.at = at,
            _ => return Err(io::Error::other("a stream cannot be read again from there")),
        }
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_forward_far_and_back_a_little() {
        let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let mut stream = Forward::new(bytes.as_slice());
        let mut read = |at: u64, length: usize| {
            let mut out = vec![0; length];
            stream.seek(SeekFrom::Start(at)).map(|_| ())?;
            stream.read_exact(&mut out).map(|()| out)
        };
        for at in [0_u64, 10, 3, 400_000, 399_000, 340_000, 999_990] {
            let from = usize::try_from(at).unwrap();
            assert_eq!(read(at, 10).unwrap(), bytes[from..from + 10], "{at}");
        }
        assert_eq!(read(1_000_000, 1).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(read(2_000_000, 1).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert!(read(3, 1).unwrap_err().to_string().contains("cannot be read again"));
        assert_eq!(read(999_999, 1).unwrap(), bytes[999_999..]);
    }
}
