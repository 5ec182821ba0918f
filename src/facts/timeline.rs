//! What happened, in order: starts, stops, faults, and the first and last sign of trouble with each peer.

use jiff::{SignedDuration, Timestamp};

use super::{Facts, MemberAt};
use crate::{
    messages::{Class, Message},
    parse::{
        log::When,
        logbook::{Mark, Sighting},
    },
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
    pub lasted: Option<SignedDuration>,
}

impl Happening {
    /// When it was by the clocks of the other members.
    pub fn instant(&self) -> Option<Timestamp> {
        let at = self.mark.when.and_then(|when| when.instant())?;
        let offset = SignedDuration::from_micros(self.clock_offset_us.unwrap_or_default());
        // A time at the edge of the calendar stays as it is.
        Some(at.checked_sub(offset).unwrap_or(at))
    }
}

/// How far beyond the others' logs a line may lie that belongs among them: members start and are asked one after the other.
const SLACK: SignedDuration = SignedDuration::from_secs(60);

/// Whether a line was written before its clock was set: as it stands it lies in the time that the others' logs cover, and set right by what
/// was measured later it would lie well outside.
fn was_right(mark: &Mark, offset_us: i64, (first, last): (Timestamp, Timestamp)) -> bool {
    let Some(at) = mark.when.and_then(|when| when.instant()) else { return false };
    let Ok(set_right) = at.checked_sub(SignedDuration::from_micros(offset_us)) else { return true };
    let is_far = set_right.duration_since(last) > SLACK || first.duration_since(set_right) > SLACK;
    is_far && first <= at && at <= last
}

impl Facts {
    /// The time that the logs of all other members cover together.
    fn covered_by_others(&self, member: MemberAt) -> Option<(Timestamp, Timestamp)> {
        let others = self.logs.iter().filter(|log| log.member.is_some_and(|at| at != member));
        let marks = others.flat_map(|log| [&log.log.first, &log.log.last]).flatten();
        let instants: Vec<Timestamp> = marks.filter_map(|mark| mark.when.as_ref().and_then(When::instant)).collect();
        Some((instants.iter().min().copied()?, instants.iter().max().copied()?))
    }

    /// What happened: by time where it is known, else in the order of the files. Where members measured that one clock is off, what that member
    /// tells stands where it belongs by the others' clocks.
    pub fn happenings(&self) -> Vec<Happening> {
        let (mut out, offsets) = (Vec::new(), self.clock_offsets());
        for log in &self.logs {
            let offset = log.member.and_then(|at| Some((at, *offsets.get(&at)?)));
            let covered = offset.and_then(|(at, _)| self.covered_by_others(at));
            for sighting in log.log.sightings().filter(|s| is_told(s)) {
                let (member, message) = (log.member, sighting.message);
                let clock_offset_us = offset
                    .map(|(_, us)| us)
                    .filter(|us| !covered.is_some_and(|covered| was_right(&sighting.first, *us, covered)));
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

fn lasted(sighting: &Sighting) -> Option<SignedDuration> {
    let (first, last) = sighting.first.when.zip(sighting.last.when)?;
    last.difference(&first).filter(|lasted| sighting.count > 1 && lasted.is_positive())
}

fn is_told(sighting: &Sighting) -> bool {
    sighting.message.fatal || matches!(sighting.message.class, Class::Fault | Class::Start | Class::Stop | Class::PeerDown)
}
