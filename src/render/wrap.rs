//! Words laid out in columns: broken at blanks, wide characters counted as two.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::escape;

/// Least room for words, however narrow the terminal is and however wide the mark.
const LEAST: usize = 20;

/// Marks that end words of Chinese and Japanese; no line begins with one.
const CLOSING: &str = "，。、；：！？）」』》〉】〕…";

/// Marks that open; no line ends with one.
const OPENING: &str = "（「『《〈【〔";

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

/// Breaks at blanks and between wide characters; a word that is longer than a line stands alone on one.
pub(super) fn lines(words: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        for (n, piece) in pieces(word).into_iter().enumerate() {
            let blank = usize::from(n == 0);
            match lines.last_mut() {
                Some(line) if line.width() + blank + piece.width() <= room => {
                    line.push_str(if n == 0 { " " } else { "" });
                    line.push_str(piece);
                }
                _ => lines.push(piece.to_owned()),
            }
        }
    }
    lines
}

/// The pieces of a word between which a line may break: beside wide characters, as Chinese is written without blanks.
fn pieces(word: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut before) = (Vec::new(), 0, None);
    for (at, c) in word.char_indices() {
        let can_break = before.is_some_and(|b| (is_wide(b) || is_wide(c)) && !CLOSING.contains(c) && !OPENING.contains(b));
        if can_break {
            pieces.extend(word.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(word.get(start..));
    pieces
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Breaks a quoted line so that nothing of it is lost and its blanks stay: where words end if that is near the edge, else anywhere.
pub(super) fn quoted(words: &str, room: usize) -> Vec<String> {
    let room = room.max(2);
    let (mut lines, mut rest) = (Vec::new(), words);
    loop {
        let (mut taken, mut edge, mut good) = (0, 0, 0);
        // Only as much is measured as fits: a line of a megabyte is passed once.
        for (at, c) in rest.char_indices() {
            taken += c.width().unwrap_or(0);
            if taken > room {
                break;
            }
            edge = at + c.len_utf8();
            // A break in the first half would leave too much of the line empty.
            good = if matches!(c, ' ' | ',' | ';' | '&' | '|') && taken * 2 > room { edge } else { good };
        }
        if taken <= room {
            break;
        }
        let (line, behind) = rest.split_at_checked(if good > 0 { good } else { edge }).unwrap_or((rest, ""));
        lines.push(line.trim_end().to_owned());
        rest = behind.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// Cuts to a width in columns, with a mark.
pub(super) fn cut(words: &str, room: usize) -> String {
    if words.width() <= room {
        return words.to_owned();
    }
    let (mut out, mut taken) = (String::new(), 1);
    for c in words.chars() {
        taken += c.width().unwrap_or(0);
        if taken > room {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
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
    fn chinese_without_blanks_is_broken_and_no_line_begins_with_its_full_stop() {
        assert_eq!(lines("集群正常运行，没有问题。", 12), ["集群正常运", "行，没有问", "题。"]);
        assert_eq!(lines("成员db-1（主）停止", 10), ["成员db-1", "（主）停止"]);
    }

    #[test]
    fn a_quoted_line_keeps_its_blanks_and_all_of_its_words() {
        assert_eq!(quoted("USER  PID   PPID", 40), ["USER  PID   PPID"]);
        let zap = r#"{"level":"warn","caller":"rafthttp/probing_status.go:68","msg":"prober"}"#;
        let broken = quoted(zap, 30);
        assert_eq!(broken, [r#"{"level":"warn","#, r#""caller":"rafthttp/probing_sta"#, r#"tus.go:68","msg":"prober"}"#]);
        assert_eq!(broken.concat(), zap);
        assert_eq!(quoted("无法打开文件", 5), ["无法", "打开", "文件"]);
    }

    #[test]
    fn words_are_cut_with_a_mark_and_wide_ones_count_twice() {
        assert_eq!(cut("集群正常", 5), "集群…");
        assert_eq!(cut("short", 5), "short");
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
