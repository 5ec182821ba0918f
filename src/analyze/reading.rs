//! One text: the layout says what was typed, the readers what was printed.

use crate::{
    bundle::{Line, Lines, ManifestError},
    layout::{FIRST_PART, Part, Piece, Transcript, has_no_header, is_hostname, is_manifest, looks_pasted, mend, tells_of_writer},
    parse::{
        manifest,
        text::{Extract, Reader},
    },
    text::Untrusted,
};

/// What one entry said.
#[derive(Default)]
pub(crate) struct Text {
    /// What was understood. Many texts say nothing, and are moved all the same.
    pub extract: Box<Extract>,
    /// Commands that were seen behind prompts.
    pub prompts: usize,
    /// Why it is no manifest that can be used, though it is called and begins like one.
    pub refused: Option<ManifestError>,
    /// The lines of a short file in which a form's writer or a host tells its own name.
    pub told: Vec<Untrusted>,
}

/// Reads a text to its end.
pub(super) fn read_text(lines: &mut Lines<'_>) -> Text {
    read_with(lines, true)
}

/// `familiar` says whether lines that look like earlier ones may be taken without a full reading. It changes only how long it takes.
fn read_with(lines: &mut Lines<'_>, familiar: bool) -> Text {
    if is_manifest(lines.source().path()) {
        return read_manifest(lines);
    }
    let reader = if familiar { begun(lines) } else { Reader::in_full() };
    let (mut transcript, mut reader, mut told) = (Transcript::default(), reader, Vec::new());
    if lines.number() == 0 && looks_pasted(&lines.words_ahead(FIRST_PART)) {
        read_paste(lines, &mut transcript, &mut reader);
    } else if is_hostname(lines.source().path()) || tells_of_writer(lines.source().path()) {
        while let Some(line) = lines.next_line() {
            if told.len() < MOST_TOLD {
                told.push(line.text().trim().into());
            }
            take(line, &mut transcript, &mut reader);
        }
    } else {
        while let Some(line) = lines.next_line() {
            take(line, &mut transcript, &mut reader);
            if let Some(block) = lines.block() {
                let taken = reader.run(&block);
                lines.pass(taken.bytes, taken.lines);
            }
        }
    }
    Text { extract: Box::new(reader.finish()), prompts: transcript.prompts(), refused: None, told }
}

/// A reader that has read the first part of a text, if that is nothing but metrics or rows of the kernel's files: then it is no paste either. Else one
/// that has read nothing.
fn begun(lines: &mut Lines<'_>) -> Reader {
    let path = lines.source().path();
    if is_hostname(path) || tells_of_writer(path) {
        return Reader::default();
    }
    let mut reader = Reader::default();
    let taken = lines.opening(FIRST_PART).and_then(|block| reader.begin(&block).filter(|_| has_no_header(block.text)));
    match taken {
        Some(taken) => lines.pass(taken.bytes, taken.lines),
        None => reader = Reader::default(),
    }
    reader
}

/// Most lines of a short file in which somebody tells a name that are kept.
const MOST_TOLD: usize = 32;

/// Most bytes of a paste that are looked at together.
const MOST_PASTED: usize = 1024 * 1024;

fn read_paste(lines: &mut Lines<'_>, transcript: &mut Transcript, reader: &mut Reader) {
    let mut is_more = true;
    while is_more {
        let (mut held, mut bytes) = (Vec::new(), 0);
        is_more = false;
        while let Some(line) = lines.next_line() {
            bytes += line.text().len();
            held.push(line.hold());
            if bytes > MOST_PASTED {
                is_more = true;
                break;
            }
        }
        for piece in mend(held) {
            match piece {
                Piece::Edge => reader.edge(),
                Piece::Line(line) => take(line.line(), transcript, reader),
            }
        }
    }
}

fn take(line: Line<'_>, transcript: &mut Transcript, reader: &mut Reader) {
    match transcript.part(line.text()) {
        Part::Prompt(prompt) => reader.prompt(prompt.host, prompt.command, line),
        Part::Host(host) => reader.heading(host, line),
        Part::Edge => reader.edge(),
        Part::Text => reader.line(line),
    }
}

fn read_manifest(lines: &mut Lines<'_>) -> Text {
    let (planned, refused) = match manifest::read(lines) {
        Ok(planned) => (planned, None),
        Err(error) => (None, Some(error)),
    };
    let understood = if planned.is_some() { lines.number() } else { 0 };
    let extract = Extract { lines: lines.number(), understood, planned: planned.map(Box::new), ..Extract::default() };
    Text { extract: Box::new(extract), refused, ..Text::default() }
}

#[cfg(test)]
mod tests;
