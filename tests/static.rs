//! The static binary, where customers run it: without a library, a tool, a network or room, and on kernels that lack what is new.
//! `cargo static` builds it first.

#![expect(clippy::disallowed_methods, reason = "these tests run the program in namespaces of their own")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

/// System calls younger than the kernels of 2014 (Linux 3.10 of RHEL 7): `getrandom` came with 3.17, `statx` with 4.11, the others with 4.5 to 5.9.
const YOUNG: &str = "statx,getrandom,openat2,close_range,pidfd_open,clone3,copy_file_range";

fn binary() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/x86_64-unknown-linux-gnu/release/etcd-triage");
    assert!(path.is_file(), "{} is missing: run `cargo static` first", path.display());
    path
}

fn run(program: &str, arguments: &[&str]) -> Output {
    let missing = format!("{program} is needed here and can be started");
    Command::new(program).args(arguments).output().expect(&missing)
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}

/// The only bundle in a folder.
fn bundle_in(folder: &std::path::Path) -> PathBuf {
    let names = fs::read_dir(folder).expect("the folder can be listed").map(|entry| entry.expect("an entry").path());
    let bundles: Vec<PathBuf> = names.filter(|path| path.extension().is_some_and(|e| e == "gz")).collect();
    assert_eq!(bundles.len(), 1, "{bundles:?}");
    bundles.into_iter().next().expect("one bundle")
}

/// What of the network is in a list of symbols: the way from a name to an address, and the call that reaches out. The C library may leave
/// `socket` in.
fn reaching_out(symbols: &str) -> Vec<&str> {
    let names = symbols.lines().filter_map(|line| line.split_whitespace().next_back());
    let is_one = |name: &&str| {
        let name = name.split('@').next().unwrap_or(name).trim_start_matches('_');
        matches!(name, "getaddrinfo" | "connect" | "libc_connect" | "gethostbyname" | "res_query" | "getnameinfo")
    };
    names.filter(is_one).collect()
}

#[test]
#[ignore = "needs the static binary and nm: tests/run runs it"]
fn it_has_no_way_to_look_up_a_name_or_to_connect() {
    let symbols = run("nm", &[&*binary().to_string_lossy()]);
    let symbols = String::from_utf8_lossy(&symbols.stdout).into_owned();
    assert!(symbols.lines().count() > 1000, "the release build keeps its symbols: {} were found", symbols.lines().count());
    assert_eq!(reaching_out(&symbols), Vec::<&str>::new(), "the program could reach out");
    let made_up = "0000 T main\n0001 W connect\n0002 T __libc_connect\n0003 T getaddrinfo@@GLIBC_2.2.5\n0004 t disconnect\n";
    assert_eq!(reaching_out(made_up), ["connect", "__libc_connect", "getaddrinfo@@GLIBC_2.2.5"]);
}

#[test]
#[ignore = "needs the static binary, unshare and chroot: tests/run runs it"]
fn on_a_host_without_any_tool_it_ends_with_a_bundle_that_says_so_and_another_such_host_reads_it_alike() {
    let root = tempfile::tempdir().unwrap();
    fs::copy(binary(), root.path().join("etcd-triage")).unwrap();
    let path = root.path().to_string_lossy().into_owned();
    let inside = |arguments: &[&str]| run("unshare", &[&["-rn", "chroot", &path, "/etcd-triage"], arguments].concat());
    let output = inside(&["collect", "--interval", "0s"]);
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let bundle = bundle_in(root.path());
    let here: Value = serde_json::from_slice(
        &run(&binary().to_string_lossy(), &["analyze", "--format", "json", &bundle.to_string_lossy()]).stdout,
    )
    .unwrap();
    let name = format!("/{}", bundle.file_name().unwrap().to_string_lossy());
    let there: Value = serde_json::from_slice(&inside(&["analyze", "--format", "json", &name]).stdout).unwrap();
    assert_eq!(here, there);
    assert!(String::from_utf8_lossy(&output.stdout).contains(here["id"].as_str().unwrap()), "{}", told(&output));
    let gaps = here["coverage"]["gaps"].to_string();
    assert!(gaps.contains("metrics/1.prom and 3 more (not found: there is no curl"), "{gaps}");
    // Every row is told, on the closing screen too.
    for program in ["curl", "etcdctl", "journalctl", "ps"] {
        assert!(told(&output).contains(&format!("there is no {program} in PATH")), "{}", told(&output));
    }
}

#[test]
#[ignore = "needs the static binary and strace: tests/run runs it"]
fn on_a_kernel_of_2014_it_ends_with_a_bundle() {
    let out = tempfile::tempdir().unwrap();
    let trace = out.path().join("trace");
    let inject = format!("inject={YOUNG}:error=ENOSYS");
    let (binary, folder) = (binary(), out.path().join("out"));
    fs::create_dir(&folder).unwrap();
    let output = run(
        "strace",
        &[
            "-f",
            "-qq",
            "-o",
            &trace.to_string_lossy(),
            "-e",
            &inject,
            &binary.to_string_lossy(),
            "collect",
            "--interval",
            "0s",
            "--endpoints",
            "http://127.0.0.1:1",
            "--data-dir",
            &folder.to_string_lossy(),
            "-o",
            &folder.to_string_lossy(),
        ],
    );
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let traced = fs::read_to_string(&trace).unwrap();
    let refused = traced.lines().filter(|line| line.contains("ENOSYS") && line.contains("INJECTED")).count();
    assert!(refused > 3, "the calls were refused: {refused}");
    let bundle = bundle_in(&folder);
    let output = run(&binary.to_string_lossy(), &["inspect", &bundle.to_string_lossy()]);
    assert!(told(&output).contains("host/mounts.txt"), "{}", told(&output));
}

#[test]
#[ignore = "needs the static binary and unshare: tests/run runs it"]
fn on_a_full_disk_it_names_the_path_and_leaves_nothing() {
    for (options, words) in
        [("size=96k", "its disk is nearly full"), ("nr_inodes=3", "No space left on device"), ("ro", "Read-only file system")]
    {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join("full");
        fs::create_dir(&folder).unwrap();
        let script = format!(
            "mount -t tmpfs -o {options} none {folder} || exit 99
             {binary} collect --interval 0s --endpoints http://127.0.0.1:1 --data-dir {folder} -o {folder}
             code=$?; ls -A {folder} >&3; exit $code",
            folder = folder.display(),
            binary = binary().display(),
        );
        let listing = out.path().join("listing");
        let output = run("unshare", &["-rm", "sh", "-c", &format!("exec 3>{}\n{script}", listing.display())]);
        assert_eq!(output.status.code(), Some(4), "{options}: {}", told(&output));
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        assert!(last.contains(words) && last.contains(&*folder.to_string_lossy()), "{options}: {last}");
        assert_eq!(fs::read_to_string(&listing).unwrap(), "", "{options}: nothing is left");
    }
}
