//! `config.invalid`: etcd refuses its flags, addresses, environment or files, and does not start.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    last_words::{self, Heals, Search},
};
use crate::{
    diagnosis::{Code, Severity},
    facts::{Facts, MemberLog},
    parse::logbook::Sighting,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("config.invalid"),
    severity: Severity::Warning,
    reads: &["etcd log", "etcdctl cluster-health or endpoint health"],
    messages: MESSAGES,
    explains: &[Code::new("member.down"), Code::new("quorum.lost")],
    nature: Nature::Why,
    decide,
};

/// Refused settings. Starts that fail for many reasons are looked at by their error and not listed here: what else they say stays
/// trouble that no rule has read.
const MESSAGES: &[&str] = &[
    "start-flags-invalid",
    "start-election-timeout-short",
    "start-both-dirs",
    "start-advertise-missing",
    "start-discovery-registered",
    "start-arch-unsupported",
];

/// The unit asks for what is not there, before etcd reads any setting.
const SPAWN: &str = "systemd-spawn-failed";

/// What a start says of files with certificates that cannot be used: not there, torn, or of two pairs (crypto/tls, pkg/tlsutil).
const FILES: &[&str] = &[
    "no such file",
    "private key does not match",
    "failed to find any PEM data",
    "failed to find certificate PEM",
    "failed to parse",
    "asn1: ",
    "must both be present",
];

/// Errors of a start that are about its settings (`embed/config.go`, `etcdserver/config.go`, 2.1 to 3.7).
const REFUSED: &[&str] = &[
    "expected IP in URL for binding",
    "has duplicate url",
    "must be provided for",
    "must both be present",
    "URL scheme must be",
    "URL address does not have the form",
    "URL must not contain a path",
    "multiple discovery or bootstrap flags",
    "is too long, and should be set less than",
    "should be at least as 5 times as",
];

/// What a discovery service answers that is reached (`discovery/discovery.go`, 2.0 to 3.5; `v3discovery`): its token was never made, is used up, or is
/// none. One that is not reached is no matter of settings.
const DISCOVERY: &[&str] =
    &["size key", "not found", "is bad", "cluster is full", "duplicate", "bad discovery endpoint", "invalid URL"];

/// Errors of names that do not resolve. `resolved from` says that they do.
const UNRESOLVED: &[&str] = &["failed to resolve", "lookup ", "no such host", "deadline exceeded"];

/// Signs that names do not resolve: then settings look wrong that are right.
const NAMES: &[&str] = &["start-host-unresolved", "start-host-gave-up", "start-srv-failed"];

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = last_words::search(facts, &Search { is_it: &is_it, severity: RULE.severity, heals: Heals::AtStart, beside: false });
    if facts.sightings(SPAWN).next().is_some() {
        let is_of_unit = |log: &MemberLog, sighting: &Sighting| sighting.message.id == SPAWN && is_it(log, sighting);
        let search = Search { is_it: &is_of_unit, severity: RULE.severity, heals: Heals::AtStart, beside: false };
        let of_unit = last_words::search(facts, &search);
        let is_of = |draft: &&mut Draft| of_unit.iter().any(|other| other.members == draft.members && other.others == draft.others);
        drafts.iter_mut().filter(is_of).for_each(|draft| draft.reword_active("unit"));
    }
    last_words::ruling(facts, drafts)
}

fn is_it(log: &MemberLog, sighting: &Sighting) -> bool {
    let says = |words: &str| sighting.error.as_ref().is_some_and(|error| error.raw().contains(words));
    match sighting.message.id {
        id if MESSAGES.contains(&id) => true,
        SPAWN => !says("ermission denied"),
        "start-name-unknown" => !resolves_no_names(log) && !UNRESOLVED.iter().any(|words| says(words)),
        // A question that etcd asks when a start fails over names; where none resolves it is a wrong one.
        "start-initial-cluster-forgotten" => !resolves_no_names(log),
        "start-cert-missing" | "start-https-failed" if says("permission denied") => false,
        // Older releases print no more than the file and what is wrong with it, as any program of a journal may.
        "start-cert-missing" if sighting.error.is_none() => is_own(log),
        "start-cert-missing" if !is_own(log) => false,
        "start-cert-missing" | "start-https-failed" | "start-listener-failed" if FILES.iter().any(|words| says(words)) => true,
        "start-discovery-refused" => sighting.error.is_none() || DISCOVERY.iter().any(|words| says(words)),
        "start-failed" => REFUSED.iter().chain(FILES).any(|words| says(words)),
        // A directory that is a mount point cannot be replaced, and etcd makes its WAL beside the place and renames it there.
        "wal-create-failed" | "wal-rename-failed" => says("device or resource busy"),
        _ => false,
    }
}

fn is_own(log: &MemberLog) -> bool {
    log.member.is_some() || log.writer.process.as_ref().is_none_or(|process| process.raw().starts_with("etcd"))
}

fn resolves_no_names(log: &MemberLog) -> bool {
    log.log.sightings().any(|other| NAMES.contains(&other.message.id))
}
