//! `analyze --each`: inputs that have nothing to do with each other, a line for each.

#![expect(clippy::disallowed_methods, reason = "the program is run on files that are made here")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test, with its place")]

use std::{
    fs,
    process::{Command, Output},
};

use serde_json::Value;

fn each(arguments: &[&str]) -> (Option<i32>, Vec<Value>, Output) {
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args(["analyze", "--each"]).args(arguments).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code(), lines, output)
}

#[test]
fn each_input_gets_the_diagnosis_that_it_gets_alone_and_a_broken_one_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let cut = folder.path().join("cut.zip");
    fs::write(&cut, b"PK\x03\x04 and nothing more").unwrap();
    let cut = cut.to_str().unwrap();
    let inputs = [
        "fixtures/lab-wal-torn-3.5.1",
        "fixtures/nowhere",
        "fixtures/cloudos-wal-not-found",
        cut,
        "fixtures/lab-port-taken-3.5.30",
    ];
    let (code, lines, output) = each(&inputs);
    assert_eq!(code, Some(1), "a finding goes before an input that cannot be opened");
    assert_eq!(lines.len(), inputs.len());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for (input, line) in inputs.iter().zip(&lines) {
        let alone =
            Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args(["analyze", "--format", "json", input]).output().unwrap();
        assert_eq!(line["given"], **input);
        assert_eq!(line["exit"].as_i64(), alone.status.code().map(i64::from), "{input}");
        match serde_json::from_slice::<Value>(&alone.stdout) {
            Ok(diagnosis) => assert_eq!(line["diagnosis"], diagnosis, "{input}"),
            Err(_) => {
                let complaint = String::from_utf8_lossy(&alone.stderr).into_owned();
                let error = line["error"].as_str().unwrap();
                assert_eq!(complaint.trim_end(), format!("etcd-triage: {error}"));
            }
        }
    }
}

#[test]
fn how_it_ends_is_told_by_the_worst_line() {
    assert_eq!(each(&["fixtures/lab-idle-3.5.1"]).0, Some(0));
    assert_eq!(each(&["fixtures/lab-idle-3.5.1", "fixtures/nowhere"]).0, Some(2));
    assert_eq!(each(&["fixtures/lab-idle-3.5.1", "LICENSE"]).0, Some(3));
    assert_eq!(each(&["fixtures/lab-port-taken-3.5.30", "--fail-on", "never"]).0, Some(0));
    let (code, lines, output) = each(&["fixtures/lab-idle-3.5.1", "--format", "html"]);
    assert_eq!((code, lines.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--each"));
}
