//! Members that come, go, lead, or do not belong.

use crate::{cluster::Cluster, program::said};

/// Runs etcdctl on a member; it must succeed.
pub(crate) fn etcdctl(cluster: &Cluster, who: usize, arguments: &[&str]) -> String {
    let output = cluster.etcdctl(who, arguments);
    assert!(output.status.success(), "{}", said(&[&["etcdctl"], arguments].concat(), &output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A member's id.
pub(crate) fn id(cluster: &Cluster, who: usize) -> String {
    let name = cluster.members[who].node.name();
    let list = etcdctl(cluster, who, &["member", "list"]);
    let line = list.lines().find(|line| line.split(", ").nth(2) == Some(name)).expect("the member is in the list");
    line.split(", ").next().unwrap_or_default().to_owned()
}

/// Changes the list of members. The cluster refuses that until its members have seen each other for some seconds (`strict-reconfig-check`,
/// `HealthInterval`: 5 s).
fn change(cluster: &Cluster, who: usize, arguments: &[&str]) {
    cluster.await_that("a cluster that lets its members be changed", || {
        let output = cluster.etcdctl(who, arguments);
        let is_early = String::from_utf8_lossy(&output.stderr).contains("unhealthy cluster");
        assert!(output.status.success() || is_early, "{}", said(&[&["etcdctl"], arguments].concat(), &output));
        output.status.success()
    });
}

/// Removes a member by way of another one, and leaves its process to itself.
pub(crate) fn remove(cluster: &Cluster, who: usize, by: usize) -> String {
    let id = id(cluster, who);
    change(cluster, by, &["member", "remove", &id]);
    format!("{} ({id}) was removed with `etcdctl member remove`", cluster.members[who].node.name())
}

/// Tells the cluster of a member that was made with `Cluster::enlarge`.
pub(crate) fn announce(cluster: &Cluster, who: usize, by: usize) -> String {
    let (name, peer) = (cluster.members[who].node.name(), format!("--peer-urls={}", cluster.peer_url(who)));
    change(cluster, by, &["member", "add", name, &peer]);
    format!("{name} was added with `etcdctl member add`")
}

/// Hands leadership to another member.
pub(crate) fn move_leader(cluster: &Cluster, to: usize) -> String {
    let leader = cluster.leader();
    etcdctl(cluster, leader, &["move-leader", &id(cluster, to)]);
    format!(
        "leadership was moved from {} to {} with `etcdctl move-leader`",
        cluster.members[leader].node.name(),
        cluster.members[to].node.name()
    )
}

/// Defragments every member, one after the other.
pub(crate) fn defragment(cluster: &Cluster) -> String {
    for who in 0..cluster.members.len() {
        etcdctl(cluster, who, &["defrag"]);
    }
    "all members were defragmented with `etcdctl defrag`, one after the other".to_owned()
}

/// Drops all revisions but the newest; gives its number.
pub(crate) fn compact(cluster: &Cluster, who: usize) -> (String, u64) {
    let status = etcdctl(cluster, who, &["endpoint", "status", "-w", "json"]);
    let after = status.split_once("\"revision\":").expect("the status has a revision").1;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    etcdctl(cluster, who, &["compact", &digits]);
    (format!("the history was compacted at revision {digits}"), digits.parse().expect("a revision is a number"))
}
