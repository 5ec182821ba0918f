//! Which wordings texts may have that begin alike: looked up once, for the many lines of a log that do.

use super::{
    Fit,
    beginnings::KEY,
    catalogue::CATALOGUE,
    find::{behind_prefix, word_end},
    template::Template,
};

/// So many bytes tell which wordings a text may have: the longest beginnings that the catalogue knows, behind a first word that is no longer.
const ALIKE: usize = 2 * KEY;

/// Beginnings that are remembered; more of them take each other's places.
const PLACES: usize = 256;

/// Beginnings of texts that were met.
#[derive(Debug, Default)]
pub struct Alike {
    places: Vec<Place>,
}

/// A beginning.
#[derive(Clone, Debug, Default)]
struct Place {
    begin: [u8; ALIKE],
    /// What may begin so, the wordings with most words first.
    wordings: Vec<&'static Template>,
    /// The last beginning that was not this one: met twice, it takes the place. Texts that begin with a number each time are not worth it.
    other: u64,
}

impl Alike {
    /// What a text says that begins like earlier ones. None where it takes [`super::find_text`] to know; otherwise it is the same.
    pub fn find<'t>(&mut self, text: &'t str) -> Option<Fit<'t>> {
        let begin = text.as_bytes().first_chunk::<ALIKE>()?;
        let hash = hash_of(begin);
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Place::default);
        }
        let place = self.places.get_mut(usize::try_from(hash >> 32).ok()? % PLACES)?;
        if place.begin != *begin {
            let is_met_again = std::mem::replace(&mut place.other, hash) == hash;
            if !is_met_again || !tells(text) {
                return None;
            }
            *place = Place { begin: *begin, wordings: CATALOGUE.text.likely(text), other: 0 };
        }
        // Blanks around the text are not part of it.
        let is_trimmed =
            begin.first().is_some_and(u8::is_ascii_graphic) && text.as_bytes().last().is_some_and(u8::is_ascii_graphic);
        let fit = place.wordings.iter().filter(|_| is_trimmed).find_map(|wording| Fit::of(wording, text))?;
        CATALOGUE.text.is_best(&fit, text).then_some(fit)
    }
}

/// Whether its beginning tells all wordings that a text may have: no prefix goes before them, and the first word ends early.
fn tells(text: &str) -> bool {
    let is_one_start = behind_prefix(text).is_none() && word_end(text).is_some_and(|end| end + 2 <= ALIKE);
    is_one_start && memchr::memchr(b' ', text.as_bytes()).is_some_and(|blank| blank + KEY <= ALIKE)
}

fn hash_of(begin: &[u8; ALIKE]) -> u64 {
    // It only spreads them.
    let (words, _) = begin.as_chunks::<8>();
    words.iter().fold(0, |hash: u64, word| (hash ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31))
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
        for round in 0..4 {
            for sample in &samples {
                let words = sample.split_once(" | ").map_or(*sample, |(_, words)| words);
                let words = words.split_once(": ").map_or(words, |(_, words)| words);
                // In the last rounds the end is another one, or it is missing.
                let text = match round {
                    2 => Cow::Owned(format!("{words} again")),
                    3 => words.get(..words.len().saturating_sub(3)).unwrap_or_default().into(),
                    _ => words.into(),
                };
                match alike.find(&text) {
                    Some(fit) => {
                        assert_eq!(Some(all_said(&fit)), find_text(&text).as_ref().map(all_said), "{text}");
                        found += 1;
                    }
                    None => other += 1,
                }
            }
        }
        assert!(found > 100 && other > 100, "{found} and {other} of {} samples", samples.len());
    }
}
