//! Every recorded line of the catalogue is found in every wrapper in which lines of logs are sent.

use std::collections::{BTreeMap, BTreeSet};

use etcd_triage::{
    analyze,
    bundle::{Input, Limits},
    messages,
    rules::RULES,
};

/// Samples that begin with a header of etcd's own, as its standard error has them: those can be put into any wrapper.
fn samples() -> Vec<(&'static str, &'static str)> {
    let is_bare = |sample: &str| {
        let is_capnslog = sample.get(..20).is_some_and(|head| head.starts_with("20") && head.as_bytes().get(10) == Some(&b' '));
        sample.starts_with("{\"level\"") || is_capnslog
    };
    let of = |message: &'static messages::Message| message.wordings.iter().map(move |wording| (message.id, wording.sample));
    messages::all().flat_map(of).filter(|(_, sample)| is_bare(sample)).collect()
}

/// The messages that are found in a text.
fn found_in(text: String) -> BTreeSet<String> {
    let files = BTreeMap::from([("etcd.log".to_owned(), text.into_bytes())]).into_iter().collect();
    let evidence = analyze::read(&[Input::Memory(files)], &Limits::default()).expect("memory can always be read");
    let logs = evidence.facts.logs.iter().flat_map(|log| log.log.sightings());
    logs.map(|sighting| sighting.message.id.to_owned()).collect()
}

#[test]
fn no_wrapper_hides_a_recorded_line() {
    let json = |text: &str| serde_json::to_string(text).expect("a string is JSON");
    type Wrap<'a> = (&'a str, Box<dyn Fn(&str) -> String + 'a>);
    let wrappers: Vec<Wrap<'_>> = vec![
        ("as it stands", Box::new(str::to_owned)),
        ("journalctl", Box::new(|line| format!("Nov 22 16:00:01 db-1 etcd[812]: {line}"))),
        ("journalctl -o short-iso", Box::new(|line| format!("2026-11-22T16:00:01+0000 db-1 etcd[812]: {line}"))),
        ("containerd", Box::new(|line| format!("2026-11-22T16:00:01.123456789Z stderr F {line}"))),
        ("kubectl logs --timestamps", Box::new(|line| format!("2026-11-22T16:00:01.123456789Z {line}"))),
        ("compose", Box::new(|line| format!("etcd1_1  | {line}"))),
        (
            "docker's json-file",
            Box::new(|line| {
                format!(
                    "{{\"log\":{},\"stream\":\"stderr\",\"time\":\"2026-11-22T16:00:01.123456789Z\"}}",
                    json(&format!("{line}\n"))
                )
            }),
        ),
        (
            "journalctl -o json",
            Box::new(|line| {
                format!(
                    "{{\"_HOSTNAME\":\"db-1\",\"SYSLOG_IDENTIFIER\":\"etcd\",\"__REALTIME_TIMESTAMP\":\"1795363201000000\",\"MESSAGE\":{}}}",
                    json(line)
                )
            }),
        ),
    ];
    let samples = samples();
    assert!(samples.len() > 60, "{}", samples.len());
    for (name, wrap) in wrappers {
        let lines: Vec<String> = samples.iter().map(|(_, sample)| wrap(sample)).collect();
        let found = found_in(lines.join("\n"));
        let missing: Vec<_> = samples.iter().filter(|(id, _)| !found.contains(*id)).collect();
        assert!(missing.is_empty(), "{name} hides {missing:#?}");
    }
}

#[test]
fn no_wording_that_a_rule_needs_is_passed_over_for_its_telling_words() {
    let is_needed = |id: &str| RULES.iter().any(|entry| entry.rule.messages.contains(&id));
    for message in messages::all().filter(|message| is_needed(message.id)) {
        for wording in message.wordings.iter().filter(|wording| wording.form == messages::Form::Text) {
            let text = filled(wording.text);
            let hit = messages::find_text(&text).unwrap_or_else(|| panic!("{}: nothing is found in {text}", message.id));
            // The words of several messages can fit: then the one with most words wins, and it is one that says more.
            assert!(hit.message.id == message.id || hit.wording.text.len() > wording.text.len(), "{text}: {}", hit.message.id);
        }
    }
}

/// A wording with something in each of its holes.
fn filled(template: &str) -> String {
    let mut parts = template.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "x1" + part.split_once('}').map_or(part, |(_, after)| after))
}
