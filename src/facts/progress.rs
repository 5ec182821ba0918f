//! How far each member's log reaches, by all that tells it: what decides from whom a cluster is recovered.

use std::collections::BTreeMap;

use super::{Facts, MemberAt, MemberLog};
use crate::{
    bundle::Quote,
    messages::Class,
    parse::{
        listing::File,
        logbook::Mark,
        metrics::{Exposition, Metric},
    },
};

/// What tells how far a log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToldBy {
    /// The first index in the name of the newest write-ahead log: entries follow it.
    WalName,
    /// The index in the name of the newest snapshot: entries may follow it.
    SnapName,
    /// Raft's own line at the newest start.
    Start,
    /// The answer of `endpoint status`: applied up to etcd 3.3, committed from 3.4 on.
    Status,
}

/// How far a member's log reaches, at least: what it wrote after that was said, nobody knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Whose log.
    pub member: MemberAt,
    /// The raft index.
    pub index: u64,
    /// The term in which that entry was written, where it is known. The term of `endpoint status` is another one: that of a member that is
    /// cut off can rise without a single entry.
    pub last_term: Option<u64>,
    /// The member's revision, where the same answer says it.
    pub revision: Option<i64>,
    /// What tells it.
    pub told_by: ToldBy,
    /// Whether the member wrote nothing after that, as far as the evidence shows: it answered at the end, or ended at that start.
    pub is_end: bool,
    /// The line.
    pub quote: Quote,
}

/// The revision that a member had when it had applied its log up to an index.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisionAt {
    /// Whose.
    pub member: MemberAt,
    /// The raft index up to which it had applied.
    pub index: u64,
    /// Its own revision.
    pub revision: i64,
    /// The line.
    pub quote: Quote,
}

/// By how much revisions at one index may differ while writes come in: a member tells its index and its revision one after the other, and each
/// entry that is applied between the two adds one.
const BETWEEN_TWO_READS: u64 = 10;

/// Within how many entries two members must be for their metrics to be compared: further apart they are of different times, or one lags.
const NEAR: f64 = 10_000.0;

/// Between what bounds a member's index and revision were, by two samples of its metrics.
struct Span {
    index: (f64, f64),
    revision: (f64, f64),
    at: RevisionAt,
}

impl Span {
    /// How many entries lie between the two at most, where this one has more revisions than they can make: an entry makes one at most.
    fn outruns(&self, other: &Self) -> Option<f64> {
        let entries = self.index.1 - other.index.0;
        let revisions = self.revision.0 - other.revision.1;
        (entries.abs() <= NEAR && revisions > entries.max(0.0) + BETWEEN_TWO_READS as f64).then_some(entries.max(0.0))
    }
}

impl Facts {
    /// Revisions of two or more members at one and the same applied index that contradict each other: all members apply the same entries, so
    /// at one index they have one revision. Of each member its first answer of that kind.
    pub fn contradicting_revisions(&self) -> Vec<RevisionAt> {
        let mut by_index: BTreeMap<(Option<u64>, u64), Vec<RevisionAt>> = BTreeMap::new();
        for (member, status) in &self.statuses {
            let value = &status.value;
            // Up to 3.3 the index is the applied one; where entries wait to be applied, what is told is on its way.
            let index =
                if value.applied.is_some() { value.applied.filter(|applied| value.index == Some(*applied)) } else { value.index };
            let (Some(index), Some(revision)) = (index.filter(|index| *index > 0), value.revision) else { continue };
            let same = by_index.entry((value.cluster_id, index)).or_default();
            if !same.iter().any(|other| other.member == *member) {
                same.push(RevisionAt { member: *member, index, revision, quote: status.quote.clone() });
            }
        }
        let differ = |same: &Vec<RevisionAt>| {
            same.iter().any(|a| same.iter().any(|b| a.revision.abs_diff(b.revision) > BETWEEN_TWO_READS))
        };
        by_index.into_values().rev().find(differ).unwrap_or_default()
    }

    /// What [`Self::contradicting_revisions`] is by metrics, and how many entries lie between the indexes at most. A sample tells the revision
    /// at once, and the index when a batch of entries is applied: so the revision of one time is held against the index of another, that of
    /// the sample before or after it. Members of a list only, since metrics tell no cluster.
    pub fn outrunning_revisions(&self) -> Option<(Vec<RevisionAt>, u64)> {
        self.membership.as_ref()?;
        let spans: Vec<Span> = self.expected().filter_map(|at| self.span_of(at)).collect();
        let contradictions = spans.iter().flat_map(|a| spans.iter().map(move |b| (a, b))).filter_map(|(a, b)| a.outruns(b));
        let entries = contradictions.reduce(f64::max)?;
        Some((spans.into_iter().map(|span| span.at).collect(), entries as u64))
    }

    fn span_of(&self, at: MemberAt) -> Option<Span> {
        let measured = self.measured.iter().find(|measured| measured.member == Some(at))?;
        let (first, last) = (measured.samples.first().filter(|_| measured.samples.len() > 1)?, measured.last()?);
        let start = |sample: &Exposition| sample.gauge(Metric::ProcessStartTime).map(|(value, _)| value);
        let value = |sample: &Exposition, metric: Metric| sample.gauge(metric).map(|(value, _)| value);
        let (index, after) = (value(first, Metric::Applied)?, value(last, Metric::Applied)?);
        let (revision, later) = (value(first, Metric::Revision)?, last.gauge(Metric::Revision)?);
        let is_settled = value(first, Metric::Committed)? <= index && start(first) == start(last) && after >= index;
        let at = RevisionAt { member: at, index: after as u64, revision: later.0 as i64, quote: later.1.clone() };
        is_settled.then_some(Span { index: (index, after), revision: (revision, later.0), at })
    }

    /// How far the log of each member reaches, sorted by member; those of whom nothing tells are left out.
    pub fn progress(&self) -> Vec<Progress> {
        (0..self.members.len()).filter_map(|at| self.progress_of(at)).collect()
    }

    /// How far a member's log reaches. An answer counts before all else, then raft's own line at the start: what it held before it was
    /// wiped, it holds no more. Names of files tell the least.
    pub fn progress_of(&self, at: MemberAt) -> Option<Progress> {
        let answered = self.statuses.iter().filter(|(of, _)| *of == at).filter_map(|(_, status)| {
            let value = &status.value;
            let (index, revision, quote) = (value.index?, value.revision, status.quote.clone());
            Some(Progress { member: at, index, last_term: None, revision, told_by: ToldBy::Status, is_end: true, quote })
        });
        if let Some(progress) = answered.max_by_key(|progress| progress.index) {
            return Some(progress);
        }
        // An empty log at a start, after which the member served, says nothing; nor does the name of its first file.
        let says = |progress: &Progress| progress.is_end || progress.index > 0;
        match (self.newest_start(at).filter(says), self.by_names(at).filter(says)) {
            (Some(start), Some(name)) if name.index > start.index => Some(name),
            (start, name) => start.or(name),
        }
    }

    /// The member of these whose log reaches furthest by what was sent, if it is ahead of all others and nothing speaks for more of them: by
    /// the term of the last entry where it is known of all, else by the index alone.
    pub fn furthest(&self, among: &[MemberAt]) -> Option<Progress> {
        let mut known: Vec<Progress> = among.iter().filter_map(|at| self.progress_of(*at)).collect();
        if known.len() < among.len() || known.len() < 2 {
            return None;
        }
        let has_terms = known.iter().all(|progress| progress.last_term.is_some());
        let place = |progress: &Progress| (progress.last_term.filter(|_| has_terms), progress.index);
        known.sort_by_key(|progress| std::cmp::Reverse(place(progress)));
        let mut known = known.into_iter();
        let first = known.next()?;
        known.all(|other| other.is_end && place(&other) < place(&first)).then_some(first)
    }

    /// The end of the log at the newest start of all logs of the member.
    fn newest_start(&self, at: MemberAt) -> Option<Progress> {
        let own = || self.logs.iter().filter(|log| log.member == Some(at));
        let ends = own().filter_map(|log: &MemberLog| log.log.raft.newest_end(log.log.is_reversed()));
        let is_later = |a: &Mark, b: &Mark| super::is_later(a, b, false);
        let end = ends.reduce(|a, b| if is_later(&a.mark, &b.mark) { b } else { a })?;
        let served = own().any(|log| {
            let serving = log.log.sightings().filter(|s| s.message.class == Class::Serving);
            serving.flat_map(|s| [&s.first, &s.last]).any(|mark| super::is_later(&end.mark, mark, log.log.is_reversed()))
        });
        let (index, last_term, quote) = (end.index, end.term, end.mark.quote.clone());
        Some(Progress { member: at, index, last_term, revision: None, told_by: ToldBy::Start, is_end: !served, quote })
    }

    /// The newest names in a listing of the member's data directory.
    fn by_names(&self, at: MemberAt) -> Option<Progress> {
        let member = self.member(at)?;
        let is_its = |host: &Option<crate::text::Untrusted>| host.is_some() && (*host == member.host || *host == member.name);
        let files = self.listings.iter().filter(|(host, _)| is_its(host)).flat_map(|(_, listing)| listing.files());
        let reach = |(file, quote): &(File, Quote)| {
            let (index, last_term, told_by) = match file {
                File::Snap { term, index } => (*index, Some(*term), ToldBy::SnapName),
                File::SnapDb { index } => (*index, None, ToldBy::SnapName),
                File::Wal { index, .. } => (*index, None, ToldBy::WalName),
                // What was put aside as broken holds nothing that is left.
                File::Broken { .. } | File::Db => return None,
            };
            Some(Progress { member: at, index, last_term, revision: None, told_by, is_end: false, quote: quote.clone() })
        };
        files.filter_map(reach).max_by_key(|progress| (progress.index, progress.told_by))
    }
}
