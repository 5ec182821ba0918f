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
    cluster::Member,
    dice::Dice,
    node::Node,
    program::{run, said},
    scenarios::{Recording, all},
    stage::Stage,
};

/// Where the program lies in a node, and where it leaves its bundle.
pub(crate) const PROGRAM: &str = "/tmp/etcd-triage";
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
pub(crate) fn record(recording: &Recording, seed: u64, gather: Gather, fixtures: &Path) -> PathBuf {
    let name = recording.name();
    // Of the name too: else all scenarios would choose the same victim.
    let dice = Dice::new(seed ^ u64::from(crc32fast::hash(name.as_bytes())));
    let mut stage = Stage::set(recording.plan, dice);
    (recording.scenario.steps)(&mut stage);
    let mut bundles = Vec::new();
    for member in &stage.cluster.members {
        member.node.store_journal();
    }
    look_on(&name, &stage);
    for member in &stage.cluster.members {
        stage.story.note(format!("the evidence of {} was gathered", member.node.name()));
        bundles.push(gather(&member.node));
    }
    let folder = fixtures.join(&name);
    fs::create_dir_all(&folder).expect("a folder for the fixture can be made");
    let write = |name: &str, content: &[u8]| {
        let written = File::create(folder.join(name)).and_then(|mut file| file.write_all(content));
        written.expect("a file of the fixture can be written");
    };
    write("input.tar.gz", &together(&bundles));
    write("provenance.md", stage.story.provenance(&name, recording.scenario.about, seed, &stage.cluster).as_bytes());
    folder
}

/// Lets a script of somebody's own look at the cluster before the evidence is gathered, where `ETCD_TRIAGE_LOOK_ON` names one: its
/// arguments are the recording's name, then name, address and first process of each node.
fn look_on(name: &str, stage: &Stage) {
    let Some(script) = env::var_os("ETCD_TRIAGE_LOOK_ON") else { return };
    let script = script.to_string_lossy().into_owned();
    let node = |member: &Member| {
        [member.node.name().to_owned(), member.node.address().to_string(), member.node.first_process().to_owned()]
    };
    let nodes: Vec<String> = stage.cluster.members.iter().flat_map(node).collect();
    let argv: Vec<&str> = [&*script, name].into_iter().chain(nodes.iter().map(String::as_str)).collect();
    let output = run(&argv, &[], Vec::new(), Duration::from_secs(180));
    assert!(output.status.success(), "{}", said(&argv, &output));
}

/// The recordings that a list of names, separated by commas, asks for; `all` are all.
pub(crate) fn named(names: &str) -> Vec<Recording> {
    if names == "all" {
        return all();
    }
    let find = |name: &str| {
        all().into_iter().find(|recording| recording.name() == name).unwrap_or_else(|| {
            let known: Vec<String> = all().iter().map(Recording::name).collect();
            panic!("there is no scenario {name}; there are {}", known.join(", "))
        })
    };
    names.split(',').map(|name| find(name.trim())).collect()
}

/// What a recording is asked for by the environment.
pub(crate) struct Wish {
    pub(crate) recordings: Vec<Recording>,
    pub(crate) seed: u64,
    /// The folder that gets them.
    pub(crate) into: PathBuf,
}

/// `ETCD_TRIAGE_RECORD` has names or `all`, `ETCD_TRIAGE_SEED` a number, `ETCD_TRIAGE_INTO` another folder than `fixtures`.
pub(crate) fn wish() -> Option<Wish> {
    let names = env::var("ETCD_TRIAGE_RECORD").ok()?;
    let seed = env::var("ETCD_TRIAGE_SEED").map_or(1, |seed| seed.parse().expect("ETCD_TRIAGE_SEED is a number"));
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let into = env::var_os("ETCD_TRIAGE_INTO").map_or(fixtures, PathBuf::from);
    Some(Wish { recordings: named(&names), seed, into })
}
