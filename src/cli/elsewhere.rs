//! Evidence that is not gathered by this process on this host: by the script that `--print-script` prints.

use crate::collect::{Options, Window, script};

use super::{Exit, output::Output};

/// Flags for evidence from elsewhere.
#[derive(Debug, clap::Args)]
pub(super) struct Elsewhere {
    /// Print the same plan as a POSIX shell script, for a host that allows no foreign binary; what is given by other flags stands in it
    #[arg(long, help_heading = "Elsewhere")]
    pub print_script: bool,
}

/// Prints the script.
pub(super) fn print_script(options: Options, is_window_given: bool, deadline: std::time::Duration, output: &Output) -> Exit {
    // The last day is the one before the script is run, not the one before it is printed.
    let window = if is_window_given { options.window.clone() } else { Window::default() };
    let text = script(&Options { window, ..options }, deadline);
    output.data(None, |out| out.write_all(text.as_bytes())).err().unwrap_or(Exit::Ok)
}
