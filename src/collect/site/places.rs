//! Where settings of etcd stand on a host where its process is not seen, or does not say all: units, files of variables, manifests, the files of
//! Kubernetes' distributions; and the certificates that these make for a client.

use std::path::Path;

use super::{
    files,
    settings::{self, Settings},
};

/// Settings, and the file that says them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// The file's path on the host.
    pub from: String,
    /// By the name of the flag.
    pub settings: Settings,
}

/// Folders of systemd's units, the administrator's first.
pub(in crate::collect) const UNIT_FOLDERS: &[&str] = &[
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// Files of variables: of packages, of kubespray, and of the many guides that unpack etcd into `/opt`.
pub(in crate::collect) const VARIABLES: &[&str] = &[
    "/etc/etcd.env",
    "/etc/etcd/etcd.conf",
    "/etc/etcd/etcd.env",
    "/etc/etcd/conf",
    "/etc/etcd.conf",
    "/etc/default/etcd",
    "/etc/sysconfig/etcd",
    "/etc/conf.d/etcd",
    "/opt/etcd/cfg/etcd.conf",
    "/opt/etcd/cfg/etcd",
    "/opt/kubernetes/cfg/etcd.conf",
];

/// etcd's own YAML: what packages take for `--config-file`, and what k3s and RKE2 write.
pub(in crate::collect) const YAML: &[&str] = &[
    "/etc/etcd/etcd.conf.yml",
    "/etc/etcd/etcd.conf.yaml",
    "/etc/etcd/etcd.yml",
    "/etc/etcd/etcd.yaml",
    "/etc/etcd/config.yml",
    "/etc/etcd/config.yaml",
    "/etc/etcd.yml",
    "/var/lib/rancher/rke2/server/db/etcd/config",
    "/var/lib/rancher/k3s/server/db/etcd/config",
];

/// Folders of the manifests of static pods: kubeadm's, RKE2's.
pub(in crate::collect) const MANIFESTS: &[&str] = &["/etc/kubernetes/manifests", "/var/lib/rancher/rke2/agent/pod-manifests"];

/// Files of Patroni.
pub(in crate::collect) const PATRONI: &[&str] = &[
    "/etc/patroni.yml",
    "/etc/patroni.yaml",
    "/etc/patroni/patroni.yml",
    "/etc/patroni/config.yml",
    "/etc/patroni/patroni.yaml",
];

/// Sets of files with which clients of a distribution reach etcd: authority, certificate, key.
pub(in crate::collect) const CLIENT_FILES: &[[&str; 3]] = &[
    [
        "/etc/kubernetes/pki/etcd/ca.crt",
        "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
        "/etc/kubernetes/pki/etcd/healthcheck-client.key",
    ],
    [
        "/var/lib/rancher/rke2/server/tls/etcd/server-ca.crt",
        "/var/lib/rancher/rke2/server/tls/etcd/server-client.crt",
        "/var/lib/rancher/rke2/server/tls/etcd/server-client.key",
    ],
    [
        "/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt",
        "/var/lib/rancher/k3s/server/tls/etcd/server-client.crt",
        "/var/lib/rancher/k3s/server/tls/etcd/server-client.key",
    ],
];

/// What files say of etcd itself, the surest first: its unit with the files that it names, the usual files, manifests.
pub(super) fn of_server(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    for (path, text) in units(root) {
        let (settings, named) = settings::of_unit(&text);
        sources.push(Source { from: path, settings });
        for file in named {
            let text = files::text(&files::below(root, &file)).unwrap_or_default();
            sources.push(Source { settings: settings::of_variables(text.lines(), "ETCD_"), from: file });
        }
    }
    for path in VARIABLES {
        let text = files::text(&files::below(root, path)).unwrap_or_default();
        sources.push(Source { from: (*path).to_owned(), settings: settings::of_variables(text.lines(), "ETCD_") });
    }
    for path in YAML {
        let text = files::text(&files::below(root, path)).unwrap_or_default();
        sources.push(Source { from: (*path).to_owned(), settings: settings::of_yaml(&text) });
    }
    for (path, text) in manifests(root) {
        sources.push(Source { settings: settings::of_manifest(&text), from: path });
    }
    // The first of each file counts: a unit may name a file that is among the usual ones.
    let mut seen = std::collections::BTreeSet::new();
    sources.retain(|source| !source.settings.is_empty() && seen.insert(source.from.clone()));
    sources
}

/// What files say of how a client reaches etcd, by the names of etcdctl's flags: `endpoints`, `cacert`, `cert`, `key`.
pub(super) fn of_client(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    for path in VARIABLES {
        let text = files::text(&files::below(root, path)).unwrap_or_default();
        sources.push(Source { from: (*path).to_owned(), settings: settings::of_variables(text.lines(), "ETCDCTL_") });
    }
    for set in CLIENT_FILES {
        // Without rights the folder cannot be looked into; then they are no use either.
        if set.iter().all(|path| files::exists(&files::below(root, path))) {
            let named = ["cacert", "cert", "key"].map(str::to_owned).into_iter().zip(set.iter().map(|path| (*path).to_owned()));
            sources.push(Source { from: "the usual place".to_owned(), settings: named.collect() });
        }
    }
    for path in PATRONI {
        let text = files::text(&files::below(root, path)).unwrap_or_default();
        sources.push(Source { from: (*path).to_owned(), settings: settings::of_patroni(&text) });
    }
    sources.retain(|source| !source.settings.is_empty());
    sources
}

/// The unit in which etcd runs by the files of units, where its process is not there to say: `etcd.service`, or another that is called after it.
pub(super) fn unit(root: &Path) -> Option<String> {
    let mut names: Vec<String> =
        units(root).into_iter().filter_map(|(path, _)| path.rsplit('/').next().map(str::to_owned)).collect();
    names.retain(|name| name.ends_with(".service"));
    names.iter().find(|name| *name == "etcd.service").or_else(|| names.first()).cloned()
}

/// Units of etcd, and additions to them.
fn units(root: &Path) -> Vec<(String, String)> {
    let mut units = Vec::new();
    for folder in UNIT_FOLDERS {
        for name in files::names(&files::below(root, folder)) {
            let is_etcd =
                name.starts_with("etcd") && !name.contains("backup") && !name.contains("defrag") && !name.contains("exporter");
            let path = format!("{folder}/{name}");
            if is_etcd && name.ends_with(".service") {
                units.push((path, "".to_owned()));
            } else if is_etcd && name.ends_with(".service.d") {
                let more = files::names(&files::below(root, &path)).into_iter().filter(|name| name.ends_with(".conf"));
                // What is added goes before what it is added to.
                units.splice(0..0, more.map(|name| (format!("{path}/{name}"), String::new())));
            }
        }
    }
    for (path, text) in &mut units {
        *text = files::text(&files::below(root, path)).unwrap_or_default();
    }
    units.retain(|(_, text)| !text.is_empty());
    units
}

/// Manifests of etcd.
fn manifests(root: &Path) -> Vec<(String, String)> {
    let paths = MANIFESTS.iter().flat_map(|folder| {
        let names = files::names(&files::below(root, folder)).into_iter();
        names
            .filter(|name| name.starts_with("etcd") && (name.ends_with(".yaml") || name.ends_with(".yml")))
            .map(move |name| format!("{folder}/{name}"))
    });
    paths.filter_map(|path| files::text(&files::below(root, &path)).map(|text| (path, text))).collect()
}
