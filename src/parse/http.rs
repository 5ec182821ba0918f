//! Bodies of etcd's HTTP endpoints `/health`, `/version`, `/livez`, `/readyz`, `/v2/stats/self`, and what curl says instead.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::bundle::Line;
use crate::text::Untrusted;

use super::duration::go_duration;
use super::etcdctl::{Said, hex_id};

/// What an HTTP endpoint of etcd answered, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `/health`. It does not say which alarm or error, up to 3.4.
    Health {
        /// The verdict.
        healthy: bool,
        /// Why not (3.5 on): `ALARM NOSPACE`, `RAFT NO LEADER`, `RANGE ERROR:…`.
        reason: Option<Untrusted>,
    },
    /// `/version`.
    Version {
        /// The server's version.
        server: Option<Untrusted>,
        /// The cluster's version, that of its oldest member; `not_decided` at boot.
        cluster: Option<Untrusted>,
        /// The version of the stored data (3.6 on), or `unknown`.
        storage: Option<Untrusted>,
    },
    /// A line of `/livez` or `/readyz` (3.4.29, 3.5.11, 3.6 on): `[+]serializable_read ok`. The bare `ok` is not read: anything says it.
    Check {
        /// The check.
        name: Untrusted,
        /// Whether it passed.
        passed: bool,
        /// What went wrong, as printed.
        error: Option<Untrusted>,
    },
    /// `/v2/stats/self` (up to 3.5).
    SelfStats {
        /// The member's name.
        name: Untrusted,
        /// Its id.
        id: Option<u64>,
        /// Whether it leads.
        is_leader: bool,
        /// Whom it takes for the leader.
        leader: Option<u64>,
        /// Since how long there is this leader, as this member knows.
        leader_uptime: Option<Duration>,
    },
    /// A row `etcd-0  Unhealthy  Get https://10.0.0.1:2379/health: …` of `kubectl get componentstatuses`: what the API server got from `/health`.
    Component {
        /// The URL that was asked, where the words name it.
        endpoint: Option<Untrusted>,
        /// The verdict.
        healthy: bool,
        /// What went wrong, as printed.
        error: Option<Untrusted>,
    },
    /// `curl: (7) Failed to connect to …`.
    Curl {
        /// curl's exit code: 6 not resolved, 7 not connected, 28 timed out, 35 and 60 TLS, 52 empty reply, 56 reset.
        code: u8,
        /// The host, where the words name it.
        host: Option<Untrusted>,
        /// The port, where the words name it.
        port: Option<u16>,
        /// The words after the code.
        error: Untrusted,
    },
}

/// Reads a line; a body has no line end, so several may stand in one, and a prompt after them.
pub fn bodies(line: Line<'_>) -> Vec<Said<Body>> {
    let text = line.text().trim();
    let line = line.with_text(text);
    if let Some(what) = curl(text).or_else(|| check(text)).or_else(|| component(text)) {
        return vec![Said { what, quote: line.quote() }];
    }
    let mut said = Vec::new();
    if !text.starts_with("{\"") {
        return said;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let mut start = 0;
    while let Some(Ok(value)) = values.next() {
        let words = text.get(start..values.byte_offset()).unwrap_or(text);
        start = values.byte_offset();
        if let Some(what) = value.as_object().and_then(body) {
            said.push(Said { what, quote: line.with_text(words).quote() });
        }
    }
    said
}

fn body(object: &Map<String, Value>) -> Option<Body> {
    let words = |key: &str| object.get(key).and_then(Value::as_str).filter(|w| !w.is_empty()).map(Untrusted::from);
    // etcdctl's JSON also has a key `health`, next to an endpoint.
    if object.contains_key("health") && object.keys().all(|k| matches!(k.as_str(), "health" | "reason")) {
        return Some(Body::Health { healthy: truth(object.get("health")?)?, reason: words("reason") });
    }
    if object.contains_key("etcdserver") {
        return Some(Body::Version { server: words("etcdserver"), cluster: words("etcdcluster"), storage: words("storage") });
    }
    self_stats(object)
}

/// 2.1 on a string; a boolean is what proxies before etcd make of it.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) => word.parse().ok(),
        _ => None,
    }
}

fn self_stats(object: &Map<String, Value>) -> Option<Body> {
    let state = object.get("state")?.as_str()?;
    let info = object.get("leaderInfo")?.as_object()?;
    Some(Body::SelfStats {
        name: object.get("name")?.as_str()?.into(),
        id: object.get("id")?.as_str().and_then(hex_id),
        is_leader: state == "StateLeader",
        // An id of 0 is no leader; the key is never left out.
        leader: info.get("leader").and_then(Value::as_str).and_then(hex_id).filter(|id| *id != 0),
        leader_uptime: info.get("uptime").and_then(Value::as_str).and_then(go_duration),
    })
}

/// `[+]serializable_read ok`, `[-]linearizable_read failed: …`.
fn check(text: &str) -> Option<Body> {
    let (passed, rest) = match text.strip_prefix("[+]") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("[-]")?),
    };
    let (name, outcome) = rest.split_once(' ')?;
    let error = match (passed, outcome) {
        (true, "ok") => None,
        (false, _) => Some(outcome.strip_prefix("failed")?.trim_start_matches(':').trim()).filter(|e| !e.is_empty()),
        _ => return None,
    };
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if named { Some(Body::Check { name: name.into(), passed, error: error.map(Untrusted::from) }) } else { None }
}

/// `etcd-0               Unhealthy   Get https://127.0.0.1:4001/health: x509: …`, with the quotation marks of later releases around the URL.
fn component(text: &str) -> Option<Body> {
    let (name, rest) = text.split_once(' ')?;
    let number = name.strip_prefix("etcd-")?;
    let (state, message) = rest.trim_start().split_once(' ')?;
    let healthy = match state {
        "Healthy" => true,
        "Unhealthy" => false,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let message = message.trim();
    let url = message.strip_prefix("Get ").map(|rest| rest.trim_start_matches(['"', '\\']));
    let endpoint = url.and_then(|url| url.split("/health").next()).filter(|url| url.contains("://") && !url.contains(' '));
    Some(Body::Component {
        endpoint: endpoint.map(Untrusted::from),
        healthy,
        error: (!healthy && !message.is_empty()).then(|| message.into()),
    })
}

fn curl(text: &str) -> Option<Body> {
    let (code, error) = text.strip_prefix("curl: (")?.split_once(") ")?;
    let (host, port) = address(error).unwrap_or((None, None));
    Some(Body::Curl { code: code.parse().ok()?, host: host.map(Untrusted::from), port, error: error.into() })
}

/// The address in curl's words, which differ by version.
fn address(error: &str) -> Option<(Option<&str>, Option<u16>)> {
    if let Some(host) = error.strip_prefix("Could not resolve host: ") {
        return Some((host.split([' ', ';']).next(), None));
    }
    if let Some(rest) = error.strip_prefix("Failed to connect to ") {
        let mut words = rest.split(' ');
        let (host, port) = (words.next(), words.nth(1).and_then(|p| p.trim_end_matches(':').parse().ok()));
        return Some((host, port));
    }
    // curl 7.29 of CentOS 7: `Failed connect to 10.0.0.1:2379; Connection refused`.
    // OpenSSL: `… in connection to db01:2379`.
    let at = ["Failed connect to ", "in connection to "].iter().find_map(|s| error.split_once(s))?.1;
    let (host, port) = at.split([';', ' ']).next()?.rsplit_once(':')?;
    Some((Some(host), port.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn read(text: &str) -> Vec<Body> {
        let source = Source::new("nodes/a/health.txt");
        let said = bodies(source.line(1, text));
        assert!(said.iter().all(|s| text.contains(s.quote.excerpt().raw())));
        said.into_iter().map(|s| s.what).collect()
    }

    #[test]
    fn health_is_read_in_the_words_of_every_version() {
        for (text, healthy, reason) in [
            (r#"{"health": "true"}"#, true, None),
            (r#"{"health": "false"}"#, false, None),
            (r#"{"health":"true"}"#, true, None),
            (r#"{"health":"true","reason":""}"#, true, None),
            (r#"{"health":"false","reason":"ALARM NOSPACE"}"#, false, Some("ALARM NOSPACE")),
            (r#"{"health":"false","reason":"RAFT NO LEADER"}"#, false, Some("RAFT NO LEADER")),
            (r#"{"health":true}"#, true, None),
        ] {
            assert_eq!(read(text), [Body::Health { healthy, reason: reason.map(Untrusted::from) }], "{text}");
        }
    }

    #[test]
    fn bodies_without_line_end_stand_in_one_line_with_a_prompt_after_them() {
        let said =
            read(r#"{"health":"true"}{"etcdserver":"3.6.5","etcdcluster":"not_decided","storage":"unknown"}[root@db01 ~]#"#);
        let version =
            Body::Version { server: Some("3.6.5".into()), cluster: Some("not_decided".into()), storage: Some("unknown".into()) };
        assert_eq!(said, [Body::Health { healthy: true, reason: None }, version]);
    }

    #[test]
    fn checks_say_which_one_failed_and_why() {
        let check = |name: &str, passed, error: Option<&str>| Body::Check {
            name: name.into(),
            passed,
            error: error.map(Untrusted::from),
        };
        assert_eq!(read("[+]serializable_read ok"), [check("serializable_read", true, None)]);
        let error = Some("etcdserver: request timed out");
        assert_eq!(
            read("[-]linearizable_read failed: etcdserver: request timed out "),
            [check("linearizable_read", false, error)]
        );
    }

    #[test]
    fn curl_says_where_it_could_not_connect() {
        for (text, code, host, port) in [
            (
                "curl: (7) Failed to connect to 10.0.0.1 port 2379 after 0 ms: Couldn't connect to server",
                7,
                Some("10.0.0.1"),
                Some(2379),
            ),
            ("curl: (7) Failed to connect to 10.0.0.1 port 2379: Connection refused", 7, Some("10.0.0.1"), Some(2379)),
            ("curl: (7) Failed connect to 10.0.0.1:2379; Connection refused", 7, Some("10.0.0.1"), Some(2379)),
            ("curl: (6) Could not resolve host: db01.etcd.internal", 6, Some("db01.etcd.internal"), None),
            ("curl: (28) Operation timed out after 15001 milliseconds with 0 bytes received", 28, None, None),
            (
                "curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to db01:2379 ",
                35,
                Some("db01"),
                Some(2379),
            ),
            ("curl: (52) Empty reply from server", 52, None, None),
        ] {
            let (_, error) = text.trim().split_once(") ").unwrap();
            let expected = Body::Curl { code, host: host.map(Untrusted::from), port, error: error.into() };
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn self_stats_say_who_leads() {
        let text = r#"{"name":"etcd-b","id":"246edddd49fde9ee","state":"StateFollower","startTime":"2026-11-22T16:18:43.319425824Z","leaderInfo":{"leader":"1f","uptime":"45.52085037s","startTime":"2026-11-22T16:18:43.722082661Z"},"recvAppendRequestCnt":0}"#;
        let leader_uptime = Some(Duration::from_nanos(45_520_850_370));
        let id = Some(0x246e_dddd_49fd_e9ee);
        assert_eq!(
            read(text),
            [Body::SelfStats { name: "etcd-b".into(), id, is_leader: false, leader: Some(0x1f), leader_uptime }]
        );
    }

    #[test]
    fn other_json_pages_and_prose_say_nothing() {
        for text in [
            r#"{"endpoint":"a:2379","health":true,"took":"2ms"}"#,
            r#"{"health":"maybe"}"#,
            r#"{"health":"tr"#,
            "404 page not found",
            "ok",
            "[+] all is ok",
            "[-]etcd failed us: badly failed",
            "curl: try 'curl --help'",
            "",
        ] {
            let said = read(text);
            assert!(said.is_empty() || text.starts_with("[-]etcd"), "{text}: {said:?}");
        }
    }
}
