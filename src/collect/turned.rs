//! Lines of an output that runs from the newest entry to the oldest, held until they can be written the right way round.
//!
//! They are held as they came: what is secret in a line can be told by the line before it, which comes later.

/// Bytes of a block.
const BLOCK: usize = 1 << 20;

/// The lines.
#[derive(Debug, Default)]
pub(super) struct Turned {
    blocks: Vec<Vec<u8>>,
    /// What the program says of all entries before the first: it stays in front.
    heading: Vec<Vec<u8>>,
    bytes: u64,
}

impl Turned {
    /// Bytes that are held, with the ends of lines.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes a line without its end.
    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes += line.len() as u64 + 1;
        if self.blocks.is_empty() && (line.starts_with(b"-- Logs begin") || line.starts_with(b"-- Journal begins")) {
            self.heading.push(line.to_vec());
            return;
        }
        let needs = line.len() + 1;
        if self.blocks.last().is_none_or(|block| block.len() + needs > block.capacity()) {
            self.blocks.push(Vec::with_capacity(BLOCK.max(needs)));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.extend_from_slice(line);
            block.push(b'\n');
        }
    }

    /// Leaves out what stands before the end of a key of which the beginning was not kept.
    pub(super) fn without_half_a_key(&mut self) {
        const LONGEST_KEY: usize = 200;
        let has = |line: &[u8], mark: &[u8]| memchr::memmem::find(line, mark).is_some();
        let lines =
            self.blocks.iter().rev().flat_map(|block| block.rsplit(|byte| *byte == b'\n')).filter(|line| !line.is_empty());
        let first =
            lines.take(LONGEST_KEY).take_while(|line| !has(line, b"-----BEGIN ")).position(|line| has(line, b"-----END "));
        let Some(last) = first else { return };
        for _ in 0..=last {
            let Some(block) = self.blocks.last_mut() else { return };
            let end = block.len().saturating_sub(1);
            let start = block.get(..end).and_then(|block| memchr::memrchr(b'\n', block)).map_or(0, |at| at + 1);
            self.bytes -= (block.len() - start) as u64;
            block.truncate(start);
            if block.is_empty() {
                self.blocks.pop();
            }
        }
    }

    /// Hands the lines on, the oldest entry first. An entry of several lines has all but the first indented, and keeps their order.
    pub(super) fn each<E>(mut self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.heading.iter().try_for_each(|line| take(line))?;
        // Lines of an entry whose first line was not met yet, the last one first.
        let mut rest: Vec<Vec<u8>> = Vec::new();
        // A block is given back as soon as it is through.
        while let Some(block) = self.blocks.pop() {
            let block = block.strip_suffix(b"\n").unwrap_or(&block);
            for line in block.rsplit(|byte| *byte == b'\n') {
                if line.starts_with(b" ") || line.starts_with(b"\t") {
                    rest.push(line.to_vec());
                    continue;
                }
                take(line)?;
                rest.drain(..).rev().try_for_each(|line| take(&line))?;
            }
        }
        rest.into_iter().rev().try_for_each(|line| take(&line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(lines: impl Iterator<Item = String>) -> Vec<String> {
        let (mut held, mut out) = (Turned::default(), Vec::new());
        lines.for_each(|line| held.push(line.as_bytes()));
        let done: Result<(), ()> = held.each(|line| {
            out.push(String::from_utf8_lossy(line).into_owned());
            Ok(())
        });
        done.unwrap();
        out
    }

    #[test]
    fn entries_are_turned_round_and_the_lines_of_one_are_not() {
        let lines = ["-- Logs begin at x, end at y. --", "3 panic:", "    goroutine 1", "    main", "2", "", "1"];
        assert_eq!(
            turned(lines.iter().map(|line| (*line).to_owned())),
            ["-- Logs begin at x, end at y. --", "1", "", "2", "3 panic:", "    goroutine 1", "    main"]
        );
        // The first line of the oldest entry was not kept.
        assert_eq!(turned(["2".to_owned(), "1".to_owned()].into_iter()), ["1", "2"]);
        assert_eq!(turned(std::iter::empty()), Vec::<String>::new());
    }

    #[test]
    fn the_rest_of_a_key_whose_beginning_was_not_kept_is_left_out() {
        let told = |lines: &[&str]| {
            let mut held = Turned::default();
            lines.iter().for_each(|line| held.push(line.as_bytes()));
            held.without_half_a_key();
            let (bytes, mut out) = (held.bytes(), Vec::new());
            let _: Result<(), ()> = held.each(|line| {
                out.push(String::from_utf8_lossy(line).into_owned());
                Ok(())
            });
            assert_eq!(bytes, out.iter().map(|line| line.len() as u64 + 1).sum::<u64>());
            out
        };
        assert_eq!(told(&["newest", "-----END PRIVATE KEY-----", "MIIE", "MIIF"]), ["newest"]);
        let whole = ["newest", "-----END PRIVATE KEY-----", "MIIE", "-----BEGIN PRIVATE KEY-----"];
        assert_eq!(told(&whole).len(), 4, "of a whole one the redactor takes care");
        assert_eq!(told(&["2", "1"]), ["1", "2"]);
    }

    #[test]
    fn they_are_turned_over_the_borders_of_blocks() {
        let lines: Vec<String> = (0..50_000).map(|n| format!("{n} {}", "x".repeat(n % 90))).collect();
        let mut wanted = lines.clone();
        wanted.reverse();
        assert_eq!(turned(lines.into_iter()), wanted);
    }
}
