//! What speaks for the health of a cluster, and how much: the ground of `healthy` and `healthy.transient`.

use super::trouble;
use crate::{
    diagnosis::{Code, Confidence, Evidence, Gap, Ground, Weight, Wellbeing},
    facts::{Facts, Happening, Window},
    messages::Class,
    parse::metrics::{Exposition, Metric},
    words::{Values, Words, fill},
};

/// The bound that guides ask for, in seconds: the last bucket below the 10 ms of etcd's FAQ.
const WISH: f64 = 0.008;

/// How the cluster is, apart from findings. `open` are the questions that rules leave open: a symptom that points to a fault forbids
/// a healthy verdict.
pub fn assess(facts: &Facts, open: &[Gap], words: &Words) -> Wellbeing {
    let all = facts.all_healthy();
    let expected = facts.expected().count();
    let trouble = trouble::of(facts, words);
    let is_troubled = trouble.is_some() || !open.is_empty();
    let mut well = Wellbeing { is_troubled, grounds: grounds(facts, words), ..Wellbeing::default() };
    // While anything speaks against it, "not hurt" is not known either.
    well.all_known = expected > 0
        && !is_troubled
        && facts.expected().all(|at| {
            facts.answers_of(at).next().is_some()
                || facts.member(at).is_some_and(|m| m.runs.is_some() || m.stands_still.is_some())
        });
    well.healthy = if facts.understood == 0 || is_troubled {
        None
    } else if all.is_some() {
        // Two endpoints that were asked can be two of five: well, and no majority.
        let is_few = facts.membership_by_asking && expected < 3;
        Some(if is_few {
            Confidence::Low
        } else if is_complete(facts) {
            Confidence::High
        } else {
            Confidence::Medium
        })
    } else {
        // Only lines known to be harmless, or a fault and its end; a text of which most was not understood says nothing.
        let is_plain = facts.understood * 2 >= facts.lines && facts.errors.is_empty() && has_evidence(facts);
        is_plain.then_some(Confidence::Low)
    };
    well.gap = gap(facts, words, well.healthy, trouble);
    well
}

/// Something that only etcd says. Many programs write Go's log, zap's JSON and `process_…` metrics.
fn has_evidence(facts: &Facts) -> bool {
    let is_known = facts.logs.iter().any(|log| log.log.first.is_some() && log.log.sightings().next().is_some());
    let is_measured = facts.measured.iter().any(|measured| measured.samples.iter().any(Exposition::is_of_etcd));
    is_known || is_measured || !facts.health.is_empty() || !facts.statuses.is_empty()
}

/// Logs of the window, metrics of the present in bounds, no alarm, one leader.
fn is_complete(facts: &Facts) -> bool {
    let in_bounds = facts.expected().all(|at| {
        let recent = facts
            .measured
            .iter()
            .find(|m| m.member == Some(at))
            .and_then(|m| m.histogram(Metric::WalFsync, Window::BetweenSamples));
        recent.and_then(|h| h.quantile_bounds(0.99)).is_some_and(|tail| tail.le <= 0.5)
    });
    let logs = facts.expected().all(|at| facts.logs.iter().any(|log| log.member == Some(at) && log.log.understood > 0));
    let leaders =
        facts.expected().filter(|at| facts.member(*at).and_then(|m| m.leader.as_ref()).is_some_and(|l| l.value)).count();
    in_bounds && logs && leaders == 1 && facts.alarms.is_empty()
}

fn grounds(facts: &Facts, words: &Words) -> Vec<Ground> {
    let mut out = Vec::new();
    let expected = facts.expected().count();
    let healthy: Vec<_> = facts.expected().filter_map(|at| Some((at, facts.healthy_answer(at)?))).collect();
    if !healthy.is_empty() {
        let values = Values::from([("n", healthy.len().to_string()), ("of", expected.to_string())]);
        let evidence = healthy.iter().map(|(at, a)| Evidence::of(a.quote.clone()).member(Some(facts.key(*at)))).collect();
        out.push(Ground { says: fill(words.ground_members, &values), weight: Weight::Proof, evidence });
    }
    out.extend(fsync_grounds(facts, words));
    if let Some(quote) = &facts.no_alarms {
        out.push(Ground {
            says: words.ground_no_alarm.into(),
            weight: Weight::Proof,
            evidence: vec![Evidence::of(quote.clone())],
        });
    }
    out.extend(silences(facts, words));
    out
}

/// Syncs within the wish, in the newest window that says anything; only where they are good enough to speak for health.
fn fsync_grounds(facts: &Facts, words: &Words) -> Vec<Ground> {
    let mut out = Vec::new();
    for measured in &facts.measured {
        for (window, sentence) in [(Window::SinceStart, words.ground_fsync), (Window::BetweenSamples, words.ground_fsync_recent)]
        {
            let Some(histogram) = measured.histogram(Metric::WalFsync, window) else { continue };
            let (Some((n, of)), Some(p99)) = (histogram.within(WISH), histogram.quantile_bounds(0.99)) else { continue };
            let quote = measured.last().and_then(|sample| sample.bucket_quote(Metric::WalFsync, WISH));
            // What is slow at every other sync speaks against health, even where it is no finding.
            let is_fast = histogram.quantile_bounds(0.5).is_some_and(|median| median.le <= WISH);
            let (Some(quote), true) = (quote, p99.le <= 0.5 && is_fast && of > 0) else { continue };
            let member = measured.member.map(|at| facts.key(at));
            let mut values = Values::from([
                ("n", n.to_string()),
                ("of", of.to_string()),
                ("share", percent(n, of)),
                ("p99", format!("≤ {} ms", p99.le * 1e3)),
            ]);
            values.extend(member.as_ref().map(|key| ("member", key.escaped().to_string())));
            let evidence = vec![Evidence::of(quote).member(member)];
            out.push(Ground { says: fill(sentence, &values), weight: Weight::Support, evidence });
        }
    }
    out
}

/// `99.95 %`: cut, not rounded, so that a share below one never reads as all.
pub(super) fn percent(n: u64, of: u64) -> String {
    let hundredths = (u128::from(n) * 10_000).checked_div(u128::from(of)).unwrap_or_default();
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Commands that look for bad news and printed nothing: that filter, on that host, at that time, and no more.
fn silences(facts: &Facts, words: &Words) -> Vec<Ground> {
    let looks = |command: &str| command.contains("journalctl") && command.contains("grep") && !command.contains("grep -v");
    let silent = facts.echoes.iter().filter(|echo| echo.output_lines == 0 && looks(echo.command.raw()));
    silent
        .map(|echo| {
            let mut values = Values::from([("command", echo.command.escaped().to_string())]);
            values.extend(echo.host.as_ref().map(|host| ("host", host.escaped().to_string())));
            let evidence = Evidence::of(echo.quote.clone()).member(echo.host.clone());
            Ground { says: fill(words.ground_silence, &values), weight: Weight::Support, evidence: vec![evidence] }
        })
        .collect()
}

fn gap(facts: &Facts, words: &Words, healthy: Option<Confidence>, trouble: Option<String>) -> Option<Gap> {
    let of = |why: String, missing: Vec<&'static str>, ask: String| Some(Gap { code: Code::HEALTHY, why, missing, ask });
    let health = || vec![words.kinds.health];
    if let Some(why) = trouble {
        return of(why, health(), ASK_HEALTH.into());
    }
    match healthy {
        Some(Confidence::High) => None,
        Some(Confidence::Medium) => {
            let mut missing = Vec::new();
            if !facts.expected().all(|at| facts.logs.iter().any(|log| log.member == Some(at) && log.log.lines > 1)) {
                missing.push(words.kinds.log);
            }
            if facts.measured.iter().all(|m| m.samples.len() < 2) {
                missing.push(words.kinds.metrics_twice);
            }
            let values = Values::from([("missing", missing.join(", "))]);
            if missing.is_empty() { None } else { of(fill(words.gap_evidence, &values), missing, ask_log(facts)) }
        }
        Some(Confidence::Low) | None => of(words.gap_members.into(), health(), ASK_HEALTH.into()),
    }
}

/// To be pasted as it is: etcdctl 3.3 takes the commands of v3 by its environment alone, and a shell passes over the hint for etcd 2. Both
/// generations in one line would do harm: on a cluster of v3 the old command says "may be unhealthy" where nothing is wrong.
const ASK_HEALTH: &str = "ETCDCTL_API=3 etcdctl endpoint health --cluster; ETCDCTL_API=3 etcdctl endpoint status --cluster -w json \
    # etcd 2: etcdctl cluster-health";

/// The log around the last fault that is over, else of the last day.
fn ask_log(facts: &Facts) -> String {
    let fault = |h: &Happening| h.message.class == Class::Fault;
    let when = facts.happenings().iter().rev().find(|h| fault(h)).and_then(|h| h.mark.as_read.clone());
    match when {
        Some(when) => format!("journalctl -u etcd --no-pager | grep -nE -B50 -A50 '^{}'", when.escaped()),
        None => "journalctl -u etcd --since -24h --no-pager".into(),
    }
}
