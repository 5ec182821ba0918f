//! Who cannot reach whom: the links between members by what their logs say, since when and why, and whether they came up again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::{Facts, MemberAt, MemberLog, is_later};
use crate::{
    messages::{Class, Reason},
    parse::logbook::{Mark, Sighting},
};

/// What one member's log says of its way to another.
#[derive(Clone, Debug)]
pub struct LostLink {
    /// Whose log.
    pub from: MemberAt,
    /// Whom it does not reach.
    pub to: MemberAt,
    /// Why, where the lines say it.
    pub reasons: BTreeSet<Reason>,
    /// How many lines.
    pub count: u64,
    /// The first line.
    pub first: Mark,
    /// The last line.
    pub last: Mark,
    /// The later line that says that it is there again.
    pub up_again: Option<Mark>,
}

impl LostLink {
    fn merge(&mut self, other: LostLink) {
        self.reasons.extend(other.reasons);
        self.count += other.count;
        if is_later(&other.first, &self.first, false) {
            self.first = other.first;
        }
        if is_later(&self.last, &other.last, false) {
            self.last = other.last;
            self.up_again = other.up_again;
        } else if self.up_again.is_none() {
            self.up_again = other.up_again.filter(|up| is_later(&self.last, up, false));
        }
    }
}

/// The prober says at the same time that a peer does not answer and by how much its clock differed before; where it speaks of the clock alone, and
/// a whole look later than the last complaint, the peer answered.
const NEXT_LOOK: SignedDuration = SignedDuration::from_secs(1);

/// The last line of a log, if this sighting is one, that is written of a peer only while it answers.
pub fn sign_of_link<'a>(log: &MemberLog, sighting: &'a Sighting, last: &Mark) -> Option<&'a Mark> {
    let reversed = log.log.is_reversed();
    let mark = if reversed { &sighting.first } else { &sighting.last };
    let is_sign = match sighting.message.class {
        Class::PeerUp => true,
        _ if sighting.message.id == "peer-clock-difference" => {
            let complaints = log.log.sightings().filter(|s| s.message.id == "peer-unreachable" && s.peer == sighting.peer);
            complaints.map(|s| if reversed { &s.first } else { &s.last }).all(|complaint| {
                complaint.when.zip(mark.when).and_then(|(then, now)| now.difference(&then)).is_some_and(|gap| gap >= NEXT_LOOK)
            })
        }
        _ => false,
    };
    let is_up = sighting.message.class == Class::PeerUp;
    (is_sign && (is_later(last, mark, reversed) || (is_up && is_stale(log, sighting, mark, last)))).then_some(mark)
}

/// How old what the prober tells may be: it probes every 4 s and tells every 5 s (`proberInterval` and `statusErrorInterval`, 3.1 to 3.6).
const PROBED_BEFORE: SignedDuration = SignedDuration::from_secs(5);

/// Whether a complaint is the prober's of a probe from before the peer came up: nothing but the prober has complained since.
fn is_stale(log: &MemberLog, up: &Sighting, sign: &Mark, complaint: &Mark) -> bool {
    let reversed = log.log.is_reversed();
    let newest = |s: &Sighting| (if reversed { &s.first } else { &s.last }).clone();
    let of_peer = || log.log.sightings().filter(|s| s.message.class == Class::PeerDown && s.peer == up.peer);
    let (probes, others): (Vec<_>, Vec<_>) = of_peer().partition(|s| s.message.id == "peer-unreachable");
    let age = complaint.when.zip(sign.when).and_then(|(told, up)| told.difference(&up));
    probes.iter().any(|s| newest(s).quote == complaint.quote)
        && age.is_some_and(|age| !age.is_negative() && age <= PROBED_BEFORE)
        && !others.iter().any(|s| is_later(sign, &newest(s), reversed))
}

impl Facts {
    /// The links that were lost at some time, sorted by the two members.
    pub fn lost_links(&self) -> Vec<LostLink> {
        let mut links: BTreeMap<(MemberAt, MemberAt), LostLink> = BTreeMap::new();
        for log in &self.logs {
            for sighting in log.log.sightings().filter(|s| s.message.class == Class::PeerDown) {
                let Some(link) = self.lost_link(log, sighting) else { continue };
                match links.get_mut(&(link.from, link.to)) {
                    Some(known) => known.merge(link),
                    None => drop(links.insert((link.from, link.to), link)),
                }
            }
        }
        links.into_values().collect()
    }

    fn lost_link(&self, log: &MemberLog, sighting: &Sighting) -> Option<LostLink> {
        let from = log.member?;
        let id = sighting.peer_id()?;
        let to = self.members.iter().position(|member| member.id == Some(id)).filter(|to| *to != from)?;
        let reversed = log.log.is_reversed();
        let in_order =
            |s: &Sighting| if reversed { (s.last.clone(), s.first.clone()) } else { (s.first.clone(), s.last.clone()) };
        let (first, last) = in_order(sighting);
        let of_peer = log.log.sightings().filter(|s| s.peer_id() == Some(id));
        let up_again = of_peer.filter_map(|s| sign_of_link(log, s, &last)).next().cloned();
        let reasons = sighting.reasons.keys().copied().collect();
        Some(LostLink { from, to, reasons, count: sighting.count, first, last, up_again })
    }
}
