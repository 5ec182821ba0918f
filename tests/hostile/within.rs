//! Archives within archives.

use super::{
    inputs::{GOOD, OTHER, Small, gzip},
    tarball::{Header, archive, blocks, file},
    zipfile::{self, deflated},
};

/// A file of any bytes in a tar archive.
pub(crate) fn entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    [Header::new(name, b'0', bytes.len() as u64).done(), blocks(bytes)].concat()
}

/// The small ones.
pub(crate) fn small() -> Vec<Small> {
    let tar = |parts: &[Vec<u8>]| archive(&[&[file("db-1/etcd.log", GOOD)], parts].concat());
    let inner = archive(&[file("db-2/etcd.log", OTHER)]);
    let zipped =
        zipfile::archive(&[deflated("db-2/etcd.log", OTHER.as_bytes()), deflated("db-2/long.log", lines().as_bytes())], 0);
    let packed = gzip(&archive(&[file("db-2/etcd.log", OTHER), file("db-2/long.log", &lines())]));
    let leads_out = archive(&[file("../../etc/cron.d/etcd", OTHER), file("/etc/passwd", OTHER), file("db-2/etcd.log", OTHER)]);
    vec![
        ("tar-in-tar", "input.tar", tar(&[entry("db-1/inner.tar", &inner)])),
        ("tar-in-gzip-in-tar", "input.tar", tar(&[entry("db-1/inner.tar.gz", &gzip(&inner))])),
        (
            "zip-in-zip",
            "input.zip",
            zipfile::archive(&[deflated("db-1/etcd.log", GOOD.as_bytes()), deflated("db-1/inner.zip", &zipped)], 0),
        ),
        ("zip-in-tar", "input.tar.gz", gzip(&tar(&[entry("db-1/inner.zip", &zipped)]))),
        (
            "three-archives-deep",
            "input.zip",
            zipfile::archive(
                &[deflated(
                    "ticket/one.tar",
                    &tar(&[
                        entry("db-1/two.tar", &inner),
                        entry("db-1/two.tar.gz", &gzip(&inner)),
                        entry("db-1/two.zip", &zipped),
                        entry("db-1/two.log.gz", &gzip(OTHER.as_bytes())),
                    ]),
                )],
                0,
            ),
        ),
        (
            "four-archives-deep",
            "input.zip",
            zipfile::archive(
                &[deflated(
                    "ticket/one.tar",
                    &tar(&[
                        entry("db-1/two.tar", &archive(&[entry("db-2/three.tar", &inner)])),
                        entry(
                            "db-1/two.tar.gz",
                            &gzip(&archive(&[entry("db-2/three.tar.gz", &gzip(&inner)), file("db-2/etcd.log", OTHER)])),
                        ),
                        entry(
                            "db-1/two.zip",
                            &zipfile::archive(
                                &[deflated("db-2/three.zip", &zipped), deflated("db-2/etcd.log", OTHER.as_bytes())],
                                0,
                            ),
                        ),
                    ]),
                )],
                0,
            ),
        ),
        (
            "within-cut",
            "input.tar",
            tar(&[
                entry("db-1/inner.tar.gz", &packed[..packed.len() * 3 / 4]),
                entry("db-1/inner.zip", &zipped[..zipped.len() * 3 / 4]),
                entry("db-1/start.zip", &zipped[..20]),
            ]),
        ),
        ("within-leads-out", "input.tar", tar(&[entry("db-1/inner.tar", &leads_out)])),
        (
            "within-twice",
            "input.tar",
            tar(&[entry("db-1/inner.tar", &inner), entry("db-1/inner.tar", &archive(&[file("db-2/etcd.log", &lines())]))]),
        ),
        (
            "within-twice-alike",
            "input.tar",
            tar(&[
                entry("db-1/inner.tar", &inner),
                entry("db-1/inner.tar", &inner),
                entry("db-1/inner (1).tar.gz", &gzip(&inner)),
            ]),
        ),
    ]
}

/// Lines that differ, so that what packs them does not get small.
fn lines() -> String {
    (0..40).map(|n| OTHER.replace(":02 db-1", &format!(":{n:02} db-1"))).collect()
}
