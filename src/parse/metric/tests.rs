//! The catalogue of metrics, and what its names promise.

use super::*;

/// What a diagnosis can rest on, by the names of etcd 2.1 to 3.7, of Prometheus's client and of go-grpc-prometheus.
const READ: &[&str] = &[
    "etcd_server_proposals_committed_total",
    "etcd_server_proposals_applied_total",
    "etcd_server_proposals_pending",
    "etcd_server_pending_proposal_total",
    "etcd_server_proposals_failed_total",
    "etcd_server_proposal_failed_total",
    "etcd_server_heartbeat_send_failures_total",
    "etcd_server_slow_read_indexes_total",
    "etcd_server_read_indexes_failed_total",
    "etcd_server_is_learner",
    "etcd_network_active_peers",
    "etcd_network_disconnected_peers_total",
    "etcd_network_peer_sent_failures_total",
    "etcd_rafthttp_message_sent_failed_total",
    "etcd_network_peer_received_failures_total",
    "etcd_network_snapshot_receive_failures",
    "etcd_network_snapshot_send_failures",
    "etcd_debugging_mvcc_slow_watcher_total",
    "etcd_storage_slow_watcher_total",
    "etcd_debugging_mvcc_pending_events_total",
    "etcd_storage_pending_events_total",
    "etcd_debugging_mvcc_watcher_total",
    "etcd_storage_watcher_total",
    "etcd_debugging_mvcc_keys_total",
    "etcd_storage_keys_total",
    "etcd_mvcc_put_total",
    "etcd_debugging_mvcc_put_total",
    "etcd_storage_put_total",
    "etcd_mvcc_txn_total",
    "etcd_debugging_mvcc_txn_total",
    "etcd_storage_txn_total",
    "etcd_mvcc_range_total",
    "etcd_debugging_mvcc_range_total",
    "etcd_storage_range_total",
    "etcd_mvcc_delete_total",
    "etcd_debugging_mvcc_delete_total",
    "etcd_storage_delete_total",
    "etcd_debugging_lease_revoked_total",
    "etcd_debugging_lease_renewed_total",
    "etcd_debugging_server_lease_expired_total",
    "grpc_server_started_total",
    "grpc_server_handling_seconds",
    "etcd_http_failed_total",
    "etcd_disk_backend_snapshot_duration_seconds",
    "etcd_disk_defrag_inflight",
    "etcd_server_apply_duration_seconds",
    "process_open_fds",
    "process_max_fds",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "go_goroutines",
    "etcd_debugging_mvcc_current_revision",
    "etcd_debugging_mvcc_db_total_size_in_bytes",
    "etcd_debugging_server_alarms",
    "etcd_disk_backend_commit_duration_seconds",
    "etcd_disk_wal_fsync_duration_seconds",
    "etcd_mvcc_db_total_size_in_bytes",
    "etcd_mvcc_db_total_size_in_use_in_bytes",
    "etcd_network_peer_round_trip_time_seconds",
    "etcd_server_has_leader",
    "etcd_server_health_failures",
    "etcd_server_id",
    "etcd_server_is_leader",
    "etcd_server_leader_changes_seen_total",
    "etcd_server_quota_backend_bytes",
    "etcd_server_slow_apply_total",
    "etcd_server_version",
    "etcd_storage_db_total_size_in_bytes",
    "etcd_wal_fsync_durations_microseconds",
    "etcd_wal_fsync_durations_seconds",
    "grpc_server_handled_total",
    "process_start_time_seconds",
];

#[test]
fn every_name_that_a_diagnosis_can_use_is_one_metric_and_no_more() {
    for name in READ {
        let of = Metric::ALL.iter().filter(|metric| metric.names().iter().any(|known| known.name == *name)).count();
        assert_eq!(of, 1, "{name}");
    }
    for metric in Metric::ALL {
        assert!(!metric.names().is_empty(), "{metric:?} has no name");
    }
}
