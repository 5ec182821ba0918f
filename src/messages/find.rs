//! From the words of a line to the message: the wordings whose first words begin the text, or stand behind its first word, are held against it
//! word by word.

use std::borrow::Cow;

use super::{Fit, Hit, Message, Says, Wording, catalogue::CATALOGUE, template::Template};

/// Most prefixes like `panic: ` or `etcdserver: ` a message is looked for behind.
pub(super) const MOST_PREFIXES: usize = 3;

/// Looks a zap field up by its name.
pub type Lookup<'f, 'a> = &'f dyn Fn(&str) -> Option<Cow<'a, str>>;

/// Finds what a text says. A message must begin the text, or follow prefixes like `etcdserver: `: prose that quotes one is none here
/// (see `quoted`).
/// Of several the one with the most literal text wins.
pub fn find_text(text: &str) -> Option<Hit<'_>> {
    find_fit(text).map(Fit::into_hit).or_else(|| find_unfit(text))
}

/// What [`find_text`] says of a text that has all words of a wording: nearly always all that it says.
pub fn find_fit(text: &str) -> Option<Fit<'_>> {
    CATALOGUE.text.best(text.trim())
}

/// What [`find_text`] says of a text of which [`find_fit`] says nothing.
pub fn find_unfit(text: &str) -> Option<Hit<'_>> {
    let text = text.trim();
    // zap's panics and exits are said once more by Go itself.
    if let Some(wordings) = text.strip_prefix("panic: ").and_then(|said| CATALOGUE.exact.get(said)) {
        let (message, wording) = wordings.iter().find(|(_, wording)| wording.needs.is_empty())?;
        return Some(Hit { message, wording, captures: Vec::new() });
    }
    find_cut(text)
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
    // Most texts are whole, and do not end as if they were not.
    if !is_open && !CATALOGUE.text.may_end_within(said) {
        return None;
    }
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
    let owned = |(name, text): (&'static str, Cow<'_, str>)| (name, Cow::Owned(text.into_owned()));
    let Hit { message, wording, captures: told } = match msg {
        Cow::Borrowed(msg) => CATALOGUE.zap.best_at(msg)?.into_hit(),
        Cow::Owned(msg) => {
            let Hit { message, wording, captures } = CATALOGUE.zap.best_at(msg)?.into_hit();
            Hit { message, wording, captures: captures.into_iter().map(owned).collect() }
        }
    };
    let fields = wording.fields.iter().filter_map(|(capture, name)| Some((*capture, field(name)?)));
    Some(Hit { message, wording, captures: fields.chain(told).collect() })
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
    Told(&'static Message, &'static Wording, Vec<ToldByMsg>),
}

/// What a `msg` has in a hole, by the name of this.
pub type ToldByMsg = (&'static str, String);

/// The wordings that a `msg` has.
pub fn wordings_of_zap(msg: &str) -> Wordings {
    if let Some(wordings) = CATALOGUE.exact.get(msg.trim_end()) {
        return Wordings::Exact(wordings);
    }
    let Some(fit) = CATALOGUE.zap.best_at(msg) else { return Wordings::Exact(&[]) };
    let told = fit.told().map(|(name, text)| (name, text.to_owned())).collect();
    Wordings::Told(fit.message(), fit.wording(), told)
}

impl Wordings {
    /// The one wording that applies whatever the fields say, and what the `msg` itself carries.
    pub fn only(&self) -> Option<(&'static Message, &'static Wording, &[ToldByMsg])> {
        match self {
            Wordings::Exact([(message, wording), ..]) if wording.needs.is_empty() && !EXITS.contains(&wording.text) => {
                Some((message, wording, &[]))
            }
            Wordings::Exact(_) => None,
            Wordings::Told(message, wording, captured) => Some((message, wording, captured)),
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
pub(super) fn starts(text: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(text), |text| behind_prefix(text)).take(1 + MOST_PREFIXES)
}

/// A word that may name a package, with the colon behind it taken off, and what follows: `etcdserver` of `etcdserver: text`.
pub fn word_before_colon(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_at_checked(word_end(text)?)?;
    Some((word, rest.strip_prefix(": ")?))
}

/// Where the first word ends, if anything stands behind it.
pub(super) fn word_end(text: &str) -> Option<usize> {
    text.bytes().position(|byte| !WORD.get(usize::from(byte)).is_some_and(|is_one| *is_one))
}

/// What a word that may name a package is made of.
static WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        let is_one = byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.');
        #[expect(clippy::indexing_slicing, reason = "there is a place for each byte")]
        {
            word[byte as usize] = is_one;
        }
        byte += 1;
    }
    word
};

pub(super) fn behind_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = word_before_colon(text)?;
    let is_prefix = prefix == "Error" || prefix.starts_with(|c: char| c.is_ascii_lowercase());
    is_prefix.then_some(rest)
}
