//! The life of a process: start, identity, serving, stop, and what stops a start.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "start-version",
        class: Class::Start,
        fatal: false,
        means: "The program began and named its version.",
        wordings: &[
            text("etcd Version: {version}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8"),
        ],
    },
    Message {
        id: "start-args",
        class: Class::Start,
        fatal: false,
        means: "The program began and named its arguments.",
        wordings: &[
            zap("Running:", "3.5", "HEAD").fields(&[("args", "args")]).sample(r#"Nov 22 16:09:10 infra2 etcd[15024]: {"level":"info","ts":"2026-11-22T16:09:10.856537Z","caller":"etcdmain/etcd.go:73","msg":"Running: ","args":["/usr/bin/etcd","--name=infra2","--data-dir=/var/lib/etcd/data","--listen-peer-urls=http://10.62.23.13:2380","--initial-advertise-peer-urls=http://10.62.23.13:2380","--listen-client-urls=http://10.62.23.13:2379,http://127.0.0.1:2379","--advertise-client-urls=http://10.62.23.13:2379","--initial-cluster=infra0=http://10.62.23.11:2380,infra1=http://10.62.23.12:2380,infra2=http://10.62.23.13:2380","--initial-cluster-token=etcd-cluster","--initial-cluster-state=new"]}"#),
        ],
    },
    Message {
        id: "start-server",
        class: Class::Start,
        fatal: false,
        means: "The settings were read and the server begins.",
        wordings: &[
            zap("starting an etcd server", "3.4", "HEAD").fields(&[("version", "etcd-version"), ("name", "name"), ("data-dir", "data-dir"), ("initial-cluster", "initial-cluster"), ("heartbeat", "heartbeat-interval"), ("election", "election-timeout")]).sample(r#"2026-11-22T22:17:33+0000 etcd-a etcd[53]: {"level":"info","ts":"2026-11-22T22:17:33.929Z","caller":"embed/etcd.go:307","msg":"starting an etcd server","etcd-version":"3.5.1","git-sha":"e8732fb5f","go-version":"go1.16.3","go-os":"linux","go-arch":"amd64","max-cpu-set":2,"max-cpu-available":2,"member-initialized":false,"name":"etcd-a","data-dir":"/var/lib/etcd","wal-dir":"","wal-dir-dedicated":"","member-dir":"/var/lib/etcd/member","force-new-cluster":false,"heartbeat-interval":"100ms","election-timeout":"1s","initial-election-tick-advance":true,"snapshot-count":100000,"snapshot-catchup-entries":5000,"initial-advertise-peer-urls":["http://10.100.52.11:2380"],"listen-peer-urls":["http://10.100.52.11:2380"],"advertise-client-urls":["http://10.100.52.11:2379"],"listen-client-urls":["http://10.100.52.11:2379","http://127.0.0.1:2379"],"listen-metrics-urls":[],"cors":["*"],"host-whitelist":["*"],"initial-cluster":"etcd-a=http://10.100.52.11:2380,etcd-b=http://10.100.52.12:2380,etcd-c=http://10.100.52.13:2380","initial-cluster-state":"new","initial-cluster-token":"etcd-lab","quota-size-bytes":2147483648,"pre-vote":true,"initial-corrupt-check":false,"corrupt-check-time-interval":"0s","auto-compaction-mode":"periodic","auto-compaction-retention":"0s","auto-compaction-interval":"0s","discovery-url":"","discovery-proxy":"","downgrade-check-interval":"5s"}"#),
        ],
    },
    Message {
        id: "start-initialized",
        class: Class::Context,
        fatal: false,
        means: "The data directory holds a member already.",
        wordings: &[
            zap("server has already been initialized", "3.6", "HEAD").fields(&[("data-dir", "data-dir"), ("which", "dir-type")]),
            zap("server has been already initialized", "3.4", "3.5").fields(&[("data-dir", "data-dir"), ("which", "dir-type")]).sample(r#"Nov 22 16:09:31 infra2 etcd[15039]: {"level":"info","ts":"2026-11-22T16:09:31.524706Z","caller":"etcdmain/etcd.go:116","msg":"server has been already initialized","data-dir":"/var/lib/etcd/data","dir-type":"member"}"#),
            text("the server is already initialized as {which} before, starting as etcd {}...", "2.1", "3.4").sample("Nov 22 16:12:02 db03 etcd[7238]: the server is already initialized as member before, starting as etcd member..."),
        ],
    },
    Message {
        id: "identity-name",
        class: Class::Context,
        fatal: false,
        means: "The member's name.",
        wordings: &[
            text("name = {name}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: name = db03"),
        ],
    },
    Message {
        id: "identity-data-dir",
        class: Class::Context,
        fatal: false,
        means: "The data directory.",
        wordings: &[
            text("data dir = {path}", "2.1", "3.4").sample("Nov 22 15:48:52 db01 etcd[6016]: data dir = /var/lib/etcd/data"),
        ],
    },
    Message {
        id: "identity-heartbeat",
        class: Class::Context,
        fatal: false,
        means: "The heartbeat interval.",
        wordings: &[
            text("heartbeat = {interval}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: heartbeat = 100ms"),
        ],
    },
    Message {
        id: "identity-election",
        class: Class::Context,
        fatal: false,
        means: "The election timeout.",
        wordings: &[
            text("election = {timeout}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: election = 1000ms"),
        ],
    },
    Message {
        id: "identity-snapshot-count",
        class: Class::Context,
        fatal: false,
        means: "How many entries make a snapshot.",
        wordings: &[
            text("snapshot count = {count}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: snapshot count = 10000"),
        ],
    },
    Message {
        id: "identity-initial-cluster",
        class: Class::Context,
        fatal: false,
        means: "The members the first start was told of.",
        wordings: &[
            text("initial cluster = {initial-cluster}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: initial cluster = db01=http://10.61.94.11:2380,db02=http://10.61.94.12:2380,db03=http://10.61.94.13:2380"),
        ],
    },
    Message {
        id: "identity-advertise-peer-urls",
        class: Class::Context,
        fatal: false,
        means: "Where peers are told to reach this member.",
        wordings: &[
            text("initial advertise peer URLs = {urls}", "2.1", "3.4").sample("Nov 22 15:59:15 db01 etcd[2061]: initial advertise peer URLs = http://10.63.7.11:2380"),
        ],
    },
    Message {
        id: "identity-advertise-client-urls",
        class: Class::Context,
        fatal: false,
        means: "Where clients are told to reach this member.",
        wordings: &[
            text("advertise client URLs = {urls}", "2.1", "3.4").sample("Nov 22 15:59:04 db01 etcd[2035]: advertise client URLs = http://10.63.7.11:2379"),
        ],
    },
    Message {
        id: "member-starting-new",
        class: Class::Context,
        fatal: false,
        means: "The member starts with an empty log: new, or without its data.",
        wordings: &[
            zap("starting local member", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("cluster", "cluster-id")]).sample(r#"Nov 22 16:16:31 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:31.319087Z","caller":"etcdserver/raft.go:507","msg":"starting local member","local-member-id":"1a9569e9f9a338","cluster-id":"7106349b00a3fcfc"}"#),
            text("starting member {member} in cluster {cluster}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: starting member 8f225d325773c893 in cluster 802da937aed9de08"),
        ],
    },
    Message {
        id: "member-restarting",
        class: Class::Context,
        fatal: false,
        means: "The member starts again with its data.",
        wordings: &[
            zap("restarting local member", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("cluster", "cluster-id"), ("commit", "commit-index")]).sample(r#"Nov 22 16:09:31 infra2 etcd[15039]: {"level":"info","ts":"2026-11-22T16:09:31.549713Z","caller":"etcdserver/raft.go:542","msg":"restarting local member","cluster-id":"3da915d7fb6053f4","local-member-id":"ab225b358c0a856c","commit-index":0}"#),
            text("restarting member {member} in cluster {cluster} at commit index {commit}", "2.1", "3.4").sample("Nov 22 16:12:02 db03 etcd[7238]: restarting member 970810c4ae439a14 in cluster 749734739d50b34a at commit index 160"),
        ],
    },
    Message {
        id: "member-forced-restart",
        class: Class::Context,
        fatal: false,
        means: "The member was made a cluster of one by --force-new-cluster.",
        wordings: &[
            zap("forcing restart member", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("cluster", "cluster-id"), ("commit", "commit-index")]).sample(r#"{"level":"info","ts":"2026-11-26T01:32:20.267Z","caller":"etcdserver/raft.go:682","msg":"forcing restart member","cluster-id":"50006427b7308f","local-member-id":"d81016b67488c7c9","commit-index":16}"#),
            text("forcing restart of member {member} in cluster {cluster} at commit index {commit}", "2.1", "3.4").sample("2026-11-26 01:30:45.386088 I | etcdserver: forcing restart of member df1015ed40a07f47 in cluster e770ec9e8433f57d at commit index 16"),
        ],
    },
    Message {
        id: "serving-server-started",
        class: Class::Serving,
        fatal: false,
        means: "The data was read and the member joins its peers.",
        wordings: &[
            zap("starting etcd server", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("version", "local-server-version"), ("cluster", "cluster-id"), ("cluster-version", "cluster-version")]).sample(r#"Nov 22 16:16:31 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:31.353659Z","caller":"etcdserver/server.go:875","msg":"starting etcd server","local-member-id":"1a9569e9f9a338","local-server-version":"3.5.30","cluster-version":"to_be_decided"}"#),
            text("starting server... [version: {version}, cluster version: {cluster-version}]", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: starting server... [version: 2.3.8, cluster version: to_be_decided]"),
        ],
    },
    Message {
        id: "serving-summary",
        class: Class::Serving,
        fatal: false,
        means: "The listeners are open.",
        wordings: &[
            zap("now serving peer/client/metrics", "3.4", "HEAD").fields(&[("member", "local-member-id")]).sample(r#"Nov 22 16:16:36 db01 etcd[1184]: {"level":"info","ts":"2026-11-22T16:16:36.384307Z","caller":"embed/etcd.go:292","msg":"now serving peer/client/metrics","local-member-id":"5c28db95c001fb34","initial-advertise-peer-urls":["http://10.63.72.11:2380"],"listen-peer-urls":["http://10.63.72.11:2380"],"advertise-client-urls":["http://10.63.72.11:2379"],"listen-client-urls":["http://10.63.72.11:2379","http://127.0.0.1:2379"],"listen-metrics-urls":[]}"#),
        ],
    },
    Message {
        id: "serving-ready",
        class: Class::Serving,
        fatal: false,
        means: "The member takes requests.",
        wordings: &[
            zap("ready to serve client requests", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.043720Z","caller":"embed/serve.go:125","msg":"ready to serve client requests"}"#),
            text("ready to serve client requests", "3.0", "3.4").sample("Nov 22 15:59:21 db01 etcd[3531]: ready to serve client requests"),
        ],
    },
    Message {
        id: "serving-published",
        class: Class::Serving,
        fatal: false,
        means: "The cluster took note of the member: it has a quorum.",
        wordings: &[
            zap("published local member to cluster through raft", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("cluster", "cluster-id")]).sample(r#"Nov 22 16:16:32 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:32.041985Z","caller":"etcdserver/server.go:2174","msg":"published local member to cluster through raft","local-member-id":"1a9569e9f9a338","local-member-attributes":"{Name:db02 ClientURLs:[http://10.64.136.12:2379]}","request-path":"/0/members/1a9569e9f9a338/attributes","cluster-id":"7106349b00a3fcfc","publish-timeout":"7s"}"#),
            text("published {attributes} to cluster {cluster}", "2.1", "3.4").sample("Nov 22 15:59:05 db01 etcd[2035]: published {Name:db01 ClientURLs:[http://10.63.7.11:2379]} to cluster efbdb4489ce802e6"),
        ],
    },
    Message {
        id: "stop-signal",
        class: Class::Stop,
        fatal: false,
        means: "The process was told to end.",
        wordings: &[
            zap("received signal; shutting down", "3.4", "HEAD").fields(&[("signal", "signal")]).sample(r#"Nov 22 16:09:25 infra2 etcd[15024]: {"level":"info","ts":"2026-11-22T16:09:25.512367Z","caller":"osutil/interrupt_unix.go:64","msg":"received signal; shutting down","signal":"terminated"}"#),
            text("received {signal} signal, shutting down...", "2.1", "3.4").sample("Nov 22 16:12:02 db03 etcd[7230]: received terminated signal, shutting down..."),
        ],
    },
    Message {
        id: "stop-closing",
        class: Class::Stop,
        fatal: false,
        means: "The server closes, by order or after a failed start.",
        wordings: &[
            zap("closing etcd server", "3.4", "HEAD").fields(&[("name", "name")]).sample(r#"Nov 22 16:09:25 infra2 etcd[15024]: {"level":"info","ts":"2026-11-22T16:09:25.512415Z","caller":"embed/etcd.go:408","msg":"closing etcd server","name":"infra2","data-dir":"/var/lib/etcd/data","advertise-peer-urls":["http://10.62.23.13:2380"],"advertise-client-urls":["http://10.62.23.13:2379"]}"#),
        ],
    },
    Message {
        id: "stop-closed",
        class: Class::Stop,
        fatal: false,
        means: "The server closed.",
        wordings: &[
            zap("closed etcd server", "3.4", "HEAD").fields(&[("name", "name")]).sample(r#"Nov 22 16:09:26 infra2 etcd[15024]: {"level":"info","ts":"2026-11-22T16:09:26.539529Z","caller":"embed/etcd.go:410","msg":"closed etcd server","name":"infra2","data-dir":"/var/lib/etcd/data","advertise-peer-urls":["http://10.62.23.13:2380"],"advertise-client-urls":["http://10.62.23.13:2379"]}"#),
        ],
    },
];
