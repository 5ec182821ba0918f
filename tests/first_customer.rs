//! The first customer's question, answered from what was pasted: does `wal: file not found` on one node hurt?

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Code, Confidence, Diagnosis, Impact, Severity, State, Weight},
    render,
    words::EN,
};

fn fixture(name: &str) -> Diagnosis {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    analyze::analyze(&[Input::Path(path)], &Limits::default(), &EN).expect("the fixture is there")
}

fn pasted() -> Diagnosis {
    fixture("cloudos-wal-not-found")
}

fn text_at(width: usize) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    render::text::write(&pasted(), &EN, width, &mut out).expect("memory takes all");
    String::from_utf8(out.into_inner()).expect("a report is UTF-8")
}

#[test]
fn the_cluster_is_all_right_and_one_member_had_a_bad_moment() {
    let verdict = pasted().verdict;
    assert_eq!(verdict.primary, Some(Code::TRANSIENT));
    assert_eq!((verdict.impact, verdict.confidence), (Impact::None, Confidence::Medium));
    assert_eq!(verdict.because, [Code::new("wal.missing")]);
    assert!(!pasted().has_active(Severity::Info));
}

#[test]
fn the_line_is_found_in_the_prose_with_its_host_and_its_time_and_no_year_is_invented() {
    let diagnosis = pasted();
    let [finding] = diagnosis.findings.as_slice() else { panic!("one finding") };
    assert_eq!((finding.code, finding.state), (Code::new("wal.missing"), State::Recovered));
    assert!(matches!(finding.members.as_slice(), [member] if *member == "cloudos18803"));
    let line = &finding.evidence[0];
    assert_eq!(line.quote.excerpt().raw(), "Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found");
    let when = line.when.as_ref().unwrap();
    assert_eq!((when.as_read.raw(), when.at), ("Aug 28 09:36:01", None));
    let json = serde_json::to_string(&diagnosis).unwrap();
    assert!(!json.contains("\"time\":") && !json.contains("first_seen"), "a time without a year is no instant");
}

#[test]
fn the_syncs_are_counted_though_a_progress_meter_runs_through_them() {
    let diagnosis = pasted();
    let [syncs] = diagnosis.measurements.as_slice() else { panic!("one histogram") };
    let eight = syncs.within.iter().find(|w| (w.le - 0.008).abs() < 1e-9).unwrap();
    assert_eq!((eight.n, eight.of, syncs.count), (292_001, 292_136, 292_136));
    let p99 = syncs.p99.unwrap();
    assert_eq!((p99.gt, p99.le), (0.0, Some(0.001)));
    assert!(diagnosis.verdict.grounds.iter().any(|g| g.says.contains("292001 of 292136") && g.says.contains("99.95 %")));
    assert!(diagnosis.coverage.gaps.iter().any(|gap| gap == "metric lines torn by other output, and mended: 10"));
}

#[test]
fn three_members_are_healthy_by_their_ids_and_the_host_may_be_any_of_them() {
    let diagnosis = pasted();
    let healthy: Vec<_> = diagnosis.members.iter().filter(|m| m.health == Some("healthy")).filter_map(|m| m.id.clone()).collect();
    assert_eq!(healthy, ["77963b585bad0299", "2c2b493165507658", "b76cd1893e469993"]);
    let host = diagnosis.members.iter().find(|m| m.key == "cloudos18803").unwrap();
    assert_eq!((host.maybe.len(), &host.id), (3, &None));
    assert_eq!((diagnosis.coverage.members_expected, diagnosis.coverage.members_seen), (Some(3), 3));
}

#[test]
fn a_filter_that_printed_nothing_supports_and_proves_nothing() {
    let grounds = pasted().verdict.grounds;
    let silence = grounds.iter().find(|g| g.says.contains("grep unhealthy")).unwrap();
    assert_eq!(silence.weight, Weight::Support);
    assert!(silence.says.contains("On cloudos18803") && silence.says.contains("printed nothing in what was sent"));
    assert!(grounds.iter().any(|g| g.weight == Weight::Proof && g.says.starts_with("3 of 3 members")));
}

#[test]
fn the_advice_is_to_find_out_why_etcd_was_started_and_what_would_settle_it_is_named() {
    let diagnosis = pasted();
    let finding = &diagnosis.findings[0];
    assert!(finding.means.starts_with("etcd prints this line only while it starts"));
    assert!(finding.steps[0].step.starts_with("Find out why etcd was started at that minute"));
    assert!(finding.steps.iter().any(|s| s.step.starts_with("Look at network and disk of that minute")));
    assert!(finding.steps.iter().any(|s| s.step.starts_with("Compare the WAL directory's listing")));
    assert!(finding.confirm[0].contains("what stopped etcd before that start"));
    let [open] = diagnosis.undecided.as_slice() else { panic!("one open question") };
    assert!(open.ask.starts_with("journalctl -u etcd"));
}

#[test]
fn files_for_each_command_get_the_same_answer_with_the_same_id() {
    assert_eq!(fixture("cloudos-wal-not-found-files").id, pasted().id);
}

#[test]
fn the_first_lines_on_a_narrow_terminal_answer_the_customer() {
    let text = text_at(80);
    assert!(text.lines().all(|line| line.chars().count() <= 80 || line.trim_start().starts_with("$ ")), "{text}");
    let first = text.lines().take(24).collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        "The cluster is all right: all 3 members answered healthy.",
        "Impact none: the cluster's clients are not hurt.",
        "cloudos18803 once did not find its write-ahead log when it started (Aug 28 09:36:01)",
        "Find out why etcd was started at that minute",
    ] {
        assert!(first.contains(sentence), "{sentence:?} is not in the first 24 lines:\n{text}");
    }
}

#[test]
fn the_report_reads_as_it_was_read_before() {
    for width in [80, 140] {
        insta::assert_snapshot!(format!("first_customer_{width}"), text_at(width));
    }
}
