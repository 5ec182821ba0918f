//! `disk.slow-commit`: committing to the database file is too slow, while the write-ahead log is synced in good time.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity},
    facts::{Facts, Measured, Window},
    parse::{histogram::Histogram, metrics::Metric},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("disk.slow-commit"),
    severity: Severity::Critical,
    reads: &["metrics, twice"],
    messages: &[],
    explains: &[Code::new("load.too-many-requests")],
    nature: Nature::Why,
    decide,
};

/// p99 above which the etcd mixin warns, in seconds (`etcdHighCommitDurations`, contrib/mixin of 3.4 to 3.7: 0.25). The bucket below
/// it ends at 0.256; only one that begins there is surely slower.
const SLOW_P99: f64 = 0.25;

/// A sync of the WAL is fine while its 99th percentile is no higher than this, in seconds: two buckets below the mixin's 0.5.
const FINE_FSYNC: f64 = 0.128;

/// Share of slow commits below which a process that was away for moments looks the same as a slow disk.
const SLOW_SHARE: f64 = 0.05;

/// A median of the WAL's syncs that is fine beside commits of which every other one is slow, in seconds.
const FINE_HALF: f64 = 0.064;

/// Commits from which on a tail says something, and from which on a median does.
const FEWEST: u64 = 100;
const FEWEST_FOR_MEDIAN: u64 = 30;

fn decide(facts: &Facts) -> Ruling {
    let judged: Vec<_> = facts.measured.iter().filter_map(judge).collect();
    if judged.is_empty() {
        return Ruling::Unknown(None);
    }
    let drafts: Vec<Draft> = judged.into_iter().flatten().collect();
    if drafts.is_empty() { Ruling::Pass } else { Ruling::Fail(drafts) }
}

/// `None` where it was not measured; a draft where it is slow.
fn judge(measured: &Measured) -> Option<Option<Draft>> {
    let (commits, window) = newest(measured, Metric::BackendCommit)?;
    let (syncs, _) = newest(measured, Metric::WalFsync)?;
    let (commit, sync) = (commits.quantile_bounds(0.99)?, syncs.quantile_bounds(0.99)?);
    // Both slow: the disk as a whole, or a process that does not get to run. That is not this.
    let by_tail = commit.gt >= SLOW_P99 && sync.le <= FINE_FSYNC && commits.share_over(0.256).is_some_and(|share| share >= SLOW_SHARE);
    // On a busy host both have their bad moments; half of all commits is no moment.
    let halves = commits.quantile_bounds(0.5).zip(syncs.quantile_bounds(0.5));
    let by_half = halves.is_some_and(|(commit, sync)| commit.gt >= SLOW_P99 && sync.le <= FINE_HALF);
    let is_slow = by_tail && commits.count() >= FEWEST || by_half;
    if !is_slow {
        return Some(None);
    }
    let last = measured.last()?;
    let lines = |metric, bounds: &[f64]| bounds.iter().filter_map(|le| last.bucket_quote(metric, *le)).collect::<Vec<_>>();
    let mut shown = lines(Metric::BackendCommit, &[0.256, 0.512, 1.024]).into_iter().chain(lines(Metric::WalFsync, &[0.032, FINE_FSYNC]));
    let mut draft = Draft::new("measured", Severity::Warning, Evidence::of(shown.next()?));
    shown.for_each(|quote| draft.show(Evidence::of(quote)));
    draft.members = measured.member.into_iter().collect();
    draft.impact = Impact::Degraded;
    draft.confidence = Confidence::Medium;
    draft.value("window", window.as_str());
    draft.value("count", commits.count());
    draft.value("p99", format!("{:.0} ms", commit.gt * 1e3));
    draft.value("fsync", format!("{:.0} ms", sync.le * 1e3));
    draft.numbers.insert("commits", i64::try_from(commits.count()).unwrap_or(i64::MAX));
    draft.numbers.insert("p99_over_us", (commit.gt * 1e6).round() as i64);
    Some(Some(draft))
}

/// The present where it was measured, else the whole time since the start.
fn newest(measured: &Measured, metric: Metric) -> Option<(Histogram, Window)> {
    let recent = measured.histogram(metric, Window::BetweenSamples).map(|h| (h, Window::BetweenSamples));
    let whole = || measured.histogram(metric, Window::SinceStart).filter(|h| h.count() >= FEWEST_FOR_MEDIAN).map(|h| (h, Window::SinceStart));
    recent.or_else(whole)
}
