//! Which wordings a text may have, by how it begins: most of the catalogue is passed over after a look at a few bytes.

/// Wordings by their beginnings. A wording is known by its place in their list.
#[derive(Default)]
pub(super) struct Beginnings {
    /// By the bytes with which the text begins.
    first: Table,
    /// Of wordings that begin with a word of any kind: by the bytes from the text's first blank on.
    behind_word: Table,
    /// Those of both whose first bytes have a digit, with the words that they have there; whether behind a word.
    with_digits: Vec<(&'static str, bool, usize)>,
    /// Those that so few bytes do not tell apart.
    others: Vec<(Begin, usize)>,
}

/// How a text of a wording begins.
enum Begin {
    /// With these words.
    Words(&'static str),
    /// With a word that ends so, and what follows it.
    Word(&'static str, &'static str),
    /// In any way.
    Any,
}

impl Beginnings {
    /// A wording that begins with these words.
    pub(super) fn begins(&mut self, words: &'static str, place: usize) {
        if self.first.push(words, place) {
            self.note_digits(words, false, place);
        } else {
            self.others.push((Begin::Words(words), place));
        }
    }

    /// A wording that begins with a word of any kind, behind which these words stand.
    pub(super) fn begins_with_word(&mut self, words: &'static str, place: usize) {
        match words.find(' ').and_then(|blank| words.split_at_checked(blank)) {
            Some((_, rest)) if self.behind_word.push(rest, place) => self.note_digits(rest, true, place),
            Some((end, rest)) => self.others.push((Begin::Word(end, rest), place)),
            // The word, or what is told behind it, may go on.
            None => self.others.push((Begin::Any, place)),
        }
    }

    fn note_digits(&mut self, words: &'static str, is_behind_word: bool, place: usize) {
        if words.bytes().take(KEY).any(|byte| byte.is_ascii_digit()) {
            self.with_digits.push((words, is_behind_word, place));
        }
    }

    /// Goes through those that a text may have by its first bytes if other digits stood there.
    pub(super) fn likely_but_for_digits(&self, text: &str, mut each: impl FnMut(usize)) {
        self.likely(text, &mut each);
        for (words, is_behind_word, place) in &self.with_digits {
            let text = if *is_behind_word { behind_word(text) } else { text };
            let mut pairs = text.bytes().zip(words.bytes()).take(KEY);
            if pairs.all(|(there, here)| but_for_digits(there) == but_for_digits(here)) {
                each(*place);
            }
        }
    }

    /// A wording that may begin in any way.
    pub(super) fn begins_anyhow(&mut self, place: usize) {
        self.others.push((Begin::Any, place));
    }

    /// Goes through the wordings that a text may have by its first bytes.
    pub(super) fn likely(&self, text: &str, mut each: impl FnMut(usize)) {
        self.first.of(text, &mut each);
        self.behind_word.of(behind_word(text), &mut each);
    }

    /// All that are not found by the first bytes.
    pub(super) fn all_others(&self) -> impl Iterator<Item = usize> {
        self.others.iter().map(|(_, place)| *place)
    }

    /// The other ones that a text may have. It has none that is neither among these nor among those.
    pub(super) fn others<'s>(&'s self, text: &'s str) -> impl Iterator<Item = usize> + 's {
        let rest = behind_word(text);
        let word = text.strip_suffix(rest).unwrap_or(text);
        let others = self.others.iter().filter(move |(begin, _)| match begin {
            Begin::Words(words) => text.starts_with(words),
            Begin::Word(end, behind) => word.ends_with(end) && rest.starts_with(behind),
            Begin::Any => true,
        });
        others.map(|(_, place)| *place)
    }
}

/// The same for all digits.
pub(super) fn but_for_digits(byte: u8) -> u8 {
    if byte.is_ascii_digit() { b'0' } else { byte }
}

/// From the first blank on; nothing where there is none.
fn behind_word(text: &str) -> &str {
    memchr::memchr(b' ', text.as_bytes()).and_then(|blank| text.get(blank..)).unwrap_or_default()
}

/// Most bytes of a beginning that are looked at.
pub(super) const KEY: usize = 16;

/// Wordings by so many first bytes as they have: sixteen, eight, four or two.
#[derive(Default)]
struct Table([Tier; 4]);

/// Wordings by one number of first bytes.
#[derive(Default)]
struct Tier {
    /// Of which pairs of bytes one begins: by [`pair_of`], a bit each. Most texts need no further look.
    pairs: [u64; PAIRS / 64],
    /// By a hash, which only spreads them.
    slots: Vec<Vec<(u128, usize)>>,
}

/// Bits for pairs of bytes.
const PAIRS: usize = 1024;
/// Several times as many as there are wordings.
const SLOTS: usize = 1024;

impl Table {
    /// False where the words are too short.
    fn push(&mut self, words: &str, place: usize) -> bool {
        let Some(pair) = pair_of(words) else { return false };
        let keys = keys(words);
        let tier = self.0.iter_mut().zip(keys).find_map(|(tier, key)| key.map(|key| (tier, key)));
        let Some((tier, key)) = tier else { return false };
        tier.slots.resize_with(SLOTS, Vec::new);
        if let Some(slot) = tier.slots.get_mut(slot_of(key)) {
            slot.push((key, place));
        }
        if let Some(bits) = tier.pairs.get_mut(pair / 64) {
            *bits |= 1 << (pair % 64);
        }
        true
    }

    fn of(&self, text: &str, each: &mut impl FnMut(usize)) {
        let Some(pair) = pair_of(text) else { return };
        for (at, tier) in self.0.iter().enumerate() {
            if tier.pairs.get(pair / 64).is_none_or(|bits| bits >> (pair % 64) & 1 == 0) {
                continue;
            }
            let Some(key) = key(text, at) else { continue };
            let slot = tier.slots.get(slot_of(key)).map(Vec::as_slice).unwrap_or_default();
            for (_, place) in slot.iter().filter(|(other, _)| *other == key) {
                each(*place);
            }
        }
    }
}

/// A number for the first two bytes, below [`PAIRS`].
fn pair_of(text: &str) -> Option<usize> {
    let [first, second] = *text.as_bytes().first_chunk()?;
    Some((usize::from(first) * 37 + usize::from(second)) % PAIRS)
}

/// The first bytes of a text as the tiers have them: the first one that there is, is that of a wording.
fn keys(text: &str) -> [Option<u128>; 4] {
    [0, 1, 2, 3].map(|tier| key(text, tier))
}

fn key(text: &str, tier: usize) -> Option<u128> {
    let bytes = text.as_bytes();
    match tier {
        0 => bytes.first_chunk().map(|bytes| u128::from_le_bytes(*bytes)),
        1 => bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes).into()),
        2 => bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes).into()),
        _ => bytes.first_chunk().map(|bytes| u16::from_le_bytes(*bytes).into()),
    }
}

/// By Fibonacci's hash: the high bits of a product depend on all bytes.
fn slot_of(key: u128) -> usize {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let low = u64::try_from(key & u128::from(u64::MAX)).unwrap_or_default();
    let high = u64::try_from(key >> 64).unwrap_or_default();
    let product = (low ^ high.rotate_left(29)).wrapping_mul(GOLDEN);
    usize::try_from(product >> 54).unwrap_or_default() % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_wordings_that_begin_like_it_and_those_that_may_begin_in_any_way() {
        let mut beginnings = Beginnings::default();
        for (place, words) in ["name = ", "name", "finished scheduled compaction at ", "sd "].into_iter().enumerate() {
            beginnings.begins(words, place);
        }
        for (place, words) in [(10, " is starting a new election"), (11, ": "), (12, " ["), (13, "/mvcc("), (14, "'s hash ")] {
            beginnings.begins_with_word(words, place);
        }
        beginnings.begins_anyhow(20);
        for (text, places) in [
            ("name = a", &[0, 1, 13, 20][..]),
            ("names", &[0, 1, 13, 20]),
            ("sd 0:0:0:0: rejecting", &[3, 13, 20]),
            ("finished scheduled compaction at 7", &[2, 13, 20]),
            ("8e9e05c52164694d is starting a new election at term 2", &[10, 13, 20]),
            ("etcd.service: stopped", &[11, 13, 20]),
            ("8e9e05c52164694d [term: 7]", &[12, 13, 20]),
            ("member's hash 1 != 2", &[14, 13, 20]),
            ("a", &[13, 20]),
            ("", &[13, 20]),
        ] {
            let mut found: Vec<usize> = beginnings.others(text).collect();
            beginnings.likely(text, |place| found.push(place));
            found.sort_unstable();
            let mut places = places.to_vec();
            places.sort_unstable();
            assert_eq!(found, places, "{text}");
        }
    }
}
