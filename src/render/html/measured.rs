//! What was measured: histograms of the disk, round trips, sizes of the database.

use super::{Html, Report, histogram, matrix, sizes};
use crate::diagnosis::{Diagnosis, Measurement};

/// Whether there is anything to show.
pub(super) fn has_any(diagnosis: &Diagnosis) -> bool {
    !diagnosis.measurements.is_empty() || !diagnosis.round_trips.is_empty() || sizes::has_any(diagnosis)
}

/// A kind of histogram, with what is wished of it.
pub(super) struct Kind {
    /// The metric as the diagnosis names it.
    pub(super) metric: &'static str,
    pub(super) title: &'static str,
    /// The wish in a sentence, with who says so.
    pub(super) note: &'static str,
    /// The 99th percentile should lie below this, in seconds.
    pub(super) wish: f64,
    /// The mixin warns where it lies above this, in seconds.
    pub(super) alert: f64,
}

/// etcd's FAQ (`faq.md` of 3.3 to 3.5, on warnings about late heartbeats and slow applies) wishes for these as the
/// 99th percentile of `wal_fsync_duration_seconds` and `backend_commit_duration_seconds`, in seconds.
const FSYNC_WISH: f64 = 0.010;
const COMMIT_WISH: f64 = 0.025;

/// The mixin's `etcdHighFsyncDurations` and `etcdHighCommitDurations` (3.4 to 3.7) warn above these 99th percentiles, in seconds.
const FSYNC_ALERT: f64 = 0.5;
const COMMIT_ALERT: f64 = 0.25;

pub(super) fn section(html: &mut Html, report: &Report<'_>) {
    let words = &report.words.charts;
    let kinds = [
        Kind { metric: "wal_fsync", title: words.fsync, note: words.fsync_wish, wish: FSYNC_WISH, alert: FSYNC_ALERT },
        Kind { metric: "backend_commit", title: words.commit, note: words.commit_wish, wish: COMMIT_WISH, alert: COMMIT_ALERT },
    ];
    let all = &report.diagnosis.measurements;
    if !all.is_empty() {
        histogram::legend(html, report);
    }
    for kind in &kinds {
        let of_kind: Vec<&Measurement> = all.iter().filter(|m| m.name == kind.metric).collect();
        if !of_kind.is_empty() {
            histogram::group(html, report, kind, &of_kind);
        }
    }
    if !report.diagnosis.round_trips.is_empty() {
        matrix::draw(html, report);
    }
    if sizes::has_any(report.diagnosis) {
        sizes::draw(html, report);
    }
}
