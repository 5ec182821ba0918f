//! Whole expositions, and fragments of them.

use super::*;
use crate::bundle::Source;
use crate::parse::histogram::Bounds;

/// The terminal of the article "网络震荡导致一个节点etcd报错无法打开文件" (2018), as it was pasted.
const ARTICLE: &str = r#"Etcd的wal\_fsync\_durations指标用于标识etcd对磁盘操作状态，官方给出的建议99%的延时应该少于8ms。
[root@cloudos18803 ~]# curl http://127.0.0.1:2379/metrics | grep fsync  
% Total % Received % Xferd Average Speed Time Time Time Current  
Dload Upload Total Spent Left Speed  
100 35236 100 352# HELP etcd_wal_fsync_durations_seconds The latency distributions of fsync called by wal.  
36# TYPE etcd_wal_fsync_durations_seconds histogram  
etcd_wal_fsync_durations_seconds_bucket{le="0.001"} 291808  
etcd_wal_fsync_durations_seconds_bucket{le="0.002"} 291899  
0 etcd_wal_fsync_durations_seconds_bucket{le="0.004"} 291947  
etcd_wal_fsync_durations_seconds_bucket{le="0.008"} 292001  
0 etcd_wal_fsync_durations_seconds_bucket{le="0.016"} 292068  
etcd_wal_fsync_durations_seconds_bucket{le="0.032"} 292117  
etcd_wal_fsync_durations_seconds_bucket{le="0.064"} 292120  
3 etcd_wal_fsync_durations_seconds_bucket{le="0.128"} 292125  
2 etcd_wal_fsync_durations_seconds_bucket{le="0.256"} 292127  
9 etcd_wal_fsync_durations_seconds_bucket{le="0.512"} 292131  
2 etcd_wal_fsync_durations_seconds_bucket{le="1.024"} 292135  
ketcd_wal_fsync_durations_seconds_bucket{le="2.048"} 292136  
etcd_wal_fsync_durations_seconds_bucket{le="4.096"} 292136  
etcd_wal_fsync_durations_seconds_bucket{le="8.192"} 292136  
etcd_wal_fsync_durations_seconds_bucket{le="+Inf"} 292136  
etcd_wal_fsync_durations_seconds_sum 104.93636339099864  
0 etcd_wal_fsync_durations_seconds_count 292136  
--:--:--:--:--:-- 3441k  
[root@cloudos18803 ~]#"#;

fn feed(mut exposition: Exposition, text: &str) -> Exposition {
    let source = Source::new("metrics.txt");
    for (number, line) in (1..).zip(text.lines()) {
        exposition.line(source.line(number, line));
    }
    exposition
}

fn fragment(text: &str) -> Exposition {
    feed(Exposition::fragment(), text)
}

#[test]
fn the_article_s_histogram_is_read_despite_the_tears() {
    let article = fragment(ARTICLE);
    assert_eq!((article.taken(), article.mended(), article.broken_count(), article.len()), (9, 10, 0, 17));
    let fsync = article.histogram(Metric::WalFsync, &[]).unwrap();
    assert_eq!((fsync.buckets().len() + 1, fsync.count(), fsync.broken()), (15, 292136, 0));
    assert_eq!(fsync.sum(), Some(104.93636339099864));
    assert_eq!(fsync.within(0.008), Some((292001, 292136)));
    assert_eq!(fsync.within(0.01), None);
    assert_eq!(fsync.quantile_bounds(0.99), Some(Bounds { gt: 0.0, le: 0.001 }));
    assert!((fsync.share_over(0.008).unwrap() - 0.000462).abs() < 1e-6);
    assert_eq!((fsync.citation().line(), fsync.citation().end_line()), (7, 23));
}

#[test]
fn what_stands_around_the_paste_is_no_metric() {
    let mut exposition = Exposition::fragment();
    let source = Source::new("x");
    for (number, line) in (1..).zip(ARTICLE.lines()) {
        let reading = exposition.line(source.line(number, line));
        assert_eq!(reading == Reading::NotMetric, number <= 4 || number >= 24, "{line}");
    }
}

#[test]
fn a_terminal_torn_by_single_characters_is_mended() {
    let torn = fragment(
        "100 33358  100 # HELP etcd_storage_db_total_size_in_bytes Total size of the underlying database in bytes.\n\
         33358 # TYPE etcd_storage_db_total_size_in_bytes gauge\n \
         etcd_storage_db_total_size_in_bytes 0\n\
         0etcd_wal_fsync_durations_seconds_bucket{le=\"0.001\"} 2343\n\
         .etcd_wal_fsync_durations_seconds_bucket{le=\"0.016\"} 2816\n\
         Metcd_wal_fsync_durations_seconds_bucket{le=\"0.064\"} 2822\n \
         --:--etcd_wal_fsync_durations_seconds_bucket{le=\"8.192\"} 2825\n\
         :-etcd_wal_fsync_durations_seconds_bucket{le=\"+Inf\"} 2825\n\
         -etcd_wal_fsync_durations_seconds_sum 2.5465495319999953\n\
         --:--:-- --:--:-- 10.6M",
    );
    assert_eq!((torn.taken(), torn.mended(), torn.broken_count()), (1, 8, 0));
    assert_eq!(torn.gauge(Metric::DbTotalSize).unwrap().0, 0.0);
    let fsync = torn.histogram(Metric::WalFsync, &[]).unwrap();
    assert_eq!((fsync.within(0.016), fsync.within(0.008)), (Some((2816, 2825)), None));
    assert_eq!(fsync.quantile_bounds(0.99), Some(Bounds { gt: 0.001, le: 0.016 }));
}

#[test]
fn broken_lines_are_counted_and_the_first_cited() {
    let cut = fragment(&"etcd_wal_fsync_durations_seconds_bucket{le=\"0.0\n".repeat(20));
    assert_eq!((cut.broken().len(), cut.broken_count()), (8, 20));
    assert_eq!(cut.broken().first().map(|citation| (citation.path(), citation.line())), Some(("metrics.txt", 1)));
}

#[test]
fn a_last_line_that_was_cut_off_is_broken() {
    let cut = fragment("etcd_server_has_leader 1\netcd_server_leader_chan");
    assert_eq!((cut.taken(), cut.broken_count()), (1, 1));
}

#[test]
fn the_newest_name_that_is_present_is_read() {
    let text = "etcd_debugging_mvcc_db_total_size_in_bytes 1.08544e+06\n";
    let (value, quote) = fragment(text).gauge(Metric::DbTotalSize).map(|(value, quote)| (value, quote.clone())).unwrap();
    assert_eq!((value, quote.citation().line()), (1085440.0, 1));
    let both = fragment(&format!("{text}etcd_mvcc_db_total_size_in_bytes 724992"));
    assert_eq!(both.gauge(Metric::DbTotalSize).unwrap().0, 724992.0);
}

#[test]
fn info_metrics_tell_by_their_labels() {
    let info = fragment("etcd_server_id{server_id=\"8211f1d0f64f3269\"} 1\netcd_server_version{server_version=\"3.5.30\"} 1");
    assert_eq!(info.label(Metric::ServerId, "server_id").unwrap().0, &"8211f1d0f64f3269");
    assert_eq!(info.label(Metric::ServerVersion, "server_version").unwrap().0, &"3.5.30");
    assert_eq!(info.label(Metric::ServerVersion, "server_id"), None);
}

#[test]
fn alarms_are_listed_with_their_labels() {
    let alarms = fragment("etcd_debugging_server_alarms{alarm_type=\"NOSPACE\",server_id=\"8211f1d0f64f3269\"} 1");
    let alarm = alarms.labelled(Metric::Alarms).first().unwrap();
    assert_eq!((alarm.name(), alarm.value()), ("etcd_debugging_server_alarms", 1.0));
    assert_eq!(alarm.label("alarm_type").unwrap(), &"NOSPACE");
    assert_eq!(alarm.labels().count(), 2);
}

#[test]
fn a_histogram_of_one_peer_is_told_by_its_label() {
    let mut text = String::new();
    for (to, first, all) in [("a", 3, 9), ("b", 1, 2)] {
        for (le, count) in [("0.0001", first), ("+Inf", all)] {
            text += &format!("etcd_network_peer_round_trip_time_seconds_bucket{{To=\"{to}\",le=\"{le}\"}} {count}\n");
        }
        text += &format!("etcd_network_peer_round_trip_time_seconds_count{{To=\"{to}\"}} {all}\n");
    }
    let peers = fragment(&text);
    assert_eq!(peers.label_values(Metric::PeerRoundTrip, "To"), [&Untrusted::from("a"), &Untrusted::from("b")]);
    assert_eq!(peers.histogram(Metric::PeerRoundTrip, &[("To", "b")]).unwrap().within(0.0001), Some((1, 2)));
    assert_eq!(peers.histogram(Metric::PeerRoundTrip, &[]), None, "two series");
    assert_eq!(peers.histogram(Metric::PeerRoundTrip, &[("To", "c")]), None);
}

#[test]
fn of_a_command_pasted_twice_the_last_answer_counts() {
    let paste = |first: u64, all: u64| {
        format!(
            "etcd_disk_wal_fsync_duration_seconds_bucket{{le=\"0.001\"}} {first}\netcd_disk_wal_fsync_duration_seconds_count {all}\n"
        )
    };
    let twice = fragment(&(paste(5, 9) + &paste(7, 12)));
    let fsync = twice.histogram(Metric::WalFsync, &[]).unwrap();
    assert_eq!((fsync.within(0.001), fsync.citation().line(), fsync.citation().end_line()), (Some((7, 12)), 3, 4));
    let cut = fragment(&(paste(5, 9) + "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 7"));
    assert_eq!(cut.histogram(Metric::WalFsync, &[]).unwrap().within(0.001), Some((5, 9)));
    assert_eq!(fragment("etcd_server_has_leader 0\netcd_server_has_leader 1").gauge(Metric::HasLeader).unwrap().0, 1.0);
}

#[test]
fn a_gauge_of_several_members_is_none_of_theirs() {
    let federated = fragment(
        "etcd_server_has_leader{instance=\"a\"} 1 1535420161000\netcd_server_has_leader{instance=\"b\"} 0 1535420161000",
    );
    assert_eq!(federated.gauge(Metric::HasLeader), None);
    assert_eq!((federated.taken(), federated.labelled(Metric::HasLeader).len()), (2, 2));
}

#[test]
fn the_summary_of_old_releases_is_read_in_seconds() {
    let old = fragment(
        "etcd_wal_fsync_durations_microseconds{quantile=\"0.5\"} 812.5\n\
         etcd_wal_fsync_durations_microseconds{quantile=\"0.9\"} NaN\n\
         etcd_wal_fsync_durations_microseconds{quantile=\"0.99\"} 9000\n\
         etcd_wal_fsync_durations_microseconds_sum 2e+06\n\
         etcd_wal_fsync_durations_microseconds_count 100",
    );
    assert_eq!(old.histogram(Metric::WalFsync, &[]), None);
    let fsync = old.summary(Metric::WalFsync, &[]).unwrap();
    assert_eq!((fsync.quantile(0.5), fsync.quantile(0.9), fsync.quantile(0.99)), (Some(0.0008125), None, Some(0.009)));
    assert_eq!((fsync.count(), fsync.sum(), fsync.quantiles().len()), (Some(100), Some(2.0), 3));
    assert_eq!((fsync.citation().line(), fsync.citation().end_line()), (1, 5));
}

#[test]
fn a_whole_exposition_knows_foreign_metrics_and_only_what_is_asked_for_is_kept() {
    let text = "node_load1 0.5\ngo_threads 12\netcd_server_has_leader 1";
    assert_eq!((feed(Exposition::whole(), text).taken(), fragment(text).taken()), (3, 2));
    assert_eq!(feed(Exposition::whole(), text).len(), 1);
    assert!(fragment("").is_empty());
}

#[test]
fn samples_beyond_the_bound_are_dropped_and_counted() {
    let many = fragment(&"etcd_server_has_leader 1\n".repeat(MOST_SAMPLES + 3));
    assert_eq!((many.len(), many.dropped()), (MOST_SAMPLES, 3));
}

#[test]
fn every_metric_has_names_from_the_newest_to_the_oldest() {
    let minor = |version: &str| version.split('.').take(2).map(|n| n.parse::<u32>().unwrap()).collect::<Vec<_>>();
    for metric in Metric::ALL {
        let newest: Vec<_> = metric.names().iter().map(|name| minor(name.since.first().unwrap())).collect();
        assert!(!newest.is_empty() && newest.is_sorted_by(|a, b| a > b), "{metric:?}");
        for name in metric.names() {
            assert!(name.until.is_none_or(|until| minor(until) >= minor(name.since.last().unwrap())), "{}", name.name);
        }
    }
}

#[test]
fn of_answers_that_were_never_given_one_shows_that_the_process_answered() {
    let row = |code: &str, n: u32| format!("grpc_server_handled_total{{grpc_code=\"{code}\",grpc_method=\"Put\"}} {n}\n");
    let none = fragment(&(row("OK", 0) + &row("Aborted", 0) + &row("Canceled", 0)));
    assert_eq!((none.taken(), none.len()), (3, 1));
    let some = fragment(&(row("OK", 7) + &row("Aborted", 0) + &row("Canceled", 2)));
    let values: Vec<f64> = some.labelled(Metric::GrpcHandled).iter().map(Sample::value).collect();
    assert_eq!((some.taken(), values), (3, vec![7.0, 2.0]));
}
