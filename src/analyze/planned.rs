//! A bundle against its own manifest: what was cut off, what was altered, and the digest by the manifest's sums.

use std::collections::BTreeMap;

use super::Text;
use crate::{
    bundle::{Beside, Contents, Digest, Entry, ManifestError, OpenError, STDERR, Sum, Unread},
    layout::folder_of,
    text::escape,
};

/// How an entry differs from what its manifest says, if it does.
fn difference(entry: &Entry<Text>, planned: &Beside) -> Option<String> {
    if planned.bytes != entry.length {
        return Some(format!("{} bytes, and {} by the manifest: it was cut off or altered", entry.length, planned.bytes));
    }
    let is_other = entry.sha256.as_ref().is_some_and(|sha256| *sha256 != planned.sha256);
    is_other.then(|| "its SHA-256 is not the manifest's: it was altered".to_owned())
}

/// Holds an input against the manifests in it.
///
/// # Errors
/// When a manifest is of a newer major format: what its rows mean is not known then.
pub(super) fn reconcile(contents: &mut Contents<Text>) -> Result<(), OpenError> {
    let mut sums: BTreeMap<String, Beside> = BTreeMap::new();
    let mut unread = Vec::new();
    for entry in &contents.entries {
        let path = entry.source.path();
        match &entry.content.refused {
            Some(error @ ManifestError::Newer { .. }) => {
                return Err(OpenError::Format { path: escape(path).to_string(), why: error.to_string() });
            }
            Some(error) => unread.push(Unread { path: path.into(), why: error.to_string() }),
            None => {}
        }
        let Some(planned) = &entry.content.extract.planned else { continue };
        let folder = folder_of(path);
        for row in &planned.manifest.rows {
            let main = row.bytes.zip(row.sha256.clone()).map(|(bytes, sha256)| Beside { bytes, sha256 });
            sums.extend(main.map(|sum| (format!("{folder}{}", row.path), sum)));
            sums.extend(row.stderr.clone().map(|sum| (format!("{folder}{}{STDERR}", row.path), sum)));
        }
    }
    if sums.is_empty() {
        contents.unread.extend(unread);
        return Ok(());
    }
    let mut missing = sums.clone();
    for entry in &contents.entries {
        let path = entry.source.path();
        if let Some(sum) = missing.remove(path)
            && let Some(why) = difference(entry, &sum)
        {
            unread.push(Unread { path: path.into(), why });
        }
    }
    let is_told = |path: &str, all: &[Unread]| all.iter().any(|unread| unread.path == *path);
    for path in missing.into_keys().filter(|path| !is_told(path, &contents.unread)) {
        unread.push(Unread {
            path: path.into(),
            why: "in the manifest, and not in what was sent: the bundle was cut off or altered".into(),
        });
    }
    contents.digest = Digest::of_entries(contents.entries.iter().map(|entry| {
        let path = entry.source.path();
        let sum = sums.get(path).filter(|sum| sum.bytes == entry.length && sum.sha256.len() == 64);
        (path, entry.length, sum.map_or(Sum::Crc32(entry.crc32), |sum| Sum::Sha256(&sum.sha256)))
    }));
    contents.unread.extend(unread);
    contents.unread.sort();
    Ok(())
}
