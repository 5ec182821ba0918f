//! Whose file it is by the folders that Kubernetes, and those who collect from it, give nodes and pods; and which logs are of a
//! container's run before the present one.

use super::shape::fit;

/// Shapes of the paths of etcd's pods and of nodes' files, each with who writes it.
const WHOSE: &[&str] = &[
    // must-gather: `namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log`
    "namespaces/{space}/pods/{pod}/etcd/…",
    // kubectl cluster-info dump
    "{space}/{pod}/logs.txt",
    // kubelet
    "pods/{space}_{pod}_*/etcd/…",
    "containers/{pod}_{space}_etcd-*",
    // Rancher's v2.x collector (rancherlabs/support-tools, rancher2_logs_collector.sh of 2026-08): copies of kubelet's, and kubectl's answers
    "podlogs/{space}_{pod}_*/etcd/…",
    "containers-varlogs/{pod}_{space}_etcd-*",
    "podlogs/kube-system-etcd-{node}-previous",
    "podlogs/kube-system-etcd-{node}",
    // The same since 2023-09: the metrics of all members, asked from each node
    "etcd/etcd-metrics-{node}:*.txt",
    // Replicated's troubleshoot (v0.133.0, pkg/collect/logs.go: namespace, pod, container); elsewhere it puts links to these
    "cluster-resources/pods/logs/{space}/{pod}/etcd.log",
    "cluster-resources/pods/logs/{space}/{pod}/etcd-previous.log",
    // Rancher's support-bundle-kit (v0.0.84, pkg/manager/cluster.go)
    "logs/{space}/{pod}/etcd.log",
    BUNDLE_KIT_PREVIOUS,
    // insights-operator
    "config/pod/{space}/logs/{pod}/etcd_current.log",
    "config/pod/{space}/logs/{pod}/etcd_previous.log",
    "conditional/namespaces/{space}/pods/{pod}/containers/etcd/…",
    // kubespray's scripts/collect-info.yaml (2025-05); up to 2.x it had `etcd_logs` too
    "collect-info/commands/{node}/…",
    "collect-info/logs/{node}/…",
    "commands/{node}/*_info",
    "commands/{node}/*_logs",
    "commands/{node}/kube_describe_*",
    "commands/{node}/helm_show_releases_history",
    "logs/{node}/var/log/…",
];

/// The run of a container before the present one, in bundles of support-bundle-kit since v0.0.26; before that it was not taken.
const BUNDLE_KIT_PREVIOUS: &str = "logs/{space}/{pod}/etcd.log.1";

/// The node whose file this is, by its path.
pub fn node_by_pod(path: &str) -> Option<&str> {
    let node = WHOSE.iter().find_map(|shape| {
        let fit = fit(shape, path)?;
        fit.node.or_else(|| node_of_pod(fit.space?, fit.pod?))
    });
    // What was asked at 127.0.0.1 is of the node that asked.
    node.filter(|node| !node.starts_with("127."))
}

/// The node of a static pod of etcd, which kubelet calls `etcd-NODE`; any other pod by its own name.
fn node_of_pod<'a>(space: &str, pod: &'a str) -> Option<&'a str> {
    let node = pod.strip_prefix("etcd-");
    match space {
        "kube-system" | "openshift-etcd" => node,
        _ => Some(pod).filter(|pod| pod.contains("etcd")),
    }
}

/// Endings of packed files, which say nothing of what is in them.
const PACKED: &[&str] = &[".gz", ".xz", ".zst", ".bz2"];

/// Whether a log is of the run of a container before the present one: `previous.log`, `etcd-previous.log`, `etcd_previous.log`,
/// `etcd-0.previous.log`, `logs-previous/…`, plain, packed or rotated; in bundles of support-bundle-kit `etcd.log.1`.
pub fn is_previous(path: &str) -> bool {
    if fit(BUNDLE_KIT_PREVIOUS, path).is_some() {
        return true;
    }
    let mut parts = path.rsplit('/');
    let Some(mut name) = parts.next() else { return false };
    while let Some(shorter) = PACKED.iter().find_map(|ending| name.strip_suffix(ending)) {
        name = shorter;
    }
    let is_word = |part: &str| part == "previous";
    parts.next() == Some("logs-previous") || name.split(['.', '-', '_']).any(is_word)
}

/// What the logs of all runs of one container share of their paths: `…/previous.log.gz` and `…/current.log`, `etcd-0.previous.log` and
/// `etcd-0.log`.
pub fn container_of(path: &str) -> String {
    let mut path = path;
    while let Some(shorter) = PACKED.iter().find_map(|ending| path.strip_suffix(ending)) {
        path = shorter;
    }
    if fit(BUNDLE_KIT_PREVIOUS, path).is_some() {
        path = path.strip_suffix(".1").unwrap_or(path);
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder.strip_suffix("logs-previous").map_or_else(|| folder.to_owned(), |before| format!("{before}logs"));
    let words = name.split(['.', '-', '_']).filter(|word| !matches!(*word, "previous" | "current"));
    format!("{folder}/{}", words.collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_s_folder_says_on_which_node_it_runs() {
        for (path, node) in [
            ("must-gather.local/quay-io-x/namespaces/openshift-etcd/pods/etcd-master-0/etcd/etcd/logs/current.log", "master-0"),
            ("dump/kube-system/etcd-cp-1/logs.txt", "cp-1"),
            ("var/log/pods/kube-system_etcd-cp-1_0f6b/etcd/0.log", "cp-1"),
            ("var/log/containers/etcd-cp-1_kube-system_etcd-0f6b.log", "cp-1"),
            ("var/log/pods/db_my-etcd-2_0f6b/etcd/0.log", "my-etcd-2"),
            ("rke2/podlogs/kube-system-etcd-cp-1", "cp-1"),
            ("rke2/podlogs/kube-system-etcd-cp-1-previous", "cp-1"),
            ("rke2/podlogs/kube-system_etcd-cp-1_0f6b/etcd/0.log", "cp-1"),
            ("cluster-resources/pods/logs/kube-system/etcd-cp-1/etcd-previous.log", "cp-1"),
            ("logs/kube-system/etcd-cp-1/etcd.log", "cp-1"),
            ("config/pod/openshift-etcd/logs/etcd-cp-1/etcd_current.log", "cp-1"),
            ("conditional/namespaces/openshift-etcd/pods/etcd-cp-1/containers/etcd/logs/last-100-lines.log", "cp-1"),
            ("logs/kube-system/etcd-cp-1/etcd.log.1", "cp-1"),
            ("etcd/etcd-metrics-10.0.0.2:2379.txt", "10.0.0.2"),
            ("collect-info/commands/cp-1/proc_info", "cp-1"),
            ("commands/cp-1/kube_describe_all", "cp-1"),
            ("commands/cp-1/etcd_info", "cp-1"),
            ("logs/cp-1/var/log/syslog", "cp-1"),
        ] {
            assert_eq!(node_by_pod(path), Some(node), "{path}");
        }
        for other in [
            "namespaces/openshift-etcd/pods/installer-3-master-0/installer/installer/logs/current.log",
            "var/log/containers/etcd-cp-1_kube-system_pause-0f6b.log",
            "kube-system/kube-proxy-x7/logs.txt",
            "logs/kube-system/kube-proxy-x7/kube-proxy.log",
            "etcd/etcd.log",
            "etcd/etcd-metrics-127.0.0.1:2381.txt",
            "commands/etcdctl/member-list.txt",
        ] {
            assert_eq!(node_by_pod(other), None, "{other}");
        }
    }

    #[test]
    fn a_log_of_the_run_before_is_known_by_its_name() {
        for previous in [
            "a/logs/previous.log",
            "a/logs/previous.log.gz",
            "logs/previous.log.20261126-101500.gz",
            "etcd-cp-1.previous.log",
            "etcd_previous.log",
            "podlogs/kube-system-etcd-cp-1-previous",
            "conditional/x/containers/etcd/logs-previous/last-100-lines.log",
            "logs/kube-system/etcd-cp-1/etcd.log.1",
        ] {
            assert!(is_previous(previous), "{previous}");
        }
        for (previous, present) in [
            ("a/logs/previous.log.gz", "a/logs/current.log"),
            ("etcd-cp-1.previous.log", "etcd-cp-1.log"),
            ("x/etcd_previous.log", "x/etcd_current.log"),
            ("logs/kube-system/etcd-cp-1/etcd.log.1", "logs/kube-system/etcd-cp-1/etcd.log"),
            ("podlogs/kube-system-etcd-cp-1-previous", "podlogs/kube-system-etcd-cp-1"),
            ("containers/etcd/logs-previous/last-100-lines.log", "containers/etcd/logs/last-100-lines.log"),
        ] {
            assert_eq!(container_of(previous), container_of(present));
        }
        assert_ne!(container_of("etcd-1.previous.log"), container_of("etcd-2.log"));
        for other in ["etcd/etcd.log.1", "a/logs/current.log", "previously.log", "previous/a/etcd.log", "logs/0.log"] {
            assert!(!is_previous(other), "{other}");
        }
    }
}
