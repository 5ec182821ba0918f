//! Fixtures in other projects' forms: each is a recording, put into the form by `forms.rs`.

use std::{collections::BTreeMap, env, fs, path::Path, process::Command};

use serde_json::Value;

use super::{
    forms::{FORMS, Form},
    recording::{Files, Recording, entries_of},
};

/// A fixture, its form, and the recording that it was made from.
const STORED: &[(&str, &str, &str)] = &[
    ("must-gather-partition-3.5.30", "must-gather", "lab-partition-3.5.30"),
    ("insights-port-taken-3.5.30", "insights", "lab-port-taken-3.5.30"),
    ("troubleshoot-quota-3.5.16", "troubleshoot", "lab-quota-3.5.16"),
    ("rancher-bundle-snap-corrupt-3.5.1", "rancher-bundle", "lab-snap-corrupt-3.5.1"),
    ("rancher-logs-wal-corrupt-3.3.25", "rancher-logs, RKE", "lab-wal-corrupt-3.3.25"),
    ("rancher-logs-names-gone-3.5.30", "rancher-logs, RKE2", "lab-names-gone-3.5.30"),
    ("rancher-logs-slow-fsync-3.5.30", "rancher-logs, k3s", "lab-slow-fsync-3.5.30"),
    ("kubespray-clock-ahead-3.4.23", "kubespray", "lab-clock-ahead-3.4.23"),
    ("cluster-info-wal-not-found-3.5.1", "cluster-info", "lab-wal-not-found-3.5.1"),
    ("kubectl-logs-permission-3.4.23", "kubectl logs", "lab-permission-3.4.23"),
    ("etcd-diagnosis-slow-disk-3.5.16", "etcd-diagnosis", "lab-slow-disk-3.5.16"),
    ("sosreport-wal-hole-3.5.30", "sosreport", "lab-wal-hole-3.5.30"),
];

fn form(name: &str) -> &'static Form {
    FORMS.iter().find(|form| form.name == name).unwrap()
}

/// What a customer sent, unpacked side by side where it is several archives.
fn made(form: &Form, recording: &str) -> Files {
    let recording = Recording::read(recording);
    let inputs = (form.make)(&recording);
    let is_one = inputs.len() == 1;
    let beside = |(at, input): (usize, Files)| -> Files {
        let name = recording.nodes.get(at).map_or("bundle", |node| &node.name);
        let top = if is_one { String::new() } else { format!("{name}-2026-11-26_10_15_00-{at}/") };
        input.into_iter().map(|(path, bytes)| (format!("{top}{path}"), bytes)).collect()
    };
    let mut files: Files = inputs.into_iter().enumerate().flat_map(beside).collect();
    files.sort();
    files
}

/// A tar of them, in which nothing depends on when and where it was made.
fn packed(files: &Files) -> Vec<u8> {
    let gz = flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::best());
    let mut tar = tar::Builder::new(gz);
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, path, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

fn provenance(name: &str, form: &str, recording: &str) -> String {
    format!(
        "# {name}\n\n- What: the evidence of `{recording}` as another project's collector lays it out ({form}).\n\
         - Evidence: made from the files of the recording by `tests/foreign/forms.rs`; what the form lacks is in `docs/foreign-bundles.md`.\n\
         - Versions, nodes, emulation, seed: `fixtures/{recording}/provenance.md`.\n"
    )
}

/// Writes the stored inputs anew, where that is asked for; `verify --bless` then writes what is expected of them.
fn write(name: &str, form: &str, recording: &str, files: &Files) {
    let folder = Path::new("fixtures").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("input.tar.gz"), packed(files)).unwrap();
    fs::write(folder.join("provenance.md"), provenance(name, form, recording)).unwrap();
}

#[test]
fn the_stored_bundles_of_other_projects_are_what_their_collectors_make_of_the_recordings() {
    for (name, form_name, recording) in STORED {
        let made = made(form(form_name), recording);
        if env::var_os("ETCD_TRIAGE_WRITE").is_some() {
            write(name, form_name, recording, &made);
        }
        let stored: BTreeMap<String, Vec<u8>> = entries_of(name).into_iter().collect();
        assert_eq!(stored.keys().collect::<Vec<_>>(), made.iter().map(|(path, _)| path).collect::<Vec<_>>(), "{name}");
        assert!(made.iter().all(|(path, bytes)| stored.get(path) == Some(bytes)), "{name}: a file differs");
    }
}

#[test]
fn inspect_names_the_form_its_writer_s_version_and_whose_the_files_are() {
    for (name, form_name, _) in STORED {
        let layout = form(form_name).layout;
        let version = match layout {
            "must-gather" => " 4.16.3-202406241905.p0",
            "troubleshoot" => " v0.105.2",
            "rancher-bundle" => " v1.3.1",
            "sosreport" => " 4.7.2",
            _ => "",
        };
        let output =
            Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args(["inspect", &format!("fixtures/{name}")]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(&format!("layout {layout}{version}, ")), "{name}: {}", text.lines().next().unwrap());
        assert!(text.contains("· etcd-a\n") || layout == "etcd-diagnosis", "{name}:\n{text}");
    }
}

#[test]
fn the_coverage_says_what_a_form_never_holds_and_what_to_ask_for() {
    let gaps = |inputs: &[&str]| -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage"))
            .args(["analyze", "--format", "json"])
            .args(inputs.iter().map(|name| format!("fixtures/{name}")))
            .output()
            .unwrap();
        let diagnosis: Value = serde_json::from_slice(&output.stdout).unwrap();
        let gaps = diagnosis["coverage"]["gaps"].as_array().cloned().unwrap_or_default();
        gaps.iter().filter_map(Value::as_str).filter(|gap| gap.contains("bundles hold no")).collect::<Vec<_>>().join("\n")
    };
    let alone = gaps(&["must-gather-partition-3.5.30"]);
    assert!(
        alone.starts_with(
            "must-gather bundles hold no metrics of etcd, listing of the data directory, facts of the hosts; ask for"
        )
    );
    assert!(gaps(&["cluster-info-wal-not-found-3.5.1"]).contains("`etcdctl endpoint health --cluster`"));
    assert!(!gaps(&["sosreport-wal-hole-3.5.30"]).contains("other nodes"), "all three are there");
    // What our own bundle of the same cluster brings is not asked for.
    assert_eq!(gaps(&["must-gather-partition-3.5.30", "lab-partition-3.5.30"]), "");
}
