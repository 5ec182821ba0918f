//! Gathering one row: what is run or read, what became of it, and why.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::{self, Read},
    path::Path,
    process::ExitStatus,
    sync::mpsc,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use super::{
    Job, Login,
    logfiles::{Part, Reading},
    plan::{AT_REVISION, CLUSTER_STATUS, Does, ETCDCTL_VERSION, KERNEL_LOG, PODS_STATUS, SERVER_VERSION, Step, When},
    process::{Ended, Program, Sink, run, told},
    record::{Keep, Recorded, Recorder},
    spool::Spool,
    stamp,
    stop::Stop,
};
use crate::{
    bundle::{Beside, Row, RowState, STDERR},
    messages::Landmarks,
    redact::Redactor,
};

/// Most bytes of standard error that are kept.
pub(super) const COMPLAINTS: u64 = 64 * 1024;

/// What programs say when the rights are missing; some of them end with 0 all the same.
pub(super) const DENIED: &[&str] = &[
    "permission denied",
    "not seeing messages from other users",
    "insufficient permissions",
    "operation not permitted",
    "access denied",
    "authentication is required",
];

/// What journalctl says where there is no journal at all.
pub(super) const NO_JOURNAL: &[&str] = &["no journal files were found", "no journal files were opened"];

/// What tools of systemd say where systemd does not run: they do not apply there.
pub(super) const NOT_HERE: &[&str] =
    &["not been booted with systemd", "failed to connect to bus", "failed to create bus connection", "executable file not found"];

/// Characters of a complaint that stand in the manifest beside its row; the whole is in the file beside the output.
pub(super) const LONGEST_WHY: usize = 200;

/// All that journalctl prints where nothing fits.
const NO_ENTRIES: &str = "-- No entries --";

/// A row as it is planned.
pub(super) fn planned(step: &Step, node: &str) -> Row {
    let node = step.node.as_deref().unwrap_or(node);
    let mut row = Row { path: format!("nodes/{node}/{}", step.path), kind: step.kind.to_owned(), ..Row::default() };
    match &step.does {
        Does::Run { argv, env, .. } => (row.argv, row.env) = (argv.clone(), env.clone()),
        Does::Read(files) | Does::Logs(files) => row.reads.clone_from(files),
        Does::Nothing { .. } => {}
    }
    row
}

/// What later rows depend on.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// Major and minor version of the server and of etcdctl, where known.
    versions: [Option<(u32, u32)>; 2],
    /// Bytes in use of the largest database, where the members told.
    largest_db: Option<u64>,
    /// The lowest revision of a member, where the members told.
    lowest_revision: Option<i64>,
    /// Whether some journal had lines of etcd.
    has_journal: bool,
}

/// Databases with no more than this in use are hashed. To hash, etcd reads all of a database, and some versions hold back the next commit
/// meanwhile: of this much, for a second at most.
pub(super) const SMALL_DATABASE: u64 = 256 << 20;

impl Conditions {
    /// A step as it is run now, and its row: with what became known since it was planned.
    pub(super) fn known_now(&self, step: &Step, row: &mut Row) -> Step {
        let mut step = step.clone();
        if let Does::Run { argv, .. } = &mut step.does
            && let Some(at) = argv.iter().position(|word| word == AT_REVISION)
        {
            argv.remove(at);
            if let Some(revision) = self.lowest_revision {
                let word = format!("--rev={revision}");
                row.argv.insert(at.min(row.argv.len()), word.clone());
                argv.insert(at, word);
            }
        }
        step
    }

    /// Why a step does not apply, if so.
    fn against(&self, when: When) -> Option<String> {
        let older = |than| self.versions.iter().flatten().any(|version| *version < than);
        let known = self.versions.iter().flatten().count() > 0;
        let name = || match self.versions {
            [Some((major, minor)), _] => format!("etcd {major}.{minor}"),
            [None, Some((major, minor))] => format!("etcdctl {major}.{minor}"),
            [None, None] => "of unknown version".to_owned(),
        };
        match when {
            When::Always | When::AfterInterval => None,
            When::Api3 => older((3, 0)).then(|| format!("{} does not know API version 3", name())),
            When::SmallDatabase | When::AnyDatabase if older((3, 3)) => Some(format!("{} cannot hash keys", name())),
            When::AnyDatabase => None,
            When::NoJournal => self.has_journal.then(|| "the journal has etcd's lines".to_owned()),
            When::SmallDatabase => match self.largest_db {
                Some(bytes) if bytes <= SMALL_DATABASE => None,
                Some(bytes) => Some(format!("a database with {} MiB in use is too large to be read as a whole", bytes >> 20)),
                None => Some("the members did not tell how large their databases are".to_owned()),
            },
            When::Api2 => {
                (!known || !older((3, 4))).then(|| format!("API version 2 is asked of etcd before 3.4, and this is {}", name()))
            }
        }
    }
}

/// Gathers rows.
pub(super) struct Runner<'a> {
    pub job: &'a Job,
    pub spool: &'a Spool,
    pub stop: &'a Stop,
    pub redactor: &'a RefCell<Redactor>,
    pub landmarks: Option<&'a Landmarks>,
}

impl Runner<'_> {
    /// Gathers one row. An error is a failure of the output disk.
    pub(super) fn gather(&self, step: &Step, conditions: &mut Conditions, row: &mut Row) -> io::Result<()> {
        if let Some(why) = conditions.against(step.when) {
            settle(row, RowState::Skipped, why);
            return Ok(());
        }
        let begun = clock();
        match &step.does {
            Does::Nothing { why, missed } => {
                let state = if *missed { RowState::NotFound } else { RowState::Skipped };
                settle(row, state, (*why).to_owned());
            }
            Does::Read(files) => {
                row.started = Some(stamp());
                self.read(step, files, row)?;
            }
            Does::Logs(files) => {
                row.started = Some(stamp());
                self.read_logs(step, files, row)?;
            }
            Does::Run { file: None, argv, .. } => {
                let name = argv.first().map_or("the program", String::as_str);
                settle(row, absent(step), format!("there is no {name} in PATH or the usual folders"));
            }
            Does::Run { file: Some(file), argv, env, login, joined } => {
                row.started = Some(stamp());
                let login = self.job.login.as_ref().filter(|_| *login);
                self.run(step, &Command { file, argv, env, login, joined: *joined }, row)?;
            }
        }
        row.ms = row.started.as_ref().map(|_| u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
        let counts = self.redactor.borrow_mut().take_counts();
        row.redactions = counts.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
        match step.path.as_str() {
            SERVER_VERSION => conditions.versions[0] = self.spool.read(&row.path).and_then(|text| server_version(&text)),
            CLUSTER_STATUS | PODS_STATUS => {
                let text = self.spool.read(&row.path).unwrap_or_default();
                (conditions.largest_db, conditions.lowest_revision) = (largest_db(&text), lowest_revision(&text));
            }
            ETCDCTL_VERSION => conditions.versions[1] = self.spool.read(&row.path).and_then(|text| client_version(&text)),
            _ if step.kind == "journal" && step.only.is_empty() && row.path.ends_with(".log") => {
                let is_kernel = step.path == KERNEL_LOG;
                conditions.has_journal |= !is_kernel && matches!(row.state, Some(RowState::Collected | RowState::Truncated));
            }
            _ => {}
        }
        Ok(())
    }

    fn run(&self, step: &Step, command: &Command<'_>, row: &mut Row) -> io::Result<()> {
        let mut all = self.job.env.clone();
        all.extend(command.env.clone());
        if let Some(login) = command.login {
            // API 3 takes the two apart or in one, API 2 in one under another name.
            let both = format!("{}:{}", login.user, login.password);
            let name = if step.when == When::Api2 { "ETCDCTL_USERNAME" } else { "ETCDCTL_USER" };
            all.insert(name.to_owned(), both);
        }
        let place = self.spool.place(&row.path)?;
        let beside = self.spool.place(&format!("{}{STDERR}", row.path))?;
        let mut out = Recorder::new(place, step.keep, self.redactor, self.landmarks).only(step.only);
        let mut err = Recorder::new(beside, Keep::Head(COMPLAINTS), self.redactor, None);
        let args = command.argv.get(1..).unwrap_or_default();
        let program = Program { file: command.file, args, env: &all, joined: command.joined, input: None };
        let ended = run(&program, self.stop.deadline(step.time), self.stop, &mut out, &mut err)?;
        let cut_on_purpose = out.is_full();
        let (out, err) = (out.finish()?, err.finish()?);
        judge(step, &ended, cut_on_purpose, &out, &err, row);
        if err.bytes > 0 {
            row.stderr = Some(Beside { bytes: err.bytes, sha256: err.sha256 });
        }
        enter(out, row);
        Ok(())
    }

    fn read(&self, step: &Step, files: &[String], row: &mut Row) -> io::Result<()> {
        let (send, receive) = mpsc::channel();
        let (names, cap) = (files.to_vec(), step.keep.cap());
        // A read can hang as a program can: /proc of a process that is stuck in the kernel, for one. The thread is left behind then.
        std::thread::spawn(move || {
            // Nobody listens any more if it took too long.
            let _ = send.send(contents(&names, cap));
        });
        let deadline = self.stop.deadline(step.time);
        let got = loop {
            let left = deadline.saturating_duration_since(clock());
            match receive.recv_timeout(left.min(Duration::from_millis(50))) {
                Ok(got) => break got,
                Err(_) if self.stop.is_asked() || left.is_zero() => {
                    settle(row, RowState::TimedOut, format!("could not be read within {} s", step.time.as_secs()));
                    return Ok(());
                }
                Err(_) => {}
            }
        };
        let (text, error) = got;
        if text.is_empty()
            && let Some(error) = &error
        {
            let state = match error.kind() {
                io::ErrorKind::NotFound => absent(step),
                io::ErrorKind::PermissionDenied => RowState::Denied,
                _ => RowState::Failed,
            };
            settle(row, state, super::plain(error));
            return Ok(());
        }
        let mut out = Recorder::new(self.spool.place(&row.path)?, step.keep, self.redactor, None).only(step.only);
        out.take(&text)?;
        let out = out.finish()?;
        row.state = Some(if out.bytes == 0 { RowState::Empty } else { RowState::Collected });
        row.why = error.as_ref().map(super::plain);
        enter(out, row);
        Ok(())
    }
}

impl Runner<'_> {
    /// Log files, one after the other.
    fn read_logs(&self, step: &Step, files: &[String], row: &mut Row) -> io::Result<()> {
        let mut out = Recorder::new(self.spool.place(&row.path)?, step.keep, self.redactor, None).only(step.only);
        // Where only some lines are kept, how far back the last of them reach is not known.
        let last = step.only.is_empty().then(|| step.keep.cap());
        let reading = Reading::begin(files.to_vec(), last);
        let deadline = self.stop.deadline(step.time);
        let (mut failed, mut ends_early, mut is_cut) = (Vec::new(), None, false);
        loop {
            let left = deadline.saturating_duration_since(clock());
            match reading.next_within(left.min(Duration::from_millis(50))) {
                Ok(None) => break,
                Ok(Some(Part::Bytes(bytes))) => out.take(&bytes)?,
                Ok(Some(Part::OlderLeftOut)) => is_cut = true,
                Ok(Some(Part::Failed(file, error))) => failed.push((file, error)),
                Err(_) => {}
            }
            if self.stop.is_asked() || clock() >= deadline {
                ends_early = Some(format!("could not be read within {} s", step.time.as_secs()));
                break;
            }
        }
        let mut out = out.finish()?;
        if is_cut && out.truncated.is_none() {
            out.truncated = Some(format!("the last {} bytes were kept", out.bytes));
        }
        let is_denied = failed.iter().any(|(_, error)| error.kind() == io::ErrorKind::PermissionDenied);
        let whys = failed.iter().map(|(file, error)| format!("{file}: {}", super::plain(error)));
        row.why = ends_early.clone().or_else(|| whys.reduce(|all, why| format!("{all}; {why}")));
        row.state = Some(match (ends_early.is_some(), is_denied, failed.is_empty()) {
            (true, ..) => RowState::TimedOut,
            (_, true, _) => RowState::Denied,
            (_, _, false) if out.bytes == 0 => RowState::Failed,
            _ if out.bytes == 0 => RowState::Empty,
            _ => RowState::Collected,
        });
        enter(out, row);
        Ok(())
    }
}

/// A program that is there, and what it gets.
struct Command<'a> {
    file: &'a Path,
    argv: &'a [String],
    env: &'a BTreeMap<String, String>,
    login: Option<&'a Login>,
    joined: bool,
}

/// Whether rows of this kind come out of the journal, or the log files that stand for it.
pub(super) fn is_of_journal(kind: &str) -> bool {
    matches!(kind, "journal" | "log")
}

/// The largest of the databases in what `endpoint status -w json` printed: what is in use of each, for that is what hashing reads; up to 3.3
/// only the size of the file is told.
fn largest_db(status: &str) -> Option<u64> {
    let digits = |after: &str| after.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    let in_use = |of_one: &str| of_one.split_once("\"dbSizeInUse\":").and_then(|(_, after)| digits(after));
    status.split("\"dbSize\":").skip(1).filter_map(|of_one| in_use(of_one).or_else(|| digits(of_one))).max()
}

/// The lowest revision in it. A member without data has 1; where 0 would stand, etcdctl leaves it out.
fn lowest_revision(status: &str) -> Option<i64> {
    let digits = |after: &str| after.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    status.split("\"revision\":").skip(1).filter_map(digits).filter(|revision| *revision > 0).min()
}

pub(super) fn settle(row: &mut Row, state: RowState, why: String) {
    row.state = Some(state);
    row.why = Some(why);
}

fn absent(step: &Step) -> RowState {
    if step.optional { RowState::Skipped } else { RowState::NotFound }
}

fn enter(out: Recorded, row: &mut Row) {
    if out.bytes > 0 {
        row.bytes = Some(out.bytes);
        row.sha256 = Some(out.sha256);
        if out.truncated.is_some() && row.state == Some(RowState::Collected) {
            row.state = Some(RowState::Truncated);
        }
        row.truncated = out.truncated;
    }
}

/// What became of a program's row.
fn judge(step: &Step, ended: &Ended, cut_on_purpose: bool, out: &Recorded, err: &Recorded, row: &mut Row) {
    let complaint = err.head.to_ascii_lowercase();
    let hints = |words: &[&str]| words.iter().any(|words| complaint.contains(words));
    // etcdctl says it last, behind warnings of its library in JSON.
    let said = || err.head.lines().map(str::trim).filter(|line| !line.is_empty());
    let first_words = || {
        let plain = said().find(|line| !line.starts_with('{')).or_else(|| said().next()).unwrap_or_default();
        plain.chars().take(LONGEST_WHY).collect::<String>()
    };
    let status = match ended {
        Ended::NotStarted(error) => {
            let state = if error.kind() == io::ErrorKind::PermissionDenied { RowState::Denied } else { RowState::Failed };
            return settle(row, state, format!("could not be started: {}", super::plain(error)));
        }
        Ended::TimedOut => return settle(row, RowState::TimedOut, format!("did not end within {} s", step.time.as_secs())),
        Ended::Stopped => return settle(row, RowState::Skipped, "the collection was told to stop while it ran".to_owned()),
        Ended::Alone(status) => *status,
    };
    (row.exit_code, row.signal) = if cut_on_purpose { (None, None) } else { told(status) };
    let is_answer = cut_on_purpose || is_answer(step, status);
    let is_empty = out.bytes == 0 || out.head.trim() == NO_ENTRIES;
    if hints(DENIED) {
        settle(row, RowState::Denied, first_words());
    } else if hints(NO_JOURNAL) && is_empty {
        settle(row, RowState::NotFound, first_words());
    } else if step.optional && hints(NOT_HERE) {
        settle(row, RowState::Skipped, first_words());
    } else if !is_answer {
        let how = match told(status) {
            (Some(code), _) => format!("ended with {code}"),
            (None, signal) => format!("ended by signal {}", signal.unwrap_or_default()),
        };
        let words = first_words();
        settle(row, RowState::Failed, if words.is_empty() { how } else { format!("{how}: {words}") });
    } else {
        row.state = Some(if is_empty && err.bytes == 0 { RowState::Empty } else { RowState::Collected });
    }
}

fn is_answer(step: &Step, status: ExitStatus) -> bool {
    status.code().is_some_and(|code| code == 0 || step.answers.contains(&code))
}

/// The files' contents, one after the other under their names if there are several, and what could not be read.
#[expect(clippy::disallowed_methods, reason = "this is the door: files of the host that the plan names are read here")]
pub(super) fn contents(files: &[String], cap: u64) -> (Vec<u8>, Option<io::Error>) {
    let (mut text, mut failed) = (Vec::new(), None);
    for file in files {
        let mut content = Vec::new();
        match std::fs::File::open(file).and_then(|open| open.take(cap).read_to_end(&mut content)) {
            Err(error) => {
                failed.get_or_insert(error);
            }
            Ok(_) => {
                if files.len() > 1 {
                    text.extend_from_slice(format!("==> {file} <==\n").as_bytes());
                }
                // The kernel puts NULs between the words of a command line.
                if file.ends_with("/cmdline") {
                    content.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
                }
                text.append(&mut content);
            }
        }
    }
    (text, failed)
}

/// `{"etcdserver":"3.5.16","etcdcluster":"3.5.0"}`, or etcd 2.0's `etcd 2.0.13`.
fn server_version(text: &str) -> Option<(u32, u32)> {
    let behind = text.split_once("\"etcdserver\"").map(|(_, rest)| rest).or_else(|| text.strip_prefix("etcd "))?;
    number(behind)
}

/// `etcdctl version: 3.5.16`, `etcdctl version 2.3.8`.
fn client_version(text: &str) -> Option<(u32, u32)> {
    text.lines().find_map(|line| number(line.trim().strip_prefix("etcdctl version")?))
}

/// The first `major.minor` of a text.
fn number(text: &str) -> Option<(u32, u32)> {
    let text = text.get(text.find(|c: char| c.is_ascii_digit())?..)?;
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Bytes by chance: from the kernel, else from what differs between two runs. Old kernels lack `getrandom`, so the device is read.
pub(super) fn chance(count: usize) -> Vec<u8> {
    let (mut bytes, _) = contents(&["/dev/urandom".to_owned()], count as u64);
    if bytes.len() < count {
        bytes = Sha256::digest(format!("{} {} {:?}", stamp(), std::process::id(), clock())).to_vec();
    }
    bytes.truncate(count);
    bytes
}

#[expect(clippy::disallowed_methods, reason = "how long a row took is part of the manifest")]
fn clock() -> Instant {
    Instant::now()
}

#[test]
fn the_largest_database_decides_and_an_answer_without_sizes_is_none() {
    let status = r#"[{"Status":{"dbSize":20480,"leader":1}},{"Status":{"dbSize":118071296,"dbSizeInUse":99}}]"#;
    assert_eq!(largest_db(status), Some(20480), "hashing reads what is in use");
    assert_eq!(largest_db(&status.replace(":99}", ":20481}")), Some(20481));
    assert_eq!(largest_db("[]"), None);
}

#[test]
fn the_lowest_revision_is_the_one_that_all_have() {
    let status = r#"[{"Status":{"header":{"member_id":1,"revision":514,"raft_term":2},"dbSize":9}},{"Status":{"header":{"revision":512}}}]"#;
    assert_eq!(lowest_revision(status), Some(512));
    assert_eq!((lowest_revision("[]"), lowest_revision(r#"{"revision":0}"#)), (None, None));
}
