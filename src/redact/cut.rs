//! A line and what was cut out of it so far.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use super::shape::{part, rest};

/// What can be taken out of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Password,
    Token,
    PrivateKey,
    KeyName,
    Value,
}

impl Kind {
    /// As the manifest counts it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Password => "password",
            Kind::Token => "token",
            Kind::PrivateKey => "private key",
            Kind::KeyName => "key name",
            Kind::Value => "value",
        }
    }

    /// What stands in its place. No quote and no backslash is in it, so that JSON stays JSON.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Kind::Password => "[password removed]",
            Kind::Token => "[token removed]",
            Kind::PrivateKey => "[private key removed]",
            Kind::KeyName => "[key]",
            Kind::Value => "[value removed]",
        }
    }
}

/// All marks: what begins with one was redacted before.
const ALL: [Kind; 4] = [Kind::Password, Kind::Token, Kind::PrivateKey, Kind::Value];

/// Where the mark ends that stands at a place.
pub(super) fn mark_end(line: &[u8], at: usize) -> Option<usize> {
    let here = rest(line, at);
    ALL.iter().find(|kind| here.starts_with(kind.mark().as_bytes())).map(|kind| at + kind.mark().len())
}

/// A line while it is redacted. Cuts come in the order of the line.
pub(super) struct Cut<'l, 'c> {
    /// The line as it came.
    pub(super) line: &'l [u8],
    out: Vec<u8>,
    copied: usize,
    is_cut: bool,
    counts: &'c mut BTreeMap<&'static str, u64>,
}

impl<'l, 'c> Cut<'l, 'c> {
    pub(super) fn new(line: &'l [u8], counts: &'c mut BTreeMap<&'static str, u64>) -> Self {
        Self { line, out: Vec::new(), copied: 0, is_cut: false, counts }
    }

    /// Puts a kind's mark in the place of a span. What was redacted before, and what is empty, stays. Gives where to go on.
    pub(super) fn remove(&mut self, span: Range<usize>, kind: Kind) -> usize {
        self.replace(span, kind.mark().as_bytes(), kind)
    }

    /// Puts other text in the place of a span, and counts it. Gives where to go on.
    pub(super) fn replace(&mut self, span: Range<usize>, with: &[u8], kind: Kind) -> usize {
        if let Some(end) = mark_end(self.line, span.start) {
            return end;
        }
        if span.is_empty() || span.start < self.copied {
            return span.end;
        }
        self.swap(span.clone(), with);
        self.count(kind);
        span.end
    }

    /// Puts other text in the place of a span without counting.
    pub(super) fn swap(&mut self, span: Range<usize>, with: &[u8]) {
        self.out.extend_from_slice(part(self.line, self.copied..span.start));
        self.out.extend_from_slice(with);
        self.copied = span.end;
        self.is_cut = true;
    }

    pub(super) fn count(&mut self, kind: Kind) {
        *self.counts.entry(kind.name()).or_default() += 1;
    }

    /// The line without what was cut.
    pub(super) fn finish(mut self) -> Cow<'l, [u8]> {
        if !self.is_cut {
            return Cow::Borrowed(self.line);
        }
        self.out.extend_from_slice(rest(self.line, self.copied));
        Cow::Owned(self.out)
    }
}
