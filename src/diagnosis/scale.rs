//! The scales on which a finding is placed, each from the least to the most.

use serde::Serialize;

/// How much a finding matters by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A note; never the primary cause.
    Info,
    /// To be looked at.
    Warning,
    /// To be acted on.
    Critical,
}

/// Whether it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A later good sign, that the fault would have prevented, cured it.
    Recovered,
    /// It goes on, as far as the evidence reaches.
    Active,
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// It fits, and other things would fit as well.
    Low,
    /// It rests on one kind of evidence.
    Medium,
    /// Two independent kinds of evidence agree.
    High,
}

/// What the cluster's clients get at the end of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Fault tolerance is whole.
    None,
    /// The evidence tells neither members nor service.
    Unknown,
    /// Writes succeed, but a voter is missing, or requests fail or are slow.
    Degraded,
    /// No write can succeed.
    Outage,
    /// Serving members disagree, or acknowledged writes are lost.
    DataRisk,
}

/// What a step can do to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Reads only.
    None,
    /// Changes something, or slows the cluster down.
    Careful,
    /// Can lose data or the cluster.
    Dangerous,
}

/// How much a ground carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It fits, and proves nothing by itself: an excerpt proves presence, never absence.
    Support,
    /// The verdict rests on it.
    Proof,
}
