//! Words that came out of a bundle: they can be compared and escaped, but not printed raw.
//!
//! A log line can hold terminal escape sequences, C1 controls and bidirectional overrides, put there by whoever could make etcd log
//! a string. [`Untrusted`] has no `Display`, so that such words reach an output only through [`Untrusted::escaped`].

use std::fmt;

/// Text from a bundle. Compare it, parse it, escape it; it cannot be printed raw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Untrusted(Box<str>);

impl Untrusted {
    /// Takes text from a bundle.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The words as they were read, for comparing and parsing. Never write them to an output.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The words with everything that could steer a terminal, a table or a reader's eye made visible.
    pub fn escaped(&self) -> Escaped<'_> {
        Escaped(&self.0)
    }

    /// Whether there are no words at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl PartialEq<str> for Untrusted {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Untrusted {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.escaped())
    }
}

impl serde::Serialize for Untrusted {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.escaped())
    }
}

/// Escapes words that are not in an [`Untrusted`] yet: a slice of a line, a path.
pub fn escape(words: &str) -> Escaped<'_> {
    Escaped(words)
}

/// Words with hostile characters replaced by visible ones: `\t`, `\n`, `\r`, else `\u{1b}`.
#[derive(Clone, Copy)]
pub struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        if is_harmless(self.0) {
            return f.write_str(self.0);
        }
        for c in self.0.chars() {
            match c {
                '\t' => f.write_str("\\t")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                c if is_hostile(c) => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether no character of a text is hostile. Most texts have nothing but ASCII.
pub fn is_harmless(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~')) || !text.chars().any(is_hostile)
}

/// Whether a character can steer a terminal or hide what a reader sees: C0 and C1 controls, DEL, line and paragraph separators,
/// bidirectional controls (Unicode Annex 9), zero-width characters, the byte order mark and tag characters.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00ad}'
                | '\u{061c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_of_any_language_stay_as_they_are() {
        let words = Untrusted::from("etcd 无法打开文件 — µs \"quoted\" \\x1b");
        assert_eq!(words.escaped().to_string(), words.raw());
    }

    #[test]
    fn what_steers_a_terminal_or_the_eye_becomes_visible() {
        for (raw, shown) in [
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\tb\r\n", "a\\tb\\r\\n"),
            ("del\u{7f}", "del\\u{7f}"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
        ] {
            assert_eq!(Untrusted::from(raw).escaped().to_string(), shown);
            assert_eq!(serde_json::to_value(Untrusted::from(raw)).unwrap(), shown);
        }
    }
}
