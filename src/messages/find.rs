//! From the words of a line to the message: the wordings whose first words begin the text, or stand behind its first word, are held against it
//! word by word.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, packed};

use super::{
    Form, Message, Wording, all,
    beginnings::Beginnings,
    template::{Part, Template},
};

/// Most prefixes like `panic: ` or `etcdserver: ` a message is looked for behind.
const MOST_PREFIXES: usize = 3;

/// A message found, with what it carries.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The message.
    pub message: &'static Message,
    /// Its wording that was met.
    pub wording: &'static Wording,
    captures: Vec<(&'static str, Cow<'a, str>)>,
}

impl<'a> Hit<'a> {
    /// A message with what it carries, by the names that the catalogue gives it.
    pub fn of(message: &'static Message, wording: &'static Wording, captures: Vec<(&'static str, Cow<'a, str>)>) -> Self {
        Hit { message, wording, captures }
    }

    /// Whether it carries nothing.
    pub fn is_bare(&self) -> bool {
        self.captures.is_empty()
    }

    /// All that it carries, by the names that the catalogue gives it.
    pub fn captures(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.captures.iter().map(|(name, text)| (*name, &**text))
    }

    /// A captured text by the name the catalogue gives it; the same name in text and in zap.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.captures.iter().find(|(capture, _)| *capture == name).map(|(_, text)| &**text)
    }
}

/// Looks a zap field up by its name.
pub type Lookup<'f, 'a> = &'f dyn Fn(&str) -> Option<Cow<'a, str>>;

/// Finds what a text says. A message must begin the text, or follow prefixes like `etcdserver: `: prose that quotes one is none here
/// (see `quoted`).
/// Of several the one with the most literal text wins.
pub fn find_text(text: &str) -> Option<Hit<'_>> {
    let text = text.trim();
    if let Some(fit) = CATALOGUE.text.best(text) {
        return Some(Hit { message: fit.template.message, wording: fit.template.wording, captures: fit.borrowed() });
    }
    // zap's panics and exits are said once more by Go itself.
    if let Some(wordings) = text.strip_prefix("panic: ").and_then(|said| CATALOGUE.exact.get(said)) {
        let (message, wording) = wordings.iter().find(|(_, wording)| wording.needs.is_empty())?;
        return Some(Hit { message, wording, captures: Vec::new() });
    }
    if CATALOGUE.text.is_told_in(text) { find_cut(text) } else { None }
}

/// What ends a line that a terminal, a pager or a chat has cut.
const CUT_MARKS: &[&str] = &["…", "...", ">"];

/// Finds what a line says whose end was cut off at the width of a terminal: a wording whose telling words stand in it, and which goes on
/// where the line ends. The line must show that it is cut, and no other message may have begun like that.
fn find_cut(text: &str) -> Option<Hit<'_>> {
    // A message of gRPC ends with the same sign that a pager sets where it cuts: there each `>` has its `<`.
    let is_closed = text.matches('<').count() == text.matches('>').count();
    let (said, is_marked) = match CUT_MARKS.iter().find_map(|mark| text.strip_suffix(mark)) {
        Some(_) if text.ends_with('>') && is_closed => (text, false),
        Some(said) => (said, true),
        None => (text, false),
    };
    let is_open = is_marked || is_left_open(said);
    let mut best: Option<(usize, &Template, &str)> = None;
    let mut is_alone = true;
    for (template, end) in CATALOGUE.text.told_in(said) {
        let starts = starts(said).take_while(|start| start.len() + end > said.len());
        for start in starts {
            let Some(met) = template.met_until_cut(start, is_open, &mut |_, _| {}) else { continue };
            let is_other = |(most, other, _): &(usize, &Template, &str)| *most == met && other.message.id != template.message.id;
            if best.as_ref().is_some_and(is_other) {
                is_alone = false;
            } else if best.as_ref().is_none_or(|(most, _, _)| *most < met) {
                (best, is_alone) = (Some((met, template, start)), true);
            }
        }
    }
    let (_, template, start) = best.filter(|_| is_alone)?;
    let mut captures = Vec::new();
    template.met_until_cut(start, is_open, &mut |name, text| captures.push((name, Cow::Borrowed(text))));
    Some(Hit { message: template.message, wording: template.wording, captures })
}

/// Whether a quotation or a bracket that was opened is not closed.
fn is_left_open(text: &str) -> bool {
    let count = |sign: char| text.matches(sign).count();
    count('"') % 2 == 1 || count('(') > count(')')
}

/// Finds what a zap record says by its `msg`, and by its fields where several messages share one `msg`.
pub fn find_zap<'a>(msg: &Cow<'a, str>, field: Lookup<'_, 'a>) -> Option<Hit<'a>> {
    if let Some(wordings) = CATALOGUE.exact.get(msg.trim_end()) {
        return exact(wordings, field);
    }
    let owned = |(name, text): (&'static str, &str)| (name, Cow::Owned(text.to_owned()));
    let (template, told) = match msg {
        Cow::Borrowed(msg) => CATALOGUE.zap.best_at(msg).map(|fit| (fit.template, fit.borrowed()))?,
        Cow::Owned(msg) => CATALOGUE.zap.best_at(msg).map(|fit| (fit.template, fit.captures().map(owned).collect()))?,
    };
    let fields = template.wording.fields.iter().filter_map(|(capture, name)| Some((*capture, field(name)?)));
    Some(Hit { message: template.message, wording: template.wording, captures: fields.chain(told).collect() })
}

/// Of the wordings with one `msg` the one whose needs the fields meet.
fn exact<'a>(wordings: &[(&'static Message, &'static Wording)], field: Lookup<'_, 'a>) -> Option<Hit<'a>> {
    let meets =
        |wording: &Wording| wording.needs.iter().all(|(name, text)| field(name).is_some_and(|value| value.contains(text)));
    let (message, wording) = wordings.iter().find(|(_, wording)| meets(wording))?;
    if wording.needs.is_empty()
        && EXITS.contains(&wording.text)
        && let Some(hit) = field("error").and_then(|error| last_words(&error))
    {
        return Some(hit);
    }
    let captures = wording.fields.iter().filter_map(|(capture, name)| Some((*capture, field(name)?))).collect();
    Some(Hit { message, wording, captures })
}

/// What the catalogue knows of one `msg`, looked up once for the many records that have it.
#[derive(Clone, Debug)]
pub enum Wordings {
    /// Wordings without a hole; none where the catalogue knows nothing.
    Exact(&'static [(&'static Message, &'static Wording)]),
    /// A wording with holes, and what this `msg` has in them.
    Told(&'static Message, &'static Wording, Vec<(&'static str, String)>),
}

/// The wordings that a `msg` has.
pub fn wordings_of_zap(msg: &str) -> Wordings {
    if let Some(wordings) = CATALOGUE.exact.get(msg.trim_end()) {
        return Wordings::Exact(wordings);
    }
    let Some(fit) = CATALOGUE.zap.best_at(msg) else { return Wordings::Exact(&[]) };
    let told = fit.captures().map(|(name, text)| (name, text.to_owned())).collect();
    Wordings::Told(fit.template.message, fit.template.wording, told)
}

impl Wordings {
    /// The one wording that applies whatever the fields say.
    pub fn only(&self) -> Option<(&'static Message, &'static Wording)> {
        match self {
            Wordings::Exact([(message, wording), ..]) if wording.needs.is_empty() && !EXITS.contains(&wording.text) => {
                Some((message, wording))
            }
            _ => None,
        }
    }

    /// What a record with these fields says, the same as [`find_zap`].
    pub fn hit<'a>(&self, field: Lookup<'_, 'a>) -> Option<Hit<'a>> {
        match self {
            Wordings::Exact(wordings) => exact(wordings, field),
            Wordings::Told(message, wording, captured) => {
                let fields = wording.fields.iter().filter_map(|(capture, name)| Some((*capture, field(name)?)));
                let captured = captured.iter().map(|(name, text)| (*name, Cow::Owned(text.clone())));
                Some(Hit { message, wording, captures: fields.chain(captured).collect() })
            }
        }
    }
}

/// zap's `msg` at the end of a start that failed, whatever the reason: the error has the words that capnslog ended with.
const EXITS: &[&str] = &["discovery failed", "bootstrap failed", "failed to start etcd"];

/// What the error of a failed start says, if it says it in the words of a message that ends the process.
fn last_words<'a>(error: &str) -> Option<Hit<'a>> {
    let hit = find_text(error).filter(|hit| hit.message.fatal)?;
    let mut captures: Vec<(&'static str, Cow<'a, str>)> =
        hit.captures.into_iter().map(|(name, text)| (name, Cow::Owned(text.into_owned()))).collect();
    if !captures.iter().any(|(name, _)| *name == "error") {
        captures.push(("error", Cow::Owned(error.to_owned())));
    }
    Some(Hit { message: hit.message, wording: hit.wording, captures })
}

/// What capnslog's last line of a failed start says: it has no words but the error's. What is not known by them is a failed start.
pub fn find_exit(error: &str) -> Option<Hit<'_>> {
    let field = |name: &str| (name == "error").then_some(Cow::Borrowed(error));
    find_text(error).or_else(|| find_zap(&Cow::Borrowed("discovery failed"), &field))
}

/// The text, and the text behind each prefix like `etcdserver: `.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(text), |text| behind_prefix(text)).take(1 + MOST_PREFIXES)
}

/// A word that may name a package, with the colon behind it taken off, and what follows: `etcdserver` of `etcdserver: text`.
pub fn word_before_colon(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' | b'-' | b'.'))?;
    let (word, rest) = text.split_at_checked(end)?;
    Some((word, rest.strip_prefix(": ")?))
}

fn behind_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = word_before_colon(text)?;
    let is_prefix = prefix == "Error" || prefix.starts_with(|c: char| c.is_ascii_lowercase());
    is_prefix.then_some(rest)
}

/// Most named holes of one wording.
const MOST_HOLES: usize = 8;

/// A wording that a text fits, and where in the text its named holes are. Most texts are held against a wording or two that they do not fit, so nothing
/// is put on the heap for it.
#[derive(Clone, Copy)]
struct Fit<'c, 't> {
    template: &'c Template,
    text: &'t str,
    holes: [(u32, u32); MOST_HOLES],
}

impl<'c, 't> Fit<'c, 't> {
    fn of(template: &'c Template, text: &'t str) -> Option<Self> {
        let mut fit = Fit { template, text, holes: [(0, 0); MOST_HOLES] };
        let mut holes = fit.holes.iter_mut();
        template
            .captures(text, |_, told| {
                let from = (told.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
                if let (Some(hole), Ok(from), Ok(to)) = (holes.next(), from.try_into(), (from + told.len()).try_into()) {
                    *hole = (from, to);
                }
            })
            .then_some(fit)
    }

    /// What stands in the named holes.
    fn captures(&self) -> impl Iterator<Item = (&'static str, &'t str)> {
        let told = |(from, to): (u32, u32)| self.text.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?);
        self.template.names.iter().zip(self.holes).filter_map(move |(name, hole)| Some((*name, told(hole)?)))
    }

    fn borrowed(&self) -> Vec<(&'static str, Cow<'t, str>)> {
        let mut captures = Vec::with_capacity(self.template.names.len());
        captures.extend(self.captures().map(|(name, text)| (name, Cow::Borrowed(text))));
        captures
    }
}

struct Templates {
    templates: Vec<Template>,
    /// Of the telling words; built when it is first needed. `None` only if it could not be built, which it can: the words are constants and few.
    telling: OnceLock<Option<AhoCorasick>>,
    beginnings: Beginnings,
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
        Self { templates, telling: OnceLock::new(), beginnings, others, heaviest_other }
    }

    /// The wording that the whole text fits, the one with the most literal text, and what stands in its named holes.
    fn best_at<'t>(&self, text: &'t str) -> Option<Fit<'_, 't>> {
        let mut best: Option<(Fit<'_, 't>, usize)> = None;
        self.beginnings.likely(text, |at| self.better(text, at, &mut best));
        let may_be_other = best.as_ref().is_none_or(|(fit, _)| fit.template.weight <= self.heaviest_other);
        if may_be_other && self.others.as_ref().is_none_or(|others| others.find(text).is_some()) {
            for at in self.beginnings.others(text) {
                self.better(text, at, &mut best);
            }
        }
        best.map(|(fit, _)| fit)
    }

    /// Takes a wording that fits, if it is better than the best.
    fn better<'s, 't>(&'s self, text: &'t str, at: usize, best: &mut Option<(Fit<'s, 't>, usize)>) {
        let Some(template) = self.templates.get(at) else { return };
        // Of two with as many words the first of the catalogue counts.
        let is_less = |(fit, place): &(Fit<'_, '_>, usize)| {
            (fit.template.weight, std::cmp::Reverse(*place)) > (template.weight, std::cmp::Reverse(at))
        };
        if best.as_ref().is_some_and(is_less) {
            return;
        }
        if let Some(fit) = Fit::of(template, text) {
            *best = Some((fit, at));
        }
    }

    /// The wording that the text fits, itself or behind prefixes like `etcdserver: `.
    fn best<'t>(&self, text: &'t str) -> Option<Fit<'_, 't>> {
        let mut best: Option<Fit<'_, 't>> = None;
        for start in starts(text) {
            let found = self.best_at(start);
            if let Some(fit) = found.filter(|found| best.as_ref().is_none_or(|best| best.template.weight < found.template.weight))
            {
                best = Some(fit);
            }
        }
        best
    }

    fn telling(&self) -> Option<&AhoCorasick> {
        self.telling.get_or_init(|| AhoCorasick::new(self.templates.iter().map(Template::telling)).ok()).as_ref()
    }

    /// Whether the telling words of any wording stand in the text.
    fn is_told_in(&self, text: &str) -> bool {
        self.telling().is_some_and(|telling| telling.is_match(text))
    }

    /// Templates whose telling words stand in the text, each with where these end.
    fn told_in<'s>(&'s self, text: &'s str) -> impl Iterator<Item = (&'s Template, usize)> {
        let found = self.telling().into_iter().flat_map(move |telling| telling.find_overlapping_iter(text));
        found.filter_map(|found| Some((self.templates.get(found.pattern().as_usize())?, found.end())))
    }
}

struct Catalogue {
    text: Templates,
    zap: Templates,
    /// zap messages without holes, the ones with most needs first.
    exact: BTreeMap<&'static str, Vec<(&'static Message, &'static Wording)>>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_the_holes_of_every_wording() {
        for template in CATALOGUE.text.templates.iter().chain(&CATALOGUE.zap.templates) {
            assert!(template.names.len() <= MOST_HOLES, "{}", template.wording.text);
        }
    }
}
