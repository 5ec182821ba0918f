//! The order of paths decides nothing: the same files under folders that turn the order around say the same.

use std::{collections::BTreeSet, env, thread};

use etcd_triage::diagnosis::{Diagnosis, Finding};

use super::{
    diagnose,
    forms::FORMS,
    plain,
    recording::{Files, Recording},
    recordings,
};

/// All that a diagnosis says but for paths: the verdict, who is a member, and each finding with its members, counts and state.
fn said(diagnosis: &Diagnosis, named: impl Fn(&str) -> String) -> Vec<String> {
    let members = |finding: &Finding| finding.members.iter().map(|member| named(member.raw())).collect::<BTreeSet<_>>();
    let of = |f: &Finding| format!("{} of {:?}, {:?} times, {:?}, {:?}", f.code, members(f), f.count, f.state, f.severity);
    let verdict = format!("{:?} and {:?}, {:?}", diagnosis.verdict.primary, diagnosis.verdict.also, diagnosis.verdict.impact);
    let who = diagnosis.members.iter().map(|member| named(&format!("{member:?}")));
    std::iter::once(verdict).chain(who).chain(diagnosis.findings.iter().map(of)).collect()
}

/// The files with a folder in front of each, so that what came first comes last: as a whole where they lie in the folders of bundles.
fn turned(files: &Files, group: fn(&str) -> &str) -> Files {
    let mut groups: Vec<&str> = files.iter().map(|(path, _)| group(path)).collect();
    groups.sort_unstable();
    groups.dedup();
    let place = |path: &str| 9999 - groups.iter().position(|other| *other == group(path)).unwrap();
    files.iter().map(|(path, bytes)| (format!("{:04}/{path}", place(path)), bytes.clone())).collect()
}

/// What a node is called instead: the first one becomes the last.
fn other_name(name: &str) -> String {
    let (before, letter) = name.split_at(name.len() - 1);
    let letter = u32::from('a') + u32::from('z') - u32::from(letter.chars().next().unwrap());
    format!("{before}{}", char::from_u32(letter).unwrap())
}

/// A text with another name in the place of a whole name: `etcd-e` also begins in `etcd-etcd-a`.
fn replaced(text: &str, name: &str, other: &str) -> String {
    let mut parts = text.split(name);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out += if part.starts_with(|c: char| c.is_ascii_alphanumeric()) { name } else { other };
        out += part;
    }
    out
}

/// Files in which `etcd-a` is called `etcd-z`, `etcd-b` `etcd-y`, in all paths and all texts.
fn renamed(files: &Files, nodes: &[String]) -> Files {
    let others = |text: &str| nodes.iter().fold(text.to_owned(), |text, name| replaced(&text, name, &other_name(name)));
    files.iter().map(|(path, bytes)| (others(path), others(std::str::from_utf8(bytes).unwrap()).into_bytes())).collect()
}

/// The names as they were.
fn named_back(line: &str, nodes: &[String]) -> String {
    nodes.iter().fold(line.to_owned(), |line, name| replaced(&line, &other_name(name), name))
}

/// What two diagnoses say otherwise.
fn differences(name: &str, one: &[String], other: &[String]) -> Vec<String> {
    let only = |mark: &'static str, these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).map(|line| format!("{name}: {mark} {line}")).collect()
    };
    [only("-", one, other), only("+", other, one)].concat()
}

fn of_recording(name: &String) -> Vec<String> {
    fn top(path: &str) -> &str {
        path.split_once('/').map_or(path, |(top, _)| top)
    }
    let recording = Recording::read(name);
    let nodes: Vec<String> = recording.nodes.iter().map(|node| node.name.clone()).collect();
    let as_told = |inputs: Vec<Files>| said(&diagnose(inputs), str::to_owned);
    let under_other_names = |inputs: &[Files]| {
        let diagnosis = diagnose(inputs.iter().map(|files| renamed(files, &nodes)).collect());
        said(&diagnosis, |line| named_back(line, &nodes))
    };
    let native = vec![recording.native.clone()];
    let expected = as_told(native.clone());
    let mut wrong = differences(&format!("{name}, turned"), &expected, &as_told(vec![turned(&recording.native, top)]));
    wrong.extend(differences(&format!("{name}, renamed"), &expected, &under_other_names(&native)));
    for form in FORMS {
        let inputs = (form.make)(&recording);
        if inputs.is_empty() {
            continue;
        }
        let flat = plain(&recording, &inputs);
        let back = as_told(vec![turned(&flat, |path| path)]);
        wrong.extend(differences(&format!("{name} as {}, turned", form.name), &as_told(vec![flat]), &back));
        let other = under_other_names(&inputs);
        wrong.extend(differences(&format!("{name} as {}, renamed", form.name), &as_told(inputs), &other));
    }
    wrong
}

#[test]
fn folders_and_names_that_turn_the_order_of_paths_around_change_nothing_that_is_said() {
    let step = env::var("ETCD_TRIAGE_STEP").map_or(29, |step| step.parse().unwrap());
    let only = env::var("ETCD_TRIAGE_ONLY").unwrap_or_default();
    let names: Vec<String> = recordings().into_iter().filter(|name| name.contains(&only)).step_by(step).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let wrong: Vec<String> = thread::scope(|scope| {
        let part = |n: usize| names.iter().skip(n).step_by(workers).flat_map(of_recording).collect::<Vec<_>>();
        let started: Vec<_> = (0..workers).map(|n| scope.spawn(move || part(n))).collect();
        started.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
