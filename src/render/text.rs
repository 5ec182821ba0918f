//! The diagnosis as text for people: the verdict first, causes with their lines, what to do, who is who, what stays open.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use unicode_width::UnicodeWidthStr;

use super::{cluster, wrap};
use crate::{
    diagnosis::{
        Code, Confidence, Diagnosis, Evidence, Finding, Gap, Ground, Impact, MemberRow, Risk, Severity, State, Step, Weight,
    },
    text::{Untrusted, escape},
    words::{ClusterWords, TextWords, Values, Words, fill},
};

/// Most quoted lines that are shown of one finding or ground, and of a finding that is over.
const MOST_QUOTES: usize = 4;
const MOST_PAST_QUOTES: usize = 2;

/// Most entries that are named as not read.
const MOST_UNREAD: usize = 8;

/// Most lines of the report that one quoted line takes.
const MOST_LINES: usize = 3;

const BAD: Style = AnsiColor::Red.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const HEAD: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Writes the report, laid out for `width` columns. Colours are written as escape sequences; the stream takes them off where they are
/// not wanted.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diagnosis: &Diagnosis, words: &Words, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { words: &words.text, cluster: &words.cluster, width, diagnosis };
    page.verdict(out)?;
    page.findings(out)?;
    page.grounds(out)?;
    page.open(out)?;
    page.members(out)?;
    page.cluster(out)?;
    page.coverage(out)
}

/// Writes the verdict alone: what, impact, how sure.
///
/// # Errors
/// When the output cannot be written.
pub fn write_verdict(diagnosis: &Diagnosis, words: &Words, width: usize, out: &mut dyn Write) -> io::Result<()> {
    Page { words: &words.text, cluster: &words.cluster, width, diagnosis }.verdict(out)
}

struct Page<'a> {
    words: &'a TextWords,
    cluster: &'a ClusterWords,
    width: usize,
    diagnosis: &'a Diagnosis,
}

impl Page<'_> {
    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let verdict = &self.diagnosis.verdict;
        let style = match verdict.primary {
            Some(Code::HEALTHY | Code::TRANSIENT) => GOOD,
            Some(_) => BAD,
            None => WARN,
        };
        let code = verdict.primary.map_or(self.words.undecided, Code::as_str);
        writeln!(out, "{style}{code}{style:#}  {FAINT}{} {}{FAINT:#}", self.words.id, self.diagnosis.id)?;
        self.paragraph(out, "", &verdict.headline)?;
        let impact = named(self.words.impacts, impact_name(verdict.impact));
        self.paragraph(out, "", &format!("{} {impact}", self.words.impact))?;
        let is_healthy = matches!(verdict.primary, Some(Code::HEALTHY | Code::TRANSIENT));
        let table = if is_healthy { self.words.confidences_healthy } else { self.words.confidences };
        let confidence = named(table, confidence_name(verdict.confidence));
        self.paragraph(out, "", &format!("{} {confidence}", self.words.confidence))?;
        if !verdict.also.is_empty() {
            self.paragraph(out, "", &format!("{}: {}", self.words.also, codes(&verdict.also)))?;
        }
        Ok(())
    }

    /// Causes, then what they account for, then the rest; notes last.
    fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = &self.diagnosis.findings;
        let is_note = |f: &&Finding| f.severity == Severity::Info;
        let is_active = |f: &&Finding| f.state == State::Active;
        let causes: Vec<_> = all.iter().filter(|f| !is_note(f) && is_active(f) && f.explained_by.is_none()).collect();
        let past: Vec<_> = all.iter().filter(|f| !is_note(f) && !is_active(f)).collect();
        let follow: Vec<_> = all.iter().filter(|f| !is_note(f) && is_active(f) && f.explained_by.is_some()).collect();
        let notes: Vec<_> = all.iter().filter(is_note).collect();
        for (title, group) in [(self.words.cause, causes), (self.words.what_it_was, past)] {
            if !group.is_empty() {
                self.title(out, title)?;
            }
            for finding in group {
                self.finding(out, finding)?;
            }
        }
        for (title, group) in [(self.words.other, follow), (self.words.notes, notes)] {
            if !group.is_empty() {
                self.title(out, title)?;
            }
            for finding in group {
                self.finding_in_brief(out, finding)?;
            }
        }
        Ok(())
    }

    fn finding(&self, out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
        self.code_line(out, finding)?;
        self.paragraph(out, "  ", &finding.says)?;
        let most = if finding.state == State::Recovered { MOST_PAST_QUOTES } else { MOST_QUOTES };
        self.quotes(out, "    ", &finding.evidence, most)?;
        if !finding.steps.is_empty() {
            writeln!(out, "\n  {HEAD}{}{HEAD:#}", self.words.do_)?;
        }
        for (step, n) in finding.steps.iter().zip(1..) {
            self.step(out, n, step)?;
        }
        if !finding.confirm.is_empty() {
            writeln!(out, "\n  {HEAD}{}{HEAD:#}", self.words.settle)?;
        }
        for line in &finding.confirm {
            self.item(out, "  - ", line)?;
        }
        writeln!(out, "\n  {HEAD}{}{HEAD:#}", self.words.means)?;
        self.paragraph(out, "  ", &finding.means)
    }

    fn finding_in_brief(&self, out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
        self.code_line(out, finding)?;
        self.paragraph(out, "  ", &finding.says)?;
        self.quotes(out, "    ", finding.evidence.get(..1).unwrap_or_default(), 1)
    }

    fn code_line(&self, out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
        let style = match (finding.state, finding.severity) {
            (State::Recovered, _) => GOOD,
            (State::Active, Severity::Critical) => BAD,
            (State::Active, Severity::Warning) => WARN,
            (State::Active, Severity::Info) => HEAD,
        };
        let members: Vec<String> = finding.members.iter().map(|key| key.escaped().to_string()).collect();
        let mut parts = vec![severity_name(finding.severity).to_owned(), state_name(finding.state).to_owned()];
        parts.extend((!members.is_empty()).then(|| members.join(", ")));
        if !finding.explains.is_empty() {
            parts.push(fill(self.words.explains, &Values::from([("codes", codes(&finding.explains))])));
        }
        if let Some(by) = finding.explained_by {
            parts.push(fill(self.words.explained_by, &Values::from([("code", by.to_string())])));
        }
        writeln!(out, "  {style}{}{style:#} · {}", finding.code, parts.join(" · "))
    }

    fn step(&self, out: &mut dyn Write, n: usize, step: &Step) -> io::Result<()> {
        let risk = match step.risk {
            Risk::None => String::new(),
            Risk::Careful => format!("{} ", named(self.words.risks, "careful")),
            Risk::Dangerous => format!("{} ", named(self.words.risks, "dangerous")),
        };
        self.item(out, &format!("  {n}. "), &format!("{risk}{}", step.step))?;
        match &step.command {
            // Never wrapped: it is there to be pasted.
            Some(command) => writeln!(out, "     $ {}", escape(command)),
            None => Ok(()),
        }
    }

    fn grounds(&self, out: &mut dyn Write) -> io::Result<()> {
        let grounds = &self.diagnosis.verdict.grounds;
        if !grounds.is_empty() {
            self.title(out, self.words.why_healthy)?;
        }
        for ground in grounds {
            self.ground(out, ground)?;
        }
        Ok(())
    }

    fn ground(&self, out: &mut dyn Write, ground: &Ground) -> io::Result<()> {
        let weight = if ground.weight == Weight::Support { format!(" ({})", self.words.support) } else { String::new() };
        self.item(out, "  + ", &format!("{}{weight}", ground.says))?;
        self.quotes(out, "    ", &ground.evidence, MOST_QUOTES)
    }

    fn open(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.diagnosis.undecided.is_empty() {
            self.title(out, self.words.open)?;
        }
        for Gap { code, why, ask, .. } in &self.diagnosis.undecided {
            self.item(out, "  ? ", &format!("{code}: {why}"))?;
            writeln!(out, "    {}", self.words.ask)?;
            writeln!(out, "    $ {}", escape(ask))?;
        }
        Ok(())
    }

    fn members(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.diagnosis.members.is_empty() {
            return Ok(());
        }
        self.title(out, self.words.members)?;
        let rows: Vec<[Option<String>; 6]> = self.diagnosis.members.iter().map(|row| self.cells(row)).collect();
        // A column that says nothing of anybody only takes room.
        let is_told: Vec<bool> =
            (0..6).map(|column| rows.iter().any(|row| row.get(column).is_some_and(Option::is_some))).collect();
        let kept = |cells: Vec<String>| {
            cells.into_iter().zip(&is_told).filter(|(_, told)| **told).map(|(cell, _)| cell).collect::<Vec<_>>()
        };
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.width).unwrap_or(80));
        table.set_header(kept(self.words.columns.iter().map(|name| (*name).to_owned()).collect()));
        for row in rows {
            table.add_row(kept(row.into_iter().map(|cell| cell.unwrap_or_else(|| "-".to_owned())).collect()));
        }
        writeln!(out, "{}", table.trim_fmt())
    }

    fn cluster(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(row) = &self.diagnosis.cluster else { return Ok(()) };
        let is_recovery = matches!(self.diagnosis.verdict.impact, Impact::Outage | Impact::DataRisk);
        let sentences = cluster::sentences(row, is_recovery, self.cluster);
        if !sentences.is_empty() {
            self.title(out, self.cluster.title)?;
        }
        sentences.iter().try_for_each(|sentence| self.item(out, "  ", sentence))
    }

    fn cells(&self, row: &MemberRow) -> [Option<String>; 6] {
        let shown = |text: &Untrusted| text.escaped().to_string();
        let address = row.endpoints.first().or(row.addresses.first()).map(|url| {
            let url = shown(url);
            url.split_once("://").map_or(url.clone(), |(_, address)| address.to_owned())
        });
        let maybe = (!row.maybe.is_empty() && address.is_none()).then(|| {
            let names: Vec<String> = row.maybe.iter().map(shown).collect();
            fill(self.words.maybe, &Values::from([("names", names.join(", "))]))
        });
        let (health, role) = (row.health.map(str::to_owned), row.role.map(str::to_owned));
        [Some(shown(&row.key)), row.id.clone(), health, role, row.version.as_ref().map(shown), address.or(maybe)]
    }

    fn coverage(&self, out: &mut dyn Write) -> io::Result<()> {
        let coverage = &self.diagnosis.coverage;
        self.title(out, self.words.coverage)?;
        let mut values = Values::from([
            ("artifacts", coverage.artifacts.to_string()),
            ("layout", self.diagnosis.input.layout.to_owned()),
            ("seen", coverage.members_seen.to_string()),
            ("expected", coverage.members_expected.map_or_else(|| "?".to_owned(), |n| n.to_string())),
        ]);
        if let (Some(from), Some(to)) = (&coverage.from, &coverage.to) {
            values.insert(
                "window",
                fill(self.words.window, &Values::from([("from", from.escaped().to_string()), ("to", to.escaped().to_string())])),
            );
        }
        self.paragraph(out, "  ", &fill(self.words.coverage_line, &values))?;
        for gap in &coverage.gaps {
            self.item(out, "  - ", gap)?;
        }
        for unread in coverage.unread.iter().take(MOST_UNREAD) {
            self.item(out, "  - ", &format!("{}: {}", unread.path.escaped(), unread.why))?;
        }
        match coverage.unread.len().checked_sub(MOST_UNREAD) {
            None | Some(0) => Ok(()),
            Some(more) => self.item(out, "  - ", &fill(self.words.more, &Values::from([("n", more.to_string())]))),
        }
    }

    fn title(&self, out: &mut dyn Write, title: &str) -> io::Result<()> {
        writeln!(out, "\n{HEAD}{title}{HEAD:#}")
    }

    fn quotes(&self, out: &mut dyn Write, indent: &str, evidence: &[Evidence], most: usize) -> io::Result<()> {
        for shown in evidence.iter().take(most) {
            let place = shown.quote.citation();
            let head = format!("{indent}{}:{}  ", escape(place.path()), place.line());
            let note = shown.note.as_ref().map_or_else(String::new, |note| format!("  ({note})"));
            let words = shown.quote.excerpt().escaped().to_string();
            if head.width() + words.width() + note.width() <= self.width {
                writeln!(out, "{FAINT}{head}{FAINT:#}{words}{FAINT}{note}{FAINT:#}")?;
                continue;
            }
            // A quoted line that is cut in its middle quotes nothing; it gets a line of its own.
            let inner = format!("{indent}  ");
            writeln!(out, "{FAINT}{}{note}{FAINT:#}", head.trim_end())?;
            let room = self.width.saturating_sub(inner.width()).max(20);
            let mut lines = wrap::lines(&words, room);
            if lines.len() > MOST_LINES {
                lines.truncate(MOST_LINES);
                lines.iter_mut().skip(MOST_LINES - 1).for_each(|line| line.push('…'));
            }
            for line in lines {
                writeln!(out, "{inner}{}", cut(&line, room))?;
            }
        }
        if evidence.len() > most {
            let more = Values::from([("n", (evidence.len() - most).to_string())]);
            writeln!(out, "{FAINT}{indent}{}{FAINT:#}", fill(self.words.more, &more))?;
        }
        Ok(())
    }

    fn paragraph(&self, out: &mut dyn Write, indent: &str, words: &str) -> io::Result<()> {
        self.item(out, indent, words)
    }

    /// Words behind a mark, wrapped, the further lines below the first word.
    fn item(&self, out: &mut dyn Write, mark: &str, words: &str) -> io::Result<()> {
        wrap::item(out, self.width, mark, words)
    }
}

/// Cuts to a width in columns, wide characters counted as two.
fn cut(words: &str, room: usize) -> String {
    if words.width() <= room {
        return words.to_owned();
    }
    let mut out = String::new();
    for c in words.chars() {
        if out.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) + 1 > room {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

fn codes(codes: &[Code]) -> String {
    codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ")
}

fn named(table: &[(&str, &'static str)], name: &str) -> &'static str {
    table.iter().find(|(key, _)| *key == name).map_or("", |(_, words)| words)
}

fn impact_name(impact: Impact) -> &'static str {
    match impact {
        Impact::None => "none",
        Impact::Unknown => "unknown",
        Impact::Degraded => "degraded",
        Impact::Outage => "outage",
        Impact::DataRisk => "data-risk",
    }
}

fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Recovered => "recovered",
        State::Active => "active",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_with_a_mark_and_wide_ones_count_twice() {
        assert_eq!(cut("集群正常", 5), "集群…");
        assert_eq!(cut("short", 5), "short");
    }
}
