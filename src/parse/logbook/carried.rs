//! What a line carries that counts for its sighting, by the catalogue's names.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::messages::Measures;

/// What counts of a message that tells nothing but itself, by the catalogue's names: what is measured, or [`Named`], and what tells sightings apart.
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

/// Raft's term.
pub(super) fn term(measures: &Measures<'_>) -> Option<u64> {
    measures.term?.parse().ok()
}

/// Keys and bytes of an answer: `range_response_count:500 size:1048576`, or fields of their own.
pub(super) fn answer_size(measures: &Measures<'_>) -> (Option<u64>, Option<u64>) {
    let told = measures.result.map(told_size).unwrap_or_default();
    let field = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    (told.0.or_else(|| field(measures.count)), told.1.or_else(|| field(measures.size)))
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
    /// With fewer digits no number is too large.
    const SHORT: usize = 19;
    let (mut number, mut digits) = (0_u64, 0);
    for digit in text.bytes().take(SHORT).take_while(u8::is_ascii_digit) {
        (number, digits) = (number * 10 + u64::from(digit - b'0'), digits + 1);
    }
    if digits == SHORT {
        digits = text.bytes().take_while(u8::is_ascii_digit).count();
    }
    let (digits, rest) = text.split_at_checked(digits).unwrap_or_default();
    (if digits.len() < SHORT && !digits.is_empty() { Some(number) } else { digits.parse().ok() }, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{self, Measured, NAMING};

    #[test]
    fn sizes_of_answers_are_read_in_both_forms() {
        let size = |result: &str| answer_size(&Measures { result: Some(result), ..Measures::default() });
        for (result, told) in [
            ("range_response_count:500 size:1048576", (Some(500), Some(1_048_576))),
            ("range_response_count:0 size:7", (Some(0), Some(7))),
            (
                "range_response_count:18446744073709551615 size:9999999999999999999",
                (Some(u64::MAX), Some(9_999_999_999_999_999_999)),
            ),
            ("range_response_count:18446744073709551616 size:1", (None, Some(1))),
            ("size:18", (None, Some(18))),
            ("responses:<response_put:<> > size:14", (None, Some(14))),
            ("range_response_count: size:", (None, None)),
            ("error:etcdserver: mvcc: required revision has been compacted", (None, None)),
        ] {
            assert_eq!(size(result), told, "{result}");
        }
    }

    #[test]
    fn what_is_carried_counts() {
        let is_named = |name: &str| Named::default().place(name).is_some();
        let is_measured = |name: &str| {
            let measures = Measured::among(&[name]).of(|_| Some("7"));
            [measures.took, measures.term, measures.result, measures.count, measures.size].iter().any(Option::is_some)
        };
        let is_carried = |name: &str| is_measured(name) || is_named(name);
        let mut seen = 0;
        for wording in messages::all().flat_map(|message| message.wordings) {
            let holes = wording.text.split('{').skip(1).filter_map(|hole| hole.split_once('}')).map(|(name, _)| name);
            for name in holes.chain(wording.fields.iter().map(|(name, _)| *name)) {
                assert!(!is_carried(name) || COUNTED.contains(&name), "{name} is carried, and would be left out");
                assert_eq!(is_named(name), NAMING.contains(&name), "{name}");
                seen += u32::from(is_carried(name));
            }
        }
        assert!(seen > 100, "{seen}");
    }
}
