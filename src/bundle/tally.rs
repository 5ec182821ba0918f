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
    counts: Arc<Counts>,
    /// Bytes that went in. An archive whose entries share bytes is read more than once, so [`Tally::whole`] bounds it.
    within: Meter,
    /// Length of the input, where it is known.
    whole: Option<u64>,
    /// Where it counts one entry of several that are read at once: what they give together.
    together: Option<Arc<Together>>,
    /// In how many archives of the input's own the counted ones lie.
    depth: usize,
}

#[derive(Debug, Default)]
struct Counts {
    /// Bytes that came out, of all layers of compression.
    out: AtomicU64,
    /// Entries that were met, whether or not they were read.
    met: AtomicU64,
    /// Bytes of their paths.
    paths: AtomicU64,
}

/// What entries gave that are read at once.
#[derive(Debug, Default)]
struct Together {
    counts: Counts,
    /// Whether one of them may have met a limit of the input.
    is_spoiled: AtomicBool,
}

fn get(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

impl Counts {
    /// Why no more entries are read, if so.
    fn beyond(&self, limits: &Limits) -> Option<String> {
        if get(&self.met) > limits.entries as u64 {
            Some(format!("more than {} entries", limits.entries))
        } else if get(&self.paths) > limits.paths_bytes as u64 {
            Some(format!("the paths of its entries are longer than {} bytes together", limits.paths_bytes))
        } else {
            None
        }
    }
}

impl Tally {
    /// The tally of all entries that are read at once, beside what was met of the input before.
    pub(super) fn together(&self) -> Self {
        let counts = Counts::default();
        counts.met.store(get(&self.counts.met), Ordering::Relaxed);
        counts.paths.store(get(&self.counts.paths), Ordering::Relaxed);
        let together = Together { counts, is_spoiled: AtomicBool::new(false) };
        Self { together: Some(Arc::new(together)), depth: self.depth, ..Self::default() }
    }

    /// The tally of one of them.
    pub(super) fn apart(&self) -> Self {
        Self { together: self.together.clone(), depth: self.depth, ..Self::default() }
    }

    /// The tally of an archive within: it counts for the input, whose bytes were counted on the way to it.
    pub(super) fn within_archive(&self) -> Self {
        Self {
            counts: Arc::clone(&self.counts),
            within: self.within.clone(),
            whole: self.whole,
            together: self.together.clone(),
            depth: self.depth + 1,
        }
    }

    /// In how many archives of the input's own the counted entries lie.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether one of them may have met a limit of the input.
    pub(super) fn is_spoiled(&self) -> bool {
        self.together.as_ref().is_some_and(|all| all.is_spoiled.load(Ordering::Relaxed))
    }

    /// Tells how long the input is. An archive within it is only a part.
    pub(super) fn know(&mut self, whole: u64) {
        if self.depth == 0 {
            self.whole = Some(whole);
        }
    }

    /// A reader of the input's file. What an archive within is read from was counted when it was come to.
    pub(super) fn over<R>(&self, limits: &Limits, file: R) -> Metered<Metered<R>> {
        if self.depth > 0 {
            return Meter::default().over(Meter::default().over(file));
        }
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

    /// Counts an entry that is met.
    pub(super) fn meet(&self) {
        self.count(|counts| &counts.met, 1);
    }

    /// Counts the path of an entry or a folder.
    pub(super) fn keep_path(&self, path: &str) {
        self.count(|counts| &counts.paths, path.len() as u64);
    }

    fn add(&self, bytes: u64) {
        self.count(|counts| &counts.out, bytes);
    }

    fn count(&self, which: impl Fn(&Counts) -> &AtomicU64, by: u64) {
        which(&self.counts).fetch_add(by, Ordering::Relaxed);
        if let Some(all) = &self.together {
            which(&all.counts).fetch_add(by, Ordering::Relaxed);
        }
    }

    /// Why no more entries are read of this input, if so.
    pub(super) fn is_full(&self, limits: &Limits) -> Option<String> {
        let Some(all) = &self.together else { return self.counts.beyond(limits).or_else(|| self.beyond(limits)) };
        if all.counts.beyond(limits).is_some() {
            all.is_spoiled.store(true, Ordering::Relaxed);
        }
        self.beyond(limits)
    }

    /// Why no more bytes are read of this input, if so.
    pub(super) fn beyond(&self, limits: &Limits) -> Option<String> {
        if let Some(all) = &self.together {
            return self.beyond_apart(all, limits);
        }
        let (out, read) = (get(&self.counts.out), self.within.bytes());
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
        let (out, within) = (get(&self.counts.out), self.within.bytes());
        let grows = within > 0 && out / limits.ratio > within;
        if grows || get(&all.counts.out) >= limits.total_bytes {
            all.is_spoiled.store(true, Ordering::Relaxed);
        }
        self.is_spoiled().then(|| "a limit of the input is near".to_owned())
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
    /// Whether who reads on counts what comes out.
    is_counted_within: bool,
}

impl<'r> Counted<'r> {
    pub(super) fn new(from: &'r mut dyn Read, tally: &'r Tally, limits: &'r Limits, sha256: bool) -> Self {
        let sha = sha256.then(Sha256::new);
        Self { from, crc: crc32fast::Hasher::new(), sha, length: 0, tally, limits, beyond: None, is_counted_within: false }
    }

    /// Says whether who reads on counts what comes out, as who reads an archive does.
    pub(super) fn leave_count(&mut self, is_counted_within: bool) {
        self.is_counted_within = is_counted_within;
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
        let _ = self.skip();
        self.beyond
    }

    /// Reads on to the end. Mostly nothing is left, and a buffer for much is not made for it.
    pub(super) fn skip(&mut self) -> io::Result<()> {
        loop {
            match self.read(&mut [0; 64]) {
                Ok(0) => return Ok(()),
                Ok(_) => return io::copy(self, &mut io::sink()).map(|_| ()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
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
        if !self.is_counted_within {
            self.tally.add(n as u64);
        }
        Ok(n)
    }
}
