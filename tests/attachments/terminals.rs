//! Cases: terminals of all styles, folders of any depth with names that say nothing, encodings, and what a terminal's width does.

use crate::{
    cases::{ALL, CHECK, Case, KILLED, PLAIN, Sent, files, health, one},
    recording::{Recording, gzip, member_table, paste, wrapped},
};

/// A check of all members behind one prompt.
fn checked(r: &Recording, prompt: &str) -> Sent {
    one("paste.txt", paste(&[(prompt, CHECK, health(r, "etcd-a"))]))
}

const THE_SECOND: &[&str] = &["10.198.187.11", "10.198.187.12", "10.198.187.13"];
const IS_DOWN: &[(&str, &str, &str)] = &[("member.down", "active", "10.198.187.12")];

/// A case that says the same behind whatever prompt.
const BEHIND_A_PROMPT: Case = Case {
    fixture: KILLED,
    primary: Some("member.down"),
    findings: IS_DOWN,
    members: THE_SECOND,
    inspect: &["etcdctl"],
    ..PLAIN
};

pub(crate) const CASES: &[Case] = &[
    Case { name: "a PowerShell", sends: |r| checked(r, "PS C:\\Users\\ops>"), ..BEHIND_A_PROMPT },
    Case { name: "a console of Windows", sends: |r| checked(r, "C:\\etcd>"), ..BEHIND_A_PROMPT },
    Case { name: "an arrow and a home", sends: |r| checked(r, "➜  ~"), ..BEHIND_A_PROMPT },
    Case { name: "a bare dollar", sends: |r| checked(r, "$"), ..BEHIND_A_PROMPT },
    Case { name: "a bare hash", sends: |r| checked(r, "#"), ..BEHIND_A_PROMPT },
    Case {
        name: "a container's root",
        sends: |r| checked(r, "root@etcd-a:/#"),
        inspect: &["etcdctl", "etcd-a"],
        ..BEHIND_A_PROMPT
    },
    Case { name: "SUSE", sends: |r| checked(r, "etcd-a:~ #"), inspect: &["etcdctl", "etcd-a"], ..BEHIND_A_PROMPT },
    Case {
        name: "three hosts by ssh from a fourth, in one paste",
        fixture: KILLED,
        sends: |r| {
            let ps = "ps -C etcd -o user,pid,ppid,stat,lstart,rss,pcpu,args";
            let part = |node: &'static str| (format!("ssh root@{node} {ps}"), r.text(&format!("{node}/host/ps.txt")));
            let parts = ["etcd-a", "etcd-b", "etcd-c"].map(part);
            let mut all: Vec<(&str, &str, String)> =
                parts.iter().map(|(command, out)| ("[ops@jump ~]$", command.as_str(), out.clone())).collect();
            all.push(("[ops@jump ~]$", "ssh root@etcd-a etcdctl member list -w json", r.text("etcd-a/etcdctl/member-list.json")));
            one("input", paste(&all))
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        says: &["etcd does not run on etcd-b"],
        inspect: &["ps", "etcd-a, etcd-b, etcd-c"],
        ..PLAIN
    },
    Case {
        name: "a table of members that a terminal of 80 columns broke",
        fixture: KILLED,
        sends: |r| {
            let table = wrapped(&member_table(r, "etcd-a"), 80);
            one(
                "input",
                paste(&[
                    ("[root@etcd-a ~]#", "etcdctl member list -w table", table),
                    ("[root@etcd-a ~]#", CHECK, health(r, "etcd-a")),
                ]),
            )
        },
        primary: Some("member.down"),
        findings: &[("member.down", "active", "etcd-b")],
        members: ALL,
        ..PLAIN
    },
    Case {
        name: "health by curl, its meter before the answer on the same line",
        fixture: "lab-idle-3.5.1",
        sends: |r| {
            let meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r100    29  100    29    0     0   4250      0 --:--:-- --:--:-- --:--:--  4250";
            let parts = ["etcd-a", "etcd-b", "etcd-c"].map(|node| {
                let answer = r.text(&format!("{node}/http/health.json"));
                (format!("[root@{node} ~]#"), format!("{meter}{answer}\n"))
            });
            let all: Vec<(&str, &str, String)> =
                parts.iter().map(|(prompt, out)| (prompt.as_str(), "curl http://127.0.0.1:2379/health", out.clone())).collect();
            one("input", paste(&all))
        },
        primary: Some("healthy"),
        members: ALL,
        inspect: &["etcd's HTTP", "etcd-a, etcd-b, etcd-c"],
        ..PLAIN
    },
    Case {
        name: "GBK from a chat, with full-width signs in the log's line",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| {
            let line = r.grep("etcd-c/journal/etcd.log", "wal: file not found").replace(": ", "：");
            let text =
                format!("张三 14:03\n节点检查的时候发现下面的报错，请帮忙看看是什么问题\n{line}\n李四 14:05\n收到，马上处理\n");
            one("聊天记录.txt", encoding_rs::GBK.encode(&text).0.into_owned())
        },
        primary: Some("wal.missing"),
        findings: &[("wal.missing", "active", "etcd-c")],
        members: &["etcd-c"],
        ..PLAIN
    },
    Case {
        name: "folders in folders, with default names and copies",
        fixture: "lab-disk-full-3.5.1",
        sends: |r| {
            files(&[
                ("故障/2026-11-22/附件/etcd (2).txt", r.text("etcd-b/journal/etcd.log")),
                ("故障/2026-11-22/附件/新建文本文档.txt", r.text("etcd-b/host/df.txt")),
                ("故障/2026-11-22/附件/副本/a (1).json", r.text("etcd-a/etcdctl/member-list.json")),
                ("故障/health - 副本.txt", health(r, "etcd-a")),
            ])
        },
        primary: Some("disk.full"),
        findings: &[("disk.full", "active", "etcd-b"), ("member.down", "active", "etcd-b")],
        members: ALL,
        inspect: &["etcd's flags · etcd-b", "df", "77 of 77 lines understood"],
        counts: &[("disk.full", 1)],
        seen: &[("disk.full", "2026-11-22T22:23:56.639Z", "2026-11-22T22:23:56.639Z")],
        ..PLAIN
    },
    Case {
        name: "rotated and compressed, deep in a folder of each host",
        fixture: "lab-disk-full-3.5.1",
        sends: |r| {
            let log = |node: &str| gzip(&r.text(&format!("{node}/journal/etcd.log")));
            vec![
                ("10/var/log/messages-20261122.gz".to_owned(), log("etcd-b")),
                ("11/var/log/messages-20261122.gz".to_owned(), log("etcd-a")),
                ("12/var/log/messages-20261122.gz".to_owned(), log("etcd-c")),
            ]
        },
        primary: Some("disk.full"),
        findings: &[("disk.full", "active", "etcd-b")],
        members: ALL,
        inspect: &["etcd's flags · etcd-a", "etcd's flags · etcd-b", "etcd's flags · etcd-c"],
        ..PLAIN
    },
    Case {
        name: "a journal with short dates that says from when to when it reaches",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| {
            let log = r.text("etcd-c/journal/etcd.log").replace("2026-11-22T", "Nov 22 ").replace("+0000 etcd-c ", " etcd-c ");
            let span = "-- Logs begin at Sun 2026-11-22 20:00:01 UTC, end at Sun 2026-11-22 23:59:59 UTC. --\n";
            one("input", paste(&[("[root@etcd-c ~]#", "journalctl -u etcd", format!("{span}{log}"))]))
        },
        primary: Some("healthy.transient"),
        findings: &[("wal.missing", "recovered", "etcd-c")],
        members: &["etcd-c"],
        counts: &[("wal.missing", 1)],
        seen: &[("wal.missing", "2026-11-22T22:25:01Z", "2026-11-22T22:25:01Z")],
        ..PLAIN
    },
    Case {
        name: "the same journal without its head has dates and no years",
        fixture: "lab-wal-not-found-3.3.25",
        sends: |r| {
            let log = r.text("etcd-c/journal/etcd.log").replace("2026-11-22T", "Nov 22 ").replace("+0000 etcd-c ", " etcd-c ");
            one("input", paste(&[("[root@etcd-c ~]#", "journalctl -u etcd", log)]))
        },
        primary: Some("healthy.transient"),
        findings: &[("wal.missing", "recovered", "etcd-c")],
        members: &["etcd-c"],
        says: &["\"time_as_read\":\"Nov 22 22:25:01\""],
        ..PLAIN
    },
];
