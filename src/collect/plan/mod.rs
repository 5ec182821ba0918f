//! The plan: what will be run and read, as data. What `--dry-run` prints is what runs.

mod ask;
mod host;
pub(in crate::collect) mod logs;
pub(in crate::collect) mod reach;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::{
    record::Keep,
    site::{Found, Site},
    window::Window,
};
use reach::Reach;

/// Most bytes of what etcdctl prints; a cluster of some dozens of members stays far below.
pub(in crate::collect) const ANSWER: u64 = 1 << 20;

/// Most bytes of one sample of metrics; etcd's own are some 150 KiB.
pub(in crate::collect) const METRICS: u64 = 8 << 20;

/// Most bytes of a log.
pub(in crate::collect) const LOG: u64 = 25 << 20;

/// Most bytes of the starts and ends that a whole journal holds.
pub(in crate::collect) const HISTORY: u64 = 5 << 20;

/// Most bytes of a file of the host.
pub(in crate::collect) const HOST: u64 = 1 << 20;

/// Most bytes of a listing of the data directory.
pub(in crate::collect) const LISTING: u64 = 4 << 20;

/// How long reading a log may take. A full journal of 4 GiB takes journalctl about a minute on a slow disk.
pub(in crate::collect) const LOG_TIME: Duration = Duration::from_secs(30);

/// How long a question to the host itself may take.
pub(in crate::collect) const HOST_TIME: Duration = Duration::from_secs(5);

/// How long fetching a URL may take.
pub(super) fn fetch_time(options: &Options) -> Duration {
    options.command_timeout + Duration::from_secs(2)
}

/// How long a question by etcdctl may take: `endpoint status` asks one endpoint after the other.
pub(super) fn ask_time(options: &Options) -> Duration {
    options.command_timeout * 3 + Duration::from_secs(3)
}

/// How long a question by the etcdctl of API version 2 may take.
pub(super) fn ask2_time(options: &Options) -> Duration {
    options.command_timeout + Duration::from_secs(3)
}

/// What the caller wants.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Client URLs, where given.
    pub endpoints: Option<Found>,
    /// Certificate of the authority.
    pub cacert: Option<Found>,
    /// Certificate of the client.
    pub cert: Option<Found>,
    /// Key of the client: its path.
    pub key: Option<Found>,
    /// Do not verify the server's certificate.
    pub insecure_skip_tls_verify: bool,
    /// Whether there is a user name and a password for etcdctl.
    pub has_login: bool,
    /// Most time for a connection.
    pub dial_timeout: Duration,
    /// Most time for a request.
    pub command_timeout: Duration,
    /// The data directory, where given.
    pub data_dir: Option<String>,
    /// Units of systemd in which etcd runs, where given.
    pub units: Vec<String>,
    /// A folder of journal files to read in place of the host's journal.
    pub journal: Option<String>,
    /// Which part of the logs.
    pub window: Window,
    /// Time between the two samples of metrics and counters.
    pub interval: Duration,
    /// Hash the keys however large the database is.
    pub deep: bool,
}

/// What to do for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Run a program.
    Run {
        /// Where it was found; `None` where it was not.
        file: Option<PathBuf>,
        /// Its name and its arguments.
        argv: Vec<String>,
        /// Variables for it, beside the few that every program gets.
        env: BTreeMap<String, String>,
        /// Whether it gets the user name and the password, by its environment.
        login: bool,
        /// Whether what it says on standard error belongs to its output: logs of containers come on both.
        joined: bool,
    },
    /// Read files.
    Read(Vec<String>),
    /// Read log files one after the other, compressed ones too.
    Logs(Vec<String>),
    /// Nothing can be done; why, and whether that is a gap or only does not apply here.
    Nothing {
        /// Why, in words.
        why: &'static str,
        /// Whether it is missed.
        missed: bool,
    },
}

/// When a step is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In any case.
    Always,
    /// When the interval since the first sample is over.
    AfterInterval,
    /// If etcd and etcdctl know API version 2: they are older than 3.4.
    Api2,
    /// If etcd and etcdctl know API version 3: they are 3.0 or newer.
    Api3,
    /// If they can hash keys, which 3.3 was the first to do, and each database is small: the whole of it is read.
    SmallDatabase,
    /// If they can hash keys.
    AnyDatabase,
    /// If no journal had a line of etcd.
    NoJournal,
}

/// One row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where its output goes, below the node's folder.
    pub path: String,
    /// The kind of evidence: `etcdctl`, `metrics`, `http`, `journal`, `log`, `host`.
    pub kind: &'static str,
    /// What is done.
    pub does: Does,
    /// When.
    pub when: When,
    /// How long it may take.
    pub time: Duration,
    /// What of its output is kept.
    pub keep: Keep,
    /// Words of which a line must have one to be kept; all are kept where there are none.
    pub only: &'static [&'static str],
    /// Exit codes beside 0 that are an answer, not a failure.
    pub answers: &'static [i32],
    /// Whether it does not apply where its program or file is absent.
    pub optional: bool,
    /// The node whose evidence it is, where that is not the host on which it is run.
    pub node: Option<String>,
}

/// All that will be run and read.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The steps, in the order in which they are run.
    pub steps: Vec<Step>,
    /// What was found on the host and by whom, one sentence each.
    pub found: Vec<String>,
}

/// Where etcdctl's version is kept: later steps depend on it.
pub(super) const ETCDCTL_VERSION: &str = "etcdctl/version.txt";

/// Where the sizes of the databases and the members' revisions are kept.
pub(super) const CLUSTER_STATUS: &str = "etcdctl/endpoint-status-cluster.json";

/// Where the hashes of the members' keys are kept.
pub(super) const HASHKV: &str = "etcdctl/endpoint-hashkv.json";

/// The same, as a pod told it.
pub(super) const PODS_STATUS: &str = "etcdctl/endpoint-status-pods.json";

/// A word of the plan that is known only when it runs: the lowest revision that a member told just before. So all members hash the same, and
/// under writes no two differ for no fault. Where none told one, the word is left out.
pub(super) const AT_REVISION: &str = "--rev=REVISION";

/// What makes members hash their data: one after the other, as etcdctl does it.
pub(super) const HASH_ALL: &[&str] = &["endpoint", "hashkv", "--cluster", AT_REVISION, "-w", "json"];

/// Whether they are made to do so whatever their size.
pub(super) fn when_hashed(options: &Options) -> When {
    if options.deep { When::AnyDatabase } else { When::SmallDatabase }
}

/// Where the kernel's log is kept.
pub(super) const KERNEL_LOG: &str = "journal/kernel.log";

/// Where the server's version is kept.
pub(super) const SERVER_VERSION: &str = "http/version.json";

/// The plan is made of parts; each adds its steps.
struct Drafting<'a> {
    site: &'a Site,
    options: &'a Options,
    reach: Reach,
    /// Whether etcd of other clusters runs here.
    has_strangers: bool,
    steps: Vec<Step>,
}

impl Plan {
    /// Whether the etcd that is meant is seen on a host.
    pub fn is_at_home(site: &Site, options: &Options) -> bool {
        let (site, _) = site.serving(options.endpoints.as_ref().map(|found| found.value.as_str()));
        !site.processes.is_empty()
    }

    /// Nothing on this host.
    pub fn of_others() -> Self {
        Self { steps: Vec::new(), found: vec!["this host: no etcd runs here, so that only the others are asked".to_owned()] }
    }

    /// The plan for a host.
    pub fn new(site: &Site, options: &Options) -> Self {
        let (site, others) = site.serving(options.endpoints.as_ref().map(|found| found.value.as_str()));
        let site = &site;
        let mut found = vec![format!("host: {}", site.host)];
        let processes: Vec<String> = site.processes.iter().map(|process| process.pid.to_string()).collect();
        found.push(match processes.as_slice() {
            [] => "etcd: no process is seen".to_owned(),
            pids if site.processes.iter().all(|process| process.is_embedded) => {
                format!("etcd: within process {}", pids.join(", "))
            }
            pids => format!("etcd: process {}", pids.join(", ")),
        });
        found.extend(
            others.iter().map(|pid| format!("process {pid} is left out: it is an etcd of other URLs or of another cluster")),
        );
        found.extend(site.container().map(|container| format!("container: {} ({:?})", container.id, container.engine)));
        let reach = Reach::new(site, options, &mut found);
        let data_dir = options.data_dir.clone().map(|value| Found { value, from: "flag".into() }).or_else(|| site.data_dir());
        found.extend(data_dir.as_ref().map(|it| format!("data directory: {} ({})", it.value, it.from)));
        let mut drafting = Drafting { site, options, reach, has_strangers: !others.is_empty(), steps: Vec::new() };
        drafting.samples(1);
        drafting.logs();
        drafting.answers();
        drafting.history();
        drafting.host(data_dir.as_ref().map(|found| found.value.as_str()));
        drafting.samples(2);
        Self { steps: drafting.steps, found }
    }
}

impl Step {
    pub(in crate::collect) fn new(kind: &'static str, path: impl Into<String>, does: Does) -> Self {
        let (time, keep) = (HOST_TIME, Keep::Head(HOST));
        Self {
            path: path.into(),
            kind,
            does,
            when: When::Always,
            time,
            keep,
            only: &[],
            answers: &[],
            optional: false,
            node: None,
        }
    }

    pub(in crate::collect) fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    pub(in crate::collect) fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    pub(in crate::collect) fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    fn only(mut self, words: &'static [&'static str]) -> Self {
        self.only = words;
        self
    }

    fn answers(mut self, codes: &'static [i32]) -> Self {
        self.answers = codes;
        self
    }

    pub(in crate::collect) fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn joined(mut self) -> Self {
        if let Does::Run { joined, .. } = &mut self.does {
            *joined = true;
        }
        self
    }
}

impl Drafting<'_> {
    fn program(&self, argv: Vec<String>) -> Does {
        run(self.site, argv)
    }

    fn runs(&self, words: &[&str]) -> Does {
        self.program(words.iter().map(|word| (*word).to_owned()).collect())
    }

    fn add(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// What is counted twice, to tell the present from the past.
    fn samples(&mut self, number: u8) {
        let when = if number == 1 { When::Always } else { When::AfterInterval };
        for (at, url) in self.reach.metrics_urls(self.site, self.options).into_iter().enumerate() {
            let name = if at == 0 { format!("{number}") } else { format!("{}-{number}", file_name(&url)) };
            let step = self.fetch("metrics", &format!("metrics/{name}.prom"), &format!("{url}/metrics"));
            self.add(step.keep(Keep::Head(METRICS)).when(when));
        }
        let counters = reads(&["/proc/diskstats"]);
        self.add(Step::new("host", format!("host/diskstats-{number}.txt"), counters).when(when).optional());
        let segments = reads(&["/proc/net/snmp"]);
        self.add(Step::new("host", format!("host/tcp-{number}.txt"), segments).when(when).optional());
        self.add(Step::new("host", format!("host/stat-{number}.txt"), reads(&["/proc/stat"])).when(when).optional());
        let pressure = reads(&["/proc/pressure/cpu", "/proc/pressure/io", "/proc/pressure/memory"]);
        self.add(Step::new("host", format!("host/pressure-{number}.txt"), pressure).when(when).optional());
        if let Some(file) = self.site.processes.iter().find_map(|process| process.cpu_stat.as_deref()) {
            self.add(Step::new("host", format!("host/cgroup-cpu-{number}.txt"), reads(&[file])).when(when).optional());
        }
    }
}

fn run(site: &Site, argv: Vec<String>) -> Does {
    let file = argv.first().and_then(|name| site.program(name));
    Does::Run { file, argv, env: BTreeMap::new(), login: false, joined: false }
}

fn reads(files: &[&str]) -> Does {
    Does::Read(files.iter().map(|file| (*file).to_owned()).collect())
}

/// A unit's name as a file's, without `.service`.
fn unit_name(unit: &str) -> String {
    file_name(unit.strip_suffix(".service").unwrap_or(unit))
}

/// A name for a file: what is no plain character of a name becomes `_`.
pub(super) fn file_name(text: &str) -> String {
    // User and password of a URL stand before its host.
    let text = text.split_once("://").map_or(text, |(_, rest)| rest.rsplit('@').next().unwrap_or(rest));
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '_' };
    let name: String = text.chars().map(plain).take(64).collect();
    if name.trim_matches('.').is_empty() { "unnamed".to_owned() } else { name }
}
