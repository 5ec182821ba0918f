//! From facts to what a report says was measured: histograms of the disk, and round trips between members.

use crate::{
    diagnosis::{Bucket, Measurement, Quantile, RoundTrip, Within},
    facts::{Facts, Window},
    parse::{histogram::Histogram, metrics::Metric},
    text::Untrusted,
};

/// The histograms that tell of the disk.
pub(super) fn measurements(facts: &Facts) -> Vec<Measurement> {
    let mut out = Vec::new();
    for measured in &facts.measured {
        for (metric, name) in [(Metric::WalFsync, "wal_fsync"), (Metric::BackendCommit, "backend_commit")] {
            for window in [Window::SinceStart, Window::BetweenSamples] {
                let Some(histogram) = measured.histogram(metric, window).filter(|h| h.count() > 0) else { continue };
                out.push(measurement(measured.member.map(|at| facts.key(at)), name, window, &histogram));
            }
        }
    }
    out.sort_by(|a, b| (&a.member, a.name, b.window).cmp(&(&b.member, b.name, a.window)));
    out
}

/// Bounds whose shares are told, in seconds: the wish of etcd's FAQ is 10 ms for syncs and 25 ms for commits, so 8 and 32 ms are the
/// buckets next to them; 128 and 512 ms frame the mixin's alerts.
const TOLD: [f64; 5] = [0.001, 0.008, 0.032, 0.128, 0.512];

fn measurement(member: Option<Untrusted>, name: &'static str, window: Window, histogram: &Histogram) -> Measurement {
    let within = TOLD.iter().filter_map(|le| histogram.within(*le).map(|(n, of)| Within { le: *le, n, of })).collect();
    Measurement {
        member,
        name,
        window: window.as_str(),
        count: histogram.count(),
        p50: quantile(histogram, 0.5),
        p99: quantile(histogram, 0.99),
        within,
        buckets: histogram.buckets().iter().map(|bucket| Bucket { le: bucket.le, n: bucket.count }).collect(),
        place: None,
    }
}

fn quantile(histogram: &Histogram, q: f64) -> Option<Quantile> {
    let bounds = histogram.quantile_bounds(q)?;
    Some(Quantile { gt: bounds.gt, le: bounds.le.is_finite().then_some(bounds.le) })
}

/// Most peers of a member whose round trips are told; the larger clusters have seven members.
const MOST_PEERS: usize = 32;

/// Round trips between members, since the start of the one that measured them: a probe each 30 s is too rare for two samples.
pub(super) fn round_trips(facts: &Facts) -> Vec<RoundTrip> {
    let mut out = Vec::new();
    for measured in &facts.measured {
        let Some(sample) = measured.last() else { continue };
        for peer in sample.label_values(Metric::PeerRoundTrip, "To").into_iter().take(MOST_PEERS) {
            let trips = sample.histogram(Metric::PeerRoundTrip, &[("To", peer.raw())]);
            let Some(trips) = trips.filter(|trips| trips.count() > 0) else { continue };
            out.push(RoundTrip {
                from: measured.member.map(|at| facts.key(at)),
                to: facts.member_of_id(peer.raw()).map_or_else(|| peer.clone(), |at| facts.key(at)),
                window: Window::SinceStart.as_str(),
                count: trips.count(),
                p50: quantile(&trips, 0.5),
                p99: quantile(&trips, 0.99),
            });
        }
    }
    out.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    out
}
