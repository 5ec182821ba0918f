//! `verify`: stored fixtures still get their diagnosis.

#![expect(
    clippy::disallowed_methods,
    reason = "fixtures are looked for here, their expectations are read and, with --bless, written"
)]

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;

use super::{Exit, confined, output::Output, processors::processors};
use crate::{
    analyze,
    bundle::{Input, Limits},
    compare::{Difference, differences, expectation},
    render::json,
    text::escape,
    words::Words,
};

/// What to verify.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fixtures, or folders in which they lie at any depth
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Rewrite what is expected, after showing how it differs. Read the differences before you commit them
    #[arg(long, conflicts_with = "require_sandbox")]
    bless: bool,
    #[command(flatten)]
    confined: confined::Confined,
}

/// How a fixture ended.
enum Fate {
    Same,
    Differs(Vec<Difference>),
    Unreadable(String),
}

pub(super) fn run(arguments: &Arguments, words: &Words, output: &Output) -> Exit {
    // Who blesses writes beside the fixtures.
    if !arguments.bless
        && let Err(exit) = arguments.confined.enter(&arguments.folders, false, output)
    {
        return exit;
    }
    let mut fixtures = Vec::new();
    for folder in &arguments.folders {
        if let Err(error) = find(folder, &mut fixtures) {
            output.complain(&format!("cannot look into {}: {error}", shown(folder)));
            return Exit::Usage;
        }
    }
    if fixtures.is_empty() {
        output.complain("no fixture found: a fixture is a folder with expected.json beside its input, input.tar.gz or input.txt");
        return Exit::Usage;
    }
    let (mut differ, mut broken, mut lines) = (0, 0, String::new());
    for (fixture, fate) in fixtures.iter().zip(fates(&fixtures, words, arguments.bless)) {
        match fate {
            Fate::Same => lines.push_str(&format!("same     {}\n", shown(fixture))),
            Fate::Differs(found) => {
                differ += 1;
                lines.push_str(&format!("{} {}\n", if arguments.bless { "blessed " } else { "DIFFERS " }, shown(fixture)));
                found.iter().for_each(|difference| lines.push_str(&told(difference)));
            }
            Fate::Unreadable(why) => {
                broken += 1;
                lines.push_str(&format!("BROKEN   {}: {why}\n", shown(fixture)));
            }
        }
    }
    let same = fixtures.len() - differ - broken;
    lines.push_str(&format!("{} fixtures: {same} same, {differ} differ, {broken} cannot be read\n", fixtures.len()));
    if let Err(exit) = output.data(|out| out.write_all(lines.as_bytes())) {
        return exit;
    }
    match (broken, differ) {
        (1.., _) => Exit::Usage,
        (0, 1..) if !arguments.bless => Exit::Found,
        _ => Exit::Ok,
    }
}

/// Fixtures at or below a folder, in the order of their names.
fn find(folder: &Path, fixtures: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.join("expected.json").is_file() || folder.join("provenance.md").is_file() {
        fixtures.push(folder.to_owned());
        return Ok(());
    }
    let mut children = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    children.sort_by_key(fs::DirEntry::file_name);
    for child in children {
        if child.file_type()?.is_dir() {
            find(&child.path(), fixtures)?;
        }
    }
    Ok(())
}

/// How each fixture ends, on all cores: none has to do with another.
fn fates(fixtures: &[PathBuf], words: &Words, bless: bool) -> Vec<Fate> {
    let workers = processors();
    let next = AtomicUsize::new(0);
    let fates: Vec<OnceLock<Fate>> = fixtures.iter().map(|_| OnceLock::new()).collect();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((fixture, fate)) = fixtures.iter().zip(&fates).nth(next.fetch_add(1, Ordering::Relaxed)) {
                    fate.get_or_init(|| verify(fixture, words, bless));
                }
            });
        }
    });
    let missing = || Fate::Unreadable("it was not verified".to_owned());
    fates.into_iter().map(|fate| fate.into_inner().unwrap_or_else(missing)).collect()
}

fn verify(fixture: &Path, words: &Words, bless: bool) -> Fate {
    let diagnosis = match analyze::analyze(&[Input::Path(fixture.to_owned())], &Limits::default(), words) {
        Ok(diagnosis) => diagnosis,
        Err(error) => return Fate::Unreadable(error.to_string()),
    };
    let got = expectation(&diagnosis);
    let file = fixture.join("expected.json");
    let expected = match fs::read_to_string(&file) {
        Ok(text) => match serde_json::from_str::<Value>(&text) {
            Ok(expected) => expected,
            Err(error) => return Fate::Unreadable(format!("expected.json: {error}")),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && bless => Value::Null,
        Err(error) => return Fate::Unreadable(format!("expected.json: {error} (--bless writes it)")),
    };
    let found = differences(&expected, &got);
    if found.is_empty() {
        return Fate::Same;
    }
    if bless {
        let mut text = Vec::new();
        if let Err(error) = json::write_value(&got, &mut text).and_then(|()| fs::write(&file, text)) {
            return Fate::Unreadable(format!("expected.json cannot be written: {error}"));
        }
    }
    Fate::Differs(found)
}

fn told(difference: &Difference) -> String {
    let or_nothing = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    let at = if difference.at.is_empty() { "all" } else { &difference.at };
    format!("           {at}: expected {}, got {}\n", or_nothing(&difference.expected), or_nothing(&difference.got))
}

fn shown(path: &Path) -> String {
    escape(&path.to_string_lossy()).to_string()
}
