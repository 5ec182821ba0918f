//! Connections that are refused: time, authority, plain text, or only somebody who knocks.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "a certificate that is refused for its time: which side of it",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.3:43876\" (error \"remote error: tls: bad certificate\", ServerName \"\")\n",
        )],
        lines: &[
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:01:00Z is after 2026-11-22T10:00:59Z",
                "tls.expired",
            ),
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:01:00Z is before 2026-11-22T10:30:00Z",
                "tls.not-yet-valid",
            ),
        ],
    },
    Pair {
        about: "an unknown authority, or no TLS at all",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate signed by unknown authority",
                "tls.bad-cert",
            ),
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: tls: first record does not look like a TLS handshake",
                "tls.plaintext",
            ),
        ],
    },
    Pair {
        about: "connections that end early: a probe of the port, or a client without TLS",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.9:43876\" (error \"EOF\", ServerName \"\")\n",
            ),
            ("members.txt", THREE),
            (
                "health.txt",
                "http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
            ),
        ],
        lines: &[
            (
                "2026-11-22T10:00:11.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.9:43877\" (error \"EOF\", ServerName \"\")",
                "healthy",
            ),
            (
                "2026-11-22T10:00:11.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.9:43877\" (error \"tls: first record does not look like a TLS handshake\", ServerName \"\")",
                "tls.plaintext",
            ),
        ],
    },
    Pair {
        about: "\"bad certificate\" is the echo: the reason stands at who dials",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.3:43876\" (error \"remote error: tls: bad certificate\", ServerName \"\")\n",
        )],
        lines: &[
            (
                "nodes/db-3/journal.txt <- 2026-11-22T10:00:02.000000+0000 db-3 etcd[9]: health check for peer 1d01e4 could not connect: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:02Z is after 2026-11-22T09:00:59Z\n",
                "tls.expired",
            ),
            (
                "nodes/db-3/journal.txt <- 2026-11-22T10:00:02.000000+0000 db-3 etcd[9]: health check for peer 1d01e4 could not connect: x509: certificate is valid for 10.0.0.9, not 10.0.0.1\n",
                "tls.bad-cert",
            ),
        ],
    },
    Pair {
        about: "an old release prints no times: the certificate itself tells which side of its time it is",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate has expired or is not yet valid\n",
            ),
            (
                "nodes/db-1/date.txt",
                "$ date -u\n\
                 Sun Nov 22 10:01:00 UTC 2026\n",
            ),
        ],
        lines: &[
            (
                "nodes/db-1/openssl.txt <- subject=CN = db-3\n\
                 issuer=CN = etcd-ca\n\
                 notBefore=Nov 22 09:00:00 2025 GMT\n\
                 notAfter=Nov 22 09:00:00 2026 GMT\n",
                "tls.expired",
            ),
            (
                "nodes/db-1/openssl.txt <- subject=CN = db-3\n\
                 issuer=CN = etcd-ca\n\
                 notBefore=Nov 23 09:00:00 2026 GMT\n\
                 notAfter=Nov 23 09:00:00 2027 GMT\n",
                "tls.not-yet-valid",
            ),
        ],
    },
    Pair {
        about: "a length of 20527 is no length: it is text where TLS was awaited",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
            (
                "2026-11-22T10:01:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: tls: oversized record received with length 20527",
                "tls.plaintext",
            ),
            (
                "2026-11-22T10:01:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate signed by unknown authority",
                "tls.bad-cert",
            ),
        ],
    },
    Pair {
        about: "a malformed answer: bytes of TLS, or any others",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
            (
                "2026-11-22T10:01:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x15\\x03\\x01\\x00\\x02\\x02\"",
                "tls.plaintext",
            ),
            (
                "2026-11-22T10:01:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"etcd-ca\")",
                "tls.bad-cert",
            ),
        ],
    },
];
