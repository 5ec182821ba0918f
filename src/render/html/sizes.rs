//! The database of each member as a bar: what is in use, what the file takes, and where the quota is.

use super::{Html, Report, findings, shapes};
use crate::render::units::bytes;
use crate::{
    diagnosis::{Diagnosis, MemberRow},
    words::{Values, fill},
};

/// Most characters of a member's name.
const MOST_NAME: usize = 80;

pub(super) fn has_any(diagnosis: &Diagnosis) -> bool {
    diagnosis.members.iter().any(|row| row.db_bytes.is_some())
}

pub(super) fn draw(html: &mut Html, report: &Report<'_>) {
    let rows = || report.diagnosis.members.iter().filter_map(|row| Some((row, row.db_bytes?)));
    // One scale for all, so that they compare.
    let all = rows().map(|(row, file)| file.max(row.db_quota_bytes.unwrap_or(0))).max().unwrap_or(1).max(1);
    html.element("<h3>", report.words.charts.sizes, "</h3>\n<ul class=\"legend\">\n");
    for (open, words) in
        [("<li><span class=\"swatch used\"></span> ", "in_use"), ("<li><span class=\"swatch file\"></span> ", "file")]
    {
        let sentence = if words == "in_use" { report.words.charts.in_use } else { report.words.charts.file };
        html.element(open, fill(sentence, &Values::new()).trim(), "</li>\n");
    }
    if rows().any(|(row, _)| row.db_quota_bytes.is_some()) {
        html.element(
            "<li><span class=\"swatch quota\"></span> ",
            fill(report.words.charts.quota, &Values::new()).trim(),
            "</li>\n",
        );
    }
    html.tag("</ul>\n<div class=\"sizes\">\n");
    rows().for_each(|(row, file)| bar(html, report, row, file, all));
    html.tag("</div>\n");
}

fn bar(html: &mut Html, report: &Report<'_>, row: &MemberRow, file: u64, all: u64) {
    let words = &report.words.charts;
    let size = |sentence: &str, of: u64| fill(sentence, &Values::from([("size", bytes(of))]));
    let mut parts = vec![size(words.file, file)];
    parts.extend(row.db_in_use_bytes.map(|of| size(words.in_use, of)));
    parts.push(row.db_quota_bytes.map_or_else(|| words.no_quota.to_owned(), |of| size(words.quota, of)));
    html.tag("<figure class=\"size\"><figcaption><strong>").short(row.key.raw(), MOST_NAME).tag("</strong>");
    findings::codes_at(html, report, "db.", Some(&row.key));
    html.tag(" ").text(&parts.join(" · ")).tag("</figcaption>\n<svg role=\"img\" width=\"100%\" height=\"18\"><title>");
    let mut values = Values::from([("member", row.key.escaped().to_string()), ("file", bytes(file))]);
    values.extend(row.db_in_use_bytes.map(|of| ("in_use", size(words.in_use, of))));
    values.extend(row.db_quota_bytes.map(|of| ("quota", size(words.quota, of))));
    html.text(&fill(words.sizes_label, &values)).tag("</title>");
    let percent = |of: u64| of as f64 / all as f64 * 100.0;
    let is_over = row.db_quota_bytes.is_some_and(|quota| file >= quota);
    let tone = if is_over { "over" } else { "" };
    shapes::bar(html, ["room", ""], (0.0, 3.0), 100.0, 12.0);
    // What is too small to be seen is there all the same.
    shapes::bar(html, ["file", tone], (0.0, 3.0), percent(file).max(0.3), 12.0);
    if let Some(used) = row.db_in_use_bytes {
        shapes::bar(html, ["used", tone], (0.0, 3.0), percent(used.min(file)).max(0.3), 12.0);
    }
    if let Some(quota) = row.db_quota_bytes {
        shapes::line(html, "quota", (percent(quota), 0.0), (percent(quota), 18.0));
    }
    html.tag("</svg></figure>\n");
}
