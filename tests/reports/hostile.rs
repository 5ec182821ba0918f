//! A diagnosis with hostile words in every field that can hold words.

use std::sync::OnceLock;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{
        ClockRow, ClusterRow, Coverage, Diagnosis, ElectionRow, Event, Evidence, Finding, Gap, Ground, Link, LinkRow,
        Measurement, MemberRow, Moment, ReachRow, RoundTrip, Step, Unreadable, Verdict,
    },
    text::Untrusted,
    words::EN,
};

const SHORT: &str = "1. \u{1b}[31m\u{9b}2J\u{202e}\u{200b}<script>alert(1)</script><b-evil onclick=\"x\">\"'&amp;</title></style></svg></pre>--> \
                 ![a](http://evil.example/b) *x* _y_ ~~z~~ $a$ |b|\n| - | - |\n# head\r\n```\n`````` `code` <img src=x onerror=y> https://evil.example";

/// Escape sequences, C1 controls, overrides of direction, ends of elements and attributes, mark-up, tables, fences; then as much as is read of a
/// line.
fn words() -> String {
    format!("{SHORT}{}", "x".repeat(Limits::default().line_bytes))
}

fn untrusted() -> Untrusted {
    words().into()
}

/// Puts the words into every field. All fields are named, so that a new one is not forgotten: it does not compile without.
pub(crate) fn everywhere(diagnosis: Diagnosis) -> Diagnosis {
    let Diagnosis {
        schema,
        id,
        tool,
        input,
        verdict,
        findings,
        undecided,
        members,
        cluster,
        measurements,
        round_trips,
        timeline,
        coverage,
    } = diagnosis;
    let Verdict { primary, also, impact, confidence, headline: _, because, grounds } = verdict;
    let mut grounds: Vec<Ground> = grounds;
    grounds.push(Ground { says: String::new(), weight: etcd_triage::diagnosis::Weight::Support, evidence: vec![] });
    Diagnosis {
        schema,
        id,
        tool,
        input,
        verdict: Verdict {
            primary,
            also,
            impact,
            confidence,
            headline: words(),
            because,
            grounds: grounds
                .into_iter()
                .map(|g| Ground { says: words(), weight: g.weight, evidence: vec![evidence()] })
                .collect(),
        },
        findings: findings.into_iter().map(finding).collect(),
        undecided: undecided.into_iter().chain(some_gap()).map(gap).collect(),
        members: members.into_iter().map(member).collect(),
        cluster: cluster.map(self::cluster),
        measurements: measurements.into_iter().map(|m| Measurement { member: Some(untrusted()), ..m }).collect(),
        round_trips: round_trips.into_iter().map(|trip| RoundTrip { from: Some(untrusted()), to: untrusted(), ..trip }).collect(),
        timeline: timeline.into_iter().map(event).collect(),
        coverage: Coverage {
            from: Some(untrusted()),
            to: Some(untrusted()),
            gaps: vec![words(), words()],
            unread: vec![Unreadable { path: untrusted(), why: words() }],
            ..coverage
        },
    }
}

fn some_gap() -> Option<Gap> {
    let code = etcd_triage::diagnosis::Code::HEALTHY;
    Some(Gap { code, why: String::new(), missing: vec![], ask: String::new() })
}

fn moment() -> Moment {
    Moment { at: None, as_read: untrusted() }
}

fn evidence() -> Evidence {
    Evidence { when: Some(moment()), member: Some(untrusted()), note: Some(words()), ..read().clone() }
}

/// A hostile line in a file of a hostile name. A quote can be made by reading alone, so it is read.
fn read() -> &'static Evidence {
    static READ: OnceLock<Evidence> = OnceLock::new();
    READ.get_or_init(|| {
        let (short, long) = (SHORT.replace('\n', " "), "x".repeat(Limits::default().line_bytes));
        let line = format!("2026-11-22 16:05:01.123456 W | wal: sync duration of 3.2s, expected less than 1s {short} {long}");
        let path = format!("logs/{}/etcd.log", SHORT.replace(['/', '\n'], " "));
        let input = Input::Memory(vec![(path, line.into_bytes())]);
        let diagnosis = analyze::analyze(&[input], &Limits::default(), &EN).expect("what is in memory can be opened");
        let told = format!("the line is no finding: {:?}", diagnosis.coverage);
        let finding = diagnosis.findings.into_iter().next().expect(&told);
        let read = finding.evidence.into_iter().next().expect("a finding has evidence");
        let place = read.quote.citation().path();
        assert!(place.contains("<script>") && read.quote.excerpt().raw().contains("<script>"), "not hostile: {read:?}");
        read
    })
}

fn finding(finding: Finding) -> Finding {
    let steps =
        finding.steps.into_iter().map(|step| Step { step: words(), command: step.command.map(|_| words()), risk: step.risk });
    Finding {
        members: vec![untrusted(), untrusted()],
        seen_by: vec![untrusted()],
        links: vec![Link { from: untrusted(), to: untrusted() }],
        clients: vec![untrusted()],
        says: format!("{} ", words()),
        means: words(),
        confirm: vec![words()],
        steps: steps.collect(),
        first_seen: Some(moment()),
        last_seen: Some(moment()),
        evidence: finding.evidence.iter().map(|_| evidence()).collect(),
        ..finding
    }
}

fn gap(gap: Gap) -> Gap {
    Gap { why: words(), missing: vec!["log"], ask: words(), ..gap }
}

fn member(row: MemberRow) -> MemberRow {
    MemberRow {
        key: untrusted(),
        name: Some(untrusted()),
        id: Some(words()),
        host: Some(untrusted()),
        addresses: vec![untrusted()],
        endpoints: vec![untrusted()],
        maybe: vec![untrusted()],
        version: Some(untrusted()),
        ..row
    }
}

fn cluster(row: ClusterRow) -> ClusterRow {
    let election = |row: ElectionRow| ElectionRow { leader: untrusted(), time: Some(untrusted()), path: words(), ..row };
    let link = LinkRow {
        from: untrusted(),
        to: untrusted(),
        reasons: vec!["no answer"],
        count: 2,
        first: Some(untrusted()),
        last: Some(untrusted()),
        up_again: false,
        both_ways: false,
        path: words(),
        line: 1,
    };
    ClusterRow {
        elections: row.elections.into_iter().map(election).collect(),
        links: vec![link],
        clocks: vec![ClockRow { by: untrusted(), behind: untrusted(), most_us: 1, path: words(), line: 1 }],
        reach: row.reach.into_iter().map(|reach| ReachRow { member: untrusted(), path: words(), ..reach }).collect(),
        reach_unknown: vec![untrusted()],
        furthest: Some(untrusted()),
        ..row
    }
}

fn event(event: Event) -> Event {
    Event { time_as_read: Some(untrusted()), time: None, member: Some(untrusted()), what: words(), path: words(), ..event }
}
