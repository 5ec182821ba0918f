//! zap's JSON records: read to their message, their fields looked up when asked for, a torn end accepted.

use std::{borrow::Cow, sync::LazyLock};

use memchr::memmem::Finder;

use super::date;
use super::stamp::Stamp;
use super::{Level, LogLine};

/// The keys zap writes before the fields. A record has at most one more (a stack trace) at its end.
const LEADING_KEYS: usize = 8;

/// A zap record.
#[derive(Clone, Debug, PartialEq)]
pub struct Zap<'a> {
    /// The level.
    pub level: Option<Level>,
    /// The time.
    pub ts: Option<Stamp<'a>>,
    /// The logger's name: `raft`, `client`; absent in 3.4.
    pub logger: Option<Cow<'a, str>>,
    /// Directory, file and line. It does not tell raft messages apart in 3.5.
    pub caller: Option<Cow<'a, str>>,
    /// The message; empty when the record was cut before it.
    pub msg: Cow<'a, str>,
    /// The JSON object: the whole record, or the fields at the end of a console line.
    object: &'a str,
}

impl<'a> Zap<'a> {
    /// A JSON record. `None` unless it has a level and a message or a time.
    pub(super) fn json(text: &'a str) -> Option<Self> {
        if !text.starts_with('{') {
            return None;
        }
        let mut zap = Zap { level: None, ts: None, logger: None, caller: None, msg: Cow::Borrowed(""), object: text };
        let mut has_msg = false;
        for (key, value) in Fields::new(text).take(LEADING_KEYS) {
            match key {
                "level" => zap.level = Level::from_word(&value.text()),
                "ts" => zap.ts = date::zap(value.bare()),
                "logger" => zap.logger = Some(value.text()),
                "caller" => zap.caller = Some(value.text()),
                "msg" => {
                    zap.msg = value.text();
                    has_msg = true;
                    break;
                }
                _ => {}
            }
        }
        (zap.level.is_some() && (has_msg || zap.ts.is_some())).then_some(zap)
    }

    /// A JSON record whose beginning was cut off, with what precedes the message: `aller":"snap/db.go:92","msg":"…","error":"…`.
    pub(super) fn torn(text: &'a str) -> Option<Self> {
        static MSG: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\"msg\":\""));
        let at = MSG.find(text.as_bytes())?;
        let (before, object) = text.split_at_checked(at)?;
        let (_, msg) = Fields { rest: object }.next().filter(|_| before.is_empty() || before.ends_with(','))?;
        Some(Zap { level: None, ts: None, logger: None, caller: None, msg: msg.text(), object })
    }

    /// A console record: time, level, perhaps a logger, caller, message and fields between tabs. rsyslog writes a tab as `#011`.
    pub(super) fn console(text: &'a str) -> Option<Self> {
        let (ts, _) = date::iso(text)?;
        let tab = if text.contains('\t') { "\t" } else { "#011" };
        let mut parts = text.splitn(6, tab);
        if parts.next()? != ts.as_read() {
            return None;
        }
        let level = Level::from_word(parts.next()?.trim())?;
        let (first, second) = (parts.next()?, parts.next().unwrap_or_default());
        // A caller ends with a line number; a logger's name does not.
        let (logger, caller, msg) =
            if is_caller(first) { (None, first, second) } else { (Some(first), second, parts.next().unwrap_or_default()) };
        let caller = Some(caller).filter(|caller| is_caller(caller)).map(Cow::Borrowed);
        let object = parts.next().unwrap_or_default();
        Some(Zap { level: Some(level), ts: Some(ts), logger: logger.map(Cow::Borrowed), caller, msg: Cow::Borrowed(msg), object })
    }

    /// The record as it stands.
    pub(in crate::parse) fn record(&self) -> &'a str {
        self.object
    }

    /// The first value of a field, a string without its quotes and escapes, anything else as it stands. Of a value that a terminal cut nothing
    /// is given, for half a number is another one; but half an error still says much.
    pub fn field(&self, name: &str) -> Option<Cow<'a, str>> {
        let whole = self.fields().find(|(key, _)| *key == name).map(|(_, value)| value.text());
        whole.or_else(|| self.torn_error().filter(|_| name == "error").map(Cow::Borrowed))
    }

    /// What is there of an error in whose middle the record ends.
    fn torn_error(&self) -> Option<&'a str> {
        if self.object.trim_end().ends_with('}') {
            return None;
        }
        let (_, error) = self.object.rsplit_once("\"error\":\"")?;
        let is_whole = error.match_indices('"').any(|(at, _)| !error.get(..at).is_some_and(|before| before.ends_with('\\')));
        (!is_whole && !error.is_empty()).then_some(error)
    }

    /// All fields in their order. Keys may repeat: 3.4 logs `from` twice in `updated cluster version`.
    pub fn fields(&self) -> impl Iterator<Item = (&'a str, Value<'a>)> + use<'a> {
        Fields::new(self.object)
    }
}

impl<'a> From<Zap<'a>> for LogLine<'a> {
    fn from(zap: Zap<'a>) -> Self {
        LogLine { stamp: zap.ts, level: zap.level, ..LogLine::of(super::Body::Zap(zap)) }
    }
}

fn is_caller(word: &str) -> bool {
    word.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()))
}

/// A JSON value as it stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// As it stands, quotes and escapes included.
    pub fn raw(&self) -> &'a str {
        self.0
    }

    /// A string's content with escapes resolved; anything else as it stands.
    pub fn text(&self) -> Cow<'a, str> {
        if self.0.starts_with('"')
            && self.0.contains('\\')
            && let Ok(text) = serde_json::from_str::<String>(self.0)
        {
            return Cow::Owned(text);
        }
        Cow::Borrowed(self.bare())
    }

    fn bare(&self) -> &'a str {
        self.0.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(self.0)
    }
}

/// Keys and values of a JSON object, one level deep. It ends quietly where the text is torn; a torn value is not given.
struct Fields<'a> {
    rest: &'a str,
}

impl<'a> Fields<'a> {
    fn new(object: &'a str) -> Self {
        let object = object.trim_start();
        Self { rest: object.strip_prefix('{').unwrap_or(object) }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let text = std::mem::take(&mut self.rest).trim_start_matches([' ', ',', '\t']);
        let key_end = string_end(text)?;
        let key = text.get(1..key_end - 1)?;
        let text = text.get(key_end..)?.trim_start().strip_prefix(':')?.trim_start();
        let value_end = value_end(text)?;
        let (value, rest) = text.split_at_checked(value_end)?;
        self.rest = rest;
        Some((key, Value(value)))
    }
}

/// Where the string at the start of the text ends, behind its closing quote.
fn string_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Where the value at the start of the text ends.
fn value_end(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'"' => string_end(text),
        b'{' | b'[' => {
            let mut depth = 0_usize;
            let mut at = 0;
            while let Some(&byte) = text.as_bytes().get(at) {
                match byte {
                    b'"' => {
                        at += string_end(text.get(at..)?)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            None
        }
        _ => memchr::memchr2(b',', b'}', text.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_gives_what_stands_before_its_fields_and_looks_fields_up() {
        let zap = Zap::json(r#"{"level":"warn","ts":"2022-02-22T09:08:14.783-0700","caller":"etcdserver/util.go:123","msg":"failed to \"apply\"","took":"10.997µs","n":[1,{"a":"]"}],"from":"3.3","from":"3.4","last":7}"#).unwrap();
        assert_eq!((zap.level, &*zap.msg), (Some(Level::Warn), "failed to \"apply\""));
        assert_eq!(zap.caller.as_deref(), Some("etcdserver/util.go:123"));
        assert_eq!(zap.ts.and_then(|ts| ts.instant()).map(|t| t.to_string()).as_deref(), Some("2022-02-22T16:08:14.783Z"));
        assert_eq!(zap.field("took").as_deref(), Some("10.997µs"));
        assert_eq!(zap.field("n").as_deref(), Some(r#"[1,{"a":"]"}]"#));
        assert_eq!(zap.field("last").as_deref(), Some("7"));
        assert_eq!(zap.fields().filter(|(key, _)| *key == "from").count(), 2);
        assert_eq!(zap.field("absent"), None);
    }

    #[test]
    fn a_record_cut_in_the_middle_gives_what_stood_before_the_cut() {
        let whole = r#"{"level":"warn","ts":"2022-02-22T09:08:14.783Z","caller":"a.go:1","msg":"slow","error":"no \"space\""}"#;
        for cut in 0..whole.len() {
            let zap = Zap::json(&whole[..cut]);
            assert_eq!(zap.is_some(), cut > whole.find(",\"caller").unwrap() - 1, "{cut}");
            if cut > whole.find(",\"error").unwrap() {
                assert_eq!(zap.unwrap().msg, "slow");
            }
        }
    }

    #[test]
    fn a_record_without_its_beginning_gives_its_message_and_what_is_left_of_its_fields() {
        let zap = Zap::torn(r#"ller":"snap/db.go:92","msg":"no \"file\"","index":3700038,"error":"snap: none","path":"/var/li"#)
            .unwrap();
        assert_eq!((&*zap.msg, zap.level), ("no \"file\"", None));
        assert_eq!((zap.field("index").as_deref(), zap.field("error").as_deref()), (Some("3700038"), Some("snap: none")));
        for text in [r#"he wrote "msg":"x""#, r#""msg":"cut in the mid"#, r#"{"message":"x"}"#] {
            assert_eq!(Zap::torn(text), None, "{text}");
        }
    }

    #[test]
    fn other_json_is_not_a_record() {
        for text in [r#"{"log":"text\n","stream":"stderr"}"#, r#"{"health":"true"}"#, "{", "{}", r#"{"level":"warn"}"#] {
            assert_eq!(Zap::json(text), None, "{text}");
        }
    }

    #[test]
    fn console_records_are_read_with_and_without_a_logger_and_with_escaped_tabs() {
        for text in [
            "2025-01-02T03:04:05.678900Z\twarn\tetcdserver/util.go:170\tapply request took too long\t{\"took\": \"152.3ms\"}",
            "2025-01-02T03:04:05.678900Z#011warn#011etcdserver/util.go:170#011apply request took too long#011{\"took\": \"152.3ms\"}",
            "2025-01-02T03:04:05.6789Z\tWARN\traft\tv3@v3.6.0/raft.go:1\tapply request took too long\t{\"took\": \"152.3ms\"}",
        ] {
            let zap = Zap::console(text).unwrap();
            assert_eq!((zap.level, &*zap.msg), (Some(Level::Warn), "apply request took too long"), "{text}");
            assert_eq!(zap.field("took").as_deref(), Some("152.3ms"), "{text}");
        }
        assert!(Zap::console("2025-01-02T03:04:05Z stderr F text").is_none());
    }
}
