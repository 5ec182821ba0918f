//! etcdctl's tables: ASCII frames, Unicode frames (etcdctl 3.7), Markdown; cells that go on over several lines.

use crate::bundle::{Line, Quote};

use super::columns::Kind;
use super::{Reading, Said, v3};

/// Most rows of one table.
const MAX_ROWS: usize = 10_000;
/// Most lines of one row: the errors column wraps, and nothing else does.
const MAX_ROW_LINES: usize = 1_000;

/// The table that is being read, if any.
#[derive(Default)]
pub(super) struct Table {
    header: Vec<String>,
    kind: Option<Kind>,
    /// The header's frame is not closed yet, so its cells may go on.
    in_header: bool,
    row: Option<Row>,
    rows: usize,
}

struct Row {
    cells: Vec<String>,
    quote: Quote,
    lines: usize,
}

impl Table {
    /// Takes a line that may belong to a table. False if it does not.
    pub(super) fn line(&mut self, line: Line<'_>, text: &str, out: &mut Reading) -> bool {
        if is_rule(text) {
            self.flush(out);
            self.in_header = false;
            return true;
        }
        let Some(cells) = cells(text) else { return false };
        let names: Vec<String> = cells.iter().map(|c| column_name(c)).collect();
        if let Some(kind) = Kind::of(&names) {
            self.flush(out);
            *self = Self { header: names, kind: Some(kind), in_header: true, ..Self::default() };
            return true;
        }
        let continued = cells.first().is_some_and(|c| c.is_empty());
        if continued && self.in_header {
            join(&mut self.header, &cells);
            return true;
        }
        self.in_header = false;
        if continued { self.go_on(line, &cells) } else { self.begin(line, &cells, out) }
    }

    /// Ends the table: a line came that does not belong to it.
    pub(super) fn close(&mut self, out: &mut Reading) {
        self.flush(out);
        *self = Self::default();
    }

    fn begin(&mut self, line: Line<'_>, cells: &[&str], out: &mut Reading) -> bool {
        self.flush(out);
        if self.kind.is_none() && v3::from_cells(cells).is_none() {
            return false;
        }
        self.rows += 1;
        if self.rows > MAX_ROWS {
            if self.rows == MAX_ROWS + 1 {
                out.given_up.push(line.cite());
            }
            return false;
        }
        let cells = cells.iter().map(|c| (*c).to_owned()).collect();
        self.row = Some(Row { cells, quote: line.quote(), lines: 1 });
        true
    }

    fn go_on(&mut self, line: Line<'_>, cells: &[&str]) -> bool {
        let Some(mut row) = self.row.take() else { return false };
        row.lines += 1;
        let fits = row.lines <= MAX_ROW_LINES;
        if fits {
            join(&mut row.cells, cells);
            row.quote = row.quote.through(&line.cite());
        }
        self.row = Some(row);
        fits
    }

    fn flush(&mut self, out: &mut Reading) {
        let Some(Row { cells, quote, .. }) = self.row.take() else { return };
        let answer = match self.kind {
            Some(kind) => kind.answer(&self.header, &cells),
            None => v3::from_cells(&cells.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        match answer {
            Some(what) => out.said.push(Said { what, quote }),
            None => out.given_up.push(quote.citation().clone()),
        }
    }
}

/// Whether a line is a frame: `+---+---+`, `├───┼───┤`, or the rule under a Markdown header.
fn is_rule(text: &str) -> bool {
    let frame = |c: char| matches!(c, '+' | '-' | '=' | '|' | ':' | ' ' | '\u{2500}'..='\u{257f}');
    let framed = text.starts_with(|c: char| matches!(c, '+' | '|' | '\u{2500}'..='\u{257f}'));
    framed && text.chars().count() > 4 && text.contains(['-', '=', '─', '═']) && text.chars().all(frame)
}

/// The cells of a row, without the outer bars.
fn cells(text: &str) -> Option<Vec<&str>> {
    let bar = ['|', '│'];
    let inner = text.strip_prefix(bar)?.strip_suffix(bar)?;
    Some(inner.split(bar).map(str::trim).collect())
}

/// A header word as the table library prints it; the one of `hash_revision` depends on its version.
fn column_name(cell: &str) -> String {
    cell.to_ascii_uppercase().replace('_', " ")
}

fn join(cells: &mut [String], more: &[&str]) {
    for (cell, more) in cells.iter_mut().zip(more).filter(|(_, more)| !more.is_empty()) {
        if !cell.is_empty() {
            cell.push(' ');
        }
        cell.push_str(more);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, statuses};
    use super::super::{Answer, Size};
    use crate::text::Untrusted;

    #[test]
    fn a_wrapped_errors_cell_is_one_row_cited_through_its_last_line() {
        let text = "\
+----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------------------------------+
|       ENDPOINT       |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX |             ERRORS             |
+----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------------------------------+
| http://10.0.0.1:2379 | 5dd3053ed692fcca |  3.4.23 |   25 MB |     false |      false |         2 |       1424 |               1423 |  memberID:16173167636731360423 |
|                      |                  |         |         |           |            |           |            |                    |                alarm:NOSPACE , |
|                      |                  |         |         |           |            |           |            |                    |  memberID:16493215999024749874 |
|                      |                  |         |         |           |            |           |            |                    |                 alarm:NOSPACE  |
| http://10.0.0.2:2379 | e4e3ac90f9a8dd32 |  3.4.23 |   25 MB |      true |      false |         2 |       1424 |               1424 |                                |
+----------------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------------------------------+
";
        let reading = read(text);
        let statuses = statuses(&reading);
        let [first, second] = statuses.as_slice() else { panic!("{statuses:?}") };
        assert_eq!(first.errors, ["memberID:16173167636731360423 alarm:NOSPACE", "memberID:16493215999024749874 alarm:NOSPACE"]);
        assert_eq!(
            (first.index, first.applied, first.db_size.unwrap()),
            (Some(1424), Some(1423), Size { bytes: 25_000_000, rounded: true })
        );
        assert_eq!((second.leader, second.errors.len()), (Some(0xe4e3_ac90_f9a8_dd32), 0));
        let lines: Vec<_> = reading.said.iter().map(|s| (s.quote.citation().line(), s.quote.citation().end_line())).collect();
        assert_eq!(lines, [(4, 7), (8, 8)]);
    }

    #[test]
    fn a_unicode_frame_and_the_columns_of_3_6_are_read() {
        let text = "\
┌────────────────┬──────────────────┬─────────┬─────────────────┬─────────┬────────┬───────────────────────┬────────┬───────────┬────────────┬───────────┬────────────┬────────────────────┬────────┬──────────────────────────┬───────────────────┐
│    ENDPOINT    │        ID        │ VERSION │ STORAGE VERSION │ DB SIZE │ IN USE │ PERCENTAGE NOT IN USE │ QUOTA  │ IS LEADER │ IS LEARNER │ RAFT TERM │ RAFT INDEX │ RAFT APPLIED INDEX │ ERRORS │ DOWNGRADE TARGET VERSION │ DOWNGRADE ENABLED │
├────────────────┼──────────────────┼─────────┼─────────────────┼─────────┼────────┼───────────────────────┼────────┼───────────┼────────────┼───────────┼────────────┼────────────────────┼────────┼──────────────────────────┼───────────────────┤
│ 127.0.0.1:2379 │ 8e9e05c52164694d │  3.6.5  │           3.6.0 │   20 kB │  16 kB │                   20% │ 2.1 GB │      true │      false │         2 │          4 │                  4 │        │                          │             false │
└────────────────┴──────────────────┴─────────┴─────────────────┴─────────┴────────┴───────────────────────┴────────┴───────────┴────────────┴───────────┴────────────┴────────────────────┴────────┴──────────────────────────┴───────────────────┘
";
        let reading = read(text);
        let statuses = statuses(&reading);
        let [status] = statuses.as_slice() else { panic!("{statuses:?}") };
        assert_eq!(status.quota, Some(Size { bytes: 2_100_000_000, rounded: true }));
        assert_eq!((status.downgrade_enabled, status.is_learner, status.term), (Some(false), Some(false), Some(2)));
    }

    #[test]
    fn members_health_and_hash_tables_are_read_even_without_the_closing_frame() {
        let text = "\
+------------------+-----------+------+----------------------+----------------------+------------+
|        ID        |  STATUS   | NAME |      PEER ADDRS      |     CLIENT ADDRS     | IS LEARNER |
+------------------+-----------+------+----------------------+----------------------+------------+
| 37ba778ea6435e17 |   started | db01 | http://10.0.0.1:2380 | http://10.0.0.1:2379 |      false |
|  4c3f6ff91f509de | unstarted |      | http://10.0.0.2:2380 |                      |       true |
+----------------+--------+------------+---------------------------+
|    ENDPOINT    | HEALTH |    TOOK    |           ERROR           |
+----------------+--------+------------+---------------------------+
| 10.0.0.1:2379  |   true | 2.100001ms |                           |
| 10.0.0.2:2379  |  false | 5.001s     | context deadline exceeded |
+----------------+------------+---------------+
|    ENDPOINT    |    HASH    | HASH REVISION |
+----------------+------------+---------------+
| 127.0.0.1:2379 | 1084519789 |            42 |";
        let reading = read(text);
        assert!(reading.given_up.is_empty());
        let said: Vec<Answer> = reading.said.into_iter().map(|s| s.what).collect();
        let [Answer::Member { .. }, late, Answer::EndpointHealth { healthy: true, .. }, sick, last] = said.as_slice() else {
            panic!("{said:?}")
        };
        let Answer::Member { id, name, started, is_learner, .. } = late else { panic!("{late:?}") };
        assert_eq!((*id, name.is_none(), *started, *is_learner), (0x04c3_f6ff_91f5_09de, true, Some(false), Some(true)));
        let Answer::EndpointHealth { error, took, .. } = sick else { panic!("{sick:?}") };
        assert_eq!((error.clone(), took.unwrap().as_millis()), (Some(Untrusted::from("context deadline exceeded")), 5001));
        assert!(matches!(last, Answer::Hash { hash: Some(1_084_519_789), hash_revision: Some(42), .. }));
    }

    #[test]
    fn rows_are_read_without_header_and_in_markdown_but_other_tables_are_not() {
        assert_eq!(read("| 10.0.0.1:2379 | 5dd3053ed692fcca | 3.3.25 | 225 kB | false | 2 | 518 |").said.len(), 1);
        assert_eq!(read("| ENDPOINT | HEALTH | TOOK | ERROR |\n|---|---|---|---|\n| a:2379 | true | 2ms | |").said.len(), 1);
        let other = read("| version | fixed |\n|---|---|\n| 3.4.23 | yes |\n| | no |\n|\n||\n+-+\n");
        assert!(other.said.is_empty() && other.given_up.is_empty());
    }

    #[test]
    fn a_header_that_wraps_is_joined() {
        let text = "| ENDPOINT | ID | DB SIZE | RAFT APPLIED |\n| | | | INDEX |\n+---+---+---+---+\n| a:1 | 1f | 20 kB | 7 |\n";
        assert_eq!(statuses(&read(text)).first().unwrap().applied, Some(7));
    }

    #[test]
    fn too_many_rows_are_given_up_and_named() {
        let text = format!("| ENDPOINT | HEALTH |\n{}", "| a:1 | true |\n".repeat(10_002));
        let reading = read(&text);
        assert_eq!((reading.said.len(), reading.given_up.len()), (10_000, 1));
    }
}
