//! Pairs of faults that look alike: the same evidence, and one line that decides between them.

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    words::EN,
};

/// Evidence, and two lines of which each makes another fault of it. A line goes to the end of the first file; one that begins with a
/// path and ` <- ` is a file of its own.
struct Pair {
    about: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Line and the verdict's primary, `none` where it cannot be told.
    lines: [(&'static str, &'static str); 2],
}

const THREE: &str = "1d01e4, started, db-1, http://10.0.0.1:2380, http://10.0.0.1:2379, false\n\
    2f1c8a, started, db-2, http://10.0.0.2:2380, http://10.0.0.2:2379, false\n\
    3a77b0, started, db-3, http://10.0.0.3:2380, http://10.0.0.3:2379, false\n";

const PAIRS: &[Pair] = &[
    Pair {
        about: "the quota is reached, or the file system is full",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: [
            ("2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: alarm NOSPACE raised by peer 1d01e4", "db.quota-exceeded"),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: cannot commit tx (write /var/lib/etcd/member/snap/db: no space left on device)",
                "disk.full",
            ),
        ],
    },
    Pair {
        about: "the log is torn, or the disk was full when it was written",
        files: &[
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n"),
            (
                "nodes/db-1/journal-2.txt",
                "2026-11-22T10:05:00.000000+0000 db-1 etcd[12]: read wal error (unexpected EOF) and cannot be repaired\n",
            ),
        ],
        lines: [
            ("2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: saved snapshot at index 501", "wal.corrupt"),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: save raft state and entries error: write /var/lib/etcd/member/wal/0.wal: no space left on device",
                "disk.full",
            ),
        ],
    },
    Pair {
        about: "`wal: file not found`: the log is gone, or the snapshots before it; the listing of both folders tells",
        files: &[("nodes/db-1/journal.txt", "Nov 22 16:09:03 db-1 etcd[27819]: open wal error: wal: file not found\n")],
        lines: [
            (
                "nodes/db-1/data-dir.txt <- /var/lib/etcd/member/wal:\ntotal 125008\n\
                 -rw------- 1 etcd etcd 64000776 Nov 22 15:46 0000000000000003-000000000001e4db.wal\n\
                 -rw------- 1 etcd etcd 64000776 Nov 22 15:50 0000000000000004-000000000002891b.wal\n\
                 -rw------- 1 etcd etcd 64000776 Nov 22 15:54 0000000000000005-0000000000032b72.wal\n\
                 -rw------- 1 etcd etcd 64000776 Nov 22 15:58 0000000000000006-000000000003d001.wal\n\
                 -rw------- 1 etcd etcd 64000776 Nov 22 16:02 0000000000000007-0000000000047a0c.wal\n\
                 \n/var/lib/etcd/member/snap:\ntotal 28\n-rw------- 1 etcd etcd 16801792 Nov 22 16:04 db\n",
                "snap.missing",
            ),
            (
                "nodes/db-1/data-dir.txt <- /var/lib/etcd/member/wal:\ntotal 0\n\n/var/lib/etcd/member/snap:\ntotal 28\n\
                 -rw------- 1 etcd etcd 9243 Nov 22 15:50 0000000000000002-0000000000012345.snap\n\
                 -rw------- 1 etcd etcd 16801792 Nov 22 16:04 db\n",
                "wal.missing",
            ),
        ],
    },
    Pair {
        about: "a member that once did not find its log, and serves, or does not",
        files: &[
            ("nodes/db-1/journal.txt", "Nov 22 16:09:03 db-1 etcd[27819]: open wal error: wal: file not found\n"),
            ("members.txt", THREE),
            (
                "health.txt",
                "http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
            ),
        ],
        lines: [
            (
                "health-1.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
                "healthy.transient",
            ),
            (
                "health-1.txt <- http://10.0.0.1:2379 is unhealthy: failed to connect: dial tcp 10.0.0.1:2379: connect: connection refused\n",
                "wal.missing",
            ),
        ],
    },
    Pair {
        about: "the host answers that nobody listens, or nothing answers at all",
        files: &[
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became leader at term 2\n"),
            ("members.txt", THREE),
        ],
        lines: [
            (
                "nodes/db-1/journal-2.txt <- 2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n",
                "member.down",
            ),
            (
                "nodes/db-1/journal-2.txt <- 2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: no route to host\n",
                "net.partition",
            ),
        ],
    },
    Pair {
        about: "a certificate that is refused for its time: which side of it",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: rejected connection from \"10.0.0.3:43876\" (error \"remote error: tls: bad certificate\", ServerName \"\")\n",
        )],
        lines: [
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
        lines: [
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
        about: "a name that is not known, or no file left for the question",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: [
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp: lookup db-3 on 10.0.0.53:53: no such host",
                "dns.failure",
            ),
            (
                "2026-11-22T10:01:00.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp: lookup db-3 on 10.0.0.53:53: dial udp 10.0.0.53:53: socket: too many open files",
                "fd.exhausted",
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
        lines: [
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
        about: "elections without end: nobody answers, or another cluster does",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 is starting a new election at term 374\n\
             2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: 1d01e4 is starting a new election at term 375\n",
        )],
        lines: [
            (
                "2026-11-22T10:00:03.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: i/o timeout",
                "net.partition",
            ),
            (
                "2026-11-22T10:00:03.000000+0000 db-1 etcd[9]: request sent was ignored (cluster ID mismatch: remote[3a77b0]=77, local=78)",
                "member.mismatch",
            ),
        ],
    },
    Pair {
        about: "a large file: most of it free, or nearly all in use and near the quota",
        files: &[(
            "nodes/db-1/metrics.txt",
            "etcd_mvcc_db_total_size_in_bytes 2.0e+09\netcd_server_quota_backend_bytes 2.147483648e+09\n",
        )],
        lines: [
            ("etcd_mvcc_db_total_size_in_use_in_bytes 3.0e+08", "db.fragmented"),
            ("etcd_mvcc_db_total_size_in_use_in_bytes 1.98e+09", "db.quota-near"),
        ],
    },
    Pair {
        about: "\"likely from slow disk\" is no measurement: a sync that took seconds is, etcd's used-up quota of processor time is another",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.4s, to 3a77b0)\n\
             2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: server is likely overloaded\n\
             2026-11-22T10:00:07.000000+0000 db-1 etcd[9]: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.1s, to 3a77b0)\n\
             2026-11-22T10:00:07.000000+0000 db-1 etcd[9]: server is likely overloaded\n",
        )],
        lines: [
            (
                "2026-11-22T10:00:08.000000+0000 db-1 etcd[9]: sync duration of 2.400476197s, expected less than 1s",
                "disk.slow-fsync",
            ),
            (
                "nodes/db-1/host/cgroup-cpu-2.txt <- nr_periods 18000\nnr_throttled 16900\nthrottled_time 912000000000\n",
                "cpu.starvation",
            ),
        ],
    },
    Pair {
        about: "no leader: the one that was asked says so, or one log tells of elections alone",
        files: &[
            ("members.txt", THREE),
            (
                "nodes/db-2/health.txt",
                "curl: (7) Failed to connect to 10.0.0.2 port 2379 after 0 ms: Couldn't connect to server\n",
            ),
            (
                "nodes/db-3/health.txt",
                "curl: (7) Failed to connect to 10.0.0.3 port 2379 after 0 ms: Couldn't connect to server\n",
            ),
        ],
        lines: [
            (
                "status.txt <- http://10.0.0.1:2379 is unhealthy: failed to commit proposal: etcdserver: no leader\n",
                "quorum.lost",
            ),
            ("status.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n", "member.down"),
        ],
    },
];

fn primary(pair: &Pair, line: &str) -> String {
    let mut files: Vec<(String, Vec<u8>)> =
        pair.files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    match line.split_once(" <- ") {
        Some((path, text)) => files.push((path.to_owned(), text.as_bytes().to_vec())),
        None => {
            let (_, text) = files.first_mut().expect("a pair has evidence");
            text.extend(format!("{line}\n").into_bytes());
        }
    }
    files.retain(|(_, text)| !text.is_empty());
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read");
    diagnosis.verdict.primary.map_or_else(|| "none".to_owned(), |code| code.to_string())
}

#[test]
fn one_line_decides_between_faults_that_look_alike() {
    let mut complaints = Vec::new();
    for pair in PAIRS {
        for (line, wanted) in pair.lines {
            let got = primary(pair, line);
            if got != wanted {
                complaints.push(format!("{}: wanted {wanted}, got {got}, with\n    {line}", pair.about));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
