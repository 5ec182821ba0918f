//! Slowness and what clients are told: late requests, late heartbeats, refusals.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "apply-too-long",
        class: Class::Symptom,
        fatal: false,
        means: "A request took longer than the limit; the line does not say why.",
        wordings: &[
            zap("apply request took too long", "3.4", "HEAD").fields(&[("took", "took"), ("expected", "expected-duration"), ("request", "request"), ("result", "response"), ("prefix", "prefix"), ("error", "error")]).sample(r#"Jan 17 22:25:10 lab-1 k3s[2189071]: {"level":"warn","ts":"2021-01-17T22:25:08.880+0100","caller":"etcdserver/util.go:163","msg":"apply request took too long","took":"10.716634590s","expected-durati"#),
            text("read-only range request \"{request}\" with result \"{result}\" took too long ({took}) to execute", "3.1", "3.4").sample(r#"Nov 22 16:05:45 etcd-c etcd[7017]: read-only range request "key:\"health\" " with result "error:context canceled" took too long (3.960404194s) to execute"#),
            text("read-only txn request \"{request}\" with result \"{result}\" took too long ({took}) to execute", "3.1", "3.4"),
            text("request \"{request}\" with result \"{result}\" took too long ({took}) to execute", "3.1", "3.4").sample(r#"Nov 22 16:00:26 db01 etcd[3531]: request "header:<ID:96724055004401672 > put:<key:\"/registry/pods/ns0/p000137\" value_size:256 >" with result "size:5" took too long (800.1628ms) to execute"#),
            text("read-only range request \"{request}\" took too long ({took}) to execute", "3.3", "3.3"),
            text("request \"{request}\" took too long ({took}) to execute", "3.3", "3.3"),
        ],
    },
    Message {
        id: "apply-entries-too-long",
        class: Class::Symptom,
        fatal: false,
        means: "A batch of entries took longer than the limit; the line does not say why.",
        wordings: &[
            text("apply entries took too long [{took} for {entries} entries]", "3.0", "3.3").sample("Nov 22 16:23:13 db02 etcd[25000]: apply entries took too long [11.394312ms for 1 entries]"),
        ],
    },
    Message {
        id: "auth-authorized",
        class: Class::Context,
        fatal: false,
        means: "A password was checked and a token given out.",
        wordings: &[
            text("authorized {user}, token is {token}", "3.0", "3.4").sample("01:47:46 etcd1 | 2016-09-19 18:42:28.878085 I | auth: authorized root, token is KcAXrUysCxYmDgYk.569"),
        ],
    },
    Message {
        id: "avoid-large-range",
        class: Class::Symptom,
        fatal: false,
        means: "A fixed text after a slow batch; whether a range was large it does not know.",
        wordings: &[
            text("avoid queries with large range/delete range!", "3.0", "3.3").sample("Nov 22 16:23:13 db02 etcd[25000]: avoid queries with large range/delete range!"),
        ],
    },
    Message {
        id: "heartbeat-late",
        class: Class::Symptom,
        fatal: false,
        means: "The leader sent a heartbeat late; a slow disk and a starved process look the same here.",
        wordings: &[
            zap("leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk", "3.4", "HEAD").fields(&[("peer", "to"), ("interval", "heartbeat-interval"), ("late", "exceeded-duration")]).sample(r#"Nov 22 16:17:40 db01 etcd[8960]: {"level":"warn","ts":"2026-11-22T16:17:40.778485Z","caller":"etcdserver/raft.go:428","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk","to":"1a9569e9f9a338","heartbeat-interval":"100ms","expected-duration":"200ms","exceeded-duration":"223.2385ms"}"#),
            text("failed to send out heartbeat on time (exceeded the {interval} timeout for {late}, to {peer})", "3.3", "3.4").sample("Nov 22 15:59:59 db02 etcd[27422]: failed to send out heartbeat on time (exceeded the 100ms timeout for 305.265ms, to 29ef8a6932530157)"),
            text("failed to send out heartbeat on time (exceeded the {interval} timeout for {late})", "3.0", "3.3"),
            text("failed to send out heartbeat on time (deadline exceeded for {late})", "2.3", "2.3").sample("Nov 22 16:19:16 etcd-b etcd[7423]: failed to send out heartbeat on time (deadline exceeded for 55.959966ms)"),
        ],
    },
    Message {
        id: "server-overloaded",
        class: Class::Symptom,
        fatal: false,
        means: "A fixed text after a late heartbeat.",
        wordings: &[
            text("server is likely overloaded", "2.3", "3.4").sample("Nov 22 15:49:40 db01 etcd[6016]: server is likely overloaded"),
        ],
    },
    Message {
        id: "readindex-retry",
        class: Class::Symptom,
        fatal: false,
        means: "A read waits for the leader's word and asks again.",
        wordings: &[
            zap("waiting for ReadIndex response took too long, retrying", "3.4", "HEAD").fields(&[("timeout", "retry-timeout")]).sample(r#"Nov 22 16:17:30 db01 etcd[8960]: {"level":"warn","ts":"2026-11-22T16:17:30.962412Z","caller":"etcdserver/v3_server.go:1025","msg":"waiting for ReadIndex response took too long, retrying","sent-request-id":4919234831251669325,"retry-timeout":"500ms"}"#),
            text("waiting for ReadIndex response took too long, retrying (sent-request-id: {}, retry-timeout: {timeout})", "3.4", "3.4").sample("Nov 22 16:05:36 etcd-c etcd[7017]: waiting for ReadIndex response took too long, retrying (sent-request-id: 3227288746060144643, retry-timeout: 500ms)"),
        ],
    },
    Message {
        id: "readindex-timeout",
        class: Class::Symptom,
        fatal: false,
        means: "A read got no word from the leader in time.",
        wordings: &[
            zap("timed out waiting for read index response (local node might have slow network)", "3.4", "HEAD").fields(&[("timeout", "timeout")]).sample(r#"Nov 22 16:23:06 infra1 etcd[5293]: {"level":"warn","ts":"2026-11-22T16:23:06.387908Z","caller":"etcdserver/v3_server.go:932","msg":"timed out waiting for read index response (local node might have slow network)","timeout":"7s"}"#),
            text("timed out waiting for read index response (local node might have slow network) timeout: {timeout}", "3.4", "3.4").sample("Nov 22 16:11:34 kube-m1 etcd[24331]: timed out waiting for read index response (local node might have slow network) timeout: 7s"),
            text("timed out waiting for read index response (local node might have slow network)", "3.1", "3.4"),
            text("timed out waiting for read index response", "3.1", "3.3"),
        ],
    },
    Message {
        id: "readindex-outdated",
        class: Class::Symptom,
        fatal: false,
        means: "The leader's word on a read came after it was given up.",
        wordings: &[
            zap("ignored out-of-date read index response; local node read indexes queueing up and waiting to be in sync with leader", "3.4", "HEAD").sample(r#"Nov 22 16:17:31 db01 etcd[8960]: {"level":"warn","ts":"2026-11-22T16:17:31.657277Z","caller":"etcdserver/v3_server.go:1001","msg":"ignored out-of-date read index response; local node read indexes queueing up and waiting to be in sync with leader","received-request-id":4919234831251669328}"#),
            text("ignored out-of-date read index response; local node read indexes queueing up and waiting to be in sync with leader (request ID want {}, got {})", "3.1", "3.4").sample("Nov 22 16:08:24 kube-m2 etcd[6587]: ignored out-of-date read index response; local node read indexes queueing up and waiting to be in sync with leader (request ID want 5441370912909011421, got 5441370912909011203)"),
            text("ignored out-of-date read index response (want {}, got {})", "3.1", "3.3"),
        ],
    },
    Message {
        id: "request-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A request was refused or failed; the error says why.",
        wordings: &[
            zap("failed to apply request", "3.4", "HEAD").fields(&[("error", "error"), ("took", "took"), ("request", "request")]).sample(r#"Nov 22 16:17:49 infra0 etcd[21108]: {"level":"warn","ts":"2026-11-22T16:17:49.414229Z","caller":"etcdserver/util.go:136","msg":"failed to apply request","took":"791ns","request":"header:<ID:4020485230629127014 > put:<key:\"/registry/pods/ns4/p000107\" value_size:256 >","response":"","error":"auth: user name is empty"}"#),
            text("failed to apply request \"{request}\" with response \"{}\" took ({took}) to execute, err is {error}", "3.4", "3.4").sample(r#"Nov 22 16:29:52 etcd-a etcd[9805]: failed to apply request "header:<ID:18350376295144957890 > lease_revoke:<id:694d5765fc71500a>" with response "size:28" took (83.073µs) to execute, err is lease not found"#),
            text("failed to apply request,took {took},request {request},resp {},err is {error}", "3.3", "3.3"),
        ],
    },
    Message {
        id: "request-stats",
        class: Class::Symptom,
        fatal: false,
        means: "A request took long or was large, with its figures.",
        wordings: &[
            zap("request stats", "3.5", "HEAD").fields(&[("took", "time spent"), ("remote", "remote"), ("type", "response type"), ("count", "response count"), ("size", "response size")]).sample(r#"Nov 22 16:17:34 infra0 etcd[21108]: {"level":"warn","ts":"2026-11-22T16:17:34.545532Z","caller":"v3rpc/interceptor.go:197","msg":"request stats","start time":"2026-11-22T16:17:34.051713Z","time spent":"493.811361ms","remote":"127.0.0.1:42714","response type":"/etcdserverpb.Auth/UserAdd","request count":-1,"request size":-1,"response count":-1,"response size":-1,"request content":""}"#),
        ],
    },
    Message {
        id: "health-no-leader",
        class: Class::Symptom,
        fatal: false,
        means: "The health answer is \"false\" because nobody leads.",
        wordings: &[
            zap("serving /health false; no leader", "3.5", "HEAD").sample(r#"Nov 22 16:23:14 infra1 etcd[5293]: {"level":"warn","ts":"2026-11-22T16:23:14.614211Z","caller":"etcdhttp/health.go:232","msg":"serving /health false; no leader"}"#),
            text("/health error; no leader (status code {})", "3.2", "3.4").sample("Nov 22 16:11:42 kube-m1 etcd[24331]: /health error; no leader (status code 503)"),
        ],
    },
    Message {
        id: "health-read-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The health answer is \"false\" because a read failed.",
        wordings: &[
            zap("serving /health false; Range fails", "3.5", "HEAD").fields(&[("error", "error")]),
            zap("serving /health false; QGET fails", "3.5", "3.5").fields(&[("error", "error")]),
            zap("/health error", "3.5", "HEAD").fields(&[("error", "output")]).sample(r#"Nov 22 16:23:14 infra1 etcd[5293]: {"level":"warn","ts":"2026-11-22T16:23:14.616102Z","caller":"etcdhttp/health.go:119","msg":"/health error","output":"{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}","status-code":503}"#),
            text("serving /health false; Range failed {error} (status code {})", "3.4", "3.4"),
            text("/health error; QGET failed {error} (status code {})", "3.2", "3.4").sample("Nov 22 16:00:21 db01 etcd[3531]: /health error; QGET failed etcdserver: request timed out (status code 503)"),
        ],
    },
    Message {
        id: "client-retry-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A client inside the process got an error and tries again.",
        wordings: &[
            zap("retrying of unary invoker failed", "3.3", "HEAD").fields(&[("target", "target"), ("error", "error")]).sample(r#"Feb 22 09:08:14 host-nuc k3s[4240]: {"level":"warn","ts":"2022-02-22T09:08:14.784-0700","logger":"etcd-client","caller":"v3/retry_interceptor.go:62","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc0017ac1c0/#initially=[https://12"#),
        ],
    },
    Message {
        id: "client-tls-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A client, or a program around etcd, does not accept a certificate for its time.",
        wordings: &[
            text("x509: certificate has expired or is not yet valid{error}", "2.0", "HEAD"),
        ],
    },
    Message {
        id: "client-compacted",
        class: Class::Symptom,
        fatal: false,
        means: "A client asked for a revision that was removed; it has to read anew.",
        wordings: &[
            text("etcdserver: mvcc: required revision has been compacted", "3.0", "HEAD").sample("Sep 27 18:03:12 ctl-b kube-apiserver[912]: E0927 18:03:12.694262     912 watcher.go:214] watch chan error: etcdserver: mvcc: required revision has been compacted"),
            text("etcdserver: storage: required revision has been compacted", "2.3", "2.3"),
        ],
    },
    Message {
        id: "client-request-too-large",
        class: Class::Symptom,
        fatal: false,
        means: "A client's request was larger than the limit.",
        wordings: &[
            text("etcdserver: request is too large", "2.3", "HEAD").sample(r#"E0813 12:29:22.402217 12 status.go:71] apiserver received an error that is not an metav1.Status: rpctypes.EtcdError{code:0x3, desc:"etcdserver: request is too large"}: etcdserver: request is too large"#),
            text("trying to send message larger than max ({size} vs. {limit})", "3.2", "HEAD"),
        ],
    },
    Message {
        id: "answer-too-large",
        class: Class::Symptom,
        fatal: false,
        means: "An answer was larger than gRPC carries.",
        wordings: &[
            text("trying to send message larger than max ({size} vs. 2147483647){}", "3.2", "HEAD"),
            text("grpc: message too large ({size} bytes){}", "3.2", "HEAD"),
            text("server failed to encode response: {}message too large ({size} bytes)", "3.2", "HEAD"),
        ],
    },
    Message {
        id: "client-too-many-requests",
        class: Class::Symptom,
        fatal: false,
        means: "Too many requests wait to be applied.",
        wordings: &[
            text("etcdserver: too many requests", "3.1", "HEAD").sample("Error: etcdserver: too many requests"),
        ],
    },
    Message {
        id: "client-request-timeout",
        class: Class::Symptom,
        fatal: false,
        means: "A client's request was not agreed on in time.",
        wordings: &[
            text("etcdserver: request timed out", "2.1", "HEAD"),
            text("etcdserver: request timed out, possibly due to previous leader failure", "2.1", "HEAD"),
            text("etcdserver: request timed out, possibly due to connection lost", "2.2", "HEAD"),
            text("etcdserver: request timed out, waiting for the applied index took too long", "3.4", "HEAD"),
        ],
    },
    Message {
        id: "client-no-leader",
        class: Class::Symptom,
        fatal: false,
        means: "A client was told that nobody leads.",
        wordings: &[
            text("etcdserver: no leader", "2.3", "HEAD"),
        ],
    },
    Message {
        id: "client-leader-changed",
        class: Class::Symptom,
        fatal: false,
        means: "A client's request was lost in a change of leaders.",
        wordings: &[
            text("etcdserver: leader changed", "3.3", "HEAD"),
        ],
    },
    Message {
        id: "client-lease-not-found",
        class: Class::Symptom,
        fatal: false,
        means: "A client named a lease that ended.",
        wordings: &[
            text("etcdserver: requested lease not found", "2.3", "HEAD").sample("Error: etcdserver: requested lease not found"),
        ],
    },
    Message {
        id: "client-invalid-token",
        class: Class::Symptom,
        fatal: false,
        means: "A client's authentication token is not known.",
        wordings: &[
            zap("invalid auth token", "3.4", "HEAD").sample(r#"{"level":"warn","ts":"2022-03-26T19:35:41.648Z","caller":"auth/store.go:1162","msg":"invalid auth token","token":"aRzTIaLnTUMFqYtB.0"}"#),
            text("invalid auth token: {token}", "3.0", "3.4"),
            text("etcdserver: invalid auth token", "3.0", "HEAD"),
        ],
    },
    Message {
        id: "client-auth-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A client gave a wrong name or password.",
        wordings: &[
            zap("invalid password", "3.4", "HEAD").fields(&[("user", "user-name")]).sample(r#"Nov 22 16:17:49 infra0 etcd[21108]: {"level":"info","ts":"2026-11-22T16:17:49.717127Z","caller":"auth/store.go:355","msg":"invalid password","user-name":"app"}"#),
            text("authentication failed, invalid password for user {user}", "3.0", "3.4"),
            text("etcdserver: authentication failed, invalid user ID or password", "3.0", "HEAD").sample("Error: etcdserver: authentication failed, invalid user ID or password"),
        ],
    },
    Message {
        id: "client-auth-invalid-request",
        class: Class::Symptom,
        fatal: false,
        means: "Somebody asked to be let in with a wrong name or password.",
        wordings: &[
            zap("invalid authentication was requested", "3.4", "HEAD").fields(&[("user", "user"), ("error", "error")]).sample(r#"Nov 22 16:17:49 infra0 etcd[21108]: {"level":"warn","ts":"2026-11-22T16:17:49.719825Z","caller":"etcdserver/v3_server.go:639","msg":"invalid authentication was requested","user":"app","error":"auth: authentication failed, invalid user ID or password"}"#),
            text("invalid authentication request to user {user} was issued", "3.1", "3.4"),
        ],
    },
    Message {
        id: "client-permission",
        class: Class::Symptom,
        fatal: false,
        means: "A client may not do what it asked for.",
        wordings: &[
            zap("cannot find a user for permission check", "3.4", "HEAD").fields(&[("user", "user-name")]),
            text("etcdserver: permission denied", "3.0", "HEAD").sample("Error: etcdserver: permission denied"),
            text("invalid user name {user} for permission checking", "3.0", "3.4"),
            text("etcdserver: user name is empty", "3.0", "HEAD").sample("Error: etcdserver: user name is empty"),
        ],
    },
    Message {
        id: "lease-revoke-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The leader could not end a lease that ran out.",
        wordings: &[
            zap("failed to revoke lease", "3.4", "HEAD").fields(&[("lease", "lease-id"), ("error", "error")]).sample(r#"{"level":"warn","ts":"2022-03-26T19:35:41.648Z","caller":"etcdserver/server.go:1130","msg":"failed to revoke lease","lease-id":"8e1ecc004474af0c","error":"auth: invalid auth token"}"#),
            text("failed to revoke {lease} (\"{error}\")", "3.2", "3.4"),
        ],
    },
    Message {
        id: "server-error-response",
        class: Class::Symptom,
        fatal: false,
        means: "An answer could not be given.",
        wordings: &[
            text("got unexpected response error ({error})", "2.1", "3.4").sample("Nov 22 15:53:44 db03 etcd[13525]: got unexpected response error (etcdserver: server stopped)"),
        ],
    },
    Message {
        id: "leadership-unsure",
        class: Class::Symptom,
        fatal: false,
        means: "The leader could not make sure that it still leads.",
        wordings: &[
            zap("Failed to check current member's leadership", "3.4", "HEAD").fields(&[("error", "error")]),
            text("Failed to check current member's leadership: {error}", "3.4", "3.4"),
            zap("Ignore the lease revoking request because current member isn't a leader", "3.4", "HEAD"),
            text("Ignore the lease revoking request because current member {member} isn't a leader", "3.4", "3.4"),
        ],
    },
    Message {
        id: "lease-attach-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A key could not be tied to its lease.",
        wordings: &[
            zap("failed to attach a lease", "3.4", "HEAD").fields(&[("lease", "lease-id"), ("error", "error")]),
            text("unexpected Attach error: {error}", "3.0", "3.4"),
        ],
    },
    Message {
        id: "readstate-timeout",
        class: Class::Symptom,
        fatal: false,
        means: "An answer that a read waits for could not be handed on in time.",
        wordings: &[
            zap("timed out sending read state", "3.4", "HEAD").fields(&[("timeout", "timeout")]),
            text("timed out sending read state", "3.1", "3.4"),
        ],
    },
    Message {
        id: "readindex-failed",
        class: Class::Symptom,
        fatal: false,
        means: "A read could not ask the leader.",
        wordings: &[
            zap("failed to get read index from Raft", "3.4", "HEAD").fields(&[("error", "error")]),
            text("failed to get read index from raft: {error}", "3.1", "3.4"),
        ],
    },
    Message {
        id: "health-check-failed",
        class: Class::Symptom,
        fatal: false,
        means: "One of the checks behind /livez and /readyz failed.",
        wordings: &[
            zap("Health check error", "3.5", "HEAD").fields(&[("error", "reason"), ("path", "path")]),
            text("Health check error path={path}, reason={error} (status code {})", "3.4", "3.4"),
        ],
    },
    Message {
        id: "request-trace",
        class: Class::Context,
        fatal: false,
        means: "The steps of a request that took more than 100 ms.",
        wordings: &[
            zap("trace[{}] {what}", "3.4", "HEAD").fields(&[("took", "duration"), ("steps", "steps")]).sample(r#"Nov 22 16:20:36 db02 etcd[24455]: {"level":"info","ts":"2026-11-22T16:20:36.104165Z","caller":"traceutil/trace.go:171","msg":"trace[1157457257] put","detail":"{key:/registry/pods/ns6/p000278; req_size:287; response_revision:1100; }","duration":"116.428245ms","start":"2026-11-22T16:20:35.987718Z","end":"2026-11-22T16:20:36.104147Z","steps":["trace[1157457257] 'process raft request'  (duration: 116.189511ms)"],"step_count":1}"#),
            text("trace[{}] {what}", "3.4", "3.4"),
        ],
    },
    Message {
        id: "request-limit-high",
        class: Class::Context,
        fatal: false,
        means: "The limit of a request is set above what is recommended.",
        wordings: &[
            zap("exceeded recommended request limit", "3.4", "HEAD").sample(r#"{"level":"warn","ts":"2026-11-26T01:31:05.866Z","caller":"etcdserver/server.go:297","msg":"exceeded recommended request limit","max-request-bytes":20971520,"max-request-size":"21 MB","recommended-request-bytes":10485760,"recommended-request-size":"10 MB"}"#),
            text("MaxRequestBytes {limit} exceeds maximum recommended size {most}", "3.2", "3.4").sample("2026-11-26 01:29:39.238812 W | etcdserver: MaxRequestBytes 20971520 exceeds maximum recommended size 10485760"),
        ],
    },
];
