//! What each form loses of each recording, and for want of which artifact: `lost.tsv` holds it recording by recording, so that none can get
//! worse behind the exception of another. That the artifact is the reason is tried: with it the diagnosis is there.

use std::{collections::BTreeMap, fs};

use etcd_triage::diagnosis::Diagnosis;

use super::{
    diagnose,
    recording::{Files, Recording},
    shown,
    table::{Shown, Table},
};

const FILE: &str = "tests/foreign/lost.tsv";

/// A kind of artifact that our own bundles hold: what it is called, and its paths below `nodes/NODE/`.
const ARTIFACTS: &[(&str, &[&str])] = &[
    ("logs", &["journal/etcd.log", "journal/etcd.history.log", "journal/etcd.history-after.log"]),
    ("metrics", &["metrics/"]),
    ("data-dir", &["host/data-dir.txt"]),
    ("kernel", &["journal/kernel.log"]),
    ("answers", &["etcdctl/"]),
    ("http", &["http/"]),
    (
        "host",
        &[
            "host/df",
            "host/mem",
            "host/ps",
            "host/stat",
            "host/disk",
            "host/pressure",
            "host/etcd",
            "host/limits",
            "host/mounts",
            "host/uptime",
        ],
    ),
];

/// What became of a recording's diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) shown: Shown,
    /// The code that our own bundle has first.
    pub(super) code: String,
    /// The artifacts that bring it back; `all` where it takes more than two of them.
    pub(super) wants: String,
}

/// By form and recording.
pub(super) type Losses = BTreeMap<(String, String), Lost>;

/// The losses that are known.
pub(super) fn known() -> Losses {
    let text = fs::read_to_string(FILE).unwrap();
    let row = |line: &str| {
        let [form, recording, how, code, wants] = line.split('\t').collect::<Vec<_>>().try_into().expect(line);
        let shown = if how == "not" { Shown::Not } else { Shown::Otherwise };
        ((form.to_owned(), recording.to_owned()), Lost { shown, code: code.to_owned(), wants: wants.to_owned() })
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// Writes the losses that were found.
pub(super) fn write(losses: &Losses) {
    let mut text = "# form, recording, how it is shown, the recording's code, artifacts that bring it back\n".to_owned();
    for ((form, recording), lost) in losses {
        let how = if lost.shown == Shown::Not { "not" } else { "otherwise" };
        text += &format!("{form}\t{recording}\t{how}\t{}\t{}\n", lost.code, lost.wants);
    }
    fs::write(FILE, text).unwrap();
}

/// The same by form and code, as the page has it.
pub(super) fn by_code(losses: &Losses) -> Table {
    let mut table = Table::new();
    for ((form, _), lost) in losses {
        table.entry(form.clone()).or_default().entry(lost.shown).or_default().insert(lost.code.clone());
    }
    table
}

/// Whether a text is a log of etcd: our own one takes its place, or lines would count twice.
fn is_log(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    ["\"caller\":\"", " I | ", " W | ", " C | "].iter().any(|words| text.contains(words)) || text.contains("etcd[")
}

/// The evidence of a form with artifacts of our own bundles beside it.
fn with(recording: &Recording, flat: &Files, names: &[&str]) -> Files {
    let replaces_logs = names.contains(&"logs");
    let mut files: Files = flat.iter().filter(|(_, bytes)| !(replaces_logs && is_log(bytes))).cloned().collect();
    let paths = ARTIFACTS.iter().filter(|(name, _)| names.contains(name)).flat_map(|(_, paths)| *paths);
    for path in paths {
        let is_its = |below: &str| below.starts_with(path);
        let added = recording.native.iter().filter_map(|(path, bytes)| {
            let (_, below) = path.split_once("/nodes/")?;
            let (_, rest) = below.split_once('/')?;
            is_its(rest).then(|| (format!("own/nodes/{below}"), bytes.clone()))
        });
        files.extend(added);
    }
    files
}

/// Whether these artifacts bring the diagnosis back.
pub(super) fn brings_back(recording: &Recording, native: &Diagnosis, flat: &Files, wants: &str) -> bool {
    let names: Vec<&str> = wants.split(" + ").collect();
    shown(native, &diagnose(vec![with(recording, flat, &names)])) == Shown::Same
}

/// The fewest artifacts that bring the diagnosis back.
pub(super) fn wants(recording: &Recording, native: &Diagnosis, flat: &Files) -> String {
    let names = || ARTIFACTS.iter().map(|(name, _)| (*name).to_owned());
    let pairs = || names().enumerate().flat_map(|(at, one)| names().skip(at + 1).map(move |other| format!("{one} + {other}")));
    let found = names().chain(pairs()).find(|wants| brings_back(recording, native, flat, wants));
    found.unwrap_or_else(|| "all".to_owned())
}
