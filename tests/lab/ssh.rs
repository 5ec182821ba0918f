//! `collect --ssh` from a host without etcd to real sshd, each in its node: two answer, one is dead, one accepts and says nothing, one hangs after the
//! login, and one is not who it was.

use std::{
    fs,
    process::ExitStatus,
    sync::{Arc, mpsc::channel},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    cluster::Cluster,
    dice::Dice,
    live::{elsewhere, manifest},
    node::Node,
    plan::Plan,
    program::said,
    record::{PROGRAM, run_collect},
    task::Task,
};

/// The user under whom sshd parses what comes from outside, and the folder that it wants.
const SSHD_NEEDS: &str =
    "echo 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd; mkdir -p /run/sshd /etc/ssh /root/.ssh";

/// What a host's sshd does with a login, beside taking the one key.
const USUAL: &str = "Banner /etc/issue.net";
const HANGS: &str = "Banner /etc/issue.net\nForceCommand sleep 7631";

fn generate(node: &Node, path: &str) {
    node.must(&["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path]);
}

/// An sshd with a key of its own on the node's address, that lets one user key in: the server, and its public key.
fn serve(node: &Arc<Node>, user_key: &str, more: &str) -> (Task, String) {
    node.shell(SSHD_NEEDS);
    generate(node, "/etc/ssh/host_key");
    node.write("/etc/issue.net", b"All use of this host is logged.\n");
    node.write("/root/.ssh/authorized_keys", user_key.as_bytes());
    node.shell("chmod 0700 /root/.ssh; chmod 0600 /root/.ssh/authorized_keys");
    let address = node.address();
    let settings = format!(
        "ListenAddress {address}\nHostKey /etc/ssh/host_key\nPidFile none\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n{more}\n"
    );
    node.write("/etc/ssh/sshd_config", settings.as_bytes());
    let argv = ["/usr/sbin/sshd", "-D", "-e", "-f", "/etc/ssh/sshd_config"];
    let task = Task::start(node, &argv, &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    let key = node.shell("cut -d ' ' -f 1,2 /etc/ssh/host_key.pub");
    (task, key.trim().to_owned())
}

/// Waits until a port of the node takes connections.
fn await_port(from: &Node, node: &Node) {
    let look = format!("until ssh-keyscan -T 2 {} 2>/dev/null | grep -q ssh; do sleep 0.1; done", node.address());
    from.shell(&look);
}

/// The programs of a node by number and name, without those that look.
fn programs(node: &Node) -> Vec<String> {
    let listing = node.shell("ps -e -o pid=,args=");
    let mut programs: Vec<String> =
        listing.lines().map(|line| line.trim().to_owned()).filter(|line| !line.contains("ps -e -o")).collect();
    programs.sort();
    programs
}

/// Waits until a node runs what it ran before, and nothing more.
fn await_nothing_left(node: &Node, before: &[String]) {
    let until = Instant::now() + Duration::from_secs(15);
    loop {
        let left: Vec<String> = programs(node).into_iter().filter(|program| !before.contains(program)).collect();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "{} still runs {left:?}", node.name());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn row<'a>(manifest: &'a Value, path: &str) -> &'a Value {
    let rows = manifest["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("no row {path} in {manifest:#}"))
}

/// Three members and two more hosts, each with an sshd, and a clients' host that knows them.
struct Site {
    cluster: Cluster,
    servers: Vec<Task>,
}

impl Site {
    fn start() -> Self {
        let mut dice = Dice::new(43);
        let mut cluster = Cluster::start(Plan::of("3.5.16"), &mut dice);
        for _ in 0..2 {
            cluster.enlarge("existing", &mut dice);
        }
        let client = cluster.client();
        // A host of operators, on which no etcd ever ran.
        client.shell("rmdir /var/lib/etcd; mkdir -p -m 0700 /root/.ssh");
        generate(client, "/root/.ssh/id_ed25519");
        let user_key = fs::read_to_string(client.path("/root/.ssh/id_ed25519.pub")).expect("a public key is there");
        let (mut servers, mut known, mut names) = (Vec::new(), String::new(), String::new());
        for (index, member) in cluster.members.iter().enumerate() {
            let (task, key) = serve(&member.node, &user_key, if index == 4 { HANGS } else { USUAL });
            await_port(client, &member.node);
            servers.push(task);
            let (name, address) = (member.node.name(), member.node.address());
            known.push_str(&format!("{name} {key}\n"));
            names.push_str(&format!("Host {name}\n  HostName {address}\n  HostKeyAlias {name}\n"));
        }
        // The first host under another name: its key is known there, and it is another one.
        let other = known.lines().nth(1).and_then(|line| line.split_once(' ')).expect("a second host").1.to_owned();
        known.push_str(&format!("swapped {other}\n"));
        names.push_str(&format!("Host swapped\n  HostName {}\n  HostKeyAlias swapped\n", cluster.members[0].node.address()));
        client.write("/root/.ssh/known_hosts", known.as_bytes());
        client.write("/root/.ssh/config", names.as_bytes());
        cluster.await_health(&[0, 1, 2]);
        Self { cluster, servers }
    }
}

#[test]
#[ignore = "needs root and openssh-server; tests/run runs it"]
fn of_several_real_sshd_those_that_live_are_in_the_bundle_and_the_dead_and_the_silent_are_told_in_time() {
    let site = Site::start();
    let cluster = &site.cluster;
    for member in &cluster.members[..3] {
        member.node.store_journal();
    }
    cluster.members[2].node.shell("ip link set eth0 down");
    site.servers[3].signal("STOP");
    let client = cluster.client();
    let before: Vec<Vec<String>> = cluster.members[..2].iter().map(|member| programs(&member.node)).collect();
    let before_here = programs(client);
    let begun = Instant::now();
    let hosts = "etcd-a,root@etcd-b,etcd-c,etcd-d,etcd-e,swapped,guest@etcd-a";
    let (output, bundle) =
        run_collect(client, &["--interval", "1s", "--command-timeout", "2s", "--deadline", "35s", "--ssh", hosts]);
    let took = begun.elapsed();
    let told = said(&["collect"], &output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(took < Duration::from_secs(35), "{took:?}");
    let manifest = manifest(&bundle);
    for host in ["etcd-a", "etcd-b"] {
        assert_eq!(row(&manifest, &format!("nodes/{host}/ssh"))["state"], "collected", "{told}");
        for path in ["etcdctl/member-list.json", "metrics/1.prom", "journal/etcd.log", "host/data-dir.txt"] {
            assert_eq!(row(&manifest, &format!("nodes/{host}/{path}"))["state"], "collected", "{host} {path}");
        }
    }
    for (host, state, words) in [
        ("etcd-c", "failed", "ended with 255: ssh: connect to host "),
        ("etcd-d", "failed", "port 22 timed out"),
        ("etcd-e", "timed out", "did not end before the deadline"),
        ("swapped", "failed", "Host key for swapped has changed"),
        ("etcd-a-2", "failed", "Permission denied ("),
    ] {
        let row = row(&manifest, &format!("nodes/{host}/ssh"));
        let why = row["why"].as_str().unwrap_or_default();
        assert!(row["state"] == state && why.contains(words), "{host}: {row}");
        let its = format!("nodes/{host}/");
        let rows = manifest["rows"].as_array().expect("rows").iter();
        assert_eq!(rows.filter(|row| row["path"].as_str().is_some_and(|path| path.starts_with(&its))).count(), 1, "{host}");
        assert!(told.contains(host), "the closing screen names {host}: {told}");
    }
    let (diagnosis, _) = elsewhere(&bundle);
    assert_eq!(diagnosis["verdict"]["primary"], "member.down", "{diagnosis:#}");
    assert!(told.contains(diagnosis["id"].as_str().expect("an id")), "{told}");
    await_nothing_left(client, &before_here);
    for (member, before) in cluster.members.iter().zip(&before) {
        await_nothing_left(&member.node, before);
    }
    let names: Vec<&str> = diagnosis["members"].as_array().expect("members").iter().filter_map(|m| m["key"].as_str()).collect();
    assert_eq!(names, ["etcd-a", "etcd-b", "etcd-c"], "the host that asked is no member");
    interrupted_while_hosts_are_asked(cluster, &before);
}

/// Ctrl-C while a script runs elsewhere: a bundle here, and the script ends there, too.
fn interrupted_while_hosts_are_asked(cluster: &Cluster, before: &[Vec<String>]) {
    let client = cluster.client();
    client.shell("mkdir /tmp/second");
    let argv = [PROGRAM, "collect", "-o", "/tmp/second", "--interval", "20s", "--ssh", "etcd-a,etcd-b"];
    let (tell, ended) = channel();
    let on_end = move |status| tell.send(status).unwrap_or_default();
    let mut task = Task::start(client, &argv, &[], Box::new(|_, _, _| {}), Box::new(on_end));
    for member in &cluster.members[..2] {
        cluster.await_that("a script that runs", || programs(&member.node).iter().any(|line| line.ends_with("sh -s -- -o -")));
    }
    task.signal("INT");
    assert!(task.await_end(Duration::from_secs(10)), "it ends soon after the signal");
    assert_eq!(ended.recv().ok().and_then(|status: ExitStatus| status.code()), Some(3));
    let name = client.shell("ls /tmp/second").trim().to_owned();
    let bundle = fs::read(client.path(&format!("/tmp/second/{name}"))).expect("one bundle can be read");
    let manifest = manifest(&bundle);
    assert_eq!(manifest["ended_by"], "signal");
    assert_eq!(row(&manifest, "nodes/etcd-a/ssh")["why"], "the collection was told to stop while it ran");
    for (member, before) in cluster.members.iter().zip(before) {
        await_nothing_left(&member.node, before);
    }
}
