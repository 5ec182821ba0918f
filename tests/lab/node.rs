//! A node: namespaces and a root of its own, so that programs in it see a host.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::{Child, Output, Stdio},
    time::Duration,
};

use crate::{
    dice::Dice,
    image::{Ballast, Image},
    journal::{Host, Journal},
    plan::Disk,
    program::{self, must},
};

/// How long a command in a node may take, where the caller does not say otherwise.
const USUAL: Duration = Duration::from_secs(20);

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/node.sh");

/// A host to those inside: own hostname, network, processes, root, disk for etcd, machine id, boot id and journal.
///
/// Its first process lives until its standard input ends. So the node ends with the value, and with this process however that
/// ends.
pub(crate) struct Node {
    name: String,
    address: Ipv4Addr,
    holder: Child,
    first: String,
    journal: Journal,
    ballast: Option<Ballast>,
}

/// What a node is made of.
pub(crate) struct Blueprint<'a> {
    /// The hostname.
    pub(crate) name: &'a str,
    /// The address that it gets when it is connected.
    pub(crate) address: Ipv4Addr,
    /// The folder with etcd and etcdctl, copied to `/usr/local/bin`.
    pub(crate) programs: Option<&'a Path>,
    /// Size and kind of the ext4 for `/var/lib/etcd`; without it that is in memory.
    pub(crate) disk: Option<(u64, Disk)>,
}

impl Node {
    /// Makes the node; its network has only a loopback yet.
    pub(crate) fn start(blueprint: &Blueprint, dice: &mut Dice) -> Self {
        let id = |dice: &mut Dice| format!("{:016x}{:016x}", dice.roll(), dice.roll());
        let host = Host { name: blueprint.name.to_owned(), machine: id(dice), boot: id(dice) };
        let image = blueprint.disk.map(|(mib, disk)| Image::new(mib, disk));
        let programs = blueprint.programs.map_or("-".to_owned(), |path| path.to_string_lossy().into_owned());
        let disk_path = image.as_ref().map_or("-".to_owned(), |image| image.path.to_string_lossy().into_owned());
        let own = ["--net", "--uts", "--ipc", "--pid", "--mount", "--fork", "--kill-child"];
        let boot = dashed(&host.boot);
        let script = ["sh", SCRIPT, &host.name, &host.machine, &boot, &programs, &disk_path];
        let mut command = program::command(&[&["unshare"][..], &own, &script].concat());
        let mut holder = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare can be started: run tests/run, which installs what the lab needs");
        let mut line = String::new();
        let stdout = holder.stdout.take().expect("the standard output was asked for");
        BufReader::new(stdout).read_line(&mut line).expect("the first process can be heard");
        let ballast = image.and_then(Image::unlink);
        assert_eq!(
            line, "ready\n",
            "node {} was not made, see above; the lab needs root, loop devices and namespaces",
            host.name
        );
        let children = format!("/proc/{0}/task/{0}/children", holder.id());
        let first = fs::read_to_string(children).expect("the kernel lists children").trim().to_owned();
        Self { name: host.name.clone(), address: blueprint.address, holder, first, journal: Journal::new(host), ballast }
    }

    /// The hostname.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The address on the lab's network.
    pub(crate) fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// The journal that `journalctl` in the node reads, once it was stored.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What can be made to take the memory under a frail disk.
    pub(crate) fn ballast(&self) -> &Ballast {
        self.ballast.as_ref().expect("the node has a frail disk")
    }

    /// The node's first process, as this machine counts.
    pub(crate) fn first_process(&self) -> &str {
        &self.first
    }

    /// The command that runs `argv` in the node.
    pub(crate) fn inside<'a>(&'a self, argv: &[&'a str]) -> Vec<&'a str> {
        [&["nsenter", "--target", &self.first, "--net", "--uts", "--ipc", "--pid", "--mount", "--"], argv].concat()
    }

    /// Runs a command in the node within `limit`.
    pub(crate) fn run_within(&self, argv: &[&str], environment: &[(&str, &str)], limit: Duration) -> Output {
        program::run(&self.inside(argv), environment, Vec::new(), limit)
    }

    /// Runs a command in the node.
    pub(crate) fn run(&self, argv: &[&str], environment: &[(&str, &str)]) -> Output {
        self.run_within(argv, environment, USUAL)
    }

    /// Runs a command in the node that must succeed, and gives its standard output.
    pub(crate) fn must(&self, argv: &[&str]) -> String {
        must(&self.inside(argv), Vec::new())
    }

    /// Runs a shell command in the node that must succeed.
    pub(crate) fn shell(&self, command: &str) -> String {
        self.must(&["sh", "-ec", command])
    }

    /// Where a file of the node lies for this process.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{path}", self.first))
    }

    /// Writes a file in the node, and the folders above it.
    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap_or(&path)).expect("a folder can be made in a node");
        fs::write(path, content).expect("a file can be written in a node");
    }

    /// Writes all that was journalled so far to where the node's `journalctl` looks for it.
    pub(crate) fn store_journal(&self) {
        let new = "/var/log/journal/new.journal";
        let remote = ["/lib/systemd/systemd-journal-remote", "--output", new, "-"];
        must(&self.inside(&remote), self.journal.export());
        self.must(&["mv", new, &self.journal.file()]);
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// As `/proc/sys/kernel/random/boot_id` writes an id.
fn dashed(id: &str) -> String {
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| id.get(part).unwrap_or_default()).join("-")
}
