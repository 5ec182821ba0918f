//! What etcdctl prints with the v2 API: `cluster-health`, `member list` and its errors, line by line.

use crate::text::Untrusted;

use super::words::{boolean, hex_id, is_endpoint, nonempty, urls};
use super::{Answer, Health, Verdict};

/// Fewest hex digits for `member X is healthy` without more words (2.0), which prose could say too.
const BARE_ID_DIGITS: usize = 10;

/// Reads a line, trimmed.
pub(super) fn answer(text: &str) -> Option<Answer> {
    verdict(text)
        .or_else(|| text.strip_prefix("member ").and_then(member_health))
        .or_else(|| text.strip_prefix("failed to check the health of member ").and_then(check_failed))
        .or_else(|| member(text))
}

fn verdict(text: &str) -> Option<Answer> {
    let verdict = match text {
        "cluster is healthy" => Verdict::Healthy,
        "cluster is unhealthy" => Verdict::Unhealthy,
        "cluster is degraded" => Verdict::Degraded,
        "cluster is unavailable" => Verdict::Unavailable,
        _ if text.starts_with("cluster may be unhealthy: failed to ") => Verdict::MayBeUnhealthy,
        _ => return None,
    };
    Some(Answer::ClusterVerdict(verdict))
}

fn member_health(text: &str) -> Option<Answer> {
    let (id_text, rest) = text.split_once(' ')?;
    let id = hex_id(id_text)?;
    if rest == "is healthy" && id_text.len() >= BARE_ID_DIGITS {
        return Some(Answer::MemberHealth { id, health: Health::Healthy, endpoint: None, why: None });
    }
    if rest == "is unhealthy" && id_text.len() >= BARE_ID_DIGITS {
        return Some(Answer::MemberHealth { id, health: Health::Unhealthy, endpoint: None, why: None });
    }
    if let Some(url) = rest.strip_prefix("is healthy: got healthy result from ") {
        return url_word(url).map(|endpoint| Answer::MemberHealth {
            id,
            health: Health::Healthy,
            endpoint: Some(endpoint),
            why: None,
        });
    }
    if let Some(why) = rest.strip_prefix("is unhealthy: ") {
        let endpoint = Some(url_word(why.strip_prefix("got unhealthy result from ")?)?);
        return Some(Answer::MemberHealth { id, health: Health::Unhealthy, endpoint, why: nonempty(why) });
    }
    let why = rest.strip_prefix("is unreachable: ")?;
    let endpoint = unreachable_urls(why)?;
    Some(Answer::MemberHealth { id, health: Health::Unreachable, endpoint, why: nonempty(why) })
}

/// The URL, if the line names just one: the list is a Go slice, `[http://a http://b]`.
fn unreachable_urls(why: &str) -> Option<Option<Untrusted>> {
    if why == "no available published client urls" {
        return Some(None);
    }
    let listed = why.strip_prefix('[')?.strip_suffix("] are all unreachable")?;
    Some(if listed.contains(' ') { None } else { url_word(listed) })
}

fn url_word(text: &str) -> Option<Untrusted> {
    if is_endpoint(text) { Some(text.into()) } else { None }
}

fn check_failed(text: &str) -> Option<Answer> {
    let (id, rest) = text.split_once(" on ")?;
    let (endpoint, error) = rest.split_once(": ")?;
    Some(Answer::MemberCheckFailed { id: hex_id(id)?, endpoint: url_word(endpoint)?, error: error.into() })
}

/// `<id>: name=… peerURLs=… clientURLs=… isLeader=…`, or `<id>[unstarted]: peerURLs=…`.
fn member(text: &str) -> Option<Answer> {
    let head_end = text.find(['[', ':'])?;
    let (id, rest) = text.split_at_checked(head_end)?;
    let id = hex_id(id)?;
    if let Some(rest) = rest.strip_prefix("[unstarted]") {
        // The colon and the URLs may be cut off: people paste the id alone.
        let rest = rest.strip_prefix(':').unwrap_or(rest).trim();
        let peers = rest.strip_prefix("peerURLs=").unwrap_or_default();
        return if rest.is_empty() || !peers.is_empty() { Some(v2_member(id, None, peers, "", None)) } else { None };
    }
    // A name may hold blanks and equal signs, so the later keys are sought from the end.
    let (name, rest) = rest.strip_prefix(": name=")?.rsplit_once(" peerURLs=")?;
    let (peers, rest) = rest.split_once(" clientURLs=")?;
    let (clients, leader) = match rest.split_once(" isLeader=") {
        Some((clients, leader)) => (clients, Some(boolean(leader)?)),
        None => (rest, None),
    };
    Some(v2_member(id, nonempty(name), peers, clients, leader))
}

fn v2_member(id: u64, name: Option<Untrusted>, peers: &str, clients: &str, is_leader: Option<bool>) -> Answer {
    let started = Some(name.is_some());
    Answer::Member { id, name, peer_urls: urls(peers), client_urls: urls(clients), is_leader, is_learner: None, started }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://10.0.0.1:2379";

    #[test]
    fn the_lines_of_cluster_health_are_read() {
        let id = 0x8e9e_05c5_2164_694d;
        for (line, health, endpoint, why) in [
            ("is healthy: got healthy result from http://10.0.0.1:2379", Health::Healthy, Some(URL), None),
            (
                "is unhealthy: got unhealthy result from http://10.0.0.1:2379",
                Health::Unhealthy,
                Some(URL),
                Some("got unhealthy result from http://10.0.0.1:2379"),
            ),
            (
                "is unreachable: [http://10.0.0.1:2379] are all unreachable",
                Health::Unreachable,
                Some(URL),
                Some("[http://10.0.0.1:2379] are all unreachable"),
            ),
            (
                "is unreachable: [http://10.0.0.1:2379 http://10.0.1.1:2379] are all unreachable",
                Health::Unreachable,
                None,
                Some("[http://10.0.0.1:2379 http://10.0.1.1:2379] are all unreachable"),
            ),
            (
                "is unreachable: no available published client urls",
                Health::Unreachable,
                None,
                Some("no available published client urls"),
            ),
            ("is healthy", Health::Healthy, None, None),
            ("is unhealthy", Health::Unhealthy, None, None),
        ] {
            let expected =
                Answer::MemberHealth { id, health, endpoint: endpoint.map(Untrusted::from), why: why.map(Untrusted::from) };
            assert_eq!(answer(&format!("member 8e9e05c52164694d {line}")), Some(expected), "{line}");
        }
    }

    #[test]
    fn verdicts_of_all_versions_are_kept_as_printed() {
        for (line, verdict) in [
            ("cluster is healthy", Verdict::Healthy),
            ("cluster is unhealthy", Verdict::Unhealthy),
            ("cluster is degraded", Verdict::Degraded),
            ("cluster is unavailable", Verdict::Unavailable),
            ("cluster may be unhealthy: failed to list members", Verdict::MayBeUnhealthy),
        ] {
            assert_eq!(answer(line), Some(Answer::ClusterVerdict(verdict)), "{line}");
        }
    }

    #[test]
    fn a_failed_check_keeps_the_member_the_url_and_the_error() {
        let line = "failed to check the health of member fd422379fda50e48 on http://10.0.0.1:2379: Get http://10.0.0.1:2379/health: dial tcp 10.0.0.1:2379: connection refused";
        let error = "Get http://10.0.0.1:2379/health: dial tcp 10.0.0.1:2379: connection refused".into();
        assert_eq!(answer(line), Some(Answer::MemberCheckFailed { id: 0xfd42_2379_fda5_0e48, endpoint: URL.into(), error }));
    }

    #[test]
    fn members_are_read_started_or_not_and_with_several_urls() {
        let read = |line| match answer(line) {
            Some(Answer::Member { id, name, peer_urls, client_urls, is_leader, started, is_learner: None }) => {
                (id, name.map(|n| n.raw().to_owned()), peer_urls.len(), client_urls.len(), is_leader, started)
            }
            other => panic!("{line}: {other:?}"),
        };
        let line = "ea7410a4770c399: name=node 1 peerURLs=http://a:2380,http://b:2380 clientURLs=http://a:2379 isLeader=true";
        assert_eq!(read(line), (0x0ea7_410a_4770_c399, Some("node 1".into()), 2, 1, Some(true), Some(true)));
        assert_eq!(read("1: name=n peerURLs=http://a:2380 clientURLs="), (1, Some("n".into()), 1, 0, None, Some(true)));
        assert_eq!(read("ef5f270f5c7e2974[unstarted]: peerURLs=http://a:2380").2, 1);
        assert_eq!(read("ef5f270f5c7e2974[unstarted]"), (0xef5f_270f_5c7e_2974, None, 0, 0, None, Some(false)));
    }

    #[test]
    fn prose_and_logs_say_nothing() {
        for line in [
            "member 3 is healthy",
            "member of the team is healthy: got healthy result from food",
            "the cluster is healthy",
            "cluster is healthy again",
            "cluster may be unhealthy",
            "a member is unreachable: no",
            "abc: name=x",
            "dad: hello",
            "health check for peer 8e9e05c52164694d could not connect",
            "added member 8e9e05c52164694d [http://10.0.0.1:2380] to cluster 1",
            "整个etcd集群是健康的，就不会影响到系统业务的运行。",
        ] {
            assert_eq!(answer(line), None, "{line}");
        }
    }
}
