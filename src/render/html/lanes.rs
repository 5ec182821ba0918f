//! The picture of the timeline. Its coordinates across are shares of its width, so that words keep their size on a phone and on paper.

use super::{
    Html, Report, named,
    shapes::{self, Anchor},
    timeline::{Picture, time_of},
    verdict,
};
use crate::{
    diagnosis::{Diagnosis, Event, Severity, State},
    render::units,
    text::Untrusted,
    words::{Values, fill},
};

/// Heights in pixels: of a lane, and of the axis below the lanes.
const LANE: f64 = 46.0;
const AXIS: f64 = 44.0;

/// Room above the lanes, in pixels: where there is an incident, for its name.
fn top(picture: &Picture<'_>) -> f64 {
    if picture.window.is_some() { 20.0 } else { 2.0 }
}

/// Marks nearer than this share of the width become one: on a phone it is a mark's width.
const SLOTS: f64 = 36.0;

/// Labels of the axis nearer than this are left out.
const APART: f64 = 0.24;

/// From 0…1 to the share of the picture's width, in percent, with room for half a mark on both sides.
fn across(place: f64) -> f64 {
    1.5 + 97.0 * place
}

pub(super) fn draw(html: &mut Html, report: &Report<'_>, picture: &Picture<'_>) {
    let words = &report.words.timeline;
    let height = top(picture) + LANE * picture.lanes.len() as f64 + AXIS;
    html.tag(
        "<figure class=\"picture\"><svg role=\"img\" aria-labelledby=\"timeline-name timeline-text\" width=\"100%\" height=\"",
    );
    html.number(height).tag("\">\n<title id=\"timeline-name\">");
    let names: Vec<String> = picture.lanes.iter().map(|lane| name_of(report, *lane)).collect();
    html.text(&fill(words.label, &Values::from([("members", names.join(", "))])));
    html.tag("</title>\n<desc id=\"timeline-text\">").text(&described(report)).tag("</desc>\n");
    band(html, report, picture);
    axis(html, report.diagnosis, picture);
    for (at, lane) in (0..).zip(&picture.lanes) {
        let y = top(picture) + LANE * f64::from(at);
        shapes::word(html, "name", Anchor::Start, (0.0, y + 14.0), &name_of(report, *lane));
        shapes::line(html, "lane", (0.0, y + 30.0), (100.0, y + 30.0));
        let of_lane: Vec<&Event> = report.diagnosis.timeline.iter().filter(|event| event.member.as_ref() == *lane).collect();
        marks(html, report, picture, &of_lane, y + 30.0);
    }
    html.tag("</svg></figure>\n");
}

fn name_of(report: &Report<'_>, lane: Option<&Untrusted>) -> String {
    lane.map_or_else(|| report.words.timeline.nobody.to_owned(), |key| key.escaped().to_string())
}

/// What the picture shows, in a sentence.
fn described(report: &Report<'_>) -> String {
    let words = &report.words.timeline;
    let placed = || report.diagnosis.timeline.iter().filter(|event| event.elapsed_us.is_some());
    let time = |event: Option<&Event>| event.map_or_else(String::new, |event| time_of(event, report.words.unknown));
    let values = Values::from([
        ("n", placed().count().to_string()),
        ("from", time(placed().min_by_key(|event| event.elapsed_us))),
        ("to", time(placed().max_by_key(|event| event.elapsed_us))),
    ]);
    fill(words.describes, &values)
}

/// The incident's window.
fn band(html: &mut Html, report: &Report<'_>, picture: &Picture<'_>) {
    let Some(window) = picture.window else { return };
    let (left, right) = (across(picture.scale.place(window.from)), across(picture.scale.place(window.to)));
    // A moment is a band, too.
    let left = (left - 1.0).max(0.0);
    let width = (right + 1.0 - left).min(100.0 - left);
    let height = LANE * picture.lanes.len() as f64 + 6.0;
    shapes::bar(html, ["window", verdict::tone(report)], (left, top(picture) - 4.0), width, height);
    // The word stands on the side on which there is room for it.
    let (anchor, x) = if left > 60.0 { (Anchor::End, left + width) } else { (Anchor::Start, left) };
    shapes::word(html, "window", anchor, (x, 11.0), report.words.timeline.window);
}

/// The axis with its cuts and times.
fn axis(html: &mut Html, diagnosis: &Diagnosis, picture: &Picture<'_>) {
    let y = top(picture) + LANE * picture.lanes.len() as f64 + 8.0;
    for stretch in &picture.scale.stretches {
        shapes::line(html, "axis", (across(stretch.left), y), (across(stretch.right), y));
    }
    for (left, right, gap) in picture.scale.cuts() {
        let (left, right) = (across(left), across(right));
        shapes::line(html, "cut", (left, y), (right, y));
        shapes::word(html, "cut", Anchor::Middle, ((left + right) / 2.0, y + 32.0), &units::span(gap));
    }
    let labels = labels(diagnosis, picture);
    for Label { place, words, .. } in &labels {
        shapes::line(html, "tick", (across(*place), y - 3.0), (across(*place), y + 3.0));
        let anchor = match place {
            ..0.06 => Anchor::Start,
            ..0.94 => Anchor::Middle,
            _ => Anchor::End,
        };
        shapes::word(html, "time", anchor, (across(*place), y + 17.0), words);
    }
    html.tag("\n");
}

/// A time below the axis.
struct Label {
    place: f64,
    words: String,
}

/// Times that have room: beginnings of stretches, then the end, then round times between them. Where two would read alike, they have
/// thousandths of a second.
fn labels(diagnosis: &Diagnosis, picture: &Picture<'_>) -> Vec<Label> {
    let labels = labels_with(diagnosis, picture, false);
    let are_alike = |pair: &[Label]| pair.iter().zip(pair.iter().skip(1)).any(|(a, b)| a.words == b.words);
    if are_alike(&labels) { labels_with(diagnosis, picture, true) } else { labels }
}

fn labels_with(diagnosis: &Diagnosis, picture: &Picture<'_>, is_fine: bool) -> Vec<Label> {
    let stretches = &picture.scale.stretches;
    let mut wanted: Vec<u64> = stretches.iter().map(|s| s.from).collect();
    wanted.extend(stretches.last().map(|s| s.to));
    wanted.extend(stretches.iter().map(|s| s.to));
    wanted.extend(stretches.iter().flat_map(|s| round_times(picture, s.from, s.to)));
    let mut out: Vec<Label> = Vec::new();
    for at in wanted {
        let place = picture.scale.place(at);
        if out.iter().all(|label| (label.place - place).abs() > APART) {
            out.extend(word(diagnosis, picture, at, is_fine).map(|words| Label { place, words }));
        }
    }
    out.sort_by(|a, b| a.place.total_cmp(&b.place));
    out
}

/// The time of day, with the day where another one began; as it stands in the log where the time is no instant.
fn word(diagnosis: &Diagnosis, picture: &Picture<'_>, at: u64, is_fine: bool) -> Option<String> {
    if let Some(base) = picture.base_us {
        let instant = jiff::Timestamp::from_microsecond(base.checked_add(i64::try_from(at).ok()?)?).ok()?;
        let is_on_one_day = picture.scale.stretches.iter().map(|s| s.to).max().unwrap_or(0) < 86_400_000_000;
        let format = match (is_on_one_day, is_fine) {
            (true, false) => "%H:%M:%S",
            (true, true) => "%H:%M:%S%.3f",
            (false, false) => "%m-%d %H:%M",
            (false, true) => "%m-%d %H:%M:%S",
        };
        return Some(instant.strftime(format).to_string());
    }
    let event = diagnosis.timeline.iter().find(|event| event.elapsed_us == Some(at))?;
    event.time_as_read.as_ref().map(|time| time.escaped().to_string())
}

/// Steps between round times, in seconds.
const STEPS: [u64; 16] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];

fn round_times(picture: &Picture<'_>, from: u64, to: u64) -> Vec<u64> {
    let Some(base) = picture.base_us else { return Vec::new() };
    let Some(step) = STEPS.iter().map(|step| step * 1_000_000).find(|step| (to - from) / step <= 6) else { return Vec::new() };
    let Ok(begins) = u64::try_from(base.saturating_add(i64::try_from(from).unwrap_or(i64::MAX))) else { return Vec::new() };
    let first = from + (step - begins % step) % step;
    (0..8).map(|n| first + n * step).filter(|at| *at <= to).collect()
}

/// How bad an event is: nothing known, a note, over, a warning, critical.
fn weight(diagnosis: &Diagnosis, event: &Event) -> u8 {
    let of = |code| diagnosis.findings.iter().find(|f| f.code == code);
    match event.code.and_then(of).map(|f| (f.state, f.severity)) {
        Some((State::Recovered, _)) => 2,
        Some((State::Active, Severity::Critical)) => 4,
        Some((State::Active, Severity::Warning)) => 3,
        Some((State::Active, Severity::Info)) | None => u8::from(matches!(event.kind, "fault" | "peer-down")),
    }
}

fn marks(html: &mut Html, report: &Report<'_>, picture: &Picture<'_>, events: &[&Event], y: f64) {
    let placed = || events.iter().filter_map(|event| Some((*event, event.elapsed_us?)));
    for (event, at) in placed() {
        let Some(lasted) = event.lasted_us.filter(|lasted| *lasted > 0) else { continue };
        let (left, right) = (picture.scale.place(at), picture.scale.place(at.saturating_add(lasted)));
        let classes = [class(weight(report.diagnosis, event)), "lasted"];
        shapes::bar(html, classes, (across(left), y - 2.0), (right - left) * 97.0, 4.0);
    }
    let mut slots: Vec<(f64, Vec<&Event>)> = Vec::new();
    let mut in_order: Vec<(&Event, f64)> = placed().map(|(event, at)| (event, picture.scale.place(at))).collect();
    in_order.sort_by(|a, b| a.1.total_cmp(&b.1));
    for (event, place) in in_order {
        match slots.last_mut() {
            Some((first, slot)) if place - *first < 1.0 / SLOTS => slot.push(event),
            _ => slots.push((place, vec![event])),
        }
    }
    for (place, slot) in &slots {
        mark(html, report, *place, slot, y);
    }
    html.tag("\n");
}

fn class(weight: u8) -> &'static str {
    match weight {
        4.. => "bad",
        3 => "warn",
        2 => "good",
        1 => "unsure",
        0 => "plain",
    }
}

/// One mark, for one event or several: form and colour are those of the worst. Its words show where a pointer rests on it.
fn mark(html: &mut Html, report: &Report<'_>, place: f64, slot: &[&Event], y: f64) {
    let Some(worst) = slot.iter().max_by_key(|event| weight(report.diagnosis, event)) else { return };
    html.tag("<svg class=\"mark ")
        .tag(class(weight(report.diagnosis, worst)))
        .tag("\" x=\"")
        .number(across(place))
        .tag("%\" y=\"");
    html.number(y).tag("\" overflow=\"visible\"><title>");
    let time = time_of(worst, report.words.unknown);
    if slot.len() > 1 {
        let mut seen: Vec<&str> = slot.iter().map(|event| event.what.as_str()).collect();
        seen.dedup();
        let values = Values::from([("n", slot.len().to_string()), ("what", seen.join(" "))]);
        html.text(&format!("{time} · {}", fill(report.words.timeline.several, &values)));
        html.tag("</title><circle r=\"9\"/><text text-anchor=\"middle\" y=\"4\">")
            .number(slot.len().min(99) as f64)
            .tag("</text></svg>");
        return;
    }
    html.text(&format!("{time} · {}", worst.what)).tag("</title>").tag(form(worst.kind)).tag("</svg>");
}

/// A form for each kind, so that colour is not all that tells them apart.
fn form(kind: &str) -> &'static str {
    match kind {
        "start" => "<path d=\"M-5 -6L7 0L-5 6Z\"/>",
        "stop" => "<path d=\"M-5 -5H5V5H-5Z\"/>",
        "peer-down" => "<path d=\"M0 -7L7 0L0 7L-7 0Z\"/>",
        _ => "<circle r=\"6\"/>",
    }
}

/// What forms and colours mean.
pub(super) fn legend(html: &mut Html, report: &Report<'_>) {
    let is_there = |kind: &str| report.diagnosis.timeline.iter().any(|event| event.kind == kind);
    html.tag("<ul class=\"legend\">\n");
    for kind in ["start", "stop", "fault", "peer-down"].into_iter().filter(|kind| is_there(kind)) {
        html.tag("<li><svg class=\"mark plain\" width=\"16\" height=\"16\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\">")
            .tag(form(kind));
        html.tag("</svg> ").text(named(report.words.timeline.kinds, kind)).tag("</li>\n");
    }
    let weights = |w: u8| report.diagnosis.timeline.iter().any(|event| weight(report.diagnosis, event) == w);
    let colours = [(4, "critical", ""), (3, "warning", ""), (2, "", "recovered")];
    for (w, severity, state) in colours.into_iter().filter(|(w, ..)| weights(*w)) {
        html.tag("<li><svg class=\"mark ")
            .tag(class(w))
            .tag("\" width=\"16\" height=\"16\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><circle r=\"6\"/></svg> ");
        let name = if severity.is_empty() { named(report.text.states, state) } else { named(report.text.severities, severity) };
        html.text(name).tag("</li>\n");
    }
    html.tag("</ul>\n");
}
