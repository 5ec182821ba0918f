//! `disk.slow-fsync`: syncing the write-ahead log takes so long that heartbeats, elections and writes suffer.

use std::time::Duration;

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    draft::{Draft, Open, Ruling, line_of, moment},
    page::Values,
    screened,
    trouble,
    syncs::{self, Kind, SLOW_LINE, SLOW_MEDIAN, SLOW_ONE, SLOW_P99, Syncs, WEATHER, has_slow_lines},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Measured, MemberLog, Window, is_later},
    messages::Class,
    parse::{
        logbook::{Mark, Sighting},
        metrics::Metric,
    },
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("disk.slow-fsync"),
    severity: Severity::Critical,
    reads: &["metrics, twice", "etcd log", "fio"],
    messages: &[SLOW_LINE],
    explains: &[Code::new("quorum.lost"), Code::new("member.down"), Code::new("leader.flapping"), Code::new("member.lagging"), Code::new("load.too-many-requests")],
    nature: Nature::Why,
    decide,
};

/// p99 above which the mixin calls it critical, in seconds (3.5 to 3.7: 1).
const CRITICAL_P99: f64 = 1.0;

/// p99 of fio's fdatasync above which etcd's guide to hardware calls a disk too slow (3.x: 10 ms).
const FIO_WISH: Duration = Duration::from_millis(10);

/// Ten times that: no etcd is well on such a disk. fio alone shows it at one moment, and not whose it is, so it counts where nothing was measured.
const FIO_SLOW: Duration = Duration::from_millis(100);

/// Messages of slow requests; none of them says why.
const REQUESTS: &[&str] = &["apply-too-long", "apply-entries-too-long", "request-stats"];

/// One as slow as this after a slow sync, whose reason nothing else tells, is the same disk.
const STILL_SLOW: Duration = Duration::from_millis(500);

/// So many of them, and one as slow as this, are more than the noise of early releases, which warned from 10 ms on.
const FEWEST_REQUESTS: u64 = 3;
const SLOW_REQUEST: Duration = Duration::from_millis(100);

fn decide(facts: &Facts) -> Ruling {
    let mut drafts = Vec::new();
    let mut stalls: Option<Open> = None;
    for measured in &facts.measured {
        match by_histogram(facts, measured) {
            Judged::Slow(draft) => drafts.push(*draft),
            Judged::Stalls(open) => stalls = stalls.or(Some(open)),
            Judged::Fine | Judged::Unmeasured => {}
        }
    }
    by_log(facts, &mut drafts);
    by_fio(facts, &mut drafts);
    if !drafts.is_empty() {
        return Ruling::Fail(drafts);
    }
    match stalls {
        Some(open) => Ruling::Unknown(Some(open)),
        None if facts.measured.iter().any(|m| m.histogram(Metric::WalFsync, Window::SinceStart).is_some()) => Ruling::Pass,
        None => Ruling::Unknown(slow_requests(facts)),
    }
}

/// Slow requests that no measurement, no answer and no other line of the log accounts for: a slow disk is the first to ask about.
fn slow_requests(facts: &Facts) -> Option<Open> {
    let seen = || facts.logs.iter().flat_map(|log| log.log.sightings());
    let told = |is_it: &dyn Fn(&Sighting) -> bool| seen().any(is_it);
    let is_explained = told(&|s| matches!(s.message.class, Class::PeerDown | Class::Fault) || s.message.id == "auth-authorized");
    if is_explained || facts.all_healthy().is_some() {
        return None;
    }
    let slow = || seen().filter(|s| REQUESTS.contains(&s.message.id));
    let count: u64 = slow().map(|s| s.count).sum();
    let large: u64 = slow().map(|s| s.large).sum();
    let longest = slow().filter_map(|s| s.longest.as_ref()).map(|(took, _)| *took).max()?;
    if count < FEWEST_REQUESTS || large * 4 >= count || longest < SLOW_REQUEST || slow().all(trouble::is_gust) {
        return None;
    }
    let values = Values::from([("count", count.to_string()), ("longest", seconds(longest.as_secs_f64()))]);
    Some(Open { variant: "requests", values, missing: vec!["metrics, twice", "disk statistics", "cpu pressure"] })
}

enum Judged {
    Slow(Box<Draft>),
    Stalls(Open),
    Fine,
    Unmeasured,
}

fn by_histogram(facts: &Facts, measured: &Measured) -> Judged {
    let Some(syncs) = syncs::of(facts, measured) else { return Judged::Unmeasured };
    let mut values = Values::new();
    values.insert("p99", seconds(syncs.tail.gt));
    values.insert("count", syncs.histogram.count().to_string());
    if let Some(key) = measured.member.map(|at| facts.key(at)) {
        values.insert("members", key.escaped().to_string());
    }
    match syncs.kind {
        Kind::Fine => Judged::Fine,
        Kind::Stalls => Judged::Stalls(Open { variant: "stalls", values, missing: vec!["disk statistics", "cpu pressure"] }),
        Kind::Slow => draft(facts, measured, &syncs, values).map_or(Judged::Unmeasured, |draft| Judged::Slow(Box::new(draft))),
    }
}

fn draft(facts: &Facts, measured: &Measured, syncs: &Syncs, mut values: Values) -> Option<Draft> {
    let Syncs { histogram, window, tail, slow_median, .. } = syncs;
    let p99 = tail.gt;
    let severity = if p99 >= CRITICAL_P99 { Severity::Critical } else { Severity::Warning };
    let steady = slow_median.filter(|_| p99 < SLOW_P99);
    let variant = match (steady, window) {
        (None, Window::BetweenSamples) => "measured-recent",
        (None, Window::SinceStart) => "measured",
        (Some(_), Window::BetweenSamples) => "steady-recent",
        (Some(_), Window::SinceStart) => "steady",
    };
    if let Some(median) = steady {
        values.insert("p50", seconds(median.gt));
    }
    // How few were within the bound that was passed, first of all.
    let passed = if p99 < SLOW_P99 { SLOW_MEDIAN } else { SLOW_ONE };
    let bounds = [passed, 0.512, 1.024, 0.008];
    let mut lines = bounds.iter().filter_map(|le| measured.last()?.bucket_quote(Metric::WalFsync, *le));
    let mut draft = Draft::new(variant, severity, Evidence::of(lines.next()?));
    lines.for_each(|quote| draft.show(Evidence::of(quote)));
    draft.values = values;
    draft.members = measured.member.into_iter().collect();
    draft.impact = Impact::Degraded;
    draft.confidence = if has_slow_lines(facts, measured.member) { Confidence::High } else { Confidence::Medium };
    draft.numbers.insert("fsyncs", i64::try_from(histogram.count()).unwrap_or(i64::MAX));
    draft.numbers.insert("p99_over_us", micros(p99));
    Some(draft)
}

/// What the log says of single syncs, where no measurement speaks for the member.
fn by_log(facts: &Facts, drafts: &mut Vec<Draft>) {
    for (log, sighting) in facts.sightings(SLOW_LINE) {
        // One or two of them among stalls that are measured, and rare, are a part of the question that is left open.
        let kind = syncs::of_member(facts, log.member).map(|(_, syncs)| syncs.kind);
        if sighting.count <= WEATHER && kind == Some(Kind::Stalls) {
            continue;
        }
        if let Some(draft) = drafts.iter_mut().find(|d| log.member.is_some_and(|at| d.members.contains(&at))) {
            draft.show(line_of(facts, log, &sighting.last));
            draft.count = Some(draft.count.unwrap_or(0) + sighting.count);
            draft.first_seen = draft.first_seen.take().or_else(|| moment(&sighting.first));
            draft.last_seen = moment(&sighting.last);
            continue;
        }
        // A recent window in bounds cures it; a whole time in bounds does not: a month of good hides a bad hour.
        let recent = facts.measured.iter().filter(|m| m.member.is_some() && m.member == log.member);
        let cured = recent
            .filter_map(|m| m.histogram(Metric::WalFsync, Window::BetweenSamples)?.quantile_bounds(0.99))
            .any(|tail| tail.le <= SLOW_P99);
        let is_old = sighting.count <= WEATHER && is_long_before(sighting, Facts::end_of(&log.log)) && !is_still_slow(facts, log, sighting);
        let (variant, severity) = match (cured, is_old) {
            (true, _) => ("logged-recovered", Severity::Warning),
            (false, true) => ("logged-once", Severity::Info),
            (false, false) => ("logged", Severity::Warning),
        };
        let mut draft = Draft::new(variant, severity, line_of(facts, log, &sighting.first));
        if let Some((took, mark)) = &sighting.longest {
            draft.show(line_of(facts, log, mark));
            draft.value("worst", seconds(took.as_secs_f64()));
            draft.numbers.insert("longest_us", micros(took.as_secs_f64()));
        }
        draft.show(line_of(facts, log, &sighting.last));
        draft.value("count", sighting.count);
        draft.members = log.member.into_iter().collect();
        draft.state = if cured { State::Recovered } else { State::Active };
        draft.impact = if cured || is_old { Impact::None } else { Impact::Degraded };
        draft.first_seen = moment(&sighting.first);
        draft.last_seen = moment(&sighting.last);
        draft.count = Some(sighting.count);
        drafts.push(draft);
    }
}

/// What fio measured on the same host, with another program and another clock: a second kind of evidence. Alone it shows a disk at one
/// moment, which may not be the one under the data directory.
fn by_fio(facts: &Facts, drafts: &mut Vec<Draft>) {
    let is_measured = facts.measured.iter().any(|measured| syncs::of(facts, measured).is_some());
    let slowest = facts.sync_tails().filter(|(_, tail)| tail.p99 >= FIO_SLOW).max_by_key(|(_, tail)| tail.p99);
    if let Some((shown, tail)) = slowest.filter(|_| drafts.is_empty() && !is_measured && facts.all_healthy().is_none()) {
        let mut draft = Draft::new("fio", Severity::Warning, screened::line_of(facts, shown));
        screened::place(facts, shown, &mut draft);
        draft.value("p99", seconds(tail.p99.as_secs_f64()));
        draft.confidence = Confidence::Low;
        draft.impact = Impact::Unknown;
        return drafts.push(draft);
    }
    for (shown, tail) in facts.sync_tails().filter(|(_, tail)| tail.p99 > FIO_WISH) {
        if let Some(draft) = screened::draft_of(facts, shown, drafts) {
            draft.show(screened::line_of(facts, shown).note(format!("fio: one in a hundred syncs takes {} ms or more", tail.p99.as_millis())));
            draft.confidence = Confidence::High;
        }
    }
}

/// Whether requests are slow as well after the sync, and no measurement or other line accounts for them.
fn is_still_slow(facts: &Facts, log: &MemberLog, sync: &Sighting) -> bool {
    let reversed = log.log.is_reversed();
    let newest = |s: &Sighting| if reversed { s.first.clone() } else { s.last.clone() };
    let is_later_slow = |s: &Sighting| {
        REQUESTS.contains(&s.message.id)
            && s.longest.as_ref().is_some_and(|(took, mark)| *took >= STILL_SLOW && is_later(&newest(sync), mark, reversed))
    };
    let is_told = |s: &Sighting| matches!(s.message.class, Class::PeerDown | Class::Fault) || s.large > 0;
    facts.measured.is_empty() && log.log.sightings().any(is_later_slow) && !log.log.sightings().any(is_told)
}

/// Whether the log goes on for more than ten minutes behind the last sign (`docs/contracts.md`).
fn is_long_before(sighting: &Sighting, end: Option<&Mark>) -> bool {
    let difference = sighting.last.when.zip(end.and_then(|mark| mark.when)).and_then(|(last, end)| last.difference(&end));
    difference.is_some_and(|between| between.abs() > SignedDuration::from_mins(10))
}

fn micros(seconds: f64) -> i64 {
    // A histogram's bound or a logged duration: far below what an i64 holds in microseconds.
    (seconds * 1e6).round() as i64
}

/// `512 ms`, `7.99 s`.
fn seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}
