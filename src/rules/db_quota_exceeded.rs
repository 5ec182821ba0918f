//! `db.quota-exceeded`: the backend reached its quota, the NOSPACE alarm is on, and no write is taken.

use super::{
    Nature, Rule,
    draft::{Draft, Ruling, line_of, moment},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    bundle::Quote,
    facts::{Facts, Known, MemberAt, MemberLog, is_later},
    parse::{
        etcdctl::{AlarmKind, Status},
        logbook::Sighting,
        metrics::Metric,
    },
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("db.quota-exceeded"),
    severity: Severity::Critical,
    reads: &["etcdctl alarm list", "etcdctl endpoint status", "/health", "etcd log", "metrics"],
    messages: MESSAGES,
    explains: &[],
    nature: Nature::Why,
    decide,
};

/// What etcd and its clients say when the quota is reached; `no space left on device` is the file system and none of these.
const MESSAGES: &[&str] = &["quota-alarm-raised", "quota-exceeded", "quota-request-refused", "quota-space-exceeded", "health-quota-alarm"];

/// The quota where the flag is not set, in bytes (DefaultQuotaBytes, all 3.x: 2 GiB).
const DEFAULT_QUOTA: u64 = 2 * 1024 * 1024 * 1024;

fn decide(facts: &Facts) -> Ruling {
    let alarms: Vec<_> = facts.alarms.iter().filter(|alarm| alarm.kind == AlarmKind::NoSpace).collect();
    let refused: Vec<_> = facts.errors.iter().filter(|error| error.text.raw().contains("database space exceeded")).collect();
    let logged: Vec<_> = MESSAGES.iter().flat_map(|id| facts.sightings(id)).collect();

    let listed = alarms.iter().map(|alarm| Evidence::of(alarm.quote.clone()).member(alarm.member.map(|at| facts.key(at))));
    let printed = refused.iter().map(|error| Evidence::of(error.quote.clone()));
    let lines = logged.iter().map(|(log, sighting)| line_of(facts, log, &sighting.last));
    let mut shown = listed.chain(printed).chain(lines);
    let Some(first) = shown.next() else {
        if is_v2_only(facts) {
            return Ruling::NotApplicable;
        }
        let is_told = facts.no_alarms.is_some() || !facts.statuses.is_empty();
        return if is_told { Ruling::Pass } else { Ruling::Unknown(None) };
    };
    // The alarm list is the present; a log line is the past, and of two lists in one text the later one counts.
    let is_before = |list: &Quote, quote: &Quote| {
        let (list, quote) = (list.citation(), quote.citation());
        list.path() == quote.path() && quote.line() < list.line()
    };
    let all_before = |list: &Quote| {
        alarms.iter().all(|alarm| is_before(list, &alarm.quote)) && refused.iter().all(|error| is_before(list, &error.quote))
    };
    let emptied = facts.no_alarms.clone().filter(all_before);
    let over = emptied.or_else(|| disarmed(facts, &logged).filter(|_| alarms.is_empty() && refused.is_empty()));
    let mut draft = Draft::new("active", Severity::Critical, first);
    shown.take(8).for_each(|evidence| draft.show(evidence));
    if let Some(quote) = over {
        draft.state = State::Recovered;
        draft.impact = Impact::None;
        draft.show(Evidence::of(quote));
    } else {
        draft.impact = Impact::Outage;
    }
    draft.members = culprits(facts, alarms.iter().filter_map(|alarm| alarm.member).collect(), &mut draft);
    draft.reword(match (draft.state, draft.values.contains_key("size")) {
        (State::Recovered, _) => "recovered",
        (State::Active, true) => "active",
        (State::Active, false) => "unmeasured",
    });
    let kinds = [!alarms.is_empty(), !refused.is_empty(), !logged.is_empty()].into_iter().filter(|seen| *seen).count();
    draft.confidence = if kinds > 1 { Confidence::High } else { Confidence::Medium };
    if let Some((_, sighting)) = logged.first() {
        draft.first_seen = moment(&sighting.first);
        draft.last_seen = moment(&sighting.last);
    }
    Ruling::Fail(vec![draft])
}

/// The line with which the alarm was taken back, if nothing was refused after it.
fn disarmed(facts: &Facts, logged: &[(&MemberLog, &Sighting)]) -> Option<Quote> {
    let (_, end) = facts.sightings("alarm-disarmed").next()?;
    let is_after = |(log, sighting): &(&MemberLog, &Sighting)| is_later(&sighting.last, &end.last, log.log.is_reversed());
    logged.iter().all(is_after).then(|| end.last.quote.clone())
}

/// etcd 2 keeps its data in memory and has no quota; its v3 preview of 2.3 is off unless it was asked for.
fn is_v2_only(facts: &Facts) -> bool {
    let versions: Vec<_> = facts.members.iter().filter(|m| m.expected).map(|m| m.version.as_ref()).collect();
    !versions.is_empty() && versions.iter().all(|v| v.is_some_and(|v| v.raw().starts_with("2.")))
}

/// Those on which the alarm is; where it was not listed, those whose backend has reached its quota: one member is enough to stop all.
fn culprits(facts: &Facts, listed: Vec<MemberAt>, draft: &mut Draft) -> Vec<MemberAt> {
    let mut members = listed;
    let sizes = facts.statuses.iter().filter_map(|(at, status)| Some((*at, status.value.db_size?.bytes, quota_of(facts, *at, status), &status.quote)));
    let sizes: Vec<_> = sizes.collect();
    if members.is_empty() {
        // A size printed as `25 MB` is rounded down by up to half a digit.
        let full = sizes.iter().filter(|(_, bytes, quota, _)| *bytes as f64 >= quota.unwrap_or(DEFAULT_QUOTA) as f64 * 0.98);
        members.extend(full.clone().map(|(at, ..)| *at));
        for (at, _, _, quote) in full {
            draft.show(Evidence::of((*quote).clone()).member(Some(facts.key(*at))));
        }
    }
    members.sort_unstable();
    members.dedup();
    let largest = sizes.iter().filter(|(at, ..)| members.is_empty() || members.contains(at)).max_by_key(|(_, bytes, ..)| *bytes);
    if let Some((_, bytes, quota, _)) = largest {
        draft.value("size", bytes_in_words(*bytes));
        if let Some(quota) = quota {
            draft.value("quota", bytes_in_words(*quota));
        }
    }
    members
}

fn quota_of(facts: &Facts, at: MemberAt, status: &Known<Status>) -> Option<u64> {
    let measured = facts.measured.iter().find(|m| m.member == Some(at)).and_then(|m| m.gauge(Metric::QuotaBackendBytes));
    measured.map(|bytes| bytes as u64).or(status.value.quota.map(|size| size.bytes)).filter(|bytes| *bytes > 0)
}

/// `2.1 GB`, as etcdctl prints sizes: decimal.
fn bytes_in_words(bytes: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", bytes as f64 / *size as f64),
        None => format!("{bytes} B"),
    }
}
