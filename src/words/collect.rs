//! What `collect` says to the operator.

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

/// English.
pub(super) const EN: CollectWords = CollectWords {
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
        "if etcd is 3.3 or newer, and no database has more than 256 MiB in use; REVISION is the lowest that a member tells",
        "if etcd is 3.3 or newer; REVISION is the lowest that a member tells",
        "if no journal has lines of etcd",
    ],
    limits: "at most {time} s, {size}",
    dry: "Nothing was run and nothing was written.",
};
