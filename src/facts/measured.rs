//! Metrics of one member: since its start, and between two samples.

use super::MemberAt;
use crate::parse::{
    histogram::{Difference, Histogram},
    metrics::{Exposition, Metric},
};

/// Fewest operations between two samples that say anything about the present (`docs/contracts.md`).
const FEWEST_RECENT: u64 = 100;

/// Over which time something was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// Since the process started: a month of good hides a bad hour.
    SinceStart,
    /// Between two samples: the present.
    BetweenSamples,
}

impl Window {
    /// As the report prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SinceStart => "since start",
            Self::BetweenSamples => "between samples",
        }
    }
}

/// The metrics of one member.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Whose; unknown where nothing tells.
    pub member: Option<MemberAt>,
    /// Samples in order of time.
    pub samples: Vec<Exposition>,
}

impl Measured {
    /// The newest sample.
    pub fn last(&self) -> Option<&Exposition> {
        self.samples.last()
    }

    /// A gauge of the newest sample that has it.
    pub fn gauge(&self, metric: Metric) -> Option<f64> {
        self.samples.iter().rev().find_map(|s| s.gauge(metric)).map(|(value, _)| value)
    }

    /// A histogram over a window. Between samples only where the process is the same one and at least 100 operations were done.
    pub fn histogram(&self, metric: Metric, window: Window) -> Option<Histogram> {
        let last = self.last()?.histogram(metric, &[])?;
        match window {
            Window::SinceStart => Some(last),
            Window::BetweenSamples => {
                let first = self.samples.first().filter(|_| self.samples.len() > 1)?;
                let start = |s: &Exposition| s.gauge(Metric::ProcessStartTime).map(|(value, _)| value);
                if start(first) != start(self.last()?) {
                    return None;
                }
                match last.since(&first.histogram(metric, &[])?) {
                    Difference::Histogram(recent) if recent.count() >= FEWEST_RECENT => Some(recent),
                    _ => None,
                }
            }
        }
    }
}
