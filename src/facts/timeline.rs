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
}

impl Facts {
    /// What happened: by time where it is known, else in the order of the files.
    pub fn happenings(&self) -> Vec<Happening> {
        let mut out = Vec::new();
        for log in &self.logs {
            for sighting in log.log.sightings().filter(|s| is_told(s)) {
                let told =
                    |mark: &Mark, count| Happening { mark: mark.clone(), member: log.member, message: sighting.message, count };
                out.push(told(&sighting.first, sighting.count));
                if sighting.count > 1 && sighting.message.class != Class::Fault {
                    out.push(told(&sighting.last, 1));
                }
            }
        }
        out.sort_by(|a, b| {
            let instant = |h: &Happening| h.mark.when.and_then(|w| w.instant());
            (instant(a).is_none(), instant(a), a.mark.quote.citation()).cmp(&(
                instant(b).is_none(),
                instant(b),
                b.mark.quote.citation(),
            ))
        });
        out.truncate(MOST_HAPPENINGS);
        out
    }
}

fn is_told(sighting: &Sighting) -> bool {
    sighting.message.fatal || matches!(sighting.message.class, Class::Fault | Class::Start | Class::Stop | Class::PeerDown)
}
