//! The inputs of `fixtures/hostile`, made here.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::{
    tarball::{Header, archive, blocks, end, file, link, long_name, pax},
    within,
    zipfile::{self, deflated, stored, unsized_until_its_end},
};

/// A line that is understood, in an entry that nothing is wrong with: it must be read whatever stands beside it.
pub(crate) const GOOD: &str = "Aug 28 09:36:01 db-1 etcd: open wal error: wal: file not found\n";
/// Another one, which tells of something else.
pub(crate) const OTHER: &str =
    "Aug 28 09:36:02 db-1 etcd: failed to send out heartbeat on time (exceeded the 100ms timeout for 1.2s)\n";

/// A record of zap's JSON, of which a page that lost its line ends has many in one line.
const RECORD: &str =
    r#"{"level":"warn","ts":"2026-08-28T09:36:02.000Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.2s"}"#;

/// A small input: the folder, the file's name, its bytes.
pub(crate) type Small = (&'static str, &'static str, Vec<u8>);

fn good() -> Vec<u8> {
    file("db-1/etcd.log", GOOD)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// All that are small enough to be kept.
pub(crate) fn small() -> Vec<Small> {
    [names(), tars(), zips(), within::small(), disguises(), texts()].concat()
}

fn names() -> Vec<Small> {
    let tar = |parts: &[Vec<u8>]| archive(&[&[good()], parts].concat());
    vec![
        ("name-leads-out", "input.tar", tar(&[file("../../etc/cron.d/etcd", OTHER), file("db-1/a/../../../b", OTHER)])),
        ("name-is-absolute", "input.tar", tar(&[file("/etc/passwd", OTHER), file("//etc/shadow", OTHER)])),
        ("name-is-empty", "input.tar", tar(&[file("./", OTHER), file("", OTHER)])),
        (
            "name-is-obeyed",
            "input.tar",
            tar(&[
                file("db-1/\u{1b}[2J\u{1b}]0;owned\u{7}.log", OTHER),
                file("db-1/gpj.\u{202e}gol", OTHER),
                file("db-1/a\nb: all is well", OTHER),
            ]),
        ),
        ("name-twice", "input.tar", tar(&[file("db-1/etcd.log", OTHER)])),
        ("name-twice-alike", "input.tar", tar(&[good(), good()])),
        ("name-differs-in-case", "input.tar", tar(&[file("db-1/ETCD.log", OTHER)])),
        (
            "name-is-file-and-folder",
            "input.tar",
            tar(&[file("db-1/etcd.log/inner.log", OTHER), {
                [file("db-1/x", OTHER), Header::new("db-1/x/", b'5', 0).done()].concat()
            }]),
        ),
        ("name-is-too-long", "input.tar", tar(&[long_name(&"a/".repeat(2500)), file("short", OTHER)])),
        (
            "link",
            "input.tar",
            tar(&[
                link("db-1/shadow", b'2', "/etc/shadow"),
                link("db-1/twin", b'1', "db-1/etcd.log"),
                link("db-1/up", b'2', ".."),
                file("db-1/up/etc/passwd", OTHER),
            ]),
        ),
        (
            "device",
            "input.tar",
            tar(&[
                Header::new("db-1/zero", b'3', 0).with(329, b"0000001\0").with(337, b"0000005\0").done(),
                Header::new("db-1/sda", b'4', 0).with(329, b"0000010\0").done(),
                Header::new("db-1/pipe", b'6', 0).done(),
                Header::new("db-1/volume", b'M', 0).done(),
            ]),
        ),
    ]
}

fn tars() -> Vec<Small> {
    let length = GOOD.len() as u64;
    let tar = |parts: &[Vec<u8>]| archive(&[&[good()], parts].concat());
    let huge = |kind| Header::new("db-1/huge.log", b'0', 1).with(124, kind).done();
    // Bytes 386 on list the parts of a file with holes: place and length; 483 has its whole length.
    let holes = |place: &str, whole: &str| {
        let header = Header::gnu("db-1/holes.log", b'S', length).with(386, format!("{place}\0").as_bytes());
        header.with(398, format!("{length:011o}\0").as_bytes()).with(483, format!("{whole}\0").as_bytes())
    };
    vec![
        ("pax-leads-out", "input.tar", tar(&[pax(b'x', &[("path", "../../etc/cron.d/etcd")]), file("db-1/innocent.log", OTHER)])),
        (
            "pax-length",
            "input.tar",
            tar(&[
                pax(b'x', &[("size", &OTHER.len().to_string())]),
                [Header::new("db-1/empty.log", b'0', 0).done(), blocks(OTHER.as_bytes())].concat(),
            ]),
        ),
        (
            "pax-twice",
            "input.tar",
            tar(&[pax(b'x', &[("path", "db-1/a.log"), ("path", "db-1/b.log")]), file("db-1/c.log", OTHER)]),
        ),
        ("pax-for-all", "input.tar", tar(&[pax(b'g', &[("path", "db-1/all.log"), ("size", "1")]), file("db-1/own.log", OTHER)])),
        (
            "pax-damaged",
            "input.tar",
            tar(&[
                [Header::new("pax", b'x', 20).done(), blocks(b"99 path=db-1/x.log\n\n")].concat(),
                file("db-1/plain.log", OTHER),
            ]),
        ),
        (
            "pax-holes",
            "input.tar",
            tar(&[
                pax(
                    b'x',
                    &[
                        ("GNU.sparse.major", "1"),
                        ("GNU.sparse.minor", "0"),
                        ("GNU.sparse.name", "db-1/holes.log"),
                        ("GNU.sparse.realsize", "999"),
                    ],
                ),
                file("db-1/GNUSparseFile.1/holes.log", OTHER),
            ]),
        ),
        ("pax-of-megabytes", "input.tar.gz", gzip(&tar(&[long_name(&"n".repeat(3 << 20)), file("short", OTHER)]))),
        ("holes", "input.tar", tar(&[[holes("00000001000", "00000001077").done(), blocks(GOOD.as_bytes())].concat()])),
        (
            "holes-of-gigabytes",
            "input.tar",
            tar(&[[holes("77777777000", "77777777077").done(), blocks(GOOD.as_bytes())].concat()]),
        ),
        ("tar-length-lies", "input.tar", [good(), huge(b"77777777777\0"), blocks(GOOD.as_bytes())].concat()),
        ("tar-length-impossible", "input.tar", tar(&[huge(&[0xff; 12]), blocks(GOOD.as_bytes())])),
        ("tar-cut-in-entry", "input.tar", [good(), file("db-1/cut.log", &OTHER.repeat(20))[..512 + 700].to_vec()].concat()),
        ("tar-cut-in-header", "input.tar", [good(), file("db-1/cut.log", OTHER)[..300].to_vec()].concat()),
        ("tar-without-end", "input.tar", good()),
        ("tar-header-damaged", "input.tar", {
            let mut bytes = tar(&[file("db-1/other.log", OTHER)]);
            bytes[1024 + 3] ^= 1;
            bytes
        }),
        ("tar-then-tar", "input.tar", [tar(&[]), archive(&[file("db-1/second.log", OTHER)])].concat()),
        ("tar-then-bytes", "input.tar", [tar(&[]), b"and so on".repeat(300)].concat()),
    ]
}

fn zips() -> Vec<Small> {
    let good = || deflated("db-1/etcd.log", GOOD.as_bytes());
    let zip = |others: &[zipfile::Entry]| zipfile::archive(&[&[good()], others].concat(), 0);
    let other = || deflated("db-1/other.log", OTHER.as_bytes());
    let whole = zip(&[other()]);
    let position = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|some| some == what).expect("it is there");
    let lines: String = (0..40).map(|n| OTHER.replace(":02 db-1", &format!(":{n:02} db-1"))).collect();
    let long = || deflated("db-1/long.log", lines.as_bytes());
    let cut_in_long = |bytes: Vec<u8>| {
        let end = position(&bytes, b"db-1/long.log") + b"db-1/long.log".len() + long().content.len() * 3 / 4;
        bytes[..end].to_vec()
    };
    let other_at = position(&whole, b"db-1/other.log") - 30;
    let directory = whole.windows(4).rposition(|four| four == b"PK\x01\x02").expect("there is a directory");
    vec![
        (
            "zip-name-leads-out",
            "input.zip",
            zip(&[stored("../../etc/cron.d/etcd", OTHER), stored("..\\..\\boot.ini", OTHER).with(|it| it.system = 0)]),
        ),
        ("zip-name-is-absolute", "input.zip", zip(&[stored("/etc/passwd", OTHER)])),
        ("zip-name-has-nul", "input.zip", zip(&[stored("db-1/a.log\0.png", OTHER)])),
        ("zip-backslashes", "input.zip", zip(&[stored("db-1\\other.log", OTHER).with(|it| it.system = 0)])),
        ("zip-name-twice", "input.zip", zip(&[deflated("db-1/etcd.log", OTHER.as_bytes())])),
        ("zip-link", "input.zip", zip(&[stored("db-1/shadow", "/etc/shadow").with(|it| it.mode = 0o120_777)])),
        ("zip-device", "input.zip", zip(&[stored("db-1/zero", "").with(|it| it.mode = 0o020_666)])),
        ("zip-two-names", "input.zip", zip(&[other().listed_with(|it| it.name = b"db-1/what.log".to_vec())])),
        (
            "zip-two-lengths",
            "input.zip",
            zip(&[stored("db-1/other.log", OTHER).listed_with(|it| (it.length, it.packed) = (10, 10))]),
        ),
        ("zip-two-methods", "input.zip", zip(&[stored("db-1/other.log", OTHER).listed_with(|it| it.method = 8)])),
        ("zip-two-sums", "input.zip", zip(&[other().listed_with(|it| it.crc32 ^= 1)])),
        ("zip-sum-wrong", "input.zip", zip(&[other().with(|it| it.crc32 ^= 1)])),
        (
            "zip-length-lies",
            "input.zip",
            zip(&[
                other().with(|it| it.length = 1),
                deflated("db-1/more.log", OTHER.as_bytes()).with(|it| it.length = u32::MAX - 1),
            ]),
        ),
        ("zip-shared-bytes", "input.zip", zip(&[zipfile::Entry { at: Some(0), ..other() }])),
        (
            "zip-place-lies",
            "input.zip",
            zip(&[
                zipfile::Entry { at: Some(7), ..other() },
                zipfile::Entry { at: Some(u32::MAX - 1), ..deflated("db-1/far.log", b"") },
            ]),
        ),
        ("zip-into-directory", "input.zip", zip(&[stored("db-1/long.log", OTHER).with(|it| it.packed = 100_000)])),
        (
            "zip-encrypted",
            "input.zip",
            zip(&[other().with(|it| it.flags = 1), deflated("db-1/aes.log", b"x").with(|it| it.method = 99)]),
        ),
        (
            "zip-other-methods",
            "input.zip",
            zip(&[
                other().with(|it| it.method = 14),
                deflated("db-1/64.log", b"x").with(|it| it.method = 9),
                deflated("db-1/new.log", b"x").with(|it| it.method = 200),
            ]),
        ),
        ("zip-unlisted", "input.zip", zip(&[zipfile::Entry { listed: None, ..stored("db-1/hidden.log", OTHER) }, other()])),
        ("zip-count-lies", "input.zip", zipfile::archive(&[good(), other()], 3)),
        ("zip-directory-damaged", "input.zip", {
            let mut bytes = whole.clone();
            bytes[directory] = b'Q';
            bytes
        }),
        ("zip-bytes-before", "input.zip", [b"#!/bin/sh\nunzip \"$0\"; exit\n".as_slice(), &whole].concat()),
        ("zip-bytes-behind", "input.zip", [whole.as_slice(), b"<html>and more</html>"].concat()),
        ("zip-cut-before-an-entry", "input.zip", whole[..20].to_vec()),
        ("zip-cut-before-end", "input.zip", whole[..whole.len() - 10].to_vec()),
        ("zip-cut-in-directory", "input.zip", whole[..directory + 8].to_vec()),
        ("zip-cut-in-entry", "input.zip", cut_in_long(zip(&[long()]))),
        ("zip-cut-in-stored-entry", "input.zip", zip(&[stored("db-1/long.log", &OTHER.repeat(9))])[..500].to_vec()),
        ("zip-cut-between-entries", "input.zip", whole[..other_at].to_vec()),
        ("zip-cut-sums-follow", "input.zip", {
            let entries = [unsized_until_its_end(good()), unsized_until_its_end(other()), unsized_until_its_end(long())];
            cut_in_long(zipfile::archive(&entries, 0))
        }),
        ("zip-cut-sums-wrong", "input.zip", {
            let mut bytes = zipfile::archive(&[unsized_until_its_end(other()), unsized_until_its_end(good())], 0);
            let sums = position(&bytes, b"PK\x07\x08");
            bytes[sums + 4] ^= 1;
            bytes.truncate(bytes.len() - 10);
            bytes
        }),
        ("zip-cut-length-unknown", "input.zip", {
            let entry = unsized_until_its_end(stored("db-1/other.log", OTHER));
            let bytes = zipfile::archive(&[good(), entry, good()], 0);
            bytes[..bytes.len() - 10].to_vec()
        }),
        (
            "zip-deflate-damaged",
            "input.zip",
            zip(&[{
                let mut entry = deflated("db-1/long.log", OTHER.repeat(9).as_bytes());
                entry.content[40] ^= 0xff;
                entry
            }]),
        ),
    ]
}

fn disguises() -> Vec<Small> {
    let html = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form action=/login>\
                <input name=password></form></body></html>\n";
    let packed = gzip(GOOD.repeat(3).as_bytes());
    vec![
        ("gzip-called-log", "input.log", packed.clone()),
        ("zip-called-tar-gz", "input.tar.gz", zipfile::archive(&[deflated("db-1/etcd.log", GOOD.as_bytes())], 0)),
        ("html-called-tar-gz", "input.tar.gz", html.as_bytes().to_vec()),
        ("text-called-zip", "input.zip", GOOD.as_bytes().to_vec()),
        ("empty", "input.tar.gz", Vec::new()),
        ("empty-archive", "input.tar.gz", gzip(&end())),
        ("gzip-cut", "input.log.gz", packed[..packed.len() - 12].to_vec()),
        ("gzip-sum-wrong", "input.tar.gz", {
            let mut bytes = gzip(&archive(&[good()]));
            let at = bytes.len() - 8;
            bytes[at] ^= 1;
            bytes
        }),
        ("gzip-then-bytes", "input.tar.gz", [gzip(&archive(&[good()])), b"trailing words".to_vec()].concat()),
        ("gzip-three-times", "input.log.gz", gzip(&gzip(&packed))),
        ("gzip-that-is-none", "input.tar.gz", [b"\x1f\x8b\x08\0".as_slice(), &[0xff; 60]].concat()),
        ("seven-zip", "input.7z", b"7z\xbc\xaf\x27\x1c\0\x04and so on".to_vec()),
    ]
}

fn texts() -> Vec<Small> {
    let tar = |name: &str, content: &str| archive(&[good(), file(name, content)]);
    let unclosed = r#"[{"Endpoint":"http://10.0.0.1:2379","Status":{"header":{"#;
    let deep = format!("{}{}", r#"[{"Endpoint":"#.repeat(20_000), "[".repeat(20_000));
    vec![
        ("json-deep", "input.tar.gz", gzip(&tar("db-1/endpoint-status.json", &deep))),
        ("json-without-end", "input.tar.gz", gzip(&tar("db-1/endpoint-status.json", &unclosed.repeat(2000)))),
        (
            "json-of-many-lines",
            "input.tar.gz",
            gzip(&tar("db-1/member-list.json", &format!("{{\"members\":[{}", "{\"ID\":1,\"name\":\"\n\"},".repeat(30_000)))),
        ),
        (
            "manifest-deep",
            "input.tar.gz",
            gzip(&tar("manifest.json", &format!("{{\"format\":\"etcd-triage/bundle/1.0\",\"rows\":{}", "[".repeat(100_000)))),
        ),
        ("line-of-megabytes", "input.log.gz", gzip(format!("{}\n{GOOD}", "x".repeat(9 << 20)).as_bytes())),
        ("line-of-records", "input.log.gz", gzip(format!("{GOOD}{}\n", RECORD.repeat(3000)).as_bytes())),
        ("nul-bytes", "input.log", [GOOD.as_bytes(), &[0; 5000], b"\n", GOOD.as_bytes()].concat()),
        ("number-of-megabytes", "input.log.gz", gzip(format!("{}{}\n{GOOD}", GOOD.trim_end(), "9".repeat(200_000)).as_bytes())),
    ]
}
