//! Who cannot reach whom: the links between members by what their logs say, since when and why, and whether they came up again.

use std::collections::{BTreeMap, BTreeSet};

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
        let is_up = |s: &&Sighting| s.message.class == Class::PeerUp && s.peer_id() == Some(id);
        let up_again = log.log.sightings().filter(is_up).map(|s| in_order(s).1).find(|up| is_later(&last, up, reversed));
        let reasons = sighting.reasons.keys().copied().collect();
        Some(LostLink { from, to, reasons, count: sighting.count, first, last, up_again })
    }
}
