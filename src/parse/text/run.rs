//! Lines that pass by most readers, since what stands before them, or what they look like, tells that only one of them would take them.

use super::{Behind, MOST_MISSED, Opening, Reader, Row, row};
use crate::bundle::{Block, Line};

/// How much of a block was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Bytes, line ends among them.
    pub bytes: usize,
    /// Lines.
    pub lines: u64,
}

/// What a line is that needs no full reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quick {
    /// It was understood.
    Known,
    /// It was not.
    Unknown,
    /// Nothing stands there.
    Blank,
}

impl Reader {
    /// Takes as many lines of a block as need no full reading.
    pub fn run(&mut self, block: &Block<'_>) -> Taken {
        match self.behind {
            _ if self.is_full || !self.is_calm() => Taken::default(),
            Behind { log: true, .. } => self.run_of_log(block),
            Behind { metrics: true, .. } => self.run_of(block, Self::sample),
            // Below its header the reader of `ps` counts all lines.
            Behind { row: Some(last), .. } if self.passage.ps.header.is_none() => {
                self.run_of(block, |reader, line| reader.row(row(line.text()).filter(|next| next.is_like(last))?, line))
            }
            _ => Taken::default(),
        }
    }

    /// Takes the first part of a text, if it is nothing but metrics, or nothing but rows of the kernel's files, as most of a bundle's files are. If it
    /// is something else, this reader is spoilt, and another one must begin anew.
    pub fn begin(&mut self, block: &Block<'_>) -> Option<Taken> {
        let is_metrics = block.text.starts_with("# ");
        let mut opening = Opening::default();
        let taken = if is_metrics {
            self.run_of(block, Self::sample)
        } else {
            self.run_of(block, |reader, line| {
                let row = row(line.text()).filter(|row| opening.admits(*row, line.text()))?;
                reader.row(row, line)
            })
        };
        self.behind = Behind { metrics: is_metrics, ..Behind::default() };
        (taken.bytes == block.text.len() && !self.is_full).then_some(taken)
    }

    fn run_of_log(&mut self, block: &Block<'_>) -> Taken {
        let (bytes, lines) = self.familiar.run(block, &mut self.extract.logbook, self.span, self.behind.text);
        self.tally(lines, lines);
        Taken { bytes, lines }
    }

    /// Behind a line of metrics, or a row, every other reader has closed what it had open.
    fn run_of(&mut self, block: &Block<'_>, mut take: impl FnMut(&mut Self, Line<'_>) -> Option<Quick>) -> Taken {
        let (mut taken, mut known, mut blank) = (Taken::default(), 0, 0);
        for text in block.whole_lines() {
            let Some(quick) = take(self, block.source.line(block.number + taken.lines + 1, text)) else { break };
            known += u64::from(quick == Quick::Known);
            blank += u64::from(quick == Quick::Blank);
            taken = Taken { bytes: taken.bytes + text.len() + 1, lines: taken.lines + 1 };
        }
        self.tally(taken.lines - blank, known);
        taken
    }

    fn tally(&mut self, lines: u64, known: u64) {
        self.extract.lines += lines;
        self.extract.understood += known;
        self.passage.output_lines += lines;
    }

    fn sample(&mut self, line: Line<'_>) -> Option<Quick> {
        self.passage.metrics.plain_line(line).map(|()| Quick::Known)
    }

    fn row(&mut self, row: Row, line: Line<'_>) -> Option<Quick> {
        let is_known = match row {
            Row::Kernel => self.passage.kernel.line(line),
            Row::Limit => self.screens.limit(line),
            Row::Listing => self.passage.listing.line(line),
            Row::Blank => return Some(Quick::Blank),
            Row::Mute | Row::Mount | Row::Disk(_) => {
                self.extract.prose.pass(line);
                if self.extract.missed.len() < MOST_MISSED {
                    self.extract.missed.push(line.quote());
                }
                return Some(Quick::Unknown);
            }
        };
        is_known.then_some(Quick::Known)
    }
}
