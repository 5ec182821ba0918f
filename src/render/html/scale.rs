//! The axis of the timeline: time from left to right, cut where nothing happened for long.

/// Most cuts of an axis: more would leave no room for what lies between.
const MOST_CUTS: usize = 3;

/// A gap is cut out where it takes more than this share of what is left: then the rest gains four times its room.
const WORTH: f64 = 0.75;

/// Room of a cut, and least room of what lies between two, as shares of the whole.
const CUT: f64 = 0.08;
const LEAST: f64 = 0.14;

/// A stretch of time that is drawn without a cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// First and last time in it, in microseconds.
    pub(super) from: u64,
    pub(super) to: u64,
    /// Where it begins and ends, 0 to 1.
    pub(super) left: f64,
    pub(super) right: f64,
}

/// Where each time stands.
#[derive(Debug)]
pub(super) struct Scale {
    pub(super) stretches: Vec<Stretch>,
}

impl Scale {
    /// The axis for these times; none without any.
    pub(super) fn of(mut times: Vec<u64>) -> Option<Self> {
        times.sort_unstable();
        times.dedup();
        let (first, last) = (*times.first()?, *times.last()?);
        let mut cuts = cuts(&times, last - first);
        cuts.sort_unstable();
        let ends: Vec<(u64, u64)> = std::iter::once(first)
            .chain(cuts.iter().map(|(_, after)| *after))
            .zip(cuts.iter().map(|(before, _)| *before).chain([last]))
            .collect();
        let room = 1.0 - CUT * cuts.len() as f64;
        let spare = room - LEAST * ends.len() as f64;
        let total: u64 = ends.iter().map(|(from, to)| to - from).sum();
        let mut left = 0.0;
        let stretch = |(from, to): (u64, u64)| {
            let share = if total > 0 { (to - from) as f64 / total as f64 } else { 1.0 / ends.len() as f64 };
            let (begins, right) = (left, left + LEAST + spare * share);
            left = right + CUT;
            Stretch { from, to, left: begins, right }
        };
        Some(Self { stretches: ends.iter().copied().map(stretch).collect() })
    }

    /// Where a time stands, 0 to 1. A time in a cut stands at its nearer edge.
    pub(super) fn place(&self, time: u64) -> f64 {
        let after = |s: &&Stretch| time <= s.to;
        let Some(stretch) = self.stretches.iter().find(after).or(self.stretches.last()) else { return 0.5 };
        let time = time.clamp(stretch.from, stretch.to);
        let share = match stretch.to - stretch.from {
            0 => 0.5,
            all => (time - stretch.from) as f64 / all as f64,
        };
        stretch.left + (stretch.right - stretch.left) * share
    }

    /// The cuts: where each begins and ends, 0 to 1, and how much time it leaves out.
    pub(super) fn cuts(&self) -> Vec<(f64, f64, u64)> {
        let pairs = self.stretches.iter().zip(self.stretches.iter().skip(1));
        pairs.map(|(a, b)| (a.right, b.left, b.from - a.to)).collect()
    }
}

/// The gaps that are worth a cut, the longest first.
fn cuts(times: &[u64], span: u64) -> Vec<(u64, u64)> {
    let mut gaps: Vec<(u64, u64)> = times.iter().copied().zip(times.iter().copied().skip(1)).collect();
    gaps.sort_by_key(|(before, after)| std::cmp::Reverse(after - before));
    let mut left = span as f64;
    let mut out = Vec::new();
    for (before, after) in gaps.into_iter().take(MOST_CUTS) {
        let gap = (after - before) as f64;
        // Two moments far apart are two marks on a line, and need no cut.
        if gap <= left * WORTH || times.len() < 3 {
            break;
        }
        left -= gap;
        out.push((before, after));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_gap_is_cut_and_what_lies_around_it_keeps_its_order_and_its_room() {
        let day = 86_400_000_000;
        let scale = Scale::of(vec![0, 1_000_000, 2_000_000, day, day + 1_000_000]).unwrap();
        assert_eq!(scale.stretches.len(), 2);
        let places: Vec<f64> = [0, 1_000_000, 2_000_000, day, day + 1_000_000].map(|time| scale.place(time)).to_vec();
        assert!(places.is_sorted() && places[0] == 0.0 && (places[4] - 1.0).abs() < 1e-9, "{places:?}");
        assert!(places[2] - places[0] > 0.4, "{places:?}");
        let [(left, right, gap)] = scale.cuts()[..] else { panic!("one cut") };
        assert!(left < right && gap == day - 2_000_000);
    }

    #[test]
    fn even_times_are_not_cut_and_one_moment_stands_in_the_middle() {
        let scale = Scale::of((0..20).map(|n| n * 1_000_000).collect()).unwrap();
        assert_eq!((scale.stretches.len(), scale.place(0), scale.place(19_000_000)), (1, 0.0, 1.0));
        assert_eq!(Scale::of(vec![7]).unwrap().place(7), 0.5);
        assert!(Scale::of(vec![]).is_none());
        assert!(Scale::of(vec![0, u64::MAX]).unwrap().place(u64::MAX) <= 1.0);
    }
}
