//! Lines of a log that look like one that was read before: most of a long log. What is the same is compared, what differs is read, and nothing
//! else is asked of them.
//!
//! A line is read in full by [`LogLine::read`] and the logbook first. From it a header is learned: what stands before etcd's own record, and how its
//! dates look. A line with the same header then goes straight to what it says. Whatever is not quite the same is left to the full reading, so this
//! changes the time that a log takes and nothing else; a test holds the two together over all recordings.

mod date;
mod docker;
mod header;
mod quotes;
mod record;

use date::Dates;
use std::sync::LazyLock;

use memchr::memmem::Finder;

pub(super) use header::Wrap;
use header::{Header, Own};
use record::{Known, Records};

use super::{
    log::{Form, Level, LogLine, Span, Stamp, When, capnslog_level, package_of, read_date, text_says, within_minute},
    logbook::{Again, Logbook, Mark, Moment, peer_of, sounds_bad},
};
use crate::{
    bundle::{Block, Source},
    messages::{Hit, Message},
    text::Untrusted,
};

/// Most headers that are remembered: writers of one journal, and the layouts of their lines.
const MOST_HEADERS: usize = 16;

/// Most sightings whose last line is remembered; beyond, lines are read in full.
const MOST_LASTS: usize = 1024;

/// Most peers of one message that are looked through.
const MOST_PEERS: usize = 16;

/// What was learned of one text.
#[derive(Debug, Default)]
pub(super) struct Familiar {
    headers: Vec<Header>,
    records: Records,
    /// Where the sightings of a message stand.
    places: Vec<Places>,
    /// Whose last line is not told yet.
    lasts: Vec<Last>,
    /// The line that docker's JSON has as a string.
    inner: Vec<u8>,
    /// How docker's dates look.
    docker_dates: Option<Dates>,
}

/// Where the sightings of one message stand in one log.
#[derive(Debug)]
struct Places {
    message: &'static Message,
    log: usize,
    /// By peer: the place of the sighting, and its entry in `lasts`.
    peers: Vec<(Option<Box<str>>, usize, usize)>,
}

/// A sighting, or a whole log, and the newest of its lines.
#[derive(Debug)]
struct Last {
    log: usize,
    sighting: Option<usize>,
    line: Option<Place>,
}

/// A line of a run.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    number: u64,
    from: usize,
    to: usize,
    /// Where its date stands, from the beginning of the line.
    date: (usize, usize),
}

/// What all lines of a run have in common.
struct Run<'a> {
    source: &'a Source,
    text: &'a str,
    span: Option<Span>,
}

/// One line of a run, while it is looked at.
struct Here<'a> {
    run: &'a Run<'a>,
    place: Place,
    /// The minute of its date, and how long the date is up to its seconds.
    minute: Option<(usize, When)>,
}

impl<'a> Here<'a> {
    fn line(&self) -> Option<&'a str> {
        self.run.text.get(self.place.from..self.place.to)
    }

    /// The date counts that stands there in the words that are read, which docker has as a string.
    fn date_at(&mut self, dates: &Dates, from: usize, length: usize, is_docker: bool) -> Option<()> {
        let from = if is_docker { docker::place_in(self.line()?, from)? } else { from };
        self.place.date = (from, from + length);
        self.minute = dates.minute();
        Some(())
    }

    fn stamp(&self) -> Option<Stamp<'a>> {
        let (from, to) = self.place.date;
        let stamp = read_date(self.line()?.get(from..to)?)?;
        Some(self.run.span.and_then(|span| span.date(stamp)).unwrap_or(stamp))
    }
}

impl Moment for Here<'_> {
    fn when(&self) -> Option<When> {
        match (self.minute, self.run.span) {
            (Some((seconds, minute)), None) => {
                let (from, to) = self.place.date;
                within_minute(&minute, self.line()?.get(from + seconds..to)?)
            }
            _ => self.stamp().map(|stamp| stamp.when()),
        }
    }

    fn mark(&self) -> Mark {
        let text = self.line().unwrap_or_default();
        let stamp = self.stamp();
        Mark {
            quote: self.run.source.line(self.place.number, text).quote(),
            when: stamp.as_ref().map(Stamp::when),
            as_read: stamp.map(|stamp| stamp.as_read().into()),
        }
    }
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
        self.tell_lasts(&run, book);
        (at, lines)
    }

    fn tell_lasts(&mut self, run: &Run<'_>, book: &mut Logbook) {
        for last in &mut self.lasts {
            if let Some(place) = last.line.take()
                && let Some(log) = book.log_at(last.log)
            {
                log.last_of_run(last.sighting, Here { run, place, minute: None }.mark());
            }
        }
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
        let date = docker::unwrap(line, &mut inner, &mut self.docker_dates);
        let taken = date.and_then(|date| {
            let inner = std::str::from_utf8(&inner).ok()?;
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
        let Self { headers, records, .. } = self;
        let header = headers.get_mut(at)?;
        let is_docker = header.wrap == Wrap::Docker;
        match &mut header.own {
            Own::Zap(dates) => {
                let opened = line.get(own..)?.strip_prefix("{\"level\":\"")?;
                let (date, record) = records.record(opened, dates)?;
                if header.is_inner_date {
                    here.date_at(dates, line.len() - opened.len() + date.0, date.1, is_docker)?;
                }
                if let Some(id) = record.own_id(opened) {
                    header.note_id(book, &id)?;
                }
                let again =
                    Again { level: record.level, form: Form::Zap, is_dated: here.place.date.1 > 0, is_bad: record.is_bad };
                match record.hit(opened)? {
                    Known::Nothing => self.unknown(book, at, again, here),
                    Known::Hit(hit) => self.known(book, at, &hit, again, here),
                }
            }
            Own::Capnslog(_) | Own::Words if !with_text && header.wrap == Wrap::Bare => None,
            Own::Capnslog(dates) => {
                let text = line.get(own..)?;
                let date = dates.meet(text.as_bytes())?;
                if header.is_inner_date {
                    here.date_at(dates, own, date, is_docker)?;
                }
                let &[b' ', letter, b' ', b'|', b' ', ..] = text.as_bytes().get(date..)? else { return None };
                let level = capnslog_level(letter).filter(|level| *level != Level::Critical)?;
                let rest = text.get(date + 5..).filter(|rest| is_plain(line, rest))?;
                let (_, message) = package_of(rest);
                if message.ends_with(']') && message.contains(" [merged ") {
                    return None;
                }
                let again = Again { level: Some(level), form: Form::Capnslog, is_dated: here.place.date.1 > 0, is_bad: false };
                self.text(book, at, message, again, here)
            }
            Own::Words => {
                let rest = line.get(own..).filter(|rest| is_plain(line, rest))?;
                // Whatever may have a header of its own, is a torn record or Go's last words, is read in full.
                let is_plain = rest.starts_with(|c: char| c.is_ascii_lowercase());
                let is_raft = rest.strip_prefix("raft").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                let may_have = is_raft || rest.starts_with("time=") || rest.starts_with("panic: ");
                if !is_plain || may_have || MSG.find(rest.as_bytes()).is_some() {
                    return None;
                }
                let again = Again { level: None, form: Form::Bare, is_dated: here.place.date.1 > 0, is_bad: false };
                self.text(book, at, rest, again, here)
            }
        }
    }

    /// The header that a line has, where its own record begins, and where the outer date stands.
    fn header_of(&mut self, line: &str, is_docker: bool) -> Option<(usize, usize, (usize, usize))> {
        let mut headers = self.headers.iter_mut().enumerate().filter(|(_, header)| (header.wrap == Wrap::Docker) == is_docker);
        let (at, (own, date)) = headers.find_map(|(at, header)| Some((at, header.meet(line.as_bytes())?)))?;
        Some((at, own, date))
    }

    fn text(&mut self, book: &mut Logbook, at: usize, words: &str, again: Again, here: &Here<'_>) -> Option<()> {
        let header = self.headers.get(at)?;
        let has_header = again.form != Form::Bare || header.writer.process.is_some();
        match text_says(words, has_header) {
            Some(hit) => self.known(book, at, &hit, again, here),
            None if !header.is_etcd => Some(()),
            None => {
                let is_bad = again.level.is_none_or(|level| level < Level::Warn) && sounds_bad(words);
                self.unknown(book, at, Again { is_bad, ..again }, here)
            }
        }
    }

    fn unknown(&mut self, book: &mut Logbook, at: usize, again: Again, here: &Here<'_>) -> Option<()> {
        let header = self.headers.get_mut(at)?;
        if !header.is_etcd {
            return Some(());
        }
        let place = header.log(book)?;
        book.log_at(place).filter(|log| log.takes_runs())?.unknown_again(again, here);
        self.last_of_log(at, place, again, here)
    }

    fn known(&mut self, book: &mut Logbook, at: usize, hit: &Hit<'_>, again: Again, here: &Here<'_>) -> Option<()> {
        let place = self.headers.get_mut(at)?.log(book)?;
        let log = book.log_at(place).filter(|log| log.takes_runs() && !log.is_echo_of_panic(hit.message.id))?;
        let peer = peer_of(hit);
        let known = self.places.iter().position(|known| std::ptr::eq(known.message, hit.message) && known.log == place);
        let found = known.and_then(|known| self.places.get(known)?.peers.iter().find(|(name, ..)| name.as_deref() == peer));
        if let Some((_, sighting, last)) = found {
            log.known_again(hit, Some(*sighting), again, here);
            self.lasts.get_mut(*last)?.line = Some(here.place);
        } else {
            let is_full = known.and_then(|known| self.places.get(known)).is_some_and(|known| known.peers.len() >= MOST_PEERS);
            if is_full || self.lasts.len() >= MOST_LASTS {
                return None;
            }
            let sighting = log.known_again(hit, None, again, here);
            let entry = (peer.map(Box::from), sighting, self.lasts.len());
            self.lasts.push(Last { log: place, sighting: Some(sighting), line: Some(here.place) });
            match known.and_then(|known| self.places.get_mut(known)) {
                Some(known) => known.peers.push(entry),
                None => self.places.push(Places { message: hit.message, log: place, peers: vec![entry] }),
            }
        }
        // What is asked for often moves to the front.
        if let Some(known) = known.filter(|known| *known > 0) {
            self.places.swap(known, known - 1);
        }
        self.last_of_log(at, place, again, here)
    }

    fn last_of_log(&mut self, at: usize, log: usize, again: Again, here: &Here<'_>) -> Option<()> {
        if !again.is_dated {
            return Some(());
        }
        let header = self.headers.get_mut(at)?;
        let last = *header.last.get_or_insert_with(|| {
            // Several headers may be of one log.
            self.lasts.iter().position(|last| last.log == log && last.sighting.is_none()).unwrap_or(self.lasts.len())
        });
        if last == self.lasts.len() {
            self.lasts.push(Last { log, sighting: None, line: None });
        }
        self.lasts.get_mut(last)?.line = Some(here.place);
        Some(())
    }
}

/// What a torn record of zap has.
static MSG: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\"msg\":\""));
/// What the line has in which etcd tells its own flags.
static ARGS: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\"args\":["));

/// Whether no other reader could want the words of a line: no JSON behind a date, no beginning of a sentence over several lines, no flags of etcd.
fn is_plain(line: &str, words: &str) -> bool {
    const LONGEST_DATE: usize = 41;
    let is_whole = !words.is_empty() && !words.ends_with(char::is_whitespace);
    let line = line.as_bytes();
    // Most words have neither of the brackets that others would look for, and of the header before them only one counts.
    if memchr::memchr2(b'{', b'[', words.as_bytes()).is_none() {
        let header = line.get(..LONGEST_DATE.min(line.len().saturating_sub(words.len()))).unwrap_or_default();
        return is_whole && memchr::memchr(b'{', header).is_none();
    }
    let is_shipped = memchr::memchr(b'{', line.get(..LONGEST_DATE).unwrap_or(line)).is_some();
    let is_open = line.last() == Some(&b'{');
    is_whole && !is_shipped && !is_open && ARGS.find(words.as_bytes()).is_none()
}
