//! Inputs that are too large to be kept, or that a repository cannot hold: made where the test runs.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::symlink,
    path::Path,
};

use flate2::{Compression, write::GzEncoder};

use super::{
    inputs::{GOOD, gzip},
    tarball::{Header, archive, blocks, end, file, long_name},
    within::entry,
    zipfile::{self, deflated},
};

/// Makes an input in a folder, and says how it is called.
type Maker = fn(&Path) -> &'static str;

/// Each by its name in `fixtures/hostile`.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("bomb-gzip", bomb_gzip),
    ("bomb-gzip-log", bomb_gzip_log),
    ("bomb-gzip-in-tar-gz", bomb_gzip_in_tar_gz),
    ("bomb-zip", bomb_zip),
    ("bomb-zip-shared-bytes", bomb_zip_shared_bytes),
    ("bomb-trailing-zeros", bomb_trailing_zeros),
    ("bomb-of-archives", bomb_of_archives),
    ("bomb-within-tar", bomb_within_tar),
    ("bomb-within-zip", bomb_within_zip),
    ("many-entries", many_entries),
    ("many-entries-within", many_entries_within),
    ("many-long-names", many_long_names),
    ("folder-of-traps", folder_of_traps),
];

const MIB: u64 = 1 << 20;

/// A stream that is written as it is made.
fn packed(at: &Path, name: &'static str, write: impl FnOnce(&mut GzEncoder<File>) -> io::Result<()>) -> &'static str {
    let mut out = GzEncoder::new(File::create(at.join(name)).expect("a file can be made"), Compression::best());
    write(&mut out).and_then(|()| out.finish().map(|_| ())).expect("the file can be written");
    name
}

fn zeros(bytes: u64) -> impl Read {
    io::repeat(0).take(bytes)
}

/// One line again and again.
fn lines(bytes: u64) -> Vec<u8> {
    GOOD.as_bytes().iter().copied().cycle().take(usize::try_from(bytes).expect("small")).collect()
}

/// 100 MiB of nothing in an archive of 100 KB.
fn bomb_gzip(at: &Path) -> &'static str {
    packed(at, "input.tar.gz", |out| {
        out.write_all(&file("db-1/etcd.log", GOOD))?;
        out.write_all(&Header::new("db-1/zeros.log", b'0', 100 * MIB).done())?;
        io::copy(&mut zeros(100 * MIB), out)?;
        out.write_all(&file("db-1/later.log", GOOD))?;
        out.write_all(&end())
    })
}

/// The same as a single log, of one line without end.
fn bomb_gzip_log(at: &Path) -> &'static str {
    packed(at, "input.log.gz", |out| {
        out.write_all(GOOD.as_bytes())?;
        io::copy(&mut io::repeat(b'a').take(100 * MIB), out).map(|_| ())
    })
}

/// Two layers: 100 MiB in 100 KB in 400 bytes.
fn bomb_gzip_in_tar_gz(at: &Path) -> &'static str {
    let mut inner = GzEncoder::new(Vec::new(), Compression::best());
    io::copy(&mut io::repeat(b'a').take(100 * MIB), &mut inner).expect("memory takes all");
    let inner = inner.finish().expect("memory takes all");
    packed(at, "input.tar.gz", |out| {
        out.write_all(&file("db-1/etcd.log", GOOD))?;
        out.write_all(&Header::new("db-1/deep.log.gz", b'0', inner.len() as u64).done())?;
        out.write_all(&blocks(&inner))?;
        out.write_all(&file("db-1/later.log", GOOD))?;
        out.write_all(&end())
    })
}

fn bomb_zip(at: &Path) -> &'static str {
    let zeros = vec![0; 100 << 20];
    let entries = [
        deflated("db-1/etcd.log", GOOD.as_bytes()),
        deflated("db-1/zeros.log", &zeros),
        deflated("db-1/later.log", GOOD.as_bytes()),
    ];
    fs::write(at.join("input.zip"), zipfile::archive(&entries, 0)).expect("the file can be written");
    "input.zip"
}

/// Thirty names for the same bytes.
fn bomb_zip_shared_bytes(at: &Path) -> &'static str {
    let kernel = deflated("db-1/0.log", &lines(MIB));
    let mut entries = vec![kernel.clone()];
    for number in 1..30 {
        let name = format!("db-1/{number}.log").into_bytes();
        let mut entry = zipfile::Entry { at: Some(0), ..kernel.clone() };
        entry = entry.with(|it| it.name.clone_from(&name));
        entry.content.clear();
        entries.push(entry);
    }
    fs::write(at.join("input.zip"), zipfile::archive(&entries, 0)).expect("the file can be written");
    "input.zip"
}

fn bomb_trailing_zeros(at: &Path) -> &'static str {
    packed(at, "input.tar.gz", |out| {
        out.write_all(&file("db-1/etcd.log", GOOD))?;
        io::copy(&mut zeros(100 * MIB), out).map(|_| ())
    })
}

/// Archives of 100 MiB of nothing beside a log, in a tar archive.
fn bomb_within_tar(at: &Path) -> &'static str {
    let mut inner = GzEncoder::new(Vec::new(), Compression::best());
    inner.write_all(&file("db-2/etcd.log", GOOD)).expect("memory takes all");
    inner.write_all(&Header::new("db-2/zeros.log", b'0', 100 * MIB).done()).expect("memory takes all");
    io::copy(&mut zeros(100 * MIB), &mut inner).expect("memory takes all");
    let inner = inner.finish().expect("memory takes all");
    let parts = [
        file("db-1/etcd.log", GOOD),
        entry("db-1/inner.tar.gz", &inner),
        entry("db-1/later.tar", &archive(&[file("db-3/etcd.log", GOOD)])),
    ];
    fs::write(at.join("input.tar"), archive(&parts)).expect("the file can be written");
    "input.tar"
}

/// The same as a zip in a zip, each packed.
fn bomb_within_zip(at: &Path) -> &'static str {
    let zeros = vec![0; 100 << 20];
    let inner = zipfile::archive(&[deflated("db-2/etcd.log", GOOD.as_bytes()), deflated("db-2/zeros.log", &zeros)], 0);
    let entries = [
        deflated("db-1/etcd.log", GOOD.as_bytes()),
        deflated("db-1/inner.zip", &inner),
        deflated("db-1/later.log", GOOD.as_bytes()),
    ];
    fs::write(at.join("input.zip"), zipfile::archive(&entries, 0)).expect("the file can be written");
    "input.zip"
}

/// 20 archives of 20 archives of a MiB of nothing each.
fn bomb_of_archives(at: &Path) -> &'static str {
    let twenty = |inner: &[u8]| {
        let entries: Vec<_> = (1..=20).map(|n| format!("db-1/{n:02}.zip")).collect();
        let entries: Vec<_> = entries.iter().map(|name| deflated(name, inner)).collect();
        zipfile::archive(&[entries, vec![deflated("db-1/etcd.log", GOOD.as_bytes())]].concat(), 0)
    };
    let innermost = zipfile::archive(&[deflated("db-2/zeros.log", &vec![0; 1 << 20])], 0);
    fs::write(at.join("input.zip"), twenty(&twenty(&innermost))).expect("the file can be written");
    "input.zip"
}

/// 120 000 entries in two archives, each of which has less.
fn many_entries_within(at: &Path) -> &'static str {
    let inner = |node: usize| {
        let headers = (0..60_000).map(|number| Header::new(&format!("db-{node}/{node}{number:06}"), b'0', 0).done());
        gzip(&archive(&[file(&format!("db-{node}/etcd.log"), GOOD), headers.collect::<Vec<_>>().concat()]))
    };
    let parts = [1, 2].map(|node| entry(&format!("ticket/{node}.tar.gz"), &inner(node)));
    fs::write(at.join("input.tar"), archive(&parts)).expect("the file can be written");
    "input.tar"
}

fn many_entries(at: &Path) -> &'static str {
    packed(at, "input.tar.gz", |out| {
        out.write_all(&file("db-1/etcd.log", GOOD))?;
        for number in 0..100_010 {
            out.write_all(&Header::new(&format!("db-1/{number:06}"), b'0', 0).done())?;
        }
        out.write_all(&end())
    })
}

fn many_long_names(at: &Path) -> &'static str {
    packed(at, "input.tar.gz", |out| {
        out.write_all(&file("db-1/etcd.log", GOOD))?;
        for number in 0..8600 {
            out.write_all(&long_name(&format!("db-1/{number:06}{}", "n".repeat(4000))))?;
            out.write_all(&Header::gnu("short", b'0', 0).done())?;
        }
        out.write_all(&end())
    })
}

/// What an archive may have left when it was unpacked: links out and in circles, a pipe that nobody writes to, a socket.
fn folder_of_traps(at: &Path) -> &'static str {
    let folder = at.join("input/db-1");
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::write(folder.join("etcd.log"), GOOD).expect("a file can be written");
    fs::write(folder.join("packed.log"), gzip(GOOD.as_bytes())).expect("a file can be written");
    symlink("/etc/passwd", folder.join("passwd.log")).expect("a link can be made");
    symlink("/dev/zero", folder.join("zero.log")).expect("a link can be made");
    symlink("..", folder.join("up")).expect("a link can be made");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, folder.join("pipe.log"), rustix::fs::FileType::Fifo, mode, 0)
        .expect("a pipe can be made");
    std::os::unix::net::UnixListener::bind(folder.join("socket.log")).expect("a socket can be made");
    "input"
}
