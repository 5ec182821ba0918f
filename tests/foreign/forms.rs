//! A recording in the form of another project, as its collector would have laid it out.

use serde_json::{Value, json};

use super::{
    answers::{self, health_json, listing, member_lines, status_table},
    recording::{Files, Node, Recording, logged, print},
};

/// A form: what it is called in `docs/foreign-bundles.md`, the layout that is told, and how a recording looks in it; a list of files for
/// each input that a customer would send.
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) layout: &'static str,
    pub(super) make: fn(&Recording) -> Vec<Files>,
}

/// The forms.
pub(super) const FORMS: &[Form] = &[
    Form { name: "must-gather", layout: "must-gather", make: must_gather },
    Form { name: "insights", layout: "insights", make: insights },
    Form { name: "troubleshoot", layout: "troubleshoot", make: troubleshoot },
    Form { name: "rancher-bundle", layout: "rancher-bundle", make: rancher_bundle },
    Form { name: "rancher-logs, RKE", layout: "rancher-logs", make: rancher_rke },
    Form { name: "rancher-logs, RKE2", layout: "rancher-logs", make: rancher_rke2 },
    Form { name: "rancher-logs, k3s", layout: "rancher-logs", make: rancher_k3s },
    Form { name: "kubespray", layout: "kubespray", make: kubespray },
    Form { name: "cluster-info", layout: "cluster-info", make: cluster_info },
    Form { name: "kubectl logs", layout: "loose", make: kubectl_logs },
    Form { name: "etcd-diagnosis", layout: "etcd-diagnosis", make: etcd_diagnosis },
    Form { name: "sosreport", layout: "sosreport", make: sosreport },
];

fn file(path: impl Into<String>, text: impl Into<String>) -> (String, Vec<u8>) {
    (path.into(), text.into().into_bytes())
}

/// `oc adm must-gather`: etcdctl in one running pod, all endpoints asked, standard output alone; a folder for each container's logs.
pub(super) fn must_gather(recording: &Recording) -> Vec<Files> {
    let top = "must-gather.local.5421342344627712289/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-1f0c";
    let mut files = vec![file(format!("{top}/version"), "openshift/must-gather\n4.16.3-202406241905.p0\n")];
    if let Some(node) = recording.asker() {
        files.push(file(format!("{top}/etcd_info/member_list.json"), node.stdout("etcdctl/member-list.json")));
        files.push(file(format!("{top}/etcd_info/endpoint_status.json"), node.stdout("etcdctl/endpoint-status-cluster.json")));
        files.push(file(format!("{top}/etcd_info/endpoint_health.json"), health_json(node)));
        files.push(file(format!("{top}/etcd_info/alarm_list.json"), node.stdout("etcdctl/alarm-list.json")));
        files.push(file(format!("{top}/etcd_info/etcd_object_count"), "    212 configmaps\n    101 secrets\n"));
    }
    for node in &recording.nodes {
        let logs = format!("{top}/namespaces/openshift-etcd/pods/etcd-{0}/etcd/etcd/logs", node.name);
        let (current, previous) = node.containers(true);
        files.push(file(format!("{logs}/current.log"), current));
        files.push(file(format!("{logs}/previous.log"), previous));
        files.push(file(format!("{logs}/previous.insecure.log"), ""));
    }
    vec![files]
}

/// The insights-operator: logs of the pods of an operator that is degraded, nothing of etcdctl.
fn insights(recording: &Recording) -> Vec<Files> {
    let mut files = vec![
        file("config/id", "1b1e5f0c-0b65-4c3a-9d1f-6d3b1b0a7b11"),
        file("config/version.json", r#"{"metadata":{"name":"version"},"spec":{"channel":"stable-4.16"}}"#),
        file("insights-operator/gathers.json", r#"{"status_reports":[]}"#),
    ];
    for node in &recording.nodes {
        let logs = format!("config/pod/openshift-etcd/logs/etcd-{}", node.name);
        let (current, previous) = node.containers(false);
        files.push(file(format!("{logs}/etcd_current.log"), current));
        files.extend((!previous.is_empty()).then(|| file(format!("{logs}/etcd_previous.log"), previous)));
    }
    vec![files]
}

/// Replicated's troubleshoot on kURL: etcdctl's JSON in the first etcd pod, its own endpoint asked; pods' logs.
fn troubleshoot(recording: &Recording) -> Vec<Files> {
    let top = "support-bundle-2026-11-26T10_15_00";
    let version = "apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nspec:\n  versionNumber: v0.105.2\n";
    let mut files = vec![file(format!("{top}/version.yaml"), version)];
    let commands = [
        ("member-list", "etcdctl/member-list.json"),
        ("endpoint-status", "etcdctl/endpoint-status.json"),
        ("alarm-list", "etcdctl/alarm-list.json"),
    ];
    if let Some(node) = recording.asker() {
        for (name, from) in commands {
            // A command that fails leaves nothing behind.
            if !node.stdout(from).is_empty() {
                files.push(file(format!("{top}/etcd/{name}.json"), node.stdout(from)));
            }
        }
        let health = answers::own_health_json(node);
        files.extend(health.contains("\"health\":true").then(|| file(format!("{top}/etcd/endpoint-health.json"), health)));
    }
    for node in &recording.nodes {
        let logs = format!("{top}/cluster-resources/pods/logs/kube-system/etcd-{}", node.name);
        let (current, previous) = node.containers(false);
        files.push(file(format!("{logs}/etcd.log"), current));
        files.extend((!previous.is_empty()).then(|| file(format!("{logs}/etcd-previous.log"), previous)));
    }
    vec![files]
}

/// Rancher's support-bundle-kit: logs of pods, with `--timestamps`; each node's own bundle is an archive in the archive, sent beside it
/// unpacked here.
fn rancher_bundle(recording: &Recording) -> Vec<Files> {
    let top = "supportbundle_2f1c_2026-11-26T10-15-00Z";
    let meta = "projectName: Harvester\nprojectVersion: v1.3.1\nbundleVersion: 0.1.0\nkubernetesVersion: v1.27.13+rke2r1\n";
    let mut files = vec![
        file(format!("{top}/metadata.yaml"), meta),
        file(format!("{top}/bundleGenerationError.log"), ""),
        file(format!("{top}/yamls/namespaced/kube-system/v1/services.yaml"), "apiVersion: v1\nkind: ServiceList\nitems: []\n"),
    ];
    for node in &recording.nodes {
        let log = format!("{top}/logs/kube-system/etcd-{}/etcd.log", node.name);
        let (current, previous) = node.containers(true);
        files.extend((!previous.is_empty()).then(|| file(format!("{log}.1"), previous)));
        files.push(file(log, current));
    }
    let own = |node: &Node| vec![file(format!("{}/logs/kernel.log", node.name), node.stdout("journal/kernel.log"))];
    std::iter::once(files).chain(recording.nodes.iter().map(own)).collect()
}

/// What Rancher's v2.x collector writes on any node: facts of the host.
fn rancher_host(node: &Node) -> Files {
    vec![
        file("systeminfo/hostname", format!("{}\n", node.name)),
        file("systeminfo/dfh", node.stdout("host/df.txt")),
        file("systeminfo/dfi", node.stdout("host/df-inodes.txt")),
        file("systeminfo/ps", node.stdout("host/ps.txt")),
        file("systemlogs/kern.log", node.stdout("journal/kernel.log")),
    ]
}

/// The same, of etcd: tables and lines, with what went wrong among them.
fn rancher_etcd(node: &Node) -> Files {
    vec![
        file("etcd/memberlist", member_lines(node)),
        file("etcd/endpointstatus", status_table(node)),
        file("etcd/endpointhealth", node.both("etcdctl/endpoint-health-cluster.txt")),
        file("etcd/alarmlist", answers::alarm_lines(node)),
        file("etcd/findvarlibetcd", listing(node)),
    ]
}

/// On RKE: docker's log of the container etcd, over its restarts.
fn rancher_rke(recording: &Recording) -> Vec<Files> {
    let of = |node: &Node| {
        let journal = node.journal();
        let logs = node.runs(&journal).iter().map(|run| print(run, true)).collect::<String>();
        let mut files = rancher_host(node);
        files.extend(rancher_etcd(node));
        files.extend(rancher_metrics(recording, node));
        files.push(file("k8s/containerlogs/etcd", logs));
        files
    };
    recording.nodes.iter().map(of).collect()
}

/// The metrics of all members that the node's own etcd lists, asked from that node.
fn rancher_metrics(recording: &Recording, asker: &Node) -> Files {
    let list: Value = serde_json::from_str(asker.stdout("etcdctl/member-list.json")).unwrap_or(Value::Null);
    let of = |member: &Value| {
        let node = recording.nodes.iter().find(|node| member["name"].as_str() == Some(&node.name))?;
        let endpoint = member["clientURLs"][0].as_str()?.split_once("://")?.1;
        // What curl did not get leaves an empty file.
        Some(file(format!("etcd/etcd-metrics-{endpoint}.txt"), node.stdout("metrics/1.prom")))
    };
    list["members"].as_array().into_iter().flatten().filter_map(of).collect()
}

/// On k3s, in which etcd is a part of k3s: k3s's journal, the member list from etcd's JSON gateway, and metrics.
fn rancher_k3s(recording: &Recording) -> Vec<Files> {
    let of = |node: &Node| {
        let mut files = rancher_host(node);
        files.push(file("k3s/version", "k3s version v1.30.4+k3s1 (98262b5d)\ngo version go1.22.5\n"));
        let line = |line: &str| syslog_line(line, &node.name).map(|line| line.replacen(" etcd[", " k3s[", 1));
        files.push(file("journald/k3s", node.journal().lines().filter_map(line).collect::<String>()));
        if !node.stdout("http/version.json").is_empty() {
            files.push(file("etcd/memberlist.json", answers::gateway_members(node)));
            files.extend(rancher_metrics(recording, node));
        }
        files
    };
    recording.nodes.iter().map(of).collect()
}

/// On RKE2: the logs of all pods, asked through the API server, in the bundle of each server.
fn rancher_rke2(recording: &Recording) -> Vec<Files> {
    let of = |node: &Node| {
        let mut files = rancher_host(node);
        files.extend(rancher_etcd(node));
        files.push(file("etcd/etcd-metrics-127.0.0.1:2381.txt", node.stdout("metrics/1.prom")));
        for pod in &recording.nodes {
            let (current, previous) = pod.containers(false);
            let path = format!("rke2/podlogs/kube-system-etcd-{}", pod.name);
            let none = format!(
                "Error from server (BadRequest): previous terminated container \"etcd\" in pod \"etcd-{}\" not found\n",
                pod.name
            );
            files.push(file(format!("{path}-previous"), if previous.is_empty() { none } else { previous }));
            files.push(file(path, current));
        }
        files
    };
    recording.nodes.iter().map(of).collect()
}

/// kubespray's collect-info: what commands printed, and syslog.
fn kubespray(recording: &Recording) -> Vec<Files> {
    let mut files = Vec::new();
    for node in &recording.nodes {
        let (commands, logs) =
            (format!("collect-info/commands/{}", node.name), format!("collect-info/logs/{}/var/log", node.name));
        files.push(file(format!("{commands}/proc_info"), node.stdout("host/ps.txt")));
        files.push(file(format!("{commands}/etcd_info"), node.both("etcdctl/endpoint-health-cluster.txt")));
        let syslog = |text: &str| -> String { text.lines().filter_map(|line| syslog_line(line, &node.name)).collect() };
        files.push(file(format!("{logs}/syslog"), syslog(&node.journal())));
        files.push(file(format!("{logs}/kern.log"), syslog(node.stdout("journal/kernel.log"))));
        // `journalctl -p err`. What etcd prints to its standard error has no priority of its own.
        let is_error = |line: &&str| ["Failed to start ", "Out of memory", "I/O error"].iter().any(|words| line.contains(words));
        let journals = node.journal() + node.stdout("journal/kernel.log");
        let errors: String = journals.lines().filter(is_error).filter_map(|line| syslog_line(line, &node.name)).collect();
        let errors = if errors.is_empty() { "-- No entries --\n".to_owned() } else { errors };
        files.push(file(format!("{commands}/errors_info"), errors));
    }
    vec![files]
}

/// A line of the journal as rsyslog writes it by default.
fn syslog_line(line: &str, host: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let logged = logged(line)?;
    let month: usize = logged.date.get(5..7)?.parse().ok()?;
    let day: u32 = logged.date.get(8..10)?.parse().ok()?;
    Some(format!("{} {day:>2} {} {host} {}: {}\n", MONTHS.get(month - 1)?, logged.date.get(11..)?, logged.process, logged.text))
}

/// `kubectl cluster-info dump --output-directory`.
fn cluster_info(recording: &Recording) -> Vec<Files> {
    let mut files = vec![file("dump/nodes.json", r#"{"kind":"NodeList","apiVersion":"v1","items":[]}"#)];
    for node in &recording.nodes {
        let pod = format!("etcd-{}", node.name);
        let (log, of) = (node.containers(false).0, format!("logs for container etcd of pod kube-system/{pod}"));
        files
            .push(file(format!("dump/kube-system/{pod}/logs.txt"), format!("==== START {of} ====\n{log}\n==== END {of} ====\n")));
    }
    vec![files]
}

/// A folder into which somebody wrote `kubectl logs POD > POD.log`, and the same with `-p`.
fn kubectl_logs(recording: &Recording) -> Vec<Files> {
    let mut files = Vec::new();
    for node in &recording.nodes {
        let (current, previous) = node.containers(false);
        files.push(file(format!("logs/etcd-{}.log", node.name), current));
        files.push(file(format!("logs/etcd-{}.previous.log", node.name), previous));
    }
    vec![files]
}

/// The report of etcd-diagnosis, run on the first node that answers.
fn etcd_diagnosis(recording: &Recording) -> Vec<Files> {
    let Some(node) = recording.asker() else { return Vec::new() };
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let members = value(node.stdout("etcdctl/member-list.json"));
    let health = value(&health_json(node));
    let statuses = value(node.stdout("etcdctl/endpoint-status-cluster.json"));
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let status =
        list(&statuses).into_iter().map(|s| json!({"endpoint": s["Endpoint"], "epStatus": s["Status"]})).collect::<Vec<_>>();
    let read = list(&health)
        .into_iter()
        .map(|h| match h["error"].as_str() {
            Some(error) => json!({"endpoint": h["endpoint"], "took": h["took"], "error": error}),
            None => json!({"endpoint": h["endpoint"], "took": h["took"]}),
        })
        .collect::<Vec<_>>();
    let metrics = answers::endpoint_metrics(recording, &members);
    let report = json!({
        "input": {"endpoints": ["127.0.0.1:2379"], "useClusterEndpoints": true, "db-quota-bytes": 2_147_483_648_u64},
        "results": [
            {"name": "membershipChecker", "summary": "Successful", "memberList": members},
            {"name": "epStatusChecker", "summary": ["Successful"], "epStatusList": status},
            {"name": "serializableReadChecker", "summary": "Successful", "readResponses": []},
            {"name": "linearizableReadChecker", "summary": "Successful", "readResponses": read},
            {"name": "metricsChecker", "summary": ["Successful"], "epMetricsList": metrics},
        ],
    });
    vec![vec![file("etcd_diagnosis_report.json", serde_json::to_string_pretty(&report).unwrap())]]
}

/// `sos report` on each node.
fn sosreport(recording: &Recording) -> Vec<Files> {
    let of = |node: &Node| {
        let top = format!("sosreport-{}-2026-11-26-abcdefg", node.name);
        let etcd = format!("{top}/sos_commands/etcd");
        vec![
            file(format!("{top}/version.txt"), "sosreport: 4.7.2\n"),
            file(format!("{top}/sos_commands/host/hostname"), format!("{}\n", node.name)),
            file(format!("{etcd}/etcdctl_member_list_-w_json"), node.both("etcdctl/member-list.json")),
            file(format!("{etcd}/etcdctl_endpoint_health"), node.both("etcdctl/endpoint-health.txt")),
            file(format!("{etcd}/etcdctl_endpoint_status_-w_json"), node.both("etcdctl/endpoint-status.json")),
            file(format!("{etcd}/etcdctl_alarm_list"), answers::alarm_lines(node)),
            file(format!("{etcd}/journalctl_--no-pager_--unit_etcd"), node.journal()),
            file(format!("{etcd}/ls_-lR_.var.lib.etcd"), node.stdout("host/data-dir.txt")),
            file(format!("{top}/sos_commands/filesys/df_-al_-x_autofs"), node.stdout("host/df.txt")),
            file(format!("{top}/sos_commands/filesys/df_-ali_-x_autofs"), node.stdout("host/df-inodes.txt")),
            file(format!("{top}/sos_commands/logs/journalctl_--no-pager_--catalog_--boot_-k"), node.stdout("journal/kernel.log")),
            file(format!("{top}/sos_commands/process/ps_auxwww"), node.stdout("host/ps.txt")),
        ]
    };
    vec![recording.nodes.iter().flat_map(of).collect()]
}
