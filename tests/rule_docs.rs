//! `docs/rules/` is made from the pages of the rules, for reading in a browser; it never says anything else than they do.
//!
//! `ETCD_TRIAGE_WRITE=1 cargo test --test rule_docs` writes it anew.

#![expect(clippy::disallowed_methods, reason = "a test of files reads and writes them, where the environment asks for it")]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use etcd_triage::rules::{Entry, Nature, RULES};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

/// A page as a reader wants it: placeholders are names in angle brackets, and the cases stay with the rule.
fn document(entry: &Entry) -> String {
    let rule = &entry.rule;
    let page = entry.source.split("\n## Cases").next().unwrap_or(entry.source);
    let (title, rest) = page.split_once('\n').unwrap_or((page, ""));
    let list = |words: Vec<String>| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
    let explains = list(rule.explains.iter().map(|code| link(code.as_str())).collect());
    let accounted: Vec<String> = RULES
        .iter()
        .filter(|other| other.rule.explains.contains(&rule.code))
        .map(|other| link(other.rule.code.as_str()))
        .collect();
    let nature = match rule.nature {
        Nature::Why => "says why something is wrong",
        Nature::That => "says that something is wrong, on single members",
        Nature::ThatOfAll => "says that something is wrong with the cluster as a whole",
        Nature::Note => "a note: never the verdict",
    };
    format!(
        "{title}\n\nMade from `src/rules/{file}.md` and the rule beside it, where its cases stand too.\n\n\
         | | |\n| --- | --- |\n| what it is | {nature} |\n| reads | {reads} |\n| accounts for | {explains} |\n| accounted for by | {by} |\n\n{body}\n",
        file = entry.file,
        reads = rule.reads.join(", "),
        by = list(accounted),
        body = bracketed(rest.trim()),
    )
}

fn link(code: &str) -> String {
    format!("[{code}]({code}.md)")
}

/// `{name|other words}` as `‹name, or: other words›`, `{name}` as `‹name›`.
fn bracketed(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((inside, after)) = behind.split_once('}') else { break };
        let name = inside.split('|').next().unwrap_or_default();
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        let is_placeholder = is_name && !before.ends_with(['%', '$']);
        out.push_str(before);
        if is_placeholder {
            let (name, otherwise) = inside.split_once('|').unwrap_or((inside, ""));
            let otherwise = if otherwise.is_empty() { String::new() } else { format!(", or: {otherwise}") };
            out.push_str(&format!("‹{}{otherwise}›", name.replace('_', " ")));
        } else {
            out.push_str(&format!("{{{inside}}}"));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// All codes with the alerts that lead to them.
fn index() -> String {
    let mut text = String::from(
        "# Diagnoses\n\nMade from the pages of the rules. `etcd-triage explain CODE` prints the same on site.\n\n\
         | diagnosis | reads | alerts of the etcd mixin |\n| --- | --- | --- |\n",
    );
    for entry in RULES {
        let code = link(entry.rule.code.as_str());
        text.push_str(&format!("| {code} | {} | {} |\n", entry.rule.reads.join(", "), entry.page().alerts.join(", ")));
    }
    text
}

fn wanted() -> BTreeMap<String, String> {
    let pages = RULES.iter().map(|entry| (format!("{}.md", entry.rule.code.as_str()), document(entry)));
    pages.chain([("README.md".to_owned(), index())]).collect()
}

fn found() -> BTreeMap<String, String> {
    let Ok(files) = fs::read_dir(folder()) else { return BTreeMap::new() };
    let read = |file: fs::DirEntry| {
        let name = file.file_name().to_string_lossy().into_owned();
        (name, fs::read_to_string(file.path()).unwrap_or_default())
    };
    files.flatten().map(read).collect()
}

#[test]
fn the_pages_in_docs_are_those_of_the_rules() {
    let wanted = wanted();
    if env::var_os("ETCD_TRIAGE_WRITE").is_some() {
        fs::create_dir_all(folder()).expect("docs/rules can be made");
        for name in found().keys().filter(|name| !wanted.contains_key(*name)) {
            fs::remove_file(folder().join(name)).expect("a page whose rule is gone can be removed");
        }
        for (name, text) in &wanted {
            fs::write(folder().join(name), text).expect("a page can be written");
        }
    }
    let found = found();
    let differ: Vec<&String> = wanted.keys().chain(found.keys()).filter(|name| wanted.get(*name) != found.get(*name)).collect();
    assert!(
        differ.is_empty(),
        "docs/rules is behind the rules; `ETCD_TRIAGE_WRITE=1 cargo test --test rule_docs` writes it anew: {differ:?}"
    );
}

#[test]
fn placeholders_become_names_and_other_braces_stay() {
    assert_eq!(bracketed("of {members|a member} at {when}: {1 2}"), "of ‹members, or: a member› at ‹when›: {1 2}");
}
