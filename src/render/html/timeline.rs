//! The timeline: a picture with a lane for each member, and the same events as a table.

use jiff::Timestamp;

use super::{Html, Report, lanes, named, scale::Scale, to_the_millisecond};
use crate::{
    diagnosis::{Diagnosis, Event, Finding, State},
    text::Untrusted,
    words::{Values, fill},
};

/// The column of the table that has the findings.
const CODES: usize = 3;

/// From when to when the incident was, on the axis, in microseconds.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What the picture is drawn from.
pub(super) struct Picture<'a> {
    pub(super) scale: Scale,
    /// Whose lane each is, in the order of the members' table; who is not known is the last.
    pub(super) lanes: Vec<Option<&'a Untrusted>>,
    pub(super) window: Option<Window>,
    /// The instant of the axis' beginning, in microseconds since 1970, where the times are instants.
    pub(super) base_us: Option<i64>,
}

pub(super) fn section(html: &mut Html, report: &Report<'_>) {
    let (words, events) = (&report.words.timeline, &report.diagnosis.timeline);
    if let Some(picture) = picture(report.diagnosis) {
        notes(html, report, &picture);
        lanes::draw(html, report, &picture);
        lanes::legend(html, report);
    }
    let title = fill(words.table, &Values::from([("n", events.len().to_string())]));
    html.element(
        "<details class=\"table\"><summary>",
        &title,
        "</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"",
    );
    html.text(words.title).tag("\"><table>\n<thead><tr>");
    // A column without a word only takes room.
    let has_codes = events.iter().any(|event| event.code.is_some());
    for (name, column) in words.columns.iter().zip(0..) {
        if has_codes || column != CODES {
            html.element("<th scope=\"col\">", name, "</th>");
        }
    }
    html.tag("</tr></thead>\n<tbody>\n");
    events.iter().for_each(|event| row(html, report, event, has_codes));
    html.tag("</tbody></table></div></details>\n");
}

fn picture(diagnosis: &Diagnosis) -> Option<Picture<'_>> {
    let events = &diagnosis.timeline;
    let placed = || events.iter().filter_map(|event| Some((event.elapsed_us?, event)));
    let base_us = placed().find_map(|(elapsed, event)| base(event, elapsed));
    let window = window(diagnosis, base_us);
    let mut times: Vec<u64> = placed().map(|(elapsed, _)| elapsed).collect();
    let last = times.iter().max().copied()?;
    times.extend(placed().map(|(elapsed, event)| elapsed.saturating_add(event.lasted_us.unwrap_or(0))));
    // A window that reaches beyond all events stretches the axis; one that begins before them does not.
    times.extend(window.map(|w| w.to).filter(|to| *to > last));
    let is_told_of = |key: &Untrusted| placed().any(|(_, event)| event.member.as_ref() == Some(key));
    let rows = diagnosis.members.iter().map(|row| &row.key).filter(|key| is_told_of(key));
    let mut lanes: Vec<Option<&Untrusted>> = Vec::new();
    let others = placed().filter_map(|(_, event)| event.member.as_ref());
    for key in rows.chain(others) {
        if !lanes.contains(&Some(key)) {
            lanes.push(Some(key));
        }
    }
    lanes.extend(placed().any(|(_, event)| event.member.is_none()).then_some(None));
    Some(Picture { scale: Scale::of(times)?, lanes, window, base_us })
}

/// The instant at which the axis begins, by an event whose clock is right.
fn base(event: &Event, elapsed: u64) -> Option<i64> {
    let at: Timestamp = event.time.as_ref().filter(|_| event.clock_offset_us.is_none())?.parse().ok()?;
    at.as_microsecond().checked_sub(i64::try_from(elapsed).ok()?)
}

/// The incident: from the first to the last sign of what the verdict rests on. What goes on reaches to the end of the axis.
fn window(diagnosis: &Diagnosis, base_us: Option<i64>) -> Option<Window> {
    let because = &diagnosis.verdict.because;
    let is_it = |f: &&Finding| because.contains(&f.code);
    let moment = |m: Option<&crate::diagnosis::Moment>| {
        let us = m?.at?.as_microsecond().checked_sub(base_us?)?;
        u64::try_from(us).ok()
    };
    let of_findings = diagnosis.findings.iter().filter(is_it);
    let signs = of_findings.flat_map(|f| [moment(f.first_seen.as_ref()), moment(f.last_seen.as_ref())]).flatten();
    let of_events = diagnosis.timeline.iter().filter(|event| event.code.is_some_and(|code| because.contains(&code)));
    let spans =
        of_events.filter_map(|event| Some([event.elapsed_us?, event.elapsed_us? + event.lasted_us.unwrap_or(0)])).flatten();
    let all: Vec<u64> = signs.chain(spans).collect();
    let (from, last) = (all.iter().min().copied()?, all.iter().max().copied()?);
    let goes_on = diagnosis.findings.iter().any(|f| is_it(&f) && f.state == State::Active);
    let end = diagnosis.timeline.iter().filter_map(|event| event.elapsed_us).max().unwrap_or(last);
    Some(Window { from, to: if goes_on { last.max(end) } else { last } })
}

/// Above the picture: which clock it goes by, and what is not in it.
fn notes(html: &mut Html, report: &Report<'_>, picture: &Picture<'_>) {
    let (words, events) = (&report.words.timeline, &report.diagnosis.timeline);
    let mut sentences = vec![if picture.base_us.is_some() { words.utc } else { words.as_read }.to_owned()];
    if picture.scale.stretches.len() > 1 {
        sentences.push(words.broken.to_owned());
    }
    let unplaced = events.iter().filter(|event| event.elapsed_us.is_none()).count();
    if unplaced > 0 {
        sentences.push(fill(words.unplaced, &Values::from([("n", unplaced.to_string())])));
    }
    let mut off: Vec<String> = Vec::new();
    for event in events.iter().filter(|event| event.clock_offset_us.is_some()) {
        let key = event.member.as_ref().map_or_else(|| words.nobody.to_owned(), |key| key.escaped().to_string());
        if !off.contains(&key) {
            off.push(key);
        }
    }
    if !off.is_empty() {
        sentences.push(fill(words.clocks, &Values::from([("members", off.join(", "))])));
    }
    html.element("<p class=\"note\">", &sentences.join(" "), "</p>\n");
}

fn row(html: &mut Html, report: &Report<'_>, event: &Event, has_codes: bool) {
    html.element("<tr><td class=\"time\">", &time_of(event, report.words.unknown), "</td><td>");
    match &event.member {
        Some(key) => html.short(key.raw(), 80),
        None => html.text(report.words.unknown),
    };
    html.tag("</td><td>").tag(match event.kind {
        "start" => "<span class=\"kind start\">",
        "stop" => "<span class=\"kind stop\">",
        "peer-down" => "<span class=\"kind peer\">",
        _ => "<span class=\"kind fault\">",
    });
    html.text(named(report.words.timeline.kinds, event.kind)).tag("</span> ").prose(&event.what);
    if has_codes {
        html.tag("</td><td>");
    }
    if let Some(code) = event.code {
        html.element("<code>", code.as_str(), "</code>");
    }
    html.tag("</td><td class=\"place\"><span class=\"path\">").path(&event.path).tag("</span>:");
    html.text(&event.line.to_string()).tag("</td></tr>\n");
}

/// When an event was: with its day, to the thousandth of a second, or as it stands there.
pub(super) fn time_of(event: &Event, unknown: &str) -> String {
    let as_read = || event.time_as_read.as_ref().map(|time| time.escaped().to_string());
    event.time.as_deref().map(to_the_millisecond).or_else(as_read).unwrap_or_else(|| unknown.to_owned())
}
