//! Lines that look bad and are not, and the context of every healthy start and stop.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "connection-closed-early",
        class: Class::Harmless,
        fatal: false,
        means: "A connection was opened and closed without a word: a port check, or a client that tried several members.",
        wordings: &[
            zap("rejected connection on client endpoint", "3.5", "HEAD").needs(&[("error", "EOF")]).fields(&[("remote", "remote-addr"), ("error", "error")]),
            zap("rejected connection on peer endpoint", "3.5", "HEAD").needs(&[("error", "EOF")]).fields(&[("remote", "remote-addr"), ("error", "error")]),
            zap("rejected connection", "3.4", "3.5").needs(&[("error", "EOF")]).fields(&[("remote", "remote-addr"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2020-10-07T06:01:34.163Z","caller":"embed/config_logging.go:198","msg":"rejected connection","remote-addr":"10.170.54.43:53160","server-name":"","error":"EOF"}"#),
            text("rejected connection from \"{remote}\" (error \"EOF\", ServerName \"{}\")", "3.2", "3.4"),
        ],
    },
    Message {
        id: "client-setting-twice",
        class: Class::Harmless,
        fatal: false,
        means: "etcdctl was told a setting twice, and did not run; it says nothing about etcd.",
        wordings: &[
            zap("conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))", "3.5", "HEAD").needs(&[("environment-variable", "ETCDCTL_")]).fields(&[("variable", "environment-variable")]),
            text("conflicting environment variable \"ETCDCTL_{variable}\" is shadowed by corresponding command-line flag (either unset environment variable or disable flag)", "2.1", "3.4").sample(r#"2026-11-26 01:46:25.713805 C | pkg/flags: conflicting environment variable "ETCDCTL_ENDPOINTS" is shadowed by corresponding command-line flag (either unset environment variable or disable flag)"#),
        ],
    },
    Message {
        id: "health-ok",
        class: Class::Harmless,
        fatal: false,
        means: "The health answer is \"true\".",
        wordings: &[
            text("/health OK (status code {})", "3.2", "3.4").sample("Nov 22 16:00:21 db02 etcd[27422]: /health OK (status code 200)"),
        ],
    },
    Message {
        id: "serving-insecure",
        class: Class::Harmless,
        fatal: false,
        means: "Clients are served without TLS, as told.",
        wordings: &[
            zap("serving client traffic insecurely; this is strongly discouraged!", "3.4", "HEAD").fields(&[("address", "address")]).sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.045214Z","caller":"embed/serve.go:211","msg":"serving client traffic insecurely; this is strongly discouraged!","traffic":"grpc+http","address":"127.0.0.1:2379"}"#),
            zap("serving client traffic insecurely", "3.4", "3.4").fields(&[("address", "address")]),
            text("serving insecure client requests on {address}, this is strongly discouraged!", "3.0", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: serving insecure client requests on 127.0.0.1:2379, this is strongly discouraged!"),
        ],
    },
    Message {
        id: "sdnotify-failed",
        class: Class::Harmless,
        fatal: false,
        means: "systemd was not told of the start because it is not there.",
        wordings: &[
            zap("failed to notify systemd for readiness", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to notify systemd for readiness: {error}", "2.2", "3.4").sample("2016-07-06 21:13:55.338969 E | etcdmain: failed to notify systemd for readiness: No socket"),
        ],
    },
    Message {
        id: "sdnotify-hint",
        class: Class::Harmless,
        fatal: false,
        means: "A hint that follows when systemd was not told of the start.",
        wordings: &[
            text("forgot to set Type=notify in systemd service file?", "2.2", "3.4").sample("2016-07-06 21:13:55.338977 E | etcdmain: forgot to set Type=notify in systemd service file?"),
        ],
    },
    Message {
        id: "default-host-unknown",
        class: Class::Harmless,
        fatal: false,
        means: "No default address was found; it only matters where none was set.",
        wordings: &[
            zap("failed to detect default host", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"Nov 22 16:16:31 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:31.213114Z","caller":"etcdmain/etcd.go:100","msg":"failed to detect default host","error":"could not find default route"}"#),
            text("failed to detect default host ({error})", "3.0", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: failed to detect default host (could not find default route)"),
        ],
    },
    Message {
        id: "default-data-dir",
        class: Class::Harmless,
        fatal: false,
        means: "No data directory was set.",
        wordings: &[
            zap("'data-dir' was empty; using default", "3.4", "HEAD").fields(&[("path", "data-dir")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:21.359Z","caller":"etcdmain/etcd.go:119","msg":"'data-dir' was empty; using default","data-dir":"n1.etcd"}"#),
            text("no data-dir provided, using default data-dir ./{path}", "2.1", "3.4").sample("2021-05-11 14:22:53.536605 W | etcdmain: no data-dir provided, using default data-dir ./default.etcd"),
        ],
    },
    Message {
        id: "deprecated-logger",
        class: Class::Harmless,
        fatal: false,
        means: "3.4 advises another logger at every start.",
        wordings: &[
            text("[WARNING] Deprecated '--logger=capnslog' flag is set; use '--logger=zap' flag instead", "3.4", "3.4").sample("[WARNING] Deprecated '--logger=capnslog' flag is set; use '--logger=zap' flag instead"),
        ],
    },
    Message {
        id: "single-port-advice",
        class: Class::Harmless,
        fatal: false,
        means: "3.5 advises separate ports for HTTP and gRPC at every start.",
        wordings: &[
            zap("Running http and grpc server on single port. This is not recommended for production.", "3.5", "HEAD").sample(r#"Nov 22 16:16:31 db01 etcd[8960]: {"level":"warn","ts":"2026-11-22T16:16:31.213017Z","caller":"embed/config.go:689","msg":"Running http and grpc server on single port. This is not recommended for production."}"#),
        ],
    },
    Message {
        id: "simple-token",
        class: Class::Harmless,
        fatal: false,
        means: "The default kind of token is not signed; said at every start.",
        wordings: &[
            zap("simple token is not cryptographically signed", "3.4", "HEAD").sample(r#"Nov 22 16:16:31 db01 etcd[8960]: {"level":"warn","ts":"2026-11-22T16:16:31.234822Z","caller":"auth/store.go:1243","msg":"simple token is not cryptographically signed"}"#),
            text("simple token is not cryptographically signed", "3.2", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: simple token is not cryptographically signed"),
        ],
    },
    Message {
        id: "cluster-version-set",
        class: Class::Context,
        fatal: false,
        means: "The version of the cluster was agreed on for the first time.",
        wordings: &[
            zap("set initial cluster version", "3.4", "HEAD").fields(&[("version", "cluster-version")]).sample(r#"Nov 22 16:16:32 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:32.069372Z","caller":"membership/cluster.go:605","msg":"set initial cluster version","cluster-id":"7106349b00a3fcfc","local-member-id":"1a9569e9f9a338","cluster-version":"3.5"}"#),
            text("set the initial cluster version to {version}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: set the initial cluster version to 2.3"),
        ],
    },
    Message {
        id: "cluster-version-updated",
        class: Class::Context,
        fatal: false,
        means: "The version of the cluster rose.",
        wordings: &[
            zap("updated cluster version", "3.4", "HEAD").fields(&[("from", "from"), ("version", "to")]),
            text("updated the cluster version from {from} to {version}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "capabilities",
        class: Class::Context,
        fatal: false,
        means: "What the version of the cluster allows.",
        wordings: &[
            zap("enabled capabilities for version", "3.4", "HEAD").fields(&[("version", "cluster-version")]).sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.068241Z","caller":"api/capability.go:75","msg":"enabled capabilities for version","cluster-version":"3.5"}"#),
            text("enabled capabilities for version {version}", "3.0", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: enabled capabilities for version 3.3"),
        ],
    },
    Message {
        id: "version-higher-member",
        class: Class::Context,
        fatal: false,
        means: "A member runs a later version, as in the middle of an upgrade.",
        wordings: &[
            zap("leader found higher-versioned member", "3.4", "HEAD").fields(&[("member", "remote-member-id"), ("version", "remote-member-version")]),
            text("member {member} has a higher version {version}", "2.1", "3.4"),
            text("the local etcd version {version} is not up-to-date", "2.2", "3.4"),
        ],
    },
    Message {
        id: "grpc-reconnect-canceled",
        class: Class::Harmless,
        fatal: false,
        means: "A connection attempt was given up because it was no longer wanted, as at every start and stop.",
        wordings: &[
            text("grpc: addrConn.createTransport failed to connect to {target}. Err: {error}operation was canceled{}", "3.3", "HEAD").sample(r#"Nov 22 16:10:02 db02 etcd[18400]: WARNING: 2026/11/22 16:10:02 [core] grpc: addrConn.createTransport failed to connect to {10.65.46.12:2379 10.65.46.12:2379 <nil> 0 <nil>}. Err: connection error: desc = "transport: Error while dialing dial tcp 10.65.46.12:2379: operation was canceled". Reconnecting..."#),
        ],
    },
    Message {
        id: "grpc-reconnect",
        class: Class::Symptom,
        fatal: false,
        means: "A client, or etcd's own gateway while it starts and stops, could not connect.",
        wordings: &[
            text("grpc: addrConn.createTransport failed to connect to {target}. Err: {error}", "3.3", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[9860]: WARNING: 2026/11/22 16:16:32 [core] grpc: addrConn.createTransport failed to connect to {10.62.158.11:2379 10.62.158.11:2379 <nil> 0 <nil>}. Err: connection error: desc = "transport: Error while dialing dial tcp 10.62.158.11:2379: connect: connection refused". Reconnecting..."#),
            text("grpc: addrConn.createTransport failed to connect to {target}. Err :{error}. Reconnecting...", "3.3", "3.3").sample(r#"WARNING: 2026/11/26 01:30:15 grpc: addrConn.createTransport failed to connect to {127.0.0.1:26139  <nil> 0 <nil>}. Err :connection error: desc = "transport: Error while dialing dial tcp 127.0.0.1:26139: operation was canceled". Reconnecting..."#),
            text("grpc: addrConn.resetTransport failed to create client transport: {error}; Reconnecting to {target}", "3.1", "3.2"),
        ],
    },
    Message {
        id: "grpc-answer-unsent",
        class: Class::Harmless,
        fatal: false,
        means: "A client went away before its answer was written.",
        wordings: &[
            text("grpc: Server.processUnaryRPC failed to write status: {error}", "2.3", "HEAD").sample(r#"Nov 22 16:05:45 etcd-c etcd[7017]: WARNING: 2026/11/22 16:05:45 [core] grpc: Server.processUnaryRPC failed to write status: connection error: desc = "transport is closing""#),
            text("http2Server.HandleStreams failed to read frame: {error}", "2.3", "3.4").sample("Nov 22 16:22:28 db01 etcd[10901]: transport: http2Server.HandleStreams failed to read frame: read tcp 127.0.0.1:2379->127.0.0.1:33400: read: connection reset by peer"),
            text("Failed to write response: {error}", "3.4", "3.4").sample("Nov 22 16:18:27 kube-m2 etcd[22474]: 2026/11/22 16:18:27 ERROR: Failed to write response: write tcp 10.62.39.12:2379->10.62.39.200:42064: write: broken pipe"),
        ],
    },
    Message {
        id: "grpc-server-stopping",
        class: Class::Harmless,
        fatal: false,
        means: "A listener closed as the server stops.",
        wordings: &[
            zap("stopping insecure grpc server due to error", "3.5", "HEAD").needs(&[("error", "use of closed network connection")]).fields(&[("error", "error")]).sample(r#"Nov 22 16:09:25 infra2 etcd[15024]: {"level":"warn","ts":"2026-11-22T16:09:25.534318Z","caller":"embed/serve.go:180","msg":"stopping insecure grpc server due to error","error":"accept tcp 127.0.0.1:2379: use of closed network connection"}"#),
            zap("stopped insecure grpc server due to error", "3.5", "HEAD").needs(&[("error", "use of closed network connection")]).fields(&[("error", "error")]).sample(r#"Nov 22 16:09:25 infra2 etcd[15024]: {"level":"warn","ts":"2026-11-22T16:09:25.534429Z","caller":"embed/serve.go:182","msg":"stopped insecure grpc server due to error","error":"accept tcp 127.0.0.1:2379: use of closed network connection"}"#),
        ],
    },
    Message {
        id: "snapshot-triggered",
        class: Class::Context,
        fatal: false,
        means: "A snapshot is taken after so many entries.",
        wordings: &[
            zap("triggering snapshot", "3.4", "HEAD").fields(&[("applied", "local-member-applied-index")]).sample(r#"Nov 22 16:08:45 kube-m2 etcd[3714]: {"level":"info","ts":"2026-11-22T16:08:45.378520Z","caller":"etcdserver/server.go:1492","msg":"triggering snapshot","local-member-id":"a536b845847d18f0","local-member-applied-index":201,"local-member-snapshot-index":0,"local-member-snapshot-count":200}"#),
            text("start to snapshot (applied: {applied}, lastsnap: {last})", "2.1", "3.4").sample("Nov 22 16:04:45 etcd-a etcd[19792]: start to snapshot (applied: 501, lastsnap: 0)"),
        ],
    },
    Message {
        id: "snapshot-saved",
        class: Class::Context,
        fatal: false,
        means: "A snapshot was taken.",
        wordings: &[
            zap("saved snapshot", "3.4", "3.5").fields(&[("index", "snapshot-index")]).sample(r#"Nov 22 16:08:45 kube-m2 etcd[3714]: {"level":"info","ts":"2026-11-22T16:08:45.381472Z","caller":"etcdserver/server.go:2575","msg":"saved snapshot","snapshot-index":201}"#),
            zap("saved snapshot to disk", "3.6", "HEAD").fields(&[("index", "snapshot-index")]),
            text("saved snapshot at index {index}", "2.1", "3.4").sample("Nov 22 16:04:45 etcd-a etcd[19792]: saved snapshot at index 501"),
        ],
    },
    Message {
        id: "raft-log-compacted",
        class: Class::Context,
        fatal: false,
        means: "Old entries were dropped from memory after a snapshot.",
        wordings: &[
            zap("compacted Raft logs", "3.4", "HEAD").fields(&[("index", "compact-index")]).sample(r#"Nov 22 16:08:45 kube-m2 etcd[3714]: {"level":"info","ts":"2026-11-22T16:08:45.381496Z","caller":"etcdserver/server.go:2605","msg":"compacted Raft logs","compact-index":1}"#),
            text("compacted raft log at {index}", "2.1", "3.4").sample("Nov 22 16:04:45 etcd-a etcd[19792]: compacted raft log at 1"),
        ],
    },
    Message {
        id: "index-compacted",
        class: Class::Context,
        fatal: false,
        means: "Old revisions are about to be removed.",
        wordings: &[
            zap("compact tree index", "3.4", "HEAD").fields(&[("revision", "revision")]).sample(r#"Nov 22 16:17:46 db01 etcd[12762]: {"level":"info","ts":"2026-11-22T16:17:46.607859Z","caller":"mvcc/index.go:214","msg":"compact tree index","revision":877}"#),
            text("store.index: compact {revision}", "2.1", "3.4").sample("Nov 22 15:50:43 infra0 etcd[4776]: store.index: compact 2841"),
        ],
    },
    Message {
        id: "file-purged",
        class: Class::Context,
        fatal: false,
        means: "An old file was removed as it should be.",
        wordings: &[
            zap("purged", "3.4", "HEAD").fields(&[("path", "path")]).sample(r#"Nov 22 16:09:11 kube-m2 etcd[3714]: {"level":"info","ts":"2026-11-22T16:09:11.652604Z","caller":"fileutil/purge.go:96","msg":"purged","path":"/var/lib/etcd/default.etcd/member/snap/0000000000000002-00000000000000c9.snap"}"#),
            text("purged file {path} successfully", "2.1", "3.4").sample("Apr 19 04:18:32 pgdb-2 etcd[44164]: purged file /etcd_wal/wal/0000000000000041-00000000017764cc.wal successfully"),
        ],
    },
    Message {
        id: "file-purge-waits",
        class: Class::Harmless,
        fatal: false,
        means: "An old file was not removed yet because raft still holds it; the next look, half a minute later, may find it free.",
        wordings: &[
            zap("failed to lock file", "3.4", "HEAD").fields(&[("path", "path"), ("error", "error")]),
            text("failed to lock file, path: {path}, error: {error}", "3.4", "3.4"),
        ],
    },
    Message {
        id: "publish-aborted",
        class: Class::Context,
        fatal: false,
        means: "The server stopped before the cluster took note of it.",
        wordings: &[
            text("aborting publish because server is stopped", "2.1", "3.4").sample("Nov 22 15:53:52 db03 etcd[13537]: aborting publish because server is stopped"),
        ],
    },
    Message {
        id: "cluster-version-setting",
        class: Class::Context,
        fatal: false,
        means: "The version of the cluster is about to be agreed on.",
        wordings: &[
            zap("setting up initial cluster version using v3 API", "3.5", "HEAD").fields(&[("version", "cluster-version")]),
            text("setting up the initial cluster version to {version}", "2.1", "3.4").sample("Nov 22 15:48:52 db01 etcd[6016]: setting up the initial cluster version to 3.4"),
        ],
    },
    Message {
        id: "compaction-waits-for-snapshot",
        class: Class::Context,
        fatal: false,
        means: "Old entries are kept while a snapshot is on its way to a peer.",
        wordings: &[
            zap("skip compaction since there is an inflight snapshot", "3.4", "HEAD"),
            text("skip compaction since there is an inflight snapshot", "3.0", "3.4").sample("Nov 22 16:05:26 etcd-b etcd[18226]: skip compaction since there is an inflight snapshot"),
        ],
    },
    Message {
        id: "transfer-skipped",
        class: Class::Context,
        fatal: false,
        means: "A member that does not lead has nothing to hand over when it stops.",
        wordings: &[
            zap("skipped leadership transfer; local server is not leader", "3.4", "HEAD").sample(r#"Nov 22 16:09:25 infra2 etcd[15024]: {"level":"info","ts":"2026-11-22T16:09:25.534240Z","caller":"etcdserver/server.go:1553","msg":"skipped leadership transfer; local server is not leader","local-member-id":"ab225b358c0a856c","current-leader-member-id":"94f472d1387906de"}"#),
            text("skipped leadership transfer for stopping non-leader member", "3.1", "3.4").sample("Nov 22 16:12:02 db03 etcd[7230]: skipped leadership transfer for stopping non-leader member"),
        ],
    },
    Message {
        id: "listening",
        class: Class::Context,
        fatal: false,
        means: "A port was opened; the data is not read yet.",
        wordings: &[
            zap("configuring peer listeners", "3.4", "HEAD").sample(r#"Nov 22 16:16:36 db01 etcd[1184]: {"level":"info","ts":"2026-11-22T16:16:36.355046Z","caller":"embed/etcd.go:140","msg":"configuring peer listeners","listen-peer-urls":["http://10.63.72.11:2380"]}"#),
            zap("configuring client listeners", "3.4", "HEAD").sample(r#"Nov 22 16:16:36 db01 etcd[1184]: {"level":"info","ts":"2026-11-22T16:16:36.355191Z","caller":"embed/etcd.go:148","msg":"configuring client listeners","listen-client-urls":["http://10.63.72.11:2379","http://127.0.0.1:2379"]}"#),
            text("listening for peers on {address}", "2.0", "3.4").sample("2015/09/07 15:57:43 etcd: listening for peers on http://127.0.0.1:7001"),
            text("listening for client requests on {address}", "2.0", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: listening for client requests on 127.0.0.1:2379"),
        ],
    },
    Message {
        id: "go-version",
        class: Class::Context,
        fatal: false,
        means: "What the program was built with.",
        wordings: &[
            text("Go Version: {version}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: Go Version: go1.19.8"),
        ],
    },
    Message {
        id: "cpu-count",
        class: Class::Context,
        fatal: false,
        means: "How many processors the program sees and uses.",
        wordings: &[
            text("setting maximum number of CPUs to {used}, total number of available CPUs is {available}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: setting maximum number of CPUs to 2, total number of available CPUs is 2"),
        ],
    },
];
