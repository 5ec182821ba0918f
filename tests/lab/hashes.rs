//! Hashes of the members' data while writes come in: all are asked at one revision, by the program and by the script.

use std::io::Read;

use serde_json::Value;

use crate::{
    cluster::Cluster,
    dice::Dice,
    faults::damage,
    live::{elsewhere, manifest},
    load::{self, Load},
    plan::Plan,
    program::said,
    record::run_collect,
    script::run_script,
};

/// Writes without a pause, to all members.
const WRITES: Load = Load { batch: 20, pause_ms: 0, value_bytes: 60 };

/// What etcdctl said of the hashes.
fn answer(bundle: &[u8]) -> Value {
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(bundle));
    let entries = archive.entries().expect("an archive").map(|entry| entry.expect("a whole entry"));
    let is_it = |path: &std::path::Path| path.ends_with("etcdctl/endpoint-hashkv.json");
    let mut entry = entries.into_iter().find(|entry| is_it(&entry.path().expect("a path"))).expect("hashes are in the bundle");
    let mut text = String::new();
    entry.read_to_string(&mut text).expect("text");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The bundle holds hashes of all members at one revision, while each member was at a later one when it answered.
#[track_caller]
fn assert_at_one_revision(bundle: &[u8]) {
    let manifest = manifest(bundle);
    let mut rows = manifest["rows"].as_array().expect("rows").iter();
    let row = rows.find(|row| row["path"].as_str().is_some_and(|path| path.ends_with("endpoint-hashkv.json"))).expect("a row");
    assert_eq!(row["state"], "collected", "{row}");
    let mut words = row["argv"].as_array().expect("words").iter().filter_map(Value::as_str);
    let revision = words.find_map(|word| word.strip_prefix("--rev=")).unwrap_or_else(|| panic!("no revision: {row}"));
    let revision: u64 = revision.parse().expect("a number");
    let answer = answer(bundle);
    let now = |member: &Value| member["HashKV"]["header"]["revision"].as_u64().expect("a revision");
    let members = answer.as_array().expect("members");
    assert_eq!(members.len(), 3, "{answer}");
    assert!(members.iter().all(|member| now(member) > revision), "writes came in after revision {revision}: {answer}");
}

fn told_under_writes(version: &'static str, seed: u64) {
    let mut dice = Dice::new(seed);
    let mut cluster = Cluster::start(Plan::of(version), &mut dice);
    cluster.await_all();
    assert!(cluster.etcdctl(0, &["put", "price", "one-hundred-and-eleven"]).status.success());
    let writing = load::start(&cluster, 0, &[0, 1, 2], WRITES, &mut dice);
    let (output, bundle) = run_collect(&cluster.members[1].node, &["--interval", "1s"]);
    assert_at_one_revision(&bundle);
    let told = said(&["collect"], &output);
    let (diagnosis, _) = elsewhere(&bundle);
    assert!(!diagnosis["findings"].to_string().contains("data.inconsistent"), "{told}");
    assert_eq!(diagnosis["verdict"]["primary"], "healthy", "{told}");
    let bundle = run_script(&cluster.members[1].node, "sh");
    assert_at_one_revision(&bundle);
    assert_eq!(elsewhere(&bundle).0["verdict"]["primary"], "healthy");
    drop(writing);

    // One value is another one below etcd: each member is well by itself.
    cluster.members[2].unit.stop();
    damage::change_value(&cluster, 2, "one-hundred-and-eleven", "two-hundred-and-twelve");
    cluster.members[2].unit.start();
    cluster.await_all();
    let _writing = load::start(&cluster, 0, &[0, 1, 2], WRITES, &mut dice);
    for bundle in
        [run_collect(&cluster.members[1].node, &["--interval", "1s"]).1, run_script(&cluster.members[1].node, "busybox sh")]
    {
        assert_at_one_revision(&bundle);
        let (diagnosis, _) = elsewhere(&bundle);
        assert_eq!(diagnosis["verdict"]["primary"], "data.inconsistent", "{diagnosis:#}");
        let finding = &diagnosis["findings"][0];
        assert_eq!(finding["members"], serde_json::json!(["etcd-c"]), "{finding:#}");
    }
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn under_writes_members_of_3_4_that_agree_are_healthy_and_one_with_other_data_is_told() {
    told_under_writes("3.4.23", 51);
}

#[test]
#[ignore = "needs root; tests/run runs it"]
fn under_writes_members_of_3_5_that_agree_are_healthy_and_one_with_other_data_is_told() {
    told_under_writes("3.5.16", 52);
}
