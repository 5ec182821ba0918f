//! What chats, mail and web pages do to the characters of a line, undone where it is surely a disguise.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// Quotation marks, full-width signs and the like, each by a function that gives the line without them, or nothing where there are none.
const LAYERS: &[fn(&str) -> Option<String>] = &[colours, unseen, entities, full_width, quotation_marks, escapes, dashes];

/// The line with plain characters. Untouched where nothing is surely a disguise.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    // Most lines of most texts; the layers need not look.
    if text.is_ascii() && memchr3(b'&', b'\x1b', b'\\', text.as_bytes()).is_none() {
        return plain;
    }
    for layer in LAYERS {
        if let Some(changed) = layer(&plain) {
            plain = Cow::Owned(changed);
        }
    }
    plain
}

/// The record in a row of a table that was exported (CSV), where quotation marks are doubled: `"a","{""level"":""warn""}"`; where there are none
/// in it, the field that holds a sentence.
pub(super) fn out_of_table(text: &str) -> Option<String> {
    let row = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    if !row.contains("\"\"") {
        let longest = row.split("\",\"").max_by_key(|field| field.len())?;
        let is_sentence = longest.len() < row.len() && longest.split(' ').count() > 3 && !row.replace("\",\"", "").contains('"');
        return is_sentence.then(|| longest.to_owned());
    }
    // Doubled marks put aside, those that are left end a field.
    let fields: Vec<String> = row.replace("\"\"", "\u{0}").split("\",\"").map(|field| field.replace('\u{0}', "\"")).collect();
    let is_whole = row.replace("\"\"", "").replace("\",\"", "").bytes().all(|b| b != b'"');
    fields.into_iter().max_by_key(String::len).filter(|_| is_whole)
}

/// Tags that a web page or a chat's export puts where a line ends.
const TAGS: &[&str] = &["<br>", "<br/>", "<br />", "<p>", "</p>", "<pre>", "</pre>", "<code>", "</code>", "<div>", "</div>"];

/// The lines that tags make of one; nothing where there is no tag.
pub(super) fn cut_at_tags(text: &str) -> Option<Vec<&str>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest.as_bytes().get(from..).and_then(|rest| memchr(b'<', rest)).map(|at| at + from) {
        let tag = TAGS.iter().find(|tag| rest.get(at..at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag)));
        match tag {
            Some(tag) => {
                pieces.push(rest.get(..at).unwrap_or_default());
                (rest, from) = (rest.get(at + tag.len()..).unwrap_or_default(), 0);
            }
            None => from = at + 1,
        }
    }
    if pieces.is_empty() {
        return None;
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.trim().is_empty());
    Some(pieces)
}

/// What a terminal takes for colours and the like (`ESC [ … m`, `K`), of which a recorded session is full.
fn colours(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("\u{1b}[") {
        let end = tail.find(|c: char| !(c.is_ascii_digit() || matches!(c, ';' | ':' | '?')));
        out.push_str(before);
        rest = match end.and_then(|end| tail.get(end..)).filter(|tail| tail.starts_with(['m', 'K'])) {
            Some(tail) => tail.get(1..).unwrap_or_default(),
            None => {
                out.push_str("\u{1b}[");
                tail
            }
        };
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

/// JSON, or a line of text, that was taken out of a string with its escapes, where no mark stands without one: `{\"level\":\"warn\"}`.
fn escapes(text: &str) -> Option<String> {
    let is_escaped =
        (text.contains("{\\\"") || (text.contains("\\\"") && is_log(text))) && !text.replace("\\\"", "").contains('"');
    is_escaped.then(|| text.replace("\\\\", "\u{0}").replace("\\\"", "\"").replace('\u{0}', "\\"))
}

/// Spaces that do not break, and characters without width.
fn unseen(text: &str) -> Option<String> {
    let swap = |c: char| match c {
        '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{3000}' => Some(" "),
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => Some(""),
        _ => None,
    };
    if text.is_ascii() || !text.contains(|c| swap(c).is_some()) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match swap(c) {
            Some(plain) => out.push_str(plain),
            None => out.push(c),
        }
    }
    Some(out)
}

/// The entities that writers of HTML make of signs.
const ENTITIES: &[(&str, char)] = &[
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&#x22;", '"'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&nbsp;", ' '),
    ("&#160;", ' '),
    ("&apos;", '\''),
    ("&#39;", '\''),
    ("&#x27;", '\''),
    ("&amp;", '&'),
];

/// Entities, where the signs themselves do not stand in the line: who writes `&quot;` for one quotation mark writes it for all.
fn entities(text: &str) -> Option<String> {
    let has_signs = text.trim_start_matches(['>', ' ']).contains(['<', '>', '"']);
    if has_signs || !text.contains('&') || !ENTITIES.iter().any(|(name, _)| text.contains(name)) {
        return None;
    }
    let once = decode(text);
    // What was escaped twice has `&amp;quot;`.
    Some(if ENTITIES.iter().any(|(name, _)| *name != "&amp;" && once.contains(name)) { decode(&once) } else { once })
}

fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        match ENTITIES.iter().find(|(name, _)| tail.starts_with(name)) {
            Some((name, sign)) => {
                out.push(*sign);
                rest = tail.get(name.len()..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// Signs of East Asian width beside Latin text. Between ideographs they are the prose's own.
fn full_width(text: &str) -> Option<String> {
    let is_wide = |c: char| ('\u{ff01}'..='\u{ff5e}').contains(&c);
    if text.is_ascii() || !text.contains(is_wide) {
        return None;
    }
    let signs: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut before = ' ';
    for (at, c) in signs.iter().enumerate() {
        let after = signs.get(at + 1).copied().unwrap_or(' ');
        let is_latin = |c: char| c.is_ascii_graphic() || is_wide(c);
        let narrow = u32::from(*c).checked_sub(0xfee0).and_then(char::from_u32);
        match narrow.filter(|_| is_wide(*c) && (is_latin(before) || is_latin(after))) {
            Some(narrow) => {
                changed = true;
                out.push(narrow);
                // An input method's colon and comma have their space in them.
                if matches!(narrow, ':' | ',')
                    && (before.is_alphabetic() || matches!(before, ']' | ')'))
                    && after.is_ascii_alphabetic()
                {
                    out.push(' ');
                }
            }
            None => out.push(*c),
        }
        before = *c;
    }
    changed.then_some(out)
}

/// Where a typographic quotation mark can only stand for a plain one: in JSON, in a metric's labels, in a flag.
const QUOTED: &[&str] = &["{“", "{”", "=“", "=”", "”:", "“:", "”}", "”,", "[“", "[”"];

/// What etcd's lines of text have in them: a level and a package, or the journal's tag.
const OF_LOG: &[&str] = &[" I | ", " N | ", " W | ", " E | ", " C | ", " etcd["];

fn is_log(text: &str) -> bool {
    OF_LOG.iter().any(|sign| text.contains(sign))
}

/// Typographic quotation marks, where no plain one stands in the line. coreutils' `‘file’` is no disguise.
fn quotation_marks(text: &str) -> Option<String> {
    let is_curly = |c| matches!(c, '“' | '”' | '„' | '‟');
    let is_sure = !text.is_ascii()
        && !text.contains('"')
        && (QUOTED.iter().any(|pair| text.contains(pair)) || (text.contains(is_curly) && is_log(text)));
    is_sure.then(|| text.replace(is_curly, "\""))
}

/// Dashes that a word processor made of the hyphens before a flag.
fn dashes(text: &str) -> Option<String> {
    let is_dash = |c: char| matches!(c, '–' | '—' | '−');
    if text.is_ascii() || !text.contains(is_dash) || !["ctl ", "curl ", "etcd "].iter().any(|program| text.contains(program)) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_dash) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let word = tail.trim_start_matches(is_dash);
        let dashes = tail.get(..tail.len() - word.len()).unwrap_or_default();
        let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
        match letters {
            _ if !out.ends_with(' ') || letters == 0 => out.push_str(dashes),
            1 => out.push('-'),
            _ => out.push_str("--"),
        }
        rest = word;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_are_taken_off() {
        for (disguised, expected) in [
            ("member\u{a0}1 is\u{3000}hea\u{200b}lt\u{ad}hy\u{feff}", "member 1 is healthy"),
            ("{&quot;level&quot;:&quot;warn&quot;,&#39;&lt;&amp;&gt;", "{\"level\":\"warn\",'<&>"),
            ("{&amp;quot;level&amp;quot;:1}", "{\"level\":1}"),
            ("&gt;&nbsp;df", "> df"),
            ("日志内容：Aug 28", "日志内容: Aug 28"),
            ("is healthy：got http：／／10.0.0.1：2379", "is healthy: got http://10.0.0.1:2379"),
            ("etcd_x_bucket{le=“0.001”} 3", "etcd_x_bucket{le=\"0.001\"} 3"),
            ("{“level”:”warn”}", "{\"level\":\"warn\"}"),
            ("2018-12-08 06:57:11.7 W | a: request “key” took", "2018-12-08 06:57:11.7 W | a: request \"key\" took"),
            (r#"2018-12-08 06:57:11.7 W | a: request \"key\" took"#, r#"2018-12-08 06:57:11.7 W | a: request "key" took"#),
            ("\u{1b}[36metcd1  | \u{1b}[0mW | etcdserver: a\u{1b}[0;1;31m b\u{1b}[K", "etcd1  | W | etcdserver: a b"),
            (r#"{\"level\":\"warn\",\"msg\":\"a \\\"b\\\"\"}"#, r#"{"level":"warn","msg":"a \"b\""}"#),
            ("$ etcdctl —endpoints=a –w json ––cluster", "$ etcdctl --endpoints=a -w json --cluster"),
        ] {
            assert_eq!(plain(disguised), expected);
        }
    }

    #[test]
    fn what_is_no_disguise_stays_untouched() {
        for text in [
            "ls: cannot access ‘/var/lib/etcd’: No such file or directory",
            r#"{"level":"warn","msg":"get &lt;a&gt; “b” http://x/?a=1&b=2"}"#,
            "GET /v2/keys?a=1&quorum=true&lt=3",
            "三个节点组成的集群，另外两个节点的日志里没有这条报错。",
            "etcd – a distributed key-value store",
            "“quoted” words of a report",
            r#"{"level":"warn","error":"{\"a\":1}"}"#,
            r"C:\etcd\data \u{1b}[2J",
            "\u{1b}[2Jcleared",
            "2020-04-07 00:04:00.932220 I | embed: rejected connection from \"10.0.0.1:1\" (error \"EOF\")",
        ] {
            assert!(matches!(plain(text), Cow::Borrowed(_)), "{text} became {}", plain(text));
        }
    }

    #[test]
    fn a_row_of_a_table_gives_its_record() {
        assert_eq!(out_of_table(r#""a journal: W | b: ""c"" with ""d""""#).as_deref(), Some(r#"a journal: W | b: "c" with "d""#));
        assert_eq!(out_of_table(r#""1","{""level"":""warn""}""#).as_deref(), Some(r#"{"level":"warn"}"#));
        let row = r#""2026-11-26T02:31:37Z","db-1","Nov 26 02:31:37 db-1 etcd[53]: peer 1d88db970d2006ec became active""#;
        assert_eq!(out_of_table(row).as_deref(), Some("Nov 26 02:31:37 db-1 etcd[53]: peer 1d88db970d2006ec became active"));
        for text in
            [r#""a": """#, r#""a""#, r#"a ""b"""#, r#"{"a":""}"#, r#""a one","b two""#, r#""level":"warn","msg":"a b c d e""#]
        {
            assert_eq!(out_of_table(text), None, "{text}");
        }
    }

    #[test]
    fn tags_end_lines_and_other_signs_do_not() {
        assert_eq!(cut_at_tags("<pre>a<br>b<BR />c < d</pre>"), Some(vec!["a", "b", "c < d"]));
        assert_eq!(cut_at_tags("peer <nil> a<b"), None);
    }
}
