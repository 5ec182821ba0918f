//! The fixed words of the text report.

/// The text report.
#[derive(Debug)]
pub struct TextWords {
    /// Impact and confidence, behind the code in the first line.
    pub summary: &'static str,
    /// Impacts, by name.
    pub impact_levels: &'static [(&'static str, &'static str)],
    /// Confidences, by name.
    pub confidence_levels: &'static [(&'static str, &'static str)],
    /// Severities, by name.
    pub severities: &'static [(&'static str, &'static str)],
    /// States of findings, by name.
    pub states: &'static [(&'static str, &'static str)],
    /// Healths of members, by name.
    pub healths: &'static [(&'static str, &'static str)],
    /// Roles of members, by name.
    pub roles: &'static [(&'static str, &'static str)],
    /// Layouts of inputs, by name.
    pub layouts: &'static [(&'static str, &'static str)],
    /// `Impact`.
    pub impact: &'static str,
    /// What an impact means to the clients, by [`crate::diagnosis::Impact`]'s name.
    pub impacts: &'static [(&'static str, &'static str)],
    /// `Confidence`.
    pub confidence: &'static str,
    /// What a confidence means, by name.
    pub confidences: &'static [(&'static str, &'static str)],
    /// What a confidence means of a healthy verdict, by name.
    pub confidences_healthy: &'static [(&'static str, &'static str)],
    /// What a confidence means of a verdict that stays open, by name.
    pub confidences_open: &'static [(&'static str, &'static str)],
    /// The finding that is over.
    pub what_it_was: &'static str,
    /// The finding that goes on.
    pub cause: &'static str,
    /// Steps.
    pub do_: &'static str,
    /// What settles it.
    pub settle: &'static str,
    /// Meaning.
    pub means: &'static str,
    /// Grounds.
    pub why_healthy: &'static str,
    /// The mark of a ground that only supports.
    pub support: &'static str,
    /// Members.
    pub members: &'static str,
    /// The member table's columns.
    pub columns: [&'static str; 9],
    /// The row may be another one.
    pub maybe: &'static str,
    /// Undecided.
    pub open: &'static str,
    /// Ask for.
    pub ask: &'static str,
    /// Coverage.
    pub coverage: &'static str,
    /// Other findings.
    pub other: &'static str,
    /// Accounts for.
    pub explains: &'static str,
    /// Accounted for by.
    pub explained_by: &'static str,
    /// What a cause accounts for, as a title.
    pub follows: &'static str,
    /// Marks of risk, by name.
    pub risks: &'static [(&'static str, &'static str)],
    /// Further independent causes.
    pub also: &'static str,
    /// Notes.
    pub notes: &'static str,
    /// Number of further lines that are not shown.
    pub more: &'static str,
    /// In place of a code where there is no verdict.
    pub undecided: &'static str,
    /// `id`.
    pub id: &'static str,
    /// What was read, in one line.
    pub coverage_line: &'static str,
    /// The window of the logs.
    pub window: &'static str,
    /// The same where it is one moment.
    pub moment: &'static str,
    /// The timeline.
    pub timeline: &'static str,
    /// The measurements.
    pub measurements: &'static str,
    /// Their columns.
    pub measurement_columns: [&'static str; 7],
    /// What was measured, by name.
    pub metrics: &'static [(&'static str, &'static str)],
    /// Over which time it was measured, by name.
    pub windows: &'static [(&'static str, &'static str)],
    /// What more the whole report shows.
    pub hint: &'static str,
}

/// English.
pub(super) const EN: TextWords = TextWords {
    summary: "impact {impact} · confidence {confidence}",
    impact_levels: &[
        ("none", "none"),
        ("degraded", "degraded"),
        ("outage", "outage"),
        ("data-risk", "data-risk"),
        ("unknown", "unknown"),
    ],
    confidence_levels: &[("high", "high"), ("medium", "medium"), ("low", "low")],
    severities: &[("info", "info"), ("warning", "warning"), ("critical", "critical")],
    states: &[("active", "active"), ("recovered", "recovered")],
    healths: &[("healthy", "healthy"), ("unhealthy", "unhealthy"), ("unreachable", "unreachable")],
    roles: &[("leader", "leader"), ("follower", "follower"), ("learner", "learner"), ("unstarted", "unstarted")],
    layouts: &[("bundle", "bundle"), ("loose", "loose files"), ("terminal", "pasted terminal"), ("text", "text")],
    impact: "Impact",
    impacts: &[
        ("none", "none: the cluster's clients are not hurt."),
        ("degraded", "degraded: writes succeed, but fault tolerance or speed suffers."),
        ("outage", "outage: writes fail."),
        ("data-risk", "data-risk: acknowledged data is lost or may be lost. Keep copies before you act."),
        ("unknown", "unknown: what was sent shows neither all members nor the service."),
    ],
    confidence: "Confidence",
    confidences: &[
        ("high", "high: independent kinds of evidence agree."),
        ("medium", "medium: one kind of evidence shows it."),
        ("low", "low: it fits, and other things would fit as well."),
    ],
    confidences_healthy: &[
        ("high", "high: answers, logs and recent measurements of all members agree."),
        ("medium", "medium: every member answered; some kinds of evidence are missing."),
        ("low", "low: this is what was sent; it does not show all members."),
    ],
    confidences_open: &[("low", "low: what was sent does not decide it.")],
    what_it_was: "What it was",
    cause: "Cause",
    do_: "What to do",
    settle: "What settles it",
    means: "What it means",
    why_healthy: "What speaks for health",
    support: "support, no proof",
    members: "Members",
    columns: ["member", "id", "health", "role", "version", "address", "db", "term", "index"],
    maybe: "may be {names}",
    open: "Open",
    ask: "Ask for what this prints:",
    coverage: "Read",
    other: "Also found",
    explains: "accounts for {codes}",
    explained_by: "accounted for by {code}",
    follows: "What follows from it",
    risks: &[("careful", "CAREFUL"), ("dangerous", "DANGEROUS")],
    also: "also",
    notes: "Notes",
    more: "… and {n} more",
    undecided: "undecided",
    id: "id",
    coverage_line: "Files: {artifacts} ({layout}); members: {seen} of {expected}; {window|no dated log}.",
    window: "logs from {from} to {to}",
    moment: "one dated line, {from}",
    timeline: "Timeline",
    measurements: "Measurements",
    measurement_columns: ["member", "what", "window", "count", "median", "p99", "within"],
    metrics: &[("wal_fsync", "WAL fsync"), ("backend_commit", "backend commit")],
    windows: &[("since start", "since start"), ("between samples", "between samples")],
    hint: "-v shows all quoted lines, the timeline ({events}) and the measurements ({measurements}).",
};
