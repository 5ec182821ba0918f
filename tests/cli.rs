//! The command line as its users meet it: exit codes, messages, outputs that fail.

mod program;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn program() -> Command {
    command(Path::new(env!("CARGO_BIN_EXE_etcd-triage")))
}

fn command(program: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "the test runs the program")]
    let mut command = Command::new(program);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal ends it")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn with_stdin(arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that ends before it read all closes the pipe; that is its right.
    let _ = child.stdin.take().expect("a pipe").write_all(bytes);
    child.wait_with_output().expect("it ends")
}

#[expect(clippy::disallowed_methods, reason = "the test makes inputs")]
fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the folder takes a file");
    path
}

const DOWN: &str = "member 2f1c8a is healthy: got healthy result from http://10.0.0.2:2379\n\
    member 3a77b0 is healthy: got healthy result from http://10.0.0.3:2379\n\
    failed to check the health of member 1d05e4 on http://10.0.0.1:2379: Get http://10.0.0.1:2379/health: dial tcp 10.0.0.1:2379: connection refused\n\
    member 1d05e4 is unreachable: [http://10.0.0.1:2379] are all unreachable\ncluster is healthy\n";

#[test]
fn the_readmes_first_command_ends_with_0_and_says_that_the_cluster_is_all_right() {
    let output = run(&["analyze", "fixtures/cloudos-wal-not-found"]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    assert!(out(&output).starts_with("healthy.transient"));
}

#[test]
fn an_active_finding_ends_with_1_and_the_threshold_can_be_moved() {
    assert_eq!(code(&with_stdin(&["analyze", "-"], DOWN.as_bytes())), 1);
    assert_eq!(code(&with_stdin(&["analyze", "--fail-on", "critical", "-"], DOWN.as_bytes())), 0);
    assert_eq!(code(&with_stdin(&["analyze", "--fail-on", "never", "-"], DOWN.as_bytes())), 0);
}

#[test]
fn nothing_understood_ends_with_3_and_is_never_called_healthy() {
    for words in ["", "Dear support, the cluster is broken, see the picture.\n", "\n\n\n"] {
        let output = with_stdin(&["analyze", "--format", "json", "-"], words.as_bytes());
        let diagnosis: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
        assert_eq!((code(&output), &diagnosis["verdict"]["primary"]), (3, &serde_json::Value::Null), "{words:?}");
        assert!(diagnosis["undecided"][0]["ask"].as_str().unwrap().contains("etcdctl"));
    }
}

#[test]
fn what_cannot_be_opened_ends_with_2_and_a_line_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let seven = file(folder.path(), "logs.7z", b"7z\xbc\xaf\x27\x1crest");
    let zip = file(folder.path(), "cut.zip", b"PK\x03\x04 cut off");
    for (input, says) in [
        ("no/such/folder".to_owned(), "cannot open no/such/folder: No such file or directory"),
        (seven.display().to_string(), "unpack it and give the folder"),
        (zip.display().to_string(), "cannot be read as an archive"),
        ("/dev/null".to_owned(), "neither a file nor a folder"),
    ] {
        let output = run(&["analyze", &input]);
        assert_eq!(code(&output), 2, "{input}");
        assert!(err(&output).starts_with("etcd-triage: ") && err(&output).contains(says), "{input}: {}", err(&output));
        assert_eq!(out(&output), "");
    }
}

#[test]
fn wrong_usage_ends_with_2_and_a_hint() {
    for arguments in
        [&["analyze"][..], &["analyse", "x"], &["analyze", "--fromat", "json", "x"], &["explain"], &["analyze", "-", "-"]]
    {
        let output = run(arguments);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(!err(&output).is_empty());
    }
    assert!(err(&run(&["explain", "wal.misssing"])).contains("wal.missing"));
    let output = run(&["--lang", "xx", "rules"]);
    assert!(code(&output) == 2 && err(&output).contains("[possible values: en"), "{}", err(&output));
}

#[test]
fn an_output_that_cannot_be_written_ends_with_4_and_names_it() {
    let input = "fixtures/cloudos-wal-not-found";
    for to in ["/dev/full", "no/such/folder/report.txt"] {
        let output = run(&["analyze", input, "-o", to]);
        assert_eq!(code(&output), 4, "{to}");
        assert!(err(&output).contains(&format!("cannot write to {to}")), "{}", err(&output));
    }
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error_of_any_command() {
    let input = "fixtures/cloudos-wal-not-found";
    for arguments in [
        &["explain", "--cases", "wal.missing"][..],
        &["analyze", "--fail-on", "never", input],
        &["analyze", "--fail-on", "never", "-v", input],
        &["analyze", "--format", "json", "--fail-on", "never", input],
        &["rules"],
        &["inspect", input],
        &["verify", input],
        &["completions", "bash"],
        &["man"],
        &["man", "collect"],
        &["--help"],
        &["analyze", "--help"],
    ] {
        let mut child =
            program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        // With -v it says how it is confined; a broken pipe is no word more.
        let told: Vec<String> = err(&output).lines().filter(|line| !line.contains("confined: ")).map(str::to_owned).collect();
        assert_eq!((code(&output), told), (0, Vec::new()), "{arguments:?}");
    }
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let help = out(&run(&["--help"]));
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        // What a command is for goes on in lines that stand further in.
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next())
        .filter(|word| *word != "help")
        .collect();
    assert!(commands.contains(&"analyze") && commands.contains(&"man"), "{help}");
    for shell in ["bash", "zsh", "fish"] {
        let script = out(&run(&["completions", shell]));
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(&["man", "-o", &folder.path().display().to_string()])), 0);
    for command in commands {
        let page = out(&run(&["man", command]));
        assert!(page.contains(".TH") && page.contains("SYNOPSIS"), "{page}");
        assert!(folder.path().join(format!("etcd-triage-{command}.1")).is_file(), "{command}");
    }
    assert!(folder.path().join("etcd-triage.1").is_file());
    assert_eq!(code(&run(&["man", "nothing"])), 2);
}

#[test]
fn colours_are_written_only_when_asked_for_or_to_a_terminal() {
    let escape = |arguments: &[&str]| out(&run(arguments)).contains('\u{1b}');
    let input = "fixtures/cloudos-wal-not-found";
    assert!(!escape(&["analyze", input]));
    assert!(escape(&["analyze", "--color", "always", input]));
    assert!(!escape(&["analyze", "--color", "never", input]));
    assert!(!escape(&["analyze", "--color", "always", "--format", "json", input]));
}

#[test]
fn a_cut_off_archive_is_read_for_what_it_holds_and_the_gap_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in [("a/cluster-health.txt", DOWN.to_owned()), ("a/etcd.log", "x".repeat(20_000))] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    let whole = builder.into_inner().unwrap();
    let cut = file(folder.path(), "cut.tar", &whole[..6_000]);
    let output = run(&["analyze", "--format", "json", &cut.display().to_string()]);
    let diagnosis: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((code(&output), diagnosis["verdict"]["primary"].as_str()), (1, Some("member.down")));
    let unread = diagnosis["coverage"]["unread"].to_string();
    assert!(unread.contains("etcd.log") && unread.contains("cut off"), "{unread}");
}

#[test]
fn several_inputs_give_one_diagnosis_whatever_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let health = file(folder.path(), "health.txt", DOWN.as_bytes()).display().to_string();
    let log = file(folder.path(), "etcd.log", b"Nov 22 15:46:57 db-1 etcd[1]: open wal error: wal: file not found\n")
        .display()
        .to_string();
    let (one, two) = (run(&["analyze", "--format", "json", &health, &log]), run(&["analyze", "--format", "json", &log, &health]));
    assert_eq!(out(&one), out(&two));
    let diagnosis: serde_json::Value = serde_json::from_str(&out(&one)).unwrap();
    let path = diagnosis["findings"][0]["evidence"][0]["path"].as_str().unwrap();
    assert!(path == "1/input" || path == "2/input", "{path}");
}

#[test]
fn explain_knows_codes_and_alerts_and_rules_lists_them() {
    let page = out(&run(&["explain", "quorum.lost"]));
    assert!(page.starts_with("# quorum.lost") && page.contains("## Misleads when") && !page.contains("## Cases"));
    assert_eq!(out(&run(&["explain", "etcdNoLeader"])), page);
    let rules = out(&run(&["rules"]));
    assert!(etcd_triage::rules::RULES.iter().all(|entry| rules.contains(entry.rule.code.as_str())), "{rules}");
}

#[test]
fn inspect_tells_what_is_there_and_judges_nothing() {
    let text = out(&run(&["inspect", "--hashes", "fixtures/cloudos-wal-not-found-files"]));
    assert!(text.contains("layout loose, 4 entries") && text.contains("metrics-fsync.txt") && text.contains("crc32"), "{text}");
    assert!(text.contains("journalctl -u kube-proxy | grep unhealthy (0 lines)"), "{text}");
    assert!(!text.contains("healthy.transient"));
}

#[test]
fn verify_passes_on_the_shipped_fixtures_and_tells_a_changed_expectation() {
    let output = command(&program::program()).args(["verify", "fixtures"]).output().expect("the program starts");
    assert_eq!(code(&output), 0, "{}", out(&output));
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "input.txt", DOWN.as_bytes());
    assert_eq!(
        code(&run(&["verify", "--bless", &folder.path().display().to_string()])),
        2,
        "without provenance.md it is no fixture"
    );
    file(folder.path(), "provenance.md", b"# made by a test\n");
    let path = folder.path().display().to_string();
    assert_eq!(code(&run(&["verify", &path])), 2, "nothing is expected yet");
    assert_eq!(code(&run(&["verify", "--bless", &path])), 0);
    assert_eq!(code(&run(&["verify", &path])), 0);
    file(folder.path(), "input.txt", DOWN.replace("10.0.0.1", "10.0.0.9").as_bytes());
    let output = run(&["verify", &path]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("findings[member.down 10.0.0.1]") && out(&output).contains("got nothing"), "{}", out(&output));
}
