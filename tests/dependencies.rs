//! No crate that opens sockets, brings a runtime or builds C is linked into the program, and each dependency has its reason.

#![expect(clippy::disallowed_methods, reason = "a test of the manifest reads the manifest")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use toml::{Table, Value};

/// Crates that must not be in the program, each group with its reason. `*` stands for any end.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "opens sockets",
        &[
            "attohttpc",
            "awc",
            "curl",
            "curl-sys",
            "h2",
            "h3",
            "hickory-*",
            "http-body",
            "hyper",
            "hyper-*",
            "isahc",
            "minreq",
            "mio",
            "net2",
            "polling",
            "quinn",
            "quinn-*",
            "reqwest",
            "socket2",
            "surf",
            "tonic",
            "trust-dns-*",
            "tungstenite",
            "ureq",
            "ureq-*",
            "zmq",
            "zmq-sys",
        ],
    ),
    (
        "speaks TLS",
        &[
            "aws-lc-rs",
            "aws-lc-sys",
            "boring",
            "boring-sys",
            "native-tls",
            "openssl",
            "openssl-sys",
            "ring",
            "rustls",
            "rustls-*",
            "schannel",
        ],
    ),
    (
        "brings an async runtime",
        &[
            "actix-rt",
            "async-executor",
            "async-global-executor",
            "async-io",
            "async-std",
            "embassy-*",
            "glommio",
            "monoio",
            "smol",
            "tokio",
            "tokio-*",
        ],
    ),
    (
        "builds or binds C",
        &[
            "autotools",
            "bindgen",
            "bzip2-sys",
            "cc",
            "clang-sys",
            "cmake",
            "cxx",
            "cxx-build",
            "jemalloc-sys",
            "libgit2-sys",
            "libmimalloc-sys",
            "libsqlite3-sys",
            "libz-ng-sys",
            "libz-sys",
            "lz4-sys",
            "lzma-sys",
            "nasm-rs",
            "onig_sys",
            "pcre2-sys",
            "pkg-config",
            "tikv-jemalloc-sys",
            "vcpkg",
            "zstd-sys",
        ],
    ),
];

/// The first release of tar without the known ways to make it see other entries than other programs do (docs/dependencies.md).
const TAR: [u64; 3] = [0, 4, 46];

/// Crates with their version, and what they need: a name, or a name and a version.
type Lock = BTreeMap<(String, String), Vec<String>>;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_else(|e| format!("# {name}: {e}"))
}

fn table(text: &str) -> Table {
    text.parse().expect("Cargo.toml and Cargo.lock are TOML")
}

fn lock(text: &str) -> Lock {
    let packages = table(text).remove("package").and_then(|p| p.try_into::<Vec<Table>>().ok()).unwrap_or_default();
    let word = |package: &Table, key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let needs = |package: &Table| {
        let list = package.get("dependencies").and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    packages.iter().map(|p| ((word(p, "name"), word(p, "version")), needs(p))).collect()
}

/// Names of the crates that a manifest's tables of this kind ask for, those for single platforms too.
fn asked_for(manifest: &Table, kinds: &[&str]) -> BTreeSet<String> {
    let targets =
        manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let tables = std::iter::once(manifest).chain(targets);
    let lists = tables.flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()));
    let name = |(key, how): (&String, &Value)| how.get("package").and_then(Value::as_str).unwrap_or(key).to_owned();
    lists.flatten().map(name).collect()
}

/// Everything that the program is made of: each crate with the way that leads to it. Tests' crates are no part of it.
fn made_of(manifest: &Table, lock: &Lock) -> BTreeMap<(String, String), String> {
    let direct = asked_for(manifest, &["dependencies", "build-dependencies"]);
    let own = lock.iter().find(|((name, _), _)| name == "etcd-triage").map(|(_, needs)| needs.as_slice()).unwrap_or_default();
    let is_direct = |need: &&String| direct.contains(need.split(' ').next().unwrap_or_default());
    let mut open: Vec<(String, String)> = own.iter().filter(is_direct).map(|need| (need.clone(), "etcd-triage".into())).collect();
    let mut out = BTreeMap::new();
    while let Some((need, way)) = open.pop() {
        for (key, needs) in lock.iter().filter(|((name, version), _)| is_meant(&need, name, version)) {
            let way = format!("{way} → {}", key.0);
            if out.insert(key.clone(), way.clone()).is_none() {
                open.extend(needs.iter().map(|need| (need.clone(), way.clone())));
            }
        }
    }
    out
}

/// Whether `name`, `name version` or `name version (source)` means this crate.
fn is_meant(need: &str, name: &str, version: &str) -> bool {
    let mut words = need.split(' ');
    words.next() == Some(name) && words.next().is_none_or(|v| v == version)
}

fn is_like(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Which refused crates the program is made of.
fn refused(manifest: &Table, lock: &Lock) -> Vec<String> {
    let why =
        |name: &str| REFUSED.iter().find(|(_, names)| names.iter().any(|pattern| is_like(pattern, name))).map(|(why, _)| why);
    let said = |((name, version), way): ((String, String), String)| {
        let why = why(&name)?;
        Some(format!(
            "{name} {version} {why} and is linked by {way}: \
choose other features there, or another crate; there are no exceptions"
        ))
    };
    made_of(manifest, lock).into_iter().filter_map(said).collect()
}

/// Headings of crates below a heading of `docs/dependencies.md`.
fn headings(page: &str, section: &str) -> BTreeSet<String> {
    let body = page.split("\n## ").find(|part| part.split('\n').next() == Some(section)).unwrap_or_default();
    body.lines().filter_map(|line| line.strip_prefix("### ")).map(|name| name.trim().to_owned()).collect()
}

/// Dependencies without a reason, and reasons without a dependency.
fn unexplained(asked: &BTreeSet<String>, page: &str, section: &str) -> Vec<String> {
    let told = headings(page, section);
    let missing = asked.difference(&told).map(|name| {
        format!(
            "{name} has no heading: write `### {name}` below `## {section}` \
in docs/dependencies.md, with why it and which rivals were weighed"
        )
    });
    let stale = told.difference(asked).map(|name| {
        format!(
            "docs/dependencies.md explains {name} below `## {section}`, \
and Cargo.toml does not ask for it there: take the heading out"
        )
    });
    missing.chain(stale).collect()
}

/// Releases of tar that are too old.
fn old_tar(lock: &Lock) -> Vec<String> {
    let number = |version: &str| version.split(['.', '-', '+']).filter_map(|n| n.parse::<u64>().ok()).take(3).collect::<Vec<_>>();
    let versions = lock.keys().filter(|(name, _)| name == "tar").map(|(_, version)| version);
    versions
        .filter(|version| number(version).as_slice() < TAR.as_slice())
        .map(|version| format!("tar {version} is older than 0.4.46: run `cargo update -p tar`; docs/dependencies.md says why"))
        .collect()
}

/// Where JSON would keep the order of insertion: crates of the tests count, for features are joined when tests are built.
fn unsorted_json(lock: &Lock) -> Vec<String> {
    let is_unsorted = |((name, _), needs): &(&(String, String), &Vec<String>)| {
        name == "serde_json" && needs.iter().any(|need| is_like("indexmap*", need))
    };
    let say = |_| {
        "serde_json is built with `preserve_order`, and the id of a diagnosis rests on sorted keys: \
find the crate that asks for it with `cargo tree -e features -i serde_json`"
            .to_owned()
    };
    lock.iter().filter(is_unsorted).map(say).collect()
}

fn nothing_to_say(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n- {}\n", complaints.join("\n- "));
}

#[test]
fn the_program_is_made_of_nothing_that_opens_sockets_or_builds_c() {
    let (manifest, lock) = (table(&text("Cargo.toml")), lock(&text("Cargo.lock")));
    let all = made_of(&manifest, &lock);
    let direct = asked_for(&manifest, &["dependencies"]);
    assert!(
        direct.iter().all(|name| all.keys().any(|(n, _)| n == name)),
        "Cargo.lock is not of this Cargo.toml: run `cargo build`"
    );
    nothing_to_say(&refused(&manifest, &lock));
}

#[test]
fn each_dependency_has_its_reason() {
    let (manifest, page) = (table(&text("Cargo.toml")), text("docs/dependencies.md"));
    nothing_to_say(&unexplained(&asked_for(&manifest, &["dependencies", "build-dependencies"]), &page, "In the program"));
    nothing_to_say(&unexplained(&asked_for(&manifest, &["dev-dependencies"]), &page, "In the tests"));
}

#[test]
fn tar_sees_the_entries_that_other_programs_see() {
    let lock = lock(&text("Cargo.lock"));
    assert!(lock.keys().any(|(name, _)| name == "tar"), "tar is not in Cargo.lock: is this test still needed?");
    nothing_to_say(&old_tar(&lock));
}

#[test]
fn keys_of_json_are_sorted() {
    nothing_to_say(&unsorted_json(&lock(&text("Cargo.lock"))));
}

// The checks themselves: each is shown a made-up fault, and must see it.

const MANIFEST: &str = "[dependencies]\na = \"1\"\n[dev-dependencies]\nt = \"1\"\n";

fn made_up(needs_of_b: &str) -> Lock {
    lock(&format!(
        "[[package]]\nname = \"etcd-triage\"\nversion = \"0.1.0\"\ndependencies = [\"a\", \"t\"]\n\
         [[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b 2.0.0\"]\n\
         [[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"tokio\"]\n\
         [[package]]\nname = \"b\"\nversion = \"2.0.0\"\ndependencies = [{needs_of_b}]\n\
         [[package]]\nname = \"t\"\nversion = \"1.0.0\"\ndependencies = [\"tokio\"]\n\
         [[package]]\nname = \"tokio\"\nversion = \"1.0.0\"\n\
         [[package]]\nname = \"hickory-proto\"\nversion = \"1.0.0\"\n\
         [[package]]\nname = \"cc\"\nversion = \"1.0.0\"\n"
    ))
}

#[test]
fn a_refused_crate_is_found_however_deep_and_told_with_the_way_to_it() {
    for (needs, name, why) in [
        ("\"tokio\"", "tokio", "async runtime"),
        ("\"hickory-proto\"", "hickory-proto", "sockets"),
        ("\"cc\"", "cc", "builds or binds C"),
    ] {
        let said = refused(&table(MANIFEST), &made_up(needs));
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(name) && said[0].contains(why) && said[0].contains("etcd-triage → a → b → "), "{said:?}");
    }
}

#[test]
fn crates_of_tests_and_other_versions_do_not_count() {
    assert_eq!(refused(&table(MANIFEST), &made_up("")), Vec::<String>::new());
}

#[test]
fn crates_for_one_platform_for_building_and_under_another_name_count() {
    for manifest in [
        "[target.'cfg(windows)'.dependencies]\nt = \"1\"",
        "[build-dependencies]\nt = \"1\"",
        "[dependencies]\nother = { package = \"t\", version = \"1\" }",
    ] {
        assert_eq!(refused(&table(manifest), &made_up("")).len(), 1, "{manifest}");
    }
}

#[test]
fn a_dependency_without_a_reason_and_a_reason_without_a_dependency_are_told() {
    let asked = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
    let page = "# X\n\n## In the program\n\n### a\n\nWhy.\n\n### c\n\nWhy.\n\n## In the tests\n\n### b\n";
    let said = unexplained(&asked, page, "In the program");
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("b has no heading") && said[1].contains("explains c"), "{said:?}");
}

#[test]
fn an_old_tar_is_told() {
    let of = |version: &str| old_tar(&Lock::from([(("tar".to_owned(), version.to_owned()), vec![])]));
    assert_eq!((of("0.4.45").len(), of("0.3.99").len()), (1, 1));
    assert_eq!((of("0.4.46").len(), of("0.5.0").len(), of("1.0.0").len()), (0, 0, 0));
}

#[test]
fn json_in_the_order_of_insertion_is_told() {
    let of = |need: &str| unsorted_json(&Lock::from([(("serde_json".to_owned(), "1.0.0".to_owned()), vec![need.to_owned()])]));
    assert_eq!((of("indexmap").len(), of("indexmap 2.0.0").len(), of("itoa").len()), (1, 1, 0));
}
