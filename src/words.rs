//! All fixed words of the reports, one struct a language. Pages of rules (`rules/NAME.md`) hold the words of single diagnoses.

use std::collections::BTreeMap;

/// What fills the placeholders of a sentence.
pub type Values = BTreeMap<&'static str, String>;

/// Fills the placeholders of a sentence: `{name}`, or `{name|words to use where it is not known}`. Other braces in a
/// command are its own: curl's `%{http_code}`, a shell's `${X}`, awk's `{print $1}`.
pub fn fill(text: &str, values: &Values) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((inside, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        rest = after;
        let (name, otherwise) = inside.split_once('|').unwrap_or((inside, ""));
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        if before.ends_with(['%', '$']) || !is_name {
            out.extend(["{", inside, "}"]);
            continue;
        }
        out.push_str(values.get(name).map_or(otherwise, String::as_str));
    }
    out.push_str(rest);
    out
}

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// The headline of a healthy verdict, by confidence: high, medium, low.
    pub healthy: [&'static str; 3],
    /// The same of a cluster of one member.
    pub healthy_alone: [&'static str; 3],
    /// The headline of `healthy.transient`, by confidence: high, medium, low.
    pub transient: [&'static str; 3],
    /// The same of a cluster of one member.
    pub transient_alone: [&'static str; 3],
    /// The headline where symptoms have no known cause.
    pub unexplained: &'static str,
    /// The headline where nothing speaks of trouble, and too little was sent for a verdict.
    pub insufficient: &'static str,
    /// The headline where nothing was understood.
    pub nothing: &'static str,
    /// What speaks for health: all members answered.
    pub ground_members: &'static str,
    /// What speaks for health: syncs of the WAL since the start.
    pub ground_fsync: &'static str,
    /// What speaks for health: syncs of the WAL between two samples.
    pub ground_fsync_recent: &'static str,
    /// What speaks for health: no alarm.
    pub ground_no_alarm: &'static str,
    /// What speaks for health, a little: a command that printed nothing.
    pub ground_silence: &'static str,
    /// What is missing for a surer healthy verdict.
    pub gap_evidence: &'static str,
    /// What is missing for any healthy verdict.
    pub gap_members: &'static str,
    /// Trouble for which there is no rule.
    pub trouble: TroubleWords,
    /// Kinds of evidence, as gaps name them.
    pub kinds: Kinds,
    /// What the coverage says is missing.
    pub coverage: CoverageWords,
    /// The text report.
    pub text: TextWords,
    /// The cluster as a whole.
    pub cluster: ClusterWords,
    /// What `collect` says.
    pub collect: CollectWords,
}

/// Trouble that no rule explains.
#[derive(Debug)]
pub struct TroubleWords {
    /// Data of two members differ.
    pub differing: &'static str,
    /// Evidence was not kept.
    pub dropped: &'static str,
    /// An alarm that no rule reads.
    pub alarm: &'static str,
    /// Two leaders.
    pub leaders: &'static str,
    /// Two clusters.
    pub clusters: &'static str,
    /// A member is far behind.
    pub behind: &'static str,
    /// A container's readiness probe fails.
    pub not_ready: &'static str,
    /// `check perf` found something too slow.
    pub checked: &'static str,
    /// A request failed.
    pub error: &'static str,
    /// Somebody got a bad answer.
    pub bad_answer: &'static str,
    /// Commits are slow.
    pub slow_commit: &'static str,
    /// Round trips are slow.
    pub slow_round_trip: &'static str,
    /// Lines of logs.
    pub logged: &'static str,
    /// A line that is not known.
    pub unknown: &'static str,
}

/// What `collect` says to the operator.
#[derive(Debug)]
pub struct CollectWords {
    /// An unfinished bundle lies about.
    pub leftover: &'static str,
    /// A password stood among the arguments.
    pub visible_password: &'static str,
    /// The second sample is waited for.
    pub waiting: &'static str,
    /// The archive is written.
    pub sealing: &'static str,
    /// A signal ended it.
    pub by_signal: &'static str,
    /// The deadline ended it.
    pub by_deadline: &'static str,
    /// What is missing, before the list.
    pub missing: &'static str,
    /// Before the commands that only an administrator may run.
    pub rights: &'static str,
    /// Behind them.
    pub rights_after: &'static str,
    /// Further rows that miss for the same reason.
    pub and_more: &'static str,
    /// Nothing could be written.
    pub elsewhere: &'static str,
    /// Everything was obtained.
    pub complete: &'static str,
    /// Where the bundle is.
    pub bundle: &'static str,
    /// How to see all of the diagnosis.
    pub report: &'static str,
    /// What to do with it.
    pub send: &'static str,
    /// The bundle went to standard output.
    pub sent: &'static str,
    /// The plan: what was found.
    pub found: &'static str,
    /// The plan: what would be run.
    pub plan: &'static str,
    /// The plan: files that would be read.
    pub reads: &'static str,
    /// The plan: nothing can be done for a row.
    pub nothing: &'static str,
    /// The plan: a program that is not here.
    pub absent: &'static str,
    /// The plan: with a login.
    pub login: &'static str,
    /// The plan: when a row is run, by condition: after the interval, API 2, API 3, small databases, all
    /// databases, no journal.
    pub when: [&'static str; 6],
    /// The plan: limits of a row.
    pub limits: &'static str,
    /// The plan: nothing was run.
    pub dry: &'static str,
}

/// The cluster as a whole.
#[derive(Debug)]
pub struct ClusterWords {
    /// Its title.
    pub title: &'static str,
    /// More members are healthy than a write takes.
    pub margin: &'static str,
    /// Just as many are healthy as a write takes.
    pub no_margin: &'static str,
    /// No majority is healthy.
    pub too_few: &'static str,
    /// Who led.
    pub leaders: &'static str,
    /// Who led in the last of many terms.
    pub leaders_last: &'static str,
    /// A term with its leader and its time.
    pub term: &'static str,
    /// The same without a time.
    pub term_undated: &'static str,
    /// One member does not reach another.
    pub lost: &'static str,
    /// Two members do not reach each other.
    pub lost_both_ways: &'static str,
    /// From when to when.
    pub lost_when: &'static str,
    /// Further links.
    pub more_links: &'static str,
    /// A clock that is behind.
    pub clock: &'static str,
    /// How far each log reaches.
    pub reach: &'static str,
    /// The same where one is known to be ahead.
    pub reach_furthest: &'static str,
    /// Nothing tells how far one log reaches.
    pub reach_unknown: &'static str,
    /// How far one log reaches.
    pub reach_one: &'static str,
    /// The same with the term of that entry.
    pub reach_in_term: &'static str,
}

/// Kinds of evidence.
#[derive(Debug)]
pub struct Kinds {
    /// etcd's log.
    pub log: &'static str,
    /// Two samples of metrics.
    pub metrics_twice: &'static str,
    /// The alarm list.
    pub alarms: &'static str,
    /// Health of all members.
    pub health: &'static str,
}

/// What the coverage says.
#[derive(Debug)]
pub struct CoverageWords {
    /// No log was in the input.
    pub no_log: &'static str,
    /// No metrics were in the input.
    pub no_metrics: &'static str,
    /// One sample of metrics only.
    pub one_sample: &'static str,
    /// Nobody said who belongs to the cluster.
    pub no_membership: &'static str,
    /// Torn metric lines that were mended.
    pub mended: &'static str,
    /// Metric lines that were given up.
    pub broken: &'static str,
    /// Warnings that no message is known for.
    pub unknown_lines: &'static str,
    /// Files of which nothing was understood.
    pub not_understood: &'static str,
    /// Evidence of several inputs without a cluster id.
    pub no_cluster_id: &'static str,
    /// Rows of a collection that were not obtained.
    pub not_obtained: &'static str,
    /// A collection that was ended early.
    pub ended_early: &'static str,
    /// A bundle that was not sealed.
    pub unfinished: &'static str,
}

/// The text report.
#[derive(Debug)]
pub struct TextWords {
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
    /// The finding that is over.
    pub what_it_was: &'static str,
    /// The finding that goes on.
    pub cause: &'static str,
    /// Other findings.
    pub other: &'static str,
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
    pub columns: [&'static str; 6],
    /// The row may be another one.
    pub maybe: &'static str,
    /// Undecided.
    pub open: &'static str,
    /// Ask for.
    pub ask: &'static str,
    /// Coverage.
    pub coverage: &'static str,
    /// Accounts for.
    pub explains: &'static str,
    /// Accounted for by.
    pub explained_by: &'static str,
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
}

/// English.
pub const EN: Words = Words {
    healthy: [
        "The cluster is all right: all {n} members answered healthy, nothing in logs and metrics speaks against it.",
        "The cluster is all right: all {n} members answered healthy.",
        "Nothing is wrong in what was sent.",
    ],
    healthy_alone: [
        "The cluster is all right: its only member answered healthy, nothing in logs and metrics speaks against it.",
        "The cluster is all right: its only member answered healthy.",
        "Nothing is wrong in what was sent.",
    ],
    transient: [
        "The cluster is all right: all {n} members answered healthy. {members|One member} had a bad moment, and it is over.",
        "The cluster is all right: all {n} members answered healthy. {members|One member} had a bad moment, and it is over.",
        "{members|One member} had a bad moment, and it is over, as far as what was sent shows.",
    ],
    transient_alone: [
        "The cluster is all right: its only member answered healthy. It had a bad moment, and that is over.",
        "The cluster is all right: its only member answered healthy. It had a bad moment, and that is over.",
        "The only member had a bad moment, and that is over, as far as what was sent shows.",
    ],
    unexplained: "Something is wrong in what was sent, and its cause does not show.",
    insufficient: "What was sent does not suffice to tell how the cluster is.",
    nothing: "Nothing of etcd was understood in what was sent, so nothing can be said of the cluster.",
    ground_members: "{n} of {of} members answered healthy.",
    ground_fsync: "{n} of {of} syncs of the write-ahead log ({share}) took at most 8 ms since the start of etcd on {member|this host}; p99 {p99}.",
    ground_fsync_recent: "Between two samples {n} of {of} syncs of the write-ahead log of {member|this etcd} ({share}) took at most 8 ms; p99 {p99}.",
    ground_no_alarm: "The alarm list is empty.",
    ground_silence: "On {host|that host} `{command}` printed nothing in what was sent.",
    gap_evidence: "The verdict would be surer with what was not sent: {missing}.",
    gap_members: "Whether all members are healthy was not shown.",
    trouble: TroubleWords {
        differing: "{a} and {b} hold different data at revision {revision} ({place}); no rule of this release explains it.",
        dropped: "{n} pieces of evidence were beyond the limits and were not kept.",
        alarm: "The alarm {kind} is on ({place}); no rule of this release explains it.",
        leaders: "Two members say that they lead ({place}).",
        clusters: "The members that answered belong to two clusters ({place}).",
        behind: "A member is {n} entries of the raft log behind another ({place}); no rule of this release explains it.",
        not_ready: "The container of etcd on {member|a host} runs and is not ready ({place}).",
        checked: "`etcdctl check perf` found it too slow ({place}): {what}; no rule of this release explains it.",
        error: "A request of etcdctl failed ({place}): {error}",
        bad_answer: "{member} did not answer healthy to everybody who asked ({place}); why does not show.",
        slow_commit: "One in a hundred backend commits of {member|a member} takes more than {p99}; no rule of this release explains it.",
        slow_round_trip: "Half of the round trips from {member|a member} to {peer} take more than {p50}; no rule of this release explains it.",
        logged: "{count} log lines tell of trouble that no rule of this release explains; the first ({place}): {means}",
        unknown: "a warning or error whose wording is not known.",
    },
    kinds: Kinds {
        log: "etcd log of the time in question",
        metrics_twice: "metrics, two samples 15 s apart",
        alarms: "alarm list",
        health: "health of all members",
    },
    coverage: CoverageWords {
        no_log: "no log of etcd was sent",
        no_metrics: "no metrics were sent",
        one_sample: "one sample of metrics: what is since the start, not what is now",
        no_membership: "no member list and no health check of all members: who belongs to the cluster is not known",
        mended: "metric lines torn by other output, and mended: {n}",
        broken: "metric lines torn so that they could not be used: {n}",
        unknown_lines: "warnings or errors of etcd whose wording this release does not know: {n}, the first in {path}, line {line}",
        not_understood: "files in which nothing was understood: {n} ({paths}; `inspect` lists them)",
        no_cluster_id: "{n} inputs were taken for one cluster because they were given together; nothing in them proves it",
        not_obtained: "not obtained on {host}: {rows}",
        ended_early: "the collection on {host} was ended before its plan was done",
        unfinished: "the bundle of {host} was not finished: the collector was killed, or is still at work",
    },
    text: TextWords {
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
        what_it_was: "What it was",
        cause: "Cause",
        other: "Also found",
        do_: "What to do",
        settle: "What settles it",
        means: "What it means",
        why_healthy: "What speaks for health",
        support: "support, no proof",
        members: "Members",
        columns: ["member", "id", "health", "role", "version", "address"],
        maybe: "may be {names}",
        open: "Open",
        ask: "Ask for what this prints:",
        coverage: "Read",
        explains: "accounts for {codes}",
        explained_by: "accounted for by {code}",
        risks: &[("careful", "CAREFUL"), ("dangerous", "DANGEROUS")],
        also: "also",
        notes: "Notes",
        more: "… and {n} more",
        undecided: "undecided",
        id: "id",
        coverage_line: "Files: {artifacts} ({layout}); members: {seen} of {expected}; {window|no dated log}.",
        window: "logs from {from} to {to}",
    },
    cluster: ClusterWords {
        title: "Cluster",
        margin: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: {n} more can be lost.",
        no_margin: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: none more can be lost.",
        too_few: "{voters} voting members; a write takes {quorum} of them, {healthy} answered healthy: {n} too few.",
        leaders: "Leaders: {terms}.",
        leaders_last: "Leaders, the last of {n} terms: {terms}.",
        term: "term {term} {leader} ({time})",
        term_undated: "term {term} {leader}",
        lost: "{from} → {to}: {reasons|lost, without a reason}",
        lost_both_ways: "{from} ↔ {to}: {reasons|lost, without a reason}",
        lost_when: ", {count} lines from {first} to {last}, and not up again",
        more_links: "… and {n} more links that are down",
        clock: "The clock of {behind} is behind that of {by} by up to {by_how_much}: times of the two do not compare.",
        reach: "Logs reach at least: {all}. Before you recover from one, see that no other reaches further.",
        reach_furthest: "Logs reach at least: {all}. By what was sent {furthest} reaches furthest.",
        reach_unknown: "{member} not known",
        reach_one: "{member} index {index} ({told_by})",
        reach_in_term: "{member} index {index} of term {term} ({told_by})",
    },
    collect: CollectWords {
        leftover: "an earlier collection was not finished: {path} (analyze reads it; remove it when you have what you need)",
        visible_password: "the password stands among the arguments, where every user of this host can see it: next time use --password-file, or ETCDCTL_PASSWORD",
        waiting: "waiting {n} s for the second sample",
        sealing: "packing",
        by_signal: "ended by a signal: what was gathered until then is in the bundle",
        by_deadline: "ended by its deadline: what was gathered until then is in the bundle",
        missing: "Missing, {n} of {of}:",
        rights: "This user may not see all of it. Run the same collection as root, or have an administrator run these and send what they print:",
        rights_after: "Both bundles together give one diagnosis: etcd-triage analyze BUNDLE BUNDLE",
        and_more: " and {n} more",
        elsewhere: "nothing is left there: name another place with -o",
        complete: "All {of} rows of the plan were obtained or do not apply here.",
        bundle: "Bundle: {path} ({size})",
        report: "The whole report: etcd-triage analyze {path}",
        send: "Send this file to support; there it gives the same id. `manifest.json` in it lists all that was run and kept.",
        sent: "The bundle went to standard output: what took it can be sent to support, and there it gives the same id.",
        found: "Found",
        plan: "Plan: {n} rows, into {path}",
        reads: "read {files}",
        nothing: "nothing: {why}",
        absent: "not on this host",
        login: "with user and password in its environment",
        when: [
            "{n} s after the first sample",
            "if etcd is older than 3.4",
            "if etcd is 3.0 or newer",
            "if etcd is 3.3 or newer, and no database is larger than 256 MiB",
            "if etcd is 3.3 or newer",
            "if no journal has lines of etcd",
        ],
        limits: "at most {time} s, {size}",
        dry: "Nothing was run and nothing was written.",
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_braces_of_commands_stay() {
        let values = Values::from([("member", "db-1".to_owned()), ("p99", "512 ms".to_owned())]);
        assert_eq!(fill("{member|a member} took {p99}, {count|some} times{x}", &values), "db-1 took 512 ms, some times");
        let command = r#"curl -w "%{http_code}" u; ss | awk '{split($4,a,":");print a[1]}'; echo ${HOME}"#;
        assert_eq!(fill(command, &values), command);
    }
}
