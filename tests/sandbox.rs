//! From inside the sandbox: what was given can be read, and nothing else can be done. Each test confines a thread of its own.

#![expect(clippy::disallowed_methods, reason = "these tests try what the program never does")]

use std::{
    fs, io,
    net::{TcpStream, UdpSocket},
    os::unix::{fs::symlink, net::UnixStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use etcd_triage::sandbox::{Confinement, confine};
use tempfile::TempDir;

/// A folder with a file, and a file beside it.
struct Site {
    home: TempDir,
    given: PathBuf,
    other: PathBuf,
}

fn site() -> Site {
    let home = TempDir::new().expect("a folder can be made");
    let (given, other) = (home.path().join("given"), home.path().join("other.txt"));
    fs::create_dir(&given).expect("a folder can be made");
    fs::write(given.join("etcd.log"), "evidence").expect("a file can be written");
    fs::write(&other, "not for everybody").expect("a file can be written");
    symlink(&other, given.join("link")).expect("a link can be made");
    Site { home, given, other }
}

/// Does something in a thread that may read some paths alone.
fn confined<T: Send>(readable: &[PathBuf], what: impl FnOnce(Confinement) -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(|| what(confine(readable))).join().expect("the thread comes back"))
}

fn refused<T>(what: &str, result: io::Result<T>) {
    assert!(result.is_err(), "{what} was done");
    let Err(error) = result else { return };
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{what}: {error}");
}

#[test]
fn this_kernel_confines_in_full() {
    let lacks = confined(&[], |confinement| confinement.lacks);
    assert_eq!(lacks, Vec::<String>::new(), "the tests of the sandbox need a kernel with Landlock (5.13) and seccomp");
}

#[test]
fn what_was_given_can_be_read_with_what_lies_beneath_and_nothing_else() {
    let site = site();
    let (given, other) = (&site.given, &site.other);
    confined(std::slice::from_ref(given), |_| {
        assert_eq!(fs::read_to_string(given.join("etcd.log")).expect("it was given"), "evidence");
        assert_eq!(fs::read_dir(given).expect("it was given").count(), 2);
        refused("reading a file beside it", fs::read(other));
        refused("reading by a link out of it", fs::read(given.join("link")));
        refused("reading a file of the system", fs::read("/etc/passwd"));
        refused("reading a device", fs::File::open("/dev/zero"));
        refused("listing another folder", fs::read_dir("/"));
    });
    confined(&[given.join("etcd.log")], |_| {
        assert_eq!(fs::read_to_string(given.join("etcd.log")).expect("it was given"), "evidence");
        refused("listing the folder of a single file", fs::read_dir(given));
    });
}

#[test]
fn nothing_can_be_made_changed_or_taken_away() {
    let site = site();
    let (given, file) = (&site.given, site.given.join("etcd.log"));
    confined(&[site.home.path().to_owned()], |_| {
        refused("making a file", fs::write(given.join("new"), "x"));
        refused("writing a file", fs::OpenOptions::new().write(true).open(&file));
        refused("adding to a file", fs::OpenOptions::new().append(true).open(&file));
        refused("making a folder", fs::create_dir(given.join("folder")));
        refused("making a link", symlink("/etc/passwd", given.join("another")));
        refused("taking a file away", fs::remove_file(&file));
        refused("renaming a file", fs::rename(&file, given.join("renamed")));
        refused("changing who may read", fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o777)));
        refused("changing an owner", std::os::unix::fs::chown(&file, Some(0), Some(0)));
        refused("leaving the root", std::os::unix::fs::chroot(given));
    });
    assert_eq!(fs::read_to_string(file).expect("it is still there"), "evidence");
}

#[test]
fn there_is_no_network_and_no_other_program() {
    let signalled = rustix::process::getpid();
    confined(&[PathBuf::from("/")], |_| {
        refused("asking over UDP", UdpSocket::bind("127.0.0.1:0"));
        refused("asking over TCP", TcpStream::connect("127.0.0.1:9"));
        refused("asking a socket of this host", UnixStream::connect("/run/nobody.sock"));
        refused("two sockets of its own", UnixStream::pair());
        refused("starting a program", Command::new("/bin/true").status());
        refused("a signal", rustix::process::kill_process(signalled, rustix::process::Signal::CONT).map_err(io::Error::from));
        refused(
            "loosening a limit",
            rustix::process::setrlimit(rustix::process::Resource::Core, unlimited()).map_err(io::Error::from),
        );
    });
}

fn unlimited() -> rustix::process::Rlimit {
    rustix::process::Rlimit { current: None, maximum: None }
}

#[test]
fn threads_start_read_and_end_as_before() {
    let site = site();
    let file = site.given.join("etcd.log");
    let read = confined(std::slice::from_ref(&site.given), |_| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let file = file.clone();
                thread::Builder::new().name("reader".to_owned()).spawn(move || {
                    let mut large = vec![1_u8; 32 << 20];
                    large.extend(fs::read(file).expect("it was given"));
                    refused("reading out of a thread", fs::read("/etc/passwd"));
                    large.len()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.expect("a thread can be started").join().expect("it ends")).sum::<usize>()
    });
    assert_eq!(read, 8 * ((32 << 20) + "evidence".len()));
}

#[test]
fn no_core_is_left_and_memory_has_an_end() {
    use rustix::process::{Resource, getrlimit};
    confined(&[], |_| ());
    assert_eq!(getrlimit(Resource::Core).current, Some(0));
    assert!(getrlimit(Resource::As).maximum.is_some_and(|bytes| bytes <= 4 << 30));
}

#[test]
fn the_program_says_what_holds_and_answers_the_same_where_it_must_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cloudos-wal-not-found");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
        command.args(arguments).arg(&root).output().expect("the program can be started")
    };
    let plain = run(&["analyze", "--format", "json"]);
    assert!(plain.stderr.is_empty(), "{}", String::from_utf8_lossy(&plain.stderr));
    let strict = run(&["analyze", "--format", "json", "--require-sandbox", "-v"]);
    assert_eq!(plain.stdout, strict.stdout);
    let told = String::from_utf8_lossy(&strict.stderr);
    assert!(told.starts_with("confined: ") && told.contains("no network") && !told.contains("not confined"), "{told}");
    for command in ["inspect", "verify"] {
        assert_eq!(run(&[command, "--require-sandbox"]).status.code(), Some(0), "{command}");
    }
}

#[test]
fn an_output_that_is_there_stays_as_it_is_where_an_input_is_missing_and_none_is_made() {
    let home = TempDir::new().expect("a folder can be made");
    let (old, new) = (home.path().join("old.txt"), home.path().join("new.txt"));
    fs::write(&old, "an older report").expect("a file can be written");
    for output in [&old, &new] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
        let output = command.args(["analyze", "/nonexistent", "-o"]).arg(output).output().expect("the program can be started");
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(fs::read_to_string(&old).expect("it is there"), "an older report");
    assert!(!new.exists());
}
