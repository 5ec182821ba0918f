//! Places in a line where the name of a host or of a member stands, whatever it is: URLs, lookups, certificates, etcd's own settings.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::words::is_of_name;

/// What stands in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Host,
    Member,
}

/// What leads to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    /// `://HOST`, and `NAME=http://` before it.
    Url,
    /// `lookup HOST on …`, `lookup HOST: …`.
    Lookup,
    /// `DNS:HOST`, `nodes/HOST/`.
    Host,
    /// `Node:  HOST/ADDRESS`, as kubectl describes a pod.
    Node,
    /// `CN = HOST` of a certificate, where it is more than a word: authorities and clients have names there too.
    Subject,
    /// `"server-name":"HOST"`, `ServerName "HOST"`.
    QuotedHost,
    /// `"dns-names":["HOST","HOST"]`.
    Hosts,
    /// `is valid for HOST, HOST, not HOST`.
    ValidFor,
    /// `HOST:2379`.
    Port,
    /// `--name NAME`, `name = NAME`, `"name":"NAME"`, `Name:NAME`, ` name=NAME`.
    Name,
    /// `, started, NAME,`, `| started | NAME |`.
    Listed,
    /// `member NAME has already been bootstrapped`.
    Member,
}

const LEADS: &[(&str, Lead)] = &[
    ("://", Lead::Url),
    ("lookup ", Lead::Lookup),
    ("dns:", Lead::Host),
    ("nodes/", Lead::Host),
    ("node: ", Lead::Node),
    ("cn=", Lead::Subject),
    ("cn = ", Lead::Subject),
    ("servername", Lead::QuotedHost),
    ("server-name", Lead::QuotedHost),
    ("_hostname", Lead::QuotedHost),
    ("dns-names", Lead::Hosts),
    (" valid for ", Lead::ValidFor),
    (":2379", Lead::Port),
    (":2380", Lead::Port),
    (":2381", Lead::Port),
    (":4001", Lead::Port),
    (":7001", Lead::Port),
    (":6443", Lead::Port),
    ("name", Lead::Name),
    (", started, ", Lead::Listed),
    ("| started | ", Lead::Listed),
    ("member ", Lead::Member),
];

/// `None` only if it could not be built, which it can: the words are constants and few.
static SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(LEADS.iter().map(|(word, _)| word)).ok());

/// How the names of settings end that have URLs: what stands before their `=` is no member.
const SETTINGS: &[&str] = &[
    "urls",
    "url",
    "cluster",
    "proxy",
    "discovery",
    "endpoints",
    "endpoint",
    "servers",
    "server",
    "addr",
    "address",
    "host",
    "hosts",
    "target",
    "image",
    "peers",
    "uri",
];

/// Longest name that is looked at.
const LONGEST: usize = 253;

/// The places of a line.
pub(super) fn of(line: &[u8]) -> Vec<(Range<usize>, Place)> {
    let mut places = Vec::new();
    places.extend(logged_by(line).map(|span| (span, Place::Host)));
    let Some(search) = &*SEARCH else { return places };
    for found in search.find_overlapping_iter(line) {
        let Some((_, lead)) = LEADS.get(found.pattern().as_usize()) else { continue };
        let (start, end) = (found.start(), found.end());
        let mut add = |span: Range<usize>, place| {
            if !span.is_empty() && span.len() <= LONGEST {
                places.push((span, place));
            }
        };
        match lead {
            // gRPC has URLs of its own, whose hosts are made up: `endpoint://client-…/`.
            Lead::Url if !is_http(line, start) => {}
            Lead::Url => {
                add(host_of_url(line, end), Place::Host);
                add(member_before(line, start), Place::Member);
            }
            Lead::Lookup => {
                let span = word(line, end);
                let behind = rest(line, span.end);
                if behind.starts_with(b" on ") || behind.starts_with(b":") {
                    add(span, Place::Host);
                }
            }
            Lead::Host => add(word(line, end), Place::Host),
            Lead::Node => {
                let blanks = rest(line, end).iter().take_while(|b| **b == b' ').count();
                let span = word(line, end + blanks);
                if byte(line, span.end) == Some(b'/') {
                    add(span, Place::Host);
                }
            }
            Lead::Subject => {
                let span = word(line, end);
                if line.get(span.clone()).is_some_and(|name| name.contains(&b'.')) {
                    add(span, Place::Host);
                }
            }
            Lead::QuotedHost => add(in_quotes(line, end), Place::Host),
            Lead::Hosts => list(line, end, |span| add(span, Place::Host)),
            Lead::ValidFor => valid_for(line, end, |span| add(span, Place::Host)),
            Lead::Port if !byte(line, end).is_some_and(|b| b.is_ascii_alphanumeric()) => {
                add(word_before(line, start), Place::Host);
            }
            Lead::Port => {}
            Lead::Name => add(member_of_setting(line, start, end), Place::Member),
            Lead::Listed => add(until(line, end, |b| matches!(b, b',' | b' ' | b'|')), Place::Member),
            Lead::Member => {
                let span = word(line, end);
                if rest(line, span.end).starts_with(b" has already been bootstrapped") {
                    add(span, Place::Member);
                }
            }
        }
    }
    places
}

fn byte(line: &[u8], at: usize) -> Option<u8> {
    line.get(at).copied()
}

fn rest(line: &[u8], at: usize) -> &[u8] {
    line.get(at..).unwrap_or_default()
}

fn until(line: &[u8], from: usize, ends: impl Fn(u8) -> bool) -> Range<usize> {
    from..from + rest(line, from).iter().take(LONGEST + 1).take_while(|b| !ends(**b)).count()
}

/// The name that begins here, without the point of a sentence.
fn word(line: &[u8], from: usize) -> Range<usize> {
    let span = until(line, from, |b| !is_of_name(b));
    let points = line.get(span.clone()).unwrap_or_default().iter().rev().take_while(|b| matches!(b, b'.' | b'-')).count();
    span.start..span.end - points
}

fn word_before(line: &[u8], end: usize) -> Range<usize> {
    let before = line.get(end.saturating_sub(LONGEST + 1)..end).unwrap_or_default();
    end - before.iter().rev().take_while(|b| is_of_name(**b)).count()..end
}

/// The host behind `://`, past user and password. One in brackets is an address.
fn host_of_url(line: &[u8], from: usize) -> Range<usize> {
    let ends = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'' | b'\\' | b'<' | b'>' | b'`' | b',');
    let authority = until(line, from, ends);
    let user = line.get(authority.clone()).and_then(|all| memchr::memrchr(b'@', all));
    word(line, user.map_or(from, |at| from + at + 1))
}

/// Whether `http` or `https` stands before `://`.
fn is_http(line: &[u8], colon: usize) -> bool {
    let scheme = line.get(colon.saturating_sub(5)..colon).unwrap_or_default().to_ascii_lowercase();
    scheme.ends_with(b"http") || scheme == b"https"
}

/// `NAME=` before `http://`. What follows the name of a setting is no member's.
fn member_before(line: &[u8], colon: usize) -> Range<usize> {
    let none = colon..colon;
    let length = if line.get(..colon).is_some_and(|text| text.ends_with(b"s")) { 5 } else { 4 };
    let Some(sign) = (colon - length).checked_sub(1).filter(|at| byte(line, *at) == Some(b'=')) else { return none };
    let span = word_before(line, sign);
    let name = String::from_utf8_lossy(line.get(span.clone()).unwrap_or_default()).to_ascii_lowercase();
    let is_setting = name.starts_with('-') || SETTINGS.iter().any(|end| name.ends_with(end));
    if is_setting { none } else { span }
}

/// Where a text in quotes stands behind a name and its sign, however deep it is quoted.
fn in_quotes(line: &[u8], from: usize) -> Range<usize> {
    let marks = rest(line, from).iter().take(12).take_while(|b| matches!(b, b'"' | b'\\' | b':' | b' ' | b'=')).count();
    let begin = from + marks;
    match begin.checked_sub(1).and_then(|at| byte(line, at)) {
        Some(b'"') if marks > 0 => until(line, begin, |b| matches!(b, b'"' | b'\\')),
        _ => begin..begin,
    }
}

/// The texts of a list in brackets.
fn list(line: &[u8], from: usize, mut add: impl FnMut(Range<usize>)) {
    let all = until_bracket(line, from);
    let mut at = from;
    while at < all {
        let span = word(line, at);
        at = span.end.max(at) + 1;
        add(span);
    }
}

fn until_bracket(line: &[u8], from: usize) -> usize {
    let near = line.get(from..line.len().min(from + 16 * LONGEST)).unwrap_or_default();
    from + memchr::memchr(b']', near).unwrap_or(0)
}

/// Go's words for a certificate of other hosts.
fn valid_for(line: &[u8], from: usize, mut add: impl FnMut(Range<usize>)) {
    let mut at = from;
    loop {
        let span = word(line, at);
        let end = span.end;
        if line.get(span.clone()) != Some(b"any") && line.get(span.clone()) != Some(b"only") {
            add(span);
        }
        let next = rest(line, end);
        at = match (next.strip_prefix(b", not "), next.strip_prefix(b", ")) {
            (Some(_), _) => {
                add(word(line, end + 6));
                return;
            }
            (None, Some(_)) => end + 2,
            (None, None) => return,
        };
    }
}

/// What stands behind `name` where it is etcd's own setting.
fn member_of_setting(line: &[u8], start: usize, end: usize) -> Range<usize> {
    let none = end..end;
    let before = line.get(start.saturating_sub(24)..start).unwrap_or_default();
    let is_flag = before.ends_with(b"--") || before.ends_with(b" -") || before.ends_with(b"\"-");
    let is_variable = before.ends_with(b"ETCD_");
    let is_edge = |text: &[u8]| text.last().is_none_or(|b| !is_of_name(*b));
    match byte(line, end) {
        Some(b'=') if is_flag || is_variable => quoted_or_word(line, end + 1),
        Some(b' ') if is_flag => quoted_or_word(line, end + 1),
        Some(b'"') if is_flag => in_quotes(line, end + usize::from(rest(line, end).starts_with(b"\",\""))),
        Some(b'=') if is_edge(before) && memchr::memmem::find(rest(line, end), b" peerURLs=").is_some() => {
            until(line, end + 1, |b| b == b' ')
        }
        Some(b' ') if rest(line, end).starts_with(b" = ") && before.ends_with(b": ") && has(line, b"etcd") => word(line, end + 3),
        Some(b':') if before.ends_with(b"{") && has(line, b"ClientURLs") => until(line, end + 1, |b| matches!(b, b' ' | b'}')),
        Some(b'"' | b'\\') => {
            let whole = before.ends_with(b"\"") || before.ends_with(b"-member-");
            let is_etcds =
                || ["peerURLs", "peer-urls", "clientURLs", "etcd-version"].iter().any(|word| has(line, word.as_bytes()));
            if whole && (before.ends_with(b"-member-") || is_etcds()) { in_quotes(line, end) } else { none }
        }
        _ => none,
    }
}

fn quoted_or_word(line: &[u8], from: usize) -> Range<usize> {
    match byte(line, from) {
        Some(sign @ (b'"' | b'\'')) => until(line, from + 1, |b| b == sign),
        _ => until(line, from, |b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b'\\')),
    }
}

fn has(line: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(line, word).is_some()
}

/// The host that a line begins with. In the header of syslog or of `journalctl -o short-iso` it stands behind the date, before `PROGRAM[NUMBER]:`.
fn logged_by(line: &[u8]) -> Option<Range<usize>> {
    let head = line.get(..line.len().min(2 * LONGEST)).unwrap_or_default();
    if head.starts_with(b"host: ") {
        // So a manifest says what the host calls itself.
        return Some(word(line, 6));
    }
    let first = word(head, 0);
    let behind = rest(head, first.end).trim_ascii_start();
    if behind.len() < rest(head, first.end).len() && (behind.starts_with(b"Ready") || behind.starts_with(b"NotReady")) {
        // A row of `kubectl get nodes`.
        return Some(first);
    }
    let at = if head.first()?.is_ascii_digit() {
        let date = memchr::memchr(b' ', head)?;
        let is_date = date >= 19 && head.get(10) == Some(&b'T') && head.get(4) == Some(&b'-');
        is_date.then_some(date + 1)?
    } else {
        let is_date = head.get(3) == Some(&b' ') && head.get(6) == Some(&b' ') && head.get(9) == Some(&b':');
        is_date.then(|| memchr::memchr(b' ', rest(head, 7)).map(|end| 7 + end + 1))??
    };
    let span = until(line, at, |b| b == b' ');
    let next = until(line, span.end + 1, |b| b == b' ');
    let level = ["info", "warn", "error", "debug", "fatal", "panic", "warning"];
    let name = line.get(span.clone())?;
    let is_level = level.iter().any(|level| name.eq_ignore_ascii_case(level.as_bytes()));
    (byte(line, next.end.checked_sub(1)?) == Some(b':') && !is_level && name.iter().all(|b| is_of_name(*b))).then_some(span)
}
