//! Lines, bars and words of the pictures. Across they are placed in percent of the width, down in pixels: so a picture fits a phone and a
//! sheet of paper, and its words keep their size.

use super::Html;

/// A point: percent of the width, and pixels from the top.
pub(super) type Point = (f64, f64);

/// On which side of its point a word stands.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

pub(super) fn line(html: &mut Html, class: &'static str, from: Point, to: Point) {
    html.tag("<line class=\"").tag(class).tag("\"");
    for (name, value) in [(" x1=\"", from.0), (" x2=\"", to.0)] {
        html.tag(name).number(value).tag("%\"");
    }
    for (name, value) in [(" y1=\"", from.1), (" y2=\"", to.1)] {
        html.tag(name).number(value).tag("\"");
    }
    html.tag("/>");
}

/// A bar from its upper left corner, as wide as some percent of the picture and as high as some pixels.
pub(super) fn bar(html: &mut Html, classes: [&'static str; 2], corner: Point, width: f64, height: f64) {
    html.tag("<rect class=\"").tag(classes[0]).tag(" ").tag(classes[1]).tag("\" x=\"").number(corner.0).tag("%\" y=\"");
    html.number(corner.1).tag("\" width=\"").number(width).tag("%\" height=\"").number(height).tag("\"/>");
}

pub(super) fn word(html: &mut Html, class: &'static str, anchor: Anchor, at: Point, words: &str) {
    html.tag("<text class=\"").tag(class).tag(match anchor {
        Anchor::Start => "\" x=\"",
        Anchor::Middle => "\" text-anchor=\"middle\" x=\"",
        Anchor::End => "\" text-anchor=\"end\" x=\"",
    });
    html.number(at.0).tag("%\" y=\"").number(at.1).tag("\">").short(words, MOST_WORDS).tag("</text>");
}

/// Most characters of a word in a picture.
const MOST_WORDS: usize = 40;
