//! The write-ahead log: opening, reading, repairing, its missing files.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "wal-file-not-found",
        class: Class::Fault,
        fatal: true,
        means: "No WAL file fits: the directory is empty or wrong, the snapshot's segment is gone, or the sequence has a hole.",
        wordings: &[
            zap("failed to open WAL", "3.6", "HEAD").needs(&[("error", "wal: file not found which matches the snapshot index")]).fields(&[("error", "error")]),
            zap("failed to open WAL", "3.6", "HEAD").needs(&[("error", "wal: file sequence numbers")]).fields(&[("error", "error")]),
            zap("failed to open WAL", "3.4", "HEAD").needs(&[("error", "wal: file not found")]).fields(&[("error", "error")]).sample(r#"2026-11-22T22:25:20+0000 etcd-a etcd[438]: {"level":"fatal","ts":"2026-11-22T22:25:20.928Z","caller":"etcdserver/storage.go:95","msg":"failed to open WAL","error":"wal: file not found"}"#),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "wal: file not found")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "wal: file not found")]).fields(&[("error", "error")]),
            text("open wal error: wal: file not found", "2.1", "3.4").sample("Nov 22 15:46:57 db01 etcd[24776]: open wal error: wal: file not found"),
            text("wal: file not found", "2.0", "2.0"),
            text("wal: file not found which matches the snapshot index {what}", "3.6", "HEAD"),
            text("wal: file sequence numbers {what} do not increase continuously", "3.6", "HEAD"),
        ],
    },
    Message {
        id: "wal-open-failed",
        class: Class::Fault,
        fatal: true,
        means: "The WAL could not be opened; the error says why.",
        wordings: &[
            zap("failed to open WAL", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:02:40.276422Z","caller":"etcdserver/storage.go:96","msg":"failed to open WAL","error":"fileutil: file already locked"}"#),
            text("open wal error: {error}", "2.1", "3.4").sample("2026-11-22 20:02:38.100534 C | etcdserver: open wal error: fileutil: file already locked"),
        ],
    },
    Message {
        id: "wal-unreadable",
        class: Class::Fault,
        fatal: true,
        means: "A WAL record is damaged in a place where a crash cannot have torn it, so nothing repairs it.",
        wordings: &[
            zap("failed to read WAL, cannot be repaired", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("discovery failed", "3.5", "HEAD").needs(&[("error", "max entry size limit exceeded")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "max entry size limit exceeded")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "walpb: crc mismatch")]).fields(&[("error", "error")]),
            text("read wal error ({error}) and cannot be repaired", "2.1", "3.4").sample("etcdserver: read wal error (walpb: crc mismatch) and cannot be repaired"),
            text("walpb: crc mismatch", "2.1", "3.4").sample("2026-11-26 01:29:59.544352 C | etcdmain: walpb: crc mismatch"),
            text("wal: crc mismatch", "2.0", "3.4").sample("Nov 26 01:56:18 etcd-b etcd[923]: wal: crc mismatch"),
            text("wal: max entry size limit exceeded", "3.1", "3.4").sample("2026-11-26 01:30:00.075393 C | etcdmain: wal: max entry size limit exceeded"),
            text("[wal] max entry size limit exceeded when {what}", "3.4", "HEAD"),
            text("wal: slice bounds out of range", "3.4", "3.4"),
            text("wal: conflicting metadata found", "2.0", "3.4"),
            text("wal: snapshot mismatch", "2.0", "3.4"),
            text("wal: snapshot not found", "2.0", "3.4"),
            zap("discovery failed", "3.4", "3.5").needs(&[("error", "walpb: crc mismatch")]).fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-26T01:31:31.811Z","caller":"etcdmain/etcd.go:271","msg":"discovery failed","error":"walpb: crc mismatch"}"#),
            zap("discovery failed", "3.4", "3.5").needs(&[("error", "wal: max entry size limit")]).fields(&[("error", "error")]),
            zap("discovery failed", "3.4", "3.5").needs(&[("error", "unexpected EOF")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "unexpected EOF")]).fields(&[("error", "error")]),
            text("read wal error: {error}", "2.0", "2.0"),
        ],
    },
    Message {
        id: "wal-repair-failed",
        class: Class::Fault,
        fatal: true,
        means: "The torn end of the WAL could not be cut off.",
        wordings: &[
            zap("failed to repair WAL", "3.4", "HEAD").fields(&[("error", "error")]),
            text("WAL error ({error}) cannot be repaired", "2.1", "3.4"),
        ],
    },
    Message {
        id: "wal-repair-file-failed",
        class: Class::Fault,
        fatal: false,
        means: "One WAL file could not be repaired.",
        wordings: &[
            zap("failed to repair", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]),
            text("could not repair error ({error})", "2.1", "3.4"),
        ],
    },
    Message {
        id: "wal-repaired",
        class: Class::Symptom,
        fatal: false,
        means: "The last record was torn, as a crash or a full disk leaves it, and was cut off.",
        wordings: &[
            zap("repaired WAL", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"Nov 22 16:08:10 infra2 etcd[792]: {"level":"info","ts":"2026-11-22T16:08:10.838945Z","caller":"etcdserver/storage.go:110","msg":"repaired WAL","error":"unexpected EOF"}"#),
            text("repaired WAL error ({error})", "2.1", "3.4").sample("2026-11-26 01:30:53.109970 I | etcdserver: repaired WAL error (unexpected EOF)"),
        ],
    },
    Message {
        id: "wal-repairing",
        class: Class::Symptom,
        fatal: false,
        means: "A torn end of the WAL is being cut off.",
        wordings: &[
            zap("repairing", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"Nov 22 16:08:10 infra2 etcd[792]: {"level":"info","ts":"2026-11-22T16:08:10.252720Z","caller":"wal/repair.go:41","msg":"repairing","path":"/var/lib/etcd/infra2.etcd/member/wal/0000000000000000-0000000000000000.wal"}"#),
            text("repairing {path}.wal", "2.1", "3.4").sample("2026-11-26 01:30:53.109449 N | wal: repairing /var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal"),
        ],
    },
    Message {
        id: "wal-repaired-file",
        class: Class::Context,
        fatal: false,
        means: "One WAL file was repaired.",
        wordings: &[
            zap("repaired", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]).sample(r#"Nov 22 16:08:10 infra2 etcd[792]: {"level":"info","ts":"2026-11-22T16:08:10.838809Z","caller":"wal/repair.go:97","msg":"repaired","path":"/var/lib/etcd/infra2.etcd/member/wal/0000000000000000-0000000000000000.wal","error":"unexpected EOF"}"#),
        ],
    },
    Message {
        id: "wal-create-failed",
        class: Class::Fault,
        fatal: true,
        means: "A new member could not make its WAL.",
        wordings: &[
            zap("failed to create WAL", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"{"level":"panic","ts":"2025-06-05T14:25:56.172085-0400","caller":"etcdserver/bootstrap.go:663","msg":"failed to create WAL","error":"unlinkat /var/lib/etcd/wal: device or resource busy","stacktrace":"go.etcd.io/etcd/server/v3/etcdserver.bootstrapNewWAL\n\tgo.etcd.io/etcd/server/v3/etcdserver/bootstrap.go:663\ngo.etcd.io/etcd/server/v3/etcdserver.bootstrapStorage\n\tgo.etcd.io/etcd/server/v3/etcdserver/bootstrap.go:171"#),
            text("create wal error: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "wal-rename-failed",
        class: Class::Fault,
        fatal: false,
        means: "The finished WAL directory could not take its name, often because that is a mount point.",
        wordings: &[
            zap("failed to rename the temporary WAL directory", "3.4", "HEAD").fields(&[("path", "dir-path"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2025-06-05T14:25:56.171892-0400","caller":"wal/wal.go:178","msg":"failed to rename the temporary WAL directory","tmp-dir-path":"/var/lib/etcd/wal.tmp","dir-path":"/var/lib/etcd/wal","error":"unlinkat /var/lib/etcd/wal: device or resource busy"}"#),
        ],
    },
    Message {
        id: "wal-tmpdir-failed",
        class: Class::Fault,
        fatal: true,
        means: "No temporary WAL directory could be made.",
        wordings: &[
            zap("failed to create a temporary WAL directory", "3.4", "HEAD").fields(&[("path", "dir-path"), ("error", "error")]),
        ],
    },
    Message {
        id: "wal-prealloc-failed",
        class: Class::Fault,
        fatal: false,
        means: "The next WAL segment could not be reserved on disk.",
        wordings: &[
            zap("failed to preallocate space when creating a new WAL", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to allocate space when creating new wal file ({error})", "2.2", "3.4"),
        ],
    },
    Message {
        id: "wal-ignored-file",
        class: Class::Context,
        fatal: false,
        means: "A file in the WAL directory has not a segment's name, such as one put aside as broken.",
        wordings: &[
            zap("ignored file in WAL directory", "3.4", "HEAD").fields(&[("name", "path")]).sample(r#"Nov 22 16:08:10 infra2 etcd[792]: {"level":"warn","ts":"2026-11-22T16:08:10.839041Z","caller":"wal/util.go:90","msg":"ignored file in WAL directory","path":"0000000000000000-0000000000000000.wal.broken"}"#),
            text("ignored file {name} in wal", "2.1", "3.4").sample("2026-11-26 01:30:36.171309 W | wal: ignored file x.wal in wal"),
        ],
    },
    Message {
        id: "wal-bad-name",
        class: Class::Fault,
        fatal: true,
        means: "A WAL file's name cannot be read.",
        wordings: &[
            zap("failed to parse WAL name", "3.4", "HEAD").fields(&[("name", "name"), ("error", "error")]),
            text("bad wal name {name} ({error})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "wal-slow-fsync",
        class: Class::Symptom,
        fatal: false,
        means: "One sync of the WAL to disk took longer than a second.",
        wordings: &[
            zap("slow fdatasync", "3.4", "HEAD").fields(&[("took", "took"), ("expected", "expected-duration")]).sample(r#"Jan 17 22:25:05 lab-1 k3s[2189071]: {"level":"warn","ts":"2021-01-17T22:25:05.000+0100","caller":"wal/wal.go:806","msg":"slow fdatasync","took":"7.990413563s","expected-duration":"1s"}"#),
            text("sync duration of {took}, expected less than {expected}", "3.0", "3.4").sample("wal: sync duration of 1.068292819s, expected less than 1s"),
        ],
    },
    Message {
        id: "wal-save-failed",
        class: Class::Fault,
        fatal: true,
        means: "Raft's state could not be written to the WAL.",
        wordings: &[
            zap("failed to save Raft hard state and entries", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to save state and entries error: {error}", "3.4", "3.4"),
            text("failed to raft save state and entries {error}", "3.3", "3.3"),
            text("raft save state and entries error: {error}", "2.1", "3.2"),
            zap("failed to save hard state and entries", "3.6", "HEAD").fields(&[("error", "error")]),
            zap("failed to release Raft wal", "3.4", "HEAD").fields(&[("error", "error")]),
            text("save state and entries error: {error}", "2.0", "2.0"),
        ],
    },
    Message {
        id: "wal-purge-failed",
        class: Class::Fault,
        fatal: true,
        means: "Old WAL files could not be listed or removed, mostly for want of open files.",
        wordings: &[
            zap("failed to purge wal file", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to purge wal file {error}", "2.0", "3.4"),
        ],
    },
    Message {
        id: "snap-purge-failed",
        class: Class::Fault,
        fatal: true,
        means: "Old snapshot files could not be listed or removed, mostly for want of open files.",
        wordings: &[
            zap("failed to purge snap file", "3.4", "3.7").fields(&[("error", "error")]),
            text("failed to purge snap file {error}", "2.1", "3.4"),
            zap("failed to purge snap db file", "3.5", "HEAD").fields(&[("error", "error")]),
            text("failed to purge snap db file {error}", "3.4", "3.4"),
        ],
    },
    Message {
        id: "wal-segment-created",
        class: Class::Context,
        fatal: false,
        means: "The WAL went on in a new file.",
        wordings: &[
            zap("created a new WAL segment", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"Nov 22 16:17:19 kube-m1 etcd[3941]: {"level":"info","ts":"2026-11-22T16:17:19.765898Z","caller":"wal/wal.go:785","msg":"created a new WAL segment","path":"/var/lib/etcd/data/member/wal/0000000000000001-000000000000075d.wal"}"#),
            text("segmented wal file {path} is created", "2.1", "3.4").sample("Apr 19 04:18:08 pgdb-2 etcd[44164]: segmented wal file /etcd_wal/wal/0000000000000046-000000000193f9e6.wal is created"),
        ],
    },
    Message {
        id: "purge-file-failed",
        class: Class::Symptom,
        fatal: false,
        means: "An old file could not be listed or removed.",
        wordings: &[
            zap("failed to read files", "3.4", "3.4").fields(&[("path", "dir"), ("error", "error")]),
            zap("failed to remove file", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]),
            text("failed to read files, dir: {path}, error: {error}", "3.4", "3.4"),
            text("failed to remove file, path: {path}, error: {error}", "3.4", "3.4"),
        ],
    },
];
