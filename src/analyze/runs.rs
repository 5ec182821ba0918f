//! Logs of a container's run before the present one, which often say nothing of whose they are: they are of the member of whom the
//! present run's log beside them is.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    layout::{container_of, is_previous},
    parse::text::Extract,
};

/// The name or host of the member, by container.
pub(super) struct Runs(BTreeMap<String, String>);

impl Runs {
    /// Of all texts, with their paths.
    pub(super) fn of<'a>(texts: impl Iterator<Item = (&'a str, &'a Extract)> + Clone) -> Self {
        let containers: BTreeSet<String> =
            texts.clone().filter(|(path, _)| is_previous(path)).map(|(path, _)| container_of(path)).collect();
        let of = |(path, extract): (&str, &Extract)| {
            let container = Some(container_of(path)).filter(|container| containers.contains(container))?;
            let names: BTreeSet<&str> = extract
                .logbook
                .logs()
                .flat_map(|(writer, log)| log.names.iter().chain(&writer.host))
                .map(|name| name.raw())
                .collect();
            let name = names.first().filter(|_| names.len() == 1)?;
            Some((container, (*name).to_owned()))
        };
        Self(texts.filter(|(path, _)| !containers.is_empty() && !is_previous(path)).filter_map(of).collect())
    }

    /// The member whose log this is, if it is of a run before one whose log tells.
    pub(super) fn member_of(&self, path: &str) -> Option<&str> {
        is_previous(path).then(|| self.0.get(&container_of(path)).map(String::as_str)).flatten()
    }
}
