//! Members that do not start, or that nobody talks to once they did: each function ends one and starts it in its new state.

use std::{sync::mpsc::channel, time::Duration};

use crate::{
    cluster::Cluster,
    faults::Lasting,
    task::Task,
    tls::{EXPIRED, GOOD},
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

/// A flag that etcd does not know.
pub(crate) fn wrong_flag(cluster: &mut Cluster, who: usize, flag: &str) -> String {
    restarted(cluster, who, |argv| argv.push(flag.to_owned()));
    must_fail(cluster, who);
    format!("{} was restarted with the flag {flag}", cluster.members[who].node.name())
}

/// An etcd that somebody started by hand has the clients' port, until the value is dropped.
pub(crate) fn taken_port(cluster: &mut Cluster, who: usize) -> (String, Lasting) {
    let member = &mut cluster.members[who];
    member.unit.stop();
    let by_hand = [
        "etcd",
        "--data-dir=/tmp/by-hand",
        "--listen-client-urls=http://0.0.0.0:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:12380",
    ];
    let (tell, listening) = channel();
    let on_line = move |_, _, line: &str| {
        if line.contains("ready to serve client requests") {
            tell.send(()).unwrap_or_default();
        }
    };
    let task = Task::start(&member.node, &by_hand, &[], Box::new(on_line), Box::new(|_| {}));
    listening.recv_timeout(Duration::from_secs(20)).expect("another etcd listens");
    member.unit.start();
    must_fail(cluster, who);
    let told =
        format!("{} was restarted while another etcd, started by hand, listened on port 2379", cluster.members[who].node.name());
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
