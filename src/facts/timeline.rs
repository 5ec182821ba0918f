//! What happened, in order: starts, stops, faults, and the first and last sign of trouble with each peer.

use super::{Facts, MemberAt};
use crate::{
    messages::{Class, Message},
    parse::logbook::{Mark, Sighting},
};

/// Most happenings that are told; the first and last of each message make few.
const MOST_HAPPENINGS: usize = 300;

/// Something that a log tells.
#[derive(Clone, Debug)]
pub struct Happening {
    /// The line.
    pub mark: Mark,
    /// Whose log.
    pub member: Option<MemberAt>,
    /// What was said.
    pub message: &'static Message,
    /// How often, for the first of several.
    pub count: u64,
    /// How far the clock is off by which the line is dated, in microseconds, positive where it is ahead.
    pub clock_offset_us: Option<i64>,
    /// How long it went on, from the first of several to the last, where their dates tell.
    pub lasted: Option<jiff::SignedDuration>,
}

impl Happening {
    /// When it was by the clocks of the other members.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        let at = self.mark.when.and_then(|when| when.instant())?;
        let offset = jiff::SignedDuration::from_micros(self.clock_offset_us.unwrap_or_default());
        // A time at the edge of the calendar stays as it is.
        Some(at.checked_sub(offset).unwrap_or(at))
    }
}

impl Facts {
    /// What happened: by time where it is known, else in the order of the files. Where members measured that one clock is off, what that member
    /// tells stands where it belongs by the others' clocks.
    pub fn happenings(&self) -> Vec<Happening> {
        let (mut out, offsets) = (Vec::new(), self.clock_offsets());
        for log in &self.logs {
            let clock_offset_us = log.member.and_then(|at| offsets.get(&at).copied());
            for sighting in log.log.sightings().filter(|s| is_told(s)) {
                let (member, message) = (log.member, sighting.message);
                let told = |mark: &Mark, count, lasted| Happening {
                    mark: mark.clone(),
                    member,
                    message,
                    count,
                    clock_offset_us,
                    lasted,
                };
                let is_told_twice = sighting.count > 1 && sighting.message.class != Class::Fault;
                out.push(told(&sighting.first, sighting.count, if is_told_twice { None } else { lasted(sighting) }));
                if is_told_twice {
                    out.push(told(&sighting.last, 1, None));
                }
            }
        }
        let key = |h: &Happening| (h.instant().is_none(), h.instant());
        out.sort_by(|a, b| (key(a), a.mark.quote.citation()).cmp(&(key(b), b.mark.quote.citation())));
        out.truncate(MOST_HAPPENINGS);
        out
    }
}

fn lasted(sighting: &Sighting) -> Option<jiff::SignedDuration> {
    let (first, last) = sighting.first.when.zip(sighting.last.when)?;
    last.difference(&first).filter(|lasted| sighting.count > 1 && lasted.is_positive())
}

fn is_told(sighting: &Sighting) -> bool {
    sighting.message.fatal || matches!(sighting.message.class, Class::Fault | Class::Start | Class::Stop | Class::PeerDown)
}
