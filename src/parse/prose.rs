//! What people write around their evidence: of it only the messages count that a sentence quotes, and they count little.

use super::logbook::{Log, Mark};
use crate::{
    bundle::Line,
    messages::{find_quoted, is_guide},
};

/// Distinct messages from which on a text is a collection of them: a runbook, a list of errors, a changelog.
const COLLECTION: usize = 3;

/// The prose of a text.
#[derive(Debug, Default)]
pub struct Prose {
    /// None where nothing is quoted, as in most texts.
    quoted: Option<Box<Log>>,
    is_guide: bool,
    /// The last line of prose.
    before: String,
}

impl Prose {
    /// A line that is no evidence by its form.
    pub fn line(&mut self, line: Line<'_>) {
        let text = line.text().trim();
        self.is_guide |= is_guide(text);
        if let Some(hit) = find_quoted(text, lead(&self.before)) {
            self.quoted.get_or_insert_default().note_quoted(&hit, Mark { quote: line.quote(), when: None, as_read: None });
        }
        text.clone_into(&mut self.before);
    }

    /// A line that can quote nothing, and which only stands before the next.
    pub fn pass(&mut self, line: Line<'_>) {
        line.text().trim().clone_into(&mut self.before);
    }

    /// The messages that its sentences quote as a case of their own; none where it is a guide.
    pub fn quoted(&self) -> Option<&Log> {
        let quoted = self.quoted.as_deref()?;
        let distinct = quoted.sightings().count();
        (distinct > 0 && distinct < COLLECTION && !self.is_guide).then_some(quoted)
    }
}

/// What leads from one line of prose to the next: its last sentence, unless that is over.
fn lead(before: &str) -> &str {
    let is_over = before.ends_with(['.', '?', '!', '。', '？']);
    if is_over { "" } else { before.rsplit(". ").next().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn quoted(text: &str) -> Vec<&'static str> {
        let source = Source::new("issue.md");
        let mut prose = Prose::default();
        (1..).zip(text.lines()).for_each(|(number, text)| prose.line(source.line(number, text)));
        prose.quoted().into_iter().flat_map(Log::sightings).map(|sighting| sighting.message.id).collect()
    }

    #[test]
    fn what_a_report_quotes_is_kept_and_what_a_guide_quotes_is_not() {
        assert_eq!(quoted("Hi all,\nsince today we get etcdserver: request is too large"), ["client-request-too-large"]);
        assert_eq!(quoted("I am not sure if it matters.\nError: etcdserver: request is too large"), ["client-request-too-large"]);
        for text in [
            "# Runbook etcd\n\nError: etcdserver: mvcc: database space exceeded\n",
            "When the quota is reached, clients are told:\nError: etcdserver: mvcc: database space exceeded",
            "- etcdserver: request is too large\n- wal: file not found\n- snap: snapshot file doesn't exist",
            "If a member prints\n`wal: file not found`",
        ] {
            assert_eq!(quoted(text), Vec::<&str>::new(), "{text}");
        }
    }
}
