//! Entries that can be read apart from each other: on several threads, and taken in as if one had read them in their order.

use std::{
    cmp::Reverse,
    io::{self, Read},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    bytes::Bytes,
    entry::{Claim, Given, Outcome, read_entry},
    limits::Limits,
    lines::Lines,
    tally::Tally,
    walk::Shared,
};

/// Opens an entry. What is read of the input's files is counted in the tally.
type Open = Box<dyn Fn(&Tally, &Limits) -> io::Result<Opened> + Send + Sync>;

/// An entry to be read.
pub(super) struct Opened {
    pub(super) stream: Box<dyn Read>,
    /// Its bytes, where they lie in a file as they are.
    pub(super) bytes: Option<Bytes>,
}

/// An entry that can be read at any time.
pub(super) struct Apart {
    pub(super) path: String,
    pub(super) claim: Option<Claim>,
    /// How long it seems to be: what is long is begun early.
    pub(super) length: u64,
    pub(super) open: Open,
}

impl Apart {
    /// Reads it.
    pub(super) fn read<T>(&self, tally: &Tally, limits: &Limits, each: &mut dyn FnMut(&mut Lines<'_>) -> T) -> Outcome<T> {
        match (self.open)(tally, limits) {
            Ok(Opened { mut stream, bytes }) => {
                let given = Given { claim: self.claim, from: &mut stream, bytes };
                read_entry(&self.path, given, tally, limits, each)
            }
            Err(error) => Outcome::unread(error.to_string()),
        }
    }
}

/// Reads entries on several threads; what came of them is in their order.
///
/// None where a limit of the whole input may have been met: what it cuts off is the same in each run only where one thread reads. So that this
/// is known, each entry is held against the limit of growth for itself: if none grows too much, then all together do not either.
pub(super) fn read_apart<T: Send>(
    entries: &[Apart],
    tally: &Tally,
    limits: &Limits,
    each: Shared<'_, T>,
) -> Option<Vec<Outcome<T>>> {
    let all = tally.together();
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|at| Reverse(entries.get(*at).map(|entry| entry.length)));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut read = Vec::new();
        while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !all.is_spoiled()) {
            if let Some(entry) = entries.get(*at) {
                read.push((*at, entry.read(&all.apart(), limits, &mut |lines| each(lines))));
            }
        }
        read
    };
    let mut read = thread::scope(|scope| {
        let others = 1..limits.threads.min(entries.len());
        // Where no thread is to be had, the others do the work.
        let others: Vec<_> =
            others.map_while(|_| thread::Builder::new().name("read".into()).spawn_scoped(scope, work).ok()).collect();
        let mut read = work();
        for other in others {
            match other.join() {
                Ok(more) => read.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        read
    });
    if all.is_spoiled() {
        return None;
    }
    read.sort_by_key(|(at, _)| *at);
    Some(read.into_iter().map(|(_, outcome)| outcome).collect())
}
