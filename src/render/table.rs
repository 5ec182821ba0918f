//! Tables without lines: columns as wide as their words, the widest narrowed and wrapped where the room ends.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::wrap;
use crate::text::escape;

/// Columns between two columns.
const GAP: usize = 2;

/// A column is not made narrower than this.
const NARROWEST: usize = 8;

/// Most columns of one cell, wrapped or not: a name of a megabyte is not a table any more.
const MOST: usize = 240;

/// A cell and how it looks.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Words in a style; hostile characters are made visible.
    pub fn styled(text: &str, style: Style) -> Self {
        Self { text: wrap::cut(&escape(text).to_string(), MOST), style }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::styled(text, Style::new())
    }
}

/// Writes rows below each other, laid out for `width` columns.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut dyn Write, indent: &str, width: usize, rows: &[Vec<Cell>]) -> io::Result<()> {
    let widths = widths(rows, width.saturating_sub(indent.width()));
    rows.iter().try_for_each(|row| write_row(out, indent, row, &widths))
}

/// The width that the rows take if nothing is wrapped.
pub fn natural_width(rows: &[Vec<Cell>]) -> usize {
    let widths = natural(rows);
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

fn natural(rows: &[Vec<Cell>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let of = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.width()).max().unwrap_or(0);
    (0..columns).map(of).collect()
}

fn widths(rows: &[Vec<Cell>], room: usize) -> Vec<usize> {
    let mut widths = natural(rows);
    let room = room.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().rev().max_by_key(|width| **width).filter(|width| **width > NARROWEST) else { break };
        *widest -= 1;
    }
    widths
}

fn write_row(out: &mut dyn Write, indent: &str, row: &[Cell], widths: &[usize]) -> io::Result<()> {
    let cells: Vec<Vec<String>> = row.iter().zip(widths).map(|(cell, width)| wrapped(&cell.text, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        // Blanks are written only before a further word: no line ends with them.
        let mut missing = 0;
        write!(out, "{indent}")?;
        for ((cell, of), width) in cells.iter().zip(row).zip(widths) {
            let words = cell.get(line).map_or("", String::as_str);
            if !words.is_empty() {
                write!(out, "{}{}{words}{:#}", " ".repeat(missing), of.style, of.style)?;
                missing = 0;
            }
            missing += width.saturating_sub(words.width()) + GAP;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A cell's lines: broken at blanks, and anywhere where a word is too long.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrap::lines(text, width).iter().flat_map(|line| wrap::quoted(line, width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize, rows: &[&[&str]]) -> Vec<String> {
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|text| Cell::from(*text)).collect()).collect();
        let mut out = Vec::new();
        write(&mut out, "  ", width, &rows).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn columns_stand_below_each_other_and_wide_characters_count_twice() {
        assert_eq!(
            shown(80, &[&["member", "health"], &["数据库一号", "healthy"], &["db-1", "-"]]),
            ["  member      health", "  数据库一号  healthy", "  db-1        -"]
        );
    }

    #[test]
    fn where_the_room_ends_the_widest_column_is_wrapped_and_long_words_are_broken() {
        assert_eq!(
            shown(30, &[&["db-1", "may be 10.0.0.1, 10.0.0.2, 10.0.0.3"]]),
            ["  db-1  may be 10.0.0.1,", "        10.0.0.2, 10.0.0.3"]
        );
        let lines = shown(40, &[&[&"x".repeat(100_000), "healthy"]]);
        assert!(lines.iter().all(|line| line.width() <= 40) && lines.len() < 12, "{lines:?}");
        assert!(lines[0].ends_with("  healthy"), "{lines:?}");
    }

    #[test]
    fn a_cell_breaks_neither_its_row_nor_the_terminal() {
        assert_eq!(shown(80, &[&["a\nb", "c\u{1b}[2J"]]), ["  a\\nb  c\\u{1b}[2J"]);
    }
}
