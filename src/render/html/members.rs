//! Who is who, the cluster in sentences, what stays open, and what was read.

use super::{Html, Report, findings, named, to_the_second};
use crate::{
    diagnosis::{Gap, Impact, MemberRow},
    render::{cluster, instant::in_sentence, units::bytes},
    text::Untrusted,
    words::{Values, fill},
};

/// Most characters of a cell.
const MOST: usize = 200;

/// Most entries that are named as not read.
const MOST_UNREAD: usize = 200;

/// A cell: what is known, and how it is set.
struct Cell {
    open: &'static str,
    words: Option<String>,
}

pub(super) fn section(html: &mut Html, report: &Report<'_>) {
    let rows: Vec<Vec<Cell>> = report.diagnosis.members.iter().map(|row| cells(report, row)).collect();
    // A column that says nothing of anybody only takes room.
    let is_told = |column: usize| rows.iter().any(|row| row.get(column).is_some_and(|cell| cell.words.is_some()));
    let names = report.text.columns;
    let told: Vec<bool> = (0..names.len()).map(is_told).collect();
    html.tag("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"")
        .text(report.text.members)
        .tag("\"><table class=\"who\">\n<thead><tr>");
    for (name, _) in names.iter().zip(&told).filter(|(_, told)| **told) {
        html.element("<th scope=\"col\">", name, "</th>");
    }
    html.tag("</tr></thead>\n<tbody>\n");
    for row in &rows {
        html.tag("<tr>");
        for (at, (cell, _)) in row.iter().zip(&told).enumerate().filter(|(_, (_, told))| **told) {
            html.tag(if at == 0 { "<th scope=\"row\">" } else { cell.open });
            html.short(cell.words.as_deref().unwrap_or(report.words.unknown), MOST).tag(if at == 0 { "</th>" } else { "</td>" });
        }
        html.tag("</tr>\n");
    }
    html.tag("</tbody></table></div>\n");
    let Some(row) = &report.diagnosis.cluster else { return };
    let is_recovery = matches!(report.diagnosis.verdict.impact, Impact::Outage | Impact::DataRisk);
    let sentences = cluster::sentences(row, is_recovery, cluster::Most::USUAL, &report.all.cluster);
    if !sentences.is_empty() {
        html.element("<h3>", report.all.cluster.title, "</h3>\n<ul class=\"sentences\">\n");
        sentences.iter().for_each(|sentence| {
            html.tag("<li>").prose(sentence).tag("</li>\n");
        });
        html.tag("</ul>\n");
    }
}

fn cells(report: &Report<'_>, row: &MemberRow) -> Vec<Cell> {
    let shown = |text: &Untrusted| text.escaped().to_string();
    let plain = |words: Option<String>| Cell { open: "<td>", words };
    let address = row.endpoints.first().or(row.addresses.first()).map(|url| {
        let url = shown(url);
        url.split_once("://").map_or(url.clone(), |(_, address)| address.to_owned())
    });
    let maybe = (!row.maybe.is_empty() && address.is_none()).then(|| {
        let names: Vec<String> = row.maybe.iter().map(shown).collect();
        fill(report.text.maybe, &Values::from([("names", names.join(", "))]))
    });
    let health = Cell {
        open: match row.health {
            Some("healthy") => "<td class=\"health good\">",
            Some(_) => "<td class=\"health bad\">",
            None => "<td>",
        },
        words: row.health.map(|health| named(report.text.healths, health).to_owned()),
    };
    vec![
        plain(Some(shown(&row.key))),
        Cell { open: "<td class=\"mono\">", words: row.id.clone() },
        health,
        plain(row.role.map(|role| named(report.text.roles, role).to_owned())),
        plain(row.version.as_ref().map(shown)),
        Cell { open: "<td class=\"mono\">", words: address.or(maybe) },
        Cell { open: "<td class=\"number\">", words: row.db_bytes.map(bytes) },
        plain(row.term.map(|term| term.to_string())),
        plain(row.index.map(|index| index.to_string())),
    ]
}

/// What could not be decided, with the command that would settle it.
pub(super) fn open(html: &mut Html, report: &Report<'_>) {
    html.tag("<ul class=\"gaps\">\n");
    for Gap { code, why, ask, .. } in &report.diagnosis.undecided {
        html.element("<li><p><code>", code.as_str(), "</code> ")
            .prose(&in_sentence(why))
            .tag("</p>\n<p class=\"ask\">")
            .text(report.text.ask)
            .tag("</p>");
        findings::command(html, ask);
        html.tag("</li>\n");
    }
    html.tag("</ul>\n");
}

/// What was read, and what not.
pub(super) fn coverage(html: &mut Html, report: &Report<'_>) {
    let coverage = &report.diagnosis.coverage;
    let mut values = Values::from([
        ("artifacts", coverage.artifacts.to_string()),
        ("layout", named(report.text.layouts, report.diagnosis.input.layout).to_owned()),
        ("seen", coverage.members_seen.to_string()),
        ("expected", coverage.members_expected.map_or_else(|| "?".to_owned(), |n| n.to_string())),
    ]);
    if let (Some(from), Some(to)) = (&coverage.from, &coverage.to) {
        let time = |time: &Untrusted| to_the_second(&time.escaped().to_string());
        values.insert("window", fill(report.text.window, &Values::from([("from", time(from)), ("to", time(to))])));
    }
    html.element("<p>", &fill(report.text.coverage_line, &values), "</p>\n");
    if !coverage.gaps.is_empty() {
        html.tag("<ul>\n");
        coverage.gaps.iter().for_each(|gap| {
            html.tag("<li>").prose(gap).tag("</li>\n");
        });
        html.tag("</ul>\n");
    }
    if !coverage.unread.is_empty() {
        html.element("<details><summary>", report.words.unread, " (")
            .count(coverage.unread.len() as u64)
            .tag(")</summary>\n<ul>\n");
        for unread in coverage.unread.iter().take(MOST_UNREAD) {
            html.tag("<li>");
            if !unread.path.is_empty() {
                html.tag("<span class=\"path\">").short(unread.path.raw(), MOST).tag("</span>: ");
            }
            html.prose(&unread.why).tag("</li>\n");
        }
        if let Some(more) = coverage.unread.len().checked_sub(MOST_UNREAD).filter(|more| *more > 0) {
            html.element("<li>", &fill(report.text.more, &Values::from([("n", more.to_string())])), "</li>\n");
        }
        html.tag("</ul></details>\n");
    }
}
