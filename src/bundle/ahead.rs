//! A stream that is unpacked piece by piece: on a thread of its own, so that unpacking and reading go on at the same time, where there is a
//! processor for it.

use std::{
    cell::Cell,
    io::{self, Read},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::Builder,
};

use super::metered::Meter;

/// Bytes that are handed over at once.
const BLOCK: usize = 256 * 1024;
/// Blocks that are under way: some are filled while one is read.
const BLOCKS: usize = 4;

/// A stream that can be handed to another thread.
type Stream = Box<dyn Read + Send>;

/// What was read at once.
struct Piece {
    bytes: Vec<u8>,
    /// Bytes that had been read of the packed stream when the piece was full.
    packed: u64,
    /// What stopped the reading behind it.
    error: Option<io::Error>,
}

/// Reads pieces of a stream, which are the same on whatever thread.
struct Pieces {
    stream: Stream,
    read: Meter,
}

impl Pieces {
    fn next(&mut self, mut bytes: Vec<u8>) -> Piece {
        // A piece that comes back is full, and its old bytes are written over.
        bytes.resize(BLOCK, 0);
        let (mut filled, mut error) = (0, None);
        while error.is_none()
            && let Some(room) = bytes.get_mut(filled..).filter(|room| !room.is_empty())
        {
            match self.stream.read(room) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // What came before an error is kept.
                Err(e) => error = Some(e),
            }
        }
        bytes.truncate(filled);
        Piece { bytes, packed: self.read.bytes(), error }
    }
}

/// From where pieces come.
enum From {
    Thread { full: Receiver<Piece>, empty: SyncSender<Vec<u8>> },
    Here(Pieces),
}

/// Gives the bytes of a stream, and where an error stands among them, as the stream itself does.
pub(super) struct Ahead {
    from: From,
    piece: Piece,
    at: usize,
    is_over: bool,
    used: Meter,
}

/// The stream, read when it is asked for: for who has a thread for each processor already.
pub(super) fn here(stream: Stream, read: Meter, used: Meter) -> Ahead {
    Ahead::of(From::Here(Pieces { stream, read }), used)
}

/// The stream, read ahead where a thread is to be had. `read` counts what is read of the packed bytes; `used` is told how many of them had been
/// read for what is handed out, which does not hang on how far ahead the thread is.
pub(super) fn ahead(stream: Stream, read: Meter, used: Meter) -> Ahead {
    // The thread takes the pieces out of here, so that they are still at hand where there is no thread.
    let held = Arc::new(Mutex::new(Some(Pieces { stream, read })));
    let (filled, full) = sync_channel(BLOCKS);
    let (empty, emptied) = sync_channel(BLOCKS);
    let to_thread = Arc::clone(&held);
    let take = |held: &Mutex<Option<Pieces>>| held.lock().ok().and_then(|mut held| held.take());
    let started = Builder::new().name("unpack".into()).spawn(move || {
        if let Some(pieces) = take(&to_thread) {
            hand_on(pieces, &filled, &emptied);
        }
    });
    let from = if started.is_err()
        && let Some(pieces) = take(&held)
    {
        From::Here(pieces)
    } else {
        From::Thread { full, empty }
    };
    Ahead::of(from, used)
}

/// Hands on piece after piece, until the stream ends or nobody reads any more.
fn hand_on(mut pieces: Pieces, filled: &SyncSender<Piece>, emptied: &Receiver<Vec<u8>>) {
    for made in 0_usize.. {
        let bytes = if made < BLOCKS { Some(Vec::new()) } else { emptied.recv().ok() };
        let Some(bytes) = bytes else { return };
        let piece = pieces.next(bytes);
        let is_last = piece.bytes.is_empty() || piece.error.is_some();
        if filled.send(piece).is_err() || is_last {
            return;
        }
    }
}

impl Ahead {
    fn of(from: From, used: Meter) -> Self {
        Self { from, piece: Piece { bytes: Vec::new(), packed: 0, error: None }, at: 0, is_over: false, used }
    }

    /// Takes the next piece; an error that stood behind the last one comes first.
    fn turn(&mut self) -> io::Result<()> {
        if let Some(error) = self.piece.error.take() {
            self.is_over = true;
            return Err(error);
        }
        let spent = std::mem::take(&mut self.piece.bytes);
        self.at = 0;
        let piece = match &mut self.from {
            From::Here(pieces) => {
                let room = if spent.capacity() > 0 { spent } else { SPARE.try_with(Cell::take).unwrap_or_default() };
                Some(pieces.next(room))
            }
            From::Thread { full, empty } => {
                if spent.capacity() > 0 {
                    // Where the thread has ended, it needs no more room.
                    let _ = empty.send(spent);
                }
                full.recv().ok()
            }
        };
        match piece {
            Some(piece) => {
                self.is_over = piece.bytes.is_empty() && piece.error.is_none();
                self.used.set(piece.packed);
                self.piece = piece;
            }
            None => self.is_over = true,
        }
        Ok(())
    }
}

thread_local! {
    /// Room for a piece that is read here, for the next stream: whoever reads many inputs makes it once.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Drop for Ahead {
    fn drop(&mut self) {
        if let From::Here(_) = self.from {
            let room = std::mem::take(&mut self.piece.bytes);
            // Who ends the thread wants none.
            let _ = SPARE.try_with(|spare| spare.set(room));
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.bytes.len() && !self.is_over {
            self.turn()?;
        }
        let mut rest = self.piece.bytes.get(self.at..).unwrap_or_default();
        let n = rest.read(into)?;
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream of counted bytes that breaks off with an error.
    struct Breaks {
        left: usize,
    }

    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                return Err(io::Error::other("the disk is gone"));
            }
            let n = into.len().min(self.left).min(1000);
            into.get_mut(..n).unwrap().fill(b'x');
            self.left -= n;
            Ok(n)
        }
    }

    #[test]
    fn all_bytes_come_and_the_error_behind_them() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 11 * BLOCK + 7] {
            for unpack in [ahead, here] {
                let mut read = Vec::new();
                let stream = Box::new(Breaks { left: length });
                let error = unpack(stream, Meter::default(), Meter::default()).read_to_end(&mut read).unwrap_err();
                assert_eq!((read.len(), error.to_string().as_str()), (length, "the disk is gone"));
            }
        }
    }

    #[test]
    fn the_bytes_keep_their_order_and_the_end_is_an_end() {
        let bytes: Vec<u8> = (0..3 * BLOCK + 5).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let mut stream = ahead(Box::new(io::Cursor::new(bytes.clone())), Meter::default(), Meter::default());
        let mut read = Vec::new();
        stream.read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
        assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
    }

    #[test]
    fn what_was_read_of_the_packed_bytes_counts_when_it_is_used() {
        for unpack in [ahead, here] {
            let (read, used) = (Meter::default(), Meter::default());
            let stream = read.over(io::Cursor::new(vec![b'x'; 9 * BLOCK]));
            let mut stream = unpack(Box::new(stream), read.clone(), used.clone());
            stream.read_exact(&mut [0; 10]).unwrap();
            assert_eq!(used.bytes(), BLOCK as u64);
            stream.read_exact(&mut vec![0; BLOCK]).unwrap();
            assert_eq!(used.bytes(), 2 * BLOCK as u64);
        }
    }

    #[test]
    fn who_gives_up_early_keeps_nobody_waiting() {
        struct Endless(Arc<Mutex<()>>);
        impl Read for Endless {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let _alive = self.0.lock();
                into.fill(b'x');
                Ok(into.len())
            }
        }
        let alive = Arc::new(Mutex::new(()));
        let mut stream = ahead(Box::new(Endless(Arc::clone(&alive))), Meter::default(), Meter::default());
        stream.read_exact(&mut [0; 10]).unwrap();
        drop(stream);
        // The thread owns the stream until it ends.
        while Arc::strong_count(&alive) > 1 {
            std::thread::yield_now();
        }
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}
