//! Lines of metrics as they were written, torn and mended.

use super::*;

fn fragment(text: &str) -> Parsed<'_> {
    read(text, Scope::Fragment, false)
}

fn value_of(text: &str) -> Option<(f64, bool)> {
    match fragment(text) {
        Parsed::Sample { value, mended, .. } => Some((value, mended)),
        _ => None,
    }
}

#[test]
fn a_line_as_it_was_written_is_taken() {
    for (text, value) in [
        (r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 14"#, 14.0),
        (r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 29  "#, 29.0),
        ("  etcd_disk_wal_fsync_duration_seconds_sum 0.06295442799999999", 0.06295442799999999),
        ("etcd_server_quota_backend_bytes 2.147483648e+09", 2147483648.0),
        ("etcd_rafthttp_message_sent_latency_seconds_sum 2.3365e-05\r", 2.3365e-05),
        ("go_memstats_gc_cpu_fraction -0.5", -0.5),
        (r#"go_gc_duration_seconds{quantile="0.25",} 1e+06"#, 1e6),
        ("os_fd_used 12", 12.0),
    ] {
        assert_eq!(value_of(text), Some((value, false)), "{text}");
    }
    assert_eq!(fragment("# TYPE etcd_wal_fsync_durations_seconds histogram"), Parsed::Comment { mended: false });
}

#[test]
fn not_a_number_and_the_infinities_are_values() {
    assert!(value_of(r#"http_request_size_bytes{handler="prometheus",quantile="0.5"} NaN"#).unwrap().0.is_nan());
    assert_eq!(value_of("go_x +Inf"), Some((f64::INFINITY, false)));
    assert_eq!(value_of("go_x -Inf"), Some((f64::NEG_INFINITY, false)));
}

#[test]
fn a_timestamp_is_no_junk() {
    assert_eq!(value_of("etcd_server_has_leader 1 1535420161000"), Some((1.0, false)));
    assert_eq!(fragment("etcd_wal_fsync_durations_seconds_sum 104.9 3636339099864"), Parsed::Broken);
    assert!(matches!(read("up 1 -3", Scope::Whole, false), Parsed::Sample { mended: false, .. }));
}

#[test]
fn labels_are_unescaped_and_sorted() {
    let Parsed::Sample { labels, .. } = fragment(r#"etcd_x_total{z="a\\b\"c\nd\q", a="{,}=" } 1"#) else {
        panic!("not a sample")
    };
    let labels: Vec<_> = labels.iter().map(|(name, value)| (&**name, value.raw())).collect();
    assert_eq!(labels, [("a", "{,}="), ("z", "a\\b\"c\nd\\q")]);
}

#[test]
fn pieces_of_the_meter_in_front_are_cut() {
    let row = r#"etcd_wal_fsync_durations_seconds_bucket{le="0.004"} 291947"#;
    for head in [
        "0",
        "0 ",
        ".",
        "M",
        "k",
        "-",
        ":-",
        ".5",
        " --:--",
        "36",
        "100 35236 100 352",
        "100 33668  100 33668    0     0  4159k      0 --:--:-- --:--:-- --:--",
        "\r  0     0    0     0    0     0      0      0 --:--:--  0:00:01 --:--:--     0",
        "12:",
    ] {
        assert_eq!(value_of(&format!("{head}{row}")), Some((291947.0, true)), "{head}");
    }
    for text in ["36# TYPE etcd_wal_fsync_durations_seconds histogram", "100 352# HELP etcd_wal_fsync_durations_seconds The"] {
        assert_eq!(fragment(text), Parsed::Comment { mended: true });
    }
}

#[test]
fn pieces_of_the_meter_behind_are_cut() {
    let row = r#"etcd_wal_fsync_durations_seconds_bucket{le="0.004"} 291947"#;
    for tail in [" 0 --:--:--", " 0", "--:--:--", " --:--:-- --:--:-- --:--:-- 3441k", " 100 352k", "-"] {
        assert_eq!(value_of(&format!("{row}{tail}")), Some((291947.0, true)), "{tail}");
    }
    assert_eq!(fragment("# TYPE etcd_x histogram 0 --:--"), Parsed::Comment { mended: true });
}

#[test]
fn the_marks_of_an_author_are_cut() {
    assert_eq!(value_of(r#"etcd_x_bucket{le="0.008"} 292001 <= 99.95%"#), Some((292001.0, true)));
    assert_eq!(value_of(r#"etcd_x_bucket{le="0.008"} 292001 ← 8ms以内"#), Some((292001.0, true)));
}

#[test]
fn a_value_that_the_meter_has_torn_is_broken() {
    let name = r#"etcd_wal_fsync_durations_seconds_bucket{le="0.004"}"#;
    for value in [
        " 29 0 --:--1947",
        " 29 1947",
        " 29--:--1947",
        " 29194--  0:00:07",
        " 0 291947",
        " --:--:-- 291947",
        " --:--",
        "0 291947",
        " 0291947",
        " 291947k",
        " 291947.",
        " 291947:-- --:--:--",
        " 29.1947",
        " -5",
        " NaN",
        " 29x",
    ] {
        assert_eq!(fragment(&format!("{name}{value}")), Parsed::Broken, "{value}");
    }
}

#[test]
fn a_torn_name_or_label_is_broken() {
    for text in [
        r#"etcd_wal_fs --:--ync_durations_seconds_bucket{le="0.004"} 291947"#,
        r#"etcd_wal_fs0 ync_durations_seconds_bucket{le="0.004"} 291947"#,
        r#"etcd_wal_fsync_durations_seconds_bucket{le="0.0 0 04"} 291947"#,
        r#"etcd_wal_fsync_durations_seconds_bucket{l--:--e="0.004"} 291947"#,
        r#"etcd_x_bucket{le="0.1"} 5 etcd_x_bucket{le="0.2"} 5"#,
        "etcd_x 5 etcd_y 6",
    ] {
        assert_eq!(fragment(text), Parsed::Broken, "{text}");
    }
}

#[test]
fn a_line_cut_off_is_broken() {
    for text in [
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.0"#,
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001\"#,
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001""#,
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"}"#,
        "etcd_disk_wal_fsync_duration_seconds_bucket{l",
        "etcd_disk_wal_fsync_duration_seconds_bucket{le=",
        "etcd_disk_wal_fsync_duration_seconds_bucket{",
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"} 1e+"#,
        "# TYPE etcd_disk_wal_fsync_duration_seconds hist",
        "# TYPE etcd_disk_wal_fsync_duration_seconds",
    ] {
        assert_eq!(fragment(text), Parsed::Broken, "{text}");
    }
}

#[test]
fn a_bare_name_is_broken_only_amid_metric_lines() {
    for text in ["etcd_disk_wal_fsync_duration_seco", "etcd_disk_wal_fsync_duration_seconds_sum 2.5e-"] {
        assert_eq!(fragment(text), Parsed::NotMetric, "{text}");
        assert_eq!(read(text, Scope::Fragment, true), Parsed::Broken, "{text}");
        assert_eq!(read(text, Scope::Whole, false), Parsed::Broken, "{text}");
    }
}

#[test]
fn prose_and_promql_are_no_metric_lines() {
    for text in [
        r"Etcd的wal\_fsync\_durations指标用于标识etcd对磁盘操作状态，官方给出的建议99%的延时应该少于8ms。",
        "see etcd_disk_wal_fsync_duration_seconds for more",
        "etcd_disk_wal_fsync_duration_seconds is the latency of fsync",
        "etcd_server_has_leader 0 means that there is no leader",
        "etcd_server_has_leader: 1",
        "etcd_server_has_leader.",
        "- etcd_server_has_leader",
        "# etcd_server_has_leader",
        "# HELP yourself",
        r#"etcd_server_has_leader{job="etcd"} == 0"#,
        r#"etcd_disk_wal_fsync_duration_seconds_bucket{job=~".*etcd.*"}[5m]"#,
        "etcd_disk_wal_fsync_duration_seconds_bucket{...} 5",
        "curl http://127.0.0.1:2379/metrics | grep fsync",
        "[root@cloudos18803 ~]# curl http://127.0.0.1:2379/metrics | grep etcd_wal",
        "http_proxy=http://10.0.0.1:3128",
        "member 2c2b493165507658 is healthy: got healthy result from http://10.133.188.2:2379",
        "up 1",
        "etcd_",
        "0     0curl: (6) Could not resolve host: db03.etcd.internal",
        "",
    ] {
        assert_eq!(fragment(text), Parsed::NotMetric, "{text}");
    }
}

#[test]
fn log_lines_are_no_metric_lines() {
    for text in [
        "2018-08-28 09:36:01.123456 I | etcdserver: etcd_server_has_leader 0",
        "2018-08-28 09:36:01 etcd_server_has_leader 0",
        "Aug 28 09:36:01 cloudos18803 etcd: etcd_server_has_leader 0",
        r#"{"level":"warn","ts":"2026-08-28T09:36:01Z","msg":"etcd_server_has_leader 0"}"#,
    ] {
        assert_eq!(fragment(text), Parsed::NotMetric, "{text}");
    }
}

#[test]
fn any_identifier_is_a_metric_of_a_whole_exposition_in_the_exact_shape() {
    assert!(matches!(read(r#"kube_x{a="b"} 1"#, Scope::Whole, false), Parsed::Sample { name: "kube_x", mended: false, .. }));
    assert_eq!(read("# EOF", Scope::Whole, false), Parsed::Comment { mended: false });
    for text in [
        "up 1 --:--",
        "up",
        "curl: (7) Failed to connect to 10.61.94.11 port 2379 after 5 ms",
        "<p>Error 1",
        "404 page not found",
    ] {
        assert_eq!(read(text, Scope::Whole, false), Parsed::NotMetric, "{text}");
    }
}

#[test]
fn rows_of_the_meter_are_known() {
    for text in [
        "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
        "                                 Dload  Upload   Total   Spent    Left  Speed",
        "% Total % Received % Xferd Average Speed Time Time Time Current",
        "Dload Upload Total Spent Left Speed",
        "  0     0    0     0    0     0      0      0 --:--:--  0:00:24 --:--:--     0",
        "100 33358  100 33358    0     0  10.2M      0 --:--:-- --:--:-- --:--:-- 10.6M",
        "100 33358  100 ",
        "--:--:--:--:--:-- 3441k",
        ":-- 4696k",
        "31075    0     0  5458k      0 --:--:-- --:--:-- --:--:-- 6069k",
    ] {
        assert!(is_progress_meter(text), "{text}");
        assert_eq!(fragment(text), Parsed::NotMetric, "{text}");
    }
    for text in ["", "0", "2018-08-28 09:36:01", "1024 2048 4096", "1 0 0 812 1 2 3 4 5 6 7 8 9", "10.0.0.1:2379", "% of all"] {
        assert!(!is_progress_meter(text), "{text}");
    }
}
