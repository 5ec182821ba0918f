//! The only way into the page: tags are words of this program, and everything else is escaped for text and for attributes alike.

use std::fmt::Write as _;

use crate::{render::units::grouped, text::escape};

/// Most characters that are shown of one piece of text; whoever needs more has the place where it stands.
const MOST: usize = 4000;

/// Most parts of a path between which it may be broken.
const MOST_PARTS: usize = 32;

/// A page that is being written.
#[derive(Default)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Tags. They cannot hold a word out of a bundle: those are not `'static`.
    pub(super) fn tag(&mut self, tag: &'static str) -> &mut Self {
        self.out.push_str(tag);
        self
    }

    /// Words, between tags or between the quotation marks of an attribute.
    pub(super) fn text(&mut self, words: &str) -> &mut Self {
        self.short(words, MOST)
    }

    /// Words of which at most so many characters are shown.
    pub(super) fn short(&mut self, words: &str, most: usize) -> &mut Self {
        let end = words.char_indices().nth(most).map_or(words.len(), |(at, _)| at);
        for c in escape(words.get(..end).unwrap_or_default()).to_string().chars() {
            self.character(c);
        }
        if end < words.len() {
            self.out.push('…');
        }
        self
    }

    /// A path, which may be broken behind each slash.
    pub(super) fn path(&mut self, path: &str) -> &mut Self {
        let mut rest = path;
        // Of a path that has thousands of parts the tail has no places to break at; it is cut anyway.
        for _ in 0..MOST_PARTS {
            let Some((part, after)) = rest.split_once('/') else { break };
            self.text(part).tag("/<wbr>");
            rest = after;
        }
        self.text(rest)
    }

    /// A sentence: what stands between backticks is set as code.
    pub(super) fn prose(&mut self, words: &str) -> &mut Self {
        let mut rest = words;
        while let Some((before, behind)) = rest.split_once('`') {
            let Some((code, after)) = behind.split_once('`').filter(|(code, _)| !code.is_empty()) else { break };
            self.text(before).tag("<code>").text(code).tag("</code>");
            rest = after;
        }
        self.text(rest)
    }

    /// A number of at most two decimals, as coordinates are written.
    pub(super) fn number(&mut self, number: f64) -> &mut Self {
        let number = (number * 100.0).round() / 100.0;
        // A negative zero would be printed with its sign.
        let number = if number == 0.0 { 0.0 } else { number };
        let _ = write!(self.out, "{number}");
        self
    }

    /// A whole number, its digits in groups of three.
    pub(super) fn count(&mut self, count: u64) -> &mut Self {
        self.text(&grouped(count))
    }

    /// An element that holds words alone.
    pub(super) fn element(&mut self, open: &'static str, words: &str, close: &'static str) -> &mut Self {
        self.tag(open).text(words).tag(close)
    }

    /// The page.
    pub(super) fn into_string(self) -> String {
        self.out
    }

    fn character(&mut self, c: char) {
        match c {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            '\'' => self.out.push_str("&#39;"),
            c => self.out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(write: impl Fn(&mut Html)) -> String {
        let mut html = Html::default();
        write(&mut html);
        html.into_string()
    }

    #[test]
    fn words_cannot_become_tags_or_end_an_attribute_or_steer_the_eye() {
        let hostile = "<script>\"'&\u{1b}[31m\u{9b}\u{202e}`</code>`";
        let safe = "&lt;script&gt;&quot;&#39;&amp;\\u{1b}[31m\\u{9b}\\u{202e}";
        assert_eq!(
            of(|h| {
                h.text(hostile);
            }),
            format!("{safe}`&lt;/code&gt;`")
        );
        assert_eq!(
            of(|h| {
                h.prose(hostile);
            }),
            format!("{safe}<code>&lt;/code&gt;</code>")
        );
    }

    #[test]
    fn a_path_can_be_broken_behind_each_slash_and_nowhere_becomes_a_tag() {
        let path = |words: &str| {
            of(|h| {
                h.path(words);
            })
        };
        assert_eq!(path("nodes/<b>/etcd.log"), "nodes/<wbr>&lt;b&gt;/<wbr>etcd.log");
        assert!(path(&"a/".repeat(100_000)).len() < 2 * MOST);
    }

    #[test]
    fn long_words_are_cut_with_a_mark() {
        assert_eq!(
            of(|h| {
                h.short("集群正常", 2);
            }),
            "集群…"
        );
        assert!(
            of(|h| {
                h.text(&"x".repeat(1_000_000));
            })
            .len()
                < 2 * MOST
        );
    }

    #[test]
    fn numbers_are_short_and_counts_are_grouped() {
        assert_eq!(
            of(|h| {
                h.number(1.0 / 3.0).tag(" ").number(-0.001).tag(" ").number(12.0);
            }),
            "0.33 0 12"
        );
        assert_eq!([grouped(999), grouped(1234), grouped(292_136)], ["999", "1234", "292\u{202f}136"]);
    }
}
