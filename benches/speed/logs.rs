//! Made-up logs of etcd: all generations, in the wrappers in which they are met, the same for the same seed.

#![expect(clippy::disallowed_methods, reason = "a program of its own, which has arguments and writes to standard output")]

use std::io::{self, Write};

/// A source of numbers that a seed fixes (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(words.len() as u64);
        usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
    }
}

/// How a log was written and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// capnslog in a file: 2.2 to 3.4.
    Capnslog,
    /// capnslog through journald, which has dates and no levels: 2.2 to 3.4.
    Journal,
    /// zap's JSON in a file: 3.4 on.
    Zap,
    /// zap's JSON through journald, `-o short-iso`.
    ZapJournal,
    /// zap's JSON in a log of containerd.
    Cri,
    /// zap's JSON in docker's json-file.
    Docker,
}

const STYLES: [Style; 6] = [Style::Capnslog, Style::Journal, Style::Zap, Style::ZapJournal, Style::Cri, Style::Docker];

impl Style {
    fn name(self) -> &'static str {
        match self {
            Style::Capnslog => "capnslog",
            Style::Journal => "journal",
            Style::Zap => "zap",
            Style::ZapJournal => "zap-journal",
            Style::Cri => "cri",
            Style::Docker => "docker",
        }
    }
}

/// The member's own id, and those of its peers, as etcd prints them.
const OWN: &str = "8e9e05c52164694d";
const PEERS: [&str; 2] = ["2c2b493165507658", "fcadb635a762105e"];

const KINDS: [&str; 8] = ["pods", "leases", "events", "services/endpoints", "configmaps", "secrets", "apps/deployments", "nodes"];

/// One line: a letter for the level, the place in the source, capnslog's package and words, zap's message and fields.
struct Said {
    level: char,
    caller: &'static str,
    package: &'static str,
    text: String,
    msg: String,
    fields: String,
}

fn duration(dice: &mut Dice, from_ms: u64, more_ms: u64) -> String {
    format!("{}.{:06}ms", from_ms + dice.below(more_ms), dice.below(1_000_000))
}

/// A line of a cluster that is loaded, now and then slow, and whole.
fn say(dice: &mut Dice, revision: &mut u64) -> Said {
    *revision += dice.below(40);
    match dice.below(100) {
        share @ 0..=64 => request(dice, share, *revision),
        share @ (65..=79 | 90..=97) => upkeep(dice, share, *revision),
        share => peer(dice, share),
    }
}

fn said(level: char, caller: &'static str, package: &'static str, text: String, msg: &str, fields: String) -> Said {
    Said { level, caller, package, text, msg: msg.to_owned(), fields }
}

/// Requests that took long, and the traces of such.
fn request(dice: &mut Dice, share: u64, at: u64) -> Said {
    let kind = dice.one_of(&KINDS);
    match share {
        0..=44 => {
            let took = duration(dice, 100, 900);
            let key = format!("/registry/{kind}/ns-{}/{kind}-{:05}", dice.below(40), dice.below(4000));
            let (count, size) = (dice.below(3), dice.below(9000));
            let request = format!("key:\"{key}\" ");
            let json = format!("key:\\\"{key}\\\" ");
            said(
                'W',
                "etcdserver/util.go:170",
                "etcdserver",
                format!(
                    "read-only range request \"{request}\" with result \"range_response_count:{count} size:{size}\" took too long ({took}) to execute"
                ),
                "apply request took too long",
                format!(
                    r#","took":"{took}","expected-duration":"100ms","prefix":"read-only range ","request":"{json}","response":"range_response_count:{count} size:{size}""#
                ),
            )
        }
        _ => {
            let took = duration(dice, 100, 400);
            let number = dice.below(2_000_000_000);
            said(
                'I',
                "traceutil/trace.go:171",
                "etcdserver",
                format!("trace[{number}] range  (duration: {took})"),
                &format!("trace[{number}] range"),
                format!(
                    r#","detail":"{{range_begin:/registry/{kind}/{at:06}; range_end:; response_count:1; response_revision:{at}; }}","duration":"{took}","start":"2026-11-22T16:20:35.987718Z","end":"2026-11-22T16:20:36.104147Z","steps":["trace[{number}] 'agreement among raft nodes before linearized reading'  (duration: {took})"],"step_count":1"#
                ),
            )
        }
    }
}

/// What etcd does with its data.
fn upkeep(dice: &mut Dice, share: u64, at: u64) -> Said {
    match share {
        65..=72 => {
            let took = duration(dice, 1, 9);
            said(
                'I',
                "mvcc/kvstore_compaction.go:57",
                "mvcc",
                format!("finished scheduled compaction at {at} (took {took})"),
                "finished scheduled compaction",
                format!(r#","compact-revision":{at},"took":"{took}""#),
            )
        }
        73..=79 => said(
            'I',
            "mvcc/index.go:214",
            "mvcc",
            format!("store.index: compact {at}"),
            "compact tree index",
            format!(r#","revision":{at}"#),
        ),
        90..=92 => said(
            'I',
            "etcdserver/server.go:2047",
            "etcdserver",
            format!("start to snapshot (applied: {at}, lastsnap: {})", at - 10_000.min(at)),
            "triggering snapshot",
            format!(
                r#","local-member-id":"{}","local-member-applied-index":{at},"local-member-snapshot-index":{},"local-member-snapshot-count":10000"#,
                OWN,
                at - 10_000.min(at)
            ),
        ),
        93..=94 => said(
            'I',
            "etcdserver/server.go:2088",
            "etcdserver",
            format!("saved snapshot at index {at}"),
            "saved snapshot",
            format!(r#","snapshot-index":{at}"#),
        ),
        95..=96 => said(
            'I',
            "etcdserver/server.go:2118",
            "etcdserver",
            format!("compacted raft log at {at}"),
            "compacted Raft logs",
            format!(r#","compact-index":{at}"#),
        ),
        _ => {
            let file = format!("/var/lib/etcd/member/snap/0000000000000002-{at:016x}.snap");
            said(
                'I',
                "fileutil/purge.go:77",
                "pkg/fileutil",
                format!("purged file {file} successfully"),
                "purged file",
                format!(r#","path":"{file}""#),
            )
        }
    }
}

/// What concerns others.
fn peer(dice: &mut Dice, share: u64) -> Said {
    match share {
        80..=85 => {
            let port = 30_000 + dice.below(30_000);
            said(
                'I',
                "embed/config_logging.go:169",
                "embed",
                format!("rejected connection from \"10.0.0.{}:{port}\" (error \"EOF\", ServerName \"\")", dice.below(8) + 1),
                "rejected connection",
                format!(r#","remote-addr":"10.0.0.{}:{port}","server-name":"","error":"EOF""#, dice.below(8) + 1),
            )
        }
        86..=89 => {
            let over = duration(dice, 1, 300);
            let to = dice.one_of(&PEERS);
            said(
                'W',
                "etcdserver/raft.go:390",
                "etcdserver",
                format!("failed to send out heartbeat on time (exceeded the 100ms timeout for {over}, to {to})"),
                "leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk",
                format!(r#","to":"{to}","heartbeat-interval":"100ms","expected-duration":"200ms","exceeded-duration":"{over}""#),
            )
        }
        98 => {
            let peer = dice.one_of(&PEERS);
            said(
                'W',
                "rafthttp/stream.go:421",
                "rafthttp",
                format!("lost the TCP streaming connection with peer {peer} (stream Message reader)"),
                "lost TCP streaming connection with remote peer",
                format!(
                    r#","stream-reader-type":"stream Message","local-member-id":"{}","remote-peer-id":"{peer}","error":"EOF""#,
                    OWN
                ),
            )
        }
        _ => {
            let peer = dice.one_of(&PEERS);
            said(
                'I',
                "rafthttp/stream.go:412",
                "rafthttp",
                format!("established a TCP streaming connection with peer {peer} (stream Message reader)"),
                "established TCP streaming connection with remote peer",
                format!(r#","stream-reader-type":"stream Message","local-member-id":"{}","remote-peer-id":"{peer}""#, OWN),
            )
        }
    }
}

/// Writes a log of at least so many bytes.
fn write(out: &mut dyn Write, style: Style, bytes: u64, seed: u64) -> io::Result<()> {
    let (mut dice, mut written, mut revision) = (Dice::new(seed), 0, 1_000_000);
    // Microseconds since the midnight with which November begins.
    let mut clock: u64 = 0;
    let mut line = String::new();
    while written < bytes {
        clock += dice.below(2_000_000);
        let said = say(&mut dice, &mut revision);
        line.clear();
        record(&mut line, style, clock, &said);
        line.push('\n');
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
    }
    Ok(())
}

fn record(line: &mut String, style: Style, clock: u64, said: &Said) {
    let (seconds, micros) = (clock / 1_000_000, clock % 1_000_000);
    let (day, hour, minute, second) = (1 + seconds / 86_400 % 28, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let iso = format!("2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let level = if said.level == 'W' { "warn" } else { "info" };
    let zap = || {
        format!(
            r#"{{"level":"{level}","ts":"{iso}.{micros:06}Z","caller":"{}","msg":"{}"{}}}"#,
            said.caller, said.msg, said.fields
        )
    };
    match style {
        Style::Capnslog => {
            *line += &format!(
                "2026-11-{day:02} {hour:02}:{minute:02}:{second:02}.{micros:06} {} | {}: {}",
                said.level, said.package, said.text
            )
        }
        Style::Journal => *line += &format!("Nov {day:2} {hour:02}:{minute:02}:{second:02} etcd-a etcd[812]: {}", said.text),
        Style::Zap => *line += &zap(),
        Style::ZapJournal => *line += &format!("{iso}+0000 etcd-a etcd[812]: {}", zap()),
        Style::Cri => *line += &format!("{iso}.{micros:06}{:03}Z stderr F {}", micros % 1000, zap()),
        Style::Docker => {
            let quoted = zap().replace('\\', "\\\\").replace('"', "\\\"");
            *line += &format!(r#"{{"log":"{quoted}\n","stream":"stderr","time":"{iso}.{micros:06}{:03}Z"}}"#, micros % 1000);
        }
    }
}

/// `cargo bench --bench logs -- STYLE BYTES SEED`: the log goes to standard output.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [style, bytes, seed] = words.as_slice() else {
        return Err(format!("give STYLE BYTES SEED; a style is one of {}", STYLES.map(Style::name).join(", ")).into());
    };
    let style = STYLES.into_iter().find(|known| known.name() == *style).ok_or_else(|| format!("{style} is no style"))?;
    let mut out = io::BufWriter::with_capacity(1 << 20, io::stdout().lock());
    write(&mut out, style, bytes.parse()?, seed.parse()?)?;
    out.flush()?;
    Ok(())
}
