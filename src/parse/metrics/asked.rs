//! Histograms that were put together already: several rules ask for the same one.

use std::{cell::RefCell, fmt};

use super::{Histogram, Metric};

/// What was asked for, and the histogram that there is.
struct Answer {
    metric: Metric,
    labels: Box<[(Box<str>, Box<str>)]>,
    histogram: Option<Histogram>,
}

/// What was asked for so far.
#[derive(Default)]
pub(super) struct Asked(RefCell<Vec<Answer>>);

/// Who has a copy asks anew.
impl Clone for Asked {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// It is no part of what was read.
impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked")
    }
}

impl Asked {
    /// The histogram of a metric with these labels, which is only made where it was not asked for before.
    pub(super) fn or_make(
        &self,
        metric: Metric,
        labels: &[(&str, &str)],
        make: impl FnOnce() -> Option<Histogram>,
    ) -> Option<Histogram> {
        let is_same = |answer: &&Answer| {
            let asked = answer.labels.iter().map(|(name, value)| (&**name, &**value));
            answer.metric == metric && asked.eq(labels.iter().copied())
        };
        if let Some(answer) = self.0.borrow().iter().find(is_same) {
            return answer.histogram.clone();
        }
        let histogram = make();
        let labels = labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        self.0.borrow_mut().push(Answer { metric, labels, histogram: histogram.clone() });
        histogram
    }

    /// Another sample was read: nothing that was asked for counts any more.
    pub(super) fn forget(&mut self) {
        self.0.get_mut().clear();
    }
}
