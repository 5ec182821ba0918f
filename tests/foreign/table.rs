//! The table of `docs/foreign-bundles.md`: which diagnoses each form does not show, and which it shows with other numbers or companions.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

const PAGE: &str = "docs/foreign-bundles.md";
const HEADER: &str = "| form | not shown | shown with other members, counts or companions |\n| --- | --- | --- |\n";

/// How a form shows what a recording shows in our own bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    Same,
    Otherwise,
    Not,
}

/// Codes by form, and by how they are shown.
pub(super) type Table = BTreeMap<String, BTreeMap<Shown, BTreeSet<String>>>;

/// What the page says.
pub(super) fn of_page() -> Table {
    let page = fs::read_to_string(PAGE).unwrap();
    let (_, behind) = page.split_once(HEADER).expect("the page has the table");
    let codes = |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        (cell(0).to_owned(), BTreeMap::from([(Shown::Not, codes(cell(1))), (Shown::Otherwise, codes(cell(2)))]))
    };
    behind.lines().take_while(|line| line.starts_with('|')).map(row).collect()
}

/// Puts what was found into the page.
pub(super) fn write(found: &Table, forms: &[&str]) {
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, behind) = page.split_once(HEADER).unwrap();
    let rest: String = behind.lines().skip_while(|line| line.starts_with('|')).map(|line| format!("{line}\n")).collect();
    let codes = |form: &str, shown| {
        let codes = found.get(form).and_then(|row| row.get(&shown)).into_iter().flatten();
        let codes: Vec<String> = codes.map(|code| format!("`{code}`")).collect();
        if codes.is_empty() { "–".to_owned() } else { codes.join(" ") }
    };
    let row = |form: &&str| format!("| {form} | {} | {} |\n", codes(form, Shown::Not), codes(form, Shown::Otherwise));
    let rows: String = forms.iter().map(row).collect();
    fs::write(PAGE, format!("{before}{HEADER}{rows}{rest}")).unwrap();
}
