//! What people attach and paste: parts of recordings of real clusters, under the names and in the company in which they reach a desk, each with what
//! must come out.

#![expect(clippy::disallowed_methods, reason = "these tests read fixtures, write attachments and run the program on them")]
#![expect(clippy::panic, clippy::indexing_slicing, reason = "what fails here fails the test, with the case's name")]

#[path = "attachments/cases.rs"]
mod cases;
#[path = "attachments/recording.rs"]
mod recording;
#[path = "attachments/screens.rs"]
mod screens;
#[path = "attachments/terminals.rs"]
mod terminals;

use std::{fs, path::Path, process::Command};

use cases::{CASES, Case};
use recording::Recording;
use serde_json::Value;

/// All cases.
fn all() -> impl Iterator<Item = &'static Case> {
    CASES.iter().chain(terminals::CASES).chain(screens::CASES)
}

/// Runs the program on what a case sends: a lone text where there is just one, else a folder. Gives the diagnosis, the exit code, and what
/// `inspect` says.
fn diagnose(case: &Case) -> (Value, i32, String) {
    let home = tempfile::tempdir().expect("a folder can be made");
    let sent = (case.sends)(&Recording::open(case.fixture));
    for (path, bytes) in &sent {
        let path = home.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder can be made");
        fs::write(path, bytes).expect("an attachment can be written");
    }
    let lone = match sent.as_slice() {
        [(path, _)] => home.path().join(path),
        _ => home.path().to_owned(),
    };
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
        command.args(words).arg(&lone).output().expect("the program can be started")
    };
    let output = run(&["analyze", "--format", "json"]);
    let text = String::from_utf8_lossy(&output.stdout);
    let diagnosis = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}: {text}", case.name));
    let inspected = if case.inspect.is_empty() { Vec::new() } else { run(&["inspect"]).stdout };
    (diagnosis, output.status.code().unwrap_or(-1), String::from_utf8_lossy(&inspected).into_owned())
}

fn strings<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.as_array().into_iter().flatten().filter_map(|row| row[key].as_str()).collect()
}

/// What differs from what must come out.
fn complaints(case: &Case) -> Vec<String> {
    let (diagnosis, code, inspected) = diagnose(case);
    let mut out = Vec::new();
    let mut holds = |is: bool, words: String| out.extend((!is).then_some(words));
    let primary = diagnosis["verdict"]["primary"].as_str();
    holds(primary == case.primary, format!("primary is {primary:?}, not {:?}", case.primary));
    let findings = diagnosis["findings"].as_array().cloned().unwrap_or_default();
    for (code, state, member) in case.findings {
        let is_it = |f: &Value| {
            f["code"] == *code && f["state"] == *state && f["members"].as_array().is_some_and(|m| m.iter().any(|k| k == member))
        };
        holds(findings.iter().any(is_it), format!("no {state} {code} of {member}: {findings:#?}"));
    }
    let of = |code: &str| findings.iter().find(|f| f["code"] == code).cloned().unwrap_or_default();
    for (code, count) in case.counts {
        let got = of(code)["count"].as_u64();
        holds(got == Some(*count), format!("{code} was seen {got:?} times, not {count}"));
    }
    for (code, first, last) in case.seen {
        let (finding, begins) = (of(code), |value: &Value, with: &str| value.as_str().is_some_and(|time| time.starts_with(with)));
        let (from, to) = (&finding["first_seen"], &finding["last_seen"]);
        holds(
            begins(from, first) && begins(to, last),
            format!("{code} was seen from {from} to {to}, not from {first} to {last}"),
        );
    }
    for words in case.inspect {
        holds(inspected.contains(words), format!("inspect does not say `{words}`: {inspected}"));
    }
    let members = strings(&diagnosis["members"], "key");
    for member in case.members {
        holds(members.contains(member), format!("no member {member} among {members:?}"));
    }
    let told = diagnosis.to_string();
    for words in case.says {
        holds(told.contains(words), format!("nothing says `{words}`: {told:.3000}"));
    }
    // A healthy verdict needs more than the absence of bad news.
    let is_unsure = primary.is_none() || diagnosis["verdict"]["confidence"] == "low";
    holds(!is_unsure || code == 3 || code == 1, format!("exit {code} though nothing is sure"));
    out.into_iter().map(|words| format!("{}: {words}", case.name)).collect()
}

#[test]
fn each_attachment_comes_out_as_it_must() {
    let complaints: Vec<String> = all().flat_map(complaints).collect();
    assert!(complaints.is_empty(), "\n- {}\n", complaints.join("\n- "));
    let mut names: Vec<&str> = all().map(|case| case.name).collect();
    assert!(names.len() >= 40, "{}", names.len());
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "a name stands twice");
}

#[test]
fn where_nothing_is_understood_there_is_no_verdict_and_a_word_on_what_would_help() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
    let home = tempfile::tempdir().expect("a folder can be made");
    fs::write(home.path().join("新建文本文档.txt"), "集群坏了, 请尽快处理!\nplease help, it is broken\n")
        .expect("a file can be written");
    fs::write(home.path().join("screen.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").expect("a file can be written");
    let output = command.args(["analyze", "--format", "json"]).arg(home.path()).output().expect("the program can be started");
    let diagnosis: Value = serde_json::from_slice(&output.stdout).expect("a diagnosis");
    assert_eq!(output.status.code(), Some(3));
    assert!(diagnosis["verdict"]["primary"].is_null(), "{diagnosis:#}");
    assert!(
        diagnosis["undecided"][0]["ask"].as_str().is_some_and(|ask| ask.contains("etcdctl endpoint health")),
        "{diagnosis:#}"
    );
    let unread = diagnosis["coverage"]["unread"].to_string();
    assert!(unread.contains("screen.png") && unread.contains("ask for the text"), "{unread}");
}
