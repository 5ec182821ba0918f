//! Which wordings texts may have that begin alike but for their numbers: looked up once, for the many lines of a log that do.

use super::{
    Fit,
    beginnings::{KEY, but_for_digits},
    catalogue::CATALOGUE,
    find::{MOST_PREFIXES, behind_prefix, word_end},
    template::Template,
};

/// So many bytes tell which wordings a text may have: the longest beginnings that the catalogue knows, behind a prefix and a first word.
const ALIKE: usize = 48;

/// Beginnings that are remembered; more of them take each other's places.
const PLACES: usize = 256;

/// Beginnings of texts that were met.
#[derive(Debug, Default)]
pub struct Alike {
    places: Vec<Place>,
}

/// A beginning.
#[derive(Debug, Default)]
struct Place {
    begin: Begin,
    /// What may begin so, and behind how many bytes of prefixes: the wordings with most words first.
    wordings: Vec<(usize, &'static Template)>,
    /// The last beginning that was not this one: met twice, it takes the place. Texts that begin otherwise each time are not worth it.
    other: u64,
}

/// The first bytes of a text, with the same digit for all digits: traces, revisions and ids would all begin otherwise.
#[derive(Clone, Copy, Debug, Default)]
struct Begin {
    words: [u128; ALIKE / 16],
    /// How many bytes these are; behind them are zeros.
    length: usize,
}

impl Begin {
    fn of(text: &[u8]) -> Self {
        let (mut bytes, length) = match text.first_chunk::<ALIKE>() {
            Some(bytes) => (*bytes, ALIKE),
            None => {
                let mut bytes = [0; ALIKE];
                for (byte, there) in bytes.iter_mut().zip(text) {
                    *byte = *there;
                }
                (bytes, text.len())
            }
        };
        for byte in &mut bytes {
            *byte = but_for_digits(*byte);
        }
        let mut words = [0; ALIKE / 16];
        for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u128::from_le_bytes(*bytes);
        }
        Self { words, length }
    }

    /// Whether it is another one: a loop, since what is derived calls libc for it.
    fn is(&self, other: &Self) -> bool {
        let differs = self.words.iter().zip(other.words).fold(0, |differs, (word, other)| differs | (word ^ other));
        differs == 0 && self.length == other.length
    }

    fn hash(&self) -> u64 {
        // It only spreads them.
        let mix = |word: u128| {
            let word = word.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
            u64::try_from(word >> 64).unwrap_or_default()
        };
        self.words.iter().fold(0, |hash: u64, word| (hash ^ mix(*word)).rotate_left(21))
    }
}

impl Alike {
    /// What a text says that begins like earlier ones. None where it takes [`super::find_fit`] to know; otherwise it is the same.
    pub fn find<'t>(&mut self, text: &'t str) -> Option<Fit<'t>> {
        let (first, last) = (text.bytes().next()?, text.bytes().next_back()?);
        // Blanks around the text are not part of it.
        if !first.is_ascii_graphic() || !last.is_ascii_graphic() {
            return None;
        }
        let begin = Begin::of(text.as_bytes());
        let hash = begin.hash();
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Place::default);
        }
        let place = self.places.get_mut(usize::try_from(hash >> 32).ok()? % PLACES)?;
        if !place.begin.is(&begin) {
            if std::mem::replace(&mut place.other, hash) != hash {
                return None;
            }
            *place = Place { begin, wordings: wordings(text)?, other: 0 };
        }
        let fit = place.wordings.iter().find_map(|(from, wording)| Fit::of(wording, text.get(*from..)?))?;
        CATALOGUE.text.is_best(&fit, text).then_some(fit)
    }
}

/// What a text may say by its beginning, and behind how many bytes of prefixes: of those that fit the first one is the best. None where its beginning
/// does not tell all of them.
fn wordings(text: &str) -> Option<Vec<(usize, &'static Template)>> {
    let is_told = |end: usize| text.len() <= ALIKE || end <= ALIKE;
    let mut found = Vec::new();
    let mut rest = Some(text);
    for _ in 0..=MOST_PREFIXES {
        let Some(start) = rest else { break };
        let from = text.len() - start.len();
        let blank = memchr::memchr(b' ', start.as_bytes()).unwrap_or(start.len());
        let word = word_end(start).unwrap_or(start.len());
        if !is_told(from + KEY.max(blank + KEY).max(word + ": ".len())) {
            return None;
        }
        found.extend(CATALOGUE.text.likely_but_for_digits(start).into_iter().map(|wording| (from, wording)));
        rest = behind_prefix(start);
    }
    // Of wordings with as many words the one behind fewer prefixes counts, and then the first one.
    found.sort_by_key(|(from, wording)| (std::cmp::Reverse(wording.weight), *from));
    Some(found)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::messages::{Says, all, find_text};

    fn all_said(says: &impl Says) -> (&'static str, Vec<(&'static str, String)>) {
        (says.message().id, says.captures().map(|(name, text)| (name, text.to_owned())).collect())
    }

    #[test]
    fn a_text_that_begins_like_earlier_ones_says_what_it_says_by_itself() {
        let mut alike = Alike::default();
        let (mut found, mut other) = (0, 0);
        let samples: Vec<&str> = all().flat_map(|message| message.wordings).map(|wording| wording.sample).collect();
        for round in 0..5 {
            for sample in &samples {
                let words = sample.split_once(" | ").map_or(*sample, |(_, words)| words);
                let words = words.split_once(": ").map_or(words, |(_, words)| words);
                let text: Cow<'_, str> = match round {
                    // Then the end is another one, or it is missing, or all numbers are others.
                    2 => format!("{words} again").into(),
                    3 => words.get(..words.len().saturating_sub(3)).unwrap_or_default().into(),
                    4 => words.chars().map(|c| if c.is_ascii_digit() { '8' } else { c }).collect::<String>().into(),
                    _ => words.into(),
                };
                for text in [text.to_string(), format!("etcdserver: {text}"), format!("rafthttp: peer/1: {text}")] {
                    // Met twice, a beginning is remembered.
                    let _ = alike.find(&text);
                    match alike.find(&text) {
                        Some(fit) => {
                            assert_eq!(Some(all_said(&fit)), find_text(&text).as_ref().map(all_said), "{text}");
                            found += 1;
                        }
                        None => other += 1,
                    }
                }
            }
        }
        assert!(found > 300 && other > 300, "{found} and {other} of {} samples", samples.len());
    }

    #[test]
    fn numbers_in_front_count_where_a_wording_has_them_there() {
        let mut alike = Alike::default();
        let text = |share: u32| format!("{share}% of the file descriptor limit is used [used = 900, limit = 1024]");
        // The same beginning but for its digits, which is remembered, is that of another text.
        for _ in 0..3 {
            assert!(alike.find(&text(70)).is_none());
        }
        let used = text(80);
        assert_eq!(alike.find(&used).map(|fit| all_said(&fit)), find_text(&used).as_ref().map(all_said));
        assert!(alike.find(&used).is_some());
    }
}
