//! `unmask`: a report on a bundle with pseudonyms gets its real names back, on the site that has the map.

#![expect(
    clippy::disallowed_methods,
    reason = "the report is read here: it is no evidence, and no limit of evidence holds for it"
)]

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use super::{Exit, confined, output::Output, place::shown, sharing};
use crate::redact::Masks;

/// What to turn back, and by which map.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A report or any other text with pseudonyms; - for standard input
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// The map that `collect --redact` wrote
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Where the text goes [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    confined: confined::Confined,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Exit {
    let opened = sharing::map(&arguments.map).and_then(|masks| {
        let report = open(&arguments.report).map_err(|error| format!("cannot read {}: {error}", shown(&arguments.report)))?;
        Ok((masks, report))
    });
    let (masks, mut report) = match opened {
        Ok(opened) => opened,
        Err(words) => {
            output.complain(&words);
            return Exit::Usage;
        }
    };
    let to = match output.open(arguments.output.as_deref()) {
        Ok(to) => to,
        Err(exit) => return exit,
    };
    // The report is open; the map is the site's own.
    if let Err(exit) = arguments.confined.enter(&[], false, output) {
        return exit;
    }
    output.data_to(to, |out| turn_back(&masks, &mut report, out)).err().unwrap_or(Exit::Ok)
}

fn open(report: &Path) -> io::Result<Box<dyn BufRead>> {
    if report == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(report)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(Box::new(BufReader::new(file)))
}

fn turn_back(masks: &Masks, report: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    while report.read_until(b'\n', &mut line)? > 0 {
        out.write_all(&masks.unmask(&line))?;
        line.clear();
    }
    Ok(())
}
