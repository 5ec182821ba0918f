//! The plan: what will be run and read, as data. What `--dry-run` prints is what runs.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use super::{
    record::Keep,
    site::{Found, Site},
    window::Window,
};

/// Most bytes of what etcdctl prints; a cluster of some dozens of members stays far below.
const ANSWER: u64 = 1 << 20;

/// Most bytes of one sample of metrics; etcd's own are some 150 KiB.
const METRICS: u64 = 8 << 20;

/// Most bytes of a log.
const LOG: u64 = 25 << 20;

/// Most bytes of the starts and ends that a whole journal holds.
const HISTORY: u64 = 5 << 20;

/// Most bytes of a file of the host.
const HOST: u64 = 1 << 20;

/// Most bytes of a listing of the data directory.
const LISTING: u64 = 4 << 20;

/// How long reading a journal may take. A full one of 4 GiB takes journalctl about a minute on a slow disk.
const JOURNAL_TIME: Duration = Duration::from_secs(30);

/// How long a question to the host itself may take.
const HOST_TIME: Duration = Duration::from_secs(5);

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
    },
    /// Read files.
    Read(Vec<String>),
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
}

/// One row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where its output goes, below the node's folder.
    pub path: String,
    /// The kind of evidence: `etcdctl`, `metrics`, `http`, `journal`, `host`.
    pub kind: &'static str,
    /// What is done.
    pub does: Does,
    /// When.
    pub when: When,
    /// How long it may take.
    pub time: Duration,
    /// What of its output is kept.
    pub keep: Keep,
    /// Exit codes beside 0 that are an answer, not a failure.
    pub answers: &'static [i32],
    /// Whether it does not apply where its program or file is absent.
    pub optional: bool,
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

/// Where the sizes of the databases are kept.
pub(super) const CLUSTER_STATUS: &str = "etcdctl/endpoint-status-cluster.json";

/// Where the server's version is kept.
pub(super) const SERVER_VERSION: &str = "http/version.json";

/// The plan is made of parts; each adds its steps.
struct Drafting<'a> {
    site: &'a Site,
    options: &'a Options,
    endpoints: Vec<String>,
    tls: Tls,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, Default)]
struct Tls {
    cacert: Option<String>,
    cert: Option<String>,
    key: Option<String>,
}

impl Plan {
    /// The plan for a host.
    pub fn new(site: &Site, options: &Options) -> Self {
        let mut found = vec![format!("host: {}", site.host)];
        let processes: Vec<String> = site.processes.iter().map(|process| process.pid.to_string()).collect();
        found.push(match processes.as_slice() {
            [] => "etcd: no process is seen".to_owned(),
            pids => format!("etcd: process {}", pids.join(", ")),
        });
        let endpoints = endpoints(site, options);
        let mut note = |what: &str, found_it: &Option<Found>| {
            if let Some(it) = found_it {
                found.push(format!("{what}: {} ({})", it.value, it.from));
            }
        };
        note("endpoints", &Some(endpoints.clone()));
        let tls = if endpoints.value.contains("https://") { tls(site, options) } else { Default::default() };
        note("cacert", &tls.0);
        note("cert", &tls.1);
        note("key", &tls.2);
        let value = |found: Option<Found>| found.map(|found| found.value);
        let data_dir = options.data_dir.clone().map(|value| Found { value, from: "flag".into() }).or_else(|| site.data_dir());
        note("data directory", &data_dir);
        let mut drafting = Drafting {
            site,
            options,
            endpoints: endpoints.value.split(',').map(|url| url.trim().trim_end_matches('/').to_owned()).collect(),
            tls: Tls { cacert: value(tls.0), cert: value(tls.1), key: value(tls.2) },
            steps: Vec::new(),
        };
        drafting.samples(1);
        drafting.logs();
        drafting.answers();
        drafting.history();
        drafting.host(data_dir.as_ref().map(|found| found.value.as_str()));
        drafting.samples(2);
        Self { steps: drafting.steps, found }
    }
}

/// Client URLs: given, else those that the process advertises, else those on which it listens, else etcd's default.
fn endpoints(site: &Site, options: &Options) -> Found {
    let of_process =
        ["advertise-client-urls", "listen-client-urls"].iter().find_map(|name| site.setting(name)).map(|mut found| {
            // What it listens on may be all addresses, which is none to ask.
            found.value = found.value.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//127.0.0.1:");
            found
        });
    let default = || Found { value: "http://127.0.0.1:2379".into(), from: "etcd's default".into() };
    let mut found = options.endpoints.clone().or(of_process).unwrap_or_else(default);
    // etcdctl takes `host:port` as well; curl does, too, but the report would not know the URL again.
    let has_tls = options.cacert.is_some() || options.cert.is_some();
    let scheme = if has_tls { "https" } else { "http" };
    let with_scheme = |url: &str| if url.contains("://") { url.to_owned() } else { format!("{scheme}://{url}") };
    found.value = found.value.split(',').map(|url| with_scheme(url.trim())).collect::<Vec<_>>().join(",");
    found
}

/// Certificates: given, else those of the server itself, which the files' owner may use.
fn tls(site: &Site, options: &Options) -> (Option<Found>, Option<Found>, Option<Found>) {
    let is_given = options.cert.is_some() || options.key.is_some();
    let of = |given: &Option<Found>, setting: &str| given.clone().or_else(|| site.setting(setting));
    let own = |given: &Option<Found>, setting: &str| if is_given { given.clone() } else { of(given, setting) };
    (of(&options.cacert, "trusted-ca-file"), own(&options.cert, "cert-file"), own(&options.key, "key-file"))
}

impl Step {
    fn new(kind: &'static str, path: impl Into<String>, does: Does) -> Self {
        let (time, keep) = (HOST_TIME, Keep::Head(HOST));
        Self { path: path.into(), kind, does, when: When::Always, time, keep, answers: &[], optional: false }
    }

    fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    fn answers(mut self, codes: &'static [i32]) -> Self {
        self.answers = codes;
        self
    }

    fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        if let Does::Run { env, .. } = &mut self.does {
            env.insert(name.to_owned(), value.to_owned());
        }
        self
    }

    fn login(mut self, has_login: bool) -> Self {
        if let Does::Run { login, .. } = &mut self.does {
            *login = has_login;
        }
        self
    }
}

impl Drafting<'_> {
    fn program(&self, argv: Vec<String>) -> Does {
        let file = argv.first().and_then(|name| self.site.program(name));
        Does::Run { file, argv, env: BTreeMap::new(), login: false }
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
        for (at, url) in self.metrics_urls().into_iter().enumerate() {
            let name = if at == 0 { format!("{number}") } else { format!("{}-{number}", file_name(&url)) };
            let step = self.curl("metrics", &format!("metrics/{name}.prom"), &format!("{url}/metrics"));
            self.add(step.keep(Keep::Head(METRICS)).when(when));
        }
        let counters = reads(&["/proc/diskstats"]);
        self.add(Step::new("host", format!("host/diskstats-{number}.txt"), counters).when(when).optional());
        self.add(Step::new("host", format!("host/stat-{number}.txt"), reads(&["/proc/stat"])).when(when).optional());
        let pressure = reads(&["/proc/pressure/cpu", "/proc/pressure/io", "/proc/pressure/memory"]);
        self.add(Step::new("host", format!("host/pressure-{number}.txt"), pressure).when(when).optional());
        if let Some(file) = self.site.processes.iter().find_map(|process| process.cpu_stat.as_deref()) {
            self.add(Step::new("host", format!("host/cgroup-cpu-{number}.txt"), reads(&[file])).when(when).optional());
        }
    }

    /// Where metrics are: at URLs of their own, else at the client URLs.
    fn metrics_urls(&self) -> Vec<String> {
        let own = self.site.setting("listen-metrics-urls").filter(|_| self.options.endpoints.is_none());
        let own = own.map(|found| found.value.split(',').map(|url| url.trim_end_matches('/').to_owned()).collect());
        own.unwrap_or_else(|| self.endpoints.clone())
    }

    fn curl(&self, kind: &'static str, path: &str, url: &str) -> Step {
        let seconds = |time: Duration| format!("{}", time.as_secs_f64());
        let mut argv: Vec<String> = ["curl", "-q", "-sS", "--noproxy", "*"].map(str::to_owned).to_vec();
        argv.extend(["--connect-timeout".to_owned(), seconds(self.options.dial_timeout)]);
        argv.extend(["--max-time".to_owned(), seconds(self.options.command_timeout)]);
        if url.starts_with("https://") {
            let files = [("--cacert", &self.tls.cacert), ("--cert", &self.tls.cert), ("--key", &self.tls.key)];
            argv.extend(files.iter().filter_map(|(flag, file)| Some([(*flag).to_owned(), (*file).clone()?])).flatten());
            argv.extend(self.options.insecure_skip_tls_verify.then(|| "--insecure".to_owned()));
        }
        argv.push(url.to_owned());
        Step::new(kind, path, self.program(argv)).time(self.options.command_timeout + Duration::from_secs(2))
    }

    /// etcd's log of the window.
    fn logs(&mut self) {
        for unit in self.units() {
            let name = unit_name(&unit);
            let step = self.journal(&format!("journal/{name}.log"), &["-u", &unit], &self.options.window);
            self.add(step.keep(Keep::Tail(LOG)));
        }
    }

    fn units(&self) -> Vec<String> {
        let of_process = || self.site.processes.iter().find_map(|process| process.unit.clone());
        match self.options.units.as_slice() {
            [] => vec![of_process().unwrap_or_else(|| "etcd".to_owned())],
            units => units.to_vec(),
        }
    }

    fn journal(&self, path: &str, what: &[&str], window: &Window) -> Step {
        let mut argv: Vec<String> = ["journalctl", "--no-pager", "-o", "short-iso"].map(str::to_owned).to_vec();
        argv.extend(self.options.journal.iter().map(|folder| format!("--directory={folder}")));
        argv.extend(what.iter().map(|word| (*word).to_owned()));
        argv.extend(window.flags());
        // journalctl of systemd 246 and later ends with 1 where a unit has no entry.
        Step::new("journal", path, self.program(argv)).time(JOURNAL_TIME).answers(&[1])
    }

    /// What etcd answers, by curl and by etcdctl.
    fn answers(&mut self) {
        for (at, url) in self.endpoints.clone().iter().enumerate() {
            let name = |what: &str| if at == 0 { what.to_owned() } else { format!("{what}-{}", file_name(url)) };
            let version = self.curl("http", &format!("http/{}.json", name("version")), &format!("{url}/version"));
            self.add(version);
            let health = self.curl("http", &format!("http/{}.json", name("health")), &format!("{url}/health"));
            self.add(health);
        }
        let version = Step::new("etcdctl", ETCDCTL_VERSION, self.runs(&["etcdctl", "version"])).env("ETCDCTL_API", "3");
        // etcdctl 2 knows only `--version`, and says so with 3.
        self.add(version.answers(&[1, 2, 3]));
        // The narrow questions first: they do not need the cluster's quorum.
        self.ask_v3("endpoint-status.json", &["endpoint", "status", "-w", "json"]);
        self.ask_v3("endpoint-health.txt", &["endpoint", "health"]);
        self.ask_v3("member-list.json", &["member", "list", "-w", "json"]);
        self.ask_v3("endpoint-health-cluster.txt", &["endpoint", "health", "--cluster"]);
        self.ask_v3("endpoint-status-cluster.json", &["endpoint", "status", "--cluster", "-w", "json"]);
        self.ask_v3("alarm-list.json", &["alarm", "list", "-w", "json"]);
        self.ask_v3_when("endpoint-hashkv.json", &["endpoint", "hashkv", "--cluster", "-w", "json"], When::SmallDatabase);
        self.ask_v2("cluster-health.txt", &["cluster-health"]);
        self.ask_v2("member-list-v2.txt", &["member", "list"]);
    }

    fn ask_v3(&mut self, name: &str, question: &[&str]) {
        self.ask_v3_when(name, question, When::Api3);
    }

    fn ask_v3_when(&mut self, name: &str, question: &[&str], when: When) {
        let milliseconds = |time: Duration| format!("{}ms", time.as_millis());
        let mut argv = vec!["etcdctl".to_owned(), format!("--endpoints={}", self.endpoints.join(","))];
        let files = [("--cacert", &self.tls.cacert), ("--cert", &self.tls.cert), ("--key", &self.tls.key)];
        argv.extend(files.iter().filter_map(|(flag, file)| Some(format!("{flag}={}", file.as_ref()?))));
        argv.extend(self.options.insecure_skip_tls_verify.then(|| "--insecure-skip-tls-verify".to_owned()));
        argv.push(format!("--dial-timeout={}", milliseconds(self.options.dial_timeout)));
        argv.push(format!("--command-timeout={}", milliseconds(self.options.command_timeout)));
        argv.extend(question.iter().map(|word| (*word).to_owned()));
        // `endpoint status` asks one endpoint after the other.
        let time = self.options.command_timeout * 3 + Duration::from_secs(3);
        let step = Step::new("etcdctl", format!("etcdctl/{name}"), self.program(argv)).env("ETCDCTL_API", "3");
        self.add(step.login(self.options.has_login).when(when).time(time).keep(Keep::Head(ANSWER)));
    }

    fn ask_v2(&mut self, name: &str, question: &[&str]) {
        let seconds = |time: Duration| format!("{}s", time.as_secs().max(1));
        let mut argv = vec!["etcdctl".to_owned(), format!("--endpoints={}", self.endpoints.join(","))];
        let files = [("--ca-file", &self.tls.cacert), ("--cert-file", &self.tls.cert), ("--key-file", &self.tls.key)];
        argv.extend(files.iter().filter_map(|(flag, file)| Some(format!("{flag}={}", file.as_ref()?))));
        argv.push(format!("--timeout={}", seconds(self.options.dial_timeout)));
        argv.push(format!("--total-timeout={}", seconds(self.options.command_timeout)));
        argv.extend(question.iter().map(|word| (*word).to_owned()));
        let time = self.options.command_timeout + Duration::from_secs(3);
        let step = Step::new("etcdctl", format!("etcdctl/{name}"), self.program(argv)).env("ETCDCTL_API", "2");
        self.add(step.login(self.options.has_login).when(When::Api2).time(time).keep(Keep::Head(ANSWER)));
    }

    /// What lies before and behind the window, and what others say of its time.
    fn history(&mut self) {
        let window = self.options.window.clone();
        for unit in self.units() {
            for (name, part) in [("history", window.before()), ("history-after", window.after())] {
                let Some(part) = part else { continue };
                // The newest first: if the time is over, what is missing is the oldest.
                let step = self.journal(&format!("journal/{}.{name}.log", unit_name(&unit)), &["-u", &unit, "-r"], &part);
                self.add(step.keep(Keep::Landmarks(HISTORY)));
            }
        }
        // `-k` would show the present boot alone.
        let kernel = self.journal("journal/kernel.log", &["_TRANSPORT=kernel"], &window);
        self.add(kernel.keep(Keep::Tail(LOG / 2)));
        let proxy = self.journal("journal/kube-proxy.log", &["-u", "kube-proxy"], &window);
        self.add(proxy.keep(Keep::Tail(LOG / 2)));
    }

    /// The host's own facts.
    fn host(&mut self, data_dir: Option<&str>) {
        match data_dir {
            Some(dir) => {
                let blocks = self.runs(&["df", "-P", "-k", dir]);
                self.add(Step::new("host", "host/df.txt", blocks));
                let inodes = self.runs(&["df", "-P", "-i", dir]);
                self.add(Step::new("host", "host/df-inodes.txt", inodes));
                let listing = self.runs(&["ls", "-lAR", "--full-time", dir]);
                self.add(Step::new("host", "host/data-dir.txt", listing).keep(Keep::Head(LISTING)));
            }
            None => {
                let does = || Does::Nothing { why: "no data directory was found: name it with --data-dir", missed: true };
                self.add(Step::new("host", "host/df.txt", does()));
                self.add(Step::new("host", "host/data-dir.txt", does()));
            }
        }
        self.add(Step::new("host", "host/mounts.txt", reads(&["/proc/self/mounts"])));
        self.add(Step::new("host", "host/meminfo.txt", reads(&["/proc/meminfo"])));
        self.add(Step::new("host", "host/uptime.txt", reads(&["/proc/uptime", "/proc/loadavg"])));
        let processes = self.runs(&["ps", "-C", "etcd", "-o", "user,pid,ppid,stat,lstart,rss,pcpu,args"]);
        // ps ends with 1 where there is no such process, and that is an answer.
        self.add(Step::new("host", "host/ps.txt", processes).answers(&[1]));
        match self.site.processes.first().map(|process| process.pid) {
            Some(pid) => {
                self.add(Step::new("host", "host/etcd-cmdline.txt", reads(&[&format!("/proc/{pid}/cmdline")])));
                self.add(Step::new("host", "host/limits.txt", reads(&[&format!("/proc/{pid}/limits")])));
            }
            None => {
                let does = || Does::Nothing { why: "no etcd process is seen here", missed: false };
                self.add(Step::new("host", "host/etcd-cmdline.txt", does()));
                self.add(Step::new("host", "host/limits.txt", does()));
            }
        }
        for (path, argv) in [
            ("host/chronyc.txt", &["chronyc", "-n", "tracking"][..]),
            ("host/ntpq.txt", &["ntpq", "-pn"]),
            ("host/timedatectl.txt", &["timedatectl", "status"]),
        ] {
            let does = self.runs(argv);
            self.add(Step::new("host", path, does).optional());
        }
    }
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
