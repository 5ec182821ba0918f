//! One pair of files for each diagnosis: `NAME.rs` decides, `NAME.md` explains and carries the cases that prove it.
//!
//! A rule reads facts and names no other rule, no parser and no path. Its words are on its page.

mod accusations;
mod client_answers;
mod client_failures;
mod draft;
mod elections;
pub mod healthy;
mod last_words;
mod late;
pub mod page;
mod screened;
mod service;
mod syncs;
mod trouble;

use std::sync::LazyLock;

use crate::{
    diagnosis::{Code, Kinship, Outcome, Severity},
    facts::Facts,
};

use draft::Ruling;
use page::Page;

/// A diagnosis that can be made.
pub struct Rule {
    /// Its name.
    pub code: Code,
    /// How much its findings matter, at most.
    pub severity: Severity,
    /// The kinds of evidence that it reads, in words an operator knows.
    pub reads: &'static [&'static str],
    /// Messages of the catalogue that it reads, by id.
    pub messages: &'static [&'static str],
    /// Codes that a finding of this rule accounts for.
    pub explains: &'static [Code],
    /// What it is in the order of causes.
    pub nature: Nature,
    decide: fn(&Facts) -> Ruling,
}

/// What a code is in the order of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Says why something is wrong.
    Why,
    /// Says that something is wrong, on single members.
    That,
    /// Says that something is wrong with the cluster as a whole.
    ThatOfAll,
    /// A note.
    Note,
}

/// A rule with its page.
pub struct Entry {
    /// The rule.
    pub rule: Rule,
    /// Name of its files.
    pub file: &'static str,
    /// Its page as it stands in the file.
    pub source: &'static str,
}

/// Declares the rules: a name is a pair of files, `NAME.rs` with `RULE` and `NAME.md`. A line without files does not compile.
macro_rules! rules {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// All rules, by name. A further diagnosis is a line here.
        pub const RULES: &[Entry] = &[
            $(Entry { rule: $name::RULE, file: stringify!($name), source: include_str!(concat!(stringify!($name), ".md")) }),+
        ];
    };
}

rules! {
    client_auth,
    client_compacted,
    client_lease,
    clock_skew,
    cluster_fragile,
    config_data_dir_locked,
    config_heartbeat,
    config_invalid,
    config_permission,
    config_port_in_use,
    cpu_starvation,
    data_inconsistent,
    data_lost,
    db_corrupt,
    db_fragmented,
    db_quota_exceeded,
    db_quota_near,
    disk_full,
    disk_io_error,
    disk_slow_commit,
    disk_slow_fsync,
    dns_failure,
    fd_exhausted,
    leader_flapping,
    load_auth_bcrypt,
    load_expensive_requests,
    load_large_request,
    load_too_many_requests,
    mem_oom,
    member_down,
    member_lagging,
    member_mismatch,
    member_removed,
    net_corruption,
    net_latency,
    net_partition,
    quorum_lost,
    snap_corrupt,
    snap_missing,
    tls_bad_cert,
    tls_expired,
    tls_not_yet_valid,
    tls_plaintext,
    version_known_bug,
    version_skew,
    wal_corrupt,
    wal_missing,
}

static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| RULES.iter().map(|entry| Page::read(entry.source)).collect());

impl Entry {
    /// Its page, taken apart.
    pub fn page(&self) -> &'static Page {
        static EMPTY: LazyLock<Page> = LazyLock::new(Page::default);
        let at = RULES.iter().position(|entry| entry.rule.code == self.rule.code);
        at.and_then(|at| PAGES.get(at)).unwrap_or(&EMPTY)
    }

    /// What the rule says of the facts, in its page's words.
    pub fn apply(&self, facts: &Facts) -> Outcome {
        (self.rule.decide)(facts).in_words(self, facts)
    }
}

/// The rule of a code, or of an alert of the etcd mixin.
pub fn find(name: &str) -> Option<&'static Entry> {
    // The rules of 2.3 to 3.2 have the same alerts without etcd's name in front, or with it as a word.
    let plain = |alert: &str| alert.strip_prefix("etcd").or_else(|| alert.strip_prefix("Etcd")).unwrap_or(alert).to_owned();
    let is_alert = |entry: &&Entry| entry.page().alerts.iter().any(|alert| plain(alert) == plain(name));
    RULES.iter().find(|entry| entry.rule.code.as_str() == name).or_else(|| RULES.iter().find(is_alert))
}

/// Whether a rule reads a message, so that a finding says what it means for the cluster.
fn is_read(message: &str) -> bool {
    RULES.iter().any(|entry| entry.rule.messages.contains(&message))
}

/// What the ranking needs to know of the rules.
pub struct Kin;

impl Kinship for Kin {
    fn explains(&self, code: Code) -> &'static [Code] {
        rule(code).map_or(&[], |rule| rule.explains)
    }

    fn says_why(&self, code: Code) -> bool {
        rule(code).is_some_and(|rule| rule.nature == Nature::Why)
    }

    fn concerns_all(&self, code: Code) -> bool {
        rule(code).is_some_and(|rule| rule.nature == Nature::ThatOfAll)
    }

    fn is_planned(&self, _: Code) -> bool {
        // No rule tells of planned work yet.
        false
    }
}

fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().map(|entry| &entry.rule).find(|rule| rule.code == code)
}
