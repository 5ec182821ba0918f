//! Of which host a sosreport is: by the host that the logs in it name, else by the name of its folder.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    layout::{host_of_report, report_of},
    parse::text::Extract,
};

/// The hosts, by the folder of the report.
pub(super) fn hosts<'a>(texts: impl Iterator<Item = (&'a str, &'a Extract)>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, extract) in texts {
        let Some(folder) = report_of(path) else { continue };
        let logs = extract.logbook.logs();
        let named = logs.filter_map(|(writer, _)| writer.host.as_ref()).map(|host| host.raw().to_owned());
        found.entry(folder.to_owned()).or_default().extend(named);
    }
    let host = |(folder, hosts): (String, BTreeSet<String>)| {
        // Logs that were sent there by other hosts make it unsure.
        let only = hosts.first().filter(|_| hosts.len() == 1).cloned();
        let host = only.or_else(|| host_of_report(&folder).map(str::to_owned))?;
        Some((folder, host))
    };
    found.into_iter().filter_map(host).collect()
}
