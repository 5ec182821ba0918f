//! The page as a whole: its head with the policy, its landmarks, and the order of its sections.

use super::{Report, escape::Html, findings, measured, members, style, timeline, verdict};
use crate::{
    diagnosis::Code,
    words::{Values, fill},
};

/// The page, byte for byte the same for equal diagnoses.
pub(super) fn whole(report: &Report<'_>) -> String {
    let mut html = Html::default();
    head(&mut html, report);
    html.tag("<body>\n<a class=\"skip\" href=\"#verdict\">").text(report.words.skip).tag("</a>\n");
    header(&mut html, report);
    html.tag("<main>\n");
    verdict::section(&mut html, report);
    let sections = sections(report);
    contents(&mut html, report, &sections);
    for section in &sections {
        html.tag(section.body);
        html.tag("\">\n<h2>").text(section.title).tag("</h2>\n");
        (section.write)(&mut html, report);
        html.tag("</section>\n");
    }
    html.tag("</main>\n");
    footer(&mut html, report);
    html.tag("</body>\n</html>\n");
    html.into_string()
}

fn head(html: &mut Html, report: &Report<'_>) {
    let verdict = &report.diagnosis.verdict;
    let values = Values::from([
        ("code", verdict.primary.map_or(report.text.undecided, Code::as_str).to_owned()),
        ("id", report.diagnosis.id.clone()),
    ]);
    html.tag("<!DOCTYPE html>\n<html lang=\"").text(report.words.lang);
    html.tag("\">\n<head>\n<meta charset=\"utf-8\">\n");
    // The style of this page is the only thing that may be used: no script, no picture, font or request from anywhere.
    html.tag("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    html.text(&style::digest());
    html.tag("'; img-src data:; base-uri 'none'; form-action 'none'\">\n");
    html.tag("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.tag("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    html.element("<title>", &fill(report.words.title, &values), "</title>\n");
    // Without an icon of its own a browser would ask the server for one.
    html.tag("<link rel=\"icon\" href=\"data:,\">\n<style>").tag(style::STYLE).tag("</style>\n</head>\n");
}

fn header(html: &mut Html, report: &Report<'_>) {
    html.tag("<header class=\"top\"><span class=\"brand\">").text(report.diagnosis.tool.name);
    html.tag("</span> <span class=\"id\">").text(report.text.id).tag(" <code>").text(&report.diagnosis.id);
    html.tag("</code></span></header>\n");
}

fn footer(html: &mut Html, report: &Report<'_>) {
    let tool = report.diagnosis.tool;
    let values =
        Values::from([("name", tool.name.to_owned()), ("version", tool.version.to_owned()), ("id", report.diagnosis.id.clone())]);
    html.element("<footer>\n<p>", &fill(report.words.footer, &values), "</p>\n</footer>\n");
}

struct Section {
    /// The tag with the name that the contents link to, open before the end of its class.
    body: &'static str,
    link: &'static str,
    title: &'static str,
    write: fn(&mut Html, &Report<'_>),
}

/// The sections that have something to say, in their order.
fn sections(report: &Report<'_>) -> Vec<Section> {
    let (diagnosis, words, text) = (report.diagnosis, report.words, report.text);
    let mut out = Vec::new();
    let mut add = |is_there: bool, body, link, title, write| {
        out.extend(is_there.then_some(Section { body, link, title, write }));
    };
    let groups = findings::Groups::of(&diagnosis.findings);
    add(!groups.causes.is_empty(), "<section id=\"causes\" class=\"causes", "#causes", text.cause, findings::causes);
    add(!groups.past.is_empty(), "<section id=\"past\" class=\"causes", "#past", text.what_it_was, findings::past);
    add(!groups.other.is_empty(), "<section id=\"other\" class=\"causes", "#other", text.other, findings::other);
    let grounds = !diagnosis.verdict.grounds.is_empty();
    add(grounds, "<section id=\"health\" class=\"grounds", "#health", text.why_healthy, verdict::grounds);
    let events = !diagnosis.timeline.is_empty();
    add(events, "<section id=\"timeline\" class=\"timeline", "#timeline", words.timeline.title, timeline::section);
    let measured = measured::has_any(diagnosis);
    add(measured, "<section id=\"measured\" class=\"measured", "#measured", words.charts.title, measured::section);
    let members = !diagnosis.members.is_empty();
    add(members, "<section id=\"members\" class=\"members", "#members", text.members, members::section);
    let open = !diagnosis.undecided.is_empty();
    add(open, "<section id=\"open\" class=\"open", "#open", text.open, members::open);
    add(!groups.notes.is_empty(), "<section id=\"notes\" class=\"causes", "#notes", text.notes, findings::notes);
    add(true, "<section id=\"coverage\" class=\"coverage", "#coverage", text.coverage, members::coverage);
    out
}

fn contents(html: &mut Html, report: &Report<'_>, sections: &[Section]) {
    html.tag("<nav class=\"contents\" aria-label=\"").text(report.words.contents).tag("\"><ul>\n");
    for section in sections {
        html.tag("<li><a href=\"").tag(section.link).tag("\">").text(section.title).tag("</a></li>\n");
    }
    html.tag("</ul></nav>\n");
}
