//! How findings look by their place on the scales, whose names the formats share.

use anstyle::Style;

use super::{BAD, GOOD, HEAD, WARN};
pub(super) use crate::render::names::{
    confidence_name as confidence, impact_name as impact, named, severity_name as severity, state_name as state,
};

use crate::diagnosis::{Finding, Severity, State};

/// How a finding's code looks.
pub(super) fn style(finding: &Finding) -> Style {
    match (finding.state, finding.severity) {
        (State::Recovered, _) => GOOD,
        (State::Active, Severity::Critical) => BAD,
        (State::Active, Severity::Warning) => WARN,
        (State::Active, Severity::Info) => HEAD,
    }
}
