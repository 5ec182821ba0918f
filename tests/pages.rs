//! The cases on the pages of the rules are run: each page proves where its rule fires, stays quiet, and owns up to not knowing.

use std::collections::BTreeMap;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Diagnosis, Finding, Outcome, Severity, State},
    rules::{
        Entry, RULES,
        page::{Case, Page},
    },
    words::EN,
};

/// What a case's expectation is checked against.
struct Came {
    outcome: Outcome,
    diagnosis: Diagnosis,
}

fn run(entry: &Entry, case: &Case) -> Came {
    let files = case.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    let evidence = analyze::read(&[Input::Memory(files)], &Limits::default()).expect("memory can always be read");
    Came { outcome: entry.apply(&evidence.facts), diagnosis: analyze::judge(&evidence, &EN) }
}

fn finding<'a>(came: &'a Came, entry: &Entry) -> Option<&'a Finding> {
    came.diagnosis.findings.iter().find(|f| f.code == entry.rule.code)
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What one key of an expectation came to.
fn actual(key: &str, came: &Came, entry: &Entry) -> String {
    let found = finding(came, entry);
    let list = |words: Vec<String>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    match key {
        "primary" => came.diagnosis.verdict.primary.map_or("none".into(), |code| code.to_string()),
        "state" => found.map_or("none".into(), |f| word(f.state)),
        "impact" => found.map_or("none".into(), |f| word(f.impact)),
        "severity" => found.map_or("none".into(), |f| word(f.severity)),
        "confidence" => found.map_or("none".into(), |f| word(f.confidence)),
        "members" => list(found.map(|f| f.members.iter().map(|m| m.escaped().to_string()).collect()).unwrap_or_default()),
        "explains" => list(found.map(|f| f.explains.iter().map(ToString::to_string).collect()).unwrap_or_default()),
        "count" => found.and_then(|f| f.count).map_or("none".into(), |count| count.to_string()),
        "findings" => came.diagnosis.findings.iter().filter(|f| f.code == entry.rule.code).count().to_string(),
        "undecided" => list(came.diagnosis.undecided.iter().map(|gap| gap.code.to_string()).collect()),
        "outcome" => match came.outcome {
            Outcome::Pass => "pass".into(),
            Outcome::Fail(_) => "fail".into(),
            Outcome::Unknown(_) => "unknown".into(),
            Outcome::NotApplicable => "not applicable".into(),
        },
        other => format!("`{other}` is no key of a case"),
    }
}

/// What is wrong with a case, if anything.
fn complaint(entry: &Entry, case: &Case) -> Option<String> {
    let came = run(entry, case);
    let active = finding(&came, entry).is_some_and(|f| f.state == State::Active);
    let by_kind = match case.kind.as_str() {
        "fires" if !active => Some("no active finding".to_owned()),
        "quiet" if active => Some("an active finding".to_owned()),
        "unknown" if !matches!(came.outcome, Outcome::Unknown(_)) => {
            Some(format!("the outcome is {}", actual("outcome", &came, entry)))
        }
        "fires" | "quiet" | "unknown" => None,
        other => Some(format!("`{other}` is none of fires, quiet, unknown")),
    };
    let differs = case.expect.iter().find_map(|(key, expected)| {
        let got = actual(key, &came, entry);
        (got != *expected).then(|| format!("{key}: expected {expected}, got {got}"))
    });
    by_kind.or(differs)
}

#[test]
fn every_case_of_every_page_comes_out_as_it_says() {
    let mut complaints = Vec::new();
    for entry in RULES {
        for case in &entry.page().cases {
            assert!(!case.files.is_empty(), "{}.md, {}: a case without evidence proves nothing", entry.file, case.title);
            if let Some(complaint) = complaint(entry, case) {
                complaints.push(format!("src/rules/{}.md, \"{}: {}\": {complaint}", entry.file, case.kind, case.title));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let entry = RULES.iter().find(|e| e.rule.code.as_str() == "wal.missing").unwrap();
    let mut case = entry.page().cases.first().unwrap().clone();
    assert_eq!(complaint(entry, &case), None);
    case.expect = BTreeMap::from([("members".to_owned(), "somebody else".to_owned())]);
    assert!(complaint(entry, &case).is_some());
    case.kind = "quiet".into();
    assert_eq!(complaint(entry, &case).as_deref(), Some("an active finding"));
}

#[test]
fn every_finding_of_the_cases_has_words_and_no_hole_in_them() {
    for entry in RULES {
        for case in &entry.page().cases {
            for finding in run(entry, case).diagnosis.findings {
                let words = std::iter::once(&finding.says).chain(finding.steps.iter().map(|s| &s.step)).chain(&finding.confirm);
                for sentence in words {
                    let at = format!("{} of src/rules/{}.md, {}", finding.code, entry.file, case.title);
                    assert!(!sentence.trim().is_empty(), "{at}: an empty sentence");
                    assert!(!sentence.contains("  ") && !sentence.contains("``") && !sentence.contains("()"), "{at}: {sentence}");
                }
                assert!(!finding.evidence.is_empty(), "{}: a finding without evidence", finding.code);
                assert!(!finding.means.is_empty() && !finding.confirm.is_empty());
                assert!(finding.state == State::Active || !finding.steps.is_empty(), "{}: what to do afterwards?", finding.code);
            }
        }
    }
}

#[test]
fn what_may_be_primary_is_never_a_note_and_what_explains_runs_in_no_circle() {
    for entry in RULES {
        let reaches_itself = |code| {
            let mut seen = vec![code];
            let mut at = 0;
            while let Some(next) = seen.get(at).copied() {
                let explains = RULES.iter().find(|e| e.rule.code == next).map_or(&[][..], |e| e.rule.explains);
                if explains.contains(&code) {
                    return true;
                }
                seen.extend(explains.iter().filter(|c| !seen.contains(c)).copied().collect::<Vec<_>>());
                at += 1;
            }
            false
        };
        assert!(!reaches_itself(entry.rule.code), "{} explains itself", entry.rule.code);
        for case in &entry.page().cases {
            let came = run(entry, case);
            let primary = came.diagnosis.verdict.primary;
            let loud = |f: &&Finding| Some(f.code) == primary && f.state == State::Active;
            assert!(came.diagnosis.findings.iter().find(loud).is_none_or(|f| f.severity >= Severity::Warning));
        }
    }
}

#[test]
fn a_code_is_the_name_of_its_files_and_the_title_of_its_page() {
    for entry in RULES {
        let Page { title, .. } = entry.page();
        assert_eq!(title, entry.rule.code.as_str(), "src/rules/{}.md: the title is the code", entry.file);
        assert_eq!(
            entry.file,
            entry.rule.code.as_str().replace(['.', '-'], "_"),
            "the files of {} are called after it",
            entry.rule.code
        );
    }
}

#[test]
fn every_message_that_a_rule_names_is_in_the_catalogue_and_was_seen_in_a_real_log() {
    for entry in RULES {
        for id in entry.rule.messages {
            let message = etcd_triage::messages::by_id(id).unwrap_or_else(|| panic!("{}: no message is called {id}", entry.file));
            let seen = message.wordings.iter().any(|wording| !wording.sample.is_empty());
            // What clients are told is seen in their output; the forms that were never recorded are listed here until they are.
            let not_recorded = [
                "answer-too-large",
                "auth-revision-old",
                "auth-token-unreadable",
                "auth-v2-password",
                "cluster-corrupt",
                "content-check-failed-at-start",
                "content-differs",
                "content-revision-ahead",
                "corrupt-alarm-raised",
                "db-bucket-missing",
                "db-defrag-panic",
                "db-event-unreadable",
                "db-file-missing",
                "db-index-older",
                "db-meta-invalid",
                "db-restore-failed",
                "db-revision-backwards",
                "db-revision-missing",
                "db-txn-failed-midway",
                "fd-accept-failed",
                "health-corrupt-alarm",
                "kernel-oom-group",
                "members-differ-in-stores",
                "peer-id-mismatch",
                "peer-version-incompatible",
                "raft-commit-beyond-log",
                "raft-log-conflict",
                "raft-log-gap",
                "raft-message-unreadable",
                "raft-snapshot-message-unreadable",
                "raft-too-much-uncommitted",
                "snap-recover-failed",
                "start-arch-unsupported",
                "start-cluster-version-unfit",
                "start-discovery-registered",
                "start-downgrade-join",
                "start-names-twice",
                "start-not-listed",
                "start-schema-invalid",
                "start-too-many-learners",
                "start-v2-content",
                "systemd-main-sigkill",
                "systemd-oom-killed",
                "wal-bad-name",
                "wal-locked",
                "wal-repair-failed",
                "wal-repair-file-failed",
            ];
            assert!(seen || not_recorded.contains(id), "{}: no wording of {id} has a sample line", entry.file);
            assert!(!seen || !not_recorded.contains(id), "{}: {id} was recorded since; take it off the list", entry.file);
        }
    }
}

#[test]
fn every_alert_of_the_etcd_mixin_leads_to_a_page() {
    // contrib/mixin and Documentation/etcd-mixin of 3.3 to 3.7; the last ones are of 2.3 to 3.2, without etcd's name.
    let alerts = [
        "etcdMembersDown",
        "etcdInsufficientMembers",
        "etcdNoLeader",
        "etcdHighNumberOfFailedGRPCRequests",
        "etcdHighNumberOfFailedHTTPRequests",
        "etcdGRPCRequestsSlow",
        "etcdHTTPRequestsSlow",
        "etcdMemberCommunicationSlow",
        "etcdHighNumberOfFailedProposals",
        "etcdHighFsyncDurations",
        "etcdHighCommitDurations",
        "etcdBackendQuotaLowSpace",
        "etcdDatabaseQuotaLowSpace",
        "etcdExcessiveDatabaseGrowth",
        "etcdDatabaseHighFragmentationRatio",
        "InsufficientMembers",
        "EtcdMemberCommunicationSlow",
        "FdExhaustionClose",
    ];
    for alert in alerts {
        assert!(etcd_triage::rules::find(alert).is_some(), "no page has `Alerts: {alert}`");
    }
    // This one waits for the page of its code.
    let is_there = RULES.iter().any(|entry| entry.rule.code.as_str() == "leader.flapping");
    assert_eq!(etcd_triage::rules::find("etcdHighNumberOfLeaderChanges").is_some(), is_there);
    assert!(etcd_triage::rules::find("etcd").is_none());
}
