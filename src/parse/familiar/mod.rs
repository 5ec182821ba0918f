//! Lines of a log that look like one that was read before: most of a long log. What is the same is compared, what differs is read, and nothing
//! else is asked of them.
//!
//! A line is read in full by [`LogLine::read`] and the logbook first. From it a header is learned: what stands before etcd's own record, and how its
//! dates look. A line with the same header then goes straight to what it says. Whatever is not quite the same is left to the full reading, so this
//! changes the time that a log takes and nothing else; a test holds the two together over all recordings.

mod after;
mod date;
mod digits;
mod docker;
mod header;
mod here;
mod places;
mod quotes;
mod record;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use date::Dates;
use docker::Unwrapped;
pub(super) use header::Wrap;
use header::{Header, Own, begins_with_address};
use here::{Here, Place, Run};
use places::Places;
use record::{Known, Records};

use super::{
    log::{Form, Level, LogLine, Span, capnslog_level, others_line, package_of, unfit_says},
    logbook::{Again, Logbook, sounds_bad},
};
use crate::{
    bundle::Block,
    messages::{Alike, find_fit},
    text::Untrusted,
};

/// Most headers that are remembered: writers of one journal, and the layouts of their lines.
const MOST_HEADERS: usize = 64;

/// What was learned of one text.
#[derive(Debug, Default)]
pub(super) struct Familiar {
    headers: Vec<Header>,
    records: Records,
    texts: Alike,
    places: Places,
    /// The line that docker's JSON has as a string.
    inner: Vec<u8>,
    /// How docker's dates look.
    docker_dates: Option<Dates>,
    /// How much further the last date stood in docker's JSON than in the line that this holds.
    docker_shift: usize,
}

impl Familiar {
    /// Learns from a line that was read in full and is one of a log.
    /// `inner` is the text within docker's JSON, where it stands in such.
    pub(super) fn learn(&mut self, text: &str, inner: Option<&str>, read: &LogLine<'_>, wrap: Wrap, host: Option<&Untrusted>) {
        // Records of log shippers look alike, and may lack the date.
        if inner.is_some() && docker::unwrap(text, &mut self.inner, &mut self.docker_dates).is_none() {
            return;
        }
        let text = inner.unwrap_or(text);
        let Some(header) = Header::of(text, read, wrap, host) else { return };
        if self.headers.iter().any(|known| known.is_like(&header)) {
            return;
        }
        self.headers.truncate(MOST_HEADERS - 1);
        self.headers.insert(0, header);
    }

    /// Forgets the headers: another host may speak from here on.
    pub(super) fn forget(&mut self) {
        self.headers.clear();
    }

    /// Takes as many lines of a block as it knows, and says how many bytes and lines these are.
    pub(super) fn run(&mut self, block: &Block<'_>, book: &mut Logbook, span: Option<Span>, with_text: bool) -> (usize, u64) {
        let run = Run { source: block.source, text: block.text, span };
        let (mut at, mut lines) = (0, 0);
        if !self.headers.is_empty() {
            while let Some(length) = memchr::memchr(b'\n', run.text.as_bytes().get(at..).unwrap_or_default()) {
                let place = Place { number: block.number + lines + 1, from: at, to: at + length, date: (0, 0) };
                let mut here = Here { run: &run, place, minute: None };
                if length > block.longest || self.take(book, &mut here, with_text).is_none() {
                    break;
                }
                (at, lines) = (at + length + 1, lines + 1);
            }
        }
        self.places.tell_lasts(&run, book);
        (at, lines)
    }

    /// Takes a line; none where it is left to the full reading.
    fn take(&mut self, book: &mut Logbook, here: &mut Here<'_>, with_text: bool) -> Option<()> {
        let line = here.line()?;
        if !docker::is_one(line.as_bytes()) {
            let (at, own, date) = self.header_of(line, false)?;
            here.place.date = date;
            here.minute = self.headers.get(at)?.outer_dates().and_then(Dates::minute);
            return self.record(book, at, line, own, here, with_text);
        }
        let mut inner = std::mem::take(&mut self.inner);
        let unwrapped = docker::unwrap(line, &mut inner, &mut self.docker_dates);
        let taken = unwrapped.and_then(|Unwrapped { length, date }| {
            let inner = std::str::from_utf8(inner.get(..length)?).ok()?;
            let (at, own, _) = self.header_of(inner, true)?;
            here.place.date = date;
            here.minute = self.docker_dates.as_ref().and_then(Dates::minute);
            self.record(book, at, inner, own, here, true)
        });
        self.inner = inner;
        taken
    }

    /// Takes the record that begins at a place of a line, behind a known header.
    fn record(
        &mut self,
        book: &mut Logbook,
        at: usize,
        line: &str,
        own: usize,
        here: &mut Here<'_>,
        with_text: bool,
    ) -> Option<()> {
        let Self { headers, records, texts, places, docker_shift, .. } = self;
        let header = headers.get_mut(at)?;
        let shift = (header.wrap == Wrap::Docker).then_some(docker_shift);
        match &mut header.own {
            Own::Zap(dates) => {
                let opened = line.get(own..)?.strip_prefix("{\"level\":\"")?;
                let (date, record) = records.record(opened, dates)?;
                if header.is_inner_date {
                    here.date_at(dates, line.len() - opened.len() + date.0, date.1, shift)?;
                }
                if let Some(id) = record.own_id(opened) {
                    header.note_id(book, &id)?;
                }
                let again =
                    Again { level: record.level, form: Form::Zap, is_dated: here.place.date.1 > 0, is_bad: record.is_bad };
                match record.said(opened)? {
                    Known::Nothing => places.unknown(book, header, again, here),
                    Known::Plain(told) => places.known(book, header, &told, again, here),
                    Known::Hit(hit) => places.known(book, header, &hit, again, here),
                }
            }
            Own::Capnslog(_) | Own::Words | Own::Others if !with_text && header.wrap == Wrap::Bare => None,
            Own::Capnslog(dates) => {
                let text = line.get(own..)?;
                let date = dates.meet(text.as_bytes())?;
                if header.is_inner_date {
                    here.date_at(dates, own, date, shift)?;
                }
                let &[b' ', letter, b' ', b'|', b' ', ..] = text.as_bytes().get(date..)? else { return None };
                let level = capnslog_level(letter).filter(|level| *level != Level::Critical)?;
                let rest = text.get(date + 5..).filter(|rest| is_plain(line, rest, header))?;
                let (_, message) = package_of(rest);
                if message.ends_with(']') && message.contains(" [merged ") {
                    return None;
                }
                let again = Again { level: Some(level), form: Form::Capnslog, is_dated: here.place.date.1 > 0, is_bad: false };
                say(book, header, (texts, places), message, again, here)
            }
            Own::Words => {
                let rest = line.get(own..).filter(|rest| is_plain(line, rest, header))?;
                // Whatever may have a header of its own, is a torn record or Go's last words, is read in full.
                let is_raft = rest.strip_prefix("raft").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                let may_have = is_raft || rest.starts_with("panic: ") || rest.starts_with("msg: ");
                if !begins_as_words(rest.as_bytes(), header.is_etcd) || may_have || MSG.find(rest.as_bytes()).is_some() {
                    return None;
                }
                let again = Again { level: None, form: Form::Bare, is_dated: here.place.date.1 > 0, is_bad: false };
                say(book, header, (texts, places), rest, again, here)
            }
            // Such a line counts for what the catalogue knows, and for nothing else.
            Own::Others => {
                let rest = line.get(own..).filter(|rest| is_plain(line, rest, header))?;
                if others_line(rest)?.message().is_none() { Some(()) } else { None }
            }
        }
    }

    /// The header that a line has, where its own record begins, and where the outer date stands.
    fn header_of(&mut self, line: &str, is_docker: bool) -> Option<(usize, usize, (usize, usize))> {
        let mut headers = self.headers.iter_mut().enumerate().filter(|(_, header)| (header.wrap == Wrap::Docker) == is_docker);
        let (at, (own, date)) = headers.find_map(|(at, header)| Some((at, header.meet(line.as_bytes())?)))?;
        // What is met often moves to the front.
        let to = at.saturating_sub(1);
        if to < at {
            self.headers.swap(at, to);
        }
        Some((to, own, date))
    }
}

/// Takes in what a text says behind a known header.
fn say(
    book: &mut Logbook,
    header: &mut Header,
    (texts, places): (&mut Alike, &mut Places),
    words: &str,
    again: Again,
    here: &Here<'_>,
) -> Option<()> {
    if let Some(fit) = texts.find(words).or_else(|| find_fit(words)) {
        return places.known(book, header, &fit, again, here);
    }
    let has_header = again.form != Form::Bare || header.writer.process.is_some();
    match unfit_says(words, has_header) {
        Some(hit) => places.known(book, header, &hit, again, here),
        None if !header.is_etcd => Some(()),
        None => {
            let is_bad = again.level.is_none_or(|level| level < Level::Warn) && sounds_bad(words);
            places.unknown(book, header, Again { is_bad, ..again }, here)
        }
    }
}

/// What a torn record of zap has.
static MSG: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\"msg\":\""));
/// What the line has in which etcd tells its own flags.
static ARGS: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\"args\":["));

/// Whether a text begins with a word, and not with a header or a date: the first word of these has no small letter, or has a digit behind its blank, and
/// compose puts a bar behind its names. Of programs that are not etcd an address may stand there.
fn begins_as_words(text: &[u8], is_etcd: bool) -> bool {
    let blank = memchr::memchr(b' ', text).unwrap_or(text.len());
    let behind_word = || text.get(blank..)?.iter().find(|byte| **byte != b' ').copied();
    match text {
        [first, ..] if first.is_ascii_lowercase() => behind_word() != Some(b'|'),
        [first, ..] if first.is_ascii_uppercase() => {
            let has_small = text.get(..blank).is_some_and(|word| word.iter().any(u8::is_ascii_lowercase));
            has_small && behind_word().is_some_and(|next| next.is_ascii_alphabetic())
        }
        [first, ..] if first.is_ascii_digit() => !is_etcd && begins_with_address(text),
        _ => false,
    }
}

/// Whether no other reader could want the words of a line: no JSON behind a date, no beginning of a sentence over several lines, no flags of etcd.
fn is_plain(line: &str, words: &str, header: &Header) -> bool {
    const LONGEST_DATE: usize = 41;
    let is_whole = match (words.as_bytes().last(), words.chars().next_back()) {
        (Some(last), _) if last.is_ascii_graphic() => true,
        (_, last) => last.is_some_and(|last| !last.is_whitespace()),
    };
    // Most words have neither of the brackets that others would look for, and of the header before them only one counts.
    if !header.has_brace && memchr::memchr2(b'{', b'[', words.as_bytes()).is_none() {
        return is_whole;
    }
    let line = line.as_bytes();
    let is_shipped = memchr::memchr(b'{', line.get(..LONGEST_DATE).unwrap_or(line)).is_some();
    let is_open = line.last() == Some(&b'{');
    is_whole && !is_shipped && !is_open && ARGS.find(words.as_bytes()).is_none()
}
