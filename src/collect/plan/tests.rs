//! Plans for hosts that are made up: a folder for the root, with the tools in its `/usr/bin`.

#![expect(clippy::disallowed_methods, reason = "hosts are made up here")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::{Does, Options, Plan, Site, When};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

struct Host(tempfile::TempDir);

impl Host {
    fn with(tools: &[&str], files: &[(&str, &str)]) -> Self {
        let host = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(path, text)| host.write(path, text));
        for tool in tools {
            let path = format!("usr/bin/{tool}");
            host.write(&path, "#!/bin/sh\n");
            fs::set_permissions(host.0.path().join(path), fs::Permissions::from_mode(0o755)).unwrap();
        }
        host
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn plan(&self, options: &Options) -> Plan {
        Plan::new(&Site::look_below(self.0.path(), None), options)
    }
}

fn options() -> Options {
    let seconds = std::time::Duration::from_secs;
    let window = crate::collect::Window::between(None, None, jiff::Timestamp::UNIX_EPOCH);
    Options { window, dial_timeout: seconds(2), command_timeout: seconds(5), ..Options::default() }
}

/// What a row runs or reads, as one would type it.
fn does(plan: &Plan, path: &str) -> String {
    let Some(step) = plan.steps.iter().find(|step| step.path == path) else { return "no such row".to_owned() };
    match &step.does {
        Does::Run { file: None, .. } => "no such program".to_owned(),
        Does::Run { argv, env, .. } => {
            let env = env.iter().map(|(name, value)| format!("{name}={value}"));
            env.chain(argv.iter().cloned()).collect::<Vec<_>>().join(" ")
        }
        Does::Read(files) | Does::Logs(files) => files.join(" "),
        Does::Nothing { why, .. } => (*why).to_owned(),
    }
}

fn kubeadm() -> Vec<(&'static str, String)> {
    let command = "etcd\0--advertise-client-urls=https://10.0.0.1:2379\0--cert-file=/etc/kubernetes/pki/etcd/server.crt\0\
                   --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt\0--key-file=/etc/kubernetes/pki/etcd/server.key\0\
                   --listen-metrics-urls=http://127.0.0.1:2381\0--data-dir=/var/lib/etcd\0";
    vec![
        ("/proc/812/comm", "etcd\n".to_owned()),
        ("/proc/812/cmdline", command.to_owned()),
        ("/proc/812/cgroup", format!("0::/kubepods.slice/kubepods-podab.slice/cri-containerd-{ID}.scope\n")),
        ("/etc/kubernetes/pki/etcd/ca.crt", String::new()),
        ("/etc/kubernetes/pki/etcd/server.crt", String::new()),
        ("/etc/kubernetes/pki/etcd/server.key", String::new()),
        ("/etc/kubernetes/pki/etcd/healthcheck-client.crt", String::new()),
        ("/etc/kubernetes/pki/etcd/healthcheck-client.key", String::new()),
        ("/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log", String::new()),
        ("/var/log/pods/kube-system_kube-apiserver-db-1_78/kube-apiserver/3.log", String::new()),
        ("/var/lib/kubelet/config.yaml", String::new()),
    ]
}

fn kubeadm_with(tools: &[&str]) -> Host {
    let files = kubeadm();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Host::with(tools, &files)
}

#[test]
fn a_node_of_kubeadm_is_asked_through_its_container_with_the_certificates_of_its_health_checks() {
    let plan = kubeadm_with(&["curl", "crictl", "journalctl", "openssl"]).plan(&options());
    assert_eq!(
        does(&plan, "metrics/1.prom"),
        "curl -q -sS --noproxy * --connect-timeout 2 --max-time 5 http://127.0.0.1:2381/metrics"
    );
    assert_eq!(
        does(&plan, "etcdctl/endpoint-health.txt"),
        "crictl exec 0123456789ab etcdctl --endpoints=https://10.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt \
         --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt --key=/etc/kubernetes/pki/etcd/healthcheck-client.key \
         --dial-timeout=2000ms --command-timeout=5000ms endpoint health"
    );
    assert!(
        does(&plan, "http/health.json")
            .contains("--key /etc/kubernetes/pki/etcd/healthcheck-client.key https://10.0.0.1:2379/health")
    );
    assert_eq!(does(&plan, "logs/etcd-container.log"), "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log");
    assert_eq!(
        does(&plan, "logs/kube-apiserver-container.log"),
        "/var/log/pods/kube-system_kube-apiserver-db-1_78/kube-apiserver/3.log"
    );
    assert!(does(&plan, "journal/kubelet.log").starts_with("journalctl"));
    assert_eq!(does(&plan, "journal/etcd.log"), "no such row", "etcd in a container has no unit");
    assert!(does(&plan, "host/certificate-server.txt").ends_with("-in /etc/kubernetes/pki/etcd/server.crt"));
    let keys = plan.steps.iter().filter(|step| step.kind == "host" && does(&plan, &step.path).contains(".key"));
    assert_eq!(keys.count(), 0, "no row reads a key");
    assert!(plan.found.contains(&"etcdctl: in the container, by crictl exec 0123456789ab".to_owned()), "{:?}", plan.found);
}

#[test]
fn an_etcdctl_of_the_host_goes_before_the_containers() {
    let plan = kubeadm_with(&["crictl", "etcdctl"]).plan(&options());
    assert!(does(&plan, "etcdctl/member-list.json").starts_with("ETCDCTL_API=3 etcdctl --endpoints="));
}

#[test]
fn a_container_that_no_tool_can_enter_leaves_health_and_metrics() {
    let plan = kubeadm_with(&["curl"]).plan(&options());
    assert_eq!(does(&plan, "etcdctl/member-list.json"), "no such program");
    assert!(does(&plan, "http/health.json").starts_with("curl "));
}

#[test]
fn dockers_container_gets_the_api_version_and_the_login_by_name_and_no_secret() {
    let host = Host::with(
        &["docker"],
        &[
            ("/proc/812/comm", "etcd\n"),
            ("/proc/812/cmdline", "etcd\0--listen-client-urls=http://0.0.0.0:2379\0"),
            ("/proc/812/cgroup", &format!("0::/system.slice/docker-{ID}.scope\n")),
        ],
    );
    let plan = host.plan(&Options { has_login: true, ..options() });
    assert!(does(&plan, "etcdctl/alarm-list.json").starts_with(
        "ETCDCTL_API=3 docker exec -e ETCDCTL_API -e ETCDCTL_USER 0123456789ab etcdctl --endpoints=http://127.0.0.1:2379 "
    ));
    assert!(
        does(&plan, "etcdctl/cluster-health.txt").starts_with("ETCDCTL_API=2 docker exec -e ETCDCTL_API -e ETCDCTL_USERNAME ")
    );
    assert_eq!(does(&plan, "logs/etcd-container.log"), "docker logs --timestamps 0123456789ab");
}

#[test]
fn where_curl_is_missing_wget_fetches() {
    let host = Host::with(&["wget"], &[("/etc/etcd.env", "ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\nETCDCTL_CACERT=/ca.pem\n")]);
    assert_eq!(
        does(&host.plan(&options()), "http/health.json"),
        "wget -nv --no-proxy --tries=1 --content-on-error --connect-timeout=2 --read-timeout=5 --ca-certificate=/ca.pem -O - https://10.0.0.1:2379/health"
    );
    let host = Host::with(&["busybox"], &[]);
    std::os::unix::fs::symlink("busybox", host.0.path().join("usr/bin/wget")).unwrap();
    assert_eq!(does(&host.plan(&options()), "http/health.json"), "wget -q -Y off -T 5 -O - http://127.0.0.1:2379/health");
}

#[test]
fn without_a_journal_the_system_loggers_files_are_read() {
    let plan = Host::with(&[], &[("/var/log/messages", ""), ("/var/log/messages-20261115.gz", "")]).plan(&options());
    assert_eq!(does(&plan, "logs/system.log"), "/var/log/messages-20261115.gz /var/log/messages");
    assert!(plan.steps.iter().any(|step| step.path == "logs/system.log" && step.when == When::NoJournal));
}

#[test]
fn files_for_clients_of_another_etcd_are_not_used() {
    let files = kubeadm();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let command = "etcd\0--advertise-client-urls=https://10.0.0.1:2379\0--cert-file=/srv/etcd.crt\0--trusted-ca-file=/srv/ca.crt\0--key-file=/srv/etcd.key\0";
    files.retain(|(path, _)| *path != "/proc/812/cmdline" && *path != "/proc/812/cgroup");
    files.push(("/proc/812/cmdline", command));
    let plan = Host::with(&["etcdctl"], &files).plan(&options());
    assert!(does(&plan, "etcdctl/member-list.json").contains("--cacert=/srv/ca.crt --cert=/srv/etcd.crt --key=/srv/etcd.key"));
}

#[test]
fn the_whole_of_a_database_is_read_only_where_it_is_small_or_it_was_asked_for() {
    let when = |options: &Options| {
        let plan = Host::with(&["etcdctl"], &[]).plan(options);
        plan.steps.iter().find(|step| step.path == "etcdctl/endpoint-hashkv.json").map(|step| step.when)
    };
    assert_eq!(when(&options()), Some(When::SmallDatabase));
    assert_eq!(when(&Options { deep: true, ..options() }), Some(When::AnyDatabase));
}

/// What the program may start: each prints, and changes nothing on the host or in etcd.
#[test]
fn no_row_writes_defragments_compacts_or_lists_keys() {
    let plan =
        kubeadm_with(&["curl", "crictl", "etcdctl", "journalctl", "openssl", "ss", "systemctl", "docker"]).plan(&options());
    for step in &plan.steps {
        let words = does(&plan, &step.path);
        let forbidden = [
            " put ",
            " get ",
            " del ",
            "defrag",
            "compact",
            "snapshot",
            "check perf",
            " move-leader",
            " watch ",
            "disarm",
            " restart",
            " kill",
        ];
        assert!(!forbidden.iter().any(|word| format!("{words} ").contains(word)), "{words}");
    }
    assert!(Path::new("/").is_absolute() && plan.steps.len() > 30, "the plan has its rows");
}
