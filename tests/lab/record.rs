//! Recordings: a scenario is played, the evidence is gathered on each node, and both become a fixture.

use std::{
    env, fs,
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

use crate::{
    dice::Dice,
    node::Node,
    program::said,
    scenarios::{SCENARIOS, Scenario},
    steps::Stage,
};

/// Where the program lies in a node, and where it leaves its bundle.
const PROGRAM: &str = "/tmp/etcd-triage";
const OUTPUT: &str = "/tmp/evidence";

/// Gathers the evidence of a node, and gives the bundle: a `.tar.gz` with one top folder.
pub(crate) type Gather = fn(&Node) -> Vec<u8>;

/// The built program: the one that is named, else the static one, as it goes to sites.
pub(crate) fn program() -> PathBuf {
    env::var_os("ETCD_TRIAGE_BIN").map_or_else(
        || {
            let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the build folder is above");
            target.join("x86_64-unknown-linux-gnu/release/etcd-triage")
        },
        PathBuf::from,
    )
}

/// Runs `etcd-triage collect` in the node; what it said, and the bundle that it left.
pub(crate) fn run_collect(node: &Node, flags: &[&str]) -> (Output, Vec<u8>) {
    let program = program();
    let binary = fs::read(&program)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo static` builds it, or set ETCD_TRIAGE_BIN", program.display()));
    node.write(PROGRAM, &binary);
    node.shell(&format!("chmod 0755 {PROGRAM}; rm -rf {OUTPUT}; mkdir -p {OUTPUT}"));
    let argv = [&[PROGRAM, "collect", "-o", OUTPUT], flags].concat();
    let output = node.run_within(&argv, &[], Duration::from_secs(90));
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", said(&argv, &output));
    let files = fs::read_dir(node.path(OUTPUT)).expect("the output folder is there");
    let bundles: Vec<PathBuf> = files.map(|entry| entry.expect("an entry can be read").path()).collect();
    let [bundle] = bundles.as_slice() else { panic!("one bundle should be there, not {bundles:?}") };
    let bundle = fs::read(bundle).expect("the bundle can be read");
    (output, bundle)
}

/// Gathers for a recording. Rows may be missing, for faults make some of them fail.
pub(crate) fn collect(node: &Node) -> Vec<u8> {
    run_collect(node, &["--interval", "2s"]).1
}

/// Puts the bundles into one archive, each in the top folder that it came with.
fn together(bundles: &[Vec<u8>]) -> Vec<u8> {
    let mut out = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for bundle in bundles {
        let mut bundle = tar::Archive::new(MultiGzDecoder::new(bundle.as_slice()));
        for entry in bundle.entries().expect("a bundle is an archive") {
            let mut entry = entry.expect("a bundle has whole entries");
            let path = entry.path().expect("an entry has a path").into_owned();
            let mut header = entry.header().clone();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("an entry can be read");
            out.append_data(&mut header, path, content.as_slice()).expect("an entry can be added");
        }
    }
    out.into_inner().and_then(GzEncoder::finish).expect("the archive can be ended")
}

/// Plays a scenario, and writes `input.tar.gz` and `provenance.md` below `fixtures/NAME`. An expectation that is there stays.
pub(crate) fn record(scenario: &Scenario, seed: u64, gather: Gather, fixtures: &Path) -> PathBuf {
    // Of the name too: else all scenarios would choose the same victim.
    let dice = Dice::new(seed ^ u64::from(crc32fast::hash(scenario.name.as_bytes())));
    let mut stage = Stage::set(scenario.plan, dice);
    (scenario.steps)(&mut stage);
    let mut bundles = Vec::new();
    for member in &stage.cluster.members {
        member.node.store_journal();
        stage.story.note(format!("the evidence of {} was gathered", member.node.name()));
        bundles.push(gather(&member.node));
    }
    let folder = fixtures.join(scenario.name);
    fs::create_dir_all(&folder).expect("a folder for the fixture can be made");
    let write = |name: &str, content: &[u8]| {
        let written = File::create(folder.join(name)).and_then(|mut file| file.write_all(content));
        written.expect("a file of the fixture can be written");
    };
    write("input.tar.gz", &together(&bundles));
    write("provenance.md", stage.story.provenance(scenario.name, scenario.about, seed, &stage.cluster).as_bytes());
    folder
}

/// The scenarios that a list of names, separated by commas, asks for; `all` are all.
pub(crate) fn named(names: &str) -> Vec<&'static Scenario> {
    if names == "all" {
        return SCENARIOS.iter().collect();
    }
    let find = |name: &str| {
        SCENARIOS.iter().find(|scenario| scenario.name == name).unwrap_or_else(|| {
            let known: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            panic!("there is no scenario {name}; there are {}", known.join(", "))
        })
    };
    names.split(',').map(|name| find(name.trim())).collect()
}

/// What a recording is asked for by the environment.
pub(crate) struct Wish {
    pub(crate) scenarios: Vec<&'static Scenario>,
    pub(crate) seed: u64,
}

/// `ETCD_TRIAGE_RECORD` has names or `all`, `ETCD_TRIAGE_SEED` a number.
pub(crate) fn wish() -> Option<Wish> {
    let names = env::var("ETCD_TRIAGE_RECORD").ok()?;
    let seed = env::var("ETCD_TRIAGE_SEED").map_or(1, |seed| seed.parse().expect("ETCD_TRIAGE_SEED is a number"));
    Some(Wish { scenarios: named(&names), seed })
}
