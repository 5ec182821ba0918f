//! What is known to go wrong with other people's bundles: answers that hold nothing, errors in the place of answers, clusters in pieces,
//! containers that were started anew, and size.

use std::{fs, process::Command};

use etcd_triage::diagnosis::State;
use serde_json::Value;

use super::{
    diagnose,
    forms::{FORMS, must_gather},
    recording::{Files, Recording},
    told,
};

fn with(mut files: Files, name: &str, text: &str) -> Files {
    let at = files.iter().position(|(path, _)| path.ends_with(name)).unwrap();
    files[at].1 = text.as_bytes().to_vec();
    files
}

#[test]
fn answers_that_are_null_empty_or_an_error_are_no_answers_and_hide_no_finding() {
    let recording = Recording::read("lab-quota-3.5.16");
    let whole = must_gather(&recording).remove(0);
    let expected = diagnose(vec![whole.clone()]);
    assert_eq!(expected.verdict.primary.map(|code| code.to_string()).as_deref(), Some("db.quota-exceeded"));
    let error = "{\"level\":\"warn\",\"ts\":\"2026-11-26T02:17:21.428038Z\",\"logger\":\"client\",\"caller\":\"v3/retry_interceptor.go:66\",\"msg\":\"retrying of unary invoker failed\",\"error\":\"rpc error: code = DeadlineExceeded desc = context deadline exceeded\"}\nError: context deadline exceeded\n";
    for nothing in ["", "null", "null\n", "[]\n", "{}", "[null]\n", error, "Error from server: error dialing backend: EOF\n"] {
        for name in ["endpoint_status.json", "endpoint_health.json", "member_list.json"] {
            let got = diagnose(vec![with(whole.clone(), name, nothing)]);
            assert_eq!(got.verdict.primary, expected.verdict.primary, "{name} is {nothing:?}");
        }
    }
}

#[test]
fn a_size_that_is_zero_absent_or_null_is_unknown_and_no_fault() {
    let recording = Recording::read("lab-idle-3.5.1");
    let whole = must_gather(&recording).remove(0);
    let (_, status) = whole.iter().find(|(path, _)| path.ends_with("endpoint_status.json")).unwrap();
    let status: Value = serde_json::from_slice(status).unwrap();
    let spoil = |size: Option<Value>| {
        let mut status = status.clone();
        for one in status.as_array_mut().unwrap() {
            let one = one["Status"].as_object_mut().unwrap();
            one.remove("dbSize");
            one.remove("dbSizeInUse");
            if let Some(size) = &size {
                one.insert("dbSize".into(), size.clone());
                one.insert("dbSizeInUse".into(), size.clone());
            }
        }
        diagnose(vec![with(whole.clone(), "endpoint_status.json", &status.to_string())])
    };
    let before = diagnose(vec![whole.clone()]);
    for size in [None, Some(0.into()), Some(Value::Null), Some("20 kB".into())] {
        let got = spoil(size.clone());
        assert_eq!((got.verdict.primary, told(&got)), (before.verdict.primary, told(&before)), "{size:?}");
        assert!(got.members.iter().all(|member| member.db_bytes.is_none()), "{size:?}");
    }
}

#[test]
fn must_gathers_of_one_cluster_are_one_evidence_and_a_bundle_takes_an_extra_log() {
    let recording = Recording::read("lab-partition-3.5.30");
    let whole = must_gather(&recording).remove(0);
    let expected = diagnose(vec![whole.clone()]);
    // Three, each of which reached one node's logs; the answers are in the first.
    let part = |n: usize| -> Files {
        let name = &recording.nodes[n].name;
        let is_its = |path: &str| path.contains(&format!("pods/etcd-{name}/")) || n == 0 && path.contains("etcd_info/");
        whole.iter().filter(|(path, _)| is_its(path)).cloned().collect()
    };
    let merged = diagnose(vec![part(2), part(0), part(1)]);
    assert_eq!(merged.verdict.primary, expected.verdict.primary);
    assert_eq!(told(&merged), told(&expected));
    assert_eq!(merged.members.len(), expected.members.len());
    // One that was gathered twice counts once.
    let twice = diagnose(vec![whole.clone(), whole]);
    assert_eq!(told(&twice), told(&expected));
    // Our own bundle of two nodes, and the third one's log.
    let (log, rest): (Files, Files) = recording.native.iter().cloned().partition(|(path, _)| path.contains("/nodes/etcd-b/"));
    let log: Files = log
        .into_iter()
        .filter(|(path, _)| path.ends_with("journal/etcd.log"))
        .map(|(_, bytes)| ("b.log".into(), bytes))
        .collect();
    let rest: Files = rest.into_iter().filter(|(path, _)| !path.starts_with("etcd-triage_etcd-b")).collect();
    let merged = diagnose(vec![rest, log]);
    assert_eq!(merged.verdict.primary, expected.verdict.primary);
}

#[test]
fn what_somebody_took_out_of_a_log_counts_once_and_a_log_of_another_time_counts_for_itself() {
    let recording = Recording::read("lab-partition-3.5.30");
    let form = FORMS.iter().find(|form| form.name == "kubectl logs").unwrap();
    let files = (form.make)(&recording).remove(0);
    let warnings = |(path, bytes): &(String, Vec<u8>)| -> (String, String) {
        let lines = String::from_utf8_lossy(bytes);
        (path.clone(), lines.lines().filter(|line| !line.contains("\"level\":\"info")).map(|line| format!("{line}\n")).collect())
    };
    let taken: Vec<(String, String)> = files.iter().map(warnings).collect();
    let with = |rename: &dyn Fn(&str) -> String, change: &dyn Fn(&str) -> String| {
        let more = taken.iter().map(|(path, text)| (rename(path), change(text).into_bytes()));
        diagnose(vec![files.iter().cloned().chain(more).collect()])
    };
    let alone = diagnose(vec![files.clone()]);
    assert!(told(&alone).iter().any(|(.., count)| count.is_some_and(|count| count > 1)), "{:?}", told(&alone));
    for renamed in [("logs/", "excerpts/"), ("logs/", "logs/warnings of "), ("logs/", "logs/0 ")] {
        let both = with(&|path| path.replace(renamed.0, renamed.1), &str::to_owned);
        assert_eq!(told(&both), told(&alone), "{renamed:?}");
    }
    let both = with(&|path| path.replace(".log", ".2.log"), &|text| text.replace("T02:", "T03:"));
    assert_ne!(told(&both), told(&alone));
    // Of one log, under a name that tells nothing: it counts for itself only where a line is another one.
    let nameless = |text: &str| {
        let more = [("errors.txt".to_owned(), text.as_bytes().to_vec())];
        diagnose(vec![files.iter().cloned().chain(more).collect()])
    };
    let (_, text) = taken.iter().find(|(path, _)| path.contains("etcd-a")).unwrap();
    assert_eq!(told(&nameless(text)), told(&alone));
    assert_ne!(told(&nameless(&text.replace("T02:15", "T02:16"))), told(&alone));
}

/// A start that went well, five minutes later.
fn present() -> String {
    let recording = Recording::read("lab-partition-3.5.30");
    let node = recording.nodes.iter().find(|node| node.name == "etcd-c").unwrap();
    node.containers(false).0.lines().take(60).map(|line| format!("{line}\n")).collect()
}

const BEFORE: &str = concat!(
    r#"{"level":"warn","ts":"2026-11-26T02:10:41.123Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"1.203s","expected-duration":"100ms","prefix":"","request":"header:<ID:1> txn:<>","response":"size:18","error":""}"#,
    "\n",
    r#"{"level":"fatal","ts":"2026-11-26T02:10:45.500Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"listen tcp 10.0.0.1:2380: bind: address already in use","stacktrace":"x"}"#,
    "\n"
);

#[test]
fn what_a_container_s_run_before_says_of_its_end_is_over_once_it_runs_again() {
    let gz = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let logs = "namespaces/openshift-etcd/pods/etcd-m-0/etcd/etcd/logs";
    for (before, now) in [
        ("etcd-0.previous.log".to_owned(), "etcd-0.log".to_owned()),
        ("etcd-0-previous.log".to_owned(), "etcd-0.log".to_owned()),
        ("x/previous.log".to_owned(), "x/current.log".to_owned()),
        ("x/previous.log.gz".to_owned(), "x/current.log".to_owned()),
        (format!("{logs}/previous.log"), format!("{logs}/current.log")),
        ("c/etcd/logs-previous/last-100-lines.log".to_owned(), "c/etcd/logs/last-100-lines.log".to_owned()),
    ] {
        let bytes = if before.ends_with(".gz") { gz(BEFORE) } else { BEFORE.as_bytes().to_vec() };
        let got = diagnose(vec![vec![(before.clone(), bytes), (now, present().into_bytes())]]);
        let found: Vec<_> = got.findings.iter().filter(|f| f.code.to_string() == "config.port-in-use").collect();
        assert!(!found.is_empty() && found.iter().all(|finding| finding.state == State::Recovered), "{before}: {found:?}");
    }
    // Without a later run, and in the log of somebody else, it is not over.
    let alone = diagnose(vec![vec![("etcd-0.previous.log".into(), BEFORE.into())]]);
    let apart =
        diagnose(vec![vec![("etcd-0.previous.log".into(), BEFORE.into()), ("etcd-1.log".into(), present().into_bytes())]]);
    for got in [alone, apart] {
        assert!(got.findings.iter().any(|f| f.code.to_string() == "config.port-in-use" && f.state == State::Active));
    }
}

/// Kilobytes that a process held at most, as the shell that waited for it is told.
fn peak_kilobytes(input: &std::path::Path) -> u64 {
    let script = "\"$1\" analyze --format json --fail-on never \"$2\" >/dev/null & pid=$!; peak=0; \
                  while kill -0 $pid 2>/dev/null; do \
                  now=$(grep VmHWM /proc/$pid/status 2>/dev/null | tr -dc 0-9); [ \"${now:-0}\" -gt $peak ] && peak=$now; \
                  done; wait $pid; echo $peak";
    let program = env!("CARGO_BIN_EXE_etcd-triage");
    let output = Command::new("sh").args(["-c", script, "sh", program]).arg(input).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

#[test]
fn a_must_gather_four_times_as_large_takes_no_more_memory() {
    let folder = tempfile::tempdir().unwrap();
    let recording = Recording::read("lab-large-ranges-3.5.30");
    let files = must_gather(&recording).remove(0);
    let made = |times: usize| {
        let top = folder.path().join(times.to_string());
        for (path, bytes) in &files {
            let file = top.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let times = if path.ends_with("current.log") { times } else { 1 };
            fs::write(file, bytes.repeat(times)).unwrap();
        }
        peak_kilobytes(&top)
    };
    let (small, large) = (made(15), made(60));
    assert!(small > 1000 && large < 64 * 1024, "{small} kB, {large} kB");
    assert!(large < small + small / 4, "{small} kB grew to {large} kB");
}
