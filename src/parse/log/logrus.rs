//! logrus' two forms, in which k3s, rke2 and others around etcd write: fields, and on a terminal a level with the seconds since the start.

use super::date;
use super::{Body, Form, Level, LogLine};

/// `time="2026-11-22T15:46:32Z" level=error msg="…" error="…"`. Where there is an error, it tells more than the message around it.
pub(super) fn fields(text: &str) -> Option<LogLine<'_>> {
    let rest = text.strip_prefix("time=")?;
    let (time, rest) = value(rest)?;
    let (level, rest) = value(rest.trim_start().strip_prefix("level=")?)?;
    let level = Level::from_word(level)?;
    let stamp = date::iso(time).map(|(stamp, _)| stamp);
    let mut said = None;
    let mut rest = rest.trim_start();
    while let Some((name, after)) = rest.split_once('=').filter(|(name, _)| is_name(name)) {
        let Some((text, after)) = value(after) else {
            // The line was cut in its last value.
            said = (name == "msg" || name == "error").then(|| after.trim_start_matches('"')).or(said);
            break;
        };
        if name == "error" || name == "msg" && said.is_none() {
            said = Some(text);
        }
        rest = after.trim_start();
    }
    Some(LogLine { stamp, level: Some(level), form: Form::Logfmt, ..LogLine::of(Body::Text(said?.trim_end())) })
}

/// `WARN[0052] text`.
pub(super) fn short(text: &str) -> Option<LogLine<'_>> {
    const LEVELS: [(&str, Level); 6] = [
        ("INFO[", Level::Info),
        ("WARN[", Level::Warn),
        ("ERRO[", Level::Error),
        ("FATA[", Level::Fatal),
        ("PANI[", Level::Panic),
        ("DEBU[", Level::Debug),
    ];
    let (level, rest) = LEVELS.iter().find_map(|(word, level)| text.strip_prefix(word).map(|rest| (*level, rest)))?;
    let (seconds, said) = rest.split_once("] ")?;
    let is_number = seconds.len() >= 4 && seconds.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| LogLine { level: Some(level), form: Form::Logfmt, ..LogLine::of(Body::Text(said.trim())) })
}

/// A value with or without quotation marks, and what follows it. Escapes stay as they stand.
fn value(text: &str) -> Option<(&str, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(' ').unwrap_or(text.len());
        return text.split_at_checked(end);
    };
    let is_end = |(at, _): &(usize, &str)| !quoted.get(..*at).is_some_and(|before| before.ends_with('\\'));
    let (end, _) = quoted.match_indices('"').find(is_end)?;
    Some((quoted.get(..end)?, quoted.get(end + 1..)?))
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_the_short_form_are_read() {
        for (text, level, said) in [
            (
                r#"time="2026-11-22T15:46:32+08:00" level=warning msg="Errors present: \"x\" y " n=1"#,
                Level::Warn,
                r#"Errors present: \"x\" y"#,
            ),
            (
                r#"time="2026-11-22T15:46:32Z" level=fatal msg="starting: failed" error="wal: file not found""#,
                Level::Fatal,
                "wal: file not found",
            ),
            (r#"time="2026-11-22T15:46:32Z" level=info msg=Started"#, Level::Info, "Started"),
            (r#"time="2026-11-22T15:46:32Z" level=info msg="cut off in the mi"#, Level::Info, "cut off in the mi"),
        ] {
            let line = fields(text).unwrap();
            assert_eq!((line.level, line.body, line.stamp.is_some()), (Some(level), Body::Text(said), true), "{text}");
        }
        let line = short("FATA[0004] Failed to start: x ").unwrap();
        assert_eq!((line.level, line.body), (Some(Level::Fatal), Body::Text("Failed to start: x")));
        for text in ["WARN[x] y", "INFO[0004]", "INFO: [core] x", "time=5 seconds"] {
            assert!(short(text).is_none() && fields(text).is_none(), "{text}");
        }
    }
}
