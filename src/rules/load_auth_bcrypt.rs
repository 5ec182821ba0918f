//! `load.auth-bcrypt`: checks of passwords take the processor's time, and requests wait for them.

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    accusations::is_long_over,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{Facts, Measured, MemberLog},
    parse::{logbook::Sighting, metrics::Metric, pace::Beat},
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("load.auth-bcrypt"),
    severity: Severity::Warning,
    reads: &["etcd log", "metrics, twice"],
    messages: &[],
    explains: &[Code::new("cpu.starvation"), Code::new("load.expensive-requests")],
    nature: Nature::Why,
    decide,
};

/// What one check takes: bcrypt at etcd's default cost of 10 is 50 to 100 ms on a server (`--bcrypt-cost`, 3.3 to 3.7; fixed before); with room
/// for slow and for busy machines.
const CHECK_MS: std::ops::RangeInclusive<u128> = 40..=400;
const MOST_SECONDS: f64 = 0.2;

/// A login and the slow batch that held it are said within this time: the check is the last thing in the batch.
const TOGETHER: SignedDuration = SignedDuration::from_millis(5);

/// Slow batches with a login in them that are no chance, and logins between two samples that are no person's.
const FEWEST: u64 = 3;
const MANY: f64 = 100.0;

/// Up to 3.0 the check is a part of applying, on each member; later only the member that was asked checks.
const SLOW: &[&str] = &["apply-entries-too-long", "apply-too-long"];

fn decide(facts: &Facts) -> Ruling {
    if let Some(draft) = by_log(facts).or_else(|| facts.measured.iter().find_map(|measured| by_metrics(facts, measured))) {
        return Ruling::Fail(vec![draft]);
    }
    if facts.has_logs() { Ruling::Pass } else { Ruling::Unknown(None) }
}

/// Slow batches that end when a login is told, and are as long as a check takes.
fn by_log(facts: &Facts) -> Option<Draft> {
    let (mut together, mut slow, mut shown) = (0_u64, 0_u64, Vec::new());
    let mut is_active = false;
    for log in &facts.logs {
        let beats = |is_it: &dyn Fn(&Sighting) -> bool| -> Vec<Beat> {
            log.log.sightings().filter(|s| is_it(s)).flat_map(|s| s.pace.recent().copied()).collect()
        };
        let logins = beats(&|s| s.message.id == "auth-authorized");
        let batches = beats(&|s| SLOW.contains(&s.message.id));
        let held = batches.iter().filter(|batch| is_check(batch) && logins.iter().any(|login| is_together(login, batch))).count();
        let lines = |is_it: &dyn Fn(&Sighting) -> bool| log.log.sightings().filter(|s| is_it(s)).map(|s| s.count).sum::<u64>();
        let (told, late) = (lines(&|s| s.message.id == "auth-authorized"), lines(&|s| SLOW.contains(&s.message.id)));
        // Where members write into one log, they apply the same login in the same moment: then their lines are counted.
        let is_each = held > 0 && held == batches.len() && told >= late;
        together += if is_each { late } else { held as u64 };
        slow += if is_each { late } else { batches.len() as u64 };
        if held > 0 {
            shown.extend(log.log.sightings().filter(|s| s.message.id == "auth-authorized" || SLOW.contains(&s.message.id)).map(|s| (log, s)));
            is_active |= log.log.sightings().filter(|s| s.message.id == "auth-authorized").any(|s| !is_long_over(log, &s.last));
        }
    }
    let ((log, sighting), rest) = shown.split_first()?;
    if together < FEWEST || together * 2 < slow {
        return None;
    }
    let mut draft = Draft::new("logged", RULE.severity, line_of(facts, log, &sighting.last));
    rest.iter().take(7).for_each(|(log, sighting): &(&MemberLog, &Sighting)| draft.show(line_of(facts, log, &sighting.last)));
    draft.value("count", together);
    draft.value("all", slow);
    draft.count = Some(together);
    draft.first_seen = moment(&sighting.first);
    draft.last_seen = moment(&sighting.last);
    draft.state = if is_active { State::Active } else { State::Recovered };
    draft.impact = if is_active { Impact::Degraded } else { Impact::None };
    Some(draft)
}

fn is_check(batch: &Beat) -> bool {
    batch.long.is_some_and(|long| CHECK_MS.contains(&long.as_millis()))
}

fn is_together(login: &Beat, batch: &Beat) -> bool {
    login.when.difference(&batch.when).is_some_and(|gap| gap.abs() <= TOGETHER)
}

/// Between two samples there were so many logins that they account for what the process took of the processor.
fn by_metrics(facts: &Facts, measured: &Measured) -> Option<Draft> {
    let (first, last) = (measured.samples.first().filter(|_| measured.samples.len() > 1)?, measured.last()?);
    let start = |s: &crate::parse::metrics::Exposition| s.gauge(Metric::ProcessStartTime).map(|(value, _)| value);
    let logins = |s: &crate::parse::metrics::Exposition| {
        let all = s.labelled(Metric::GrpcHandled).iter().filter(|sample| sample.label("grpc_method").is_some_and(|m| *m == "Authenticate"));
        all.map(crate::parse::metrics::Sample::value).sum::<f64>()
    };
    let taken = last.gauge(Metric::CpuSeconds)?.0 - first.gauge(Metric::CpuSeconds)?.0;
    let count = logins(last) - logins(first);
    if start(first) != start(last) || count < MANY || taken <= 0.0 || taken > count * MOST_SECONDS {
        return None;
    }
    let is_it = |sample: &&crate::parse::metrics::Sample| sample.label("grpc_method").is_some_and(|m| *m == "Authenticate");
    let quotes = last.labelled(Metric::GrpcHandled).iter().filter(is_it).map(|sample| sample.quote().clone());
    let mut lines = quotes.map(|quote| Evidence::of(quote).member(measured.member.map(|at| facts.key(at))));
    let mut draft = Draft::new("measured", RULE.severity, lines.next()?);
    lines.for_each(|line| draft.show(line));
    let cpu = last.gauge(Metric::CpuSeconds).map(|(_, quote)| Evidence::of(quote.clone()));
    cpu.into_iter().for_each(|line| draft.show(line));
    draft.value("count", count);
    draft.value("taken", format!("{taken:.1}"));
    draft.confidence = Confidence::Medium;
    draft.impact = if facts.logs.iter().flat_map(|log| log.log.sightings()).any(|s| SLOW.contains(&s.message.id)) {
        Impact::Degraded
    } else {
        Impact::None
    };
    Some(draft)
}
