//! A rule is a pair of files and a line: which piece of it is missing, and what to do.

use std::collections::BTreeSet;

use super::code::paths_below;

/// Files in `src/rules` that are no rules.
const NO_RULES: &[&str] = &[
    "mod.rs",
    "draft.rs",
    "page.rs",
    "service.rs",
    "healthy.rs",
    "trouble.rs",
    "last_words.rs",
    "accusations.rs",
    "client_answers.rs",
    "elections.rs",
    "late.rs",
    "syncs.rs",
    "screened.rs",
    "client_failures.rs",
];

/// The sections of a page, in their order.
const SECTIONS: &[&str] = &["Says", "Means", "Confirm", "Do", "Do afterwards", "Ask", "Misleads when", "Cases"];

/// What to do once it is over has no place on the page of something that is never over.
const OPTIONAL: &str = "Do afterwards";

/// The kinds of cases; a page has at least one of each.
const KINDS: &[&str] = &["fires", "quiet", "unknown"];

/// The names in `rules! { … }` of `src/rules/mod.rs`.
pub(crate) fn lines_of_macro(text: &str) -> Vec<String> {
    let body = text.split_once("\nrules! {\n").and_then(|(_, rest)| rest.split_once('}')).map_or("", |(body, _)| body);
    body.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What is missing of the pairs. `names` are the files in `src/rules`.
pub(crate) fn pairs(names: &[&str], lines: &[String]) -> Vec<String> {
    let rules: BTreeSet<&str> = names.iter().filter(|n| !NO_RULES.contains(n)).filter_map(|n| n.strip_suffix(".rs")).collect();
    let pages: BTreeSet<&str> = names.iter().filter_map(|name| name.strip_suffix(".md")).collect();
    let mut out = Vec::new();
    for name in names.iter().filter(|name| !name.ends_with(".rs") && !name.ends_with(".md")) {
        out.push(format!("src/rules/{name} is neither a rule nor a page: rules are NAME.rs with NAME.md"));
    }
    for rule in rules.iter().filter(|rule| !pages.contains(*rule)) {
        out.push(format!(
            "src/rules/{rule}.rs has no page: write src/rules/{rule}.md (docs/architecture.md, \"A rule's page\"); \
             or, if it is no rule, list it in tests/architecture/pages.rs"
        ));
    }
    // `NAME.zh.md` is a page of NAME in another language.
    let of_pages: BTreeSet<&str> = pages.iter().filter_map(|page| page.split('.').next()).collect();
    for page in of_pages.iter().filter(|page| !rules.contains(*page)) {
        out.push(format!("src/rules/{page}.md has no rule: write src/rules/{page}.rs with a `RULE`, or take the page out"));
    }
    for name in rules.iter().filter(|rule| !lines.iter().any(|line| line == *rule)) {
        out.push(format!(
            "the rule {name} is not among the rules: add the line `{name},` to `rules!` in src/rules/mod.rs, in order"
        ));
    }
    for line in lines.iter().filter(|line| !rules.contains(line.as_str())) {
        out.push(format!(
            "`rules!` in src/rules/mod.rs has the line `{line}`: write src/rules/{line}.rs and .md, or take it out"
        ));
    }
    for (one, next) in lines.iter().zip(lines.iter().skip(1)) {
        if one == next {
            out.push(format!("`rules!` in src/rules/mod.rs has `{one}` twice: take one out"));
        } else if one > next {
            out.push(format!("the lines of `rules!` in src/rules/mod.rs should be sorted: `{next}` goes before `{one}`"));
        }
    }
    out
}

/// What a page lacks.
pub(crate) fn gaps(name: &str, text: &str) -> Vec<String> {
    let file = format!("src/rules/{name}");
    let lines = outside_fences(text);
    let mut out = Vec::new();
    let title = lines.iter().find_map(|(line, _)| line.strip_prefix("# ")).unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    if title.replace(['.', '-'], "_") != stem || !title.contains('.') {
        out.push(format!(
            "{file}: the title `# {title}` should be the code whose file this is: `{stem}` with a dot after the family"
        ));
    }
    let headings: Vec<&str> = lines.iter().filter_map(|(line, _)| line.strip_prefix("## ")).map(str::trim).collect();
    for heading in headings.iter().filter(|heading| !SECTIONS.contains(heading)) {
        out.push(format!("{file}: `## {heading}` is no section; there are: {}", SECTIONS.join(", ")));
    }
    for section in SECTIONS {
        match section_body(text, section) {
            None if *section == OPTIONAL => {}
            None => out.push(format!("{file} has no section `## {section}`: write it; explain and the tests live on it")),
            Some(body) if body.trim().is_empty() => out.push(format!("{file}: the section `## {section}` is empty: fill it")),
            Some(_) => {}
        }
    }
    let in_order: Vec<&str> = SECTIONS.iter().copied().filter(|section| headings.contains(section)).collect();
    if in_order != headings.iter().copied().filter(|heading| SECTIONS.contains(heading)).collect::<Vec<_>>() {
        out.push(format!("{file}: the order of the sections is {}", SECTIONS.join(", ")));
    }
    out.extend(section_body(text, "Cases").iter().flat_map(|body| of_cases(&file, body)));
    out
}

fn of_cases(file: &str, body: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut kinds = BTreeSet::new();
    let body = format!("\n{body}");
    for case in body.split("\n### ").skip(1) {
        let (heading, rest) = case.split_once('\n').unwrap_or((case, ""));
        let kind = heading.split(": ").next().unwrap_or_default();
        kinds.insert(kind);
        if !KINDS.contains(&kind) {
            out.push(format!("{file}: the case `### {heading}` should begin with one of: {}", KINDS.join(", ")));
        }
        let lines = outside_fences(rest);
        let fences: Vec<_> = lines.iter().filter(|(_, opens)| *opens).collect();
        let paths = lines.iter().filter(|(line, _)| line.starts_with('`') && !line.starts_with("```") && line.ends_with('`'));
        if fences.is_empty() || paths.count() < fences.len() {
            out.push(format!(
                "{file}: the case `### {heading}` has evidence without a path, or none: `path` in backticks, then a fenced block"
            ));
        }
        if !lines.iter().any(|(line, _)| line.starts_with("- ") && line.contains(": ")) {
            out.push(format!("{file}: the case `### {heading}` expects nothing: end it with lines like `- primary: code`"));
        }
    }
    for kind in KINDS.iter().filter(|kind| !kinds.contains(*kind)) {
        out.push(format!("{file} has no case `### {kind}: …`: write one, the tests run it"));
    }
    out
}

/// The lines that do not lie in a fenced block, each with whether it opens one.
fn outside_fences(text: &str) -> Vec<(&str, bool)> {
    let mut inside = false;
    let mut out = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
            if inside {
                out.push((line, true));
            }
        } else if !inside {
            out.push((line, false));
        }
    }
    out
}

/// The text of a section, fenced blocks and all.
fn section_body(text: &str, section: &str) -> Option<String> {
    let (mut found, mut inside, mut here) = (None::<String>, false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if let Some(heading) = line.strip_prefix("## ").filter(|_| !inside) {
            here = heading.trim() == section;
            if here {
                found = Some(String::new());
            }
            continue;
        }
        if let Some(body) = found.as_mut().filter(|_| here) {
            body.push_str(line);
            body.push('\n');
        }
    }
    found
}

/// Where a rule names another one.
pub(crate) fn other_rules(name: &str, text: &str, names: &[String]) -> Vec<String> {
    let own = paths_below("super", text);
    let house =
        paths_below("crate", text).into_iter().filter_map(|(line, p)| Some((line, p.strip_prefix("rules::")?.to_owned())));
    let is_other = |path: &str| {
        let first = path.split("::").next().unwrap_or_default();
        first != name && names.iter().any(|other| other == first)
    };
    own.into_iter()
        .chain(house)
        .filter(|(_, path)| is_other(path))
        .map(|(line, path)| {
            format!(
                "src/rules/{name}.rs:{line} names the rule {path}: rules do not know each other; \
put what both need into facts, or into draft.rs"
            )
        })
        .collect()
}
