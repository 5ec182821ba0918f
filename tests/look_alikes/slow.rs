//! Slow requests, late heartbeats, slow syncs: the disk, the processors, the requests themselves, or the past.

use super::{Pair, THREE};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        about: "\"likely from slow disk\" is no measurement: a sync that took seconds is, etcd's used-up quota of processor time is another",
        files: &[(
            "nodes/db-1/journal.txt",
            "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.4s, to 3a77b0)\n\
             2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: server is likely overloaded\n\
             2026-11-22T10:00:07.000000+0000 db-1 etcd[9]: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.1s, to 3a77b0)\n\
             2026-11-22T10:00:07.000000+0000 db-1 etcd[9]: server is likely overloaded\n",
        )],
        lines: &[
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
        about: "\"took too long … likely from slow disk\" is a fixed text: small answers wait for something that only a line about a sync names",
        files: &[(
            "etcd.log",
            "{\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:00.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:01.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:02.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:03.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:04.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:05.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:06.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:07.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:08.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:09.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:10.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:11.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}\n",
        )],
        lines: &[
            (
                "{\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:13.502413Z\",\"caller\":\"wal/wal.go:805\",\"msg\":\"slow fdatasync\",\"took\":\"2.407112s\",\"expected-duration\":\"1s\"}",
                "disk.slow-fsync",
            ),
            (
                "{\"level\":\"info\",\"ts\":\"2026-11-22T16:17:13.502413Z\",\"caller\":\"etcdserver/server.go:1312\",\"msg\":\"triggering snapshot\",\"local-member-id\":\"1d01e4\",\"local-member-applied-index\":10001,\"local-member-snapshot-index\":0,\"local-member-snapshot-count\":10000}",
                "none",
            ),
        ],
    },
    Pair {
        about: "lists that are slow: the answers are large, or they are small",
        files: &[(
            "etcd.log",
            "{\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:00.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:01.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:02.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:03.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:04.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:05.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:06.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:07.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n\
                 {\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:08.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}\n",
        )],
        lines: &[
            (
                "{\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:12.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:5000 size:1500000\"}",
                "load.expensive-requests",
            ),
            (
                "{\"level\":\"warn\",\"ts\":\"2026-11-22T16:17:12.502413Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"652.3ms\",\"expected-duration\":\"100ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/\\\" range_end:\\\"/registry/pods0\\\" \",\"response\":\"range_response_count:1 size:300\"}",
                "none",
            ),
        ],
    },
    Pair {
        about: "the median is fine: the tail decides",
        files: &[
            ("nodes/db-1/journal.txt", "2026-11-22T10:00:01.000000+0000 db-1 etcd[9]: 1d01e4 became follower at term 2\n"),
            ("members.txt", THREE),
        ],
        lines: &[
            (
                "nodes/db-1/metrics.txt <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.008\"} 900\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.128\"} 920\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.256\"} 930\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 940\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 1000\n\
                 etcd_disk_wal_fsync_duration_seconds_count 1000\n",
                "disk.slow-fsync@db-1",
            ),
            (
                "nodes/db-1/metrics.txt <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.008\"} 900\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.128\"} 920\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.256\"} 930\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 1000\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 1000\n\
                 etcd_disk_wal_fsync_duration_seconds_count 1000\n",
                "healthy",
            ),
        ],
    },
    Pair {
        about: "histograms count since the start: the difference of two samples tells the present",
        files: &[
            (
                "nodes/db-1/metrics/1.prom",
                "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.008\"} 90000\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 95000\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 100000\n\
                 etcd_disk_wal_fsync_duration_seconds_count 100000\n",
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
            (
                "nodes/db-1/metrics/2.prom <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.008\"} 90300\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 95300\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 100300\n\
                 etcd_disk_wal_fsync_duration_seconds_count 100300\n",
                "healthy",
            ),
            (
                "nodes/db-1/metrics/2.prom <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.008\"} 90030\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 95100\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 100300\n\
                 etcd_disk_wal_fsync_duration_seconds_count 100300\n",
                "disk.slow-fsync",
            ),
        ],
    },
    Pair {
        about: "slow batches: a login ends each of them, or they are slow by themselves",
        files: &[(
            "etcd.log",
            "2016-09-19 18:42:28.876054 I | auth: authorized root, token is x\n\
                 2016-09-19 18:42:28.876082 W | etcdserver: apply entries took too long [103.454153ms for 1 entries]\n\
                 2016-09-19 18:42:29.876054 I | auth: authorized root, token is x\n\
                 2016-09-19 18:42:29.876082 W | etcdserver: apply entries took too long [105.088692ms for 1 entries]\n\
                 2016-09-19 18:42:30.876054 I | auth: authorized root, token is x\n\
                 2016-09-19 18:42:30.876082 W | etcdserver: apply entries took too long [104.088692ms for 1 entries]\n",
        )],
        lines: &[
            ("2016-09-19 18:42:31.876054 I | auth: authorized root, token is x", "load.auth-bcrypt"),
            ("2016-09-19 18:42:31.876082 W | wal: sync duration of 2.400476197s, expected less than 1s", "disk.slow-fsync"),
        ],
    },
    Pair {
        about: "late heartbeats: the leader does not get to run, or the disk holds it up",
        files: &[(
            "nodes/db-3/journal.txt",
            "Nov 22 16:06:22 db-3 etcd[11907]: failed to send out heartbeat on time (exceeded the 100ms timeout for 802.407261ms, to daad84e8830c8d56)\n\
                 Nov 22 16:06:23 db-3 etcd[11907]: failed to send out heartbeat on time (exceeded the 100ms timeout for 797.407261ms, to daad84e8830c8d56)\n\
                 Nov 22 16:06:26 db-3 etcd[11907]: failed to send out heartbeat on time (exceeded the 100ms timeout for 748.407261ms, to daad84e8830c8d56)\n\
                 Nov 22 16:06:27 db-3 etcd[11907]: failed to send out heartbeat on time (exceeded the 100ms timeout for 749.407261ms, to daad84e8830c8d56)\n",
        )],
        lines: &[
            (
                "nodes/db-3/metrics.txt <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.128\"} 985\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.256\"} 985\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 985\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"1.024\"} 997\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 997\n\
                 etcd_disk_wal_fsync_duration_seconds_count 997\n",
                "cpu.starvation@db-3",
            ),
            (
                "nodes/db-3/metrics.txt <- etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.128\"} 400\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.256\"} 400\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.512\"} 560\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"1.024\"} 997\n\
                 etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 997\n\
                 etcd_disk_wal_fsync_duration_seconds_count 997\n",
                "disk.slow-fsync@db-3",
            ),
        ],
    },
    Pair {
        about: "leaders that change: the network is slower than the timeouts, or the timeouts are as they come",
        files: &[
            (
                "nodes/db-1/ping.txt",
                "PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.\n\
                 64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=223 ms\n\
                 64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=207 ms\n",
            ),
            (
                "nodes/db-1/etcd.log",
                "2020-02-11 10:00:01.000000 I | raft: raft.node: 1d05e4 elected leader 2f1c8a at term 12\n\
                 2020-02-11 10:00:21.000000 I | raft: raft.node: 1d05e4 elected leader 3a77b0 at term 13\n\
                 2020-02-11 10:00:41.000000 I | raft: raft.node: 1d05e4 elected leader 2f1c8a at term 14\n\
                 2020-02-11 10:01:01.000000 I | raft: raft.node: 1d05e4 elected leader 3a77b0 at term 15\n\
                 2020-02-11 10:01:21.000000 I | raft: raft.node: 1d05e4 elected leader 2f1c8a at term 16\n\
                 2020-02-11 10:01:41.000000 I | raft: raft.node: 1d05e4 elected leader 3a77b0 at term 17\n",
            ),
        ],
        lines: &[
            (
                "nodes/db-1/cmdline.txt <- /usr/bin/etcd --name=db-1 --heartbeat-interval=20 --election-timeout=150",
                "config.heartbeat@db-1",
            ),
            (
                "nodes/db-1/cmdline.txt <- /usr/bin/etcd --name=db-1 --heartbeat-interval=100 --election-timeout=1000",
                "leader.flapping",
            ),
        ],
    },
];
