//! `analyze --each`: inputs that have nothing to do with each other, analysed apart and in parallel; a line of JSON for each, in the order
//! in which they were given.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Condvar, Mutex, PoisonError},
    thread,
};

use serde::Serialize;

use super::{Exit, analyze::FailOn, processors::processors};
use crate::{
    analyze,
    bundle::{Input, Limits},
    diagnosis::Diagnosis,
    render::json,
    words::Words,
};

/// How far the others may be ahead of a slow input, for each worker: lines that wait for it are held in memory.
const AHEAD: usize = 32;

/// One input's line.
#[derive(Serialize)]
struct Row {
    /// The input as it was given.
    given: String,
    /// How the program would have ended on this input alone.
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnosis: Option<Diagnosis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What the workers and the writer share.
#[derive(Default)]
struct State {
    /// The next input that nobody has taken.
    next: usize,
    /// Lines written.
    written: usize,
    /// Lines that wait for those before them.
    done: BTreeMap<usize, (Vec<u8>, Exit)>,
    /// The reader of the output went away: nothing more is worth doing.
    is_over: bool,
}

struct Work<'a> {
    inputs: &'a [Input],
    fail_on: FailOn,
    words: &'a Words,
    limits: &'a Limits,
    workers: usize,
    state: Mutex<State>,
    changed: Condvar,
}

/// Analyses each input and writes its line. How it ends is the worst that one ended with.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn run(inputs: &[Input], fail_on: FailOn, limits: &Limits, words: &Words, out: &mut dyn Write) -> io::Result<Exit> {
    let workers = processors().min(inputs.len());
    let work = Work { inputs, fail_on, words, limits, workers, state: Mutex::new(State::default()), changed: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| while work.one().is_some() {});
        }
        let written = work.write(out);
        work.lock().is_over = true;
        work.changed.notify_all();
        written
    })
}

/// Of two ends the one that counts for all: a finding goes before an input that could not be opened, and that before an open verdict.
fn worst(a: Exit, b: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Output => 4,
        Exit::Found => 3,
        Exit::Usage => 2,
        Exit::Unsure => 1,
        Exit::Ok => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}

impl Work<'_> {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // What is behind the lock is whole after each of its changes, whoever stopped.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next input and analyses it; none where there is none left.
    fn one(&self) -> Option<()> {
        let (at, input) = {
            let is_too_far = |state: &mut State| !state.is_over && state.next >= state.written + AHEAD * self.workers;
            let mut state = self.changed.wait_while(self.lock(), is_too_far).unwrap_or_else(PoisonError::into_inner);
            let at = state.next;
            let input = self.inputs.get(at).filter(|_| !state.is_over)?;
            state.next += 1;
            (at, input)
        };
        let line = self.line(input);
        self.lock().done.insert(at, line);
        self.changed.notify_all();
        Some(())
    }

    fn line(&self, input: &Input) -> (Vec<u8>, Exit) {
        let (exit, diagnosis, error) = match analyze::analyze(std::slice::from_ref(input), self.limits, self.words) {
            Ok(diagnosis) => (super::analyze::exit(&diagnosis, self.fail_on), Some(diagnosis), None),
            Err(error) => (Exit::Usage, None, Some(error.to_string())),
        };
        let mut line = Vec::new();
        // Writing into memory does not fail.
        let _ = json::write_line(&Row { given: input.name(), exit: exit.code(), diagnosis, error }, &mut line);
        (line, exit)
    }

    /// Writes the lines in the order of the inputs, as they come.
    fn write(&self, out: &mut dyn Write) -> io::Result<Exit> {
        let mut exit = Exit::Ok;
        for at in 0..self.inputs.len() {
            let line = {
                let is_missing = |state: &mut State| !state.done.contains_key(&at);
                let mut state = self.changed.wait_while(self.lock(), is_missing).unwrap_or_else(PoisonError::into_inner);
                state.written = at + 1;
                state.done.remove(&at)
            };
            self.changed.notify_all();
            let Some((line, of_input)) = line else { continue };
            out.write_all(&line)?;
            exit = worst(exit, of_input);
        }
        Ok(exit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::EN;

    fn input(text: &str) -> Input {
        Input::Memory(vec![("etcd.log".into(), text.into())])
    }

    #[test]
    fn lines_stand_in_the_order_of_the_inputs_and_one_that_cannot_be_opened_stops_no_other() {
        let bad = Input::Path("/nowhere/at all".into());
        let inputs: Vec<Input> = (0..200).map(|n| if n % 7 == 3 { bad.clone() } else { input(&"x\n".repeat(n)) }).collect();
        let mut out = Vec::new();
        let exit = run(&inputs, FailOn::Never, &Limits::default(), &EN, &mut out).unwrap();
        assert_eq!(exit, Exit::Usage);
        let lines: Vec<serde_json::Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 200);
        for (n, line) in lines.iter().enumerate() {
            let is_bad = n % 7 == 3;
            assert_eq!(line["exit"], if is_bad { 2 } else { 3 }, "{n}");
            assert_eq!(line["error"].is_string(), is_bad);
            assert_eq!(line["diagnosis"].is_object(), !is_bad);
        }
        let digest = |text: &str| {
            let alone = analyze::analyze(&[input(text)], &Limits::default(), &EN).unwrap();
            alone.input.digest
        };
        assert_eq!(lines[151]["diagnosis"]["input"]["digest"].as_str(), Some(digest(&"x\n".repeat(151)).as_str()));
    }

    #[test]
    fn a_reader_that_goes_away_ends_the_work() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let inputs: Vec<Input> = (0..5000).map(|_| input("x\n")).collect();
        let error = run(&inputs, FailOn::Never, &Limits::default(), &EN, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn a_finding_counts_more_than_what_could_not_be_opened_and_that_more_than_an_open_verdict() {
        let ends = [Exit::Ok, Exit::Unsure, Exit::Usage, Exit::Found];
        for (at, lesser) in ends.iter().enumerate() {
            for greater in &ends[at..] {
                assert_eq!((worst(*lesser, *greater), worst(*greater, *lesser)), (*greater, *greater));
            }
        }
    }
}
