//! journald's entries: `-o json`, an object a line, the message in one of its fields; forms of several lines are in `blocks`.

mod blocks;

pub use blocks::{Blocks, Taken};

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::log::{Form, Level, LogLine, Stamp, When};

/// One entry of a journal.
#[derive(Debug)]
pub struct Entry {
    message: String,
    time: String,
    at: Option<Timestamp>,
    host: Option<String>,
    process: Option<String>,
    pid: Option<u64>,
    priority: Option<u8>,
}

#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(rename = "__REALTIME_TIMESTAMP", borrow)]
    time: Cow<'a, str>,
    #[serde(rename = "MESSAGE", borrow)]
    message: Option<&'a RawValue>,
    #[serde(rename = "_HOSTNAME", borrow)]
    host: Option<Cow<'a, str>>,
    #[serde(rename = "SYSLOG_IDENTIFIER", borrow)]
    identifier: Option<Cow<'a, str>>,
    #[serde(rename = "_COMM", borrow)]
    comm: Option<Cow<'a, str>>,
    #[serde(rename = "_PID", borrow)]
    pid: Option<Cow<'a, str>>,
    #[serde(rename = "PRIORITY", borrow)]
    priority: Option<Cow<'a, str>>,
}

impl Entry {
    /// Reads a line of `journalctl -o json`. A message that is not UTF-8 stands there as an array of bytes; one that is too large, as null.
    pub fn read(text: &str) -> Option<Self> {
        // `-o json-seq` and `-o json-sse` put a little before each object.
        let text = text.strip_prefix("data: ").unwrap_or(text).trim_start_matches('\u{1e}');
        if !text.starts_with("{\"") || !text.contains("\"__REALTIME_TIMESTAMP\"") {
            return None;
        }
        Self::from_json(text)
    }

    fn from_json(text: &str) -> Option<Self> {
        let fields: Fields<'_> = serde_json::from_str(text).ok()?;
        let raw = fields.message?.get();
        let message = serde_json::from_str::<String>(raw).ok().or_else(|| {
            let bytes = serde_json::from_str::<Vec<u8>>(raw).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        })?;
        let at = fields.time.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Some(Self {
            message: message.trim_end_matches('\n').to_owned(),
            time: fields.time.into_owned(),
            at,
            host: fields.host.map(Cow::into_owned),
            process: fields.identifier.or(fields.comm).map(Cow::into_owned),
            pid: fields.pid.and_then(|pid| pid.parse().ok()),
            priority: fields.priority.and_then(|priority| priority.parse().ok()),
        })
    }

    /// The log line in it, with what journald knows about it.
    pub fn line(&self) -> Option<LogLine<'_>> {
        let mut line = LogLine::read(&self.message)?;
        line.host = line.host.or(self.host.as_deref());
        line.process = line.process.or(self.process.as_deref());
        line.pid = line.pid.or(self.pid);
        if let Some(at) = self.at.filter(|_| line.stamp.as_ref().is_none_or(|own| own.instant().is_none())) {
            line.stamp = Some(Stamp::new(&self.time, When::from_instant(at)));
        }
        // Only etcd up to 3.4 gives its own level to journald; what comes from stderr has the level of the stream.
        if line.form == Form::Bare && line.level.is_none() {
            line.level = self.priority.and_then(level_of);
        }
        Some(line)
    }
}

/// syslog's priorities, as capnslog gives them to journald.
fn level_of(priority: u8) -> Option<Level> {
    Some(match priority {
        0..=2 => Level::Critical,
        3 => Level::Error,
        4 => Level::Warn,
        5 => Level::Notice,
        6 => Level::Info,
        7 => Level::Debug,
        _ => return None,
    })
}

/// Where the message stands in the line, for a quote that shows it.
pub fn message_in(text: &str) -> &str {
    text.find("\"MESSAGE\"").and_then(|at| text.get(at..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_gives_host_process_level_and_an_instant() {
        let text = r#"{"PRIORITY":"2","_HOSTNAME":"db-1","SYSLOG_IDENTIFIER":"etcd","__REALTIME_TIMESTAMP":"1795362412403309","MESSAGE":"open wal error: wal: file not found\n","_PID":"24490"}"#;
        let entry = Entry::read(text).unwrap();
        let line = entry.line().unwrap();
        assert_eq!(
            (line.host, line.process, line.pid, line.level),
            (Some("db-1"), Some("etcd"), Some(24490), Some(Level::Critical))
        );
        assert_eq!(line.stamp.unwrap().instant().unwrap().to_string(), "2026-11-22T15:46:52.403309Z");
        assert_eq!(line.message().unwrap().message.id, "wal-file-not-found");
        assert!(message_in(text).starts_with("\"MESSAGE\":\"open wal error"));
    }

    #[test]
    fn a_message_of_bytes_is_read_and_one_without_message_is_none() {
        let bytes = r#"{"__REALTIME_TIMESTAMP":"1795362412403309","MESSAGE":[103,111,32,195,169]}"#;
        assert_eq!(Entry::read(bytes).unwrap().message, "go é");
        for text in [r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}"#, r#"{"level":"warn"}"#, "", r#"{"__REALTIME_TIMESTAMP":"#] {
            assert!(Entry::read(text).is_none_or(|entry| entry.message.is_empty()), "{text}");
        }
    }
}
