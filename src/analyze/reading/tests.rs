//! A log that is read by what its lines have in common says the same as one that is read in full.

#![expect(clippy::disallowed_methods, reason = "the fixtures are listed here, and the seed comes from the environment")]

use std::{fs, path::PathBuf};

use super::{FIRST_PART, Text, begun, looks_pasted, read_with};
use crate::bundle::{Input, Limits, Lines};

fn read(input: &Input, familiar: bool) -> Vec<(String, String)> {
    let mut each = |lines: &mut Lines<'_>| -> Text { read_with(lines, familiar) };
    let contents = input.read(&Limits::default(), &mut each).unwrap();
    contents.entries.into_iter().map(|entry| (entry.source.path().to_owned(), format!("{:#?}", entry.content.extract))).collect()
}

fn of_text(text: &[u8], familiar: bool) -> String {
    let input = Input::Memory(vec![("nodes/a/etcd.log".into(), text.to_vec())]);
    read(&input, familiar).pop().map(|(_, said)| said).unwrap_or_default()
}

/// Where two readings differ first.
fn difference(one: &str, other: &str) -> Option<String> {
    if one == other {
        return None;
    }
    let at = one.lines().zip(other.lines()).position(|(a, b)| a != b).unwrap_or_default();
    let around = |text: &str| text.lines().skip(at.saturating_sub(6)).take(12).collect::<Vec<_>>().join("\n");
    Some(format!("read in full:\n{}\nelse:\n{}", around(one), around(other)))
}

fn recordings() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.join("input.tar.gz").is_file());
    found.sort();
    found
}

#[test]
fn recordings_say_the_same_read_in_full_and_by_what_lines_have_in_common() {
    // Every sixteenth, with and without levels in the journal; all of them where the environment asks for it.
    let step = if std::env::var_os("ETCD_TRIAGE_ALL").is_some() { 1 } else { 16 };
    let (mut texts, mut differ) = (0, Vec::new());
    for folder in recordings().into_iter().step_by(step) {
        let input = Input::Path(folder.join("input.tar.gz"));
        for ((path, full), (_, quick)) in read(&input, false).into_iter().zip(read(&input, true)) {
            texts += 1;
            differ.extend(difference(&full, &quick).map(|what| format!("{}: {path}: {what}", folder.display())));
        }
    }
    assert!(texts > 50, "only {texts} texts were read");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Lines as etcd, its journal and its containers have them, with what interrupts them.
const LINES: &[&str] = &[
    r#"{"level":"warn","ts":"2026-11-22T15:46:32.123456Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"152.3ms","expected-duration":"100ms","prefix":"read-only range ","request":"key:\"/a\" ","response":"range_response_count:1 size:9"}"#,
    r#"{"level":"warn","ts":"2026-11-22T15:46:32.223456Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"1.523s","expected-duration":"100ms","prefix":"","request":"key:\"/b\" ","response":"range_response_count:1500 size:2097152"}"#,
    r#"{"level":"info","ts":"2026-11-22T15:46:33.123456Z","caller":"mvcc/index.go:214","msg":"compact tree index","revision":1233}"#,
    r#"{"level":"info","ts":"2026-11-22T15:46:34.123456Z","caller":"traceutil/trace.go:171","msg":"trace[77] put","detail":"{x}","duration":"1s","start":"a","end":"b","steps":["trace[77] 'x [y]'  (duration: 1s)"],"step_count":1}"#,
    r#"{"level":"warn","ts":"2026-11-22T15:46:35.123456Z","caller":"rafthttp/stream.go:421","msg":"lost TCP streaming connection with remote peer","stream-reader-type":"stream Message","local-member-id":"80f812db72af280e","remote-peer-id":"fcadb635a762105e","error":"EOF"}"#,
    r#"{"level":"info","ts":"2026-11-22T15:46:36.123456Z","logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"80f812db72af280e became leader at term 4"}"#,
    r#"{"level":"error","ts":"2026-11-22T15:46:36.523456Z","caller":"x/y.go:1","msg":"something unknown failed","error":"open /x: no space left on device"}"#,
    "2026-11-22T15:46:36+0000 etcd-a etcd[81]: {\"level\":\"info\",\"ts\":\"2026-11-22T15:46:36.923456Z\",\"caller\":\"mvcc/index.go:214\",\"msg\":\"compact tree index\",\"revision\":1234}",
    "2026-11-22T15:46:37.123456789Z stderr F {\"level\":\"info\",\"ts\":\"2026-11-22T15:46:37.123456Z\",\"caller\":\"mvcc/index.go:214\",\"msg\":\"compact tree index\",\"revision\":1235}",
    r#"{"log":"{\"level\":\"info\",\"ts\":\"2026-11-22T15:46:37.223Z\",\"caller\":\"mvcc/index.go:214\",\"msg\":\"compact tree index\",\"revision\":5}\n","stream":"stderr","time":"2026-11-22T15:46:37.22345Z"}"#,
    "2026-11-22 15:46:38.123456 I | mvcc: store.index: compact 1236",
    "2026-11-22 15:46:38.223456 W | etcdserver: failed to send out heartbeat on time (exceeded the 100ms timeout for 12.5ms)",
    "2026-11-22 15:46:39.123456 W | rafthttp: health check for peer fcadb635a762105e could not connect: dial tcp 10.0.0.3:2380: connect: connection refused (prober \"ROUND_TRIPPER_SNAPSHOT\")",
    "2026-11-22 15:46:39.223456 I | embed: rejected connection from \"10.0.0.9:41234\" (error \"remote error: tls: bad certificate\", ServerName \"\")",
    r#"{"level":"warn","ts":"2026-11-22T15:46:39.223456Z","caller":"embed/config_logging.go:169","msg":"rejected connection","remote-addr":"10.0.0.9:41236","server-name":"","error":"tls: first record does not look like a TLS handshake"}"#,
    "2026-11-22 15:46:39.323456 I | raft: 80f812db72af280e became leader at term 5",
    "2026-11-22 15:46:39.523456 N | pkg/osutil: received terminated signal, shutting down... [merged 45 repeated lines in 1.89s]",
    "2026-11-22 15:46:40.123456 C | etcdmain: open /var/lib/etcd/member/wal: permission denied",
    "Nov 22 15:46:41 etcd-a etcd[81]: read-only range request \"key:\\\"/c\\\" \" with result \"range_response_count:1 size:9\" took too long (230.1ms) to execute",
    "Nov 22 15:46:41 etcd-a etcd[81]: panic: wal: file not found",
    "Nov 22 15:46:42 etcd-a systemd[1]: etcd.service: Main process exited, code=exited, status=1/FAILURE",
    "Nov 22 15:46:43 etcd-a kubelet[9]: E1122 15:46:43.826693   27196 watcher.go:188] etcdserver: mvcc: required revision has been compacted",
    "Nov 22 15:46:43 etcd-a kubelet[9]: I1122 15:46:43.926693   27196 kubelet.go:1234] \"SyncLoop (PLEG)\" pod=\"kube-system/etcd-a\"",
    "Nov 22 15:46:43 etcd-a kubelet[9]: Flag --fail-swap-on has been deprecated",
    "Nov 22 15:46:43 etcd-a systemd[1]: Started Session 7 of user root.",
    "Nov 22 15:46:43 etcd-a sshd[712]: Accepted publickey for root from 10.0.0.9 port 4711 ssh2",
    "Nov 22 15:46:43 etcd-a kernel: [   17.123456] IPv4: martian source 10.0.0.9 from 10.0.0.8, on dev eth0",
    "Nov 22 15:46:43 etcd-a kernel: [   18.223456] blk_update_request: I/O error, dev sdb, sector 7",
    "Nov 22 15:46:43 etcd-a haproxy[7]: 10.0.0.9:4711 [22/Nov/2026:15:46:43.1] k8s-api k8s-api/m1 1/0/9 17 --",
    "Nov 22 15:46:43 etcd-a etcd[81]: 10.0.0.9:4711 says nothing",
    "Nov 22 15:46:43 etcd-a etcd[81]: INFO: nothing",
    "Nov 22 15:46:43 etcd-a systemd[1]: Nov 22 15:46:43 etcd-b etcd[7]: store.index: compact 1237",
    "Nov 22 15:46:43 etcd-a etcd[81]: etcd1_1  | store.index: compact 1238",
    "Nov 22 15:46:43 etcd-a dockerd[7]: time=\"2026-11-22T15:46:43.1Z\" level=info msg=\"ignoring event\" module=libcontainerd",
    "Nov 22 15:46:44 etcd-a dockerd[7]: time=\"2026-11-22T15:46:44.1Z\" level=error msg=\"etcdserver: mvcc: database space exceeded\"",
    "E1122 15:46:44.826693       1 status.go:71] apiserver received an error: etcdserver: request timed out",
    "I1122 15:46:44.926693       1 trace.go:205] Trace[1]: \"Get\" url:/api/v1/pods (22-Nov-2026 15:46:44.000) (total time: 501ms):",
    "2026-11-22T15:46:44.123456789Z stderr F I1122 15:46:44.226693       1 controller.go:611] quota admission added evaluator",
    r#"{"log":"W1122 15:46:44.326693       1 logging.go:59] grpc: addrConn.createTransport failed to connect\n","stream":"stderr","time":"2026-11-22T15:46:44.32345Z"}"#,
    "# HELP etcd_server_heartbeat_send_failures_total The total number of leader heartbeat send failures (likely overloaded from slow disk).",
    "# TYPE etcd_server_has_leader gauge",
    "etcd_server_has_leader 1",
    "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 291808",
    "etcd_network_peer_round_trip_time_seconds_bucket{To=\"fcadb635a762105e\",le=\"+Inf\"} 5",
    "# HELP etcd_disk_wal_fsync_duration_seconds The latency distributions of fsync called by WAL.",
    "etcd_disk_wal_fsync_duration_seconds_sum 0.25",
    "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
    "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 7",
    "go_gc_duration_seconds{quantile=\"0.25\"} 2.5e-05",
    "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0etcd_server_has_leader 1",
    "goroutine 1 [running]:",
    "[root@db-1 ~]# etcdctl cluster-health",
    "cluster is healthy",
    "+------------------+---------+--------+",
    "{",
    "-- Logs begin at Sun 2026-11-22 15:00:00 UTC, end at Sun 2026-11-22 16:00:00 UTC. --",
    "报错: 磁盘已满",
    "",
];

/// Rows of the kernel's files and metrics, which a whole text may consist of, and what may stand beside them in such a file.
const ROWS: &[&str] = &[
    "MemTotal:       24683656 kB",
    "Active(anon):     487532 kB",
    "HugePages_Total:       0",
    "   7       0 loop0 1003 13 35134 502 28652 6813 3158736 173804 1 123124 249406 0 0 0 0 13136 75098",
    "   8       0 sda 980 15 35128 593 59297 17272 2663464 245311 0 176296 357443 0 0 0 0 29451 111539",
    " 253       1 dm-1 980 15 35128 593 59297 17272 2663464 245311 0 176296 357443",
    "cpu  429050 18012 123162 97676 1280 0 7026 12313 0 0",
    "cpu0 219037 8854 56707 50692 514 0 2202 6255 0 0",
    "intr 18488894 0 0 0 1 1 6",
    "procs_running 7",
    "==> /proc/pressure/io <==",
    "some avg10=57.93 avg60=50.27 avg300=36.13 total=613845491",
    "full avg10=0.00 avg60=0.00 avg300=0.00 total=7246223",
    "==> /proc/loadavg <==",
    "37.18 27.75 21.96 19/568 338",
    "==> /proc/uptime <==",
    "3450.93 976.76",
    "Limit                     Soft Limit           Hard Limit           Units     ",
    "Max cpu time              unlimited            unlimited            seconds   ",
    "Max open files            20000                20000                files     ",
    "Max nice priority         0                    0                    ",
    "/var/lib/etcd/member/wal:",
    "total 125000",
    "drwx------ 4 root root 4096 2026-11-26 02:00:11.198943954 +0000 member",
    "-rw------- 1 root root 64000000 2026-11-26 02:01:03.742946235 +0000 0000000000000000-0000000000000000.wal",
    "/dev/vda /usr ext4 ro,relatime,discard,resuid=65534 0 0",
    "devtmpfs /dev/null devtmpfs rw,size=12334432k,mode=755 0 0",
    "# HELP etcd_server_has_leader Whether or not a leader exists. 1 is existence, 0 is not.",
    "# HELP go_memstats_sys_bytes Number of bytes. Equals to /memory/classes/total:byte.",
    "# TYPE etcd_server_has_leader gauge",
    "etcd_server_has_leader 1",
    "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 291808",
    "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 291809",
    "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 7",
    "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----",
    " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st",
    "              total        used        free      shared  buff/cache   available",
    "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
    "no space left on device",
    "",
];

/// A source of numbers that a seed fixes.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    /// Some lines, mostly of one kind in a row, of which some are damaged or moved in time.
    fn text(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        // What begins as rows do is mostly rows to its end; and some texts have both.
        let both = [LINES, ROWS].concat();
        let (kinds, damages) = [(ROWS, 40), (LINES, 6), (LINES, 6), (&both[..], 20)][self.below(4)];
        let mut kind = self.below(kinds.len());
        // By way of Windows.
        let other_ends = if self.below(4) == 0 { 2 } else { 60 };
        for _ in 0..4 + self.below(40) {
            if self.below(3) == 0 {
                kind = self.below(kinds.len());
            }
            let mut line = kinds[kind].as_bytes().to_vec();
            if self.below(2) == 0 {
                // Another moment: a digit of the date, of a number or of an id.
                let digits: Vec<usize> = line.iter().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
                if !digits.is_empty() {
                    line[digits[self.below(digits.len())]] = b'0' + u8::try_from(self.below(10)).unwrap();
                }
            }
            if self.below(damages) == 0 && !line.is_empty() {
                self.damage(&mut line);
            }
            text.extend_from_slice(&line);
            text.extend_from_slice(if self.below(other_ends) == 0 { b"\r\n" } else { b"\n" });
        }
        text
    }

    fn damage(&mut self, line: &mut Vec<u8>) {
        const SIGNS: &[u8] = b"\"\\{}[]:, |.Z\xff\x1b0a\t";
        let at = self.below(line.len());
        match self.below(5) {
            0 => line.truncate(at),
            1 => line[at] = SIGNS[self.below(SIGNS.len())],
            2 => line.insert(at, SIGNS[self.below(SIGNS.len())]),
            3 => drop(line.remove(at)),
            _ => drop(line.drain(..at)),
        }
    }
}

#[test]
fn damaged_and_mixed_lines_say_the_same_read_in_full_and_by_what_they_have_in_common() {
    let seed: u64 = std::env::var("ETCD_TRIAGE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_126);
    let rounds: u64 = std::env::var("ETCD_TRIAGE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(400);
    for round in 0..rounds {
        let text = Dice(seed.wrapping_add(round.wrapping_mul(0x9e37_79b9))).text();
        let what = difference(&of_text(&text, false), &of_text(&text, true));
        assert_eq!(what, None, "ETCD_TRIAGE_SEED={seed}, round {round}:\n{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn a_date_that_is_cut_off_tells_nothing_of_the_lines_behind_it() {
    let slow = r#"{"level":"warn","ts":"2026-11-22T15:46:32.123456Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"152.3ms","expected-duration":"100ms","prefix":"read-only range ","request":"key:\"/a\" ","response":"range_response_count:1 size:9"}"#;
    let next = slow.replace("15:46", "15:47");
    let torn = r#"{"level":"warn","ts":"2026-11-22T15:47:33.1234"#;
    let text = [slow, torn, &next, &next].join("\n") + "\n";
    assert_eq!(difference(&of_text(text.as_bytes(), false), &of_text(text.as_bytes(), true)), None);
}

/// How many lines of a text are read in full.
fn read_in_full(text: String) -> u32 {
    let mut full = 0;
    let mut each = |lines: &mut Lines<'_>| {
        let mut reader = crate::parse::text::Reader::default();
        while let Some(line) = lines.next_line() {
            full += 1;
            reader.line(line);
            if let Some(block) = lines.block() {
                let taken = reader.run(&block);
                lines.pass(taken.bytes, taken.lines);
            }
        }
    };
    let input = Input::Memory(vec![("etcd.log".into(), text.into_bytes())]);
    input.read(&Limits::default(), &mut each).unwrap();
    full
}

#[test]
fn most_lines_of_a_long_log_are_taken_without_a_full_reading() {
    // What went by way of Windows has other line ends.
    for end in ["\n", "\r\n"] {
        let full = read_in_full((0..500).map(|n| LINES[2].replace("32.1", &format!("{:02}.1", n % 60)) + end).collect());
        assert!(full < 5, "{full} of 500 lines were read in full");
    }
}

#[test]
fn most_lines_of_metrics_are_taken_without_a_full_reading() {
    let family = |n: u32| {
        let name = format!("etcd_debugging_{n}_duration_seconds");
        format!(
            "# HELP {name} The latency of something (not of others).\n# TYPE {name} histogram\n{name}_bucket{{le=\"0.001\"}} {n}\n{name}_sum 1.5e-05\n"
        )
    };
    let full = read_in_full((0..100).map(family).collect());
    assert!(full < 5, "{full} of 400 lines were read in full");
}

#[test]
fn rows_of_the_kernels_files_are_taken_without_a_full_reading() {
    for rows in [&ROWS[..6], &ROWS[6..15], &ROWS[17..21], &ROWS[21..25], &ROWS[25..27]] {
        let text: String = (0..100).flat_map(|_| rows.iter().flat_map(|row| [*row, "\n"])).collect();
        let full = read_in_full(text);
        assert!(full < 5, "{full} of {} lines were read in full: {}", 100 * rows.len(), rows[0]);
    }
}

#[test]
fn what_is_begun_without_a_full_reading_is_no_paste() {
    let mut begun_texts = 0;
    let mut look = |text: &str| {
        let mut each = |lines: &mut Lines<'_>| {
            let words = lines.words_ahead(FIRST_PART).into_owned();
            drop(begun(lines));
            lines.number() > 0 && looks_pasted(&words)
        };
        let contents =
            Input::Memory(vec![("nodes/a/host/x.txt".into(), text.into())]).read(&Limits::default(), &mut each).unwrap();
        assert!(contents.entries.iter().all(|entry| !entry.content), "it was taken for no paste, and is one:\n{text}");
        let begins = |lines: &mut Lines<'_>| {
            drop(begun(lines));
            lines.number() > 0
        };
        let contents = Input::Memory(vec![("x".into(), text.into())]).read(&Limits::default(), &mut { begins }).unwrap();
        begun_texts += contents.entries.iter().filter(|entry| entry.content).count();
    };
    let mut dice = Dice(7);
    for _ in 0..300 {
        look(&String::from_utf8_lossy(&dice.text()));
    }
    // Lines that are all rows, of one file or of all.
    for _ in 0..900 {
        let (from, kinds) = (dice.below(25), 1 + dice.below(5));
        let text: String = (0..dice.below(60)).flat_map(|_| [ROWS[(from + dice.below(kinds)).min(26)], "\n"]).collect();
        look(&text);
    }
    // Devices whose numbers count up.
    look(&(7..12).map(|n| format!("   {n}       0 sda 1 2 3 4 5 6 7 8 9 10 11\n")).collect::<String>());
    assert!(begun_texts > 100, "only {begun_texts} texts were begun so");
}

#[test]
fn a_log_is_no_paste_wherever_its_first_part_ends() {
    let line = "Nov 22 15:46:41 etcd-a etcd[81]: failed to send out heartbeat on time (exceeded the 100ms timeout for 12.5ms)\n";
    for more in 0..line.len() {
        let log = format!("Nov 22 15:46:41 etcd-a etcd[81]: {}\n{}", "x".repeat(more), line.repeat(800));
        let mut each = |lines: &mut Lines<'_>| looks_pasted(&lines.words_ahead(FIRST_PART));
        let contents = Input::Memory(vec![("etcd.log".into(), log.into_bytes())]).read(&Limits::default(), &mut each).unwrap();
        assert!(contents.entries.iter().all(|entry| !entry.content), "{more} signs more in front");
    }
}
