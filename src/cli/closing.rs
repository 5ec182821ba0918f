//! The closing screen of a collection: the diagnosis of the file that was written, what is missing in it and how to get it, and what to do with it.

#![expect(clippy::disallowed_methods, reason = "a bundle that went to standard output is removed from its folder here")]

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use super::{Exit, analyze::FailOn, collect::name_of, output::Output, processors::processors, sharing};
use crate::{
    analyze,
    bundle::{EndedBy, Input, Limits, Row, RowState},
    collect::Collected,
    render::{self, units, wrap},
    text::escape,
    words::{CollectWords, Values, Words, fill},
};

/// Opens the file that was written, and tells its diagnosis, what is missing in it, and what to do with it. A bundle for standard output is sent there,
/// and the rest is told on standard error.
pub(super) fn close(collected: &Collected, fail_on: Option<FailOn>, to_stdout: bool, words: &Words, output: &Output) -> Exit {
    if to_stdout {
        let sent = output.file(&collected.path);
        let exit = sent.err().unwrap_or_else(|| tell(collected, fail_on, None, words, output));
        // It was made in a folder for temporary files; who reads standard output has it now.
        let _ = fs::remove_file(&collected.path);
        return exit;
    }
    tell(collected, fail_on, Some(&collected.path), words, output)
}

/// Tells the diagnosis and what is missing; `kept` is where the bundle stays.
fn tell(collected: &Collected, fail_on: Option<FailOn>, kept: Option<&Path>, words: &Words, output: &Output) -> Exit {
    let diagnosis = match analyze::analyze(
        &[Input::Path(collected.path.clone())],
        &Limits { threads: processors(), ..Limits::default() },
        words,
    ) {
        Ok(diagnosis) => diagnosis,
        Err(error) => {
            output.complain(&error.to_string());
            return Exit::Unsure;
        }
    };
    let width = output.width();
    let write = |out: &mut dyn Write| {
        render::text::write_verdict(&diagnosis, words, width, out)?;
        closing(collected, kept, &words.collect, width, out)?;
        sharing::closing(collected, &words.sharing, width, out)
    };
    let written = if kept.is_some() { output.data(write) } else { output.beside(write) };
    match (written, fail_on) {
        (Err(exit), _) => exit,
        (Ok(()), Some(fail_on)) if fail_on.is_met(&diagnosis) => Exit::Found,
        (Ok(()), _) if collected.is_complete() => Exit::Ok,
        (Ok(()), _) => Exit::Unsure,
    }
}

/// What is missing, where the bundle lies, and what to do with it.
fn closing(
    collected: &Collected,
    kept: Option<&Path>,
    words: &CollectWords,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let manifest = &collected.manifest;
    let missing: Vec<&Row> = manifest.rows.iter().filter(|row| !row.is_obtained()).collect();
    writeln!(out)?;
    let mut says = |mark: &str, text: &str| wrap::item(out, width, mark, text);
    match manifest.ended_by {
        Some(EndedBy::Signal) => says("", words.by_signal)?,
        Some(_) => says("", words.by_deadline)?,
        None => {}
    }
    let count = |n: usize| Values::from([("n", n.to_string()), ("of", manifest.rows.len().to_string())]);
    if !missing.is_empty() {
        says("", &fill(words.missing, &count(missing.len())))?;
    } else if manifest.ended_by.is_none() {
        says("", &fill(words.complete, &count(0)))?;
    }
    for line in by_reason(&missing, words) {
        says("  - ", &line)?;
    }
    let with_rights = with_rights(&missing);
    if !with_rights.is_empty() {
        says("", words.rights)?;
        // As they are: a line that was wrapped cannot be pasted.
        with_rights.iter().try_for_each(|command| writeln!(out, "  {}", escape(&collected.real(command))))?;
        let mut says = |mark: &str, text: &str| wrap::item(out, width, mark, text);
        says("", words.rights_after)?;
    }
    let mut says = |mark: &str, text: &str| wrap::item(out, width, mark, text);
    let Some(path) = kept else { return says("", words.sent) };
    let bytes = fs::metadata(path).map(|file| file.len()).unwrap_or_default();
    let values = Values::from([("path", path.to_string_lossy().into_owned()), ("size", units::bytes(bytes))]);
    says("", &fill(words.bundle, &values))?;
    says("", &fill(words.report, &values))?;
    says("", words.send)
}

/// What is missing, a line for each reason: seven rows without etcdctl are one piece of news.
fn by_reason(missing: &[&Row], words: &CollectWords) -> Vec<String> {
    let reason = |row: &Row| (row.state, row.why.clone());
    let mut reasons: Vec<(&Row, usize)> = Vec::new();
    for row in missing {
        match reasons.iter_mut().find(|(first, _)| reason(first) == reason(row)) {
            Some((_, more)) => *more += 1,
            None => reasons.push((row, 0)),
        }
    }
    let line = |(row, more): (&Row, usize)| {
        let more = if more > 0 { fill(words.and_more, &Values::from([("n", more.to_string())])) } else { String::new() };
        let why = row.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{}{more}: {}{why}", name_of(row), row.state.map_or("", RowState::as_str))
    };
    reasons.into_iter().map(line).collect()
}

/// What an administrator would run for the rows for which the rights were missing, each once: the same commands, and nothing else.
fn with_rights(missing: &[&Row]) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    for row in missing.iter().filter(|row| row.state == Some(RowState::Denied)) {
        let command = if row.argv.is_empty() {
            let show = if row.reads.iter().any(|file| file.ends_with(".gz")) { "zcat -f" } else { "cat" };
            format!("sudo {show} {}", row.reads.join(" "))
        } else {
            format!("sudo {}", row.typed())
        };
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_what_was_denied_the_same_commands_are_named_once_with_sudo() {
        let row = |state, argv: &[&str], reads: &[&str]| Row {
            state: Some(state),
            argv: argv.iter().map(|word| (*word).to_owned()).collect(),
            reads: reads.iter().map(|file| (*file).to_owned()).collect(),
            ..Row::default()
        };
        let rows = [
            row(RowState::Denied, &["journalctl", "-u", "etcd", "--since=24 hours ago"], &[]),
            row(RowState::Denied, &["journalctl", "-u", "etcd", "--since=24 hours ago"], &[]),
            row(RowState::Failed, &["curl", "http://127.0.0.1:2379/health"], &[]),
            row(RowState::Denied, &[], &["/var/log/messages-1.gz", "/var/log/messages"]),
        ];
        let rows: Vec<&Row> = rows.iter().collect();
        assert_eq!(
            with_rights(&rows),
            ["sudo journalctl -u etcd '--since=24 hours ago'", "sudo zcat -f /var/log/messages-1.gz /var/log/messages"]
        );
    }
}
