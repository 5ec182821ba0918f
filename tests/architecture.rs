//! Holds the code to the drawing in `docs/architecture.md`, and `src/rules` to its pairs of files.

#[path = "architecture/code.rs"]
mod code;
#[path = "architecture/drawing.rs"]
mod drawing;
#[path = "architecture/pages.rs"]
mod pages;
#[path = "architecture/tree.rs"]
mod tree;

use std::collections::BTreeSet;

use code::{Arrow, arrows};
use drawing::{Row, circle, complaints, rooms};

/// Fails with all complaints at once, one a line.
fn nothing_to_say(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n- {}\n", complaints.join("\n- "));
}

fn drawn() -> Vec<Row> {
    rooms(&tree::text("docs/architecture.md")).expect("the table `Rooms` of docs/architecture.md can be read")
}

/// Arrows of a made-up file.
fn of(path: &str, text: &str) -> Vec<Arrow> {
    arrows(path, text)
}

fn made_up(table: &str) -> Vec<Row> {
    rooms(&format!("## Rooms\n\n| module | owns | may name |\n| --- | --- | --- |\n{table}\n")).expect("a table")
}

const SMALL: &str =
    "| `text` | words | – |\n| `parse` | records | `text` |\n| `facts` | facts | `parse` (types) |\n| `cli` | all | all |";

fn modules(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What is said of `text` in the room `of`, in a house of four rooms.
fn in_small_house(path: &str, text: &str) -> Vec<String> {
    complaints(&made_up(SMALL), &modules(&["text", "parse", "facts", "cli"]), &of(path, text))
}

#[test]
fn the_code_is_built_as_it_is_drawn() {
    let files = tree::rust_files("src");
    let all: Vec<Arrow> = files.iter().flat_map(|(path, text)| arrows(path, text)).collect();
    assert!(all.len() > 50, "only {} arrows were found: does tests/architecture/code.rs still read the code?", all.len());
    let modules = files.iter().filter_map(|(path, _)| code::room_of(path)).collect();
    nothing_to_say(&complaints(&drawn(), &modules, &all));
}

#[test]
fn the_program_names_the_command_line_alone() {
    let paths = code::paths_below("etcd_triage", &tree::text("src/main.rs"));
    assert!(!paths.is_empty(), "src/main.rs should hand over to etcd_triage::cli");
    for (line, path) in paths {
        assert!(
            path.starts_with("cli::"),
            "src/main.rs:{line} names etcd_triage::{path}: let the command line do it, in src/cli"
        );
    }
}

#[test]
fn each_file_opens_with_a_sentence_about_its_subject() {
    nothing_to_say(&tree::rust_files("src").iter().filter_map(|(path, text)| tree::opening(path, text)).collect::<Vec<_>>());
}

#[test]
fn no_file_is_named_after_nothing() {
    nothing_to_say(&tree::rust_files("src").iter().filter_map(|(path, _)| tree::empty_name(path)).collect::<Vec<_>>());
}

#[test]
fn each_rule_is_a_pair_of_files_and_a_line() {
    let names = tree::names_in("src/rules");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    nothing_to_say(&pages::pairs(&names, &pages::lines_of_macro(&tree::text("src/rules/mod.rs"))));
}

#[test]
fn each_page_is_whole() {
    let names = tree::names_in("src/rules");
    let of_pages = names.iter().filter(|name| name.ends_with(".md"));
    nothing_to_say(&of_pages.flat_map(|name| pages::gaps(name, &tree::text(&format!("src/rules/{name}")))).collect::<Vec<_>>());
}

#[test]
fn no_rule_names_another() {
    let names = pages::lines_of_macro(&tree::text("src/rules/mod.rs"));
    let said = |name: &String| pages::other_rules(name, &tree::text(&format!("src/rules/{name}.rs")), &names);
    nothing_to_say(&names.iter().flat_map(said).collect::<Vec<_>>());
}

// The checks themselves: each is shown a made-up fault, and must see it.

#[test]
fn an_arrow_that_is_drawn_is_let_through() {
    let code = "use crate::{parse::{log::Mark, Size as Bytes}};\nfn f(_: &crate::parse::Known<bool>) {}";
    assert_eq!(in_small_house("src/facts/mod.rs", code), Vec::<String>::new());
    assert_eq!(in_small_house("src/facts/x.rs", "use crate::facts::Fact;"), Vec::<String>::new());
    assert_eq!(in_small_house("src/cli/mod.rs", "use crate::{text, facts::join};"), Vec::<String>::new());
}

#[test]
fn an_arrow_against_the_drawing_is_told_with_its_place() {
    let said = in_small_house("src/text.rs", "//! Words.\n\nuse crate::{\n    facts::Facts,\n};");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("src/text.rs:4 names crate::facts::Facts"), "{said:?}");
    assert!(said[0].contains("`facts` stands below `text`"), "{said:?}");
    let said = in_small_house("src/facts/mod.rs", "fn f() { crate::text::escape() }");
    assert!(said[0].contains("`facts` may name parse (types)"), "{said:?}");
}

#[test]
fn a_function_is_not_a_type() {
    let said = in_small_house("src/facts/mod.rs", "use crate::parse::{log::Mark, etcdctl::hex_id};");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("only types"), "{said:?}");
    assert_eq!(in_small_house("src/facts/mod.rs", "fn f() { crate::parse::Size::of(3) }"), Vec::<String>::new());
}

#[test]
fn comments_strings_and_lifetimes_are_no_arrows() {
    let code = "//! See [`crate::facts::Facts`].\n/* use crate::facts; /* nested */ */\nconst A: &str = \"crate::facts\";\n\
        const B: &str = r#\"\"crate::facts\"#; const C: char = '\"';\n\
fn f<'a>(x: &'a str) -> &'a str { x }\npub(crate) fn g() {}";
    assert_eq!(in_small_house("src/text.rs", code), Vec::<String>::new());
    let code = "const C: [char; 2] = ['\\'', '\"'];\nuse crate::facts::Facts;";
    assert_eq!(in_small_house("src/text.rs", code).len(), 1, "what follows a quote character is read");
}

#[test]
fn a_room_cannot_be_entered_through_its_parent() {
    assert_eq!(in_small_house("src/text.rs", "use super::facts::Facts;").len(), 1);
    assert_eq!(in_small_house("src/facts/mod.rs", "use super::{cli::main, parse::Mark};").len(), 1);
    assert_eq!(in_small_house("src/text.rs", "mod inner { use super::facts; }"), Vec::<String>::new());
    assert_eq!(in_small_house("src/facts/join.rs", "use super::cli::main;"), Vec::<String>::new(), "that is facts::cli");
}

#[test]
fn tests_may_make_lines_and_nothing_else_besides() {
    let table = "| `text` | words | – |\n| `bundle` | doors | – |\n| `render` | forms | `text` |";
    let say = |code| complaints(&made_up(table), &modules(&["text", "bundle", "render"]), &of("src/render/json.rs", code));
    assert_eq!(say("#[cfg(test)]\nmod tests { use crate::bundle::Source; }"), Vec::<String>::new());
    assert_eq!(say("#[cfg(test)]\nmod tests { use crate::bundle::Input; }").len(), 1);
    assert_eq!(say("use crate::bundle::Source;\n#[cfg(test)]\nmod tests {}").len(), 1);
    let of_own = complaints(
        &made_up(table),
        &modules(&["text", "bundle", "render"]),
        &of("src/render/tests.rs", "use crate::bundle::Source;"),
    );
    assert_eq!(of_own, Vec::<String>::new(), "a file `tests.rs` is a test");
}

#[test]
fn a_circle_is_found_and_walked_round() {
    let arrows = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "a")].map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(circle(&arrows.into()).as_deref(), Some("a → b → c → a"));
    assert_eq!(circle(&[("a".to_owned(), "b".to_owned())].into()), None);
    let code = [of("src/text.rs", "use crate::parse::Mark;"), of("src/parse.rs", "use crate::text::Untrusted;")].concat();
    let said = complaints(&made_up(SMALL), &modules(&["text", "parse", "facts", "cli"]), &code);
    assert!(said.iter().any(|s| s.contains("circle: parse → text → parse")), "{said:?}");
}

#[test]
fn a_drawing_with_an_arrow_to_a_lower_row_is_refused() {
    let rows = made_up("| `text` | words | `parse` |\n| `parse` | records | `attic` |");
    let said = complaints(&rows, &modules(&["text", "parse"]), &[]);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("`text` may name `parse`") && said[1].contains("`attic`"), "{said:?}");
}

#[test]
fn rooms_and_rows_are_the_same() {
    let rows =
        made_up("| `text` | words | – |\n| `redact` (later) | pseudonyms | – |\n| `compare` | two | – |\n| `text` | again | – |");
    let said = complaints(&rows, &modules(&["text", "redact", "attic"]), &[]);
    assert_eq!(said.len(), 4, "{said:?}");
    for part in ["src/attic", "src/compare", "`(later)` off the row of `redact`", "`text` twice"] {
        assert!(said.iter().any(|s| s.contains(part)), "{part}: {said:?}");
    }
}

#[test]
fn a_table_that_cannot_be_read_is_no_empty_table() {
    for text in
        ["# Architecture", "## Rooms\n\nnone", "## Rooms\n| `text` | words | text |", "## Rooms\n| `text` | words | `a` (some) |"]
    {
        assert!(rooms(text).is_err(), "{text}");
    }
}

#[test]
fn a_missing_page_rule_or_line_is_told_with_what_to_write() {
    let lines = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let both = ["mod.rs", "page.rs", "a_b.rs", "a_b.md", "c_d.rs", "c_d.md"];
    assert_eq!(pages::pairs(&both, &lines(&["a_b", "c_d"])), Vec::<String>::new());
    assert_eq!(pages::pairs(&[&both[..], &["a_b.zh.md"]].concat(), &lines(&["a_b", "c_d"])), Vec::<String>::new());
    for (names, macro_lines, part) in [
        (&["a_b.rs", "c_d.rs", "c_d.md"][..], &["a_b", "c_d"][..], "has no page: write src/rules/a_b.md"),
        (&["a_b.md", "c_d.rs", "c_d.md"], &["a_b", "c_d"], "has no rule: write src/rules/a_b.rs"),
        (&both, &["a_b"], "add the line `c_d,`"),
        (&["a_b.rs"], &[], "has no page: write src/rules/a_b.md"),
        (&["a_b.rs"], &[], "add the line `a_b,`"),
        (&both, &["c_d", "a_b"], "sorted"),
        (&both, &["a_b", "a_b", "c_d"], "twice"),
        (&both, &["a_b", "c_d", "e_f"], "the line `e_f`"),
        (&["a_b.zh.md"], &[], "has no rule: write src/rules/a_b.rs"),
        (&["readme.txt"], &[], "readme.txt"),
    ] {
        let said = pages::pairs(names, &lines(macro_lines));
        assert!(said.iter().any(|s| s.contains(part)), "{part}: {said:?}");
    }
}

#[test]
fn the_lines_of_the_macro_are_read_and_not_its_definition() {
    let text = "macro_rules! rules {\n    ($x:ident) => {};\n}\n\nrules! {\n    a_b,\n    c_d,\n}\n";
    assert_eq!(pages::lines_of_macro(text), ["a_b", "c_d"]);
}

#[test]
fn a_page_with_a_hole_is_told_which() {
    let case = |kind: &str| format!("### {kind}: so\n\n`etcd.log`\n```text\nline\n## no heading\n```\n\n- outcome: x\n\n");
    let cases = ["fires", "quiet", "unknown"].map(case).concat();
    let whole = format!(
        "# a.b-c\n\nAlerts: etcdX\n\n## Says\n\n- active: Words.\n\n## Means\n\nWords.\n\n## Confirm\n\n\
- `df`: full.\n\n## Do\n\n1. Look.\n\n\
         ## Ask\n\n`df`\n\n## Misleads when\n\n- Never.\n\n## Cases\n\n{cases}"
    );
    assert_eq!(pages::gaps("a_b_c.md", &whole), Vec::<String>::new());
    let other_name = |n: &str| n.to_owned();
    for (broken, part) in [
        (whole.replace("## Ask\n", ""), "no section `## Ask`"),
        (whole.replace("## Misleads when\n\n- Never.\n", "## Misleads when\n"), "`## Misleads when` is empty"),
        (whole.replace("## Means", "## Meaning"), "`## Meaning`"),
        (whole.replace("### quiet: so", "### fires: so"), "no case `### quiet: …`"),
        (whole.replace("### quiet: so", "### silent: so"), "`### silent: so`"),
        (whole.replace("- outcome: x\n\n### unknown", "### unknown"), "expects nothing"),
        (whole.replace("`etcd.log`\n", ""), "without a path"),
        (whole.replace("# a.b-c", "# a.c"), "title"),
        (
            other_name(&whole.replace(
                "## Says\n\n- active: Words.\n\n## Means\n\nWords.\n\n",
                "## Means\n\nWords.\n\n## Says\n\n- active: W.\n\n",
            )),
            "order",
        ),
    ] {
        let said = pages::gaps("a_b_c.md", &broken);
        assert!(said.iter().any(|s| s.contains(part)), "{part}: {said:?}");
    }
}

#[test]
fn a_rule_that_names_another_is_told() {
    let names = ["a_b", "c_d"].map(str::to_owned);
    assert_eq!(pages::other_rules("a_b", "use super::{draft::Draft, Rule};", &names), Vec::<String>::new());
    assert_eq!(pages::other_rules("a_b", "use super::{draft::Draft, c_d::RULE};", &names).len(), 1);
    assert_eq!(pages::other_rules("a_b", "fn f() { crate::rules::c_d::x() }", &names).len(), 1);
}

#[test]
fn files_without_a_sentence_or_with_an_empty_name_are_told() {
    assert_eq!(tree::opening("src/a.rs", "//! What a is,\n//! and why.\n\nuse x;"), None);
    for text in ["use x;", "", "//! placeholder\nuse x;", "//!\n//! Late.", "// Not a doc comment.", "\n//! Late."] {
        assert!(tree::opening("src/a.rs", text).is_some(), "{text:?}");
    }
    for path in ["src/util.rs", "src/parse/log_helpers.rs", "src/common/mod.rs", "src/x/misc.rs", "src/disk_manager.rs"] {
        assert!(tree::empty_name(path).is_some(), "{path}");
    }
    assert_eq!(tree::empty_name("src/parse/commands.rs"), None);
}
