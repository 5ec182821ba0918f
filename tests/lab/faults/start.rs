//! Members that do not start, or that nobody talks to once they did: each function ends one and starts it in its new state.

use std::{
    net::Ipv4Addr,
    sync::{Arc, mpsc::channel},
    time::Duration,
};

use crate::{
    cluster::Cluster,
    faults::Lasting,
    task::Task,
    tls::{EXPIRED, FUTURE, GOOD},
};

/// Ends a member, applies `change` to its command line, and starts it.
fn restarted(cluster: &mut Cluster, who: usize, change: impl FnOnce(&mut Vec<String>)) {
    let unit = &mut cluster.members[who].unit;
    unit.stop();
    change(&mut unit.argv);
    unit.start();
}

/// A start that fails by itself: waits for its end.
fn must_fail(cluster: &mut Cluster, who: usize) {
    assert!(cluster.members[who].unit.await_end(Duration::from_secs(30)), "etcd should have failed to start");
}

/// Another value of a setting, with which etcd does not start.
pub(crate) fn wrong_value(cluster: &mut Cluster, who: usize, flag: &str, value: &str) -> String {
    let unit = &mut cluster.members[who].unit;
    unit.stop();
    unit.set(flag, value);
    unit.start();
    must_fail(cluster, who);
    format!("{} was restarted with --{flag}={value}", cluster.members[who].node.name())
}

/// Another value of a setting, with which etcd does start.
pub(crate) fn other_value(cluster: &mut Cluster, who: usize, flag: &str, value: &str) -> String {
    let unit = &mut cluster.members[who].unit;
    unit.stop();
    unit.set(flag, value);
    unit.start();
    format!("{} was restarted with --{flag}={value}", cluster.members[who].node.name())
}

/// A flag that etcd does not know.
pub(crate) fn wrong_flag(cluster: &mut Cluster, who: usize, flag: &str) -> String {
    restarted(cluster, who, |argv| argv.push(flag.to_owned()));
    must_fail(cluster, who);
    format!("{} was restarted with the flag {flag}", cluster.members[who].node.name())
}

/// Another server has the clients' port, until the value is dropped.
pub(crate) fn taken_port(cluster: &mut Cluster, who: usize) -> (String, Lasting) {
    let member = &mut cluster.members[who];
    member.unit.stop();
    let server = "$| = 1; my $s = IO::Socket::INET->new(LocalAddr => '0.0.0.0:2379', Listen => 5, ReuseAddr => 1) or die $!; \
                  print \"listening\\n\"; while (my $c = $s->accept) { close $c }";
    let argv = ["perl", "-MIO::Socket::INET", "-e", server];
    let (tell, listening) = channel();
    let on_line = move |_, _, line: &str| {
        if line.contains("listening") {
            tell.send(()).unwrap_or_default();
        }
    };
    let task = Task::start(&member.node, &argv, &[], Box::new(on_line), Box::new(|_| {}));
    listening.recv_timeout(Duration::from_secs(20)).expect("another server listens");
    member.unit.start();
    must_fail(cluster, who);
    let told = format!("{} was restarted while another server listened on port 2379", cluster.members[who].node.name());
    (told, Box::new(task))
}

/// A limit of open files. Up to 150 of them etcd keeps for itself, and does not start.
pub(crate) fn few_files(cluster: &mut Cluster, who: usize, limit: u32) -> String {
    restarted(cluster, who, |argv| {
        argv.splice(0..0, ["prlimit".to_owned(), format!("--nofile={limit}")]);
    });
    must_fail(cluster, who);
    format!("{} was restarted with a limit of {limit} open files", cluster.members[who].node.name())
}

/// A user that may not enter the data directory.
pub(crate) fn other_user(cluster: &mut Cluster, who: usize) -> String {
    restarted(cluster, who, |argv| {
        argv.splice(0..0, ["setpriv", "--reuid=64055", "--regid=64055", "--clear-groups"].map(str::to_owned));
    });
    must_fail(cluster, who);
    format!(
        "{} was restarted as the user 64055, while its data directory belongs to root, mode 0700",
        cluster.members[who].node.name()
    )
}

/// An older version of etcd.
pub(crate) fn older_version(cluster: &mut Cluster, who: usize, version: &str) -> String {
    cluster.members[who].unit.stop();
    cluster.exchange(who, version);
    cluster.members[who].unit.start();
    format!("{} was restarted with etcd {version}", cluster.members[who].node.name())
}

/// A second etcd, started by hand on the data directory of the running member; it logs to the same journal until the value is
/// dropped.
pub(crate) fn second_process(cluster: &mut Cluster, who: usize) -> (String, Lasting) {
    let node = Arc::clone(&cluster.members[who].node);
    let by_hand = [
        "etcd",
        "--name=by-hand",
        "--data-dir=/var/lib/etcd",
        "--listen-client-urls=http://127.0.0.1:12379",
        "--advertise-client-urls=http://127.0.0.1:12379",
        "--listen-peer-urls=http://127.0.0.1:12380",
    ];
    let journal = Arc::clone(&node);
    let on_line = move |at_us, pid, line: &str| journal.journal().printed(at_us, pid, line);
    let task = Task::start(&node, &by_hand, &[], Box::new(on_line), Box::new(|_| {}));
    (
        format!("a second etcd was started by hand on {}'s data directory; its log goes to the same journal", node.name()),
        Box::new(task),
    )
}

/// A certificate that is over.
pub(crate) fn expired_certificate(cluster: &mut Cluster, who: usize) -> String {
    cluster.recertify(who, false, EXPIRED);
    restarted(cluster, who, |_| {});
    format!("{} was restarted with a certificate that had expired the day before", cluster.members[who].node.name())
}

/// A certificate of an authority that the others do not know.
pub(crate) fn foreign_certificate(cluster: &mut Cluster, who: usize) -> String {
    cluster.recertify(who, true, GOOD);
    restarted(cluster, who, |_| {});
    format!("{} was restarted with a certificate of another authority", cluster.members[who].node.name())
}

/// A certificate that begins tomorrow.
pub(crate) fn future_certificate(cluster: &mut Cluster, who: usize) -> String {
    cluster.recertify(who, false, FUTURE);
    restarted(cluster, who, |_| {});
    format!("{} was restarted with a certificate that is valid from the next day on", cluster.members[who].node.name())
}

/// A certificate for peers that names another host.
pub(crate) fn mistaken_certificate(cluster: &mut Cluster, who: usize) -> String {
    let unit = &mut cluster.members[who].unit;
    unit.stop();
    unit.set("peer-cert-file", "/etc/etcd/pki/peer.crt");
    unit.set("peer-key-file", "/etc/etcd/pki/peer.key");
    cluster.mistake(who, "etcd-old", Ipv4Addr::new(10, 1, 2, 3));
    cluster.members[who].unit.start();
    format!("{} was restarted with a peer certificate for 10.1.2.3 and etcd-old", cluster.members[who].node.name())
}

/// A port for peers without TLS, where the others speak it.
pub(crate) fn plain_peer(cluster: &mut Cluster, who: usize) -> String {
    let plain = cluster.peer_url(who).replace("https:", "http:");
    other_value(cluster, who, "listen-peer-urls", &plain)
}
