//! The lines worth keeping from months of a journal: when etcd started, when and how it ended, and what it could not survive.

use aho_corasick::AhoCorasick;

use super::{Class, all, template::longest_literal};

/// Words of landmarks that no message of the catalogue has: levels of a line that ends the process, a panic of Go, and systemd about a unit.
const BESIDE: &[&str] = &[
    "\"level\":\"fatal\"",
    "\"level\":\"panic\"",
    " C | ",
    "panic: ",
    "fatal error: ",
    "Failed with result",
    "ailed to start",
    "entered failed state",
    "Scheduled restart job",
    "Starting etcd",
    "Started etcd",
    "Stopping etcd",
    "Stopped etcd",
];

/// Literals below this length would meet ordinary lines too.
const LEAST: usize = 8;

/// Finds landmarks.
#[derive(Debug)]
pub struct Landmarks {
    words: AhoCorasick,
}

impl Landmarks {
    /// Of the whole catalogue: what starts, serves, stops, or ends the process.
    ///
    /// # Errors
    /// None that is known: the words are constants.
    pub fn new() -> Result<Self, aho_corasick::BuildError> {
        Ok(Self { words: AhoCorasick::new(Self::words())? })
    }

    /// The words of which a landmark has one, sorted.
    pub fn words() -> Vec<&'static str> {
        let is_one = |class| matches!(class, Class::Start | Class::Serving | Class::Stop);
        let of_life = all().filter(|message| message.fatal || is_one(message.class));
        let of_units = all().flat_map(|message| message.wordings).filter(|wording| wording.since == "systemd");
        let wordings = of_life.flat_map(|message| message.wordings).chain(of_units);
        let literals = wordings.map(|wording| longest_literal(wording.text).trim());
        let mut words: Vec<&str> = literals.filter(|words| words.len() >= LEAST).chain(BESIDE.iter().copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whether a line may be one. Some ordinary lines pass as well; none of the landmarks is missed.
    pub fn may_be(&self, line: &[u8]) -> bool {
        self.words.is_match(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_stops_and_ends_are_kept_in_every_form_and_ordinary_lines_are_not() {
        let landmarks = Landmarks::new().unwrap();
        for line in [
            "Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found",
            "Nov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8",
            "2026-11-22T15:46:32+0000 a etcd[9]: {\"level\":\"info\",\"msg\":\"starting an etcd server\",\"etcd-version\":\"3.5.16\"}",
            "2026-11-22T15:46:32+0000 a etcd[9]: {\"level\":\"fatal\",\"msg\":\"words of a later version\"}",
            "2026-11-22T15:46:32+0000 a systemd[1]: etcd.service: Main process exited, code=killed, status=9/KILL",
            "2026-11-22T15:46:32+0000 a etcd[9]: received terminated signal, shutting down...",
        ] {
            assert!(landmarks.may_be(line.as_bytes()), "{line}");
        }
        for line in [
            "Nov 22 15:46:32 db03 etcd[6302]: store.index: compact 12345",
            "a etcd[9]: {\"level\":\"warn\",\"msg\":\"apply request took too long\",\"took\":\"152.3ms\"}",
            "Nov 22 15:46:32 db03 etcd[6302]: 8e9e05c52164694d became follower at term 3",
        ] {
            assert!(!landmarks.may_be(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn no_recorded_line_of_a_landmark_is_missed() {
        let landmarks = Landmarks::new().unwrap();
        let is_one = |class| matches!(class, Class::Start | Class::Serving | Class::Stop);
        let mut seen = 0;
        for message in all().filter(|message| message.fatal || is_one(message.class)) {
            for wording in message.wordings.iter().filter(|wording| !wording.sample.is_empty()) {
                assert!(landmarks.may_be(wording.sample.as_bytes()), "{}: {}", message.id, wording.sample);
                seen += 1;
            }
        }
        assert!(seen > 30, "{seen}");
    }
}
