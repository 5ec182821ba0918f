//! What prose quotes, beside what was seen: heard only where no evidence speaks for itself.
//!
//! "We get `etcdserver: mvcc: database space exceeded`" is somebody's word for it, without time, member and context. So it is taken
//! for a fault only while nothing that was sent contradicts it: no member answered healthy, no alarm list is empty, no log tells of a
//! fault of its own, and where a log or an answer shows that etcd serves, no quotation of something that would have ended it counts.
//! A finding that rests on quotations alone has low confidence and an unknown impact, and says so beside its lines.

use super::{Facts, Health, MemberLog};
use crate::{
    bundle::Quote,
    messages::Class,
    parse::logbook::{Log, Writer},
};

/// Lets quotations count where nothing contradicts them.
pub(super) fn admit(facts: &mut Facts, quoted: Vec<Log>) {
    let is_well = facts.no_alarms.is_some() || facts.health.iter().any(|answer| answer.health == Health::Healthy);
    let has = |class: Class| facts.logs.iter().flat_map(|log| log.log.sightings()).any(|s| s.message.class == class);
    if is_well || has(Class::Fault) {
        return;
    }
    let serves = has(Class::Serving) || !facts.statuses.is_empty();
    for mut log in quoted {
        log.retain(|message| !(serves && message.fatal));
        let count = log.sightings().map(|s| s.count).sum::<u64>();
        if count > 0 {
            facts.understood += count;
            facts.logs.push(MemberLog { member: None, writer: Writer::default(), log, until: None, is_prose: true });
        }
    }
}

impl Facts {
    /// Whether a line is a sentence that quotes a message.
    pub fn is_quotation(&self, line: &Quote) -> bool {
        let prose = self.logs.iter().filter(|log| log.is_prose);
        prose.flat_map(|log| log.log.sightings()).any(|s| s.first.quote == *line || s.last.quote == *line)
    }
}
