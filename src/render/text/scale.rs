//! Names of the scales, and their words in a language.

use anstyle::Style;

use super::{BAD, GOOD, HEAD, WARN};
use crate::diagnosis::{Confidence, Finding, Impact, Severity, State};

/// The words for a name; the name itself where a language has none for it.
pub(super) fn named<'a>(table: &[(&str, &'a str)], name: &'a str) -> &'a str {
    table.iter().find(|(key, _)| *key == name).map_or(name, |(_, words)| *words)
}

pub(super) fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "none",
        Impact::Unknown => "unknown",
        Impact::Degraded => "degraded",
        Impact::Outage => "outage",
        Impact::DataRisk => "data-risk",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Recovered => "recovered",
        State::Active => "active",
    }
}

/// How a finding's code looks.
pub(super) fn style(finding: &Finding) -> Style {
    match (finding.state, finding.severity) {
        (State::Recovered, _) => GOOD,
        (State::Active, Severity::Critical) => BAD,
        (State::Active, Severity::Warning) => WARN,
        (State::Active, Severity::Info) => HEAD,
    }
}
