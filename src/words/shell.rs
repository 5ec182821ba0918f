//! What is said on the terminal while a command works.

/// How the work goes on.
#[derive(Debug)]
pub struct ShellWords {
    /// Reading, where it is known how much there is.
    pub reading: &'static str,
    /// Reading a stream.
    pub reading_stream: &'static str,
}

/// English.
pub(super) const EN: ShellWords =
    ShellWords { reading: "reading: {done} of {total}, {rate}/s, {left} s left", reading_stream: "reading: {done}, {rate}/s" };
