//! No leader, no majority, or only a moment without: who is missing, and who is somebody else.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "elections without end: nobody answers, or another cluster does",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 is starting a new election at term 374\n\
             2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: 1d01e4 is starting a new election at term 375\n",
        )],
        lines: &[
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
        lines: &[
            (
                "status.txt <- http://10.0.0.1:2379 is unhealthy: failed to commit proposal: etcdserver: no leader\n",
                "quorum.lost",
            ),
            ("status.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n", "member.down"),
        ],
    },
    Pair {
        about: "etcdctl 2 calls a cluster healthy when one member is: count them",
        files: &[(
            "cluster-health.txt",
            "member 1d01e4 is healthy: got healthy result from http://10.0.0.1:2379\n\
                 member 2f1c8a is healthy: got healthy result from http://10.0.0.2:2379\n",
        )],
        lines: &[
            (
                "member 3a77b0 is healthy: got healthy result from http://10.0.0.3:2379\n\
                 cluster is healthy",
                "healthy",
            ),
            (
                "member 3a77b0 is unreachable: [http://10.0.0.3:2379] are all unreachable\n\
                 cluster is healthy",
                "member.down",
            ),
        ],
    },
    Pair {
        about: "endpoint health does not count alarms before 3.5: the list of alarms does",
        files: &[
            (
                "health.txt",
                "http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.3:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
            ),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "alarms.txt <- $ etcdctl alarm list\n\
                 memberID:1900004 alarm:NOSPACE \n",
                "db.quota-exceeded",
            ),
            (
                "alarms.txt <- $ etcdctl alarm list\n\
                 $ date\n",
                "healthy",
            ),
        ],
    },
    Pair {
        about: "a member without a leader: it is cut off alone, or nobody has one",
        files: &[
            ("nodes/db-3/health.txt", "{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n"),
            ("members.txt", THREE),
            (
                "nodes/db-3/journal.txt",
                "2026-11-22T10:00:01.000000+0000 db-3 etcd[9]: 3a77b0 is starting a new election at term 301\n\
                 2026-11-22T10:00:02.000000+0000 db-3 etcd[9]: 3a77b0 is starting a new election at term 302\n\
                 2026-11-22T10:00:03.000000+0000 db-3 etcd[9]: 3a77b0 is starting a new election at term 303\n\
                 2026-11-22T10:00:05.000000+0000 db-3 etcd[9]: health check for peer 1d01e4 could not connect: dial tcp 10.0.0.1:2380: i/o timeout\n\
                 2026-11-22T10:00:05.000000+0000 db-3 etcd[9]: health check for peer 2f1c8a could not connect: dial tcp 10.0.0.2:2380: i/o timeout\n",
            ),
        ],
        lines: &[
            (
                "health.txt <- http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
                 http://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.1ms\n",
                "net.partition@db-3",
            ),
            (
                "health.txt <- http://10.0.0.1:2379 is unhealthy: failed to commit proposal: etcdserver: no leader\n\
                 http://10.0.0.2:2379 is unhealthy: failed to commit proposal: etcdserver: no leader\n",
                "net.partition",
            ),
        ],
    },
    Pair {
        about: "votes without end: the second member never started, or the log of one alone says no more",
        files: &[(
            "etcd.log",
            "2021-03-01 10:15:01.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 331\n\
                 2021-03-01 10:15:02.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 332\n\
                 2021-03-01 10:15:03.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 333\n\
                 2021-03-01 10:15:04.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 334\n\
                 2021-03-01 10:15:05.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 335\n",
        )],
        lines: &[
            (
                "members.txt <- $ etcdctl member list\n\
                 59158c645fc66fa5: name=db-1 peerURLs=http://10.0.0.1:2380 clientURLs=http://10.0.0.1:2379\n\
                 2f1c8a[unstarted]: peerURLs=http://10.0.0.2:2380\n",
                "quorum.lost",
            ),
            ("2021-03-01 10:15:06.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 336", "none"),
        ],
    },
    Pair {
        about: "what outranks elections in one log: another cluster, a bootstrap that was done before, a count that differs",
        files: &[(
            "etcd.log",
            "2021-03-01 10:15:01.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 331\n\
                 2021-03-01 10:15:02.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 332\n\
                 2021-03-01 10:15:03.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 333\n\
                 2021-03-01 10:15:04.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 334\n\
                 2021-03-01 10:15:05.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 335\n",
        )],
        lines: &[
            ("2021-03-01 10:15:07.000000 C | etcdmain: member 59158c645fc66fa5 has already been bootstrapped", "member.mismatch"),
            (
                "2021-03-01 10:15:07.000000 C | etcdmain: error validating peerURLs {ClusterID:77 Members:[] RemovedMemberIDs:[]}: member count is unequal",
                "member.mismatch",
            ),
            ("2021-03-01 10:15:07.000000 E | rafthttp: request cluster ID mismatch (got 77 want 78)", "member.mismatch"),
            ("2021-03-01 10:15:07.000000 I | raft: 59158c645fc66fa5 is starting a new election at term 337", "none"),
        ],
    },
];
