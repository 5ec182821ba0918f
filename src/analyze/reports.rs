//! Reports of one host each: of which host each is, and of which version its writer. By a file that holds the host's name, else by the
//! host that the logs in it name, else by the name of the report's folder.

use std::collections::{BTreeMap, BTreeSet};

use super::Text;
use crate::{
    layout::{Form, host_of_report, is_hostname, report_of},
    text::Untrusted,
};

/// The hosts of reports, by folder.
pub(super) struct Reports(BTreeMap<String, Option<String>>);

/// What tells of a report's host.
#[derive(Default)]
struct Told {
    by_file: BTreeSet<String>,
    by_logs: BTreeSet<String>,
}

impl Reports {
    /// Of all texts, with their paths.
    pub(super) fn of<'a>(texts: impl Iterator<Item = (&'a str, &'a Text)> + Clone) -> Self {
        let folders = texts.clone().filter_map(|(path, _)| report_of(path)).map(|folder| (folder.to_owned(), Told::default()));
        let mut all: BTreeMap<String, Told> = folders.collect();
        for (path, text) in texts {
            let Some((folder, told)) =
                all.iter_mut().filter(|(folder, _)| path.starts_with(*folder)).max_by_key(|(f, _)| f.len())
            else {
                continue;
            };
            if is_hostname(path) {
                told.by_file.extend(text.told.first().filter(|name| is_name(name.raw())).map(|name| name.raw().to_owned()));
            }
            // Only what the report's own tools wrote: pods' logs of other nodes may lie beside it.
            if report_of(path) == Some(folder) {
                let named = text.extract.logbook.logs().filter_map(|(writer, _)| writer.host.as_ref());
                told.by_logs.extend(named.map(|host| host.raw().to_owned()));
            }
        }
        let host = |(folder, told): (String, Told)| {
            // Logs that were sent there by other hosts make it unsure.
            let only = |names: &BTreeSet<String>| names.first().filter(|_| names.len() == 1).cloned();
            let host = only(&told.by_file).or_else(|| only(&told.by_logs));
            let host = host.or_else(|| host_of_report(&folder).map(str::to_owned));
            (folder, host)
        };
        Self(all.into_iter().map(host).collect())
    }

    /// The host in whose report a file lies.
    pub(super) fn host_of(&self, path: &str) -> Option<&str> {
        let folders = self.0.iter().filter(|(folder, _)| path.starts_with(*folder));
        folders.max_by_key(|(folder, _)| folder.len())?.1.as_deref()
    }
}

/// Whether a word can be a host's name: an error of a shell is none.
fn is_name(word: &str) -> bool {
    !word.is_empty() && word.len() <= 253 && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

/// The version of a form's writer, where all that tell one tell the same.
pub(super) fn version<'a>(form: &Form, texts: impl Iterator<Item = (&'a str, &'a Text)>) -> Option<Untrusted> {
    let told = texts.flat_map(|(path, text)| text.told.iter().filter_map(move |line| form.version_in(path, line.raw())));
    let versions: BTreeSet<&str> = told.collect();
    versions.first().filter(|_| versions.len() == 1).map(|version| (*version).into())
}
