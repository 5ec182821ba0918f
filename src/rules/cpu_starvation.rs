//! `cpu.starvation`: etcd does not get to run: its quota is used up, the host gives its time to others, or it was stopped.

use std::time::Duration;

use jiff::SignedDuration;

use super::{
    Nature, Rule,
    draft::{Draft, Open, Ruling, line_of, moment},
    late::Late,
    page::Values,
    syncs::{self, Kind},
};
use crate::{
    diagnosis::{Code, Confidence, Evidence, Impact, Severity, State},
    facts::{DEFAULT_ELECTION, Facts, Machine, MemberAt, Window},
    messages::Class,
    parse::{
        kernel::{Amount, Resource},
        metrics::Metric,
        screens::CpuShares,
    },
    text::Untrusted,
};

pub(super) const RULE: Rule = Rule {
    code: Code::new("cpu.starvation"),
    severity: Severity::Critical,
    reads: &["etcd log", "metrics, twice", "cpu.stat of etcd's control group", "/proc/stat, twice", "/proc/pressure/cpu", "/proc/loadavg"],
    messages: &[],
    explains: &[
        Code::new("disk.slow-fsync"),
        Code::new("disk.slow-commit"),
        Code::new("net.latency"),
        Code::new("leader.flapping"),
        Code::new("member.lagging"),
        Code::new("load.too-many-requests"),
        Code::new("quorum.lost"),
    ],
    nature: Nature::Why,
    decide,
};

/// Share of periods with a quota used up from which on etcd waits for its quota rather than for anything else. Go programs run into a quota
/// at times (garbage collection takes all processors at once) and are well: three in a hundred were seen at a healthy cluster.
const THROTTLED: f64 = 0.25;
/// Shares that need no other sign, and of how many periods: every other one for five seconds at the usual period of 100 ms, or nearly all.
const MOSTLY_THROTTLED: &[(f64, u64)] = &[(0.5, 50), (0.8, 10)];
/// Fewest periods that say anything.
const FEWEST_PERIODS: u64 = 10;

/// Stolen time from which on it is felt: what providers of clouds and RHEL's guide to tuning call contention.
const STOLEN: f64 = 0.1;

/// Pressure and run queue that speak for want of processor time beside a leader that was away. Alone they say nothing: healthy clusters
/// were recorded at a pressure of 97 % and eleven tasks a processor.
const PRESSED: f64 = 50.0;
const QUEUED: f64 = 4.0;

/// Processors that are used up, in percent: nothing idle, and hardly anything that waits for a disk.
const NO_IDLE: f64 = 5.0;
const LITTLE_WAITING: f64 = 10.0;

/// Grave absences that are no moment's weather.
const FEWEST_GRAVE: u64 = 3;

/// An absence of so many election timeouts is a process that was stopped, or a machine that stood still: once is enough.
const STOPPED: u32 = 3;

/// An absence that no sync of less than a second accounts for, with the two heartbeat intervals that pass before and time for the rest.
const LONGER_THAN_A_LINE: Duration = Duration::from_millis(1700);

/// Behind a single stop, time in which the samples of a collection were surely taken: the interval of this program's own is 15 s.
const CALM: SignedDuration = SignedDuration::from_secs(20);

fn decide(facts: &Facts) -> Ruling {
    let lates = Late::all(facts);
    let (mut drafts, mut open, mut is_known) = (Vec::new(), None, false);
    for at in 0..facts.members.len() {
        let late = lates.iter().filter(|late| late.log.member == Some(at)).max_by_key(|late| (late.grave, late.moments));
        let suspect = Suspect { facts, member: Some(at), late, machine: facts.machine_of(at) };
        match suspect.judge() {
            Judged::Starved(draft) => drafts.push(*draft),
            Judged::Open(gap) => open = open.or(Some(gap)),
            Judged::Fine => is_known = true,
            Judged::Unknown => {}
        }
    }
    for late in lates.iter().filter(|late| late.log.member.is_none()) {
        let suspect = Suspect { facts, member: None, late: Some(late), machine: facts.machine_of_log(late.log) };
        match suspect.judge() {
            Judged::Starved(draft) => drafts.push(*draft),
            Judged::Open(gap) => open = open.or(Some(gap)),
            Judged::Fine | Judged::Unknown => {}
        }
    }
    if drafts.is_empty() && facts.members.is_empty() {
        drafts.extend(facts.machines.iter().filter_map(|machine| by_quota(machine, None)));
    }
    match (drafts.is_empty(), open) {
        (false, _) => Ruling::Fail(drafts),
        (true, Some(open)) => Ruling::Unknown(Some(open)),
        (true, None) if is_known => Ruling::Pass,
        (true, None) if missed_ticks(facts) > 0 && facts.all_healthy().is_none() => Ruling::Unknown(Some(Open {
            variant: "ticks",
            values: Values::from([("count", missed_ticks(facts).to_string())]),
            missing: vec!["metrics, twice", "cpu pressure and quota"],
        })),
        (true, None) => Ruling::Unknown(None),
    }
}

/// Lines that say that the process was not there when raft's clock ticked.
fn missed_ticks(facts: &Facts) -> u64 {
    facts.sightings("raft-tick-missed").map(|(_, sighting)| sighting.count).sum()
}

enum Judged {
    Starved(Box<Draft>),
    Open(Open),
    Fine,
    Unknown,
}

/// One member, with what may speak against it.
struct Suspect<'a> {
    facts: &'a Facts,
    member: Option<MemberAt>,
    late: Option<&'a Late<'a>>,
    machine: Option<&'a Machine>,
}

impl Suspect<'_> {
    fn judge(&self) -> Judged {
        let syncs = syncs::of_member(self.facts, self.member);
        let kind = syncs.as_ref().map(|(_, syncs)| syncs.kind);
        let is_slow_disk = kind == Some(Kind::Slow) || kind.is_none() && syncs::has_slow_lines(self.facts, self.member);
        let by_host = self.machine.and_then(|machine| by_quota(machine, Some(self)).or_else(|| by_steal(machine, self)));
        if let Some(draft) = by_host.or_else(|| self.by_screen()).or_else(|| self.by_idle(kind)) {
            return Judged::Starved(Box::new(self.placed(draft)));
        }
        let Some(late) = self.late else {
            return match kind {
                Some(Kind::Fine) => Judged::Fine,
                Some(Kind::Stalls) => Judged::Open(self.stalls()),
                Some(Kind::Slow) | None => Judged::Unknown,
            };
        };
        let is_stop = late.longest.is_some_and(|(away, _)| away >= self.stop_limit());
        let is_grave = late.grave >= FEWEST_GRAVE || late.is_dense || (is_stop && late.grave > 0);
        match kind {
            _ if is_slow_disk => Judged::Unknown,
            Some(_) if is_grave => Judged::Starved(Box::new(self.placed(self.by_absence(late, is_stop)))),
            Some(_) => Judged::Fine,
            None if is_silent_of_disk(late) && (late.grave >= FEWEST_GRAVE || self.facts.all_healthy().is_none()) => Judged::Starved(Box::new(self.placed(self.by_silence(late)))),
            None if (late.grave > 0 || late.is_dense) && self.facts.all_healthy().is_none() => Judged::Open(self.question(late)),
            None => Judged::Unknown,
        }
    }

    fn stop_limit(&self) -> Duration {
        self.facts.election_of(self.member).max(DEFAULT_ELECTION).saturating_mul(STOPPED)
    }

    /// Whether anything of etcd's own shows that it was away: a late heartbeat, or syncs that stalled.
    fn is_felt(&self) -> bool {
        let stalls = syncs::of_member(self.facts, self.member).is_some_and(|(_, syncs)| syncs.kind != Kind::Fine);
        self.late.is_some_and(|late| !late.is_over) || stalls
    }

    /// The leader was away again and again, or once for long, while its disk was fast.
    fn by_absence(&self, late: &Late<'_>, is_stop: bool) -> Draft {
        let is_single = is_stop && late.grave < FEWEST_GRAVE;
        let variant = if is_single { "stopped" } else { "away" };
        let longest = late.longest.map_or(late.last, |(_, mark)| mark);
        let mut draft = Draft::new(variant, Severity::Warning, line_of(self.facts, late.log, longest));
        self.show_late(late, &mut draft);
        self.show_syncs(&mut draft);
        let by_host: Vec<Evidence> = self.machine.map(pressed).unwrap_or_default().into_iter().chain(self.queued()).collect();
        draft.confidence = if by_host.is_empty() { Confidence::Medium } else { Confidence::High };
        by_host.into_iter().for_each(|line| draft.show(line));
        if is_single && self.is_well_again(late) {
            draft.state = State::Recovered;
            draft.impact = Impact::None;
        }
        draft
    }

    /// Stolen time on a screen of `top`, `vmstat` or `iostat`.
    fn by_screen(&self) -> Option<Draft> {
        let seen = self.facts.cpu_shares().filter(|(shown, shares)| !shares.since_boot && self.is_on(shown.host.as_ref()));
        let (shown, shares) = seen.last().filter(|(_, shares)| shares.steal >= STOLEN * 100.0 && self.is_felt())?;
        let mut draft = Draft::new("stolen", Severity::Warning, Evidence::of(shown.quote.clone()));
        draft.value("steal", format!("{:.0}", shares.steal));
        draft.numbers.insert("steal_permille", (shares.steal * 10.0).round() as i64);
        Some(felt(draft, Some(self), true))
    }

    /// A screen on which the processors have no time left, beside a leader that was away for long and a disk that is not slow.
    fn by_idle(&self, kind: Option<Kind>) -> Option<Draft> {
        let late = self.late.filter(|late| late.grave > 0 && !late.is_over && kind.is_none_or(|kind| kind == Kind::Stalls))?;
        let seen = self.facts.cpu_shares().filter(|(shown, shares)| !shares.since_boot && self.is_on(shown.host.as_ref()));
        let is_used_up = |shares: &CpuShares| shares.idle <= NO_IDLE && shares.iowait <= LITTLE_WAITING;
        let (shown, shares) = seen.last().filter(|(_, shares)| is_used_up(shares))?;
        if syncs::has_slow_lines(self.facts, self.member) || self.facts.sightings(syncs::SLOW_LINE).any(|(log, _)| log.member.is_none()) {
            return None;
        }
        let mut draft = Draft::new("busy", Severity::Warning, Evidence::of(shown.quote.clone()));
        draft.value("idle", format!("{:.0}", shares.idle));
        self.show_late(late, &mut draft);
        draft.confidence = Confidence::Medium;
        Some(draft)
    }

    /// A run queue far longer than there are processors, on a screen.
    fn queued(&self) -> Option<Evidence> {
        let cpus = self.facts.cpus().filter(|(shown, _)| self.is_on(shown.host.as_ref())).last().map(|(_, cpus)| *cpus)?;
        let (shown, load) = self.facts.loads().filter(|(shown, _)| self.is_on(shown.host.as_ref())).last()?;
        (cpus > 0 && load.one >= QUEUED * cpus as f64).then(|| Evidence::of(shown.quote.clone()))
    }

    /// Whether a screen is of this member's host; one without a host is, where there is one log alone.
    fn is_on(&self, host: Option<&Untrusted>) -> bool {
        match (host, self.member) {
            (Some(host), Some(at)) => self.facts.member_on(host) == Some(at),
            (Some(host), None) => self.late.is_some_and(|late| late.log.writer.host.as_ref() == Some(host)),
            (None, _) => self.facts.logs.len() <= 1,
        }
    }

    /// A stop that is over: what was measured since is in bounds, by commands that were run a while after the last sign.
    fn is_well_again(&self, late: &Late<'_>) -> bool {
        let in_bounds = syncs::of_member(self.facts, self.member)
            .is_some_and(|(_, syncs)| syncs.window == Window::BetweenSamples && syncs.kind == Kind::Fine);
        let collected = self.facts.collected.as_ref().map(|(when, _)| *when);
        let since = collected.zip(late.newest().when).and_then(|(end, last)| end.difference(&last));
        in_bounds && since.is_some_and(|since| since >= CALM)
    }

    /// The log alone: the leader was away for longer than a sync can take without a line of its own, and there is no such line.
    fn by_silence(&self, late: &Late<'_>) -> Draft {
        let longest = late.longest.map_or(late.last, |(_, mark)| mark);
        let mut draft = Draft::new("silent-disk", Severity::Warning, line_of(self.facts, late.log, longest));
        self.show_late(late, &mut draft);
        draft.confidence = Confidence::Low;
        draft
    }

    fn show_late(&self, late: &Late<'_>, draft: &mut Draft) {
        [late.first, late.last].into_iter().for_each(|mark| draft.show(line_of(self.facts, late.log, mark)));
        if let Some((away, mark)) = late.longest {
            draft.show(line_of(self.facts, late.log, mark));
            draft.value("away", seconds(away));
            draft.numbers.insert("away_us", i64::try_from(away.as_micros()).unwrap_or(i64::MAX));
        }
        draft.value("moments", late.moments);
        draft.value("grave", late.grave);
        draft.count = Some(late.lines);
        draft.first_seen = moment(late.first);
        draft.last_seen = moment(late.last);
        if late.is_over && draft.state == State::Active {
            draft.state = State::Recovered;
            draft.impact = Impact::None;
        }
    }

    /// The buckets that show how nearly all syncs were fast.
    fn show_syncs(&self, draft: &mut Draft) {
        let Some((measured, syncs)) = syncs::of_member(self.facts, self.member) else { return };
        let Some(sample) = measured.last() else { return };
        for le in [0.128, 0.256, 1.024] {
            sample.bucket_quote(Metric::WalFsync, le).into_iter().for_each(|quote| draft.show(Evidence::of(quote)));
        }
        if let Some((within, of)) = syncs.histogram.within(syncs::SLOW_ONE) {
            draft.value("fast", within);
            draft.value("syncs", of);
        }
    }

    fn placed(&self, mut draft: Draft) -> Draft {
        draft.members = self.member.into_iter().collect();
        if let (None, Some(late)) = (self.member, self.late) {
            draft.others = late.log.writer.host.clone().into_iter().collect();
        }
        if draft.state == State::Active {
            draft.impact = Impact::Degraded;
        }
        draft
    }

    /// Rare stalls of a member that does not lead: only its host tells a disk that stalls from a process that did not get to run.
    fn stalls(&self) -> Open {
        let key = self.member.map(|at| self.facts.key(at).escaped().to_string());
        let values = key.into_iter().map(|key| ("members", key)).collect();
        Open { variant: "stalls", values, missing: vec!["cpu pressure and quota", "disk statistics"] }
    }

    fn question(&self, late: &Late<'_>) -> Open {
        let mut values = Values::from([("moments", late.moments.to_string())]);
        if let Some((away, _)) = late.longest {
            values.insert("away", seconds(away));
        }
        let key = self.member.map(|at| self.facts.key(at)).or_else(|| late.log.writer.host.clone());
        values.extend(key.map(|key| ("members", key.escaped().to_string())));
        Open { variant: "late", values, missing: vec!["metrics, twice", "cpu pressure and quota", "disk statistics"] }
    }
}

/// Whether a whole log tells of an absence that only a sync of well over a second could explain, and of no such sync. etcd 3.0 and later
/// write a line for each sync of more than a second; an excerpt may have left them out, and 2.x writes none.
fn is_silent_of_disk(late: &Late<'_>) -> bool {
    let log = &late.log.log;
    let has = |class: Class| log.sightings().any(|s| s.message.class == class);
    let is_whole = has(Class::Start) && has(Class::Serving) && log.version.as_ref().is_some_and(|version| version.raw().starts_with('3'));
    let is_told = log.sightings().any(|s| s.message.id == syncs::SLOW_LINE);
    is_whole && !is_told && late.longest.is_some_and(|(away, _)| away >= LONGER_THAN_A_LINE)
}

/// Its control group ran into its quota.
fn by_quota(machine: &Machine, suspect: Option<&Suspect<'_>>) -> Option<Draft> {
    let throttling = machine.throttling().filter(|t| t.periods >= FEWEST_PERIODS)?;
    let is_felt = suspect.is_some_and(Suspect::is_felt);
    let is_mostly = MOSTLY_THROTTLED.iter().any(|(share, periods)| throttling.share() >= *share && throttling.periods >= *periods);
    if !(is_mostly || is_felt && throttling.share() >= THROTTLED) {
        return None;
    }
    let mut quotes = throttling.quotes.iter().cloned();
    let variant = if throttling.is_recent { "throttled-recent" } else { "throttled" };
    let severity = if is_felt { Severity::Critical } else { Severity::Warning };
    let mut draft = Draft::new(variant, severity, Evidence::of(quotes.next()?));
    quotes.for_each(|quote| draft.show(Evidence::of(quote)));
    draft.value("throttled", throttling.throttled);
    draft.value("periods", throttling.periods);
    if let Some(stood) = throttling.stood_us {
        draft.value("stood", seconds(Duration::from_micros(stood)));
        draft.numbers.insert("throttled_us", i64::try_from(stood).unwrap_or(i64::MAX));
    }
    draft.numbers.insert("periods", i64::try_from(throttling.periods).unwrap_or(i64::MAX));
    draft.numbers.insert("throttled", i64::try_from(throttling.throttled).unwrap_or(i64::MAX));
    Some(felt(draft, suspect, is_felt))
}

/// The hypervisor gave its time to others, and etcd felt it.
fn by_steal(machine: &Machine, suspect: &Suspect<'_>) -> Option<Draft> {
    let steal = machine.steal().filter(|steal| steal.share >= STOLEN && suspect.is_felt())?;
    let mut quotes = steal.quotes.iter().cloned();
    let mut draft = Draft::new("stolen", Severity::Warning, Evidence::of(quotes.next()?));
    quotes.for_each(|quote| draft.show(Evidence::of(quote)));
    draft.value("steal", format!("{:.0}", steal.share * 100.0));
    draft.numbers.insert("steal_permille", (steal.share * 1000.0).round() as i64);
    Some(felt(draft, Some(suspect), true))
}

/// What etcd felt of it, as a second kind of evidence.
fn felt(mut draft: Draft, suspect: Option<&Suspect<'_>>, is_felt: bool) -> Draft {
    draft.confidence = if is_felt { Confidence::High } else { Confidence::Medium };
    draft.impact = Impact::Degraded;
    if let Some(suspect) = suspect.filter(|_| is_felt) {
        if let Some(late) = suspect.late.filter(|late| !late.is_over) {
            suspect.show_late(late, &mut draft);
        }
        suspect.show_syncs(&mut draft);
    }
    draft
}

/// Lines of the host that speak for want of processor time.
fn pressed(machine: &Machine) -> Vec<Evidence> {
    let pressure = machine.pressure(Resource::Cpu, Amount::Some).filter(|p| p.avg60 >= PRESSED || p.avg10 >= PRESSED);
    let queue = machine.run_queue().filter(|(queue, processors)| queue.minute >= QUEUED * *processors as f64);
    let quotes = pressure.map(|p| p.quote.clone()).into_iter().chain(queue.map(|(queue, _)| queue.quote.clone()));
    quotes.map(Evidence::of).collect()
}

/// `750 ms`, `14.81 s`.
fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(1) { format!("{} ms", took.as_millis()) } else { format!("{:.2} s", took.as_secs_f64()) }
}
