//! Small pastes as a support desk gets them, and what must, and must not, be concluded from each.

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Code, Diagnosis, Impact, State},
    words::EN,
};

const H3: &str = "https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
    https://10.0.0.2:2379 is healthy: successfully committed proposal: took = 2.3ms\n\
    https://10.0.0.3:2379 is healthy: successfully committed proposal: took = 3.3ms\n";

fn of(text: &str) -> Diagnosis {
    let file = ("paste.txt".to_owned(), text.as_bytes().to_vec());
    analyze::analyze(&[Input::Memory(vec![file])], &Limits::default(), &EN).expect("memory can always be read")
}

fn primary(text: &str) -> String {
    of(text).verdict.primary.map_or_else(|| "none".to_owned(), |code: Code| code.to_string())
}

/// The paste does not end in a healthy verdict, nor in "not hurt".
fn is_not_healthy(text: &str) {
    let verdict = of(text).verdict;
    assert!(verdict.primary.is_none_or(|code| !code.as_str().starts_with("healthy")), "{text}\n{verdict:?}");
    assert_ne!(verdict.impact, Impact::None, "{text}");
}

#[test]
fn three_healthy_endpoints_are_a_healthy_cluster() {
    assert_eq!(primary(H3), "healthy");
    assert_eq!(of(H3).verdict.impact, Impact::None);
}

#[test]
fn an_alarm_of_corruption_forbids_a_healthy_verdict() {
    is_not_healthy(&format!(
        "$ etcdctl alarm list\nmemberID:10501334649042878790 alarm:CORRUPT\n$ etcdctl endpoint health --cluster\n{H3}"
    ));
}

#[test]
fn hashes_that_differ_at_one_revision_forbid_a_healthy_verdict() {
    let hashes = r#"[{"Endpoint":"https://10.0.0.1:2379","HashKV":{"header":{"cluster_id":1,"member_id":11,"revision":42,"raft_term":3},"hash":1084519789,"compact_revision":1}},{"Endpoint":"https://10.0.0.2:2379","HashKV":{"header":{"cluster_id":1,"member_id":12,"revision":42,"raft_term":3},"hash":4084519789,"compact_revision":1}}]"#;
    is_not_healthy(&format!("{H3}{hashes}\n"));
}

#[test]
fn one_endpoint_says_nothing_about_a_cluster() {
    let healthy =
        of("[root@db-1 ~]# etcdctl endpoint health\n127.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n");
    assert!(healthy.verdict.primary.is_none_or(|_| healthy.verdict.confidence == etcd_triage::diagnosis::Confidence::Low));
    assert!(healthy.findings.is_empty(), "no note on a cluster of one");
    let refused = of(
        "[root@db-1 ~]# etcdctl endpoint health\n127.0.0.1:2379 is unhealthy: failed to connect: dial tcp 127.0.0.1:2379: connect: connection refused\n",
    );
    assert!(refused.findings.iter().all(|f| f.code.as_str() != "quorum.lost"));
}

#[test]
fn a_later_answer_overrides_an_earlier_one_in_the_same_terminal() {
    let later = "$ etcdctl endpoint health --cluster\nhttps://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.1ms\n\
        https://10.0.0.2:2379 is unhealthy: failed to commit proposal: context deadline exceeded\n\
        https://10.0.0.3:2379 is unhealthy: failed to connect: dial tcp 10.0.0.3:2379: connect: connection refused\n";
    is_not_healthy(&format!("$ etcdctl endpoint health --cluster\n{H3}{later}"));
    assert_eq!(primary(&format!("{later}$ etcdctl endpoint health --cluster\n{H3}")), "healthy");
}

#[test]
fn a_request_that_the_cluster_failed_forbids_a_healthy_verdict() {
    is_not_healthy(&format!("{H3}$ etcdctl put a b\nError: etcdserver: request timed out\n"));
}

#[test]
fn a_member_that_answers_that_it_has_no_leader_is_not_among_the_missing() {
    let lost = of("$ etcdctl endpoint health --cluster\n\
        https://10.0.0.1:2379 is unhealthy: failed to commit proposal: etcdserver: no leader\n\
        https://10.0.0.2:2379 is unhealthy: failed to connect: dial tcp 10.0.0.2:2379: connect: connection refused\n\
        https://10.0.0.3:2379 is unhealthy: failed to connect: dial tcp 10.0.0.3:2379: connect: connection refused\n");
    assert_eq!(lost.verdict.primary, Some(Code::new("quorum.lost")));
    let named: Vec<_> = lost.findings.iter().flat_map(|f| &f.members).map(|m| m.raw().to_owned()).collect();
    assert!(!named.contains(&"10.0.0.1".to_owned()) && named.contains(&"10.0.0.2".to_owned()), "{named:?}");
}

#[test]
fn a_learner_that_refuses_a_read_is_as_it_should_be() {
    let table = "+----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+\n\
        |       ENDPOINT       |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX | ERRORS |\n\
        +----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+\n\
        | https://10.0.0.4:2379 | f3408237c5cc98ac |  3.5.16 |  111 kB |     false |       true |         2 |        212 |                212 |        |\n\
        +----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+\n";
    let text = format!(
        "{table}\n{H3}https://10.0.0.4:2379 is unhealthy: failed to commit proposal: etcdserver: rpc not supported for learner\n"
    );
    assert_eq!(primary(&text), "healthy");
}

#[test]
fn a_client_that_cannot_reach_etcd_is_not_a_healthy_cluster() {
    is_not_healthy(
        "Mar 03 10:00:01 m1 kube-apiserver[99]: W0303 10:00:01.123456       1 clientconn.go:1208] grpc: addrConn.createTransport failed to connect to {https://127.0.0.1:2379  <nil> 0 <nil>}. Err :connection error: desc = \"transport: Error while dialing dial tcp 127.0.0.1:2379: connect: connection refused\". Reconnecting...\n",
    );
}

#[test]
fn programs_that_are_not_etcd_push_nothing_out() {
    let mut log: String = (0..200).map(|n| format!("Mar 03 09:00:00 db-1 prog{n}[1]: hello\n")).collect();
    log.push_str("Mar 03 10:00:01 db-1 etcd[812]: open wal error: wal: file not found\n");
    assert_eq!(primary(&log), "wal.missing");
}

#[test]
fn dates_that_cannot_be_compared_are_no_reason_to_fall_over() {
    let months = ["Jan", "Sep", "Apr", "Dec", "Jun", "Oct", "Mar", "Aug", "Feb", "Nov", "May", "Jul"];
    let lines = (0..600).map(|n| {
        let date = match n % 3 {
            0 => format!("{} {:2} 10:00:00", months[n * 7 % 12], n % 28 + 1),
            1 => format!("2023-{:02}-{:02}T10:00:00+0100", n * 5 % 12 + 1, n % 28 + 1),
            _ => format!("{} {:2} 23:59:59", months[n * 11 % 12], n % 28 + 1),
        };
        format!("{date} h{} etcd[1]: ready to serve client requests\n", n % 40)
    });
    assert_ne!(primary(&lines.collect::<String>()), "none");
}

#[test]
fn an_alarm_that_was_disarmed_is_over() {
    let text = format!(
        "$ etcdctl alarm list\nmemberID:10501334649042878790 alarm:NOSPACE\n$ etcdctl alarm disarm\nmemberID:10501334649042878790 alarm:NOSPACE\n$ etcdctl alarm list\n$ etcdctl endpoint health --cluster\n{H3}"
    );
    let diagnosis = of(&text);
    assert_eq!(diagnosis.verdict.primary, Some(Code::TRANSIENT));
    assert!(diagnosis.findings.iter().all(|f| f.state == State::Recovered));
}

#[test]
fn two_leaders_and_two_clusters_in_one_answer_are_no_healthy_cluster() {
    let status = |ep: &str, cluster: u64, id: u64, leader: u64| {
        format!(
            "{{\"Endpoint\":\"{ep}\",\"Status\":{{\"header\":{{\"cluster_id\":{cluster},\"member_id\":{id},\"revision\":9,\"raft_term\":2}},\"version\":\"3.5.9\",\"dbSize\":20480,\"leader\":{leader},\"raftIndex\":9,\"raftTerm\":2}}}}"
        )
    };
    let two = |cluster, leader| {
        format!("{H3}[{},{}]\n", status("https://10.0.0.1:2379", 7, 1, 1), status("https://10.0.0.2:2379", cluster, 2, leader))
    };
    is_not_healthy(&two(7, 2));
    is_not_healthy(&two(8, 1));
    assert_eq!(primary(&two(7, 1)), "healthy");
}

#[test]
fn a_cluster_on_one_machine_is_told_apart_by_its_ports() {
    let list = "1d05e4, started, a, http://127.0.0.1:12380, http://127.0.0.1:12379, false\n\
        2f1c8a, started, b, http://127.0.0.1:22380, http://127.0.0.1:22379, false\n\
        3a77b0, started, c, http://127.0.0.1:32380, http://127.0.0.1:32379, false\n";
    let healthy = |port: u32| format!("http://127.0.0.1:{port}2379 is healthy: successfully committed proposal: took = 2.1ms\n");
    let all = format!("{}{}{}{list}", healthy(1), healthy(2), healthy(3));
    assert_eq!(primary(&all), "healthy");
    let refused =
        "http://127.0.0.1:32379 is unhealthy: failed to connect: dial tcp 127.0.0.1:32379: connect: connection refused\n";
    let one_down = of(&format!("{}{}{refused}{list}", healthy(1), healthy(2)));
    assert_eq!(one_down.verdict.primary, Some(Code::new("member.down")));
    assert_eq!(one_down.findings[0].members, ["c".into()] as [etcd_triage::text::Untrusted; 1]);
}

#[test]
fn a_filter_that_lets_nothing_through_is_no_proof_that_there_is_no_alarm() {
    let alarm = "2020-04-07 00:04:00.932220 W | etcdserver: alarm NOSPACE raised by peer 8e9e05c52164694d\n";
    let state = |command: &str| {
        let diagnosis = of(&format!("{alarm}[root@db-1 ~]# {command}\n[root@db-1 ~]# \n"));
        diagnosis.findings.iter().find(|f| f.code.as_str() == "db.quota-exceeded").map(|f| f.state)
    };
    assert_eq!(state("etcdctl alarm list"), Some(State::Recovered));
    for command in ["etcdctl alarm list | grep CORRUPT", "etcdctl alarm list 2>/dev/null", "etcdctl alarm list > alarms.txt"] {
        assert_eq!(state(command), Some(State::Active), "{command}");
    }
}

#[test]
fn the_first_members_of_a_list_that_was_cut_are_not_all_members() {
    let list = "77963b585bad0299, started, a, http://10.0.0.1:2380, https://10.0.0.1:2379, false\n\
        2c2b493165507658, started, b, http://10.0.0.2:2380, https://10.0.0.2:2379, false\n";
    let healthy: String = H3.lines().take(2).map(|line| format!("{line}\n")).collect();
    let expected = |filter: &str| {
        let text = format!("$ etcdctl member list{filter}\n{list}$ etcdctl endpoint health --cluster{filter}\n{healthy}$ date\n");
        (of(&text).verdict.confidence == etcd_triage::diagnosis::Confidence::Low, of(&text).verdict.primary.is_some())
    };
    assert_eq!(expected(""), (false, true));
    assert_eq!(expected(" | head -2"), (true, true));
}

#[test]
fn a_few_slow_commits_of_some_hundred_forbid_no_healthy_verdict_and_one_in_ten_does() {
    let metrics = |slow: u64| {
        format!(
            "etcd_disk_backend_commit_duration_seconds_bucket{{le=\"0.128\"}} {fast}\n\
             etcd_disk_backend_commit_duration_seconds_bucket{{le=\"0.256\"}} {fast}\n\
             etcd_disk_backend_commit_duration_seconds_bucket{{le=\"0.512\"}} 160\n\
             etcd_disk_backend_commit_duration_seconds_bucket{{le=\"+Inf\"}} 160\n\
             etcd_disk_backend_commit_duration_seconds_count 160\n",
            fast = 160 - slow
        )
    };
    assert_eq!(primary(&format!("{H3}{}", metrics(3))), "healthy");
    is_not_healthy(&format!("{H3}{}", metrics(16)));
}
