//! etcd as a unit of systemd: started and ended in a node, with the lines that systemd would add to the journal.

use std::{
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{node::Node, task::Task};

/// The unit's id and description, as systemd 252 names it in its lines.
const NAMED: &str = "etcd.service - etcd - highly-available key value store";

/// What etcd prints once it takes part, about when it tells systemd (Debian's unit has `Type=notify`): the first is missing in
/// 3.4's JSON.
const READY: [&str; 2] = ["ready to serve client requests", "serving client traffic"];

const NOTICE: u8 = 5;
const WARNING: u8 = 4;
const ERROR: u8 = 3;
const INFO: u8 = 6;

/// What is known of a running unit while it ends.
#[derive(Default)]
struct State {
    ready: AtomicBool,
    stopping: AtomicBool,
}

/// The unit of a node.
pub(crate) struct Unit {
    node: Arc<Node>,
    /// The command line; faults change it between two starts.
    pub(crate) argv: Vec<String>,
    environment: Vec<(String, String)>,
    state: Arc<State>,
    task: Option<Task>,
    restarts: u32,
}

impl Unit {
    /// The unit, not started.
    pub(crate) fn new(node: &Arc<Node>, argv: Vec<String>, environment: Vec<(String, String)>) -> Self {
        Self { node: Arc::clone(node), argv, environment, state: Arc::default(), task: None, restarts: 0 }
    }

    /// Starts etcd; it need not be ready when this returns.
    pub(crate) fn start(&mut self) {
        self.node.journal().systemd(INFO, &format!("Starting {NAMED}..."));
        let state = Arc::<State>::default();
        let argv: Vec<&str> = self.argv.iter().map(String::as_str).collect();
        let (node, lines) = (Arc::clone(&self.node), Arc::clone(&state));
        let on_line = move |at_us: u64, pid: u32, line: &str| {
            node.journal().printed(at_us, pid, line);
            if READY.iter().any(|words| line.contains(words)) && !lines.ready.swap(true, Ordering::Relaxed) {
                node.journal().systemd(INFO, &format!("Started {NAMED}."));
            }
        };
        let (node, at_end) = (Arc::clone(&self.node), Arc::clone(&state));
        let on_end = move |status| ended(&node, &at_end, status);
        self.task = None;
        self.task = Some(Task::start(&self.node, &argv, &self.environment, Box::new(on_line), Box::new(on_end)));
        self.state = state;
    }

    /// Starts etcd as systemd does by `Restart=`.
    pub(crate) fn restart_after_failure(&mut self) {
        self.restarts += 1;
        let line = format!("etcd.service: Scheduled restart job, restart counter is at {}.", self.restarts);
        self.node.journal().systemd(INFO, &line);
        self.start();
    }

    /// Changes a setting for the next start, where the others are told.
    pub(crate) fn set(&mut self, flag: &str, value: &str) {
        let variable = format!("ETCD_{}", flag.replace('-', "_").to_uppercase());
        let prefix = format!("--{flag}=");
        if self.environment.is_empty() {
            self.argv.retain(|argument| !argument.starts_with(&prefix));
            self.argv.push(format!("{prefix}{value}"));
        } else {
            self.environment.retain(|(name, _)| *name != variable);
            self.environment.push((variable, value.to_owned()));
        }
    }

    /// Environment and command line, as a shell would take them.
    pub(crate) fn command_line(&self) -> String {
        let variables = self.environment.iter().map(|(key, value)| format!("{key}={value}"));
        variables.chain(self.argv.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    /// The running or last started etcd.
    pub(crate) fn task(&self) -> &Task {
        self.task.as_ref().expect("the unit was started")
    }

    /// Ends etcd as `systemctl stop` does.
    pub(crate) fn stop(&mut self) {
        self.state.stopping.store(true, Ordering::Relaxed);
        self.node.journal().systemd(INFO, &format!("Stopping {NAMED}..."));
        self.task().signal("TERM");
        assert!(self.await_end(Duration::from_secs(30)), "etcd of {} did not end on SIGTERM", self.node.name());
    }

    /// Waits for etcd's end, and for the lines about it; whether it ended within `limit`.
    pub(crate) fn await_end(&mut self, limit: Duration) -> bool {
        self.task.as_mut().is_none_or(|task| task.await_end(limit))
    }
}

/// What systemd says of a main process's end, in the words of systemd 252.
fn ended(node: &Node, state: &State, status: ExitStatus) {
    let journal = node.journal();
    let stopping = state.stopping.load(Ordering::Relaxed);
    let clean = status.success() || matches!(status.signal(), Some(1 | 2 | 13 | 15));
    if !clean {
        let (how, result) = match (status.signal(), status.code()) {
            (Some(9), _) => ("code=killed, status=9/KILL".to_owned(), "signal"),
            (Some(6), _) => ("code=dumped, status=6/ABRT".to_owned(), "core-dump"),
            (Some(other), _) => (format!("code=killed, status={other}"), "signal"),
            (None, Some(1)) => ("code=exited, status=1/FAILURE".to_owned(), "exit-code"),
            (None, Some(2)) => ("code=exited, status=2/INVALIDARGUMENT".to_owned(), "exit-code"),
            (None, code) => (format!("code=exited, status={}/n/a", code.unwrap_or_default()), "exit-code"),
        };
        journal.systemd(NOTICE, &format!("etcd.service: Main process exited, {how}"));
        journal.systemd(WARNING, &format!("etcd.service: Failed with result '{result}'."));
        if !state.ready.load(Ordering::Relaxed) && !stopping {
            journal.systemd(ERROR, &format!("Failed to start {NAMED}."));
        }
    } else {
        journal.systemd(INFO, "etcd.service: Deactivated successfully.");
    }
    if stopping {
        journal.systemd(INFO, &format!("Stopped {NAMED}."));
    }
}
