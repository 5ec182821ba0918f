//! What etcdctl and its client library write to stderr, which collectors mix into the output: errors and warnings.

use serde::Deserialize;

use crate::text::Untrusted;

use super::words::{host_port, nonempty};
use super::{Answer, Client};

/// Words that an error of etcdctl holds. `Error: ` with one blank opens the errors of many other programs, and prose.
const ERROR_WORDS: [&str; 22] = [
    "etcdserver: ",
    "etcdclient: ",
    "etcd cluster",
    "client: ",
    "context deadline exceeded",
    "context canceled",
    "unhealthy cluster",
    "dial tcp",
    "dial unix",
    "rpc error: ",
    "grpc: ",
    "transport: ",
    "x509: ",
    "tls: ",
    "http: ",
    "net/http: ",
    "remote error: ",
    "balancer error",
    "no available endpoints",
    "failed to get",
    "snapshot file integrity check failed",
    "invalid database",
];

/// Reads an error line, trimmed.
pub(super) fn error(text: &str) -> Option<Answer> {
    let words = if let Some(rest) = text.strip_prefix("Error:") {
        // v2, and v3 up to 3.3, print two blanks; no other program does.
        let known = rest.starts_with("  ") || ERROR_WORDS.iter().any(|w| rest.contains(w));
        rest.trim_start().get(..).filter(|_| known && rest.starts_with(' '))?
    } else if let Some(rest) = text.trim_start_matches("; ").strip_prefix("error #") {
        let (number, words) = rest.split_once(": ")?;
        Some(words).filter(|_| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))?
    } else if let Some(rest) = text.strip_prefix("details = \"") {
        // gRPC for Python shows an answer field by field.
        Some(rest.trim_end_matches('"')).filter(|words| words.starts_with("etcdserver: "))?
    } else {
        // The misspelling is etcdctl's own.
        Some(text).filter(|t| t.starts_with("Recieved an error trying to ") || t.contains("Failed to get leader: "))?
    };
    nonempty(words).map(|text| Answer::Error { text })
}

#[derive(Deserialize)]
struct ZapLine {
    #[serde(default)]
    logger: String,
    msg: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    error: String,
}

/// Whether a line is one of zap's, in JSON: a log line, not an answer.
pub(super) fn is_zap(text: &str) -> bool {
    text.starts_with("{\"level\":")
}

/// Reads a warning that the client wrote; the lines of a server's log are none.
pub(super) fn zap_warning(text: &str) -> Option<Answer> {
    let line: ZapLine = serde_json::from_str(text).ok()?;
    // 3.4 names no logger, 3.5 on `etcd-client` or `client`.
    let client = matches!(line.logger.as_str(), "etcd-client" | "client") || line.msg == "retrying of unary invoker failed";
    if !client {
        return None;
    }
    let error = if line.error.is_empty() { line.msg } else { line.error };
    let endpoint = target_endpoint(&line.target);
    Some(Answer::ClientWarning { by: Client::Zap, target: line.target.into(), endpoint, error: error.into() })
}

/// The endpoint in `endpoint://client-…/host:port` (3.4), `passthrough:///http://host:port` (3.4), and
/// `etcd-endpoints://0x…/host:port` (3.5 on).
fn target_endpoint(target: &str) -> Option<Untrusted> {
    let (_, rest) = target.split_once("://")?;
    let (_, endpoint) = rest.split_once('/')?;
    nonempty(endpoint)
}

/// Reads what the gRPC library of 3.0 to 3.3 writes through Go's standard log: `2026/11/22 16:20:53 grpc: …`.
pub(super) fn grpc_warning(text: &str) -> Option<Answer> {
    let words = after_time(text)?;
    let known = words.starts_with("grpc: addrConn.") || words.starts_with("transport: ") || words.starts_with("Failed to dial ");
    if !known {
        return None;
    }
    let target = words
        .split_once("Reconnecting to {\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .or_else(|| words.strip_prefix("Failed to dial ")?.split_once(": "))
        .map_or("", |(address, _)| address)
        .trim();
    let endpoint = host_port(target).map(|_| Untrusted::from(target));
    Some(Answer::ClientWarning { by: Client::Grpc, target: target.into(), endpoint, error: words.into() })
}

/// What follows `2026/11/22 16:20:53 ` (or with microseconds).
fn after_time(text: &str) -> Option<&str> {
    let (date, rest) = text.split_once(' ')?;
    let (time, words) = rest.split_once(' ')?;
    let shaped = |word: &str, mark: char| {
        word.matches(mark).count() == 2 && word.chars().all(|c| c.is_ascii_digit() || c == mark || (c == '.' && mark == ':'))
    };
    if shaped(date, '/') && shaped(time, ':') { Some(words) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<String> {
        match error(text) {
            Some(Answer::Error { text }) => Some(text.raw().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn errors_of_all_versions_are_read_with_the_lines_that_go_on_with_them() {
        for (line, expected) in [
            (
                "Error:  client: etcd cluster is unavailable or misconfigured",
                "client: etcd cluster is unavailable or misconfigured",
            ),
            (
                "error #0: dial tcp 127.0.0.1:2379: connect: connection refused",
                "dial tcp 127.0.0.1:2379: connect: connection refused",
            ),
            (
                "; error #1: client: endpoint http://127.0.0.1:2379 exceeded header timeout",
                "client: endpoint http://127.0.0.1:2379 exceeded header timeout",
            ),
            ("Error:  100: Key not found (/foo) [5]", "100: Key not found (/foo) [5]"),
            ("Error: context deadline exceeded", "context deadline exceeded"),
            ("Error: unhealthy cluster", "unhealthy cluster"),
            ("Error: etcdserver: mvcc: database space exceeded", "etcdserver: mvcc: database space exceeded"),
            (
                "Failed to get leader: client: etcd cluster is unavailable or misconfigured",
                "Failed to get leader: client: etcd cluster is unavailable or misconfigured",
            ),
            (
                "Recieved an error trying to remove member 1f: client: etcd cluster is unavailable or misconfigured",
                "Recieved an error trying to remove member 1f: client: etcd cluster is unavailable or misconfigured",
            ),
            (
                "Error: failed to fetch endpoints from etcd cluster member list: context deadline exceeded",
                "failed to fetch endpoints from etcd cluster member list: context deadline exceeded",
            ),
        ] {
            assert_eq!(words(line).as_deref(), Some(expected), "{line}");
        }
        for line in
            ["Error: the disk was full that day.", "Error:", "Error:   ", "error #x: y", "error: etcdserver: no", "An Error:  x"]
        {
            assert_eq!(words(line), None, "{line}");
        }
    }

    #[test]
    fn warnings_of_the_client_are_told_from_a_servers_log() {
        for (target, endpoint) in [
            ("endpoint://client-fe0c1/10.0.0.1:2379", "10.0.0.1:2379"),
            ("passthrough:///http://10.0.0.1:2379", "http://10.0.0.1:2379"),
            ("etcd-endpoints://0xc0003745a0/10.0.0.1:2379", "10.0.0.1:2379"),
        ] {
            let line = format!(
                r#"{{"level":"warn","ts":"2026-11-22T16:11:37.733Z","caller":"clientv3/retry_interceptor.go:62","msg":"retrying of unary invoker failed","target":"{target}","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = context deadline exceeded"}}"#
            );
            let error = "rpc error: code = DeadlineExceeded desc = context deadline exceeded".into();
            let expected =
                Answer::ClientWarning { by: Client::Zap, target: target.into(), endpoint: Some(endpoint.into()), error };
            assert_eq!(zap_warning(&line), Some(expected));
        }
        let server = r#"{"level":"warn","ts":"2026-11-22T16:11:37.733Z","caller":"embed/config_logging.go:198","msg":"rejected connection","remote-addr":"10.0.0.9:53160","server-name":"","error":"EOF"}"#;
        assert!(is_zap(server) && zap_warning(server).is_none());
    }

    #[test]
    fn grpc_lines_in_gos_standard_log_are_warnings() {
        let line = r#"2026/11/22 16:20:53 grpc: addrConn.resetTransport failed to create client transport: connection error: desc = "transport: dial tcp 10.65.18.12:2379: connect: connection refused"; Reconnecting to {"10.65.18.12:2379" <nil>}"#;
        let Some(Answer::ClientWarning { by: Client::Grpc, endpoint, .. }) = grpc_warning(line) else { panic!() };
        assert_eq!(endpoint, Some("10.65.18.12:2379".into()));
        let line = "2026/11/22 16:20:53 Failed to dial 10.65.18.12:2379: context canceled; please retry.";
        let Some(Answer::ClientWarning { endpoint: Some(endpoint), .. }) = grpc_warning(line) else { panic!() };
        assert_eq!(endpoint, "10.65.18.12:2379");
        for other in [
            "2018/03/01 10:00:00 etcdserver: starting",
            "grpc: addrConn.x",
            "2018-03-01 10:00:00.123456 I | grpc: addrConn.resetTransport x",
        ] {
            assert_eq!(grpc_warning(other), None, "{other}");
        }
    }
}
