//! Forms of other people's bundles, as a table: by which paths each is known, where its writer says its version, what it never holds.
//! Whose file is whose is in `pods.rs`. The files themselves are known by their content.

use super::{Layout, shape::fit};

/// A kind of evidence that a form never holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Metrics of etcd.
    Metrics,
    /// Logs of etcd, whole: excerpts are no logs.
    Logs,
    /// A listing of the data directory.
    Listing,
    /// Of the hosts: file systems, memory, the kernel's log.
    Host,
    /// The alarm list.
    Alarms,
    /// Who belongs to the cluster, and how the members answer.
    Members,
    /// The logs of the other nodes: the form is of one node alone.
    OtherNodes,
}

impl Lack {
    /// Its name, by which its words are found.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Logs => "logs",
            Self::Listing => "listing",
            Self::Host => "host",
            Self::Alarms => "alarms",
            Self::Members => "members",
            Self::OtherNodes => "other-nodes",
        }
    }
}

/// A form of bundles, and the project that writes it.
#[derive(Debug)]
pub struct Form {
    /// Its name.
    pub layout: Layout,
    /// Shapes of paths that only this form has.
    marks: &'static [&'static str],
    /// The file in which the writer tells its version, and the words before it; a line without words before it is one that has none.
    version: Option<(&'static str, &'static str)>,
    /// What it never holds.
    pub lacks: &'static [Lack],
}

/// The forms. The first that fits is taken: a must-gather may hold a sosreport, and is one all the same.
///
/// Shapes are those of openshift/must-gather, openshift/insights-operator, replicatedhq/troubleshoot, rancher/support-bundle-kit,
/// rancherlabs/support-tools (the v2.x collector), kubernetes-sigs/kubespray (`scripts/collect-info.yaml`), `kubectl cluster-info dump`
/// ahrtr/etcd-diagnosis and sosreport/sos.
pub const FORMS: &[Form] = &[
    Form {
        layout: Layout::MustGather,
        marks: &["etcd_info/*.json", "etcd_info/etcd_object_count", "namespaces/openshift-etcd/…"],
        version: Some(("version", "")),
        lacks: &[Lack::Metrics, Lack::Listing, Lack::Host],
    },
    Form {
        layout: Layout::Insights,
        marks: &["insights-operator/…", "config/pod/{space}/…", "conditional/namespaces/{space}/…"],
        version: None,
        lacks: &[Lack::Metrics, Lack::Logs, Lack::Listing, Lack::Host, Lack::Alarms, Lack::Members],
    },
    Form {
        layout: Layout::Troubleshoot,
        marks: &["cluster-resources/…", "host-collectors/…"],
        version: Some(("version.yaml", "versionNumber:")),
        lacks: &[Lack::Metrics, Lack::Listing],
    },
    Form {
        layout: Layout::RancherBundle,
        marks: &["yamls/namespaced/{space}/…", "yamls/cluster/…", "bundleGenerationError.log"],
        version: Some(("metadata.yaml", "projectVersion:")),
        lacks: &[Lack::Metrics, Lack::Listing, Lack::Alarms, Lack::Members],
    },
    // rancher2_logs_collector.sh of 2026-08; on k3s etcd is a part of k3s, whose journal has its log.
    Form {
        layout: Layout::RancherLogs,
        marks: &["systeminfo/hostname", "systeminfo/systemd-units", "journald/rke2-server", "journald/k3s", "k3s/check-config"],
        version: None,
        // Metrics are there since 2023-09, where etcd runs.
        lacks: &[Lack::OtherNodes],
    },
    Form {
        layout: Layout::Kubespray,
        marks: &["commands/{node}/etcd_info", "commands/{node}/timedate_info", "commands/{node}/errors_info"],
        version: None,
        lacks: &[Lack::Metrics, Lack::Listing, Lack::Alarms],
    },
    Form {
        layout: Layout::EtcdDiagnosis,
        // A report of another name is known by its content.
        marks: &["etcd_diagnosis_report.json"],
        version: None,
        lacks: &[Lack::Logs, Lack::Listing, Lack::Host, Lack::Alarms],
    },
    Form {
        layout: Layout::ClusterInfo,
        marks: &["{space}/{pod}/logs.txt"],
        version: None,
        lacks: &[Lack::Metrics, Lack::Listing, Lack::Host, Lack::Alarms, Lack::Members],
    },
    Form {
        layout: Layout::Sosreport,
        marks: &["sos_commands/…"],
        version: Some(("version.txt", "sosreport:")),
        lacks: &[Lack::Metrics, Lack::OtherNodes],
    },
];

/// The form of a bundle, by its paths. None where people put files together as they liked.
pub fn form_of<'p>(paths: impl Iterator<Item = &'p str>) -> Option<&'static Form> {
    let found = paths.flat_map(|path| FORMS.iter().position(|form| form.marks.iter().any(|mark| fit(mark, path).is_some())));
    found.min().and_then(|at| FORMS.get(at))
}

impl Form {
    /// The form that has this name.
    pub fn of(layout: Layout) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.layout == layout)
    }

    /// The version of its writer, if this line of this file tells it.
    pub fn version_in<'t>(&self, path: &str, line: &'t str) -> Option<&'t str> {
        let (file, before) = self.version?;
        if path.rsplit('/').next() != Some(file) {
            return None;
        }
        let told = line.trim().strip_prefix(before)?.trim();
        // `version` of a must-gather: the image's name, then its version.
        (!told.is_empty() && told.starts_with(|c: char| c.is_ascii_digit() || c == 'v')).then_some(told)
    }
}

/// Whether a file is a short one in which a form's writer tells of itself.
pub fn tells_of_writer(path: &str) -> bool {
    let name = path.rsplit('/').next();
    FORMS.iter().filter_map(|form| form.version).any(|(file, _)| name == Some(file))
}

/// The host on which kubespray's playbook asked what this file answers.
pub fn kubespray_asked(path: &str) -> Option<&str> {
    fit("commands/{node}/*", path)?.node
}

/// Archives within a form's own that are named after the node whose files they hold. rancher/support-bundle-kit (v0.0.84,
/// `pkg/manager/httpserver.go`) writes what a node sends to `nodes/NODE.zip`, NODE as Kubernetes calls it.
const NODES_OWN: &[(Layout, &str)] =
    &[(Layout::RancherBundle, "nodes/{node}.zip"), (Layout::RancherBundle, "nodes/{node}.zip/…")];

/// The node whose files an archive within a bundle of this form holds, by its way from the top of the bundle.
pub fn node_of_archive(layout: Layout, way: &str) -> Option<&str> {
    let own = NODES_OWN.iter().filter(|(form, _)| *form == layout);
    own.filter_map(|(_, shape)| fit(shape, way)).find(|fit| fit.at == 0)?.node
}

/// Folders that only the report of one host has.
const REPORTS: &[&str] = &["sos_commands/…", "systeminfo/…"];

/// The folder of the report of one host in which a file lies, with a slash at its end or empty, as the file itself shows it.
pub fn report_of(path: &str) -> Option<&str> {
    REPORTS.iter().find_map(|shape| path.get(..fit(shape, path)?.at))
}

/// Whether a file of such a report holds nothing but the host's name.
pub fn is_hostname(path: &str) -> bool {
    ["sos_commands/host/hostname", "sos_commands/general/hostname", "systeminfo/hostname", "hostname"]
        .iter()
        .any(|shape| fit(shape, path).is_some())
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

    fn layout(paths: &[&str]) -> Option<&'static str> {
        form_of(paths.iter().copied()).map(|form| form.layout.as_str())
    }

    #[test]
    fn each_form_is_known_by_a_path_that_only_it_has() {
        for (path, name) in [
            ("etcd_info/member_list.json", "must-gather"),
            ("x/quay-io-y/namespaces/openshift-etcd/pods/etcd-m-0/etcd/etcd/logs/current.log", "must-gather"),
            ("config/pod/openshift-etcd/logs/etcd-m-0/etcd_current.log", "insights"),
            ("cluster-resources/pods/logs/kube-system/etcd-a/etcd.log", "troubleshoot"),
            ("yamls/namespaced/kube-system/v1/pods.yaml", "rancher-bundle"),
            ("2/systeminfo/hostname", "rancher-logs"),
            ("k3s-a-2026-11-26_10_15_00/journald/k3s", "rancher-logs"),
            ("collect-info/commands/a/etcd_info", "kubespray"),
            ("kube-system/etcd-a/logs.txt", "cluster-info"),
            ("sosreport-a-2026-11-26-x/sos_commands/etcd/x", "sosreport"),
        ] {
            assert_eq!(layout(&[path]), Some(name), "{path}");
        }
        for other in ["etcd/etcd.log", "logs/a.txt", "nodes/a/journal/etcd.log", "config/etcd.yaml", "commands/a/list"] {
            assert_eq!(layout(&[other]), None, "{other}");
        }
        assert_eq!(layout(&["sosreport-a/sos_commands/x", "etcd_info/alarm_list.json"]), Some("must-gather"));
    }

    #[test]
    fn an_archive_of_a_node_is_known_by_its_way_in_its_own_form_alone() {
        let node = |layout, way| node_of_archive(layout, way);
        assert_eq!(node(Layout::RancherBundle, "nodes/cp-1.zip"), Some("cp-1"));
        assert_eq!(node(Layout::RancherBundle, "nodes/cp-1.zip/scc/scc_supportconfig_cp-1-x7Kp2a.txz"), Some("cp-1"));
        assert_eq!(node(Layout::RancherBundle, "logs/nodes/cp-1.zip"), None);
        assert_eq!(node(Layout::RancherBundle, "cp-1.zip"), None);
        assert_eq!(node(Layout::Loose, "nodes/cp-1.zip"), None);
    }

    #[test]
    fn a_writer_s_version_is_told_in_its_own_file() {
        let version = |form: &str, path, line| {
            FORMS.iter().find(|f| f.layout.as_str() == form).and_then(|form| form.version_in(path, line))
        };
        assert_eq!(version("must-gather", "q/version", "4.16.3-202406"), Some("4.16.3-202406"));
        assert_eq!(version("must-gather", "q/version", "openshift/must-gather"), None);
        assert_eq!(version("troubleshoot", "version.yaml", "  versionNumber: v0.105.0"), Some("v0.105.0"));
        assert_eq!(version("sosreport", "s/version.txt", "sosreport: 4.7.0"), Some("4.7.0"));
        assert_eq!(version("sosreport", "s/versions.txt", "sosreport: 4.7.0"), None);
    }

    #[test]
    fn a_report_of_one_host_is_known_by_its_folder_and_its_name_has_the_host() {
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
