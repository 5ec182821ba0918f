//! Lines of an exposition exactly as etcd writes them. There are a thousand or two in a text, and no other reader wants one: whoever has read one of
//! them in full may take the next by this alone.

use std::fmt;

use memchr::{memchr, memrchr};

use super::{Labels, MOST_LABELS, TYPES, can_be, figure, is_known, label_name, number};

/// A line that can be nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::parse) enum Plain<'a> {
    /// `# HELP` or `# TYPE`.
    Comment,
    /// A sample.
    Sample(Sample<'a>),
}

/// A sample of which nothing was copied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::parse) struct Sample<'a> {
    /// Its name.
    pub(in crate::parse) name: &'a str,
    labels: &'a str,
    value: &'a str,
}

impl Sample<'_> {
    /// Its labels, sorted.
    pub(in crate::parse) fn labels(&self) -> Labels {
        let count = 1 + memchr::memchr_iter(b',', self.labels.as_bytes()).count();
        let (mut labels, mut rest) = (Labels::with_capacity(count), self.labels);
        let mut next = |sign: u8, signs: usize| {
            let (word, behind) = rest.split_at_checked(memchr(sign, rest.as_bytes())?)?;
            rest = behind.get(signs.min(behind.len())..)?;
            Some(word)
        };
        // `name="value",`
        while let Some((name, value)) = next(b'=', 2).and_then(|name| Some((name, next(b'"', 2)?))) {
            labels.push((label_name(name), value.into()));
        }
        labels.sort();
        labels
    }

    /// Its value.
    pub(in crate::parse) fn value(&self) -> Option<f64> {
        figure(self.value)
    }
}

/// The sample that was read last: most of the next one stands in it already.
#[derive(Clone, Default)]
pub(in crate::parse) struct Before {
    /// Its name and its labels.
    head: String,
    name_length: usize,
    /// Where the values of its labels stand, and whether they are figures.
    values: Vec<(usize, usize, bool)>,
}

impl Before {
    /// The next sample is like no other.
    pub(in crate::parse) fn forget(&mut self) {
        self.head.clear();
    }

    /// Whether a name with labels differs from the last one in values of labels and nothing else.
    fn is_like(&mut self, head: &str) -> bool {
        let (next, last) = (head.as_bytes(), self.head.as_bytes());
        if last.is_empty() {
            return false;
        }
        // Up to where both were compared, and the values that lie before that.
        let (mut at, mut was) = (0, 0);
        let mut values = self.values.iter_mut();
        loop {
            let (Some(rest), Some(before)) = (next.get(at..), last.get(was..)) else { return false };
            let same = common(rest, before);
            let is_over = same == rest.len() && same == before.len();
            let moved = |place: usize| (place + at).checked_sub(was);
            let value = loop {
                let Some((from, to, is_figure)) = values.next() else { break None };
                let (Some(begin), Some(end)) = (moved(*from), moved(*to)) else { return false };
                if is_over || *to < was + same {
                    (*from, *to) = (begin, end);
                    continue;
                }
                break (*from <= was + same).then_some((from, to, *is_figure, begin));
            };
            if is_over {
                head.clone_into(&mut self.head);
                return true;
            }
            // The next one's value ends where no sign of a value stands.
            let Some((from, to, is_figure, begin)) = value else { return false };
            let Some(length) = rest.iter().skip(same).position(|b| !is_of_value(*b)) else { return false };
            let end = at + same + length;
            let is_whole = next.get(end) == Some(&b'"');
            if !is_whole || is_figure && head.get(begin..end).and_then(figure).is_none() {
                return false;
            }
            (at, was) = (end, *to);
            (*from, *to) = (begin, end);
        }
    }

    /// Reads a name with labels; none where they have a sign that another reader looks for.
    fn read(&mut self, head: &str) -> Option<()> {
        self.forget();
        self.values.clear();
        let (name, behind) = split_identifier(head)?;
        if !is_known(name) {
            return None;
        }
        if let Some(labels) = behind.strip_prefix('{') {
            self.labels(labels, name.len() + 1)?;
        } else if !behind.is_empty() {
            return None;
        }
        self.name_length = name.len();
        head.clone_into(&mut self.head);
        Some(())
    }

    /// Reads labels up to the bracket at the end; their values have no sign that another reader looks for.
    fn labels(&mut self, mut text: &str, mut at: usize) -> Option<()> {
        for _ in 0..MOST_LABELS {
            let (name, behind) = split_identifier(text)?;
            let behind = behind.strip_prefix("=\"")?;
            let end = behind.bytes().position(|b| !is_of_value(b))?;
            let (value, behind) = behind.split_at_checked(end)?;
            let is_figure = matches!(name, "le" | "quantile");
            if is_figure {
                figure(value)?;
            }
            let from = at + name.len() + 2;
            self.values.push((from, from + value.len(), is_figure));
            match behind.strip_prefix('"')?.split_at_checked(1)? {
                ("}", rest) => return rest.is_empty().then_some(()),
                (",", rest) => text = rest,
                _ => return None,
            }
            at = from + value.len() + 2;
        }
        None
    }
}

/// It is no part of what was read.
impl fmt::Debug for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Before")
    }
}

/// How many bytes two texts have in common at their beginning.
fn common(one: &[u8], other: &[u8]) -> usize {
    let ((a, _), (b, _)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let whole = 8 * a.iter().zip(b).take_while(|(a, b)| a == b).count();
    whole + one.iter().skip(whole).zip(other.iter().skip(whole)).take_while(|(a, b)| a == b).count()
}

/// Reads a line; none where it has anything that etcd would not write, or that means something to another reader. What it has in common with the
/// sample before is not read again; whether their names are the same is told beside.
pub(in crate::parse) fn plain<'a>(text: &'a str, before: &mut Before) -> Option<(Plain<'a>, bool)> {
    if let Some(comment) = text.strip_prefix("# ") {
        return is_comment(comment).then_some((Plain::Comment, false));
    }
    let (head, value) = text.split_at_checked(memrchr(b' ', text.as_bytes())?)?;
    let value = value.get(1..)?;
    let is_same = before.is_like(head);
    if !is_same {
        before.read(head)?;
    }
    let (name, labels) = head.split_at_checked(before.name_length)?;
    let labels = labels.get(1..labels.len().saturating_sub(1)).unwrap_or_default();
    if !is_value(name, value) {
        before.forget();
        return None;
    }
    Some((Plain::Sample(Sample { name, labels, value }), is_same))
}

/// Of each sign whether it is one of an identifier, and whether it is one of a label's value that no other reader looks for.
#[expect(clippy::indexing_slicing, reason = "the table is made while the program is built, where an index beyond it is an error")]
static SIGNS: [(bool, bool); 256] = {
    let mut signs = [(false, false); 256];
    let mut sign = 0_u8;
    while sign < 128 {
        let is_letter = sign.is_ascii_alphanumeric() || sign == b'_';
        signs[sign as usize] = (is_letter, is_letter || matches!(sign, b'.' | b':' | b'/' | b'+' | b'-'));
        sign += 1;
    }
    signs
};

fn is_of_identifier(byte: u8) -> bool {
    SIGNS.get(usize::from(byte)).is_some_and(|(is_one, _)| *is_one)
}

fn is_of_value(byte: u8) -> bool {
    SIGNS.get(usize::from(byte)).is_some_and(|(_, is_one)| *is_one)
}

fn is_comment(comment: &str) -> bool {
    let Some((word, Some((name, rest)))) = comment.split_once(' ').map(|(word, rest)| (word, split_identifier(rest))) else {
        return false;
    };
    let Some(told) = rest.strip_prefix(' ').filter(|_| is_known(name)) else { return false };
    match word {
        // Nothing but these words of etcdctl are known wherever they stand.
        "HELP" => !told.ends_with(' ') && told.bytes().all(is_of_sentence) && !told.contains("Failed to get leader: "),
        "TYPE" => TYPES.contains(&told),
        _ => false,
    }
}

fn is_of_sentence(byte: u8) -> bool {
    is_of_value(byte) || matches!(byte, b' ' | b',' | b'(' | b')' | b'\'')
}

/// Whether a text is a value and nothing more, and one that the name may have.
fn is_value(name: &str, text: &str) -> bool {
    let is_count = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || text.len() > 1 && !text.starts_with('0'));
    is_count || number(text).is_some_and(|(value, behind)| behind.is_empty() && can_be(name, value))
}

fn split_identifier(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !is_of_identifier(b)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|_| end > 0 && !text.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::exposition::{Parsed, Scope, read};

    fn alone(text: &str) -> Option<Plain<'_>> {
        plain(text, &mut Before::default()).map(|(plain, _)| plain)
    }

    #[test]
    fn behind_any_other_sample_a_line_is_read_as_it_is_alone() {
        const SAMPLES: &[&str] = &[
            "etcd_x_bucket{le=\"0.001\"} 3",
            "etcd_x_bucket{le=\"0.002\"} 3",
            "etcd_x_bucket{le=\"0.0016\"} 12",
            "etcd_x_bucket{le=\"+Inf\"} 12",
            "etcd_x_bucket{le=\"x\"} 12",
            "etcd_x_bucket{le=\"\"} 12",
            "etcd_x_sum 0.5",
            "etcd_x_count 12",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"} 0",
            "grpc_x{grpc_code=\"\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 7",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} x",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Range\" ,grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Ran\\ge\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Ränge\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Ra\",b=\"nge\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"} 0",
            "grpc_x{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"",
            "grpc_x{grpc_code=\"OK\"",
            "grpc_x{} 1",
            "grpc_x 1",
            "up{a=\"b\"} 1",
            "# TYPE etcd_x_sum gauge",
            " 7",
            "",
        ];
        for first in SAMPLES {
            for second in SAMPLES {
                for third in SAMPLES {
                    let mut before = Before::default();
                    let named = [first, second].map(|text| plain(text, &mut before).is_some());
                    let read = plain(third, &mut before);
                    let Some((plain, is_same)) = read else {
                        assert_eq!(alone(third), None, "{third} behind {first} and {second}");
                        continue;
                    };
                    assert_eq!(alone(third), Some(plain), "{third} behind {first} and {second}");
                    let name = |text: &str| text.split(['{', ' ']).next().unwrap_or_default().to_owned();
                    let last = [(second, named[1]), (first, named[0])]
                        .into_iter()
                        .find(|(text, is_one)| *is_one && !text.starts_with('#'));
                    assert!(
                        !is_same || last.is_some_and(|(last, _)| name(last) == name(third)),
                        "{third} behind {first} and {second}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_two_texts_share_is_counted() {
        for (one, other, begin) in [
            ("", "", 0),
            ("a", "", 0),
            ("abc", "abd", 2),
            ("xbc", "abc", 0),
            ("abcdefgh", "abcdefgh", 8),
            ("abcdefghi", "abcdefgh", 8),
            ("abcdefghijkl", "abcdefghijkl", 12),
            ("0bcdefghijkl", "1bcdefghijkl", 0),
            ("abcdefghijk0", "abcdefghijk1", 11),
        ] {
            assert_eq!(common(one.as_bytes(), other.as_bytes()), begin, "{one} {other}");
        }
    }

    #[test]
    fn what_etcd_writes_is_plain_and_read_in_full_it_is_the_same() {
        for (text, name) in [
            ("# HELP etcd_server_has_leader Whether or not a leader exists. 1 is existence, 0 is not.", None),
            ("# HELP etcd_debugging_snap_save_total_duration_seconds The total latency: marshalling + saving.", None),
            ("# TYPE etcd_server_has_leader gauge", None),
            ("etcd_server_has_leader 1", Some("etcd_server_has_leader")),
            (
                "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 291808",
                Some("etcd_disk_wal_fsync_duration_seconds_bucket"),
            ),
            ("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"+Inf\"} 0", Some("etcd_disk_wal_fsync_duration_seconds_bucket")),
            ("etcd_disk_wal_fsync_duration_seconds_sum 0.25", Some("etcd_disk_wal_fsync_duration_seconds_sum")),
            ("go_gc_duration_seconds{quantile=\"0.25\"} 2.5e-05", Some("go_gc_duration_seconds")),
            ("go_info{version=\"go1.23.7\"} 1", Some("go_info")),
            (
                "grpc_server_started_total{grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\"} 12",
                Some("grpc_server_started_total"),
            ),
            ("process_start_time_seconds 1.76e+09", Some("process_start_time_seconds")),
        ] {
            let read = read(text, Scope::Fragment, true);
            match (alone(text).unwrap(), name) {
                (Plain::Comment, None) => assert_eq!(read, Parsed::Comment { mended: false }, "{text}"),
                (Plain::Sample(sample), Some(name)) => {
                    let (labels, value) = (sample.labels(), sample.value().unwrap());
                    assert_eq!(read, Parsed::Sample { name, labels, value, mended: false }, "{text}");
                }
                (plain, _) => panic!("{text}: {plain:?}"),
            }
        }
    }

    #[test]
    fn anything_else_is_left_to_the_full_reading() {
        for text in [
            "",
            "# etcd_server_has_leader",
            "# HELP etcd_server_has_leader Failed to get leader: no leader",
            "# HELP etcd_server_has_leader see {\"level\":\"warn\"}",
            "# HELP etcd_server_has_leader a | b",
            "# HELP up 1 if the target answers.",
            "# TYPE etcd_server_has_leader gaug",
            "# df",
            "up 1",
            "etcd_server_has_leader",
            "etcd_server_has_leader ",
            "etcd_server_has_leader  1",
            "etcd_server_has_leader 1 ",
            "etcd_server_has_leader 01",
            "etcd_server_has_leader 1 1700000000000",
            "etcd_server_has_leader{} 1",
            "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.0.1\"} 5",
            "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.1\"} 5.5",
            "etcd_disk_wal_fsync_duration_seconds_count -1",
            "etcd_x{a=\"$ df\"} 1",
            "etcd_x{a=\"b\"}1",
            "etcd_x{a=\"b",
            "etcd_x{0a=\"b\"} 1",
            "36etcd_server_has_leader 1",
            "etcd_server_has_leader 1\r",
        ] {
            assert_eq!(alone(text), None, "{text}");
        }
    }
}
