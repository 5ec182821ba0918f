//! Open files: `/proc/PID/limits`, `ulimit`, `LimitNOFILE`, and how many are open by `lsof` and counts of `/proc/PID/fd`.

use super::{Out, Screen};
use crate::bundle::{Line, Quote};

/// How many files a process may open, or has open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenFiles {
    /// The limit that counts.
    pub limit: Option<u64>,
    /// How many are open.
    pub open: Option<u64>,
    /// The limit is that of a shell, and not of etcd: `ulimit`.
    pub of_shell: bool,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Rows of etcd in a list of `lsof`, the first of them.
    listed: Option<(u64, Quote)>,
    in_list: bool,
    in_limits: bool,
    in_ulimit: bool,
}

/// What `/proc/PID/limits` lists beside open files.
const LIMITS: &[&str] = &["Max ", "Limit   "];

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, typed: &str, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        let mut say = |files| out.say(Screen::Files(files), line.quote());
        let limit = |word: &str| word.parse::<u64>().ok().map(|limit| OpenFiles { limit: Some(limit), ..OpenFiles::default() });
        let of_shell = |files: OpenFiles| OpenFiles { of_shell: true, ..files };
        if let Some(rest) = text.strip_prefix("Max open files") {
            rest.split_whitespace().next().and_then(limit).into_iter().for_each(&mut say);
            return true;
        }
        // `open files                          (-n) 20000`; dash prints `nofiles`.
        if let Some(rest) = text.strip_prefix("open files ").or_else(|| text.strip_prefix("nofiles ")) {
            self.in_ulimit = true;
            rest.split_whitespace().next_back().and_then(limit).map(of_shell).into_iter().for_each(&mut say);
            return true;
        }
        if let Some(rest) = text.strip_prefix("LimitNOFILE=") {
            limit(rest).into_iter().for_each(&mut say);
            return true;
        }
        if let Ok(number) = text.parse::<u64>() {
            return number_of(typed, number).map(say).is_some();
        }
        self.in_limits = LIMITS.iter().any(|start| text.starts_with(start))
            && (self.in_limits || text.contains("Soft Limit") || has_unit(text));
        if self.in_limits || is_ulimit(text) {
            return true;
        }
        self.lsof(text, line)
    }

    pub(super) fn close(&mut self, out: &mut Out<'_>) {
        if let Some((open, quote)) = self.listed.take() {
            out.say(Screen::Files(OpenFiles { open: Some(open), ..OpenFiles::default() }), quote);
        }
    }

    /// `etcd 812 root 7u IPv4 …` below `COMMAND PID USER FD TYPE …`. Only numbers count: `cwd`, `txt` and `mem` are no descriptors.
    fn lsof(&mut self, text: &str, line: Line<'_>) -> bool {
        if !self.in_list && !text.starts_with("COMMAND") {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.first() == Some(&"COMMAND") && words.contains(&"FD") && words.contains(&"TYPE") {
            self.in_list = true;
            return true;
        }
        self.in_list &= words.len() >= 5 && words.get(1).is_some_and(|pid| pid.bytes().all(|b| b.is_ascii_digit()));
        let is_open = words.get(3).is_some_and(|fd| fd.starts_with(|c: char| c.is_ascii_digit()));
        if self.in_list && is_open && words.first() == Some(&"etcd") {
            self.listed.get_or_insert_with(|| (0, line.quote())).0 += 1;
        }
        self.in_list
    }
}

/// What a bare number says behind the command that prints it.
fn number_of(typed: &str, number: u64) -> Option<OpenFiles> {
    let counts = typed.contains("wc -l") && (typed.contains("/fd") || typed.contains("lsof"));
    if counts {
        Some(OpenFiles { open: Some(number), ..OpenFiles::default() })
    } else {
        typed.contains("ulimit -n").then_some(OpenFiles { limit: Some(number), of_shell: true, open: None })
    }
}

/// A row of `ulimit -a`: `stack size                  (kbytes, -s) 8192`.
fn is_ulimit(text: &str) -> bool {
    let Some((_, rest)) = text.split_once('(') else { return false };
    let Some((inside, value)) = rest.split_once(") ") else { return false };
    let is_flag = inside.rsplit(' ').next().is_some_and(|flag| flag.len() == 2 && flag.starts_with('-'));
    is_flag && (value == "unlimited" || value.bytes().all(|b| b.is_ascii_digit()))
}

fn has_unit(text: &str) -> bool {
    ["seconds", "bytes", "processes", "files", "locks", "signals", "us"].iter().any(|unit| text.ends_with(unit))
        && (text.contains("unlimited") || text.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    #[test]
    fn the_soft_limit_counts_wherever_it_stands() {
        let expected = |of_shell| [Screen::Files(OpenFiles { limit: Some(1024), open: None, of_shell })];
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
            Max cpu time              unlimited            unlimited            seconds   \n\
            Max open files            1024                 4096                 files     \n\
            Max nice priority         0                    0                    \n";
        let ulimit = "core file size              (blocks, -c) 0\nopen files                          (-n) 1024\ncpu time                   (seconds, -t) unlimited\n";
        let all = [("", limits, false), ("", ulimit, true), ("", "LimitNOFILE=1024", false), ("ulimit -n", "1024", true)];
        for (typed, text, of_shell) in all {
            assert_eq!(read(typed, text), expected(of_shell), "{text}");
        }
        assert!(unknown(limits).is_empty() && unknown(ulimit).is_empty());
        assert!(read("echo", "1024").is_empty());
    }

    #[test]
    fn open_files_are_counted_by_lsof_or_by_who_typed_it() {
        let text = "COMMAND PID USER   FD      TYPE DEVICE SIZE/OFF    NODE NAME\netcd    812 root  cwd       DIR    8,1     4096       2 /\n\
            etcd    812 root    7u     IPv4  18273      0t0     TCP db-1:2379 (LISTEN)\netcd    812 root    8u     IPv4  18274      0t0     TCP db-1:2380 (LISTEN)\n";
        assert_eq!(read("lsof -p 812", text), [Screen::Files(OpenFiles { open: Some(2), ..OpenFiles::default() })]);
        assert_eq!(
            read("ls /proc/812/fd | wc -l", "1020\n"),
            [Screen::Files(OpenFiles { open: Some(1020), ..OpenFiles::default() })]
        );
    }
}
