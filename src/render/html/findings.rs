//! Findings: each cause with its lines, what to do, what settles it, and folded below it what it accounts for.

use super::{Html, Report, named, severity_name, state_name, to_the_second};
use crate::{
    diagnosis::{Code, Evidence, Finding, Moment, Risk, Severity, State, Step},
    render::instant::in_sentence,
    text::Untrusted,
    words::{Values, fill},
};

/// Quoted lines that are seen without unfolding, of what goes on and of what is over.
const SEEN_QUOTES: usize = 4;
const SEEN_PAST_QUOTES: usize = 2;

/// Findings by what they are to the reader. Each is in one group only, or below its cause.
pub(super) struct Groups<'a> {
    /// They go on, and nothing accounts for them.
    pub(super) causes: Vec<&'a Finding>,
    /// They are over, and no cause accounts for them.
    pub(super) past: Vec<&'a Finding>,
    /// They go on, and what accounts for them is not among the causes.
    pub(super) other: Vec<&'a Finding>,
    /// Notes.
    pub(super) notes: Vec<&'a Finding>,
}

impl<'a> Groups<'a> {
    pub(super) fn of(all: &'a [Finding]) -> Self {
        let mut groups = Self { causes: vec![], past: vec![], other: vec![], notes: vec![] };
        for finding in all {
            let is_below = root(all, finding).is_some_and(|code| owner(all, code).is_some());
            match (finding.severity, finding.state) {
                (Severity::Info, _) => groups.notes.push(finding),
                _ if is_below => {}
                (_, State::Recovered) => groups.past.push(finding),
                (..) if finding.explained_by.is_none() => groups.causes.push(finding),
                (..) => groups.other.push(finding),
            }
        }
        groups
    }
}

/// The code at the top of the chain of what accounts for a finding.
fn root(all: &[Finding], finding: &Finding) -> Option<Code> {
    let mut code = finding.explained_by?;
    // A chain is never longer than the list; so none goes round for ever.
    for _ in all {
        match all.iter().find(|f| f.code == code).and_then(|f| f.explained_by) {
            Some(above) => code = above,
            None => break,
        }
    }
    Some(code)
}

/// The finding below which those of its code's account are shown.
fn owner(all: &[Finding], code: Code) -> Option<&Finding> {
    all.iter().find(|f| f.code == code && f.severity > Severity::Info && f.explained_by.is_none())
}

pub(super) fn causes(html: &mut Html, report: &Report<'_>) {
    Groups::of(&report.diagnosis.findings).causes.iter().for_each(|finding| whole(html, report, finding));
}

pub(super) fn past(html: &mut Html, report: &Report<'_>) {
    Groups::of(&report.diagnosis.findings).past.iter().for_each(|finding| whole(html, report, finding));
}

pub(super) fn other(html: &mut Html, report: &Report<'_>) {
    Groups::of(&report.diagnosis.findings).other.iter().for_each(|finding| whole(html, report, finding));
}

pub(super) fn notes(html: &mut Html, report: &Report<'_>) {
    Groups::of(&report.diagnosis.findings).notes.iter().for_each(|finding| brief(html, report, finding));
}

fn whole(html: &mut Html, report: &Report<'_>, finding: &Finding) {
    html.tag("<article class=\"finding ").tag(tone(finding)).tag("\">\n");
    heading(html, report, finding);
    // The headline has said it already.
    if finding.says != report.diagnosis.verdict.headline {
        html.tag("<p class=\"says\">").prose(&in_sentence(&finding.says)).tag("</p>\n");
    }
    meta(html, report, finding);
    html.element("<h4>", report.words.evidence, "</h4>\n");
    quotes_of(html, report, finding);
    if !finding.steps.is_empty() {
        html.element("<h4>", report.text.do_, "</h4>\n<ol class=\"steps\">\n");
        finding.steps.iter().for_each(|step| self::step(html, report, step));
        html.tag("</ol>\n");
    }
    if !finding.confirm.is_empty() {
        html.element("<h4>", report.text.settle, "</h4>\n<ul class=\"confirm\">\n");
        finding.confirm.iter().for_each(|line| {
            html.tag("<li>").prose(line).tag("</li>\n");
        });
        html.tag("</ul>\n");
    }
    html.element("<h4>", report.text.means, "</h4>\n<p class=\"means\">").prose(&finding.means).tag("</p>\n");
    below(html, report, finding);
    html.tag("</article>\n");
}

/// What this one accounts for, folded.
fn below(html: &mut Html, report: &Report<'_>, cause: &Finding) {
    let all = &report.diagnosis.findings;
    if !owner(all, cause.code).is_some_and(|owner| std::ptr::eq(owner, cause)) {
        return;
    }
    let is_its = |f: &&Finding| f.severity > Severity::Info && root(all, f) == Some(cause.code);
    let its: Vec<&Finding> = all.iter().filter(is_its).collect();
    let [one, many] = report.words.accounts_for;
    let title = match its.len() {
        0 => return,
        1 => one.to_owned(),
        n => fill(many, &Values::from([("n", n.to_string())])),
    };
    html.tag("<details class=\"below\"><summary>").text(&title);
    let mut codes: Vec<Code> = its.iter().map(|f| f.code).collect();
    codes.dedup();
    codes.iter().for_each(|code| {
        html.tag(" <code>").text(code.as_str()).tag("</code>");
    });
    html.tag("</summary>\n");
    its.iter().for_each(|finding| brief(html, report, finding));
    html.tag("</details>\n");
}

fn brief(html: &mut Html, report: &Report<'_>, finding: &Finding) {
    html.tag("<article class=\"finding brief ").tag(tone(finding)).tag("\">\n");
    heading(html, report, finding);
    html.tag("<p class=\"says\">").prose(&in_sentence(&finding.says)).tag("</p>\n");
    meta(html, report, finding);
    quotes_of(html, report, finding);
    html.tag("</article>\n");
}

fn tone(finding: &Finding) -> &'static str {
    match (finding.state, finding.severity) {
        (State::Recovered, _) => "good",
        (State::Active, Severity::Critical) => "bad",
        (State::Active, Severity::Warning) => "warn",
        (State::Active, Severity::Info) => "unsure",
    }
}

fn heading(html: &mut Html, report: &Report<'_>, finding: &Finding) {
    html.tag("<h3><code>").text(finding.code.as_str()).tag("</code> <span class=\"mark severity\">");
    html.text(named(report.text.severities, severity_name(finding.severity))).tag("</span> <span class=\"mark state\">");
    html.text(named(report.text.states, state_name(finding.state))).tag("</span></h3>\n");
}

/// Where it is, when it was seen, and how often.
fn meta(html: &mut Html, report: &Report<'_>, finding: &Finding) {
    let mut parts: Vec<String> = Vec::new();
    let shown = |key: &Untrusted| key.escaped().to_string();
    if !finding.members.is_empty() {
        parts.push(finding.members.iter().map(shown).collect::<Vec<_>>().join(", "));
    }
    let moment = |m: &Moment| m.at.map_or_else(|| shown(&m.as_read), |at| to_the_second(&at.to_string()));
    let (first, last) = (finding.first_seen.as_ref().map(moment), finding.last_seen.as_ref().map(moment));
    if let Some(from) = first.clone().or(last.clone()) {
        let to = last.filter(|to| *to != from);
        let sentence = if to.is_some() { report.words.seen } else { report.words.seen_once };
        parts.push(fill(sentence, &Values::from([("from", from), ("to", to.unwrap_or_default())])));
    }
    if let Some(n) = finding.count.filter(|n| *n > 1) {
        parts.push(fill(report.words.times, &Values::from([("n", n.to_string())])));
    }
    if !finding.links.is_empty() {
        let links: Vec<String> =
            finding.links.iter().map(|link| format!("{} → {}", shown(&link.from), shown(&link.to))).collect();
        parts.push(fill(report.words.links, &Values::from([("links", links.join(", "))])));
    }
    if !finding.clients.is_empty() {
        parts.push(finding.clients.iter().map(shown).collect::<Vec<_>>().join(", "));
    }
    if let Some(by) = finding.explained_by {
        parts.push(fill(report.text.explained_by, &Values::from([("code", by.to_string())])));
    }
    if !parts.is_empty() {
        html.element("<p class=\"meta\">", &parts.join(" · "), "</p>\n");
    }
}

fn step(html: &mut Html, report: &Report<'_>, step: &Step) {
    html.tag(match step.risk {
        Risk::None => "<li>",
        Risk::Careful => "<li class=\"careful\">",
        Risk::Dangerous => "<li class=\"dangerous\">",
    });
    risk(html, report, step.risk);
    html.tag("<span>").prose(&step.step).tag("</span>");
    if let Some(command) = &step.command {
        self::command(html, command);
    }
    html.tag("</li>\n");
}

/// The codes of a family of what goes on at a member, beside its name.
pub(super) fn codes_at(html: &mut Html, report: &Report<'_>, family: &str, member: Option<&Untrusted>) {
    let is_at = |f: &&Finding| {
        f.state == State::Active && f.severity > Severity::Info && member.is_some_and(|key| f.members.contains(key))
    };
    for finding in report.diagnosis.findings.iter().filter(is_at).filter(|f| f.code.as_str().starts_with(family)) {
        html.tag(" <code class=\"mark ").tag(tone(finding)).tag(" severity\">").text(finding.code.as_str()).tag("</code>");
    }
}

/// The mark of a risk; none where there is none.
pub(super) fn risk(html: &mut Html, report: &Report<'_>, risk: Risk) {
    let name = match risk {
        Risk::None => return,
        Risk::Careful => "careful",
        Risk::Dangerous => "dangerous",
    };
    html.tag("<strong class=\"risk ").tag(name).tag("\">").text(named(report.text.risks, name)).tag("</strong> ");
}

/// A command, which one click selects. The prompt is drawn by the style, so that it is not copied.
pub(super) fn command(html: &mut Html, command: &str) {
    html.element("<pre class=\"command\"><code>", command, "</code></pre>");
}

fn quotes_of(html: &mut Html, report: &Report<'_>, finding: &Finding) {
    let seen = if finding.state == State::Recovered { SEEN_PAST_QUOTES } else { SEEN_QUOTES };
    folded(html, report, &finding.evidence, seen);
}

/// Quoted lines, of which the first are seen.
pub(super) fn quotes(html: &mut Html, report: &Report<'_>, evidence: &[Evidence]) {
    folded(html, report, evidence, SEEN_QUOTES);
}

fn folded(html: &mut Html, report: &Report<'_>, evidence: &[Evidence], seen: usize) {
    // One line more than is seen takes no more room than to say so.
    let (seen, more) = if evidence.len() <= seen + 1 { (evidence, [].as_slice()) } else { evidence.split_at(seen) };
    list(html, seen);
    if !more.is_empty() {
        let title = fill(report.words.more_evidence, &Values::from([("n", more.len().to_string())]));
        html.element("<details class=\"more\"><summary>", &title, "</summary>\n");
        list(html, more);
        html.tag("</details>\n");
    }
}

fn list(html: &mut Html, evidence: &[Evidence]) {
    if evidence.is_empty() {
        return;
    }
    html.tag("<ul class=\"quotes\">\n");
    evidence.iter().for_each(|shown| quote(html, shown));
    html.tag("</ul>\n");
}

fn quote(html: &mut Html, shown: &Evidence) {
    let place = shown.quote.citation();
    html.element("<li><pre class=\"quote\">", shown.quote.excerpt().raw(), "</pre><p class=\"place\"><span class=\"path\">");
    html.path(place.path()).tag("</span>:<span class=\"line\">").text(&place.line().to_string()).tag("</span>");
    let when =
        shown.when.as_ref().map(|m| m.at.map_or_else(|| m.as_read.escaped().to_string(), |at| to_the_second(&at.to_string())));
    if let Some(when) = when {
        html.element(" · <span class=\"time\">", &when, "</span>");
    }
    if let Some(member) = &shown.member {
        html.tag(" · ").text(member.raw());
    }
    if let Some(note) = &shown.note {
        html.tag(" · <em>").prose(note).tag("</em>");
    }
    html.tag("</p></li>\n");
}
