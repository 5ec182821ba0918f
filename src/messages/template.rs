//! A wording as its words and holes, and how a text is held against it.

use memchr::{
    arch::all::{is_prefix, is_suffix},
    memmem::Finder,
};

use super::{Message, Wording, peer_among};

/// Fewest signs of a wording's next words at the end of a line that show that it is cut there.
const SHOWS_CUT: usize = 4;

/// Words, or a hole with its name.
#[derive(Debug)]
pub(super) enum Part {
    Literal(Literal),
    Hole(&'static str),
}

/// Words of a wording, with what is needed to look for them often.
#[derive(Debug)]
pub(super) struct Literal {
    pub text: &'static str,
    finder: Box<Finder<'static>>,
}

impl Literal {
    fn new(text: &'static str) -> Self {
        Self { text, finder: Box::new(Finder::new(text)) }
    }

    /// The text before and behind the first place where the words stand.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let at = self.finder.find(text.as_bytes())?;
        Some((text.get(..at)?, text.get(at + self.text.len()..)?))
    }

    /// What stands behind the words at the beginning. They are few, and libc's way of comparing is made for many.
    fn behind<'t>(&self, text: &'t str) -> Option<&'t str> {
        if is_prefix(text.as_bytes(), self.text.as_bytes()) { text.get(self.text.len()..) } else { None }
    }

    /// What stands before the words at the end.
    fn before<'t>(&self, text: &'t str) -> Option<&'t str> {
        if is_suffix(text.as_bytes(), self.text.as_bytes()) { text.get(..text.len() - self.text.len()) } else { None }
    }
}

/// A wording, ready to be held against texts.
#[derive(Debug)]
pub(super) struct Template {
    pub message: &'static Message,
    pub wording: &'static Wording,
    pub parts: Vec<Part>,
    /// The names of its named holes, in their order.
    pub names: Vec<&'static str>,
    /// Which of them names a peer.
    pub peer: Option<usize>,
    /// How much text of its own it has.
    pub weight: usize,
}

impl Template {
    pub(super) fn new(message: &'static Message, wording: &'static Wording) -> Self {
        let parts = parts(wording.text);
        let weight = parts.iter().filter_map(Part::literal).map(str::len).sum();
        let named = |part: &Part| match part {
            Part::Hole(name) if !name.is_empty() => Some(*name),
            _ => None,
        };
        let names: Vec<_> = parts.iter().filter_map(named).collect();
        let peer = peer_among(&names);
        Self { message, wording, parts, names, peer, weight }
    }

    /// The literal that tells most: the longest.
    pub(super) fn telling(&self) -> &'static str {
        self.parts.iter().filter_map(Part::literal).max_by_key(|literal| literal.len()).unwrap_or_default()
    }

    /// Whether the whole text fits; every named hole is handed to `keep` on the way.
    pub(super) fn captures<'a>(&self, text: &'a str, mut keep: impl FnMut(&'static str, &'a str)) -> bool {
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
                match literal.behind(rest) {
                    Some(after) => rest = after,
                    None => return false,
                }
                continue;
            };
            // The last literal must end the text; any other is taken where it comes first.
            let is_last = place + 1 == self.parts.len();
            let split = if is_last { literal.before(rest).map(|before| (before, "")) } else { literal.split(rest) };
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
    pub(super) fn met_until_cut<'a>(
        &self,
        text: &'a str,
        is_open: bool,
        keep: &mut dyn FnMut(&'static str, &'a str),
    ) -> Option<usize> {
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
                None => literal.behind(rest).map(|after| ("", after)),
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
