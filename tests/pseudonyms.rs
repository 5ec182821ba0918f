//! Pseudonyms change no diagnosis: each recording is analysed as it is and with pseudonyms, and the second report, turned back, is the first.

#![expect(clippy::disallowed_methods, reason = "recordings are read from `fixtures/`")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test, with its place")]

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits, Manifest},
    redact::{Hide, Masks, recognise},
    render,
    words::EN,
};
use serde_json::Value;

type Files = Vec<(String, Vec<u8>)>;

/// The files of a recording, those of all its nodes.
fn files_of(fixture: &Path) -> Files {
    let archive = fs::File::open(fixture.join("input.tar.gz")).unwrap();
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(archive));
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        Read::read_to_end(&mut entry, &mut bytes).unwrap();
        entry.header().entry_type().is_file().then_some((path, bytes))
    };
    archive.entries().unwrap().filter_map(read).collect()
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|b| *b == b'\n')
}

/// As `collect --redact` does it: learn from all, then replace in all.
fn learnt(files: &Files) -> Masks {
    let mut masks = Masks::new([Hide::Addresses, Hide::Hosts, Hide::Names]);
    for (path, bytes) in files {
        masks.learn(path.as_bytes());
        lines(bytes).for_each(|line| masks.learn(line));
        if path.ends_with("manifest.json") {
            let manifest = Manifest::read(&String::from_utf8_lossy(bytes)).unwrap().unwrap();
            masks.learn_host(&manifest.host);
        }
    }
    masks.settle();
    masks
}

fn masked(masks: &Masks, files: &Files) -> Files {
    let mask = |text: &[u8]| masks.mask(text, &mut BTreeMap::new()).into_owned();
    let mut files: Files = files
        .iter()
        .map(|(path, bytes)| {
            let path = String::from_utf8(mask(path.as_bytes())).unwrap();
            (path, lines(bytes).flat_map(mask).collect())
        })
        .collect();
    // A manifest has the lengths of what it stands beside.
    let lengths: BTreeMap<String, u64> = files.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect();
    for (path, bytes) in files.iter_mut().filter(|(path, _)| path.ends_with("manifest.json")) {
        let mut manifest = Manifest::read(&String::from_utf8_lossy(bytes)).unwrap().unwrap();
        manifest.host = masks.host(&manifest.host);
        for row in &mut manifest.rows {
            let below = path.strip_suffix("manifest.json").unwrap();
            let length = |path: &str| lengths.get(&format!("{below}{path}")).copied();
            row.bytes = row.bytes.and_then(|_| length(&row.path));
            row.sha256 = None;
            let stderr = length(&format!("{}.stderr", row.path));
            if let (Some(stderr), Some(bytes)) = (&mut row.stderr, stderr) {
                stderr.bytes = bytes;
            }
        }
        *bytes = manifest.to_text().unwrap().into_bytes();
    }
    files
}

fn report(files: Files) -> (String, Value) {
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).unwrap();
    let (mut text, mut json) = (Vec::new(), Vec::new());
    render::text::write(&diagnosis, &EN, 100, &mut text).unwrap();
    render::json::write(&diagnosis, &mut json).unwrap();
    (String::from_utf8(text).unwrap(), serde_json::from_slice(&json).unwrap())
}

fn unmasked(masks: &Masks, text: &str) -> String {
    String::from_utf8(lines(text.as_bytes()).flat_map(|line| masks.unmask(line).into_owned()).collect()).unwrap()
}

/// What a report may have otherwise: sums over the very bytes, where a long line is cut when it is quoted, and the order of members where some are
/// called as their hosts are and others are not.
fn without_sums(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for name in ["id", "digest"] {
                if object.get(name).is_some_and(|value| value.as_str().is_some_and(|text| matches!(text.len(), 12 | 64))) {
                    object.remove(name);
                }
            }
            if let Some(Value::String(excerpt)) = object.get_mut("excerpt") {
                *excerpt = excerpt.chars().take(150).collect();
            }
            if let Some(Value::Array(members)) = object.get_mut("members") {
                members.sort_by_key(|member| member["key"].as_str().map(str::to_owned));
            }
            object.values_mut().for_each(without_sums);
        }
        Value::Array(list) => list.iter_mut().for_each(without_sums),
        _ => {}
    }
}

/// All that goes wrong with a recording.
fn complaints(fixture: &Path) -> Vec<String> {
    let files = files_of(fixture);
    let masks = learnt(&files);
    let shared = masked(&masks, &files);
    let mut said = Vec::new();
    for (path, bytes) in &shared {
        for (at, line) in lines(bytes).enumerate() {
            if let Some(detector) = recognise(line) {
                said.push(format!("{path}:{}: {detector}: {}", at + 1, String::from_utf8_lossy(line)));
            }
        }
    }
    if masked(&masks, &shared) != shared {
        said.push("a second pass changes something".to_owned());
    }
    let (_, mut plain) = report(files.clone());
    let (_, hidden) = report(shared);
    let mut back: Value = serde_json::from_str(&unmasked(&masks, &hidden.to_string())).unwrap();
    without_sums(&mut plain);
    without_sums(&mut back);
    if plain != back {
        let (plain, back) = (format!("{plain:#}"), format!("{back:#}"));
        let differs = plain.lines().zip(back.lines()).filter(|(a, b)| a != b).take(3);
        said.extend(differs.map(|(a, b)| format!("\n    {a}\n    {b}")));
        if said.is_empty() {
            said.push("the reports differ".to_owned());
        }
    }
    said
}

fn recordings() -> Vec<PathBuf> {
    let entries = fs::read_dir("fixtures").unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.join("input.tar.gz").exists()).collect();
    all.sort();
    all
}

/// Holds recordings to it, on all processors: each is analysed twice.
fn hold(recordings: &[PathBuf]) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = |n: usize| recordings.iter().skip(n).step_by(threads);
    let of = |path: &PathBuf| complaints(path).into_iter().map(|said| format!("{}: {said}", path.display())).collect::<Vec<_>>();
    let told: Vec<String> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|n| scope.spawn(move || part(n).flat_map(of).collect::<Vec<_>>())).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

/// Every so many recordings; all of them, which takes minutes, where `ETCD_TRIAGE_ALL` is set.
const STEP: usize = 8;

#[test]
#[ignore = "takes a minute: tests/run does it"]
fn recordings_of_all_kinds_have_the_same_report_with_pseudonyms() {
    let all = recordings();
    assert!(all.len() > 100);
    let step = if std::env::var_os("ETCD_TRIAGE_ALL").is_some() { 1 } else { STEP };
    hold(&all.into_iter().step_by(step).collect::<Vec<_>>());
}

#[test]
fn some_recordings_have_the_same_report_with_pseudonyms() {
    // Names in certificates and in name servers, members by address alone, logs of old and new versions, one member alone.
    let some = [
        "tls-3.5.30",
        "names-gone-3.3.25",
        "bootstrapped-3.3.25",
        "partition-follower-3.4.23",
        "quorum-lost-3.5.1",
        "clock-behind-3.3.25",
    ];
    let some: Vec<PathBuf> = some.iter().map(|name| PathBuf::from(format!("fixtures/lab-{name}"))).collect();
    hold(&some);
}
