//! Programs of this machine, each run within a time limit.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

/// Where programs are looked for, here and in the nodes.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What `timeout` ends with when the limit was reached.
const TIMED_OUT: i32 = 124;

/// A command with an environment of its own: this process's says where and by whom the tests are run.
pub(crate) fn command(argv: &[&str]) -> Command {
    let (program, arguments) = argv.split_first().expect("a command has a program");
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("PATH", PATH).env("LANG", "C.UTF-8").env("HOME", "/root").current_dir("/");
    command
}

/// Runs a command to its end. After `limit` it is ended, with all that it started; the output so far is kept, and its exit code
/// is 124.
pub(crate) fn run(argv: &[&str], environment: &[(&str, &str)], input: Vec<u8>, limit: Duration) -> Output {
    let seconds = format!("{:.3}", limit.as_secs_f64());
    let mut command = command(&[&["timeout", "-k", "2", &seconds], argv].concat());
    command.envs(environment.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("timeout, of coreutils, can be started");
    let mut stdin = child.stdin.take().expect("the standard input was asked for");
    let feeding = thread::spawn(move || {
        // A program may end before it has read all.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the output of a program can be read");
    feeding.join().expect("the input was written");
    output
}

/// Both outputs of a program, for a message of failure.
pub(crate) fn said(argv: &[&str], output: &Output) -> String {
    let ended = match output.status.code() {
        Some(TIMED_OUT) => "did not end in time".to_owned(),
        _ => output.status.to_string(),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("`{}`: {ended}\n{}{}", argv.join(" "), text(&output.stdout), text(&output.stderr))
}

/// Runs a command that must succeed, and gives its standard output.
pub(crate) fn must(argv: &[&str], input: Vec<u8>) -> String {
    let output = run(argv, &[], input, Duration::from_secs(20));
    assert!(output.status.success(), "{}", said(argv, &output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
