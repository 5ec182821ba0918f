//! What stops a start, and crashes: every one of these with its reason as far as it is said.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "start-port-in-use",
        class: Class::Fault,
        fatal: true,
        means: "Another process listens on the port.",
        wordings: &[
            zap("listener failed", "3.4", "HEAD").needs(&[("error", "address already in use")]).fields(&[("error", "error")]),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "address already in use")]).fields(&[("error", "error")]),
            zap("failed to start etcd", "3.4", "3.5").needs(&[("error", "address already in use")]).fields(&[("error", "error")]),
            text("listen tcp {address}: bind: address already in use", "2.0", "3.4").sample("Nov 22 15:58:53 node3 etcd[3442]: listen tcp 10.61.163.13:2379: bind: address already in use"),
        ],
    },
    Message {
        id: "start-cannot-bind",
        class: Class::Fault,
        fatal: true,
        means: "The address to listen on is not one of this host.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "cannot assign requested address")]).fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:14.862463Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"listen tcp 192.0.2.9:33800: bind: cannot assign requested address"}"#),
            zap("listener failed", "3.4", "HEAD").needs(&[("error", "cannot assign requested address")]).fields(&[("error", "error")]),
            text("listen tcp {address}: bind: cannot assign requested address", "2.0", "3.4").sample("2026-11-22 20:01:13.643497 C | etcdmain: listen tcp 192.0.2.9:33800: bind: cannot assign requested address"),
        ],
    },
    Message {
        id: "start-listener-failed",
        class: Class::Fault,
        fatal: true,
        means: "A listener could not be opened.",
        wordings: &[
            zap("listener failed", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:15.469677Z","caller":"etcdmain/etcd.go:219","msg":"listener failed","error":"open /etc/etcd/none.pem: no such file or directory"}"#),
            text("listen tcp {address}: bind: {error}", "2.0", "3.4"),
        ],
    },
    Message {
        id: "start-permission",
        class: Class::Fault,
        fatal: true,
        means: "The data directory may not be read or written by this user.",
        wordings: &[
            zap("failed to list data directory", "3.4", "HEAD").needs(&[("error", "permission denied")]).fields(&[("path", "dir"), ("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:43.363189Z","caller":"etcdmain/etcd.go:435","msg":"failed to list data directory","dir":"/var/lib/etcd","error":"open /var/lib/etcd/data: permission denied"}"#),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "permission denied")]).fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:43.340357Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"open /var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal: permission denied"}"#),
            zap("failed to open WAL", "3.4", "HEAD").needs(&[("error", "permission denied")]).fields(&[("error", "error")]),
            text("cannot access data directory: {path}permission denied", "2.2", "3.4").sample("etcd_1 | 2021-06-23 10:51:14.007935 C | etcdmain: cannot access data directory: mkdir /bitnami/etcd/data: permission denied"),
            text("cannot write to member directory: {path}permission denied", "2.1", "3.4"),
            text("cannot write to WAL directory: {path}permission denied", "2.2", "3.4"),
            text("open {path}: permission denied", "3.0", "3.4").sample("2026-11-22 20:01:24.871159 C | etcdmain: open /var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal: permission denied"),
        ],
    },
    Message {
        id: "start-data-dir-unlisted",
        class: Class::Fault,
        fatal: true,
        means: "The data directory could not be listed; 3.4 does not say why.",
        wordings: &[
            zap("failed to list data directory", "3.4", "HEAD").fields(&[("path", "dir"), ("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:43.405457Z","caller":"etcdmain/etcd.go:435","msg":"failed to list data directory","dir":"/var/lib/etcd/file","error":"readdirent /var/lib/etcd/file: not a directory"}"#),
            text("error listing data dir: {path}", "2.1", "3.4").sample("Nov 22 16:10:02 db02 etcd[18427]: error listing data dir: /var/lib/etcd/default.etcd"),
        ],
    },
    Message {
        id: "start-data-dir-unusable",
        class: Class::Fault,
        fatal: true,
        means: "The data directory cannot be used.",
        wordings: &[
            text("cannot access data directory: {error}", "2.2", "3.4"),
            text("cannot write to member directory: {error}", "2.1", "3.4"),
            text("cannot write to WAL directory: {error}", "2.2", "3.4"),
        ],
    },
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
            zap("80% of file descriptors are used", "3.4", "HEAD").fields(&[("used", "used"), ("limit", "limit")]),
            zap("80%% of file descriptors are used", "3.4", "3.4").fields(&[("used", "used"), ("limit", "limit")]),
            text("80% of the file descriptor limit is used [used = {used}, limit = {limit}]", "2.1", "3.4"),
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
        ],
    },
    Message {
        id: "start-downgrade",
        class: Class::Fault,
        fatal: true,
        means: "The program is older than what the cluster agreed on.",
        wordings: &[
            zap("invalid downgrade; server version is lower than determined cluster version", "3.4", "HEAD").fields(&[("version", "current-server-version"), ("cluster-version", "determined-cluster-version")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:02:43.347Z","caller":"membership/cluster.go:795","msg":"invalid downgrade; server version is lower than determined cluster version","current-server-version":"3.4.23","determined-cluster-version":"3.5"}"#),
            text("cluster cannot be downgraded (current version: {version} is lower than determined cluster version: {cluster-version}).", "2.2", "3.4").sample("Nov 22 16:16:32 db01 etcd[9889]: cluster cannot be downgraded (current version: 3.3.25 is lower than determined cluster version: 3.4)."),
        ],
    },
    Message {
        id: "start-already-bootstrapped",
        class: Class::Fault,
        fatal: true,
        means: "The cluster knows this member already, and it comes with an empty data directory.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "has already been bootstrapped")]).fields(&[("error", "error")]).sample(r#"2026-11-22T22:25:34+0000 etcd-c etcd[66]: {"level":"fatal","ts":"2026-11-22T22:25:34.854Z","caller":"etcdmain/etcd.go:271","msg":"discovery failed","error":"member 14cffea23ff626b4 has already been bootstrapped"}"#),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "has already been bootstrapped")]).fields(&[("error", "error")]),
            text("member {member} has already been bootstrapped", "2.1", "3.4").sample("May 17 10:12:11 localhost etcd2[761]: member 9bedbe7888971bf3 has already been bootstrapped"),
        ],
    },
    Message {
        id: "start-member-count",
        class: Class::Fault,
        fatal: true,
        means: "The members given at the start are not those the cluster has.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "member count is unequal")]).fields(&[("error", "error")]),
            zap("bootstrap failed", "3.6", "HEAD").needs(&[("error", "member count is unequal")]).fields(&[("error", "error")]),
            text("error validating peerURLs {what}: member count is unequal", "2.1", "3.4").sample("Nov 22 15:53:27 infra3 etcd[5073]: error validating peerURLs {ClusterID:8981dc252fecfb24 Members:[&{ID:7f1ee6bc853fff8b RaftAttributes:{PeerURLs:[http://10.61.64.13:2380] IsLearner:false} Attributes:{Name:infra2 ClientURLs:[http://10.61.64.13:2379]}} &{ID:c9c491478d3ddd83 RaftAttributes:{PeerURLs:[http://10.61.64.11:2380] IsLearner:false} Attributes:{Name:infra0 ClientURLs:[http://10.61.64.11:2379]}} &{ID:377bf05e8b324614 RaftAttributes:{PeerURLs:[http://10.61.64.12:2380] IsLearner:false} Attributes:{Name:infra1 ClientURLs:[http://10.61.64.12:2379]}}] RemovedMemberIDs:[]}: member count is unequal"),
        ],
    },
    Message {
        id: "start-peer-urls",
        class: Class::Fault,
        fatal: true,
        means: "The peer addresses given at the start are not those the cluster has.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "error validating peerURLs")]).fields(&[("error", "error")]),
            text("error validating peerURLs {what}: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "start-no-cluster",
        class: Class::Fault,
        fatal: true,
        means: "No member of the existing cluster answered a member that wants to join.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "cannot fetch cluster info from peer urls")]).fields(&[("error", "error")]),
            text("cannot fetch cluster info from peer urls: {error}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "start-name-unknown",
        class: Class::Fault,
        fatal: true,
        means: "The member's own name or address is not among the initial members.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "couldn't find local name")]).fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:14.883492Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"couldn't find local name \"db-1\" in the initial cluster configuration"}"#),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "but missing from --initial-advertise-peer-urls")]).fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:14.904437Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"--initial-cluster has db-1=http://127.0.0.2:33800 but missing from --initial-advertise-peer-urls=http://127.0.0.1:33800 (resolved urls: \"http://127.0.0.1:33800\" != \"http://127.0.0.2:33800\")"}"#),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "but missing from --initial-cluster")]).fields(&[("error", "error")]),
            zap("failed to start etcd", "3.4", "3.5").needs(&[("error", "but missing from --initial-advertise-peer-urls")]).fields(&[("error", "error")]).sample(r#"{"level":"warn","ts":"2026-11-22T20:01:14.904411Z","caller":"etcdmain/etcd.go:146","msg":"failed to start etcd","error":"--initial-cluster has db-1=http://127.0.0.2:33800 but missing from --initial-advertise-peer-urls=http://127.0.0.1:33800 (resolved urls: \"http://127.0.0.1:33800\" != \"http://127.0.0.2:33800\")"}"#),
            text("couldn't find local name \"{name}\" in the initial cluster configuration", "2.1", "3.4").sample(r#"2026-11-22 20:01:13.659640 C | etcdmain: couldn't find local name "db-1" in the initial cluster configuration"#),
            text("--initial-cluster must include {what} given --initial-advertise-peer-urls={urls}", "2.2", "3.2"),
            text("--initial-cluster has {what} but missing from --initial-advertise-peer-urls={urls} ({error})", "3.3", "3.4").sample(r#"2026-11-22 20:01:13.676127 C | etcdmain: --initial-cluster has db-1=http://127.0.0.2:33800 but missing from --initial-advertise-peer-urls=http://127.0.0.1:33800 ("http://127.0.0.1:33800"(resolved from "http://127.0.0.1:33800") != "http://127.0.0.2:33800"(resolved from "http://127.0.0.2:33800"))"#),
            text("--initial-advertise-peer-urls has {what} but missing from --initial-cluster={initial-cluster}", "3.3", "3.4"),
        ],
    },
    Message {
        id: "start-both-dirs",
        class: Class::Fault,
        fatal: true,
        means: "The data directory holds a member and a proxy.",
        wordings: &[
            zap("invalid datadir; both member and proxy directories exist", "3.4", "HEAD").sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:14.944927Z","caller":"etcdmain/etcd.go:455","msg":"invalid datadir; both member and proxy directories exist"}"#),
            text("invalid datadir. Both member and proxy directories exist.", "2.1", "3.4").sample("2026-11-22 20:01:13.709288 C | etcdmain: invalid datadir. Both member and proxy directories exist."),
        ],
    },
    Message {
        id: "start-flags-invalid",
        class: Class::Fault,
        fatal: true,
        means: "The command line was not accepted.",
        wordings: &[
            zap("failed to verify flags", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"{"level":"warn","ts":"2026-11-22T20:01:15.519315Z","caller":"etcdmain/etcd.go:75","msg":"failed to verify flags","error":"expected IP in URL for binding (http://db-1.invalid:33790)"}"#),
            zap("conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))", "3.5", "HEAD").fields(&[("error", "environment-variable")]),
            text("error verifying flags, {error}. See 'etcd --help'.", "2.1", "3.4").sample("2026-11-22 20:01:13.958974 E | etcdmain: error verifying flags, expected IP in URL for binding (http://db-1.invalid:33790). See 'etcd --help'."),
            text("initial cluster {error} has duplicate url", "2.1", "3.4").sample("2026-11-22 20:01:14.000548 C | etcdmain: initial cluster db-1=http://127.0.0.1:33800,db-2=http://127.0.0.1:33800 has duplicate url"),
            text("TLS key/cert ({}) must be provided for {error}", "3.0", "3.4").sample("2026-11-22 20:01:13.944281 C | etcdmain: TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:33790 with HTTPs scheme"),
            text("invalid value \"{value}\" for flag {error}", "2.0", "HEAD").sample(r#"invalid value "127.0.0.1:33790" for flag -listen-client-urls: parse "127.0.0.1:33790": first path segment in URL cannot contain colon"#),
            text("flag provided but not defined: {error}", "2.0", "3.4").sample("Nov 22 16:14:14 kube-m1 etcd[21643]: flag provided but not defined: -heartbeat-intervall"),
            text("conflicting environment variable \"{error}\" is shadowed by corresponding command-line flag (either unset environment variable or disable flag)", "2.1", "3.4"),
        ],
    },
    Message {
        id: "start-election-timeout-short",
        class: Class::Fault,
        fatal: true,
        means: "The election timeout is too close to the heartbeat interval to be accepted.",
        wordings: &[
            zap("failed to verify flags", "3.4", "HEAD").needs(&[("error", "should be at least as 5 times as")]).fields(&[("error", "error")]).sample(r#"{"level":"warn","ts":"2026-11-22T20:01:14.923000Z","caller":"etcdmain/etcd.go:75","msg":"failed to verify flags","error":"--election-timeout[1000ms] should be at least as 5 times as --heartbeat-interval[500ms]"}"#),
            text("error verifying flags, {}-election-timeout[{election}ms] should be at least as 5 times as {}-heartbeat-interval[{heartbeat}ms]. See 'etcd --help'.", "2.1", "HEAD").sample("2026-11-22 20:01:13.691982 E | etcdmain: error verifying flags, --election-timeout[1000ms] should be at least as 5 times as --heartbeat-interval[500ms]. See 'etcd --help'."),
        ],
    },
    Message {
        id: "start-failed",
        class: Class::Fault,
        fatal: true,
        means: "The start failed; the error says why.",
        wordings: &[
            zap("discovery failed", "3.4", "HEAD").fields(&[("error", "error")]).sample(r#"{"level":"fatal","ts":"2026-11-22T20:01:15.611787Z","caller":"etcdmain/etcd.go:204","msg":"discovery failed","error":"initial cluster db-1=http://127.0.0.1:33800,db-2=http://127.0.0.1:33800 has duplicate url"}"#),
            zap("failed to start etcd", "3.4", "3.5").fields(&[("error", "error")]).sample(r#"{"level":"warn","ts":"2026-11-22T20:01:15.493934Z","caller":"etcdmain/etcd.go:146","msg":"failed to start etcd","error":"TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:33790 with HTTPS scheme"}"#),
            zap("bootstrap failed", "3.6", "HEAD").fields(&[("error", "error")]),
        ],
    },
    Message {
        id: "start-cert-missing",
        class: Class::Fault,
        fatal: true,
        means: "A certificate or key file could not be read at the start.",
        wordings: &[
            zap("failed to find client cert files", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("failed to find peer cert files", "3.4", "HEAD").fields(&[("error", "error")]),
            zap("failed to get peer self-signed certs", "3.4", "HEAD").fields(&[("error", "error")]),
            text("could not get certs ({error})", "3.0", "3.4"),
        ],
    },
    Message {
        id: "start-arch-unsupported",
        class: Class::Fault,
        fatal: true,
        means: "The program does not run on this kind of processor unless told to.",
        wordings: &[
            zap("Refusing to run etcd on unsupported architecture since ETCD_UNSUPPORTED_ARCH is not set", "3.6", "HEAD").fields(&[("arch", "arch")]),
            text("etcd on unsupported platform without ETCD_UNSUPPORTED_ARCH={arch} set.", "2.3", "3.3"),
        ],
    },
    Message {
        id: "start-host-unresolved",
        class: Class::Symptom,
        fatal: false,
        means: "A name among the settings does not resolve yet.",
        wordings: &[
            zap("failed to resolve URL Host", "3.4", "HEAD").fields(&[("host", "host"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2022-02-08T02:25:49.975Z","caller":"netutil/netutil.go:121","msg":"failed to resolve URL Host","url":"http://mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local:2380","host":"mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local:2380","retry-interval":"1s","error":"lookup mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local on 10.174.128.166:53: server misbehaving"}"#),
            text("failed resolving host {host} ({error}); retrying in {retry}", "3.1", "3.3"),
        ],
    },
    Message {
        id: "start-host-gave-up",
        class: Class::Fault,
        fatal: false,
        means: "A name among the settings did not resolve in time.",
        wordings: &[
            zap("failed to resolve URL Host; returning", "3.4", "HEAD").fields(&[("host", "host"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2022-02-08T02:25:50.933Z","caller":"netutil/netutil.go:131","msg":"failed to resolve URL Host; returning","url":"http://mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local:2380","host":"mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local:2380","retry-interval":"1s","error":"lookup mv-rel-etcd-2.mv-rel-etcd-headless.default.svc.cluster.local on 10.174.128.166:53: server misbehaving"}"#),
            text("could not resolve host {host}", "2.1", "3.3"),
        ],
    },
    Message {
        id: "start-srv-failed",
        class: Class::Fault,
        fatal: false,
        means: "The DNS records that name the members could not be read.",
        wordings: &[
            zap("failed to resolve during SRV discovery", "3.4", "HEAD").fields(&[("error", "error")]),
            text("couldn't resolve during SRV discovery ({error})", "3.2", "3.4"),
            text("couldn't resolve host {host} during SRV discovery", "2.1", "3.1"),
        ],
    },
    Message {
        id: "publish-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The member could not tell the cluster of itself: there is no quorum, or no way to it.",
        wordings: &[
            zap("failed to publish local member to cluster through raft", "3.4", "HEAD").fields(&[("member", "local-member-id"), ("error", "error")]).sample(r#"Nov 22 16:15:43 node3 etcd[21585]: {"level":"warn","ts":"2026-11-22T16:15:43.237781Z","caller":"etcdserver/server.go:2161","msg":"failed to publish local member to cluster through raft","local-member-id":"2011edec49c4aa3e","local-member-attributes":"{Name:node3 ClientURLs:[http://10.60.70.13:2379]}","request-path":"/0/members/2011edec49c4aa3e/attributes","publish-timeout":"7s","error":"etcdserver: request timed out"}"#),
            text("publish error: {error}", "2.1", "3.4").sample("3月 03 15:55:47 kn-1 etcd[20544]: publish error: etcdserver: request timed out"),
        ],
    },
    Message {
        id: "go-out-of-memory",
        class: Class::Fault,
        fatal: true,
        means: "Go could not get more memory.",
        wordings: &[
            text("fatal error: runtime: out of memory", "2.1", "HEAD"),
            text("fatal error: runtime: cannot allocate memory", "2.1", "HEAD"),
        ],
    },
    Message {
        id: "go-panic",
        class: Class::Fault,
        fatal: true,
        means: "The program met an error it does not handle.",
        wordings: &[
            text("panic: runtime error: {error}", "2.0", "HEAD"),
            text("fatal error: {error}", "2.0", "HEAD"),
        ],
    },
    Message {
        id: "go-quit",
        class: Class::Symptom,
        fatal: true,
        means: "The program was told to print all it is doing and end.",
        wordings: &[
            text("SIGQUIT: quit", "2.0", "HEAD"),
        ],
    },
];
