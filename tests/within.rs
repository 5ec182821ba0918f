//! A ticket: archives in an archive or a folder say what they say when they are given side by side.

#![expect(clippy::disallowed_methods, reason = "archives are made from fixtures here")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test, with its place")]

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits, MANIFEST},
    render,
    words::EN,
};
use serde_json::Value;
use tempfile::TempDir;
use zip::CompressionMethod;

mod archives;

use archives::{Files, folder, gzip, tar, zip};

/// The bundles of a recording's nodes, each with its top folder.
fn nodes(fixture: &str) -> Vec<(String, Files)> {
    let file = fs::File::open(Path::new("fixtures").join(fixture).join("input.tar.gz")).unwrap();
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(file));
    let mut out: BTreeMap<String, Files> = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if entry.header().entry_type().is_file() {
            out.entry(path.split('/').next().unwrap().to_owned()).or_default().push((path, bytes));
        }
    }
    out.into_iter().collect()
}

/// How a bundle is packed: the end of its name, and what makes it.
type Form = (&'static str, fn(&Files) -> Vec<u8>);

const FORMS: [Form; 4] = [
    ("tar.gz", |files| gzip(&tar(files))),
    ("zip", |files| zip(files, CompressionMethod::Deflated)),
    ("tar", tar),
    ("stored.zip", |files| zip(files, CompressionMethod::Stored)),
];

/// Each node's bundle as an archive, no two in the same form.
fn packed(nodes: &[(String, Files)]) -> Files {
    let forms = FORMS.iter().cycle();
    nodes.iter().zip(forms).map(|((name, files), (ending, pack))| (format!("{name}.{ending}"), pack(files))).collect()
}

fn below(top: &str, files: &Files) -> Files {
    files.iter().map(|(path, bytes)| (format!("{top}{path}"), bytes.clone())).collect()
}

fn write(at: &TempDir, files: &Files) -> Vec<PathBuf> {
    let at = folder(at.path(), files);
    files.iter().map(|(path, _)| at.join(path)).collect()
}

fn diagnosed(inputs: &[PathBuf], limits: &Limits) -> Value {
    let inputs: Vec<Input> = inputs.iter().cloned().map(Input::Path).collect();
    let diagnosis = analyze::analyze(&inputs, limits, &EN).unwrap();
    let mut out = Vec::new();
    render::json::write(&diagnosis, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn plain(inputs: &[PathBuf]) -> Value {
    diagnosed(inputs, &Limits::default())
}

/// A diagnosis without the paths in it, and without the order that they give to what is alike otherwise, as events of one second.
fn without_paths(mut diagnosis: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("path");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => {
                items.iter_mut().for_each(strip);
                items.sort_by_key(Value::to_string);
            }
            _ => {}
        }
    }
    strip(&mut diagnosis);
    diagnosis
}

/// All paths that are cited.
fn paths(diagnosis: &Value) -> Vec<String> {
    let mut out = Vec::new();
    fn walk(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                out.extend(fields.get("path").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| walk(value, out));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, out)),
            _ => {}
        }
    }
    walk(&diagnosis["findings"], &mut out);
    out
}

fn inspected(input: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).arg("inspect").arg(input).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_ticket_says_what_its_archives_say_side_by_side() {
    for fixture in ["lab-partition-3.5.30", "lab-disk-full-3.3.25", "lab-client-refused-3.5.30", "lab-data-older-3.3.25"] {
        let archives = packed(&nodes(fixture));
        assert_eq!(archives.len(), 3, "{fixture}");
        let beside = TempDir::new().unwrap();
        let apart = plain(&write(&beside, &archives));
        assert!(apart["findings"].as_array().is_some_and(|findings| !findings.is_empty()), "{fixture}");
        let at = TempDir::new().unwrap();
        let inside = below("ticket 4711/", &archives);
        write(&at, &below("folder/", &archives));
        write(
            &at,
            &vec![
                ("ticket.zip".into(), zip(&inside, CompressionMethod::Deflated)),
                ("stored.zip".into(), zip(&inside, CompressionMethod::Stored)),
                ("ticket.tar".into(), tar(&inside)),
                ("ticket.tgz".into(), gzip(&tar(&archives))),
            ],
        );
        for form in ["folder", "ticket.zip", "stored.zip", "ticket.tar", "ticket.tgz"] {
            let together = plain(&[at.path().join(form)]);
            let cited = paths(&together);
            assert!(
                cited.iter().all(|path| archives.iter().any(|(name, _)| path.starts_with(&format!("{name}/nodes/")))),
                "{cited:?}"
            );
            assert_eq!(without_paths(together), without_paths(apart.clone()), "{fixture} as {form}");
        }
    }
}

#[test]
fn a_ticket_in_a_ticket_says_the_same_and_one_in_that_is_named_as_not_read() {
    let archives = packed(&nodes("lab-disk-full-3.3.25"));
    let (beside, at) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let apart = plain(&write(&beside, &archives));
    let call = ("calls/monday.txt".to_owned(), b"hallo\n".to_vec());
    for (name, ticket) in [
        ("a.tar", tar(&archives)),
        ("b.zip", zip(&below("ticket 4711/", &archives), CompressionMethod::Deflated)),
        ("c.zip", zip(&archives, CompressionMethod::Stored)),
        ("d.tgz", gzip(&tar(&archives))),
    ] {
        for (outer, pack) in FORMS {
            let outer =
                &write(&at, &vec![(format!("{name}-in.{outer}"), pack(&vec![(format!("mails/{name}"), ticket.clone())]))])[0];
            let together = plain(std::slice::from_ref(outer));
            let cited = paths(&together);
            assert!(!cited.is_empty() && cited.iter().all(|path| path.starts_with(&format!("{name}/"))), "{cited:?}");
            assert_eq!(without_paths(together), without_paths(apart.clone()), "{outer:?}");
        }
        let deep = tar(&vec![("2.tar".to_owned(), tar(&vec![(name.to_owned(), ticket), call.clone()])), call.clone()]);
        let told = plain(&write(&at, &vec![("deep.tar".into(), deep)]))["coverage"]["unread"].clone();
        for (archive, _) in &archives {
            let path = format!("2.tar/{name}/{archive}");
            let is_its = |unread: &&Value| unread["path"] == path.as_str();
            let why = told.as_array().unwrap().iter().find(is_its).unwrap()["why"].as_str().unwrap();
            assert!(why.contains("below 2 archives of the input") && why.ends_with("give it as an input of its own"), "{why}");
        }
    }
}

#[test]
fn a_ticket_among_several_inputs_has_their_number_in_front() {
    let archives = packed(&nodes("lab-partition-3.5.30"));
    let (beside, at) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let apart = plain(&write(&beside, &archives));
    let ticket = zip(&archives[..2].to_vec(), CompressionMethod::Deflated);
    let inputs = write(&at, &vec![("ticket.zip".into(), ticket), archives[2].clone()]);
    let turned = [inputs[1].clone(), inputs[0].clone()];
    let together = plain(&inputs);
    assert_eq!(together, plain(&turned));
    assert_eq!(together["id"], apart["id"]);
    let cited = paths(&together);
    let is_numbered = |path: &String| {
        let (number, rest) = path.split_once('/').unwrap();
        ["1", "2"].contains(&number) && (rest.starts_with("nodes/") || archives.iter().any(|(name, _)| rest.starts_with(name)))
    };
    assert!(!cited.is_empty() && cited.iter().all(is_numbered), "{cited:?}");
}

#[test]
fn each_archive_keeps_its_form_its_top_folder_and_its_manifest() {
    let mut nodes = nodes("lab-partition-3.5.30");
    // Of one node something is lost on the way, and another comes as a sosreport of it would.
    let lost = nodes[0].1.iter().position(|(path, _)| path.ends_with("journal/etcd.log")).unwrap();
    nodes[0].1.remove(lost);
    let mut archives = packed(&nodes[..2]);
    let log = nodes[2].1.iter().find(|(path, _)| path.ends_with("journal/etcd.log")).unwrap().1.clone();
    let report = vec![
        ("sosreport-etcd-c-2026-11-26-abcdefg/sos_commands/logs/journalctl_--no-pager".to_owned(), log),
        ("sosreport-etcd-c-2026-11-26-abcdefg/version.txt".to_owned(), b"sosreport: 4.7.2\n".to_vec()),
    ];
    archives.push(("sos.tar.gz".into(), gzip(&tar(&report))));
    let at = TempDir::new().unwrap();
    let told = inspected(&write(&at, &vec![("ticket.zip".into(), zip(&archives, CompressionMethod::Deflated))])[0]);
    let (first, second) = (&archives[0].0, &archives[1].0);
    assert!(told.contains(&format!("  {first}: layout bundle, ")), "{told}");
    assert!(told.contains(&format!("  {second}: layout bundle, ")), "{told}");
    assert!(told.contains("  sos.tar.gz: layout sosreport 4.7.2, 2 entries\n"), "{told}");
    assert!(told.contains(&format!("  {second}/{MANIFEST}\n")) && told.contains("  sos.tar.gz/version.txt\n"), "{told}");
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains(&format!("{first}/nodes/etcd-a/journal/etcd.log: in the manifest, and not in what was sent")),
        "{told}"
    );
    assert!(!flat.contains(&format!("{second}/nodes/etcd-b/journal/etcd.log: in the manifest")), "{told}");
}

#[test]
fn a_pasted_text_beside_an_archive_counts_as_it_does_beside_it() {
    let archives = packed(&nodes("lab-partition-3.5.30"));
    let paste = fs::read("fixtures/cloudos-wal-not-found/input.txt").unwrap();
    let all = [archives, vec![("paste.txt".into(), paste)]].concat();
    let (beside, at) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let apart = plain(&write(&beside, &all));
    let together = plain(&write(&at, &vec![("ticket.tar".into(), tar(&all))]));
    assert_eq!(together["id"], apart["id"]);
    assert_eq!(together["verdict"], apart["verdict"]);
}

#[test]
fn a_zip_too_large_to_be_held_says_the_same_and_where_only_its_directory_knows_the_report_says_so() {
    let mut archives = packed(&nodes("lab-partition-3.5.30"));
    let at = TempDir::new().unwrap();
    let small = Limits { held_bytes: 1000, ..Limits::default() };
    let input = write(&at, &vec![("ticket.tar".into(), tar(&archives))]);
    assert_eq!(diagnosed(&input, &small), plain(&input));
    let zipped = archives.iter_mut().find(|(name, _)| name.ends_with(".zip")).unwrap();
    let listed = zipped.1.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    // The directory's own word on the first entry's length.
    zipped.1[listed + 24] ^= 1;
    let inputs = write(
        &at,
        &vec![
            ("ticket.tar".into(), tar(&archives)),
            ("ticket.zip".into(), zip(&archives, CompressionMethod::Deflated)),
            ("stored.zip".into(), zip(&archives, CompressionMethod::Stored)),
        ],
    );
    for input in &inputs {
        let unread = diagnosed(std::slice::from_ref(input), &small)["coverage"]["unread"].to_string();
        // What lies in a file as it is can be read from its end, however large it is.
        let words = if input.ends_with("stored.zip") {
            "contradicts the archive's directory"
        } else {
            "a zip archive of more than 1000 bytes"
        };
        assert!(unread.contains(words), "{unread}");
    }
}

#[test]
fn archives_of_two_clusters_are_refused_by_their_names() {
    let (one, other) = (packed(&nodes("lab-idle-3.5.1")[..2]), packed(&nodes("lab-load-3.4.23")[1..]));
    let archives =
        [one.clone(), other.clone(), vec![("call.tar".into(), tar(&vec![("x/call.txt".into(), b"hallo\n".to_vec())]))]].concat();
    let at = TempDir::new().unwrap();
    let ticket = write(&at, &vec![("ticket.tar".into(), tar(&archives)), ("unpacked/call.txt".into(), b"hallo\n".to_vec())]);
    write(&at, &below("unpacked/", &archives));
    for ticket in [ticket[0].clone(), at.path().join("unpacked")] {
        let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).arg("analyze").arg(&ticket).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(2), "{told}");
        // Of each cluster its id, and what is of it.
        let clusters: Vec<&str> = told.split("cluster ").skip(1).collect();
        let names = |files: &Files| {
            let names: Vec<String> = files.iter().map(|(name, _)| format!("{}/{name}", ticket.display())).collect();
            format!(": {}", names.join(", "))
        };
        for files in [&one, &other] {
            let its: Vec<_> = clusters.iter().filter(|told| told.contains(&names(files))).collect();
            assert_eq!(its.len(), 1, "{told}");
            let id = its[0].split(':').next().unwrap();
            assert!(u64::from_str_radix(id, 16).is_ok(), "{id} in {told}");
        }
        assert!(told.contains("of none that shows: ") && told.contains("/call.tar "), "{told}");
        assert!(
            told.contains("give those of one cluster in one call, or all of them with --each; what lies in an archive"),
            "{told}"
        );
        listed_by_cluster(&ticket, &[&one, &other]);
    }
    // As it says: those of one cluster in one call.
    for files in [one, other] {
        let apart = plain(&files.iter().map(|(name, _)| at.path().join("unpacked").join(name)).collect::<Vec<_>>());
        assert_eq!(apart["coverage"]["members_expected"], 3);
    }
}

/// What is there is listed all the same, and the clusters stand apart.
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
fn listed_by_cluster(ticket: &Path, clusters: &[&Files]) {
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).arg("inspect").arg(ticket).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let parts: Vec<&str> = (1..=3).map(|n| shown.split(&format!("{n} of 3: ")).nth(1).unwrap()).collect();
    let parts = [parts[0].split("2 of 3: ").next().unwrap(), parts[1].split("3 of 3: ").next().unwrap(), parts[2]];
    assert!(parts[2].starts_with("of no cluster that shows") && parts[2].contains("call.txt"), "{shown}");
    for files in clusters {
        let its: Vec<&&str> = parts.iter().filter(|part| part.contains(&files[0].0)).collect();
        assert_eq!(its.len(), 1, "{shown}");
        let others = clusters.iter().filter(|other| other[0].0 != files[0].0).flat_map(|other| other.iter());
        assert!(its[0].starts_with("cluster ") && its[0].contains("members, or who may be one"), "{shown}");
        assert!(files.iter().all(|(name, _)| its[0].contains(name.as_str())), "{shown}");
        assert!(others.into_iter().all(|(name, _)| !its[0].contains(name.as_str())), "{shown}");
    }
}

#[test]
fn each_gives_a_line_for_an_input_and_none_for_the_archives_in_it() {
    let archives = packed(&nodes("lab-partition-3.5.30"));
    let at = TempDir::new().unwrap();
    let ticket = &write(&at, &vec![("ticket.zip".into(), zip(&archives, CompressionMethod::Deflated))])[0];
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage"))
        .args(["analyze", "--each", "fixtures/lab-idle-3.5.1"])
        .arg(ticket)
        .output()
        .unwrap();
    let lines: Vec<Value> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["diagnosis"], plain(std::slice::from_ref(ticket)));
}

#[test]
fn a_bundle_twice_under_two_names_counts_once() {
    let archives = packed(&nodes("lab-client-refused-3.5.30"));
    let name = |(path, bytes): &(String, Vec<u8>)| (format!("copies/{path}"), bytes.clone());
    let twice: Files = archives.iter().cloned().chain(archives.iter().map(name)).collect();
    let at = TempDir::new().unwrap();
    let inputs = write(&at, &vec![("once.tar".into(), tar(&archives)), ("twice.tar".into(), tar(&twice))]);
    let (once, again) = (plain(&inputs[..1]), plain(&inputs[1..]));
    assert_eq!((&once["id"], &once["input"]["digest"]), (&again["id"], &again["input"]["digest"]));
    assert_eq!(once["coverage"]["artifacts"], again["coverage"]["artifacts"]);
    let unread = again["coverage"]["unread"].to_string();
    assert_eq!(unread.matches("it holds the same as").count(), 3, "{unread}");
}

#[test]
fn what_a_ticket_lacks_is_told_once_and_with_paths_that_lead_there() {
    let (_, bundle) = &nodes("lab-snap-corrupt-3.5.1")[0];
    let without = |end: &str| -> Files { bundle.iter().filter(|(path, _)| !path.ends_with(end)).cloned().collect() };
    let archives: Files = vec![
        ("a.tar".into(), tar(&without("etcdctl/member-list.json"))),
        ("b.tar".into(), tar(&[without("etcdctl/member-list.json"), vec![("notes.txt".into(), b"nothing\n".to_vec())]].concat())),
        ("call.txt".into(), b"hallo\n".to_vec()),
    ];
    let at = TempDir::new().unwrap();
    let ticket = write(&at, &vec![("ticket.zip".into(), zip(&archives, CompressionMethod::Deflated))]);
    let told = &plain(&ticket)["coverage"];
    let gaps: Vec<&str> = told["gaps"].as_array().unwrap().iter().map(|gap| gap.as_str().unwrap()).collect();
    assert!(gaps.iter().any(|gap| gap.contains("b.tar/notes.txt") && gap.contains(" call.txt")), "{gaps:?}");
    let mut once = gaps.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), gaps.len(), "{gaps:?}");
}
