//! `vmstat`: CPU shares by the names of the columns.

use super::{CpuShares, Out, Screen};
use crate::bundle::Line;

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    columns: Vec<String>,
    rows: u32,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if text.starts_with("procs ---") || text.starts_with("procs -") || text.starts_with("--procs-- ---") {
            return true;
        }
        if self.columns.is_empty() && !text.starts_with('r') {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.starts_with(&["r", "b", "swpd"]) {
            // Headers are repeated among the rows.
            self.rows = if self.columns.is_empty() { 0 } else { self.rows };
            self.columns = words.into_iter().map(str::to_owned).collect();
            return true;
        }
        if self.columns.is_empty() || words.len() < self.columns.len() {
            self.columns.clear();
            return false;
        }
        let numbers: Option<Vec<u64>> = words.iter().take(self.columns.len()).map(|word| word.parse().ok()).collect();
        let Some(numbers) = numbers else {
            self.columns.clear();
            return false;
        };
        let of = |name: &str| {
            let at = self.columns.iter().position(|column| column == name)?;
            numbers.get(at).map(|number| *number as f64)
        };
        if let (Some(user), Some(system), Some(idle), Some(iowait)) = (of("us"), of("sy"), of("id"), of("wa")) {
            let (steal, since_boot) = (of("st").unwrap_or_default(), self.rows == 0);
            out.say(Screen::Cpu(CpuShares { user, system, iowait, steal, idle, since_boot }), line.quote());
        }
        self.rows += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    #[test]
    fn the_first_row_is_since_the_boot_and_memory_may_be_larger_than_any_number() {
        let text = "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n\
            \x20r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n\
            \x203  0      0 18828096  33540 5467352    0    0  2535  5631  351  435 42  7 50  1  0\n\
            \x203  9      0 18828096  33540 5467352    0    0   336     0  589  242  2  8 10 60 20\n";
        let share = |user: u32, system: u32, idle: u32, iowait: u32, steal: u32, since_boot| {
            Screen::Cpu(CpuShares {
                user: user.into(),
                system: system.into(),
                iowait: iowait.into(),
                steal: steal.into(),
                idle: idle.into(),
                since_boot,
            })
        };
        assert_eq!(read("vmstat 1 2", text), [share(42, 7, 50, 1, 0, true), share(2, 8, 10, 60, 20, false)]);
        assert!(unknown(text).is_empty());
        assert!(read("", &text.replace(" 60 20", "")).len() == 1, "a torn row says nothing");
    }
}
