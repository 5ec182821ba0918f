//! What ends a collection early: a signal, or its own deadline.

#![expect(clippy::disallowed_methods, reason = "the deadline of a collection is measured here")]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::bundle::EndedBy;

/// A second signal ends the program at once, with the code that shells give to an interrupted one.
const INTERRUPTED: i32 = 130;

/// Tells whether to stop.
#[derive(Clone, Debug)]
pub struct Stop {
    signal: Arc<AtomicBool>,
    began: Instant,
    /// When the last command must have ended.
    work: Instant,
}

impl Stop {
    /// A collection that must be over within `whole`: a part of it is kept for packing and analysing.
    pub fn within(whole: Duration) -> Self {
        let began = Instant::now();
        Self { signal: Arc::new(AtomicBool::new(false)), began, work: began + Self::work_of(whole) }
    }

    /// How much of the whole time there is for commands.
    pub(super) fn work_of(whole: Duration) -> Duration {
        whole.saturating_sub((whole / 5).min(Duration::from_secs(10)))
    }

    /// From now on Ctrl-C, SIGTERM and SIGHUP ask to stop; the second one ends the program.
    ///
    /// # Errors
    /// When the system does not let the handlers be set.
    pub fn heed_signals(&self) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds the flag unset, the second finds it set.
            signal_hook::flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(&self.signal))?;
            signal_hook::flag::register(signal, Arc::clone(&self.signal))?;
        }
        Ok(())
    }

    /// Whether a signal asked to stop.
    pub fn is_asked(&self) -> bool {
        self.signal.load(Ordering::Relaxed)
    }

    /// Why to stop now, if so.
    pub(super) fn reason(&self) -> Option<EndedBy> {
        if self.is_asked() { Some(EndedBy::Signal) } else { (Instant::now() >= self.work).then_some(EndedBy::Deadline) }
    }

    /// When something that may take `longest` must end at the latest.
    pub(super) fn deadline(&self, longest: Duration) -> Instant {
        (Instant::now() + longest).min(self.work)
    }

    /// Time since the beginning.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}
