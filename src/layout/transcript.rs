//! Pasted terminals: prompts with the commands typed behind them, headings between hosts, and the code fences in which people put them.

use super::elsewhere::host_of;
use super::heading::{behind_rule, heading, is_rule};
use super::prompt::{Prompt, prompt};

/// What a line of a pasted text is to its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A prompt, with what was typed behind it.
    Prompt(Prompt<'a>),
    /// A heading: what follows is of this host.
    Host(&'a str),
    /// A code fence: what was printed before it is over.
    Edge,
    /// Anything else.
    Text,
}

/// Reads a text as a terminal's, line by line.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    prompts: usize,
    /// Whether the last line was one of those around dshbak's headings.
    is_behind_rule: bool,
}

impl Transcript {
    /// What the next line is.
    pub fn part<'a>(&mut self, text: &'a str) -> Part<'a> {
        let text = text.trim();
        if text.starts_with("```") || text.starts_with("~~~") || is_dump_edge(text) {
            return Part::Edge;
        }
        let is_behind_rule = std::mem::replace(&mut self.is_behind_rule, is_rule(text));
        if let Some(host) = heading(text).or_else(|| if is_behind_rule { behind_rule(text) } else { None }) {
            return Part::Host(host);
        }
        match prompt(text) {
            Some(prompt) => {
                self.prompts += 1;
                Part::Prompt(Prompt { host: host_of(prompt.command, prompt.host), ..prompt })
            }
            None => Part::Text,
        }
    }

    /// How many prompts there were.
    pub fn prompts(&self) -> usize {
        self.prompts
    }
}

/// The lines that `kubectl cluster-info dump` puts around each container's log.
fn is_dump_edge(text: &str) -> bool {
    let inner = text.strip_prefix("==== ").and_then(|text| text.strip_suffix(" ===="));
    inner.is_some_and(|inner| ["START", "END"].iter().any(|word| inner.starts_with(&format!("{word} logs for container "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_counted_and_a_fence_is_an_edge() {
        let mut transcript = Transcript::default();
        assert!(matches!(transcript.part("[root@db-1 ~]# df"), Part::Prompt(Prompt { host: Some("db-1"), command: "df" })));
        assert_eq!(transcript.part("/dev/vda1 10 1 9 10% /"), Part::Text);
        assert_eq!(transcript.part("```bash"), Part::Edge);
        assert_eq!(transcript.part("==== END logs for container etcd of pod kube-system/etcd-a ===="), Part::Edge);
        assert_eq!(transcript.part("==== END ===="), Part::Text);
        assert_eq!(transcript.part("==== db-2 ===="), Part::Host("db-2"));
        assert_eq!(transcript.part("db-3"), Part::Text);
        // As dshbak prints it.
        let parts = ["----------------", "db-3", "----------------"].map(|line| transcript.part(line));
        assert_eq!(parts, [Part::Text, Part::Host("db-3"), Part::Text]);
        assert_eq!(transcript.prompts(), 1);
    }
}
