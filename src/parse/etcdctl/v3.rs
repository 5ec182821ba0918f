//! What etcdctl prints with the v3 API in its simple form, line by line.

use crate::parse::duration::go_duration;
use crate::text::Untrusted;

use super::words::{boolean, hex_id, is_endpoint, is_version, nonempty, urls};
use super::{AlarmKind, Answer, Status, columns};

/// Columns after the version, by release.
const OLD: [&str; 4] = ["DB SIZE", "IS LEADER", "RAFT TERM", "RAFT INDEX"];
const WITH_LEARNER: [&str; 6] = ["DB SIZE", "IS LEADER", "IS LEARNER", "RAFT TERM", "RAFT INDEX", "RAFT APPLIED INDEX"];
const WITH_STORAGE: [&str; 10] = [
    "STORAGE VERSION",
    "DB SIZE",
    "IN USE",
    "PERCENTAGE NOT IN USE",
    "QUOTA",
    "IS LEADER",
    "IS LEARNER",
    "RAFT TERM",
    "RAFT INDEX",
    "RAFT APPLIED INDEX",
];

/// Reads a line, trimmed.
pub(super) fn answer(text: &str) -> Option<Answer> {
    health(text).or_else(|| failed(text)).or_else(|| alarm(text)).or_else(|| version(text)).or_else(|| cells(text))
}

fn health(text: &str) -> Option<Answer> {
    // Most lines have no such words, and to split them takes longer to begin.
    let (endpoint, rest) = if text.contains(" is ") { text.split_once(" is ")? } else { return None };
    if !is_endpoint(endpoint) {
        return None;
    }
    let endpoint = Untrusted::from(endpoint);
    if let Some(took) = rest.strip_prefix("healthy: successfully committed proposal: took = ") {
        return Some(Answer::EndpointHealth { endpoint, healthy: true, took: go_duration(took), error: None });
    }
    let error = rest.strip_prefix("unhealthy: ")?;
    // Fixed words: the check reads a key, nothing is proposed. 3.0 says `failed to connect: …` too, which is part of the error.
    let error = error.strip_prefix("failed to commit proposal: ").unwrap_or(error);
    Some(Answer::EndpointHealth { endpoint, healthy: false, took: None, error: nonempty(error) })
}

fn failed(text: &str) -> Option<Answer> {
    let split = |rest: &str| {
        let (endpoint, error) = rest.split_once(" (")?;
        let found = (Untrusted::from(endpoint), Untrusted::from(error.strip_suffix(')').unwrap_or(error)));
        if is_endpoint(endpoint) { Some(found) } else { None }
    };
    if let Some(rest) = text.strip_prefix("Failed to get the status of endpoint ") {
        return split(rest).map(|(endpoint, error)| Answer::StatusFailed { endpoint, error });
    }
    let (endpoint, error) = split(text.strip_prefix("Failed to get the hash of endpoint ")?)?;
    Some(Answer::HashFailed { endpoint, error })
}

/// `memberID:1027 alarm:NOSPACE`; the protobuf runtime of 3.7 varies the blanks on purpose. A member 0 is left out.
fn alarm(text: &str) -> Option<Answer> {
    let (member, kind) = match text.strip_prefix("memberID:") {
        Some(rest) => rest.split_once(char::is_whitespace).map(|(id, kind)| (Some(id), kind.trim()))?,
        None => (None, text),
    };
    let kind = kind.strip_prefix("alarm:")?;
    let member = match member {
        Some(id) => Some(id.parse::<u64>().ok()?).filter(|id| *id != 0),
        None => None,
    };
    let named = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if named { Some(Answer::Alarm { member, kind: AlarmKind::of(kind) }) } else { None }
}

fn version(text: &str) -> Option<Answer> {
    if let Some(api) = text.strip_prefix("API version: ") {
        let numeric = !api.is_empty() && api.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        return if numeric { Some(Answer::Tool { version: None, api: Some(api.into()) }) } else { None };
    }
    let rest = text.strip_prefix("etcdctl version").or_else(|| text.strip_prefix("etcdutl version"))?;
    let version = rest.strip_prefix(':').unwrap_or(rest).trim();
    if is_version(version) { Some(Answer::Tool { version: Some(version.into()), api: None }) } else { None }
}

fn cells(text: &str) -> Option<Answer> {
    if !text.contains(", ") && !text.ends_with(',') {
        return None;
    }
    // A trailing empty cell loses its blank to whoever trims lines.
    let padded;
    let text = if text.ends_with(',') {
        padded = format!("{text} ");
        padded.as_str()
    } else {
        text
    };
    let cells: Vec<&str> = text.split(", ").map(str::trim).collect();
    from_cells(&cells)
}

/// Reads the cells of a simple line, or of a table row without header, by their shape.
pub(super) fn from_cells(cells: &[&str]) -> Option<Answer> {
    member(cells).or_else(|| status(cells)).or_else(|| hash(cells))
}

/// id, status, name, peer URLs, client URLs, (3.4) is learner.
fn member(cells: &[&str]) -> Option<Answer> {
    let [id, started, rest @ ..] = cells else { return None };
    let id = hex_id(id)?;
    let started = match *started {
        "started" => true,
        "unstarted" => false,
        _ => return None,
    };
    let (rest, is_learner) = match rest {
        [rest @ .., last] if boolean(last).is_some() => (rest, boolean(last)),
        _ => (rest, None),
    };
    let [name @ .., peers, clients] = rest else { return None };
    let name = nonempty(&name.join(", "));
    let (peer_urls, client_urls) = (urls(peers), urls(clients));
    Some(Answer::Member { id, name, peer_urls, client_urls, is_leader: None, is_learner, started: Some(started) })
}

/// The errors hold commas, so columns are counted from both ends.
fn status(cells: &[&str]) -> Option<Answer> {
    let [endpoint, id, version, rest @ ..] = cells else { return None };
    if !is_endpoint(endpoint) || !is_version(version) {
        return None;
    }
    let mut status = Status { endpoint: (*endpoint).into(), member_id: Some(hex_id(id)?), ..Status::default() };
    columns::set(&mut status, "VERSION", version);
    let first = rest.first()?;
    let names: &[&str] = if first.is_empty() || is_version(first) {
        &WITH_STORAGE
    } else if rest.len() == OLD.len() {
        &OLD
    } else {
        &WITH_LEARNER
    };
    let (fixed, tail) = rest.split_at_checked(names.len())?;
    for (name, cell) in names.iter().zip(fixed) {
        columns::set(&mut status, name, cell);
    }
    let errors = match tail {
        [errors @ .., target, enabled] if boolean(enabled).is_some() => {
            columns::set(&mut status, "DOWNGRADE TARGET VERSION", target);
            columns::set(&mut status, "DOWNGRADE ENABLED", enabled);
            errors
        }
        errors => errors,
    };
    columns::set(&mut status, "ERRORS", &errors.join(", "));
    status.is_leader?;
    status.conclude();
    Some(Answer::EndpointStatus(Box::new(status)))
}

/// endpoint, hash, (3.6) hash revision.
fn hash(cells: &[&str]) -> Option<Answer> {
    let (endpoint, hash, revision) = match cells {
        [endpoint, hash] => (endpoint, hash, None),
        [endpoint, hash, revision] => (endpoint, hash, Some(revision.parse::<i64>().ok()?)),
        _ => return None,
    };
    if !is_endpoint(endpoint) {
        return None;
    }
    let hash = Some(hash.parse::<u32>().ok()?).filter(|h| *h != 0);
    Some(columns::hash(endpoint, hash, revision.filter(|r| *r != 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::etcdctl::Size;
    use std::time::Duration;

    fn status_of(line: &str) -> Status {
        match answer(line) {
            Some(Answer::EndpointStatus(status)) => *status,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn endpoint_health_is_read_in_every_wording() {
        let ep = Untrusted::from("http://10.0.0.1:2379");
        for (line, healthy, took, error) in [
            ("is healthy: successfully committed proposal: took = 2.1ms", true, Some(2_100_000), None),
            (
                "is unhealthy: failed to commit proposal: context deadline exceeded",
                false,
                None,
                Some("context deadline exceeded"),
            ),
            (
                "is unhealthy: failed to connect: grpc: timed out when dialing",
                false,
                None,
                Some("failed to connect: grpc: timed out when dialing"),
            ),
            ("is unhealthy: failed to commit proposal: Active Alarm(s): NOSPACE", false, None, Some("Active Alarm(s): NOSPACE")),
        ] {
            let (took, error) = (took.map(Duration::from_nanos), error.map(Untrusted::from));
            let expected = Answer::EndpointHealth { endpoint: ep.clone(), healthy, took, error };
            assert_eq!(answer(&format!("{} {line}", ep.raw())), Some(expected), "{line}");
        }
        assert!(answer("127.0.0.1:2379 is healthy: successfully committed proposal: took = 87\u{b5}s").is_some());
    }

    #[test]
    fn a_status_line_up_to_3_3_has_seven_columns() {
        let status = status_of("https://ma-1.dev.*.*:4001, e2a4cd1f5a62476a, 3.0.15, 11 GB, true, 2868, 59480228");
        assert_eq!((status.term, status.index, status.applied), (Some(2868), Some(59_480_228), None));
        assert_eq!(status.db_size, Some(Size { bytes: 11_000_000_000, rounded: true }));
        assert_eq!((status.is_leader, status.leader, status.is_learner), (Some(true), Some(0xe2a4_cd1f_5a62_476a), None));
    }

    #[test]
    fn a_status_line_of_3_4_keeps_errors_that_hold_commas() {
        let line = "http://10.0.0.1:2379, 8e9e05c52164694d, 3.4.23, 25 MB, false, false, 2, 1424, 1420, memberID:16173167636731360423 alarm:NOSPACE , memberID:2 alarm:NOSPACE";
        let status = status_of(line);
        assert_eq!((status.is_learner, status.index, status.applied), (Some(false), Some(1424), Some(1420)));
        assert_eq!(status.errors, ["memberID:16173167636731360423 alarm:NOSPACE", "memberID:2 alarm:NOSPACE"]);
        let none = status_of("http://10.0.0.1:2379, 8e9e05c52164694d, 3.5.9, 25 MB, false, false, 2, 14, 14,");
        assert!(none.errors.is_empty() && none.has_leader.is_none());
        let lost =
            status_of("http://10.0.0.1:2379, 8e9e05c52164694d, 3.5.9, 25 MB, false, false, 2, 14, 14, etcdserver: no leader");
        assert_eq!((lost.has_leader, lost.leader), (Some(false), None));
    }

    #[test]
    fn a_status_line_of_3_6_has_sixteen_columns() {
        let line =
            "http://10.0.0.1:2379, 8e9e05c52164694d, 3.6.5, 3.6.0, 20 kB, 16 kB, 20%, 2.1 GB, true, false, 3, 9, 9, , , false";
        let status = status_of(line);
        assert_eq!(status.storage_version, Some("3.6.0".into()));
        assert_eq!(status.in_use.map(|s| s.bytes), Some(16_000));
        assert_eq!(status.quota.map(|s| s.bytes), Some(2_100_000_000));
        assert_eq!((status.downgrade_target, status.downgrade_enabled, status.errors.len()), (None, Some(false), 0));
        let line = "127.0.0.1:2379, 1, 3.6.5, , 20 kB, 16 kB, 20%, 2.1 GB, false, true, 3, 9, 9, etcdserver: no leader, memberID:1 alarm:CORRUPT , 3.5.0, true";
        let status = status_of(line);
        assert_eq!((status.errors.len(), status.is_learner, status.has_leader), (2, Some(true), Some(false)));
        assert_eq!((status.downgrade_target, status.downgrade_enabled), (Some("3.5.0".into()), Some(true)));
        assert_eq!(status.storage_version, None);
    }

    #[test]
    fn member_lines_of_3_0_and_3_4_are_read() {
        let read = |line| match answer(line) {
            Some(Answer::Member { id, name, peer_urls, client_urls, is_learner, started, .. }) => {
                (id, name.map(|n| n.raw().to_owned()), peer_urls.len(), client_urls.len(), is_learner, started)
            }
            other => panic!("{line}: {other:?}"),
        };
        let line = "5dd3053ed692fcca, started, node1, http://a:2380,http://b:2380, http://a:2379";
        assert_eq!(read(line), (0x5dd3_053e_d692_fcca, Some("node1".into()), 2, 1, None, Some(true)));
        assert_eq!(read("1, started, infra3, http://a:2380, , false"), (1, Some("infra3".into()), 1, 0, Some(false), Some(true)));
        assert_eq!(read("1, unstarted, , http://a:2380, , true"), (1, None, 1, 0, Some(true), Some(false)));
        assert_eq!(read("1, unstarted, , http://a:2380,"), (1, None, 1, 0, None, Some(false)));
    }

    #[test]
    fn alarms_are_read_whatever_the_blanks() {
        let member = Some(10_276_657_743_932_975_437);
        let line = "memberID:10276657743932975437 alarm:NOSPACE";
        assert_eq!(answer(line), Some(Answer::Alarm { member, kind: AlarmKind::NoSpace }));
        let line = "memberID:10276657743932975437  alarm:CORRUPT";
        assert_eq!(answer(line), Some(Answer::Alarm { member, kind: AlarmKind::Corrupt }));
        assert_eq!(answer("alarm:CORRUPT"), Some(Answer::Alarm { member: None, kind: AlarmKind::Corrupt }));
        assert_eq!(answer("memberID:5 alarm:7"), Some(Answer::Alarm { member: Some(5), kind: AlarmKind::Other("7".into()) }));
    }

    #[test]
    fn failures_hashes_and_versions_are_read() {
        let endpoint = || Untrusted::from("http://10.0.0.1:2379");
        let line = "Failed to get the status of endpoint http://10.0.0.1:2379 (rpc error (x): context deadline exceeded)";
        let error = "rpc error (x): context deadline exceeded".into();
        assert_eq!(answer(line), Some(Answer::StatusFailed { endpoint: endpoint(), error }));
        let line = "Failed to get the hash of endpoint http://10.0.0.1:2379 (context deadline exceeded)";
        assert_eq!(answer(line), Some(Answer::HashFailed { endpoint: endpoint(), error: "context deadline exceeded".into() }));
        assert_eq!(
            answer("http://10.0.0.1:2379, 1084519789"),
            Some(columns::hash("http://10.0.0.1:2379", Some(1_084_519_789), None))
        );
        assert_eq!(answer("a:2379, 3706266384, 42"), Some(columns::hash("a:2379", Some(3_706_266_384), Some(42))));
        for (line, version) in [("etcdctl version 2.3.8", "2.3.8"), ("etcdctl version: 3.3.27", "3.3.27")] {
            assert_eq!(answer(line), Some(Answer::Tool { version: Some(version.into()), api: None }));
        }
        assert_eq!(answer("API version: 3.3"), Some(Answer::Tool { version: None, api: Some("3.3".into()) }));
    }

    #[test]
    fn prose_and_logs_say_nothing() {
        for line in [
            "the endpoint http://10.0.0.1:2379 is healthy",
            "http://10.0.0.1:2379 is healthy",
            "etcd is unhealthy: it does not answer",
            "a, started, b",
            "Failed to get the status of endpoint: none",
            "meet at 10:30, 42",
            "alarm:ringing",
            "etcdctl version is old",
            "2018-08-28 09:36:01.123456 I | etcdserver: alarm NOSPACE raised by peer 8e9e05c52164694d",
            "http://10.0.0.1:2379, 8e9e05c52164694d, 3.4.23, 25 MB",
            ",",
            ", , , , ,",
        ] {
            assert_eq!(answer(line), None, "{line}");
        }
    }
}
