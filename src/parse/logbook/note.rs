//! How one line changes what is known of its log.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Log, MOST_PEERS, MOST_UNKNOWN, Mark, Moment, Read, Sighting, insert_bounded};
use crate::{
    messages::{Class, Hit, Message, Reason, Says},
    parse::{
        cmdline::etcd_flags,
        duration::go_duration,
        log::{Body, Form, Level, LogLine, When},
        raft::Raft,
        stack::is_stack,
    },
    text::Untrusted,
};

/// Words with which a program tells that something did not go well. etcd 2.0 and the journal of capnslog show no level, and etcd says some of
/// its last words at info.
const BAD_WORDS: &[&str] =
    &["error", "fail", "panic", "fatal", "cannot", "could not", "couldn't", "unable", "denied", "invalid", "corrupt", "must "];

/// Looks for all of them at once.
static BAD: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(BAD_WORDS).ok());

/// Whether the words of a line that no message is known for, and whose level says nothing, may be trouble.
pub(in crate::parse) fn sounds_bad(words: &str) -> bool {
    !is_stack(words) && BAD.as_ref().is_some_and(|bad| bad.is_match(words))
}

/// Messages in which a member tells its own name, and those (by the beginning of their ids) in which it tells its own id.
const NAMES_ITSELF: &[&str] = &["identity-name", "start-server"];
const IDS_ITSELF: &[&str] = &["raft-", "serving-", "member-starting-new", "member-restarting", "member-forced-restart"];

impl Log {
    /// Takes a line in that is of this log. `hit` is what the catalogue knows of it.
    pub(super) fn line(&mut self, hit: Option<&Hit<'_>>, read: &LogLine<'_>, is_etcd: bool, moment: &Read<'_>) {
        let mark = moment.mark();
        self.lines += 1;
        if mark.when.is_some() {
            self.first.get_or_insert_with(|| mark.clone());
            self.last = Some(mark.clone());
        }
        if let Body::Zap(zap) = &read.body
            && let Some(id) = zap.field("local-member-id")
        {
            insert_bounded(&mut self.ids, &id);
        }
        match hit {
            Some(hit) => {
                self.understood += 1;
                if let Some(name) = hit.get("args").and_then(|_| etcd_flags(moment.line.text())).and_then(|flags| flags.name) {
                    insert_bounded(&mut self.names, name.raw());
                }
                if !self.is_echo(hit.message.id, read) {
                    self.note(hit, mark, moment, read.repeats);
                }
            }
            None if is_etcd => {
                // Without a level nothing tells whether an unknown line is good or bad.
                self.understood += u64::from(read.level.is_some());
                self.told = self.told.filter(|_| read.form == Form::Bare);
                if read.level.is_some_and(|level| level >= Level::Warn) || sounds_bad(read.words()) {
                    self.unknown_count += 1;
                    if self.unknown.len() < MOST_UNKNOWN {
                        self.unknown.push(mark);
                    }
                }
            }
            None => {}
        }
    }

    /// Notes a message that prose quotes.
    pub fn note_quoted(&mut self, hit: &Hit<'_>, mark: Mark) {
        self.lines += 1;
        self.understood += 1;
        self.note(hit, mark.clone(), &mark, 1);
    }

    /// Keeps only the sightings of these messages.
    pub fn retain(&mut self, keeps: impl Fn(&Message) -> bool) {
        let sightings = &self.sightings;
        self.index.retain(|_, at| sightings.get(*at).is_some_and(|sighting| keeps(sighting.message)));
    }

    /// Whether the line says once more what was just said: a logger's last line, and Go's `panic: ` with the same words. In a log that
    /// runs backwards the panic comes first. Lines of the stack may lie between.
    fn is_echo(&mut self, id: &'static str, read: &LogLine<'_>) -> bool {
        let is_panic = read.form == Form::Bare && read.words().starts_with("panic: ");
        let is_echo = self.told.take().is_some_and(|(told, by_panic)| told == id && by_panic != is_panic);
        self.told = (!is_echo).then_some((id, is_panic));
        is_echo
    }

    fn note_identity(&mut self, hit: &Hit<'_>, moment: &dyn Moment) {
        if let Some(name) = hit.get("name").filter(|_| NAMES_ITSELF.contains(&hit.message.id)) {
            insert_bounded(&mut self.names, name);
        }
        if let Some(id) = hit.get("member").filter(|_| IDS_ITSELF.iter().any(|id| hit.message.id.starts_with(id))) {
            insert_bounded(&mut self.ids, id);
        }
        if let Some(cluster) = hit.get("cluster").filter(|_| IDS_ITSELF.iter().any(|id| hit.message.id.starts_with(id))) {
            insert_bounded(&mut self.clusters, cluster);
        }
        if let Some(cluster) = hit.get("initial-cluster").filter(|cluster| !cluster.is_empty()) {
            self.initial_cluster = Some((cluster.into(), moment.mark().quote));
        }
        self.note_timing(hit, moment);
        if let Some(version) = hit.get("version").filter(|_| hit.message.class == Class::Start) {
            self.version = Some(version.into());
        }
    }

    fn note_timing(&mut self, hit: &Hit<'_>, moment: &dyn Moment) {
        let (heartbeat, election) = match hit.message.id {
            "identity-heartbeat" => (hit.get("interval"), None),
            "identity-election" => (None, hit.get("timeout")),
            "start-server" => (hit.get("heartbeat"), hit.get("election")),
            // A late heartbeat names the interval too; a line at the start is the better one to show.
            "heartbeat-late" if self.timing.heartbeat.is_none() => (hit.get("interval"), None),
            _ => return,
        };
        let known = |text: Option<&str>| text.and_then(go_duration).filter(|d| !d.is_zero()).map(|d| (d, moment.mark().quote));
        self.timing.heartbeat = known(heartbeat).or(self.timing.heartbeat.take());
        self.timing.election = known(election).or(self.timing.election.take());
    }
    fn note(&mut self, hit: &Hit<'_>, mark: Mark, moment: &dyn Moment, repeats: u64) {
        self.note_identity(hit, moment);
        self.raft.note(hit, moment);
        let at = self.sighting(hit, moment);
        if let Some(sighting) = self.sightings.get_mut(at) {
            if let Some(reason) = sighting.take(hit, moment, repeats) {
                sighting.last_is(Some(reason), mark.clone());
            }
            sighting.last_is(None, mark);
        }
    }

    /// Where the sighting stands that a line belongs to; it is begun with the line where there is none.
    fn sighting(&mut self, hit: &Hit<'_>, moment: &dyn Moment) -> usize {
        let known_peers = self.index.keys().filter(|(id, _)| *id == hit.message.id).count();
        self.is_crowded |= known_peers + 1 >= MOST_PEERS;
        let peer = hit.peer().filter(|_| known_peers < MOST_PEERS).map(Untrusted::from);
        let next = self.sightings.len();
        let at = *self.index.entry((hit.message.id, peer.clone())).or_insert(next);
        if at == next {
            self.sightings.push(Sighting::new(hit, peer, &moment.mark()));
        }
        at
    }
}

/// What a line is that looks like one that was read before.
#[derive(Clone, Copy, Debug)]
pub(in crate::parse) struct Again {
    /// Its level.
    pub level: Option<Level>,
    /// Its form.
    pub form: Form,
    /// Whether it has a date.
    pub is_dated: bool,
    /// Whether it sounds bad, where no message is known for it.
    pub is_bad: bool,
}

/// How a run of lines of one kind is taken in: all but which line was the last one, which is told when the run is over.
impl Log {
    /// Whether lines of a log can be taken in that way: not where so many peers are named that they are no longer told apart.
    pub(in crate::parse) fn takes_runs(&self) -> bool {
        !self.is_crowded
    }

    /// Whether a line with this message says once more what Go's panic said.
    pub(in crate::parse) fn is_echo_of_panic(&self, id: &str) -> bool {
        self.told.is_some_and(|(told, by_panic)| by_panic && told == id)
    }

    /// Notes the member's own id.
    pub(in crate::parse) fn note_id(&mut self, id: &str) {
        insert_bounded(&mut self.ids, id);
    }

    /// Takes in a line that no message is known for.
    pub(in crate::parse) fn unknown_again(&mut self, again: Again, moment: &dyn Moment) {
        self.count_again(again, moment);
        self.understood += u64::from(again.level.is_some());
        self.told = self.told.filter(|_| again.form == Form::Bare);
        if again.level.is_some_and(|level| level >= Level::Warn) || again.is_bad {
            self.unknown_count += 1;
            if self.unknown.len() < MOST_UNKNOWN {
                self.unknown.push(moment.mark());
            }
        }
    }

    /// Takes in a line with a message. `at` says where its sighting stands, once that is known; the answer says it, and the reason that the line
    /// gives.
    pub(in crate::parse) fn known_again(
        &mut self,
        says: &impl Says,
        at: Option<usize>,
        again: Again,
        moment: &dyn Moment,
    ) -> (usize, Option<Reason>) {
        let message = says.message();
        self.count_again(again, moment);
        self.understood += 1;
        self.told = Some((message.id, false));
        let seen = at.and_then(|at| self.sightings.get(at));
        if !seen.map_or_else(|| tells_nothing_else(message), |seen| seen.tells_nothing_else) {
            let hit = says.hit();
            self.note_identity(&hit, moment);
            self.raft.note(&hit, moment);
        }
        let at = at.unwrap_or_else(|| self.sighting(&says.hit(), moment));
        (at, self.sightings.get_mut(at).and_then(|sighting| sighting.take(says, moment, 1)))
    }

    fn count_again(&mut self, again: Again, moment: &dyn Moment) {
        self.lines += 1;
        if again.is_dated && self.first.is_none() {
            self.first = Some(moment.mark());
        }
    }

    /// The last line of a run: of the log, of the sighting that stands there, or of those of its lines that gave a reason.
    pub(in crate::parse) fn last_of_run(&mut self, sighting: Option<usize>, reason: Option<Reason>, mark: Mark) {
        match sighting {
            None => self.last = Some(mark),
            Some(at) => {
                if let Some(sighting) = self.sightings.get_mut(at) {
                    sighting.last_is(reason, mark);
                }
            }
        }
    }
}

/// Whether a message says nothing of who the member is, of its clock, or of raft.
pub(in crate::parse) fn tells_nothing_else(message: &Message) -> bool {
    let id = message.id;
    let is_identity = NAMES_ITSELF.contains(&id) || IDS_ITSELF.iter().any(|begin| id.starts_with(begin));
    let has_settings = matches!(id, "identity-heartbeat" | "identity-election" | "heartbeat-late" | "identity-initial-cluster");
    !is_identity && !has_settings && message.class != Class::Start && Raft::passes(id)
}

impl Moment for Mark {
    fn when(&self) -> Option<When> {
        self.when
    }

    fn mark(&self) -> Mark {
        self.clone()
    }
}
