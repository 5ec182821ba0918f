//! Histograms of one kind, a picture for each member: since the start beside between two samples.
//!
//! Both axes are logarithmic. Across, since etcd's buckets double; up, since what matters is the one operation in a thousand.

use super::{
    Html, Report, findings,
    measured::Kind,
    shapes::{self, Anchor},
};
use crate::{
    diagnosis::{Measurement, Quantile},
    render::units::{bucket, grouped, seconds, share},
    words::{Values, fill},
};

/// Heights in pixels: room above the plot, the plot, and the picture with the words below.
const ABOVE: f64 = 16.0;
const PLOT: f64 = 120.0;
const HEIGHT: f64 = 158.0;

/// Where the plot begins, in percent of the width; the names of the grid's lines stand before it.
const LEFT: f64 = 14.0;

/// Tens between the whole and the bottom of the plot: one operation in 100 000.
const DECADES: f64 = 5.0;

/// The mark that the since-start window has in the diagnosis.
const PAST: &str = "since start";

pub(super) fn legend(html: &mut Html, report: &Report<'_>) {
    let words = &report.words.charts;
    html.element("<p class=\"note\">", words.axes, "</p>\n<ul class=\"legend\">\n");
    html.element("<li><span class=\"swatch past\"></span> ", words.past, "</li>\n");
    html.element("<li><span class=\"swatch recent\"></span> ", words.recent, "</li>\n</ul>\n");
}

pub(super) fn group(html: &mut Html, report: &Report<'_>, kind: &Kind, all: &[&Measurement]) {
    html.element("<h3>", kind.title, "</h3>\n<p class=\"note\">").prose(kind.note).tag("</p>\n<div class=\"plots\">\n");
    let bounds = bounds(all);
    for of in figures(all) {
        let member = of.first().and_then(|m| m.member.as_ref());
        let name = member.map_or_else(|| report.words.charts.some_member.to_owned(), |key| key.escaped().to_string());
        html.tag("<figure class=\"plot\">\n<figcaption>").element("<strong>", &name, "</strong>");
        findings::codes_at(html, report, "disk.", member);
        of.iter().for_each(|m| told(html, report, kind, m));
        html.tag("</figcaption>\n");
        draw(html, report, kind, &name, &of, &bounds);
        numbers(html, report, &name, &of, &bounds);
        html.tag("</figure>\n");
    }
    html.tag("</div>\n");
}

/// What stands in one picture: the windows of one member. Of several members that are not known each has its own.
fn figures<'a>(all: &[&'a Measurement]) -> Vec<Vec<&'a Measurement>> {
    let mut out: Vec<Vec<&Measurement>> = Vec::new();
    for m in all {
        match out.last_mut() {
            Some(last) if last.iter().all(|other| other.member == m.member && other.window != m.window) => last.push(m),
            _ => out.push(vec![m]),
        }
    }
    out
}

/// The bounds that any member has, so that pictures side by side compare.
fn bounds(all: &[&Measurement]) -> Vec<f64> {
    let mut out: Vec<f64> = all.iter().flat_map(|m| &m.buckets).map(|b| b.le).filter(|le| *le > 0.0 && le.is_finite()).collect();
    out.sort_by(f64::total_cmp);
    out.dedup();
    out
}

/// How the 99th percentile stands to what is wished: a histogram tells a bucket, so there is a case between within and beyond.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    Within,
    Beyond,
    Around,
}

fn against(quantile: Quantile, wish: f64) -> Against {
    match quantile.le {
        Some(le) if le <= wish => Against::Within,
        _ if quantile.gt >= wish => Against::Beyond,
        _ => Against::Around,
    }
}

/// Fewest operations of which a 99th percentile says anything (`docs/contracts.md`, "Histograms").
const FEWEST: u64 = 100;

/// How a window stands to a threshold, as far as it can be judged.
fn judged(m: &Measurement, threshold: f64) -> Option<Against> {
    m.p99.filter(|_| m.count >= FEWEST).map(|p99| against(p99, threshold))
}

/// How bad it is: beyond what the mixin warns of, or beyond the wish.
fn tone(m: &Measurement, kind: &Kind) -> &'static str {
    match (judged(m, kind.wish), judged(m, kind.alert)) {
        (_, Some(Against::Beyond)) => "bad",
        (Some(Against::Beyond), _) => "warn",
        _ => "plain",
    }
}

/// A window in words: 99 %, how that stands to the wish, half, how many.
fn told(html: &mut Html, report: &Report<'_>, kind: &Kind, m: &Measurement) {
    let words = &report.words.charts;
    let [within, beyond, around, too_few] = words.against;
    // Beyond what the mixin warns of says more than beyond the wish.
    let (sentence, threshold) = match (judged(m, kind.alert), judged(m, kind.wish)) {
        (Some(Against::Beyond), _) => (beyond, kind.alert),
        (_, Some(Against::Beyond)) => (beyond, kind.wish),
        (_, Some(Against::Within)) => (within, kind.wish),
        (_, Some(Against::Around)) => (around, kind.wish),
        (_, None) => (too_few, kind.wish),
    };
    html.tag("<span class=\"told ").tag(tone(m, kind)).tag("\">");
    if let Some(p99) = m.p99 {
        html.element("<b>", &fill(words.p99, &Values::from([("p99", bucket(p99))])), "</b> <span class=\"against\">");
        html.element("", &fill(sentence, &Values::from([("wish", seconds(threshold))])), "</span><br>");
    }
    let mut values = Values::from([
        ("window", if m.window == PAST { words.past } else { words.recent }.to_owned()),
        ("count", grouped(m.count)),
    ]);
    values.extend(m.p50.map(|q| ("p50", bucket(q))));
    html.text(&fill(words.told, &values)).tag("</span>");
}

/// Where a duration stands, in percent of the width: the first bucket begins a step before its bound, the last one is beyond all bounds.
fn across(duration: f64, bounds: &[f64]) -> f64 {
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else { return LEFT };
    let steps = (last / first).log2() + 2.0;
    let step = ((duration / first).log2() + 1.0).clamp(0.0, steps);
    LEFT + (100.0 - LEFT) * step / steps
}

/// How high a share stands, 0 to 1: its logarithm.
fn up(share: f64) -> f64 {
    if share <= 0.0 { 0.0 } else { ((share.log10() + DECADES) / DECADES).clamp(0.02, 1.0) }
}

fn draw(html: &mut Html, report: &Report<'_>, kind: &Kind, name: &str, of: &[&Measurement], bounds: &[f64]) {
    html.tag("<svg role=\"img\" width=\"100%\" height=\"").number(HEIGHT).tag("\"><title>");
    let values = Values::from([("name", kind.title.to_owned()), ("member", name.to_owned())]);
    html.text(&fill(report.words.charts.label, &values)).tag("</title>\n<desc>").text(kind.note).tag("</desc>\n");
    grid(html);
    of.iter().for_each(|m| bars(html, kind, m, bounds));
    ticks(html, bounds);
    for (class, threshold) in [("wish", kind.wish), ("alert", kind.alert)] {
        let x = across(threshold, bounds);
        shapes::line(html, class, (x, 12.0), (x, ABOVE + PLOT));
        shapes::word(html, class, Anchor::Middle, (x, 9.0), &seconds(threshold));
    }
    html.tag("</svg>\n");
}

fn grid(html: &mut Html) {
    for (share, name) in [(1.0, "100 %"), (0.1, "10 %"), (0.01, "1 %"), (0.001, "0.1 %"), (0.0001, "0.01 %")] {
        let y = ABOVE + PLOT * (1.0 - up(share));
        shapes::line(html, "grid", (LEFT, y), (100.0, y));
        shapes::word(html, "scale", Anchor::End, (LEFT - 1.5, y + 4.0), name);
    }
    html.tag("\n");
}

/// One window: a bar for each bucket that holds something. Those beyond the wish are coloured where more than 1 % are.
fn bars(html: &mut Html, kind: &Kind, m: &Measurement, bounds: &[f64]) {
    let Some(last) = bounds.last().copied() else { return };
    let (mut below, mut from) = (0_u64, 0.0_f64);
    // The present is drawn inside the past: half as wide.
    let (class, inset) = if m.window == PAST { ("past", 0.06) } else { ("recent", 0.3) };
    let tone = tone(m, kind);
    let kept = m.buckets.iter().filter(|b| b.le > 0.0 && b.le.is_finite()).map(|b| (b.le, b.n));
    // What lies beyond the last bound stands in a column of its own.
    for (le, n) in kept.chain([(last * 2.0, m.count)]) {
        let share = n.saturating_sub(below) as f64 / m.count.max(1) as f64;
        let left = if from > 0.0 { across(from, bounds) } else { LEFT };
        let width = across(le, bounds) - left;
        if share > 0.0 && width > 0.0 {
            let tone = if from >= kind.wish { tone } else { "plain" };
            let height = PLOT * up(share);
            let corner = (left + inset * width, ABOVE + PLOT - height);
            shapes::bar(html, [class, tone], corner, width * (1.0 - 2.0 * inset), height);
        }
        (below, from) = (below.max(n), le);
    }
    html.tag("\n");
}

/// Bounds under the plot, as many as there is room for.
fn ticks(html: &mut Html, bounds: &[f64]) {
    let y = ABOVE + PLOT;
    shapes::line(html, "axis", (LEFT, y), (100.0, y));
    let mut last = f64::NEG_INFINITY;
    for le in bounds {
        let x = across(*le, bounds);
        if x - last >= 17.0 && x <= 95.0 {
            shapes::word(html, "scale", Anchor::Middle, (x, y + 16.0), &seconds(*le));
            shapes::line(html, "axis", (x, y), (x, y + 4.0));
            last = x;
        }
    }
    html.tag("\n");
}

/// The same as a table: how many took at most so long.
fn numbers(html: &mut Html, report: &Report<'_>, name: &str, of: &[&Measurement], bounds: &[f64]) {
    let words = &report.words.charts;
    html.element(
        "<details class=\"table\"><summary>",
        words.numbers,
        "</summary><div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"",
    );
    html.text(words.numbers).tag(": ").text(name).tag("\"><table><caption>");
    html.text(name).tag("</caption>\n<thead><tr>").element("<th scope=\"col\">", words.took, "</th>");
    for m in of {
        let window = if m.window == PAST { words.past } else { words.recent };
        html.element("<th scope=\"col\" colspan=\"2\">", window, "</th>");
    }
    html.tag("</tr></thead>\n<tbody>\n");
    for le in bounds {
        html.element("<tr><th scope=\"row\">", &seconds(*le), "</th>");
        for m in of {
            match m.buckets.iter().find(|b| b.le == *le) {
                Some(b) => cells(html, b.n, m.count),
                None => {
                    html.element("<td>", report.words.unknown, "</td><td></td>");
                }
            }
        }
        html.tag("</tr>\n");
    }
    html.element("<tr><th scope=\"row\">", words.slower, "</th>");
    for m in of {
        cells(html, m.count - m.buckets.last().map_or(0, |b| b.n.min(m.count)), m.count);
    }
    html.tag("</tr>\n</tbody></table></div></details>\n");
}

fn cells(html: &mut Html, n: u64, of: u64) {
    html.tag("<td>").count(n).element("</td><td>", &share(n, of), "</td>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_within_beyond_or_around_a_wish_that_is_no_bound() {
        let quantile = |gt, le| Quantile { gt, le };
        assert!(against(quantile(0.004, Some(0.008)), 0.010) == Against::Within);
        assert!(against(quantile(0.008, Some(0.016)), 0.010) == Against::Around);
        assert!(against(quantile(0.016, Some(0.032)), 0.010) == Against::Beyond);
        assert!(against(quantile(8.192, None), 0.010) == Against::Beyond);
    }

    #[test]
    fn each_doubling_takes_the_same_room_and_each_tenth_the_same_height() {
        let bounds = [0.001, 0.002, 0.004, 0.008];
        let places: Vec<f64> = bounds.iter().map(|le| across(*le, &bounds)).collect();
        assert!(places.windows(2).all(|w| (w[1] - w[0] - (100.0 - LEFT) / 5.0).abs() < 1e-9), "{places:?}");
        assert_eq!((across(0.0005, &bounds), across(1e9, &bounds)), (LEFT, 100.0));
        assert!((up(0.1) - up(0.01) - 0.2).abs() < 1e-9 && up(1.0) == 1.0 && up(0.0) == 0.0 && up(1e-9) > 0.0);
    }
}
