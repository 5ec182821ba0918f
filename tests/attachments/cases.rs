//! The cases: what is sent, and what must come out.

use crate::recording::{Recording, gzip, paste};

/// Paths and contents of what is sent.
pub(crate) type Sent = Vec<(String, Vec<u8>)>;

/// One letter to the desk.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The recording from which it is taken.
    pub(crate) fixture: &'static str,
    pub(crate) sends: fn(&Recording) -> Sent,
    pub(crate) primary: Option<&'static str>,
    /// Code, state and one of the members of findings that must be there.
    pub(crate) findings: &'static [(&'static str, &'static str, &'static str)],
    /// Members that must be known.
    pub(crate) members: &'static [&'static str],
    /// Words that must stand somewhere in the diagnosis.
    pub(crate) says: &'static [&'static str],
    /// Words that `inspect` must say of it: kinds of evidence, hosts, lines that were not understood.
    pub(crate) inspect: &'static [&'static str],
    /// How often findings were seen, by code.
    pub(crate) counts: &'static [(&'static str, u64)],
    /// When findings were first and last seen, by code: beginnings of the instants.
    pub(crate) seen: &'static [(&'static str, &'static str, &'static str)],
}

/// What most cases leave out.
pub(crate) const PLAIN: Case = Case {
    name: "",
    fixture: "",
    sends: |_| Vec::new(),
    primary: None,
    findings: &[],
    members: &[],
    says: &[],
    inspect: &[],
    counts: &[],
    seen: &[],
};

pub(crate) const ALL: &[&str] = &["etcd-a", "etcd-b", "etcd-c"];
pub(crate) const KILLED: &str = "lab-member-killed-3.5.1";

pub(crate) fn one(path: &str, bytes: impl Into<Vec<u8>>) -> Sent {
    vec![(path.to_owned(), bytes.into())]
}

pub(crate) fn files(all: &[(&str, String)]) -> Sent {
    all.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes())).collect()
}

/// Both streams of a check of all members, as a terminal shows them.
pub(crate) fn health(r: &Recording, node: &str) -> String {
    let path = format!("{node}/etcdctl/endpoint-health-cluster.txt");
    r.text(&path) + &r.text(&format!("{path}.stderr"))
}

pub(crate) const CHECK: &str = "etcdctl endpoint health --cluster";

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "three logs called after their members",
        fixture: KILLED,
        sends: |r| ["etcd-a", "etcd-b", "etcd-c"].map(|n| (format!("{n}.log"), r.bare_log(n).into_bytes())).to_vec(),
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &[],
        ..PLAIN
    },
    Case {
        name: "logs with names that say nothing, known by the ids within",
        fixture: KILLED,
        sends: |r| files(&[("etcd (1).txt", r.bare_log("etcd-a")), ("etcd (2).txt", r.bare_log("etcd-c"))]),
        primary: Some("member.down"),
        findings: &[],
        members: &["etcd-a", "etcd-c"],
        says: &["etcd (1).txt", "etcd (2).txt"],
        ..PLAIN
    },
    Case {
        name: "a Red Hat terminal with a check of all members",
        fixture: KILLED,
        sends: |r| one("paste.txt", paste(&[("[root@etcd-a ~]#", CHECK, health(r, "etcd-a"))])),
        primary: Some("member.down"),
        findings: &[("member.down", "active", "10.198.187.12")],
        members: &["10.198.187.11", "10.198.187.12", "10.198.187.13"],
        says: &["context deadline exceeded"],
        ..PLAIN
    },
    Case {
        name: "a Debian terminal with sudo, variables and a member list",
        fixture: KILLED,
        sends: |r| {
            let list = "sudo ETCDCTL_API=3 /usr/local/bin/etcdctl member list -w json";
            one(
                "input",
                paste(&[
                    ("ops@etcd-a:~$", list, r.text("etcd-a/etcdctl/member-list.json")),
                    ("ops@etcd-a:~$", CHECK, health(r, "etcd-a")),
                ]),
            )
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &[],
        ..PLAIN
    },
    Case {
        name: "two hosts in one paste",
        fixture: KILLED,
        sends: |r| {
            one(
                "input",
                paste(&[
                    ("[root@etcd-a ~]#", "etcdctl member list -w json", r.text("etcd-a/etcdctl/member-list.json")),
                    ("[root@etcd-b ~]#", "ps -C etcd -o user,pid,ppid,stat,lstart,rss,pcpu,args", r.text("etcd-b/host/ps.txt")),
                    ("[root@etcd-b ~]#", "curl -sS http://127.0.0.1:2379/health", r.text("etcd-b/http/health.json.stderr")),
                    ("[root@etcd-a ~]#", CHECK, health(r, "etcd-a")),
                ]),
            )
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &["etcd does not run on etcd-b", "Couldn't connect to server"],
        ..PLAIN
    },
    Case {
        name: "a fenced article with prose around",
        fixture: KILLED,
        sends: |r| {
            one(
                "case.md",
                format!("# 集群告警\n\n检查结果如下:\n\n```console\n$ {CHECK}\n{}```\n\n请协助分析。\n", health(r, "etcd-a")),
            )
        },
        primary: Some("member.down"),
        findings: &[],
        members: &["10.198.187.12"],
        says: &[],
        ..PLAIN
    },
    Case {
        name: "Windows line ends and a byte order mark",
        fixture: KILLED,
        sends: |r| {
            let text = String::from_utf8(paste(&[("[root@etcd-a ~]#", CHECK, health(r, "etcd-a"))])).unwrap_or_default();
            one("日志.txt", format!("\u{feff}{}", text.replace('\n', "\r\n")))
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "10.198.187.12")],
        members: &[],
        says: &[],
        ..PLAIN
    },
    Case {
        name: "attachments in a folder of their own, one with a Chinese default name",
        fixture: "lab-idle-3.5.1",
        sends: |r| {
            files(&[
                ("附件/status (1).json", r.text("etcd-a/etcdctl/endpoint-status-cluster.json")),
                ("附件/新建文本文档.txt", r.text("etcd-a/etcdctl/member-list.json")),
                ("附件/health.txt", r.text("etcd-a/etcdctl/endpoint-health-cluster.txt")),
                ("metrics.txt", r.text("etcd-a/metrics/1.prom")),
            ])
        },
        primary: Some("healthy"),
        findings: &[],
        members: ALL,
        says: &["3 of 3 members answered healthy", "no log of etcd was sent"],
        ..PLAIN
    },
    Case {
        name: "one endpoint alone says nothing of a cluster",
        fixture: "lab-idle-3.5.1",
        sends: |r| one("input", paste(&[("$", "etcdctl endpoint health", r.text("etcd-a/etcdctl/endpoint-health.txt"))])),
        primary: Some("healthy"),
        findings: &[],
        members: &[],
        says: &["\"confidence\":\"low\"", "Nothing is wrong in what was sent", "etcdctl endpoint health --cluster"],
        ..PLAIN
    },
    Case {
        name: "a rotated log in gzip beside its successor",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| {
            let log = r.text("etcd-c/journal/etcd.log");
            let half = log.lines().count() / 2;
            let part = |lines: Vec<&str>| lines.join("\n") + "\n";
            vec![
                ("messages-20261122.gz".to_owned(), gzip(&part(log.lines().take(half).collect()))),
                ("messages".to_owned(), part(log.lines().skip(half).collect()).into_bytes()),
            ]
        },
        primary: Some("healthy.transient"),
        findings: &[("wal.missing", "recovered", "etcd-c")],
        members: &["etcd-c"],
        says: &["a later start found it"],
        counts: &[("wal.missing", 1)],
        seen: &[("wal.missing", "2026-11-22T22:25:01Z", "2026-11-22T22:25:01Z")],
        ..PLAIN
    },
    Case {
        name: "the line of the daily check, without anything else",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| one("input", format!("error: {}", r.grep("etcd-c/journal/etcd.log", "wal: file not found"))),
        primary: Some("wal.missing"),
        findings: &[("wal.missing", "active", "etcd-c")],
        members: &["etcd-c"],
        says: &["2026-11-22T22:"],
        seen: &[("wal.missing", "2026-11-22T22:25:01Z", "2026-11-22T22:25:01Z")],
        ..PLAIN
    },
    Case {
        name: "the line, and a check of all members of etcd 3.3 by API 2",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| {
            one(
                "input",
                paste(&[
                    (
                        "[root@etcd-c ~]#",
                        "journalctl -u etcd | grep wal",
                        r.grep("etcd-c/journal/etcd.log", "wal: file not found"),
                    ),
                    ("[root@etcd-c ~]#", "etcdctl cluster-health", r.text("etcd-c/etcdctl/cluster-health.txt")),
                ]),
            )
        },
        primary: Some("healthy.transient"),
        findings: &[("wal.missing", "recovered", "etcd-c")],
        members: &[],
        says: &["3 of 3 members answered healthy"],
        ..PLAIN
    },
    Case {
        name: "JSON of 3.5: the same fault in the log of the later generation",
        fixture: "lab-wal-not-found-3.5.1",
        sends: |r| one("etcd.log", r.bare_log("etcd-a")),
        primary: Some("healthy.transient"),
        findings: &[("wal.missing", "recovered", "etcd-a")],
        members: &["etcd-a"],
        says: &[],
        ..PLAIN
    },
    Case {
        name: "alarms by mouth of the health check",
        fixture: "lab-quota-3.5.16",
        sends: |r| one("input", paste(&[("root@etcd-a:~#", CHECK, health(r, "etcd-a"))])),
        primary: Some("db.quota-exceeded"),
        findings: &[],
        members: &[],
        says: &["NOSPACE"],
        ..PLAIN
    },
    Case {
        name: "alarm list and member list as two files",
        fixture: "lab-quota-3.5.16",
        sends: |r| {
            files(&[
                ("alarm.json", r.text("etcd-a/etcdctl/alarm-list.json")),
                ("members.json", r.text("etcd-a/etcdctl/member-list.json")),
            ])
        },
        primary: Some("db.quota-exceeded"),
        findings: &[("db.quota-exceeded", "active", "etcd-a")],
        members: ALL,
        says: &[],
        ..PLAIN
    },
    Case {
        name: "metrics of the slow member, taken with curl's progress meter through it",
        fixture: "lab-slow-fsync-3.4.23",
        sends: |r| {
            let meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r100  156k    0  156k    0     0  13.8M      0 --:--:-- --:--:-- --:--:-- 13.8M\n";
            let output = format!("{meter}{}", r.grep("etcd-b/metrics/2.prom", "fsync"));
            one("input", paste(&[("[root@etcd-b ~]#", "curl http://127.0.0.1:2379/metrics | grep fsync", output)]))
        },
        primary: Some("disk.slow-fsync"),
        findings: &[("disk.slow-fsync", "active", "etcd-b")],
        members: &["etcd-b"],
        says: &["64 ms"],
        ..PLAIN
    },
    Case {
        name: "a full disk: df and the last words",
        fixture: "lab-disk-full-3.5.1",
        sends: |r| {
            one(
                "input",
                paste(&[
                    ("[root@etcd-b ~]#", "df -P -k /var/lib/etcd", r.text("etcd-b/host/df.txt")),
                    ("[root@etcd-b ~]#", "journalctl -u etcd | grep fatal", r.grep("etcd-b/journal/etcd.log", "\"fatal\"")),
                ]),
            )
        },
        primary: Some("disk.full"),
        findings: &[("disk.full", "active", "etcd-b")],
        members: &["etcd-b"],
        says: &["no space left on device", "100% /var/lib/etcd"],
        ..PLAIN
    },
    Case {
        name: "the log of a member with a foreign certificate, from one of the others",
        fixture: "lab-foreign-certificate-3.4.23",
        sends: |r| {
            let log = r.text("etcd-a/journal/etcd.log");
            one("etcd-a.log", log.lines().take(600).map(|line| format!("{line}\n")).collect::<String>())
        },
        primary: Some("tls.bad-cert"),
        findings: &[],
        members: &["etcd-a"],
        says: &["x509"],
        ..PLAIN
    },
    Case {
        name: "a typing error in a flag",
        fixture: "lab-wrong-flag-3.5.16",
        sends: |r| one("journal.txt", r.text("etcd-a/journal/etcd.log")),
        primary: Some("config.invalid"),
        findings: &[("config.invalid", "active", "etcd-a")],
        members: &["etcd-a"],
        says: &["flag provided but not defined"],
        ..PLAIN
    },
    Case {
        name: "too few open files",
        fixture: "lab-few-files-3.5.1",
        sends: |r| one("etcd.log", r.bare_log("etcd-a")),
        primary: Some("fd.exhausted"),
        findings: &[("fd.exhausted", "active", "etcd-a")],
        members: &["etcd-a"],
        says: &[],
        ..PLAIN
    },
    Case {
        name: "the survivor of three",
        fixture: "lab-quorum-lost-3.5.1",
        sends: |r| {
            files(&[
                ("etcd-b/status.json", r.text("etcd-b/etcdctl/endpoint-status.json")),
                ("etcd-b/health.json", r.text("etcd-b/http/health.json")),
                ("etcd-b/etcd.log", r.text("etcd-b/journal/etcd.log")),
            ])
        },
        primary: Some("quorum.lost"),
        findings: &[("quorum.lost", "active", "etcd-a")],
        members: ALL,
        says: &[],
        ..PLAIN
    },
    Case {
        name: "a partition, seen by the two that still see each other",
        fixture: "lab-partition-3.4.23",
        sends: |r| files(&[("etcd-a.txt", r.text("etcd-a/journal/etcd.log")), ("etcd-c.txt", r.text("etcd-c/journal/etcd.log"))]),
        primary: Some("net.partition"),
        findings: &[("net.partition", "active", "10.221.251.12")],
        members: &["etcd-a", "etcd-c"],
        says: &["i/o timeout"],
        ..PLAIN
    },
    Case {
        name: "an emptied log of writes: last words alone",
        fixture: "lab-wal-emptied-3.4.23",
        sends: |r| one("etcd-c.log", r.bare_log("etcd-c")),
        primary: Some("member.mismatch"),
        findings: &[("member.mismatch", "active", "etcd-c")],
        members: &["etcd-c"],
        says: &["already been bootstrapped"],
        ..PLAIN
    },
    Case {
        name: "a healthy log is no healthy cluster",
        fixture: "lab-load-3.4.23",
        sends: |r| one("etcd-a.log", r.bare_log("etcd-a")),
        primary: Some("healthy"),
        findings: &[],
        members: &["etcd-a"],
        says: &["\"confidence\":\"low\"", "Nothing is wrong in what was sent", "etcdctl endpoint health --cluster"],
        ..PLAIN
    },
    Case {
        name: "killed, and back: the journal of one member and a check of all",
        fixture: "lab-member-came-back-3.5.30",
        sends: |r| {
            files(&[
                ("etcd-b/journal.txt", r.text("etcd-b/journal/etcd.log")),
                ("health.txt", health(r, "etcd-a")),
                ("members.txt", r.text("etcd-a/etcdctl/member-list.json")),
            ])
        },
        primary: Some("healthy.transient"),
        findings: &[("member.down", "recovered", "etcd-b")],
        members: ALL,
        says: &["was killed with SIGKILL"],
        ..PLAIN
    },
];
