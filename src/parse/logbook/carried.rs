//! What a line carries that counts for its sighting, by the catalogue's names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// What counts of a message that tells nothing but itself, by the catalogue's names: what is [`Measured`] or [`Named`], and what tells sightings apart.
pub(in crate::parse) const COUNTED: &[&str] = &[
    "alarm",
    "count",
    "difference",
    "error",
    "got",
    "last",
    "late",
    "peer",
    "process",
    "remote",
    "result",
    "size",
    "term",
    "tocommit",
    "took",
    "type",
    "user",
    "want",
];

/// How long something took, how much there was of it, and in which term: what most lines carry that carry anything.
#[derive(Debug, Default)]
pub(super) struct Measured<'h> {
    took: Option<&'h str>,
    late: Option<&'h str>,
    difference: Option<&'h str>,
    term: Option<&'h str>,
    result: Option<&'h str>,
    count: Option<&'h str>,
    size: Option<&'h str>,
}

/// Which ones, who, and why.
#[derive(Debug, Default)]
pub(super) struct Named<'h> {
    pub want: Option<&'h str>,
    pub got: Option<&'h str>,
    pub tocommit: Option<&'h str>,
    pub last: Option<&'h str>,
    pub kind: Option<&'h str>,
    pub remote: Option<&'h str>,
    pub user: Option<&'h str>,
    pub error: Option<&'h str>,
}

impl<'h> Measured<'h> {
    /// Takes what is carried under a name; false where the name is none of these.
    pub(super) fn take(&mut self, name: &str, text: &'h str) -> bool {
        // As bytes, so that the many names of four letters are told apart by them and not compared one after the other.
        let place = match name.as_bytes() {
            b"took" => &mut self.took,
            b"late" => &mut self.late,
            b"difference" => &mut self.difference,
            b"term" => &mut self.term,
            b"result" => &mut self.result,
            b"count" => &mut self.count,
            b"size" => &mut self.size,
            _ => return false,
        };
        place.get_or_insert(text);
        true
    }

    /// The duration, as it was printed.
    pub(super) fn duration(&self) -> Option<&'h str> {
        self.took.or(self.late).or(self.difference)
    }

    /// Raft's term.
    pub(super) fn term(&self) -> Option<u64> {
        self.term?.parse().ok()
    }

    /// Keys and bytes of an answer: `range_response_count:500 size:1048576`, or fields of their own.
    pub(super) fn answer_size(&self) -> (Option<u64>, Option<u64>) {
        let told = self.result.map(told_size).unwrap_or_default();
        let field = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        (told.0.or_else(|| field(self.count)), told.1.or_else(|| field(self.size)))
    }
}

/// Whether a name is one of [`Named`].
pub(super) fn is_named(name: &str) -> bool {
    Named::default().place(name).is_some()
}

impl<'h> Named<'h> {
    /// Of all that a line carries.
    pub(super) fn of(captures: impl Iterator<Item = (&'static str, &'h str)>) -> Self {
        let mut named = Self::default();
        for (name, text) in captures {
            if let Some(place) = named.place(name) {
                place.get_or_insert(text);
            }
        }
        named
    }

    fn place(&mut self, name: &str) -> Option<&mut Option<&'h str>> {
        Some(match name.as_bytes() {
            b"want" => &mut self.want,
            b"got" => &mut self.got,
            b"tocommit" => &mut self.tocommit,
            b"last" => &mut self.last,
            b"type" => &mut self.kind,
            b"remote" => &mut self.remote,
            b"user" => &mut self.user,
            b"error" => &mut self.error,
            _ => return None,
        })
    }
}

/// Keys and bytes, as a result tells them.
fn told_size(result: &str) -> (Option<u64>, Option<u64>) {
    const COUNT: &str = "range_response_count:";
    const SIZE: &str = "size:";
    static COUNTS: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(COUNT));
    static SIZES: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(SIZE));
    let behind = |words: &Finder<'_>| {
        let at = words.find(result.as_bytes())?;
        result.get(at + words.needle().len()..)
    };
    let (keys, rest) = match result.strip_prefix(COUNT).or_else(|| behind(&COUNTS)) {
        Some(counted) => number(counted),
        None => (None, ""),
    };
    // Mostly the one stands right behind the other.
    let sized = rest.strip_prefix(" size:").filter(|_| result.starts_with(COUNT)).or_else(|| behind(&SIZES));
    (keys, sized.and_then(|sized| number(sized).0))
}

/// The number at the beginning, and what stands behind its digits.
fn number(text: &str) -> (Option<u64>, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits).unwrap_or_default();
    (digits.parse().ok(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages;

    #[test]
    fn what_is_carried_counts() {
        let is_carried = |name: &str| Measured::default().take(name, "7") || is_named(name);
        let mut seen = 0;
        for wording in messages::all().flat_map(|message| message.wordings) {
            let holes = wording.text.split('{').skip(1).filter_map(|hole| hole.split_once('}')).map(|(name, _)| name);
            for name in holes.chain(wording.fields.iter().map(|(name, _)| *name)) {
                assert!(!is_carried(name) || COUNTED.contains(&name), "{name} is carried, and would be left out");
                seen += u32::from(is_carried(name));
            }
        }
        assert!(seen > 100, "{seen}");
    }
}
