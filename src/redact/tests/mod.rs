//! Lines with what must not leave a site, and lines that must stay as they are.

mod always;
mod keys;
mod secrets;
pub(super) mod stays;

use super::Redactor;

/// A line through a redactor with a fixed salt. A second pass changes nothing, and JSON stays JSON.
fn redacted(line: &str) -> String {
    let mut redactor = Redactor::new(b"salt");
    let once = String::from_utf8(redactor.line(line.as_bytes()).into_owned()).unwrap();
    redactor.begin();
    let twice = String::from_utf8(redactor.line(once.as_bytes()).into_owned()).unwrap();
    assert_eq!(twice, once, "a second pass over {line}");
    if let Some(object) = line.find('{').map(|at| &line[at..]).filter(|object| is_json(object)) {
        let after = &once[once.find('{').unwrap()..];
        assert!(is_json(after), "{object}\nbecame\n{after}");
    }
    once
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Lines of one file through one redactor.
fn file(lines: &str) -> String {
    let mut redactor = Redactor::new(b"salt");
    let lines = lines.lines().map(|line| String::from_utf8(redactor.line(line.as_bytes()).into_owned()).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// The line with each pseudonym as `[key]`: which it is, a test of its own tells.
fn nameless(line: &str) -> String {
    let mut rest = &*redacted(line);
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("[key ") {
        assert!(
            after.len() > 10 && after[..10].chars().all(|c| c.is_ascii_hexdigit()) && after[10..].starts_with(']'),
            "{after}"
        );
        out.push_str(before);
        out.push_str("[key]");
        rest = &after[11..];
    }
    out + rest
}
