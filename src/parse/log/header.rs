//! What stands before a message: wrappers peeled one after another, then etcd's own header.

use super::date;
use super::stamp::Stamp;
use super::zap::Zap;
use super::{Body, Form, Level, LogLine};

/// Most wrappers a line can be in: a compose prefix around a syslog line that a shipper wrapped once more.
const MOST_WRAPPERS: usize = 4;

/// What a wrapper said of the line in it.
#[derive(Clone, Copy, Debug, Default)]
struct Outer<'a> {
    stamp: Option<Stamp<'a>>,
    host: Option<&'a str>,
    process: Option<&'a str>,
    pid: Option<u64>,
}

/// A peeler takes one wrapper off the start of the text, notes what it said, and gives the rest.
type Peel = for<'a> fn(&mut Outer<'a>, &'a str) -> Option<&'a str>;

/// The wrappers, tried in this order. A new one is one more function here; those that cut lines into pieces are in `unwrap`.
const PEELS: &[Peel] = &[colour, priority, compose, syslog, dmesg, timestamps];

/// Reads a line.
pub(super) fn read(text: &str) -> Option<LogLine<'_>> {
    let mut outer = Outer::default();
    let mut rest = text.trim_start_matches('\u{feff}').trim_end();
    for _ in 0..MOST_WRAPPERS {
        match PEELS.iter().find_map(|peel| peel(&mut outer, rest)) {
            Some(inner) => rest = inner,
            None => break,
        }
    }
    if rest.trim().is_empty() && outer.process.is_none() {
        return None;
    }
    let inner = own(rest);
    let (stamp, other) = better_of(inner.stamp, outer.stamp);
    Some(LogLine { stamp, other, host: outer.host, process: outer.process, pid: outer.pid.or(inner.pid), ..inner })
}

/// Of two dates on one line the one that says more; etcd's own when both say the same.
fn better_of<'a>(inner: Option<Stamp<'a>>, outer: Option<Stamp<'a>>) -> (Option<Stamp<'a>>, Option<Stamp<'a>>) {
    match (inner, outer) {
        (Some(inner), Some(outer)) if outer.when().knowledge() > inner.when().knowledge() => (Some(outer), Some(inner)),
        (Some(inner), outer) => (Some(inner), outer),
        (None, outer) => (outer, None),
    }
}

/// A terminal's colour before the text.
fn colour<'a>(_: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (codes, rest) = text.strip_prefix("\u{1b}[")?.split_once('m')?;
    codes.bytes().all(|b| b.is_ascii_digit() || b == b';').then_some(rest)
}

/// The `<30>` of a raw syslog line.
fn priority<'a>(_: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (number, rest) = text.strip_prefix('<')?.split_once('>')?;
    (number.len() <= 3 && is_number(number)).then_some(rest)
}

/// `etcd1_1  | ` of compose and `01:47:46 etcd2 | ` of goreman.
fn compose<'a>(_: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (before, rest) = text.split_once('|').filter(|(before, _)| before.len() <= 64 && before.ends_with(' '))?;
    let name = match before.split_once(' ') {
        Some((time, name)) if is_time(time) => name,
        _ => before,
    }
    .trim_end();
    // Two characters at least: `W | rafthttp: …` is a record without its date.
    let is_name = name.len() > 1 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    is_name.then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// `Mmm dd hh:mm:ss host process[pid]: `, the same with an ISO date, and the same without a host.
fn syslog<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    if outer.stamp.is_some() {
        return None;
    }
    if let Some((stamp, rest)) = date::syslog(text) {
        let rest = rest.strip_prefix(' ')?;
        outer.stamp = Some(stamp);
        let Some((host, process, pid, message)) = speaker(rest) else { return Some(rest) };
        (outer.host, outer.process, outer.pid) = (host, Some(process), pid);
        return Some(message);
    }
    let (stamp, rest) = date::iso(text)?;
    let (host, process, pid, message) = speaker(rest.strip_prefix(' ')?)?;
    // `2015-09-03T10:00:00Z etcdserver: text` is etcd 2.1's own header: a process shows its number, the kernel its host.
    if pid.is_none() && (host.is_none() || process != "kernel") {
        return None;
    }
    *outer = Outer { stamp: Some(stamp), host, process: Some(process), pid };
    Some(message)
}

/// `dmesg -T`.
fn dmesg<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (stamp, rest) = date::dmesg(text)?;
    *outer = Outer { stamp: Some(stamp), process: Some("kernel"), ..*outer };
    Some(rest)
}

/// `kubectl logs --timestamps`: a date before a line that begins with a date, or is JSON, of its own.
fn timestamps<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    if outer.stamp.is_some() {
        return None;
    }
    let (stamp, rest) = date::iso(text)?;
    let rest = rest.strip_prefix(' ')?;
    let has_own = rest.starts_with("{\"")
        || rest.get(..5).is_some_and(|year| year.ends_with(['-', '/']) && is_number(year.get(..4).unwrap_or_default()));
    outer.stamp = has_own.then_some(stamp);
    has_own.then_some(rest)
}

type Speaker<'a> = (Option<&'a str>, &'a str, Option<u64>, &'a str);

/// `host process[pid]: message`; a paste may have lost the host.
fn speaker(text: &str) -> Option<Speaker<'_>> {
    let text = text.trim_start();
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    if let Some((process, pid)) = process_of(first) {
        return Some((None, process, pid, rest));
    }
    let (second, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let (process, pid) = process_of(second)?;
    Some((Some(first), process, pid, rest))
}

/// `etcd[812]:` and `kernel:`.
fn process_of(word: &str) -> Option<(&str, Option<u64>)> {
    let word = word.strip_suffix(':')?;
    let (name, pid) = match word.strip_suffix(']').and_then(|word| word.rsplit_once('[')) {
        Some((name, pid)) => (name, Some(pid.parse().ok()?)),
        None => (word, None),
    };
    let is_name = !name.is_empty() && !name.contains(['"', '{', '=', ':', ',']);
    is_name.then_some((name, pid))
}

/// What the process itself wrote.
fn own(text: &str) -> LogLine<'_> {
    let line = match text.as_bytes().first() {
        Some(b'{') => Zap::json(text).map(LogLine::from),
        Some(b'0'..=b'9') => dated(text),
        Some(b'I' | b'W' | b'E' | b'F') => klog(text).or_else(|| go_level(text)),
        Some(b'r') => raft(text),
        _ => None,
    };
    line.unwrap_or_else(|| LogLine::of(Body::Text(text)))
}

/// Everything of etcd's that begins with a date.
fn dated(text: &str) -> Option<LogLine<'_>> {
    let (stamp, rest) = date::iso(text)?;
    if rest.starts_with('\t') || rest.starts_with("#011") {
        let zap = Zap::console(text)?;
        return Some(LogLine { form: Form::ZapConsole, ..zap.into() });
    }
    let rest = rest.strip_prefix(' ')?;
    // With --debug, capnslog writes the place in the source before the level.
    let (place, after) = rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")).unwrap_or(("", rest));
    let place_fits = place.is_empty() || place.contains(".go:");
    if let Some((level, message)) = after.split_at_checked(1).filter(|_| place_fits)
        && let (Some(level), Some(message)) = (Level::from_capnslog(level), message.strip_prefix(" | "))
    {
        let (package, message) = package(message);
        let (message, repeats) = merged(message);
        let line = LogLine::of(Body::Text(message));
        return Some(LogLine { stamp: Some(stamp), level: Some(level), package, repeats, form: Form::Capnslog, ..line });
    }
    // 2.1 writes a T and a zone, 2.0 slashes; anything else with a date is another program's, read all the same.
    let form = if stamp.as_read().contains('/') { Form::GoLog } else { Form::Dated };
    let line = LogLine { stamp: Some(stamp), form, ..LogLine::of(Body::Text(rest)) };
    if let Some((level, message)) = go_level_word(rest) {
        return Some(LogLine { level: Some(level), body: Body::Text(without_grpc_tags(message)), ..line });
    }
    let (package, message) = package(rest);
    Some(LogLine { package, body: Body::Text(message), ..line })
}

/// Takes off `[merged 45 repeated lines in 1.89s]`, which etcd's merging logger puts behind a message it held back so often.
fn merged(text: &str) -> (&str, u64) {
    let parts = text.strip_suffix(']').and_then(|text| text.rsplit_once(" [merged "));
    let count = parts.and_then(|(message, note)| Some((message, note.split_once(" repeated lines in ")?.0.parse().ok()?)));
    count.unwrap_or((text, 1))
}

/// gRPC's own logger: `WARNING: 2021/03/01 10:15:02 [core] text`.
fn go_level(text: &str) -> Option<LogLine<'_>> {
    let (level, rest) = go_level_word(text)?;
    let (stamp, rest) = date::iso(rest)?;
    let message = without_grpc_tags(rest.strip_prefix(' ')?);
    Some(LogLine { stamp: Some(stamp), level: Some(level), form: Form::Grpc, ..LogLine::of(Body::Text(message)) })
}

/// raft's default logger, which 3.4 uses below capnslog: `raft2021/03/01 10:15:02 INFO: text`.
fn raft(text: &str) -> Option<LogLine<'_>> {
    let line = dated(text.strip_prefix("raft").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?)?;
    Some(LogLine { package: Some("raft"), ..line })
}

/// Kubernetes' lines: `E0617 07:19:43.826693   27196 watcher.go:188] text`. What etcd's client said in them is the body.
fn klog(text: &str) -> Option<LogLine<'_>> {
    let (level, rest) = text.split_at_checked(1)?;
    let level = match level {
        "I" => Level::Info,
        "W" => Level::Warn,
        "E" => Level::Error,
        _ => Level::Fatal,
    };
    let (stamp, rest) = date::klog(rest)?;
    let (place, message) = rest.split_once("] ")?;
    let (pid, file) = place.trim_start().split_once(' ')?;
    let pid = pid.parse().ok()?;
    if !file.contains(':') || file.contains(' ') {
        return None;
    }
    let error = ["etcdserver: ", "etcdclient: "].iter().filter_map(|prefix| message.rfind(prefix)).max();
    let message = error.and_then(|at| message.get(at..)).unwrap_or(message);
    Some(LogLine { stamp: Some(stamp), pid: Some(pid), level: Some(level), form: Form::Klog, ..LogLine::of(Body::Text(message)) })
}

fn go_level_word(text: &str) -> Option<(Level, &str)> {
    const WORDS: [(&str, Level); 5] = [
        ("INFO: ", Level::Info),
        ("WARNING: ", Level::Warn),
        ("ERROR: ", Level::Error),
        ("FATAL: ", Level::Fatal),
        ("DEBUG: ", Level::Debug),
    ];
    WORDS.iter().find_map(|(word, level)| text.strip_prefix(word).map(|rest| (*level, rest)))
}

/// Drops `[core] [Channel #1 SubChannel #2] `.
fn without_grpc_tags(mut text: &str) -> &str {
    while let Some((_, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        text = rest;
    }
    text
}

/// `rafthttp: text`; the package may hold a slash and may be missing.
fn package(text: &str) -> (Option<&str>, &str) {
    match text.split_once(": ") {
        Some((package, rest)) if is_package(package) => (Some(package), rest),
        _ => (None, text),
    }
}

fn is_package(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_-.".contains(&b))
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_time(word: &str) -> bool {
    word.len() == 8 && word.split(':').count() == 3 && word.split(':').all(is_number)
}

/// Where a syslog header begins inside a line, behind some prose.
pub(super) fn find_syslog(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // `2026-11-22T22:14:33+0000 host etcd[545]: …`, as journalctl's short-iso and rsyslog have it.
    let iso = memchr::memchr_iter(b'T', bytes).filter_map(|t| t.checked_sub(10)).filter(|start| *start > 0).find(|start| {
        let from = text.get(*start..).and_then(date::iso);
        from.and_then(|(_, rest)| rest.strip_prefix(' ')).and_then(speaker).is_some_and(|(host, ..)| host.is_some())
    });
    if iso.is_some() {
        return iso;
    }
    memchr::memchr_iter(b':', bytes).find_map(|colon| {
        // `dd hh:mm:ss`: a day and a blank before the hour.
        let hour = colon.checked_sub(2)?;
        if bytes.get(colon + 3) != Some(&b':') || !bytes.get(hour..colon)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let before_day = text.get(..hour)?.strip_suffix(' ')?.trim_end_matches(|c: char| c.is_ascii_digit());
        let before = before_day.trim_end_matches(' ');
        if before.len() == before_day.len() {
            return None;
        }
        let word = before.rfind(' ').map_or(0, |blank| blank + 1);
        [word, english_tail(before)?].into_iter().filter(|&start| start > 0).find(|&start| {
            let from = text.get(start..).and_then(date::syslog);
            from.and_then(|(_, rest)| rest.strip_prefix(' ')).and_then(speaker).is_some_and(|(host, ..)| host.is_some())
        })
    })
}

/// Where the last three bytes begin, when they can be a month's short name: `报错信息:Aug` has no blank before it.
fn english_tail(before: &str) -> Option<usize> {
    let start = before.len().checked_sub(3)?;
    Some(if before.is_char_boundary(start) { start } else { 0 })
}
