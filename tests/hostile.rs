//! Hostile inputs, each with what it gets: read by a person, and held word for word. `docs/hostile-input.md` is the table of them.

#![expect(clippy::disallowed_methods, reason = "these tests make inputs and run the program on them")]
#![expect(clippy::indexing_slicing, clippy::panic, reason = "what is cut, is cut at a known place")]

#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/inputs.rs"]
mod inputs;
mod program;
#[path = "hostile/tarball.rs"]
mod tarball;
#[path = "hostile/within.rs"]
mod within;
#[path = "hostile/zipfile.rs"]
mod zipfile;

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use program::program;

/// What is run on an input that is kept: what it holds, and the verdict.
const BOTH: &[&[&str]] = &[&["inspect"], &["analyze", "-q"]];

/// Lines that are kept at each end of a long screen, and columns of a line.
const ENDS: usize = 40;
const WIDEST: usize = 240;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile")
}

fn is_writing() -> bool {
    env::var_os("ETCD_TRIAGE_WRITE").is_some()
}

/// Address space that the program gets, in KiB: what it needs for itself, its threads and blocks, and no room for many copies of an input.
const ROOM: u32 = 192 << 10;

/// What the program says of an input, run where it lies, with so much memory that no input can be held in it many times.
fn says(folder: &Path, input: &str, commands: &[&[&str]]) -> String {
    let mut out = String::new();
    for command in commands {
        let arguments = [command, &[input][..]].concat();
        let script = format!("ulimit -v {ROOM}; exec \"$0\" \"$@\"");
        let mut bounded = Command::new("sh");
        bounded.args(["-c", &script]).arg(program()).args(&arguments).current_dir(folder);
        let output = bounded.output().expect("the program can be started");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8");
        let exit = output.status.code().unwrap_or_else(|| panic!("{input}: it was killed: {}", text(&output.stderr)));
        out += &format!("$ etcd-triage {}\n{}{}(exit {exit})\n", arguments.join(" "), text(&output.stdout), text(&output.stderr));
    }
    let out = shortened(&out);
    assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "control characters reach the terminal: {out:?}");
    out
}

/// A screen that goes on with the same for pages, without the middle of it.
fn shortened(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.char_indices().nth(WIDEST) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line.to_owned(),
        })
        .collect();
    if lines.len() <= 2 * ENDS {
        return lines.join("\n") + "\n";
    }
    let middle = format!("[{} more lines]", lines.len() - 2 * ENDS);
    [&lines[..ENDS], &[middle][..], &lines[lines.len() - ENDS..]].concat().join("\n") + "\n"
}

/// Holds what is said of a fixture against what is written there.
fn hold(name: &str, said: &str, complaints: &mut Vec<String>) {
    let path = root().join(name).join("says.txt");
    if is_writing() {
        fs::write(&path, said).expect("the fixture can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if said != expected {
        complaints.push(format!("{name}: it says\n{said}\nand {} has\n{expected}", path.display()));
    }
}

#[test]
fn each_hostile_input_gets_what_is_written_beside_it() {
    let mut complaints = Vec::new();
    for (name, file, bytes) in inputs::small() {
        let folder = root().join(name);
        if is_writing() {
            fs::create_dir_all(&folder).expect("the fixture can be made");
            fs::write(folder.join(file), bytes).expect("the fixture can be written");
        }
        assert!(folder.join(file).is_file(), "{name}: there is no {file}: ETCD_TRIAGE_WRITE=1 makes it");
        hold(name, &says(&folder, file, BOTH), &mut complaints);
    }
    assert!(complaints.is_empty(), "\n{}\nRead it, and write it with ETCD_TRIAGE_WRITE=1.", complaints.join("\n\n"));
}

#[test]
fn each_input_too_large_to_be_kept_is_made_and_gets_what_is_written_for_it() {
    let mut complaints = Vec::new();
    for (name, make) in bombs::ALL {
        let at = tempfile::tempdir().expect("a folder for what is made");
        let input = make(at.path());
        if is_writing() {
            fs::create_dir_all(root().join(name)).expect("the fixture can be made");
        }
        hold(name, &says(at.path(), input, &[&["inspect"]]), &mut complaints);
    }
    assert!(complaints.is_empty(), "\n{}\nRead it, and write it with ETCD_TRIAGE_WRITE=1.", complaints.join("\n\n"));
}

/// Rows of the table: what is sent, the fixture, words that it gets.
fn rows(page: &str) -> Vec<(String, Vec<String>)> {
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = page.lines().filter(|line| line.starts_with("| ")).map(cells).filter(|cells| cells.len() == 3);
    let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let name = |cell: &str| cell.strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
    rows.filter_map(|cells| Some((name(&cells[1])?, quoted(&cells[2])))).collect()
}

/// What is wrong between a table and the fixtures with what they say.
fn contradictions(page: &str, fixtures: &[(String, String)]) -> Vec<String> {
    let rows = rows(page);
    let mut out = Vec::new();
    let listed: BTreeSet<&String> = rows.iter().map(|(name, _)| name).collect();
    out.extend(fixtures.iter().filter(|(name, _)| !listed.contains(name)).map(|(name, _)| format!("{name} is not in the table")));
    for (name, words) in &rows {
        match fixtures.iter().find(|(fixture, _)| fixture == name) {
            None => out.push(format!("{name} is no fixture")),
            Some(_) if words.is_empty() => out.push(format!("{name}: the table does not quote what it gets")),
            Some((_, says)) => {
                // Lines are wrapped at the width of a pipe.
                let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
                out.extend(words.iter().filter(|w| !says.contains(w.as_str())).map(|w| format!("{name} does not say `{w}`")));
            }
        }
    }
    out
}

#[test]
fn the_table_of_hostile_inputs_says_what_the_fixtures_get() {
    let names = fs::read_dir(root()).expect("fixtures/hostile can be listed").map(|entry| entry.expect("an entry").file_name());
    let fixtures: Vec<(String, String)> = names
        .map(|name| {
            let name = name.to_string_lossy().into_owned();
            let says = fs::read_to_string(root().join(&name).join("says.txt")).expect("each fixture has says.txt");
            (name, says)
        })
        .collect();
    assert!(fixtures.len() > 70, "{}", fixtures.len());
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/hostile-input.md")).expect("the page is there");
    let wrong = contradictions(&page, &fixtures);
    assert!(wrong.is_empty(), "docs/hostile-input.md:\n{}", wrong.join("\n"));
    let made: BTreeSet<&str> =
        inputs::small().iter().map(|(name, ..)| *name).chain(bombs::ALL.iter().map(|(name, _)| *name)).collect();
    let left: Vec<_> = fixtures.iter().filter(|(name, _)| !made.contains(name.as_str())).collect();
    assert!(left.is_empty(), "nobody makes {left:?}");
}

#[test]
fn a_table_that_is_wrong_is_seen() {
    let fixtures = [("bomb".to_owned(), "it was\n  refused".to_owned()), ("lost".to_owned(), String::new())];
    let page = "| sent | fixture | gets |\n| --- | --- | --- |\n| a | `bomb` | `it was refused` |\n| b | `gone` | `x` |\n";
    assert_eq!(contradictions(page, &fixtures), ["lost is not in the table", "gone is no fixture"]);
    let page = "| a | `bomb` | `all is well` |\n| b | `lost` | nothing |\n";
    assert_eq!(
        contradictions(page, &fixtures),
        ["bomb does not say `all is well`", "lost: the table does not quote what it gets"]
    );
}
