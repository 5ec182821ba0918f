//! The verdict: what it is, what the clients get, how sure it is, what to do first; and what speaks for health.

use super::{Html, Report, confidence_says, findings, impact_name, named};
use crate::diagnosis::{Code, Impact, Weight};
use crate::render::instant::in_sentence;

/// The first thing that is seen.
pub(super) fn section(html: &mut Html, report: &Report<'_>) {
    let verdict = &report.diagnosis.verdict;
    html.tag("<section id=\"verdict\" aria-labelledby=\"headline\" class=\"verdict ").tag(tone(report)).tag("\">\n");
    html.tag("<p class=\"code\"><code>").text(verdict.primary.map_or(report.text.undecided, Code::as_str)).tag("</code>");
    if !verdict.also.is_empty() {
        html.tag(" <span class=\"also\">").text(report.text.also);
        verdict.also.iter().for_each(|code| {
            html.tag(" <code>").text(code.as_str()).tag("</code>");
        });
        html.tag("</span>");
    }
    html.tag("</p>\n<h1 id=\"headline\">").prose(&in_sentence(&verdict.headline)).tag("</h1>\n<dl class=\"facts\">\n");
    fact(html, report.text.impact, named(report.text.impacts, impact_name(verdict.impact)));
    fact(html, report.text.confidence, confidence_says(verdict, report.text));
    first_step(html, report);
    html.tag("</dl>\n</section>\n");
}

/// The colour says what the clients get, and nothing else.
pub(super) fn tone(report: &Report<'_>) -> &'static str {
    match report.diagnosis.verdict.impact {
        Impact::Outage | Impact::DataRisk => "bad",
        Impact::Degraded => "warn",
        Impact::None if report.is_healthy() => "good",
        Impact::None => "warn",
        Impact::Unknown => "unsure",
    }
}

/// `none: the clients are not hurt.` has its first word in bold.
fn fact(html: &mut Html, name: &str, says: &str) {
    html.element("<div><dt>", name, "</dt><dd>");
    match says.split_once(": ") {
        Some((word, rest)) => html.element("<strong>", word, "</strong>: ").prose(rest),
        None => html.prose(says),
    };
    html.tag("</dd></div>\n");
}

/// The first step of the first cause; of a healthy cluster, what it was and the first thing to look at.
fn first_step(html: &mut Html, report: &Report<'_>) {
    let groups = findings::Groups::of(&report.diagnosis.findings);
    if let (true, Some(past)) = (report.is_healthy(), groups.past.first()) {
        html.element("<div><dt>", report.words.past, "</dt><dd>").prose(&in_sentence(&past.says)).tag("</dd></div>\n");
    }
    let step = groups.causes.first().or(groups.past.first()).and_then(|finding| finding.steps.first());
    let Some(step) = step else { return first_question(html, report) };
    html.element("<div><dt>", report.words.first_step, "</dt><dd>");
    findings::risk(html, report, step.risk);
    html.prose(&step.step);
    if let Some(command) = &step.command {
        findings::command(html, command);
    }
    html.tag("</dd></div>\n");
}

/// Where there is nothing to do yet, what to ask for.
fn first_question(html: &mut Html, report: &Report<'_>) {
    if let Some(gap) = report.diagnosis.undecided.first().filter(|_| !report.is_healthy()) {
        html.element("<div><dt>", report.words.first_step, "</dt><dd>").text(report.text.ask);
        findings::command(html, &gap.ask);
        html.tag("</dd></div>\n");
    }
}

/// What speaks for health, line by line.
pub(super) fn grounds(html: &mut Html, report: &Report<'_>) {
    html.tag("<ul class=\"grounds\">\n");
    for ground in &report.diagnosis.verdict.grounds {
        html.tag("<li><p>").prose(&ground.says);
        if ground.weight == Weight::Support {
            html.element(" <span class=\"mark\">", report.text.support, "</span>");
        }
        html.tag("</p>\n");
        findings::quotes(html, report, &ground.evidence);
        html.tag("</li>\n");
    }
    html.tag("</ul>\n");
}
