//! What is found on the host before anything is run: etcd's process, its settings and who says them, its logs, the tools, the host's name.

mod container;
mod files;
pub(super) mod logs;
pub(super) mod places;
mod process;
mod settings;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

pub use container::{Container, Engine};
use places::Source;
pub use process::Process;

/// Folders that are searched after those of `PATH`: where packages, distributions and hand-made installations put etcdctl and the tools of containers.
pub(in crate::collect) const MORE_FOLDERS: &[&str] = &[
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/opt/bin",
    "/opt/etcd",
    "/opt/etcd/bin",
    "/opt/kubernetes/bin",
    "/snap/bin",
    "/var/lib/rancher/rke2/bin",
];

/// Where etcd keeps its data unless it is told otherwise by a packaged unit.
pub(in crate::collect) const DATA_DIRS: &[&str] = &[
    "/var/lib/rancher/rke2/server/db/etcd",
    "/var/lib/rancher/k3s/server/db/etcd",
    "/var/lib/etcd/default.etcd",
    "/var/lib/etcd",
];

/// Supervisors of etcd whose own journal tells why it is started and stopped: of RKE2, of kubeadm and others.
pub(in crate::collect) const SUPERVISORS: &[(&str, &str)] =
    &[("/var/lib/rancher/rke2/server", "rke2-server"), ("/var/lib/kubelet", "kubelet")];

/// A setting, and who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub value: String,
    /// `flag`, the name of a variable, `process 1234`, a file's path, `the usual place` or `etcd's default`.
    pub from: String,
}

/// What is known of the host.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// What the host calls itself.
    pub host: String,
    /// etcd's processes, in the order of their numbers.
    pub processes: Vec<Process>,
    /// The folders that are searched for programs.
    pub folders: Vec<PathBuf>,
    /// What lies above all paths: `/`, but for tests.
    root: PathBuf,
    server: Vec<Source>,
    client: Vec<Source>,
}

impl Site {
    /// Looks around. `path` is the environment's `PATH`.
    pub fn look(path: Option<&std::ffi::OsStr>) -> Self {
        Self::look_below(Path::new("/"), path)
    }

    /// Looks around below a folder that stands for the host's root.
    pub fn look_below(root: &Path, path: Option<&std::ffi::OsStr>) -> Self {
        let mut folders: Vec<PathBuf> = path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        // A folder that is named relative to wherever one stands is no place to start programs from as root.
        folders.retain(|folder| folder.is_absolute());
        folders.extend(MORE_FOLDERS.iter().map(|folder| files::below(root, folder)));
        let mut seen = std::collections::BTreeSet::new();
        folders.retain(|folder| seen.insert(folder.clone()));
        Self {
            host: host_name(),
            processes: process::all(root),
            folders,
            root: root.to_owned(),
            server: places::of_server(root),
            client: places::of_client(root),
        }
    }

    /// The host with only those of etcd's processes that serve these URLs, or without a wish the first one and what belongs to its cluster; and the
    /// processes that are left out. Some hosts run two: for the API's objects and for its events, or one of a network plugin.
    pub fn serving(&self, endpoints: Option<&str>) -> (Self, Vec<u32>) {
        let token = |process: &Process| process.settings.get("initial-cluster").cloned();
        let first = self.processes.first();
        let (kept, left): (Vec<&Process>, Vec<&Process>) = self.processes.iter().partition(|process| match endpoints {
            Some(urls) => process.is_embedded || process.serves(urls),
            None => {
                first.is_some_and(|first| first.pid == process.pid || token(first).is_some() && token(first) == token(process))
            }
        });
        let left = left.into_iter().map(|process| process.pid).collect();
        (Self { processes: kept.into_iter().cloned().collect(), ..self.clone() }, left)
    }

    /// Finds a program.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let is_program = |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
        self.folders.iter().map(|folder| folder.join(name)).find(is_program)
    }

    /// A setting of etcd: of the process that runs, else by the first file that has one.
    pub fn setting(&self, name: &str) -> Option<Found> {
        let of_process = self.processes.iter().find_map(|process| {
            let value = process.settings.get(name).filter(|value| !value.is_empty())?;
            Some(Found { value: value.clone(), from: format!("process {}", process.pid) })
        });
        // Where the process tells its settings, what it does not tell was not set, whatever a file says that it may not have read.
        let is_told = self.processes.iter().any(|process| !process.is_embedded && !process.settings.is_empty());
        of_process.or_else(|| if is_told { None } else { from(&self.server, name) })
    }

    /// How a client reaches etcd here, by files: `endpoints`, `cacert`, `cert`, `key`.
    pub fn client(&self, name: &str) -> Option<Found> {
        from(&self.client, name)
    }

    /// The data directory: of the process or of a file, else the first of the usual places that is there.
    pub fn data_dir(&self) -> Option<Found> {
        let usual = DATA_DIRS.iter().find(|dir| files::below(&self.root, dir).is_dir());
        let usual = usual.map(|dir| Found { value: (*dir).to_owned(), from: "the usual place".to_owned() });
        self.setting("data-dir").map(|found| self.reached(found)).or(usual)
    }

    /// A path of etcd's as the host reaches it: in a container the same name can be elsewhere.
    pub fn reached(&self, found: Found) -> Found {
        let is_here = files::exists(&files::below(&self.root, &found.value));
        let inside = self.processes.iter().find_map(|process| process.root.as_ref()).map(|root| files::below(root, &found.value));
        match inside.filter(|path| !is_here && found.value.starts_with('/') && files::exists(path)) {
            Some(path) => Found { value: path.to_string_lossy().into_owned(), from: format!("{}, in its container", found.from) },
            None => found,
        }
    }

    /// Whether a file can be opened.
    pub fn can_read(&self, path: &str) -> bool {
        files::can_read(&files::below(&self.root, path))
    }

    /// Units whose journal is etcd's log; empty where etcd runs in a container and has no unit of its own.
    pub fn units(&self) -> Vec<String> {
        let of_process = self.processes.iter().find_map(|process| process.unit.clone());
        match of_process.or_else(|| places::unit(&self.root)) {
            Some(unit) => vec![unit],
            None if self.container().is_some() => Vec::new(),
            None => vec!["etcd".to_owned()],
        }
    }

    /// Units of what starts etcd, where it is no unit itself.
    pub fn supervisors(&self) -> Vec<String> {
        let is_there = |(folder, _): &&(&str, &str)| files::below(&self.root, folder).is_dir();
        SUPERVISORS.iter().filter(is_there).map(|(_, unit)| (*unit).to_owned()).collect()
    }

    /// The container in which etcd runs.
    pub fn container(&self) -> Option<&Container> {
        self.processes.iter().find_map(|process| process.container.as_ref())
    }

    /// Log files of containers that are called so, oldest first.
    pub fn container_logs(&self, name: &str) -> Vec<String> {
        logs::of_containers(&self.root, name)
    }

    /// Log files that etcd writes itself.
    pub fn own_logs(&self) -> Vec<String> {
        logs::of_etcd(
            &self.root,
            self.setting("log-outputs").or_else(|| self.setting("log-output")).map(|found| found.value).as_deref(),
        )
    }

    /// Files of the system's logger, oldest first.
    pub fn system_logs(&self) -> Vec<String> {
        logs::of_system(&self.root)
    }

    /// Whether a program is one of busybox's, which takes fewer flags.
    pub fn is_busybox(&self, program: &Path) -> bool {
        fs::canonicalize(program).is_ok_and(|at| at.file_name().is_some_and(|name| name.to_string_lossy().starts_with("busybox")))
    }
}

fn from(sources: &[Source], name: &str) -> Option<Found> {
    sources.iter().find_map(|source| Some(Found { value: source.settings.get(name)?.clone(), from: source.from.clone() }))
}

fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().trim().to_owned();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "hosts are made up here")]
mod tests {
    use super::*;

    fn made(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = files::below(root.path(), path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        root
    }

    fn look(files: &[(&str, &str)]) -> (tempfile::TempDir, Site) {
        let root = made(files);
        let site = Site::look_below(root.path(), None);
        (root, site)
    }

    fn told(found: Option<Found>) -> String {
        found.map_or_else(|| "nothing".to_owned(), |found| format!("{} ({})", found.value, found.from))
    }

    #[test]
    fn settings_come_from_the_command_line_before_the_environment_and_before_files() {
        let (_root, site) = look(&[
            ("/proc/812/comm", "etcd\n"),
            ("/proc/812/cmdline", "/usr/bin/etcd\0--name=a\0-listen-client-urls\0http://10.0.0.1:2379\0--force-new-cluster\0"),
            ("/proc/812/environ", "ETCD_DATA_DIR=/data/etcd\0ETCD_NAME=b\0HOME=/root\0"),
            ("/proc/812/cgroup", "3:cpu:/\n1:name=systemd:/system.slice/etcd-member.service\n"),
            ("/proc/90/comm", "etcdctl\n"),
            ("/proc/90/cmdline", "etcdctl\0"),
            ("/proc/self/comm", "etcd\n"),
            ("/etc/etcd/etcd.conf", "ETCD_NAME=c\nETCD_CERT_FILE=/of/another.pem\n"),
        ]);
        assert_eq!(told(site.setting("name")), "a (process 812)");
        assert_eq!(told(site.setting("data-dir")), "/data/etcd (process 812)");
        assert_eq!(told(site.setting("listen-client-urls")), "http://10.0.0.1:2379 (process 812)");
        assert_eq!(site.setting("force-new-cluster"), None);
        assert_eq!(site.setting("cert-file"), None, "what the process does not say was not set");
        assert_eq!(site.processes.len(), 1);
        assert_eq!(site.units(), ["etcd-member.service"]);
        assert_eq!(site.processes[0].cpu_stat.as_deref(), Some("/sys/fs/cgroup/cpu/cpu.stat"));
    }

    #[test]
    fn a_process_with_a_configuration_file_has_the_settings_of_that_file() {
        let (_root, site) = look(&[
            ("/proc/812/comm", "etcd\n"),
            ("/proc/812/cmdline", "etcd\0--config-file=/srv/etcd.yml\0"),
            ("/srv/etcd.yml", "name: a\ndata-dir: /srv/data\nadvertise-client-urls: https://10.0.0.1:2379\n"),
        ]);
        assert_eq!(told(site.setting("advertise-client-urls")), "https://10.0.0.1:2379 (process 812)");
        assert_eq!(told(site.setting("data-dir")), "/srv/data (process 812)");
    }

    #[test]
    fn without_a_process_the_unit_says_it_then_the_files_that_the_unit_names_then_the_usual_ones() {
        let (_root, site) = look(&[
            (
                "/etc/systemd/system/etcd-member.service",
                "[Service]\nEnvironmentFile=/srv/etcd.vars\nExecStart=/usr/bin/etcd --data-dir=/srv/data --name=${ETCD_NAME}\n",
            ),
            ("/etc/systemd/system/etcd-backup.service", "[Service]\nExecStart=/usr/bin/etcd-backup --data-dir=/backup\n"),
            ("/srv/etcd.vars", "ETCD_NAME=a\n"),
            ("/etc/default/etcd", "ETCD_NAME=b\nETCD_LISTEN_CLIENT_URLS=http://10.0.0.1:2379\n"),
        ]);
        assert_eq!(told(site.setting("data-dir")), "/srv/data (/etc/systemd/system/etcd-member.service)");
        assert_eq!(told(site.setting("name")), "a (/srv/etcd.vars)");
        assert_eq!(told(site.setting("listen-client-urls")), "http://10.0.0.1:2379 (/etc/default/etcd)");
        assert_eq!(site.units(), ["etcd-member.service"]);
    }

    #[test]
    fn kubeadm_keeps_it_in_a_manifest_with_certificates_for_its_health_checks() {
        let (_root, site) = look(&[
            (
                "/etc/kubernetes/manifests/etcd.yaml",
                "spec:\n  containers:\n  - command:\n    - etcd\n    - --advertise-client-urls=https://10.0.0.1:2379\n    - --listen-metrics-urls=http://127.0.0.1:2381\n",
            ),
            ("/etc/kubernetes/pki/etcd/ca.crt", ""),
            ("/etc/kubernetes/pki/etcd/healthcheck-client.crt", ""),
            ("/etc/kubernetes/pki/etcd/healthcheck-client.key", ""),
            ("/var/lib/kubelet/config.yaml", ""),
        ]);
        assert_eq!(told(site.setting("listen-metrics-urls")), "http://127.0.0.1:2381 (/etc/kubernetes/manifests/etcd.yaml)");
        assert_eq!(told(site.client("key")), "/etc/kubernetes/pki/etcd/healthcheck-client.key (the usual place)");
        assert_eq!(site.supervisors(), ["kubelet"]);
    }

    #[test]
    fn k3s_has_etcd_within_it() {
        let (_root, site) = look(&[
            ("/proc/7/comm", "k3s-server\n"),
            ("/proc/7/cmdline", "/usr/local/bin/k3s server\0"),
            ("/proc/7/cgroup", "0::/system.slice/k3s.service\n"),
            (
                "/var/lib/rancher/k3s/server/db/etcd/config",
                "name: a-1\nadvertise-client-urls: https://10.0.0.1:2379\ndata-dir: /var/lib/rancher/k3s/server/db/etcd\n",
            ),
            ("/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt", ""),
            ("/var/lib/rancher/k3s/server/tls/etcd/server-client.crt", ""),
            ("/var/lib/rancher/k3s/server/tls/etcd/server-client.key", ""),
        ]);
        assert_eq!(site.units(), ["k3s.service"]);
        assert_eq!(
            told(site.setting("advertise-client-urls")),
            "https://10.0.0.1:2379 (/var/lib/rancher/k3s/server/db/etcd/config)"
        );
        assert_eq!(told(site.client("cert")), "/var/lib/rancher/k3s/server/tls/etcd/server-client.crt (the usual place)");
    }

    #[test]
    fn rke2_runs_it_as_a_static_pod_under_a_supervisor_of_its_own() {
        let (_root, site) = look(&[
            (
                "/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml",
                "    - --config-file=/var/lib/rancher/rke2/server/db/etcd/config\n",
            ),
            ("/var/lib/rancher/rke2/server/db/etcd/config", "listen-client-urls: https://127.0.0.1:2379,https://10.0.0.1:2379\n"),
        ]);
        assert_eq!(
            told(site.setting("listen-client-urls")),
            "https://127.0.0.1:2379,https://10.0.0.1:2379 (/var/lib/rancher/rke2/server/db/etcd/config)"
        );
        assert_eq!(site.supervisors(), ["rke2-server"]);
        assert_eq!(told(site.data_dir()), "/var/lib/rancher/rke2/server/db/etcd (the usual place)");
    }

    #[test]
    fn kubespray_writes_what_etcdctl_needs_beside_what_etcd_needs() {
        let (_root, site) = look(&[(
            "/etc/etcd.env",
            "ETCD_DATA_DIR=/var/lib/etcd\nETCDCTL_ENDPOINTS=https://127.0.0.1:2379\nETCDCTL_CACERT=/etc/ssl/etcd/ssl/ca.pem\nETCDCTL_KEY=/etc/ssl/etcd/ssl/admin-a-key.pem\nETCDCTL_CERT=/etc/ssl/etcd/ssl/admin-a.pem\n",
        )]);
        assert_eq!(told(site.client("endpoints")), "https://127.0.0.1:2379 (/etc/etcd.env)");
        assert_eq!(told(site.client("cert")), "/etc/ssl/etcd/ssl/admin-a.pem (/etc/etcd.env)");
    }

    #[test]
    fn a_host_of_patroni_knows_where_its_etcd_is() {
        let (_root, site) = look(&[("/etc/patroni/patroni.yml", "etcd3:\n  hosts: 10.0.0.1:2379,10.0.0.2:2379\n")]);
        assert_eq!(told(site.client("endpoints")), "http://10.0.0.1:2379,http://10.0.0.2:2379 (/etc/patroni/patroni.yml)");
    }

    #[test]
    fn in_a_container_a_path_is_reached_through_its_root() {
        let id = "0123456789abcdef".repeat(4);
        let (root, site) = look(&[
            ("/proc/812/comm", "etcd\n"),
            ("/proc/812/cmdline", "etcd\0--data-dir=/etcd-data\0"),
            ("/proc/812/cgroup", &format!("0::/system.slice/docker-{id}.scope\n")),
            ("/proc/812/root/etcd-data/member/wal/0.wal", ""),
        ]);
        let found = site.data_dir().unwrap();
        assert_eq!(found.value, root.path().join("proc/812/root/etcd-data").to_string_lossy());
        assert_eq!(found.from, "process 812, in its container");
        assert_eq!(site.units(), Vec::<String>::new(), "a container has no unit");
        assert_eq!(site.container().unwrap().engine, Engine::Docker);
    }

    #[test]
    fn of_two_clusters_on_one_host_only_the_one_that_is_asked_is_looked_at() {
        let (_root, site) = look(&[
            ("/proc/812/comm", "etcd\n"),
            ("/proc/812/cmdline", "etcd\0--listen-client-urls=https://0.0.0.0:4001\0--initial-cluster=a=https://10.0.0.1:2380\0"),
            ("/proc/900/comm", "etcd\n"),
            (
                "/proc/900/cmdline",
                "etcd\0--listen-client-urls=https://10.0.0.1:4002\0--initial-cluster=a=https://10.0.0.1:2381\0",
            ),
            ("/proc/901/comm", "etcd\n"),
            ("/proc/901/cmdline", "etcd\0--initial-cluster=a=https://10.0.0.1:2381\0"),
        ]);
        let pids = |endpoints| site.serving(endpoints).0.processes.iter().map(|process| process.pid).collect::<Vec<_>>();
        assert_eq!(pids(None), [812]);
        assert_eq!(pids(Some("https://127.0.0.1:4001")), [812], "it listens on all addresses");
        assert_eq!(pids(Some("https://10.0.0.1:4002")), [900]);
        assert_eq!(
            pids(Some("https://db-1.example.com:4002,https://db-2.example.com:4002")),
            [900],
            "a name can be of any address"
        );
        assert_eq!(pids(Some("10.0.0.1:2379")), [901], "it was not told where to listen, and takes etcd's port");
        assert_eq!(pids(Some("https://10.0.0.2:4002")), Vec::<u32>::new(), "that is another host's");
        assert_eq!(site.serving(None).1.len(), 2);
    }

    #[test]
    fn programs_are_found_in_absolute_folders_only() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("etcdctl");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        let path = std::env::join_paths([Path::new("."), folder.path()]).unwrap();
        let site = Site::look(Some(&path));
        assert_eq!(site.program("etcdctl").filter(|found| *found == program), None, "it is not executable yet");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(site.program("etcdctl"), Some(program));
        assert!(site.folders.iter().all(|folder| folder.is_absolute()));
    }
}
