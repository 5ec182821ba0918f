//! Where lines of a run are taken in: which sighting of which log, and whose last line is not told yet.

use super::{
    super::logbook::{Again, Logbook, Moment},
    header::Header,
    here::{Here, Place, Run},
};
use crate::messages::{Message, Reason, Says};

/// Most sightings whose last line is remembered; beyond, lines are read in full.
const MOST_LASTS: usize = 1024;

/// Most peers of one message that are looked through.
const MOST_PEERS: usize = 16;

/// Where the sightings of a text stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    messages: Vec<OfMessage>,
    /// Where in that list a message was last found, by [`slot_of`].
    found: Vec<usize>,
    /// Whose last line is not told yet.
    lasts: Vec<Last>,
}

/// Where the sightings of one message stand in one log.
#[derive(Debug)]
struct OfMessage {
    message: &'static Message,
    log: usize,
    peers: Vec<OfPeer>,
}

/// Where one of these sightings stands.
#[derive(Debug)]
struct OfPeer {
    peer: Option<Box<str>>,
    sighting: usize,
    /// Its entry in `lasts`, and those for the reasons that its lines give.
    last: usize,
    reasons: Vec<(Reason, usize)>,
}

/// A sighting, lines of it that give a reason, or a whole log, and the newest of its lines.
#[derive(Debug)]
struct Last {
    log: usize,
    sighting: Option<usize>,
    reason: Option<Reason>,
    line: Option<Place>,
}

impl Places {
    /// Tells which lines of a run were the last ones.
    pub(super) fn tell_lasts(&mut self, run: &Run<'_>, book: &mut Logbook) {
        for last in &mut self.lasts {
            if let Some(place) = last.line.take()
                && let Some(log) = book.log_at(last.log)
            {
                log.last_of_run(last.sighting, last.reason, Here { run, place, minute: None }.mark());
            }
        }
    }

    /// Takes in a line that no message is known for. None where it is to be read in full.
    pub(super) fn unknown(&mut self, book: &mut Logbook, header: &mut Header, again: Again, here: &Here<'_>) -> Option<()> {
        if !header.is_etcd {
            return Some(());
        }
        let place = header.log(book)?;
        book.log_at(place).filter(|log| log.takes_runs())?.unknown_again(again, here);
        self.last_of_log(header, place, again, here)
    }

    /// Takes in a line with a message. None where it is to be read in full.
    pub(super) fn known(
        &mut self,
        book: &mut Logbook,
        header: &mut Header,
        says: &impl Says,
        again: Again,
        here: &Here<'_>,
    ) -> Option<()> {
        let place = header.log(book)?;
        let log = book.log_at(place).filter(|log| log.takes_runs() && !log.is_echo_of_panic(says.message().id))?;
        let peer = says.peer();
        let known = self.position(says.message(), place);
        let peers = known.and_then(|known| self.messages.get_mut(known)).map(|known| &mut known.peers);
        let is_full = peers.as_ref().is_some_and(|peers| peers.len() >= MOST_PEERS);
        if let Some(found) = peers.into_iter().flatten().find(|found| found.peer.as_deref() == peer) {
            let (_, reason) = log.known_again(says, Some(found.sighting), again, here);
            let last = reason.map(|reason| reason_last(&mut self.lasts, found, place, reason));
            for last in [Some(found.last), last].into_iter().flatten() {
                self.lasts.get_mut(last)?.line = Some(here.place);
            }
        } else {
            if is_full || self.lasts.len() >= MOST_LASTS {
                return None;
            }
            let (sighting, reason) = log.known_again(says, None, again, here);
            let mut entry = OfPeer { peer: peer.map(Box::from), sighting, last: self.lasts.len(), reasons: Vec::new() };
            self.lasts.push(Last { log: place, sighting: Some(sighting), reason: None, line: Some(here.place) });
            if let Some(last) = reason.map(|reason| reason_last(&mut self.lasts, &mut entry, place, reason)) {
                self.lasts.get_mut(last)?.line = Some(here.place);
            }
            match known.and_then(|known| self.messages.get_mut(known)) {
                Some(known) => known.peers.push(entry),
                None => self.messages.push(OfMessage { message: says.message(), log: place, peers: vec![entry] }),
            }
        }
        self.last_of_log(header, place, again, here)
    }

    /// Where a message of a log stands in the list.
    fn position(&mut self, message: &'static Message, log: usize) -> Option<usize> {
        let is_it = |known: &OfMessage| std::ptr::eq(known.message, message) && known.log == log;
        if self.found.is_empty() {
            self.found.resize(FOUND, 0);
        }
        let found = self.found.get_mut(slot_of(message, log))?;
        if !self.messages.get(*found).is_some_and(is_it) {
            *found = self.messages.iter().position(is_it)?;
        }
        Some(*found)
    }

    fn last_of_log(&mut self, header: &mut Header, log: usize, again: Again, here: &Here<'_>) -> Option<()> {
        if !again.is_dated {
            return Some(());
        }
        let last = *header.last.get_or_insert_with(|| {
            // Several headers may be of one log.
            self.lasts.iter().position(|last| last.log == log && last.sighting.is_none()).unwrap_or(self.lasts.len())
        });
        if last == self.lasts.len() {
            self.lasts.push(Last { log, sighting: None, reason: None, line: None });
        }
        self.lasts.get_mut(last)?.line = Some(here.place);
        Some(())
    }
}

/// Several times as many as there are messages in a log.
const FOUND: usize = 256;

/// A place for a message of a log, below [`FOUND`]. It only spreads them.
fn slot_of(message: &'static Message, log: usize) -> usize {
    let place = std::ptr::from_ref(message).addr() / size_of::<Message>();
    (place + log * 31) % FOUND
}

/// The entry for the newest line of a sighting that gives a reason; it is begun where there is none.
fn reason_last(lasts: &mut Vec<Last>, of: &mut OfPeer, log: usize, reason: Reason) -> usize {
    if let Some((_, last)) = of.reasons.iter().find(|(known, _)| *known == reason) {
        return *last;
    }
    of.reasons.push((reason, lasts.len()));
    lasts.push(Last { log, sighting: Some(of.sighting), reason: Some(reason), line: None });
    lasts.len() - 1
}
