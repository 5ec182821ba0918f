//! The printed script beside the program on one node of a real cluster: the same rows, states and diagnosis.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::{
    cluster::Cluster,
    dice::Dice,
    faults::process::kill,
    live::{elsewhere, manifest},
    node::Node,
    plan::{Plan, Settings},
    program::said,
    record::{PROGRAM, run_collect},
};

/// Gathers on a node by the script: its bundle. The program has to be there, for it prints the script.
pub(crate) fn run_script(node: &Node, shell: &str) -> Vec<u8> {
    let folder = node.shell("mktemp -d").trim().to_owned();
    node.shell(&format!("{PROGRAM} collect --print-script --interval 1s >{folder}/script"));
    let line = format!("exec {shell} {folder}/script -o {folder}");
    let argv = ["sh", "-c", &line];
    let output = node.run_within(&argv, &[], Duration::from_secs(90));
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&argv, &output));
    let bundle = node.shell(&format!("ls {folder}/*.tar.gz")).trim().to_owned();
    fs::read(node.path(&bundle)).expect("the bundle can be read")
}

/// Of each row what does not depend on the moment.
fn rows(bundle: &[u8]) -> Vec<String> {
    let manifest = manifest(bundle);
    let words = |row: &Value| -> String {
        let words = row["argv"].as_array().into_iter().chain(row["reads"].as_array()).flatten().filter_map(Value::as_str);
        // The last day is the one before the run.
        words.map(|word| word.split("=@").next().unwrap_or(word)).collect::<Vec<_>>().join(" ")
    };
    let rows = manifest["rows"].as_array().expect("rows").iter();
    rows.map(|row| format!("{} {} {} {} {}", row["path"], row["state"], row["exit_code"], row["env"], words(row))).collect()
}

fn codes(diagnosis: &Value) -> Vec<String> {
    let findings = diagnosis["findings"].as_array().expect("findings").iter();
    findings.map(|finding| format!("{} {}", finding["code"], finding["state"])).collect()
}

#[track_caller]
fn assert_alike(cluster: &Cluster, at: usize) -> Value {
    let node = &cluster.members[at].node;
    node.store_journal();
    let (_, program) = run_collect(node, &["--interval", "1s"]);
    let diagnosis = elsewhere(&program).0;
    for shell in ["sh", "busybox sh"] {
        let script = run_script(node, shell);
        assert_eq!(rows(&script), rows(&program), "{shell}");
        let by_script = elsewhere(&script).0;
        assert_eq!(codes(&by_script), codes(&diagnosis), "{shell}");
        assert_eq!(by_script["verdict"]["primary"], diagnosis["verdict"]["primary"], "{shell}");
        assert_eq!(by_script["id"], diagnosis["id"], "{shell}");
    }
    diagnosis
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn on_a_healthy_cluster_the_script_gives_what_the_program_gives() {
    for plan in [
        Plan { tls: true, ..Plan::of("3.5.16") },
        Plan { settings: Settings::Environment, ..Plan::of("3.4.23") },
        Plan::of("3.3.25"),
    ] {
        let cluster = Cluster::start(plan, &mut Dice::new(41));
        cluster.await_all();
        assert_eq!(assert_alike(&cluster, 1)["verdict"]["primary"], "healthy");
    }
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn with_a_dead_member_the_script_gives_what_the_program_gives() {
    let mut cluster = Cluster::start(Plan::of("3.5.1"), &mut Dice::new(42));
    cluster.await_all();
    kill(&mut cluster, 2);
    cluster.await_that("two members that serve", || cluster.healthy(0));
    assert_eq!(assert_alike(&cluster, 0)["verdict"]["primary"], "member.down");
}
