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
    /// The member's own revision.
    Revision,
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
    /// Proposals that wait to be agreed on.
    ProposalsPending,
    /// Proposals that failed.
    ProposalsFailed,
    /// Heartbeats that a leader sent late.
    HeartbeatSendFailures,
    /// Reads that waited long for the word of the leader.
    SlowReadIndexes,
    /// Reads that got no word of the leader.
    ReadIndexesFailed,
    /// 1 on a learner.
    IsLearner,
    /// 1 for each peer with a link, labels `Local` and `Remote`.
    ActivePeers,
    /// How often a link to a peer was lost, label `Remote`.
    DisconnectedPeers,
    /// Messages to a peer that were not sent, label `To`.
    PeerSentFailures,
    /// Messages of a peer that could not be taken, label `From`.
    PeerReceivedFailures,
    /// Snapshots of a leader that could not be kept, label `From`.
    SnapshotReceiveFailures,
    /// Snapshots to a peer that broke off, label `To`.
    SnapshotSendFailures,
    /// Watchers that are behind and have to catch up.
    SlowWatchers,
    /// Events that wait to be sent to watchers.
    PendingEvents,
    /// Watchers.
    Watchers,
    /// Keys of the store.
    Keys,
    /// Keys that were written.
    Puts,
    /// Transactions.
    Txns,
    /// Ranges that were read.
    Ranges,
    /// Keys that were deleted.
    Deletes,
    /// Leases that were taken back.
    LeasesRevoked,
    /// Leases that were kept alive.
    LeasesRenewed,
    /// Leases that ran out.
    LeasesExpired,
    /// gRPC requests that began, labels `grpc_method` and `grpc_service`.
    GrpcStarted,
    /// How long gRPC requests took; only with `--metrics=extensive`.
    GrpcHandling,
    /// Requests of the v2 API that failed, label `code`.
    HttpFailed,
    /// How long the database took to be sent.
    BackendSnapshot,
    /// 1 while the database is rewritten.
    DefragInflight,
    /// How long requests took to be applied, labels `op` and `success`.
    ApplyDuration,
    /// Files that the process has open.
    OpenFiles,
    /// How many files the process may open.
    MostFiles,
    /// Memory of the process, pages of the mapped database among it.
    ResidentMemory,
    /// Goroutines of the process.
    Goroutines,
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
    pub const ALL: [Self; 54] = [
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
        Self::Revision,
        Self::SlowApply,
        Self::HealthFailures,
        Self::GrpcHandled,
        Self::LeasesGranted,
        Self::CpuSeconds,
        Self::ProcessStartTime,
        Self::ProposalsPending,
        Self::ProposalsFailed,
        Self::HeartbeatSendFailures,
        Self::SlowReadIndexes,
        Self::ReadIndexesFailed,
        Self::IsLearner,
        Self::ActivePeers,
        Self::DisconnectedPeers,
        Self::PeerSentFailures,
        Self::PeerReceivedFailures,
        Self::SnapshotReceiveFailures,
        Self::SnapshotSendFailures,
        Self::SlowWatchers,
        Self::PendingEvents,
        Self::Watchers,
        Self::Keys,
        Self::Puts,
        Self::Txns,
        Self::Ranges,
        Self::Deletes,
        Self::LeasesRevoked,
        Self::LeasesRenewed,
        Self::LeasesExpired,
        Self::GrpcStarted,
        Self::GrpcHandling,
        Self::HttpFailed,
        Self::BackendSnapshot,
        Self::DefragInflight,
        Self::ApplyDuration,
        Self::OpenFiles,
        Self::MostFiles,
        Self::ResidentMemory,
        Self::Goroutines,
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
            Self::Revision => {
                &const { [name("etcd_debugging_mvcc_current_revision", &["3.2.27", "3.3.16", "3.4.1"], None, Count, Gauge)] }
            }
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
            other => other.names_of_load(),
        }
    }

    /// Names of what counts requests, proposals, links and what the process uses.
    const fn names_of_load(self) -> &'static [MetricName] {
        use Kind::{Counter, Gauge, Histogram};
        use Unit::{Bytes, Count, Flag, Seconds};
        match self {
            Self::ProposalsPending => {
                &const {
                    [
                        name("etcd_server_proposals_pending", &["3.0"], None, Count, Gauge),
                        name("etcd_server_pending_proposal_total", &["2.1"], Some("2.3"), Count, Gauge),
                    ]
                }
            }
            Self::ProposalsFailed => {
                &const {
                    [
                        name("etcd_server_proposals_failed_total", &["3.0"], None, Count, Counter),
                        name("etcd_server_proposal_failed_total", &["2.1"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::HeartbeatSendFailures => {
                &const { [name("etcd_server_heartbeat_send_failures_total", &["3.1.19", "3.2.24", "3.3.9"], None, Count, Counter)] }
            }
            Self::SlowReadIndexes => {
                &const { [name("etcd_server_slow_read_indexes_total", &["3.1.19", "3.2.24", "3.3.9"], None, Count, Counter)] }
            }
            Self::ReadIndexesFailed => {
                &const { [name("etcd_server_read_indexes_failed_total", &["3.1.20", "3.2.25", "3.3.10"], None, Count, Counter)] }
            }
            Self::IsLearner => &const { [name("etcd_server_is_learner", &["3.4"], None, Flag, Gauge)] },
            Self::ActivePeers => &const { [name("etcd_network_active_peers", &["3.4"], None, Flag, Gauge)] },
            Self::DisconnectedPeers => &const { [name("etcd_network_disconnected_peers_total", &["3.4"], None, Count, Counter)] },
            Self::PeerSentFailures => {
                &const {
                    [
                        name("etcd_network_peer_sent_failures_total", &["3.1"], None, Count, Counter),
                        name("etcd_rafthttp_message_sent_failed_total", &["2.1"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::PeerReceivedFailures => {
                &const { [name("etcd_network_peer_received_failures_total", &["3.1"], None, Count, Counter)] }
            }
            Self::SnapshotReceiveFailures => {
                &const { [name("etcd_network_snapshot_receive_failures", &["3.1"], None, Count, Counter)] }
            }
            Self::SnapshotSendFailures => {
                &const { [name("etcd_network_snapshot_send_failures", &["3.1"], None, Count, Counter)] }
            }
            Self::SlowWatchers => {
                &const {
                    [
                        name("etcd_debugging_mvcc_slow_watcher_total", &["3.0"], None, Count, Gauge),
                        name("etcd_storage_slow_watcher_total", &["2.3"], Some("2.3"), Count, Gauge),
                    ]
                }
            }
            Self::PendingEvents => {
                &const {
                    [
                        name("etcd_debugging_mvcc_pending_events_total", &["3.0"], None, Count, Gauge),
                        name("etcd_storage_pending_events_total", &["2.3"], Some("2.3"), Count, Gauge),
                    ]
                }
            }
            Self::Watchers => {
                &const {
                    [
                        name("etcd_debugging_mvcc_watcher_total", &["3.0"], None, Count, Gauge),
                        name("etcd_storage_watcher_total", &["2.3"], Some("2.3"), Count, Gauge),
                    ]
                }
            }
            Self::Keys => {
                &const {
                    [
                        name("etcd_debugging_mvcc_keys_total", &["3.0"], None, Count, Gauge),
                        name("etcd_storage_keys_total", &["2.2"], Some("2.3"), Count, Gauge),
                    ]
                }
            }
            Self::Puts => {
                &const {
                    [
                        name("etcd_mvcc_put_total", &["3.4"], None, Count, Counter),
                        name("etcd_debugging_mvcc_put_total", &["3.0"], Some("3.4"), Count, Counter),
                        name("etcd_storage_put_total", &["2.2"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::Txns => {
                &const {
                    [
                        name("etcd_mvcc_txn_total", &["3.4"], None, Count, Counter),
                        name("etcd_debugging_mvcc_txn_total", &["3.0"], Some("3.4"), Count, Counter),
                        name("etcd_storage_txn_total", &["2.2"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::Ranges => {
                &const {
                    [
                        name("etcd_mvcc_range_total", &["3.4"], None, Count, Counter),
                        name("etcd_debugging_mvcc_range_total", &["3.0"], Some("3.5"), Count, Counter),
                        name("etcd_storage_range_total", &["2.2"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::Deletes => {
                &const {
                    [
                        name("etcd_mvcc_delete_total", &["3.4"], None, Count, Counter),
                        name("etcd_debugging_mvcc_delete_total", &["3.0"], Some("3.4"), Count, Counter),
                        name("etcd_storage_delete_total", &["2.2"], Some("2.3"), Count, Counter),
                    ]
                }
            }
            Self::LeasesRevoked => &const { [name("etcd_debugging_lease_revoked_total", &["3.4"], None, Count, Counter)] },
            Self::LeasesRenewed => &const { [name("etcd_debugging_lease_renewed_total", &["3.4"], None, Count, Counter)] },
            Self::LeasesExpired => &const { [name("etcd_debugging_server_lease_expired_total", &["3.2"], None, Count, Counter)] },
            Self::GrpcStarted => &const { [name("grpc_server_started_total", &["3.1"], None, Count, Counter)] },
            Self::GrpcHandling => &const { [name("grpc_server_handling_seconds", &["3.1"], None, Seconds, Histogram)] },
            Self::HttpFailed => &const { [name("etcd_http_failed_total", &["2.3"], Some("3.5"), Count, Counter)] },
            Self::BackendSnapshot => {
                &const { [name("etcd_disk_backend_snapshot_duration_seconds", &["3.2"], None, Seconds, Histogram)] }
            }
            Self::DefragInflight => &const { [name("etcd_disk_defrag_inflight", &["3.4"], None, Flag, Gauge)] },
            Self::ApplyDuration => &const { [name("etcd_server_apply_duration_seconds", &["3.5"], None, Seconds, Histogram)] },
            Self::OpenFiles => &const { [name("process_open_fds", &["2.1"], None, Count, Gauge)] },
            Self::MostFiles => &const { [name("process_max_fds", &["2.1"], None, Count, Gauge)] },
            Self::ResidentMemory => &const { [name("process_resident_memory_bytes", &["2.1"], None, Bytes, Gauge)] },
            Self::Goroutines => &const { [name("go_goroutines", &["2.1"], None, Count, Gauge)] },
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests;
