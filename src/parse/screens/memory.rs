//! `free`: how much memory the host has, and how much of it can still be had.

use super::{Out, Screen, number};
use crate::bundle::Line;

/// Memory of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All of it, in the unit of the output.
    pub total: u64,
    /// What can be had without swapping: `available`, or `free` and what buffers hold where that column is missing.
    pub available: u64,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    columns: Vec<String>,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        if self.columns.is_empty() && !text.starts_with("total") {
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.starts_with(&["total", "used", "free"]) && words.len() >= 6 {
            self.columns = words.into_iter().map(str::to_owned).collect();
            return true;
        }
        if self.columns.is_empty() {
            return false;
        }
        let Some((name, values)) = words.split_first().filter(|(name, _)| name.ends_with(':')) else {
            // `-/+ buffers/cache: …` of procps before 3.3.10.
            let is_old = text.starts_with("-/+ buffers/cache:");
            if !is_old {
                self.columns.clear();
            }
            return is_old;
        };
        let Some(values) = values.iter().map(|word| bytes(word)).collect::<Option<Vec<u64>>>() else {
            self.columns.clear();
            return false;
        };
        let value = |wanted: &str| values.get(self.columns.iter().position(|column| column == wanted)?).copied();
        if *name == "Mem:" {
            let cached = || value("free").map(|free| free + value("buffers").unwrap_or(0) + value("cached").unwrap_or(0));
            if let (Some(total), Some(available)) = (value("total"), value("available").or_else(cached)) {
                out.say(Screen::Memory(Memory { total, available }), line.quote());
            }
        }
        true
    }
}

/// `24105`, `23Gi`, `8.7Mi`, `0B`, `1.5G`: in the unit that is printed, or bytes with one. The tool rounds.
fn bytes(word: &str) -> Option<u64> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let value = number(digits).filter(|value| *value >= 0.0)?;
    let factor = match word.get(digits.len()..)? {
        "" | "B" => 1.0,
        "K" | "Ki" => 1024.0,
        "M" | "Mi" => 1_048_576.0,
        "G" | "Gi" => 1_073_741_824.0,
        "T" | "Ti" => 1_099_511_627_776.0,
        _ => return None,
    };
    Some((value * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    #[test]
    fn what_is_available_is_read_in_the_forms_of_three_generations() {
        let gib = 1 << 30;
        for (text, total, available) in [
            (
                "               total        used        free      shared  buff/cache   available\nMem:           24105         733       18311           8        5374       23371\nSwap:              0           0           0\n",
                24105,
                23371,
            ),
            (
                "               total        used        free      shared  buff/cache   available\nMem:            23Gi       733Mi        17Gi       8.7Mi       5.2Gi        22Gi\nSwap:             0B          0B          0B\n",
                23 * gib,
                22 * gib,
            ),
            (
                "             total       used       free     shared    buffers     cached\nMem:          7870       7700        170          0         30        200\n-/+ buffers/cache:       7470        400\nSwap:            0          0          0\n",
                7870,
                400,
            ),
        ] {
            assert_eq!(read("free", text), [Screen::Memory(Memory { total, available })], "{text}");
            assert!(unknown(text).is_empty());
        }
    }
}
