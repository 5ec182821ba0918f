//! The README says what is true: its list of diagnoses is the list of rules, its example is the report.

use etcd_triage::rules::RULES;

const README: &str = include_str!("../README.md");

#[test]
fn every_diagnosis_is_a_row_of_the_table_and_the_other_way_round() {
    let mut told: Vec<&str> = README.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let mut rules: Vec<&str> = RULES.iter().map(|entry| entry.rule.code.as_str()).collect();
    told.sort_unstable();
    rules.sort_unstable();
    assert_eq!(told, rules, "README.md, \"What it knows so far\": one row a rule");
}

#[test]
fn the_example_is_what_the_program_prints() {
    let report = include_str!("snapshots/first_customer__first_customer_80.snap");
    let example = README.split("$ etcd-triage analyze pasted.txt\n").nth(1).and_then(|rest| rest.split("  …\n").next());
    let lines: Vec<&str> = example.unwrap_or_default().lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(lines.len() > 10, "README.md shows a report");
    for line in lines {
        assert!(report.lines().any(|printed| printed == line), "README.md shows a line that is not printed: {line}");
    }
}
