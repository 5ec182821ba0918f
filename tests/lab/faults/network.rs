//! Traffic that is dropped.

use std::{thread, time::Duration};

use crate::cluster::Cluster;

/// Whose traffic.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Traffic {
    /// Between members.
    Peers,
    /// Between clients and the member.
    Clients,
    /// All of both.
    All,
}

/// Which way the packets go, seen from the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
    Both,
}

/// Drops packets at a member's network device with nftables. Packets of both roles go: those to the port and those from it.
pub(crate) fn cut(cluster: &Cluster, who: usize, traffic: Traffic, way: Way) -> String {
    let (ports, whose) = match traffic {
        Traffic::Peers => ("2380", "between peers (port 2380)"),
        Traffic::Clients => ("2379", "of clients (port 2379)"),
        Traffic::All => ("{ 2379, 2380 }", "of peers and clients (ports 2380 and 2379)"),
    };
    let node = &cluster.members[who].node;
    let drop_at = |hook: &str, device: &str| {
        node.shell(&format!(
            "nft add table ip cut; nft 'add chain ip cut {hook} {{ type filter hook {hook} priority 0; }}'; \
             nft 'add rule ip cut {hook} {device} eth0 tcp dport {ports} drop'; nft 'add rule ip cut {hook} {device} eth0 tcp sport {ports} drop'"
        ));
    };
    if way != Way::Out {
        drop_at("input", "iifname");
    }
    if way != Way::In {
        drop_at("output", "oifname");
    }
    let way = match way {
        Way::In => "coming in",
        Way::Out => "going out",
        Way::Both => "both ways",
    };
    format!("nftables dropped the traffic {whose} at {}, {way}", node.name())
}

/// Ends all cuts of a member.
pub(crate) fn heal(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    node.shell("nft delete table ip cut");
    format!("nftables at {} let all traffic through again", node.name())
}

/// Takes the link of a member away again and again: `down` without it, then `up` with it. It ends with the link there.
pub(crate) fn flap(cluster: &Cluster, who: usize, times: u32, down: Duration, up: Duration) -> String {
    let node = &cluster.members[who].node;
    for _ in 0..times {
        node.shell("ip link set eth0 down");
        node.journal().kernel(6, "eth0: NIC Link is Down");
        thread::sleep(down);
        let gateway = cluster.client().address();
        node.shell(&format!("ip link set eth0 up; ip route replace default via {gateway}"));
        node.journal().kernel(6, "eth0: NIC Link is Up 1000 Mbps Full Duplex");
        thread::sleep(up);
    }
    format!(
        "the link of {} was taken away {times} times, {down:.0?} each, with {up:.0?} after each; the kernel's lines about it are the lab's",
        node.name()
    )
}

/// Lets a member find no other by its name any more: its `/etc/hosts` loses them, and its name server does not answer.
pub(crate) fn forget_names(cluster: &Cluster, who: usize) -> String {
    let node = &cluster.members[who].node;
    // The clients' host is the gateway, and forwards nothing.
    let server = "192.0.2.53";
    node.write("/etc/hosts", b"127.0.0.1 localhost\n");
    node.write("/etc/nsswitch.conf", b"passwd: files\nhosts: files dns\n");
    node.write("/etc/resolv.conf", format!("nameserver {server}\noptions timeout:1 attempts:1\n").as_bytes());
    format!(
        "the names of the members were taken out of {}'s /etc/hosts, and its name server {server} does not answer",
        node.name()
    )
}
