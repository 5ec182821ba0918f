//! Kinds of evidence, and what the coverage says is missing.

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
    /// What another project's form of bundles never holds, and what to ask for.
    pub form_lacks: &'static str,
    /// Hosts of which kubespray's playbook left no answer at all.
    pub empty_answers: &'static str,
    /// What a form can lack, by name: what it is, and what would show it.
    pub lacks: &'static [(&'static str, &'static str, &'static str)],
}

/// English.
pub(super) const EN_KINDS: Kinds = Kinds {
    log: "etcd log of the time in question",
    metrics_twice: "metrics, two samples 15 s apart",
    alarms: "alarm list",
    health: "health of all members",
};

/// English.
pub(super) const EN: CoverageWords = CoverageWords {
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
    form_lacks: "{form} bundles hold no {lacks}; ask for {asks}",
    empty_answers: "all that was asked on {hosts} is empty: the playbook writes with `&>`, which /bin/sh of Debian and Ubuntu does not know; \
         ask for `etcdctl endpoint health --cluster; etcdctl endpoint status --cluster -w json`",
    lacks: &[
        ("metrics", "metrics of etcd", "`curl ENDPOINT/metrics` of each member, twice, 15 s apart"),
        ("logs", "whole logs of etcd", "the whole log of each member"),
        ("listing", "listing of the data directory", "`ls -lR` of it"),
        ("host", "facts of the hosts", "`df -h`, `free -m`, `dmesg -T` of each"),
        ("alarms", "alarm list", "`etcdctl alarm list`"),
        (
            "members",
            "answers of the members",
            "`etcdctl member list`, `etcdctl endpoint health --cluster`, `etcdctl endpoint status --cluster -w json`",
        ),
        ("other-nodes", "evidence of other nodes", "the same of each of them, and give all in one call"),
    ],
};
