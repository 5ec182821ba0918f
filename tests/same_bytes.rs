//! Equal evidence gives equal bytes: as a folder or an archive, in any order, under any name, in any zone, locale and width.

#![expect(clippy::disallowed_methods, reason = "this test makes archives, and runs the program on them")]

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Command,
};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits, Meter},
    render,
    words::EN,
};
use tempfile::TempDir;
use zip::CompressionMethod;

mod archives;

use archives::{Files, folder, gzip, tar, zip};

fn evidence() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cloudos-wal-not-found-files/input")
}

/// The files of the fixture, in the order of names.
fn files() -> Files {
    let entries = fs::read_dir(evidence()).expect("the folder fixtures/cloudos-wal-not-found-files/input can be listed");
    let mut out: Files = entries
        .map(|entry| entry.expect("an entry of the fixture can be read"))
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file of the fixture can be read"))
        })
        .collect();
    out.sort();
    assert!(out.len() > 1, "the fixture should hold several files, or their order shows nothing");
    out
}

fn reversed(mut files: Files) -> Files {
    files.reverse();
    files
}

fn below(top: &str, files: Files) -> Files {
    files.into_iter().map(|(path, content)| (format!("{top}{path}"), content)).collect()
}

/// Compressed by the usual program, which `tests/run` installs.
fn packed_by(program: &str, bytes: &[u8]) -> Vec<u8> {
    let at = TempDir::new().expect("a folder for temporary files can be made");
    let input = written(&at, "x", bytes);
    let output =
        Command::new(program).arg("-c").arg(input).output().expect("xz, zstd and bzip2 are installed: tests/run does it");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn written(at: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = at.path().join(name);
    File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("an archive can be written");
    path
}

/// What the program prints, and how it ends.
fn analysed(input: &Path, format: &str, environment: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etcd-triage"));
    command.args(["analyze", "--format", format]).arg(input).envs(environment.iter().copied());
    let output = command.output().expect("the program can be started");
    assert!(output.stderr.is_empty(), "the program complains: {}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

#[test]
fn a_folder_and_each_archive_of_it_say_the_same() {
    let at = TempDir::new().unwrap();
    let expected = analysed(&evidence(), "json", &[]);
    assert!(expected.0.contains("\"schema\": \"etcd-triage/diagnosis/1\""), "{}", expected.0);
    let plain = files();
    let inside = below("another-name_20260102/", plain.clone());
    let crooked = below("./x//", reversed(plain.clone()));
    let (stored, deflated) = (CompressionMethod::Stored, CompressionMethod::Deflated);
    for (what, path) in [
        ("the same files in another folder", folder(&at.path().join("copy"), &plain)),
        ("a folder with one folder in it", folder(&at.path().join("deep"), &inside)),
        ("tar", written(&at, "a.tar", &tar(&plain))),
        ("tar with a top folder", written(&at, "b.tar", &tar(&inside))),
        ("tar in another order", written(&at, "c.tar", &tar(&reversed(plain.clone())))),
        ("tar with odd paths", written(&at, "d.tar", &tar(&crooked))),
        ("tar.gz", written(&at, "e.tar.gz", &gzip(&tar(&plain)))),
        ("tar.gz with a top folder, in another order, under a name without an end", {
            written(&at, "bundle from site 7", &gzip(&tar(&reversed(inside.clone()))))
        }),
        ("tar.xz", written(&at, "a.tar.xz", &packed_by("xz", &tar(&plain)))),
        ("tar.zst", written(&at, "a.tar.zst", &packed_by("zstd", &tar(&plain)))),
        ("tar.bz2", written(&at, "a.tar.bz2", &packed_by("bzip2", &tar(&inside)))),
        ("tar with compressed files in it", {
            let name = |(path, content): (String, Vec<u8>)| (path, packed_by("xz", &content));
            let mut files: Files = plain.iter().cloned().map(name).collect();
            files.sort();
            // Their lengths and sums are others, and with them the digest; what they say is the same.
            let path = written(&at, "packed.tar", &tar(&files));
            let (got, exit) = analysed(&path, "text", &[]);
            assert_eq!((got, exit), analysed(&evidence(), "text", &[]), "compressed files");
            written(&at, "i.tar", &tar(&plain))
        }),
        ("zip", written(&at, "f.zip", &zip(&plain, deflated))),
        ("zip with a top folder", written(&at, "g.zip", &zip(&inside, deflated))),
        ("zip in another order, stored, under another name", written(&at, "h.dat", &zip(&reversed(plain.clone()), stored))),
    ] {
        let got = analysed(&path, "json", &[]);
        assert!(got == expected, "{what} does not say what the folder says:\n{}\n---\n{}", got.0, expected.0);
    }
}

/// The files of a recorded cluster, in the order of its archive.
fn recorded() -> Files {
    let file = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lab-one-member-3.5.16/input.tar.gz"));
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(file.expect("the fixture is there")));
    let mut files = Files::new();
    for entry in archive.entries().expect("the fixture can be read") {
        let mut entry = entry.expect("an entry can be read");
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("an entry can be read");
        if entry.header().entry_type().is_file() {
            files.push((path, content));
        }
    }
    assert!(files.len() > 10, "{}", files.len());
    files
}

/// The same files in another order for each number.
fn shuffled(mut files: Files, number: usize) -> Files {
    files.sort_by_key(|(path, _)| crc32fast::hash(format!("{number} {path}").as_bytes()));
    files
}

#[test]
fn a_recorded_bundle_says_the_same_in_any_order_of_its_entries_and_in_any_form() {
    let at = TempDir::new().unwrap();
    let files = recorded();
    let expected = analysed(&folder(&at.path().join("folder"), &files), "json", &[]);
    assert!(expected.0.contains("\"layout\": \"bundle\""), "{}", expected.0);
    let orders: Vec<Files> = (1..=4).map(|number| shuffled(files.clone(), number)).collect();
    assert_ne!(orders[0], orders[1]);
    for (what, path) in [
        ("tar", written(&at, "a.tar", &tar(&orders[0]))),
        ("tar.gz", written(&at, "b.tar.gz", &gzip(&tar(&orders[1])))),
        ("zip", written(&at, "c.zip", &zip(&orders[2], CompressionMethod::Deflated))),
        ("tar.xz", written(&at, "d.tar.xz", &packed_by("xz", &tar(&orders[3])))),
    ] {
        assert!(analysed(&path, "json", &[]) == expected, "{what} in another order does not say what the folder says");
    }
}

/// The same files as a ticket: an archive for each of three parts of them, in three forms, beside a text.
fn ticket(files: &Files) -> Files {
    let part = |n: usize| -> Files { files.iter().skip(n).step_by(3).cloned().collect() };
    vec![
        ("ticket/a.tar.gz".into(), gzip(&tar(&part(0)))),
        ("ticket/b.zip".into(), zip(&part(1), CompressionMethod::Deflated)),
        ("ticket/c.tar".into(), tar(&part(2))),
        ("ticket/note.txt".into(), b"etcd is slow since the morning\n".to_vec()),
    ]
}

#[test]
fn archives_within_say_the_same_in_any_form_and_order_of_what_is_around_them() {
    let at = TempDir::new().unwrap();
    let files = ticket(&recorded());
    let expected = analysed(&folder(&at.path().join("folder"), &files), "json", &[]);
    assert!(expected.0.contains("\"path\": \"b.zip/"), "{}", expected.0);
    let turned = reversed(files.clone());
    for (what, path) in [
        ("tar", written(&at, "a.tar", &tar(&turned))),
        ("tar.gz", written(&at, "b.tar.gz", &gzip(&tar(&files)))),
        ("tar.xz", written(&at, "d.tar.xz", &packed_by("xz", &tar(&turned)))),
        ("tar.zst", written(&at, "e.tar.zst", &packed_by("zstd", &tar(&files)))),
        ("zip", written(&at, "c.zip", &zip(&files, CompressionMethod::Deflated))),
        ("zip in another order, stored", written(&at, "f.zip", &zip(&turned, CompressionMethod::Stored))),
    ] {
        assert!(analysed(&path, "json", &[]) == expected, "{what} does not say what the folder says");
    }
}

#[test]
fn however_many_threads_read_archives_within_it_says_the_same() {
    let at = TempDir::new().unwrap();
    let recorded = recorded();
    let files = ticket(&recorded);
    let inputs = [
        folder(&at.path().join("folder"), &files),
        written(&at, "a.zip", &zip(&files, CompressionMethod::Deflated)),
        written(&at, "b.zip", &zip(&reversed(files.clone()), CompressionMethod::Stored)),
    ];
    let bytes: usize = recorded.iter().map(|(_, content)| content.len()).sum();
    let half = u64::try_from(bytes / 2).expect("some megabytes");
    let whole = diagnosed(&inputs[0], &Limits::default());
    let limits = [
        (Limits::default(), false),
        (Limits { total_bytes: half, ..Limits::default() }, true),
        (Limits { ratio: 2, free_bytes: half, ..Limits::default() }, true),
        (Limits { entries: recorded.len() * 2 / 3, ..Limits::default() }, true),
        (Limits { paths_bytes: recorded.iter().map(|(path, _)| path.len()).sum::<usize>() / 2, ..Limits::default() }, true),
    ];
    for (input, (limits, is_cut)) in inputs.iter().flat_map(|input| limits.iter().map(move |limits| (input, limits))) {
        let [one, two, eight] = [1, 2, 8].map(|threads| diagnosed(input, &Limits { threads, ..limits.clone() }));
        assert!(one == two && one == eight, "{} under {limits:?}", input.display());
        assert_eq!(one != whole, *is_cut, "{} under {limits:?}", input.display());
        assert_eq!(one.contains("the rest was not read"), *is_cut, "{} under {limits:?}: {one}", input.display());
    }
}

/// The diagnosis as JSON, read under these limits.
fn diagnosed(input: &Path, limits: &Limits) -> String {
    let limits = Limits { meter: Meter::default(), ..limits.clone() };
    let input = Input::Path(input.to_owned());
    let diagnosis = analyze::analyze(std::slice::from_ref(&input), &limits, &EN).expect("the input can be opened");
    // Who watches is told of no more bytes than there are, also where entries are read a second time.
    if let Input::Path(path) = &input
        && path.is_dir()
    {
        assert!(Some(limits.meter.bytes()) <= input.bytes(), "{} of {:?} bytes", limits.meter.bytes(), input.bytes());
    }
    let mut out = Vec::new();
    render::json::write(&diagnosis, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[test]
fn however_many_threads_read_it_says_the_same() {
    let at = TempDir::new().unwrap();
    let files = recorded();
    let inputs = [
        folder(&at.path().join("folder"), &files),
        written(&at, "a.zip", &zip(&files, CompressionMethod::Deflated)),
        written(&at, "b.zip", &zip(&shuffled(files.clone(), 5), CompressionMethod::Stored)),
        written(&at, "c.tar.gz", &gzip(&tar(&files))),
    ];
    let whole = diagnosed(&inputs[0], &Limits::default());
    assert!(whole.contains("\"layout\": \"bundle\""), "{whole}");
    let bytes: usize = files.iter().map(|(_, content)| content.len()).sum();
    let half = u64::try_from(bytes / 2).expect("some megabytes");
    for input in &inputs {
        let seen = [1, 2, 8].map(|threads| diagnosed(input, &Limits { threads, ..Limits::default() }));
        assert!(seen.iter().all(|seen| *seen == whole), "{}", input.display());
        // What a limit cuts off is the same as well.
        for limits in
            [Limits { total_bytes: half, ..Limits::default() }, Limits { ratio: 2, free_bytes: half, ..Limits::default() }]
        {
            let [one, two, eight] = [1, 2, 8].map(|threads| diagnosed(input, &Limits { threads, ..limits.clone() }));
            let is_cut = one.contains("the rest was not read") || one.contains("read in part");
            let can_be_cut =
                limits.total_bytes == half || input.extension().is_some_and(|kind| kind == "gz") || input.ends_with("a.zip");
            assert_eq!(is_cut, can_be_cut, "{}: {one}", input.display());
            assert!(one == two && one == eight, "{} under a limit", input.display());
        }
    }
}

#[test]
fn reports_for_people_are_the_same_from_a_folder_and_from_archives() {
    let at = TempDir::new().unwrap();
    let inside = below("another-name_20260102/", files());
    let archives = [
        written(&at, "a.tar.gz", &gzip(&tar(&reversed(inside.clone())))),
        written(&at, "b.zip", &zip(&inside, CompressionMethod::Deflated)),
    ];
    for format in ["html", "markdown", "text"] {
        let expected = analysed(&evidence(), format, &[]);
        for archive in &archives {
            assert!(
                analysed(archive, format, &[]) == expected,
                "{format} of {} differs from that of the folder",
                archive.display()
            );
        }
    }
}

#[test]
fn zone_locale_width_and_colours_change_nothing() {
    for format in ["json", "text", "html", "markdown"] {
        let expected = analysed(&evidence(), format, &[("TZ", "UTC"), ("LC_ALL", "C")]);
        for environment in [
            &[("TZ", "Pacific/Kiritimati")][..],
            &[("TZ", "America/St_Johns"), ("LANG", "zh_CN.UTF-8")],
            &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")],
            &[("COLUMNS", "40"), ("LINES", "5")],
            &[("TERM", "dumb"), ("NO_COLOR", "1")],
            &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
            &[("HOME", "/nonexistent"), ("RUST_BACKTRACE", "1")],
        ] {
            assert_eq!(analysed(&evidence(), format, environment), expected, "{environment:?}");
        }
    }
}

#[test]
fn a_second_run_says_the_same() {
    assert_eq!(analysed(&evidence(), "json", &[]), analysed(&evidence(), "json", &[]));
}

#[test]
fn other_evidence_says_something_else() {
    let at = TempDir::new().unwrap();
    let mut changed = files();
    changed[0].1.extend_from_slice(b"one more line\n");
    assert_ne!(analysed(&folder(at.path(), &changed), "json", &[]), analysed(&evidence(), "json", &[]));
}
