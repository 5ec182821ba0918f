//! The network of a lab: a bridge in a node of its own, which stands for the clients' host, and a cable to each member.

use std::{net::Ipv4Addr, sync::Arc};

use crate::{
    dice::Dice,
    node::{Blueprint, Node},
    program::must,
};

/// The clients' host, through whose bridge all members reach each other. Nothing of it is in the machine's own network.
pub(crate) struct Network {
    client: Arc<Node>,
    subnet: [u8; 3],
}

impl Network {
    /// A bridge without cables, in a private /24.
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let byte = |dice: &mut Dice| u8::try_from(dice.between(1, 254)).expect("a byte");
        let subnet = [10, byte(dice), byte(dice)];
        let [a, b, c] = subnet;
        let address = Ipv4Addr::new(a, b, c, 254);
        let client = Arc::new(Node::start(&Blueprint { name: "client", address, programs: None, disk: None }, dice));
        client
            .shell(&format!("ip link add br0 type bridge forward_delay 0; ip addr add {address}/24 dev br0; ip link set br0 up"));
        Self { client, subnet }
    }

    /// The clients' host.
    pub(crate) fn client(&self) -> &Arc<Node> {
        &self.client
    }

    /// The address of the member `index`.
    pub(crate) fn address(&self, index: usize) -> Ipv4Addr {
        let [a, b, c] = self.subnet;
        Ipv4Addr::new(a, b, c, u8::try_from(index + 11).expect("few members"))
    }

    /// Lays a cable from the bridge to the node, and gives it its address.
    pub(crate) fn connect(&self, node: &Node) {
        let port = node.name();
        // Only the network is entered: the node is named by its process as this machine counts.
        let in_bridge = |argv: &[&str]| {
            let enter = ["nsenter", "--target", self.client.first_process(), "--net", "--", "ip", "link"];
            must(&[&enter[..], argv].concat(), Vec::new());
        };
        in_bridge(&["add", port, "type", "veth", "peer", "name", "eth0", "netns", node.first_process()]);
        in_bridge(&["set", port, "master", "br0", "up"]);
        let (own, gateway) = (node.address(), self.client.address());
        node.shell(&format!("ip addr add {own}/24 dev eth0; ip link set eth0 up; ip route add default via {gateway}"));
        node.journal().kernel(6, "IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready");
    }
}
