//! What stands around the findings: what speaks for health, what is open, members, the cluster, what was read.

use std::io::{self, Write};

use anstyle::Style;

use super::{BAD, FAINT, GOOD, HEAD, Page, WARN, finding::command_line, instant, name, scale};
use crate::{
    diagnosis::{Gap, Ground, Impact, MemberRow, Weight},
    render::{
        cluster,
        table::{self, Cell},
        units::bytes,
    },
    words::{Values, fill},
};

/// Most quoted lines of a ground that proves, and most grounds that only support.
const MOST_QUOTES: usize = 4;
const MOST_SUPPORTS: usize = 4;

/// Most entries that are named as not read.
const MOST_UNREAD: usize = 8;

/// The columns of the members' table that are always told, where they say something; the others need room.
const FIRST_COLUMNS: usize = 6;

impl Page<'_> {
    pub(super) fn grounds(&self, out: &mut dyn Write) -> io::Result<()> {
        let grounds = &self.diagnosis.verdict.grounds;
        if !grounds.is_empty() {
            self.title(out, self.words.text.why_healthy)?;
        }
        let (proofs, supports): (Vec<&Ground>, Vec<&Ground>) = grounds.iter().partition(|g| g.weight == Weight::Proof);
        for ground in &proofs {
            self.item(out, "  + ", &ground.says)?;
            self.quotes(out, "    ", &ground.evidence, MOST_QUOTES)?;
        }
        let most = self.most(MOST_SUPPORTS);
        for ground in supports.iter().take(most) {
            self.item(out, "  + ", &format!("{} ({})", ground.says, self.words.text.support))?;
            self.brief_quote(out, "    ", &ground.evidence)?;
        }
        self.more(out, "  ", supports.len(), most)
    }

    pub(super) fn open(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.diagnosis.undecided.is_empty() {
            self.title(out, self.words.text.open)?;
        }
        for Gap { code, why, ask, .. } in &self.diagnosis.undecided {
            self.item(out, "  ? ", &format!("{code}: {}", instant::in_sentence(why)))?;
            writeln!(out, "    {}", self.words.text.ask)?;
            command_line(out, "    ", FAINT, ask)?;
        }
        Ok(())
    }

    pub(super) fn members(&self, out: &mut dyn Write) -> io::Result<()> {
        let words = &self.words.text;
        if self.diagnosis.members.is_empty() {
            return Ok(());
        }
        self.title(out, words.members)?;
        let told: Vec<Vec<Option<Cell>>> = self.diagnosis.members.iter().map(|row| self.cells(row)).collect();
        // A column that says nothing of anybody only takes room.
        let columns: Vec<usize> = (0..words.columns.len())
            .filter(|column| told.iter().any(|row| row.get(*column).is_some_and(Option::is_some)))
            .collect();
        let rows = |columns: &[usize]| -> Vec<Vec<Cell>> {
            let head = columns.iter().filter_map(|at| words.columns.get(*at)).map(|name| Cell::styled(name, FAINT)).collect();
            let of = |row: &Vec<Option<Cell>>| {
                columns.iter().map(|at| row.get(*at).cloned().flatten().unwrap_or_else(|| Cell::from("-"))).collect()
            };
            std::iter::once(head).chain(told.iter().map(of)).collect()
        };
        let all = rows(&columns);
        let fits = self.is_verbose && self.width >= 80 || table::natural_width(&all) + 2 <= self.width;
        let first: Vec<usize> = columns.into_iter().filter(|at| *at < FIRST_COLUMNS).collect();
        let shown = if fits { all } else { rows(&first) };
        table::write(out, "  ", self.width, &shown)
    }

    fn cells(&self, row: &MemberRow) -> Vec<Option<Cell>> {
        let words = &self.words.text;
        let shown = name;
        let address = row.endpoints.first().or(row.addresses.first()).map(|url| {
            let url = shown(url);
            url.split_once("://").map_or(url.clone(), |(_, address)| address.to_owned())
        });
        let maybe = (!row.maybe.is_empty() && address.is_none()).then(|| {
            let names: Vec<String> = row.maybe.iter().map(shown).collect();
            fill(words.maybe, &Values::from([("names", names.join(", "))]))
        });
        let health = row.health.map(|health| {
            let style = match health {
                "healthy" => GOOD,
                "unhealthy" => WARN,
                _ => BAD,
            };
            Cell::styled(scale::named(words.healths, health), style)
        });
        let role = row.role.map(|name| {
            let style = if name == "leader" { HEAD } else { Style::new() };
            Cell::styled(scale::named(words.roles, name), style)
        });
        let plain = |text: Option<String>| text.map(|text| Cell::from(text.as_str()));
        vec![
            plain(Some(shown(&row.key))),
            plain(row.id.clone()),
            health,
            role,
            plain(row.version.as_ref().map(shown)),
            plain(address.or(maybe)),
            plain(row.db_bytes.map(bytes)),
            plain(row.term.map(|term| term.to_string())),
            plain(row.index.map(|index| index.to_string())),
        ]
    }

    pub(super) fn cluster(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(row) = &self.diagnosis.cluster else { return Ok(()) };
        let is_recovery = matches!(self.diagnosis.verdict.impact, Impact::Outage | Impact::DataRisk);
        let most =
            cluster::Most { elections: self.most(cluster::Most::USUAL.elections), links: self.most(cluster::Most::USUAL.links) };
        let sentences = cluster::sentences(row, is_recovery, most, &self.words.cluster);
        if !sentences.is_empty() {
            self.title(out, self.words.cluster.title)?;
        }
        sentences.iter().try_for_each(|sentence| self.item(out, "  ", sentence))
    }

    pub(super) fn coverage(&self, out: &mut dyn Write) -> io::Result<()> {
        let (coverage, words) = (&self.diagnosis.coverage, &self.words.text);
        self.title(out, words.coverage)?;
        let mut values = Values::from([
            ("artifacts", coverage.artifacts.to_string()),
            ("layout", scale::named(words.layouts, self.diagnosis.input.layout).to_owned()),
            ("seen", coverage.members_seen.to_string()),
            ("expected", coverage.members_expected.map_or_else(|| "?".to_owned(), |n| n.to_string())),
        ]);
        if let (Some(from), Some(to)) = (&coverage.from, &coverage.to) {
            let from = instant::to_the_second(&from.escaped().to_string());
            let to = instant::until(&from, &to.escaped().to_string());
            let sentence = if from == to { words.moment } else { words.window };
            values.insert("window", fill(sentence, &Values::from([("from", from), ("to", to)])));
        }
        self.item(out, "  ", &fill(words.coverage_line, &values))?;
        for gap in &coverage.gaps {
            self.item(out, "  - ", gap)?;
        }
        let most = self.most(MOST_UNREAD);
        for unread in coverage.unread.iter().take(most) {
            // What stopped the reading of an archive is in none of its files.
            let place = if unread.path.is_empty() { String::new() } else { format!("{}: ", unread.path.escaped()) };
            self.item(out, "  - ", &format!("{place}{}", unread.why))?;
        }
        self.more(out, "  - ", coverage.unread.len(), most)
    }
}
