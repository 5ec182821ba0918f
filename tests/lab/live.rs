//! `collect` on real clusters, and its bundle on another machine.

use std::{fs, path::Path, process::Output, time::Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    cluster::Cluster,
    dice::Dice,
    faults::process::kill,
    node::Node,
    plan::{Plan, Settings},
    program::{self, said},
    record::{self, PROGRAM, named, program as binary, run_collect},
};

/// The diagnosis of a bundle on a machine that has nothing else: an empty root and no network.
pub(crate) fn elsewhere(bundle: &[u8]) -> (Value, Vec<u8>) {
    let root = TempDir::new().expect("a folder can be made");
    fs::copy(binary(), root.path().join("etcd-triage")).expect("the program can be copied");
    fs::write(root.path().join("b.tar.gz"), bundle).expect("the bundle can be written");
    let path = root.path().to_string_lossy().into_owned();
    let argv = ["unshare", "-n", "chroot", &path, "/etcd-triage", "analyze", "--format", "json", "/b.tar.gz"];
    let output = program::run(&argv, &[], Vec::new(), std::time::Duration::from_secs(30));
    (serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&argv, &output))), output.stdout)
}

pub(crate) fn manifest(bundle: &[u8]) -> Value {
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(bundle));
    let entry = archive.entries().expect("an archive").next().expect("an entry").expect("a whole entry");
    assert!(entry.path().expect("a path").ends_with("manifest.json"), "the manifest comes first");
    serde_json::from_reader(entry).expect("the manifest is JSON")
}

fn state<'a>(manifest: &'a Value, path: &str) -> &'a str {
    let rows = manifest["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["path"].as_str().is_some_and(|p| p.ends_with(path)));
    row.and_then(|row| row["state"].as_str()).unwrap_or("not in the plan")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Starts a cluster whose members want certificates of clients, lets it work, and gathers on one node: the verdict is the same here and elsewhere.
fn healthy_cluster_is_told_alike(plan: Plan) {
    let cluster = Cluster::start(plan, &mut Dice::new(21));
    cluster.await_all();
    let node = &cluster.members[1].node;
    node.store_journal();
    let (output, bundle) = run_collect(node, &["--interval", "1s"]);
    let told = said(&["etcd-triage", "collect"], &output);
    assert_eq!(output.status.code(), Some(0), "every row was obtained: {told}");
    let (diagnosis, bytes) = elsewhere(&bundle);
    assert_eq!(diagnosis["verdict"]["primary"], "healthy", "{diagnosis:#}");
    let id = diagnosis["id"].as_str().expect("an id");
    assert!(stdout(&output).contains(id), "{id} is not in: {told}");
    // In the node itself, as JSON: the same bytes.
    let name = node.shell("ls /tmp/evidence").trim().to_owned();
    let here = node.run(&["/tmp/etcd-triage", "analyze", "--format", "json", &format!("/tmp/evidence/{name}")], &[]);
    assert_eq!(here.stdout, bytes, "the same bytes on both sides");
    let members = diagnosis["members"].as_array().expect("members");
    let names: Vec<&str> = members.iter().filter_map(|member| member["key"].as_str()).collect();
    assert_eq!(names, ["etcd-a", "etcd-b", "etcd-c"]);
    // API version 2 is asked of old ones alone.
    let is_old = plan.version.starts_with("3.3");
    let expected = if is_old { "collected" } else { "skipped" };
    assert_eq!(state(&manifest(&bundle), "etcdctl/cluster-health.txt"), expected);
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_healthy_cluster_of_3_3_with_tls_is_told_alike_on_both_sides() {
    healthy_cluster_is_told_alike(Plan::of("3.3.25").tls());
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_healthy_cluster_of_3_4_with_tls_is_told_alike_on_both_sides() {
    healthy_cluster_is_told_alike(Plan { settings: Settings::Environment, ..Plan::of("3.4.23").tls() });
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_healthy_cluster_of_3_5_1_with_tls_is_told_alike_on_both_sides() {
    healthy_cluster_is_told_alike(Plan::of("3.5.1").tls());
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn healthy_clusters_of_later_3_5_with_tls_are_told_alike_on_both_sides() {
    for version in ["3.5.16", "3.5.30"] {
        healthy_cluster_is_told_alike(Plan::of(version).tls());
    }
}

/// Requests of a collection on a cluster of three: each of the nine runs of etcdctl asks once, or asks for the members and then each of them.
const MOST_REQUESTS: f64 = 20.0;

/// Requests by gRPC that all members have answered, by their own count.
fn requests(cluster: &Cluster) -> f64 {
    let answered = |text: &str| -> f64 {
        let lines = text.lines().filter(|line| line.starts_with("grpc_server_handled_total"));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    };
    cluster
        .members
        .iter()
        .map(|member| answered(&member.node.shell(&format!("curl -s http://{}:2379/metrics", member.node.address()))))
        .sum()
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn a_collection_costs_little_asks_no_more_than_is_stated_and_writes_nothing() {
    let cluster = Cluster::start(Plan::of("3.5.16"), &mut Dice::new(25));
    cluster.await_all();
    let node = &cluster.members[1].node;
    // A log of 20 MiB beside what etcd wrote itself.
    node.shell("mkdir -p /var/log/etcd; yes '2026-11-22T10:00:01Z db-1 etcd[9]: applying entries took a while, and this line is as long as most' | head -c 20971520 >/var/log/etcd/etcd.log");
    node.store_journal();
    let ask = format!(
        "ETCDCTL_API=3 etcdctl --endpoints={}:2379 get --keys-only --limit 1 x -w fields | grep Revision",
        node.address()
    );
    let revision = || node.shell(&ask);
    let (before, asked) = (revision(), requests(&cluster));
    let (output, bundle) = run_collect(node, &["--interval", "1s"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let own = requests(&cluster) - asked;
    assert!((1.0..=MOST_REQUESTS).contains(&own), "{own} requests");
    assert_eq!(revision(), before, "nothing was written");
    let manifest = manifest(&bundle);
    let cost = &manifest["cost"];
    assert_eq!(state(&manifest, "logs/etcd-file.log"), "collected");
    assert!(cost["own_cpu_seconds"].as_f64().is_some_and(|seconds| seconds <= 2.0), "{cost}");
    assert!(cost["own_peak_bytes"].as_u64().is_some_and(|bytes| bytes <= 64 << 20), "{cost}");
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn with_two_of_three_members_dead_there_is_a_bundle_within_the_deadline_and_every_row_is_told() {
    let mut cluster = Cluster::start(Plan::of("3.4.23"), &mut Dice::new(22));
    cluster.await_all();
    kill(&mut cluster, 1);
    kill(&mut cluster, 2);
    cluster.await_that("a member without quorum", || !cluster.healthy(0));
    let node = &cluster.members[0].node;
    node.store_journal();
    let begun = Instant::now();
    let (output, bundle) = run_collect(node, &["--interval", "1s", "--deadline", "40s", "--command-timeout", "2s"]);
    assert!(begun.elapsed().as_secs() < 40, "{:?}", begun.elapsed());
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let manifest = manifest(&bundle);
    let rows = manifest["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["state"].is_string()), "{manifest:#}");
    let (diagnosis, _) = elsewhere(&bundle);
    assert_eq!(diagnosis["verdict"]["primary"], "quorum.lost", "{diagnosis:#}");
    assert!(stdout(&output).contains(diagnosis["id"].as_str().expect("an id")));
}

/// Whether a cluster that is well is called that, or nothing is said of it.
fn is_no_accusation(diagnosis: &Value) -> bool {
    matches!(diagnosis["verdict"]["primary"].as_str(), None | Some("healthy"))
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn without_one_of_the_tools_or_all_or_with_an_etcd_that_stands_still_the_others_still_give_their_part() {
    let cluster = Cluster::start(Plan { members: 1, ..Plan::of("3.5.1") }, &mut Dice::new(23));
    cluster.await_all();
    let node = &cluster.members[0].node;
    node.store_journal();
    // Empty and not executable, as if it were not there.
    let mask = |tools: &[&str]| {
        let files =
            tools.iter().map(|tool| format!("$(command -v {tool}) /usr/bin/{tool} /bin/{tool}")).collect::<Vec<_>>().join(" ");
        let files = node.shell(&format!("readlink -e {files} | sort -u | tr '\\n' ' '"));
        node.shell(&format!("for f in {files}; do mount --bind /dev/null $f; done"));
        format!("for f in {files}; do umount $f; done")
    };
    let unmask = mask(&["curl"]);
    let (output, bundle) = run_collect(node, &["--interval", "0s"]);
    assert_eq!(output.status.code(), Some(0), "wget does what curl would: {}", stdout(&output));
    assert_eq!(state(&manifest(&bundle), "metrics/1.prom"), "collected");
    node.shell(&unmask);
    for (tools, gone, there) in [
        (&["curl", "wget"][..], "metrics/1.prom", "etcdctl/member-list.json"),
        (&["etcdctl"], "etcdctl/member-list.json", "metrics/1.prom"),
        (&["journalctl"], "journal/etcd.log", "metrics/1.prom"),
    ] {
        let tool = tools[0];
        let unmask = mask(tools);
        let (output, bundle) = run_collect(node, &["--interval", "0s"]);
        assert_eq!(output.status.code(), Some(3), "without {tool}: {}", stdout(&output));
        let manifest = manifest(&bundle);
        assert_eq!(state(&manifest, gone), "not found", "without {tool}");
        assert_eq!(state(&manifest, there), "collected", "without {tool}");
        assert!(stdout(&output).contains(&format!("there is no {tool}")), "{}", stdout(&output));
        let (diagnosis, _) = elsewhere(&bundle);
        assert!(is_no_accusation(&diagnosis), "without {tool}: {diagnosis:#}");
        node.shell(&unmask);
    }
    // Without all of them the host still tells of itself, and nobody is accused.
    let unmask = mask(&["curl", "wget", "etcdctl", "journalctl"]);
    let (output, bundle) = run_collect(node, &["--interval", "0s"]);
    node.shell(&unmask);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let rows = manifest(&bundle);
    for gone in ["metrics/1.prom", "etcdctl/member-list.json", "journal/etcd.log"] {
        assert_eq!(state(&rows, gone), "not found", "without all");
    }
    assert_eq!((state(&rows, "host/data-dir.txt"), state(&rows, "host/etcd-cmdline.txt")), ("collected", "collected"));
    let (diagnosis, _) = elsewhere(&bundle);
    assert!(is_no_accusation(&diagnosis), "{diagnosis:#}");
    // It accepts connections, and never answers.
    node.shell("kill -STOP $(pidof etcd)");
    let begun = Instant::now();
    let (output, bundle) =
        run_collect(node, &["--interval", "0s", "--dial-timeout", "1s", "--command-timeout", "1s", "--deadline", "45s"]);
    node.shell("kill -CONT $(pidof etcd)");
    assert!(begun.elapsed().as_secs() < 45, "{:?}", begun.elapsed());
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let manifest = manifest(&bundle);
    assert_eq!((state(&manifest, "metrics/1.prom"), state(&manifest, "journal/etcd.log")), ("failed", "collected"));
    let rows = manifest["rows"].as_array().expect("rows");
    assert!(rows.iter().all(|row| row["state"].is_string()), "{manifest:#}");
}

/// Runs `collect` in a node by a line of its shell; what it said, and its bundle.
fn collect_by_shell(node: &Node, before: &str) -> (String, Vec<u8>) {
    node.write(PROGRAM, &fs::read(binary()).expect("the program is built"));
    let folder = node.shell("d=$(mktemp -d); chmod 0777 $d; echo $d").trim().to_owned();
    let told = node.shell(&format!("chmod 0755 {PROGRAM}; {before} {PROGRAM} collect --interval 0s -o {folder} || [ $? = 3 ]"));
    let bundle = node.shell(&format!("ls {folder}/*.tar.gz")).trim().to_owned();
    let bytes = fs::read(node.path(&bundle)).expect("the bundle can be read");
    (told, bytes)
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn without_root_etcd_is_asked_all_the_same_and_the_rest_is_named_with_the_commands_for_it() {
    let cluster = Cluster::start(Plan::of("3.5.30"), &mut Dice::new(26));
    cluster.await_all();
    let node = &cluster.members[0].node;
    node.store_journal();
    let (told, bundle) = collect_by_shell(node, "setpriv --reuid 65534 --regid 65534 --clear-groups");
    let manifest = manifest(&bundle);
    assert_eq!(state(&manifest, "etcdctl/endpoint-health-cluster.txt"), "collected", "{told}");
    assert_eq!(state(&manifest, "host/data-dir.txt"), "denied", "{told}");
    assert!(told.contains("\n  sudo ls -lAR --full-time "), "{told}");
    assert_eq!(elsewhere(&bundle).0["verdict"]["primary"], "healthy", "{told}");
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn with_authentication_on_what_needs_no_name_is_there_and_with_a_name_all_is() {
    let cluster = Cluster::start(Plan::of("3.4.23"), &mut Dice::new(27));
    cluster.await_all();
    let node = &cluster.members[0].node;
    let url = cluster.url(0);
    node.shell(&format!(
        "export ETCDCTL_API=3; etcdctl --endpoints={url} user add root:secret-of-the-lab && etcdctl --endpoints={url} user grant-role root root && etcdctl --endpoints={url} auth enable"
    ));
    node.store_journal();
    let (told, bundle) = collect_by_shell(node, "env");
    let (rows, diagnosis) = (manifest(&bundle), elsewhere(&bundle).0);
    assert_eq!(state(&rows, "metrics/1.prom"), "collected", "{told}");
    assert_eq!(state(&rows, "etcdctl/endpoint-health.txt"), "failed", "{told}");
    assert_ne!(diagnosis["verdict"]["impact"], "outage", "who may not ask does not make an outage: {diagnosis:#}");
    let (told, bundle) = collect_by_shell(node, "env ETCDCTL_USER=root ETCDCTL_PASSWORD=secret-of-the-lab");
    assert_eq!(state(&manifest(&bundle), "etcdctl/alarm-list.json"), "collected", "{told}");
    assert!(!told.contains("secret-of-the-lab"), "{told}");
    assert_eq!(elsewhere(&bundle).0["verdict"]["primary"], "healthy", "{told}");
}

/// Codes, states and members' number of the findings: what two recordings of one fault share.
fn gist(folder: &Path) -> (Value, Vec<String>) {
    let input = folder.to_string_lossy().into_owned();
    let binary = binary().to_string_lossy().into_owned();
    let argv = [&*binary, "analyze", "--format", "json", &*input];
    let output = program::run(&argv, &[], Vec::new(), std::time::Duration::from_secs(30));
    let diagnosis: Value = serde_json::from_slice(&output.stdout).expect("a diagnosis");
    let findings = diagnosis["findings"].as_array().expect("findings").iter();
    let told = |f: &Value| format!("{} {} of {}", f["code"], f["state"], f["members"].as_array().map_or(0, Vec::len));
    (diagnosis["verdict"]["primary"].clone(), findings.map(told).collect())
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn two_recordings_of_one_fault_by_different_seeds_get_the_same_codes() {
    let fixtures = TempDir::new().expect("a folder can be made");
    let scenario = named("lab-wal-not-found-3.3.25")[0];
    let gists: Vec<_> = [31, 32]
        .map(|seed| gist(&record::record(&scenario, seed, record::collect, &fixtures.path().join(seed.to_string()))))
        .into_iter()
        .collect();
    assert_eq!(gists[0].0, "healthy.transient", "{gists:?}");
    assert_eq!(gists[0], gists[1]);
}
