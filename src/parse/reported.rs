//! Metrics in the report of etcd-diagnosis: for each endpoint some families, each a list of lines of its exposition, as JSON strings.
//!
//! The report is written one string a line, so it is read as it streams past, and each line is quoted where it stands.

use super::metrics::Exposition;
use crate::{bundle::Line, text::Untrusted};

/// Most endpoints of one report; a cluster has at most some nine.
const MOST_ENDPOINTS: usize = 64;

/// Reads the lines of a report; any other text passes.
#[derive(Default)]
pub(super) struct Reported {
    is_report: bool,
    endpoint: Option<Untrusted>,
    found: Vec<(Untrusted, Exposition)>,
    is_open: bool,
}

impl Reported {
    /// Looks at a line; what it is to other readers does not change.
    pub(super) fn line(&mut self, line: Line<'_>) {
        let text = line.text().trim();
        if !text.starts_with('"') {
            return;
        }
        if !self.is_report {
            self.is_report = text.starts_with("\"name\": \"membershipChecker\"");
        } else if let Some(endpoint) = text.strip_prefix("\"endpoint\": \"") {
            self.endpoint = endpoint.split('"').next().map(Untrusted::from);
            self.is_open = false;
        } else if text.starts_with("\"epMetrics\": {") && self.found.len() < MOST_ENDPOINTS {
            self.is_open = self.endpoint.is_some();
            self.found.extend(self.endpoint.take().map(|endpoint| (endpoint, Exposition::fragment())));
        } else if self.is_open
            && let Some((_, exposition)) = self.found.last_mut()
            && let Ok(sample) = serde_json::from_str::<String>(text.trim_end_matches(','))
        {
            exposition.line(line.with_text(&sample));
        }
    }

    /// Whether it is such a report, and the metrics of each endpoint.
    pub(super) fn finish(self) -> (bool, Vec<(Untrusted, Exposition)>) {
        (self.is_report, self.found)
    }
}
