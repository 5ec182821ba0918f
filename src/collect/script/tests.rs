//! The script plans the same rows as the program, on hosts that are made up.

#![expect(clippy::disallowed_methods, reason = "hosts are made up here, and shells are started on them")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

use serde_json::{Value, json};

use crate::collect::{Does, Found, Keep, Options, Plan, Room, Site, Step, When, Window, row, script};

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A folder for the host's root, with tools in its `/usr/bin`.
fn host(tools: &[&str], files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = root.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        file
    };
    files.iter().for_each(|(path, text)| drop(write(path, text)));
    for tool in tools {
        let file = write(&format!("usr/bin/{tool}"), "#!/bin/sh\n");
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    root
}

fn options() -> Options {
    let window = Window::between(Some("@1535362561".into()), None, jiff::Timestamp::UNIX_EPOCH);
    Options {
        window,
        dial_timeout: Duration::from_secs(2),
        command_timeout: Duration::from_secs(5),
        interval: Duration::from_secs(15),
        ..Options::default()
    }
}

/// What the script would run and read: what was found, and its rows.
fn by_script(root: &Path, options: &Options) -> (Vec<String>, Vec<Value>) {
    let text = script(options, Duration::from_secs(180), Room::default());
    let own_root = format!("root='{}'", root.display());
    // The tools of the made-up host are looked for, and those of this one are used.
    let tools = format!("folders='{}/usr/bin' LC_ALL=C", root.display());
    let text = text.replace("root=''", &own_root).replace("PATH=$folders LC_ALL=C", &tools);
    assert!(text.contains(&own_root) && text.contains(&tools), "the script has changed: mend this test");
    let file = root.join("script");
    fs::write(&file, text).unwrap();
    let output = Command::new("sh").arg(&file).arg("-n").env_clear().env("PATH", "/usr/bin:/bin").output().unwrap();
    let (said, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && complaints.is_empty(), "{complaints}\n{said}");
    let found = said.lines().filter_map(|line| line.strip_prefix("# ")).map(str::to_owned).collect();
    let rows = said.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect();
    (found, rows)
}

/// A row as the script would print it.
fn planned(step: &Step, node: &str) -> Value {
    let keep = match step.keep {
        Keep::Head(cap) => format!("head:{cap}"),
        Keep::Tail(cap) => format!("tail:{cap}"),
        Keep::Newest(cap) => format!("newest:{cap}"),
        Keep::Landmarks(cap) => format!("landmarks:{cap}"),
    };
    let when = match step.when {
        When::Always => "always",
        When::AfterInterval => "after",
        When::Api2 => "api2",
        When::Api3 => "api3",
        When::SmallDatabase => "small",
        When::AnyDatabase => "any",
        When::NoJournal => "nojournal",
    };
    let mut how = Vec::new();
    how.extend(step.optional.then(|| "optional".to_owned()));
    how.extend(matches!(step.does, Does::Run { joined: true, .. }).then(|| "joined".to_owned()));
    let codes: Vec<String> = step.answers.iter().map(i32::to_string).collect();
    how.extend((!codes.is_empty()).then(|| format!("exit={}", codes.join(","))));
    how.extend(
        (!step.only.is_empty()).then(|| if step.only.contains(&"kernel") { "about=system" } else { "about=etcd" }.to_owned()),
    );
    let how = if how.is_empty() { "-".to_owned() } else { how.join(",") };
    let mut row = serde_json::to_value(row::planned(step, node)).unwrap();
    let more = json!({ "when": when, "seconds": step.time.as_secs(), "keep": keep, "how": how });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    if let Does::Nothing { why, .. } = step.does {
        row["why"] = why.into();
    }
    row
}

#[track_caller]
fn assert_same(tools: &[&str], files: &[(&str, &str)], options: &Options) {
    let root = host(tools, files);
    let site = Site::look_below(root.path(), None);
    let plan = Plan::new(&site, options);
    let node = crate::collect::plan::file_name(&site.host);
    let (found, rows) = by_script(root.path(), options);
    let lines = |found: &[String]| found.join("\n").to_lowercase();
    assert_eq!(lines(&found), lines(&plan.found), "what was found");
    for (step, row) in plan.steps.iter().zip(&rows) {
        assert_eq!(
            row,
            &planned(step, &node),
            "the script's row is not the plan's: change src/collect/script/plan.sh with the plan"
        );
    }
    let paths = |rows: Vec<String>| rows.join("\n");
    assert_eq!(
        paths(rows.iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect()),
        paths(plan.steps.iter().map(|step| format!("nodes/{node}/{}", step.path)).collect())
    );
}

const TOOLS: &[&str] = &["curl", "etcdctl", "journalctl", "openssl", "ss", "ps", "df", "ls", "systemctl"];

#[test]
fn a_host_where_nothing_is_known_has_the_plan_of_etcds_defaults() {
    assert_same(TOOLS, &[], &options());
    assert_same(&[], &[], &options());
}

#[test]
fn a_process_says_where_it_is_by_flags_variables_and_its_configuration_file() {
    let files = [
        ("/proc/812/comm", "etcd\n"),
        (
            "/proc/812/cmdline",
            "/usr/bin/etcd\0--name=a\0-listen-client-urls\0http://0.0.0.0:2379,https://10.0.0.1:2379\0--force-new-cluster\0--cert-file=/srv/a b.pem\0--key-file\0/srv/key.pem\0",
        ),
        ("/proc/812/environ", "ETCD_DATA_DIR=/data/etcd\0ETCD_NAME=b\0HOME=/root\0ETCD_LOG_OUTPUTS=stderr,/data/log/etcd.log\0"),
        ("/proc/812/cgroup", "3:cpu,cpuacct:/x/y\n1:name=systemd:/system.slice/etcd-member.service\n"),
        ("/data/log/etcd.log", "x\n"),
        ("/proc/90/comm", "etcdctl\n"),
        ("/etc/etcd/etcd.conf", "ETCD_NAME=c\nETCD_TRUSTED_CA_FILE=/of/another.pem\n"),
    ];
    assert_same(TOOLS, &files, &options());
    let files = [
        ("/proc/812/comm", "etcd\n"),
        ("/proc/812/cmdline", "etcd\0--config-file=/srv/etcd.yml\0--name=z\0"),
        ("/proc/812/cgroup", "0::/system.slice/etcd.service\n"),
        (
            "/srv/etcd.yml",
            "name: a\ndata-dir: '/srv/data' # here\nadvertise-client-urls: https://10.0.0.1:2379\nclient-transport-security:\n  cert-file: /a.crt\npeer-transport-security:\n  cert-file: /p.crt\n",
        ),
    ];
    assert_same(TOOLS, &files, &options());
}

#[test]
fn units_with_their_files_say_it_where_no_process_does() {
    let files = [
        (
            "/etc/systemd/system/etcd-member.service",
            "[Service]\nEnvironmentFile=-/srv/etcd.vars\nEnvironment=\"ETCD_TRUSTED_CA_FILE=/srv/ca.pem\"\nExecStart=/usr/bin/etcd \\\n  --data-dir=/srv/data \\\n  --name=${ETCD_NAME}\n",
        ),
        (
            "/etc/systemd/system/etcd-member.service.d/10-urls.conf",
            "[Service]\nEnvironment=ETCD_A=1 ETCD_LISTEN_CLIENT_URLS=https://10.0.0.7:2379\n",
        ),
        ("/etc/systemd/system/etcd-backup.service", "[Service]\nExecStart=/usr/bin/etcd-backup --data-dir=/backup\n"),
        ("/srv/etcd.vars", "ETCD_NAME=a\nexport ETCD_CERT_FILE='/srv/cert.pem'\n"),
        ("/etc/default/etcd", "ETCD_NAME=b\nETCD_KEY_FILE=/srv/key.pem\n"),
    ];
    assert_same(TOOLS, &files, &options());
}

fn kubeadm() -> Vec<(&'static str, String)> {
    let command = "etcd\0--advertise-client-urls=https://10.0.0.1:2379\0--cert-file=/etc/kubernetes/pki/etcd/server.crt\0\
                   --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt\0--key-file=/etc/kubernetes/pki/etcd/server.key\0\
                   --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt\0--listen-metrics-urls=http://127.0.0.1:2381\0--data-dir=/var/lib/etcd\0";
    let mut files = vec![
        ("/proc/812/comm", "etcd\n".to_owned()),
        ("/proc/812/cmdline", command.to_owned()),
        ("/proc/812/cgroup", format!("0::/kubepods.slice/kubepods-podab.slice/cri-containerd-{ID}.scope\n")),
    ];
    for path in [
        "/etc/kubernetes/pki/etcd/ca.crt",
        "/etc/kubernetes/pki/etcd/server.crt",
        "/etc/kubernetes/pki/etcd/server.key",
        "/etc/kubernetes/pki/etcd/healthcheck-client.crt",
        "/etc/kubernetes/pki/etcd/healthcheck-client.key",
        "/var/log/pods/kube-system_etcd-db-1_77/etcd/1.log",
        "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log.20261122-160000.gz",
        "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log",
        "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log.tmp",
        "/var/log/pods/kube-system_kube-proxy-x_78/kube-proxy/0.log",
        "/var/log/pods/kube-system_kube-apiserver-db-1_78/kube-apiserver/3.log",
        "/var/lib/kubelet/config.yaml",
        "/proc/812/root/etc/kubernetes/pki/etcd/peer.crt",
    ] {
        files.push((path, String::new()));
    }
    files
}

#[test]
fn a_node_of_kubeadm_is_asked_through_its_container() {
    let files = kubeadm();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    for engine in ["crictl", "k3s", "nerdctl", "docker", "etcdctl", "none"] {
        assert_same(&["curl", "journalctl", "openssl", engine], &files, &options());
    }
    let without: Vec<(&str, &str)> = files.iter().copied().filter(|(path, _)| !path.starts_with("/var/log/pods")).collect();
    assert_same(&["crictl"], &without, &options());
    assert_same(&["docker"], &without, &Options { has_login: false, deep: true, insecure_skip_tls_verify: true, ..options() });
}

#[test]
fn manifests_distributions_and_patroni_are_read() {
    let manifest = "spec:\n  containers:\n  - command:\n    - etcd\n    - --advertise-client-urls=https://10.0.0.1:2379\n    - \"--listen-metrics-urls=http://127.0.0.1:2381\"\n    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt\n    image: x\n";
    assert_same(TOOLS, &[("/etc/kubernetes/manifests/etcd.yaml", manifest)], &options());
    let k3s = [
        ("/proc/77/comm", "k3s-server\n"),
        ("/proc/77/cmdline", "/usr/local/bin/k3s server\0"),
        ("/proc/77/cgroup", "0::/system.slice/k3s.service\n"),
        (
            "/var/lib/rancher/k3s/server/db/etcd/config",
            "advertise-client-urls: https://10.0.0.1:2379\nlisten-metrics-urls: http://127.0.0.1:2382\n",
        ),
        ("/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt", ""),
        ("/var/lib/rancher/k3s/server/tls/etcd/server-client.crt", ""),
        ("/var/lib/rancher/k3s/server/tls/etcd/server-client.key", ""),
    ];
    assert_same(TOOLS, &k3s, &options());
    let rke2 = [
        (
            "/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml",
            "    - --config-file=/var/lib/rancher/rke2/server/db/etcd/config\n",
        ),
        ("/var/lib/rancher/rke2/server/db/etcd/config", "listen-client-urls: https://127.0.0.1:2379,https://10.0.0.1:2379\n"),
        ("/var/lib/rancher/rke2/agent/etc/crictl.yaml", ""),
    ];
    assert_same(TOOLS, &rke2, &options());
    assert_same(
        &["curl"],
        &[(
            "/etc/patroni/patroni.yml",
            "etcd3:\n  hosts:\n  - 10.0.0.1:2379\n  - 10.0.0.2:2379\n  protocol: https\n  cacert: /etc/ca.crt\npostgresql:\n  host: x\n",
        )],
        &options(),
    );
    assert_same(
        TOOLS,
        &[(
            "/etc/etcd.env",
            "ETCD_DATA_DIR=/var/lib/etcd\nETCDCTL_ENDPOINTS=https://127.0.0.1:2379\nETCDCTL_CACERT=/ca.pem\nETCDCTL_KEY=/key.pem\nETCDCTL_CERT=/cert.pem\n",
        )],
        &options(),
    );
}

#[test]
fn of_two_clusters_on_one_host_the_same_one_is_looked_at() {
    let files = [
        ("/proc/812/comm", "etcd\n"),
        ("/proc/812/cmdline", "etcd\0--listen-client-urls=https://0.0.0.0:4001\0--initial-cluster=a=https://10.0.0.1:2380\0"),
        ("/proc/900/comm", "etcd\n"),
        ("/proc/900/cmdline", "etcd\0--listen-client-urls=https://10.0.0.1:4002\0--initial-cluster=a=https://10.0.0.1:2381\0"),
        ("/proc/1001/comm", "etcd\n"),
        ("/proc/1001/cmdline", "etcd\0--initial-cluster=a=https://10.0.0.1:2381\0"),
    ];
    assert_same(TOOLS, &files, &options());
    for urls in [
        "https://127.0.0.1:4001",
        "https://10.0.0.1:4002",
        "https://db-1.example.com:4002",
        "10.0.0.1:2379",
        "https://10.0.0.2:4002",
    ] {
        let endpoints = Some(Found { value: urls.to_owned(), from: "flag".to_owned() });
        assert_same(TOOLS, &files, &Options { endpoints, ..options() });
    }
}

#[test]
fn what_was_given_stands_in_the_script_whatever_is_in_it() {
    let found = |value: &str| Some(Found { value: value.to_owned(), from: "flag".to_owned() });
    let given = Options {
        endpoints: found("https://10.0.0.1:2379, https://10.0.0.2:2379"),
        cacert: found("/it's/$(here) \"ca\".pem"),
        cert: found("/cert"),
        key: found("/key"),
        data_dir: Some("/data/`x`;y".to_owned()),
        units: vec!["etcd@main.service".to_owned(), "other".to_owned()],
        journal: Some("/mnt/journal".to_owned()),
        window: Window::around("2018-08-28T09:36:01+08:00").unwrap(),
        ..options()
    };
    assert_same(TOOLS, &[], &given);
    assert_same(
        &["wget"],
        &[("/var/log/messages", "x"), ("/var/log/messages-20261115.gz", ""), ("/var/log/etcd.log", "")],
        &given,
    );
}

#[test]
fn the_words_that_stand_side_by_side_come_apart_as_they_were() {
    let text = script(&options(), Duration::from_secs(180), Room::default());
    let (_, behind) = text.split_once("| grep . >\"$help/landmarks\"\n").unwrap();
    let (table, _) = behind.split_once("\nEND\n").unwrap();
    let apart: Vec<&str> = table.split(['~', '\n']).filter(|word| !word.is_empty()).collect();
    assert_eq!(apart, crate::messages::Landmarks::words());
    assert!(table.lines().count() < apart.len() / 2, "side by side");
}
