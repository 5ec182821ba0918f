//! A signal or a full disk at each tenth of the way, and while the archive is written: a bundle, or exit 4 and nothing; never half a file. For the
//! program and for the script that it prints.
//!
//! The way is counted in runs of the made-up tools, and one of them does the harm; so nothing depends on how fast the machine is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test, with its place"
)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::site::{self, Run, Site, analyze, await_condition, rows};

/// Programs of the host whose runs are counted beside curl, etcdctl and journalctl.
const OF_THE_HOST: &[&str] = &["df", "ls", "ps", "ss", "date"];

const FLAGS: &[&str] = &["--interval", "0s"];

/// Shells in turn.
const SHELLS: [&[&str]; 2] = [&["dash"], &["busybox", "sh"]];

/// What fills the disk.
const FILL: &str = "cat /dev/zero >\"${RAN%/*}/out/fill\" 2>/dev/null";

/// What fills it but for some room: for what is still gathered, and not for the archive of a long log.
const NEARLY_FILL: &str = "fill=\"${RAN%/*}/out/fill\"; cat /dev/zero >\"$fill\" 2>/dev/null; size=$(wc -c <\"$fill\"); head -c $((size - 300000)) /dev/zero >\"$fill\"";

/// A log of some length whose packing takes a while: it does not compress well.
const LONG_LOG: &str = r#"case "$*" in
       *'-u etcd -r'*) head -c 700000 /dev/urandom | od -An -tx1 | sed 's/^/2026-11-22T10:00:01+0000 a etcd[9]: /';;
       *) echo '-- No entries --';;
     esac"#;

/// A healthy site whose tools count their runs, and one of which does something at a run of this number.
fn site(at: usize, does: &str) -> Site {
    let site = Site::healthy();
    for tool in OF_THE_HOST {
        site.tool(tool, &format!("exec /usr/bin/{tool} \"$@\""));
    }
    fs::write(site.home().join("each"), "echo run >>\"$RAN.runs\"\n").unwrap();
    then(&site, at, does);
    site
}

/// One of its tools does this as well, at a run of this number.
fn then(site: &Site, at: usize, does: &str) {
    let file = site.home().join("each");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(file, format!("{before}if [ \"$(wc -l <\"$RAN.runs\")\" -eq {at} ]; then {does}; fi\n")).unwrap();
}

/// How many runs of tools a whole collection has.
fn whole() -> usize {
    let site = site(0, ":");
    let run = site.collect(FLAGS);
    assert_eq!(run.code, 0, "{}", run.told());
    let runs = fs::read_to_string(site.ran().with_extension("runs")).unwrap().lines().count();
    assert!(runs > 20, "{runs} runs are too few for tenths");
    runs
}

/// The bundle holds what its manifest says, every row is told, and it can be read.
fn assert_whole(bundle: &Path, what: &str) {
    let inspected = site::run(&["inspect", "--hashes", &bundle.to_string_lossy()]);
    assert!(inspected.code == 0 && !inspected.stdout.contains("altered"), "{what}: {}", inspected.told());
    let diagnosis = analyze(bundle);
    assert_eq!(diagnosis["input"]["layout"], "bundle", "{what}");
    assert_eq!(diagnosis["coverage"]["unread"].as_array().map(Vec::len), Some(0), "{what}: {}", diagnosis["coverage"]);
}

#[test]
fn a_signal_at_any_tenth_of_the_way_ends_in_a_whole_bundle() {
    let whole = whole();
    for tenth in 1..10 {
        let signal = ["INT", "TERM", "HUP"][tenth % 3];
        let what = format!("SIG{signal} at {tenth}/10");
        let site = site((whole * tenth).div_ceil(10), &format!("kill -{signal} $PPID"));
        let run = site.collect(FLAGS);
        assert_eq!(run.code, 3, "{what}: {}", run.told());
        assert_eq!((site.entries_in_out(), site.leftovers()), (1, Vec::new()), "{what}");
        assert_whole(&site.bundle(), &what);
        let manifest = site.manifest();
        assert_eq!(manifest["ended_by"], "signal", "{what}");
        assert!(rows(&manifest).iter().all(|row| row["state"].is_string()), "{what}");
    }
}

#[test]
fn a_signal_while_the_archive_is_written_leaves_a_whole_one() {
    let site = site(0, ":");
    site.tool("journalctl", LONG_LOG);
    let child = site.command(site::URL, FLAGS).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    await_condition("an archive that is being written", || {
        assert!(site.entries_in_out() < 3);
        site.leftovers().iter().any(|name| name.ends_with(".partial"))
    });
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let run = Run::of(&child.wait_with_output().unwrap());
    assert!(matches!(run.code, 0 | 3), "{}", run.told());
    assert_eq!((site.entries_in_out(), site.leftovers()), (1, Vec::new()));
    assert_whole(&site.bundle(), "while it is written");
}

/// Runs a collection with its output on a small disk of its own; how it ended, and what is there then.
fn on_a_small_disk(site: &Site, collect: &Command) -> (Run, Vec<String>) {
    let saved = site.home().join("saved");
    fs::create_dir(&saved).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=16m none {out} || exit 99
         \"$@\"
         code=$?
         rm -f {out}/fill; cp -R {out}/. {saved}
         exit $code",
        out = site.out().display(),
        saved = saved.display(),
    );
    let mut command = Command::new("/usr/bin/unshare");
    command.args(["-rm", "sh", "-c", &script, "sh"]).arg(collect.get_program()).args(collect.get_args());
    command.env_clear().envs(collect.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
    command.current_dir(site.home());
    let run = Run::of(&command.output().unwrap());
    let mut left: Vec<String> =
        fs::read_dir(&saved).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    left.sort();
    (run, left)
}

/// A bundle that is whole, or exit 4, a path, and nothing.
fn assert_bundle_or_nothing(site: &Site, run: &Run, left: &[String], what: &str) {
    match (run.code, left) {
        (0 | 3, [name]) if name.ends_with(".tar.gz") => assert_whole(&site.home().join("saved").join(name), what),
        (4, []) => assert!(run.stderr.contains(&*site.out().to_string_lossy()), "{what}: {}", run.told()),
        _ => panic!("{what}: {left:?}, {}", run.told()),
    }
}

#[test]
#[ignore = "needs unshare: tests/run runs it"]
fn a_disk_that_fills_at_any_tenth_of_the_way_or_while_the_archive_is_written_leaves_a_whole_bundle_or_nothing() {
    let whole = whole();
    let (mut bundles, mut refusals) = (0, 0);
    for tenth in 1..10 {
        let at = (whole * tenth).div_ceil(10);
        let site = site(at, FILL);
        let (run, left) = on_a_small_disk(&site, &site.command(site::URL, FLAGS));
        assert_bundle_or_nothing(&site, &run, &left, &format!("at {tenth}/10"));
        bundles += left.len();
        refusals += usize::from(run.code == 4);
    }
    assert!(refusals > 4, "the disk was full: {bundles} bundles, {refusals} refusals");
    let site = site(whole, NEARLY_FILL);
    site.tool("journalctl", LONG_LOG);
    let (run, left) = on_a_small_disk(&site, &site.command(site::URL, FLAGS));
    assert_eq!((run.code, left.len()), (4, 0), "{left:?} {}", run.told());
    assert!(run.stderr.contains("packing"), "it came as far as that: {}", run.told());
    assert_bundle_or_nothing(&site, &run, &left, "while it is written");
}

/// The script, by a shell that first notes its number.
fn by_script(site: &Site, shell: &[&str]) -> Command {
    let script = site.script(FLAGS);
    let number = site.ran().with_extension("number");
    let note = format!("echo $$ >{}; exec \"$@\"", number.display());
    // Whoever started the tests may ignore signals, as nohup does; no shell can take that back.
    site.shell(&[&["/usr/bin/env", "--default-signal", "/bin/sh", "-c", &note, "sh"], shell].concat(), &script, &[])
}

/// How many runs of tools a whole script has.
fn whole_script() -> usize {
    let site = site(0, ":");
    let run = Run::of(&by_script(&site, SHELLS[0]).output().unwrap());
    assert_eq!(run.code, 0, "{}", run.told());
    let runs = fs::read_to_string(site.ran().with_extension("runs")).unwrap().lines().count();
    assert!(runs > 20, "{runs} runs are too few for tenths");
    runs
}

#[test]
fn a_signal_to_the_script_at_any_tenth_of_the_way_ends_in_a_whole_bundle() {
    let whole = whole_script();
    for tenth in 1..10 {
        let (signal, shell) = (["INT", "TERM", "HUP"][tenth % 3], SHELLS[tenth % 2]);
        let what = format!("SIG{signal} at {tenth}/10 of {shell:?}");
        let site = site((whole * tenth).div_ceil(10), &format!("kill -{signal} $(cat \"$RAN.number\")"));
        let run = Run::of(&by_script(&site, shell).output().unwrap());
        assert_eq!(run.code, 3, "{what}: {}", run.told());
        assert_eq!((site.entries_in_out(), site.leftovers()), (1, Vec::new()), "{what}");
        assert_whole(&site.bundle(), &what);
        let manifest = site.manifest();
        assert_eq!(manifest["ended_by"], "signal", "{what}");
        assert!(rows(&manifest).iter().all(|row| row["state"].is_string()), "{what}");
    }
}

#[test]
fn a_signal_to_the_script_while_the_archive_is_written_leaves_a_whole_one() {
    for shell in SHELLS {
        let site = site(0, ":");
        site.tool("journalctl", LONG_LOG);
        let child = by_script(&site, shell).spawn().unwrap();
        await_condition("an archive that is being written", || site.leftovers().iter().any(|name| name.ends_with(".partial")));
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let run = Run::of(&child.wait_with_output().unwrap());
        assert!(matches!(run.code, 0 | 3), "{}", run.told());
        assert_eq!((site.entries_in_out(), site.leftovers()), (1, Vec::new()), "{}", run.told());
        assert_whole(&site.bundle(), "while it is written");
    }
}

#[test]
#[ignore = "needs unshare: tests/run runs it"]
fn a_disk_that_fills_at_any_tenth_of_the_script_or_while_its_archive_is_written_leaves_a_whole_bundle_or_nothing() {
    let whole = whole_script();
    let (mut bundles, mut refusals) = (0, 0);
    for tenth in 1..10 {
        let (at, shell) = ((whole * tenth).div_ceil(10), SHELLS[tenth % 2]);
        let site = site(at, FILL);
        let (run, left) = on_a_small_disk(&site, &by_script(&site, shell));
        assert_bundle_or_nothing(&site, &run, &left, &format!("at {tenth}/10 of {shell:?}"));
        bundles += left.len();
        refusals += usize::from(run.code == 4);
    }
    assert!(refusals > 4, "the disk was full: {bundles} bundles, {refusals} refusals");
    for shell in SHELLS {
        let site = site(whole, NEARLY_FILL);
        site.tool("journalctl", LONG_LOG);
        let (run, left) = on_a_small_disk(&site, &by_script(&site, shell));
        assert_eq!((run.code, left.len()), (4, 0), "{shell:?}: {left:?} {}", run.told());
        assert_bundle_or_nothing(&site, &run, &left, "while it is written");
    }
}

/// What was written meanwhile is not whole, and nothing would tell.
#[test]
#[ignore = "needs unshare: tests/run runs it"]
fn a_disk_that_was_full_for_a_while_leaves_no_bundle_of_the_script() {
    let whole = whole_script();
    for shell in SHELLS {
        let site = site(whole / 2, FILL);
        then(&site, whole / 2 + 3, "rm -f \"${RAN%/*}/out/fill\"");
        let (run, left) = on_a_small_disk(&site, &by_script(&site, shell));
        assert_eq!((run.code, left.len()), (4, 0), "{shell:?}: {left:?} {}", run.told());
        assert_bundle_or_nothing(&site, &run, &left, "full for a while");
    }
}
