//! The table `Rooms` of `docs/architecture.md`, and what the code does against it.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Arrow;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    name: String,
    /// Marked `(later)`.
    later: bool,
    may: May,
}

/// The third cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum May {
    /// All rows above.
    All,
    /// These, with whether only their types.
    These(BTreeMap<String, bool>),
}

/// Reads the table.
pub(crate) fn rooms(page: &str) -> Result<Vec<Row>, String> {
    let section = page.split("\n## ").map(|part| part.trim_start_matches("## ")).find(|part| part.starts_with("Rooms\n"));
    let section = section.ok_or("docs/architecture.md has no section `## Rooms`")?;
    let rows: Vec<Row> = section.lines().filter(|line| line.starts_with("| `")).map(row).collect::<Result<_, _>>()?;
    if rows.is_empty() { Err("the table `Rooms` has no row that begins with | `".into()) } else { Ok(rows) }
}

fn row(line: &str) -> Result<Row, String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [module, _, may] = cells.as_slice() else { return Err(format!("not three cells: {line}")) };
    let (name, mark) = named(module).ok_or_else(|| format!("the first cell should be `name` or `name` (later): {line}"))?;
    if !["", "(later)"].contains(&mark) {
        return Err(format!("only (later) can stand behind a module: {line}"));
    }
    let may = match *may {
        "–" => May::These(BTreeMap::new()),
        "all" => May::All,
        cell => May::These(cell.split(',').map(|part| allowed(part.trim())).collect::<Result<_, _>>()?),
    };
    Ok(Row { name: name.to_owned(), later: mark == "(later)", may })
}

fn allowed(part: &str) -> Result<(String, bool), String> {
    match named(part) {
        Some((name, "")) => Ok((name.to_owned(), false)),
        Some((name, "(types)")) => Ok((name.to_owned(), true)),
        _ => Err(format!("a room is written `name` or `name` (types), not {part}")),
    }
}

/// `` `name` mark ``.
fn named(cell: &str) -> Option<(&str, &str)> {
    let (name, mark) = cell.strip_prefix('`')?.split_once('`')?;
    Some((name, mark.trim()))
}

impl May {
    fn words(&self) -> String {
        match self {
            May::All => "all rooms above it".into(),
            May::These(these) if these.is_empty() => "no room".into(),
            May::These(these) => {
                let word = |(name, types): (&String, &bool)| if *types { format!("{name} (types)") } else { name.clone() };
                these.iter().map(word).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// What is wrong: with the drawing, with the rooms that there are, with the arrows of the code.
pub(crate) fn complaints(rows: &[Row], modules: &BTreeSet<String>, arrows: &[Arrow]) -> Vec<String> {
    let mut out = of_drawing(rows);
    out.extend(of_rooms(rows, modules));
    out.extend(arrows.iter().filter_map(|arrow| of_arrow(rows, arrow)));
    let all = arrows.iter().filter(|arrow| !is_line_maker(arrow)).filter_map(|a| Some((a.from.clone(), a.path.first()?.clone())));
    out.extend(
        circle(&all.collect())
            .map(|round| format!("the rooms name each other in a circle: {round}; one of these arrows must go")),
    );
    out
}

fn floor(rows: &[Row], name: &str) -> Option<usize> {
    rows.iter().position(|row| row.name == name)
}

fn of_drawing(rows: &[Row]) -> Vec<String> {
    let mut out = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if floor(rows, &row.name) != Some(at) {
            out.push(format!("docs/architecture.md has the row `{}` twice: take one out", row.name));
        }
        let May::These(these) = &row.may else { continue };
        for other in these.keys().filter(|other| floor(rows, other).is_none_or(|below| below >= at)) {
            out.push(format!(
                "docs/architecture.md: `{}` may name `{other}`, which is no row above it: \
a room names only what stands above it in the table",
                row.name
            ));
        }
    }
    out
}

fn of_rooms(rows: &[Row], modules: &BTreeSet<String>) -> Vec<String> {
    let without_row = modules.iter().filter(|module| floor(rows, module).is_none()).map(|module| {
        format!("src/{module} is no row of the table `Rooms` in docs/architecture.md: add one, above the rooms that will name it")
    });
    let of_row = |row: &Row| match (row.later, modules.contains(&row.name)) {
        (false, false) => Some(format!(
            "docs/architecture.md draws `{0}`, and there is no src/{0}: build it, or mark the row `(later)`",
            row.name
        )),
        (true, true) => Some(format!("src/{0} is built: take `(later)` off the row of `{0}` in docs/architecture.md", row.name)),
        _ => None,
    };
    without_row.chain(rows.iter().filter_map(of_row)).collect()
}

/// Tests make lines with `bundle::Source` in all rooms.
fn is_line_maker(arrow: &Arrow) -> bool {
    arrow.in_tests && arrow.path.iter().map(String::as_str).eq(["bundle", "Source"])
}

fn of_arrow(rows: &[Row], arrow: &Arrow) -> Option<String> {
    let to = arrow.path.first()?;
    let here = format!("{} names crate::{}", arrow.place, arrow.path.join("::"));
    // A room without a row is told once, by its name.
    let at = floor(rows, &arrow.from)?;
    let row = rows.get(at)?;
    if is_line_maker(arrow) {
        return None;
    }
    let Some(below) = floor(rows, to) else {
        return Some(format!("{here}, and `{to}` is no row of the table `Rooms` in docs/architecture.md"));
    };
    if below >= at {
        return Some(format!(
            "{here}, and `{to}` stands below `{}` in the table: turn the arrow round, or hand over what is needed as a value",
            arrow.from
        ));
    }
    let types_only = match &row.may {
        May::All => return None,
        May::These(these) => these.get(to),
    };
    match types_only {
        Some(false) => None,
        Some(true) if arrow.path.iter().any(|part| part.starts_with(char::is_uppercase)) => None,
        Some(true) => Some(format!(
            "{here}: `{}` may take only types of `{to}`, not functions or modules; let a room between them do this work",
            arrow.from
        )),
        None => Some(format!(
            "{here}, and `{}` may name {}: \
do without it, or, if the house is better so, write it into the row in docs/architecture.md",
            arrow.from,
            row.may.words()
        )),
    }
}

/// A circle among arrows, if there is one: `a → b → a`.
pub(crate) fn circle(arrows: &BTreeSet<(String, String)>) -> Option<String> {
    let starts: BTreeSet<&str> = arrows.iter().map(|(from, _)| from.as_str()).collect();
    starts.into_iter().find_map(|start| way_back(start, arrows, &mut vec![start])).map(|way| way.join(" → "))
}

fn way_back<'a>(start: &str, arrows: &'a BTreeSet<(String, String)>, way: &mut Vec<&'a str>) -> Option<Vec<&'a str>> {
    let last = *way.last()?;
    for (_, to) in arrows.iter().filter(|(from, _)| from == last) {
        if to == start {
            way.push(to);
            return Some(way.clone());
        }
        if !way.contains(&to.as_str()) {
            way.push(to);
            if let Some(found) = way_back(start, arrows, way) {
                return Some(found);
            }
            way.pop();
        }
    }
    None
}
