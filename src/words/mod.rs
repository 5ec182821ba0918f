//! All fixed words of the reports, one struct a language. Pages of rules (`rules/NAME.md`) hold the words of single diagnoses.

mod cluster;
mod collect;
mod coverage;
mod html;
mod markdown;
mod sharing;
mod shell;
mod text;
mod trouble;

use std::collections::BTreeMap;

pub use self::{
    cluster::ClusterWords,
    collect::CollectWords,
    coverage::{CoverageWords, Kinds},
    html::{ChartWords, HtmlWords, TimelineWords},
    markdown::MarkdownWords,
    sharing::SharingWords,
    shell::ShellWords,
    text::TextWords,
    trouble::TroubleWords,
};

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
    /// The HTML report.
    pub html: HtmlWords,
    /// The Markdown report.
    pub markdown: MarkdownWords,
    /// The cluster as a whole.
    pub cluster: ClusterWords,
    /// Fixed sentences that stand in English beside their rule or message, by that sentence: notes on quoted lines, what a message means, states
    /// of rows. A language looks them up; what it does not have stays as it is.
    pub elsewhere: fn(&str) -> String,
    /// What is said while a command works.
    pub shell: ShellWords,
    /// What `collect` says.
    pub collect: CollectWords,
    /// What is said of what leaves a site.
    pub sharing: SharingWords,
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
    trouble: trouble::EN,
    kinds: coverage::EN_KINDS,
    coverage: coverage::EN,
    text: text::EN,
    html: html::EN,
    markdown: markdown::EN,
    cluster: cluster::EN,
    elsewhere: str::to_owned,
    shell: shell::EN,
    collect: collect::EN,
    sharing: sharing::EN,
};

/// All languages, by the name that `--lang` takes. A further one is a line here.
pub const LANGUAGES: &[(&str, &Words)] = &[("en", &EN)];

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
