//! Records of log shippers: the line of a log as one field of a JSON object, as fluent-bit, Elastic, Loki, Splunk and cloud consoles export it.

use std::{borrow::Cow, sync::LazyLock};

use memchr::memmem::Finder;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, value::RawValue};

/// A line, and the time that the shipper gave it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shipped<'a> {
    /// The line of the log. Where level and package came as fields, they stand in front as capnslog has them.
    pub line: Cow<'a, str>,
    /// The time as it stands there, empty where there is none.
    pub date: &'a str,
}

/// Names of the field that holds the line, by which a record is known before it is parsed.
const FIELDS: &[&str] = &["\"log\":", "\"message\":", "\"textPayload\":", "\"line\":", "\"_raw\":", "\"jsonPayload\":"];

/// Looks for one each.
static FINDERS: LazyLock<Vec<Finder<'_>>> = LazyLock::new(|| FIELDS.iter().map(Finder::new).collect());

#[derive(Deserialize, Default)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    log: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "textPayload")]
    text_payload: Option<Cow<'a, str>>,
    #[serde(borrow)]
    line: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "_raw")]
    raw: Option<Cow<'a, str>>,
    #[serde(borrow)]
    severity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow, rename = "@timestamp")]
    at_timestamp: Option<&'a RawValue>,
    /// A program's own record has one: then it is no shipper's, or a shipper took it apart.
    level: Option<IgnoredAny>,
    msg: Option<IgnoredAny>,
    /// zap's: file and line.
    #[serde(borrow)]
    caller: Option<Cow<'a, str>>,
}

/// zap's keys under the names that others give them, as Google's and Elastic's encoders do.
const RENAMED: &[(&str, &str)] = &[
    ("severity", "level"),
    ("log.level", "level"),
    ("timestamp", "ts"),
    ("@timestamp", "ts"),
    ("time", "ts"),
    ("message", "msg"),
];

/// A record of zap whose keys were renamed, with its own names again.
fn renamed(object: &str) -> Option<String> {
    let mut fields: serde_json::Map<String, Value> = serde_json::from_str(object).ok()?;
    let mut text = String::from("{");
    let mut say = |name: &str, value: &Value| {
        let comma = if text.len() > 1 { "," } else { "" };
        text.push_str(&format!("{comma}{}:{value}", Value::from(name)));
    };
    // The names that zap writes first must be the first.
    for own in ["level", "ts", "caller", "msg"] {
        let other = RENAMED.iter().filter(|(_, name)| *name == own).find_map(|(other, _)| fields.remove(*other));
        let Some(mut value) = fields.remove(own).or(other) else { continue };
        if let Some(level) = value.as_str().filter(|_| own == "level").map(str::to_ascii_lowercase) {
            value = Value::from(if level == "warning" { "warn" } else { &level });
        }
        say(own, &value);
    }
    fields.iter().for_each(|(name, value)| say(name, value));
    text.push('}');
    Some(text)
}

/// The record of which another one is a part: a hit of a search, a result.
#[derive(Deserialize)]
struct Hit<'a> {
    #[serde(borrow, alias = "result", rename = "_source")]
    source: Record<'a>,
}

/// A record whose payload is what the program wrote, as an object.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow, rename = "jsonPayload")]
    payload: &'a RawValue,
}

/// Takes a record apart; `None` where it is none. A date may stand before it, as consoles print one.
pub(super) fn take<'a>(text: &'a str) -> Option<Shipped<'a>> {
    let at = text.find('{').filter(|at| *at <= LONGEST_DATE)?;
    let (before, object) = text.split_at(at);
    let is_one = FINDERS.iter().any(|field| field.find(object.as_bytes()).is_some());
    // journald's own form has a reader of its own.
    if !is_one || object.contains("\"__REALTIME_TIMESTAMP\"") {
        return None;
    }
    let before = before.trim();
    if !before.is_empty() && !before.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(Payload { payload }) = serde_json::from_str::<Payload<'a>>(object) {
        return payload.get().starts_with('{').then_some(Shipped { line: Cow::Borrowed(payload.get()), date: before });
    }
    let record = serde_json::from_str::<Record<'a>>(object).ok().filter(Record::has_line);
    let record = record.or_else(|| serde_json::from_str::<Hit<'a>>(object).ok().map(|hit| hit.source))?;
    if record.is_zap_renamed() {
        return Some(Shipped { line: Cow::Owned(renamed(object)?), date: before });
    }
    record.shipped(before)
}

/// The longest date that stands before a record, with a zone.
const LONGEST_DATE: usize = 40;

impl<'a> Record<'a> {
    fn has_line(&self) -> bool {
        [&self.log, &self.message, &self.text_payload, &self.line, &self.raw].iter().any(|field| field.is_some())
    }

    fn is_zap_renamed(&self) -> bool {
        self.msg.is_none() && self.message.is_some() && self.caller.as_ref().is_some_and(|caller| caller.contains(".go:"))
    }

    fn shipped(self, before: &'a str) -> Option<Shipped<'a>> {
        if self.level.is_some() || self.msg.is_some() {
            return None;
        }
        let date =
            [self.time, self.at_timestamp, self.timestamp].into_iter().flatten().map(|time| time.get().trim_matches('"')).next();
        let line = self.log.or(self.message).or(self.text_payload).or(self.line).or(self.raw)?;
        let line = match (self.severity.as_deref().and_then(letter), self.source) {
            (Some(letter), Some(package)) => Cow::Owned(format!("{letter} | {package}: {}", line.trim_end())),
            _ => line,
        };
        Some(Shipped { line, date: if before.is_empty() { date.unwrap_or_default() } else { before } })
    }
}

/// capnslog's letter for a severity in words.
fn letter(severity: &str) -> Option<char> {
    match severity.to_ascii_uppercase().as_str() {
        "INFO" | "DEFAULT" => Some('I'),
        "NOTICE" => Some('N'),
        "WARN" | "WARNING" => Some('W'),
        "ERROR" | "ERR" => Some('E'),
        "CRITICAL" | "FATAL" | "EMERGENCY" | "ALERT" => Some('C'),
        "DEBUG" => Some('D'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, &str)> {
        take(text).map(|shipped| (shipped.line.into_owned(), shipped.date))
    }

    #[test]
    fn the_line_is_found_in_each_shippers_field() {
        let line = "2023-02-06 05:58:46.1 C | etcdmain: x";
        for (record, date) in [
            (
                format!(
                    r#"{{"@timestamp":"2023-02-06T05:58:46.000Z","message":"{line}","kubernetes":{{"pod":{{"name":"etcd-a"}}}}}}"#
                ),
                "2023-02-06T05:58:46.000Z",
            ),
            (
                format!(r#"{{"textPayload":"{line}","timestamp":"2023-02-06T05:58:46Z","resource":{{"type":"k8s_container"}}}}"#),
                "2023-02-06T05:58:46Z",
            ),
            (format!(r#"{{"log":"{line}","kubernetes":{{"container_name":"etcd"}}}}"#), ""),
            (
                format!(r#"{{"_index":"x","_source":{{"message":"{line}","@timestamp":"2023-02-06T05:58:46.000Z"}}}}"#),
                "2023-02-06T05:58:46.000Z",
            ),
            (format!(r#"{{"preview":false,"result":{{"_raw":"{line}"}}}}"#), ""),
            (
                format!(r#"{{"labels":{{"app":"etcd"}},"line":"{line}","timestamp":"1700000000000000000"}}"#),
                "1700000000000000000",
            ),
        ] {
            assert_eq!(told(&record), Some((line.to_owned(), date)), "{record}");
        }
    }

    #[test]
    fn level_and_package_that_came_as_fields_stand_in_front_again() {
        let text = "2023-02-06 05:58:46\t{\"log\":\"rejected connection from \\\"127.0.0.1:50234\\\"\",\"severity\":\"INFO\",\"source\":\"embed\"}";
        assert_eq!(
            told(text),
            Some(("I | embed: rejected connection from \"127.0.0.1:50234\"".to_owned(), "2023-02-06 05:58:46"))
        );
    }

    #[test]
    fn an_object_that_the_program_wrote_is_given_as_it_is() {
        let text = r#"{"insertId":"x","jsonPayload":{"level":"warn","msg":"slow fdatasync","took":"2s"},"timestamp":"2023-02-06T05:58:46Z"}"#;
        assert_eq!(told(text).map(|(line, _)| line).as_deref(), Some(r#"{"level":"warn","msg":"slow fdatasync","took":"2s"}"#));
    }

    #[test]
    fn zaps_record_under_other_names_has_its_own_again() {
        let text = r#"{"caller":"rafthttp/probing_status.go:68","error":"EOF","message":"prober detected unhealthy status","remote-peer-id":"3d","severity":"WARNING","timestamp":"2023-05-30T10:11:12.123Z"}"#;
        let own = r#"{"level":"warn","ts":"2023-05-30T10:11:12.123Z","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","error":"EOF","remote-peer-id":"3d"}"#;
        assert_eq!(told(text).map(|(line, _)| line).as_deref(), Some(own));
    }

    #[test]
    fn a_programs_own_record_is_no_shippers() {
        for text in [
            r#"{"level":"info","ts":"2026-11-22T10:00:02.000Z","msg":"x","message":"y"}"#,
            r#"{"level":"info","message":"of another program"}"#,
            r#"{"MESSAGE":"x","__REALTIME_TIMESTAMP":"1","message":"y"}"#,
            r#"say {"message":"x"}"#,
            r#"{"message":"cut o"#,
            "{}",
        ] {
            assert_eq!(take(text), None, "{text}");
        }
    }
}
