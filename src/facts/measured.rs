//! Metrics of one member: since its start, and between two samples.

use jiff::SignedDuration;

use super::MemberAt;
use crate::parse::{
    histogram::{Difference, Histogram},
    metrics::{Exposition, Metric, Sample},
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
    /// Time from the first sample to the last, where it is known of both.
    pub between: Option<SignedDuration>,
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

    /// How much a counter rose between the first and the last sample, all its series together that pass. Nothing is known of a process that
    /// was started anew in between, or whose count fell.
    pub fn rise(&self, metric: Metric, passes: &dyn Fn(&Sample) -> bool) -> Option<f64> {
        let (first, last) = (self.samples.first().filter(|_| self.samples.len() > 1)?, self.last()?);
        let start = |s: &Exposition| s.gauge(Metric::ProcessStartTime).map(|(value, _)| value);
        if start(first) != start(last) || last.labelled(metric).is_empty() {
            return None;
        }
        let rise = total(last, metric, passes) - total(first, metric, passes);
        (rise >= 0.0).then_some(rise)
    }

    /// What a counter of the newest sample came to since the start of the process, all its series together that pass.
    pub fn since_start(&self, metric: Metric, passes: &dyn Fn(&Sample) -> bool) -> Option<f64> {
        let last = self.last().filter(|last| !last.labelled(metric).is_empty())?;
        Some(total(last, metric, passes))
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

/// The sum over the series of a counter; of a text that was pasted twice each series counts once, by its last line.
fn total(sample: &Exposition, metric: Metric, passes: &dyn Fn(&Sample) -> bool) -> f64 {
    let rows = sample.labelled(metric);
    let is_last = |at: usize, row: &Sample| !rows.iter().skip(at + 1).any(|later| later.labels().eq(row.labels()));
    rows.iter().enumerate().filter(|(at, row)| passes(row) && is_last(*at, row)).map(|(_, row)| row.value()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn measured(texts: &[&str]) -> Measured {
        let read = |text: &&str| {
            let (mut sample, source) = (Exposition::fragment(), Source::new("metrics.txt"));
            for (number, line) in (1..).zip(text.lines()) {
                sample.line(source.line(number, line));
            }
            sample
        };
        Measured { member: None, samples: texts.iter().map(read).collect(), between: None }
    }

    #[test]
    fn a_counter_is_told_since_the_start_and_between_samples() {
        let both = measured(&[
            "process_start_time_seconds 5\netcd_mvcc_put_total 100",
            "process_start_time_seconds 5\netcd_mvcc_put_total 130",
        ]);
        assert_eq!((both.rise(Metric::Puts, &|_| true), both.since_start(Metric::Puts, &|_| true)), (Some(30.0), Some(130.0)));
        assert_eq!(measured(&["etcd_mvcc_put_total 100"]).rise(Metric::Puts, &|_| true), None, "one sample");
        assert_eq!(both.rise(Metric::Txns, &|_| true), None, "absent is not zero");
    }

    #[test]
    fn a_process_that_was_started_anew_has_risen_by_nothing_that_is_known() {
        let anew = measured(&[
            "process_start_time_seconds 5\netcd_mvcc_put_total 100",
            "process_start_time_seconds 9\netcd_mvcc_put_total 130",
        ]);
        assert_eq!(anew.rise(Metric::Puts, &|_| true), None);
        let fell = measured(&["etcd_mvcc_put_total 100", "etcd_mvcc_put_total 3"]);
        assert_eq!(fell.rise(Metric::Puts, &|_| true), None);
    }

    #[test]
    fn series_are_added_up_and_those_that_were_pasted_twice_count_once() {
        let row = |method: &str, n: u32| format!("grpc_server_handled_total{{grpc_method=\"{method}\"}} {n}\n");
        let text = row("Put", 3) + &row("Txn", 4) + &row("Put", 5);
        let one = measured(&[&text]);
        assert_eq!(one.since_start(Metric::GrpcHandled, &|_| true), Some(9.0));
        let is_put = |row: &Sample| row.label("grpc_method").is_some_and(|method| method.raw() == "Put");
        assert_eq!(one.since_start(Metric::GrpcHandled, &is_put), Some(5.0));
    }
}
