//! Pairs of faults that look alike: the same evidence, and one line that decides between them.

mod certificates;
mod data;
mod evidence;
mod network;
mod quorum;
mod slow;
mod start;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    words::EN,
};

/// Evidence, and lines of which each makes another fault of it. A line goes to the end of the first file; one that begins with a path
/// and ` <- ` is a file of its own.
struct Pair {
    about: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Line and the verdict's primary, `none` where it cannot be told; behind `@` the members of that finding, where they matter.
    lines: &'static [(&'static str, &'static str)],
}

const THREE: &str = "1d01e4, started, db-1, http://10.0.0.1:2380, http://10.0.0.1:2379, false\n\
    2f1c8a, started, db-2, http://10.0.0.2:2380, http://10.0.0.2:2379, false\n\
    3a77b0, started, db-3, http://10.0.0.3:2380, http://10.0.0.3:2379, false\n";

const FAMILIES: &[&[Pair]] =
    &[slow::PAIRS, network::PAIRS, certificates::PAIRS, data::PAIRS, quorum::PAIRS, start::PAIRS, evidence::PAIRS];

/// Primary and members, by the evidence of a pair with one of its lines.
fn told(pair: &Pair, line: &str) -> (String, String) {
    let mut files: Vec<(String, Vec<u8>)> =
        pair.files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    match line.split_once(" <- ") {
        Some((path, text)) => files.push((path.to_owned(), text.as_bytes().to_vec())),
        None => {
            let (_, text) = files.first_mut().expect("a pair has evidence");
            text.extend(format!("{line}\n").into_bytes());
        }
    }
    files.retain(|(_, text)| !text.is_empty());
    let diagnosis = analyze::analyze(&[Input::Memory(files)], &Limits::default(), &EN).expect("memory can always be read");
    let Some(primary) = diagnosis.verdict.primary.map(|code| code.to_string()) else { return ("none".to_owned(), String::new()) };
    let finding = diagnosis.findings.iter().find(|finding| finding.code.as_str() == primary);
    let members =
        finding.map(|finding| finding.members.iter().map(|key| key.raw()).collect::<Vec<_>>().join(",")).unwrap_or_default();
    (primary, members)
}

#[test]
fn one_line_decides_between_faults_that_look_alike() {
    let mut complaints = Vec::new();
    for pair in FAMILIES.iter().flat_map(|family| family.iter()) {
        for (line, wanted) in pair.lines {
            let (primary, members) = told(pair, line);
            let is_so = match wanted.split_once('@') {
                Some((code, of)) => primary == code && members == of,
                None => primary == *wanted,
            };
            if !is_so {
                let line: String = line.chars().take(160).collect();
                complaints.push(format!("{}: wanted {wanted}, got {primary}@{members}, with\n    {line}", pair.about));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn in_each_pair_the_lines_lead_to_different_ends() {
    for pair in FAMILIES.iter().flat_map(|family| family.iter()) {
        let ends: std::collections::BTreeSet<&str> = pair.lines.iter().map(|(_, wanted)| *wanted).collect();
        assert!(ends.len() > 1, "{}: its lines decide nothing", pair.about);
    }
}
