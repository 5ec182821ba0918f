//! Other people's bundles: a recording in the form of another project gets the diagnosis that it gets in ours.

#![expect(clippy::disallowed_methods, reason = "recordings are read from `fixtures/`")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails the test, with its place")]

#[path = "foreign/answers.rs"]
mod answers;
#[path = "foreign/counts.rs"]
mod counts;
#[path = "foreign/forms.rs"]
mod forms;
#[path = "foreign/jq.rs"]
mod jq;
#[path = "foreign/kubespray.rs"]
mod kubespray;
#[path = "foreign/lost.rs"]
mod lost;
#[path = "foreign/one_text.rs"]
mod one_text;
#[path = "foreign/orders.rs"]
mod orders;
#[path = "foreign/packed.rs"]
mod packed;
#[path = "foreign/recording.rs"]
mod recording;
#[path = "foreign/reported.rs"]
mod reported;
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
use lost::{Losses, Lost};
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

/// What a form loses of a recording, or what is wrong with it. What brings it back is looked for where it is not known.
fn hold(recording: &Recording, native: &Diagnosis, form: &Form, known: Option<&Lost>) -> Result<Option<Lost>, String> {
    let inputs = (form.make)(recording);
    if inputs.is_empty() {
        return Ok(None);
    }
    let files = plain(recording, &inputs);
    let flat = diagnose(vec![files.clone()]);
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
    let shown = shown(native, &got);
    if shown == Shown::Same {
        return Ok(None);
    }
    let known = known.map(|lost| lost.wants.clone());
    let holds = |wants: &String| wants == "all" || lost::brings_back(recording, native, &files, wants);
    let wants = known.filter(holds).unwrap_or_else(|| lost::wants(recording, native, &files));
    let code = native.verdict.primary.map_or("nothing".to_owned(), |code| code.to_string());
    Ok(Some(Lost { shown, code, wants }))
}

/// A form, a recording, and what is lost of it there.
type Held = ((String, String), Result<Option<Lost>, String>);

/// Every so many recordings in each run; all of them, which takes minutes, where `ETCD_TRIAGE_ALL` is set.
const STEP: usize = 37;

#[test]
fn a_recording_in_each_form_has_the_diagnosis_of_our_own_form_or_it_is_known_what_the_form_lacks() {
    let all = env::var_os("ETCD_TRIAGE_ALL").is_some();
    let only = env::var("ETCD_TRIAGE_ONLY").unwrap_or_default();
    let names = recordings().into_iter().filter(|name| name.contains(&only));
    let names: Vec<String> = names.step_by(if all { 1 } else { STEP }).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let known = lost::known();
    let of = |name: &String| -> Vec<Held> {
        let recording = Recording::read(name);
        let native = diagnose(vec![recording.native.clone()]);
        let key = |form: &Form| (form.name.to_owned(), name.clone());
        FORMS.iter().map(|form| (key(form), hold(&recording, &native, form, known.get(&key(form))))).collect()
    };
    let held: Vec<Held> = thread::scope(|scope| {
        let part = |n: usize| names.iter().skip(n).step_by(workers).flat_map(of).collect::<Vec<_>>();
        let started: Vec<_> = (0..workers).map(|n| scope.spawn(move || part(n))).collect();
        started.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let (mut found, mut wrong) = (Losses::new(), Vec::new());
    for ((form, name), result) in held {
        match result {
            Ok(None) => {}
            Ok(Some(lost)) => drop(found.insert((form, name), lost)),
            Err(why) => wrong.push(format!("{name} as {form}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if all && env::var_os("ETCD_TRIAGE_WRITE").is_some() {
        lost::write(&found);
        table::write(&lost::by_code(&found), &FORMS.iter().map(|form| form.name).collect::<Vec<_>>());
    }
    let known: Losses = lost::known().into_iter().filter(|((_, name), _)| names.contains(name)).collect();
    let differ = |key: &&(String, String)| found.get(*key) != known.get(*key);
    let wrong: Vec<String> = found
        .keys()
        .chain(known.keys())
        .filter(differ)
        .map(|key| format!("{key:?}: {:?}, and lost.tsv says {:?}", found.get(key), known.get(key)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_page_says_of_each_form_what_is_lost_of_any_recording() {
    let rows = |table: &Table| -> BTreeSet<(String, Shown, String)> {
        let rows = table.iter().flat_map(|(form, row)| row.iter().map(move |(shown, codes)| (form, shown, codes)));
        rows.flat_map(|(form, shown, codes)| codes.iter().map(move |code| (form.clone(), *shown, code.clone()))).collect()
    };
    let (known, page) = (rows(&lost::by_code(&lost::known())), rows(&table::of_page()));
    let missing: Vec<_> = known.difference(&page).collect();
    assert!(missing.is_empty(), "docs/foreign-bundles.md does not say: {missing:#?}");
    let stale: Vec<_> = page.difference(&known).collect();
    assert!(stale.is_empty(), "docs/foreign-bundles.md says, and it is not so: {stale:#?}");
}
