//! Lines as programs printed them, and what is read of them.

use super::*;

fn read(text: &str) -> LogLine<'_> {
    LogLine::read(text).unwrap()
}

fn text<'a>(line: &LogLine<'a>) -> &'a str {
    match line.body {
        Body::Text(text) => text,
        Body::Zap(_) => panic!("zap"),
    }
}

#[test]
fn every_generation_of_etcd_is_read_by_its_own_header() {
    for (line, form, level, package, words) in [
        ("2015/06/25 10:00:00 etcdserver: text", Form::GoLog, None, Some("etcdserver"), "text"),
        ("2015/09/07 15:57:43 etcd: snap: empty snapshot", Form::GoLog, None, Some("etcd"), "snap: empty snapshot"),
        ("2015-09-03T10:00:00Z etcdserver: text", Form::Dated, None, Some("etcdserver"), "text"),
        ("2021-03-01 10:15:02.123456 W | rafthttp: a: b", Form::Capnslog, Some(Level::Warn), Some("rafthttp"), "a: b"),
        ("2021-03-01 10:15:02.123456 C | listen tcp 1: x", Form::Capnslog, Some(Level::Critical), None, "listen tcp 1: x"),
        ("2021-03-01 10:15:02.123456 I | etcdserver/api: t", Form::Capnslog, Some(Level::Info), Some("etcdserver/api"), "t"),
        ("2021-03-01 10:15:02.123456 [server.go:861] D | raft: t", Form::Capnslog, Some(Level::Debug), Some("raft"), "t"),
        ("WARNING: 2021/03/01 10:15:02 [core] [Channel #1] grpc: t", Form::Grpc, Some(Level::Warn), None, "grpc: t"),
        ("raft2021/03/01 10:15:02 INFO: t", Form::GoLog, Some(Level::Info), Some("raft"), "t"),
        ("{\"level\":\"warn\",\"ts\":\"2023-05-04T10:15:02Z\",\"msg\":\"m\"}", Form::Zap, Some(Level::Warn), None, "m"),
        ("2023-05-04T10:15:02Z\twarn\ta/b.go:1\tm\t{}", Form::ZapConsole, Some(Level::Warn), None, "m"),
    ] {
        let read = read(line);
        assert_eq!((read.form, read.level, read.package, read.words()), (form, level, package, words), "{line}");
        assert_eq!(
            read.stamp.unwrap().when().year(),
            Some(line.chars().filter(char::is_ascii_digit).take(4).collect::<String>().parse().unwrap())
        );
    }
}

#[test]
fn journald_and_syslog_give_host_process_and_number() {
    for (line, host, process, pid, words) in [
        ("Aug 28 09:36:01 host etcd: t", Some("host"), "etcd", None, "t"),
        ("Mar  1 10:15:02 node1 etcd[812]: a: b", Some("node1"), "etcd", Some(812), "a: b"),
        ("Sep  4 10:30:55   etcd[32979]: t", None, "etcd", Some(32979), "t"),
        ("3月 03 15:55:43 kn-1 etcd[20544]: t", Some("kn-1"), "etcd", Some(20544), "t"),
        ("Aug 28 09:36:01.123456 host k3s[1]: t", Some("host"), "k3s", Some(1), "t"),
        ("2021-03-01T10:15:02+0100 host etcd[812]: t", Some("host"), "etcd", Some(812), "t"),
        ("2021-03-01T10:15:02.123456+01:00 host etcd[812]: t", Some("host"), "etcd", Some(812), "t"),
        ("Oct 23 05:26:39 a.internal kernel: Call Trace:", Some("a.internal"), "kernel", None, "Call Trace:"),
        ("<30>Mar  1 10:15:02 node1 etcd: t", Some("node1"), "etcd", None, "t"),
        ("Mar  1 10:15:02 node1 etcd[812]:", Some("node1"), "etcd", Some(812), ""),
    ] {
        let read = read(line);
        assert_eq!((read.host, read.process, read.pid, read.words()), (host, Some(process), pid, words), "{line}");
        assert!(read.stamp.is_some() && read.level.is_none(), "{line}");
    }
}

#[test]
fn of_two_dates_the_one_that_says_more_is_the_stamp_and_the_other_is_kept() {
    for (line, stamp, other) in [
        (
            "Oct 23 05:26:39 h etcd[1]: 2017-10-23 05:26:39.216525 I | rafthttp: t",
            "2017-10-23 05:26:39.216525",
            "Oct 23 05:26:39",
        ),
        ("Mar 27 07:22:36 h etcd[5]: 2015/03/27 07:22:36 raft: t", "2015/03/27 07:22:36", "Mar 27 07:22:36"),
        (
            "2017-10-23T05:26:39+0000 h etcd[1]: 2017-10-23 05:26:39.2 I | raft: t",
            "2017-10-23T05:26:39+0000",
            "2017-10-23 05:26:39.2",
        ),
        (
            "Feb 22 09:08:14 h k3s[4]: {\"level\":\"warn\",\"ts\":\"2022-02-22T09:08:14.783-0700\",\"msg\":\"m\"}",
            "2022-02-22T09:08:14.783-0700",
            "Feb 22 09:08:14",
        ),
    ] {
        let read = read(line);
        assert_eq!((read.stamp.unwrap().as_read(), read.other.unwrap().as_read()), (stamp, other), "{line}");
    }
}

#[test]
fn every_form_of_journald_and_of_syslog_gives_its_time_and_who_spoke() {
    for (line, instant, pid) in [
        ("Nov 22 22:18:20.000022 h etcd[53]: t", None, Some(53)),
        ("2026-11-22T22:18:20.000022+0000 h etcd[53]: t", Some("2026-11-22T22:18:20.000022Z"), Some(53)),
        ("Sun 2026-11-22 22:18:20 UTC h etcd[53]: t", Some("2026-11-22T22:18:20Z"), Some(53)),
        ("Mon 2026-11-23 06:18:22 CST h etcd[53]: t", None, Some(53)),
        ("Mon 2026-11-23 06:18:22 +08 h etcd[53]: t", Some("2026-11-22T22:18:22Z"), Some(53)),
        ("Sun 2026-11-22 22:18:20 UTC h etcd.service[53]: t", Some("2026-11-22T22:18:20Z"), Some(53)),
        ("1795385900.000022 h etcd[53]: t", Some("2026-11-22T22:18:20.000022Z"), Some(53)),
        ("[    0.001023 <    0.000001 >] h etcd[53]: t", None, Some(53)),
        ("2026-11-22T22:18:20.123456+00:00 h etcd: t", Some("2026-11-22T22:18:20.123456Z"), None),
        ("<30>1 2026-11-22T22:18:20.1Z h etcd 53 - - \u{feff}t", Some("2026-11-22T22:18:20.1Z"), Some(53)),
        (r#"1 2026-11-22T22:18:20.1Z h etcd - x [a b="\]"][c] t"#, Some("2026-11-22T22:18:20.1Z"), None),
        ("Nov 22 22:18:20 h etcd[53]: Nov 22 22:18:20 h etcd[53]: t", None, Some(53)),
    ] {
        let read = read(line);
        assert_eq!((read.host, read.process, read.pid, read.words()), (Some("h"), Some("etcd"), pid, "t"), "{line}");
        assert_eq!(read.stamp.and_then(|s| s.instant()).map(|at| at.to_string()).as_deref(), instant, "{line}");
    }
    let first = read("Sun 2026-11-22 22:18:20 UTC h init.scope[1]: etcd.service: t");
    assert_eq!(first.process, Some("systemd"));
}

#[test]
fn a_service_of_windows_puts_a_date_before_the_line() {
    for line in [
        "2026-11-22 15:46:32.123: 2026-11-22 15:46:32.100000 W | rafthttp: t",
        "2026-11-22 15:46:32.123 2026-11-22 15:46:32.100000 W | rafthttp: t",
        "2026-11-22 15:46:32.123 WARNING: 2026/11/22 15:46:32 t",
    ] {
        assert_eq!((read(line).level, read(line).words()), (Some(Level::Warn), "t"), "{line}");
    }
    assert_eq!(read("2026-11-22 15:46:32.123 panic: t").words(), "panic: t");
}

#[test]
fn a_name_before_a_bar_is_peeled_and_a_level_is_not() {
    for line in [
        "etcd_1 | 2021-06-23 10:51:14.007935 C | etcdmain: t",
        "etcd1_1  | 2021-06-23 10:51:14.007935 C | etcdmain: t",
        "01:47:46 etcd2 | 2016-09-19 18:42:28.876054 C | auth: t",
        "\u{1b}[33metcd-1  | \u{1b}[0m2016-09-19 18:42:28.876054 C | auth: t",
    ] {
        assert_eq!((read(line).level, read(line).words()), (Some(Level::Critical), "t"), "{line}");
    }
    // The date was put elsewhere; the level and the package are there.
    let undated = read("W | rafthttp: t");
    assert_eq!((undated.level, undated.package, undated.words()), (Some(Level::Warn), Some("rafthttp"), "t"));
}

#[test]
fn a_name_that_a_tool_puts_before_a_record_tells_whose_it_is() {
    let zap = r#"{"level":"warn","ts":"2022-08-09T14:30:26.289Z","caller":"a.go:1","msg":"t"}"#;
    let capnslog = "2021-06-23 10:51:14.007935 W | etcdserver: t";
    let journal = format!("Jun 23 10:51:14 localhost etcd[81]: {zap}");
    for (line, host) in [
        (format!("etcd-0 etcd {zap}"), "etcd-0"),
        (format!("etcd-0 etcd {capnslog}"), "etcd-0"),
        (format!("\u{1b}[36;1metcd-0\u{1b}[0m \u{1b}[36metcd\u{1b}[0m {zap}"), "etcd-0"),
        (format!("[etcd-0 etcd] {zap}"), "etcd-0"),
        (format!("[etcd-0] {zap}"), "etcd-0"),
        (format!("db1 {zap}"), "db1"),
        (format!("10.0.0.1: {capnslog}"), "10.0.0.1"),
        (format!("db-1: {capnslog}"), "db-1"),
        (format!("db-1: {journal}"), "db-1"),
        // A host that tells its own name knows better.
        (format!("10.0.0.1: {}", journal.replace("localhost", "db-1")), "db-1"),
        (format!("db-1 | {capnslog}"), "db-1"),
        (format!("etcd1_1  | {capnslog}"), "etcd1_1"),
        (format!("etcd-1.log:{zap}"), "etcd-1"),
        (format!("logs/db-1/etcd.log:17:{capnslog}"), "db-1"),
        (format!("/var/log/pods/kube-system_etcd-db-1_0c4d/etcd/0.log:2022-08-09T14:30:26.3Z stderr F {zap}"), "etcd-db-1"),
    ] {
        let read = read(&line);
        assert_eq!((read.level, read.host, read.words()), (Some(Level::Warn), Some(host), "t"), "{line}");
    }
    for (line, host) in [
        (format!("etcd | {capnslog}"), None),
        (format!("v3.5.1 {zap}"), None),
        (format!("etcd {zap}"), None),
        (format!("etcd.log:{zap}"), None),
        (format!("/var/log/etcd-20220809.log:3:{zap}"), None),
        (format!("/var/log/messages:{journal}"), Some("localhost")),
        ("etcd-0 etcd is down since 10:51".to_owned(), None),
        ("2021-06-23 10:51:14 etcd-0 says nothing".to_owned(), None),
    ] {
        assert_eq!(read(&line).host, host, "{line}");
    }
}

#[test]
fn marks_of_pages_nodes_and_services_are_peeled_before_a_record_and_prose_is_left() {
    let zap = r#"{"level":"warn","ts":"2022-08-09T14:30:26.289Z","caller":"a.go:1","msg":"t"}"#;
    for (line, host) in [
        ("* 2020-03-18 21:54:17.502595 W | etcdserver: t".to_owned(), None),
        ("**> 2018-07-31 09:26:14.608328 W | etcdserver: t".to_owned(), None),
        ("    pxc_etcd.1.srj6veew@swarm-07    | 2018-04-03 18:26:25.520160 W | netutil: t".to_owned(), Some("swarm-07")),
        (format!("172.22.66.11: {zap}"), Some("172.22.66.11")),
        (format!("cp-1: {zap}"), Some("cp-1")),
        (format!("PUT: {zap}"), None),
        (r#"time="2024-10-03T06:22:51+03:00" level=warning msg="t" node=a"#.to_owned(), None),
    ] {
        let read = read(&line);
        assert_eq!((read.level, read.host, read.words()), (Some(Level::Warn), host, "t"), "{line}");
    }
    for prose in ["* etcd 3.4 prints W | etcdserver", "- see 2020-03-18", "note: {braces} in prose"] {
        assert_eq!(read(prose).words(), prose);
    }
}

#[test]
fn klog_is_recognised_and_the_words_of_etcds_client_are_the_body() {
    let line = read(
        "Jun 17 07:19:43 ecs-a kube-apiserver[27196]: E0617 07:19:43.826693   27196 watcher.go:188] watch chan error: etcdserver: mvcc: required revision has been compacted",
    );
    assert_eq!((line.form, line.level, line.process), (Form::Klog, Some(Level::Error), Some("kube-apiserver")));
    assert_eq!(text(&line), "etcdserver: mvcc: required revision has been compacted");
    assert_eq!(text(&read("I0813 12:29:17.730451 12 trace.go:205] Trace[1]: \"Update\"")), "Trace[1]: \"Update\"");
}

#[test]
fn a_crash_and_other_lines_without_a_header_are_text_without_a_date() {
    for line in [
        "panic: tocommit(216) is out of range",
        "goroutine 1 [running]:",
        "fatal error: fault",
        "\tmain.go:1 +0x1",
        "etcdserver: read wal error (x)",
    ] {
        let read = read(line);
        assert_eq!((read.stamp, read.level, read.form, text(&read)), (None, None, Form::Bare, line));
    }
    assert_eq!(LogLine::read(""), None);
    assert_eq!(LogLine::read("  \r"), None);
}

#[test]
fn a_merged_line_stands_for_many() {
    let line = read("2015-10-27 08:02:20.789354 W | rafthttp: t's buffer is full [merged 45 repeated lines in 1.899881922s]");
    assert_eq!((line.words(), line.repeats), ("t's buffer is full", 45));
    assert_eq!(read("2015-10-27 08:02:20.789354 W | rafthttp: t [merged x]").repeats, 1);
}

#[test]
fn the_kernels_own_log_has_a_year_and_no_zone() {
    let line = read("[Sun Nov 22 16:00:00 2026] Buffer I/O error on dev loop1, logical block 7");
    assert_eq!((line.process, line.stamp.unwrap().when().year()), (Some("kernel"), Some(2026)));
    assert_eq!(line.stamp.unwrap().instant(), None);
}

#[test]
fn a_syslog_header_is_found_behind_prose() {
    for (line, header) in [
        ("报错信息: Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found", "Aug 28"),
        ("报错信息:Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found", "Aug 28"),
        ("12:00:01 we saw: 3月 03 15:55:43 kn-1 etcd[20544]: t", "3月 03"),
        ("> Sep  4 10:30:55 h etcd[3]: t", "Sep  4"),
    ] {
        assert_eq!(find_syslog(line), line.find(header), "{line}");
    }
    for line in
        ["Aug 28 09:36:01 h etcd: t", "since Aug 28 09:36:01 it is down", "at 09:36:01", "", "Mar 01:02:03", "é Aug 28 09:36:01"]
    {
        assert_eq!(find_syslog(line), None, "{line}");
    }
}

#[test]
fn every_sample_of_the_catalogue_is_read_and_found_as_its_own_wording() {
    for message in messages::all() {
        for wording in message.wordings.iter().filter(|wording| !wording.sample.is_empty()) {
            let line = read(wording.sample);
            let hit = line.message().unwrap_or_else(|| panic!("{}: nothing found in {}", message.id, wording.sample));
            assert_eq!((hit.message.id, hit.wording.text), (message.id, wording.text), "{}", wording.sample);
            assert!(message.class != messages::Class::PeerDown || hit.get("peer").is_some(), "{}", wording.sample);
        }
    }
}

proptest::proptest! {
    #[test]
    fn whatever_stands_in_a_line_reading_it_ends_well(
        text in r#"(Aug 28 |3月 03 |2021-03-01T|E0617 |\[Sun Nov 2)?[0-9: .Z+-]{0,12}(h etcd\[1\]: |\{"level":"|a \| |\t)?.{0,30}"#,
    ) {
        let _ = find_syslog(&text);
        if let Some(line) = LogLine::read(&text) {
            let _ = line.message();
        }
    }
}

#[test]
fn a_date_that_kubectl_puts_before_the_line_is_taken_off() {
    let line = LogLine::read("2021-03-01T10:15:02.123456789Z 2021-03-01 10:15:02.123456 W | rafthttp: lost").unwrap();
    assert_eq!((line.words(), line.package, line.form), ("lost", Some("rafthttp"), Form::Capnslog));
    let zap = LogLine::read(r#"2023-05-04T10:15:02.2Z {"level":"warn","ts":"2023-05-04T10:15:02.123Z","msg":"slow fdatasync"}"#)
        .unwrap();
    assert_eq!((zap.words(), zap.form), ("slow fdatasync", Form::Zap));
    let own = LogLine::read("2015-09-03T10:00:00Z etcdserver: text").unwrap();
    assert_eq!(own.form, Form::Dated);
}

#[test]
fn the_kernel_speaks_with_seconds_since_the_boot_and_with_more_around_them() {
    let words = "Out of memory: Killed process 23391 (etcd) total-vm:12504288kB";
    for text in [
        "[12345.678901] ",
        "[    0.000001] ",
        "[12345.678901] [T23391] ",
        "[12345.678901][    C0] ",
        "kern  :err   : [12345.678901] ",
        "kern  :err   : [Sun Nov 22 16:00:00 2026] ",
        "Oct 23 05:26:39 db-1 kernel: [12345.678901] ",
        "[Sun Nov 22 16:07:47 2026] ",
    ] {
        let line = format!("{text}{words}");
        let read = LogLine::read(&line).unwrap();
        assert_eq!((read.process, read.words()), (Some("kernel"), words), "{text}");
    }
    // Words that look like a host and a program are the kernel's all the same.
    for text in ["[12345.678901] XFS (sdb1): t", "Oct 23 05:26:39 db-1 kernel: [12345.678901] XFS (sdb1): t"] {
        let read = read(text);
        assert_eq!((read.process, read.words()), (Some("kernel"), "XFS (sdb1): t"), "{text}");
    }
    for text in ["[0.123] compile: done", "[12345.678901]", "Oct 23 05:26:39 db-1 etcd[9]: [12345.678901] x"] {
        assert_ne!(LogLine::read(text).and_then(|read| read.process), Some("kernel"), "{text}");
    }
}
