//! What is wrong with the data, and what only looks so: space, logs, snapshots, hashes.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "the quota is reached, or the file system is full",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
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
        lines: &[
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
        lines: &[
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
        lines: &[
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
        about: "a large file: most of it free, or nearly all in use and near the quota",
        files: &[(
            "nodes/db-1/metrics.txt",
            "etcd_mvcc_db_total_size_in_bytes 2.0e+09\netcd_server_quota_backend_bytes 2.147483648e+09\n",
        )],
        lines: &[
            ("etcd_mvcc_db_total_size_in_use_in_bytes 3.0e+08", "db.fragmented"),
            ("etcd_mvcc_db_total_size_in_use_in_bytes 1.98e+09", "db.quota-near"),
        ],
    },
    Pair {
        about: "the alarm outlives its cause: it is on until it is disarmed",
        files: &[
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: alarm NOSPACE raised by peer 1d01e4\n"),
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
                "alarms.txt <- $ etcdctl alarm list\n\
                 memberID:1900004 alarm:NOSPACE \n",
                "db.quota-exceeded",
            ),
            (
                "alarms.txt <- $ etcdctl alarm list\n\
                 $ date\n",
                "healthy.transient",
            ),
        ],
    },
    Pair {
        about: "hashes that differ: at one revision, or at two",
        files: &[("nodes/db-1/hash.txt", "$ etcdctl endpoint hashkv --cluster -w json\n")],
        lines: &[
            (
                "nodes/db-1/hashes.txt <- [{\"Endpoint\":\"http://10.0.0.1:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":17,\"revision\":505,\"raft_term\":2},\"hash\":2064120424,\"compact_revision\":-1}},{\"Endpoint\":\"http://10.0.0.2:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":18,\"revision\":505,\"raft_term\":2},\"hash\":2064120424,\"compact_revision\":-1}},{\"Endpoint\":\"http://10.0.0.3:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":19,\"revision\":505,\"raft_term\":2},\"hash\":77,\"compact_revision\":-1}}]",
                "data.inconsistent",
            ),
            (
                "nodes/db-1/hashes.txt <- [{\"Endpoint\":\"http://10.0.0.1:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":17,\"revision\":505,\"raft_term\":2},\"hash\":2064120424,\"compact_revision\":-1}},{\"Endpoint\":\"http://10.0.0.2:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":18,\"revision\":506,\"raft_term\":2},\"hash\":55,\"compact_revision\":-1}},{\"Endpoint\":\"http://10.0.0.3:2379\",\"HashKV\":{\"header\":{\"cluster_id\":77,\"member_id\":19,\"revision\":507,\"raft_term\":2},\"hash\":77,\"compact_revision\":-1}}]",
                "none",
            ),
        ],
    },
    Pair {
        about: "a size of zero is no size",
        files: &[(
            "nodes/db-1/metrics.txt",
            "etcd_server_has_leader 1\n\
                 etcd_mvcc_db_total_size_in_bytes 2.0e+09\n\
                 etcd_server_quota_backend_bytes 8.589934592e+09\n",
        )],
        lines: &[
            ("etcd_mvcc_db_total_size_in_use_in_bytes 3.0e+08", "db.fragmented"),
            ("etcd_mvcc_db_total_size_in_use_in_bytes 0", "healthy"),
        ],
    },
    Pair {
        about: "`tocommit` beyond the last index: entries are gone; a checksum that does not match: they are damaged",
        files: &[("nodes/db-3/journal.txt", "2026-11-22T10:00:01.000000+0000 db-3 etcd[9]: 3a77b0 became follower at term 5\n")],
        lines: &[
            (
                "2026-11-22T10:00:02.000000+0000 db-3 etcd[9]: tocommit(1502) is out of range [lastIndex(3)]. Was the raft log corrupted, truncated, or lost?",
                "data.lost@db-3",
            ),
            (
                "2026-11-22T10:00:02.000000+0000 db-3 etcd[9]: read wal error (walpb: crc mismatch) and cannot be repaired",
                "wal.corrupt@db-3",
            ),
        ],
    },
    Pair {
        about: "a write that fails: no space, the device, or the file system that went read-only is no full disk",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n")],
        lines: &[
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: save raft state and entries error: write /var/lib/etcd/member/wal/0.wal: no space left on device",
                "disk.full@db-1",
            ),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: save raft state and entries error: write /var/lib/etcd/member/wal/0.wal: input/output error",
                "disk.io-error@db-1",
            ),
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: save raft state and entries error: write /var/lib/etcd/member/wal/0.wal: read-only file system",
                "disk.io-error@db-1",
            ),
        ],
    },
    Pair {
        about: "the snapshot that the log needs is gone, or cannot be read",
        files: &[("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: etcd Version: 3.4.23\n")],
        lines: &[
            (
                "2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: recovering backend from snapshot error: database snapshot file path error: snap: snapshot file doesn't exist",
                "snap.missing@db-1",
            ),
            (
                "nodes/db-1/older.txt <- 2026-11-22T10:00:00.000000+0000 db-1 etcd[9]: corrupted snapshot file /var/lib/etcd/member/snap/0000000000000002-00000000000003ed.snap: crc mismatch\n\
                 2026-11-22T10:00:02.000000+0000 db-1 etcd[9]: open wal error: wal: file not found\n",
                "snap.corrupt@db-1",
            ),
        ],
    },
    Pair {
        about: "clients ask for what was compacted, or a member lost what it had",
        files: &[("etcd.log", "2021-03-01 10:15:01.000000 I | etcdserver: ready to serve client requests\n")],
        lines: &[
            (
                "apiserver.log <- W0821 23:03:24.662996      17 reflector.go:324] storage/cacher.go:/pods: watch of *core.Pod ended with: etcdserver: mvcc: required revision has been compacted\n\
                 W0821 23:03:25.662996      17 reflector.go:324] storage/cacher.go:/pods: watch of *core.Pod ended with: etcdserver: mvcc: required revision has been compacted\n",
                "client.compacted",
            ),
            (
                "2021-03-01 10:15:02.000000 C | raft: tocommit(1502) is out of range [lastIndex(3)]. Was the raft log corrupted, truncated, or lost?",
                "data.lost",
            ),
        ],
    },
];
