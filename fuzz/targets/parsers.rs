//! One text by each reader: the first byte chooses how it is called, for a few names choose their reader; the content chooses the others.

#![no_main]

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "input",
    "manifest.json",
    "nodes/a/etcdctl/endpoint-status.json",
    "nodes/a/metrics/1.prom",
    "nodes/a/journal/etcd.log",
    "nodes/a/host/mounts.txt",
    "namespaces/openshift-etcd/pods/etcd-a/etcd/etcd/logs/current.log",
    "sos_commands/etcd/etcdctl_member_list",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let _ = analyze::read(&[Input::Memory(vec![(name.to_owned(), text.to_vec())])], &Limits::default());
});
