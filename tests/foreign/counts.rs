//! Counts and durations against somebody else's arithmetic: `grep` and `jq` count the lines, and durations are printed here from known
//! numbers.

use std::{collections::BTreeMap, fs, path::Path, process::Command, time::Duration};

use etcd_triage::{
    analyze::{self, Evidence},
    bundle::{Input, Limits},
};

use super::{jq::jq, recording::Files};

/// A sequence of numbers that looks random and is the same in each run.
pub(super) struct Seeded(pub(super) u64);

impl Seeded {
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Go's `time.Duration.String`, written after its documentation: `1h0m3s`, `1m2.5s`, `100.5ms`, `7µs`, `12ns`, `0s`.
pub(super) fn go_string(nanos: u64) -> String {
    let decimal = |whole: u64, fraction: u64, digits: usize, unit: &str| {
        let fraction = format!("{fraction:0digits$}");
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() { format!("{whole}{unit}") } else { format!("{whole}.{fraction}{unit}") }
    };
    let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => decimal(nanos / 1_000, nanos % 1_000, 3, "µs"),
        1_000_000..1_000_000_000 => decimal(nanos / 1_000_000, nanos % 1_000_000, 6, "ms"),
        _ => {
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            let before = match (hours, minutes) {
                (0, 0) => String::new(),
                (0, minutes) => format!("{minutes}m"),
                (hours, minutes) => format!("{hours}h{minutes}m"),
            };
            before + &decimal(seconds % 60, rest, 9, "s")
        }
    }
}

/// A message of etcd 3.5, its id in the catalogue, and its line but for the time.
const MESSAGES: [(&str, &str, &str); 4] = [
    (
        "apply-too-long",
        "apply request took too long",
        r#""took":"TOOK","expected-duration":"100ms","prefix":"","request":"x","response":"size:5","error":"""#,
    ),
    (
        "heartbeat-late",
        "leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk",
        r#""to":"1a9569e9f9a338","heartbeat-interval":"100ms","expected-duration":"200ms","exceeded-duration":"TOOK""#,
    ),
    ("raft-leader-lost", "raft.node: ID lost leader OTHER at term 7", ""),
    (
        "peer-inactive",
        "peer became inactive (message send to peer failed)",
        r#""peer-id":"1a9569e9f9a338","error":"failed to dial""#,
    ),
];

/// The message as it stands in a line.
fn msg_of(message: &(&str, &str, &str)) -> String {
    message.1.replace("ID", "be3e6b4c8a4c1d25").replace("OTHER", "1a9569e9f9a338")
}

/// A line of a container's log, as CRI and etcd write it.
pub(super) fn line(second: u64, message: &(&str, &str, &str), took: &str) -> String {
    let (minute, second, milli) = (second / 60, second % 60, second * 37 % 1000);
    let msg = msg_of(message);
    let fields = if message.2.is_empty() { String::new() } else { format!(",{}", message.2.replace("TOOK", took)) };
    format!(
        "2026-11-26T02:{minute:02}:{second:02}.{milli:03}000000Z {{\"level\":\"warn\",\"ts\":\"2026-11-26T02:{minute:02}:{second:02}.{milli:03}Z\",\"caller\":\"x/y.go:1\",\"msg\":\"{msg}\"{fields}}}\n"
    )
}

/// How many lines of a file have this message, minute by minute, as jq counts them.
fn jq_by_minute(file: &Path, msg: &str) -> BTreeMap<String, u64> {
    let counts = jq(
        file,
        r#"reduce (inputs | sub("^[^{]*"; "") | fromjson? | select(.msg == $msg) | .ts[0:16]) as $minute ({}; .[$minute] += 1)"#,
        msg,
    );
    counts.as_object().unwrap().iter().map(|(minute, count)| (minute.clone(), count.as_u64().unwrap())).collect()
}

/// Three members, each with its own share of each message, fifty minutes, in the layout of a must-gather.
fn must_gather() -> Files {
    let mut random = Seeded(9);
    let mut files = Files::new();
    for (member, more) in [("m-0", 1), ("m-1", 2), ("m-2", 5)] {
        let mut text = String::new();
        for second in 0..3000 {
            let message = &MESSAGES[random.below(4) as usize];
            // What is kept by the minute is bounded; rare messages stay below the bound.
            let is_rare = message.0 != "peer-inactive";
            if random.below(if is_rare { 120 / more } else { 4 }) == 0 {
                text += &line(second, message, &go_string(100_000_000 + random.below(4_000_000_000)));
            }
        }
        files.push((format!("mg/ns/namespaces/openshift-etcd/pods/etcd-{member}/etcd/etcd/logs/current.log"), text.into_bytes()));
    }
    files
}

fn read(files: Files) -> Evidence {
    analyze::read(&[Input::Memory(files)], &Limits::default()).unwrap()
}

/// How many lines of a file hold all of these words, as grep counts them.
fn grep(file: &Path, words: [&str; 2]) -> u64 {
    let first = Command::new("grep").args(["-F", "--", words[0]]).arg(file).output().unwrap().stdout;
    let between = file.with_extension("part");
    fs::write(&between, first).unwrap();
    let counted = Command::new("grep").args(["-c", "-F", "--", words[1]]).arg(&between).output().unwrap();
    String::from_utf8(counted.stdout).unwrap().trim().parse().unwrap()
}

#[test]
fn counts_of_each_message_member_and_minute_are_those_that_grep_and_jq_count() {
    let folder = tempfile::tempdir().unwrap();
    let files = must_gather();
    let evidence = read(files.clone());
    let mut compared = 0;
    for (path, bytes) in &files {
        let file = folder.path().join("one.log");
        fs::write(&file, bytes).unwrap();
        let node = path.split("pods/etcd-").nth(1).unwrap().split('/').next().unwrap();
        let log = evidence.facts.logs.iter().find(|log| log.writer.host.as_ref().is_some_and(|host| host.raw() == node)).unwrap();
        for message in &MESSAGES {
            let (id, msg, _) = *message;
            let words = msg.split("ID").last().unwrap().split("OTHER").next().unwrap();
            let seen: Vec<_> = log.log.sightings().filter(|sighting| sighting.message.id == id).collect();
            let count: u64 = seen.iter().map(|sighting| sighting.count).sum();
            assert_eq!(count, grep(&file, [words, "\"level\""]), "{id} of {node}");
            let by_jq = jq_by_minute(&file, &msg_of(message));
            assert_eq!(count, by_jq.values().sum::<u64>(), "{id} of {node}");
            let mut minutes: BTreeMap<String, u64> = BTreeMap::new();
            for beat in seen.iter().flat_map(|sighting| sighting.pace.recent()) {
                *minutes.entry(beat.when.instant().unwrap().to_string()[..16].to_owned()).or_default() += 1;
            }
            assert!(!minutes.is_empty() || id == "peer-inactive", "{id}");
            if minutes.values().sum::<u64>() == count {
                assert_eq!(minutes, by_jq, "{id} of {node}");
                for minute in (0..50).map(|minute| format!("2026-11-26T02:{minute:02}")) {
                    let by_us = minutes.get(&minute).copied().unwrap_or(0);
                    assert_eq!(by_us, grep(&file, [words, &format!("\"ts\":\"{minute}")]), "{id} of {node} in {minute}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 300, "only {compared} minutes were compared");
}

#[test]
fn each_duration_that_go_prints_is_the_number_that_was_printed() {
    let mut random = Seeded(3);
    let mut nanos = vec![0, 1, 999, 1_000, 1_500, 100_500_000, 999_999_999, 62_500_000_000, 3_603_000_000_000, 3_600_000_000_000];
    for digits in 3..14 {
        nanos.extend((0..20).map(|_| random.below(1 << 30) * random.below(1 << 10) % 10_u64.pow(digits)));
    }
    let micro = ["µs", "us", "μs"];
    let mut files = Files::new();
    for (at, number) in nanos.iter().enumerate() {
        let text = go_string(*number).replace("µs", micro[at % 3]);
        files.push((format!("{at:04}.log"), line(at as u64, &MESSAGES[0], &text).into_bytes()));
    }
    let evidence = read(files);
    let of = |at: usize| -> Option<Duration> {
        let is_its = |mark: &str| mark == format!("{at:04}.log");
        let sightings = evidence.facts.logs.iter().flat_map(|log| log.log.sightings());
        sightings.filter(|s| is_its(s.first.quote.citation().path())).find_map(|s| s.longest.as_ref().map(|(took, _)| *took))
    };
    for (at, number) in nanos.iter().enumerate() {
        assert_eq!(of(at), Some(Duration::from_nanos(*number)), "{} printed for {number} ns", go_string(*number));
    }
    assert_eq!(go_string(62_500_000_000), "1m2.5s");
    assert_eq!(go_string(3_603_000_000_000), "1h0m3s");
    assert_eq!(go_string(100_500_000), "100.5ms");
}
