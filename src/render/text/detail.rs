//! What only the whole report shows: the timeline and the measurements; and the line that says so elsewhere.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{FAINT, Page, instant, scale};
use crate::{
    diagnosis::{Event, Measurement, Within},
    render::{
        table::{self, Cell},
        units::{bucket, seconds},
    },
    text::{Untrusted, escape},
    words::{Values, fill},
};

impl Page<'_> {
    pub(super) fn timeline(&self, out: &mut dyn Write) -> io::Result<()> {
        let words = &self.words.text;
        if self.diagnosis.timeline.is_empty() {
            return Ok(());
        }
        self.title(out, words.timeline)?;
        self.diagnosis.timeline.iter().try_for_each(|event| self.event(out, event))
    }

    /// When, who, what; the place at the end of the line where there is room, else below it.
    fn event(&self, out: &mut dyn Write, event: &Event) -> io::Result<()> {
        let shown = |text: Option<&Untrusted>| text.map_or_else(|| "-".to_owned(), |text| text.escaped().to_string());
        let time = event.time.as_deref().map_or_else(|| shown(event.time_as_read.as_ref()), instant::to_the_second);
        let code = event.code.map_or_else(String::new, |code| format!(" [{code}]"));
        let sentence = format!("{time}  {}: {}{code}", shown(event.member.as_ref()), event.what);
        let place = format!("{}:{}", escape(&event.path), event.line);
        if 2 + sentence.width() + 2 + place.width() <= self.width {
            return writeln!(out, "  {}  {FAINT}{place}{FAINT:#}", escape(&sentence));
        }
        self.item(out, "  ", &sentence)?;
        writeln!(out, "    {FAINT}{place}{FAINT:#}")
    }

    pub(super) fn measurements(&self, out: &mut dyn Write) -> io::Result<()> {
        let words = &self.words.text;
        if self.diagnosis.measurements.is_empty() {
            return Ok(());
        }
        self.title(out, words.measurements)?;
        let row = |measured: &Measurement| {
            // Each share is one word, so that a narrow column breaks between them.
            let share = |w: &Within| format!("≤{}:{}/{}", seconds(w.le).replace(' ', ""), w.n, w.of);
            let within: Vec<String> = measured.within.iter().map(share).collect();
            [
                measured.member.as_ref().map_or_else(|| "-".to_owned(), |key| key.escaped().to_string()),
                scale::named(words.metrics, measured.name).to_owned(),
                scale::named(words.windows, measured.window).to_owned(),
                measured.count.to_string(),
                measured.p50.map_or_else(|| "-".to_owned(), bucket),
                measured.p99.map_or_else(|| "-".to_owned(), bucket),
                within.join(" "),
            ]
            .iter()
            .map(|cell| Cell::from(cell.as_str()))
            .collect()
        };
        self.table(out, &words.measurement_columns, self.diagnosis.measurements.iter().map(row))
    }

    fn table(&self, out: &mut dyn Write, head: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> io::Result<()> {
        let head = head.iter().map(|name| Cell::styled(name, FAINT)).collect();
        let mut rows: Vec<Vec<Cell>> = std::iter::once(head).chain(rows).collect();
        if self.width < 80 {
            // The last column is the widest and says least.
            rows.iter_mut().for_each(|row| drop(row.pop()));
        }
        table::write(out, "  ", self.width, &rows)
    }

    /// What more there is to see, where there is more.
    pub(super) fn hint(&self, out: &mut dyn Write) -> io::Result<()> {
        let (events, measured) = (self.diagnosis.timeline.len(), self.diagnosis.measurements.len());
        if self.is_verbose || events + measured == 0 {
            return Ok(());
        }
        let values = Values::from([("events", events.to_string()), ("measurements", measured.to_string())]);
        let mut written = Vec::new();
        self.item(&mut written, "", &fill(self.words.text.hint, &values))?;
        write!(out, "\n{FAINT}{}{FAINT:#}\n", String::from_utf8_lossy(&written).trim_end())
    }
}
