//! The wrappers of a log line, peeled one after another: syslog, journald, containers, consoles, services of Windows.

use std::sync::LazyLock;

use jiff::Timestamp;
use memchr::memmem::Finder;

use super::date;
use super::named::{compose, file, node, pod, tool};
use super::stamp::{Stamp, When};

/// Most wrappers a line can be in: a compose prefix around a syslog line that a shipper wrapped once more.
const MOST_WRAPPERS: usize = 5;

/// What a wrapper said of the line in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outer<'a> {
    pub(super) stamp: Option<Stamp<'a>>,
    pub(super) host: Option<&'a str>,
    pub(super) process: Option<&'a str>,
    pub(super) pid: Option<u64>,
}

/// A peeler takes one wrapper off the start of the text, notes what it said, and gives the rest.
type Peel = for<'a> fn(&mut Outer<'a>, &'a str) -> Option<&'a str>;

/// The wrappers, tried in this order. A new one is one more function here; those that cut lines into pieces are in `unwrap`.
const PEELS: &[Peel] = &[
    colour,
    mark,
    pod,
    tool,
    file,
    event,
    rfc5424,
    priority,
    compose,
    syslog,
    full,
    epoch,
    monotonic,
    bare_process,
    dmesg,
    since_boot,
    service,
    timestamps,
    node,
];

/// Takes all wrappers off.
pub(super) fn peel(text: &str) -> (Outer<'_>, &str) {
    let (mut outer, mut rest) = (Outer::default(), text);
    for _ in 0..MOST_WRAPPERS {
        match PEELS.iter().find_map(|peel| peel(&mut outer, rest)) {
            Some(inner) => rest = inner,
            None => break,
        }
    }
    (outer, rest)
}

/// Of two dates on one line the one that says more; etcd's own when both say the same.
pub(super) fn better_of<'a>(inner: Option<Stamp<'a>>, outer: Option<Stamp<'a>>) -> (Option<Stamp<'a>>, Option<Stamp<'a>>) {
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

/// Marks that a web page, a chat or a list leaves before a line: `* ` of minikube's logs, `**` around what somebody made bold, `> ` that
/// quotes, `- `, `msg: ` of a log service.
fn mark<'a>(_: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let trimmed = text.trim_start();
    let rest = ["* ", "**", "> ", "- ", "`", "msg: "].iter().find_map(|mark| trimmed.strip_prefix(mark)).map(str::trim_start);
    // What is no log line behind it is a list or prose.
    let is_log = |rest: &str| {
        rest.starts_with("{\"level\"") || date::iso(rest).is_some() || date::syslog(rest).is_some() || capnslog_undated(rest)
    };
    match rest {
        Some(rest) if is_log(rest) || mark(&mut Outer::default(), rest).is_some() => Some(rest),
        None if trimmed.len() < text.len() && is_log(trimmed) => Some(trimmed),
        _ => None,
    }
}

/// `W | rafthttp: …`: a record whose date was put elsewhere.
pub(super) fn capnslog_undated(text: &str) -> bool {
    let Some((level, rest)) = text.split_once(" | ") else { return false };
    matches!(level, "C" | "E" | "W" | "N" | "I" | "D") && rest.contains(": ")
}

/// `etcd[812]: text`, what is left of a journal's line without its date and host (`-o cat` with a name, a log's column cut off).
fn bare_process<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (process, pid, message) = match speaker(text)? {
        (None, process, Some(pid), message) if outer.process.is_none() => (process, pid, message),
        _ => return None,
    };
    (outer.process, outer.pid) = (Some(process), Some(pid));
    Some(message)
}

/// The `<30>` of a raw syslog line.
fn priority<'a>(_: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (number, rest) = text.strip_prefix('<')?.split_once('>')?;
    (number.len() <= 3 && is_number(number)).then_some(rest)
}

/// A row of `kubectl describe node` or `kubectl get events` in which the node's watcher tells what the kernel said.
fn event<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    static MONITOR: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(" kernel-monitor"));
    MONITOR.find(text.as_bytes())?;
    let (_, rest) = text.split_once(" kernel-monitor ").or_else(|| text.split_once(" kernel-monitor, "))?;
    outer.process = Some("kernel");
    Some(rest.trim_start())
}

pub(super) fn is_host(word: &str) -> bool {
    word.len() > 1 && word.len() <= 64 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

/// `Mmm dd hh:mm:ss host process[pid]: `, the same with an ISO date, and the same without a host. rsyslog that reads the journal can
/// write the header twice; then the inner one tells more.
fn syslog<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    if let Some((stamp, rest)) = date::syslog(text) {
        let rest = rest.strip_prefix(' ')?;
        let Some(spoken) = speaker(rest) else {
            if outer.stamp.is_some() {
                return None;
            }
            outer.stamp = Some(stamp);
            return Some(rest);
        };
        return Some(outer.heard(Some(stamp), spoken));
    }
    let (stamp, rest) = date::iso(text)?;
    let spoken = speaker(rest.strip_prefix(' ')?)?;
    let (host, process, pid, _) = spoken;
    // `2015-09-03T10:00:00Z etcdserver: text` is etcd 2.1's own header: a process shows its number, or is known and has its host.
    if pid.is_none() && (host.is_none() || !NUMBERLESS.contains(&process)) {
        return None;
    }
    Some(outer.heard(Some(stamp), spoken))
}

/// Programs that are believed to speak though they show no process number.
const NUMBERLESS: &[&str] = &["kernel", "etcd", "systemd", "k3s", "rke2", "kubelet"];

impl<'a> Outer<'a> {
    /// A header was read; what is behind it is given back.
    fn heard(&mut self, stamp: Option<Stamp<'a>>, (host, process, pid, message): Speaker<'a>) -> &'a str {
        self.stamp = better_of(stamp, self.stamp).0;
        // `-o with-unit` names units: the programs are called like them, but for the first process.
        let unit = process.strip_suffix(".service").unwrap_or(process);
        let process = if unit == "init.scope" { "systemd" } else { unit };
        // A host without a name of its own is better known by the one before the line.
        let named = host.filter(|host| !host.starts_with("localhost"));
        (self.host, self.process, self.pid) = (named.or(self.host).or(host), Some(process), pid);
        message
    }
}

/// RFC 5424: `<30>1 2026-11-22T15:46:32.123456+00:00 host etcd 9 - - text`; who forwards it may drop the priority.
fn rfc5424<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let text = priority(outer, text).unwrap_or(text).strip_prefix("1 ")?;
    let (stamp, rest) = date::iso(text)?;
    let mut words = rest.strip_prefix(' ')?.splitn(5, ' ');
    let (host, process, pid) = (words.next()?, words.next()?, words.next()?);
    let (_, rest) = (words.next()?, words.next().unwrap_or_default());
    let known = |word: &'a str| Some(word).filter(|word| *word != "-");
    let message = match rest.strip_prefix('-') {
        Some(message) => message,
        None => after_elements(rest)?,
    };
    let message = message.strip_prefix(' ').unwrap_or(message).trim_start_matches('\u{feff}');
    (outer.stamp, outer.host, outer.process) = (better_of(Some(stamp), outer.stamp).0, known(host), known(process));
    outer.pid = pid.parse().ok();
    Some(message)
}

/// What follows RFC 5424's `[id key="value"][…]`; a `]` in a value stands behind a backslash.
fn after_elements(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('[') {
        let is_end = |(at, _): &(usize, &str)| !inner.get(..*at).is_some_and(|before| before.ends_with('\\'));
        let (end, _) = inner.match_indices(']').find(is_end)?;
        rest = inner.get(end + 1..)?;
    }
    (rest.len() < text.len()).then_some(rest)
}

/// `journalctl -o short-full`: `Sun 2026-11-22 22:18:20 UTC host process[pid]: `. Of the zones only UTC says the same everywhere: CST
/// is three of them.
fn full<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (stamp, rest) = date::full(text)?;
    let spoken = speaker(rest.strip_prefix(' ')?)?;
    Some(outer.heard(Some(stamp), spoken))
}

/// `journalctl -o short-unix`: `1795385900.000022 host process[pid]: `.
fn epoch<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (number, rest) = text.split_once(' ')?;
    let (seconds, fraction) = number.split_once('.').filter(|(seconds, fraction)| seconds.len() == 10 && fraction.len() == 6)?;
    let spoken = speaker(rest)?;
    let micros = seconds.parse::<i64>().ok()? * 1_000_000 + fraction.parse::<i64>().ok()?;
    let when = When::from_instant(Timestamp::from_microsecond(micros).ok()?);
    Some(outer.heard(Some(Stamp::new(number, when)), spoken))
}

/// `journalctl -o short-monotonic` and `short-delta`: seconds since the boot, which are no date.
fn monotonic<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (since, rest) = text.strip_prefix('[')?.split_once("] ")?;
    let is_since = since.contains('.') && since.bytes().all(|b| b.is_ascii_digit() || b" .<>".contains(&b));
    let spoken @ (host, process, pid, _) = speaker(rest).filter(|_| is_since && outer.process.is_none())?;
    // The kernel's own words have colons: `[   12.345678] XFS (sdb1): …`.
    let is_spoken = host.is_some() && (pid.is_some() || NUMBERLESS.contains(&process));
    is_spoken.then(|| outer.heard(None, spoken))
}

/// `2026-11-22 15:46:32.123: `, which NSSM writes before the lines of a service of Windows.
fn service<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (stamp, rest) = date::iso(text)?;
    let rest = rest.strip_prefix(": ")?;
    outer.stamp = better_of(Some(stamp), outer.stamp).0;
    Some(rest)
}

/// What `dmesg -x` prints behind facility and level: `kern  :err   : `.
fn behind_level(text: &str) -> &str {
    text.strip_prefix("kern ").and_then(|rest| rest.split_once(" : ")).map_or(text, |(_, rest)| rest)
}

/// `dmesg -T`, also behind `kern  :err   : ` of `dmesg -x`.
fn dmesg<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (stamp, rest) = date::dmesg(behind_level(text))?;
    *outer = Outer { stamp: Some(stamp), process: Some("kernel"), ..*outer };
    Some(rest)
}

/// `[12345.678901] text` of `dmesg`, also behind `kern  :err   : ` of `dmesg -x` and behind a journal's header: seconds since the boot.
fn since_boot<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (since, rest) = behind_level(text).trim_start().strip_prefix('[')?.split_once(']')?;
    let rest = rest.strip_prefix(' ').or_else(|| rest.starts_with('[').then_some(rest))?;
    // Programs with clocks of their own print other numbers of digits.
    let (seconds, fraction) = since.trim_start().split_once('.')?;
    if fraction.len() != 6 || !is_number(fraction) || !is_number(seconds) || outer.process.is_some_and(|p| p != "kernel") {
        return None;
    }
    outer.process = Some("kernel");
    // The thread that spoke: `[T123] `, `[    C0] `.
    let speaker =
        rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")).filter(|(who, _)| who.trim_start().starts_with(['T', 'C']));
    Some(speaker.map_or(rest, |(_, rest)| rest))
}

/// `kubectl logs --timestamps`, and services of Windows: a date before a line that has one of its own, is JSON, or ends a process.
fn timestamps<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    const OWN: [&str; 9] =
        ["{\"", "raft20", "INFO: 20", "WARNING: 20", "ERROR: 20", "FATAL: 20", "panic: ", "fatal error: ", "goroutine "];
    if outer.stamp.is_some() {
        return None;
    }
    let (stamp, rest) = date::iso(text)?;
    let rest = rest.strip_prefix(' ')?;
    let has_own = OWN.iter().any(|start| rest.starts_with(start)) || date::iso(rest).is_some() || date::syslog(rest).is_some();
    outer.stamp = has_own.then_some(stamp);
    has_own.then_some(rest)
}

pub(super) type Speaker<'a> = (Option<&'a str>, &'a str, Option<u64>, &'a str);

/// `host process[pid]: message`; a paste may have lost the host.
pub(super) fn speaker(text: &str) -> Option<Speaker<'_>> {
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

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn is_time(word: &str) -> bool {
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

/// What surrounds a record in prose.
const AROUND: [char; 9] = ['"', '`', '\'', '_', '*', '(', ' ', '“', ':'];

/// Where a record with its own header stands inside a line, behind some prose or a sign: `{"level":…`, `2018-10-25 16:20:35.1 W | …`,
/// `2015/04/22 03:59:10 …`. The sign with which it began ends it too.
pub(super) fn find_record(text: &str) -> Option<(usize, usize)> {
    let zap = memchr::memmem::find(text.as_bytes(), b"{\"level\":\"");
    let dates = memchr::memchr_iter(b':', text.as_bytes()).filter_map(|colon| colon.checked_sub(13));
    let is_date = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with("20") && date::iso(rest).is_some());
    let at = zap.into_iter().chain(dates.filter(is_date)).min()?;
    let before = text.get(..at)?.chars().next_back().filter(|before| AROUND.contains(before))?;
    let end = text.get(at..)?.rfind(if before == '“' { '”' } else { before }).filter(|_| !matches!(before, ' ' | '(' | ':'));
    // `__bold__` ends with two signs.
    let end = end.map_or(text.len(), |end| at + end);
    Some((at, text.get(..end)?.trim_end_matches(before).len()))
}
