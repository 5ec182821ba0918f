//! The short id of a diagnosis: equal on site and at the desk, and through every release that concludes the same.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{finding::Finding, outcome::Gap, report::Verdict};

/// What the id covers, readable: this is what a stored fixture's `expected.json` holds.
///
/// Codes, members and numbers; no prose, no path, no version, so that a mended sentence changes nothing.
pub fn meaning(verdict: &Verdict, findings: &[Finding], undecided: &[Gap]) -> Value {
    let mut rows: Vec<_> = findings.iter().collect();
    rows.sort_by(|a, b| (a.code, &a.members, a.state).cmp(&(b.code, &b.members, b.state)));
    let rows: Vec<Value> = rows.into_iter().map(finding).collect();
    let mut codes: Vec<_> = undecided.iter().map(|gap| gap.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    json!([verdict.primary, verdict.also, verdict.impact, rows, codes])
}

fn finding(f: &Finding) -> Value {
    let mut row = Map::new();
    row.insert("code".into(), json!(f.code));
    row.insert("severity".into(), json!(f.severity));
    row.insert("state".into(), json!(f.state));
    row.insert("impact".into(), json!(f.impact));
    row.insert("members".into(), json!(f.members));
    if let Some(count) = f.count {
        row.insert("count".into(), json!(count));
    }
    if !f.numbers.is_empty() {
        row.insert("numbers".into(), json!(f.numbers));
    }
    Value::Object(row)
}

/// First 12 hex digits of SHA-256 over the compact JSON of the meaning. `serde_json` keeps object keys sorted.
pub fn id(meaning: &Value) -> String {
    let digest = Sha256::digest(meaning.to_string());
    digest.iter().take(6).map(|b| format!("{b:02x}")).collect()
}
