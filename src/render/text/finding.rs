//! Findings: causes with what they account for below them, what is over, notes.

use std::io::{self, Write};

use super::{BAD, FAINT, HEAD, Page, WARN, instant, name, scale};
use crate::{
    diagnosis::{Finding, Risk, Severity, State, Step},
    text::escape,
};

/// Most quoted lines that are shown of one finding, and of a finding that is over.
const MOST_QUOTES: usize = 4;
const MOST_PAST_QUOTES: usize = 2;

impl Page<'_> {
    /// Causes with what follows from them, then what is over; notes last.
    pub(super) fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = &self.diagnosis.findings;
        let is_note = |f: &&Finding| f.severity == Severity::Info;
        let (notes, told): (Vec<_>, Vec<_>) = all.iter().partition(is_note);
        let roots: Vec<&Finding> = told.iter().filter(|f| root_of(f, &told).is_none()).copied().collect();
        let (causes, past): (Vec<&Finding>, Vec<&Finding>) = roots.iter().partition(|f| f.state == State::Active);
        let mut before: Vec<&Finding> = Vec::new();
        for (title, group) in [(self.words.text.cause, causes), (self.words.text.what_it_was, past)] {
            if !group.is_empty() {
                self.title(out, title)?;
            }
            for (n, cause) in group.into_iter().enumerate() {
                if n > 0 {
                    writeln!(out)?;
                }
                let follow: Vec<&Finding> =
                    told.iter().filter(|f| root_of(f, &told).is_some_and(|root| std::ptr::eq(root, cause))).copied().collect();
                self.finding(out, cause, &follow, &before)?;
                before.push(cause);
            }
        }
        if !notes.is_empty() {
            self.title(out, self.words.text.notes)?;
        }
        notes.into_iter().try_for_each(|note| self.in_brief(out, "  ", note))
    }

    fn finding(&self, out: &mut dyn Write, finding: &Finding, follow: &[&Finding], before: &[&Finding]) -> io::Result<()> {
        let words = &self.words.text;
        self.code_line(out, "  ", finding)?;
        // Where the headline is this sentence, it stands some lines above.
        if finding.says != self.diagnosis.verdict.headline {
            self.item(out, "  ", &instant::in_sentence(&finding.says))?;
        }
        let most = if finding.state == State::Recovered { MOST_PAST_QUOTES } else { MOST_QUOTES };
        self.quotes(out, "    ", &finding.evidence, most)?;
        if !follow.is_empty() {
            self.subtitle(out, words.follows)?;
        }
        follow.iter().try_for_each(|symptom| self.in_brief(out, "    ", symptom))?;
        // Two causes of one code have one and the same way out.
        let is_told = |same: fn(&Finding, &Finding) -> bool| before.iter().any(|other| same(other, finding));
        if !finding.steps.is_empty() && !is_told(|a, b| a.steps == b.steps) {
            self.subtitle(out, words.do_)?;
            finding.steps.iter().zip(1..).try_for_each(|(step, n)| self.step(out, n, step))?;
        }
        if !finding.confirm.is_empty() && !is_told(|a, b| a.confirm == b.confirm) {
            self.subtitle(out, words.settle)?;
            finding.confirm.iter().try_for_each(|line| self.confirm(out, line))?;
        }
        if is_told(|a, b| a.means == b.means) {
            return Ok(());
        }
        self.subtitle(out, words.means)?;
        self.item(out, "  ", &finding.means)
    }

    fn in_brief(&self, out: &mut dyn Write, indent: &str, finding: &Finding) -> io::Result<()> {
        self.code_line(out, indent, finding)?;
        self.item(out, indent, &instant::in_sentence(&finding.says))?;
        self.brief_quote(out, &format!("{indent}  "), &finding.evidence)
    }

    fn code_line(&self, out: &mut dyn Write, indent: &str, finding: &Finding) -> io::Result<()> {
        let words = &self.words.text;
        let style = scale::style(finding);
        let mut parts = vec![scale::named(words.severities, scale::severity(finding.severity)).to_owned()];
        // That a note goes on needs no word.
        let is_told = finding.severity != Severity::Info || finding.state == State::Recovered;
        parts.extend(is_told.then(|| scale::named(words.states, scale::state(finding.state)).to_owned()));
        let members: Vec<String> = finding.members.iter().map(name).collect();
        parts.extend((!members.is_empty()).then(|| members.join(", ")));
        writeln!(out, "{indent}{style}{}{style:#} · {}", finding.code, parts.join(" · "))
    }

    fn step(&self, out: &mut dyn Write, n: usize, step: &Step) -> io::Result<()> {
        let (risk, style) = match step.risk {
            Risk::None => (None, FAINT),
            Risk::Careful => (Some("careful"), WARN),
            Risk::Dangerous => (Some("dangerous"), BAD),
        };
        let mark = risk.map(|risk| scale::named(self.words.text.risks, risk));
        let sentence = mark.map_or_else(|| step.step.clone(), |mark| format!("{mark} {}", step.step));
        let mut written = Vec::new();
        self.item(&mut written, &format!("  {n}. "), &sentence)?;
        let written = String::from_utf8_lossy(&written);
        // The mark is the first word, so it stands on the first line, where it can be coloured once the line is laid out.
        match mark {
            Some(mark) => write!(out, "{}", written.replacen(mark, &format!("{style}{mark}{style:#}"), 1))?,
            None => write!(out, "{written}")?,
        }
        step.command.as_ref().map_or(Ok(()), |command| command_line(out, "     ", style, command))
    }

    /// `command: what to see`, the command on a line of its own, as it is there to be pasted.
    fn confirm(&self, out: &mut dyn Write, line: &str) -> io::Result<()> {
        let Some((command, see)) = split_command(line) else { return self.item(out, "  - ", line) };
        command_line(out, "  ", FAINT, command)?;
        self.item(out, "    ", see)
    }
}

/// Never wrapped: it is there to be pasted.
pub(super) fn command_line(out: &mut dyn Write, indent: &str, style: anstyle::Style, command: &str) -> io::Result<()> {
    writeln!(out, "{indent}{style}${style:#} {HEAD}{}{HEAD:#}", escape(command))
}

/// Splits at the first colon with a blank that stands in no quotation marks.
fn split_command(line: &str) -> Option<(&str, &str)> {
    let mut open = None;
    for (at, c) in line.char_indices() {
        match (open, c) {
            (None, '\'' | '"') => open = Some(c),
            (Some(mark), c) if mark == c => open = None,
            (None, ':') if line.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')) => {
                return Some((line.get(..at)?, line.get(at + 2..)?));
            }
            _ => {}
        }
    }
    None
}

/// The finding that accounts for this one in the end; of several with one code that of the same members.
fn root_of<'a>(finding: &Finding, all: &[&'a Finding]) -> Option<&'a Finding> {
    let above = |finding: &Finding| {
        let by = finding.explained_by?;
        let is_near = |other: &&&Finding| other.members.iter().any(|member| finding.members.contains(member));
        let of_code = || all.iter().filter(|other| other.code == by);
        of_code().find(is_near).or_else(|| of_code().next()).copied()
    };
    let mut root = above(finding)?;
    // As many steps as there are findings: a circle ends, too.
    for _ in all {
        match above(root) {
            Some(next) => root = next,
            None => break,
        }
    }
    Some(root).filter(|root| root.explained_by.is_none() || above(root).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_from_what_to_see() {
        assert_eq!(split_command("df -h: full."), Some(("df -h", "full.")));
        let sed = r#"sed 's/a: b/c/'; awk "{print: $1}": what: it prints"#;
        assert_eq!(split_command(sed), Some((r#"sed 's/a: b/c/'; awk "{print: $1}""#, "what: it prints")));
        assert_eq!(split_command("no command"), None);
    }
}
