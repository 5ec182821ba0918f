//! The database file: opening, committing, its consistency, defragmentation.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "db-open-failed",
        class: Class::Fault,
        fatal: true,
        means: "The database file could not be opened.",
        wordings: &[
            zap("failed to open database", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]).sample(r#"{"level":"panic","ts":"2026-11-22T20:01:43.308279Z","caller":"backend/backend.go:211","msg":"failed to open database","path":"/var/lib/etcd/member/snap/db","error":"open /var/lib/etcd/member/snap/db: permission denied"}"#),
            zap("Opening bbolt db ({path}) failed: {error}", "3.6", "HEAD"),
            text("cannot open database at {path} ({error})", "3.0", "3.4").sample("2026-11-22 20:01:24.842017 C | mvcc/backend: cannot open database at /var/lib/etcd/member/snap/db (open /var/lib/etcd/member/snap/db: permission denied)"),
        ],
    },
    Message {
        id: "db-locked",
        class: Class::Fault,
        fatal: false,
        means: "The database is held by another process, or takes long to load.",
        wordings: &[
            zap("db file is flocked by another process, or taking too long", "3.4", "HEAD").fields(&[("path", "path"), ("took", "took")]),
            text("another etcd process is using \"{path}\" and holds the file lock, or loading backend file is taking >10 seconds", "3.1", "3.4").sample(r#"Nov 22 15:59:25 db01 etcd[2061]: another etcd process is using "/var/lib/etcd/db01.etcd/member/snap/db" and holds the file lock, or loading backend file is taking >10 seconds"#),
            text("another etcd process is using \"{path}\" and holds the file lock.", "3.2", "3.2"),
            text("another etcd process is running with the same data dir and holding the file lock.", "3.1", "3.1"),
        ],
    },
    Message {
        id: "db-waiting-for-exit",
        class: Class::Symptom,
        fatal: false,
        means: "The process waits for another one to let go of the database.",
        wordings: &[
            text("waiting for it to exit before starting...", "3.1", "3.4").sample("Nov 22 15:59:25 db01 etcd[2061]: waiting for it to exit before starting..."),
        ],
    },
    Message {
        id: "db-commit-failed",
        class: Class::Fault,
        fatal: true,
        means: "A transaction could not be written to the database.",
        wordings: &[
            zap("failed to commit tx", "3.4", "HEAD").fields(&[("error", "error")]),
            text("cannot commit tx ({error})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-begin-failed",
        class: Class::Fault,
        fatal: true,
        means: "A transaction could not be begun.",
        wordings: &[
            zap("failed to begin tx", "3.4", "HEAD").fields(&[("error", "error")]),
            text("cannot begin tx ({error})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-bucket-missing",
        class: Class::Fault,
        fatal: true,
        means: "A part of the database is not there.",
        wordings: &[
            zap("failed to find a bucket", "3.4", "HEAD").fields(&[("bucket", "bucket-name")]),
            text("bucket {bucket} does not exist", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-put-failed",
        class: Class::Fault,
        fatal: true,
        means: "A value could not be put into the database.",
        wordings: &[
            zap("failed to write to a bucket", "3.4", "HEAD").fields(&[("bucket", "bucket-name"), ("error", "error")]),
            text("cannot put key into bucket ({error})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-rename-failed",
        class: Class::Fault,
        fatal: true,
        means: "The defragmented file could not take the place of the old one.",
        wordings: &[
            zap("failed to rename tmp database", "3.4", "HEAD").fields(&[("error", "error")]),
            text("cannot rename database ({error})", "3.0", "3.4"),
            zap("failed to close database", "3.6", "HEAD").fields(&[("error", "error")]),
            zap("failed to close tmp database", "3.6", "HEAD").fields(&[("error", "error")]),
        ],
    },
    Message {
        id: "db-page-freed",
        class: Class::Fault,
        fatal: true,
        means: "The database frees a page twice: it is damaged.",
        wordings: &[
            text("page {page} already freed", "2.1", "HEAD").sample("panic: page 1938 already freed"),
        ],
    },
    Message {
        id: "db-page-damaged",
        class: Class::Fault,
        fatal: true,
        means: "A page of the database is not what it should be: it is damaged.",
        wordings: &[
            text("invalid page type: {page}: {type}", "2.1", "HEAD"),
            text("invalid freelist page: {page}, page type is {type}", "3.1", "HEAD"),
            text("bolt.DB.meta(): invalid meta pages", "3.0", "HEAD"),
            text("freepages: failed to get all reachable pages ({error})", "3.1", "HEAD").sample("panic: freepages: failed to get all reachable pages (page 6319133721461326632: out of bounds: 5)"),
            text("assertion failed: {error}", "2.1", "HEAD").sample("panic: assertion failed: Page expected to be: 4, but self identifies as 11688316958795761138"),
            text("pgid ({page}) above high water mark ({})", "2.1", "HEAD"),
            text("root bucket pgid ({page}) above high water mark ({})", "2.1", "HEAD"),
            text("freelist pgid ({page}) above high water mark ({})", "2.1", "HEAD"),
            text("detected duplicated free ID: {page} in ids: {}", "3.6", "HEAD"),
            text("detected duplicated free page ID: {page} in {}", "3.6", "HEAD"),
            text("detected overlapped free page ID: {page} between {}", "3.6", "HEAD"),
            text("page {page}: reachable freed", "2.1", "HEAD"),
            text("page {page}: multiple references{}", "2.1", "HEAD"),
            text("unexpected bucket header flag: {type}", "2.1", "HEAD"),
            text("misplaced bucket header: {}", "2.1", "HEAD"),
        ],
    },
    Message {
        id: "db-fault",
        class: Class::Fault,
        fatal: true,
        means: "A page of the mapped database could not be read: the file is shorter than it says, or the disk fails.",
        wordings: &[
            text("unexpected fault address {address}", "2.3", "HEAD").sample("Nov 22 15:50:43 db02 etcd[22948]: unexpected fault address 0x7f8cec48c000"),
            text("fatal error: fault", "2.3", "HEAD").sample("Nov 22 15:50:43 db02 etcd[22948]: fatal error: fault"),
            text("[signal SIGBUS: bus error {}]", "2.3", "HEAD").sample("Nov 22 15:50:43 db02 etcd[22948]: [signal SIGBUS: bus error code=0x2 addr=0x7f8cec48c000 pc=0x8fc635]"),
        ],
    },
    Message {
        id: "db-restore-failed",
        class: Class::Fault,
        fatal: true,
        means: "The key space could not be built from the database.",
        wordings: &[
            zap("failed to restore mvcc store", "3.4", "HEAD").fields(&[("error", "error")]),
            text("restore KV error: {error}", "2.3", "3.4"),
        ],
    },
    Message {
        id: "db-revision-missing",
        class: Class::Fault,
        fatal: true,
        means: "The index knows a revision which the database does not hold.",
        wordings: &[
            zap("range failed to find revision pair", "3.4", "HEAD").fields(&[("main", "revision-main"), ("sub", "revision-sub")]),
            text("range cannot find rev ({main},{sub})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-revision-backwards",
        class: Class::Fault,
        fatal: true,
        means: "A key was written with a revision lower than its last.",
        wordings: &[
            zap("'put' with an unexpected smaller revision", "3.4", "HEAD").fields(&[("revision", "given-revision-main"), ("modified", "modified-revision-main")]),
            text("store.keyindex: put with unexpected smaller revision [{revision} / {modified}]", "2.2", "3.4"),
        ],
    },
    Message {
        id: "db-event-unreadable",
        class: Class::Fault,
        fatal: true,
        means: "A stored key or value cannot be decoded.",
        wordings: &[
            // No words but the stack's: a key of the backend is shorter than a revision.
            text("{}/mvcc.bytesToRev({}", "3.0", "3.5"),
            text("{}/mvcc.BytesToRev({}", "3.6", "HEAD"),
            zap("failed to unmarshal mvccpb.KeyValue", "3.4", "HEAD").fields(&[("error", "error")]),
            text("cannot unmarshal event: {error}", "3.0", "3.4"),
        ],
    },
    Message {
        id: "db-index-older",
        class: Class::Fault,
        fatal: true,
        means: "The database is older than the snapshot it should belong to.",
        wordings: &[
            zap("consistent_index({index}) is older than snapshot index ({snapshot})", "3.6", "3.6"),
        ],
    },
    Message {
        id: "db-defrag-started",
        class: Class::Context,
        fatal: false,
        means: "The database is rewritten to its smallest size; requests wait.",
        wordings: &[
            zap("starting defragment", "3.4", "HEAD"),
            zap("defragmenting", "3.4", "HEAD").fields(&[("path", "path")]),
            text("starting to defragment the storage backend...", "2.3", "3.4"),
        ],
    },
    Message {
        id: "db-defrag-finished",
        class: Class::Context,
        fatal: false,
        means: "The database was rewritten.",
        wordings: &[
            zap("finished defragment", "3.4", "HEAD"),
            zap("finished defragmenting directory", "3.5", "HEAD").fields(&[("took", "took")]),
            text("finished defragmenting the storage backend", "2.3", "3.4"),
        ],
    },
    Message {
        id: "db-defrag-failed",
        class: Class::Fault,
        fatal: false,
        means: "The database could not be rewritten.",
        wordings: &[
            zap("failed to defragment", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to defragment the storage backend ({error})", "3.0", "3.4"),
            text("failed to deframent the storage backend ({error})", "2.3", "2.3"),
        ],
    },
    Message {
        id: "db-compaction-finished",
        class: Class::Context,
        fatal: false,
        means: "Old revisions were removed.",
        wordings: &[
            zap("finished scheduled compaction", "3.4", "HEAD").fields(&[("revision", "compact-revision"), ("took", "took")]).sample(r#"Nov 22 16:17:46 db01 etcd[12762]: {"level":"info","ts":"2026-11-22T16:17:46.608645Z","caller":"mvcc/kvstore_compaction.go:72","msg":"finished scheduled compaction","compact-revision":877,"took":"162.361µs","hash":1108564591,"current-db-size-bytes":364544,"current-db-size":"364 kB","current-db-size-in-use-bytes":364544,"current-db-size-in-use":"364 kB"}"#),
            text("finished scheduled compaction at {revision} (took {took})", "3.0", "3.4").sample("Nov 22 15:50:43 infra0 etcd[4776]: finished scheduled compaction at 2841 (took 83.28168ms)"),
        ],
    },
    Message {
        id: "db-compaction-failed",
        class: Class::Symptom,
        fatal: false,
        means: "Removing old revisions failed.",
        wordings: &[
            zap("Failed compaction", "3.5", "HEAD").fields(&[("error", "error")]),
            zap("compaction encountered error", "3.4", "HEAD").fields(&[("error", "error")]),
            text("compaction encountered error, scheduled-compact-revision: {revision}", "3.4", "3.4"),
        ],
    },
    Message {
        id: "db-auto-compaction-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The regular removal of old revisions failed.",
        wordings: &[
            zap("failed auto periodic compaction", "3.4", "HEAD").fields(&[("revision", "revision"), ("error", "error")]),
            zap("failed auto revision compaction", "3.4", "HEAD").fields(&[("revision", "revision"), ("error", "error")]),
            text("Failed auto-compaction at revision {revision} ({error})", "2.3", "3.4"),
        ],
    },
    Message {
        id: "db-opened",
        class: Class::Context,
        fatal: false,
        means: "The database file was opened.",
        wordings: &[
            zap("opened backend db", "3.4", "HEAD").fields(&[("path", "path"), ("took", "took")]).sample(r#"Nov 22 16:16:36 db01 etcd[1184]: {"level":"info","ts":"2026-11-22T16:16:36.356605Z","caller":"etcdserver/backend.go:81","msg":"opened backend db","path":"/var/lib/etcd/data/member/snap/db","took":"1.048834ms"}"#),
        ],
    },
    Message {
        id: "db-swap-failed",
        class: Class::Fault,
        fatal: true,
        means: "The database of a snapshot could not take the place of the old one.",
        wordings: &[
            zap("failed to close old backend", "3.4", "HEAD").fields(&[("error", "error")]),
            text("close backend error: {error}", "2.3", "3.4"),
        ],
    },
    Message {
        id: "db-defrag-panic",
        class: Class::Fault,
        fatal: true,
        means: "The database could not be rewritten: what was read from it makes no sense.",
        wordings: &[
            zap("unexpected panic during defrag", "3.6", "HEAD").fields(&[("error", "panic")]),
        ],
    },
    Message {
        id: "db-meta-invalid",
        class: Class::Fault,
        fatal: false,
        means: "Neither of the two first pages of the database is whole.",
        wordings: &[
            zap("both meta pages are invalid, meta0: {}, meta1: {error}", "3.6", "HEAD"),
        ],
    },
    Message {
        id: "db-mmap-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The database could not be mapped into memory.",
        wordings: &[
            zap("[GOOS: {}, GOARCH: {}] mmap failed, size: {}, error: {error}", "3.6", "HEAD"),
            zap("mmap failed, size: {}, error: {error}", "3.6", "HEAD"),
        ],
    },
    Message {
        id: "db-sync-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The database could not be synced to disk.",
        wordings: &[
            zap("[GOOS: {}, GOARCH: {}] fdatasync failed: {error}", "3.6", "HEAD"),
            zap("fdatasync failed: {error}", "3.6", "HEAD"),
        ],
    },
    Message {
        id: "db-txn-failed-midway",
        class: Class::Fault,
        fatal: true,
        means: "A transaction failed in its middle, after a part of it was written: members would differ.",
        wordings: &[
            zap("unexpected error during txn with writes", "3.5", "HEAD").fields(&[("error", "error")]),
            zap("unexpected error during txn", "3.4", "3.5").fields(&[("error", "error")]),
            text("unexpected error during txn: {error}", "3.1", "3.4"),
        ],
    },
    Message {
        id: "db-file-missing",
        class: Class::Fault,
        fatal: true,
        means: "The database file is not there, though a snapshot says that there was one.",
        wordings: &[
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "of the backend is missing")]).fields(&[("error", "error")]),
            zap("discovery failed", "3.4", "3.5").needs(&[("error", "of the backend is missing")]).fields(&[("error", "error")]),
            text("database file ({path}) of the backend is missing", "3.0", "3.4"),
        ],
    },
    Message {
        id: "wal-locked",
        class: Class::Fault,
        fatal: true,
        means: "Another process holds the WAL.",
        wordings: &[
            text("fileutil: file already locked", "2.1", "3.4"),
            // On Windows (`fileutil/lock_windows.go`).
            zap("failed to open WAL", "3.4", "HEAD").needs(&[("error", "another process has locked a portion of the file")]).fields(&[("error", "error")]),
            text("open wal error: The process cannot access the file because another process has locked a portion of the file.", "3.0", "3.4"),
        ],
    },
];
