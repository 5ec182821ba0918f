//! How far reading is, on a terminal, for inputs that take over a second.

#![expect(clippy::disallowed_methods, reason = "how fast it goes is told to who waits; no diagnosis sees a clock")]

use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    bundle::Meter,
    render::units::bytes,
    words::{ShellWords, Values, fill},
};

/// Nothing is told before, so that a quick answer stands alone.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line is written anew.
const BEAT: Duration = Duration::from_millis(200);

/// Back to the start of the line, and erase it.
const ERASE: &str = "\r\u{1b}[K";

/// Does the work; while it takes long and standard error is a terminal, tells there how far it is. The line is erased at the end.
pub(super) fn watch<T>(meter: &Meter, total: Option<u64>, words: &ShellWords, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let start = Instant::now();
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut is_told = false;
            while wait.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let Some(line) = line(meter.bytes(), total, start.elapsed(), words) else { continue };
                // Nothing can be done about a closed stderr.
                let _ = write!(io::stderr().lock(), "{ERASE}{line}");
                is_told = true;
            }
            if is_told {
                let _ = write!(io::stderr().lock(), "{ERASE}");
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// What is told after so long; nothing within the first second.
fn line(done: u64, total: Option<u64>, after: Duration, words: &ShellWords) -> Option<String> {
    if after < PATIENCE {
        return None;
    }
    let rate = u64::try_from(u128::from(done) * 1000 / after.as_millis().max(1)).unwrap_or(u64::MAX);
    let mut values = Values::from([("done", bytes(done)), ("rate", bytes(rate))]);
    match total.filter(|total| *total >= done && rate > 0) {
        Some(total) => {
            values.insert("total", bytes(total));
            values.insert("left", (total - done).div_ceil(rate).to_string());
            Some(fill(words.reading, &values))
        }
        None => Some(fill(words.reading_stream, &values)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::EN;

    #[test]
    fn the_rate_and_the_time_that_is_left_are_told_after_a_second_and_not_before() {
        let of = |done, total, seconds| line(done, total, Duration::from_secs(seconds), &EN.shell);
        assert_eq!(of(0, Some(100), 0), None);
        assert_eq!(of(50_000_000, Some(150_000_000), 2).as_deref(), Some("reading: 50.0 MB of 150.0 MB, 25.0 MB/s, 4 s left"));
        assert_eq!(of(50_000_000, None, 2).as_deref(), Some("reading: 50.0 MB, 25.0 MB/s"));
    }
}
