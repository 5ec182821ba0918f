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

/// What strace saw of a program's calls of some kinds.
fn traced_for(kinds: &str, command: &[&str]) -> String {
    let at = TempDir::new().expect("a folder for the trace can be made");
    let file = at.path().join("trace");
    let file = file.to_string_lossy();
    let output = run("strace", &[&["-f", "-qq", "-e", &format!("trace={kinds}"), "-o", &file, "--"], command].concat());
    printed(&output);
    fs::read_to_string(&*file).expect("strace wrote its trace")
}

/// What strace saw of a program's network calls.
fn traced(command: &[&str]) -> String {
    traced_for("network", command)
}

#[test]
#[ignore = "needs strace and unshare; tests/run runs it"]
fn no_command_makes_a_call_that_concerns_the_network() {
    let evidence = evidence();
    let evidence = &*evidence.to_string_lossy();
    let home = TempDir::new().expect("a folder can be made");
    let (map, report) = (home.path().join("map.json"), home.path().join("report.txt"));
    fs::write(&map, r#"{"format":"etcd-triage/map/1"}"#).expect("a file can be written");
    fs::write(&report, "host-1 is down\n").expect("a file can be written");
    for command in [
        &["analyze", "--format", "json", evidence][..],
        &["analyze", "--format", "html", evidence],
        &["analyze", evidence],
        &["inspect", "--hashes", evidence],
        &["verify", evidence],
        &["explain", "wal.missing"],
        &["rules"],
        &["completions", "bash"],
        &["man"],
        &["unmask", &report.to_string_lossy(), "--map", &map.to_string_lossy()],
        &["collect", "--dry-run"],
        &["collect", "--print-script"],
    ] {
        let trace = traced(&[&[PROGRAM], command].concat());
        assert_eq!(calls(&trace), Vec::<&str>::new(), "{command:?} talked to the network");
    }
}

/// Places in a trace, line by line: of the last call that confines, and of the first that reads something of the evidence.
fn confined_and_read(trace: &str, evidence: &str) -> (Option<usize>, Option<usize>) {
    let is_confining = |line: &str| line.contains("landlock_restrict_self(") || line.contains("seccomp(SECCOMP_SET_MODE_FILTER");
    let is_reading = |line: &str| line.contains("openat(") && line.contains(evidence) && !line.contains("O_PATH");
    let lines: Vec<&str> = trace.lines().collect();
    (lines.iter().rposition(|line| is_confining(line)), lines.iter().position(|line| is_reading(line)))
}

#[test]
#[ignore = "needs strace; tests/run runs it"]
fn the_process_is_confined_before_it_reads_any_evidence() {
    let evidence = evidence();
    let evidence = &*evidence.to_string_lossy();
    for command in ["analyze", "inspect", "verify"] {
        let trace = traced_for("openat,open,landlock_restrict_self,seccomp", &[PROGRAM, command, evidence]);
        let (confined, read) = confined_and_read(&trace, evidence);
        assert!(confined.is_some() && read.is_some() && confined < read, "{command}: {confined:?} {read:?}\n{trace}");
        assert_eq!(trace.matches("landlock_restrict_self(").count(), 1, "{command}");
        assert_eq!(trace.matches("seccomp(SECCOMP_SET_MODE_FILTER").count(), 2, "{command}");
    }
    let early = format!("openat(AT_FDCWD, \"{evidence}\", O_RDONLY) = 3\nlandlock_restrict_self(3, 0) = 0\n");
    assert_eq!(confined_and_read(&early, evidence), (Some(1), Some(0)), "a program that reads first is seen");
}

#[test]
#[ignore = "needs strace; tests/run runs it"]
fn where_the_kernel_cannot_confine_it_reads_all_the_same_and_says_so_or_refuses_if_it_must() {
    let evidence = evidence();
    let evidence = &*evidence.to_string_lossy();
    let inject = "inject=landlock_create_ruleset,seccomp:error=ENOSYS";
    let old = |arguments: &[&str]| {
        run(
            "strace",
            &[&["-f", "-qq", "-o", "/dev/null", "-e", inject, "--", PROGRAM, "analyze"], arguments, &[evidence]].concat(),
        )
    };
    let with = run(PROGRAM, &["analyze", evidence]);
    let without = old(&[]);
    assert_eq!(printed(&without), printed(&with));
    assert!(without.stderr.is_empty(), "{}", String::from_utf8_lossy(&without.stderr));
    let told = String::from_utf8_lossy(&old(&["-v"]).stderr).into_owned();
    assert!(told.contains("not confined: no other file can be opened") && told.contains("no network"), "{told}");
    let strict = old(&["--require-sandbox"]);
    assert_eq!(strict.status.code(), Some(2));
    assert!(strict.stdout.is_empty());
    let told = String::from_utf8_lossy(&strict.stderr).into_owned();
    assert!(told.contains("--require-sandbox: this kernel does not confine"), "{told}");
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
