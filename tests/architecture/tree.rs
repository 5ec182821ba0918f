//! The project's files, and what their names and first lines owe to a reader.

#![expect(clippy::disallowed_methods, reason = "a test of the sources reads the sources")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The project's folder.
fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|e| format!("{path} cannot be read: {e}"))
}

/// Names of the files in a folder, sorted.
pub(crate) fn names_in(folder: &str) -> Vec<String> {
    children(&top().join(folder)).iter().map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect()
}

/// All `.rs` files below a folder, with their text, sorted by path.
pub(crate) fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(path) = open.pop() {
        if top().join(&path).is_dir() {
            open.extend(children(&top().join(&path)).into_iter().map(|child| path.join(child.file_name().unwrap_or_default())));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let path = path.to_string_lossy().replace('\\', "/");
            let content = text(&path);
            out.push((path, content));
        }
    }
    out.sort();
    out
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the project can be listed");
    let mut out: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry of a folder can be read").path()).collect();
    out.sort();
    out
}

/// What is wrong with the first lines of a file.
pub(crate) fn opening(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let first = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let is_sentence = first.ends_with(['.', ':', '?', '`']) && first.contains(' ');
    (!is_sentence).then(|| format!("{path} does not open with a sentence: begin it with `//! What this file is about.`"))
}

/// Names that could stand on anything.
const EMPTY: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"];

/// What is wrong with the name of a file or its folders.
pub(crate) fn empty_name(path: &str) -> Option<String> {
    let word = path.split(['/', '_', '-', '.']).find(|word| EMPTY.contains(word))?;
    Some(format!("{path}: `{word}` could stand on anything; name the file after its subject"))
}
