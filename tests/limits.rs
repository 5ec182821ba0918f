//! The limits on bytes, which nothing small comes to: held with small ones, through each door of evidence; and that those which count are the ones
//! that the documents name.

#![expect(
    clippy::disallowed_methods,
    reason = "inputs are made here, and one is handed to a process of its own on standard input"
)]

use std::{
    env, fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
};
use tempfile::TempDir;
use zip::CompressionMethod;

mod archives;

use archives::{Files, folder, gzip, tar, zip};

/// Bytes of each log, of one that is read in full and of all that are.
const LOG: usize = 60_000;
const ENTRY: u64 = 50_000;
const TOTAL: u64 = 100_000;

/// What was not read: paths and reasons.
type Unread = Vec<(String, String)>;

fn log() -> Vec<u8> {
    let line = |n: usize| format!("2026-11-22 15:46:38.{n:06} I | mvcc: store.index: compact {}\n", n * 7919 % 100_003);
    let mut text: Vec<u8> = (0..).flat_map(|n| line(n).into_bytes()).take(LOG - 1).collect();
    text.push(b'\n');
    text
}

fn logs() -> Files {
    [1, 2, 3].map(|n| (format!("db-{n}/etcd.log"), log())).into()
}

fn of_entries() -> Limits {
    Limits { entry_bytes: ENTRY, ..Limits::default() }
}

fn of_all() -> Limits {
    Limits { total_bytes: TOTAL, ..Limits::default() }
}

fn unread(input: Input, limits: &Limits) -> Unread {
    let evidence = analyze::read(&[input], limits).expect("the input can be opened");
    evidence.unread.into_iter().map(|unread| (unread.path.raw().to_owned(), unread.why)).collect()
}

/// The doors but standard input, each with the same logs behind it, and what stands before their paths.
fn doors(at: &TempDir) -> Vec<(&'static str, Input, &'static str)> {
    let files = logs();
    let written = |name: &str, bytes: Vec<u8>| -> PathBuf {
        let path = at.path().join(name);
        fs::write(&path, bytes).expect("a file can be written");
        path
    };
    let within = vec![
        ("ticket/case.zip".to_owned(), zip(&files, CompressionMethod::Deflated)),
        ("ticket/mail.txt".to_owned(), b"see the archive\n".to_vec()),
    ];
    vec![
        ("folder", Input::Path(folder(&at.path().join("folder"), &files)), ""),
        ("tar", Input::Path(written("a.tar", tar(&files))), ""),
        ("tar.gz", Input::Path(written("b.tar.gz", gzip(&tar(&files)))), ""),
        ("zip", Input::Path(written("c.zip", zip(&files, CompressionMethod::Deflated))), ""),
        ("stored zip", Input::Path(written("d.zip", zip(&files, CompressionMethod::Stored))), ""),
        ("zip in zip", Input::Path(written("e.zip", zip(&within, CompressionMethod::Deflated))), "case.zip/"),
        ("zip in tar.gz", Input::Path(written("f.tar.gz", gzip(&tar(&within)))), "case.zip/"),
    ]
}

#[test]
fn an_entry_that_is_too_long_is_read_up_to_the_limit_and_named() {
    let at = TempDir::new().expect("a folder");
    for (door, input, before) in doors(&at) {
        let unread = unread(input, &of_entries());
        for n in 1..=3 {
            let path = format!("{before}db-{n}/etcd.log");
            let why = unread.iter().find(|(named, _)| *named == path).map(|(_, why)| why.as_str());
            let is_told = why.is_some_and(|why| why.contains("it is longer than 50000 bytes"));
            assert!(is_told, "{door}: {path} is not told to be cut off: {unread:?}");
        }
        assert_eq!(unread.len(), 3, "{door}: {unread:?}");
    }
}

#[test]
fn beyond_what_comes_out_of_an_input_the_entry_that_was_cut_off_is_named_and_the_rest_is_not_read() {
    let at = TempDir::new().expect("a folder");
    for (door, input, before) in doors(&at) {
        for threads in [1, 2] {
            let unread = unread(input.clone(), &Limits { threads, ..of_all() });
            // An archive within is cut off together with the entry in it.
            let cut: Vec<&str> = unread
                .iter()
                .filter(|(path, why)| path.ends_with(".log") && why.contains("more than 100000 bytes come out of the input"))
                .map(|(path, _)| path.as_str())
                .collect();
            let logs = ["db-1", "db-2"].map(|node| format!("{before}{node}/etcd.log"));
            assert!(cut.len() == 1 && logs.iter().any(|log| cut == [log]), "{door}, {threads} threads: {unread:?}");
            let is_rest_told = unread.iter().any(|(_, why)| why.ends_with("come out of the input: the rest was not read"));
            assert!(is_rest_told, "{door}, {threads} threads: {unread:?}");
        }
    }
}

#[test]
fn within_the_limits_nothing_is_cut_off() {
    let at = TempDir::new().expect("a folder");
    let wide = Limits { entry_bytes: LOG as u64, total_bytes: 5 * LOG as u64, ..Limits::default() };
    for (door, input, _) in doors(&at) {
        let unread = unread(input, &wide);
        assert!(unread.is_empty(), "{door}: {unread:?}");
    }
}

/// The name of a file into which a process of its own says what it did not read of its standard input, and the limit.
const ANSWER: &str = "ETCD_TRIAGE_ANSWER";
const LIMIT: &str = "ETCD_TRIAGE_LIMIT";

#[test]
#[ignore = "it reads standard input, for the test below"]
fn standard_input_is_read_under_a_limit() {
    let Some(answer) = env::var_os(ANSWER) else { return };
    let limits = if env::var_os(LIMIT).is_some_and(|limit| limit == "entry") { of_entries() } else { of_all() };
    let said: String = unread(Input::Stdin, &limits).into_iter().map(|(path, why)| format!("{path}: {why}\n")).collect();
    fs::write(answer, said).expect("the answer can be written");
}

/// What is said of these bytes on standard input.
fn of_stdin(bytes: &[u8], limit: &str) -> String {
    let at = TempDir::new().expect("a folder");
    let answer = at.path().join("answer");
    let mut reader = Command::new(env::current_exe().expect("this test is a program"))
        .args(["--exact", "standard_input_is_read_under_a_limit", "--ignored"])
        .env(ANSWER, &answer)
        .env(LIMIT, limit)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the test can be started");
    // Who has read enough closes the pipe.
    let _ = reader.stdin.take().expect("a pipe").write_all(bytes);
    assert!(reader.wait().expect("it ends").success(), "standard input was not read");
    fs::read_to_string(answer).expect("it was answered")
}

#[test]
fn what_comes_on_standard_input_is_cut_off_in_the_same_way() {
    let archive = gzip(&tar(&logs()));
    let said = of_stdin(&archive, "entry");
    for n in 1..=3 {
        let is_told = |line: &str| line.starts_with(&format!("db-{n}/etcd.log: ")) && line.contains("longer than 50000 bytes");
        assert!(said.lines().any(is_told), "{said}");
    }
    let said = of_stdin(&archive, "all");
    let is_told = |line: &str| line.starts_with("db-2/etcd.log: ") && line.contains("more than 100000 bytes come out");
    assert!(said.lines().any(is_told) && said.contains("the rest was not read"), "{said}");
    // A text has no name.
    let said = of_stdin(&log(), "entry");
    assert!(said.starts_with("input: ") && said.contains("longer than 50000 bytes"), "{said}");
    let said = of_stdin(&log().repeat(2), "all");
    assert!(said.contains("input: ") && said.contains("more than 100000 bytes come out"), "{said}");
}

#[test]
fn the_limits_that_count_are_those_of_the_documents() {
    let page = fs::read_to_string("docs/hostile-input.md").expect("the page");
    let Limits {
        entries,
        path_bytes,
        paths_bytes,
        header_bytes,
        line_bytes,
        entry_bytes,
        total_bytes,
        ratio,
        free_bytes,
        held_bytes,
        ..
    } = Limits::default();
    let told = |bytes: u64| {
        let (unit, name) = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
            .into_iter()
            .find(|(unit, _)| bytes.is_multiple_of(*unit))
            .expect("a round number");
        format!("{} {name}", bytes / unit)
    };
    let small = |bytes: usize| told(bytes as u64);
    assert_eq!(entries, 100_000);
    for row in [
        "| entries of one input | 100 000 |".to_owned(),
        format!("| all paths together | {} |", small(paths_bytes)),
        format!("| a path | {} (", small(path_bytes)),
        format!("| a long name or PAX records of an entry | {} |", told(header_bytes)),
        format!("| an entry, unpacked | {} |", told(entry_bytes)),
        format!("| an input, unpacked | {} |", told(total_bytes)),
        format!("| growth of an input by unpacking, from {} on | {ratio} times |", told(free_bytes)),
        format!("| a line | {} |", small(line_bytes)),
        format!("| a zip archive in an archive, held in memory | {} for", told(held_bytes)),
    ] {
        assert!(page.contains(&row), "docs/hostile-input.md has no row that begins with: {row}");
    }
}
