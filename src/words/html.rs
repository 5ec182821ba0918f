//! The fixed words of the HTML report that the text report does not have; Markdown takes some of them, too.

/// The HTML report.
#[derive(Debug)]
pub struct HtmlWords {
    /// The language, as HTML names it (BCP 47).
    pub lang: &'static str,
    /// Title of the window.
    pub title: &'static str,
    /// To the verdict, for readers who use no eyes.
    pub skip: &'static str,
    /// The list of sections.
    pub contents: &'static str,
    /// The first step.
    pub first_step: &'static str,
    /// Quoted lines.
    pub evidence: &'static str,
    /// Further quoted lines.
    pub more_evidence: &'static str,
    /// What a cause accounts for.
    pub accounts_for: [&'static str; 2],
    /// From when to when a finding was seen.
    pub seen: &'static str,
    /// The same, once.
    pub seen_once: &'static str,
    /// How often.
    pub times: &'static str,
    /// Links that a finding concerns.
    pub links: &'static str,
    /// What a verdict of health says of the past.
    pub past: &'static str,
    /// The timeline.
    pub timeline: TimelineWords,
    /// What was measured.
    pub charts: ChartWords,
    /// Not known.
    pub unknown: &'static str,
    /// Entries that were not read.
    pub unread: &'static str,
    /// The end of the page.
    pub footer: &'static str,
}

/// The timeline.
#[derive(Debug)]
pub struct TimelineWords {
    /// Its title.
    pub title: &'static str,
    /// What the picture is.
    pub label: &'static str,
    /// What the picture shows, for those who do not see it.
    pub describes: &'static str,
    /// The band of the incident.
    pub window: &'static str,
    /// Times are instants.
    pub utc: &'static str,
    /// Times are as they stand.
    pub as_read: &'static str,
    /// Events without a place on the axis.
    pub unplaced: &'static str,
    /// Time was left out of the axis.
    pub broken: &'static str,
    /// Events of nobody that is known.
    pub nobody: &'static str,
    /// Clocks that were set right.
    pub clocks: &'static str,
    /// Marks, by kind.
    pub kinds: &'static [(&'static str, &'static str)],
    /// A mark that stands for several.
    pub several: &'static str,
    /// The table below.
    pub table: &'static str,
    /// Its columns.
    pub columns: [&'static str; 5],
}

/// What was measured.
#[derive(Debug)]
pub struct ChartWords {
    /// Title of the section.
    pub title: &'static str,
    /// Syncs of the WAL.
    pub fsync: &'static str,
    /// Commits of the backend.
    pub commit: &'static str,
    /// What the threshold of syncs is, and who says so.
    pub fsync_wish: &'static str,
    /// What the threshold of commits is, and who says so.
    pub commit_wish: &'static str,
    /// How to read the axes.
    pub axes: &'static str,
    /// The window since the start.
    pub past: &'static str,
    /// The window between two samples.
    pub recent: &'static str,
    /// What a histogram is, by member.
    pub label: &'static str,
    /// A member that is not known.
    pub some_member: &'static str,
    /// p99 lies within the wish, beyond it, or in the bucket around it; or there are too few operations for a percentile.
    pub against: [&'static str; 4],
    /// The 99th percentile of a window.
    pub p99: &'static str,
    /// The rest of a window in words.
    pub told: &'static str,
    /// Bucket table.
    pub numbers: &'static str,
    /// Its first column.
    pub took: &'static str,
    /// More than the last bound.
    pub slower: &'static str,
    /// Round trips.
    pub trips: &'static str,
    /// What the matrix shows.
    pub trips_label: &'static str,
    /// Below it, with the threshold and who says so.
    pub trips_note: &'static str,
    /// Its corner.
    pub from_to: &'static str,
    /// How many probes.
    pub probes: &'static str,
    /// Database sizes.
    pub sizes: &'static str,
    /// What the bars are.
    pub sizes_label: &'static str,
    /// In use.
    pub in_use: &'static str,
    /// Of the file, what is free.
    pub file: &'static str,
    /// The quota.
    pub quota: &'static str,
    /// Nobody says the quota.
    pub no_quota: &'static str,
}

/// English.
pub(super) const EN: HtmlWords = HtmlWords {
    lang: "en",
    title: "{code} · etcd-triage {id}",
    skip: "To the verdict",
    contents: "Contents",
    first_step: "First step",
    evidence: "Evidence",
    more_evidence: "{n} more quoted lines",
    accounts_for: ["It accounts for 1 further finding", "It accounts for {n} further findings"],
    seen: "seen from {from} to {to}",
    seen_once: "seen at {from}",
    times: "{n} times",
    links: "Links: {links}",
    past: "What it was",
    timeline: TimelineWords {
        title: "Timeline",
        label: "Timeline, a lane for each of {members}",
        describes: "Events: {n}, from {from} to {to}. The table below has each of them.",
        window: "Incident",
        utc: "Times are UTC.",
        as_read: "Times are as they stand in the logs: year or zone is not known.",
        unplaced: "{n} events have no place on this axis, since their dates do not compare with the others; the table has them.",
        broken: "Where nothing happened for long, the axis is cut; the length of the gap stands there.",
        nobody: "member not known",
        clocks: "Clocks that are off by the measurements of the others were set right: {members}.",
        kinds: &[("start", "start"), ("stop", "stop"), ("fault", "fault"), ("peer-down", "peer not reached")],
        several: "{n} events: {what}",
        table: "As a table ({n})",
        columns: ["Time", "Member", "What", "Finding", "Where it stands"],
    },
    charts: ChartWords {
        title: "Measurements",
        fsync: "Syncs of the write-ahead log",
        commit: "Commits of the database",
        fsync_wish: "etcd's FAQ wishes for a 99th percentile below 10 ms (dashed); its mixin warns above 500 ms (dotted).",
        commit_wish: "etcd's FAQ wishes for a 99th percentile below 25 ms (dashed); its mixin warns above 250 ms (dotted).",
        axes: "Across: how long it took, each column twice as long as the one before. Up: the share of operations, each line a tenth of the one above.",
        past: "since start",
        recent: "between samples",
        label: "{name} of {member}",
        some_member: "one member",
        against: ["within {wish}", "beyond {wish}", "around {wish}", "too few to judge"],
        p99: "p99 {p99}",
        told: "{count} ops {window} · p50 {p50}",
        numbers: "Numbers",
        took: "took at most",
        slower: "longer",
        trips: "Round trips between members",
        trips_label: "Round trips between members, from the row to the column",
        trips_note: "99th percentile and median since the start of the member that measured. etcd's mixin warns of a 99th percentile above 150 ms.",
        from_to: "from ↓ to →",
        probes: "{n} probes",
        sizes: "Size of the database",
        sizes_label: "Database of {member}: {file} on disk, {in_use|what is in use is not known}; {quota|quota not known}",
        in_use: "{size} in use",
        file: "{size} on disk",
        quota: "quota {size}",
        no_quota: "quota not known",
    },
    unknown: "–",
    unread: "Not read",
    footer: "Made by {name} {version} from what was sent; nothing was asked of the cluster. Equal evidence gives the id {id} again.",
};
