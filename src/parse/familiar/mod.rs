//! Lines of a log that look like one that was read before: most of a long log. What is the same is compared, what differs is read, and nothing
//! else is asked of them.
//!
//! A line is read in full by [`LogLine::read`] and the logbook first. From it a header is learned: what stands before etcd's own record, and how its
//! dates look. A line with the same header then goes straight to what it says. Whatever is not quite the same is left to the full reading, so this
//! changes the time that a log takes and nothing else; a test holds the two together over all recordings.

mod date;
mod header;
mod record;

use header::{Header, Own};
use record::{Known, Records};

use super::{
    log::{Body, Form, Level, LogLine, Span, Stamp, When, capnslog_level, package_of, read_date},
    logbook::{Again, Logbook, Mark, Moment, peer_of, sounds_bad},
};
use crate::{
    bundle::{Block, Source},
    messages::{Hit, Message},
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
    bytes: &'a [u8],
    span: Option<Span>,
}

/// One line of a run, while it is looked at.
struct Here<'a> {
    run: &'a Run<'a>,
    place: Place,
}

impl Here<'_> {
    fn words(&self, from: usize, to: usize) -> &str {
        // A block is UTF-8 as far as it is handed out.
        self.run.bytes.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn stamp(&self) -> Option<Stamp<'_>> {
        let (from, to) = self.place.date;
        let stamp = read_date(self.words(self.place.from + from, self.place.from + to))?;
        Some(self.run.span.and_then(|span| span.date(stamp)).unwrap_or(stamp))
    }
}

impl Moment for Here<'_> {
    fn when(&self) -> Option<When> {
        self.stamp().map(|stamp| stamp.when())
    }

    fn mark(&self) -> Mark {
        let text = self.words(self.place.from, self.place.to);
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
    pub(super) fn learn(&mut self, text: &str, read: &LogLine<'_>, host: Option<&crate::text::Untrusted>) {
        let Some(header) = Header::of(text, read, host) else { return };
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
        let run = Run { source: block.source, bytes: block.bytes, span };
        let (mut at, mut lines) = (0, 0);
        if !self.headers.is_empty() {
            while let Some(length) = memchr::memchr(b'\n', run.bytes.get(at..).unwrap_or_default()) {
                let place = Place { number: block.number + lines + 1, from: at, to: at + length, date: (0, 0) };
                let mut here = Here { run: &run, place };
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
                log.last_of_run(last.sighting, Here { run, place }.mark());
            }
        }
    }

    /// Takes a line; none where it is left to the full reading.
    fn take(&mut self, book: &mut Logbook, here: &mut Here<'_>, with_text: bool) -> Option<()> {
        let line = here.run.bytes.get(here.place.from..here.place.to)?;
        let (at, own, outer_date) = self.header_of(line)?;
        let Self { headers, records, .. } = self;
        let header = headers.get_mut(at)?;
        here.place.date = outer_date;
        match &mut header.own {
            Own::Zap(dates) => {
                let opened = line.get(own..)?.strip_prefix(b"{\"level\":\"")?;
                let (date, record) = records.record(opened, dates)?;
                let date_at = line.len() - opened.len() + date.0;
                if header.is_inner_date {
                    here.place.date = (date_at, date_at + date.1);
                }
                if let Some(id) = record.own_id(opened) {
                    header.note_id(book, id)?;
                }
                let again =
                    Again { level: record.level, form: Form::Zap, is_dated: here.place.date.1 > 0, is_bad: record.is_bad };
                match record.hit(opened)? {
                    Known::Nothing => self.unknown(book, at, again, here),
                    Known::Hit(hit) => self.known(book, at, &hit, again, here),
                }
            }
            Own::Capnslog(_) | Own::Words if !with_text => None,
            Own::Capnslog(dates) => {
                let text = line.get(own..)?;
                let date = dates.meet(text)?;
                if header.is_inner_date {
                    here.place.date = (own, own + date);
                }
                let [b' ', letter, b' ', b'|', b' ', rest @ ..] = text.get(date..)? else { return None };
                let level = capnslog_level(*letter).filter(|level| *level != Level::Critical)?;
                let rest = plain_text(line, rest)?;
                let (package, message) = package_of(rest);
                if message.ends_with(']') && message.contains(" [merged ") {
                    return None;
                }
                let read = LogLine { level: Some(level), package, form: Form::Capnslog, ..LogLine::of(Body::Text(message)) };
                self.text(book, at, &read, here)
            }
            Own::Words => {
                let rest = plain_text(line, line.get(own..)?)?;
                // Whatever may have a header of its own, is a torn record or Go's last words, is read in full.
                let may_be = matches!(rest.bytes().next(), Some(b'a'..=b'q' | b's' | b'u'..=b'z')) || rest.starts_with("re");
                if !may_be || rest.starts_with("panic: ") || memchr::memmem::find(rest.as_bytes(), b"\"msg\":\"").is_some() {
                    return None;
                }
                let read = LogLine::of(Body::Text(rest));
                self.text(book, at, &read, here)
            }
        }
    }

    /// The header that a line has, where its own record begins, and where the outer date stands.
    fn header_of(&mut self, line: &[u8]) -> Option<(usize, usize, (usize, usize))> {
        let found = self.headers.iter_mut().enumerate().find_map(|(at, header)| Some((at, header.meet(line)?)));
        let (at, (own, date)) = found?;
        Some((at, own, date))
    }

    fn text(&mut self, book: &mut Logbook, at: usize, read: &LogLine<'_>, here: &Here<'_>) -> Option<()> {
        let header = self.headers.get(at)?;
        let again = Again { level: read.level, form: read.form, is_dated: here.place.date.1 > 0, is_bad: false };
        let hit = LogLine { process: header.writer.process.as_ref().map(|_| ""), ..read.clone() }.message();
        match hit {
            Some(hit) => self.known(book, at, &hit, again, here),
            None if !header.is_etcd => Some(()),
            None => {
                let is_bad = again.level.is_none_or(|level| level < Level::Warn) && sounds_bad(read);
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

/// The words of a line that no other reader could want: no JSON behind a date, no beginning of a sentence over several lines, no flags of etcd.
fn plain_text<'a>(line: &[u8], rest: &'a [u8]) -> Option<&'a str> {
    const LONGEST_DATE: usize = 41;
    let is_shipped = memchr::memchr(b'{', line.get(..LONGEST_DATE).unwrap_or(line)).is_some();
    if is_shipped || line.last() == Some(&b'{') || memchr::memmem::find(rest, b"\"args\":[").is_some() {
        return None;
    }
    let text = std::str::from_utf8(rest).ok()?;
    (text.trim_end().len() == text.len() && !text.is_empty()).then_some(text)
}
