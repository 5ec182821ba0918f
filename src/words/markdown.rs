//! The fixed words of the Markdown report that the text report does not have.

/// The Markdown report.
#[derive(Debug)]
pub struct MarkdownWords {
    /// What is open, and what was not sent.
    pub missing: &'static str,
}

/// English.
pub(super) const EN: MarkdownWords = MarkdownWords { missing: "What is missing" };
