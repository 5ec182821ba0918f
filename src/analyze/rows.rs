//! From facts to the rows of a report: members, coverage, and the headline.

use std::collections::BTreeMap;

use super::Evidence;
use crate::{
    bundle::RowState,
    diagnosis::{Code, Confidence, Coverage, MemberRow, Ranked, State, Unreadable},
    facts::{Collection, Facts, Health, Member, MemberAt},
    layout::{Form, Lack, Layout, kubespray_asked},
    parse::{log::When, metrics::Metric},
    text::{Untrusted, escape},
    words::{Values, Words, fill},
};

/// The verdict in one sentence.
pub(super) fn headline(ranked: &Ranked, facts: &Facts, is_troubled: bool, words: &Words) -> String {
    let by = |sentences: &[&'static str; 3]| match ranked.confidence {
        Confidence::High => sentences[0],
        Confidence::Medium => sentences[1],
        Confidence::Low => sentences[2],
    };
    let members = facts.expected().count();
    let (healthy, transient) = match members {
        1 => (&words.healthy_alone, &words.transient_alone),
        _ => (&words.healthy, &words.transient),
    };
    let mut values = Values::from([("n", members.to_string())]);
    match ranked.primary {
        Some(Code::HEALTHY) => fill(by(healthy), &values),
        Some(Code::TRANSIENT) => {
            let past = ranked.findings.iter().filter(|f| f.state == State::Recovered && ranked.because.contains(&f.code));
            let mut members: Vec<String> = past.flat_map(|f| &f.members).map(|key| key.escaped().to_string()).collect();
            members.sort();
            members.dedup();
            if !members.is_empty() {
                values.insert("members", members.join(", "));
            }
            fill(by(transient), &values)
        }
        Some(code) => ranked.findings.iter().find(|f| f.code == code).map(|f| f.says.clone()).unwrap_or_default(),
        None if facts.understood == 0 => words.nothing.to_owned(),
        None if is_troubled => words.unexplained.to_owned(),
        None => words.insufficient.to_owned(),
    }
}

/// Who is who.
pub(super) fn members(facts: &Facts) -> Vec<MemberRow> {
    facts.members.iter().enumerate().map(|(at, member)| row(facts, at, member)).collect()
}

fn row(facts: &Facts, at: MemberAt, member: &Member) -> MemberRow {
    // A member's index never falls: the highest one was told last.
    let statuses = facts.statuses.iter().filter(|(of, _)| *of == at).map(|(_, status)| &status.value);
    let status = statuses.max_by_key(|status| (status.index, status.term, status.db_size.map(|size| size.bytes)));
    let is = |known: &Option<crate::facts::Known<bool>>| known.as_ref().map(|k| k.value);
    let role = match (is(&member.started), is(&member.learner), is(&member.leader)) {
        (Some(false), ..) => Some("unstarted"),
        (_, Some(true), _) => Some("learner"),
        (.., Some(true)) => Some("leader"),
        (.., Some(false)) => Some("follower"),
        _ => None,
    };
    let worst = facts.answers_of(at).map(|a| a.health).max();
    let health = facts.healthy_answer(at).map(|a| a.health).or(worst).map(|health| match health {
        Health::Healthy => "healthy",
        Health::Unhealthy => "unhealthy",
        Health::Unreachable => "unreachable",
    });
    let gauge =
        |metric| facts.measured.iter().find(|m| m.member == Some(at)).and_then(|m| m.gauge(metric)).map(|bytes| bytes as u64);
    let size = |metric, told: Option<u64>| gauge(metric).or(told).filter(|bytes| *bytes > 0);
    MemberRow {
        key: member.key.clone(),
        name: member.name.clone(),
        id: member.id.map(|id| format!("{id:x}")),
        host: member.host.clone(),
        addresses: member.peers.clone(),
        endpoints: member.endpoints.clone(),
        maybe: member.maybe.iter().map(|other| facts.key(*other)).collect(),
        version: member.version.clone(),
        role,
        health,
        db_bytes: size(Metric::DbTotalSize, status.and_then(|s| s.db_size).map(|size| size.bytes)),
        db_in_use_bytes: size(Metric::DbInUse, status.and_then(|s| s.in_use).map(|size| size.bytes)),
        db_quota_bytes: size(Metric::QuotaBackendBytes, status.and_then(|s| s.quota).map(|size| size.bytes)),
        term: status.and_then(|s| s.term),
        index: status.and_then(|s| s.index),
    }
}

/// What was looked at, and what was missing.
pub(super) fn coverage(evidence: &Evidence, words: &Words) -> Coverage {
    let facts = &evidence.facts;
    let expected = facts.expected().count() as u64;
    let seen = |at: &MemberAt| {
        facts.member(*at).is_some_and(|m| m.runs.is_some())
            || facts.answers_of(*at).any(|a| a.health != Health::Unreachable)
            || facts.logs.iter().any(|log| log.member == Some(*at))
    };
    let (from, to) = window(facts);
    Coverage {
        members_expected: (expected > 0).then_some(expected),
        members_seen: facts.expected().filter(seen).count() as u64,
        from,
        to,
        artifacts: facts.entries,
        gaps: gaps(evidence, words),
        unread: evidence.unread.iter().map(|u| Unreadable { path: u.path.clone(), why: u.why.clone() }).collect(),
        rules: Default::default(),
    }
}

/// First and last time of all logs: as instants where they are known, else as they stand in a single log.
fn window(facts: &Facts) -> (Option<Untrusted>, Option<Untrusted>) {
    let marks = || facts.logs.iter().flat_map(|log| [&log.log.first, &log.log.last]).flatten();
    let instants: Vec<_> = marks().filter_map(|m| m.when.as_ref().and_then(When::instant)).collect();
    if let (Some(first), Some(last)) = (instants.iter().min(), instants.iter().max()) {
        return (Some(first.to_string().into()), Some(last.to_string().into()));
    }
    let mut dated: Vec<_> = marks().filter_map(|m| Some((m.when?, m.as_read.clone()?))).collect();
    dated.sort_by_key(|(when, _)| when.sort_key());
    (dated.first().map(|d| d.1.clone()), dated.last().map(|d| d.1.clone()))
}

/// What a collection planned and did not bring.
fn of_collection(collection: &Collection, words: &Words) -> Vec<String> {
    let host = || ("host", collection.host.escaped().to_string());
    let mut out = Vec::new();
    if !collection.finished {
        out.push(fill(words.coverage.unfinished, &Values::from([host()])));
    } else if collection.ended_by.is_some() {
        out.push(fill(words.coverage.ended_early, &Values::from([host()])));
    }
    if !collection.missing.is_empty() {
        out.push(fill(words.coverage.not_obtained, &Values::from([host(), ("rows", by_reason(collection, words).join("; "))])));
    }
    out
}

/// The rows that miss, a phrase for each reason. What a failed command said is its output, and evidence of its own; why a row could not
/// be had at all is told here.
fn by_reason(collection: &Collection, words: &Words) -> Vec<String> {
    let mut reasons: Vec<(RowState, Option<&Untrusted>, &Untrusted, usize)> = Vec::new();
    for (path, state, why) in &collection.missing {
        let why = why.as_ref().filter(|_| matches!(state, RowState::NotFound | RowState::Denied));
        match reasons.iter_mut().find(|(s, w, ..)| s == state && *w == why) {
            Some((.., more)) => *more += 1,
            None => reasons.push((*state, why, path, 0)),
        }
    }
    let told = |(state, why, path, more): (RowState, Option<&Untrusted>, &Untrusted, usize)| {
        let more = if more > 0 { fill(words.collect.and_more, &Values::from([("n", more.to_string())])) } else { String::new() };
        let why = why.map(|why| format!(": {}", why.escaped())).unwrap_or_default();
        format!("{}{more} ({}{why})", path.escaped(), (words.elsewhere)(state.as_str()))
    };
    reasons.into_iter().map(told).collect()
}

/// What the form of the evidence never holds, as far as nothing else that was given holds it.
fn of_form(form: &Form, evidence: &Evidence, words: &Words) -> Option<String> {
    let facts = &evidence.facts;
    let has = |lack: Lack| match lack {
        Lack::Metrics => !facts.measured.is_empty(),
        Lack::Logs => evidence.inputs > 1 && facts.has_logs(),
        Lack::Listing => !facts.listings.is_empty(),
        Lack::Host => !facts.file_systems.is_empty(),
        Lack::Alarms => facts.no_alarms.is_some() || !facts.alarms.is_empty(),
        Lack::Members => !facts.health.is_empty() && !facts.statuses.is_empty(),
        Lack::OtherNodes => {
            let with_log = |at: &MemberAt| facts.logs.iter().any(|log| log.member == Some(*at));
            facts.expected().next().is_some() && facts.expected().all(|at| with_log(&at))
        }
    };
    let lacks = form.lacks.iter().filter(|lack| !has(**lack));
    let told = lacks.filter_map(|lack| words.coverage.lacks.iter().find(|(name, ..)| *name == lack.as_str()));
    let (what, asks): (Vec<&str>, Vec<&str>) = told.map(|(_, what, ask)| (*what, *ask)).unzip();
    let values =
        || Values::from([("form", form.layout.as_str().to_owned()), ("lacks", what.join(", ")), ("asks", asks.join("; "))]);
    (facts.understood > 0 && !what.is_empty()).then(|| fill(words.coverage.form_lacks, &values()))
}

/// Hosts of which kubespray's playbook has answers, and all of them are empty.
fn of_answers(evidence: &Evidence, words: &Words) -> Option<String> {
    let mut hosts: BTreeMap<&str, bool> = BTreeMap::new();
    for entry in evidence.entries.iter().filter(|_| evidence.layout == Layout::Kubespray) {
        if let Some(host) = kubespray_asked(entry.path()) {
            *hosts.entry(host).or_insert(true) &= entry.length == 0;
        }
    }
    let silent: Vec<String> =
        hosts.into_iter().filter(|(_, is_silent)| *is_silent).map(|(host, _)| escape(host).to_string()).collect();
    (!silent.is_empty()).then(|| fill(words.coverage.empty_answers, &Values::from([("hosts", silent.join(", "))])))
}

/// Most paths that a sentence names.
const TOLD_PATHS: usize = 3;

fn gaps(evidence: &Evidence, words: &Words) -> Vec<String> {
    let facts = &evidence.facts;
    let mut out: Vec<String> = Vec::new();
    if facts.understood > 0 {
        let says = |missing: bool, sentence: &'static str| missing.then(|| sentence.to_owned());
        out.extend(says(!facts.has_logs(), words.coverage.no_log));
        out.extend(says(facts.measured.is_empty(), words.coverage.no_metrics));
        out.extend(says(
            !facts.measured.is_empty() && facts.measured.iter().all(|m| m.samples.len() < 2),
            words.coverage.one_sample,
        ));
        out.extend(says(facts.membership.is_none(), words.coverage.no_membership));
    }
    out.extend(evidence.form.and_then(|form| of_form(form, evidence, words)));
    out.extend(of_answers(evidence, words));
    for told in facts.collections.iter().flat_map(|collection| of_collection(collection, words)) {
        // A bundle and a part of it say the same of what they lack.
        if !out.contains(&told) {
            out.push(told);
        }
    }
    let counted = |n: u64, sentence: &str| (n > 0).then(|| fill(sentence, &Values::from([("n", n.to_string())])));
    out.extend(counted(facts.dropped, words.trouble.dropped));
    out.extend(counted(facts.torn_metrics.0, words.coverage.mended));
    out.extend(counted(facts.torn_metrics.1, words.coverage.broken));
    let unknown: u64 = facts.logs.iter().map(|log| log.log.unknown_count).sum();
    if let Some(mark) = facts.logs.iter().find_map(|log| log.log.unknown.first()) {
        let place = mark.quote.citation();
        let values = Values::from([
            ("n", unknown.to_string()),
            ("path", escape(place.path()).to_string()),
            ("line", place.line().to_string()),
        ]);
        out.push(fill(words.coverage.unknown_lines, &values));
    }
    if !facts.not_understood.is_empty() {
        let shown: Vec<String> = facts.not_understood.iter().take(TOLD_PATHS).map(|path| escape(path).to_string()).collect();
        let more = if facts.not_understood.len() > TOLD_PATHS { ", …" } else { "" };
        let values = Values::from([("n", facts.not_understood.len().to_string()), ("paths", shown.join(", ") + more)]);
        out.push(fill(words.coverage.not_understood, &values));
    }
    if evidence.inputs > 1 && !evidence.is_one_cluster {
        out.extend(counted(evidence.inputs as u64, words.coverage.no_cluster_id));
    }
    out
}
