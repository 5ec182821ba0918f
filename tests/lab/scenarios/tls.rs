//! Certificates that are refused, and members of which some speak TLS.

use super::{J351, J3516, J3530, Scenario, T33, T34};
use crate::{
    faults::start::{expired_certificate, foreign_certificate, future_certificate, mistaken_certificate, plain_peer},
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        fault: "expired-certificate",
        about: "one member was restarted with an expired certificate.",
        on: &[T33.tls(), J351.tls()],
        steps: expired,
    },
    Scenario {
        fault: "future-certificate",
        about: "one member was restarted with a certificate that is not valid yet.",
        on: &[T34.tls(), J3516.tls()],
        steps: future,
    },
    Scenario {
        fault: "foreign-certificate",
        about: "one member was restarted with a certificate of an authority that the others do not know.",
        on: &[T34.tls(), J3530.tls()],
        steps: foreign,
    },
    Scenario {
        fault: "mistaken-certificate",
        about: "one member was restarted with a peer certificate that names another host.",
        on: &[T33.tls(), J3516.tls()],
        steps: mistaken,
    },
    Scenario {
        fault: "plain-peer",
        about: "one member was restarted with a port for peers that does not speak TLS.",
        on: &[T34.tls(), J3530.tls()],
        steps: plain,
    },
];

fn with(stage: &mut Stage, fault: fn(&mut crate::cluster::Cluster, usize) -> String) {
    let who = stage.anyone();
    let told = fault(&mut stage.cluster, who);
    stage.note(told);
    stage.go_on(10_000, 14_000);
}

fn expired(stage: &mut Stage) {
    with(stage, expired_certificate);
}

fn future(stage: &mut Stage) {
    with(stage, future_certificate);
}

fn foreign(stage: &mut Stage) {
    with(stage, foreign_certificate);
}

fn mistaken(stage: &mut Stage) {
    with(stage, mistaken_certificate);
}

fn plain(stage: &mut Stage) {
    with(stage, plain_peer);
}
