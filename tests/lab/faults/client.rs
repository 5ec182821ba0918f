//! Clients that ask for too much, too often, or for what they may not have.

use std::{fmt::Write as _, sync::Arc};

use crate::{cluster::Cluster, faults::Lasting, faults::member::etcdctl, task::Task};

/// The path of the gateway, which 3.3 has under the beta's name alone.
fn gateway(cluster: &Cluster, path: &str) -> String {
    let prefix = if cluster.plan().version.starts_with("3.3.") { "/v3beta" } else { "/v3" };
    format!("{prefix}{path}")
}

/// Runs a shell command again and again on the node of a member, until the value is dropped.
fn again(cluster: &Cluster, from: usize, command: &str) -> Lasting {
    let environment = [("ETCDCTL_API", "3"), ("ETCDCTL_ENDPOINTS", "http://127.0.0.1:2379")];
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let script = format!("while :; do {command}; done >/dev/null 2>&1");
    let node = &cluster.members[from].node;
    Box::new(Task::start(&Arc::clone(node), &["sh", "-c", &script], &environment, Box::new(|_, _, _| {}), Box::new(|_| {})))
}

/// Requests for curl, one after the other.
fn requests(cluster: &Cluster, to: usize, path: &str, bodies: &[String]) -> String {
    let url = format!("{}{}", cluster.url(to), gateway(cluster, path));
    let mut out = String::new();
    for (number, body) in bodies.iter().enumerate() {
        let next = if number == 0 { "" } else { "next\n" };
        let body = body.replace('"', "\\\"");
        write!(out, "{next}url = \"{url}\"\ndata = \"{body}\"\noutput = /dev/null\nmax-time = 5\n").expect("a string takes all");
    }
    out
}

/// Writes this many keys of this many bytes.
pub(crate) fn write_keys(cluster: &Cluster, from: usize, keys: usize, bytes: usize) -> String {
    let value = "dmFs".repeat(bytes / 3);
    let node = &cluster.members[from].node;
    for first in (0..keys).step_by(500) {
        // Four letters of base64 for three of the number's.
        let letter = |digit: usize| char::from(b'A' + u8::try_from(digit % 26).expect("a letter"));
        let key = |n: usize| format!("a2V5{}{}{}{}", letter(n / 17576), letter(n / 676), letter(n / 26), letter(n));
        let bodies: Vec<String> =
            (first..keys.min(first + 500)).map(|n| format!("{{\"key\":\"{}\",\"value\":\"{value}\"}}", key(n))).collect();
        node.write("/tmp/keys", requests(cluster, from, "/kv/put", &bodies).as_bytes());
        let output = node.run_within(&["curl", "-s", "-K", "/tmp/keys"], &[], std::time::Duration::from_secs(120));
        assert!(output.status.success(), "curl wrote keys");
    }
    format!("{keys} keys of {bytes} bytes were written")
}

/// Writers that write side by side.
const WRITERS: usize = 4;

/// Writes so many small values to one key, as fast as it goes: each is an entry of the log.
pub(crate) fn write_entries(cluster: &Cluster, from: usize, entries: usize) -> String {
    let bodies = vec!["{\"key\":\"bG9nL2VudHJ5\",\"value\":\"dmFs\"}".to_owned(); entries / WRITERS];
    let node = &cluster.members[from].node;
    node.write("/tmp/entries", requests(cluster, from, "/kv/put", &bodies).as_bytes());
    let script = format!("for n in $(seq {WRITERS}); do curl -s -K /tmp/entries & done; wait");
    let output = node.run_within(&["sh", "-c", &script], &[], std::time::Duration::from_secs(180));
    assert!(output.status.success(), "curl wrote entries");
    format!("{} small values were written by way of {}", bodies.len() * WRITERS, node.name())
}

/// Several clients list all keys with their values, without a pause.
pub(crate) fn list_all(cluster: &Cluster, from: usize, clients: usize) -> (String, Vec<Lasting>) {
    let lasting = (0..clients).map(|_| again(cluster, from, "etcdctl get '' --prefix")).collect();
    (
        format!(
            "{clients} clients listed all keys and values of {}, without a pause, from here on",
            cluster.members[from].node.name()
        ),
        lasting,
    )
}

/// Clients that grant leases: one alone waits for each of its requests.
const GRANTERS: usize = 4;

/// Clients grant leases as fast as they can, and keep none alive.
pub(crate) fn grant_leases(cluster: &Cluster, from: usize, seconds: u64) -> (String, Vec<Lasting>) {
    let bodies: Vec<String> = (0..200).map(|_| format!("{{\"TTL\":\"{seconds}\"}}")).collect();
    let node = &cluster.members[from].node;
    node.write("/tmp/leases", requests(cluster, from, "/lease/grant", &bodies).as_bytes());
    let told = format!("{GRANTERS} clients at {} granted leases of {seconds} s as fast as they could, from here on", node.name());
    (told, (0..GRANTERS).map(|_| again(cluster, from, "curl -s -K /tmp/leases")).collect())
}

/// A client writes values that are larger than what etcd takes.
pub(crate) fn write_too_much(cluster: &Cluster, from: usize) -> (String, Lasting) {
    let node = &cluster.members[from].node;
    node.write("/tmp/large", &vec![b'v'; 1_800_000]);
    node.write("/tmp/larger", &vec![b'v'; 3_000_000]);
    let command = "etcdctl put large </tmp/large; etcdctl put larger </tmp/larger; sleep 0.5";
    let told = format!("a client at {} tried to write values of 1.8 MB and 3 MB again and again, from here on", node.name());
    (told, again(cluster, from, command))
}

/// Clients read and watch from the first revision on, which was compacted.
pub(crate) fn ask_for_the_past(cluster: &Cluster, from: usize) -> (String, Lasting) {
    let told = format!(
        "a client at {} asked for revision 2, and watched from it on, again and again",
        cluster.members[from].node.name()
    );
    (told, again(cluster, from, "etcdctl get key --rev=2; timeout 1 etcdctl watch --rev=2 key; sleep 0.2"))
}

/// Switches authentication on, and lets three clients fail: one without a name, one with a wrong password, one without a permission.
pub(crate) fn refuse(cluster: &Cluster, from: usize) -> (String, Lasting) {
    for arguments in [
        &["user", "add", "root:secret"][..],
        &["user", "grant-role", "root", "root"],
        &["user", "add", "app:apple"],
        &["auth", "enable"],
    ] {
        // Some versions want the role first; others make it themselves.
        if arguments.get(1) == Some(&"grant-role") {
            let _ = cluster.etcdctl(from, &["role", "add", "root"]);
        }
        etcdctl(cluster, from, arguments);
    }
    let command = "etcdctl get key; etcdctl --user root:wrong get key; etcdctl --user app:apple get key; sleep 0.3";
    let told = format!(
        "authentication was switched on; from then on clients at {} came without a name, with a wrong password, and without permission",
        cluster.members[from].node.name()
    );
    (told, again(cluster, from, command))
}

/// Something knocks at all ports each second, and says nothing: a health checker of TCP.
pub(crate) fn knock(cluster: &Cluster) -> (String, Lasting) {
    let mut script = String::new();
    for member in &cluster.members {
        for port in [2379, 2380] {
            write!(script, "(exec 3<>/dev/tcp/{}/{port}) 2>/dev/null; ", member.node.address()).expect("a string takes all");
        }
    }
    // Of the members' nodes, for the clients' host has no member that would outlive it.
    let node = &cluster.members[0].node;
    let script = format!("while :; do {script} sleep 1; done");
    let task = Task::start(&Arc::clone(node), &["bash", "-c", &script], &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    let told =
        format!("from {} something connected to ports 2379 and 2380 of each member every second, and said nothing", node.name());
    (told, Box::new(task))
}

/// A client at another node opens connections to a member, and keeps them.
pub(crate) fn hold_connections(cluster: &Cluster, from: usize, to: usize, count: usize) -> (String, Lasting) {
    let address = cluster.members[to].node.address();
    let script = format!(
        "i=10; while [ $i -lt {} ]; do eval \"exec $i<>/dev/tcp/{address}/2379\" 2>/dev/null; i=$((i+1)); done; sleep 1000",
        count + 10
    );
    let node = &cluster.members[from].node;
    let argv = ["prlimit", "--nofile=4096", "bash", "-c", &script];
    let task = Task::start(&Arc::clone(node), &argv, &[], Box::new(|_, _, _| {}), Box::new(|_| {}));
    let told = format!("a client at {} opened {count} connections to {}", node.name(), cluster.members[to].node.name());
    (told, Box::new(task))
}

/// Keeps processors busy, until the value is dropped.
pub(crate) fn busy(cluster: &Cluster, loops: usize) -> (String, Vec<Lasting>) {
    let lasting = (0..loops).map(|_| again(cluster, 0, ":")).collect();
    (format!("{loops} endless loops ran on the machine that all nodes share"), lasting)
}
