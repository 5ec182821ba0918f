//! The names of what can be concluded: `family.name`, never reused.

use std::fmt;

/// A diagnosis code, like `wal.missing`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

impl Code {
    /// Verdict only: nothing wrong in the evidence, and the evidence suffices to say so.
    pub const HEALTHY: Code = Code("healthy");
    /// Verdict only: something went wrong and is over.
    pub const TRANSIENT: Code = Code("healthy.transient");

    /// A code of a rule.
    pub const fn new(code: &'static str) -> Self {
        Self(code)
    }

    /// As it is printed.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
