//! What becomes of evidence on its way: cut anywhere, a byte flipped, a part lost, doubled or moved to the border of a block. By a seed, so that
//! what was found can be had again.

/// How the lines of an entry are read: in blocks of so many bytes (`src/bundle/lines.rs`).
const BLOCK: usize = 128 * 1024;

/// Numbers by chance, the same for the same seed (SplitMix64).
#[derive(Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than a number, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is less than an usize")
    }
}

/// The kinds of damage.
pub(crate) const KINDS: [&str; 6] = ["cut", "flipped", "lost", "doubled", "moved to a border", "many flipped"];

/// Damages bytes; says how.
pub(crate) fn damage(bytes: &mut Vec<u8>, kind: usize, chance: &mut Chance) -> String {
    if bytes.is_empty() {
        return "empty".to_owned();
    }
    let at = chance.below(bytes.len());
    let end = (at + 1 + chance.below(700)).min(bytes.len());
    match kind {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << chance.below(8),
        2 => drop(bytes.drain(at..end)),
        3 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        4 => return to_border(bytes, at),
        _ => {
            for _ in 0..=chance.below(20) {
                let at = chance.below(bytes.len());
                bytes[at] = u8::try_from(chance.below(256)).expect("a byte");
            }
        }
    }
    format!("{} at {at} to {end}", KINDS[kind])
}

/// Puts lines in front, so that the byte at a place becomes the first of a block.
fn to_border(bytes: &mut Vec<u8>, at: usize) -> String {
    let mut filler = vec![b'#'; BLOCK - at % BLOCK];
    filler.iter_mut().skip(9_999).step_by(10_000).for_each(|b| *b = b'\n');
    filler.last_mut().into_iter().for_each(|b| *b = b'\n');
    bytes.splice(0..0, filler);
    format!("{} at {at}", KINDS[4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_does_the_same_and_each_kind_does_something() {
        for (kind, name) in KINDS.iter().enumerate() {
            let done = |seed| {
                let mut bytes = b"Aug 28 09:36:01 db-1 etcd: a line\nanother\n".repeat(5);
                let how = damage(&mut bytes, kind, &mut Chance(seed));
                (bytes, how)
            };
            assert_eq!(done(7), done(7));
            assert_ne!(done(7).0, b"Aug 28 09:36:01 db-1 etcd: a line\nanother\n".repeat(5), "{name}");
        }
        let mut bytes = b"one\ntwo\n".to_vec();
        to_border(&mut bytes, 4);
        assert_eq!(&bytes[BLOCK..], b"two\n");
    }
}
