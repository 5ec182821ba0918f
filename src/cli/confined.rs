//! Going into the sandbox, for the commands that read what others sent.

use std::path::PathBuf;

use super::{Exit, output::Output};
use crate::sandbox::confine;

/// Whether the sandbox must hold.
#[derive(Debug, clap::Args)]
pub(super) struct Confined {
    /// Refuse to read anything (exit 2) where the kernel cannot confine this process: no network, no other program, no other file
    #[arg(long)]
    require_sandbox: bool,
}

impl Confined {
    /// Confines the process: from here on it reads these paths, and what it has open.
    pub(super) fn enter(&self, readable: &[PathBuf], is_verbose: bool, output: &Output) -> Result<(), Exit> {
        let confinement = confine(readable);
        if is_verbose {
            let words = |what: &[&str]| if what.is_empty() { "nothing".to_owned() } else { what.join("; ") };
            output.progress(&format!("confined: {}", words(&confinement.holds)));
            if !confinement.is_whole() {
                output.progress(&format!("not confined: {}", confinement.lacks.join("; ")));
            }
        }
        if self.require_sandbox && !confinement.is_whole() {
            let lacks = confinement.lacks.join("; ");
            output.complain(&format!(
                "--require-sandbox: this kernel does not confine the process in full, so nothing was read: {lacks}"
            ));
            return Err(Exit::Usage);
        }
        Ok(())
    }
}
