//! The quota, alarms, and checks of equal content.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "quota-alarm-raised",
        class: Class::Fault,
        fatal: false,
        means: "A member's database reached its quota: the cluster takes no more writes until the alarm is disarmed.",
        wordings: &[
            zap("alarm raised", "3.4", "3.5").needs(&[("alarm", "NOSPACE")]).fields(&[("member", "from")]).sample(r#"2026-11-22T22:22:28+0000 etcd-a etcd[53]: {"level":"warn","ts":"2026-11-22T22:22:28.283783Z","caller":"etcdserver/apply.go:752","msg":"alarm raised","alarm":"NOSPACE","from":"9847758477b242bf"}"#),
            text("Errors present on etcd cluster: memberID:{member} alarm:NOSPACE", "k3s", "HEAD"),
            text("Alarm on etcd member {member}: NOSPACE", "k3s", "HEAD"),
            text("alarm NOSPACE raised by peer {member}", "3.3", "3.4").sample("Nov 22 16:07:30 node1 etcd[3148]: alarm NOSPACE raised by peer e072a246c83774a7"),
            text("alarm raised memberID:{member} alarm:NOSPACE", "3.0", "3.2"),
        ],
    },
    Message {
        id: "corrupt-alarm-raised",
        class: Class::Fault,
        fatal: false,
        means: "A member holds other content than its peers: the cluster takes no more writes.",
        wordings: &[
            zap("alarm raised", "3.4", "3.5").needs(&[("alarm", "CORRUPT")]).fields(&[("member", "from")]),
            text("alarm CORRUPT raised by peer {member}", "3.3", "3.4"),
            text("alarm raised memberID:{member} alarm:CORRUPT", "3.0", "3.2"),
        ],
    },
    Message {
        id: "alarm-raised",
        class: Class::Fault,
        fatal: false,
        means: "An alarm was raised.",
        wordings: &[
            zap("alarm raised", "3.4", "3.5").fields(&[("alarm", "alarm"), ("member", "from")]),
            text("alarm {alarm} raised by peer {member}", "3.3", "3.4"),
            text("alarm raised {alarm}", "3.0", "3.2"),
        ],
    },
    Message {
        id: "alarm-disarmed",
        class: Class::Context,
        fatal: false,
        means: "An alarm was taken back by an operator.",
        wordings: &[
            zap("alarm disarmed", "3.4", "3.5").fields(&[("alarm", "alarm"), ("member", "from")]),
            text("alarm disarmed {alarm}", "3.0", "3.4"),
        ],
    },
    Message {
        id: "quota-exceeded",
        class: Class::Fault,
        fatal: false,
        means: "A write did not fit below the quota, so the alarm is raised.",
        wordings: &[
            zap("message exceeded backend quota; raising alarm", "3.4", "HEAD").fields(&[("quota", "quota-size-bytes"), ("error", "error")]).sample(r#"2026-11-22T22:22:28+0000 etcd-c etcd[53]: {"level":"warn","ts":"2026-11-22T22:22:28.280865Z","caller":"etcdserver/server.go:2346","msg":"message exceeded backend quota; raising alarm","quota-size-bytes":16777216,"quota-size":"17 MB","error":"etcdserver: no space"}"#),
            text("applying raft message exceeded backend quota", "3.0", "3.4"),
        ],
    },
    Message {
        id: "quota-request-refused",
        class: Class::Fault,
        fatal: false,
        means: "A write was refused because the database reached its quota.",
        wordings: &[
            zap("failed to apply request", "3.4", "HEAD").needs(&[("error", "etcdserver: no space")]).fields(&[("error", "error"), ("took", "took"), ("request", "request")]).sample(r#"Feb 22 09:08:14 host-nuc k3s[4240]: {"level":"warn","ts":"2022-02-22T09:08:14.783-0700","caller":"etcdserver/util.go:123","msg":"failed to apply request","took":"10.997µs","request":"header:<ID:10939298790644606965 username:\"etcd-client\" auth_revision:1 > txn:<compare:<target:MOD key:\"/bootstrap/e0279b2eff51\" mod_revision:0 > success:<request_put:<key:\"/bootstrap/e0279b2eff51\" value_size:12665 >> failure:<>>","response":"","error":"etcdserver: no space"}"#),
            text("failed to apply request \"{request}\" with response \"{}\" took ({took}) to execute, err is etcdserver: no space", "3.4", "3.4").sample(r#"Nov 22 16:07:49 node1 etcd[3148]: failed to apply request "header:<ID:18215549780968100728 > put:<key:\"/registry/test\" value_size:1 >" with response "" took (410ns) to execute, err is etcdserver: no space"#),
            text("failed to apply request,took {took},request {request},resp {},err is etcdserver: no space", "3.3", "3.3"),
        ],
    },
    Message {
        id: "quota-space-exceeded",
        class: Class::Fault,
        fatal: false,
        means: "What a client is told whose write was refused for the quota.",
        wordings: &[
            text("etcdserver: mvcc: database space exceeded", "3.0", "HEAD").sample("Error: etcdserver: mvcc: database space exceeded"),
            text("etcdserver: storage: database space exceeded", "2.3", "2.3"),
        ],
    },
    Message {
        id: "quota-over-recommended",
        class: Class::Context,
        fatal: false,
        means: "The quota is set above what is recommended.",
        wordings: &[
            zap("quota exceeds the maximum value", "3.4", "HEAD").fields(&[("quota", "quota-size-bytes"), ("most", "quota-maximum-size-bytes")]).sample(r#"{"level":"warn","ts":"2026-11-26T01:31:05.926Z","caller":"etcdserver/quota.go:113","msg":"quota exceeds the maximum value","quota-name":"v3-applier","quota-size-bytes":16000000000,"quota-size":"16 GB","quota-maximum-size-bytes":8589934592,"quota-maximum-size":"8.6 GB"}"#),
            text("backend quota {quota} exceeds maximum recommended quota {most}", "3.2", "3.4").sample("2026-11-26 01:29:39.291695 W | etcdserver: backend quota 16000000000 exceeds maximum recommended quota 8589934592"),
            text("backend quota {quota} exceeds maximum quota {most}; using maximum", "3.0", "3.1"),
        ],
    },
    Message {
        id: "quota-disabled",
        class: Class::Context,
        fatal: false,
        means: "There is no quota, by the settings.",
        wordings: &[
            zap("disabled backend quota", "3.4", "HEAD").sample(r#"{"level":"info","ts":"2026-11-26T01:31:11.020Z","caller":"etcdserver/quota.go:82","msg":"disabled backend quota","quota-name":"v3-applier","quota-size-bytes":-1}"#),
            text("disabling backend quota", "3.0", "3.4").sample("2026-11-26 01:29:44.257692 W | etcdserver: disabling backend quota"),
        ],
    },
    Message {
        id: "health-quota-alarm",
        class: Class::Fault,
        fatal: false,
        means: "The health answer is \"false\" because of the quota alarm.",
        wordings: &[
            zap("serving /health false due to an alarm", "3.5", "HEAD").needs(&[("alarm", "NOSPACE")]).fields(&[("alarm", "alarm")]),
            text("/health error due to memberID:{member} alarm:NOSPACE", "3.2", "3.4").sample("Nov 22 16:07:52 node1 etcd[3148]: /health error due to memberID:16173167636731360423 alarm:NOSPACE"),
            text("/health error due to an alarm memberID:{member} alarm:NOSPACE", "3.2", "3.4"),
        ],
    },
    Message {
        id: "health-corrupt-alarm",
        class: Class::Fault,
        fatal: false,
        means: "The health answer is \"false\" because members hold different content.",
        wordings: &[
            zap("serving /health false due to an alarm", "3.5", "HEAD").needs(&[("alarm", "CORRUPT")]).fields(&[("alarm", "alarm")]),
            text("/health error due to memberID:{member} alarm:CORRUPT", "3.2", "3.4"),
        ],
    },
    Message {
        id: "content-differs",
        class: Class::Fault,
        fatal: false,
        means: "Members hold different content at the same revision.",
        wordings: &[
            zap("found hash mismatch", "3.4", "HEAD").fields(&[("revision", "revision-1")]),
            zap("found different hash values from remote peer", "3.4", "HEAD").fields(&[("peer", "remote-peer-id")]),
            zap("same compact revision then hashes must match", "3.4", "HEAD").fields(&[("peer", "follower-peer-id")]),
            zap("failed compaction hash check", "3.5", "3.5").fields(&[("peer", "follower-peer-id"), ("revision", "revision")]),
            zap("Detected compaction hash mismatch", "3.6", "HEAD").fields(&[("peer", "peer-ids")]),
            zap("Detected compaction hash mismatch but cannot identify the corrupted members, so intentionally set the memberID as 0", "3.6", "HEAD"),
            text("mismatched hashes {} and {} for revision {revision}", "3.3", "3.4"),
            text("{member}'s hash {} != {peer}'s hash {} (revision {revision}, peer revision {}, compact revision {})", "3.3", "3.4"),
            text("hash {} at revision {revision} from member {peer}, expected hash {}", "3.3", "3.4"),
        ],
    },
    Message {
        id: "content-revision-ahead",
        class: Class::Fault,
        fatal: false,
        means: "A follower has a revision which the leader never made.",
        wordings: &[
            zap("revision from follower must be less than or equal to leader's", "3.4", "HEAD").fields(&[("peer", "follower-peer-id"), ("revision", "follower-revision")]),
            zap("compact revision from follower must be less than or equal to leader's", "3.4", "HEAD").fields(&[("peer", "follower-peer-id"), ("revision", "follower-compact-revision")]),
            text("revision {revision} from member {peer}, expected at most {leader-revision}", "3.3", "3.4"),
            text("compact revision {revision} from member {peer}, expected at most {leader-revision}", "3.3", "3.4"),
        ],
    },
    Message {
        id: "content-check-failed-at-start",
        class: Class::Fault,
        fatal: true,
        means: "The check against the peers at the start found other content.",
        wordings: &[
            zap("checkInitialHashKV failed", "3.5", "HEAD").fields(&[("error", "error")]),
            zap("discovery failed", "3.4", "HEAD").needs(&[("error", "found data inconsistency with peers")]).fields(&[("error", "error")]),
            text("{member} found data inconsistency with peers", "3.3", "3.4"),
        ],
    },
    Message {
        id: "cluster-corrupt",
        class: Class::Fault,
        fatal: false,
        means: "What a client is told while the corruption alarm stands.",
        wordings: &[
            zap("failed to apply request", "3.4", "HEAD").needs(&[("error", "etcdserver: corrupt cluster")]).fields(&[("error", "error")]),
            zap("failed to revoke lease", "3.4", "HEAD").needs(&[("error", "etcdserver: corrupt cluster")]).fields(&[("error", "error")]),
            text("etcdserver: corrupt cluster", "3.3", "HEAD"),
        ],
    },
];
