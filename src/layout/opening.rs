//! How what is evidence begins: a line that begins so continues no other.

use super::{heading::heading, prompt::prompt};

/// What lines of commands and logs begin with, beside dates.
const BEGINNINGS: &[&str] = &[
    "```",
    "~~~",
    "{",
    "}",
    "[{",
    "|",
    "+-",
    "# HELP",
    "# TYPE",
    "cluster is ",
    "cluster may ",
    "drwx",
    "-rw",
    "total ",
    "Filesystem",
    "/dev/",
    "tmpfs",
    "goroutine ",
    "panic:",
    "Error:",
    "error:",
    "% Total",
    "-- ",
    "etcdctl ",
    "raft",
    "unhealthy ",
    "alarm:",
    "failed to ",
    "Failed to ",
    "context deadline",
];

const MONTHS: &[&str] = &["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "];

/// Whether a line begins like a record, an answer, a row or a prompt.
pub(super) fn is_opening(text: &str) -> bool {
    let text = text.trim_end();
    text.trim().is_empty()
        || is_dated(text)
        || BEGINNINGS.iter().any(|words| begins(text, words))
        || is_answer(text)
        || is_metric(text)
        || prompt(text).is_some()
        || heading(text).is_some()
}

/// Whether a text begins with words. Most do not even begin with the same sign.
fn begins(text: &str, words: &str) -> bool {
    text.as_bytes().first() == words.as_bytes().first() && text.starts_with(words)
}

/// Whether a log's date begins the line: ISO, etcd's, syslog's, klog's, a raw syslog's `<30>`, dmesg's.
pub(super) fn is_dated(text: &str) -> bool {
    let is_like = |pattern: &str| {
        let mut signs = text.bytes();
        pattern.bytes().all(|p| signs.next().is_some_and(|b| if p == b'0' { b.is_ascii_digit() } else { b == p || p == b'?' }))
    };
    if !text.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '[' || c == '<') {
        return false;
    }
    is_like("0000-00-00?00:00")
        || is_like("0000/00/00 00:00")
        || is_like("?0000 00:00:00") && text.starts_with(['I', 'W', 'E', 'F'])
        || is_like("[0000-00-00")
        || is_syslog(text)
        || (text.starts_with('<')
            && text.get(1..).and_then(|rest| rest.split_once('>')).is_some_and(|(n, rest)| n.len() <= 3 && is_syslog(rest)))
        || (text.starts_with("[ ") && text.get(..20).is_some_and(|start| start.contains("] ") && start.contains('.')))
}

/// `Aug 28 09:36:01 `.
fn is_syslog(text: &str) -> bool {
    let Some(rest) = MONTHS.iter().find(|month| begins(text, month)).and_then(|month| text.strip_prefix(month)) else {
        return false;
    };
    let mut words = rest.split_whitespace();
    let is_day = words.next().is_some_and(|day| day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit()));
    is_day && words.next().is_some_and(|time| time.len() >= 8 && time.as_bytes().get(2) == Some(&b':'))
}

/// A syslog's date behind some prose: `the log: Aug 28 09:36:01 …`.
fn has_date(text: &str) -> bool {
    let starts = text.char_indices().take(60).map(|(at, _)| at);
    starts.filter_map(|at| text.get(at..)).any(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()) && is_syslog(rest))
}

/// Whether a line can be the beginning of what goes on in the next.
pub(super) fn can_go_on(text: &str) -> bool {
    !text.trim().is_empty() && !text.starts_with(['|', '+']) && (is_opening(text) || has_date(text))
}

/// `member 2c2b493165507658 is …`, `2c2b493165507658, started, …`, `2c2b493165507658: name=…`, `http://10.0.0.1:2379 is …`.
fn is_answer(text: &str) -> bool {
    let is_id = |word: &str| (8..=16).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit());
    let (first, rest) = text.split_at(text.find([' ', ',', ':', '[']).unwrap_or(text.len()));
    (first == "member" && rest.get(1..).and_then(|rest| rest.split(' ').next()).is_some_and(is_id))
        || (is_id(first) && rest.starts_with([',', ':', '[']))
        || ((text.starts_with("http://") || text.starts_with("https://"))
            && text.split(' ').nth(1).is_some_and(|word| word == "is"))
        || (text.starts_with("http") && text.contains(", "))
}

/// `etcd_name{le="1"} 2`, `go_goroutines 50`.
pub(super) fn is_metric(text: &str) -> bool {
    let end = text.bytes().position(|b| !b.is_ascii_alphanumeric() && b != b'_' && b != b':').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_value = || rest.trim().bytes().next().is_some_and(|b| b.is_ascii_digit() || b"+-N".contains(&b));
    name.contains('_')
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && (rest.starts_with('{') || (rest.starts_with(' ') && is_value()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_answers_rows_and_prompts_begin_something() {
        for text in [
            "2020-04-07 00:04:00.932220 I | embed: a",
            "2021-03-01T10:15:02.123Z info x",
            "Aug 28 09:36:01 db-1 etcd: a",
            "<30>Aug  8 09:36:01 db-1 etcd: a",
            "I0407 00:04:00.932220 1 a.go:1] x",
            "[   12.345678] Out of memory",
            "{\"level\":\"warn\"}",
            "member 2c2b493165507658 is healthy: got healthy result from http://10.0.0.2:2379",
            "2c2b493165507658, started, a, http://10.0.0.1:2380, http://10.0.0.1:2379, false",
            "https://10.0.0.1:2379 is healthy: successfully committed",
            "etcd_x_bucket{le=\"0.001\"} 3",
            "go_goroutines 50",
            "[root@h ~]# df",
            "| ID |",
        ] {
            assert!(is_opening(text), "{text}");
        }
        assert!(can_go_on("the log: Aug 28 09:36:01 db-1 etcd: open"));
    }

    #[test]
    fn what_a_wrap_leaves_begins_nothing() {
        for text in
            ["79", "http://10.0.0.2:2379", "0.001\"} 291808", "healthy result from x", "(error \"EOF\")", "_seconds_sum 12.5 x"]
        {
            assert!(!is_opening(text), "{text}");
        }
    }
}
