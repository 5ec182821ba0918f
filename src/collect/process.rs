//! Running one program of the site: in a process group of its own, its input closed, both pipes drained, ended in time.

#![expect(clippy::disallowed_methods, reason = "this is the door: programs are started here, and their time is measured")]

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::{CommandExt, ExitStatusExt},
    },
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

use super::stop::Stop;

/// How long a program may take to end after SIGTERM before it gets SIGKILL.
const GRACE: Duration = Duration::from_secs(1);

/// How long is waited for a program after SIGKILL. One that sleeps in the kernel, on a dead NFS server say, does not end then either; it is left
/// behind.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long a pipe may stay open after the program has ended: a child of its own may hold it.
const AFTERMATH: Duration = Duration::from_millis(500);

/// Longest sleep before the signals are looked at. A signal interrupts the sleep; this bounds what a signal costs that comes just before it.
const SLICE: Duration = Duration::from_millis(50);

/// A program and what it gets.
#[derive(Clone, Debug)]
pub(super) struct Program<'a> {
    /// The file, found already.
    pub file: &'a std::path::Path,
    /// Its arguments.
    pub args: &'a [String],
    /// All of its environment.
    pub env: &'a BTreeMap<String, String>,
    /// Whether what it says on standard error comes with its output.
    pub joined: bool,
    /// What it reads from standard input; nothing comes from anywhere else.
    pub input: Option<&'a [u8]>,
}

/// How a program ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// By itself, or by a signal that was not ours.
    Alone(ExitStatus),
    /// It did not end in time.
    TimedOut,
    /// The collection was told to stop.
    Stopped,
    /// It could not be started.
    NotStarted(io::Error),
}

/// Takes in what a program prints.
pub(super) trait Sink {
    /// Takes bytes. An error is a failure of the output disk, and ends the program.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Whether nothing more is wanted: the program is ended then.
    fn is_full(&self) -> bool {
        false
    }
}

/// Runs a program until it ends, or until `deadline`.
///
/// # Errors
/// What a sink says: the output disk is full, mostly.
pub(super) fn run(
    program: &Program<'_>,
    deadline: Instant,
    stop: &Stop,
    out: &mut dyn Sink,
    err: &mut dyn Sink,
) -> io::Result<Ended> {
    let mut command = Command::new(program.file);
    command.args(program.args).env_clear().envs(program.env);
    command.stdin(if program.input.is_some() { Stdio::piped() } else { Stdio::null() }).process_group(0);
    let (mut child, pipes) = match start(command, program.joined) {
        Ok(started) => started,
        Err(error) => return Ok(Ended::NotStarted(error)),
    };
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), program.input) {
        let input = input.to_vec();
        // A thread of its own, which ends when the program has read all or is gone: it may print before it has read.
        std::thread::spawn(move || pipe.write_all(&input));
    }
    let result = attend(&mut child, pipes, deadline, stop, [out, err]);
    if !matches!(result, Ok(Ended::Alone(_))) {
        end(&mut child);
    }
    result
}

/// Asks, by `ionice`, that this process and all that it starts come last at the disk: class idle. Where it is refused, they are as any other.
pub(super) fn stand_back_at_the_disk(ionice: Option<&std::path::Path>, env: &BTreeMap<String, String>) {
    let Some(ionice) = ionice else { return };
    let mut command = Command::new(ionice);
    command.args(["-c", "3", "-p", &std::process::id().to_string()]).env_clear().envs(env);
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
    let Ok(mut child) = started else { return };
    let begun = Instant::now();
    while !has_ended(&child) && begun.elapsed() < GRACE {
        wait_for(&None::<File>, &None::<File>, Duration::from_millis(5));
    }
    end_group(&child);
    let _ = child.wait();
}

/// Where a program's output and its complaints come from.
type Pipes = [Option<File>; 2];

/// Starts a program. The command is given up here, for it holds an end of the pipe where there is one for both.
fn start(mut command: Command, joined: bool) -> io::Result<(Child, Pipes)> {
    if joined {
        let (reader, writer) = io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        return Ok((command.spawn()?, [Some(File::from(OwnedFd::from(reader))), None]));
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let out = child.stdout.take().map(|pipe| File::from(OwnedFd::from(pipe)));
    let err = child.stderr.take().map(|pipe| File::from(OwnedFd::from(pipe)));
    Ok((child, [out, err]))
}

/// Reads both pipes until they are closed and the program has ended.
fn attend(child: &mut Child, pipes: Pipes, deadline: Instant, stop: &Stop, sinks: [&mut dyn Sink; 2]) -> io::Result<Ended> {
    let [mut out_pipe, mut err_pipe] = pipes;
    let [out, err] = sinks;
    let mut block = vec![0; 64 * 1024];
    let mut ended_at: Option<Instant> = None;
    loop {
        let now = Instant::now();
        if stop.is_asked() {
            return Ok(Ended::Stopped);
        }
        if ended_at.is_none() && has_ended(child) {
            ended_at = Some(now);
        }
        let are_closed = out_pipe.is_none() && err_pipe.is_none();
        if let Some(at) = ended_at
            && (are_closed || now.duration_since(at) >= AFTERMATH)
        {
            // The leader is a zombie still, so its group's number cannot have gone to others.
            end_group(child);
            return child.wait().map(Ended::Alone);
        }
        if now >= deadline {
            return Ok(Ended::TimedOut);
        }
        let slice = if are_closed { Duration::from_millis(5) } else { SLICE }.min(deadline.duration_since(now));
        wait_for(&out_pipe, &err_pipe, slice);
        drain(&mut out_pipe, out, &mut block)?;
        drain(&mut err_pipe, err, &mut block)?;
        if out.is_full() {
            end(child);
            return child.wait().map(Ended::Alone);
        }
    }
}

/// Sleeps until a pipe has something, a signal comes, or the time is over.
fn wait_for(out: &Option<impl AsFd>, err: &Option<impl AsFd>, slice: Duration) {
    let mut fds: Vec<PollFd<'_>> = Vec::new();
    fds.extend(out.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
    fds.extend(err.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
    let slice = Timespec::try_from(slice).ok();
    // An interruption by a signal is as good as any other end of the sleep.
    let _ = poll(&mut fds, slice.as_ref());
}

/// Reads what a pipe has now; closes it at its end.
fn drain(pipe: &mut Option<impl Read + AsFd>, sink: &mut dyn Sink, block: &mut [u8]) -> io::Result<()> {
    let Some(open) = pipe.as_mut() else { return Ok(()) };
    let mut fds = [PollFd::new(open, PollFlags::IN)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    if poll(&mut fds, Some(&now)).unwrap_or(0) == 0 {
        return Ok(());
    }
    match open.read(block) {
        Ok(0) => *pipe = None,
        Ok(n) => sink.take(block.get(..n).unwrap_or_default())?,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
        Err(_) => *pipe = None,
    }
    Ok(())
}

/// Whether the program has ended; it stays a zombie, so that its group can still be named.
fn has_ended(child: &Child) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    pid_of(child).is_none_or(|pid| !matches!(waitid(WaitId::Pid(pid), options), Ok(None)))
}

fn pid_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

fn end_group(child: &Child) {
    if let Some(group) = pid_of(child) {
        // A group that is gone is what is wanted.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Ends a program and its children: SIGTERM, then SIGKILL. What does not even end by that is left behind.
fn end(child: &mut Child) {
    let asked = Instant::now();
    if let Some(group) = pid_of(child) {
        let _ = kill_process_group(group, Signal::TERM);
    }
    let mut is_killed = false;
    while !has_ended(child) && asked.elapsed() < GRACE + FAREWELL {
        if !is_killed && asked.elapsed() >= GRACE {
            end_group(child);
            is_killed = true;
        }
        wait_for(&None::<std::process::ChildStdout>, &None::<std::process::ChildStdout>, Duration::from_millis(5));
    }
    end_group(child);
    let _ = child.try_wait();
}

/// Exit code and signal of a program.
pub(super) fn told(status: ExitStatus) -> (Option<i32>, Option<i32>) {
    (status.code(), status.signal())
}
