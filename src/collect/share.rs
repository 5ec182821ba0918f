//! What of a collection may leave the site: what the operator drops stays, names get their pseudonyms, and what holds a secret is withheld.

use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use super::{
    Event, Job, Target,
    spool::{self, Spool, write_whole},
};
use crate::{
    bundle::{Beside, MANIFEST, Manifest, Row, RowState, STDERR},
    redact::{Masks, recognise},
};

/// What stands in a manifest beside what the operator dropped.
const DROPPED: &str = "dropped by the operator";

/// What may be shared, and under which names.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// Pseudonyms for names and addresses, as far as they are known before.
    pub masks: Option<Masks>,
    /// Where the map of pseudonyms is kept; else it is written beside the archive.
    pub map: Option<PathBuf>,
    /// Paths that are not shared; `*` stands for anything in one.
    pub drop: Vec<String>,
    /// Whether the watcher is asked before the archive is written.
    pub preview: bool,
}

/// A file that would be shared, or is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its path in the archive.
    pub path: String,
    /// Its length; none where it is withheld.
    pub bytes: Option<u64>,
    /// What was taken out of it, or got a pseudonym, by kind.
    pub taken: BTreeMap<String, u64>,
    /// Why it is withheld.
    pub why: Option<String>,
}

/// What the watcher chose before the archive is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// All that is shown goes.
    #[default]
    Seal,
    /// These of the files are dropped, by their number from 0 on, and what is left is shown again.
    Drop(Vec<usize>),
    /// Nothing is shared.
    Leave,
}

/// Under which names the archive is written.
pub(super) struct Shared {
    pub target: Target,
    /// The top folder in it.
    pub top: String,
    pub map: Option<PathBuf>,
    pub masks: Option<Masks>,
}

/// Makes of what was gathered what may be shared. An error is a failure of the output disk, or the operator's who left.
pub(super) fn share(job: &Job, spool: &Spool, manifest: &mut Manifest, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<Shared> {
    for row in &mut manifest.rows {
        let files = [row.path.clone(), beside(&row.path)];
        for path in files.iter().filter(|path| job.sharing.drop.iter().any(|pattern| is_meant(pattern, path))) {
            withhold(spool, row, path, DROPPED)?;
        }
    }
    let masks = masks(job, spool, manifest)?;
    let mut target = job.target.clone();
    let mut top = target.name.clone();
    if let Some(masks) = &masks {
        mask(masks, spool, manifest)?;
        // A name that the operator chose for the file is the operator's affair; one that was made from the host's name is not.
        let host = super::plan::file_name(&job.host);
        let made = target.name.strip_prefix(spool::PREFIX).and_then(|rest| rest.strip_prefix(&*host));
        top = match made {
            Some(rest) => format!("{}{}{rest}", spool::PREFIX, masks.host(&host)),
            None => word(masks, &top),
        };
        if made.is_some() {
            target = Target::free(&target.folder, &top, target.form);
            top.clone_from(&target.name);
        }
    }
    scan(spool, manifest)?;
    if job.sharing.preview {
        preview(spool, manifest, watch)?;
    }
    let map = masks.as_ref().map(|masks| write_map(job, &target, masks)).transpose()?;
    Ok(Shared { target, top, map, masks })
}

/// Learns all names before any is replaced: one that is met late stands in earlier files too.
fn masks(job: &Job, spool: &Spool, manifest: &Manifest) -> io::Result<Option<Masks>> {
    let Some(mut masks) = job.sharing.masks.clone() else { return Ok(None) };
    masks.learn_host(&job.host);
    masks.learn_host(&manifest.host);
    manifest.rows.iter().for_each(|row| masks.learn(row.path.as_bytes()));
    for path in paths(manifest) {
        spool.lines(&path, |line| {
            masks.learn(line);
            ControlFlow::Continue(())
        })?;
    }
    texts(&mut manifest.clone(), |text| {
        masks.learn(text.as_bytes());
        None
    });
    masks.settle();
    Ok(Some(masks))
}

/// The files of a collection: outputs, and what was said on standard error.
fn paths(manifest: &Manifest) -> Vec<String> {
    let files = |row: &Row| {
        let output = row.bytes.map(|_| row.path.clone());
        output.into_iter().chain(row.stderr.as_ref().map(|_| beside(&row.path))).collect::<Vec<_>>()
    };
    manifest.rows.iter().flat_map(files).collect()
}

fn beside(path: &str) -> String {
    format!("{path}{STDERR}")
}

/// Goes through all texts of a manifest that are not the program's own, and puts in place of each what is given for it.
fn texts(manifest: &mut Manifest, mut with: impl FnMut(&str) -> Option<String>) {
    let found = manifest.found.iter_mut();
    let rows = manifest.rows.iter_mut().flat_map(|row| {
        let words = row.argv.iter_mut().chain(row.env.values_mut()).chain(row.reads.iter_mut());
        words.chain(row.why.iter_mut()).chain(row.truncated.iter_mut())
    });
    for text in found.chain(rows) {
        if let Some(other) = with(text) {
            *text = other;
        }
    }
}

/// A text with pseudonyms.
fn word(masks: &Masks, text: &str) -> String {
    String::from_utf8_lossy(&masks.mask(text.as_bytes(), &mut BTreeMap::new())).into_owned()
}

/// `USER@HOST` among the arguments of ssh.
fn destination(masks: &Masks, word: &str) -> String {
    match word.split_once('@') {
        Some((user, host)) => format!("{user}@{}", masks.host(host)),
        None => masks.host(word),
    }
}

/// Replaces names in each file and in the manifest.
fn mask(masks: &Masks, spool: &Spool, manifest: &mut Manifest) -> io::Result<()> {
    manifest.host = masks.host(&manifest.host);
    texts(manifest, |text| Some(word(masks, text)));
    for row in &mut manifest.rows {
        if row.kind == "ssh" {
            row.argv.iter_mut().for_each(|word| *word = destination(masks, word));
        }
        let to = word(masks, &row.path);
        let from = std::mem::replace(&mut row.path, to);
        let counts = &mut row.redactions;
        if row.bytes.is_some() {
            let (bytes, sha256) = spool.rewrite(&from, &row.path, |line| masks.mask(line, counts))?;
            (row.bytes, row.sha256) = (Some(bytes), Some(sha256));
        }
        if row.stderr.is_some() {
            let (bytes, sha256) = spool.rewrite(&beside(&from), &beside(&row.path), |line| masks.mask(line, counts))?;
            row.stderr = Some(Beside { bytes, sha256 });
        }
    }
    Ok(())
}

/// Looks through all that would be shared, and withholds what has a secret in it.
fn scan(spool: &Spool, manifest: &mut Manifest) -> io::Result<()> {
    for row in &mut manifest.rows {
        let output = row.bytes.map(|_| row.path.clone());
        let files: Vec<String> = output.into_iter().chain(row.stderr.as_ref().map(|_| beside(&row.path))).collect();
        for path in files {
            let (mut number, mut found) = (0_u64, None);
            spool.lines(&path, |line| {
                number += 1;
                found = recognise(line);
                if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            if let Some(detector) = found {
                withhold(spool, row, &path, &format!("a secret was recognised in line {number}: {detector}"))?;
            }
        }
    }
    texts(manifest, |text| recognise(text.as_bytes()).map(|detector| format!("[withheld: {detector}]")));
    Ok(())
}

/// Takes a file out of the collection; its row says why. Where it is what was said on standard error, the output stays.
fn withhold(spool: &Spool, row: &mut Row, path: &str, why: &str) -> io::Result<()> {
    let is_output = path == row.path;
    if is_output && row.bytes.take().is_some() {
        spool.remove(path)?;
        (row.sha256, row.truncated) = (None, None);
        (row.state, row.why) = (Some(RowState::Withheld), Some(why.to_owned()));
    } else if !is_output && row.stderr.take().is_some() {
        spool.remove(path)?;
        // Its first words stand in the row.
        row.why = Some(format!("{STDERR} withheld: {why}"));
        if row.bytes.is_none() {
            row.state = Some(RowState::Withheld);
        }
    }
    Ok(())
}

/// Shows what would be shared until the watcher has nothing more to drop.
fn preview(spool: &Spool, manifest: &mut Manifest, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
    loop {
        let shown = shown(manifest)?;
        let mut choice = Choice::default();
        watch(Event::Preview(&shown, &mut choice));
        let numbers = match choice {
            Choice::Seal => return Ok(()),
            Choice::Leave => return Err(io::Error::new(io::ErrorKind::Interrupted, "nothing was shared")),
            Choice::Drop(numbers) => numbers,
        };
        for path in numbers.iter().filter_map(|number| shown.get(*number)).map(|file| &file.path) {
            let is_its = |row: &&mut Row| row.path == *path || beside(&row.path) == *path;
            if let Some(row) = manifest.rows.iter_mut().find(is_its) {
                withhold(spool, row, path, DROPPED)?;
            }
        }
    }
}

fn shown(manifest: &Manifest) -> io::Result<Vec<Shown>> {
    let text = manifest.to_text()?;
    let mut all = vec![Shown { path: MANIFEST.to_owned(), bytes: Some(text.len() as u64), taken: BTreeMap::new(), why: None }];
    for row in &manifest.rows {
        let is_withheld = row.state == Some(RowState::Withheld);
        if row.bytes.is_some() || is_withheld {
            let why = row.why.clone().filter(|_| is_withheld);
            all.push(Shown { path: row.path.clone(), bytes: row.bytes, taken: row.redactions.clone(), why });
        }
        if let Some(stderr) = &row.stderr {
            let path = beside(&row.path);
            all.push(Shown { path, bytes: Some(stderr.bytes), taken: BTreeMap::new(), why: None });
        }
    }
    Ok(all)
}

/// Writes the map where it is asked for, else beside the archive.
fn write_map(job: &Job, target: &Target, masks: &Masks) -> io::Result<PathBuf> {
    let beside = || target.folder.join(format!("{}.map.json", target.name));
    let path = job.sharing.map.clone().unwrap_or_else(beside);
    write_whole(&path, &masks.to_text()?)?;
    Ok(path)
}

/// Whether a pattern means a path: as it is in the bundle, or below its node's folder, or its last part.
fn is_meant(pattern: &str, path: &str) -> bool {
    let below = path.splitn(3, '/').nth(2).unwrap_or(path);
    let last = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    [path, below, &last].iter().any(|path| fits(pattern.as_bytes(), path.as_bytes()))
}

/// Whether a text fits a pattern in which `*` stands for anything and `?` for one sign.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    // Where to go on if what follows the last star does not fit: the star takes one sign more.
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => (star, p) = (Some((p + 1, t)), p + 1),
            Some(sign) if *sign == b'?' || Some(sign) == text.get(t) => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((after, taken)) => (star, p, t) = (Some((after, taken + 1)), after, taken + 1),
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|sign| *sign == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_a_path_below_its_node_or_a_file_s_name() {
        let path = "nodes/db-1/journal/etcd.log";
        for pattern in ["journal/etcd.log", "etcd.log", "journal/*", "*.log", path, "nodes/*", "e?cd.l*g"] {
            assert!(is_meant(pattern, path), "{pattern}");
        }
        for pattern in ["etcd", "journal", "", "*.logs", "host/*", "etcd.log.stderr"] {
            assert!(!is_meant(pattern, path), "{pattern}");
        }
    }
}
