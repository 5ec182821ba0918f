//! The manifest of a bundle, as evidence: what was asked of whom and when, what became of it, and the line that says so.

use super::{commands, log::When};
use crate::{
    bundle::{Lines, Manifest, ManifestError, Quote, Row, RowState, STDERR},
    text::Untrusted,
};

/// Most bytes of a manifest that are read. A row has some 500 bytes.
const MOST: usize = 16 << 20;

/// A manifest that was read.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it says.
    pub manifest: Manifest,
    /// Its rows as lines of a table of commands: of the outputs, and of what was said beside them.
    pub commands: Vec<commands::Row>,
}

/// Reads the lines of a file that is called like a manifest. `None` where it is none of ours.
///
/// # Errors
/// When it is damaged, or of a newer major format.
pub fn read(lines: &mut Lines<'_>) -> Result<Option<Planned>, ManifestError> {
    let (mut text, mut quotes, mut head) = (String::new(), Vec::new(), None);
    while let Some(line) = lines.next_line() {
        head.get_or_insert_with(|| line.quote());
        if line.text().contains("\"path\":") {
            quotes.push(line.quote());
        }
        if text.len() + line.text().len() > MOST {
            return Err(ManifestError::Damaged { why: format!("it is longer than {MOST} bytes") });
        }
        text.push_str(line.text());
        text.push('\n');
    }
    let (Some(manifest), Some(head)) = (Manifest::read(&text)?, head) else { return Ok(None) };
    // A row has one path; in whatever way the file was laid out anew, their order stays.
    let quote_of = |at: usize| quotes.get(at).unwrap_or(&head).clone();
    let mut commands = Vec::new();
    for (at, row) in manifest.rows.iter().enumerate() {
        commands.push(command(row, &row.path, quote_of(at)));
        if row.stderr.is_some() {
            commands.push(command(row, &format!("{}{STDERR}", row.path), quote_of(at)));
        }
    }
    Ok(Some(Planned { manifest, commands }))
}

fn command(row: &Row, file: &str, quote: Quote) -> commands::Row {
    let started = row.started.as_deref().and_then(|text| Some((When::read(text)?, text.into())));
    // What did not end in its time, or was ended, has no exit code, and is as little whole as what failed.
    let failed = matches!(row.state, Some(RowState::TimedOut | RowState::Failed)).then_some(-1);
    let exit_code = row.exit_code.map(i64::from).or(failed);
    commands::Row { file: file.into(), command: Untrusted::from(row.typed()), exit_code, started, quote }
}
