//! The metrics that are read, each under all the names that it had in etcd 2.1 to 3.7.

/// A metric across the versions of etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Latency of the fdatasync after each write to the write-ahead log.
    WalFsync,
    /// Latency of a bbolt commit, its fsync included.
    BackendCommit,
    /// Round trip to a peer, label `To`. A probe every 30 s, not every message: few samples.
    PeerRoundTrip,
    /// Size of the db file.
    DbTotalSize,
    /// Bytes of the db file in use; what is missing to the total a defragmentation frees.
    DbInUse,
    /// The quota in force.
    QuotaBackendBytes,
    /// 0 while the member knows no leader.
    HasLeader,
    /// 1 on the leader.
    IsLeader,
    /// Leader changes since the start of the process, the first election among them.
    LeaderChanges,
    /// The member's ID, hexadecimal, in the label `server_id`.
    ServerId,
    /// The version, in the label `server_version`.
    ServerVersion,
    /// 1 for each active alarm, labels `server_id` and `alarm_type`.
    Alarms,
    /// The committed index of raft's log, as the member knows it. A gauge in spite of its name.
    Committed,
    /// The index that was applied last. A gauge in spite of its name.
    Applied,
    /// Requests whose application took longer than 100 ms.
    SlowApply,
    /// Failed calls of `/health`.
    HealthFailures,
    /// gRPC requests that were answered, labels `grpc_method` and `grpc_code`.
    GrpcHandled,
    /// Leases granted.
    LeasesGranted,
    /// What the process used of processors.
    CpuSeconds,
    /// When the process was started, in seconds since 1970. Explains counters that fell.
    ProcessStartTime,
}

/// One name of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricName {
    /// The name; histograms and summaries add `_bucket`, `_sum` and `_count`.
    pub name: &'static str,
    /// The first release of each minor series that has it. Later series have it from their start; of a series without a patch level
    /// the whole is taken to have it.
    pub since: &'static [&'static str],
    /// The last minor series that has it, if it is gone from the newest.
    pub until: Option<&'static str>,
    /// The unit of its values.
    pub unit: Unit,
    /// The type Prometheus knows it by.
    pub kind: Kind,
}

/// The unit of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Microseconds, in the summaries of etcd 2.1 and 2.2.
    Microseconds,
    /// Bytes.
    Bytes,
    /// A number of things.
    Count,
    /// 0 or 1.
    Flag,
}

impl Unit {
    pub(super) fn to_base(self, value: f64) -> f64 {
        if self == Self::Microseconds { value / 1e6 } else { value }
    }
}

/// A metric's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Can rise and fall.
    Gauge,
    /// Only rises, until the process is started anew.
    Counter,
    /// Cumulative buckets.
    Histogram,
    /// Quantiles.
    Summary,
}

const fn name(
    name: &'static str,
    since: &'static [&'static str],
    until: Option<&'static str>,
    unit: Unit,
    kind: Kind,
) -> MetricName {
    MetricName { name, since, until, unit, kind }
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 20] = [
        Self::WalFsync,
        Self::BackendCommit,
        Self::PeerRoundTrip,
        Self::DbTotalSize,
        Self::DbInUse,
        Self::QuotaBackendBytes,
        Self::HasLeader,
        Self::IsLeader,
        Self::LeaderChanges,
        Self::ServerId,
        Self::ServerVersion,
        Self::Alarms,
        Self::Committed,
        Self::Applied,
        Self::SlowApply,
        Self::HealthFailures,
        Self::GrpcHandled,
        Self::LeasesGranted,
        Self::CpuSeconds,
        Self::ProcessStartTime,
    ];

    /// Its names, the newest first. From etcd's source, releases 2.1 to 3.7.
    pub const fn names(self) -> &'static [MetricName] {
        use Kind::{Counter, Gauge, Histogram, Summary};
        use Unit::{Bytes, Count, Flag, Microseconds, Seconds};
        match self {
            Self::WalFsync => {
                &const {
                    [
                        name("etcd_disk_wal_fsync_duration_seconds", &["3.0"], None, Seconds, Histogram),
                        name("etcd_wal_fsync_durations_seconds", &["2.3"], Some("2.3"), Seconds, Histogram),
                        name("etcd_wal_fsync_durations_microseconds", &["2.1"], Some("2.2"), Microseconds, Summary),
                    ]
                }
            }
            Self::BackendCommit => {
                &const { [name("etcd_disk_backend_commit_duration_seconds", &["3.0"], None, Seconds, Histogram)] }
            }
            // etcd 2.3's etcd_rafthttp_message_sent_latency_seconds is no round trip: it ends when the message is handed over.
            Self::PeerRoundTrip => {
                &const { [name("etcd_network_peer_round_trip_time_seconds", &["3.0"], None, Seconds, Histogram)] }
            }
            Self::DbTotalSize => {
                &const {
                    [
                        name("etcd_mvcc_db_total_size_in_bytes", &["3.1.19", "3.2.24", "3.3.9"], None, Bytes, Gauge),
                        name("etcd_debugging_mvcc_db_total_size_in_bytes", &["3.0"], Some("3.4"), Bytes, Gauge),
                        name("etcd_storage_db_total_size_in_bytes", &["2.3"], Some("2.3"), Bytes, Gauge),
                    ]
                }
            }
            Self::DbInUse => {
                &const { [name("etcd_mvcc_db_total_size_in_use_in_bytes", &["3.1.19", "3.2.24", "3.3.9"], None, Bytes, Gauge)] }
            }
            Self::QuotaBackendBytes => {
                &const { [name("etcd_server_quota_backend_bytes", &["3.1.19", "3.2.24", "3.3.9"], None, Bytes, Gauge)] }
            }
            Self::HasLeader => &const { [name("etcd_server_has_leader", &["3.0"], None, Flag, Gauge)] },
            Self::IsLeader => &const { [name("etcd_server_is_leader", &["3.1.14", "3.2.19", "3.3.4"], None, Flag, Gauge)] },
            Self::LeaderChanges => &const { [name("etcd_server_leader_changes_seen_total", &["3.0"], None, Count, Counter)] },
            Self::ServerId => &const { [name("etcd_server_id", &["3.1.20", "3.2.25", "3.3.10"], None, Flag, Gauge)] },
            Self::ServerVersion => &const { [name("etcd_server_version", &["3.1.18", "3.2.23"], None, Flag, Gauge)] },
            Self::Alarms => &const { [name("etcd_debugging_server_alarms", &["3.6"], None, Flag, Gauge)] },
            Self::Committed => &const { [name("etcd_server_proposals_committed_total", &["3.0"], None, Count, Gauge)] },
            Self::Applied => &const { [name("etcd_server_proposals_applied_total", &["3.0"], None, Count, Gauge)] },
            Self::SlowApply => {
                &const { [name("etcd_server_slow_apply_total", &["3.1.19", "3.2.24", "3.3.9"], None, Count, Counter)] }
            }
            Self::HealthFailures => {
                &const { [name("etcd_server_health_failures", &["3.1", "3.2.25", "3.3.10"], None, Count, Counter)] }
            }
            Self::GrpcHandled => &const { [name("grpc_server_handled_total", &["3.1"], None, Count, Counter)] },
            Self::LeasesGranted => &const { [name("etcd_debugging_lease_granted_total", &["3.4"], None, Count, Counter)] },
            Self::CpuSeconds => &const { [name("process_cpu_seconds_total", &["2.1"], None, Seconds, Counter)] },
            Self::ProcessStartTime => &const { [name("process_start_time_seconds", &["2.1"], None, Seconds, Gauge)] },
        }
    }
}
