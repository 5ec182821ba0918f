//! Where lines of a run are taken in: which sighting of which log, and whose last line is not told yet.

use super::{
    super::logbook::{Again, Logbook, Moment},
    header::Header,
    here::{Here, Place, Run},
};
use crate::messages::{Message, Says};

/// Most sightings whose last line is remembered; beyond, lines are read in full.
const MOST_LASTS: usize = 1024;

/// Most peers of one message that are looked through.
const MOST_PEERS: usize = 16;

/// Where the sightings of a text stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    messages: Vec<OfMessage>,
    /// Whose last line is not told yet.
    lasts: Vec<Last>,
}

/// Where the sightings of one message stand in one log.
#[derive(Debug)]
struct OfMessage {
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

impl Places {
    /// Tells which lines of a run were the last ones.
    pub(super) fn tell_lasts(&mut self, run: &Run<'_>, book: &mut Logbook) {
        for last in &mut self.lasts {
            if let Some(place) = last.line.take()
                && let Some(log) = book.log_at(last.log)
            {
                log.last_of_run(last.sighting, Here { run, place, minute: None }.mark());
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
        let known = self.messages.iter().position(|known| std::ptr::eq(known.message, says.message()) && known.log == place);
        let found = known.and_then(|known| self.messages.get(known)?.peers.iter().find(|(name, ..)| name.as_deref() == peer));
        if let Some((_, sighting, last)) = found {
            log.known_again(says, Some(*sighting), again, here);
            self.lasts.get_mut(*last)?.line = Some(here.place);
        } else {
            let is_full = known.and_then(|known| self.messages.get(known)).is_some_and(|known| known.peers.len() >= MOST_PEERS);
            if is_full || self.lasts.len() >= MOST_LASTS {
                return None;
            }
            let sighting = log.known_again(says, None, again, here);
            let entry = (peer.map(Box::from), sighting, self.lasts.len());
            self.lasts.push(Last { log: place, sighting: Some(sighting), line: Some(here.place) });
            match known.and_then(|known| self.messages.get_mut(known)) {
                Some(known) => known.peers.push(entry),
                None => self.messages.push(OfMessage { message: says.message(), log: place, peers: vec![entry] }),
            }
        }
        // What is asked for often moves to the front.
        if let Some(known) = known.filter(|known| *known > 0) {
            self.messages.swap(known, known - 1);
        }
        self.last_of_log(header, place, again, here)
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
            self.lasts.push(Last { log, sighting: None, line: None });
        }
        self.lasts.get_mut(last)?.line = Some(here.place);
        Some(())
    }
}
