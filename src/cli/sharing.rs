//! What of a collection leaves the site: the flags for it, the list before the seal, and what the closing screen says.

#![expect(clippy::disallowed_methods, reason = "the map is read here, and the operator's answer from the terminal")]

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{collect::name_of, output::Output, place::shown};
use crate::{
    bundle::{Row, RowState},
    collect::{Choice, Collected, Sharing, Shown, Stop},
    redact::{Hide, Masks},
    render::{units, wrap},
    text::escape,
    words::{SharingWords, Values, fill},
};

/// What may be shared, and under which names.
#[derive(Debug, clap::Args)]
pub(super) struct Shares {
    /// Replace these by pseudonyms that keep what belongs together; the map is written beside the bundle
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',', help_heading = "What is shared")]
    redact: Vec<What>,
    /// Go on with this map of pseudonyms, so that several bundles have the same ones; it is made if it is not there
    #[arg(long, value_name = "FILE", requires = "redact", help_heading = "What is shared")]
    map: Option<PathBuf>,
    /// Leave a file out, by its path below the node's folder, like "journal/*"; can be given again
    #[arg(long, value_name = "PATH", help_heading = "What is shared")]
    drop: Vec<String>,
    /// List what would be shared before it is packed; on a terminal, ask what to leave out
    #[arg(long, help_heading = "What is shared")]
    preview: bool,
}

/// What can be replaced.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    /// Addresses, but no ports
    Ips,
    /// Names of hosts and domains
    Hosts,
    /// Names of etcd's members
    Names,
}

impl What {
    fn hide(self) -> Hide {
        match self {
            Self::Ips => Hide::Addresses,
            Self::Hosts => Hide::Hosts,
            Self::Names => Hide::Names,
        }
    }
}

impl Shares {
    /// With the map that is there already; the error is for the operator.
    pub(super) fn read(&self, to_stdout: bool) -> Result<Sharing, String> {
        if to_stdout && !self.redact.is_empty() && self.map.is_none() {
            return Err(
                "the bundle goes to standard output: say with --map FILE where the map of its pseudonyms stays".to_owned()
            );
        }
        let hides = || self.redact.iter().map(|what| what.hide());
        let known = match &self.map {
            Some(file) if file.exists() => Some(map(file)?.hiding(hides())),
            Some(file) => {
                let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                if !folder.is_dir() {
                    return Err(format!("there is no folder {}", shown(folder)));
                }
                None
            }
            None => None,
        };
        let masks = (!self.redact.is_empty()).then(|| known.unwrap_or_else(|| Masks::new(hides())));
        Ok(Sharing { masks, map: self.map.clone(), drop: self.drop.clone(), preview: self.preview })
    }
}

/// Reads a map of pseudonyms.
pub(super) fn map(file: &Path) -> Result<Masks, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", shown(file)))?;
    Masks::read(&text).map_err(|error| format!("{} {}", shown(file), escape(&error.to_string())))
}

/// Lists what would be shared. On a terminal the operator may leave files out; elsewhere nobody is waited for.
pub(super) fn ask(files: &[Shown], stop: &Stop, words: &SharingWords, output: &Output) -> Choice {
    output.progress(words.preview);
    for (number, file) in files.iter().enumerate() {
        list(number, file, words, output);
    }
    // Who sent a signal before wants no question any more.
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() || stop.is_asked() {
        return Choice::Seal;
    }
    loop {
        output.prompt(words.ask);
        let Some(line) = answer(stop) else {
            output.progress("");
            return Choice::Leave;
        };
        match choice(&line, files) {
            Some(Choice::Drop(numbers)) if numbers.contains(&0) => output.progress(words.not_dropped),
            Some(choice) => return choice,
            None => output.progress(words.not_understood),
        }
    }
}

fn list(number: usize, file: &Shown, words: &SharingWords, output: &Output) {
    let bytes = file.bytes.map_or_else(|| "-".to_owned(), units::bytes);
    output.progress(&format!("{:4} {bytes:>9}  {}", number + 1, escape(&file.path)));
    if !file.taken.is_empty() && file.bytes.is_some() {
        let kinds: Vec<String> = file.taken.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        output.progress(&format!("{:16}{}", "", fill(words.taken, &Values::from([("kinds", kinds.join(", "))]))));
    }
    if let Some(why) = &file.why {
        let why = escape(why).to_string();
        output.progress(&format!("{:16}{}", "", fill(words.withheld, &Values::from([("why", why)]))));
    }
}

/// What an answer means; numbers are those of the list, from 1 on.
fn choice(line: &str, files: &[Shown]) -> Option<Choice> {
    let words: Vec<&str> = line.split([' ', ',', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect();
    match *words {
        [] => Some(Choice::Seal),
        ["q" | "Q" | "quit"] => Some(Choice::Leave),
        _ => {
            let number = |word: &&str| word.parse::<usize>().ok()?.checked_sub(1).filter(|number| *number < files.len());
            words.iter().map(number).collect::<Option<Vec<_>>>().map(Choice::Drop)
        }
    }
}

/// A line from the terminal. `None` at its end, or when a signal comes: then nobody agreed to anything.
fn answer(stop: &Stop) -> Option<String> {
    let stdin = io::stdin();
    loop {
        if stop.is_asked() {
            return None;
        }
        let wait = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        // A poll that a signal interrupts is made again.
        let ready = poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&wait)).unwrap_or(0);
        if ready > 0 {
            let mut line = String::new();
            return stdin.lock().read_line(&mut line).ok().filter(|read| *read > 0).map(|_| line);
        }
    }
}

/// What was withheld, and what the map is for.
pub(super) fn closing(collected: &Collected, words: &SharingWords, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let is_withheld = |row: &&Row| {
        row.state == Some(RowState::Withheld) || row.why.as_deref().is_some_and(|why| why.starts_with(".stderr withheld"))
    };
    let withheld: Vec<&Row> = collected.manifest.rows.iter().filter(is_withheld).collect();
    let mut says = |mark: &str, text: &str| wrap::item(out, width, mark, text);
    if !withheld.is_empty() {
        says("", &fill(words.kept_back, &Values::from([("n", withheld.len().to_string())])))?;
    }
    for row in withheld {
        says("  - ", &format!("{}: {}", name_of(row), row.why.as_deref().unwrap_or_default()))?;
    }
    if let Some(map) = &collected.map {
        let values = Values::from([("path", map.to_string_lossy().into_owned())]);
        says("", &fill(words.map, &values))?;
        says("", &fill(words.unmask, &values))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_numbers_of_the_list_or_nothing_or_q() {
        let file = || Shown { path: "x".into(), bytes: Some(1), taken: Default::default(), why: None };
        let files = [file(), file(), file()];
        for (line, means) in [
            ("\n", Some(Choice::Seal)),
            ("q\n", Some(Choice::Leave)),
            ("2 3\n", Some(Choice::Drop(vec![1, 2]))),
            ("3,2", Some(Choice::Drop(vec![2, 1]))),
            ("4\n", None),
            ("0\n", None),
            ("yes\n", None),
        ] {
            assert_eq!(choice(line, &files), means, "{line:?}");
        }
    }
}
