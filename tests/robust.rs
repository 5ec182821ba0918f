//! Whatever is cut off or altered, the answer is a diagnosis: no panic, no hang, no line that was not read.

#![expect(clippy::disallowed_methods, reason = "fixtures are read and damaged here, and the time is taken")]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "places are chosen within what is damaged; what was asked wrongly ends a test"
)]

#[path = "robust/damage.rs"]
mod damage;
#[path = "robust/every.rs"]
mod every;
#[path = "robust/peak.rs"]
mod peak;

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::{Duration, Instant},
};

use damage::{Chance, KINDS, damage};
use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    render,
    rules::RULES,
    words::EN,
};
use proptest::prelude::*;

/// All evidence of the pages' cases, and the first customer's paste: every parser's food.
static FOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let cases = RULES.iter().flat_map(|entry| &entry.page().cases).flat_map(|case| &case.files);
    let paste = include_bytes!("../fixtures/cloudos-wal-not-found/input.txt").to_vec();
    cases.map(|(_, text)| text.clone().into_bytes()).chain([paste]).collect()
});

fn survives(files: Vec<(String, Vec<u8>)>) {
    let texts: Vec<String> = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read");
    let mut text = Vec::new();
    render::text::write(&diagnosis, &EN, 80, &mut text).expect("memory takes all");
    let mut json = Vec::new();
    render::json::write(&diagnosis, &mut json).expect("memory takes all");
    render::html::write(&diagnosis, &EN, &mut Vec::new()).expect("memory takes all");
    render::markdown::write(&diagnosis, &EN, &mut Vec::new()).expect("memory takes all");
    for evidence in diagnosis.findings.iter().flat_map(|f| &f.evidence) {
        let place = evidence.quote.citation();
        let lines = texts.iter().filter_map(|text| text.lines().nth(usize::try_from(place.line() - 1).unwrap_or(usize::MAX)));
        let excerpt = evidence.quote.excerpt().raw().trim_end_matches('…').to_owned();
        assert!(
            lines.into_iter().any(|line| line.contains(&excerpt)),
            "{}:{} does not say {excerpt:?}",
            place.path(),
            place.line()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_anywhere(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let food = which.get(&FOOD);
        survives(vec![("nodes/a/file.txt".into(), food[..at.index(food.len().max(1)).min(food.len())].to_vec())]);
    }

    #[test]
    fn any_bytes_altered(which in any::<prop::sample::Index>(), at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut food = which.get(&FOOD).clone();
        for (at, byte) in at {
            let at = at.index(food.len());
            food[at] = byte;
        }
        survives(vec![("nodes/a/file.txt".into(), food)]);
    }

    #[test]
    fn lines_of_two_texts_mixed(a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(), take in any::<u64>()) {
        let (a, b) = (a.get(&FOOD), b.get(&FOOD));
        let lines = a.split(|c| *c == b'\n').zip(b.split(|c| *c == b'\n')).enumerate();
        let mixed: Vec<&[u8]> = lines.map(|(n, (a, b))| if take >> (n % 64) & 1 == 0 { a } else { b }).collect();
        survives(vec![("mixed.txt".into(), mixed.join(&b'\n'))]);
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,400}") {
        survives(vec![("any.txt".into(), text.into_bytes())]);
    }
}

/// How long the damaged fixtures are read, unless `ETCD_TRIAGE_FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 20;

/// How long all fixtures are cut and flipped in turn, unless `ETCD_TRIAGE_FUZZ_CUTS` or `ETCD_TRIAGE_FUZZ_FLIPS` says how often.
const EVERY_SECONDS: u64 = 10;

/// Nothing may take longer: the largest fixture takes some seconds where tests are not optimised and the machine is busy.
const LONGEST: Duration = Duration::from_secs(60);

/// Most memory that this process may have had, with all fixtures in it.
const MOST_MEMORY_KIB: u64 = 600 << 10;

/// Bytes of an entry that are damaged and read in one go.
const PART: usize = 6 << 10;

fn children(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|all| all.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

/// The files below a folder.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = children(folder).into_iter().partition(|path| path.is_dir());
    files.into_iter().chain(folders.iter().flat_map(|folder| parts(folder))).collect()
}

/// All inputs of fixtures, hostile ones too; of an input that is a folder, its files.
fn containers() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders: Vec<PathBuf> = [children(&root), children(&root.join("hostile"))].concat();
    let files = folders.iter().flat_map(|folder| [children(folder), parts(&folder.join("input"))].concat());
    let is_input = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        path.is_file() && (name.starts_with("input") || path.components().any(|part| part.as_os_str() == "input"))
    };
    let mut out: Vec<_> =
        files.filter(is_input).map(|path| (path.clone(), fs::read(path).expect("a fixture can be read"))).collect();
    out.sort();
    out
}

/// The entries of an archive by path; of what is no archive, the whole.
fn entries(path: &Path, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut plain = Vec::new();
    if flate2::read::MultiGzDecoder::new(bytes).take(64 << 20).read_to_end(&mut plain).is_err() {
        plain = bytes.to_vec();
    }
    let mut archive = tar::Archive::new(plain.as_slice());
    let mut out = Vec::new();
    for mut entry in archive.entries().into_iter().flatten().flatten().take(400) {
        let mut content = Vec::new();
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.by_ref().take(4 << 20).read_to_end(&mut content).is_ok() && !content.is_empty() {
            out.push((name, content));
        }
    }
    if out.is_empty() {
        out.push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), plain));
    }
    out
}

/// A few lines of an entry, from its beginning or from somewhere.
fn part_of(content: &[u8], chance: &mut Chance) -> Vec<u8> {
    let start = if chance.below(2) == 0 { 0 } else { chance.below(content.len()) };
    content[start..(start + PART).min(content.len())].to_vec()
}

fn answers(inputs: &[Input]) {
    // A refusal is an answer.
    let Ok(diagnosis) = analyze::analyze(inputs, &Limits::default(), &EN) else { return };
    render::json::write(&diagnosis, &mut Vec::new()).expect("memory takes all");
    render::text::write_all(&diagnosis, &EN, 80, &mut Vec::new()).expect("memory takes all");
}

fn asked(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn seed() -> u64 {
    let now = || std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
    asked("ETCD_TRIAGE_FUZZ_SEED").unwrap_or_else(now)
}

#[test]
fn every_fixture_cut_and_flipped_gets_an_answer_or_a_refusal() {
    let (cuts, flips) = (asked("ETCD_TRIAGE_FUZZ_CUTS"), asked("ETCD_TRIAGE_FUZZ_FLIPS"));
    let is_full = cuts.is_some() || flips.is_some();
    let seconds = asked("ETCD_TRIAGE_FUZZ_SECONDS").or((!is_full).then_some(EVERY_SECONDS));
    let begun = Instant::now();
    let plan = every::Plan {
        seed: seed(),
        cuts: cuts.unwrap_or(u64::from(!is_full)),
        flips: flips.unwrap_or(if is_full { 0 } else { 5 }),
        until: seconds.map(|seconds| begun + Duration::from_secs(seconds)),
    };
    let fixtures = containers();
    let done = every::every(plan, &fixtures, Path::new(env!("CARGO_TARGET_TMPDIR")));
    let (peak, [cut, flipped]) = (done.peak_kib, done.kinds);
    let took = begun.elapsed().as_secs();
    writeln_told(&format!(
        "ETCD_TRIAGE_FUZZ_SEED={}, {took} s: {cut} cut and {flipped} flipped, of {} fixtures ({} in all), each at least {} times; \
         {:?} at most, {} MiB at most; {} findings",
        plan.seed,
        done.fixtures,
        fixtures.len(),
        done.least,
        done.longest,
        peak >> 10,
        done.findings.len()
    ));
    assert!(done.findings.is_empty(), "ETCD_TRIAGE_FUZZ_SEED={}:\n{}", plan.seed, done.findings.join("\n"));
    assert!(cut + flipped > 0, "nothing was done");
    assert!(seconds.is_some() || done.least == plan.cuts + plan.flips, "{done:?} is less than was asked");
}

#[test]
fn damaged_fixtures_get_an_answer_or_a_refusal_in_time_and_in_bounded_memory() {
    let seconds = asked("ETCD_TRIAGE_FUZZ_SECONDS").unwrap_or(SECONDS);
    let seed = seed();
    let containers = containers();
    assert!(containers.len() > 200, "{} fixtures", containers.len());
    let home = tempfile::tempdir().expect("a folder can be made");
    let mut chance = Chance(seed);
    let begun = Instant::now();
    let mut done = [0_u64; KINDS.len()];
    let mut whole = 0_u64;
    let is_over = || begun.elapsed() >= Duration::from_secs(seconds);
    while !is_over() {
        let (path, bytes) = &containers[chance.below(containers.len())];
        let all = entries(path, bytes);
        // One whole archive, then parts of its entries, which are quick.
        for round in (0..100).take_while(|_| !is_over()) {
            let kind = usize::try_from(done.iter().sum::<u64>()).expect("a count") % KINDS.len();
            let before = chance.clone();
            let (input, what) = if round == 0 {
                let mut bytes = bytes.clone();
                let how = damage(&mut bytes, if kind == 4 { 0 } else { kind }, &mut chance);
                let file = home.path().join(path.file_name().unwrap_or_default());
                fs::write(&file, &bytes).expect("a file can be written");
                whole += 1;
                (Input::Path(file), format!("{} {how}", path.display()))
            } else {
                let (name, content) = &all[chance.below(all.len())];
                let mut part = part_of(content, &mut chance);
                let how = damage(&mut part, kind, &mut chance);
                (Input::Memory(vec![(name.clone(), part)]), format!("{name} of {} {how}", path.display()))
            };
            let started = Instant::now();
            let answered = std::panic::catch_unwind(|| answers(&[input]));
            let took = started.elapsed();
            assert!(answered.is_ok(), "ETCD_TRIAGE_FUZZ_SEED={seed}: it panicked on {what} ({:#x})", before.0);
            assert!(took < LONGEST, "ETCD_TRIAGE_FUZZ_SEED={seed}: {took:?} for {what}");
            done[kind] += 1;
        }
    }
    let peak = peak::kib();
    let counts: Vec<String> = KINDS.iter().zip(done).map(|(kind, n)| format!("{n} {kind}")).collect();
    writeln_told(&format!(
        "ETCD_TRIAGE_FUZZ_SEED={seed}, {seconds} s: {}; {whole} of them whole archives; {} MiB at most",
        counts.join(", "),
        peak >> 10
    ));
    assert!(done.iter().all(|n| *n > 0), "each kind of damage was done: {done:?}");
    assert!(peak < MOST_MEMORY_KIB, "{peak} KiB of memory, with ETCD_TRIAGE_FUZZ_SEED={seed}");
}

/// Tells what was done, in the log of the tests too, which catches what is printed otherwise.
fn writeln_told(words: &str) {
    use std::io::Write as _;
    // Nothing can be done about a closed stderr.
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}
