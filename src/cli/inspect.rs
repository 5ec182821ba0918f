//! `inspect`: what an input holds, without judging it.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Exit, analyze::inputs, confined, output::Output, processors::processors};
use crate::{
    analyze::{self, EntryRow, Evidence, Share},
    bundle::Limits,
    render::wrap::item,
    text::{Untrusted, escape},
};

/// What to look into.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders, archives or text files; - for text on standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Also print length, CRC-32 and SHA-256 of each entry, and hold a bundle against the sums in its manifest
    #[arg(long)]
    hashes: bool,
    #[command(flatten)]
    confined: confined::Confined,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Exit {
    if let Err(exit) = arguments.confined.enter(&arguments.inputs, false, output) {
        return exit;
    }
    let limits = Limits { sha256: arguments.hashes, threads: processors(), ..Limits::default() };
    let shares = match analyze::look(&inputs(&arguments.inputs), &limits) {
        Ok(shares) => shares,
        Err(error) => {
            output.complain(&error.to_string());
            return Exit::Usage;
        }
    };
    match output.data(|out| print_all(&shares, arguments.hashes, output.width(), out)) {
        Ok(()) => Exit::Ok,
        Err(exit) => exit,
    }
}

/// What is of one cluster behind what is of another, where there are several.
fn print_all(shares: &[Share], hashes: bool, width: usize, out: &mut dyn Write) -> io::Result<()> {
    for (at, Share { ids, evidence }) in shares.iter().enumerate() {
        if shares.len() > 1 {
            let whose =
                if ids.is_empty() { "of no cluster that shows".to_owned() } else { format!("cluster {}", ids.join(" or ")) };
            let before = if at > 0 { "\n" } else { "" };
            writeln!(out, "{before}{} of {}: {whose}", at + 1, shares.len())?;
        }
        print(evidence, hashes, width, out)?;
    }
    Ok(())
}

fn print(evidence: &Evidence, hashes: bool, width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "layout {}{}, {} entries, digest {}",
        evidence.layout.as_str(),
        version(evidence.writer.as_ref()),
        evidence.entries.len(),
        evidence.digest.as_str()
    )?;
    if !evidence.archives.is_empty() {
        writeln!(out, "\narchives")?;
    }
    for archive in &evidence.archives {
        let layout = format!("{}{}", archive.layout.as_str(), version(archive.writer.as_ref()));
        item(out, width, "  ", &format!("{}: layout {layout}, {} entries", archive.path.escaped(), archive.entries))?;
    }
    writeln!(out, "\nentries")?;
    for entry in &evidence.entries {
        print_entry(entry, hashes, width, out)?;
    }
    if !evidence.unread.is_empty() {
        writeln!(out, "\nnot read")?;
    }
    for unread in &evidence.unread {
        let name = if unread.path.is_empty() { String::new() } else { format!("{}: ", unread.path.escaped()) };
        item(out, width, "  ", &format!("{name}{}", unread.why))?;
    }
    print_collections(evidence, out)?;
    print_facts(evidence, out)
}

/// The version of a form's writer, behind the form's name.
fn version(writer: Option<&Untrusted>) -> String {
    writer.map(|version| format!(" {}", version.escaped())).unwrap_or_default()
}

/// Most hosts that are named beside an entry.
const MOST_HOSTS: usize = 4;

fn print_entry(entry: &EntryRow, hashes: bool, width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", escape(entry.path()))?;
    if hashes {
        let sha256 = entry.sha256.as_deref().unwrap_or("-");
        writeln!(out, "    {} bytes  crc32 {:08x}  sha256 {sha256}", entry.length, entry.crc32)?;
    }
    let hosts: Vec<String> = entry.whose.iter().take(MOST_HOSTS).map(|host| host.escaped().to_string()).collect();
    let more = if entry.whose.len() > MOST_HOSTS { ", …" } else { "" };
    // `[]` and `{}` are answers, of etcdctl for one, and hold nothing.
    let kinds = match (entry.kinds.is_empty(), entry.understood) {
        (true, 0) => "nothing that is known".to_owned(),
        (true, _) => "an answer that holds nothing".to_owned(),
        (false, _) => entry.kinds.join(", "),
    };
    let of = if hosts.is_empty() { String::new() } else { format!(" · {}{more}", hosts.join(", ")) };
    item(out, width, "    ", &format!("{kinds}{of}"))?;
    if let Some((first, last)) = &entry.window {
        writeln!(out, "    {} to {}", first.escaped(), last.escaped())?;
    }
    let told = if entry.missed.is_empty() { "" } else { "; the first that were not:" };
    writeln!(out, "    {} of {} lines understood{told}", entry.understood, entry.lines)?;
    for missed in &entry.missed {
        let line = format!("      {}: {}", missed.citation().line(), missed.excerpt().escaped());
        writeln!(out, "{}", cut(&line, width))?;
    }
    Ok(())
}

/// A line up to the width.
fn cut(line: &str, width: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let mut out = String::new();
    for c in line.chars() {
        if out.width() + c.width().unwrap_or(0) + 1 > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

/// What manifests say that was planned and is not there.
fn print_collections(evidence: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    for collection in &evidence.facts.collections {
        let end = if collection.finished { "" } else { ", not finished" };
        writeln!(out, "\ncollected on {}{end}; not obtained: {}", collection.host.escaped(), collection.missing.len())?;
        for (path, state, why) in &collection.missing {
            let why = why.as_ref().map(|why| format!(": {}", why.escaped())).unwrap_or_default();
            writeln!(out, "  {}  {}{why}", path.escaped(), state.as_str())?;
        }
    }
    Ok(())
}

fn print_facts(evidence: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    let facts = &evidence.facts;
    if !facts.members.is_empty() {
        writeln!(out, "\nmembers, or who may be one")?;
    }
    for member in &facts.members {
        let id = member.id.map(|id| format!("  id {id:x}")).unwrap_or_default();
        let host = member.host.as_ref().map(|host| format!("  host {}", host.escaped())).unwrap_or_default();
        let listed = if member.expected { "  belongs to the cluster" } else { "" };
        writeln!(out, "  {}{id}{host}{listed}", member.key.escaped())?;
    }
    if !facts.logs.is_empty() {
        writeln!(out, "\nlogs")?;
    }
    // As they lie there, and of one path the earlier first; a log without dates stands before all.
    let mut logs: Vec<_> = facts.logs.iter().collect();
    logs.sort_by_key(|log| {
        let first = log.log.first.as_ref()?;
        let cited = first.quote.citation();
        Some((cited.path(), cited.line(), first.when.map(|when| when.sort_key())))
    });
    for log in logs {
        let read = |mark: &Option<crate::parse::logbook::Mark>| {
            mark.as_ref().and_then(|m| m.as_read.as_ref()).map_or_else(|| "-".to_owned(), |t| t.escaped().to_string())
        };
        let host = log.writer.host.as_ref().map_or_else(|| "-".to_owned(), |h| h.escaped().to_string());
        let process = log.writer.process.as_ref().map_or_else(|| "-".to_owned(), |p| p.escaped().to_string());
        writeln!(out, "  {host} {process}: {} lines, {} to {}", log.log.lines, read(&log.log.first), read(&log.log.last))?;
    }
    if !facts.echoes.is_empty() {
        writeln!(out, "\ncommands typed in pasted terminals")?;
    }
    for echo in &facts.echoes {
        let host = echo.host.as_ref().map_or_else(|| "-".to_owned(), |h| h.escaped().to_string());
        writeln!(out, "  {host}: {} ({} lines)", echo.command.escaped(), echo.output_lines)?;
    }
    Ok(())
}
