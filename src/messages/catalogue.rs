//! The wordings of the catalogue, and which of them a text has.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, OnceLock},
};

use aho_corasick::{AhoCorasick, packed};

use super::{
    Form, Message, Wording, all,
    beginnings::Beginnings,
    find::starts,
    fit::Fit,
    template::{Part, SHOWS_CUT, Template},
};

/// Wordings of one form, with what finds those that a text may have.
pub(super) struct Templates {
    templates: Vec<Template>,
    /// Of the telling words; built when it is first needed. `None` only if it could not be built, which it can: the words are constants and few.
    telling: OnceLock<Option<AhoCorasick>>,
    beginnings: Beginnings,
    /// What some bytes of the words can be, by [`place_of`] a bit each; built when it is first needed.
    ends: OnceLock<Box<[u64; ENDS / 64]>>,
    /// Of the telling words of those that the beginning of a text does not tell apart: few, and most texts have none. None only where this way of
    /// searching cannot be had: then all are tried.
    others: Option<packed::Searcher>,
    /// The most words that one of them has.
    heaviest_other: usize,
}

impl Templates {
    fn new(templates: Vec<Template>) -> Self {
        let mut beginnings = Beginnings::default();
        // The heaviest first: if it fits, the others need not be tried.
        let mut order: Vec<(usize, &Template)> = templates.iter().enumerate().collect();
        order.sort_by_key(|(_, template)| std::cmp::Reverse(template.weight));
        for (place, template) in order {
            match template.parts.as_slice() {
                [Part::Literal(literal), ..] => beginnings.begins(literal.text, place),
                [Part::Hole(_), Part::Literal(literal), ..] => beginnings.begins_with_word(literal.text, place),
                _ => beginnings.begins_anyhow(place),
            }
        }
        let others = || beginnings.all_others().filter_map(|at| templates.get(at));
        let heaviest_other = others().map(|template| template.weight).max().unwrap_or_default();
        let others = packed::Searcher::new(others().map(Template::telling));
        Self { templates, telling: OnceLock::new(), beginnings, ends: OnceLock::new(), others, heaviest_other }
    }

    /// The wording that the whole text fits, the one with the most literal text, and what stands in its named holes.
    pub(super) fn best_at<'t>(&'static self, text: &'t str) -> Option<Fit<'t>> {
        let mut best: Option<(Fit<'t>, usize)> = None;
        self.beginnings.likely(text, |at| self.better(text, at, &mut best));
        let may_be_other = best.as_ref().is_none_or(|(fit, _)| fit.weight() <= self.heaviest_other);
        if may_be_other && self.others.as_ref().is_none_or(|others| others.find(text).is_some()) {
            for at in self.beginnings.others(text) {
                self.better(text, at, &mut best);
            }
        }
        best.map(|(fit, _)| fit)
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter()
    }

    /// The wordings that a text may have by its first bytes if digits in these were others, the ones with most words first: the first one that fits is
    /// the best of them.
    pub(super) fn likely_but_for_digits(&'static self, text: &str) -> Vec<&'static Template> {
        let mut places = BTreeSet::new();
        self.beginnings.likely_but_for_digits(text, |at| {
            places.insert(at);
        });
        let mut likely: Vec<_> = places.into_iter().filter_map(|at| self.templates.get(at)).collect();
        likely.sort_by_key(|template| std::cmp::Reverse(template.weight));
        likely
    }

    /// Whether the best of the likely wordings is the best of all.
    pub(super) fn is_best(&self, fit: &Fit<'_>, text: &str) -> bool {
        fit.weight() > self.heaviest_other || self.others.as_ref().is_some_and(|others| others.find(text).is_none())
    }

    /// Takes a wording that fits, if it is better than the best.
    fn better<'t>(&'static self, text: &'t str, at: usize, best: &mut Option<(Fit<'t>, usize)>) {
        let Some(template) = self.templates.get(at) else { return };
        // Of two with as many words the first of the catalogue counts.
        let is_less = |(fit, place): &(Fit<'_>, usize)| {
            (fit.weight(), std::cmp::Reverse(*place)) > (template.weight, std::cmp::Reverse(at))
        };
        if best.as_ref().is_some_and(is_less) {
            return;
        }
        if let Some(fit) = Fit::of(template, text) {
            *best = Some((fit, at));
        }
    }

    /// The wording that the text fits, itself or behind prefixes like `etcdserver: `.
    pub(super) fn best<'t>(&'static self, text: &'t str) -> Option<Fit<'t>> {
        let mut best: Option<Fit<'t>> = None;
        for start in starts(text) {
            let found = self.best_at(start);
            if let Some(fit) = found.filter(|found| best.as_ref().is_none_or(|best| best.weight() < found.weight())) {
                best = Some(fit);
            }
        }
        best
    }

    fn telling(&self) -> Option<&AhoCorasick> {
        self.telling.get_or_init(|| AhoCorasick::new(self.templates.iter().map(Template::telling)).ok()).as_ref()
    }

    /// Whether a text may end within the words of a wording, far enough in them to show it: a look at its last bytes.
    pub(super) fn may_end_within(&self, text: &str) -> bool {
        let ends = self.ends.get_or_init(|| {
            let mut ends = Box::new([0_u64; ENDS / 64]);
            for words in self.templates.iter().flat_map(Template::literals) {
                for end in words.as_bytes().windows(SHOWS_CUT) {
                    if let Some(place) = end.try_into().ok().map(place_of)
                        && let Some(bits) = ends.get_mut(place / 64)
                    {
                        *bits |= 1 << (place % 64);
                    }
                }
            }
            ends
        });
        let place = text.as_bytes().last_chunk().map(|end| place_of(*end));
        place.is_some_and(|place| ends.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1))
    }

    /// Templates whose telling words stand in the text, each with where these end.
    pub(super) fn told_in<'s>(&'s self, text: &'s str) -> impl Iterator<Item = (&'s Template, usize)> {
        let found = self.telling().into_iter().flat_map(move |telling| telling.find_overlapping_iter(text));
        found.filter_map(|found| Some((self.templates.get(found.pattern().as_usize())?, found.end())))
    }
}

/// Several times as many as there are groups of that many bytes in all wordings.
const ENDS: usize = 1 << 16;

/// A number for some bytes, below [`ENDS`]: the high bits of a product depend on all of them.
fn place_of(bytes: [u8; SHOWS_CUT]) -> usize {
    usize::try_from(u32::from_le_bytes(bytes).wrapping_mul(0x9e37_79b9) >> 16).unwrap_or_default()
}

/// All wordings, ready to be held against texts.
pub(super) struct Catalogue {
    pub text: Templates,
    pub zap: Templates,
    /// zap messages without holes, the ones with most needs first.
    pub exact: BTreeMap<&'static str, Vec<(&'static Message, &'static Wording)>>,
}

pub(super) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let (mut text, mut zap) = (Vec::new(), Vec::new());
    let mut exact: BTreeMap<&'static str, Vec<(&'static Message, &'static Wording)>> = BTreeMap::new();
    for message in all() {
        for wording in message.wordings {
            match wording.form {
                Form::Text => text.push(Template::new(message, wording)),
                Form::Zap if wording.text.contains('{') => zap.push(Template::new(message, wording)),
                Form::Zap => exact.entry(wording.text).or_default().push((message, wording)),
            }
        }
    }
    let weight = |wording: &Wording| wording.needs.iter().map(|(_, text)| text.len()).sum::<usize>();
    for wordings in exact.values_mut() {
        wordings.sort_by_key(|(_, wording)| std::cmp::Reverse(weight(wording)));
    }
    Catalogue { text: Templates::new(text), zap: Templates::new(zap), exact }
});
