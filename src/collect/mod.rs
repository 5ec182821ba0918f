//! Gathering evidence on a site: a plan, its run within deadlines and caps, and one archive at the end, however broken the cluster is.
//!
//! Nothing here judges. The archive is analysed by opening it, as anybody else would.

mod cost;
mod intake;
mod kubectl;
mod logfiles;
mod pace;
mod plan;
mod process;
mod record;
mod room;
mod row;
mod script;
mod share;
mod site;
mod spool;
mod ssh;
mod stop;
mod turned;
mod window;

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

pub use kubectl::{Pod, Pods, is_name};
pub use plan::{Does, Options, Plan, Step, When};
pub use record::Keep;
pub use room::Room;
pub use script::{script, with_login};
pub use share::{Choice, Sharing, Shown};
pub use site::{Container, Engine, Found, Process, Site};
pub use spool::Target;
pub use ssh::{Nodes, Secret, is_host};
pub use stop::Stop;
pub use window::Window;

use crate::{
    bundle::{EndedBy, FORMAT, Input, Limits, Manifest, Row, RowState, Writer},
    messages::Landmarks,
    redact::{Masks, Redactor},
};
use pace::Pace;
use row::{Conditions, Runner};
use spool::Spool;

/// How much the collector and all that it starts stand back behind others: `nice`.
const NICENESS: i32 = 10;

/// A user name and a password for etcdctl. They go into its environment, and nowhere else.
#[derive(Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What a collection is given beside its plan.
#[derive(Clone, Debug)]
pub struct Job {
    /// What the host calls itself.
    pub host: String,
    /// Where the archive goes.
    pub target: Target,
    /// For etcdctl, where etcd asks who is there.
    pub login: Option<Login>,
    /// How much may be written.
    pub room: Room,
    /// The program that lets this process and all that it starts wait for others at the disk, where there is one.
    pub ionice: Option<PathBuf>,
    /// Time between the two samples.
    pub interval: Duration,
    /// Other nodes that are asked by ssh.
    pub nodes: Nodes,
    /// The environment that every program gets. It holds no secret.
    pub env: BTreeMap<String, String>,
    /// What of all that is gathered may be shared, and under which names.
    pub sharing: Sharing,
}

/// What happens, for whoever watches.
#[derive(Debug)]
pub enum Event<'a> {
    /// Folders of earlier collections that were not finished.
    Leftovers(&'a [PathBuf]),
    /// The next sample is waited for.
    Waiting(Duration),
    /// A row is about to be gathered: its number, and how many there are.
    Begins(usize, usize, &'a Row),
    /// It was gathered, or not.
    Ended(usize, usize, &'a Row),
    /// What would be shared; the choice is the watcher's.
    Preview(&'a [Shown], &'a mut Choice),
    /// The archive is being written.
    Sealing,
}

/// What a collection made.
#[derive(Debug)]
pub struct Collected {
    /// The archive.
    pub path: PathBuf,
    /// What stands in its manifest.
    pub manifest: Manifest,
    /// The map of pseudonyms, which stays on the site.
    pub map: Option<PathBuf>,
    masks: Option<Masks>,
}

impl Collected {
    /// A text of the manifest with the real names: for the operator, who would run it.
    pub fn real(&self, text: &str) -> String {
        let real = self.masks.as_ref().map(|masks| masks.unmask(text.as_bytes()).into_owned());
        real.map_or_else(|| text.to_owned(), |real| String::from_utf8_lossy(&real).into_owned())
    }

    /// Whether every planned row is there or does not apply, and nothing ended the collection early.
    pub fn is_complete(&self) -> bool {
        self.manifest.ended_by.is_none() && self.manifest.rows.iter().all(Row::is_obtained)
    }
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {}", crate::text::escape(&path.to_string_lossy()), plain(why))]
pub struct CollectError {
    /// What could not be written.
    pub path: PathBuf,
    /// What the system says.
    pub why: io::Error,
}

/// What the system says, without Rust's `(os error 2)`.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or(&words).to_owned()
}

/// The name of a bundle: host and time.
pub fn bundle_name(host: &str) -> String {
    let host: String = plan::file_name(host).chars().take(40).collect();
    format!("{}{host}_{}", spool::PREFIX, now().strftime("%Y%m%dT%H%M%SZ"))
}

/// The host's clock.
#[expect(clippy::disallowed_methods, reason = "this is the door: a collection is dated by the clock of its host")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

fn stamp() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Runs a plan and seals what it gave.
///
/// # Errors
/// When the archive could not be written. Nothing is left under its name then.
pub fn collect(plan: &Plan, job: &Job, stop: &Stop, watch: &mut dyn FnMut(Event<'_>)) -> Result<Collected, CollectError> {
    let target = &job.target;
    let unwritable = |path: &Path, why| CollectError { path: path.to_owned(), why };
    // Where it is refused, everything runs as any other program would.
    let _ = rustix::process::setpriority_process(None, NICENESS);
    process::stand_back_at_the_disk(job.ionice.as_deref(), &job.env);
    let left = spool::leftovers(&target.folder);
    if !left.is_empty() {
        watch(Event::Leftovers(&left));
    }
    let spool = Spool::new(target).map_err(|why| unwritable(&target.path(), why))?;
    let node = plan::file_name(&job.host);
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        tool: writer(),
        collection: row::chance(8).iter().map(|byte| format!("{byte:02x}")).collect(),
        host: job.host.clone(),
        started: stamp(),
        found: plan.found.clone(),
        rows: plan.steps.iter().map(|step| row::planned(step, &node)).collect(),
        ..Manifest::default()
    };
    let at = u64::try_from(now().as_second()).unwrap_or_default();
    let redactor = RefCell::new(Redactor::new(&row::chance(32)));
    manifest.found = manifest.found.iter().map(|line| clean(&redactor, line)).collect();
    for row in &mut manifest.rows {
        let known = row.argv.iter().filter(|word| *word != plan::AT_REVISION);
        row.argv = known.map(|word| clean(&redactor, word)).collect();
    }
    // Without landmarks only the history would be missing; they are constants and always there.
    let landmarks = Landmarks::new().ok();
    let runner = Runner { job, spool: &spool, stop, redactor: &redactor, landmarks: landmarks.as_ref() };
    let gathered = ssh::gather(&job.nodes, &runner, &mut manifest, &node, |manifest| run(plan, &runner, manifest, watch));
    let written = gathered.and_then(|waited| {
        // The last row may have been cut short, or what another node was about to send.
        manifest.ended_by = manifest.ended_by.or_else(|| stop.is_asked().then_some(EndedBy::Signal));
        let shared = share::share(job, &spool, &mut manifest, watch)?;
        watch(Event::Sealing);
        manifest.finished = Some(stamp());
        manifest.cost = Some(cost::of(&manifest, stop, waited));
        let path = spool.seal(&manifest, &shared.target, &shared.top, at)?;
        Ok((path, shared))
    });
    match written {
        Ok((path, shared)) => Ok(Collected { path, manifest, map: shared.map, masks: shared.masks }),
        Err(why) => Err(unwritable(&target.path(), why)),
    }
}

/// Why a bundle was not packed again.
#[derive(Debug, thiserror::Error)]
pub enum RepackError {
    /// It is none that can be read; why.
    #[error("{0}")]
    Unfit(String),
    /// The new one could not be written.
    #[error(transparent)]
    Unwritten(#[from] CollectError),
}

/// Takes a bundle in, the script's mostly, redacts it and seals it anew.
///
/// # Errors
/// When it is no bundle, or the new one could not be written.
pub fn repack(input: &Input, job: &Job, stop: &Stop, watch: &mut dyn FnMut(Event<'_>)) -> Result<Collected, RepackError> {
    let target = &job.target;
    let unwritable = |why| CollectError { path: target.path(), why };
    let spool = Spool::new(target).map_err(unwritable)?;
    let at = u64::try_from(now().as_second()).unwrap_or_default();
    let redactor = RefCell::new(Redactor::new(&row::chance(32)));
    let runner = Runner { job, spool: &spool, stop, redactor: &redactor, landmarks: None };
    let most = Limits::default().total_bytes;
    let taken = intake::take_in(input, most, &runner, &|node| plan::file_name(node)).map_err(unwritable)?;
    let taken = taken.map_err(RepackError::Unfit)?;
    let mut manifest = taken.manifest;
    let by = format!("gathered by {} {}, packed again by this", manifest.tool.name, manifest.tool.version);
    manifest.found.push(by);
    manifest.found.extend(taken.broken.map(|why| format!("what was packed again did not come whole: {why}")));
    manifest.format = FORMAT.to_owned();
    manifest.tool = writer();
    let shared = share::share(job, &spool, &mut manifest, watch).map_err(unwritable)?;
    watch(Event::Sealing);
    let path = spool.seal(&manifest, &shared.target, &shared.top, at).map_err(unwritable)?;
    Ok(Collected { path, manifest, map: shared.map, masks: shared.masks })
}

fn writer() -> Writer {
    Writer { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

fn clean(redactor: &RefCell<Redactor>, text: &str) -> String {
    let mut redactor = redactor.borrow_mut();
    let clean = String::from_utf8_lossy(&redactor.line(text.as_bytes())).into_owned();
    redactor.take_counts();
    clean
}

/// Goes through the plan, row by row. Gives how long it stood back for etcd's sake.
fn run(plan: &Plan, runner: &Runner<'_>, manifest: &mut Manifest, watch: &mut dyn FnMut(Event<'_>)) -> io::Result<Duration> {
    let of = plan.steps.len();
    let first_sample = clock();
    let mut conditions = Conditions::default();
    let (mut room, mut pace) = (runner.job.room, Pace::default());
    for (at, step) in plan.steps.iter().enumerate() {
        runner.spool.write_manifest(manifest)?;
        if step.when == When::AfterInterval {
            await_sample(first_sample + runner.job.interval, runner.stop, watch);
        }
        let wait = pace.wait(step.kind);
        if !wait.is_zero() {
            pace.waited += wait;
            await_sample(clock() + wait, runner.stop, &mut |_| {});
        }
        let Some(row) = manifest.rows.get_mut(at) else { break };
        if let Some(reason) = runner.stop.reason() {
            manifest.ended_by = Some(reason);
            skip_rest(manifest, at, reason);
            break;
        }
        watch(Event::Begins(at + 1, of, row));
        let step = conditions.known_now(step, row);
        let heavy = matches!(step.when, When::SmallDatabase | When::AnyDatabase).then(|| pace.against_reading_all()).flatten();
        match (room.keep(step.kind, step.keep), heavy) {
            (_, Some(why)) => row::settle(row, RowState::Skipped, why),
            (None, _) => row::settle(row, RowState::Skipped, "the collection has written as much as it may".to_owned()),
            (Some(keep), None) => runner.gather(&Step { keep, ..step.clone() }, &mut conditions, row)?,
        }
        room.take(step.kind, row.bytes.unwrap_or_default());
        pace.saw(step.kind, row.ms.unwrap_or_default());
        watch(Event::Ended(at + 1, of, row));
    }
    Ok(pace.waited)
}

#[expect(clippy::disallowed_methods, reason = "the second sample is taken an interval after the first one")]
fn clock() -> Instant {
    Instant::now()
}

fn await_sample(at: Instant, stop: &Stop, watch: &mut dyn FnMut(Event<'_>)) {
    let left = |now: Instant| at.checked_duration_since(now).filter(|left| !left.is_zero());
    if let Some(left) = left(clock()) {
        watch(Event::Waiting(left));
    }
    while let Some(left) = left(clock()) {
        if stop.reason().is_some() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(50)));
    }
}

fn skip_rest(manifest: &mut Manifest, from: usize, reason: EndedBy) {
    let why = match reason {
        EndedBy::Signal => "the collection was told to stop before",
        EndedBy::Deadline | EndedBy::Other => "the deadline of the collection came before",
    };
    for row in manifest.rows.iter_mut().skip(from) {
        row.state = Some(RowState::Skipped);
        row.why = Some(why.to_owned());
    }
}
