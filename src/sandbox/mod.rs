//! Confines the process that analyses, before it reads evidence: a parser that was turned against its user could then reach nothing but
//! that evidence and the report.

mod bounds;
mod calls;
mod files;

use std::path::PathBuf;

/// What the kernel enforces from now on, and what it does not.
#[derive(Debug, Default)]
pub struct Confinement {
    /// What holds, each as the end of a sentence.
    pub holds: Vec<&'static str>,
    /// What could not be had, with the reason.
    pub lacks: Vec<String>,
}

impl Confinement {
    /// Whether all of it holds.
    pub fn is_whole(&self) -> bool {
        self.lacks.is_empty()
    }

    fn note(&mut self, what: &'static str, result: Result<(), String>) {
        match result {
            Ok(()) => self.holds.push(what),
            Err(why) => self.lacks.push(format!("{what} ({why})")),
        }
    }
}

/// Confines this thread and all that it starts, for good. Files and folders of `readable` can still be opened for reading, with what lies
/// beneath; what is open already stays open. Each part is taken as far as the kernel has it.
pub fn confine(readable: &[PathBuf]) -> Confinement {
    let mut out = Confinement::default();
    out.note("limits of memory and files", bounds::set());
    out.note("no other file can be opened", files::restrict(readable));
    out.note("no network, no other program, no change of files", calls::filter());
    out
}
