//! From the words of a line to the message: one pass for the telling words of all wordings, then the template word by word.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use aho_corasick::{AhoCorasick, Input, StartKind, automaton::OverlappingState};

use super::{Form, Message, Wording, all};

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
    pub(super) fn of(message: &'static Message, wording: &'static Wording, captures: Vec<(&'static str, Cow<'a, str>)>) -> Self {
        Hit { message, wording, captures }
    }

    /// Whether it carries nothing.
    pub fn is_bare(&self) -> bool {
        self.captures.is_empty()
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
    if let Some((template, start)) = CATALOGUE.text.best(text) {
        return Some(template.hit(start, Vec::new()));
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

/// Fewest signs of a wording's next words at the end of a line that show that it is cut there.
const SHOWS_CUT: usize = 4;

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
    let template = CATALOGUE.zap.best_at(msg)?;
    let captures = template.wording.fields.iter().filter_map(|(capture, name)| Some((*capture, field(name)?))).collect();
    match msg {
        Cow::Borrowed(msg) => Some(template.hit(msg, captures)),
        Cow::Owned(msg) => {
            let mut captures: Vec<(&'static str, Cow<'a, str>)> = captures;
            template.captures(msg, &mut |name, text| captures.push((name, Cow::Owned(text.to_owned()))));
            Some(Hit { message: template.message, wording: template.wording, captures })
        }
    }
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
    let Some(template) = CATALOGUE.zap.best_at(msg) else { return Wordings::Exact(&[]) };
    let mut captured = Vec::new();
    template.captures(msg, &mut |name, text| captured.push((name, text.to_owned())));
    Wordings::Told(template.message, template.wording, captured)
}

impl Wordings {
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

fn behind_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_once(": ")?;
    let is_word = || prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_-.".contains(&b));
    let is_prefix = prefix == "Error" || prefix.starts_with(|c: char| c.is_ascii_lowercase()) && is_word();
    is_prefix.then_some(rest)
}

enum Part {
    Literal(Literal),
    Hole(&'static str),
}

/// Words of a wording, with what is needed to look for them often.
struct Literal {
    text: &'static str,
    finder: Finder<'static>,
}

impl Literal {
    fn new(text: &'static str) -> Self {
        Self { text, finder: Finder::new(text) }
    }

    /// The text before and behind the first place where the words stand.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let at = self.finder.find(text.as_bytes())?;
        Some((text.get(..at)?, text.get(at + self.text.len()..)?))
    }
}

struct Template {
    message: &'static Message,
    wording: &'static Wording,
    parts: Vec<Part>,
    weight: usize,
}

impl Template {
    fn new(message: &'static Message, wording: &'static Wording) -> Self {
        let parts = parts(wording.text);
        let weight = parts.iter().filter_map(Part::literal).map(str::len).sum();
        Self { message, wording, parts, weight }
    }

    /// The literal that tells most: the longest.
    fn telling(&self) -> &'static str {
        longest_literal(self.wording.text)
    }

    fn hit<'a>(&self, text: &'a str, mut captures: Vec<(&'static str, Cow<'a, str>)>) -> Hit<'a> {
        self.captures(text, &mut |name, text| captures.push((name, Cow::Borrowed(text))));
        Hit { message: self.message, wording: self.wording, captures }
    }

    /// Whether the whole text fits; every named hole is handed to `keep` on the way.
    fn captures<'a>(&self, text: &'a str, keep: &mut dyn FnMut(&'static str, &'a str)) -> bool {
        let mut rest = text;
        let mut hole: Option<&'static str> = None;
        for (place, part) in self.parts.iter().enumerate() {
            let literal = match part {
                Part::Hole(name) => {
                    hole = Some(name);
                    continue;
                }
                Part::Literal(literal) => literal,
            };
            let Some(name) = hole.take() else {
                match rest.strip_prefix(literal.text) {
                    Some(after) => rest = after,
                    None => return false,
                }
                continue;
            };
            // The last literal must end the text; any other is taken where it comes first.
            let is_last = place + 1 == self.parts.len();
            let split = if is_last { rest.strip_suffix(literal.text).map(|before| (before, "")) } else { literal.split(rest) };
            let Some((before, after)) = split else { return false };
            // A hole at the very start is one word.
            if place == 1 && (before.is_empty() || before.contains(' ')) {
                return false;
            }
            if !name.is_empty() {
                keep(name, before);
            }
            rest = after;
        }
        match hole {
            Some("") => true,
            Some(name) => {
                keep(name, rest);
                true
            }
            None => rest.is_empty(),
        }
    }
}

impl Template {
    /// How much of the wording's own words a text has that ends before the wording does; none where it does not end like that.
    fn met_until_cut<'a>(&self, text: &'a str, is_open: bool, keep: &mut dyn FnMut(&'static str, &'a str)) -> Option<usize> {
        let (mut rest, mut met) = (text, 0);
        let mut hole: Option<&'static str> = None;
        for part in &self.parts {
            let literal = match part {
                Part::Hole(name) => {
                    hole = Some(name);
                    continue;
                }
                Part::Literal(literal) => literal,
            };
            let after = match hole {
                Some(_) => literal.split(rest),
                None => rest.strip_prefix(literal.text).map(|after| ("", after)),
            };
            if let Some((before, after)) = after {
                // A hole at the very start is one word.
                if met == 0 && hole.is_some() && (before.is_empty() || before.contains(' ')) {
                    return None;
                }
                if let Some(name) = hole.take().filter(|name| !name.is_empty()) {
                    keep(name, before);
                }
                (rest, met) = (after, met + literal.text.len());
                continue;
            }
            let begun = begun(rest, literal.text);
            let is_cut = is_open || begun >= SHOWS_CUT;
            if met < self.telling().len() || !is_cut || hole.is_none() && begun < rest.len() {
                return None;
            }
            if let Some(name) = hole.filter(|name| !name.is_empty()) {
                keep(name, rest.get(..rest.len() - begun).unwrap_or_default());
            }
            return Some(met + begun);
        }
        // A wording that ends with what it tells is cut within that.
        let name = hole.filter(|_| is_open)?;
        if !name.is_empty() {
            keep(name, rest);
        }
        Some(met)
    }
}

/// How many bytes at the end of a text are the beginning of a literal.
fn begun(text: &str, literal: &str) -> usize {
    let ends = literal.char_indices().map(|(at, _)| at).rev();
    ends.into_iter().find(|end| literal.get(..*end).is_some_and(|begin| text.ends_with(begin))).unwrap_or(0)
}

/// The longest text of a wording that holds no placeholder.
pub(super) fn longest_literal(text: &'static str) -> &'static str {
    parts(text).iter().filter_map(Part::literal).max_by_key(|literal| literal.len()).unwrap_or_default()
}

impl Part {
    fn literal(&self) -> Option<&'static str> {
        match self {
            Part::Literal(literal) => Some(literal.text),
            Part::Hole(_) => None,
        }
    }
}

fn parts(mut text: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some((before, (name, after))) =
        text.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        if !before.is_empty() {
            parts.push(Part::Literal(Literal::new(before)));
        }
        parts.push(Part::Hole(name));
        text = after;
    }
    if !text.is_empty() {
        parts.push(Part::Literal(Literal::new(text)));
    }
    parts
}

struct Templates {
    templates: Vec<Template>,
    /// Of the telling words. `None` only if it could not be built, which it can: the words are constants and few.
    telling: Option<AhoCorasick>,
    /// Of the first literals, where a wording begins with one: they must begin the text.
    first: Anchored,
    /// Of the first literals behind one word, from their first blank on: that one is the text's first blank too.
    behind_word: Anchored,
    /// Wordings that begin with a word and go on without a blank.
    odd: Vec<usize>,
}

/// Literals that are looked for at one place, each with its template.
#[derive(Default)]
struct Anchored {
    literals: Vec<&'static str>,
    templates: Vec<usize>,
    automaton: Option<AhoCorasick>,
}

impl Anchored {
    fn push(&mut self, literal: &'static str, template: usize) {
        self.literals.push(literal);
        self.templates.push(template);
    }

    fn built(mut self) -> Self {
        self.automaton = AhoCorasick::builder().start_kind(StartKind::Anchored).build(&self.literals).ok();
        self
    }

    /// The templates whose literal begins the text.
    fn at(&self, text: &str) -> impl Iterator<Item = usize> {
        let mut state = OverlappingState::start();
        std::iter::from_fn(move || {
            let input = Input::new(text).anchored(aho_corasick::Anchored::Yes);
            self.automaton.as_ref()?.try_find_overlapping(input, &mut state).ok()?;
            self.templates.get(state.get_match()?.pattern().as_usize()).copied()
        })
    }
}

impl Templates {
    fn new(templates: Vec<Template>) -> Self {
        let telling = AhoCorasick::new(templates.iter().map(Template::telling)).ok();
        let (mut first, mut behind_word, mut odd) = (Anchored::default(), Anchored::default(), Vec::new());
        for (at, template) in templates.iter().enumerate() {
            match template.parts.as_slice() {
                [Part::Literal(literal), ..] => first.push(literal.text, at),
                [Part::Hole(_), Part::Literal(literal), ..] => {
                    match literal.text.find(' ').and_then(|blank| literal.text.get(blank..)) {
                        Some(from_blank) => behind_word.push(from_blank, at),
                        None => odd.push(at),
                    }
                }
                _ => odd.push(at),
            }
        }
        Self { templates, telling, first: first.built(), behind_word: behind_word.built(), odd }
    }

    /// The wording that the whole text fits, the one with the most literal text.
    fn best_at(&self, text: &str) -> Option<&Template> {
        let behind_word = text.find(' ').and_then(|blank| text.get(blank..));
        let candidates = self.first.at(text).chain(behind_word.into_iter().flat_map(|rest| self.behind_word.at(rest)));
        let fits = candidates.chain(self.odd.iter().copied()).filter_map(|at| {
            let template = self.templates.get(at)?;
            template.captures(text, &mut |_, _| {}).then_some((template.weight, std::cmp::Reverse(at), template))
        });
        fits.max_by_key(|(weight, at, _)| (*weight, *at)).map(|(.., template)| template)
    }

    /// The wording that the text fits, itself or behind prefixes like `etcdserver: `, and where it begins.
    fn best<'s>(&self, text: &'s str) -> Option<(&Template, &'s str)> {
        let mut best: Option<(&Template, &str)> = None;
        for start in starts(text) {
            if let Some(template) = self.best_at(start).filter(|found| best.is_none_or(|(best, _)| best.weight < found.weight)) {
                best = Some((template, start));
            }
        }
        best
    }

    /// Whether the telling words of any wording stand in the text.
    fn is_told_in(&self, text: &str) -> bool {
        self.telling.as_ref().is_some_and(|telling| telling.is_match(text))
    }

    /// Templates whose telling words stand in the text, each with where these end.
    fn told_in<'s>(&'s self, text: &'s str) -> impl Iterator<Item = (&'s Template, usize)> {
        let found = self.telling.iter().flat_map(move |telling| telling.find_overlapping_iter(text));
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
