//! Other nodes by the system's ssh: the script is piped in, its bundle streams back. No password is asked for, no unknown host key is taken, and a
//! host that is dead costs the others nothing.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the door: what another node sends is written into the collection's own folder"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Write},
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant},
};

use super::{
    Runner, clean,
    intake::take_in,
    plan::file_name,
    process::{Ended, Program, Sink, run, told},
    record::create,
    row::settle,
    stamp,
    stop::Stop,
};
use crate::bundle::{Input, Manifest, Row, RowState};

/// Most hosts that are asked at one time.
const AT_ONCE: usize = 8;

/// How long a connection may take, in seconds.
const CONNECT_SECONDS: u32 = 10;

/// Most bytes of what ssh says on standard error.
const SAID: usize = 16 * 1024;

/// Most bytes of a stream. The script keeps within 200 MiB before it compresses.
const STREAM: u64 = 200 << 20;

/// Most bytes that a stream may have when it is unpacked.
const UNPACKED: u64 = 260 << 20;

/// The nodes that are asked, and what they get.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    /// Hosts as ssh takes them: `db-2`, `root@10.0.0.2`, a name of its configuration.
    pub hosts: Vec<String>,
    /// Whether the script is run by `sudo -n`.
    pub sudo: bool,
    /// ssh, where it was found.
    pub program: Option<PathBuf>,
    /// The script, with a login for etcdctl where there is one: it goes over standard input alone.
    pub script: Secret,
    /// Variables that ssh needs beside those that every program gets: where its agent listens.
    pub env: BTreeMap<String, String>,
}

/// A text that is not for logs.
#[derive(Clone, Default)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Whether ssh can take it for a host and for nothing else.
pub fn is_host(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@:[]%".contains(c);
    !host.is_empty() && !host.starts_with('-') && host.len() < 256 && host.chars().all(is_plain)
}

impl Nodes {
    /// The command line for a host.
    pub fn argv(&self, host: &str) -> Vec<String> {
        let remote = if self.sudo { "sudo -n sh -s -- -o -" } else { "sh -s -- -o -" };
        let timeout = format!("ConnectTimeout={CONNECT_SECONDS}");
        let options = ["BatchMode=yes", "StrictHostKeyChecking=yes", &timeout, "ServerAliveInterval=10"];
        let mut argv = vec!["ssh".to_owned(), "-T".to_owned()];
        argv.extend(options.iter().flat_map(|option| ["-o".to_owned(), (*option).to_owned()]));
        argv.extend(["--".to_owned(), host.to_owned(), remote.to_owned()]);
        argv
    }

    /// The folder of each host in the bundle: as it was named, without the user; another host's or this one's gets a number behind it.
    fn folders(&self, own: &str) -> Vec<String> {
        let mut taken = BTreeSet::from([own.to_owned()]);
        let mut folder = |host: &String| {
            let name = file_name(host.rsplit('@').next().unwrap_or(host));
            let numbered = (2..).map(|n| format!("{name}-{n}"));
            let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
            taken.insert(free.clone());
            free
        };
        self.hosts.iter().map(&mut folder).collect()
    }
}

/// What became of one host.
struct Answer {
    row: Row,
    file: PathBuf,
    is_there: bool,
    said: String,
}

/// Asks all hosts, some at one time, while `meanwhile` goes on; then takes in what they sent.
pub(super) fn gather<T>(
    nodes: &Nodes,
    runner: &Runner<'_>,
    manifest: &mut Manifest,
    own: &str,
    meanwhile: impl FnOnce(&mut Manifest) -> io::Result<T>,
) -> io::Result<T> {
    let folders = nodes.folders(own);
    let places: Vec<PathBuf> =
        (0..folders.len()).map(|at| runner.spool.place(&format!("incoming/{at}.tar.gz"))).collect::<io::Result<_>>()?;
    let (next, answers) = (Mutex::new(0..folders.len()), Mutex::new(BTreeMap::new()));
    let (job_env, stop) = (&runner.job.env, runner.stop);
    let work = || {
        while let Some(at) = next.lock().ok().and_then(|mut next| next.next()) {
            let (Some(host), Some(folder), Some(place)) = (nodes.hosts.get(at), folders.get(at), places.get(at)) else { break };
            let answer = ask(nodes, host, folder, place.clone(), job_env, stop);
            if let Ok(mut answers) = answers.lock() {
                answers.insert(at, answer);
            }
        }
    };
    let done = std::thread::scope(|scope| {
        (0..AT_ONCE.min(folders.len())).for_each(|_| drop(scope.spawn(work)));
        meanwhile(manifest)
    })?;
    let answers = answers.into_inner().unwrap_or_default();
    for (at, answer) in answers {
        let Some(folder) = folders.get(at) else { continue };
        enter(answer?, folder, runner, manifest)?;
    }
    Ok(done)
}

/// Runs ssh for one host. An error is a failure of the output disk.
fn ask(
    nodes: &Nodes,
    host: &str,
    folder: &str,
    place: PathBuf,
    env: &BTreeMap<String, String>,
    stop: &Stop,
) -> io::Result<Answer> {
    let argv = nodes.argv(host);
    let mut row = Row {
        path: format!("nodes/{folder}/ssh"),
        kind: "ssh".to_owned(),
        argv: argv.clone(),
        started: Some(stamp()),
        ..Row::default()
    };
    let Some(program) = &nodes.program else {
        row.started = None;
        settle(&mut row, RowState::NotFound, "there is no ssh in PATH or the usual folders".to_owned());
        return Ok(Answer { row, file: place, is_there: false, said: String::new() });
    };
    let mut env = env.clone();
    env.extend(nodes.env.clone());
    let args = argv.get(1..).unwrap_or_default();
    let program = Program { file: program, args, env: &env, joined: false, input: Some(nodes.script.0.as_bytes()) };
    let begun = Instant::now();
    let mut out = Stream { file: create(&place)?, bytes: 0, full: false };
    let mut said = Said::default();
    // The script has its own deadline, which is earlier.
    let ended = run(&program, stop.deadline(Duration::from_secs(24 * 3600)), stop, &mut out, &mut said)?;
    out.file.flush()?;
    row.ms = Some(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
    let said = String::from_utf8_lossy(&said.0).into_owned();
    let words = reason(&said);
    match ended {
        Ended::Alone(status) => {
            (row.exit_code, row.signal) = told(status);
            let how = match (row.exit_code, row.signal) {
                (Some(code), _) => format!("ended with {code}"),
                (None, signal) => format!("ended by signal {}", signal.unwrap_or_default()),
            };
            // The script ends with 3 where rows are missing.
            if out.bytes == 0 || !matches!(row.exit_code, Some(0 | 3)) {
                settle(&mut row, RowState::Failed, if words.is_empty() { how } else { format!("{how}: {words}") });
            }
        }
        Ended::TimedOut => settle(&mut row, RowState::TimedOut, "did not end before the deadline of the collection".to_owned()),
        Ended::Stopped => settle(&mut row, RowState::Skipped, "the collection was told to stop while it ran".to_owned()),
        Ended::NotStarted(error) => settle(&mut row, RowState::Failed, format!("could not be started: {error}")),
    }
    Ok(Answer { row, file: place, is_there: out.bytes > 0, said })
}

/// Why ssh ended, of what it said: the last line, for a host's greeting and a box of `@` come first. That the host key was not verified follows a line
/// that says why.
fn reason(said: &str) -> String {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "Host key verification failed.");
    lines.next_back().unwrap_or_default().chars().take(200).collect()
}

/// Puts what a host sent among the rows.
fn enter(answer: Answer, folder: &str, runner: &Runner<'_>, manifest: &mut Manifest) -> io::Result<()> {
    let mut row = answer.row;
    row.why = row.why.map(|why| clean(runner.redactor, &why));
    let mut rows = Vec::new();
    if answer.is_there {
        // Whatever a node calls itself, what it sends lies in the folder of the host that was asked.
        match take_in(&Input::Path(answer.file.clone()), UNPACKED, runner, &|_| folder.to_owned())? {
            Ok(taken) => {
                let name = &taken.manifest.host;
                manifest.found.push(format!("{folder}: answered by ssh as {name}, with {}", taken.manifest.tool.name));
                manifest.found.extend(taken.manifest.found.iter().map(|found| format!("{folder}: {found}")));
                match taken.broken {
                    Some(why) => {
                        let why = row.why.take().map_or(why.clone(), |before| format!("{before}; {why}"));
                        settle(&mut row, RowState::Truncated, why);
                    }
                    None if row.state.is_none() => row.state = Some(RowState::Collected),
                    None => {}
                }
                rows = taken.manifest.rows;
            }
            Err(why) => {
                // A login shell that prints, for one.
                let said = reason(&answer.said);
                let more = if said.is_empty() { said } else { format!(" ({})", clean(runner.redactor, &said)) };
                if row.state.is_none() {
                    settle(&mut row, RowState::Failed, format!("what came back is no bundle: {}{more}", without_path(&why)));
                }
            }
        }
    }
    manifest.rows.push(row);
    manifest.rows.append(&mut rows);
    // It was taken in, or is of no use.
    let _ = std::fs::remove_file(&answer.file);
    Ok(())
}

/// Without the place in our own folder, which tells nobody anything.
fn without_path(why: &str) -> &str {
    why.split_once(".tar.gz ").map_or(why, |(_, why)| why)
}

/// The stream as it comes, up to a bound.
struct Stream {
    file: File,
    bytes: u64,
    full: bool,
}

impl Sink for Stream {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.bytes + bytes.len() as u64 > STREAM {
            self.full = true;
            return Ok(());
        }
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn is_full(&self) -> bool {
        self.full
    }
}

#[derive(Default)]
struct Said(Vec<u8>);

impl Sink for Said {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = SAID.saturating_sub(self.0.len()).min(bytes.len());
        self.0.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_could_take_for_a_flag_or_a_command_is_no_host() {
        for host in ["db-2", "root@10.0.0.2", "etcd@db-2.example.com", "[fe80::1%eth0]"] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", "-oProxyCommand=x", "a b", "a;b", "$(x)", "a\nb"] {
            assert!(!is_host(host), "{host}");
        }
    }

    #[test]
    fn of_what_ssh_says_the_reason_is_told_and_no_greeting() {
        let greeting = "Welcome to db-2.\r\nAll use is logged.\r\n";
        for (said, expected) in [
            ("root@db-2: Permission denied (publickey).\r\n", "root@db-2: Permission denied (publickey)."),
            (
                "@@@@@@@@\r\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nHost key for db-2 has changed and you have requested strict checking.\r\nHost key verification failed.\r\n",
                "Host key for db-2 has changed and you have requested strict checking.",
            ),
        ] {
            assert_eq!(reason(&format!("{greeting}{said}")), expected);
        }
        assert_eq!(reason(""), "");
    }

    #[test]
    fn hosts_of_one_name_have_folders_of_their_own() {
        let nodes = Nodes { hosts: ["db-1", "root@db-2", "etcd@db-2"].map(str::to_owned).to_vec(), ..Nodes::default() };
        assert_eq!(nodes.folders("db-1"), ["db-1-2", "db-2", "db-2-2"]);
    }
}
