//! `net.latency`: round trips between members are slow.

use std::collections::BTreeMap;

use super::{
    Nature, Rule,
    draft::{Draft, Ruling},
    late::Late,
};
use crate::{
    bundle::Quote,
    diagnosis::{Code, Confidence, Evidence, Impact, Link, Severity},
    facts::{Facts, MemberAt, Window},
    parse::{histogram::Histogram, metrics::Metric},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("net.latency"),
    severity: Severity::Warning,
    reads: &["metrics", "/proc/net/snmp, twice", "netstat -s"],
    messages: &[],
    explains: &[Code::new("leader.flapping")],
    nature: Nature::Why,
    decide,
};

/// The bucket above the threshold of the mixin (`etcdMemberCommunicationSlow`, 3.4 to 3.7: p99 over 0.15 s), in seconds: what lies above
/// it is surely slower (bounds are 0.0001 × 2^n, `rafthttp/metrics.go`).
const SLOW: f64 = 0.2048;

/// A probe each 30 s makes few samples, so a share is asked for and no tail: one slow probe of many is no slow network.
const SHARE: f64 = 0.4;
const FEWEST_SLOW: f64 = 2.0;

/// Slow probes from which one side alone is believed: a slow link is measured from both ends, a process that stood still for seconds
/// makes one or two late answers.
const ENOUGH_FOR_ONE: f64 = 5.0;

fn decide(facts: &Facts) -> Ruling {
    let mut pairs: Vec<(Option<MemberAt>, MemberAt, Evidence)> = Vec::new();
    let (mut has_any, mut most_slow) = (false, 0.0_f64);
    for measured in &facts.measured {
        let Some(sample) = measured.last() else { continue };
        for peer in sample.label_values(Metric::PeerRoundTrip, "To") {
            let Some(trips) = sample.histogram(Metric::PeerRoundTrip, &[("To", peer.raw())]) else { continue };
            has_any = true;
            let share = trips.share_over(SLOW).unwrap_or(0.0);
            // Counts of probes are small.
            let slow = share * trips.count() as f64;
            let at = facts.member_of_id(peer.raw());
            let line = sample.labelled_bucket(Metric::PeerRoundTrip, SLOW, ("To", peer.raw()));
            let is_slow = share >= SHARE && slow >= FEWEST_SLOW && !is_fast_back(facts, at, measured.member);
            if let (true, Some(at), Some(line)) = (is_slow, at, line) {
                let key = measured.member.map(|at| facts.key(at));
                pairs.push((measured.member, at, Evidence::of(line).member(key)));
                most_slow = most_slow.max(slow);
            }
        }
    }
    let Some((_, _, first)) = pairs.first() else { return if has_any { Ruling::Pass } else { Ruling::Unknown(None) } };
    let loss = loss(facts);
    if pairs.len() == 1 && most_slow < ENOUGH_FOR_ONE && loss.is_none() {
        return Ruling::Unknown(None);
    }
    let mut touched: BTreeMap<MemberAt, usize> = BTreeMap::new();
    for (by, to, _) in &pairs {
        by.iter().chain([to]).for_each(|at| *touched.entry(*at).or_default() += 1);
    }
    let most = touched.values().max().copied().unwrap_or(0);
    // A machine that stops for moments answers late too: then its own syncs stall as well, or its heartbeats are late, and the network is
    // not what is slow.
    if touched.iter().any(|(at, n)| *n == most && (stalls(facts, *at) || was_away(facts, *at))) {
        return Ruling::Unknown(None);
    }
    let mut draft = Draft::new("active", RULE.severity, first.clone());
    pairs.iter().for_each(|(_, _, line)| draft.show(line.clone()));
    draft.members = touched.iter().filter(|(_, n)| **n == most).map(|(at, _)| *at).collect();
    draft.links = pairs.iter().filter_map(|(by, to, _)| Some(Link { from: facts.key((*by)?), to: facts.key(*to) })).collect();
    draft.confidence = if pairs.len() > 1 { Confidence::Medium } else { Confidence::Low };
    if let Some((lines, sent, again)) = loss {
        lines.into_iter().for_each(|line| draft.show(line));
        draft.numbers.insert("segments_sent", i64::try_from(sent).unwrap_or(i64::MAX));
        draft.numbers.insert("segments_sent_again", i64::try_from(again).unwrap_or(i64::MAX));
        draft.confidence = Confidence::High;
    }
    draft.impact = Impact::Degraded;
    draft.value("pairs", pairs.len());
    Ruling::Fail(vec![draft])
}

/// Share of a host's segments that are sent again, from which on a network loses too much: our own figure. TCP's throughput falls with the square
/// root of the loss (Mathis and others, 1997), and at one in fifty a connection over 10 ms is down to some MB/s.
const LOSSY: f64 = 0.02;

/// What the kernel of a host had to send again, where it is much: a second kind of evidence beside etcd's own probes, for it counts all connections.
fn loss(facts: &Facts) -> Option<(Vec<Evidence>, u64, u64)> {
    facts.machines.iter().find_map(|machine| {
        let segments = machine.retransmission().filter(|s| s.again as f64 >= s.sent as f64 * LOSSY)?;
        let line = |quote: Quote| Evidence::of(quote).member(machine.host.clone()).note("segments of TCP that were sent again");
        Some((segments.quotes.into_iter().map(line).collect(), segments.sent, segments.again))
    })
}

/// Whether the one that answers late has itself measured fast trips to the one that waits. A round trip takes both ways of a link, from
/// whichever end it is measured: so the link is fast, and the process at the other end is what answers late.
fn is_fast_back(facts: &Facts, from: Option<MemberAt>, to: Option<MemberAt>) -> bool {
    let Some((from, to)) = from.zip(to) else { return false };
    let measured = facts.measured.iter().filter(|m| m.member == Some(from)).filter_map(|m| m.last());
    let back = measured.flat_map(|sample| {
        let to_it = sample.label_values(Metric::PeerRoundTrip, "To").into_iter().filter(|id| facts.member_of_id(id.raw()) == Some(to));
        to_it.filter_map(|id| sample.histogram(Metric::PeerRoundTrip, &[("To", id.raw())])).collect::<Vec<_>>()
    });
    let is_fast = |trips: Histogram| trips.count() >= FEWEST_BACK && trips.share_over(SLOW).is_some_and(|share| share < SHARE_BACK);
    back.into_iter().any(is_fast)
}

/// Trips that say that a link is fast, and the share of slow ones that each link has at times.
const FEWEST_BACK: u64 = 5;
const SHARE_BACK: f64 = 0.1;

/// A tail of the WAL's syncs at which the mixin warns (`etcdHighFsyncDurations`, 3.4 to 3.7: 0.5 s).
const STALL: f64 = 0.5;

fn stalls(facts: &Facts, at: MemberAt) -> bool {
    let measured = facts.measured.iter().find(|m| m.member == Some(at));
    let syncs = measured.and_then(|m| m.histogram(Metric::WalFsync, Window::SinceStart));
    syncs.and_then(|syncs| syncs.quantile_bounds(0.99)).is_some_and(|tail| tail.gt >= STALL)
}

/// Whether its own log tells that it did not run for about an election timeout, as leader.
fn was_away(facts: &Facts, at: MemberAt) -> bool {
    Late::all(facts).iter().any(|late| late.log.member == Some(at) && late.grave > 0)
}
