//! A pasted text: disguises are taken off its lines, broken records joined, and chat headers made edges, before anything is read.

use std::sync::LazyLock;

use memchr::{memchr, memchr2, memchr3, memmem::Finder};

use super::{
    chat, disguise, glued,
    marks::{is_quoted, numbered, without_list_mark, without_quote_mark},
    opening::{is_dated, is_metric, is_opening},
    prompt::prompt,
    tables,
    wrapped::Wraps,
};
use crate::bundle::Held;

/// What a pasted text is made of.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A chat header: what was printed before it is over.
    Edge,
    /// A line, as it is to be read.
    Line(Held),
}

/// How many bytes of a text tell whether it is a paste.
pub const FIRST_PART: usize = 64 * 1024;

/// Whether a text looks like a paste by its first part. An ordinary log is not, and is read straight through.
pub fn looks_pasted(text: &str) -> bool {
    if is_exposition(text) {
        return false;
    }
    let lines: Vec<&str> = text.lines().collect();
    let is_broken = |first: &str, next: &str| {
        let is_open = first.starts_with(['{', '[']) && !first.ends_with(['}', ']']) && first.len() > 2;
        (is_open || is_dated(first)) && !is_opening(next)
    };
    lines.iter().any(|line| is_disguised(line))
        || lines.windows(2).any(|pair| matches!(pair, [first, next] if is_broken(first, next)))
        || !numbered(&lines).is_empty()
        || Wraps::of(&lines).is_any()
        || tables::is_any_broken(&lines)
}

/// Whether a line has none of the signs of which each disguise needs one: a prompt's, a quotation's, a tag's, a bar, an entity's, a clock's colon.
fn has_no_sign(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.is_ascii()
        && memchr3(b'#', b'$', b'>', bytes).is_none()
        && memchr3(b'<', b'|', b'&', bytes).is_none()
        && memchr(b':', bytes).is_none()
        && RECORD.find(bytes).is_none()
}

/// How a record of JSON begins.
static RECORD: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("{\""));

/// Whether a text is etcd's metrics and nothing else, as most of a bundle is: then no line wears a disguise or goes on in the next. The same signs
/// are looked for, in all lines together.
fn is_exposition(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = text.starts_with("# HELP ") || text.starts_with("# TYPE ");
    let has_no_sign = || {
        text.is_ascii()
            && memchr3(b'$', b'>', b'@', bytes).is_none()
            && memchr3(b'<', b'|', b'&', bytes).is_none()
            && RECORD.find(bytes).is_none()
    };
    let is_lower = |text: &str| text.starts_with(|c: char| c.is_ascii_lowercase());
    // Behind the sign of root's prompt stands no program's name; a chat's header ends with a clock.
    let is_comment = |rest: &str| {
        let may_have_clock = chat::may_be_header(rest) && memchr(b':', rest.as_bytes()).is_some();
        is_lower(rest) && memchr(b'#', rest.as_bytes()).is_none() && !may_have_clock
    };
    if !begins || !has_no_sign() {
        return false;
    }
    // Samples of one name stand in a row.
    let mut last = "";
    text.lines().all(|line| {
        if let Some(rest) = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE ")) {
            return is_comment(rest);
        }
        if !is_lower(line) || memchr2(b'#', b':', line.as_bytes()).is_some() {
            return false;
        }
        if !last.is_empty() && line.strip_prefix(last).is_some_and(|labels| labels.starts_with('{')) {
            return true;
        }
        last = line.split_once('{').map_or("", |(name, _)| name);
        is_metric(line)
    })
}

/// Whether no line of metrics, or of the kernel's files, could be a chat's header, which ends with a clock. Nothing else makes a paste of these.
pub fn has_no_header(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).all(|colon| {
        let begin = bytes.get(..colon).and_then(|before| memchr::memrchr(b'\n', before)).map_or(0, |end| end + 1);
        let end = bytes.get(colon..).and_then(|rest| memchr(b'\n', rest)).map_or(bytes.len(), |length| colon + length);
        text.get(begin..end).is_some_and(|line| chat::header(line).is_none())
    })
}

fn is_disguised(line: &str) -> bool {
    let text = line.trim();
    !has_no_sign(text) && wears_a_disguise(text)
}

fn wears_a_disguise(text: &str) -> bool {
    text.starts_with("```")
        || text.starts_with("~~~")
        || is_quoted(text)
        || prompt(text).is_some()
        || chat::header(text).is_some()
        || without_list_mark(text).is_some()
        || disguise::cut_at_tags(text).is_some()
        || disguise::out_of_table(text).is_some()
        || glued::is_glued(text)
        || matches!(disguise::plain(text), std::borrow::Cow::Owned(_))
}

/// Reads lines of a paste as what was printed.
pub fn mend(held: Vec<Held>) -> Vec<Piece> {
    let mut lines = in_plain_characters(held);
    take_off(&mut lines, |texts| {
        (0..texts.len()).filter_map(|at| without_quote_mark(texts, at).map(|text| (at, text.to_owned()))).collect()
    });
    take_off(&mut lines, |texts| numbered(texts).into_iter().map(|(at, text)| (at, text.to_owned())).collect());
    take_off(&mut lines, |texts| {
        texts.iter().enumerate().filter_map(|(at, text)| Some((at, without_list_mark(text)?.to_owned()))).collect()
    });
    take_off(&mut lines, |texts| {
        texts.iter().enumerate().filter_map(|(at, text)| Some((at, disguise::out_of_table(text)?))).collect()
    });
    let lines = glued::cut(lines);
    cut_at_headers(lines).into_iter().flat_map(|fragment| fragment.map_or_else(|| vec![Piece::Edge], joined)).collect()
}

fn in_plain_characters(held: Vec<Held>) -> Vec<Held> {
    let mut lines = Vec::with_capacity(held.len());
    for mut line in held {
        if let Some(pieces) = disguise::cut_at_tags(line.text()) {
            for piece in pieces {
                let mut part = line.clone();
                part.show(disguise::plain(piece).into_owned());
                lines.push(part);
            }
            continue;
        }
        if let std::borrow::Cow::Owned(plain) = disguise::plain(line.text()) {
            line.show(plain);
        }
        lines.push(line);
    }
    lines
}

/// Lets a layer of disguise look at all lines at once, and reads those that it names as it says.
fn take_off(lines: &mut [Held], layer: impl Fn(&[&str]) -> Vec<(usize, String)>) {
    let changes = {
        let texts: Vec<&str> = lines.iter().map(Held::text).collect();
        layer(&texts)
    };
    for (at, text) in changes {
        if let Some(line) = lines.get_mut(at) {
            line.show(text);
        }
    }
}

/// The fragments between chat headers; nothing stands for a header.
fn cut_at_headers(lines: Vec<Held>) -> Vec<Option<Vec<Held>>> {
    let (mut fragments, mut fragment) = (Vec::new(), Vec::new());
    for mut line in lines {
        let Some(said) = chat::header(line.text()).map(str::to_owned) else {
            fragment.push(line);
            continue;
        };
        fragments.push(Some(std::mem::take(&mut fragment)));
        fragments.push(None);
        if !said.is_empty() {
            line.show(said);
            fragment.push(line);
        }
    }
    fragments.push(Some(fragment));
    fragments
}

/// Joins commands that go on behind a backslash, then records that were broken.
fn joined(lines: Vec<Held>) -> Vec<Piece> {
    let lines = with_whole_tables(with_whole_commands(lines));
    let texts: Vec<&str> = lines.iter().map(Held::text).collect();
    let wraps = Wraps::of(&texts);
    let (mut at, mut out) = (0, Vec::with_capacity(lines.len()));
    while let Some(line) = lines.get(at) {
        let found = texts.get(at..).and_then(|rest| wraps.join(rest));
        let mut line = line.clone();
        let count = found.as_ref().map_or(1, |found| found.lines);
        if let (Some(found), Some(last)) = (found, lines.get(at + count - 1)) {
            line.join(last, found.text);
        }
        out.push(Piece::Line(line));
        at += count;
    }
    out
}

fn with_whole_tables(mut lines: Vec<Held>) -> Vec<Held> {
    let texts: Vec<&str> = lines.iter().map(Held::text).collect();
    // From the end, so that places before stay what they are.
    for whole in tables::broken(&texts).into_iter().rev() {
        let rest: Vec<Held> = lines.drain(whole.at + 1..whole.at + whole.count).collect();
        if let (Some(first), Some(last)) = (lines.get_mut(whole.at), rest.last()) {
            first.join(last, whole.text);
        }
    }
    lines
}

/// Most lines of one command.
const MOST_LINES_OF_A_COMMAND: usize = 40;

fn with_whole_commands(lines: Vec<Held>) -> Vec<Held> {
    let mut out: Vec<Held> = Vec::with_capacity(lines.len());
    let mut room = 0;
    for line in lines {
        let is_open = |command: &Held| command.text().trim_end().ends_with('\\');
        match out.last_mut().filter(|last| room > 0 && is_open(last)) {
            Some(command) => {
                let text = line.text().trim();
                // The shell's second prompt.
                let text = text.strip_prefix("> ").unwrap_or(text);
                let whole = format!("{} {text}", command.text().trim_end().trim_end_matches('\\').trim_end());
                command.join(&line, whole);
                room -= 1;
            }
            None => {
                room = if is_open(&line) && prompt(line.text()).is_some() { MOST_LINES_OF_A_COMMAND } else { 0 };
                out.push(line);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn mended(text: &str) -> Vec<String> {
        let source = Source::new("paste.txt");
        let held = text.lines().zip(1..).map(|(line, number)| source.line(number, line).hold()).collect();
        let say = |piece: &Piece| match piece {
            Piece::Edge => "(edge)".to_owned(),
            Piece::Line(line) => {
                let place = line.line().quote();
                format!("{}-{} {}", place.citation().line(), place.citation().end_line(), line.text())
            }
        };
        mend(held).iter().map(say).collect()
    }

    #[test]
    fn layers_of_disguise_come_off_one_after_another() {
        let chat = "张三 14:03\n> 1: &gt; not this\n> [root@h ~]# etcdctl \\\n> > member list\n> 2c2b493165507658, started\n[14:05] Bob: so what?";
        assert_eq!(
            mended(chat),
            [
                "1-1 (edge)",
                "2-2 1: > not this",
                "3-4 [root@h ~]# etcdctl member list",
                "5-5 2c2b493165507658, started",
                "(edge)",
                "6-6 so what?"
            ]
            .map(|line| line.replace("1-1 (edge)", "(edge)"))
        );
    }

    #[test]
    fn metrics_alone_are_no_paste_and_with_anything_else_each_line_is_looked_at() {
        let metrics = "# HELP go_memstats_sys_bytes Number of bytes. Equals to /memory/classes/total:byte.\n\
                       # HELP go_x Equals to /memory/classes/heap/unused:bytes\n# TYPE go_memstats_sys_bytes gauge\ngo_memstats_sys_bytes 1.2e+07\n\
                       etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} 292\n";
        assert!(is_exposition(metrics));
        for line in metrics.lines() {
            assert!(!is_disguised(line), "{line}");
        }
        for line in ["# etcdctl member list", "> etcd_server_has_leader 1", "Bob 14:03", "a sentence.", "", "db-1:~ # df"] {
            assert!(!is_exposition(&format!("{metrics}{line}\n{metrics}")), "{line}");
            assert!(!is_exposition(&format!("{line}\n{metrics}")), "{line}");
        }
        assert!(!is_exposition(""));
    }

    #[test]
    fn no_line_without_a_sign_wears_a_disguise() {
        let mut disguised = 0;
        for line in [
            "```bash",
            "~~~",
            "> etcdctl member list",
            "root@db-1:~# df",
            "db-1 snap # ls",
            "etcd-0:/$ df",
            "bash-5.1# df",
            "(venv) [root@h ~]# ls",
            "c:\\>df",
            "bob 14:03",
            "Bob 14:03:05",
            "- cluster is healthy",
            "1. {\"level\":\"warn\"}",
            "`cluster is healthy`",
            "a<br>b",
            "\"a\",\"{\"\"level\"\":\"\"warn\"\"}\"",
            "at term 2{\"level\":\"warn\"}",
            "done 2018-12-08 06:57:11.726065 W | etcdserver: a",
            "a &quot;b&quot;",
            "etcd “quoted”",
        ] {
            let cuts = line.char_indices().flat_map(|(at, _)| [line.get(at..), line.get(..at)]).flatten();
            for text in cuts.map(str::trim) {
                disguised += u32::from(wears_a_disguise(text));
                assert!(!has_no_sign(text) || !wears_a_disguise(text), "{text}");
            }
        }
        assert!(disguised > 60, "{disguised}");
        assert!(has_no_sign("etcd_network_peer_round_trip_time_seconds_bucket{To=\"fcadb635a762105e\",le=\"+Inf\"} 5"));
    }

    #[test]
    fn an_ordinary_log_is_no_paste() {
        let log = "2020-04-07 00:04:00.932220 I | embed: a <b> \"c\" & d\n2020-04-07 00:04:00.932220 W | a: b\n".repeat(40);
        assert!(!looks_pasted(&log));
        assert!(!looks_pasted(&"{\"level\":\"warn\",\"msg\":\"a\"}\n".repeat(40)));
        assert!(looks_pasted("> {\"level\":\"warn\",\"msg\":\"a\"}"));
    }
}
