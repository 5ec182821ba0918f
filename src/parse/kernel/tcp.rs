//! Segments of TCP: `/proc/net/snmp`, and `netstat -s` which says the same in words.

use crate::bundle::{Line, Quote};

/// Segments of all connections of a host since its boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segments {
    /// Sent, without those that were sent again (`OutSegs`).
    pub sent: u64,
    /// Sent again, for they were not acknowledged (`RetransSegs`).
    pub again: u64,
    /// The line.
    pub quote: Quote,
}

/// Reads the lines of one text.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    /// The names of the columns, which stand a line above the values.
    columns: Vec<String>,
    sent: Option<u64>,
}

impl Reader {
    /// Takes the next line: whether it is one of these, and the segments where they are complete.
    pub(super) fn line(&mut self, line: Line<'_>) -> (bool, Option<Segments>) {
        let text = line.text().trim();
        if let Some(rest) = text.strip_prefix("Tcp: ") {
            let words: Vec<&str> = rest.split_whitespace().collect();
            if words.contains(&"RetransSegs") {
                self.columns = words.into_iter().map(str::to_owned).collect();
                return (true, None);
            }
            let value = |name| words.get(self.columns.iter().position(|column| column == name)?)?.parse().ok();
            let segments = value("OutSegs").zip(value("RetransSegs"));
            return (!self.columns.is_empty(), segments.map(|(sent, again)| Segments { sent, again, quote: line.quote() }));
        }
        let number = |words: &str| text.strip_suffix(words).and_then(|number| number.trim().parse::<u64>().ok());
        if let Some(sent) = number("segments sent out").or_else(|| number("segments send out")) {
            self.sent = Some(sent);
            return (true, None);
        }
        // Older net-tools write it with one t.
        match number("segments retransmitted").or_else(|| number("segments retransmited")) {
            Some(again) => (true, self.sent.take().map(|sent| Segments { sent, again, quote: line.quote() })),
            None => (false, None),
        }
    }
}

impl Segments {
    /// What was sent, and sent again, after an earlier reading of the same host; `None` if a count fell.
    pub fn since(&self, earlier: &Self) -> Option<(u64, u64)> {
        Some((self.sent.checked_sub(earlier.sent)?, self.again.checked_sub(earlier.again)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn read(text: &str) -> Vec<(u64, u64)> {
        let (source, mut reader) = (Source::new("host.txt"), Reader::default());
        let lines = (1..).zip(text.lines());
        lines.filter_map(|(number, line)| reader.line(source.line(number, line)).1).map(|s| (s.sent, s.again)).collect()
    }

    #[test]
    fn segments_are_read_by_the_names_of_their_columns() {
        let text = "Ip: Forwarding DefaultTTL\nIp: 1 64\n\
                    Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n\
                    Tcp: 1 200 120000 -1 41 30 4 5 11 90210 88120 377 0 60 0\n";
        assert_eq!(read(text), [(88120, 377)]);
        assert_eq!(
            read("Tcp: 1 200 120000 -1 41 30 4 5 11 90210 88120 377 0 60 0\n"),
            [],
            "without names the numbers say nothing"
        );
    }

    #[test]
    fn netstat_says_the_same_in_words_old_and_new() {
        assert_eq!(read("Tcp:\n    88120 segments sent out\n    377 segments retransmitted\n"), [(88120, 377)]);
        assert_eq!(read("Tcp:\n    88120 segments send out\n    377 segments retransmited\n"), [(88120, 377)]);
    }
}
