//! `analyze`: the diagnosis of one cluster.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{Exit, output::Output};
use crate::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::{Confidence, Diagnosis, Severity},
    render,
    words::Words,
};

/// What to analyse, and how to tell it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders, archives (.tar.gz, .tar, .zip) or text files of one cluster; - for text on standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Form of the diagnosis
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the diagnosis to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// End with 1 if an active finding is at or above this
    #[arg(long, value_enum, default_value = "warning", value_name = "SEVERITY")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs; schema in docs/diagnosis.schema.json
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Critical,
    /// Never
    Never,
}

pub(super) fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().map(|path| if path.as_os_str() == "-" { Input::Stdin } else { Input::Path(path.clone()) }).collect()
}

pub(super) fn run(arguments: &Arguments, words: &Words, output: &Output) -> Exit {
    let inputs = inputs(&arguments.inputs);
    if inputs.iter().filter(|input| matches!(input, Input::Stdin)).count() > 1 {
        output.complain("standard input can be given once");
        return Exit::Usage;
    }
    let diagnosis = match analyze::analyze(&inputs, &Limits::default(), words) {
        Ok(diagnosis) => diagnosis,
        Err(error) => {
            output.complain(&error.to_string());
            return Exit::Usage;
        }
    };
    let width = if arguments.output.is_some() { 100 } else { output.width() };
    let written = output.data(arguments.output.as_deref(), |out| match arguments.format {
        Format::Json => render::json::write(&diagnosis, out),
        Format::Text => render::text::write(&diagnosis, words, width, out),
    });
    match written {
        Ok(()) => exit(&diagnosis, arguments.fail_on),
        Err(exit) => exit,
    }
}

fn exit(diagnosis: &Diagnosis, fail_on: FailOn) -> Exit {
    let least = match fail_on {
        FailOn::Info => Some(Severity::Info),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Critical => Some(Severity::Critical),
        FailOn::Never => None,
    };
    if least.is_some_and(|least| diagnosis.has_active(least)) {
        Exit::Found
    } else if diagnosis.verdict.primary.is_none() || diagnosis.verdict.confidence == Confidence::Low {
        Exit::Unsure
    } else {
        Exit::Ok
    }
}
