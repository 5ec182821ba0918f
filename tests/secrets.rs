//! Two passes look for secrets, by different means: the first takes them out of lines, the second recognises what would be left.

#[path = "collect/secrets.rs"]
mod secrets;

use etcd_triage::redact::{Redactor, recognise};
use secrets::SECRETS;

/// The lines without what the redactor takes out.
fn redacted(text: &str) -> String {
    let mut redactor = Redactor::new(b"salt");
    let lines = text.lines().map(|line| String::from_utf8_lossy(&redactor.line(line.as_bytes())).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_kind_of_secret_is_taken_out_and_the_second_pass_sees_nothing_more() {
    for (secret, text) in SECRETS {
        let once = redacted(text);
        assert!(!once.contains(secret), "{secret} is left in\n{once}");
        assert_eq!(redacted(&once), once, "a second pass changes nothing");
        let seen: Vec<_> = once.lines().filter_map(|line| recognise(line.as_bytes())).collect();
        assert!(seen.is_empty(), "{seen:?} in what is left of {secret}:\n{once}");
    }
}

/// Names of keys, and values, are taken out by their place in a request, and have no form of their own; and three short words behind a secret's
/// name might be anything.
const BY_PLACE: [&str; 9] = [
    "s15-aws",
    "s18-yaml",
    "s20-discovery",
    "s01-payroll",
    "s02-namespace",
    "s03-customer",
    "s04-lockname",
    "s05-detail",
    "s21-value",
];

#[test]
fn the_second_pass_recognises_by_itself_what_the_first_one_takes_out() {
    let missed: Vec<&str> = SECRETS
        .iter()
        .filter(|(secret, text)| {
            let is_seen = text.is_empty() || text.lines().any(|line| recognise(line.as_bytes()).is_some());
            !is_seen && !BY_PLACE.contains(secret)
        })
        .map(|(secret, _)| *secret)
        .collect();
    assert_eq!(missed, Vec::<&str>::new());
}
