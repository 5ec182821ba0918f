//! The lab: real clusters of etcd on one machine, with faults, seen through nodes that look like hosts.
//!
//! Needs root, namespaces, loop devices, and what `tests/run` installs. All traffic stays within namespaces; nothing is left
//! over, however a test ends.
//!
//! Fixtures are recorded with `ETCD_TRIAGE_RECORD=NAME,…|all` (and `ETCD_TRIAGE_SEED=N`, `ETCD_TRIAGE_INTO=FOLDER`): `cargo test
//! --test lab -- --ignored scenarios_are_recorded`.

#![expect(clippy::disallowed_methods, reason = "the lab runs programs, reads the clock, and writes files of its nodes")]
#![expect(clippy::panic, clippy::indexing_slicing, reason = "the lab is a test: what goes wrong in it ends it, with the place")]

mod cluster;
mod dice;
mod faults;
mod hashes;
mod image;
mod journal;
mod live;
mod load;
mod network;
mod node;
mod plan;
mod program;
mod record;
mod scenarios;
mod script;
mod ssh;
mod stage;
mod story;
mod task;
mod tls;
mod unit;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cluster::{Cluster, DATA};
use dice::Dice;
use faults::{
    disk::{fill, slow_sync, throttle},
    network::{Traffic, Way, cut, heal},
    process::{kill, pause, revive},
    start::{expired_certificate, wrong_flag},
};
use flate2::read::GzDecoder;
use node::Node;
use plan::{Plan, Settings};
use scenarios::Recording;
use tempfile::TempDir;

const ONE: Plan = Plan { members: 1, ..Plan::of("3.5.1") };

fn healthy(plan: Plan, seed: u64) -> Cluster {
    let cluster = Cluster::start(plan, &mut Dice::new(seed));
    cluster.await_all();
    cluster
}

fn journal(node: &Node, arguments: &str) -> String {
    node.store_journal();
    node.shell(&format!("journalctl --no-pager {arguments}"))
}

fn has_all(text: &str, words: &[&str]) {
    for words in words {
        let end: Vec<&str> = text.lines().rev().take(20).collect();
        assert!(text.contains(words), "`{words}` is not in what ends, backwards, with:\n{}", end.join("\n"));
    }
}

/// How long a write takes.
fn write_time(cluster: &Cluster) -> Duration {
    let before = Instant::now();
    let output = cluster.etcdctl(0, &["put", "key", "value"]);
    assert!(output.status.success(), "{}", program::said(&["etcdctl", "put"], &output));
    before.elapsed()
}

/// What each program of the node is called.
fn processes(node: &Node) -> String {
    node.shell("cat /proc/[0-9]*/comm")
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_killed_member_is_missed_and_the_journal_tells_what_systemd_would() {
    let mut cluster = healthy(Plan::of("3.5.1"), 1);
    has_all(&processes(&cluster.members[0].node), &["etcd\n"]);
    let told = kill(&mut cluster, 1);
    assert_eq!(told, "etcd-b was killed with SIGKILL");
    let node = &cluster.members[1].node;
    let all = journal(node, "-u etcd");
    has_all(
        &all,
        &[
            "etcd-b systemd[1]: Starting etcd.service",
            "\"msg\":\"ready to serve client requests\"",
            "systemd[1]: Started etcd.service",
        ],
    );
    has_all(&all, &["Main process exited, code=killed, status=9/KILL", "Failed with result 'signal'."]);
    assert!(!all.contains("Failed to start"), "it had started:\n{all}");
    assert_eq!(node.must(&["journalctl", "--no-pager", "-u", "etcd", "--directory", "/var/log/journal"]), all);
    has_all(&journal(node, "-k"), &["kernel: IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready"]);
    has_all(&node.must(&["dmesg"]), &["kernel: IPv6: ADDRCONF"]);
    cluster.await_line(0, "prober detected unhealthy status");
    revive(&mut cluster, 1);
    cluster.await_all();
    has_all(&journal(&cluster.members[1].node, "-u etcd"), &["Scheduled restart job, restart counter is at 1."]);
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_member_that_is_cut_off_has_no_quorum_until_the_cut_is_healed() {
    let cluster = healthy(Plan { settings: Settings::Environment, ..Plan::of("3.4.23") }, 2);
    cut(&cluster, 2, Traffic::Peers, Way::Both);
    cluster.await_that("a member without its peers that is unhealthy", || !cluster.healthy(2));
    cluster.await_health(&[0, 1]);
    cluster.await_line(2, "lost the TCP streaming connection with peer");
    let line = journal(&cluster.members[2].node, "-u etcd -o json -n 1 -g 'lost the TCP streaming connection'");
    has_all(&line, &["\"PACKAGE\":\"rafthttp\"", "\"PRIORITY\":\"4\"", "\"MESSAGE\":\"lost the TCP"]);
    heal(&cluster, 2);
    cluster.await_all();
    cut(&cluster, 0, Traffic::Clients, Way::In);
    assert!(!cluster.healthy(0), "clients should not reach the member");
    let on_loopback = cluster.etcdctl(0, &["endpoint", "health"]);
    assert!(on_loopback.status.success(), "the loopback is not cut: {}", program::said(&["etcdctl"], &on_loopback));
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn slow_disks_make_writes_slow_while_they_last() {
    let cluster = healthy(ONE, 3);
    let slow = Duration::from_millis(400);
    assert!(write_time(&cluster) < slow, "a write takes too long without any fault");
    let (_, lasting) = slow_sync(&cluster, 0, 400_000);
    cluster.await_that("a write that strace delays", || write_time(&cluster) >= slow);
    drop(lasting);
    cluster.await_that("a fast write after the slow ones", || write_time(&cluster) < slow);
    let (_, lasting) = throttle(&cluster, 0, 2);
    cluster.await_that("a write that the control group delays", || write_time(&cluster) >= slow / 2);
    drop(lasting);
    cluster.await_that("a fast write after the slow ones", || write_time(&cluster) < slow);
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_unit_that_cannot_start_says_so_and_a_full_disk_is_full_in_its_node_alone() {
    let mut cluster = healthy(ONE, 4);
    let before = Instant::now();
    pause(&cluster, 0, Duration::from_millis(300));
    cluster.await_all();
    assert!(before.elapsed() >= Duration::from_millis(300));
    fill(&cluster, 0);
    has_all(&cluster.members[0].node.must(&["df", "--output=target,pcent", DATA]), &["/var/lib/etcd 100%"]);
    wrong_flag(&mut cluster, 0, "--no-such-flag");
    let all = journal(&cluster.members[0].node, "-u etcd");
    has_all(&all, &["Stopping etcd.service", "Deactivated successfully.", "flag provided but not defined: -no-such-flag"]);
    has_all(
        &all,
        &["Main process exited, code=exited, status=", "Failed with result 'exit-code'.", "Failed to start etcd.service"],
    );
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn an_expired_certificate_is_refused_by_the_others() {
    let mut cluster = healthy(Plan { tls: true, ..Plan::of("3.4.23") }, 5);
    expired_certificate(&mut cluster, 0);
    let says = |who: usize| cluster.members[who].node.journal().holds("certificate has expired or is not yet valid");
    cluster.await_that("a complaint about the certificate", || says(1) || says(2));
}

fn entries(archive: &Path) -> Vec<(PathBuf, String)> {
    let file = fs::File::open(archive).expect("the archive is there");
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let entry = |entry: Result<tar::Entry<_>, _>| {
        let mut entry = entry.expect("an entry can be read");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("an entry is text");
        (entry.path().expect("an entry has a path").into_owned(), text)
    };
    archive.entries().expect("it is an archive").map(entry).collect()
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_recording_holds_each_node_and_tells_what_was_done() {
    let fixtures = TempDir::new().expect("a folder for the fixture can be made");
    let recording = Recording { plan: Plan::of("3.5.1"), ..record::named("lab-paused-3.5.16")[0] };
    let folder = record::record(&recording, 7, record::collect, fixtures.path());
    let entries = entries(&folder.join("input.tar.gz"));
    for name in ["etcd-a", "etcd-b", "etcd-c"] {
        let path = format!("nodes/{name}/journal/etcd.log");
        let (_, text) = entries.iter().find(|(is, _)| is.ends_with(&path)).unwrap_or_else(|| panic!("{path} is missing"));
        has_all(text, &[&format!("{name} systemd[1]: Started etcd.service")]);
    }
    let provenance = fs::read_to_string(folder.join("provenance.md")).expect("the provenance is there");
    has_all(
        &provenance,
        &["# lab-paused-3.5.1\n", "was stopped with SIGSTOP, and woken", "the evidence of etcd-c was gathered", "Seed: 7"],
    );
    let here = env!("CARGO_MANIFEST_DIR");
    assert!(!provenance.contains(here), "a path of this machine is in:\n{provenance}");
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_node_shows_nothing_of_this_machine_and_leaves_nothing_behind() {
    let cluster = Cluster::start(ONE, &mut Dice::new(6));
    let node = &cluster.members[0].node;
    let seen = node.shell("mount; cat /proc/self/mountinfo; env; hostname; cat /etc/hosts");
    has_all(&seen, &["etcd-a", " /var/lib/etcd "]);
    for here in [env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR")] {
        assert!(!seen.contains(here), "{here} is in:\n{seen}");
    }
    let first = PathBuf::from(format!("/proc/{}", node.first_process()));
    let disk = node.shell("mount").lines().find(|line| line.contains(" on /var/lib/etcd ")).unwrap_or_default().to_owned();
    let image = disk.split_once(".img").expect("the disk lies on an image").0.trim_start_matches('/').to_owned();
    assert!(attached(&image), "the image {image} should be attached now");
    assert!(first.exists());
    drop(cluster);
    assert!(!first.exists(), "the node's first process is still there");
    let until = Instant::now() + Duration::from_secs(10);
    while attached(&image) {
        assert!(Instant::now() < until, "the disk {image} is still attached");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether some loop device holds this image.
fn attached(image: &str) -> bool {
    program::must(&["losetup", "--all"], Vec::new()).contains(image)
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_command_that_hangs_in_a_node_is_ended_with_all_that_it_started() {
    let node = network::Network::new(&mut Dice::new(8));
    let output = node.client().run_within(&["sh", "-c", "echo begun; sleep 1000 & sleep 1000"], &[], Duration::from_millis(300));
    assert_eq!(output.status.code(), Some(124));
    assert_eq!(output.stdout, b"begun\n");
    assert_eq!(processes(node.client()).matches("sleep").count(), 0);
}

#[test]
#[ignore = "writes fixtures, where ETCD_TRIAGE_RECORD names scenarios; else every scenario is only looked at"]
fn scenarios_are_recorded_where_the_environment_asks_for_it() {
    let mut names: Vec<String> = scenarios::all().iter().map(Recording::name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), record::named("all").len(), "two scenarios have one name");
    let Some(wish) = record::wish() else { return };
    for recording in wish.recordings {
        record::record(&recording, wish.seed, record::collect, &wish.into);
    }
}
