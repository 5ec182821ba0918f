//! Names of the scales, by which the words of a language are looked up.

use crate::{
    diagnosis::{Code, Confidence, Impact, Severity, State, Verdict},
    words::TextWords,
};

/// The sentence or word that a table has for a name; the name itself where it has none.
pub(super) fn named<'a>(table: &[(&str, &'a str)], name: &'a str) -> &'a str {
    table.iter().find(|(key, _)| *key == name).map_or(name, |(_, words)| *words)
}

pub(super) fn impact_name(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "none",
        Impact::Unknown => "unknown",
        Impact::Degraded => "degraded",
        Impact::Outage => "outage",
        Impact::DataRisk => "data-risk",
    }
}

pub(super) fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// What the confidence of a verdict means: of a healthy one, of a cause that is named, of a verdict that stays open.
pub(super) fn confidence_says(verdict: &Verdict, words: &TextWords) -> &'static str {
    let table = match verdict.primary {
        Some(Code::HEALTHY | Code::TRANSIENT) => words.confidences_healthy,
        Some(_) => words.confidences,
        None => words.confidences_open,
    };
    named(table, confidence_name(verdict.confidence))
}

pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Recovered => "recovered",
        State::Active => "active",
    }
}
