//! A cluster of real etcd, a member a node.

use std::{
    env, fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Output,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    dice::Dice,
    network::Network,
    node::{Blueprint, Node},
    plan::{Plan, Settings},
    program::said,
    tls::{Authority, GOOD, Pair, Validity},
    unit::Unit,
};

/// How long a cluster may take until it is as a test wants it.
const LIMIT: Duration = Duration::from_secs(45);
/// Between two looks at a condition.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the packaged units keep their data.
pub(crate) const DATA: &str = "/var/lib/etcd";
const PKI: &str = "/etc/etcd/pki";

/// A node and its etcd.
pub(crate) struct Member {
    pub(crate) node: Arc<Node>,
    pub(crate) unit: Unit,
    scheme: &'static str,
}

/// Members, their network, and the clients' host.
pub(crate) struct Cluster {
    /// Before the network, whose bridge carries their cables.
    pub(crate) members: Vec<Member>,
    network: Network,
    /// Who signed the certificates.
    authority: Option<Authority>,
    plan: Plan,
}

/// Where the programs of a version lie.
fn programs(version: &str) -> PathBuf {
    let unpacked = env::var_os("ETCD_TRIAGE_LAB_ETCD")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("lab").join("etcd"), PathBuf::from);
    let programs = unpacked.join(version);
    assert!(programs.join("etcd").exists(), "etcd {version} is missing: run `tests/lab/etcd-versions {}`", unpacked.display());
    programs
}

impl Cluster {
    /// Makes the nodes and starts all members; they need not be healthy when this returns.
    pub(crate) fn start(plan: Plan, dice: &mut Dice) -> Self {
        let network = Network::new(dice);
        let authority = plan.tls.then(|| Authority::new("etcd-ca"));
        let mut cluster = Self { members: Vec::new(), network, authority, plan };
        for index in 0..plan.members {
            let node = cluster.node(index, dice);
            let settings = cluster.settings(&node, &cluster.initial(plan.members));
            let (argv, environment) = told(plan, &settings);
            let scheme = cluster.scheme();
            cluster.members.push(Member { unit: Unit::new(&node, argv, environment), node, scheme });
        }
        cluster.hand_out(GOOD);
        for member in &mut cluster.members {
            member.unit.start();
        }
        cluster
    }

    /// Makes the node of one more member, with this `--initial-cluster-state` and with all nodes in its `--initial-cluster`. It is
    /// not started.
    pub(crate) fn enlarge(&mut self, state: &str, dice: &mut Dice) -> usize {
        let index = self.members.len();
        let node = self.node(index, dice);
        let (argv, environment) = told(self.plan, &self.settings(&node, &self.initial(index + 1)));
        let mut unit = Unit::new(&node, argv, environment);
        unit.set("initial-cluster-state", state);
        let scheme = self.scheme();
        self.members.push(Member { unit, node, scheme });
        self.hand_out(GOOD);
        index
    }

    fn scheme(&self) -> &'static str {
        if self.plan.tls { "https" } else { "http" }
    }

    fn name(index: usize) -> String {
        ('a'..='z').nth(index).map(|letter| format!("etcd-{letter}")).expect("few members")
    }

    /// Where other members reach this one.
    pub(crate) fn peer_url(&self, index: usize) -> String {
        let host = if self.plan.by_name { Self::name(index) } else { self.network.address(index).to_string() };
        format!("{}://{host}:2380", self.scheme())
    }

    /// `--initial-cluster` of so many members.
    fn initial(&self, members: usize) -> String {
        (0..members).map(|i| format!("{}={}", Self::name(i), self.peer_url(i))).collect::<Vec<_>>().join(",")
    }

    fn node(&self, index: usize, dice: &mut Dice) -> Arc<Node> {
        let name = Self::name(index);
        let programs = programs(self.plan.version);
        let address = self.network.address(index);
        let disk = Some((self.plan.disk_mib, self.plan.disk));
        let node = Arc::new(Node::start(&Blueprint { name: &name, address, programs: Some(&programs), disk }, dice));
        self.network.connect(&node);
        let count = self.plan.members.max(index + 1);
        let hosts: String = (0..count).map(|i| format!("{} {}\n", self.network.address(i), Self::name(i))).collect();
        node.write("/etc/hosts", format!("127.0.0.1 localhost\n{hosts}").as_bytes());
        node
    }

    /// The settings of a member: name of the flag, value.
    fn settings(&self, node: &Node, initial: &str) -> Vec<(String, String)> {
        let (own, scheme) = (node.address(), self.scheme());
        let advertised = if self.plan.by_name { node.name().to_owned() } else { own.to_string() };
        let mut settings = vec![
            ("name", node.name().to_owned()),
            ("data-dir", DATA.to_owned()),
            ("listen-client-urls", format!("{scheme}://{own}:2379,{scheme}://127.0.0.1:2379")),
            ("advertise-client-urls", format!("{scheme}://{own}:2379")),
            ("listen-peer-urls", format!("{scheme}://{own}:2380")),
            ("initial-advertise-peer-urls", format!("{scheme}://{advertised}:2380")),
            ("initial-cluster", initial.to_owned()),
            ("initial-cluster-token", "etcd-lab".to_owned()),
            ("initial-cluster-state", "new".to_owned()),
        ];
        if self.plan.tls {
            let file = |name: &str| format!("{PKI}/{name}");
            settings.extend([
                ("cert-file", file("etcd.crt")),
                ("key-file", file("etcd.key")),
                ("trusted-ca-file", file("ca.crt")),
                ("client-cert-auth", "true".to_owned()),
                ("peer-cert-file", file("etcd.crt")),
                ("peer-key-file", file("etcd.key")),
                ("peer-trusted-ca-file", file("ca.crt")),
                ("peer-client-cert-auth", "true".to_owned()),
            ]);
        }
        settings.extend(self.plan.more.iter().map(|(flag, value)| (*flag, (*value).to_owned())));
        settings.into_iter().map(|(flag, value)| (flag.to_owned(), value)).collect()
    }

    /// The clients' host.
    pub(crate) fn client(&self) -> &Arc<Node> {
        self.network.client()
    }

    /// What the cluster is made of.
    pub(crate) fn plan(&self) -> Plan {
        self.plan
    }

    /// Gives every node its certificates, if the cluster has any.
    fn hand_out(&self, validity: Validity) {
        let Some(authority) = &self.authority else { return };
        for node in self.members.iter().map(|member| &member.node).chain([self.client()]) {
            node.write(&format!("{PKI}/ca.crt"), &authority.certificate());
            store(node, &authority.issue(node.name(), node.address(), validity));
        }
    }

    /// Gives a member another certificate: of the cluster's authority, or of a foreign one.
    pub(crate) fn recertify(&self, who: usize, foreign: bool, validity: Validity) {
        let other = foreign.then(|| Authority::new("etcd-ca"));
        let authority = other.as_ref().or(self.authority.as_ref()).expect("a cluster with TLS");
        let node = &self.members[who].node;
        store(node, &authority.issue(node.name(), node.address(), validity));
    }

    /// Gives a member a certificate for peers, of the cluster's authority, that names another host.
    pub(crate) fn mistake(&self, who: usize, name: &str, address: Ipv4Addr) {
        let authority = self.authority.as_ref().expect("a cluster with TLS");
        let pair = authority.issue_without_loopback(name, address);
        self.members[who].node.write(&format!("{PKI}/peer.crt"), &pair.certificate);
        self.members[who].node.write(&format!("{PKI}/peer.key"), &pair.key);
    }

    /// Puts the programs of another version in the place of a member's.
    pub(crate) fn exchange(&self, who: usize, version: &str) {
        for program in ["etcd", "etcdctl"] {
            let binary = fs::read(programs(version).join(program)).expect("a program of etcd can be read");
            self.members[who].node.write(&format!("/usr/local/bin/{program}"), &binary);
        }
    }

    /// The member's clients' URL, as other hosts reach it.
    pub(crate) fn url(&self, who: usize) -> String {
        let member = &self.members[who];
        format!("{}://{}:2379", member.scheme, member.node.address())
    }

    /// Whether the member, asked over the network, says that it is healthy.
    pub(crate) fn healthy(&self, who: usize) -> bool {
        let url = format!("{}/health", self.url(who));
        let argv = [&["curl", "-s", "--max-time", "3"], self.curl_tls(), &[&url]].concat();
        let output = self.client().run(&argv, &[]);
        String::from_utf8_lossy(&output.stdout).replace(' ', "").contains("\"health\":\"true\"")
    }

    /// What curl needs besides, on any node of the cluster.
    pub(crate) fn curl_tls(&self) -> &'static [&'static str] {
        if self.plan.tls {
            &["--cacert", "/etc/etcd/pki/ca.crt", "--cert", "/etc/etcd/pki/etcd.crt", "--key", "/etc/etcd/pki/etcd.key"]
        } else {
            &[]
        }
    }

    /// Waits until these members are healthy.
    pub(crate) fn await_health(&self, who: &[usize]) {
        self.await_that("healthy members", || who.iter().all(|who| self.healthy(*who)));
    }

    /// Waits until all members are healthy.
    pub(crate) fn await_all(&self) {
        self.await_health(&(0..self.members.len()).collect::<Vec<_>>());
    }

    /// Waits until a line of the member's journal holds `words`.
    pub(crate) fn await_line(&self, who: usize, words: &str) {
        self.await_lines(who, words, 1);
    }

    /// Waits until so many lines of the member's journal hold `words`.
    pub(crate) fn await_lines(&self, who: usize, words: &str, least: usize) {
        self.await_that(words, || self.members[who].node.journal().count(words) >= least);
    }

    /// Waits for a condition; fails with the ends of all journals where it does not come.
    pub(crate) fn await_that(&self, what: &str, holds: impl Fn() -> bool) {
        let until = Instant::now() + LIMIT;
        while !holds() {
            assert!(Instant::now() < until, "waited in vain for: {what}\n{}", self.journals());
            thread::sleep(PAUSE);
        }
    }

    fn journals(&self) -> String {
        let end = |member: &Member| {
            member.node.store_journal();
            format!("--- {}\n{}", member.node.name(), member.node.must(&["journalctl", "--no-pager", "-n", "25"]))
        };
        self.members.iter().map(end).collect()
    }

    /// Runs etcdctl on a member, against its own loopback.
    pub(crate) fn etcdctl(&self, who: usize, arguments: &[&str]) -> Output {
        let endpoint = format!("{}://127.0.0.1:2379", self.members[who].scheme);
        let mut environment = vec![("ETCDCTL_API", "3"), ("ETCDCTL_ENDPOINTS", &*endpoint)];
        if self.plan.tls {
            environment.extend([
                ("ETCDCTL_CACERT", "/etc/etcd/pki/ca.crt"),
                ("ETCDCTL_CERT", "/etc/etcd/pki/etcd.crt"),
                ("ETCDCTL_KEY", "/etc/etcd/pki/etcd.key"),
            ]);
        }
        self.members[who].node.run(&[&["etcdctl"], arguments].concat(), &environment)
    }

    /// Which member leads.
    pub(crate) fn leader(&self) -> usize {
        let leads = |who: usize| {
            let output = self.etcdctl(who, &["endpoint", "status"]);
            assert!(output.status.success(), "{}", said(&["etcdctl", "endpoint", "status"], &output));
            String::from_utf8_lossy(&output.stdout).split(", ").nth(4) == Some("true")
        };
        (0..self.members.len()).find(|who| leads(*who)).expect("a healthy cluster has a leader")
    }
}

/// Stores a member's own certificate.
fn store(node: &Node, pair: &Pair) {
    node.write(&format!("{PKI}/etcd.crt"), &pair.certificate);
    node.write(&format!("{PKI}/etcd.key"), &pair.key);
}

/// Command line and environment that carry the settings.
fn told(plan: Plan, settings: &[(String, String)]) -> (Vec<String>, Vec<(String, String)>) {
    let program = "/usr/local/bin/etcd".to_owned();
    match plan.settings {
        Settings::Flags => {
            let flags = settings.iter().map(|(flag, value)| format!("--{flag}={value}"));
            (std::iter::once(program).chain(flags).collect(), Vec::new())
        }
        Settings::Environment => {
            let variable = |flag: &str| format!("ETCD_{}", flag.replace('-', "_").to_uppercase());
            (vec![program], settings.iter().map(|(flag, value)| (variable(flag), value.clone())).collect())
        }
    }
}
