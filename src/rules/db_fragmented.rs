//! `db.fragmented`: the database file is far larger than what is in use, and only a defragmentation gives it back.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
};
use crate::{
    bundle::Quote,
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, MemberAt},
    parse::metrics::Metric,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("db.fragmented"),
    severity: Severity::Warning,
    reads: &["etcdctl endpoint status", "metrics"],
    messages: &[],
    explains: &[Code::new("db.quota-near")],
    nature: Nature::Why,
    decide,
};

/// Share in use below which the mixin warns (`etcdDatabaseHighFragmentationRatio`, 3.5 and 3.6: in use < 50 % of the file).
const LOW_SHARE: f64 = 0.5;

/// Size of the file below which it does not matter, in bytes. Ours: the mixin asks for 100 MiB in use, which keeps silent on a file of
/// gigabytes that holds little; etcdctl's tables round to decimal sizes.
const MATTERS: f64 = 100e6;

/// Raft entries that members asked one after the other may be apart. A member that is further behind holds other data.
const SAME_INDEX: u64 = 1_000;

/// A file, its size and what of it is in use.
struct Seen {
    member: Option<MemberAt>,
    total: f64,
    used: f64,
    quotes: Vec<Quote>,
}

fn decide(facts: &Facts) -> Ruling {
    let seen: Vec<Seen> = by_metrics(facts).into_iter().chain(by_status(facts)).collect();
    let wasted: Vec<&Seen> = seen.iter().filter(|s| s.total >= MATTERS && s.used < s.total * LOW_SHARE).collect();
    let largest = wasted.iter().max_by(|a, b| a.total.total_cmp(&b.total));
    let Some(largest) = largest else {
        let uneven = uneven(facts);
        return match uneven {
            Some(draft) => Ruling::Fail(vec![draft]),
            None if seen.is_empty() => Ruling::Unknown(None),
            None => Ruling::Pass,
        };
    };
    let mut shown = wasted.iter().flat_map(|s| s.quotes.iter().map(|q| Evidence::of(q.clone()).member(s.member.map(|at| facts.key(at)))));
    let Some(first) = shown.next() else { return Ruling::Unknown(None) };
    let mut draft = Draft::new("in-use", Severity::Warning, first);
    shown.take(8).for_each(|evidence| draft.show(evidence));
    draft.members = wasted.iter().filter_map(|s| s.member).collect();
    draft.members.sort_unstable();
    draft.members.dedup();
    draft.impact = Impact::None;
    let is_twice = draft.members.iter().any(|at| wasted.iter().filter(|s| s.member == Some(*at)).count() > 1);
    draft.confidence = if is_twice { Confidence::High } else { Confidence::Medium };
    draft.value("total", megabytes(largest.total));
    draft.value("used", megabytes(largest.used));
    Ruling::Fail(vec![draft])
}

fn by_metrics(facts: &Facts) -> Vec<Seen> {
    let of = |measured: &crate::facts::Measured| {
        let sample = measured.last()?;
        let (total, shows_total) = sample.gauge(Metric::DbTotalSize)?;
        let (used, shows_used) = sample.gauge(Metric::DbInUse).filter(|(used, _)| *used > 0.0)?;
        Some(Seen { member: measured.member, total, used, quotes: vec![shows_total.clone(), shows_used.clone()] })
    };
    facts.measured.iter().filter_map(of).collect()
}

/// One status of each member; zero or absent sizes mean that they are not known.
fn by_status(facts: &Facts) -> Vec<Seen> {
    let mut out: Vec<Seen> = Vec::new();
    for (at, status) in &facts.statuses {
        let sizes = status.value.db_size.zip(status.value.in_use).filter(|(_, used)| used.bytes > 0);
        if let Some((total, used)) = sizes.filter(|_| !out.iter().any(|s| s.member == Some(*at))) {
            let quotes = vec![status.quote.clone()];
            out.push(Seen { member: Some(*at), total: total.bytes as f64, used: used.bytes as f64, quotes });
        }
    }
    out
}

/// Members at the same place in the log whose files differ by a factor: the small ones were defragmented, or came by a snapshot.
fn uneven(facts: &Facts) -> Option<Draft> {
    let mut sizes: Vec<(MemberAt, u64, u64, &Quote)> = Vec::new();
    for (at, status) in &facts.statuses {
        let known = status.value.db_size.map(|size| size.bytes).filter(|bytes| *bytes > 0).zip(status.value.index);
        let is_learner = status.value.is_learner == Some(true);
        if let Some((bytes, index)) = known.filter(|_| !is_learner && !sizes.iter().any(|(other, ..)| other == at)) {
            sizes.push((*at, bytes, index, &status.quote));
        }
    }
    let smallest = sizes.iter().min_by_key(|(_, bytes, ..)| *bytes)?;
    let is_wasteful = |(_, bytes, index, _): &&(MemberAt, u64, u64, &Quote)| {
        *bytes as f64 >= MATTERS && smallest.1 as f64 <= *bytes as f64 * LOW_SHARE && index.abs_diff(smallest.2) <= SAME_INDEX
    };
    let wasted: Vec<_> = sizes.iter().filter(is_wasteful).collect();
    let largest = wasted.iter().max_by_key(|(_, bytes, ..)| *bytes)?;
    let line = |(at, _, _, quote): &(MemberAt, u64, u64, &Quote)| Evidence::of((*quote).clone()).member(Some(facts.key(*at)));
    let mut draft = Draft::new("uneven", Severity::Warning, line(largest));
    draft.show(line(smallest).note("at the same place in the log"));
    wasted.iter().for_each(|row| draft.show(line(row)));
    draft.members = wasted.iter().map(|(at, ..)| *at).collect();
    draft.impact = Impact::None;
    draft.value("total", megabytes(largest.1 as f64));
    draft.value("used", megabytes(smallest.1 as f64));
    draft.value("small", facts.key(smallest.0).escaped());
    Some(draft)
}

fn megabytes(bytes: f64) -> String {
    format!("{:.0} MB", bytes / 1e6)
}
