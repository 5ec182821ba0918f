//! Every fixture in turn, cut so many times and flipped so many times: as it lies there, and what it unpacks to.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use etcd_triage::bundle::Input;
use flate2::read::MultiGzDecoder;

use super::{
    LONGEST, MOST_MEMORY_KIB, answers,
    damage::{Chance, damage},
    peak,
};

/// How often each fixture is damaged, and for how long at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) cuts: u64,
    pub(crate) flips: u64,
    pub(crate) until: Option<Instant>,
}

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// Executions: cut, flipped.
    pub(crate) kinds: [u64; 2],
    /// How many fixtures were met, and how often the one that was met least was cut and flipped.
    pub(crate) fixtures: usize,
    pub(crate) least: u64,
    pub(crate) longest: Duration,
    /// The most memory that the process had.
    pub(crate) peak_kib: u64,
    /// What went wrong, each with the file that shows it.
    pub(crate) findings: Vec<String>,
}

/// One damaged file: which fixture, which of its forms, and the state of chance that the damage is made from.
struct Run {
    fixture: usize,
    kind: usize,
    number: u64,
}

/// All runs, in rounds: each round takes every fixture once, so that time that is short is short for all of them.
fn runs(plan: Plan, fixtures: usize) -> Vec<Run> {
    let rounds = plan.cuts.max(1);
    let share = |of: u64, round: u64| of * round / rounds;
    let first = usize::try_from(plan.seed % fixtures as u64).expect("it is less than an usize");
    let mut out = Vec::new();
    for round in 0..rounds {
        for fixture in (0..fixtures).map(|n| (n + first) % fixtures) {
            for (kind, of) in [plan.cuts, plan.flips].into_iter().enumerate() {
                let numbers = share(of, round)..share(of, round + 1);
                out.extend(numbers.map(|number| Run { fixture, kind, number }));
            }
        }
    }
    out
}

/// A fixture by its number: as it lies there, or what it unpacks to, for an altered byte of a packed stream mostly ends the stream.
fn form(bytes: &[u8], number: u64) -> Vec<u8> {
    let mut plain = Vec::new();
    let is_packed = number % 2 == 1 && MultiGzDecoder::new(bytes).take(64 << 20).read_to_end(&mut plain).is_ok();
    if is_packed { plain } else { bytes.to_vec() }
}

/// Damages each fixture as the plan says.
pub(crate) fn every(plan: Plan, fixtures: &[(PathBuf, Vec<u8>)], keep: &Path) -> Done {
    let runs = runs(plan, fixtures.len());
    let next = AtomicUsize::new(0);
    let counts: Vec<AtomicU64> = fixtures.iter().map(|_| AtomicU64::new(0)).collect();
    let done = Mutex::new(Done::default());
    // What each worker does: memory is that of all of them.
    let under_way = Mutex::new(BTreeMap::new());
    let home = tempfile::tempdir().expect("a folder can be made");
    let work = |worker: usize| {
        let file = home.path().join(format!("input-{worker}"));
        while plan.until.is_none_or(|until| Instant::now() < until) {
            let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let (path, bytes) = &fixtures[run.fixture];
            let mut bytes = form(bytes, run.number);
            let place = (run.fixture as u64) << 32 | (run.kind as u64) << 31 | run.number;
            let how = damage(&mut bytes, run.kind, &mut Chance(plan.seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
            fs::write(&file, &bytes).expect("a file can be written");
            under_way.lock().expect("nobody panics with it").insert(worker, format!("{} {how}", path.display()));
            let begun = Instant::now();
            let answered = thread::scope(|scope| scope.spawn(|| answers(&[Input::Path(file.clone())])).join());
            let took = begun.elapsed();
            counts[run.fixture].fetch_add(1, Ordering::Relaxed);
            let mut done = done.lock().expect("nobody panics with it");
            done.kinds[run.kind] += 1;
            done.longest = done.longest.max(took);
            let peak_kib = peak::since_last();
            done.peak_kib = done.peak_kib.max(peak_kib);
            let what = match answered {
                Err(_) => "it panicked".to_owned(),
                Ok(()) if took > LONGEST => format!("it took {took:?}"),
                Ok(()) if peak_kib > MOST_MEMORY_KIB => {
                    format!(
                        "{} MiB of memory, where these were read: {:?}",
                        peak_kib >> 10,
                        under_way.lock().expect("nobody panics with it")
                    )
                }
                Ok(()) => continue,
            };
            let kept = keep.join(format!("damaged-{}-{}-{}", run.fixture, run.kind, run.number));
            fs::copy(&file, &kept).expect("the file can be kept");
            done.findings.push(format!("{what}: {} {how}, kept as {}", path.display(), kept.display()));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..cores).for_each(|worker| drop(scope.spawn(move || work(worker)))));
    let mut done = done.into_inner().expect("nobody panicked with it");
    let counts: Vec<u64> = counts.into_iter().map(AtomicU64::into_inner).collect();
    done.fixtures = counts.iter().filter(|n| **n > 0).count();
    done.least = counts.iter().copied().min().unwrap_or_default();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fixture_is_cut_and_flipped_as_often_as_was_asked_and_all_of_them_before_one_is_taken_again() {
        let plan = Plan { seed: 5, cuts: 3, flips: 7, until: None };
        let runs = runs(plan, 4);
        let count = |fixture, kind| runs.iter().filter(|run| run.fixture == fixture && run.kind == kind).count();
        for fixture in 0..4 {
            assert_eq!((count(fixture, 0), count(fixture, 1)), (3, 7));
        }
        let met: Vec<usize> = runs.iter().filter(|run| run.kind == 0).map(|run| run.fixture).collect();
        assert_eq!(met, [1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0]);
    }
}
