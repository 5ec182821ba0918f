//! What a rule hands over: places, numbers and quoted lines, which its page then puts into words.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Entry, page::Values};
use crate::{
    diagnosis::{Confidence, Evidence, Finding, Gap, Impact, Link, Moment, Outcome, Severity, State, Step},
    facts::{Cure, Facts, MemberAt, MemberLog},
    parse::logbook::Mark,
    text::{Untrusted, escape},
    words::fill,
};

/// What a rule says, before it is put into words.
pub(super) enum Ruling {
    Pass,
    Fail(Vec<Draft>),
    /// The evidence that would tell is missing; with an open question where a symptom points here.
    Unknown(Option<Open>),
    NotApplicable,
}

/// A question that the evidence leaves open.
pub(super) struct Open {
    /// Which sentence of the page says so.
    pub(super) variant: &'static str,
    pub(super) values: Values,
    pub(super) missing: Vec<&'static str>,
}

/// A finding without words.
pub(super) struct Draft {
    variant: &'static str,
    pub(super) severity: Severity,
    pub(super) state: State,
    pub(super) confidence: Confidence,
    pub(super) impact: Impact,
    pub(super) members: Vec<MemberAt>,
    /// The member's words where it is no row: a host that a log names.
    pub(super) others: Vec<Untrusted>,
    pub(super) seen_by: Vec<MemberAt>,
    pub(super) links: Vec<Link>,
    pub(super) values: Values,
    pub(super) first_seen: Option<Moment>,
    pub(super) last_seen: Option<Moment>,
    pub(super) count: Option<u64>,
    pub(super) numbers: BTreeMap<&'static str, i64>,
    evidence: Vec<Evidence>,
}

impl Draft {
    /// A finding cannot be made without a line that shows it.
    pub(super) fn new(variant: &'static str, severity: Severity, shown_by: Evidence) -> Self {
        Self {
            variant,
            severity,
            state: State::Active,
            confidence: Confidence::Medium,
            impact: Impact::Unknown,
            members: Vec::new(),
            others: Vec::new(),
            seen_by: Vec::new(),
            links: Vec::new(),
            values: Values::new(),
            first_seen: None,
            last_seen: None,
            count: None,
            numbers: BTreeMap::new(),
            evidence: vec![shown_by],
        }
    }

    /// Another of the page's sentences says it better.
    pub(super) fn reword(&mut self, variant: &'static str) {
        self.variant = variant;
    }

    /// Another of the page's sentences says better what goes on.
    pub(super) fn reword_active(&mut self, variant: &'static str) {
        if self.state == State::Active {
            self.variant = variant;
        }
    }

    /// Adds a line. The same words in a second file, as two nodes asked the same question, show nothing more.
    pub(super) fn show(&mut self, evidence: Evidence) {
        let is_new = |shown: &Evidence| shown.quote.excerpt() != evidence.quote.excerpt();
        if self.evidence.iter().all(is_new) {
            self.evidence.push(evidence);
        }
    }

    pub(super) fn value(&mut self, name: &'static str, value: impl ToString) {
        self.values.insert(name, value.to_string());
    }

    fn in_words(mut self, entry: &Entry, facts: &Facts) -> Finding {
        let page = entry.page();
        let mut members: Vec<Untrusted> = self.members.iter().map(|at| facts.key(*at)).chain(self.others).collect();
        members.sort();
        members.dedup();
        let names = if members.is_empty() { None } else { Some(list(&members)) };
        if let Some(names) = names {
            self.values.entry("members").or_insert(names);
        }
        if self.evidence.iter().all(|shown| facts.is_quotation(&shown.quote)) {
            (self.confidence, self.impact) = (Confidence::Low, Impact::Unknown);
            self.evidence =
                self.evidence.into_iter().map(|shown| shown.note("quoted in a sentence, not a line of a log")).collect();
        }
        let values = &self.values;
        let step = |step: &Step| Step {
            step: fill(&step.step, values),
            command: step.command.as_ref().map(|command| fill(command, values)),
            risk: step.risk,
        };
        Finding {
            code: entry.rule.code,
            severity: self.severity,
            state: self.state,
            confidence: self.confidence,
            impact: self.impact,
            members,
            seen_by: self.seen_by.iter().map(|at| facts.key(*at)).collect(),
            links: self.links,
            clients: Vec::new(),
            says: page.sentence(self.variant, values),
            means: fill(&page.means, values),
            confirm: page.confirm.iter().map(|line| fill(line, values)).collect(),
            steps: if self.state == State::Recovered { &page.steps_afterwards } else { &page.steps }.iter().map(step).collect(),
            explains: Vec::new(),
            explained_by: None,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            count: self.count,
            numbers: self.numbers,
            evidence: self.evidence,
        }
    }
}

impl Ruling {
    pub(super) fn in_words(self, entry: &Entry, facts: &Facts) -> Outcome {
        match self {
            Ruling::Pass => Outcome::Pass,
            Ruling::NotApplicable => Outcome::NotApplicable,
            Ruling::Unknown(open) => Outcome::Unknown(open.map(|open| Gap {
                code: entry.rule.code,
                why: entry.page().sentence(open.variant, &open.values),
                missing: open.missing,
                ask: fill(&entry.page().ask, &open.values),
            })),
            Ruling::Fail(drafts) => Outcome::Fail(drafts.into_iter().map(|draft| draft.in_words(entry, facts)).collect()),
        }
    }
}

/// A log line as evidence.
pub(super) fn line_of(facts: &Facts, log: &MemberLog, mark: &Mark) -> Evidence {
    Evidence::of(mark.quote.clone())
        .at(moment(mark))
        .member(log.member.map(|at| facts.key(at)).or_else(|| log.writer.host.clone()))
}

/// The good sign that cured a fault, as evidence.
pub(super) fn cure_lines(cure: &Cure) -> Vec<Evidence> {
    match cure {
        Cure::Healthy(quote) => vec![Evidence::of(quote.clone())],
        Cure::Serving(mark) => vec![Evidence::of(mark.quote.clone()).at(moment(mark))],
        Cure::AllHealthy(quotes) => quotes.iter().cloned().map(Evidence::of).collect(),
    }
}

/// When a line was written.
pub(super) fn moment(mark: &Mark) -> Option<Moment> {
    let as_read = mark.as_read.clone()?;
    Some(Moment { at: mark.when.and_then(|when| when.instant()), as_read })
}

/// The command that prints the journal of the minutes around a line.
///
/// With year and zone it is a time; without, `--since` would guess the year, so the lines are picked by their dates.
pub(super) fn journal_around(mark: &Mark) -> Option<String> {
    let as_read = mark.as_read.as_ref()?.raw();
    if let Some(at) = mark.when.and_then(|when| when.instant()) {
        let minutes = SignedDuration::from_mins(10);
        let shown = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        let (since, until) = (at.checked_sub(minutes).ok()?, at.checked_add(minutes).ok()?);
        return Some(format!("journalctl --no-pager --since '{}' --until '{}'", shown(since), shown(until)));
    }
    // `Aug 28 09:36:01` to the ten minutes `Aug 28 09:3`.
    let (ten_minutes, _) = as_read.rsplit_once(':').map(|(head, _)| head.split_at(head.len().saturating_sub(1)))?;
    Some(format!("journalctl --no-pager | grep '^{}'", escape(ten_minutes)))
}

/// Keys as a reader sees them: `a`, `a and b`, `a, b and c`. The word between them is the page's business in other languages; names
/// with commas alone read well in all.
pub(super) fn list(keys: &[Untrusted]) -> String {
    keys.iter().map(|key| key.escaped().to_string()).collect::<Vec<_>>().join(", ")
}
