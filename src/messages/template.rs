//! A wording as its words and holes, and how a text is held against it.

use super::{
    Measured, Message, Wording,
    compare::{behind, find, is_equal, telling_byte},
    peer_among,
};

/// Fewest signs of a wording's next words at the end of a line that show that it is cut there.
pub(super) const SHOWS_CUT: usize = 4;

/// Words, or a hole with its name.
#[derive(Debug)]
pub(super) enum Part {
    Literal(Literal),
    Hole(&'static str),
}

/// Words of a wording.
#[derive(Debug)]
pub(super) struct Literal {
    pub text: &'static str,
    /// What they are looked for by.
    telling: (u8, usize),
}

impl Literal {
    fn new(text: &'static str) -> Self {
        Self { text, telling: telling_byte(text.as_bytes()) }
    }

    /// Where the words first stand.
    #[inline]
    fn find(&self, text: &[u8]) -> Option<usize> {
        find(self.text.as_bytes(), self.telling, text)
    }

    /// The text before and behind the first place where the words stand.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let at = self.find(text.as_bytes())?;
        Some((text.get(..at)?, text.get(at + self.text.len()..)?))
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
    /// Which of them are measures.
    pub measured: Measured,
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
        let (peer, measured) = (peer_among(&names), Measured::among(&names));
        Self { message, wording, parts, names, peer, measured, weight }
    }

    /// Its own words.
    pub(super) fn literals(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().filter_map(Part::literal)
    }

    /// The literal that tells most: the longest.
    pub(super) fn telling(&self) -> &'static str {
        self.parts.iter().filter_map(Part::literal).max_by_key(|literal| literal.len()).unwrap_or_default()
    }

    /// Whether the whole text fits. Then `holes` say from where to where the named ones reach in it.
    pub(super) fn fits(&self, text: &[u8], holes: &mut [(u32, u32)]) -> bool {
        let mut holes = holes.iter_mut();
        let mut keep = |name: &str, from: usize, to: usize| {
            if !name.is_empty()
                && let (Some(hole), Ok(from), Ok(to)) = (holes.next(), from.try_into(), to.try_into())
            {
                *hole = (from, to);
            }
        };
        let (mut at, mut hole) = (0, None);
        for (place, part) in self.parts.iter().enumerate() {
            let literal = match part {
                Part::Hole(name) => {
                    hole = Some(*name);
                    continue;
                }
                Part::Literal(literal) => literal,
            };
            let (rest, words) = (text.get(at..).unwrap_or_default(), literal.text.as_bytes());
            let Some(name) = hole.take() else {
                if behind(rest, words).is_none() {
                    return false;
                }
                at += words.len();
                continue;
            };
            // The last literal must end the text; any other is taken where it comes first.
            let is_last = place + 1 == self.parts.len();
            let length = if is_last {
                let length = rest.len().checked_sub(words.len());
                length.filter(|length| rest.get(*length..).is_some_and(|end| is_equal(end, words)))
            } else {
                literal.find(rest)
            };
            let Some(length) = length else { return false };
            // A hole at the very start is one word.
            if place == 1 && (length == 0 || rest.get(..length).is_some_and(|word| word.contains(&b' '))) {
                return false;
            }
            keep(name, at, at + length);
            at += length + words.len();
        }
        match hole {
            Some(name) => keep(name, at, text.len()),
            None => return at == text.len(),
        }
        true
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
