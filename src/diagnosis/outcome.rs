//! What a rule can say: it passes, it fails, it cannot know, or it does not apply.

use super::{code::Code, finding::Finding};

/// A conclusion that the evidence leaves open, and the one command that would settle it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Gap {
    /// What is open.
    pub code: Code,
    /// Why, in a sentence.
    pub why: String,
    /// The kinds of evidence that are missing.
    pub missing: Vec<&'static str>,
    /// The command whose output would settle it.
    pub ask: String,
}

/// What a rule says of the facts. Missing evidence is never a pass and never a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The evidence that would show the fault is there, and does not show it.
    Pass,
    /// The evidence shows it, once or on several members; or shows that it was there and is over.
    Fail(Vec<Finding>),
    /// The evidence that would tell is missing. With a gap where a symptom points to this conclusion.
    Unknown(Option<Gap>),
    /// It cannot be asked of this cluster.
    NotApplicable,
}
