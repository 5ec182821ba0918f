//! The analysis opens no socket, and needs no network: seen from outside, by the system calls of the program.

#![expect(clippy::disallowed_methods, reason = "this test runs the program under strace and unshare")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_etcd-triage");

fn evidence() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cloudos-wal-not-found");
    assert!(path.is_dir(), "the fixture fixtures/cloudos-wal-not-found is missing");
    path
}

fn run(program: &str, arguments: &[&str]) -> Output {
    let missing = format!("{program} cannot be started: run tests/run, which installs what the tests need");
    Command::new(program).args(arguments).output().expect(&missing)
}

fn printed(output: &Output) -> String {
    assert!(
        !output.stdout.is_empty(),
        "nothing was printed, and it ended with {:?}: {}",
        output.status.code(),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines of strace that tell of a call, and not of signals and ends.
fn calls(trace: &str) -> Vec<&str> {
    trace.lines().filter(|line| !line.contains("+++") && !line.contains("---")).collect()
}

/// What strace saw of a program's network calls.
fn traced(command: &[&str]) -> String {
    let at = TempDir::new().expect("a folder for the trace can be made");
    let file = at.path().join("trace");
    let file = file.to_string_lossy();
    let output = run("strace", &[&["-f", "-qq", "-e", "trace=network", "-o", &file, "--"], command].concat());
    printed(&output);
    fs::read_to_string(&*file).expect("strace wrote its trace")
}

#[test]
#[ignore = "needs strace and unshare; tests/run runs it"]
fn the_analysis_makes_no_call_that_concerns_the_network() {
    let evidence = evidence();
    for format in ["json", "text"] {
        let trace = traced(&[PROGRAM, "analyze", "--format", format, &evidence.to_string_lossy()]);
        assert_eq!(calls(&trace), Vec::<&str>::new(), "the program talked to the network");
    }
}

#[test]
#[ignore = "needs strace and unshare; tests/run runs it"]
fn a_program_that_opens_a_socket_is_seen() {
    let trace = traced(&["bash", "-c", "echo said; (exec 3<>/dev/udp/127.0.0.1/9) 2>/dev/null; true"]);
    assert!(calls(&trace).iter().any(|line| line.contains("socket(")), "strace did not see the socket of bash: {trace:?}");
}

#[test]
#[ignore = "needs strace and unshare; tests/run runs it"]
fn without_any_network_the_same_bytes_come_out() {
    let evidence = evidence();
    let evidence = evidence.to_string_lossy();
    for format in ["json", "text"] {
        let arguments = ["analyze", "--format", format, &*evidence];
        let with = run(PROGRAM, &arguments);
        let without = run("unshare", &[&["-rn", "--", PROGRAM][..], &arguments].concat());
        assert_eq!(printed(&without), printed(&with), "{}", String::from_utf8_lossy(&without.stderr));
        assert_eq!(without.status.code(), with.status.code());
    }
}
