//! What says nothing of etcd gives no verdict, and never a healthy one; what does not say its year gets none.

#![expect(clippy::disallowed_methods, reason = "these tests run the program on standard input")]
#![expect(clippy::indexing_slicing, reason = "what fails here fails the test, with the text's name")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    words::EN,
};
use serde_json::Value;

fn run(words: &[&str], text: &[u8]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
    let piped = command.args(words).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = piped.expect("the program can be started");
    child.stdin.take().expect("a pipe").write_all(text).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

const STRANGERS: &[(&str, &str)] = &[
    ("an empty file", ""),
    ("blank lines", "\n\n   \n"),
    (
        "prose",
        "Hello team,\nsince yesterday our cluster behaves strangely. The member etcd-2 is down, we believe, and the disk is full perhaps.\nPlease advise.\n",
    ),
    (
        "a panic of another program",
        "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x6d2c5e]\n\ngoroutine 1 [running]:\nmain.(*Server).Serve(0x0, 0xc00011e000)\n\t/go/src/example.org/shop/server.go:88 +0x2e\nexit status 2\n",
    ),
    (
        "nginx",
        "10.0.0.9 - - [22/Nov/2026:16:01:36 +0000] \"GET /cart HTTP/1.1\" 200 512 \"-\" \"curl/7.88.1\"\n2026/11/22 16:01:37 [error] 31#31: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9\n",
    ),
    ("Go's log of another program", "2026/11/22 16:01:37 shop: listening on :8080\n2026/11/22 16:01:38 shop: ready\n"),
    (
        "zap's JSON of another program",
        "{\"level\":\"info\",\"ts\":\"2026-11-22T16:01:37.123Z\",\"caller\":\"shop/main.go:21\",\"msg\":\"the shop is open\"}\n",
    ),
    (
        "events of Kubernetes",
        "LAST SEEN   TYPE      REASON             OBJECT                    MESSAGE\n2m13s       Warning   BackOff            pod/shop-7d4b9c6f5-abcde  Back-off restarting failed container\n7m41s       Warning   FailedScheduling   pod/shop-7d4b9c6f5-fghij  0/3 nodes are available: 3 Insufficient memory.\n",
    ),
    (
        "metrics of another program",
        "# HELP node_load1 1m load average.\n# TYPE node_load1 gauge\nnode_load1 0.52\nhttp_requests_total{code=\"500\",handler=\"/cart\"} 3\ngo_goroutines 42\nprocess_start_time_seconds 1.7953e+09\nprocess_open_fds 12\n",
    ),
    (
        "screens of a host",
        " 16:07:14 up 52 min,  0 user,  load average: 0.84, 0.55, 0.79\n               total        used        free      shared  buff/cache   available\nMem:           24105        2632       17924         179        4034       21473\n",
    ),
];

#[test]
fn what_says_nothing_of_etcd_gives_no_verdict_and_a_word_on_what_would_help() {
    for (name, text) in STRANGERS {
        let (out, code) = run(&["analyze", "--format", "json"], text.as_bytes());
        let diagnosis: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{name}: {error}: {out}"));
        assert_eq!(code, 3, "{name}: {diagnosis:#}");
        assert!(diagnosis["verdict"]["primary"].is_null(), "{name}: {diagnosis:#}");
        assert!(diagnosis["findings"].as_array().is_none_or(Vec::is_empty), "{name}: {diagnosis:#}");
        assert_eq!(diagnosis["verdict"]["impact"], "unknown", "{name}");
        let ask = diagnosis["undecided"][0]["ask"].as_str().unwrap_or_default();
        assert!(ask.contains("etcdctl endpoint health --cluster"), "{name}: {ask}");
        let (told, _) = run(&["analyze"], text.as_bytes());
        assert!(told.contains("etcdctl endpoint health --cluster") && !told.contains("all right"), "{name}: {told}");
    }
}

#[test]
fn what_is_no_text_is_named_with_what_to_send_instead() {
    let docx = [b"PK\x03\x04".as_slice(), &[0; 26], b"[Content_Types].xml"].concat();
    let database = [[0; 16].as_slice(), b"\xed\xda\x0c\xed\x02\0\0\0"].concat();
    for (bytes, what) in [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "ask for the text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "ask for the text"),
        (b"%PDF-1.7\n".to_vec(), "ask for the text"),
        (b"\x04\0\0\0\0\0\0\x84\x08\x04\x10\0\0\0\0\0".to_vec(), "a write-ahead log of etcd"),
        (b"\x08\xf5\xd3\xf9\xd9\x0b\x12\xca7\x0a\xb27{\"Root\":{\"Path\":\"/\"}}".to_vec(), "a snapshot of etcd"),
        (database, "snapshot status"),
        (docx, "a document of an office program"),
    ] {
        let evidence = analyze::read(&[Input::Memory(vec![("x".into(), bytes.clone())])], &Limits::default()).expect("memory");
        let unread: Vec<&str> = evidence.unread.iter().map(|unread| unread.why.as_str()).collect();
        assert!(unread.len() == 1 && unread[0].contains(what), "{what}: {unread:?}");
        let diagnosis = analyze::judge(&evidence, &EN);
        assert!(diagnosis.verdict.primary.is_none(), "{what}");
        if bytes.starts_with(b"PK") {
            continue;
        }
        for words in [["analyze"], ["inspect"]] {
            let (told, _) = run(&words, &bytes);
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains(what), "{what}: {told}");
        }
    }
}

/// The times of the first finding's evidence: what stood there, and the instant where it is known.
fn times(files: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let evidence = analyze::read(&[Input::Memory(files)], &Limits::default()).expect("memory can be read");
    let diagnosis = serde_json::to_value(analyze::judge(&evidence, &EN)).expect("JSON");
    let rows = diagnosis["findings"][0]["evidence"].as_array().cloned().unwrap_or_default();
    let words = |value: &Value| value.as_str().map(str::to_owned);
    rows.iter().filter_map(|row| Some((words(&row["time_as_read"])?, words(&row["time"])))).collect()
}

#[test]
fn a_short_date_gets_no_year_from_the_texts_beside_it() {
    let short = "Nov 22 15:46:57 db-1 etcd[812]: open wal error: wal: file not found\n";
    let iso = "2026-11-22T15:40:00.000001Z db-1 etcd[811]: {\"level\":\"info\",\"ts\":\"2026-11-22T15:40:00.000001Z\",\"caller\":\"embed/serve.go:125\",\"msg\":\"ready to serve client requests\"}\n";
    let listing = "-rw------- 1 root root 64000000 2026-11-22 15:46:02.104512345 +0000 0000000000000000-0000000000000000.wal\n";
    // A journal that was never rotated can hold that day of several years.
    for beside in [&[][..], &[("nodes/db-1/iso.log", iso)], &[("nodes/db-1/iso.log", iso), ("nodes/db-1/ls.txt", listing)]] {
        let all = [&[("nodes/db-1/journal.txt", short)], beside].concat();
        let of_short: Vec<_> = times(&all).into_iter().filter(|(read, _)| read.starts_with("Nov")).collect();
        assert_eq!(of_short, [("Nov 22 15:46:57".to_owned(), None)], "{} texts", all.len());
    }
    // The record itself says it, within the journal's short date.
    let both = "Nov 22 15:46:57 db-1 etcd[812]: {\"level\":\"fatal\",\"ts\":\"2026-11-22T15:46:57.123Z\",\"caller\":\"etcdserver/storage.go:95\",\"msg\":\"failed to open WAL\",\"error\":\"wal: file not found\"}\n";
    assert_eq!(
        times(&[("journal.txt", both)]),
        [("2026-11-22T15:46:57.123Z".to_owned(), Some("2026-11-22T15:46:57.123Z".to_owned()))]
    );
}
