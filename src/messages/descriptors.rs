//! Files that the process may open: the limit at the start, and what happens close to it and beyond it.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "start-fd-limit",
        class: Class::Fault,
        fatal: true,
        means: "The process may open too few files to start.",
        wordings: &[
            zap("file descriptor limit of etcd process is too low; please set higher", "3.4", "HEAD").fields(&[("limit", "limit"), ("least", "recommended-limit")]).sample(r#"Nov 22 16:19:35 kube-m3 etcd[15112]: {"level":"fatal","ts":"2026-11-22T16:19:35.664901Z","caller":"embed/etcd.go:715","msg":"file descriptor limit of etcd process is too low; please set higher","limit":70,"recommended-limit":150,"stacktrace":"go.etcd.io/etcd/server/embed.configureClientListeners\n\tgo.etcd.io/etcd/server/embed/etcd.go:715\ngo.etcd.io/etcd/server/embed.StartEtcd\n\tgo.etcd.io/etcd/server/embed/etcd.go:152\ngo.etcd.io/etcd/server/etcdmain.startEtcd\n\tgo.etcd.io/etcd/server/etcdmain/etcd.go:228\ngo.etcd.io/etcd/server/etcdmain.startEtcdOrProxyV2\n\tgo.etcd.io/etcd/server/etcdmain/etcd.go:123\ngo.etcd.io/etcd/server/etcdmain.Main\n\tgo.etcd.io/etcd/server/etcdmain/main.go:40\nmain.main\n\tgo.etcd.io/etcd/server/main.go:31\nruntime.main\n\truntime/proc.go:290"}"#),
            text("file descriptor limit[{limit}] of etcd process is too low, and should be set higher than {least} to ensure internal usage", "2.2", "3.4"),
        ],
    },
    Message {
        id: "fd-80-percent",
        class: Class::Fault,
        fatal: false,
        means: "The process is close to its limit of open files.",
        wordings: &[
            zap("80% of file descriptors are used", "3.4", "HEAD").fields(&[("used", "used"), ("limit", "limit")]).sample(r#"{"level":"warn","ts":"2026-11-26T02:13:53.637457Z","caller":"etcdserver/metrics.go:235","msg":"80% of file descriptors are used","used":164,"limit":200}"#),
            zap("80%% of file descriptors are used", "3.4", "3.4").fields(&[("used", "used"), ("limit", "limit")]),
            text("80% of the file descriptor limit is used [used = {used}, limit = {limit}]", "2.1", "3.4").sample("2026-11-26 02:13:44.544575 W | etcdserver: 80% of the file descriptor limit is used [used = 166, limit = 200]"),
        ],
    },
    Message {
        id: "fd-accept-failed",
        class: Class::Fault,
        fatal: false,
        means: "A client could not be taken because the process has too many open files.",
        wordings: &[
            text("http: Accept error: accept tcp {address}: accept4: too many open files; retrying in {}", "2.1", "HEAD"),
        ],
    },
    Message {
        id: "fd-exhausted",
        class: Class::Fault,
        fatal: false,
        means: "The process has no file left to open.",
        wordings: &[
            zap("failed to read files", "3.4", "3.4").needs(&[("error", "too many open files")]).fields(&[("what", "dir"), ("error", "error")]),
            text("error posting to {peer}: {what}too many open files", "2.0", "2.1").sample("2015/05/27 20:49:32 sender: error posting to 37f9e2b01a9dc417: dial tcp: lookup db-m1 on 10.76.115.80:53: dial udp 10.76.115.80:53: too many open files"),
            text("failed to read files, dir: {dir}, error: {what}too many open files", "3.4", "3.4").sample("Nov 22 16:09:23 kube-m3 etcd[17262]: failed to read files, dir: /var/lib/etcd/kube-m3.etcd/member/wal, error: open /var/lib/etcd/kube-m3.etcd/member/wal: too many open files"),
        ],
    },
    Message {
        id: "fd-exhausted-fatal",
        class: Class::Fault,
        fatal: true,
        means: "The process has no file left to open and ends at the next clean-up of old files.",
        wordings: &[
            zap("failed to purge wal file", "3.4", "HEAD").needs(&[("error", "too many open files")]).fields(&[("error", "error")]),
            zap("failed to purge snap file", "3.4", "3.7").needs(&[("error", "too many open files")]).fields(&[("error", "error")]),
            text("failed to purge wal file {what}too many open files", "2.0", "3.4").sample("2015/05/27 20:49:32 etcdserver: failed to purge wal file open /etcd-data/member/wal: too many open files"),
            text("failed to purge snap file {what}too many open files", "2.1", "3.4"),
            zap("failed to purge snap db file", "3.5", "HEAD").needs(&[("error", "too many open files")]).fields(&[("error", "error")]),
            text("failed to purge snap db file {what}too many open files", "3.4", "3.4"),
        ],
    },
    Message {
        id: "fd-usage-unknown",
        class: Class::Symptom,
        fatal: false,
        means: "How many files are open could not be counted.",
        wordings: &[
            zap("failed to get file descriptor usage", "3.4", "HEAD").fields(&[("error", "error")]),
            text("cannot monitor file descriptor usage ({error})", "2.1", "3.4"),
        ],
    },
];
