//! Elections and the log of raft.

use super::{Class, Message, text, zap};

/// The messages of this subject.
pub(super) const MESSAGES: &[Message] = &[
    Message {
        id: "raft-election-started",
        class: Class::Symptom,
        fatal: false,
        means: "A member heard no leader for an election timeout and asks for votes.",
        wordings: &[
            zap("{member} is starting a new election at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.033330Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"206e850c71404444 is starting a new election at term 1"}"#),
            text("{member} is starting a new election at term {term}", "2.1", "3.4").sample("Nov 22 16:22:28 db02 etcd[25000]: 96f3fe38082a444b is starting a new election at term 1"),
        ],
    },
    Message {
        id: "raft-became-candidate",
        class: Class::Context,
        fatal: false,
        means: "A member asks for votes.",
        wordings: &[
            zap("{member} became candidate at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.034269Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"206e850c71404444 became candidate at term 2"}"#),
            text("{member} became candidate at term {term}", "2.1", "3.4").sample("Nov 22 16:22:28 db02 etcd[25000]: 96f3fe38082a444b became candidate at term 2"),
        ],
    },
    Message {
        id: "raft-became-pre-candidate",
        class: Class::Context,
        fatal: false,
        means: "A member asks whether it would get votes.",
        wordings: &[
            zap("{member} became pre-candidate at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.033380Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"206e850c71404444 became pre-candidate at term 1"}"#),
            text("{member} became pre-candidate at term {term}", "3.1", "3.4"),
        ],
    },
    Message {
        id: "raft-became-follower",
        class: Class::Context,
        fatal: false,
        means: "A member follows.",
        wordings: &[
            zap("{member} became follower at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:31 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:31.319206Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"1a9569e9f9a338 became follower at term 0"}"#),
            text("{member} became follower at term {term}", "2.0", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: 8f225d325773c893 became follower at term 0"),
        ],
    },
    Message {
        id: "raft-became-leader",
        class: Class::Context,
        fatal: false,
        means: "A member won an election.",
        wordings: &[
            zap("{member} became leader at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.036266Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"206e850c71404444 became leader at term 2"}"#),
            text("{member} became leader at term {term}", "2.1", "3.4").sample("Nov 22 16:22:28 db02 etcd[25000]: 96f3fe38082a444b became leader at term 2"),
        ],
    },
    Message {
        id: "raft-leader-elected",
        class: Class::Context,
        fatal: false,
        means: "A member learned who leads.",
        wordings: &[
            zap("raft.node: {member} elected leader {leader} at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:32.036780Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"raft.node: 1a9569e9f9a338 elected leader 206e850c71404444 at term 2"}"#),
            text("raft.node: {member} elected leader {leader} at term {term}", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: raft.node: 8f225d325773c893 elected leader 6f5c313fae4630d8 at term 2"),
        ],
    },
    Message {
        id: "raft-leader-lost",
        class: Class::Symptom,
        fatal: false,
        means: "A member no longer knows who leads.",
        wordings: &[
            zap("raft.node: {member} lost leader {leader} at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:11:58 node3 etcd[9018]: {"level":"info","ts":"2026-11-22T16:11:58.799070Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"raft.node: ba5ed61ba46bff75 lost leader 4e4ee0fd59dec62 at term 3"}"#),
            text("raft.node: {member} lost leader {leader} at term {term}", "2.1", "3.4").sample("Nov 22 15:46:34 node1 etcd[6516]: raft2026/11/22 15:46:34 INFO: raft.node: 71cc20c4dc63a741 lost leader 71cc20c4dc63a741 at term 3"),
        ],
    },
    Message {
        id: "raft-leader-changed",
        class: Class::Symptom,
        fatal: false,
        means: "Another member leads.",
        wordings: &[
            zap("raft.node: {member} changed leader from {from} to {leader} at term {term}", "3.4", "HEAD"),
            text("raft.node: {member} changed leader from {from} to {leader} at term {term}", "2.1", "3.4"),
        ],
    },
    Message {
        id: "raft-no-leader-proposal",
        class: Class::Symptom,
        fatal: false,
        means: "A write was dropped because nobody leads.",
        wordings: &[
            zap("{member} no leader at term {term}; dropping proposal", "3.4", "HEAD"),
            text("{member} no leader at term {term}; dropping proposal", "2.1", "3.4"),
        ],
    },
    Message {
        id: "raft-no-leader-read",
        class: Class::Symptom,
        fatal: false,
        means: "A read was dropped because nobody leads.",
        wordings: &[
            zap("{member} no leader at term {term}; dropping index reading msg", "3.4", "HEAD"),
            text("{member} no leader at term {term}; dropping index reading msg", "3.1", "3.4"),
        ],
    },
    Message {
        id: "raft-quorum-inactive",
        class: Class::Symptom,
        fatal: false,
        means: "The leader stepped down because it heard no majority.",
        wordings: &[
            zap("{member} stepped down to follower since quorum is not active", "3.4", "HEAD").sample(r#"Nov 22 16:11:31 node3 etcd[9018]: {"level":"warn","ts":"2026-11-22T16:11:31.799989Z","logger":"raft","caller":"etcdserver/zap_raft.go:85","msg":"ba5ed61ba46bff75 stepped down to follower since quorum is not active"}"#),
            text("{member} stepped down to follower since quorum is not active", "2.3", "3.4"),
        ],
    },
    Message {
        id: "raft-vote-tally",
        class: Class::Context,
        fatal: false,
        means: "How many votes a candidate has so far.",
        wordings: &[
            zap("{member} has received {granted} {type} votes and {rejected} vote rejections", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db01 etcd[8960]: {"level":"info","ts":"2026-11-22T16:16:32.036253Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"206e850c71404444 has received 2 MsgVoteResp votes and 0 vote rejections"}"#),
            text("{member} has received {granted} {type} votes and {rejected} vote rejections", "3.4", "3.4").sample("Nov 22 15:48:52 db01 etcd[6016]: raft2026/11/22 15:48:52 INFO: 7f09ba41a4930a65 has received 2 MsgVoteResp votes and 0 vote rejections"),
            text("{member} [quorum:{quorum}] has received {granted} {type} votes and {rejected} vote rejections", "3.1", "3.3").sample("Nov 22 15:59:21 db02 etcd[27422]: bac9de16d3dfe110 [quorum:2] has received 2 MsgVoteResp votes and 0 vote rejections"),
            text("{member} [quorum:{quorum}] has received {granted} votes and {rejected} vote rejections", "2.3", "3.0").sample("Nov 22 16:22:28 db02 etcd[25000]: 96f3fe38082a444b [quorum:2] has received 2 votes and 0 vote rejections"),
        ],
    },
    Message {
        id: "raft-vote-rejected",
        class: Class::Context,
        fatal: false,
        means: "A vote was refused because the candidate's log is older.",
        wordings: &[
            zap("{member} [{}] rejected {type} from {candidate} [logterm: {}, index: {}] at term {term}", "3.4", "HEAD").sample(r#"Nov 22 16:17:30 db03 etcd[13316]: {"level":"info","ts":"2026-11-22T16:17:30.639928Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"c67bf79faedd53ca [logterm: 2, index: 4, vote: 0] rejected MsgVote from bb3988771626a75c [logterm: 1, index: 3] at term 2"}"#),
            text("{member} [{}] rejected {type} from {candidate} [logterm: {}, index: {}] at term {term}", "3.1", "3.4").sample("Nov 22 16:08:53 kube-m3 etcd[17262]: raft2026/11/22 16:08:53 INFO: d893ddae9baa671d [logterm: 2, index: 4, vote: 0] rejected MsgVote from 7b079e68afaf1b38 [logterm: 1, index: 3] at term 2"),
            text("{member} [{}] rejected vote from {candidate} [logterm: {}, index: {}] at term {term}", "2.1", "3.0"),
        ],
    },
    Message {
        id: "raft-vote-ignored",
        class: Class::Symptom,
        fatal: false,
        means: "A member asked for votes though the others hear their leader: it is cut off from it.",
        wordings: &[
            zap("{member} [{}] ignored {type} from {candidate} [logterm: {}, index: {}] at term {term}: lease is not expired (remaining ticks: {})", "3.4", "HEAD").sample(r#"Nov 22 16:20:19 infra2 etcd[21344]: {"level":"info","ts":"2026-11-22T16:20:19.261679Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"f9823a92073d27c9 [logterm: 270, index: 28, vote: 0] ignored MsgPreVote from 9c59853654d52fa6 [logterm: 254, index: 27] at term 270: lease is not expired (remaining ticks: 5)"}"#),
            text("{member} [{}] ignored {type} from {candidate} [logterm: {}, index: {}] at term {term}: lease is not expired (remaining ticks: {})", "3.0", "3.4").sample("Nov 22 16:06:23 db02 etcd[15335]: raft2026/11/22 16:06:23 INFO: daad84e8830c8d56 [logterm: 2, index: 461, vote: 6e3c8ac831e3371d] ignored MsgVote from 156aece9bda1c1c9 [logterm: 2, index: 461] at term 2: lease is not expired (remaining ticks: 1)"),
            text("{member} [{}] ignored vote from {candidate} [logterm: {}, index: {}] at term {term}: lease is not expired (remaining ticks: {})", "3.0", "3.0"),
        ],
    },
    Message {
        id: "raft-higher-term",
        class: Class::Context,
        fatal: false,
        means: "A peer is in a later term.",
        wordings: &[
            zap("{member} [term: {term}] received a {type} message with higher term from {peer} [term: {peer-term}]", "3.4", "HEAD").sample(r#"Nov 22 16:16:32 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:32.035157Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"1a9569e9f9a338 [term: 1] received a MsgVote message with higher term from 206e850c71404444 [term: 2]"}"#),
            text("{member} [term: {term}] received a {type} message with higher term from {peer} [term: {peer-term}]", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: 8f225d325773c893 [term: 1] received a MsgVote message with higher term from 6f5c313fae4630d8 [term: 2]"),
        ],
    },
    Message {
        id: "raft-new",
        class: Class::Context,
        fatal: false,
        means: "Raft begins; a last index of 0 is an empty log.",
        wordings: &[
            zap("newRaft {member} [peers: [{peers}], term: {term}, commit: {commit}, applied: {applied}, lastindex: {last}, lastterm: {lastterm}]", "3.4", "HEAD").sample(r#"Nov 22 16:16:31 db02 etcd[18222]: {"level":"info","ts":"2026-11-22T16:16:31.319214Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"newRaft 1a9569e9f9a338 [peers: [], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]"}"#),
            text("newRaft {member} [peers: [{peers}], term: {term}, commit: {commit}, applied: {applied}, lastindex: {last}, lastterm: {lastterm}]", "2.1", "3.4").sample("Nov 22 15:46:32 db03 etcd[6302]: newRaft 8f225d325773c893 [peers: [], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]"),
        ],
    },
    Message {
        id: "raft-tick-missed",
        class: Class::Symptom,
        fatal: false,
        means: "The process did not run when raft's clock ticked.",
        wordings: &[
            zap("{member} A tick missed to fire. Node blocks too long!", "3.4", "HEAD"),
            zap("{member} (leader {}) A tick missed to fire. Node blocks too long!", "3.4", "3.4"),
            text("{member} A tick missed to fire. Node blocks too long!", "3.4", "3.4"),
            text("{member} (leader {}) A tick missed to fire. Node blocks too long!", "3.4", "3.4"),
            text("A tick missed to fire. Node blocks too long!", "3.0", "3.3"),
        ],
    },
    Message {
        id: "raft-tocommit-out-of-range",
        class: Class::Fault,
        fatal: true,
        means: "The leader knows entries of this member which its log no longer holds: data was lost or replaced by an older copy.",
        wordings: &[
            zap("tocommit({tocommit}) is out of range [lastIndex({last})]. Was the raft log corrupted, truncated, or lost?", "3.4", "HEAD").sample(r#"Nov 22 16:09:26 infra2 etcd[15033]: {"level":"panic","ts":"2026-11-22T16:09:26.776983Z","logger":"raft","caller":"etcdserver/zap_raft.go:101","msg":"tocommit(365) is out of range [lastIndex(0)]. Was the raft log corrupted, truncated, or lost?","stacktrace":"go.etcd.io/etcd/server/etcdserver.(*zapRaftLogger).Panicf\n\tgo.etcd.io/etcd/server/etcdserver/zap_raft.go:101\ngo.etcd.io/etcd/raft.(*raftLog).commitTo\n\tgo.etcd.io/etcd/raft/log.go:237\ngo.etcd.io/etcd/raft.(*raft).handleHeartbeat\n\tgo.etcd.io/etcd/raft/raft.go:1508\ngo.etcd.io/etcd/raft.stepFollower\n\tgo.etcd.io/etcd/raft/raft.go:1434\ngo.etcd.io/etcd/raft.(*raft).Step\n\tgo.etcd.io/etcd/raft/raft.go:975\ngo.etcd.io/etcd/raft.(*node).run\n\tgo.etcd.io/etcd/raft/node.go:356"}"#),
            text("tocommit({tocommit}) is out of range [lastIndex({last})]. Was the raft log corrupted, truncated, or lost?", "2.2", "3.4").sample("panic: tocommit(216) is out of range [lastIndex(114)]. Was the raft log corrupted, truncated, or lost?"),
            text("tocommit({tocommit}) is out of range [lastIndex({last})]", "2.0", "2.2").sample("Mar 27 07:22:36 qa-1 etcd[559]: panic: tocommit(180018) is out of range [lastIndex(0)]"),
        ],
    },
    Message {
        id: "raft-log-conflict",
        class: Class::Fault,
        fatal: true,
        means: "The log differs from the leader's where it was already agreed on.",
        wordings: &[
            zap("entry {index} conflict with committed entry [committed({committed})]", "3.4", "HEAD"),
            text("entry {index} conflict with committed entry [committed({committed})]", "2.1", "3.4"),
        ],
    },
    Message {
        id: "raft-commit-beyond-log",
        class: Class::Fault,
        fatal: true,
        means: "The member once noted that more is agreed on than its log now holds: the end of its log is lost.",
        wordings: &[
            zap("{member} state.commit {tocommit} is out of range [{committed}, {last}]", "3.4", "HEAD"),
            text("{member} state.commit {tocommit} is out of range [{committed}, {last}]", "2.1", "3.4"),
        ],
    },
    Message {
        id: "raft-log-gap",
        class: Class::Fault,
        fatal: true,
        means: "The log does not hold what its state says.",
        wordings: &[
            zap("applied({applied}) is out of range [prevApplied({}), committed({committed})]", "3.4", "HEAD"),
            zap("slice[{},{}) out of bound [{},{last}]", "3.4", "HEAD"),
            zap("entries[{}:{}) is unavailable from storage", "3.4", "HEAD"),
            zap("entries' hi({}) is out of bound lastindex({last})", "3.4", "HEAD"),
            zap("missing log entry [last: {last}, append at: {}]", "3.4", "HEAD"),
            zap("snapshot {} is out of bound lastindex({last})", "3.4", "HEAD"),
            zap("unexpected committed entry index", "3.4", "HEAD").fields(&[("applied", "current-applied-index")]),
            text("applied({applied}) is out of range [prevApplied({}), committed({committed})]", "2.1", "3.4"),
            text("slice[{},{}) out of bound [{},{last}]", "2.1", "3.4"),
            text("entries[{}:{}) is unavailable from storage", "2.1", "3.4"),
            text("entries' hi({}) is out of bound lastindex({last})", "2.3", "3.4"),
            text("missing log entry [last: {last}, append at: {}]", "2.1", "3.4"),
            text("snapshot {} is out of bound lastindex({last})", "2.1", "3.4"),
            text("first index of committed entry[{}] should <= appliedi[{applied}] + 1", "2.1", "3.4"),
            text("entries's hi({}) is out of bound lastindex({last})", "2.1", "2.2"),
        ],
    },
    Message {
        id: "raft-restored-snapshot",
        class: Class::Context,
        fatal: false,
        means: "Raft goes on from a snapshot of the leader.",
        wordings: &[
            zap("{member} [commit: {commit}] restored snapshot [index: {index}, term: {term}]", "3.4", "HEAD"),
            text("{member} [commit: {commit}] restored snapshot [index: {index}, term: {term}]", "2.1", "3.4").sample("Nov 22 16:05:31 etcd-c etcd[7017]: raft2026/11/22 16:05:31 INFO: 4468fd5487f12cc9 [commit: 14381] restored snapshot [index: 14381, term: 2]"),
        ],
    },
    Message {
        id: "raft-transfer-started",
        class: Class::Context,
        fatal: false,
        means: "The leader hands over on purpose.",
        wordings: &[
            zap("{member} [term {term}] starts to transfer leadership to {transferee}", "3.4", "HEAD"),
            zap("leadership transfer starting", "3.4", "HEAD").fields(&[("leader", "current-leader-member-id"), ("transferee", "transferee-member-id")]),
            text("{member} [term {term}] starts to transfer leadership to {transferee}", "3.0", "3.4").sample("Nov 22 15:46:34 node1 etcd[6516]: raft2026/11/22 15:46:34 INFO: 71cc20c4dc63a741 [term 2] starts to transfer leadership to 95868556497e702e"),
            text("{member} starts leadership transfer from {leader} to {transferee}", "3.1", "3.4").sample("Nov 22 15:46:34 node1 etcd[6516]: 71cc20c4dc63a741 starts leadership transfer from 71cc20c4dc63a741 to 95868556497e702e"),
        ],
    },
    Message {
        id: "raft-transfer-finished",
        class: Class::Context,
        fatal: false,
        means: "The leader handed over.",
        wordings: &[
            zap("leadership transfer finished", "3.4", "HEAD").fields(&[("leader", "old-leader-member-id"), ("transferee", "new-leader-member-id"), ("took", "took")]).sample(r#"2026-11-22T22:28:28+0000 etcd-a etcd[53]: {"level":"info","ts":"2026-11-22T22:28:28.901975Z","caller":"etcdserver/server.go:1520","msg":"leadership transfer finished","local-member-id":"79547067e2a3ae33","old-leader-member-id":"79547067e2a3ae33","new-leader-member-id":"73fa75b3a5ef50c","took":"100.664397ms"}"#),
            text("{member} finished leadership transfer from {leader} to {transferee} (took {took})", "3.1", "3.4").sample("Nov 22 15:46:34 node1 etcd[6516]: 71cc20c4dc63a741 finished leadership transfer from 71cc20c4dc63a741 to 95868556497e702e (took 100.501583ms)"),
        ],
    },
    Message {
        id: "raft-transfer-failed",
        class: Class::Symptom,
        fatal: false,
        means: "The leader could not hand over.",
        wordings: &[
            zap("leadership transfer failed", "3.4", "HEAD").fields(&[("error", "error")]),
            text("{member} failed to transfer leadership ({error})", "3.1", "3.4"),
        ],
    },
    Message {
        id: "raft-unpromotable",
        class: Class::Symptom,
        fatal: false,
        means: "The member may not lead: it is not among the voters.",
        wordings: &[
            zap("{member} is unpromotable and can not campaign; ignoring MsgHup", "3.4", "3.4"),
            zap("{member} is unpromotable and can not campaign", "3.5", "HEAD"),
            text("{member} is unpromotable and can not campaign; ignoring MsgHup", "3.4", "3.4"),
        ],
    },
    Message {
        id: "raft-snap-not-member",
        class: Class::Symptom,
        fatal: false,
        means: "A snapshot of the leader does not name this member: it was removed, or never was one.",
        wordings: &[
            zap("{member} attempted to restore snapshot but it is not in the ConfState {}; should never happen", "3.4", "HEAD"),
            text("{member} attempted to restore snapshot but it is not in the ConfState {}; should never happen", "3.4", "3.4"),
        ],
    },
    Message {
        id: "raft-too-much-uncommitted",
        class: Class::Symptom,
        fatal: false,
        means: "The leader holds so many writes that are not agreed on that it drops new ones.",
        wordings: &[
            zap("{member} appending new entries to log would exceed uncommitted entry size limit; dropping proposal", "3.4", "HEAD"),
            text("{member} appending new entries to log would exceed uncommitted entry size limit; dropping proposal", "3.4", "3.4"),
        ],
    },
    Message {
        id: "raft-no-leader-transfer",
        class: Class::Symptom,
        fatal: false,
        means: "A request to hand over was dropped because nobody leads.",
        wordings: &[
            zap("{member} no leader at term {term}; dropping leader transfer msg", "3.4", "HEAD"),
            text("{member} no leader at term {term}; dropping leader transfer msg", "3.1", "3.4"),
        ],
    },
    Message {
        id: "raft-campaign-pending-change",
        class: Class::Symptom,
        fatal: false,
        means: "A member may not ask for votes while a change of members waits to be applied.",
        wordings: &[
            zap("{member} cannot campaign at term {term} since there are still {} pending configuration changes to apply", "3.4", "3.5"),
            zap("{member} cannot campaign at term {term} since there are still pending configuration changes to apply", "3.6", "HEAD"),
            text("{member} cannot campaign at term {term} since there are still {} pending configuration changes to apply", "3.1", "3.4"),
        ],
    },
    Message {
        id: "raft-snapshot-outdated",
        class: Class::Fault,
        fatal: true,
        means: "The leader sent a snapshot that is older than what this member applied.",
        wordings: &[
            zap("unexpected leader snapshot from outdated index", "3.4", "HEAD").fields(&[("index", "incoming-leader-snapshot-index"), ("applied", "current-applied-index")]),
            text("snapshot index [{index}] should > appliedi[{applied}] + 1", "2.1", "3.4"),
        ],
    },
];
