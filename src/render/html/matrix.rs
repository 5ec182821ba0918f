//! Round trips between members as a matrix: who measured in the rows, to whom in the columns.

use super::{Html, Report};
use crate::render::units::bucket;
use crate::{
    diagnosis::RoundTrip,
    text::Untrusted,
    words::{Values, fill},
};

/// The mixin's `etcdMemberCommunicationSlow` (3.4 to 3.7) fires above this 99th percentile, in seconds.
const SLOW: f64 = 0.15;

/// Most members in the matrix, and most characters of a name in its head.
const MOST: usize = 16;
const MOST_NAME: usize = 40;

pub(super) fn draw(html: &mut Html, report: &Report<'_>) {
    let words = &report.words.charts;
    let trips = &report.diagnosis.round_trips;
    let rows = in_order(report, &|trip| trip.from.as_ref());
    let columns = in_order(report, &|trip| Some(&trip.to));
    html.element("<h3>", words.trips, "</h3>\n<p class=\"note\">").prose(words.trips_note).tag("</p>\n");
    html.tag("<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"").text(words.trips_label);
    html.tag("\"><table class=\"matrix\">\n<thead><tr>").element("<th scope=\"col\" class=\"corner\">", words.from_to, "</th>");
    for to in &columns {
        html.tag("<th scope=\"col\">");
        name(html, report, *to);
        html.tag("</th>");
    }
    html.tag("</tr></thead>\n<tbody>\n");
    for from in &rows {
        html.tag("<tr><th scope=\"row\">");
        name(html, report, *from);
        html.tag("</th>");
        for to in &columns {
            let of: Vec<&RoundTrip> = trips.iter().filter(|t| t.from.as_ref() == *from && Some(&t.to) == *to).collect();
            match of.as_slice() {
                [] if from == to => {
                    html.tag("<td class=\"self\">·</td>");
                }
                [] => {
                    html.element("<td class=\"none\">", report.words.unknown, "</td>");
                }
                of => cell(html, report, of),
            }
        }
        html.tag("</tr>\n");
    }
    html.tag("</tbody></table></div>\n");
}

/// Those who measured, or to whom it was measured, in the order of the members.
fn in_order<'a>(report: &Report<'a>, of: &dyn Fn(&'a RoundTrip) -> Option<&'a Untrusted>) -> Vec<Option<&'a Untrusted>> {
    let trips = &report.diagnosis.round_trips;
    let known = report.diagnosis.members.iter().map(|row| Some(&row.key)).filter(|key| trips.iter().any(|trip| of(trip) == *key));
    let mut out: Vec<Option<&Untrusted>> = Vec::new();
    for key in known.chain(trips.iter().map(of)) {
        if !out.contains(&key) && out.len() < MOST {
            out.push(key);
        }
    }
    out
}

fn name(html: &mut Html, report: &Report<'_>, key: Option<&Untrusted>) {
    match key {
        Some(key) => html.short(key.raw(), MOST_NAME),
        None => html.text(report.words.charts.some_member),
    };
}

/// One way; several where more than one member measured it and nothing tells who.
fn cell(html: &mut Html, report: &Report<'_>, trips: &[&RoundTrip]) {
    let is_slow = |trip: &&RoundTrip| trip.p99.is_some_and(|p99| p99.gt >= SLOW);
    let may_be_slow = |trip: &&RoundTrip| trip.p99.is_some_and(|p99| p99.le.is_none_or(|le| le > SLOW));
    html.tag(match trips {
        trips if trips.iter().any(is_slow) => "<td class=\"slow\">",
        trips if trips.iter().any(may_be_slow) => "<td class=\"around\">",
        _ => "<td>",
    });
    for trip in trips {
        if let Some(p99) = trip.p99 {
            html.element("<span class=\"p99\">", &bucket(p99), "</span>");
        }
        if let Some(p50) = trip.p50 {
            html.element(" <span class=\"p50\">p50 ", &bucket(p50), "</span>");
        }
        let probes = fill(report.words.charts.probes, &Values::from([("n", trip.count.to_string())]));
        html.element(" <span class=\"probes\">", &probes, "</span>");
    }
    html.tag("</td>");
}
