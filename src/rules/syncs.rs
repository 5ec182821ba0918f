//! How a member's syncs of the write-ahead log are: slow as such, or fast but for rare and long stalls.

use crate::{
    facts::{Facts, Measured, MemberAt, MemberLog, Window},
    parse::{
        histogram::{Bounds, Histogram},
        metrics::Metric,
    },
};

/// The line that etcd 3.0 and later write for one sync of more than a second. 2.x writes none.
pub(super) const SLOW_LINE: &str = "wal-slow-fsync";

/// p99 above which the etcd mixin warns, in seconds (`etcdHighFsyncDurations`, contrib/mixin of 3.4 to 3.7: 0.5). The FAQ's advice of
/// 10 ms is a wish for new disks: many healthy clusters live above it.
pub(super) const SLOW_P99: f64 = 0.5;

/// Above this, in seconds, one sync is slow whatever the disk: the histogram's bucket below the mixin's threshold.
pub(super) const SLOW_ONE: f64 = 0.256;

/// Share of slow syncs below which the tail does not tell a slow disk from a process that does not get to run: a throttled process
/// stalls rarely and long, a throttled disk is slow at every sync.
const SLOW_SHARE: f64 = 0.05;

/// A median above this, in seconds, is slow whatever the tail: every other sync takes three times as long as on the slowest disk that etcd's
/// guide to hardware allows (50 sequential writes a second, 20 ms each); the histogram's next bound is taken.
pub(super) const SLOW_MEDIAN: f64 = 0.064;

/// A median above the first, in seconds, is slow if the 99th percentile lies above the second: half of what the mixin allows at the tail,
/// at a disk that is slower than the guide's slowest at every other sync. Either alone is an old disk that serves, or its bad moments.
const DRAGGING_MEDIAN: f64 = 0.032;
const DRAGGING_TAIL: f64 = 0.128;
/// Syncs below which such figures are a busy minute of the host, and not its disk.
const DRAGGING_FEWEST: u64 = 10_000;

/// The newest measurement of one member's syncs.
pub(super) struct Syncs {
    pub(super) histogram: Histogram,
    pub(super) window: Window,
    pub(super) tail: Bounds,
    /// The median, where it is slow.
    pub(super) slow_median: Option<Bounds>,
    pub(super) kind: Kind,
}

/// What a measurement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Many syncs are slow.
    Slow,
    /// Nearly all are fast, and a few take half a second and more.
    Stalls,
    /// In bounds.
    Fine,
}

/// Syncs from which on a median says something, though a tail does not yet.
const FEWEST_FOR_MEDIAN: u64 = 30;

/// Whether every other one of some dozens was slow: a process that was started minutes ago, on a disk that takes few syncs a second.
fn has_slow_half(histogram: &Histogram) -> bool {
    histogram.count() >= FEWEST_FOR_MEDIAN && histogram.quantile_bounds(0.5).is_some_and(|median| median.gt >= SLOW_MEDIAN)
}

/// A disk that is slow is so in all degrees. Where nothing lies between fast and half a second, the process was away for moments: such
/// a share of slow syncs, and no more, is then no sign of the disk.
const GAP_SHARE: f64 = 0.15;

/// Whether no sync took between 128 and 512 ms.
fn has_gap(histogram: &Histogram) -> bool {
    histogram.within(0.128).zip(histogram.within(0.512)).is_some_and(|((fast, _), (below, _))| fast == below)
}

/// The present where it was measured, else the whole time since the start.
pub(super) fn of(facts: &Facts, measured: &Measured) -> Option<Syncs> {
    let recent = measured.histogram(Metric::WalFsync, Window::BetweenSamples).map(|h| (h, Window::BetweenSamples));
    let whole = || measured.histogram(Metric::WalFsync, Window::SinceStart).filter(|h| h.count() >= 100 || has_slow_half(h));
    let (histogram, window) = recent.or_else(|| whole().map(|h| (h, Window::SinceStart)))?;
    let tail = histogram.quantile_bounds(0.99)?;
    let is_long = histogram.count() >= DRAGGING_FEWEST;
    let is_slow =
        |median: &Bounds| median.gt >= SLOW_MEDIAN || is_long && median.gt >= DRAGGING_MEDIAN && tail.gt >= DRAGGING_TAIL;
    let slow_median = histogram.quantile_bounds(0.5).filter(is_slow);
    // Half a second lies within the bucket from 256 to 512 ms; only a bucket that begins above it is surely slower.
    let kind = if tail.gt < SLOW_P99 && slow_median.is_none() {
        Kind::Fine
    } else if tail.gt >= SLOW_P99
        && slow_median.is_none()
        && histogram.share_over(SLOW_ONE).is_none_or(|share| share < SLOW_SHARE || share < GAP_SHARE && has_gap(&histogram))
        && !has_slow_lines(facts, measured.member)
    {
        Kind::Stalls
    } else {
        Kind::Slow
    };
    Some(Syncs { histogram, window, tail, slow_median, kind })
}

/// What is measured of a member, and the measurement itself.
pub(super) fn of_member(facts: &Facts, member: Option<MemberAt>) -> Option<(&Measured, Syncs)> {
    let measured = facts.measured.iter().find(|m| m.member == member && (member.is_some() || facts.measured.len() == 1))?;
    Some((measured, of(facts, measured)?))
}

/// Slow syncs that a log may hold without meaning: a backup, a scrub, a moved VM, or a process that was stopped in a sync.
pub(super) const WEATHER: u64 = 2;

/// Whether its log tells of syncs of more than a second, so often that they are no chance: a process that is stopped again and again is
/// now and then stopped in a sync. A disk that stalls is slow in a sync at least as often as the leader is late for it.
pub(super) fn has_slow_lines(facts: &Facts, member: Option<MemberAt>) -> bool {
    let of_member = |log: &MemberLog| member.is_some() && log.member == member;
    let count: u64 = facts.sightings(SLOW_LINE).filter(|(log, _)| of_member(log)).map(|(_, s)| s.count).sum();
    let moments = facts.sightings("heartbeat-late").filter(|(log, _)| of_member(log)).map(|(_, s)| s.pace.moments).max();
    count > WEATHER && count.saturating_mul(2) >= moments.unwrap_or_default()
}
