//! One log says the same in whatever it was wrapped, and in whatever encoding it was saved.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    parse::log::When,
    words::EN,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use jiff::Timestamp;

/// A line of etcd, as the lab recorded it with `-o short-iso`.
struct Said {
    at: Timestamp,
    host: String,
    pid: String,
    message: String,
}

impl Said {
    fn date(&self, format: &str) -> String {
        self.at.strftime(format).to_string()
    }

    /// As etcd writes it where no journal listens: JSON and raft's lines as they are, others behind capnslog's header.
    fn own(&self) -> String {
        let has_own = self.message.starts_with('{') || self.message.starts_with("raft20");
        let date = self.date("%Y-%m-%d %H:%M:%S.000000");
        if has_own { self.message.clone() } else { format!("{date} I | etcdserver: {}", self.message) }
    }

    fn spoken(&self, date: &str) -> String {
        format!("{date} {} etcd[{}]: {}\n", self.host, self.pid, self.message)
    }

    fn json(&self, message: &serde_json::Value) -> serde_json::Value {
        serde_json::json!({
            "__CURSOR": "s=76e7", "__REALTIME_TIMESTAMP": self.at.as_microsecond().to_string(), "_HOSTNAME": self.host,
            "SYSLOG_IDENTIFIER": "etcd", "_PID": self.pid, "PRIORITY": "6", "MESSAGE": message,
        })
    }

    fn bytes(&self) -> serde_json::Value {
        self.message.bytes().collect()
    }

    /// JSON as `-o json-pretty` lays it out: tabs, and a blank before each colon.
    fn pretty(&self, message: &serde_json::Value) -> String {
        let object = self.json(message);
        let value = |value: &serde_json::Value| match value.as_array() {
            Some(bytes) => format!("[\n\t\t{}\n\t]", bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",\n\t\t")),
            None => value.to_string(),
        };
        let fields: Vec<_> =
            object.as_object().expect("an entry is an object").iter().map(|(k, v)| format!("\t\"{k}\" : {}", value(v))).collect();
        format!("{{\n{}\n}}\n", fields.join(",\n"))
    }

    fn export(&self, message: &str) -> String {
        let at = self.at.as_microsecond();
        format!(
            "__CURSOR=s=7\n__REALTIME_TIMESTAMP={at}\n_BOOT_ID=f\n{message}\n_HOSTNAME={}\nSYSLOG_IDENTIFIER=etcd\n_PID={}\n\n",
            self.host, self.pid
        )
    }

    fn verbose(&self) -> String {
        let date = self.date("%a %Y-%m-%d %H:%M:%S.000000 UTC");
        let at = self.at.as_microsecond();
        format!(
            "{date} [s=76e7;i=16;b=ff;m=3fe;t={at:x};x=73]\n    _HOSTNAME={}\n    MESSAGE={}\n    SYSLOG_IDENTIFIER=etcd\n    _PID={}\n",
            self.host, self.message, self.pid
        )
    }

    /// The pieces into which a runtime cuts a long line; a runtime of the field does so at 16 KiB, this one at 100 bytes.
    fn pieces(&self) -> Vec<(String, bool)> {
        let own = self.own();
        let pieces: Vec<_> =
            own.as_bytes().chunks(100).map(|piece| String::from_utf8(piece.to_vec()).expect("the fixtures are ASCII")).collect();
        let last = pieces.len() - 1;
        pieces.into_iter().enumerate().map(|(n, piece)| (piece, n == last)).collect()
    }

    fn docker(&self) -> String {
        let time = self.date("%Y-%m-%dT%H:%M:%S.000000001Z");
        let line = |(piece, is_last): (String, bool)| {
            let log = serde_json::Value::from(if is_last { piece + "\n" } else { piece });
            format!("{{\"log\":{log},\"stream\":\"stderr\",\"time\":\"{time}\"}}\n")
        };
        self.pieces().into_iter().map(line).collect()
    }

    /// As a shipper of logs keeps what etcd wrote, with labels of its own.
    fn shipped(&self, field: &str, time: &str) -> String {
        let date = self.date("%Y-%m-%dT%H:%M:%S.000Z");
        format!(
            "{}\n",
            serde_json::json!({ time: date, field: self.own(), "kubernetes": { "pod_name": "etcd-a", "labels": { "app": "etcd" } } })
        )
    }

    fn cri(&self) -> String {
        let time = self.date("%Y-%m-%dT%H:%M:%S.000000001Z");
        let line = |(piece, is_last)| format!("{time} stderr {} {piece}\n", if is_last { "F" } else { "P" });
        self.pieces().into_iter().map(line).collect()
    }
}

/// A form: its name, how it writes a line, and whether it holds the line's time.
type Form = (&'static str, fn(&Said) -> String, bool);

const FORMS: &[Form] = &[
    ("short", |s| s.spoken(&s.date("%b %e %H:%M:%S")), true),
    ("short in Chinese", |s| s.spoken(&s.date("%m月 %d %H:%M:%S")), true),
    ("short-precise", |s| s.spoken(&s.date("%b %d %H:%M:%S.000000")), true),
    ("short-iso-precise", |s| s.spoken(&s.date("%Y-%m-%dT%H:%M:%S.000000+0000")), true),
    ("short-full", |s| s.spoken(&s.date("%a %Y-%m-%d %H:%M:%S UTC")), true),
    ("with-unit", |s| s.spoken(&s.date("%a %Y-%m-%d %H:%M:%S UTC")).replacen(" etcd[", " etcd.service[", 1), true),
    ("short-unix", |s| s.spoken(&s.date("%s.000000")), true),
    // Seconds since the boot are no date.
    ("short-monotonic", |s| s.spoken("[    0.001023]"), false),
    ("verbose", Said::verbose, true),
    ("export", |s| s.export(&format!("MESSAGE={}", s.message)), true),
    ("export with bytes", |s| s.export(&format!("MESSAGE\nE\0\0\0\0\0\0\0{}", s.message)), true),
    ("json", |s| format!("{}\n", s.json(&s.message.clone().into())), true),
    ("json with bytes", |s| format!("{}\n", s.json(&s.bytes())), true),
    ("json-seq", |s| format!("\u{1e}{}\n", s.json(&s.message.clone().into())), true),
    ("json-pretty", |s| s.pretty(&s.message.clone().into()), true),
    ("json-pretty with bytes", |s| s.pretty(&s.bytes()), true),
    // The bare message: the text of 3.4 has no time in it, but for raft's lines; nor has it host and process.
    ("cat", |s| format!("{}\n", s.message), false),
    ("rsyslog with ISO dates", |s| s.spoken(&s.date("%Y-%m-%dT%H:%M:%S.000000+00:00")), true),
    (
        "rsyslog with doubled headers",
        |s| s.spoken(&s.date("%b %d %H:%M:%S")).replace(" etcd[", &s.date(" etcd[1]: %b %d %H:%M:%S h etcd[")),
        true,
    ),
    (
        "RFC 5424",
        |s| format!("<30>1 {} {} etcd {} - - {}\n", s.date("%Y-%m-%dT%H:%M:%S.000000+00:00"), s.host, s.pid, s.message),
        true,
    ),
    ("docker's json-file", Said::docker, true),
    ("CRI", Said::cri, true),
    ("fluent-bit", |s| s.shipped("log", "date"), true),
    ("Elastic", |s| s.shipped("message", "@timestamp"), true),
    (
        "a hit of Elastic",
        |s| format!("{{\"_index\":\"x\",\"_source\":{}}}\n", s.shipped("message", "@timestamp").trim_end()),
        true,
    ),
    ("a cloud's console", |s| s.shipped("textPayload", "timestamp"), true),
    ("Loki", |s| s.shipped("line", "timestamp"), true),
    ("Splunk", |s| format!("{{\"preview\":false,\"result\":{}}}\n", s.shipped("_raw", "_time").trim_end()), true),
    ("etcd's own", |s| s.own() + "\n", true),
    ("kubectl --timestamps", |s| format!("{} {}\n", s.date("%Y-%m-%dT%H:%M:%S.000000001Z"), s.own()), true),
    ("compose", |s| format!("etcd-1  | {}\n", s.own()), true),
    ("compose in colour", |s| format!("\u{1b}[33metcd-1  | \u{1b}[0m{}\n", s.own()), true),
    ("a service of Windows", |s| format!("{} {}\n", s.date("%Y-%m-%d %H:%M:%S.000"), s.own()), true),
    ("NSSM", |s| format!("{}: {}\n", s.date("%Y-%m-%d %H:%M:%S.000"), s.own()), true),
    ("a recorded console", |s| format!("copying 10%\rcopying 20%\r{}\r\r\n", s.own()), true),
    ("klog around it", |s| format!("{}W{}       1 a.go:12] other words\n", s.own() + "\n", s.date("%m%d %H:%M:%S.000000")), true),
];

/// Prose before the log, so that each encoding has something to show.
const PROSE: &str = "以下是节点日志，请帮忙看看\n";

type Encode = fn(&str) -> Vec<u8>;

const ENCODINGS: &[(&str, Encode)] = &[
    ("UTF-8", |text| text.as_bytes().to_vec()),
    ("UTF-8 with a mark", |text| format!("\u{feff}{text}").into_bytes()),
    ("UTF-8 with CRLF", |text| text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()),
    ("UTF-16", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("UTF-16, big end first", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ("UTF-16 without a mark", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("GBK", |text| encoding_rs::GBK.encode(text).0.into_owned()),
];

/// The first member's log of a fixture: etcd's own lines.
fn recorded(fixture: &str) -> Vec<Said> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture).join("input.tar.gz");
    #[expect(clippy::disallowed_methods, reason = "a test of wrappers opens what it wraps")]
    let file = std::fs::File::open(path).expect("the fixture is there");
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut entries = archive.entries().expect("the fixture is whole").map(|entry| entry.expect("the fixture is whole"));
    let mut entry = entries.find(|entry| entry.path_bytes().ends_with(b"journal/etcd.log")).expect("the fixture has a journal");
    let mut text = String::new();
    entry.read_to_string(&mut text).expect("a journal is text");
    let said = |line: &str| {
        let mut words = line.splitn(4, ' ');
        let at = words.next()?.parse().ok()?;
        let host = words.next()?.to_owned();
        let pid = words.next()?.strip_prefix("etcd[")?.strip_suffix("]:")?.to_owned();
        Some(Said { at, host, pid, message: words.next()?.to_owned() })
    };
    text.lines().filter_map(said).collect()
}

#[derive(Debug, PartialEq, Eq)]
struct Seen {
    count: u64,
    first: Option<String>,
    last: Option<String>,
}

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input::Memory(vec![(name.to_owned(), bytes)])
}

/// Messages by id and peer, and how many warnings nobody knows.
fn seen(bytes: Vec<u8>) -> (BTreeMap<(String, String), Seen>, u64) {
    let evidence = analyze::read(&[input("nodes/a/etcd.log", bytes)], &Limits::default()).expect("memory can always be read");
    assert_eq!(evidence.unread, []);
    // To the second: no form holds more than etcd's own, and all but that hold less.
    let shown = |when: Option<When>| when.map(|w| format!("{:?} {}", w.month_day(), w.time().strftime("%H:%M:%S")));
    let mut all = BTreeMap::new();
    for log in &evidence.facts.logs {
        for s in log.log.sightings() {
            let key = (s.message.id.to_owned(), s.peer.as_ref().map(|p| p.raw().to_owned()).unwrap_or_default());
            let seen = Seen { count: s.count, first: shown(s.first.when), last: shown(s.last.when) };
            assert!(all.insert(key.clone(), seen).is_none(), "{key:?} is told by two writers");
        }
    }
    (all, evidence.facts.logs.iter().map(|log| log.log.unknown_count).sum())
}

fn says_the_same_in_every_form(fixture: &str) {
    let log = recorded(fixture);
    let as_recorded: String = log.iter().map(|s| s.spoken(&s.date("%Y-%m-%dT%H:%M:%S+0000"))).collect();
    let (expected, unknown) = seen(as_recorded.into_bytes());
    assert!(expected.len() > 5, "{expected:?}");
    let mut wrong = Vec::new();
    for (form, wrap, holds_time) in FORMS {
        let text: String = std::iter::once(PROSE.to_owned()).chain(log.iter().map(wrap)).collect();
        for (encoding, encode) in ENCODINGS {
            let (mut found, strange) = seen(encode(&text));
            for (key, want) in &expected {
                let got = found.remove(key);
                let is_same = |got: &Option<String>, want: &Option<String>| got == want || (got.is_none() && !holds_time);
                let agrees = |s: &Seen| s.count == want.count && is_same(&s.first, &want.first) && is_same(&s.last, &want.last);
                if !got.as_ref().is_some_and(agrees) {
                    wrong.push(format!("{form} in {encoding}: {key:?} is {got:?}, not {want:?}"));
                }
            }
            if strange > unknown {
                wrong.push(format!("{form} in {encoding}: {strange} warnings that nobody knows, not {unknown}"));
            }
            wrong.extend(found.keys().map(|key| format!("{form} in {encoding}: {key:?} was never said")));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_log_of_text_says_the_same_in_every_form_and_encoding() {
    says_the_same_in_every_form("lab-member-killed-3.4.23");
}

#[test]
fn a_log_of_json_says_the_same_in_every_form_and_encoding() {
    says_the_same_in_every_form("lab-member-killed-3.5.1");
}

#[test]
fn a_log_that_runs_backwards_has_the_same_counts_and_the_same_ends() {
    for fixture in ["lab-member-killed-3.4.23", "lab-member-killed-3.5.1"] {
        let log = recorded(fixture);
        let lines = || log.iter().map(|s| s.spoken(&s.date("%Y-%m-%dT%H:%M:%S+0000")));
        let (forwards, _) = seen(lines().collect::<String>().into_bytes());
        let (backwards, _) = seen(lines().rev().collect::<String>().into_bytes());
        let turned = backwards.into_iter().map(|(k, s)| (k, Seen { first: s.last, last: s.first, ..s })).collect();
        assert_eq!(forwards, turned);
    }
}

const CRASH: &str = "2026-11-22 16:09:26.776983 C | raft: tocommit(365) is out of range [lastIndex(0)]. Was the raft log corrupted, truncated, or lost?
panic: tocommit(365) is out of range [lastIndex(0)]. Was the raft log corrupted, truncated, or lost?

goroutine 135 [running]:
github.com/coreos/pkg/capnslog.(*PackageLogger).Panicf(0xc0001a2070, 0x11bfa40, 0x5d)
\t/go/pkg/mod/github.com/coreos/pkg/capnslog/pkg_logger.go:75 +0x16d
created by go.etcd.io/etcd/raft.StartNode
\t/go/src/go.etcd.io/etcd/raft/node.go:221 +0x3a5
";

#[test]
fn a_panic_with_its_stack_counts_once_forwards_and_backwards() {
    let backwards: String = CRASH.lines().rev().map(|line| format!("{line}\n")).collect();
    let in_journal = |text: &str| text.lines().map(|line| format!("Nov 22 16:09:26 h etcd[9]: {line}\n")).collect::<String>();
    let in_cri = |text: &str| text.lines().map(|line| format!("2026-11-22T16:09:26.8Z stderr F {line}\n")).collect::<String>();
    for text in
        [CRASH.to_owned(), backwards.clone(), in_journal(CRASH), in_journal(&backwards), in_cri(CRASH), in_cri(&backwards)]
    {
        let (found, unknown) = seen(text.clone().into_bytes());
        assert_eq!((found.values().map(|s| s.count).collect::<Vec<_>>(), unknown), (vec![1], 0), "{text}");
    }
    let twice = seen(CRASH.repeat(2).into_bytes()).0;
    assert_eq!(twice.values().map(|s| s.count).sum::<u64>(), 2, "two crashes are two");
}

#[test]
fn every_line_of_a_stack_is_understood() {
    let evidence = analyze::read(&[input("etcd.log", CRASH.as_bytes().to_vec())], &Limits::default()).unwrap();
    assert_eq!((evidence.entries[0].lines, evidence.entries[0].understood), (7, 7));
}

#[test]
fn a_rotated_log_gives_the_same_findings_packed_or_not_alone_or_in_a_folder() {
    let text: String = recorded("lab-member-killed-3.4.23").iter().map(|s| s.own() + "\n").chain([CRASH.to_owned()]).collect();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    let (packed, folder) = (packed.finish().unwrap(), tempfile::tempdir().unwrap());
    let alone = folder.path().join("etcd.log.1.gz");
    let inside = folder.path().join("logs");
    #[expect(clippy::disallowed_methods, reason = "a test of files writes them")]
    {
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&alone, &packed).unwrap();
        std::fs::write(inside.join("etcd.log.1.gz"), &packed).unwrap();
    }
    let id = |input: Input| {
        let diagnosis = analyze::analyze(&[input], &Limits::default(), &EN).unwrap();
        assert!(!diagnosis.findings.is_empty());
        diagnosis.id
    };
    let plain = id(input("etcd.log.1", text.into_bytes()));
    assert_eq!([id(Input::Path(alone)), id(Input::Path(inside)), id(input("etcd.log.1.gz", packed))], [&*plain; 3]);
}
