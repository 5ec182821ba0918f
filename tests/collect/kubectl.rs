//! etcd in pods, by a kubectl that is made up: it notes how it is called, and answers as the real one prints. It was not run against a real one.

use std::fs;

use serde_json::Value;

use crate::site::{self, Run, Site, rows, state_of};

const KUBECTL: &str = r#"printf '%s\n' "$*" >>"$RAN.kubectl"; echo "$KUBECONFIG" >>"$RAN.config"
    case "$*" in
      *'-o json'*) case "$*" in *kube-system*) cat "$ANSWERS/pods";; *) echo '{"items":[]}';; esac;;
      *'logs etcd-db-1'*--previous*) echo '2026-11-26T08:00:00.000000000Z {"level":"info","ts":"2026-11-26T08:00:00.000Z","msg":"received signal; shutting down","signal":"terminated"}';;
      *'logs etcd-db-'*) echo '2026-11-26T09:00:00.000000000Z {"level":"info","ts":"2026-11-26T09:00:00.000Z","msg":"ready to serve client requests"}';;
      *curl*) echo 'error: exec: "curl": executable file not found in $PATH' >&2; exit 1;;
      *describe*) echo 'Name: etcd'; echo '    ROOT_PASSWORD: hunter2';;
      *'exec etcd-db-'*) case "$*" in
        *'endpoint health'*) echo 'https://127.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms';;
        *'member list'*) echo '{"header":{"cluster_id":77,"member_id":17,"raft_term":2},"members":[{"ID":17,"name":"db-1","peerURLs":["https://10.0.0.1:2380"],"clientURLs":["https://10.0.0.1:2379"]},{"ID":18,"name":"db-2","peerURLs":["https://10.0.0.2:2380"],"clientURLs":["https://10.0.0.2:2379"]}]}';;
        *'alarm list'*) echo '{"header":{"cluster_id":77,"member_id":17,"raft_term":2}}';;
        *'endpoint status'*) echo '[{"Endpoint":"https://10.0.0.1:2379","Status":{"header":{"cluster_id":77,"member_id":17,"revision":5,"raft_term":2},"version":"3.5.16","dbSize":20480,"leader":17,"raftIndex":9,"raftTerm":2}},{"Endpoint":"https://10.0.0.2:2379","Status":{"header":{"cluster_id":77,"member_id":18,"revision":6,"raft_term":2},"version":"3.5.16","dbSize":20480,"leader":17,"raftIndex":9,"raftTerm":2}}]';;
        *) echo '[]';; esac;;
      *) echo 'NAME READY';;
    esac"#;

const PODS: &str = r#"{"items":[
  {"metadata":{"name":"etcd-db-1"},"spec":{"nodeName":"db-1","containers":[{"name":"etcd","command":["etcd","--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379","--trusted-ca-file=/pki/ca.crt","--cert-file=/pki/server.crt","--key-file=/pki/server.key"],"env":[{"name":"ROOT_PASSWORD","value":"hunter3"}]}]},"status":{"containerStatuses":[{"name":"etcd","restartCount":3}]}},
  {"metadata":{"name":"etcd-db-2"},"spec":{"nodeName":"db-2","containers":[{"name":"etcd","command":["etcd","--listen-client-urls=https://127.0.0.1:2379"]}]}}]}"#;

fn site() -> Site {
    let site = Site::healthy();
    site.tool("kubectl", KUBECTL);
    site.answer("pods", PODS);
    site
}

fn asked(site: &Site) -> String {
    fs::read_to_string(site.ran().with_extension("kubectl")).unwrap_or_default()
}

fn collect(site: &Site, more: &[&str]) -> Run {
    site.collect(&[&["--interval", "0s", "--kubectl", "--since", "@1795600000"], more].concat())
}

#[test]
fn pods_are_asked_by_reading_commands_alone_and_stand_below_their_nodes() {
    let site = site();
    let run = collect(&site, &[]);
    let text = site.whole_text();
    let (manifest, _) = site.take();
    let of = |path: &str| state_of(&manifest, path);
    assert_eq!(of("db-1/logs/etcd-pod.log")["state"], "collected", "{}", run.told());
    assert_eq!(of("db-1/logs/etcd-pod-previous.log")["state"], "collected", "it was restarted");
    assert_eq!(of("db-2/etcdctl/member-list.json")["state"], "collected");
    assert_eq!(of("db-2/metrics/pod-1.prom")["state"], "skipped", "the image has no curl");
    assert!(!rows(&manifest).iter().any(|row| row["path"] == "nodes/db-2/logs/etcd-pod-previous.log"));
    assert!(text.contains("ready to serve client requests") && !text.contains("hunter"));
    let asked = asked(&site);
    for line in [
        "-n kube-system get pods -l component=etcd -o json --request-timeout=10s",
        "-n kube-system logs etcd-db-1 -c etcd --timestamps --since-time=2026-11-25T09:46:40Z --tail=200000",
        "-n kube-system logs etcd-db-1 -c etcd --timestamps --previous --tail=200000",
        "-n kube-system describe pod etcd-db-2 --request-timeout=10s",
        "-n kube-system exec etcd-db-1 -c etcd -- etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/pki/ca.crt --cert=/pki/server.crt --key=/pki/server.key --command-timeout=5000ms alarm list -w json",
        "-n kube-system exec etcd-db-1 -c etcd -- etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/pki/ca.crt --cert=/pki/server.crt --key=/pki/server.key --command-timeout=5000ms endpoint hashkv --cluster --rev=5 -w json",
    ] {
        assert!(asked.lines().any(|asked| asked == line), "{line} is not in\n{asked}");
    }
    for line in asked.lines() {
        let verb = line.split(' ').nth(2).unwrap();
        assert!(verb != "get" || line.contains(" get pods -l "), "of the cluster nothing else is looked at: {line}");
        assert!(["get", "logs", "describe", "exec"].contains(&verb), "{line}");
        let inside = line.split_once(" -- ").map_or("", |(_, words)| words);
        assert!(verb != "exec" || inside.starts_with("etcdctl ") || inside.starts_with("curl "), "{line}");
        assert!(!["put", "del", "defrag", "compact", "snapshot"].iter().any(|word| inside.contains(word)), "{line}");
    }
}

/// What kubectl prints of a pod that was killed for want of memory.
const DESCRIBED: &str = "\
Name:                 etcd-db-1
Namespace:            kube-system
Node:                 db-1/10.0.0.1
Labels:               component=etcd
Status:               Running
Containers:
  etcd:
    Container ID:  containerd://1a2b
    Image:         registry.k8s.io/etcd:3.5.16-0
    Command:
      etcd
      --advertise-client-urls=https://10.0.0.1:2379
      --name=db-1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Thu, 26 Nov 2026 08:00:00 +0000
      Finished:     Thu, 26 Nov 2026 08:07:47 +0000
    Ready:          False
    Restart Count:  7
    Environment:
      ROOT_PASSWORD:  hunter2
Conditions:
  Type              Status
  Ready             False
Events:
  Type     Reason     Age                 From     Message
  ----     ------     ----                ----     -------
  Warning  Unhealthy  3m (x12 over 20m)   kubelet  Liveness probe failed: HTTP probe failed with statuscode: 503
";

#[test]
fn what_kubectl_describes_of_a_pod_is_in_the_diagnosis_of_its_member() {
    let site = site();
    site.answer("described", DESCRIBED);
    let described = "*'describe pod etcd-db-1'*) cat \"$ANSWERS/described\";;\n      *describe*)";
    site.tool("kubectl", &KUBECTL.replace("*describe*)", described));
    let run = collect(&site, &[]);
    assert!(!site.whole_text().contains("hunter2"), "{}", run.told());
    let (_, diagnosis) = site.take();
    let findings = diagnosis["findings"].as_array().unwrap();
    let oom = findings.iter().find(|finding| finding["code"] == "mem.oom").unwrap_or_else(|| panic!("{diagnosis:#}"));
    assert_eq!(oom["members"], serde_json::json!(["db-1"]), "{oom:#}");
    assert!(oom["evidence"].to_string().contains("kubernetes/describe-pod.txt"), "{oom:#}");
}

#[test]
fn a_dry_run_shows_what_would_be_run_for_a_pod_and_runs_nothing() {
    let site = site();
    let run = collect(&site, &["--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.told());
    for words in [
        "kubectl -n kube-system get pods -l component=etcd -o json",
        "kubectl -n kube-system logs POD -c etcd --timestamps",
        "exec POD -c etcd -- etcdctl",
    ] {
        assert!(run.stdout.contains(words), "{words} is not in\n{}", run.stdout);
    }
    assert_eq!(asked(&site), "");
}

#[test]
fn where_no_pod_is_found_that_is_a_row_which_is_missing() {
    let site = site();
    let run = collect(&site, &["--kubectl-namespace", "tenant-a", "--kubectl-selector", "app=etcd-a"]);
    assert_eq!(run.code, 3, "{}", run.told());
    assert!(asked(&site).starts_with("-n tenant-a get pods -l app=etcd-a -o json"), "{}", asked(&site));
    let (manifest, _): (Value, Value) = site.take();
    assert_eq!(state_of(&manifest, "logs/etcd-pod.log")["state"], "not found");
    let wrong = site::run(&["collect", "--kubectl", "--kubectl-namespace=-x"]);
    assert_eq!(wrong.code, 2, "{}", wrong.told());
}
