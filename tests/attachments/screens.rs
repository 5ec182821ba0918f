//! Cases: screens of other tools beside what a recording holds.

use crate::{
    cases::{ALL, CHECK, Case, KILLED, PLAIN, health, one},
    recording::{Recording, paste},
};

/// `kubectl describe pod` of the member that was killed.
const POD: &str = "\
Name:                 etcd-etcd-b
Namespace:            kube-system
Priority Class Name:  system-node-critical
Node:                 etcd-b/10.198.187.12
Start Time:           Sun, 22 Nov 2026 10:00:00 +0000
Status:               Running
IP:                   10.198.187.12
Containers:
  etcd:
    Container ID:  containerd://1a2b3c4d
    Image:         registry.k8s.io/etcd:3.5.1-0
    Command:
      etcd
      --name=etcd-b
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       REASON
      Exit Code:    137
      Started:      Sun, 22 Nov 2026 22:10:00 +0000
      Finished:     Sun, 22 Nov 2026 22:19:23 +0000
    Ready:          False
    Restart Count:  7
Conditions:
  Type              Status
  Ready             False
Events:
  Type     Reason     Age                 From     Message
  ----     ------     ----                ----     -------
  Warning  BackOff    3m (x12 over 20m)   kubelet  Back-off restarting failed container
";

const STATE: &str = r#"{"Status":"exited","Running":false,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":0,"ExitCode":2,"Error":"","StartedAt":"2026-11-22T10:00:00.1Z","FinishedAt":"2026-11-22T22:19:23.2Z"}
"#;

const TOP: &str = "\
top - 22:20:52 up 9 min,  0 user,  load average: 22.52, 21.34, 10.64
Tasks:  85 total,   1 running,  84 sleeping,   0 stopped,   0 zombie
%Cpu(s): 60.0 us, 20.0 sy,  0.0 ni, 10.0 id,  8.0 wa,  0.0 hi,  0.0 si,  2.0 st
MiB Mem :  24105.1 total,  18394.9 free,    653.3 used,   5371.2 buff/cache
MiB Swap:      0.0 total,      0.0 free,      0.0 used.  23451.8 avail Mem

    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
  16021 root      20   0  497780 157948  83304 S  93.8   0.6   0:02.06 java
";

const FREE: &str = "\
               total        used        free      shared  buff/cache   available
Mem:            23Gi       733Mi        17Gi       8.7Mi       5.2Gi        22Gi
Swap:             0B          0B          0B
";

const VMSTAT: &str = "\
procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
 3  0      0 18828096  33540 5467352    0    0  2535  5631  351  435 42  7 50  1  0
";

const CHRONY: &str = "\
Reference ID    : 0A000009 (ntp1)
Stratum         : 3
Ref time (UTC)  : Sun Nov 22 22:22:08 2026
System time     : 420.123456789 seconds fast of NTP time
Last offset     : +0.000012345 seconds
Leap status     : Normal
";

const SS: &str = "\
State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      4096       127.0.0.1:2379      0.0.0.0:*    users:((\"etcd\",pid=53,fd=9))
LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:((\"sshd\",pid=12,fd=3))
";

const LIMITS: &str = "\
Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            70                   70                   files
";

const KILL: &str = "[12345.678901] Out of memory: Killed process 23391 (etcd) total-vm:12504288kB, anon-rss:57184kB, file-rss:25168kB, shmem-rss:0kB, UID:0 pgtables:372kB oom_score_adj:0
";

fn members(r: &Recording) -> (&'static str, &'static str, String) {
    ("[root@etcd-a ~]#", "etcdctl member list -w json", r.text("etcd-a/etcdctl/member-list.json"))
}

fn check(r: &Recording) -> (&'static str, &'static str, String) {
    ("[root@etcd-a ~]#", CHECK, health(r, "etcd-a"))
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a pod that was killed for want of memory, and a check of all members",
        fixture: KILLED,
        sends: |r| {
            let pod = POD.replace("REASON", "OOMKilled");
            one(
                "input",
                paste(&[members(r), check(r), ("[root@etcd-a ~]#", "kubectl -n kube-system describe pod etcd-etcd-b", pod)]),
            )
        },
        primary: Some("mem.oom"),
        findings: &[("mem.oom", "active", "etcd-b"), ("member.down", "active", "etcd-b")],
        members: ALL,
        says: &["OOMKilled", "\"impact\":\"degraded\""],
        inspect: &["container"],
        seen: &[("mem.oom", "2026-11-22T22:19:23Z", "2026-11-22T22:19:23Z")],
        ..PLAIN
    },
    Case {
        name: "a pod that ended with 137 is one that somebody killed, and no more",
        fixture: KILLED,
        sends: |r| {
            let pod = POD.replace("REASON", "Error");
            one(
                "input",
                paste(&[members(r), check(r), ("[root@etcd-a ~]#", "kubectl -n kube-system describe pod etcd-etcd-b", pod)]),
            )
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &["how it ended last"],
        ..PLAIN
    },
    Case {
        name: "the state of a container that exited",
        fixture: KILLED,
        sends: |r| {
            one(
                "input",
                paste(&[members(r), check(r), ("[root@etcd-b ~]#", "docker inspect -f '{{json .State}}' etcd", STATE.into())]),
            )
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &["ExitCode"],
        inspect: &["container"],
        ..PLAIN
    },
    Case {
        name: "the kernel's own word, stamped with seconds since the boot",
        fixture: KILLED,
        sends: |r| one("input", paste(&[members(r), check(r), ("[root@etcd-b ~]#", "dmesg | tail -1", KILL.into())])),
        primary: Some("mem.oom"),
        findings: &[("mem.oom", "active", "etcd-b")],
        members: ALL,
        counts: &[("mem.oom", 1)],
        inspect: &["log of the system"],
        ..PLAIN
    },
    Case {
        name: "the end of a certificate beside the lines that refuse it",
        fixture: "lab-expired-certificate-3.5.1",
        sends: |r| {
            let openssl = "openssl x509 -noout -subject -dates -in /etc/etcd/pki/peer.crt";
            let shown = "subject=CN = etcd-c\nnotBefore=Nov 20 22:30:47 2026 GMT\nnotAfter=Nov 21 22:30:47 2026 GMT\n".to_owned();
            one(
                "input",
                paste(&[
                    members(r),
                    ("[root@etcd-a ~]#", "journalctl -u etcd -o short-iso", r.text("etcd-a/journal/etcd.log")),
                    ("[root@etcd-b ~]#", "journalctl -u etcd -o short-iso", r.text("etcd-b/journal/etcd.log")),
                    ("[root@etcd-c ~]#", openssl, shown),
                ]),
            )
        },
        primary: Some("tls.expired"),
        findings: &[("tls.expired", "active", "etcd-c")],
        members: ALL,
        says: &["notAfter=Nov 21 22:30:47 2026 GMT", "\"confidence\":\"high\""],
        inspect: &["certificates", "log of etcd"],
        ..PLAIN
    },
    Case {
        name: "a clock that chrony says is ahead, in a cluster that is well",
        fixture: "lab-idle-3.5.1",
        sends: |r| one("input", paste(&[members(r), check(r), ("[root@etcd-b ~]#", "chronyc tracking", CHRONY.into())])),
        primary: Some("clock.skew"),
        findings: &[("clock.skew", "active", "etcd-b")],
        members: ALL,
        says: &["420.1 s ahead", "\"impact\":\"none\""],
        inspect: &["clock"],
        ..PLAIN
    },
    Case {
        name: "busy hosts are no fault where all members are well",
        fixture: "lab-idle-3.5.1",
        sends: |r| {
            one(
                "input",
                paste(&[
                    members(r),
                    check(r),
                    ("[root@etcd-b ~]#", "top -b -n1 | head -8", TOP.into()),
                    ("[root@etcd-b ~]#", "free -h", FREE.into()),
                    ("[root@etcd-b ~]#", "vmstat", VMSTAT.into()),
                    ("[root@etcd-b ~]#", "ss -ltnp", SS.into()),
                ]),
            )
        },
        primary: Some("healthy"),
        members: ALL,
        inspect: &["load and CPU, memory, sockets", "26 of 26 lines understood"],
        ..PLAIN
    },
    Case {
        name: "the limit of open files beside the last words",
        fixture: "lab-few-files-3.5.1",
        sends: |r| {
            one(
                "input",
                paste(&[
                    ("[root@etcd-a ~]#", "journalctl -u etcd -o short-iso", r.text("etcd-a/journal/etcd.log")),
                    ("[root@etcd-a ~]#", "cat /proc/$(pgrep -xo etcd)/limits", LIMITS.into()),
                ]),
            )
        },
        primary: Some("fd.exhausted"),
        findings: &[("fd.exhausted", "active", "etcd-a")],
        members: &["etcd-a"],
        says: &["Max open files            70"],
        counts: &[("fd.exhausted", 1)],
        seen: &[("fd.exhausted", "2026-11-22T22:29:46", "2026-11-22T22:29:46")],
        inspect: &["open files"],
    },
];
