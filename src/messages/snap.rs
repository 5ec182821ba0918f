//! Snapshot files, and the snapshots members send one another.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "snap-db-missing",
        class: Class::Fault,
        fatal: true,
        means: "A snapshot names a database file which is not there.",
        wordings: &[
            zap("failed to recover v3 backend from snapshot", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"Nov 22 16:09:03 kube-m1 etcd[27819]: {"level":"panic","ts":"2026-11-22T16:09:03.082277Z","caller":"etcdserver/server.go:520","msg":"failed to recover v3 backend from snapshot","error":"failed to find database snapshot file (snap: snapshot file doesn't exist)","stacktrace":"go.etcd.io/etcd/server/etcdserver.NewServer\n\tgo.etcd.io/etcd/server/etcdserver/server.go:520\ngo.etcd.io/etcd/server/embed.StartEtcd\n\tgo.etcd.io/etcd/server/embed/etcd.go:260\ngo.etcd.io/etcd/server/etcdmain.startEtcd\n\tgo.etcd.io/etcd/server/etcdmain/etcd.go:228\ngo.etcd.io/etcd/server/etcdmain.startEtcdOrProxyV2\n\tgo.etcd.io/etcd/server/etcdmain/etcd.go:123\ngo.etcd.io/etcd/server/etcdmain.Main\n\tgo.etcd.io/etcd/server/etcdmain/main.go:40\nmain.main\n\tgo.etcd.io/etcd/server/main.go:31\nruntime.main\n\truntime/proc.go:290"}"#),
            text("recovering backend from snapshot error: {error}", "3.1", "3.4").sample("2026-11-26 01:30:01.660207 C | etcdserver: recovering backend from snapshot error: database snapshot file path error: snap: snapshot file doesn't exist"),
            zap("discovery failed", "3.4", "3.5").needs(&[("error", "failed to find database snapshot file")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "failed to find database snapshot file")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "does not match with snapshot")]).fields(&[("error", "error")]),
            zap("failed to open snapshot backend", "3.4", "HEAD").fields(&[("error", "error")]),
            text("snap: snapshot file doesn't exist", "3.2", "3.4"),
            text("failed to find database snapshot file ({error})", "3.2", "3.4"),
            text("database snapshot file path error: {error}", "3.0", "3.1"),
            text("database file ({path} index {}) does not match with snapshot (index {}){}", "3.0", "3.4"),
        ],
    },
    Message {
        id: "snap-db-not-found",
        class: Class::Fault,
        fatal: false,
        means: "The database that belongs to a snapshot was looked for and not found.",
        wordings: &[
            zap("failed to find [SNAPSHOT-INDEX].snap.db", "3.4", "HEAD").fields(&[("index", "snapshot-index"), ("path", "snapshot-file-path"), ("error", "error")]).sample(r#"Nov 22 16:09:03 kube-m1 etcd[27819]: {"level":"warn","ts":"2026-11-22T16:09:03.081246Z","caller":"snap/db.go:88","msg":"failed to find [SNAPSHOT-INDEX].snap.db","snapshot-index":1005,"snapshot-file-path":"/var/lib/etcd/default.etcd/member/snap/00000000000003ed.snap.db","error":"snap: snapshot file doesn't exist"}"#),
        ],
    },
    Message {
        id: "snap-recover-failed",
        class: Class::Fault,
        fatal: true,
        means: "The store could not be read from the snapshot.",
        wordings: &[
            zap("failed to recover from snapshot", "3.4", "3.6").fields(&[("error", "error")]),
            text("recovered store from snapshot error: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "snap-empty",
        class: Class::Fault,
        fatal: false,
        means: "A snapshot file has no content, as a power loss leaves it.",
        wordings: &[
            zap("failed to read empty snapshot file", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:36.702Z","caller":"snap/snapshotter.go:182","msg":"failed to read empty snapshot file","path":"/var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap"}"#),
            text("unexpected empty snapshot", "2.0", "3.4").sample("2015/09/07 15:57:43 snap: unexpected empty snapshot"),
        ],
    },
    Message {
        id: "snap-none-usable",
        class: Class::Fault,
        fatal: true,
        means: "No snapshot could be used and the process ended.",
        wordings: &[
            text("snap: empty snapshot", "2.0", "2.0").sample("2015/09/07 15:57:43 etcd: snap: empty snapshot"),
            text("snap: crc mismatch", "2.0", "2.0"),
            text("snap: no available snapshot", "2.0", "2.0"),
        ],
    },
    Message {
        id: "snap-corrupt",
        class: Class::Fault,
        fatal: false,
        means: "A snapshot file does not fit its checksum.",
        wordings: &[
            zap("snap file is corrupt", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:43.799Z","caller":"snap/snapshotter.go:211","msg":"snap file is corrupt","path":"/var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap","prev-crc":550654619,"new-crc":2089354770}"#),
            zap("failed to unmarshal snappb.Snapshot", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]),
            text("corrupted snapshot file {path}: crc mismatch", "2.1", "3.4").sample("2026-11-26 01:30:10.785025 E | snap: corrupted snapshot file /var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap: crc mismatch"),
            text("corrupted snapshot file {path}: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "snap-read-failed",
        class: Class::Fault,
        fatal: false,
        means: "A snapshot file could not be read.",
        wordings: &[
            zap("failed to read a snap file", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:36.702Z","caller":"snap/snapshotter.go:151","msg":"failed to read a snap file","path":"/var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap","error":"snap: empty snapshot"}"#),
            text("cannot read file {path}.snap: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "snap-renamed-broken",
        class: Class::Symptom,
        fatal: false,
        means: "A snapshot that could not be used was put aside.",
        wordings: &[
            zap("renamed to a broken snap file", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:36.702Z","caller":"snap/snapshotter.go:161","msg":"renamed to a broken snap file","path":"/var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap","broken-path":"/var/lib/etcd/member/snap/0000000000000002-000000000000000c.snap.broken"}"#),
        ],
    },
    Message {
        id: "snap-skipped-broken",
        class: Class::Context,
        fatal: false,
        means: "A file among the snapshots is not one, such as one put aside as broken.",
        wordings: &[
            zap("found unexpected non-snap file; skipping", "3.4", "HEAD").fields(&[("name", "path")]),
            text("skipped unexpected non snapshot file {name}", "2.1", "3.4").sample("skipped unexpected non snapshot file 0000000000000010-00000000057bf29f.snap.broken"),
        ],
    },
    Message {
        id: "snap-save-failed",
        class: Class::Fault,
        fatal: true,
        means: "A snapshot could not be written.",
        wordings: &[
            zap("failed to save snapshot", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("failed to save Raft snapshot", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("failed to sync Raft snapshot", "3.4", "HEAD").fields(&[("error", "error")]),
            text("save snapshot error: {error}", "2.1", "3.4"),
            text("raft save snapshot error: {error}", "2.1", "3.4"),
            text("failed to save Raft snapshot {error}", "3.3", "3.4"),
            text("failed to sync Raft snapshot {error}", "3.3", "3.4"),
        ],
    },
    Message {
        id: "snap-write-failed",
        class: Class::Fault,
        fatal: false,
        means: "A snapshot file could not be written.",
        wordings: &[
            zap("failed to write a snap file", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]),
        ],
    },
    Message {
        id: "snap-receive-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A snapshot from the leader could not be kept.",
        wordings: &[
            zap("failed to save incoming database snapshot", "3.4", "HEAD").fields(&[("peer", "remote-snapshot-sender-id"), ("error", "error")]),
        ],
    },
    Message {
        id: "snap-receiving",
        class: Class::Symptom,
        fatal: false,
        means: "The member lags so far behind that the leader sends it the whole database.",
        wordings: &[
            zap("receiving database snapshot", "3.4", "HEAD").fields(&[("index", "incoming-snapshot-index"), ("peer", "remote-snapshot-sender-id")]),
            text("receiving database snapshot [index: {index}, from: {peer}, raft message size: {}]", "3.3", "3.4").sample("Nov 22 16:05:26 etcd-c etcd[7017]: receiving database snapshot [index: 14381, from: b7aa31d467d74d26, raft message size: 9.1 kB]"),
            text("receiving database snapshot [index:{index}, from {peer}] ...", "2.3", "3.2"),
        ],
    },
    Message {
        id: "snap-received",
        class: Class::Context,
        fatal: false,
        means: "The whole database arrived.",
        wordings: &[
            zap("received and saved database snapshot", "3.4", "HEAD").fields(&[("index", "incoming-snapshot-index"), ("peer", "remote-snapshot-sender-id"), ("took", "download-took")]),
            text("successfully received and saved database snapshot [index: {index}, from: {peer}, raft message size: {}, db size: {size}, took: {took}]", "3.3", "3.4").sample("Nov 22 16:05:31 etcd-c etcd[7017]: successfully received and saved database snapshot [index: 14381, from: b7aa31d467d74d26, raft message size: 9.1 kB, db size: 142 MB, took: 4.953349666s]"),
            text("received and saved database snapshot [index: {index}, from: {peer}] successfully", "2.3", "3.2"),
        ],
    },
    Message {
        id: "snap-sending",
        class: Class::Symptom,
        fatal: false,
        means: "A peer lags so far behind that it is sent the whole database.",
        wordings: &[
            zap("sending database snapshot", "3.4", "HEAD").fields(&[("index", "snapshot-index"), ("peer", "remote-peer-id"), ("size", "size")]),
            text("start to send database snapshot [index: {index}, to {peer}, size {size}]...", "3.3", "3.4").sample("Nov 22 16:05:26 etcd-b etcd[18226]: start to send database snapshot [index: 14381, to 4468fd5487f12cc9, size 142 MB]..."),
            text("start to send database snapshot [index: {index}, to {peer}]...", "2.3", "3.2"),
        ],
    },
    Message {
        id: "snap-sent",
        class: Class::Context,
        fatal: false,
        means: "The whole database was sent.",
        wordings: &[
            zap("sent database snapshot", "3.4", "HEAD").fields(&[("index", "snapshot-index"), ("peer", "remote-peer-id"), ("size", "size")]),
            text("database snapshot [index: {index}, to: {peer}] sent out successfully", "2.3", "3.4").sample("Nov 22 16:05:31 etcd-b etcd[18226]: database snapshot [index: 14381, to: 4468fd5487f12cc9] sent out successfully"),
        ],
    },
    Message {
        id: "snap-send-failed",
        class: Class::Symptom,
        fatal: false,
        means: "Sending the whole database to a peer broke off.",
        wordings: &[
            zap("failed to send database snapshot", "3.4", "HEAD").fields(&[("index", "snapshot-index"), ("peer", "remote-peer-id"), ("error", "error")]),
            text("database snapshot [index: {index}, to: {peer}] failed to be sent out ({error})", "2.3", "3.4"),
        ],
    },
    Message {
        id: "snap-applied",
        class: Class::Context,
        fatal: false,
        means: "A snapshot from the leader was put in the place of the own data.",
        wordings: &[
            zap("applied snapshot", "3.4", "HEAD").fields(&[("index", "incoming-leader-snapshot-index")]),
            text("finished applying incoming snapshot at index {index}", "3.0", "3.4"),
        ],
    },
    Message {
        id: "snap-raft-progress-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A peer did not take a snapshot, so the leader begins again.",
        wordings: &[
            zap("{member} snapshot failed, resumed sending replication messages to {peer} [{}]", "3.4", "HEAD"),
            text("{member} snapshot failed, resumed sending replication messages to {peer} [{}]", "2.1", "3.4").sample("2015-08-07 09:31:12.347788 I | raft: 3275f98b4d7b300a snapshot failed, resumed sending replication messages to 3b6d0d7335307256 [next = 1, match = 0, state = ProgressStateProbe, waiting = false, pendingSnapshot = 0]"),
        ],
    },
    Message {
        id: "snap-missing-initial",
        class: Class::Context,
        fatal: false,
        means: "No snapshot was found, so the whole WAL is replayed.",
        wordings: &[
            zap("No snapshot found. Recovering WAL from scratch!", "3.5", "HEAD").sample(r#"Nov 22 16:08:10 infra2 etcd[792]: {"level":"info","ts":"2026-11-22T16:08:10.144622Z","caller":"etcdserver/server.go:534","msg":"No snapshot found. Recovering WAL from scratch!"}"#),
        ],
    },
    Message {
        id: "consistent-index-never-saved",
        class: Class::Symptom,
        fatal: false,
        means: "The database does not know how far it got, though there is a snapshot.",
        wordings: &[
            zap("consistent index was never saved", "3.4", "HEAD").fields(&[("index", "snapshot-index")]),
            text("consistent index never saved (snapshot index={index})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "snap-transfer-slow",
        class: Class::Symptom,
        fatal: false,
        means: "Sending the whole database takes very long.",
        wordings: &[
            zap("snapshotting taking too long to transfer", "3.4", "HEAD").fields(&[("size", "size")]),
            text("snapshotting is taking more than {} seconds to finish transferring {size} MB [started at {}]", "3.2", "3.4"),
        ],
    },
    Message {
        id: "snap-send-stopped",
        class: Class::Context,
        fatal: false,
        means: "The server stopped while it sent a snapshot.",
        wordings: &[
            zap("canceled sending merged snapshot; server stopping", "3.4", "HEAD"),
        ],
    },
];
