//! Words laid out in columns: broken at blanks, wide characters counted as two.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::text::escape;

/// Least room for words, however narrow the terminal is and however wide the mark.
const LEAST: usize = 20;

/// Words behind a mark, wrapped at `width` columns, the further lines below the first word.
///
/// # Errors
/// When the output cannot be written.
pub fn item(out: &mut dyn Write, width: usize, mark: &str, words: &str) -> io::Result<()> {
    let room = width.saturating_sub(mark.width()).max(LEAST);
    let words = escape(words).to_string();
    let indent = " ".repeat(mark.width());
    for (n, line) in lines(&words, room).iter().enumerate() {
        writeln!(out, "{}{line}", if n == 0 { mark } else { &indent })?;
    }
    Ok(())
}

/// Breaks at blanks; a word that is longer than a line stands alone on one.
pub(super) fn lines(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_at_blanks_and_wide_ones_count_twice() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("averyveryverylongword x", 8), ["averyveryverylongword", "x"]);
        assert_eq!(lines("集群 正常 运行", 9), ["集群 正常", "运行"]);
    }

    #[test]
    fn further_lines_stand_below_the_first_word() {
        let mut out = Vec::new();
        item(&mut out, 24, "  - ", "one two three four five\u{1b}[2J").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("  - one two three four\n    five"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}
