//! The text report as people read it: the verdict at the top, what follows folded under its cause, all of it with -v, good at every width.

#[path = "reports/hostile.rs"]
mod hostile;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::Diagnosis,
    render,
    words::{EN, Words},
};
use unicode_width::UnicodeWidthStr;

type Form = fn(&Diagnosis, &Words, usize, &mut dyn std::io::Write) -> std::io::Result<()>;

fn fixture(name: &str) -> Diagnosis {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    analyze::analyze(&[Input::Path(path)], &Limits::default(), &EN).expect("the fixture is there")
}

fn text(form: Form, diagnosis: &Diagnosis, width: usize) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    form(diagnosis, &EN, width, &mut out).expect("memory takes all");
    String::from_utf8(out.into_inner()).expect("a report is UTF-8")
}

/// Lines of a report that are not wider than its width on purpose: commands are there to be pasted, and a path is one word.
fn is_one_piece(line: &str) -> bool {
    line.trim_start().starts_with("$ ") || !line.trim().contains(' ')
}

const READ: [&str; 5] =
    ["lab-quorum-lost-3.5.1", "lab-snap-corrupt-3.5.1", "lab-quota-3.5.16", "lab-slow-fsync-3.5.30", "lab-five-members-3.5.30"];

#[test]
fn reports_read_as_they_were_read_before() {
    for name in READ {
        let diagnosis = fixture(name);
        for width in [80, 140] {
            insta::assert_snapshot!(format!("{name}-{width}"), text(render::text::write, &diagnosis, width));
        }
    }
}

#[test]
fn three_lines_hold_what_it_is_what_it_does_and_how_sure_that_is() {
    for (name, line, headline) in [
        ("lab-quorum-lost-3.5.1", "quorum.lost · impact outage · confidence high · id ", "The cluster has no quorum"),
        ("lab-five-members-3.5.30", "healthy · impact none · confidence high · id ", "The cluster is all right"),
        ("cloudos-wal-not-found", "healthy.transient · impact none · confidence medium · id ", "The cluster is all right"),
    ] {
        let report = text(render::text::write, &fixture(name), 80);
        let first: Vec<&str> = report.lines().take(3).collect();
        assert!(first[0].starts_with(line) && first[1].starts_with(headline), "{first:?}");
    }
}

#[test]
fn no_line_is_wider_than_it_was_asked_for_and_prose_stays_readable_on_a_wide_screen() {
    for name in READ {
        let diagnosis = fixture(name);
        for form in [render::text::write as Form, render::text::write_all, render::text::write_verdict] {
            for width in [60, 80, 140, 200] {
                let report = text(form, &diagnosis, width);
                let wide = report.lines().find(|line| line.width() > width && !is_one_piece(line));
                assert_eq!(wide, None, "{name} at {width}");
                assert!(!report.lines().any(|line| line.ends_with(' ')), "{name} at {width}: blanks at the end of a line");
            }
        }
        let verdict = text(render::text::write_verdict, &diagnosis, 200);
        assert!(verdict.lines().all(|line| line.width() <= 100), "{verdict}");
    }
}

#[test]
fn what_follows_stands_under_its_cause_and_nowhere_else() {
    let report = text(render::text::write, &fixture("lab-snap-corrupt-3.5.1"), 100);
    let (cause, rest) = report.split_once("What follows from it").expect("something follows");
    let (follows, rest) = rest.split_once("What to do").expect("there is something to do");
    assert!(cause.contains("snap.corrupt · critical"), "{cause}");
    for code in ["snap.missing", "wal.missing", "member.down"] {
        assert!(follows.contains(&format!("    {code} · ")), "{follows}");
        assert!(!rest.contains(&format!("  {code} · ")), "{rest}");
    }
}

#[test]
fn the_whole_report_has_every_quote_the_timeline_and_the_measurements_and_the_verdict_alone_has_none() {
    let diagnosis = fixture("lab-quota-3.5.16");
    let (brief, whole) = (text(render::text::write, &diagnosis, 100), text(render::text::write_all, &diagnosis, 100));
    assert!(brief.contains("… and 3 more") && brief.contains("\n-v shows all quoted lines"), "{brief}");
    assert!(!whole.contains("… and ") && !whole.contains("-v shows"), "{whole}");
    let cited = |report: &str, name: &str| report.lines().filter(|line| line.contains(name)).count();
    for evidence in diagnosis.findings.iter().flat_map(|finding| &finding.evidence) {
        let place = evidence.quote.citation();
        let name = place.path().rsplit('/').next().unwrap_or_default();
        assert!(cited(&whole, &format!("{name}:{}", place.line())) > 0, "{name}:{}", place.line());
    }
    for event in &diagnosis.timeline {
        assert!(whole.contains(&format!("{}:{}", event.path, event.line)), "{event:?}");
    }
    assert!(whole.contains("WAL fsync       since start"), "{whole}");
    let verdict = text(render::text::write_verdict, &diagnosis, 100);
    assert!(brief.starts_with(&verdict) && verdict.lines().count() <= 5, "{verdict}");
}

#[test]
fn a_step_that_can_lose_data_is_marked_in_words_and_in_red() {
    let diagnosis = fixture("lab-quorum-lost-3.5.1");
    let mut out = Vec::new();
    render::text::write(&diagnosis, &EN, 80, &mut out).expect("memory takes all");
    let coloured = String::from_utf8(out).expect("a report is UTF-8");
    let step = coloured.lines().find(|line| line.contains("DANGEROUS")).expect("a dangerous step");
    assert!(step.contains("\u{1b}[31m") && step.contains("4. "), "{step:?}");
    let mut plain = anstream::StripStream::new(Vec::new());
    std::io::Write::write_all(&mut plain, coloured.as_bytes()).expect("memory takes all");
    assert_eq!(String::from_utf8_lossy(&plain.into_inner()), text(render::text::write, &diagnosis, 80), "colour changes no word");
}

/// The report with its colours, as a terminal gets it, without the sequences that are its own.
fn without_own_colours(form: Form, diagnosis: &Diagnosis, width: usize) -> String {
    let mut out = Vec::new();
    form(diagnosis, &EN, width, &mut out).expect("memory takes all");
    let own = ["\u{1b}[1m\u{1b}[31m", "\u{1b}[1m\u{1b}[32m", "\u{1b}[1m\u{1b}[33m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m"];
    own.iter().fold(String::from_utf8(out).expect("a report is UTF-8"), |text, sequence| text.replace(sequence, ""))
}

fn hostile_character(text: &str) -> Option<char> {
    text.chars().find(|c| *c != '\n' && etcd_triage::text::is_hostile(*c))
}

fn assert_harmless(form: Form, width: usize) {
    let report = without_own_colours(form, &hostile::everywhere(fixture("lab-snap-corrupt-3.5.1")), width);
    assert_eq!(hostile_character(&report), None, "a hostile character reaches the terminal");
    assert!(report.contains("\\u{1b}[31m"), "and it can be seen");
}

// The words are long, so each form has a test of its own: they run side by side.
#[test]
fn hostile_words_in_every_field_are_harmless_in_the_text() {
    assert_harmless(render::text::write, 60);
}

#[test]
fn hostile_words_in_every_field_are_harmless_in_the_whole_text() {
    assert_harmless(render::text::write_all, 140);
}

#[test]
fn hostile_words_in_every_field_are_harmless_in_the_json() {
    let mut json = Vec::new();
    let diagnosis = hostile::everywhere(fixture("lab-snap-corrupt-3.5.1"));
    render::json::write(&diagnosis, &mut json).expect("memory takes all");
    let json = String::from_utf8(json).expect("JSON is UTF-8");
    assert_eq!(hostile_character(&json), None);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "and it is still JSON");
}

#[test]
fn a_hostile_bundle_is_harmless_in_the_text_and_in_the_json() {
    let evil = "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}|<b>`**[x](http://x)";
    let log = format!(
        "2026-01-01T00:00:00.000000Z db-{evil} etcd[1]: open wal error: wal: file not found {evil}\n\
         {{\"level\":\"fatal\",\"ts\":\"2026-01-01T00:00:01.000Z\",\"msg\":\"open wal error\",\"error\":\"wal: file not found {evil}\"}}\n{}\n",
        format!("{evil}x").repeat(40_000)
    );
    let table = format!(
        "+----+---------+------+-------------------------+-------------------------+\n\
         | ID | STATUS  | NAME | PEER ADDRS              | CLIENT ADDRS            |\n\
         +----+---------+------+-------------------------+-------------------------+\n\
         | 1a | started | db{evil} | http://10.0.0.1:2380{evil} | http://10.0.0.1:2379{evil} |\n"
    );
    let health = "member 1a is unreachable: [http://10.0.0.1:2379] are all unreachable\ncluster is unhealthy\n".to_owned() + evil;
    let files = [
        (format!("nodes/db-{evil}/journal/etcd.log"), log),
        (format!("a/{evil}.txt"), table),
        (format!("nodes/db-1/etcdctl/{evil}/cluster-health.txt"), health),
        ("../../etc/passwd".to_owned(), "root\n".to_owned()),
    ];
    let input = Input::Memory(files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect());
    let diagnosis = analyze::analyze(&[input], &Limits::default(), &EN).expect("it is read for what it holds");
    assert!(!diagnosis.findings.is_empty(), "the faults in it are found all the same");
    for form in [render::text::write as Form, render::text::write_all, render::text::write_verdict] {
        let report = without_own_colours(form, &diagnosis, 80);
        assert_eq!(hostile_character(&report), None, "{report}");
        assert!(report.len() < 100_000 && report.lines().all(|line| line.len() < 2_000), "a long line is cut");
    }
    let mut json = Vec::new();
    render::json::write(&diagnosis, &mut json).expect("memory takes all");
    let json = String::from_utf8(json).expect("JSON is UTF-8");
    assert_eq!(hostile_character(&json), None);
    assert!(json.len() < 200_000 && serde_json::from_str::<serde_json::Value>(&json).is_ok());
}
