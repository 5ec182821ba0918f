//! One line of the Prometheus text format, as it was written or as curl's progress meter tore it.
//!
//! `curl http://…/metrics | grep fsync` on a terminal writes from two processes: grep its lines, curl its meter, piece by piece and
//! on the error stream. What people paste has pieces of the meter in front of the lines: `36# TYPE …`, `ketcd_wal_fsync…`.
//! Losing a bucket only widens a bound, reading one wrong gives a false finding; so what is ambiguous is broken here.

mod plain;

pub(super) use plain::{Before, Plain, plain};

use std::borrow::Cow;

use crate::text::Untrusted;

/// Names etcd's own exposition is made of. Everything else is a metric only where a whole exposition was promised.
const PREFIXES: [&str; 7] = ["etcd_", "process_", "go_", "grpc_", "promhttp_", "http_", "os_fd"];

/// Types a `# TYPE` line can name.
const TYPES: [&str; 6] = ["counter", "gauge", "histogram", "summary", "untyped", "unknown"];

/// Most labels of one sample. gRPC's own have five.
const MOST_LABELS: usize = 64;

/// Labels as they were read: names are plain identifiers, values can hold anything.
pub(super) type Labels = Vec<(Cow<'static, str>, Untrusted)>;

/// The name of a label; nearly all have one of these.
fn label_name(name: &str) -> Cow<'static, str> {
    const NAMES: &[&str] = &["le", "quantile", "grpc_code", "grpc_method", "grpc_service", "grpc_type", "To", "From", "version"];
    NAMES.iter().find(|known| **known == name).map_or_else(|| name.to_owned().into(), |known| (*known).into())
}

/// What is known about the text that a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it is an exposition: any identifier can be a metric.
    Whole,
    /// An exposition can stand in it: only etcd's prefixes make a metric.
    Fragment,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parsed<'a> {
    /// A `# HELP` or `# TYPE` line, or a comment of a whole exposition.
    Comment { mended: bool },
    /// One sample.
    Sample { name: &'a str, labels: Labels, value: f64, mended: bool },
    /// A metric line that cannot be used.
    Broken,
    /// Anything else.
    NotMetric,
}

/// Reads one line. `flowing` tells that the line before was a metric line.
pub(super) fn read(text: &str, scope: Scope, flowing: bool) -> Parsed<'_> {
    let text = text.trim();
    let (head, rest) = split_meter(text);
    let mended = !head.is_empty();
    if let Some(comment) = rest.strip_prefix('#') {
        return read_comment(comment, scope, mended);
    }
    let (name, after) = split_name(rest, false);
    if is_known(name) && !holds_date(head) {
        return match read_sample(name, after, scope, flowing, mended) {
            Parsed::NotMetric if scope == Scope::Whole => Parsed::Broken,
            parsed => parsed,
        };
    }
    match scope {
        Scope::Whole => read_any_sample(text),
        Scope::Fragment => Parsed::NotMetric,
    }
}

/// Whether a line is curl's progress meter and nothing else: its two head lines, or a row of figures. A torn piece too short to
/// tell (`0`, `k`) is not.
pub fn is_progress_meter(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('%') {
        return text.contains("% Received") && text.contains("% Xferd");
    }
    if text.starts_with("Dload") {
        return text.contains("Upload") && text.contains("Speed");
    }
    is_meter(text) && !holds_date(text) && (text.contains(":--") || text.contains("--:") || is_meter_start(text))
}

/// A row cut before its time columns: `100 33358  100 33358`, where every second figure is a percentage.
fn is_meter_start(text: &str) -> bool {
    let figures: Vec<&str> = text.split_whitespace().collect();
    let percent = |figure: &&str| figure.parse::<u8>().is_ok_and(|percent| percent <= 100);
    (3..=8).contains(&figures.len()) && figures.iter().take(6).step_by(2).all(percent)
}

fn is_meter_byte(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b' ' | b'\t' | b'\r' | b'.' | b':' | b'-' | b'k' | b'M' | b'G' | b'T' | b'P')
}

fn is_meter(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_meter_byte)
}

/// The JSON that a meter has written its figures in front of, on one line: `100    17  100    17 … --:--:--  4250{"health":"true"}`.
pub fn json_behind_meter(text: &str) -> Option<&str> {
    let (before, json) = text.split_at_checked(text.find("{\"")?)?;
    let before = before.trim_matches(['\r', ' ']);
    let is_row =
        before.contains(":--") || before.split_whitespace().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).count() >= 4;
    let is_of_meter = before.split('\r').all(|row| row.trim().is_empty() || is_meter(row.trim()));
    (is_row && is_of_meter).then_some(json)
}

/// Cuts what a meter can have written off the front. No known prefix begins with a byte of the meter.
fn split_meter(text: &str) -> (&str, &str) {
    cut(text, text.bytes().position(|byte| !is_meter_byte(byte)).unwrap_or(text.len()))
}

/// `2018-08-28` never stands in a meter: the line is from a log.
fn holds_date(text: &str) -> bool {
    text.as_bytes().windows(3).any(|three| match three {
        [before, b'-', behind] => before.is_ascii_digit() && behind.is_ascii_digit(),
        _ => false,
    })
}

fn cut(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Splits an identifier off the front; `colons` as in the names of recording rules.
fn split_name(text: &str, colons: bool) -> (&str, &str) {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return ("", text);
    }
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (colons && byte == b':');
    cut(text, text.bytes().position(|byte| !is_name_byte(byte)).unwrap_or(text.len()))
}

fn is_known(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.len() > prefix.len() && name.starts_with(prefix))
}

fn read_comment(comment: &str, scope: Scope, mended: bool) -> Parsed<'_> {
    let words = comment.trim_start();
    let told =
        words.strip_prefix("HELP ").map(|rest| (rest, false)).or_else(|| words.strip_prefix("TYPE ").map(|rest| (rest, true)));
    let Some((rest, is_type)) = told else {
        return plain_comment(scope, mended);
    };
    let (name, after) = split_name(rest.trim_start(), scope == Scope::Whole);
    if name.is_empty() || (scope == Scope::Fragment && !is_known(name)) {
        return Parsed::NotMetric;
    }
    if is_type { read_type(after, mended) } else { Parsed::Comment { mended } }
}

fn plain_comment(scope: Scope, mended: bool) -> Parsed<'static> {
    match scope {
        Scope::Whole => Parsed::Comment { mended },
        Scope::Fragment => Parsed::NotMetric,
    }
}

fn read_type(after: &str, mended: bool) -> Parsed<'_> {
    let (word, behind) = split_name(after.trim_start(), false);
    match TYPES.contains(&word) {
        true => Parsed::Comment { mended: mended || !behind.trim().is_empty() },
        false => Parsed::Broken,
    }
}

/// A sample of any name, in exactly the shape `name{labels} value [timestamp]`.
fn read_any_sample(text: &str) -> Parsed<'_> {
    let (name, after) = split_name(text, true);
    if name.is_empty() {
        return Parsed::NotMetric;
    }
    match read_sample(name, after, Scope::Whole, false, false) {
        sample @ Parsed::Sample { mended: false, .. } => sample,
        _ => Parsed::NotMetric,
    }
}

fn read_sample<'a>(name: &'a str, after: &'a str, scope: Scope, flowing: bool, mended: bool) -> Parsed<'a> {
    let labelled = after.starts_with('{');
    let (labels, rest) = match read_labels(after) {
        Ok(read) => read,
        Err(Unreadable::Cut) => return Parsed::Broken,
        Err(Unreadable::Foreign) => return words(after),
    };
    match read_value(rest, labelled, scope) {
        Value::Read { value, junk } if fits(name, &labels, value) => {
            Parsed::Sample { name, labels, value, mended: mended || junk }
        }
        Value::Read { .. } | Value::Torn => Parsed::Broken,
        Value::Absent | Value::Cut if labelled || flowing => Parsed::Broken,
        Value::Absent | Value::Cut => Parsed::NotMetric,
        Value::Words => words(rest),
    }
}

/// Words behind a name are prose, unless they end as a sample ends: then the name was torn.
fn words(rest: &str) -> Parsed<'static> {
    let ends_as_sample = rest.rfind("\"}").and_then(|at| rest.get(at + 2..)).is_some_and(|value| {
        value.starts_with(char::is_whitespace) && number(value.trim_start()).is_some_and(|(_, behind)| behind.is_empty())
    });
    if ends_as_sample && rest.contains("=\"") { Parsed::Broken } else { Parsed::NotMetric }
}

/// Whether a value can be what its name says, and bounds and quantiles are figures.
fn fits(name: &str, labels: &Labels, value: f64) -> bool {
    let is_figure =
        |(label, text): &(Cow<'static, str>, Untrusted)| !matches!(&**label, "le" | "quantile") || figure(text.raw()).is_some();
    can_be(name, value) && labels.iter().all(is_figure)
}

/// Whether a value can be what its name says: counts are whole, counts and sums not negative.
fn can_be(name: &str, value: f64) -> bool {
    let is_count = name.ends_with("_bucket") || (name.ends_with("_count") && is_known(name));
    let is_sum = name.ends_with("_sum") && is_known(name);
    let counts = value >= 0.0 && value.fract() == 0.0 && value.is_finite();
    (!is_count || counts) && (!is_sum || value.is_nan() || value >= 0.0)
}

/// A figure that is all of a text: a bound or a quantile.
pub(super) fn figure(text: &str) -> Option<f64> {
    number(text).filter(|(_, behind)| behind.is_empty()).map(|(value, _)| value)
}

enum Unreadable {
    /// The line ends inside the labels.
    Cut,
    /// Not the labels of an exposition: a selector of PromQL, prose.
    Foreign,
}

/// Reads `{name="value",…}`, if there is one. Labels come sorted.
fn read_labels(text: &str) -> Result<(Labels, &str), Unreadable> {
    let mut labels = Labels::new();
    let Some(mut rest) = text.strip_prefix('{') else {
        return Ok((labels, text));
    };
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if let Some(behind) = rest.strip_prefix('}') {
            labels.sort();
            return Ok((labels, behind));
        }
        let (name, after) = split_name(rest, false);
        let value = quoted(after.trim_start())?;
        if name.is_empty() || labels.len() == MOST_LABELS {
            return Err(Unreadable::Foreign);
        }
        labels.push((label_name(name), value.0));
        rest = value.1;
    }
}

/// Reads `="value"` and takes the escapes off.
fn quoted(text: &str) -> Result<(Untrusted, &str), Unreadable> {
    if text.is_empty() {
        return Err(Unreadable::Cut);
    }
    let text = text.strip_prefix('=').ok_or(Unreadable::Foreign)?.trim_start();
    if text.is_empty() {
        return Err(Unreadable::Cut);
    }
    let text = text.strip_prefix('"').ok_or(Unreadable::Foreign)?;
    if let Some((value, behind)) = text.split_once('"').filter(|(value, _)| !value.contains('\\')) {
        return Ok((value.into(), behind));
    }
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok((value.into(), chars.as_str())),
            '\\' => unescape(chars.next(), &mut value)?,
            c => value.push(c),
        }
    }
    Err(Unreadable::Cut)
}

/// An escape the format does not know stays as it is written.
fn unescape(c: Option<char>, value: &mut String) -> Result<(), Unreadable> {
    match c {
        None => return Err(Unreadable::Cut),
        Some('n') => value.push('\n'),
        Some(c @ ('\\' | '"')) => value.push(c),
        Some(c) => value.extend(['\\', c]),
    }
    Ok(())
}

enum Value {
    Read {
        value: f64,
        junk: bool,
    },
    /// No value at all.
    Absent,
    /// A number that breaks off: `2.5e-`.
    Cut,
    /// The meter stands in or in place of the value.
    Torn,
    /// Not a value: prose, PromQL.
    Words,
}

fn read_value(rest: &str, labelled: bool, scope: Scope) -> Value {
    let field = rest.trim_start();
    if field.is_empty() {
        return Value::Absent;
    }
    if field.len() == rest.len() {
        // Without a gap it is a sentence's `.` or yaml's `:`; only behind labels, and with a figure, it was torn.
        let torn = labelled && is_meter(field) && field.contains(|c: char| c.is_ascii_digit() || c == '-');
        return if torn { Value::Torn } else { Value::Words };
    }
    let Some((value, behind)) = number(field) else {
        return if is_meter(field) { Value::Torn } else { Value::Words };
    };
    match Behind::of(behind, scope) {
        Behind::Nothing => Value::Read { value, junk: false },
        Behind::Meter => Value::Read { value, junk: true },
        Behind::Torn => Value::Torn,
        Behind::Glued => Value::Cut,
        // `292001 <= 99.95%`: the author's own mark, at the very line he wants to show.
        Behind::Words if labelled => Value::Read { value, junk: true },
        Behind::Words => Value::Words,
    }
}

/// What stands behind a value.
enum Behind {
    /// Nothing, or a timestamp.
    Nothing,
    /// Pieces of the meter that cannot be a part of the value.
    Meter,
    /// Pieces of the meter, of which the last can be the value's tail, or another sample.
    Torn,
    /// Letters that touch the value.
    Glued,
    /// Words behind a gap.
    Words,
}

impl Behind {
    fn of(text: &str, scope: Scope) -> Self {
        let words = text.trim();
        let gap = text.starts_with(char::is_whitespace);
        if words.is_empty() || (gap && is_timestamp(words, scope)) {
            return Self::Nothing;
        }
        if is_meter(words) && !holds_date(words) {
            // `k`, `.` and `:` belong to a figure of the meter, so that touching the value they have put digits to it.
            let apart = gap || words.starts_with('-');
            return if apart && !can_end_value(words) { Self::Meter } else { Self::Torn };
        }
        if words.split_whitespace().any(|word| is_known(split_name(split_meter(word).1, false).0)) {
            return Self::Torn;
        }
        if gap { Self::Words } else { Self::Glued }
    }
}

/// etcd never writes timestamps, Prometheus' federation does: milliseconds, 13 digits with a 1 in front from 2001 to 2033.
/// The tail of a torn sum can have 13 digits too.
fn is_timestamp(word: &str, scope: Scope) -> bool {
    match scope {
        Scope::Whole => word.parse::<i64>().is_ok(),
        Scope::Fragment => word.len() == 13 && word.starts_with('1') && word.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Whether the line's last word can be the tail of a value that the words before have torn apart: `29 0 --:--1947`, `29 1947`.
/// Not so a lonely `0` or `100`, of which the meter is full.
fn can_end_value(words: &str) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    last.ends_with(|c: char| c.is_ascii_digit()) && !matches!(last, "0" | "100")
}

/// Splits a number off the front, in the forms that Go writes: no leading zeros, digits on both sides of the point.
/// Rust would read `291947.` and `0291947` too, and both only come from tears.
fn number(text: &str) -> Option<(f64, &str)> {
    if let Some(read) = small_count(text) {
        return Some(read);
    }
    for (word, value) in
        [("NaN", f64::NAN), ("nan", f64::NAN), ("Inf", f64::INFINITY), ("+Inf", f64::INFINITY), ("-Inf", -f64::INFINITY)]
    {
        if let Some(behind) = text.strip_prefix(word) {
            return Some((value, behind));
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned.starts_with('0')) {
        return None;
    }
    let mut at = text.len() - unsigned.len() + whole;
    at += part(text.get(at..)?, |rest| rest.strip_prefix('.'));
    at += part(text.get(at..)?, |rest| {
        let exponent = rest.strip_prefix(['e', 'E'])?;
        Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
    });
    let (number, behind) = cut(text, at);
    number.parse().ok().map(|value| (value, behind))
}

/// A whole number of so few digits that a float holds it, and nothing behind it: most values of an exposition.
fn small_count(text: &str) -> Option<(f64, &str)> {
    const MOST_DIGITS: usize = 9;
    if text.is_empty() || text.len() > MOST_DIGITS || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    let mut count = 0_u32;
    for digit in text.bytes() {
        count = count * 10 + u32::from(Some(digit).filter(u8::is_ascii_digit)? - b'0');
    }
    Some((f64::from(count), ""))
}

/// The length of a part of a number with its mark, 0 if no digits follow the mark.
fn part(rest: &str, mark: impl Fn(&str) -> Option<&str>) -> usize {
    match mark(rest) {
        Some(after) if digits(after) > 0 => rest.len() - after.len() + digits(after),
        _ => 0,
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests;
