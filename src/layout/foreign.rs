//! Forms of other people's bundles: what their paths tell. The files in them are known by their content.

use super::Layout;

/// The form of a bundle, by its paths: the first that is known. None where people put files together as they liked.
pub fn form_of<'p>(mut paths: impl Iterator<Item = &'p str>) -> Option<Layout> {
    paths.find_map(|path| {
        let has = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
        if report_of(path).is_some() {
            Some(Layout::Sosreport)
        } else if has("etcd_info/") || has("namespaces/openshift-etcd/") {
            Some(Layout::MustGather)
        } else {
            None
        }
    })
}

/// Whose file it is by the folders that Kubernetes and those who collect from it give pods. Shapes, each with the project that writes it:
///
/// | path | written by |
/// | --- | --- |
/// | `namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log` | must-gather of OpenShift |
/// | `NS/POD/logs.txt` | `kubectl cluster-info dump` |
/// | `var/log/pods/NS_POD_UID/CONTAINER/0.log` | kubelet |
/// | `var/log/containers/POD_NS_CONTAINER-ID.log` | kubelet |
pub fn pod_of(path: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let after = |word: &str| parts.iter().position(|part| *part == word).map(|at| at + 1);
    let at = |place: Option<usize>, more: usize| parts.get(place? + more).copied();
    if let (Some(space), Some("pods"), Some(pod), Some("etcd")) =
        (at(after("namespaces"), 0), at(after("namespaces"), 1), at(after("namespaces"), 2), at(after("namespaces"), 3))
    {
        return Some((space, pod));
    }
    if let [.., space, pod, "logs.txt"] = *parts {
        return Some((space, pod));
    }
    if let (Some(name), Some("etcd")) = (at(after("pods"), 0), at(after("pods"), 1)) {
        let (space, rest) = name.split_once('_')?;
        return Some((space, rest.rsplit_once('_').map_or(rest, |(pod, _)| pod)));
    }
    if let Some((pod, rest)) = at(after("containers"), 0).and_then(|name| name.split_once('_')) {
        let (space, container) = rest.split_once('_')?;
        return container.starts_with("etcd-").then_some((space, pod));
    }
    None
}

/// The node of a static pod of etcd, which kubelet calls `etcd-NODE`; any other pod by its own name.
pub fn node_of_pod<'a>(space: &str, pod: &'a str) -> Option<&'a str> {
    let node = pod.strip_prefix("etcd-");
    match space {
        "kube-system" | "openshift-etcd" => node,
        _ => Some(pod).filter(|pod| pod.contains("etcd")),
    }
}

/// The folder of the report of one host in which a file lies, with a slash at its end or empty, if the report is one of sos.
pub fn report_of(path: &str) -> Option<&str> {
    let at = path.find("sos_commands/").filter(|at| *at == 0 || path.get(..*at).is_some_and(|before| before.ends_with('/')))?;
    path.get(..at)
}

/// The host in the name of a sosreport's folder: `sosreport-HOST-2026-11-26-abcdefg/`, `sosreport-HOST-CASE-2026-…`.
pub fn host_of_report(folder: &str) -> Option<&str> {
    let name = folder.trim_end_matches('/').rsplit('/').next()?.strip_prefix("sosreport-")?;
    let is_year = |part: &str| part.len() == 4 && part.starts_with("20") && part.bytes().all(|b| b.is_ascii_digit());
    let mut length = 0;
    for part in name.split('-') {
        let is_case = length > 0 && part.len() >= 6 && part.bytes().all(|b| b.is_ascii_digit());
        if length > 0 && is_year(part) || is_case {
            return name.get(..length - 1);
        }
        length += part.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_s_folder_says_on_which_node_it_runs() {
        let node = |path| pod_of(path).and_then(|(space, pod)| node_of_pod(space, pod));
        let of = "must-gather.local/quay-io-x/namespaces/openshift-etcd/pods/etcd-master-0/etcd/etcd/logs/current.log";
        assert_eq!(node(of), Some("master-0"));
        assert_eq!(node("dump/kube-system/etcd-cp-1/logs.txt"), Some("cp-1"));
        assert_eq!(node("var/log/pods/kube-system_etcd-cp-1_0f6b/etcd/0.log"), Some("cp-1"));
        assert_eq!(node("var/log/containers/etcd-cp-1_kube-system_etcd-0f6b.log"), Some("cp-1"));
        assert_eq!(node("var/log/pods/db_my-etcd-2_0f6b/etcd/0.log"), Some("my-etcd-2"));
        for other in [
            "namespaces/openshift-etcd/pods/installer-3-master-0/installer/installer/logs/current.log",
            "var/log/containers/etcd-cp-1_kube-system_pause-0f6b.log",
            "kube-system/kube-proxy-x7/logs.txt",
            "etcd/etcd.log",
        ] {
            assert_eq!(node(other), None, "{other}");
        }
    }

    #[test]
    fn a_sosreport_is_known_by_its_folder_and_its_name_has_the_host() {
        assert_eq!(report_of("2/sosreport-a-2026-11-26-x/sos_commands/etcd/ls"), Some("2/sosreport-a-2026-11-26-x/"));
        assert_eq!(report_of("sos_commands/etcd/ls"), Some(""));
        assert_eq!(report_of("etcd/my-sos_commands/x"), None);
        for (folder, host) in [
            ("sosreport-db-1-2026-11-26-abcdefg/", Some("db-1")),
            ("2/sosreport-db-1-03412345-2026-11-26-abcdefg/", Some("db-1")),
            ("sosreport-web2024-2026-11-26-abcdefg", Some("web2024")),
            ("sosreport-20261126", None),
            ("logs/", None),
        ] {
            assert_eq!(host_of_report(folder), host, "{folder}");
        }
    }
}
