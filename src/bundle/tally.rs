//! What came out of an input so far, held against the limits while it is read.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use sha2::{Digest as _, Sha256};

use super::{
    limits::Limits,
    metered::{Meter, Metered},
};

/// What one input gave, and what was read of its files for that.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Bytes that came out, of all layers of compression.
    out: AtomicU64,
    /// Bytes that went in. An archive whose entries share bytes is read more than once, so [`Tally::whole`] bounds it.
    within: Meter,
    /// Length of the input, where it is known.
    whole: Option<u64>,
    /// Where it counts one entry of several that are read at once: what they give together.
    together: Option<Arc<Together>>,
}

/// What entries gave that are read at once.
#[derive(Debug, Default)]
struct Together {
    out: AtomicU64,
    /// Whether one of them may have met a limit of the input.
    is_spoiled: AtomicBool,
}

impl Tally {
    /// The tally of all entries that are read at once.
    pub(super) fn together() -> Self {
        Self { together: Some(Arc::default()), ..Self::default() }
    }

    /// The tally of one of them.
    pub(super) fn apart(&self) -> Self {
        Self { together: self.together.clone(), ..Self::default() }
    }

    /// Whether one of them may have met a limit of the input.
    pub(super) fn is_spoiled(&self) -> bool {
        self.together.as_ref().is_some_and(|all| all.is_spoiled.load(Ordering::Relaxed))
    }

    /// Tells how long the input is.
    pub(super) fn know(&mut self, whole: u64) {
        self.whole = Some(whole);
    }

    /// A reader of the input's file.
    pub(super) fn over<R>(&self, limits: &Limits, file: R) -> Metered<Metered<R>> {
        self.within.over(limits.meter.over(file))
    }

    /// A reader of the input's bytes that counts for the input alone.
    pub(super) fn within<R>(&self, stream: R) -> Metered<R> {
        self.within.over(stream)
    }

    /// The counter of the bytes that went in.
    pub(super) fn meter(&self) -> Meter {
        self.within.clone()
    }

    /// Why no more is read of this input, if so.
    pub(super) fn beyond(&self, limits: &Limits) -> Option<String> {
        if let Some(all) = &self.together {
            return self.beyond_apart(all, limits);
        }
        let (out, read) = (self.out.load(Ordering::Relaxed), self.within.bytes());
        let within = self.whole.map_or(read, |whole| whole.min(read));
        if out >= limits.total_bytes {
            Some(format!("more than {} bytes come out of the input", limits.total_bytes))
        } else if within > 0 && out > limits.free_bytes && out / limits.ratio > within {
            Some(format!("the input unpacks to more than {} times its size, as no logs do", limits.ratio))
        } else {
            None
        }
    }

    /// The same for one of several entries that are read at once. It may be asked for too much, and never for too little: what grows too much
    /// for itself need not do so together with others.
    fn beyond_apart(&self, all: &Together, limits: &Limits) -> Option<String> {
        let (out, within) = (self.out.load(Ordering::Relaxed), self.within.bytes());
        let grows = within > 0 && out / limits.ratio > within;
        if grows || all.out.load(Ordering::Relaxed) >= limits.total_bytes {
            all.is_spoiled.store(true, Ordering::Relaxed);
        }
        all.is_spoiled.load(Ordering::Relaxed).then(|| "a limit of the input is near".to_owned())
    }

    fn add(&self, bytes: u64) {
        self.out.fetch_add(bytes, Ordering::Relaxed);
        if let Some(all) = &self.together {
            all.out.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

/// Counts and sums what is read, and ends at the limits.
pub(super) struct Counted<'r> {
    from: &'r mut dyn Read,
    crc: crc32fast::Hasher,
    sha: Option<Sha256>,
    length: u64,
    tally: &'r Tally,
    limits: &'r Limits,
    beyond: Option<String>,
}

impl<'r> Counted<'r> {
    pub(super) fn new(from: &'r mut dyn Read, tally: &'r Tally, limits: &'r Limits, sha256: bool) -> Self {
        let sha = sha256.then(Sha256::new);
        Self { from, crc: crc32fast::Hasher::new(), sha, length: 0, tally, limits, beyond: None }
    }

    /// Bytes so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Which limit ended it.
    pub(super) fn beyond(&self) -> Option<&str> {
        self.beyond.as_deref()
    }

    /// Reads on to the end; why it did not come to it, where a limit is the reason.
    pub(super) fn drain(mut self) -> Option<String> {
        // What is wrong with the stream itself shows at the next header.
        let _ = io::copy(&mut self, &mut io::sink());
        self.beyond
    }

    /// The CRC-32, and the SHA-256 where it was asked for.
    pub(super) fn sums(self) -> (u32, Option<Sha256>) {
        (self.crc.finalize(), self.sha)
    }
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.beyond.is_none() {
            self.beyond = match self.length > self.limits.entry_bytes {
                true => Some(format!("it is longer than {} bytes", self.limits.entry_bytes)),
                false => self.tally.beyond(self.limits),
            };
        }
        if let Some(why) = &self.beyond {
            return Err(io::Error::other(why.clone()));
        }
        let n = self.from.read(into)?;
        let bytes = into.get(..n).unwrap_or_default();
        self.crc.update(bytes);
        if let Some(sha) = &mut self.sha {
            sha.update(bytes);
        }
        self.length += n as u64;
        self.tally.add(n as u64);
        Ok(n)
    }
}
