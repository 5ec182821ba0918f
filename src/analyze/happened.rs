//! From facts to the timeline of a report: what happened, to which finding it belongs, and where it stands on one axis.

use jiff::{SignedDuration, civil::DateTime, tz::Offset};

use crate::{
    bundle::Quote,
    diagnosis::{Event, Finding},
    facts::{Facts, Happening},
    messages::Class,
    text::escape,
    words::Words,
};

/// What happened, with the finding it belongs to.
pub(super) fn timeline(facts: &Facts, findings: &[Finding], words: &Words) -> Vec<Event> {
    let code_of = |quote: &Quote| {
        findings.iter().find(|f| f.evidence.iter().any(|e| e.quote.citation() == quote.citation())).map(|f| f.code)
    };
    let happenings = facts.happenings();
    let axis = Axis::of(&happenings);
    let event = |h: Happening| {
        let place = h.mark.quote.citation();
        Event {
            time: h.mark.when.and_then(|when| when.instant()).map(|at| at.to_string()),
            time_as_read: h.mark.as_read.clone(),
            member: h.member.map(|at| facts.key(at)),
            what: {
                let means = (words.elsewhere)(h.message.means);
                if h.count > 1 { format!("{means} ({}×)", h.count) } else { means }
            },
            code: code_of(&h.mark.quote),
            clock_offset_us: h.clock_offset_us,
            kind: match h.message.class {
                Class::Start => "start",
                Class::Stop => "stop",
                Class::PeerDown => "peer-down",
                _ => "fault",
            },
            elapsed_us: axis.as_ref().and_then(|axis| axis.place(&h)),
            lasted_us: h.lasted.and_then(|lasted| u64::try_from(lasted.as_micros()).ok()),
            path: escape(place.path()).to_string(),
            line: place.line(),
        }
    };
    happenings.into_iter().map(event).collect()
}

/// The dates that can be compared: those that say as much as most of them do.
struct Axis {
    knows: u8,
    first: DateTime,
}

impl Axis {
    fn of(happenings: &[Happening]) -> Option<Self> {
        let places: Vec<(u8, DateTime)> = happenings.iter().filter_map(place).collect();
        let how_many = |knows: u8| places.iter().filter(|(of, _)| *of == knows).count();
        // Of equally many those that know more: the lower key.
        let knows = places.iter().map(|(knows, _)| *knows).max_by_key(|knows| (how_many(*knows), u8::MAX - knows))?;
        let first = places.iter().filter(|(of, _)| *of == knows).map(|(_, at)| *at).min()?;
        Some(Self { knows, first })
    }

    fn place(&self, happening: &Happening) -> Option<u64> {
        let (_, at) = place(happening).filter(|(knows, _)| *knows == self.knows)?;
        u64::try_from(at.duration_since(self.first).as_micros()).ok()
    }
}

/// When it was, by the clocks of the other members where its own is known to be off.
fn place(happening: &Happening) -> Option<(u8, DateTime)> {
    let (knows, at) = happening.mark.when?.sort_key();
    if let Some(instant) = happening.instant() {
        return Some((knows, Offset::UTC.to_datetime(instant)));
    }
    let offset = SignedDuration::from_micros(happening.clock_offset_us.unwrap_or_default());
    Some((knows, at.checked_sub(offset).unwrap_or(at)))
}
