//! Lines of an exposition exactly as etcd writes them. There are a thousand or two in a text, and no other reader wants one: whoever has read one of
//! them in full may take the next by this alone.

use super::{Labels, MOST_LABELS, TYPES, can_be, figure, is_known, number};

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
        let pairs = self.labels.split(',').filter_map(|pair| pair.split_once("=\""));
        let mut labels: Labels = pairs.map(|(name, value)| (name.into(), value.trim_end_matches('"').into())).collect();
        labels.sort();
        labels
    }

    /// Its value.
    pub(in crate::parse) fn value(&self) -> Option<f64> {
        figure(self.value)
    }
}

/// Reads a line; none where it has anything that etcd would not write, or that means something to another reader. `last` is the name of the sample
/// before, since those of one name stand in a row.
pub(in crate::parse) fn plain<'a>(text: &'a str, last: &str) -> Option<Plain<'a>> {
    if let Some(comment) = text.strip_prefix("# ") {
        return is_comment(comment).then_some(Plain::Comment);
    }
    let same = text.split_at_checked(last.len()).filter(|(name, behind)| *name == last && behind.starts_with(['{', ' ']));
    let (name, behind) = same.or_else(|| split_identifier(text))?;
    let (labels, value) = match behind.strip_prefix('{') {
        Some(inner) => {
            let rest = behind_labels(inner)?;
            (inner.get(..inner.len() - rest.len() - 1)?, rest)
        }
        None => ("", behind),
    };
    let value = value.strip_prefix(' ')?;
    let is_plain = (same.is_some() || is_known(name)) && is_value(name, value);
    is_plain.then_some(Plain::Sample(Sample { name, labels, value }))
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

/// What stands behind labels whose values have no sign that another reader looks for.
fn behind_labels(mut text: &str) -> Option<&str> {
    for _ in 0..MOST_LABELS {
        let (name, behind) = split_identifier(text)?;
        let behind = behind.strip_prefix("=\"")?;
        let end = behind.bytes().position(|b| !is_of_value(b))?;
        let (value, behind) = behind.split_at_checked(end)?;
        if matches!(name, "le" | "quantile") {
            figure(value)?;
        }
        match behind.strip_prefix('"')?.split_at_checked(1)? {
            ("}", rest) => return Some(rest),
            (",", rest) => text = rest,
            _ => return None,
        }
    }
    None
}

/// Whether a text is a value and nothing more, and one that the name may have.
fn is_value(name: &str, text: &str) -> bool {
    let is_count = text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || text.len() > 1 && !text.starts_with('0'));
    is_count || number(text).is_some_and(|(value, behind)| behind.is_empty() && can_be(name, value))
}

fn split_identifier(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !is_of_identifier(b)).filter(|end| *end > 0)?;
    text.split_at_checked(end).filter(|_| !text.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::exposition::{Parsed, Scope, read};

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
            assert_eq!(plain(text, name.unwrap_or_default()), plain(text, ""), "{text}");
            match (plain(text, "").unwrap(), name) {
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
            for last in ["", "etcd_server_has_leader", "etcd_disk_wal_fsync_duration_seconds_bucket", "etcd_x", "etcd"] {
                assert_eq!(plain(text, last), None, "{text} behind {last}");
            }
        }
    }
}
