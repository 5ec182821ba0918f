//! Traffic that is dropped.

use crate::cluster::Cluster;

/// Whose traffic.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Traffic {
    /// Between members.
    Peers,
    /// Between clients and the member.
    Clients,
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
    let (port, whose) = match traffic {
        Traffic::Peers => (2380, "between peers (port 2380)"),
        Traffic::Clients => (2379, "of clients (port 2379)"),
    };
    let node = &cluster.members[who].node;
    let drop_at = |hook: &str, device: &str| {
        node.shell(&format!(
            "nft add table ip cut; nft 'add chain ip cut {hook} {{ type filter hook {hook} priority 0; }}'; \
             nft 'add rule ip cut {hook} {device} eth0 tcp dport {port} drop'; nft 'add rule ip cut {hook} {device} eth0 tcp sport {port} drop'"
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
