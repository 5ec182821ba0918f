//! A rule's page: all words of a diagnosis in one language, and the cases that prove it.
//!
//! The same text is printed by `explain`, fills the words of findings, and is run by the tests; so it cannot drift from what the rule
//! does. Placeholders are written `{name}`, or `{name|words to use where it is not known}`.

use std::collections::BTreeMap;

use crate::{
    diagnosis::{Risk, Step},
    words::fill,
};

pub use crate::words::Values;

/// A page, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The title: the code.
    pub title: String,
    /// Names of Prometheus alerts that ask for this page.
    pub alerts: Vec<String>,
    /// Sentences by variant: `active`, `recovered`, `unknown`, and others that the rule names.
    pub says: BTreeMap<String, String>,
    /// What it means.
    pub means: String,
    /// Commands that confirm it, each with what to see.
    pub confirm: Vec<String>,
    /// What to do while it goes on, in order.
    pub steps: Vec<Step>,
    /// What to do once it is over, in order.
    pub steps_afterwards: Vec<Step>,
    /// The one command that settles it.
    pub ask: String,
    /// When the diagnosis is wrong.
    pub misleads: String,
    /// Cases: evidence, and what must come out.
    pub cases: Vec<Case>,
}

/// A case of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// `fires`, `quiet` or `unknown`.
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// Paths and content of the evidence.
    pub files: Vec<(String, String)>,
    /// What is expected, as `key: value`.
    pub expect: BTreeMap<String, String>,
}

impl Page {
    /// Takes a page apart. What is missing stays empty; a test holds all pages to completeness.
    pub fn read(text: &str) -> Self {
        let mut page = Self::default();
        for (heading, body) in sections(text) {
            match heading {
                "" => page.head(body),
                "Says" => page.says = body.lines().filter_map(variant).collect(),
                "Means" => page.means = paragraph(body),
                "Confirm" => page.confirm = items(body).into_iter().map(|item| item.replace('`', "")).collect(),
                "Do" => page.steps = items(body).iter().map(|item| step(item)).collect(),
                "Do afterwards" => page.steps_afterwards = items(body).iter().map(|item| step(item)).collect(),
                "Ask" => page.ask = paragraph(body).replace('`', ""),
                "Misleads when" => page.misleads = body.trim().to_owned(),
                "Cases" => page.cases = cases(body),
                _ => {}
            }
        }
        page
    }

    fn head(&mut self, body: &str) {
        for line in body.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                self.title = title.trim().to_owned();
            } else if let Some(alerts) = line.strip_prefix("Alerts: ") {
                self.alerts = alerts.split(',').map(|a| a.trim().to_owned()).collect();
            }
        }
    }

    /// The sentence of a variant, its placeholders filled.
    pub fn sentence(&self, variant: &str, values: &Values) -> String {
        fill(self.says.get(variant).map_or("", String::as_str), values)
    }
}

/// The parts of a page below `## ` headings; the first has no heading.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut heading = "";
    loop {
        // A `## ` in a fenced block would be taken for a heading; `# HELP` and `### ` are not.
        let Some(at) = rest.find("\n## ") else {
            out.push((heading, rest));
            return out;
        };
        let (body, behind) = rest.split_at(at);
        out.push((heading, body));
        let behind = behind.trim_start_matches("\n## ");
        (heading, rest) = behind.split_once('\n').unwrap_or((behind, ""));
        heading = heading.trim();
    }
}

fn variant(line: &str) -> Option<(String, String)> {
    let (name, sentence) = line.strip_prefix("- ")?.split_once(": ")?;
    Some((name.to_owned(), sentence.trim().to_owned()))
}

fn paragraph(body: &str) -> String {
    body.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// List items, their continued lines joined.
fn items(body: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in body.lines() {
        let starts =
            line.strip_prefix("- ").or_else(|| line.split_once(". ").filter(|(n, _)| is_number(n)).map(|(_, item)| item));
        match (starts, out.last_mut()) {
            (Some(item), _) => out.push(item.trim().to_owned()),
            (None, Some(last)) if !line.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => {}
        }
    }
    out
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `[careful] Words. `command``: risk and command are optional.
fn step(item: &str) -> Step {
    let (risk, item) = [("[careful] ", Risk::Careful), ("[dangerous] ", Risk::Dangerous)]
        .into_iter()
        .find_map(|(mark, risk)| item.strip_prefix(mark).map(|item| (risk, item)))
        .unwrap_or((Risk::None, item));
    let split = item.strip_suffix('`').and_then(|item| item.rsplit_once('`'));
    match split {
        Some((words, command)) => Step { step: words.trim().replace('`', ""), command: Some(command.to_owned()), risk },
        None => Step { step: item.replace('`', ""), command: None, risk },
    }
}

fn cases(body: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut path = String::new();
    let mut fence: Option<String> = None;
    for line in body.lines() {
        if let Some(content) = &mut fence {
            if line == "```" {
                if let Some(case) = out.last_mut() {
                    case.files.push((path.clone(), std::mem::take(content)));
                }
                fence = None;
            } else {
                content.push_str(line);
                content.push('\n');
            }
        } else if let Some((kind, title)) = line.strip_prefix("### ").and_then(|h| h.split_once(": ")) {
            out.push(Case { kind: kind.to_owned(), title: title.to_owned(), ..Case::default() });
        } else if line.starts_with("```") {
            fence = Some(String::new());
        } else if let Some(name) = line.strip_prefix('`').and_then(|l| l.strip_suffix('`')) {
            path = name.to_owned();
        } else if let (Some(case), Some((key, value))) =
            (out.last_mut(), line.strip_prefix("- ").and_then(|l| l.split_once(": ")))
        {
            case.expect.insert(key.to_owned(), value.trim().to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# a.b\n\nAlerts: etcdOne, etcdTwo\n\n## Says\n\n- active: {who|a member} is down.\n\n## Means\n\nOne\ntwo.\n\n\
        ## Confirm\n\n- `df -h`: full.\n\n## Do\n\n1. Look at the\n   unit. `systemctl status etcd`\n2. [dangerous] Wipe it.\n\n\
        ## Ask\n\n`df -h`\n\n## Misleads when\n\nNever.\n\n## Cases\n\n### fires: it is down\n\n`nodes/a/etcd.log`\n```text\nline\n```\n\n- state: active\n";

    #[test]
    fn a_page_is_taken_apart_into_words_steps_and_cases() {
        let page = Page::read(PAGE);
        assert_eq!((page.title.as_str(), page.alerts.len(), page.means.as_str()), ("a.b", 2, "One two."));
        assert_eq!(page.steps[0].step, "Look at the unit.");
        assert_eq!(page.steps[0].command.as_deref(), Some("systemctl status etcd"));
        assert_eq!((page.steps[1].risk, page.steps[1].command.as_deref()), (Risk::Dangerous, None));
        assert_eq!((page.ask.as_str(), page.confirm[0].as_str()), ("df -h", "df -h: full."));
        let case = &page.cases[0];
        assert_eq!(case.files, [("nodes/a/etcd.log".to_owned(), "line\n".to_owned())]);
        assert_eq!(case.expect["state"], "active");
    }

    #[test]
    fn placeholders_are_filled_and_unknown_ones_have_other_words() {
        let page = Page::read(PAGE);
        assert_eq!(page.sentence("active", &Values::new()), "a member is down.");
        assert_eq!(page.sentence("active", &Values::from([("who", "db-1".to_owned())])), "db-1 is down.");
        assert_eq!(fill("{ not closed", &Values::new()), "{ not closed");
    }
}
