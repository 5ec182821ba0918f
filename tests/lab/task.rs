//! A program that goes on in a node while the test does something else.

use std::{
    fs,
    io::{BufRead, BufReader, pipe},
    os::unix::process::CommandExt,
    process::{ExitStatus, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

use crate::{
    journal::now_us,
    node::Node,
    program::{command, must, run},
};

/// How long a program may take to start, or to end once it was killed.
const SOON: Duration = Duration::from_secs(20);

/// Takes each line that the program prints, with the time of its arrival in µs since 1970.
pub(crate) type OnLine = Box<dyn FnMut(u64, u32, &str) + Send>;

/// Is told how the program ended, after its last line.
pub(crate) type OnEnd = Box<dyn FnOnce(ExitStatus) + Send>;

/// The program; it ends with this value.
pub(crate) struct Task {
    node: Arc<Node>,
    /// `nsenter`, which waits for the program: by this machine's count.
    keeper: u32,
    pid: u32,
    ended: Receiver<()>,
    over: bool,
}

impl Task {
    /// Starts `argv` in the node; both outputs go to `on_line` in the order of their arrival.
    pub(crate) fn start(
        node: &Arc<Node>,
        argv: &[&str],
        environment: &[(String, String)],
        mut on_line: OnLine,
        on_end: OnEnd,
    ) -> Self {
        let (reader, writer) = pipe().expect("a pipe can be made");
        let both = writer.try_clone().expect("a pipe can be shared");
        // The shell tells the process id as the node counts it, then becomes the program.
        let told = [&["sh", "-c", "echo $$; exec \"$@\"", "sh"], argv].concat();
        let mut starting = command(&node.inside(&told));
        starting.envs(environment.iter().map(|(key, value)| (key, value)));
        // A group of its own: where this process is killed, the kernel wakes what was stopped in it, so that it can end.
        starting.stdin(Stdio::null()).stdout(writer).stderr(both).process_group(0);
        let mut child = starting.spawn().expect("nsenter, of util-linux, can be started");
        drop(starting);
        let keeper = child.id();
        let (tell_pid, pid) = channel();
        let (tell_end, ended) = channel();
        thread::spawn(move || {
            let mut reader = BufReader::new(reader);
            let mut line = Vec::new();
            let mut pid = None;
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(line.trim_ascii_end());
                match pid {
                    Some(pid) => on_line(now_us(), pid, &text),
                    None => pid = text.parse().ok().inspect(|pid| tell_pid.send(*pid).unwrap_or_default()),
                }
                line.clear();
            }
            // Before the end is told: it may hold the node, which must end with its owner and not with this thread.
            drop(on_line);
            on_end(child.wait().expect("a child can be awaited"));
            // Nobody may be listening any more.
            let _ = tell_end.send(());
        });
        let pid = pid.recv_timeout(SOON).expect("a program in a node tells its process id");
        Self { node: Arc::clone(node), keeper, pid, ended, over: false }
    }

    /// The process id as the node counts.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// The process id as this machine counts; none if it ended.
    pub(crate) fn pid_outside(&self) -> Option<u32> {
        let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.keeper)).ok()?;
        children.trim().parse().ok()
    }

    /// Sends a signal, by its name without `SIG`.
    pub(crate) fn signal(&self, name: &str) {
        self.node.must(&["kill", "-s", name, &self.pid.to_string()]);
    }

    /// Wakes a program that SIGSTOP stopped. `nsenter` stops with its child, and wakes it when it is woken itself.
    pub(crate) fn wake(&self) {
        must(&["kill", "-s", "CONT", &self.keeper.to_string()], Vec::new());
    }

    /// Waits for its end; whether it ended within `limit`.
    pub(crate) fn await_end(&mut self, limit: Duration) -> bool {
        self.over = self.over || self.ended.recv_timeout(limit).is_ok();
        self.over
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if !self.await_end(Duration::ZERO) {
            // It may have ended by itself since.
            let _ = self.node.run(&["kill", "-s", "KILL", &self.pid.to_string()], &[]);
            let _ = run(&["kill", "-s", "CONT", &self.keeper.to_string()], &[], Vec::new(), SOON);
            self.await_end(SOON);
        }
    }
}
