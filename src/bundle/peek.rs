//! Streams whose first bytes are looked at before they are read.

use std::io::{self, Cursor, Read};

/// Bytes that are looked at to tell text from other things. A tar header is 512 bytes.
const PEEK: usize = 1024;

/// A stream whose first bytes were looked at; what stopped the look is met again where it stood.
pub(super) type Peeked<R> = io::Chain<Cursor<Vec<u8>>, Interrupted<R>>;

/// A stream that first says what went wrong before.
pub(super) struct Interrupted<R> {
    error: Option<io::Error>,
    rest: R,
}

impl<R: Read> Read for Interrupted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(into),
        }
    }
}

/// The first bytes of a stream, and what stopped the look.
pub(super) struct Head {
    pub(super) bytes: Vec<u8>,
    error: Option<io::Error>,
}

impl Head {
    /// Takes them from a stream. One that breaks off after a few bytes still gives those.
    pub(super) fn of(from: &mut impl Read) -> Self {
        let mut bytes = Vec::with_capacity(PEEK);
        let error = from.take(PEEK as u64).read_to_end(&mut bytes).err();
        Self { bytes, error }
    }

    /// The whole stream, of which they were taken.
    pub(super) fn before<R: Read>(self, rest: R) -> Peeked<R> {
        Cursor::new(self.bytes).chain(Interrupted { error: self.error, rest })
    }
}

/// Looks at the first bytes without taking them away.
pub(super) fn peek<R: Read>(mut from: R) -> (Vec<u8>, Peeked<R>) {
    let head = Head::of(&mut from);
    (head.bytes.clone(), head.before(from))
}
