//! Prometheus histograms and summaries that can be whole or have lost lines.
//!
//! Buckets are cumulative, so each says something true without its neighbours. Nothing is interpolated here: between two bounds the
//! evidence is silent, and `histogram_quantile`'s straight line there is a guess that reads like a measurement.

use crate::bundle::Citation;

/// Most buckets of one histogram; etcd's longest has 26. More are left out.
const MOST_BUCKETS: usize = 256;

/// How many observations were not above a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The upper bound, inclusive; in the unit of the metric. Never infinite: that bucket is the total.
    pub le: f64,
    /// Observations up to the bound, those of all lower buckets included.
    pub count: u64,
}

/// The bucket that holds a quantile: above `gt`, up to `le`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The bound below, exclusive; 0 under the first bucket.
    pub gt: f64,
    /// The bound above, inclusive; infinite beyond the last bucket.
    pub le: f64,
}

/// A cumulative histogram since the start of a process, or between two samples of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    buckets: Vec<Bucket>,
    count: u64,
    sum: Option<f64>,
    broken: u64,
    citation: Citation,
}

/// What lies between two samples of one histogram.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// The observations made in between.
    Histogram(Histogram),
    /// A count fell: the process was started anew in between, or the samples are of two processes.
    Reset,
    /// The samples share no bound.
    Incomparable,
}

/// What the lines of a histogram said, before it is known whether they agree.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Bounds with their counts; `+Inf` among them.
    pub(super) buckets: Vec<(f64, u64)>,
    /// The line `…_count`.
    pub(super) count: Option<u64>,
    /// The line `…_sum`.
    pub(super) sum: Option<f64>,
}

impl Histogram {
    /// Puts the lines together and leaves out those that contradict the others. Without a total there is no histogram.
    ///
    /// etcd up to 3.3 (client_golang before 0.9) does not lock a histogram while it is read: under load its top buckets can be a few
    /// observations ahead of the total. Such buckets count as broken too.
    pub(super) fn build(parts: Parts, citation: Citation) -> Option<Self> {
        let infinite = parts.buckets.iter().rfind(|(le, _)| *le == f64::INFINITY).map(|(_, count)| *count);
        let mut buckets: Vec<Bucket> =
            parts.buckets.iter().filter(|(le, _)| le.is_finite()).map(|&(le, count)| Bucket { le, count }).collect();
        buckets.sort_by(|a, b| a.le.total_cmp(&b.le));
        let all = buckets.len();
        buckets.dedup_by(|a, b| a.le == b.le);
        buckets.truncate(MOST_BUCKETS);
        let (count, kept, misfit) = agree(&buckets, parts.count, infinite)?;
        let broken = u64::from(misfit) + (all - kept.len()) as u64;
        Some(Self { buckets: kept, count, sum: parts.sum.filter(|sum| !sum.is_nan()), broken, citation })
    }

    /// How many observations were made.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum of all observations, in the unit of the metric.
    pub fn sum(&self) -> Option<f64> {
        self.sum
    }

    /// The buckets that agree with each other, by bound, without `+Inf`.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// How many lines were left out because they contradict the others.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// First to last line.
    pub fn citation(&self) -> &Citation {
        &self.citation
    }

    /// How many of how many observations were not above a bound. Only for a bound that the histogram has.
    pub fn within(&self, le: f64) -> Option<(u64, u64)> {
        self.buckets.iter().find(|bucket| bucket.le == le).map(|bucket| (bucket.count, self.count))
    }

    /// The share of observations above a bound, 0 to 1. Only for a bound that the histogram has, and if there were observations.
    pub fn share_over(&self, bound: f64) -> Option<f64> {
        let (within, of) = self.within(bound)?;
        (of > 0).then(|| (of - within) as f64 / of as f64)
    }

    /// The bucket that a quantile (0 to 1) fell into, by the rank that `histogram_quantile` uses. Lost buckets make it wider.
    /// None without observations.
    pub fn quantile_bounds(&self, quantile: f64) -> Option<Bounds> {
        if self.count == 0 || !(0.0..=1.0).contains(&quantile) {
            return None;
        }
        let rank = (quantile * self.count as f64).max(f64::MIN_POSITIVE);
        let reaches = |bucket: &&Bucket| bucket.count as f64 >= rank;
        let le = self.buckets.iter().find(reaches).map_or(f64::INFINITY, |bucket| bucket.le);
        let gt = self.buckets.iter().rfind(|bucket| !reaches(bucket)).map_or(0.0, |bucket| bucket.le);
        Some(Bounds { gt, le })
    }

    /// The observations made after an earlier sample of the same process. Bounds that only one of the two has are left out.
    /// The result cites this sample, not the earlier one.
    pub fn since(&self, earlier: &Self) -> Difference {
        if self.count < earlier.count || self.sum.zip(earlier.sum).is_some_and(|(now, then)| now < then) {
            return Difference::Reset;
        }
        let mut buckets = Vec::new();
        for bucket in &self.buckets {
            let Some((then, _)) = earlier.within(bucket.le) else { continue };
            let Some(count) = bucket.count.checked_sub(then) else { return Difference::Reset };
            buckets.push((bucket.le, count));
        }
        if buckets.is_empty() && !(self.buckets.is_empty() && earlier.buckets.is_empty()) {
            return Difference::Incomparable;
        }
        let sum = self.sum.zip(earlier.sum).map(|(now, then)| now - then);
        let parts = Parts { buckets, count: Some(self.count - earlier.count), sum };
        Self::build(parts, self.citation.clone()).map_or(Difference::Incomparable, Difference::Histogram)
    }
}

/// Chooses between `_count` and `+Inf`, which are equal unless one was torn, and keeps the buckets that fit the total. Tells whether
/// the other of the two was wrong. A total that most buckets are above was torn itself.
fn agree(buckets: &[Bucket], count: Option<u64>, infinite: Option<u64>) -> Option<(u64, Vec<Bucket>, bool)> {
    let total = count.or(infinite)?;
    let kept = rising(buckets, total);
    let other = infinite.unwrap_or(total);
    if other != total {
        let others = rising(buckets, other);
        if others.len() > kept.len() {
            return plausible(buckets, others).map(|others| (other, others, true));
        }
    }
    plausible(buckets, kept).map(|kept| (total, kept, other != total))
}

fn plausible(buckets: &[Bucket], kept: Vec<Bucket>) -> Option<Vec<Bucket>> {
    (kept.len() * 2 >= buckets.len()).then_some(kept)
}

/// The most buckets whose counts never fall and never pass the total: one torn count leaves, its neighbours stay.
fn rising(buckets: &[Bucket], total: u64) -> Vec<Bucket> {
    // Of each bucket: the longest chain that ends in it, and the bucket before it in that chain.
    let mut chains: Vec<(usize, Option<usize>)> = Vec::with_capacity(buckets.len());
    for bucket in buckets {
        let before = chains
            .iter()
            .zip(buckets)
            .enumerate()
            .filter(|(_, ((length, _), earlier))| *length > 0 && earlier.count <= bucket.count);
        let best = before.map(|(at, ((length, _), _))| (*length, at)).max();
        chains.push(match best {
            _ if bucket.count > total => (0, None),
            Some((length, at)) => (length + 1, Some(at)),
            None => (1, None),
        });
    }
    let mut kept = Vec::new();
    let mut next =
        chains.iter().enumerate().filter(|(_, (length, _))| *length > 0).max_by_key(|(_, (length, _))| *length).map(|(at, _)| at);
    while let Some(at) = next {
        kept.extend(buckets.get(at));
        next = chains.get(at).and_then(|(_, before)| *before);
    }
    kept.reverse();
    kept
}

/// A summary: quantiles that the process itself has computed.
///
/// etcd 2.1 and 2.2 have these in place of histograms. The quantiles are of the last ten minutes and `NaN` if nothing was observed
/// in them; count and sum are since the start of the process.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub(super) quantiles: Vec<(f64, f64)>,
    pub(super) count: Option<u64>,
    pub(super) sum: Option<f64>,
    pub(super) citation: Citation,
}

impl Summary {
    /// Quantiles (0 to 1) by rising quantile, with their values in the base unit: seconds, never microseconds.
    pub fn quantiles(&self) -> &[(f64, f64)] {
        &self.quantiles
    }

    /// The value of one quantile that the summary has; none if nothing was observed lately.
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        self.quantiles.iter().find(|(of, value)| *of == quantile && !value.is_nan()).map(|(_, value)| *value)
    }

    /// How many observations were made.
    pub fn count(&self) -> Option<u64> {
        self.count
    }

    /// The sum of all observations in the base unit.
    pub fn sum(&self) -> Option<f64> {
        self.sum
    }

    /// First to last line.
    pub fn citation(&self) -> &Citation {
        &self.citation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn build(buckets: &[(f64, u64)], count: Option<u64>) -> Option<Histogram> {
        let citation = Source::new("metrics.txt").line(1, "").cite();
        Histogram::build(Parts { buckets: buckets.to_vec(), count, sum: Some(1.5) }, citation)
    }

    fn les(histogram: &Histogram) -> Vec<f64> {
        histogram.buckets().iter().map(|bucket| bucket.le).collect()
    }

    #[test]
    fn buckets_are_sorted_by_bound() {
        let histogram = build(&[(f64::INFINITY, 9), (0.004, 9), (0.001, 3), (0.002, 5)], Some(9)).unwrap();
        assert_eq!(les(&histogram), [0.001, 0.002, 0.004]);
        assert_eq!((histogram.count(), histogram.sum(), histogram.broken()), (9, Some(1.5), 0));
    }

    #[test]
    fn a_count_torn_short_leaves_and_its_neighbours_stay() {
        let histogram = build(&[(0.001, 291808), (0.002, 291899), (0.004, 29), (0.008, 292001)], Some(292136)).unwrap();
        assert_eq!(les(&histogram), [0.001, 0.002, 0.008]);
        assert_eq!((histogram.broken(), histogram.within(0.004)), (1, None));
    }

    #[test]
    fn a_count_torn_long_leaves() {
        let histogram = build(&[(0.001, 5), (0.002, 60), (0.004, 7), (0.008, 1000)], Some(100)).unwrap();
        assert_eq!((les(&histogram), histogram.broken()), (vec![0.001, 0.004], 2));
    }

    #[test]
    fn of_count_and_infinity_the_one_that_fits_the_buckets_is_the_total() {
        let torn_infinity = build(&[(0.001, 5), (0.002, 7), (f64::INFINITY, 8)], Some(10)).unwrap();
        assert_eq!((torn_infinity.count(), torn_infinity.broken()), (10, 1));
        let torn_count = build(&[(0.001, 5), (0.002, 7), (f64::INFINITY, 10)], Some(1)).unwrap();
        assert_eq!((torn_count.count(), torn_count.broken()), (10, 1));
        let only_infinity = build(&[(0.001, 5), (f64::INFINITY, 10)], None).unwrap();
        assert_eq!((only_infinity.count(), only_infinity.broken()), (10, 0));
    }

    #[test]
    fn without_a_total_that_fits_there_is_no_histogram() {
        assert_eq!(build(&[(0.001, 5), (0.002, 7)], None), None);
        assert_eq!(build(&[(0.001, 50), (0.002, 70), (0.004, 70)], Some(7)), None);
    }

    #[test]
    fn a_quantile_is_bounded_and_never_interpolated() {
        let histogram = build(&[(0.001, 50), (0.002, 98), (0.004, 99)], Some(100)).unwrap();
        assert_eq!(histogram.quantile_bounds(0.5), Some(Bounds { gt: 0.0, le: 0.001 }));
        assert_eq!(histogram.quantile_bounds(0.99), Some(Bounds { gt: 0.002, le: 0.004 }));
        assert_eq!(histogram.quantile_bounds(0.999), Some(Bounds { gt: 0.004, le: f64::INFINITY }));
        assert_eq!(histogram.quantile_bounds(0.0), Some(Bounds { gt: 0.0, le: 0.001 }));
        assert_eq!(histogram.quantile_bounds(1.5), None);
        assert_eq!(build(&[(0.001, 0)], Some(0)).unwrap().quantile_bounds(0.99), None);
    }

    #[test]
    fn missing_buckets_widen_the_bounds() {
        let histogram = build(&[(0.001, 50), (0.016, 100)], Some(100)).unwrap();
        assert_eq!(histogram.quantile_bounds(0.99), Some(Bounds { gt: 0.001, le: 0.016 }));
        assert_eq!(histogram.within(0.008), None);
        assert_eq!(histogram.share_over(0.008), None);
        assert_eq!(histogram.share_over(0.001), Some(0.5));
        assert_eq!(build(&[], Some(3)).unwrap().quantile_bounds(0.5), Some(Bounds { gt: 0.0, le: f64::INFINITY }));
    }

    #[test]
    fn the_difference_of_two_samples_is_what_came_in_between() {
        let earlier = build(&[(0.001, 50), (0.002, 60), (0.004, 70)], Some(100)).unwrap();
        let later = build(&[(0.001, 50), (0.004, 75), (0.008, 130)], Some(140)).unwrap();
        let Difference::Histogram(between) = later.since(&earlier) else { panic!("not comparable") };
        assert_eq!(between.buckets(), [Bucket { le: 0.001, count: 0 }, Bucket { le: 0.004, count: 5 }]);
        assert_eq!((between.count(), between.sum()), (40, Some(0.0)));
        assert_eq!(between.quantile_bounds(0.99), Some(Bounds { gt: 0.004, le: f64::INFINITY }));
    }

    #[test]
    fn a_count_that_fell_is_a_reset() {
        let earlier = build(&[(0.001, 50)], Some(100)).unwrap();
        assert_eq!(build(&[(0.001, 2)], Some(3)).unwrap().since(&earlier), Difference::Reset);
        assert_eq!(build(&[(0.001, 49)], Some(200)).unwrap().since(&earlier), Difference::Reset);
    }

    #[test]
    fn samples_without_a_common_bound_are_incomparable() {
        let earlier = build(&[(0.001, 50)], Some(100)).unwrap();
        assert_eq!(build(&[(0.0005, 60)], Some(200)).unwrap().since(&earlier), Difference::Incomparable);
    }

    #[test]
    fn thousands_of_buckets_are_cut_to_a_bound() {
        let buckets: Vec<_> = (0..10_000).map(|n| (f64::from(n), 1)).collect();
        let histogram = build(&buckets, Some(1)).unwrap();
        assert_eq!((histogram.buckets().len(), histogram.broken()), (MOST_BUCKETS, 10_000 - MOST_BUCKETS as u64));
    }
}
