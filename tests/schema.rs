//! Every diagnosis follows `docs/diagnosis.schema.json`: of all cases on the pages of the rules, and of nothing at all.

#![expect(clippy::disallowed_methods, reason = "a test of the schema reads the schema")]

use std::{fs, path::Path};

use etcd_triage::{
    analyze::analyze,
    bundle::{Input, Limits},
    render,
    rules::RULES,
    words::EN,
};
use jsonschema::Validator;
use serde_json::{Value, json};

/// A diagnosis as a program reads it, with the case that it is of.
struct Told {
    of: String,
    json: Value,
}

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnosis.schema.json");
    let text = fs::read_to_string(path).expect("docs/diagnosis.schema.json can be read");
    serde_json::from_str(&text).expect("docs/diagnosis.schema.json is JSON")
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).expect("docs/diagnosis.schema.json is a schema")
}

fn told(of: &str, files: &[(String, String)]) -> Told {
    let entries = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    let diagnosis = analyze(&[Input::Memory(entries)], &Limits::default(), &EN).expect("what is in memory can be opened");
    let mut out = Vec::new();
    render::json::write(&diagnosis, &mut out).expect("a buffer can be written");
    Told { of: of.to_owned(), json: serde_json::from_slice(&out).expect("the output is JSON") }
}

/// The diagnoses of all cases on all pages.
fn of_all_cases() -> Vec<Told> {
    let cases = RULES.iter().flat_map(|entry| entry.page().cases.iter().map(move |case| (entry.file, case)));
    cases.map(|(file, case)| told(&format!("src/rules/{file}.md, {}: {}", case.kind, case.title), &case.files)).collect()
}

fn complaints(validator: &Validator, told: &Told) -> Vec<String> {
    let say = |e: jsonschema::ValidationError<'_>| format!("{}: at {}: {e}", told.of, e.instance_path());
    validator.iter_errors(&told.json).map(say).collect()
}

fn nothing_to_say(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "\n- {}\n(what is new goes into docs/diagnosis.schema.json as an addition, and into docs/contracts.md)\n",
        complaints.join("\n- ")
    );
}

/// Puts a field into each object in turn that is ours; gives the place of each and the whole.
fn with_a_surprise(whole: &Value) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    let mut open = vec![String::new()];
    while let Some(place) = open.pop() {
        match whole.pointer(&place) {
            // Its keys are the rules' own.
            Some(Value::Object(_)) if place.ends_with("/numbers") => {}
            Some(Value::Object(object)) => {
                open.extend(object.keys().map(|key| format!("{place}/{key}")));
                let mut changed = whole.clone();
                if let Some(inside) = changed.pointer_mut(&place).and_then(Value::as_object_mut) {
                    inside.insert("surprise".into(), json!(1));
                }
                out.push((place, changed));
            }
            Some(Value::Array(list)) => open.extend((0..list.len()).map(|at| format!("{place}/{at}"))),
            _ => {}
        }
    }
    out
}

#[test]
fn the_schema_is_a_schema() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema), "docs/diagnosis.schema.json is no JSON Schema of 2020-12");
    assert_eq!(schema["properties"]["schema"]["const"], etcd_triage::diagnosis::SCHEMA);
}

#[test]
fn every_case_of_every_page_follows_the_schema() {
    let validator = validator();
    let all = of_all_cases();
    assert!(all.len() >= 3 * RULES.len(), "only {} cases were found", all.len());
    nothing_to_say(&all.iter().flat_map(|told| complaints(&validator, told)).collect::<Vec<_>>());
}

#[test]
fn the_diagnosis_of_nothing_follows_the_schema() {
    let validator = validator();
    let nothing = told("nothing", &[]);
    nothing_to_say(&complaints(&validator, &nothing));
    assert_eq!(nothing.json["verdict"]["primary"], Value::Null);
    nothing_to_say(&complaints(&validator, &told("an empty file", &[("etcd.log".into(), String::new())])));
    nothing_to_say(&complaints(&validator, &told("no words of etcd", &[("a\u{1b}\u{202e}.log".into(), "\u{9b}2J\n".into())])));
}

#[test]
fn a_field_that_the_schema_does_not_have_is_seen_in_every_object() {
    let validator = validator();
    let mut kinds = 0;
    for told in of_all_cases() {
        for (place, json) in with_a_surprise(&told.json) {
            kinds += 1;
            let said = complaints(&validator, &Told { of: told.of.clone(), json });
            assert!(said.iter().any(|s| s.contains("surprise")), "{}: a new field at `{place}` is not seen: {said:?}", told.of);
        }
    }
    assert!(kinds > 100, "only {kinds} objects were tried");
}

#[test]
fn a_value_out_of_its_scale_and_a_finding_without_evidence_are_seen() {
    let validator = validator();
    let all = of_all_cases();
    let with_finding = all.iter().find(|told| told.json.pointer("/findings/0").is_some()).unwrap();
    for (place, value) in [
        ("/schema", json!("etcd-triage/diagnosis/2")),
        ("/id", json!("ABCDEF012345")),
        ("/input/digest", json!("00")),
        ("/input/layout", json!("tar")),
        ("/verdict/impact", json!("fine")),
        ("/verdict/primary", json!("no code")),
        ("/findings/0/severity", json!("fatal")),
        ("/findings/0/state", json!("over")),
        ("/findings/0/evidence", json!([])),
        ("/findings/0/evidence/0/line", json!(0)),
        ("/coverage/artifacts", json!(-1)),
    ] {
        let mut json = with_finding.json.clone();
        *json.pointer_mut(place).unwrap() = value;
        let said = complaints(&validator, &Told { of: with_finding.of.clone(), json });
        assert!(!said.is_empty(), "a wrong value at {place} is not seen");
    }
}
