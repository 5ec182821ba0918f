//! jq as a second reader of logs.

use std::{path::Path, process::Command};

use serde_json::Value;

/// What a filter of jq makes of the lines of a file, which are its `inputs`; `$msg` stands for a message.
pub(super) fn jq(file: &Path, filter: &str, msg: &str) -> Value {
    let output = Command::new("jq").args(["-nR", "--arg", "msg", msg, filter]).arg(file).output();
    let output =
        output.expect("jq cannot be started, and it counts here what the program counted: install it, as `tests/run` does");
    assert!(output.status.success(), "jq: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
