//! Tables of etcdctl whose lines a terminal or a chat broke: a row is whole when it has as many bars as its frame has corners.

use unicode_width::UnicodeWidthStr;

/// Most lines that one line of a table is broken into: `endpoint status` of 3.6 has some 270 columns.
const MOST_PIECES: usize = 12;

/// Least corners and columns of a frame: below that anything looks like one.
const FEWEST_CORNERS: usize = 3;
const NARROWEST: usize = 40;

/// Lines of a table that are one: the first, how many, and the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) text: String,
}

/// A frame: the line above, below and between the rows.
#[derive(Clone, Copy, Debug)]
struct Frame {
    pieces: usize,
    /// The width at which its pieces were broken; none where it is whole and only rows are broken.
    width: Option<usize>,
    bars: usize,
}

/// Whether a table among the lines is broken.
pub(super) fn is_any_broken(lines: &[&str]) -> bool {
    !broken(lines).is_empty()
}

/// The broken lines of tables, each joined.
pub(super) fn broken(lines: &[&str]) -> Vec<Whole> {
    let (mut at, mut out) = (0, Vec::new());
    let mut frame: Option<Frame> = None;
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        if let Some(found) = frame_at(rest, frame) {
            let text = glue(rest, found.pieces, found.width);
            out.push(Whole { at, count: found.pieces, text });
            at += found.pieces;
            frame = Some(found);
            continue;
        }
        match frame.and_then(|frame| Some((row(rest, frame)?, frame))) {
            Some((count, frame)) => {
                out.push(Whole { at, count, text: glue(rest, count, frame.width) });
                at += count;
            }
            None => {
                frame = None;
                at += 1;
            }
        }
    }
    out.retain(|whole| whole.count > 1);
    out
}

fn is_corner(c: char) -> bool {
    matches!(c, '+' | '┌' | '┬' | '┐' | '├' | '┼' | '┤' | '└' | '┴' | '┘')
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '│')
}

fn is_frame_piece(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_corner(c) || matches!(c, '-' | '=' | '─'))
}

/// The frame that begins with the first of these lines.
fn frame_at(lines: &[&str], before: Option<Frame>) -> Option<Frame> {
    let first = lines.first()?.trim_end();
    if !first.starts_with(is_corner) || !is_frame_piece(first) {
        return None;
    }
    // Two frames one under the other, as of two tables, are not one that is broken: a corner never follows a corner.
    let mut pieces = 1;
    let most = before.map_or(MOST_PIECES, |frame| frame.pieces);
    while pieces < most {
        let (last, next) = (lines.get(pieces - 1)?.trim_end(), lines.get(pieces).map_or("", |next| next.trim_end()));
        if !is_frame_piece(next) || (last.ends_with(is_corner) && next.starts_with(is_corner)) {
            break;
        }
        pieces += 1;
    }
    let whole = glue(lines, pieces, None);
    let bars = whole.chars().filter(|c| is_corner(*c)).count();
    let is_frame = bars >= FEWEST_CORNERS && whole.ends_with(is_corner) && whole.width() >= NARROWEST;
    is_frame.then(|| Frame { pieces, width: (pieces > 1).then(|| first.width()), bars })
}

/// How many lines make the row that begins with the first of these.
fn row(lines: &[&str], frame: Frame) -> Option<usize> {
    if !lines.first()?.trim_start().starts_with(is_bar) {
        return None;
    }
    let mut bars = 0;
    for (line, count) in lines.iter().zip(1..=MOST_PIECES) {
        if line.trim().is_empty() || (count > 1 && frame_at(lines.get(count - 1..)?, None).is_some()) {
            return None;
        }
        bars += line.chars().filter(|c| is_bar(*c)).count();
        if bars == frame.bars {
            return Some(count);
        }
        if bars > frame.bars {
            return None;
        }
    }
    None
}

/// Puts pieces together: at the width of a hard wrap, with the blanks at the end that a copy lost; else with one blank. Pieces of a frame
/// have no blanks between them.
fn glue(lines: &[&str], count: usize, width: Option<usize>) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().take(count).enumerate() {
        let is_last = at + 1 == count;
        match width {
            Some(width) if !is_last => {
                out.push_str(line);
                out.extend(std::iter::repeat_n(' ', width.saturating_sub(line.width())));
            }
            Some(_) => out.push_str(line.trim_end()),
            None => {
                out.push_str(line.trim());
                if !is_last && !is_frame_piece(line.trim()) {
                    out.push(' ');
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
+----------------------+------------------+---------+---------+-----------+------------+-----------+
|       ENDPOINT       |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM |
+----------------------+------------------+---------+---------+-----------+------------+-----------+
| http://10.0.0.1:2379 | 5dd3053ed692fcca |  3.4.23 |   25 MB |     false |      false |         2 |
| http://10.0.0.2:2379 | e4e3ac90f9a8dd32 |  3.4.23 |   25 MB |      true |      false |         2 |
+----------------------+------------------+---------+---------+-----------+------------+-----------+";

    fn mended(text: &str) -> Vec<String> {
        let lines: Vec<&str> = text.lines().collect();
        let (mut at, mut out) = (0, Vec::new());
        for whole in broken(&lines) {
            out.extend(lines[at..whole.at].iter().map(|line| (*line).to_owned()));
            at = whole.at + whole.count;
            out.push(whole.text);
        }
        out.extend(lines[at..].iter().map(|line| (*line).to_owned()));
        out
    }

    fn hard(text: &str, width: usize) -> String {
        let cut =
            |line: &str| line.chars().collect::<Vec<_>>().chunks(width).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>();
        text.lines().flat_map(cut).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_terminal_of_any_width_leaves_a_table_that_can_be_put_together() {
        let whole: Vec<&str> = TABLE.lines().collect();
        for width in [41, 50, 60, 80, 89] {
            let wrapped = hard(TABLE, width);
            assert_eq!(mended(&wrapped), whole, "{width}");
            let trimmed = wrapped.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
            assert_eq!(mended(&trimmed), whole, "{width}, without the blanks at the ends");
        }
    }

    #[test]
    fn a_chat_breaks_rows_at_blanks_and_leaves_the_frame() {
        let soft = TABLE.replace("|   25 MB |", "|\n25 MB |");
        let mended = mended(&soft);
        assert_eq!(mended.len(), 6);
        assert!(mended[3].ends_with("|     false |      false |         2 |") && mended[3].contains("| 25 MB |"), "{mended:?}");
    }

    #[test]
    fn whole_tables_two_of_them_and_torn_ones_stay_as_they_are() {
        let two = format!("{TABLE}\n{TABLE}");
        for text in [TABLE, two.as_str(), "+-+\n| a |\n", "+---\n| a\n", &TABLE.replace("false |         2 |", "false |")] {
            assert_eq!(mended(text), text.lines().collect::<Vec<_>>());
        }
    }
}
