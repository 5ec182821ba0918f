//! A member that does not come up: rights, ports, settings, memory, files.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "it does not start, and an old release says no more than that: the line before tells",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: etcd Version: 3.4.23\n")],
        lines: &[
            ("2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: error listing data dir: /var/lib/etcd", "config.permission@db-1"),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: listen tcp 10.0.0.1:2380: bind: address already in use",
                "config.port-in-use@db-1",
            ),
        ],
    },
    Pair {
        about: "`discovery failed` is the exit for most errors of a start: its error tells",
        files: &[(
            "nodes/db-1/etcd.log",
            "{\"level\":\"info\",\"ts\":\"2026-11-22T10:00:01.000Z\",\"caller\":\"etcdmain/etcd.go:73\",\"msg\":\"Running: \",\"args\":[\"etcd\"]}\n",
        )],
        lines: &[
            (
                "{\"level\":\"fatal\",\"ts\":\"2026-11-22T10:00:02.000Z\",\"caller\":\"etcdmain/etcd.go:204\",\"msg\":\"discovery failed\",\"error\":\"wal: crc mismatch\"}",
                "wal.corrupt@db-1",
            ),
            (
                "{\"level\":\"fatal\",\"ts\":\"2026-11-22T10:00:02.000Z\",\"caller\":\"etcdmain/etcd.go:204\",\"msg\":\"discovery failed\",\"error\":\"open /var/lib/etcd/member/snap/db: permission denied\"}",
                "config.permission@db-1",
            ),
            (
                "{\"level\":\"fatal\",\"ts\":\"2026-11-22T10:00:02.000Z\",\"caller\":\"etcdmain/etcd.go:204\",\"msg\":\"discovery failed\",\"error\":\"member 1d01e4 has already been bootstrapped\"}",
                "member.mismatch@db-1",
            ),
            (
                "{\"level\":\"fatal\",\"ts\":\"2026-11-22T10:00:02.000Z\",\"caller\":\"etcdmain/etcd.go:204\",\"msg\":\"discovery failed\",\"error\":\"error validating peerURLs {ClusterID:77 Members:[]}: member count is unequal\"}",
                "member.mismatch@db-1",
            ),
        ],
    },
    Pair {
        about: "a member is gone: the kernel killed it for memory, or killed another",
        files: &[
            ("members.txt", THREE),
            (
                "health.txt",
                "http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.1:2379 is unhealthy: failed to connect: dial tcp 10.0.0.1:2379: connect: connection refused\n",
            ),
        ],
        lines: &[
            (
                "nodes/db-1/kernel.log <- 2026-11-22T10:00:02+0000 db-1 kernel: Out of memory: Killed process 812 (etcd) total-vm:10612352kB, anon-rss:8012352kB, file-rss:0kB, shmem-rss:0kB\n",
                "mem.oom@db-1",
            ),
            (
                "nodes/db-1/kernel.log <- 2026-11-22T10:00:02+0000 db-1 kernel: Out of memory: Killed process 900 (java) total-vm:10612352kB, anon-rss:8012352kB, file-rss:0kB, shmem-rss:0kB\n",
                "member.down@db-1",
            ),
        ],
    },
    Pair {
        about: "the database is waited for: another process holds it, or it is large",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: etcd Version: 3.4.23\n")],
        lines: &[
            (
                "2026-11-22T10:00:12.000000+0000 db-1 etcd[9]: another etcd process is using \"/var/lib/etcd/member/snap/db\" and holds the file lock, or loading backend file is taking >10 seconds",
                "config.data-dir-locked@db-1",
            ),
            ("2026-11-22T10:00:12.000000+0000 db-1 etcd[9]: ready to serve client requests", "healthy"),
        ],
    },
    Pair {
        about: "a program that is older than the cluster, or a flag that it does not know",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: etcd Version: 3.4.23\n")],
        lines: &[
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: cluster cannot be downgraded (current version: 3.4.23 is lower than determined cluster version: 3.5).",
                "version.skew@db-1",
            ),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: error verifying flags, expected IP in URL for binding (http://db-1.example.com:2380). See 'etcd --help'.",
                "config.invalid@db-1",
            ),
        ],
    },
];
