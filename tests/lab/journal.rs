//! A node's journal: what journald would have written of a unit, in journald's own file format.

use std::{
    fmt::Write as _,
    fs,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// The unit that etcd runs as.
pub(crate) const UNIT: &str = "etcd.service";

/// Who a node is, to journald.
pub(crate) struct Host {
    pub(crate) name: String,
    /// 32 hex digits.
    pub(crate) machine: String,
    /// 32 hex digits.
    pub(crate) boot: String,
}

struct Entry {
    at_us: u64,
    fields: Vec<(&'static str, String)>,
}

/// The entries of one node.
pub(crate) struct Journal {
    host: Host,
    booted_us: u64,
    /// How far the node's clock is ahead.
    ahead_us: AtomicI64,
    entries: Mutex<Vec<Entry>>,
}

/// Microseconds since 1970, now.
pub(crate) fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    u64::try_from(since.as_micros()).expect("the time fits")
}

impl Journal {
    pub(crate) fn new(host: Host) -> Self {
        // As `/proc/uptime` in the node tells.
        let uptime = fs::read_to_string("/proc/uptime").expect("the kernel tells its uptime");
        let seconds = uptime.split('.').next().and_then(|text| text.parse::<u64>().ok()).expect("the uptime is a number");
        Self {
            host,
            booted_us: now_us().saturating_sub(seconds * 1_000_000),
            ahead_us: AtomicI64::new(0),
            entries: Mutex::default(),
        }
    }

    /// Sets the node's clock ahead, or back.
    pub(crate) fn set_off(&self, ahead_us: i64) {
        self.ahead_us.store(ahead_us, Ordering::Relaxed);
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().expect("no thread failed while it journalled")
    }

    fn add(&self, at_us: u64, fields: Vec<(&'static str, String)>) {
        let at_us = at_us.saturating_add_signed(self.ahead_us.load(Ordering::Relaxed));
        self.entries().push(Entry { at_us, fields });
    }

    /// A line that etcd printed at `at_us`, as journald stores it.
    ///
    /// etcd's older logger, once it finds that systemd is its parent, hands message, level and package over by themselves
    /// (`init.go` and `journald_formatter.go` of capnslog, in github.com/coreos/pkg); here it finds no systemd and prints them,
    /// so they are taken apart.
    pub(crate) fn printed(&self, at_us: u64, pid: u32, line: &str) {
        let mut fields = match handed_over(line) {
            Some((priority, package, message)) => vec![
                ("_TRANSPORT", "journal".to_owned()),
                ("PRIORITY", priority.to_owned()),
                ("PACKAGE", package.to_owned()),
                ("MESSAGE", message.to_owned()),
            ],
            None => {
                vec![("_TRANSPORT", "stdout".to_owned()), ("PRIORITY", "6".to_owned()), ("MESSAGE", line.to_owned())]
            }
        };
        fields.extend([
            ("SYSLOG_IDENTIFIER", "etcd".to_owned()),
            ("_COMM", "etcd".to_owned()),
            ("_PID", pid.to_string()),
            ("_UID", "0".to_owned()),
            ("_SYSTEMD_UNIT", UNIT.to_owned()),
        ]);
        self.add(at_us, fields);
    }

    /// A line of systemd about the unit.
    pub(crate) fn systemd(&self, priority: u8, message: &str) {
        self.add(
            now_us(),
            vec![
                ("_TRANSPORT", "journal".to_owned()),
                ("PRIORITY", priority.to_string()),
                ("MESSAGE", message.to_owned()),
                ("SYSLOG_IDENTIFIER", "systemd".to_owned()),
                ("_COMM", "systemd".to_owned()),
                ("_PID", "1".to_owned()),
                ("_UID", "0".to_owned()),
                ("UNIT", UNIT.to_owned()),
                ("_SYSTEMD_UNIT", "init.scope".to_owned()),
            ],
        );
    }

    /// A line of the kernel.
    pub(crate) fn kernel(&self, priority: u8, message: &str) {
        self.kernel_at(now_us(), priority, message);
    }

    /// A line that the kernel said so many microseconds after this machine's start.
    pub(crate) fn kernel_since_boot(&self, since_us: u64, priority: u8, message: &str) {
        self.kernel_at(self.booted_us + since_us, priority, message);
    }

    fn kernel_at(&self, at_us: u64, priority: u8, message: &str) {
        self.add(
            at_us,
            vec![
                ("_TRANSPORT", "kernel".to_owned()),
                ("PRIORITY", priority.to_string()),
                ("MESSAGE", message.to_owned()),
                ("SYSLOG_IDENTIFIER", "kernel".to_owned()),
                ("SYSLOG_FACILITY", "0".to_owned()),
            ],
        );
    }

    /// Whether some line holds `words`.
    pub(crate) fn holds(&self, words: &str) -> bool {
        self.count(words) > 0
    }

    /// How many entries so far hold these words.
    pub(crate) fn count(&self, words: &str) -> usize {
        let holds = |entry: &&Entry| entry.fields.iter().any(|(key, value)| *key == "MESSAGE" && value.contains(words));
        self.entries().iter().filter(holds).count()
    }

    /// The journal file that this host writes to.
    pub(crate) fn file(&self) -> String {
        format!("/var/log/journal/{}/system.journal", self.host.machine)
    }

    /// All entries in order, in the export format: <https://systemd.io/JOURNAL_EXPORT_FORMATS/>.
    pub(crate) fn export(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut entries = self.entries();
        entries.sort_by_key(|entry| entry.at_us);
        for entry in entries.iter() {
            let mut head = String::new();
            let monotonic = entry.at_us.saturating_sub(self.booted_us);
            let Host { name, machine, boot } = &self.host;
            write!(head, "__REALTIME_TIMESTAMP={}\n__MONOTONIC_TIMESTAMP={monotonic}\n", entry.at_us)
                .expect("a string takes all");
            write!(head, "_BOOT_ID={boot}\n_MACHINE_ID={machine}\n_HOSTNAME={name}\n").expect("a string takes all");
            out.extend(head.as_bytes());
            for (key, value) in &entry.fields {
                out.extend(key.as_bytes());
                // A value with other control characters than tabs is told by its length.
                if value.bytes().any(|byte| byte < b' ' && byte != b'\t') {
                    out.push(b'\n');
                    out.extend(u64::try_from(value.len()).expect("a length fits").to_le_bytes());
                } else {
                    out.push(b'=');
                }
                out.extend(value.as_bytes());
                out.push(b'\n');
            }
            out.push(b'\n');
        }
        out
    }
}

/// Priority, package and message of a line like `2026-01-02 03:04:05.678901 I | raft: 8211f1d0f64f3269 became leader at term 2`.
fn handed_over(line: &str) -> Option<(&'static str, &str, &str)> {
    let (stamp, rest) = line.split_at_checked("2026-01-02 03:04:05.678901".len())?;
    let shaped = stamp
        .bytes()
        .zip("0000-00-00 00:00:00.000000".bytes())
        .all(|(is, form)| if form == b'0' { is.is_ascii_digit() } else { is == form });
    let (level, rest) = rest.strip_prefix(' ')?.split_once(" | ")?;
    let (package, message) = rest.split_once(": ")?;
    let priority = match level {
        "C" => "2",
        "E" => "3",
        "W" => "4",
        "N" => "5",
        "I" => "6",
        "D" | "T" => "7",
        _ => return None,
    };
    shaped.then_some((priority, package, message))
}

#[test]
fn a_line_of_the_older_logger_is_taken_apart_as_it_is_handed_to_journald() {
    let line = "2026-01-02 03:04:05.678901 W | rafthttp: health check for peer 8211f1d0f64f3269 could not connect: EOF";
    let message = "health check for peer 8211f1d0f64f3269 could not connect: EOF";
    assert_eq!(handed_over(line), Some(("4", "rafthttp", message)));
    assert_eq!(handed_over("{\"level\":\"info\",\"ts\":\"2026-01-02T03:04:05.678Z\",\"msg\":\"x | y: z\"}"), None);
    assert_eq!(handed_over("panic: freepages: failed to get all reachable pages"), None);
}

#[test]
fn a_message_of_several_lines_is_exported_by_its_length() {
    let host = Host { name: "etcd-a".to_owned(), machine: "0".repeat(32), boot: "1".repeat(32) };
    let journal = Journal::new(host);
    journal.kernel(3, "one\ntwo");
    let text = String::from_utf8(journal.export()).expect("text");
    assert!(text.contains("MESSAGE\n\u{7}\0\0\0\0\0\0\0one\ntwo\n"), "{text:?}");
}
