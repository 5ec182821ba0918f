//! Several inputs: of one cluster they are merged, of two they are refused, and what nothing proves is told.

#![expect(clippy::disallowed_methods, reason = "these tests unpack fixtures and run the program on the parts")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// The folders of the nodes of a recorded cluster, unpacked.
fn nodes(fixture: &str, into: &Path) -> Vec<PathBuf> {
    let file = fs::File::open(Path::new("fixtures").join(fixture).join("input.tar.gz")).expect("the fixture is there");
    tar::Archive::new(flate2::read::MultiGzDecoder::new(file)).unpack(into).expect("the fixture can be unpacked");
    let mut folders: Vec<PathBuf> = fs::read_dir(into).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    assert_eq!(folders.len(), 3, "{folders:?}");
    folders
}

fn analyze(inputs: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
    command.args(["analyze", "--format", "json"]).args(inputs).output().expect("the program can be started")
}

fn diagnosis(inputs: &[&Path]) -> Value {
    let output = analyze(inputs);
    serde_json::from_slice(&output.stdout).expect("a diagnosis")
}

#[test]
fn bundles_of_two_clusters_are_refused_with_both_ids() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (a, b) = (nodes("lab-idle-3.5.1", one.path()), nodes("lab-load-3.4.23", other.path()));
    let output = analyze(&[&a[0], &b[1]]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    let id = |folder: &Path| diagnosis(&[folder])["members"][0]["id"].as_str().unwrap_or_default().to_owned();
    assert_ne!(id(&a[0]), id(&b[1]), "the members are others, too");
    assert!(told.contains("analyse them apart") && told.contains("etcd-triage_etcd-b"), "{told}");
    let ids: Vec<&str> = told.split_whitespace().filter(|word| word.trim_end_matches([',', ':']).len() >= 15).collect();
    assert!(ids.iter().filter(|word| word.bytes().take(12).all(|b| b.is_ascii_hexdigit())).count() == 2, "{told}");
}

#[test]
fn bundles_of_one_cluster_are_merged_and_their_ids_prove_it() {
    let home = tempfile::tempdir().unwrap();
    let folders = nodes("lab-member-killed-3.5.1", home.path());
    let apart = diagnosis(&folders.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let together = diagnosis(&[home.path()]);
    assert_eq!(apart["verdict"]["primary"], "member.down");
    assert_eq!(apart["id"], together["id"], "one folder or three inputs");
    assert!(!apart["coverage"]["gaps"].to_string().contains("given together"), "{}", apart["coverage"]);
    let paths = apart["findings"][0]["evidence"].to_string();
    assert!(paths.contains("\"1/") || paths.contains("\"2/") || paths.contains("\"3/"), "{paths}");
}

#[test]
fn a_member_that_began_a_cluster_of_its_own_is_a_fault_and_not_a_wrong_file() {
    let home = tempfile::tempdir().unwrap();
    let start = |cluster: &str, member: &str, name: &str| {
        format!(
            "2026-11-22T22:00:00+0000 {name} etcd[9]: initial cluster = a=http://10.0.0.1:2380,b=http://10.0.0.2:2380\n\
             2026-11-22T22:00:00+0000 {name} etcd[9]: starting member {member} in cluster {cluster}\n"
        )
    };
    let (a, b) = (home.path().join("a.log"), home.path().join("b.log"));
    fs::write(&a, start("802da937aed9de08", "8f225d325773c893", "a")).unwrap();
    fs::write(&b, start("749734739d50b34a", "970810c4ae439a14", "b")).unwrap();
    assert_ne!(analyze(&[&a, &b]).status.code(), Some(2));
}

#[test]
fn where_no_id_proves_it_the_report_says_that_they_were_given_together() {
    let home = tempfile::tempdir().unwrap();
    let (a, b) = (home.path().join("a.txt"), home.path().join("b.txt"));
    fs::write(&a, "member 8f225d325773c893 is healthy: got healthy result from http://10.0.0.1:2379\n").unwrap();
    fs::write(&b, "Nov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8\n").unwrap();
    let gaps = diagnosis(&[&a, &b])["coverage"]["gaps"].to_string();
    assert!(gaps.contains("given together"), "{gaps}");
}
