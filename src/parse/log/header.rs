//! etcd's own header, and what stands before it.

use std::sync::LazyLock;

use memchr::memmem::{self, Finder};

use super::date;
use super::logrus;
use super::wrapper;
use super::zap::Zap;
use super::{Body, Form, Level, LogLine};
use crate::messages::word_before_colon;

/// Reads a line.
pub(super) fn read(text: &str) -> Option<LogLine<'_>> {
    let (outer, rest) = wrapper::peel(text.trim_start_matches('\u{feff}').trim_end());
    if rest.trim().is_empty() && outer.process.is_none() {
        return None;
    }
    let inner = own(rest);
    let (stamp, other) = wrapper::better_of(inner.stamp, outer.stamp);
    Some(LogLine { stamp, other, host: outer.host, process: outer.process, pid: outer.pid.or(inner.pid), ..inner })
}

/// What the process itself wrote.
fn own(text: &str) -> LogLine<'_> {
    let line = match text.as_bytes().first() {
        Some(b'{') => Zap::json(text).map(LogLine::from),
        Some(b'0'..=b'9') => dated(text),
        Some(b'I' | b'W' | b'E' | b'F' | b'P') => {
            klog(text).or_else(|| go_level(text)).or_else(|| undated(text)).or_else(|| logrus::short(text))
        }
        Some(b'r') => raft(text),
        Some(b't') => logrus::fields(text),
        Some(b'C' | b'N' | b'D') => undated(text).or_else(|| logrus::short(text)),
        _ => None,
    };
    let line = line.or_else(|| Zap::torn(text).map(|zap| LogLine { form: Form::Bare, ..zap.into() }));
    line.unwrap_or_else(|| LogLine::of(Body::Text(text)))
}

/// The same, where it is a line of a program around etcd.
pub(super) fn own_of_others(text: &str) -> Option<LogLine<'_>> {
    match text.as_bytes().first() {
        Some(b'I' | b'W' | b'E' | b'F') => klog(text),
        _ => logrus::fields(text),
    }
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

/// `W | rafthttp: text`: capnslog whose date stands elsewhere.
fn undated(text: &str) -> Option<LogLine<'_>> {
    let (level, message) = text.split_once(" | ")?;
    let level = Level::from_capnslog(level)?;
    let (package, message) = package(message);
    package?;
    let (message, repeats) = merged(message);
    Some(LogLine { level: Some(level), package, repeats, form: Form::Capnslog, ..LogLine::of(Body::Text(message)) })
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

/// What begins the words of etcd's client within those of others.
static INNERMOST: LazyLock<[Finder<'_>; 4]> =
    LazyLock::new(|| ["etcdserver: ", "etcdclient: ", "trying to send message ", "grpc: message too large "].map(Finder::new));

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
    let end = memmem::find(rest.as_bytes(), b"] ")?;
    let (place, message) = (rest.get(..end)?, rest.get(end + 2..)?);
    let (pid, file) = place.trim_start().split_once(' ')?;
    let pid = pid.parse().ok()?;
    if !file.contains(':') || file.contains(' ') {
        return None;
    }
    // gRPC's own lines under Kubernetes' header.
    let message = if message.starts_with("[core] ") { without_grpc_tags(message) } else { message };
    let error = INNERMOST.iter().filter_map(|words| words.find_iter(message.as_bytes()).last()).max();
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
pub(super) fn package(text: &str) -> (Option<&str>, &str) {
    match word_before_colon(text) {
        // Go's own last words are no package.
        Some((package, rest)) if package.starts_with(|c: char| c.is_ascii_lowercase()) && package != "panic" => {
            (Some(package), rest)
        }
        _ => (None, text),
    }
}
