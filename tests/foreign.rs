//! Other people's bundles: a recording in the form of another project gets the diagnosis that it gets in ours.

#![expect(clippy::disallowed_methods, reason = "fixtures are read, and the program is run on them")]

use std::{fs, process::Command};

/// A fixture in another form, the recording that it was made from, and the layout that is told.
const FORMS: &[(&str, &str, &str)] = &[
    ("sosreport-wal-hole-3.5.30", "lab-wal-hole-3.5.30", "sosreport"),
    ("must-gather-partition-3.5.30", "lab-partition-3.5.30", "must-gather"),
];

#[test]
fn a_recording_in_another_form_has_the_same_findings_members_and_counts() {
    for (form, recording, layout) in FORMS {
        let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage"))
            .args(["analyze", "--format", "json", &format!("fixtures/{form}")])
            .output()
            .unwrap();
        let diagnosis: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = fs::read_to_string(format!("fixtures/{recording}/expected.json")).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&diagnosis["input"]["layout"], &diagnosis["id"]), (&(*layout).into(), &expected["id"]), "{form}");
    }
}
