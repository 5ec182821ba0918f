//! A second language reaches the report without touching logic: with a made-up one no English is left but names, codes, quotes
//! and pages.

#[path = "second_language/words.rs"]
mod words;

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    render,
};

use words::{MADE_UP, MARK};

/// Words of a line that this language did not say, of three letters or more: shorter ones, and what begins
/// with a digit, are numbers with their units.
fn unmarked(line: &str) -> Vec<&str> {
    line.split(|c: char| c.is_whitespace() || "·–()[];,:".contains(c))
        .filter(|word| !word.contains(MARK))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.len() > 2 && word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .collect()
}

#[test]
fn with_a_made_up_language_no_english_is_left_in_the_text_but_what_the_diagnosis_holds() {
    for name in
        ["cloudos-wal-not-found", "lab-quorum-lost-3.5.1", "lab-snap-corrupt-3.5.1", "lab-idle-3.5.1", "lab-clock-ahead-3.5.16"]
    {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
        let diagnosis = analyze::analyze(&[Input::Path(path)], &Limits::default(), &MADE_UP).expect("the fixture is there");
        let mut out = anstream::StripStream::new(Vec::new());
        render::text::write_all(&diagnosis, &MADE_UP, 100, &mut out).expect("memory takes all");
        let report = String::from_utf8(out.into_inner()).expect("a report is UTF-8");
        let mut holds = diagnosis
            .findings
            .iter()
            .flat_map(|f| f.confirm.iter().cloned().chain([f.says.clone(), f.means.clone()]))
            .collect::<Vec<_>>();
        holds.extend(
            diagnosis.findings.iter().flat_map(|f| &f.steps).flat_map(|s| [Some(s.step.clone()), s.command.clone()]).flatten(),
        );
        holds.extend(diagnosis.undecided.iter().flat_map(|gap| [gap.why.clone(), gap.ask.clone(), gap.code.to_string()]));
        let grounds = diagnosis.verdict.grounds.iter().flat_map(|ground| &ground.evidence);
        for shown in diagnosis.findings.iter().flat_map(|f| &f.evidence).chain(grounds) {
            holds.push(format!("{} {}", shown.quote.excerpt().escaped(), shown.quote.citation().path()));
        }
        holds.extend(diagnosis.timeline.iter().map(|event| event.path.clone()));
        holds.extend(
            diagnosis.findings.iter().map(|f| f.code.to_string()).chain(diagnosis.verdict.primary.map(|code| code.to_string())),
        );
        holds.extend(diagnosis.members.iter().flat_map(|m| [Some(m.key.raw().to_owned()), m.id.clone()]).flatten());
        let holds = holds.join(" ").split_whitespace().collect::<String>();
        for line in report.lines() {
            for word in unmarked(line) {
                let is_held = holds.contains(&word.split_whitespace().collect::<String>()) || word == diagnosis.id;
                assert!(is_held || word.contains('/') || word == "min", "{name}: {word:?} is English, in: {line}");
            }
        }
    }
}
