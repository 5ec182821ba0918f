//! Entries of a journal that go over several lines: `journalctl -o export`, `-o verbose`, `-o json-pretty`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Entry;
use crate::{
    bundle::{Held, Line},
    parse::log::full_date,
};

/// Most bytes of one entry that are held. journald itself cuts a message at 48 KiB; the bytes of one take 5 times that in JSON.
const MOST_BYTES: usize = 1024 * 1024;

/// The fields of an entry that are looked at, by their names in the journal.
const FIELDS: [&str; 7] = ["__REALTIME_TIMESTAMP", "MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "_PID", "PRIORITY"];

/// What a line was to the entries.
#[derive(Debug, Default)]
pub struct Taken {
    /// The entry that ended with it, or before it, and the line that has the message.
    pub entry: Option<(Entry, Held)>,
    /// A line that was kept in vain: it comes before this one.
    pub before: Option<Held>,
    /// Whether the line is a part of an entry.
    pub is_part: bool,
}

/// Puts entries together.
#[derive(Debug, Default)]
pub struct Blocks {
    open: Option<Open>,
}

#[derive(Debug)]
enum Open {
    /// A `{` alone on its line: what it opens shows on the next one.
    Brace(Held),
    Export(Fields),
    Verbose(Fields),
    Pretty {
        text: String,
        message: Option<Held>,
    },
}

#[derive(Debug, Default)]
struct Fields {
    values: BTreeMap<&'static str, String>,
    message: Option<Held>,
    bytes: usize,
    /// In `-o export`: a field whose value follows as length and bytes, and whether the length was passed.
    binary: Option<(Option<&'static str>, bool)>,
    /// In `-o verbose`: the date of the header, and the instant that its cursor has.
    header: Option<(String, Option<Timestamp>)>,
}

impl Blocks {
    /// Whether nothing is open.
    pub fn is_idle(&self) -> bool {
        self.open.is_none()
    }

    /// The next line.
    pub fn line(&mut self, line: Line<'_>) -> Taken {
        let text = line.text();
        match self.open.take() {
            None => self.begin(line),
            Some(Open::Brace(_)) if is_pretty_field(text) => {
                self.open = Some(Open::Pretty { text: "{\n".into(), message: None });
                self.line(line)
            }
            Some(Open::Brace(kept)) => Taken { before: Some(kept), ..self.begin(line) },
            Some(Open::Pretty { mut text, mut message }) => {
                if text.len() + line.text().len() <= MOST_BYTES {
                    text.push_str(line.text());
                    text.push('\n');
                }
                if line.text().starts_with("\t\"MESSAGE\"") {
                    message = Some(line.hold());
                }
                if line.text().starts_with('}') {
                    return Taken { entry: Entry::from_json(&text).zip(message), before: None, is_part: true };
                }
                self.open = Some(Open::Pretty { text, message });
                Taken { is_part: true, ..Taken::default() }
            }
            Some(Open::Export(mut fields)) => {
                if fields.export(line) {
                    self.open = Some(Open::Export(fields));
                    return Taken { is_part: true, ..Taken::default() };
                }
                let is_part = text.is_empty();
                let entry = fields.entry();
                if is_part { Taken { entry, before: None, is_part } } else { Taken { entry, ..self.begin(line) } }
            }
            Some(Open::Verbose(mut fields)) => {
                let Some(indented) = text.strip_prefix("    ") else {
                    return Taken { entry: fields.entry(), ..self.begin(line) };
                };
                fields.pair(indented, line);
                self.open = Some(Open::Verbose(fields));
                Taken { is_part: true, ..Taken::default() }
            }
        }
    }

    /// What was open when the text ended.
    pub fn finish(&mut self) -> Taken {
        match self.open.take() {
            Some(Open::Export(fields) | Open::Verbose(fields)) => Taken { entry: fields.entry(), ..Taken::default() },
            Some(Open::Brace(kept)) => Taken { before: Some(kept), ..Taken::default() },
            _ => Taken::default(),
        }
    }

    fn begin(&mut self, line: Line<'_>) -> Taken {
        let text = line.text();
        self.open = if text == "{" {
            Some(Open::Brace(line.hold()))
        } else if text.starts_with("__CURSOR=") || text.starts_with("__REALTIME_TIMESTAMP=") {
            let mut fields = Fields::default();
            fields.export(line);
            Some(Open::Export(fields))
        } else {
            header(text).map(|header| Open::Verbose(Fields { header: Some(header), ..Fields::default() }))
        };
        Taken { is_part: self.open.is_some(), ..Taken::default() }
    }
}

/// `"_COMM" : "etcd",` behind a tab: only journald indents and spaces JSON so.
fn is_pretty_field(text: &str) -> bool {
    text.strip_prefix("\t\"").and_then(|rest| rest.split_once("\" : ")).is_some_and(|(key, _)| is_key(key))
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.len() <= 64 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn known(key: &str) -> Option<&'static str> {
    FIELDS.into_iter().find(|field| *field == key)
}

/// `Sun 2026-11-22 22:18:20.000022 UTC [s=…;t=660e4dacde316;x=…]`: the cursor has the instant as hex, whatever the zone.
fn header(text: &str) -> Option<(String, Option<Timestamp>)> {
    let (stamp, rest) = full_date(text)?;
    let cursor = rest.strip_prefix(" [s=")?.strip_suffix(']')?;
    let micros = cursor.split(';').find_map(|part| i64::from_str_radix(part.strip_prefix("t=")?, 16).ok());
    Some((stamp.as_read().to_owned(), micros.and_then(|micros| Timestamp::from_microsecond(micros).ok())))
}

impl Fields {
    /// A line of `-o export`; false when it is none.
    fn export(&mut self, line: Line<'_>) -> bool {
        let text = line.text();
        if let Some((field, false)) = self.binary {
            // The length is eight bytes, the last of them NUL; one of the first may be a line end.
            if let Some((_, value)) = text.rsplit_once("\0\0\0\0") {
                self.binary = Some((field, true));
                self.set(field, value.trim_start_matches('\0'), line);
            }
            return true;
        }
        if self.pair(text, line) {
            self.binary = None;
            return true;
        }
        if is_key(text) {
            self.binary = Some((known(text), false));
            return true;
        }
        // The value of bytes goes on over line ends.
        let Some((field, true)) = self.binary.filter(|_| !text.is_empty()) else { return false };
        if let Some(value) = field.and_then(|field| self.values.get_mut(field))
            && self.bytes + text.len() <= MOST_BYTES
        {
            self.bytes += text.len();
            value.push('\n');
            value.push_str(text);
        }
        true
    }

    /// `KEY=value`; false where it is none.
    fn pair(&mut self, text: &str, line: Line<'_>) -> bool {
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| is_key(key)) else { return false };
        self.set(known(key), value, line);
        true
    }

    fn set(&mut self, field: Option<&'static str>, value: &str, line: Line<'_>) {
        let Some(field) = field.filter(|_| self.bytes + value.len() <= MOST_BYTES) else { return };
        self.bytes += value.len();
        self.values.insert(field, value.to_owned());
        if field == "MESSAGE" {
            self.message = Some(line.hold());
        }
    }

    fn entry(mut self) -> Option<(Entry, Held)> {
        let (date, instant) = self.header.take().unzip();
        let mut value = |field| self.values.remove(field);
        let micros = value("__REALTIME_TIMESTAMP");
        let of_micros = || micros.as_ref()?.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        let entry = Entry {
            message: value("MESSAGE")?.trim_end_matches('\n').to_owned(),
            at: instant.flatten().or_else(of_micros),
            host: value("_HOSTNAME"),
            process: value("SYSLOG_IDENTIFIER").or_else(|| value("_COMM")),
            pid: value("_PID").and_then(|pid| pid.parse().ok()),
            priority: value("PRIORITY").and_then(|priority| priority.parse().ok()),
            time: date.or(micros.clone())?,
        };
        Some((entry, self.message?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    /// Message, process, second and line of an entry.
    type Found = (String, String, String, u64);

    /// The entries, and the lines that belong to none.
    fn entries(text: &str) -> (Vec<Found>, Vec<String>) {
        let (source, mut blocks) = (Source::new("x"), Blocks::default());
        let (mut out, mut others) = (Vec::new(), Vec::new());
        let mut note = |taken: Taken, text: &str| {
            if let Some((entry, kept)) = taken.entry {
                let at = entry.at.map(|at| at.to_string()).unwrap_or_default();
                out.push((entry.message, entry.process.unwrap_or_default(), at, kept.line().number()));
            }
            others.extend(taken.before.map(|kept| kept.line().text().to_owned()));
            if !taken.is_part && !text.is_empty() {
                others.push(text.to_owned());
            }
        };
        for (text, number) in text.split('\n').zip(1..) {
            let taken = blocks.line(source.line(number, text));
            note(taken, text);
        }
        note(blocks.finish(), "");
        (out, others)
    }

    fn etcd(message: &str, line: u64) -> Found {
        (message.into(), "etcd".into(), "2026-11-22T22:18:20.000022Z".into(), line)
    }

    #[test]
    fn export_gives_entries_of_text_and_of_bytes() {
        let entry = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795385900000022\n_HOSTNAME=h\nMESSAGE=election = 1000ms\nSYSLOG_IDENTIFIER=etcd\n\n";
        let bytes = "__CURSOR=s=2\n__REALTIME_TIMESTAMP=1795385900000022\nMESSAGE\nE\0\0\0\0\0\0\0one\ntwo\n_COMM=etcd\n";
        let ten = "__CURSOR=s=2\n__REALTIME_TIMESTAMP=1795385900000022\nMESSAGE\n\n\0\0\0\0\0\0\0ten bytes!\n_COMM=etcd\n\n";
        let (found, others) = entries(&format!("{entry}{ten}{bytes}"));
        assert_eq!(found, [etcd("election = 1000ms", 4), etcd("ten bytes!", 11), etcd("one\ntwo", 17)]);
        assert_eq!(others, [""; 0]);
    }

    #[test]
    fn verbose_has_its_instant_in_the_cursor_whatever_the_zone() {
        let text = "Mon 2026-11-23 06:18:20.000022 CST [s=76e;i=16;t=660e4dacde316;x=73]\n    _COMM=etcd\n    MESSAGE=m = 1\n    _PID=5\nother";
        let (found, others) = entries(&format!("{text}\n{text}"));
        assert_eq!(found, [etcd("m = 1", 3), etcd("m = 1", 8)]);
        assert_eq!(others, ["other", "other"]);
    }

    #[test]
    fn pretty_json_of_a_journal_is_read_and_other_json_is_given_back() {
        let entry = "{\n\t\"__REALTIME_TIMESTAMP\" : \"1795385900000022\",\n\t\"MESSAGE\" : [\n\t\t109,\n\t\t10\n\t],\n\t\"_COMM\" : \"etcd\"\n}\n";
        let (found, others) = entries(&format!("{entry}{{\n  \"health\": true\n}}\n{entry}"));
        assert_eq!(found, [etcd("m", 3), etcd("m", 14)]);
        assert_eq!(others, ["{", "  \"health\": true", "}"]);
    }
}
