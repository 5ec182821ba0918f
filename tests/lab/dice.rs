//! Numbers that follow from a seed, so that a recording can be made again.

/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number of 64 random bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let once = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        twice ^ (twice >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll() % (high - low + 1)
    }

    /// One of the first `count` numbers, from 0 on.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        let count = u64::try_from(count).expect("a count fits");
        usize::try_from(self.roll() % count).expect("an index fits")
    }
}
