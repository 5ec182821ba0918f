//! What is gathered, held against what rules read.

#![expect(clippy::disallowed_methods, reason = "hosts are made up here")]

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, time::Duration};

use etcd_triage::{
    collect::{Options, Plan, Pods, Site, Window},
    rules::RULES,
};

/// Words of what rules say they read, and the rows that hold it.
const READ_BY_RULES: &[(&str, &[&str])] = &[
    (
        "etcd log",
        &[
            "journal/etcd.log",
            "journal/etcd.history.log",
            "logs/etcd-container.log",
            "logs/system.log",
            "logs/etcd-pod.log",
            "logs/etcd-pod-previous.log",
        ],
    ),
    ("systemd's log of the unit", &["host/unit-etcd.txt", "journal/kubelet.log"]),
    ("a client's log", &["journal/kube-apiserver.log", "journal/kube-proxy.log", "logs/kube-apiserver-container.log"]),
    ("kernel log", &["journal/kernel.log"]),
    ("metrics", &["metrics/1.prom", "metrics/2.prom", "metrics/pod-1.prom", "metrics/pod-2.prom"]),
    ("/health", &["http/health.json", "http/health-pod.json"]),
    ("etcdctl endpoint health", &["etcdctl/endpoint-health.txt", "etcdctl/endpoint-health-cluster.txt"]),
    (
        "etcdctl endpoint status",
        &[
            "etcdctl/endpoint-status.json",
            "etcdctl/endpoint-status-cluster.json",
            "etcdctl/endpoint-status-pods.json",
            "http/version.json",
            "etcdctl/version.txt",
            "etcdctl/version-pod.txt",
        ],
    ),
    ("etcdctl endpoint hashkv", &["etcdctl/endpoint-hashkv.json"]),
    ("etcdctl member list", &["etcdctl/member-list.json", "etcdctl/member-list-v2.txt"]),
    ("etcdctl alarm list", &["etcdctl/alarm-list.json"]),
    ("etcdctl cluster-health", &["etcdctl/cluster-health.txt"]),
    ("kubectl describe pod", &["kubernetes/describe-pod.txt"]),
    ("listing of the data directory", &["host/data-dir.txt"]),
    ("df", &["host/df.txt", "host/df-inodes.txt"]),
    ("ps", &["host/ps.txt"]),
    ("ss", &["host/listeners.txt"]),
    ("etcd's flags and settings", &["host/etcd-cmdline.txt"]),
    ("/proc/PID/limits", &["host/limits.txt"]),
    ("/proc/stat", &["host/stat-1.txt", "host/stat-2.txt"]),
    ("/proc/loadavg", &["host/loadavg.txt"]),
    ("/proc/pressure/cpu", &["host/pressure-1.txt", "host/pressure-2.txt"]),
    ("/proc/net/snmp", &["host/tcp-1.txt", "host/tcp-2.txt"]),
    ("cpu.stat of etcd's control group", &["host/cgroup-cpu-1.txt", "host/cgroup-cpu-2.txt"]),
    (
        "openssl x509",
        &[
            "host/certificate-server.txt",
            "host/certificate-authority.txt",
            "host/certificate-peer.txt",
            "host/certificate-peer-authority.txt",
            "host/date.txt",
        ],
    ),
    ("chronyc tracking", &["host/chronyc.txt"]),
    ("ntpq", &["host/ntpq.txt"]),
    ("timedatectl", &["host/timedatectl.txt"]),
];

/// Rows that the format of the bundle promises to people: which disk it is, and how busy.
const READ_BY_PEOPLE: &[&str] = &["host/mounts.txt", "host/diskstats-1.txt", "host/diskstats-2.txt"];

/// A host on which etcd runs as a unit.
const UNIT: &[(&str, &str)] = &[
    ("proc/812/comm", "etcd\n"),
    (
        "/proc/812/cmdline",
        "etcd\0--data-dir=/var/lib/etcd\0--cert-file=/a.crt\0--trusted-ca-file=/ca.crt\0--peer-cert-file=/p.crt\0--peer-trusted-ca-file=/pca.crt\0",
    ),
    ("proc/812/cgroup", "0::/system.slice/etcd.service\n"),
];

/// A host of kubeadm: etcd and the API server are static pods.
const POD: &[(&str, &str)] = &[
    ("proc/812/comm", "etcd\n"),
    ("proc/812/cmdline", "etcd\0--data-dir=/var/lib/etcd\0"),
    ("proc/812/cgroup", "0::/kubepods/podab/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"),
    ("var/log/pods/kube-system_etcd-db-1_77/etcd/0.log", ""),
    ("var/log/pods/kube-system_kube-apiserver-db-1_78/kube-apiserver/0.log", ""),
    ("var/lib/kubelet/config.yaml", ""),
];

/// The rows that are planned for a host with these tools and files.
fn paths_of_plan(tools: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    let root = tempfile::tempdir().expect("a folder can be made");
    let write = |path: &str, text: &str| {
        let file = root.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().expect("it is below the root")).expect("a folder can be made");
        fs::write(&file, text).expect("a file can be written");
        file
    };
    files.iter().for_each(|(path, text)| drop(write(path, text)));
    for tool in tools {
        let file = write(&format!("usr/bin/{tool}"), "#!/bin/sh\n");
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("it can be made a program");
    }
    let window = Window::between(None, None, jiff::Timestamp::UNIX_EPOCH);
    let time = Duration::from_secs(2);
    let options = Options { window, dial_timeout: time, command_timeout: time, ..Options::default() };
    let site = Site::look_below(root.path(), None);
    let mut plan = Plan::new(&site, &options);
    // Beside the host what `--kubectl` adds: of a pod, and where none is found.
    plan.add_pods(&site, &Pods::default().example(), String::new(), &options);
    plan.add_pods(&site, &[], String::new(), &options);
    plan.steps.into_iter().map(|step| step.path).collect()
}

#[test]
fn nothing_is_collected_that_no_rule_reads_and_all_that_a_host_can_tell_is() {
    let reads: Vec<&str> = RULES.iter().flat_map(|entry| entry.rule.reads.iter().copied()).collect();
    for (words, _) in READ_BY_RULES {
        assert!(reads.iter().any(|read| read.contains(words)), "no rule reads {words}: the rows for it are to go");
    }
    let tools = ["curl", "etcdctl", "crictl", "journalctl", "openssl", "ss", "systemctl", "ps", "date", "chronyc"];
    let mut rows = BTreeSet::new();
    for (tools, files) in [(&tools[..], POD), (&tools[..], UNIT), (&[][..], &[("var/log/messages", "")][..])] {
        rows.extend(paths_of_plan(tools, files));
    }
    let known: BTreeSet<String> =
        READ_BY_RULES.iter().flat_map(|(_, rows)| rows.iter()).chain(READ_BY_PEOPLE).map(|row| (*row).to_owned()).collect();
    let unread: Vec<&String> = rows.difference(&known).collect();
    assert!(unread.is_empty(), "rows that no rule reads: {unread:?}");
    let missing: Vec<&String> = known.difference(&rows).collect();
    assert!(missing.is_empty(), "rows that no plan has: {missing:?}");
}
