//! The pages for people say what is true: outputs are the program's, commands exist, fields are those of a manifest, links lead somewhere.

#![expect(clippy::disallowed_methods, reason = "the test reads pages and a bundle, and runs the program")]

use std::{fs, path::Path, process::Command};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    render,
    words::EN,
};

const PAGES: [&str; 7] = [
    "foreign-bundles.md",
    "on-site.md",
    "at-the-desk.md",
    "regression.md",
    "privacy.md",
    "how-a-diagnosis-is-reached.md",
    "bundle.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).expect("the page is there")
}

fn help(command: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_etcd-triage")).args([command, "--help"]).output().expect("the program starts");
    assert!(output.status.success(), "there is no command {command}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn each_output_of_the_walk_through_is_what_the_program_prints() {
    let input = Input::Path(root().join("fixtures/cloudos-wal-not-found"));
    let diagnosis = analyze::analyze(&[input], &Limits::default(), &EN).expect("the fixture is there");
    let mut out = anstream::StripStream::new(Vec::new());
    render::text::write(&diagnosis, &EN, 80, &mut out).expect("memory takes all");
    let report = String::from_utf8(out.into_inner()).expect("a report is UTF-8");
    let walk = page("how-a-diagnosis-is-reached.md");
    let blocks: Vec<&str> = walk.split("```text\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
    assert!(blocks.len() > 5, "the page shows outputs");
    for block in blocks {
        assert!(
            report.contains(block),
            "docs/how-a-diagnosis-is-reached.md shows what is not printed:\n{block}\n\nbut:\n{report}"
        );
    }
}

#[test]
fn every_command_and_flag_of_the_pages_exists() {
    for name in PAGES {
        let text = page(name);
        for typed in text.split("etcd-triage ").skip(1).map(|rest| rest.split(['`', '\n', '|']).next().unwrap_or_default()) {
            let mut words = typed.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ':']));
            let Some(command) = words.next().filter(|word| word.bytes().all(|b| b.is_ascii_lowercase())) else { continue };
            let help = help(command);
            for flag in words.filter(|word| word.starts_with("--")) {
                assert!(help.contains(flag), "docs/{name}: {command} has no {flag}");
            }
        }
    }
}

#[test]
fn every_link_of_the_pages_and_of_the_readme_leads_to_a_file() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let pages = PAGES.iter().map(|name| (root().join("docs"), page(name))).chain([(root().to_path_buf(), readme.clone())]);
    for (folder, text) in pages {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(target.contains("://") || folder.join(target).exists(), "{target} is not there");
        }
    }
    assert!(PAGES.iter().all(|name| readme.contains(&format!("docs/{name}"))), "the README links all pages");
}

#[test]
fn every_field_of_a_manifest_is_explained() {
    let file = fs::File::open(root().join("fixtures/lab-idle-3.5.1/input.tar.gz")).expect("the fixture is there");
    let mut archive = tar::Archive::new(flate2::read::MultiGzDecoder::new(file));
    let mut manifest = String::new();
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        if entry.path().expect("a path").ends_with("manifest.json") {
            std::io::Read::read_to_string(&mut entry, &mut manifest).expect("text");
            break;
        }
    }
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let rows = manifest["rows"].as_array().expect("rows");
    let fields =
        [&manifest, &manifest["cost"]].into_iter().chain(rows).filter_map(|value| value.as_object()).flat_map(|o| o.keys());
    let explained = page("bundle.md");
    for field in fields {
        assert!(explained.contains(&format!("`{field}`")), "docs/bundle.md does not explain {field}");
    }
}
