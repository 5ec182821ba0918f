//! etcd's command line, as it stands in `/proc/PID/cmdline`, in `ps`, and in the arguments that etcd logs at its start.

use std::{sync::LazyLock, time::Duration};

use memchr::memmem::Finder;

use crate::bundle::{Line, Quote};
use crate::text::Untrusted;

use super::etcdctl::Said;

/// Where a command line was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The line is nothing but the command: no proof that it runs.
    Bare,
    /// A row of `ps`, or of `pgrep -a`: the process ran then.
    Ps,
    /// `"args":[…]` of a log line (3.4 on).
    Log,
}

/// What an etcd command line sets. A flag that is not there may come from the environment or a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtcdFlags {
    /// Where it was read.
    pub origin: Origin,
    /// `--name`.
    pub name: Option<Untrusted>,
    /// `--data-dir`.
    pub data_dir: Option<Untrusted>,
    /// `--advertise-client-urls`.
    pub client_urls: Vec<Untrusted>,
    /// `--initial-advertise-peer-urls`.
    pub peer_urls: Vec<Untrusted>,
    /// `--initial-cluster`, name and URL; a name with two URLs stands there twice.
    pub initial_cluster: Vec<(Untrusted, Untrusted)>,
    /// `--initial-cluster-state`: `new` or `existing`.
    pub initial_cluster_state: Option<Untrusted>,
    /// `--quota-backend-bytes` as given: 0 means the default of 2 GiB, a negative one no quota.
    pub quota: Option<i64>,
    /// `--heartbeat-interval`, given in milliseconds.
    pub heartbeat: Option<Duration>,
    /// `--election-timeout`, given in milliseconds.
    pub election: Option<Duration>,
    /// All flags in their order, without dashes, misspelled ones too.
    pub all: Vec<(Untrusted, Option<Untrusted>)>,
}

impl EtcdFlags {
    /// The value of a flag; as in etcd, the last one counts.
    pub fn value(&self, flag: &str) -> Option<&Untrusted> {
        self.all.iter().rev().find(|(name, _)| *name == flag).and_then(|(_, value)| value.as_ref())
    }
}

/// Reads the flags of an etcd command line. `None` if the text is none: `grep etcd`, other programs, prose.
pub fn etcd_flags(text: &str) -> Option<EtcdFlags> {
    static ETCD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("etcd"));
    ETCD.find(text.as_bytes())?;
    if let Some(args) = logged_args(text) {
        let (program, flags) = args.split_first()?;
        return if is_etcd(program) { Some(read(Origin::Log, flags)) } else { None };
    }
    let words = split(text);
    // The user may be called etcd too, so every place is tried.
    (0..words.len()).find_map(|at| flags_at(&words, at))
}

fn flags_at(words: &[String], at: usize) -> Option<EtcdFlags> {
    words.get(at).filter(|w| is_etcd(w))?;
    let flags = words.get(at + 1..)?;
    let origin = match at.checked_sub(1).and_then(|before| words.get(before)) {
        None => Origin::Bare,
        // Before the command, ps has a time, a share or a PID, or the branch of a process tree.
        Some(before) if before.ends_with(|c: char| c.is_ascii_digit()) || before == "\\_" => Origin::Ps,
        Some(_) => return None,
    };
    let flagged = flags.first().is_some_and(|f| f.starts_with('-'));
    // Without flags, only a row of ps says that it is a command: etcd is then set up by its environment.
    let known = flagged || (origin == Origin::Ps && flags.is_empty() && words.iter().any(|w| is_pid(w)));
    if known { Some(read(origin, flags)) } else { None }
}

/// Whether a line is the header of `ps`.
pub fn is_ps_header(text: &str) -> bool {
    if !["COMMAND", "CMD"].iter().any(|word| text.trim_end().ends_with(word)) {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let command = words.last().is_some_and(|w| matches!(*w, "COMMAND" | "CMD"));
    command && words.contains(&"PID") && words.iter().all(|w| !w.contains(|c: char| c.is_ascii_lowercase()))
}

/// Reads what `ps` printed.
#[derive(Debug, Default)]
pub struct Ps {
    /// The header. With a header and no etcd process, etcd did not run there.
    pub header: Option<Quote>,
    /// The etcd processes.
    pub etcd: Vec<Said<EtcdFlags>>,
    /// Rows under the header, of whatever process.
    pub rows: usize,
    /// Which of the columns is the process id.
    pid_at: Option<usize>,
}

impl Ps {
    /// Takes the next line. True if it is the header or a process.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        if is_ps_header(text) {
            self.header.get_or_insert_with(|| line.quote());
            self.pid_at = text.split_whitespace().position(|word| word == "PID");
            return true;
        }
        if text.is_empty() {
            return false;
        }
        self.rows += usize::from(self.header.is_some());
        match etcd_flags(text) {
            Some(what) if what.origin == Origin::Ps => {
                self.etcd.push(Said { what, quote: line.quote() });
                true
            }
            _ => self.pid_at.and_then(|at| text.split_whitespace().nth(at)).is_some_and(is_pid),
        }
    }

    /// Whether the listing shows that etcd did not run: a header, and no row of etcd. A bare `ps` shows only what was started from the
    /// same terminal.
    pub fn shows_no_etcd(&self, typed: Option<&Untrusted>) -> bool {
        let Some(header) = &self.header else { return false };
        let is_of_terminal = header.excerpt().raw().split_whitespace().eq(["PID", "TTY", "TIME", "CMD"]) && self.rows > 0;
        // `-e`, `-A`, `ax`: of all.
        let is_of_all = |word: &str| word.contains(['e', 'A', 'x']);
        let asks_all = || typed.is_some_and(|typed| typed.raw().split_whitespace().skip(1).any(is_of_all));
        self.etcd.is_empty() && (!is_of_terminal || asks_all())
    }
}

fn is_pid(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_etcd(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    !word.starts_with('-') && !word.contains('=') && matches!(name, "etcd" | "etcd.exe")
}

/// The arguments in a zap line.
fn logged_args(text: &str) -> Option<Vec<String>> {
    let (_, rest) = text.split_once("\"args\":")?;
    serde_json::Deserializer::from_str(rest).into_iter::<Vec<String>>().next()?.ok()
}

/// Splits at blanks and NULs (`/proc/PID/cmdline`), but not within quotes.
fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in text.chars() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.push(c),
            ('"' | '\'', None) => quote = Some(c),
            (c, None) if c.is_whitespace() || c == '\0' => words.extend(take(&mut word)),
            (c, None) => word.push(c),
        }
    }
    words.extend(take(&mut word));
    words
}

fn take(word: &mut String) -> Option<String> {
    if word.is_empty() { None } else { Some(std::mem::take(word)) }
}

fn read(origin: Origin, words: &[String]) -> EtcdFlags {
    let all = pairs(words);
    let last = |flag: &str| all.iter().rev().find(|(name, _)| *name == flag).and_then(|(_, value)| *value);
    let list = |flag| last(flag).unwrap_or_default().split(',').filter(|u| !u.is_empty()).map(Untrusted::from).collect();
    let millis = |flag| last(flag).and_then(|v| v.parse().ok()).map(Duration::from_millis);
    let cluster = last("initial-cluster").unwrap_or_default().split(',').filter_map(|pair| pair.split_once('='));
    EtcdFlags {
        origin,
        name: last("name").map(Untrusted::from),
        data_dir: last("data-dir").map(Untrusted::from),
        client_urls: list("advertise-client-urls"),
        peer_urls: list("initial-advertise-peer-urls"),
        initial_cluster: cluster.map(|(name, url)| (name.trim().into(), url.into())).collect(),
        initial_cluster_state: last("initial-cluster-state").map(Untrusted::from),
        quota: last("quota-backend-bytes").and_then(|v| v.parse().ok()),
        heartbeat: millis("heartbeat-interval"),
        election: millis("election-timeout"),
        all: all.iter().map(|(name, value)| ((*name).into(), value.map(Untrusted::from))).collect(),
    }
}

/// Flags with their values: `--a=b`, `-a=b`, `--a b`. What is no flag is passed over.
fn pairs(words: &[String]) -> Vec<(&str, Option<&str>)> {
    let mut pairs = Vec::new();
    let mut words = words.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).filter(|f| !f.is_empty()) else { continue };
        pairs.push(match flag.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (flag, words.next_if(|next| !next.starts_with('-') || next.parse::<i64>().is_ok())),
        });
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    const BARE: &str = "/usr/bin/etcd --name=kube-m1 --data-dir=/var/lib/etcd --initial-advertise-peer-urls=http://10.0.0.1:2380 --advertise-client-urls=http://10.0.0.1:2379,http://db01:2379 --initial-cluster=kube-m1=http://10.0.0.1:2380,kube-m2=http://10.0.0.2:2380 --initial-cluster-state=new --quota-backend-bytes=-1 --heartbeat-interval=100 --election-timeout 1000 --heartbeat-intervall=5";

    #[test]
    fn a_bare_command_gives_its_flags() {
        let flags = etcd_flags(BARE).unwrap();
        assert_eq!((flags.origin, flags.name.as_ref().unwrap().raw()), (Origin::Bare, "kube-m1"));
        assert_eq!((flags.client_urls.len(), flags.peer_urls.len(), flags.quota), (2, 1, Some(-1)));
        assert_eq!(flags.initial_cluster.get(1), Some(&("kube-m2".into(), "http://10.0.0.2:2380".into())));
        assert_eq!((flags.heartbeat, flags.election), (Some(Duration::from_millis(100)), Some(Duration::from_secs(1))));
        assert_eq!(flags.value("heartbeat-intervall"), Some(&"5".into()));
    }

    #[test]
    fn blanks_single_dashes_quotes_and_nuls_are_other_ways_to_write_it() {
        for text in [
            "etcd --name kube-m1 --client-cert-auth --data-dir /var/lib/etcd",
            "/usr/local/bin/etcd -name=kube-m1 -data-dir=/var/lib/etcd",
            "etcd --name='kube-m1' --data-dir=\"/var/lib/etcd\"",
            "/usr/bin/etcd\0--name=kube-m1\0--data-dir=/var/lib/etcd\0",
            r#"{"level":"info","ts":"2026-11-22T16:11:37.733Z","caller":"etcdmain/etcd.go:73","msg":"Running: ","args":["/usr/bin/etcd","--name=kube-m1","--data-dir=/var/lib/etcd"]}"#,
        ] {
            let flags = etcd_flags(text).unwrap();
            assert_eq!((flags.name, flags.data_dir), (Some("kube-m1".into()), Some("/var/lib/etcd".into())), "{text}");
        }
    }

    #[test]
    fn rows_of_ps_are_told_from_bare_commands() {
        for row in [
            "root       19059       1 SNsl Sun Nov 22 15:46:31 2026 370728 8.5 /usr/bin/etcd --name=db02",
            "etcd      1234     1  2 10:00 ?        00:12:34 /usr/bin/etcd",
            "1234 etcd --name=db02",
            "root 12 0.0 1.0 1 2 ? Ssl 10:00 3:21  \\_ etcd --name=db02",
        ] {
            assert_eq!(etcd_flags(row).map(|f| f.origin), Some(Origin::Ps), "{row}");
        }
    }

    #[test]
    fn other_programs_and_prose_are_no_etcd() {
        for text in [
            "root 77 1 0 10:00 pts/0 00:00:00 grep --color=auto etcd",
            "root 77 1 0 10:00 ? 00:00:09 kube-apiserver --etcd-servers=http://10.0.0.1:2379",
            "root 77 1 0 10:00 ? 00:00:09 rke2 server --data-dir /var/lib/etcd --name=x",
            "etcd is a key-value store - strongly consistent",
            "we run etcd --name=a here",
            "vim /etc/etcd",
            "",
            "etcd",
        ] {
            assert_eq!(etcd_flags(text), None, "{text}");
        }
    }

    #[test]
    fn a_header_of_ps_with_no_row_shows_that_etcd_does_not_run() {
        let source = Source::new("nodes/a/ps.txt");
        let header = "USER         PID    PPID STAT                  STARTED   RSS %CPU COMMAND";
        let mut ps = Ps::default();
        assert!(!ps.shows_no_etcd(None));
        assert!(ps.line(source.line(1, header)));
        assert!(ps.shows_no_etcd(None) && ps.rows == 0);
        assert!(
            ps.line(
                source.line(2, "root       19059       1 SNsl Sun Nov 22 15:46:31 2026 370728 8.5 /usr/bin/etcd --name=db02")
            )
        );
        assert!(!ps.shows_no_etcd(None) && ps.rows == 1);
        assert!(is_ps_header("UID          PID    PPID  C STIME TTY          TIME CMD"));
        let mut own = Ps::default();
        for (text, number) in
            ["    PID TTY          TIME CMD", "    812 pts/0    00:00:00 bash", "    901 pts/0    00:00:00 ps"].iter().zip(1..)
        {
            assert!(own.line(source.line(number, text)));
        }
        assert!(!own.shows_no_etcd(Some(&"ps".into())) && own.shows_no_etcd(Some(&"ps -e".into())));
        assert!(!is_ps_header("THE PID OF THE COMMAND is 7") && !is_ps_header("PID"));
    }
}
