//! Taking in a bundle that the script wrote, here or on another node: what it holds is as hostile as any input, and goes through the redactor
//! and the caps as if it had been gathered here.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use super::{
    Runner, clean,
    plan::{self, file_name},
    process::Sink,
    record::{Keep, Recorded, Recorder},
    row::is_of_journal,
};
use crate::bundle::{Beside, Input, Limits, Lines, MANIFEST, Manifest, OpenError, Row, RowState, STDERR};

/// Most rows of a bundle that is taken in. The largest plan has some two hundred.
const MOST_ROWS: usize = 2_000;

/// Most bytes of one word of a row.
const LONGEST_WORD: usize = 4_096;

/// Parts of a path below a node's folder: `etcdctl/member-list.json`.
const PARTS: usize = 2;

/// What is below this folder of a bundle belongs to a node.
const NODES: &str = "nodes/";

/// What was taken in.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// The manifest, cleaned, its rows with what was written here.
    pub manifest: Manifest,
    /// What did not come whole, in words.
    pub broken: Option<String>,
}

/// Takes in a bundle. `rename` makes the folder of a node from the name that the bundle has for it.
///
/// # Errors
/// The inner one is that it is no such bundle, in words; the outer one a failure of the output disk.
pub(super) fn take_in(
    input: &Input,
    most: u64,
    runner: &Runner<'_>,
    rename: &dyn Fn(&str) -> String,
) -> io::Result<Result<Taken, String>> {
    // An archive within would bring files that look like rows of the bundle.
    let limits =
        Limits { entries: 2 * MOST_ROWS, path_bytes: 512, total_bytes: most, layers: 0, sha256: true, ..Limits::default() };
    let mut intake = Intake { runner, rename, manifest: None, wrong: None, written: BTreeMap::new(), failed: None };
    let read = input.read(&limits, &mut |lines| intake.entry(lines));
    if let Some(error) = intake.failed {
        return Err(error);
    }
    let contents = match read {
        Ok(contents) => contents,
        Err(error) => return Ok(Err(plain(&error))),
    };
    let Some(mut manifest) = intake.manifest else {
        return Ok(Err(intake
            .wrong
            .unwrap_or_else(|| "it has no manifest: it is no bundle, or its beginning is missing".to_owned())));
    };
    let sums: BTreeMap<String, String> = contents
        .entries
        .iter()
        .filter_map(|entry| Some((place_of(entry.source.path(), rename)?, entry.sha256.clone()?)))
        .collect();
    let broken = contents.unread.iter().map(|unread| unread.why.clone()).find(|why| why.contains("cut off"));
    for row in &mut manifest.rows {
        settle(row, &mut intake.written, &sums, broken.is_some());
    }
    Ok(Ok(Taken { manifest, broken }))
}

fn plain(error: &OpenError) -> String {
    error.to_string()
}

struct Intake<'a, 'r> {
    runner: &'a Runner<'r>,
    rename: &'a dyn Fn(&str) -> String,
    manifest: Option<Manifest>,
    wrong: Option<String>,
    written: BTreeMap<String, (Recorded, BTreeMap<String, u64>)>,
    failed: Option<io::Error>,
}

impl Intake<'_, '_> {
    fn entry(&mut self, lines: &mut Lines<'_>) {
        if self.failed.is_some() {
            return;
        }
        let path = lines.source().path().to_owned();
        if path == MANIFEST || path.ends_with(&format!("/{MANIFEST}")) && path.matches('/').count() == 1 {
            if self.manifest.is_none() {
                self.read_manifest(lines);
            }
            return;
        }
        // The manifest is first. What it does not name was not planned.
        let (Some(place), Some(manifest)) = (place_of(&path, self.rename), &self.manifest) else { return };
        let body = place.strip_suffix(STDERR).unwrap_or(&place);
        let Some(row) = manifest.rows.iter().find(|row| row.path == body) else { return };
        if self.written.contains_key(&place) {
            return;
        }
        let keep = Keep::Head(cap(row));
        match self.record(&place, keep, lines) {
            Ok(recorded) => drop(self.written.insert(place, recorded)),
            Err(error) => self.failed = Some(error),
        }
    }

    fn record(&self, place: &str, keep: Keep, lines: &mut Lines<'_>) -> io::Result<(Recorded, BTreeMap<String, u64>)> {
        let file = self.runner.spool.place(place)?;
        let mut out = Recorder::new(file, keep, self.runner.redactor, None);
        while let Some(line) = lines.next_line() {
            out.take(line.text().as_bytes())?;
            out.take(b"\n")?;
            if out.is_full() {
                break;
            }
        }
        let recorded = out.finish()?;
        let counts = self.runner.redactor.borrow_mut().take_counts();
        Ok((recorded, counts.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect()))
    }

    fn read_manifest(&mut self, lines: &mut Lines<'_>) {
        let mut text = String::new();
        while let Some(line) = lines.next_line() {
            text.push_str(line.text());
            text.push('\n');
            if text.len() > MOST_ROWS * LONGEST_WORD {
                break;
            }
        }
        match Manifest::read(&text) {
            Ok(Some(manifest)) => self.manifest = Some(self.cleaned(manifest)),
            Ok(None) => self.wrong = Some("its manifest is of something else".to_owned()),
            Err(error) => self.wrong = Some(format!("its manifest {error}")),
        }
    }

    /// The manifest without secrets and within bounds; a row without a place of its own is left out.
    fn cleaned(&self, mut manifest: Manifest) -> Manifest {
        let word = |text: &str| {
            let end = (0..=LONGEST_WORD.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
            clean(self.runner.redactor, text.get(..end).unwrap_or_default())
        };
        let words = |all: &[String]| all.iter().map(|text| word(text)).collect::<Vec<_>>();
        let (mut rows, mut places) = (Vec::new(), BTreeSet::new());
        for row in manifest.rows.into_iter().take(MOST_ROWS) {
            let Some(path) = place_of(&row.path, self.rename) else { continue };
            if !places.insert(path.clone()) {
                continue;
            }
            rows.push(Row {
                path,
                kind: file_name(&row.kind),
                argv: words(&row.argv),
                env: row.env.iter().map(|(name, value)| (word(name), word(value))).collect(),
                reads: words(&row.reads),
                why: row.why.as_deref().map(word),
                started: row.started.as_deref().map(word),
                truncated: row.truncated.as_deref().map(word),
                redactions: BTreeMap::new(),
                ..row
            });
        }
        manifest.rows = rows;
        manifest.found = words(manifest.found.get(..MOST_ROWS.min(manifest.found.len())).unwrap_or_default());
        (manifest.host, manifest.started) = (word(&manifest.host), word(&manifest.started));
        (manifest.tool.name, manifest.tool.version) = (word(&manifest.tool.name), word(&manifest.tool.version));
        manifest
    }
}

/// Where an entry is put: its node's folder, and a plain name for each part below.
fn place_of(path: &str, rename: &dyn Fn(&str) -> String) -> Option<String> {
    let at = path.find(NODES).filter(|at| *at == 0 || path.get(..*at).is_some_and(|top| top.ends_with('/')))?;
    let mut parts = path.get(at + NODES.len()..)?.split('/');
    let node = rename(parts.next()?);
    let rest: Vec<String> = parts.map(file_name).collect();
    let is_plain = rest.len() == PARTS && path.len() < 400 && !node.is_empty();
    is_plain.then(|| format!("{NODES}{node}/{}", rest.join("/")))
}

/// Most bytes that a row of its kind has by the plan.
fn cap(row: &Row) -> u64 {
    match row.kind.as_str() {
        kind if is_of_journal(kind) => plan::LOG,
        "metrics" => plan::METRICS,
        _ => plan::LISTING,
    }
}

/// What the row says of its files is what lies here now.
fn settle(
    row: &mut Row,
    written: &mut BTreeMap<String, (Recorded, BTreeMap<String, u64>)>,
    sums: &BTreeMap<String, String>,
    is_cut: bool,
) {
    let beside = format!("{}{STDERR}", row.path);
    row.stderr = written.remove(&beside).filter(|(out, _)| out.bytes > 0).map(|(out, counts)| {
        row.redactions.extend(counts);
        Beside { bytes: out.bytes, sha256: out.sha256 }
    });
    let was_there = row.bytes.take().is_some_and(|bytes| bytes > 0);
    let was = row.sha256.take();
    match written.remove(&row.path).filter(|(out, _)| out.bytes > 0) {
        Some((out, counts)) => {
            let is_other = was.is_some_and(|was| sums.get(&row.path).is_some_and(|sum| *sum != was));
            row.redactions.extend(counts);
            row.bytes = Some(out.bytes);
            row.sha256 = Some(out.sha256);
            let not_whole = is_other.then(|| "it is not as it was written: it came damaged, or in part".to_owned());
            let cut = not_whole.or(out.truncated);
            if cut.is_some() && row.state == Some(RowState::Collected) {
                row.state = Some(RowState::Truncated);
            }
            row.truncated = cut.or(row.truncated.take());
        }
        None if was_there => {
            let why = if is_cut { "the bundle broke off before it" } else { "it is not in the bundle" };
            (row.state, row.why, row.truncated) = (Some(RowState::Failed), Some(why.to_owned()), None);
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_gets_a_plain_place_below_its_node_or_none() {
        let place = |path: &str| place_of(path, &|node| file_name(node));
        assert_eq!(place("top/nodes/db-1/etcdctl/a.json").as_deref(), Some("nodes/db-1/etcdctl/a.json"));
        assert_eq!(place("nodes/db 1/host/a\u{1b}[1m").as_deref(), Some("nodes/db_1/host/a__1m"));
        for path in ["manifest.json", "nodes/db-1/a", "nodes/db-1/a/b/c", "other/db-1/a/b", "xnodes/db-1/a/b"] {
            assert_eq!(place(path), None, "{path}");
        }
    }
}
