//! What stands before a line's own record: the same on all lines of one writer, but for the date.

use std::net::Ipv4Addr;

use super::{
    after::After,
    date::{Dates, Layout},
};
use crate::{
    messages::compare::behind,
    parse::{
        log::{Body, Form, LogLine, others_line},
        logbook::{Logbook, Writer, is_etcds},
    },
    text::Untrusted,
};

/// A header, with what it tells of its lines.
#[derive(Debug)]
pub(super) struct Header {
    pub wrap: Wrap,
    before: Box<[u8]>,
    dates: Option<Dates>,
    after: After,
    /// Whether a bracket stands in it with which JSON begins.
    pub has_brace: bool,
    /// What begins behind it.
    pub own: Own,
    /// Whether the record's own date counts, and not the one before it.
    pub is_inner_date: bool,
    /// Who writes.
    pub writer: Writer,
    /// Whether the lines can be etcd's own.
    pub is_etcd: bool,
    log: Option<usize>,
    /// The entry for the newest line of its log.
    pub last: Option<usize>,
    id: Box<str>,
}

/// What a container's runtime put around a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Wrap {
    /// Nothing.
    Bare,
    /// CRI's date, stream and tag before it.
    Cri,
    /// docker's JSON, which has the line as a string.
    Docker,
}

/// The record behind a header.
#[derive(Debug)]
pub(super) enum Own {
    /// zap's JSON; how its dates look.
    Zap(Dates),
    /// capnslog; how its dates look.
    Capnslog(Dates),
    /// Words alone, as capnslog writes to a journal.
    Words,
    /// What is no line of etcd's, by its own header: klog's, or logrus's fields.
    Others,
}

impl Own {
    fn layout(&self) -> Option<Layout<'_>> {
        match self {
            Own::Zap(dates) | Own::Capnslog(dates) => Some(dates.layout()),
            Own::Words | Own::Others => None,
        }
    }
}

/// Whether a text begins with an address, as lines of proxies do: what else begins with a digit is a date.
pub(super) fn begins_with_address(text: &[u8]) -> bool {
    const LONGEST: usize = 16;
    let begin = text.get(..LONGEST).unwrap_or(text);
    let end = begin.iter().position(|b| !b.is_ascii_digit() && *b != b'.').unwrap_or(begin.len());
    let address = begin.get(..end).and_then(|address| std::str::from_utf8(address).ok());
    address.is_some_and(|address| address.parse::<Ipv4Addr>().is_ok())
}

/// How logrus's fields begin.
const FIELDS: &[u8] = b"time=";

/// Whether the header of another program may begin there: `E1122 15:46:43.826693`, `time="2026-11-22T15:46:43Z"`.
#[inline]
fn may_be_others(text: &[u8]) -> bool {
    match text {
        [b'I' | b'W' | b'E' | b'F', digit, ..] => digit.is_ascii_digit(),
        _ => text.starts_with(FIELDS),
    }
}

impl Header {
    /// Of a line that was read in full.
    pub(super) fn of(text: &str, read: &LogLine<'_>, wrap: Wrap, host: Option<&Untrusted>) -> Option<Self> {
        let place = |part: &str| {
            let from = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
            text.get(from..from + part.len()).filter(|there| *there == part).map(|_| from)
        };
        let dates: Vec<(usize, &str)> =
            [read.stamp, read.other].into_iter().flatten().filter_map(|s| Some((place(s.as_read())?, s.as_read()))).collect();
        let inner = dates.iter().max_by_key(|(from, _)| *from).copied();
        let (own, begin) = match (&read.body, read.form) {
            (Body::Zap(zap), Form::Zap) => (Own::Zap(Dates::of(inner?.1)?), place(zap.record())?),
            (Body::Text(_), Form::Capnslog) if read.repeats == 1 => (Own::Capnslog(Dates::of(inner?.1)?), inner?.0),
            (Body::Text(words), Form::Bare) if read.process.is_some() && read.level.is_none() => (Own::Words, place(words)?),
            (Body::Text(_), Form::Klog | Form::Logfmt) => {
                let before = text.get(..inner?.0)?;
                // A letter before klog's date, and the key before logrus's.
                let begin = match before.strip_suffix('"').unwrap_or(before).strip_suffix("time=") {
                    Some(outer) => outer.len(),
                    None => before.len().checked_sub(1)?,
                };
                (Own::Others, text.get(begin..).filter(|own| others_line(own).is_some()).map(|_| begin)?)
            }
            _ => return None,
        };
        let has_inner = inner.is_some_and(|(from, _)| from >= begin);
        if !has_inner && !matches!(own, Own::Words) {
            return None;
        }
        let outer = dates.iter().find(|(from, _)| *from < begin).copied();
        let outer_dates = match outer {
            Some((_, date)) => Some(Dates::of(date)?),
            None => None,
        };
        let (from, to) = outer.map_or((0, 0), |(from, date)| (from, from + date.len()));
        let is_inner_date = has_inner && read.stamp.and_then(|s| place(s.as_read())).is_some_and(|from| from >= begin);
        let writer = Writer::of(read, host);
        let is_etcd = is_etcds(&writer, read.form);
        if matches!(own, Own::Zap(_)) && !is_etcd {
            return None;
        }
        Some(Self {
            wrap,
            before: text.get(..from)?.as_bytes().into(),
            dates: outer_dates,
            after: After::of(text.get(to..begin)?),
            has_brace: text.get(..begin)?.contains('{'),
            own,
            is_inner_date,
            is_etcd,
            writer,
            log: None,
            last: None,
            id: "".into(),
        })
    }

    /// Whether another one would meet the same lines.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let is_same_own = std::mem::discriminant(&self.own) == std::mem::discriminant(&other.own);
        is_same_own
            && self.wrap == other.wrap
            && self.before == other.before
            && self.after == other.after
            && self.dates.as_ref().map(Dates::layout) == other.dates.as_ref().map(Dates::layout)
            && self.own.layout() == other.own.layout()
    }

    /// Where the record of a line begins that has this header, and where its outer date stands; it is empty where there is none.
    pub(super) fn meet(&mut self, line: &[u8]) -> Option<(usize, (usize, usize))> {
        let rest = behind(line, &self.before)?;
        let from = self.before.len();
        let (own, date) = match &mut self.dates {
            Some(dates) => {
                // Writers of one journal have the same dates: who it is, is seen at once where all of these are as long.
                let expected = dates.fixed_length();
                let own = match expected {
                    Some(length) => self.after.behind(rest.get(length..)?)?,
                    None => rest,
                };
                let length = dates.meet(rest)?;
                let own = if expected == Some(length) { own } else { self.after.behind(rest.get(length..)?)? };
                (own, (from, from + length))
            }
            None => (self.after.behind(rest)?, (0, 0)),
        };
        let begins = match self.own {
            Own::Zap(_) => own.first() == Some(&b'{'),
            Own::Capnslog(_) => own.first().is_some_and(u8::is_ascii_digit),
            Own::Words => {
                let is_dated = own.first().is_some_and(u8::is_ascii_digit) && (self.is_etcd || !begins_with_address(own));
                !is_dated && !matches!(own, [] | [b'{', ..]) && !may_be_others(own)
            }
            Own::Others => may_be_others(own),
        };
        begins.then_some((line.len() - own.len(), date))
    }

    /// The dates that stand before the record.
    pub(super) fn outer_dates(&self) -> Option<&Dates> {
        self.dates.as_ref()
    }

    /// Where the log of its writer stands; it is begun where there is none.
    pub(super) fn log(&mut self, book: &mut Logbook) -> Option<usize> {
        if self.log.is_none() {
            self.log = book.open(self.writer.clone());
        }
        self.log
    }

    /// Notes the member's own id, where it is not the one that was noted last.
    pub(super) fn note_id(&mut self, book: &mut Logbook, id: &str) -> Option<()> {
        if *self.id != *id {
            let at = self.log(book)?;
            book.log_at(at)?.note_id(id);
            self.id = id.into();
        }
        Some(())
    }
}
