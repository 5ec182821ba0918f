//! What evidence can say at all: an excerpt proves what is in it and nothing that is not.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "a filter that printed nothing proves nothing; answers of all members do",
        files: &[(
            "paste.txt",
            "[root@db-1 ~]# journalctl -u etcd | grep -i error\n\
                 [root@db-1 ~]# \n",
        )],
        lines: &[
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
                "healthy",
            ),
            ("uptime.txt <- $ uptime\n 10:01:02 up 9 days,  1 user,  load average: 0.02, 0.03, 0.00\n", "none"),
        ],
    },
    Pair {
        about: "a metric that is absent is not zero",
        files: &[
            (
                "nodes/db-1/metrics.txt",
                "process_open_fds 60\n\
                 process_max_fds 65536\n",
            ),
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n"),
        ],
        lines: &[
            (
                "nodes/db-1/more.txt <- etcd_server_has_leader 0\n\
                 etcd_server_leader_changes_seen_total 4\n",
                "none",
            ),
            (
                "nodes/db-1/more.txt <- etcd_server_has_leader 1\n\
                 etcd_server_leader_changes_seen_total 1\n",
                "healthy",
            ),
        ],
    },
    Pair {
        about: "an answer says how it is, a log how it was: a member that is well now cures its own failure",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n\
                 2026-11-22T10:00:06.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n\
                 2026-11-22T10:00:11.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n\
                 2026-11-22T10:00:16.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n\
                 2026-11-22T10:00:21.000000+0000 db-1 etcd[9]: health check for peer 3a77b0 could not connect: dial tcp 10.0.0.3:2380: connect: connection refused\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
                "healthy",
            ),
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is unhealthy: failed to connect: dial tcp 10.0.0.3:2379: connect: connection refused\n",
                "member.down@db-3",
            ),
        ],
    },
    Pair {
        about: "one late word of a busy host is weather; a sync of seconds is not",
        files: &[
            (
                "nodes/db-1/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: read-only range request \"key:\\\"a\\\" \" with result \"range_response_count:1 size:30\" took too long (152.3ms) to execute\n",
            ),
            (
                "health.txt",
                "http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            ("2026-11-22T10:00:03.000000+0000 db-1 etcd[9]: ready to serve client requests", "healthy"),
            (
                "2026-11-22T10:00:03.000000+0000 db-1 etcd[9]: sync duration of 12.400476197s, expected less than 1s",
                "disk.slow-fsync@db-1",
            ),
        ],
    },
];
