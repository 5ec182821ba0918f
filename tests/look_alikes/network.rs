//! Members that do not reach each other: the process, the host, the network, the name, the clock.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "the host answers that nobody listens, or nothing answers at all",
        files: &[
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became leader at term 2\n"),
            ("members.txt", THREE),
        ],
        lines: &[
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
        about: "a name that is not known, or no file left for the question",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
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
        about: "refused: nobody listens; where the process runs, it is somebody else who refuses, and who is not known",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n\
                 2026-11-22T10:00:06.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "nodes/db-3/ps.txt <- USER PID PPID STAT STARTED RSS %CPU COMMAND\n\
                 root 1976 1 Ssl Sun Nov 22 09:21:34 2026 44196 1.1 /usr/bin/etcd --name=db-3 --advertise-client-urls=http://10.0.0.3:2379 --initial-advertise-peer-urls=http://10.0.0.3:2380",
                "none",
            ),
            (
                "nodes/db-3/unit.txt <- ● etcd.service - etcd key-value store\n   Loaded: loaded (/lib/systemd/system/etcd.service; enabled)\n   Active: failed (Result: exit-code) since Sun 2026-11-22 09:59:01 UTC; 3min ago\n",
                "member.down@db-3",
            ),
        ],
    },
    Pair {
        about: "a cluster that seems set up wrongly: names do not resolve, or they do and the settings do not agree",
        files: &[(
            "nodes/db-1/etcd.log",
            "2021-03-01 10:15:05.000000 C | etcdmain: --initial-cluster must include db-1=http://db-1.example.com:2380 given --initial-advertise-peer-urls=http://db-1.example.com:2380\n",
        )],
        lines: &[
            (
                "nodes/db-1/first.log <- 2021-03-01 10:15:01.000000 E | netutil: could not resolve host db-1.example.com:2380\n",
                "dns.failure",
            ),
            (
                "nodes/db-1/first.log <- 2021-03-01 10:15:01.000000 I | pkg/netutil: resolving db-1.example.com:2380 to 10.0.0.1:2380\n",
                "config.invalid",
            ),
        ],
    },
    Pair {
        about: "timeouts to one peer: they are over when it answers again",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became leader at term 2\n\
                 2026-11-22T10:00:05.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: i/o timeout\n\
                 2026-11-22T10:00:10.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: i/o timeout\n\
                 2026-11-22T10:00:15.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: i/o timeout\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
                "healthy.transient",
            ),
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is unhealthy: failed to connect: dial tcp 10.0.0.3:2379: i/o timeout\n",
                "net.partition@db-3",
            ),
        ],
    },
    Pair {
        about: "a clock that is off: who blames all others is fast, who is blamed by all is slow",
        files: &[
            (
                "nodes/db-3/journal.txt",
                "Nov 22 16:22:08 db-3 etcd[13696]: 3a77b0 became follower at term 2\n\
                 Nov 22 16:22:13 db-3 etcd[13696]: the clock difference against peer 1d01e4 is too high [7m0.00023565s > 1s]\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "Nov 22 16:22:13 db-3 etcd[13696]: the clock difference against peer 2f1c8a is too high [7m0.00031565s > 1s]",
                "clock.skew@db-3",
            ),
            (
                "nodes/db-2/journal.txt <- Nov 22 16:22:13 db-2 etcd[13690]: 2f1c8a became follower at term 2\n\
                 Nov 22 16:22:14 db-2 etcd[13690]: the clock difference against peer 1d01e4 is too high [7m0.00031565s > 1s]\n",
                "clock.skew@db-1",
            ),
        ],
    },
];
