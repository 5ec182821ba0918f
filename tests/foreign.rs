//! Other people's bundles: a recording in the form of another project gets the diagnosis that it gets in ours.

#![expect(clippy::disallowed_methods, reason = "recordings are read from `fixtures/`")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test, with its place")]

#[path = "foreign/answers.rs"]
mod answers;
#[path = "foreign/counts.rs"]
mod counts;
#[path = "foreign/forms.rs"]
mod forms;
#[path = "foreign/orders.rs"]
mod orders;
#[path = "foreign/recording.rs"]
mod recording;
#[path = "foreign/stored.rs"]
mod stored;
#[path = "foreign/table.rs"]
mod table;
#[path = "foreign/traps.rs"]
mod traps;

use std::{collections::BTreeSet, env, fs, thread};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Diagnosis, Finding, Severity},
    words::EN,
};
use forms::{FORMS, Form};
use recording::{Files, Recording};
use table::{Shown, Table};

fn recordings() -> Vec<String> {
    let names = fs::read_dir("fixtures").unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("lab-")).collect();
    names.sort();
    names
}

fn diagnose(inputs: Vec<Files>) -> Diagnosis {
    let inputs: Vec<Input> = inputs.into_iter().map(Input::Memory).collect();
    analyze::analyze(&inputs, &Limits::default(), &EN).unwrap()
}

/// The findings that count: code, members, how often.
fn told(diagnosis: &Diagnosis) -> BTreeSet<(String, Vec<String>, Option<u64>)> {
    let of = |f: &Finding| {
        let members = f.members.iter().map(|member| member.raw().to_owned()).collect();
        (f.code.to_string(), members, f.count)
    };
    diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info).map(of).collect()
}

/// How a form shows a recording. A further symptom that a cause accounts for makes it no other diagnosis.
fn shown(native: &Diagnosis, form: &Diagnosis) -> Shown {
    let primary = native.verdict.primary.map(|code| code.to_string());
    let (wanted, got) = (told(native), told(form));
    let is_accounted = |code: &str| form.findings.iter().any(|f| f.code.to_string() == code && f.explained_by.is_some());
    let is_same = native.verdict.primary == form.verdict.primary
        && native.verdict.also == form.verdict.also
        && wanted.is_subset(&got)
        && got.difference(&wanted).all(|(code, ..)| is_accounted(code));
    if is_same {
        Shown::Same
    } else if form.verdict.primary == native.verdict.primary || got.iter().any(|(code, ..)| Some(code) == primary.as_ref()) {
        Shown::Otherwise
    } else {
        Shown::Not
    }
}

/// The same files, each in the folder of the node whose it is, as our own layout has it, under names that say nothing else.
fn plain(recording: &Recording, inputs: &[Files]) -> Files {
    let is_one_each = inputs.len() == recording.nodes.len();
    let mut all: Vec<_> =
        inputs.iter().enumerate().flat_map(|(at, input)| input.iter().map(move |(path, bytes)| (at, path, bytes))).collect();
    // In the order in which the form's own paths are read.
    all.sort_by_key(|(at, path, _)| (*at, path.as_str()));
    let flat = |(n, (at, path, bytes)): (usize, (usize, &String, &Vec<u8>))| {
        let named = recording.nodes.iter().find(|node| path.contains(&node.name));
        let node = named.or_else(|| recording.nodes.get(at).filter(|_| is_one_each));
        let folder = node.map_or("asked".to_owned(), |node| format!("nodes/{}", node.name));
        let name = path.rsplit('/').next().unwrap();
        let name = recording.nodes.iter().fold(name.to_owned(), |name, node| name.replace(&node.name, "x"));
        let before = if path.contains("previous") { ".previous" } else { "" };
        (format!("{n:04}/{folder}/{name}{before}"), bytes.clone())
    };
    all.into_iter().enumerate().map(flat).collect()
}

/// What a recording comes to in a form, or what is wrong with it.
fn hold(recording: &Recording, native: &Diagnosis, form: &Form) -> Result<Option<Shown>, String> {
    let inputs = (form.make)(recording);
    if inputs.is_empty() {
        return Ok(None);
    }
    let flat = diagnose(vec![plain(recording, &inputs)]);
    let got = diagnose(inputs);
    if got.input.layout != form.layout {
        return Err(format!("is taken for {}", got.input.layout));
    }
    if told(&flat) != told(&got) || flat.verdict.primary != got.verdict.primary {
        let (a, b) = (told(&flat), told(&got));
        return Err(format!(
            "the layout changes findings: {:?} {a:?}, in the form {:?} {b:?}",
            flat.verdict.primary, got.verdict.primary
        ));
    }
    Ok(Some(shown(native, &got)))
}

/// A recording, its primary code in our own form, a form, and what it comes to there.
type Held = (String, String, &'static str, Result<Option<Shown>, String>);

/// Every so many recordings in each run; all of them, which takes minutes, where `ETCD_TRIAGE_ALL` is set.
const STEP: usize = 37;

#[test]
fn a_recording_in_each_form_has_the_diagnosis_of_our_own_form_or_stands_in_the_table() {
    let all = env::var_os("ETCD_TRIAGE_ALL").is_some();
    let only = env::var("ETCD_TRIAGE_ONLY").unwrap_or_default();
    let names = recordings().into_iter().filter(|name| name.contains(&only));
    let names: Vec<String> = names.step_by(if all { 1 } else { STEP }).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let of = |name: &String| -> Vec<Held> {
        let recording = Recording::read(name);
        let native = diagnose(vec![recording.native.clone()]);
        let code = native.verdict.primary.map_or("nothing".to_owned(), |code| code.to_string());
        FORMS.iter().map(|form| (name.clone(), code.clone(), form.name, hold(&recording, &native, form))).collect()
    };
    let found: Vec<_> = thread::scope(|scope| {
        let part = |n: usize| names.iter().skip(n).step_by(workers).flat_map(of).collect::<Vec<_>>();
        let started: Vec<_> = (0..workers).map(|n| scope.spawn(move || part(n))).collect();
        started.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let mut seen = Table::new();
    let mut wrong = Vec::new();
    for (name, code, form, result) in found {
        match result {
            Ok(Some(Shown::Same) | None) => {}
            Ok(Some(shown)) => drop(seen.entry(form.to_owned()).or_default().entry(shown).or_default().insert(code)),
            Err(why) => wrong.push(format!("{name} as {form}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if all && env::var_os("ETCD_TRIAGE_WRITE").is_some() {
        table::write(&seen, &FORMS.iter().map(|form| form.name).collect::<Vec<_>>());
    }
    let page = table::of_page();
    let told = |table: &Table| -> BTreeSet<(String, Shown, String)> {
        let rows = table.iter().flat_map(|(form, row)| row.iter().map(move |(shown, codes)| (form, shown, codes)));
        rows.flat_map(|(form, shown, codes)| codes.iter().map(move |code| (form.clone(), *shown, code.clone()))).collect()
    };
    let (seen, page) = (told(&seen), told(&page));
    let missing: Vec<_> = seen.difference(&page).collect();
    assert!(missing.is_empty(), "docs/foreign-bundles.md does not say: {missing:#?}");
    let stale: Vec<_> = page.difference(&seen).filter(|_| all).collect();
    assert!(stale.is_empty(), "docs/foreign-bundles.md says, and it is not so: {stale:#?}");
}
