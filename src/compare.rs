//! Two diagnoses by their meaning: what a stored fixture expects, and what this release concludes.

use serde_json::{Map, Value, json};

use crate::{
    diagnosis::{Diagnosis, meaning},
    text::escape,
};

/// What the id of a diagnosis covers, readable: the content of a fixture's `expected.json`. No prose, no version, no path.
pub fn expectation(diagnosis: &Diagnosis) -> Value {
    let covered = meaning(&diagnosis.verdict, &diagnosis.findings, &diagnosis.undecided);
    let mut out = Map::new();
    out.insert("id".into(), json!(diagnosis.id));
    let names = ["primary", "also", "impact", "findings", "undecided"];
    if let Value::Array(parts) = covered {
        out.extend(names.iter().map(|name| (*name).to_owned()).zip(parts));
    }
    Value::Object(out)
}

/// One thing in which two expectations differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, like `findings[wal.missing a].state`.
    pub at: String,
    /// What was expected; nothing where it is new.
    pub expected: Option<String>,
    /// What came out; nothing where it is gone.
    pub got: Option<String>,
}

/// All differences, in a stable order; empty where the two mean the same.
pub fn differences(expected: &Value, got: &Value) -> Vec<Difference> {
    let mut out = Vec::new();
    walk("", Some(expected), Some(got), &mut out);
    // The id differs with everything else; alone it says that the rule by which it is made has changed.
    if out.len() > 1 {
        out.retain(|difference| difference.at != "id");
    }
    out
}

fn walk(at: &str, expected: Option<&Value>, got: Option<&Value>, out: &mut Vec<Difference>) {
    if expected == got {
        return;
    }
    match (expected, got) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                walk(&at, a.get(key), b.get(key), out);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) if a.iter().chain(b).any(Value::is_object) => walk_findings(at, a, b, out),
        _ => out.push(Difference { at: at.to_owned(), expected: expected.map(shown), got: got.map(shown) }),
    }
}

/// Findings are the same by code and members, whatever their place.
fn walk_findings(at: &str, expected: &[Value], got: &[Value], out: &mut Vec<Difference>) {
    let mut names: Vec<String> = expected.iter().chain(got).map(name_of).collect();
    names.sort();
    names.dedup();
    for name in names {
        let of = |list: &[Value]| -> Vec<Value> { list.iter().filter(|row| name_of(row) == name).cloned().collect() };
        let (a, b) = (of(expected), of(got));
        for n in 0..a.len().max(b.len()) {
            walk(&format!("{at}[{name}]"), a.get(n), b.get(n), out);
        }
    }
}

fn name_of(row: &Value) -> String {
    let code = row.get("code").and_then(Value::as_str).unwrap_or_default();
    let members = row.get("members").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    std::iter::once(code).chain(members).map(|word| escape(word).to_string()).collect::<Vec<_>>().join(" ")
}

fn shown(value: &Value) -> String {
    escape(&value.to_string()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_state_is_told_with_its_place_and_both_values() {
        let expected = json!({"id": "1", "primary": "wal.missing", "findings": [{"code": "wal.missing", "members": ["a"], "state": "active"}]});
        let got = json!({"id": "2", "primary": "wal.missing", "findings": [{"code": "wal.missing", "members": ["a"], "state": "recovered"}]});
        let found = differences(&expected, &got);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at, "findings[wal.missing a].state");
        assert_eq!((found[0].expected.as_deref(), found[0].got.as_deref()), (Some("\"active\""), Some("\"recovered\"")));
        assert!(differences(&got, &got).is_empty());
    }

    #[test]
    fn a_finding_that_is_gone_and_one_that_is_new_are_both_told() {
        let with =
            |codes: &[&str]| json!({"findings": codes.iter().map(|c| json!({"code": c, "members": []})).collect::<Vec<_>>()});
        let found = differences(&with(&["a.b"]), &with(&["c.d"]));
        assert_eq!(found.len(), 2);
        assert!(found[0].got.is_none() && found[1].expected.is_none());
    }
}
