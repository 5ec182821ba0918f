//! What is said of the cluster as a whole: its majority, who led, who cannot reach whom, and whose log reaches furthest.

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{ClusterRow, Diagnosis},
    words::EN,
};

fn of(files: &[(&str, String)]) -> Diagnosis {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes())).collect();
    analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read")
}

fn cluster(diagnosis: &Diagnosis) -> &ClusterRow {
    diagnosis.cluster.as_ref().expect("the evidence tells of a cluster")
}

/// A member's journal: raft's own line at a start, and the lines behind it.
fn journal(name: &str, id: u64, last: u64, term: u64, more: &[(&str, &str)]) -> (String, String) {
    let mut text = format!(
        "2026-11-22T10:00:00.000000+0000 {name} etcd[9]: newRaft {id:x} [peers: [], term: {term}, commit: {last}, applied: 0, \
         lastindex: {last}, lastterm: {term}]\n"
    );
    for (time, words) in more {
        text.push_str(&format!("{time}.000000+0000 {name} etcd[9]: {words}\n"));
    }
    (format!("nodes/{name}/journal.txt"), text)
}

const NOT_FOUND: (&str, &str) = ("2026-11-22T10:00:01", "open wal error: wal: file not found");

const LIST: &str = "1a: name=db-1 peerURLs=http://10.0.0.1:2380 clientURLs=http://10.0.0.1:2379 isLeader=false\n\
    2b: name=db-2 peerURLs=http://10.0.0.2:2380 clientURLs=http://10.0.0.2:2379 isLeader=false\n\
    3c: name=db-3 peerURLs=http://10.0.0.3:2380 clientURLs=http://10.0.0.3:2379 isLeader=false\n";

/// db-2 and db-3 do not run; db-1 runs, has no leader, and stands at index 212.
fn two_of_three_gone(journals: Vec<(String, String)>) -> Diagnosis {
    let status = "Failed to get the status of endpoint http://10.0.0.2:2379 (context deadline exceeded)\n\
        Failed to get the status of endpoint http://10.0.0.3:2379 (context deadline exceeded)\n\
        +----------------------+------------------+---------+---------+-----------+-----------+------------+-----------------------+\n\
        |       ENDPOINT       |        ID        | VERSION | DB SIZE | IS LEADER | RAFT TERM | RAFT INDEX |        ERRORS         |\n\
        +----------------------+------------------+---------+---------+-----------+-----------+------------+-----------------------+\n\
        | http://10.0.0.1:2379 |               1a |  3.4.23 |  111 kB |     false |        99 |        212 | etcdserver: no leader |\n\
        +----------------------+------------------+---------+---------+-----------+-----------+------------+-----------------------+\n";
    let refused = "curl: (7) Failed to connect to HOST port 2379 after 0 ms: Couldn't connect to server\n";
    let mut files = vec![
        ("members.txt".to_owned(), LIST.to_owned()),
        ("nodes/db-1/status.txt".to_owned(), status.to_owned()),
        ("nodes/db-2/health.txt".to_owned(), refused.replace("HOST", "10.0.0.2")),
        ("nodes/db-3/health.txt".to_owned(), refused.replace("HOST", "10.0.0.3")),
    ];
    files.extend(journals);
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    of(&files)
}

fn dangerous_step(diagnosis: &Diagnosis) -> String {
    let finding = diagnosis.findings.iter().find(|f| f.code.as_str() == "quorum.lost").expect("the quorum is lost");
    finding.steps.last().expect("it says what to do").step.clone()
}

#[test]
fn whose_log_reaches_furthest_is_named_where_the_others_surely_end_before() {
    // Both ended at that start: what raft said then is where their logs end.
    let gone = two_of_three_gone(vec![journal("db-2", 0x2b, 180, 4, &[NOT_FOUND]), journal("db-3", 0x3c, 311, 4, &[NOT_FOUND])]);
    assert_eq!(cluster(&gone).furthest.as_ref().map(|key| key.raw()), Some("db-3"));
    assert_eq!(cluster(&gone).margin, Some(-2));
    assert!(dangerous_step(&gone).contains("reaches furthest: db-3."), "{}", dangerous_step(&gone));
}

#[test]
fn a_member_that_served_after_its_start_can_be_ahead_and_nobody_is_named() {
    let served = [("2026-11-22T10:00:02", "published {Name:db-2 ClientURLs:[http://10.0.0.2:2379]} to cluster 40633689c6fa9390")];
    let gone = two_of_three_gone(vec![journal("db-2", 0x2b, 180, 4, &served), journal("db-3", 0x3c, 111, 4, &[NOT_FOUND])]);
    assert_eq!(cluster(&gone).furthest, None);
    assert!(dangerous_step(&gone).contains("compare RAFT INDEX"), "{}", dangerous_step(&gone));
    let reach: Vec<(&str, u64, bool)> = cluster(&gone).reach.iter().map(|r| (r.member.raw(), r.index, r.is_end)).collect();
    assert_eq!(reach, [("db-1", 212, true), ("db-2", 180, false), ("db-3", 111, true)]);
}

#[test]
fn of_a_member_that_sent_nothing_it_is_said_that_nothing_is_known() {
    let gone = two_of_three_gone(vec![journal("db-2", 0x2b, 180, 4, &[])]);
    let unknown: Vec<&str> = cluster(&gone).reach_unknown.iter().map(|key| key.raw()).collect();
    assert_eq!((unknown, cluster(&gone).furthest.clone()), (vec!["db-3"], None));
}

#[test]
fn names_of_snapshots_tell_how_far_a_log_reaches_and_their_term() {
    let listing = "/var/lib/etcd/member/snap:\ntotal 28\n\
        -rw------- 1 etcd etcd 9243 Nov 22 16:02 0000000000000007-00000000000001f4.snap\n\
        -rw------- 1 etcd etcd 9243 Nov 22 16:04 0000000000000008-00000000000003e8.snap\n";
    let gone = two_of_three_gone(vec![("nodes/db-3/data-dir.txt".to_owned(), listing.to_owned())]);
    let row = cluster(&gone).reach.iter().find(|row| row.member.raw() == "db-3").expect("its snapshots were listed");
    assert_eq!((row.index, row.last_term, row.told_by, row.is_end), (1000, Some(8), "snapshot name", false));
}

#[test]
fn a_link_has_its_sides_its_reasons_and_its_end() {
    let health = "WARN: 2026/11/22 the health check could not connect\n";
    let by = |name: &str, id: &str, peer: &str, up: bool| {
        let mut text = format!(
            "2026-11-22T10:00:00.000000+0000 {name} etcd[9]: starting member {id} in cluster 7c\n\
             2026-11-22T10:05:00.000000+0000 {name} etcd[9]: lost the TCP streaming connection with peer {peer} (stream Message reader)\n\
             2026-11-22T10:05:04.000000+0000 {name} etcd[9]: health check for peer {peer} could not connect: dial tcp 10.0.0.3:2380: i/o timeout\n"
        );
        if up {
            text.push_str(&format!("2026-11-22T10:06:00.000000+0000 {name} etcd[9]: peer {peer} became active\n"));
        }
        text
    };
    let told = of(&[
        ("members.txt", LIST.to_owned()),
        ("nodes/db-1/journal.txt", by("db-1", "1a", "3c", false)),
        ("nodes/db-2/journal.txt", by("db-2", "2b", "3c", true)),
        ("nodes/db-3/journal.txt", by("db-3", "3c", "1a", false)),
        ("notes.txt", health.to_owned()),
    ]);
    let links: Vec<_> = cluster(&told)
        .links
        .iter()
        .map(|l| (l.from.raw(), l.to.raw(), l.reasons.clone(), l.count, l.up_again, l.both_ways))
        .collect();
    assert_eq!(
        links,
        [
            ("db-1", "db-3", vec!["no answer"], 2, false, true),
            ("db-2", "db-3", vec!["no answer"], 2, true, false),
            ("db-3", "db-1", vec!["no answer"], 2, false, true),
        ]
    );
}

#[test]
fn each_term_has_one_leader_by_its_own_log_first() {
    let led = |name: &str, id: &str, lines: &[(&str, &str)]| {
        let mut text = format!("2026-11-22T10:00:00.000000+0000 {name} etcd[9]: starting member {id} in cluster 7c\n");
        for (at, words) in lines {
            text.push_str(&format!("2026-11-22T{at}.000000+0000 {name} etcd[9]: {words}\n"));
        }
        text
    };
    let told = of(&[
        ("members.txt", LIST.to_owned()),
        (
            "nodes/db-1/journal.txt",
            led(
                "db-1",
                "1a",
                &[("10:00:03", "1a became leader at term 2"), ("10:09:01", "raft.node: 1a elected leader 2b at term 5")],
            ),
        ),
        ("nodes/db-2/journal.txt", led("db-2", "2b", &[("10:09:00", "2b became leader at term 5")])),
    ]);
    let elections: Vec<_> =
        cluster(&told).elections.iter().map(|e| (e.term, e.leader.raw(), e.time.as_ref().map(|t| t.raw().to_owned()))).collect();
    assert_eq!(
        elections,
        [(2, "db-1", Some("2026-11-22T10:00:03Z".to_owned())), (5, "db-2", Some("2026-11-22T10:09:00Z".to_owned())),]
    );
}

/// db-3's clock is seven minutes ahead: it blames both others. db-1 ends at 10:05 by the common clock, and db-3 says at "10:10" that it lost it.
fn skewed(blames: &[&str]) -> Vec<(String, Option<i64>)> {
    let blamed: Vec<(&str, String)> = blames
        .iter()
        .map(|id| ("2026-11-22T10:09:00", format!("the clock difference against peer {id} is too high [7m0.0002s > 1s]")))
        .collect();
    let mut told: Vec<(&str, &str)> = blamed.iter().map(|(time, words)| (*time, words.as_str())).collect();
    told.push(("2026-11-22T10:10:00", "lost the TCP streaming connection with peer 1a (stream Message reader)"));
    let first = journal("db-1", 0x1a, 200, 4, &[("2026-11-22T10:05:00", "received terminated signal, shutting down...")]);
    let third = journal("db-3", 0x3c, 200, 4, &told);
    let diagnosis = of(&[("members.txt", LIST.to_owned()), (&first.0, first.1), (&third.0, third.1)]);
    let ends = ["2026-11-22T10:05:00Z", "2026-11-22T10:10:00Z"];
    let rows = diagnosis.timeline.iter().filter(|event| event.time.as_deref().is_some_and(|time| ends.contains(&time)));
    rows.map(|event| (event.member.as_ref().map(|key| key.raw().to_owned()).unwrap_or_default(), event.clock_offset_us)).collect()
}

#[test]
fn what_a_member_with_a_wrong_clock_tells_stands_where_it_belongs_by_the_others() {
    let order = skewed(&["1a", "2b"]);
    let ahead = Some(420_000_200);
    assert_eq!(order, [("db-3".to_owned(), ahead), ("db-1".to_owned(), None)], "10:10 there is 10:03 here");
}

#[test]
fn where_only_one_other_was_measured_nothing_tells_whose_clock_is_wrong_and_times_stay() {
    let order = skewed(&["1a"]);
    assert_eq!(order, [("db-1".to_owned(), None), ("db-3".to_owned(), None)]);
}

#[test]
fn a_line_from_before_the_clock_was_set_stays_where_it_is() {
    // db-3 stops at 10:02 by the common clock; then its clock is set seven minutes ahead, which the others' logs do not reach back to.
    let set = [
        ("2026-11-22T10:02:00", "received terminated signal, shutting down..."),
        ("2026-11-22T10:11:00", "the clock difference against peer 1a is too high [7m0.0002s > 1s]"),
        ("2026-11-22T10:11:00", "the clock difference against peer 2b is too high [7m0.0002s > 1s]"),
    ];
    let first = journal("db-1", 0x1a, 200, 4, &[("2026-11-22T10:05:00", "received terminated signal, shutting down...")]);
    let third = journal("db-3", 0x3c, 200, 4, &set);
    let diagnosis = of(&[("members.txt", LIST.to_owned()), (&first.0, first.1), (&third.0, third.1)]);
    let at = |time: &str| {
        diagnosis.timeline.iter().find(|event| event.time.as_deref() == Some(time)).map(|event| event.clock_offset_us)
    };
    assert_eq!(at("2026-11-22T10:02:00Z"), Some(None), "10:02 was right: set by seven minutes it would lie before all logs");
    assert_eq!(at("2026-11-22T10:11:00Z"), Some(Some(420_000_200)));
}

const PS: &str = "USER         PID    PPID STAT                  STARTED   RSS %CPU COMMAND\n";

#[test]
fn a_host_of_operators_on_which_no_etcd_runs_is_no_member_and_a_members_host_is() {
    let keys = |more: &[(&str, &str)]| -> Vec<String> {
        let files: Vec<(&str, String)> =
            [("members.txt", LIST)].iter().chain(more).map(|(path, text)| (*path, (*text).to_owned())).collect();
        of(&files).members.iter().map(|member| member.key.raw().to_owned()).collect()
    };
    assert_eq!(keys(&[("nodes/jump-1/host/ps.txt", PS), ("nodes/db-3/host/ps.txt", PS)]), ["db-1", "db-2", "db-3"]);
    // Its data lies there: an etcd that stands still, whoever it is.
    let df = "Filesystem     1024-blocks    Used Available Capacity Mounted on\n/dev/sdb1         10218772 5093252   4586628      53% /var/lib/etcd\n";
    let with_data = keys(&[("nodes/store-3/host/ps.txt", PS), ("nodes/store-3/host/df.txt", df)]);
    assert_eq!(with_data, ["db-1", "db-2", "db-3", "store-3"]);
    // Nobody else is known: somebody looked for etcd on this host, and it should run there.
    let alone = of(&[("nodes/db-1/host/ps.txt", PS.to_owned())]);
    assert_eq!(alone.members.first().map(|member| member.key.raw()), Some("db-1"));
}
