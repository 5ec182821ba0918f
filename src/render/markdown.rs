//! The diagnosis in short as Markdown, for a ticket: the verdict, causes with a few lines each, what to do, what is missing.
//!
//! CommonMark, and nothing that only one tracker knows. Quoted lines and commands stand in fenced blocks whose fence is longer than any run
//! of backticks in them; all other words are escaped.

use std::io::{self, Write};

use super::{
    instant::in_sentence,
    names::{confidence_says, impact_name, named, severity_name, state_name},
};
use crate::{
    diagnosis::{Code, Diagnosis, Evidence, Finding, Gap, Risk, Severity, State, Step},
    text::{Untrusted, escape},
    words::{Values, Words, fill},
};

/// Most quoted lines of a cause, and most characters of a line and of any other piece of text: a ticket is no report.
const MOST_QUOTES: usize = 3;
const MOST_QUOTED: usize = 400;
const MOST: usize = 2000;

/// Most of what else was found, and of what is missing.
const MOST_OTHER: usize = 8;

/// Writes the ticket.
///
/// # Errors
/// When the output cannot be written.
pub fn write(diagnosis: &Diagnosis, words: &Words, out: &mut dyn Write) -> io::Result<()> {
    let ticket = Ticket { diagnosis, words };
    ticket.verdict(out)?;
    ticket.findings(out)?;
    ticket.missing(out)
}

struct Ticket<'a> {
    diagnosis: &'a Diagnosis,
    words: &'a Words,
}

impl Ticket<'_> {
    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let (verdict, text) = (&self.diagnosis.verdict, &self.words.text);
        let code = verdict.primary.map_or(text.undecided, Code::as_str);
        writeln!(out, "## {}\n", prose(&in_sentence(&verdict.headline)))?;
        writeln!(out, "- **{}** · {} `{}`", plain(code), plain(text.id), self.diagnosis.id)?;
        writeln!(out, "- {} {}", plain(text.impact), strong(named(text.impacts, impact_name(verdict.impact))))?;
        writeln!(out, "- {} {}", plain(text.confidence), strong(confidence_says(verdict, text)))?;
        if !verdict.also.is_empty() {
            let codes: Vec<String> = verdict.also.iter().map(|code| format!("`{code}`")).collect();
            writeln!(out, "- {} {}", plain(text.also), codes.join(", "))?;
        }
        Ok(())
    }

    /// The causes; where there are none, what it was. The rest in a line each.
    fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = &self.words.text;
        let all = &self.diagnosis.findings;
        let is_cause = |f: &&Finding| f.severity > Severity::Info && f.state == State::Active && f.explained_by.is_none();
        let is_past = |f: &&Finding| f.severity > Severity::Info && f.state == State::Recovered;
        let causes: Vec<&Finding> = all.iter().filter(is_cause).collect();
        let past: Vec<&Finding> = all.iter().filter(|f| causes.is_empty() && is_past(f)).collect();
        for (title, group) in [(text.cause, &causes), (text.what_it_was, &past)] {
            for finding in group {
                self.finding(out, title, finding)?;
            }
        }
        let is_told = |f: &Finding| causes.iter().chain(&past).any(|told| std::ptr::eq(*told, f));
        let others: Vec<&Finding> = all.iter().filter(|f| !is_told(f)).collect();
        if !others.is_empty() {
            writeln!(out, "\n### {}\n", plain(text.other))?;
        }
        for finding in others.iter().take(MOST_OTHER) {
            let by = finding.explained_by.map(|by| fill(text.explained_by, &Values::from([("code", format!("`{by}`"))])));
            let by = by.map_or_else(String::new, |by| format!(" ({})", prose(&by)));
            writeln!(out, "- {}: {}{by}", self.name(finding), prose(&in_sentence(&finding.says)))?;
        }
        self.more(out, others.len(), MOST_OTHER)
    }

    fn name(&self, finding: &Finding) -> String {
        let severity = named(self.words.text.severities, severity_name(finding.severity));
        let state = named(self.words.text.states, state_name(finding.state));
        format!("`{}` ({}, {})", finding.code, plain(severity), plain(state))
    }

    fn finding(&self, out: &mut dyn Write, title: &str, finding: &Finding) -> io::Result<()> {
        let text = &self.words.text;
        writeln!(out, "\n### {}: {}\n", plain(title), self.name(finding))?;
        if finding.says != self.diagnosis.verdict.headline {
            writeln!(out, "{}\n", prose(&in_sentence(&finding.says)))?;
        }
        for shown in finding.evidence.iter().take(MOST_QUOTES) {
            quote(out, shown)?;
        }
        self.more(out, finding.evidence.len(), MOST_QUOTES)?;
        if !finding.steps.is_empty() {
            writeln!(out, "\n**{}**\n", plain(text.do_))?;
        }
        for (step, n) in finding.steps.iter().zip(1_usize..) {
            self.step(out, n, step)?;
        }
        Ok(())
    }

    fn step(&self, out: &mut dyn Write, n: usize, step: &Step) -> io::Result<()> {
        let risks = self.words.text.risks;
        let risk = match step.risk {
            Risk::None => String::new(),
            Risk::Careful => format!("**{}** ", plain(named(risks, "careful"))),
            Risk::Dangerous => format!("**{}** ", plain(named(risks, "dangerous"))),
        };
        let mark = format!("{n}. ");
        writeln!(out, "{mark}{risk}{}", prose(&step.step))?;
        match &step.command {
            Some(command) => fenced(out, &" ".repeat(mark.len()), "sh", &[cut(command, MOST)]),
            None => Ok(()),
        }
    }

    /// What the evidence leaves open, with the command for it, and what was not sent.
    fn missing(&self, out: &mut dyn Write) -> io::Result<()> {
        let (text, gaps) = (&self.words.text, &self.diagnosis.coverage.gaps);
        if self.diagnosis.undecided.is_empty() && gaps.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n### {}\n", plain(self.words.markdown.missing))?;
        for Gap { code, why, ask, .. } in &self.diagnosis.undecided {
            writeln!(out, "- `{code}`: {} {}", prose(&in_sentence(why)), plain(text.ask))?;
            fenced(out, "  ", "sh", &[cut(ask, MOST)])?;
        }
        for gap in gaps.iter().take(MOST_OTHER) {
            writeln!(out, "- {}", prose(gap))?;
        }
        self.more(out, gaps.len(), MOST_OTHER)
    }

    fn more(&self, out: &mut dyn Write, all: usize, shown: usize) -> io::Result<()> {
        match all.checked_sub(shown).filter(|more| *more > 0) {
            Some(more) => writeln!(out, "\n{}", plain(&fill(self.words.text.more, &Values::from([("n", more.to_string())])))),
            None => Ok(()),
        }
    }
}

/// A quoted line under its place, its time and its member.
fn quote(out: &mut dyn Write, shown: &Evidence) -> io::Result<()> {
    let place = shown.quote.citation();
    let escaped = |text: &Untrusted| text.escaped().to_string();
    let mut head = vec![format!("{}:{}", escape(&cut(place.path(), MOST_QUOTED)), place.line())];
    head.extend(shown.when.as_ref().map(|m| m.at.map_or_else(|| escaped(&m.as_read), |at| at.to_string())));
    head.extend(shown.note.as_ref().map(|note| cut(note, MOST_QUOTED)));
    fenced(out, "", "text", &[cut(&head.join("  "), MOST_QUOTED), cut(shown.quote.excerpt().raw(), MOST_QUOTED)])
}

/// Lines in a block that nothing in them can end: its fence is longer than any run of backticks.
fn fenced(out: &mut dyn Write, indent: &str, language: &str, lines: &[String]) -> io::Result<()> {
    let lines: Vec<String> = lines.iter().map(|line| escape(line).to_string()).collect();
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "{indent}{fence}{language}")?;
    for line in lines {
        writeln!(out, "{indent}{line}")?;
    }
    writeln!(out, "{indent}{fence}")
}

fn cut(words: &str, most: usize) -> String {
    match words.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// `none: the clients are not hurt.` with its first word in bold.
fn strong(says: &str) -> String {
    match says.split_once(": ") {
        Some((word, rest)) => format!("**{}**: {}", plain(word), prose(rest)),
        None => prose(says),
    }
}

/// A sentence: what stands between backticks stays code, everything else is escaped.
fn prose(words: &str) -> String {
    let words = cut(words, MOST);
    let (mut out, mut rest) = (String::new(), words.as_str());
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`').filter(|(code, _)| !code.trim().is_empty()) else { break };
        out.push_str(&plain(before));
        out.push_str(&format!("`{}`", escape(code)));
        rest = after;
    }
    out.push_str(&plain(rest));
    out
}

/// Words without a mark-up of their own: no emphasis, link, picture, table, tag, entity, formula, heading or list.
fn plain(words: &str) -> String {
    let mut out = String::new();
    for c in escape(&cut(words, MOST)).to_string().chars() {
        // An address is no link: who clicks on what a hostile log names?
        let is_link = c == ':' && !out.is_empty();
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '#' | '!')
            || (is_link && ends_as_scheme(&out))
        {
            out.push('\\');
        }
        out.push(c);
    }
    // At the beginning of a line these would begin a list or a line of a heading.
    let begins_list = out.starts_with(['+', '-', '=']);
    let number = out.bytes().take_while(u8::is_ascii_digit).count();
    if begins_list {
        out.insert(0, '\\');
    } else if number > 0 && out.get(number..).is_some_and(|rest| rest.starts_with(['.', ')'])) {
        out.insert(number, '\\');
    }
    out
}

fn ends_as_scheme(words: &str) -> bool {
    ["http", "https", "ftp", "mailto"].iter().any(|scheme| words.to_ascii_lowercase().ends_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_mark_up_of_their_own_and_code_stays_code() {
        assert_eq!(plain("a *b* _c_ [d](e) |f| <g> &amp; ![h]"), r"a \*b\* \_c\_ \[d\](e) \|f\| \<g\> \&amp; \!\[h\]");
        assert_eq!(plain("# x\n- y\u{1b}"), "\\# x\\\\n- y\\\\u{1b}");
        assert_eq!([plain("- x"), plain("1. x"), plain("http://a")], ["\\- x", "1\\. x", "http\\://a"]);
        assert_eq!(prose("run `a | b_c` *now*, `"), r"run `a | b_c` \*now\*, \`");
    }

    #[test]
    fn a_fence_is_longer_than_any_run_of_backticks_in_it() {
        let mut out = Vec::new();
        fenced(&mut out, "  ", "text", &["a ```` b\n```".to_owned()]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "  `````text\n  a ```` b\\n```\n  `````\n");
    }
}
