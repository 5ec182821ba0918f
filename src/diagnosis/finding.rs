//! One conclusion, with the lines that show it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    code::Code,
    scale::{Confidence, Impact, Risk, Severity, State},
};
use crate::{bundle::Quote, text::Untrusted};

/// When something was: the instant where year and zone are known, and always what stood there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The instant, where year and zone are known. Never invented.
    pub at: Option<Timestamp>,
    /// What stood there.
    pub as_read: Untrusted,
}

/// A quoted line that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The line.
    pub quote: Quote,
    /// When it was said.
    pub when: Option<Moment>,
    /// The key of the member it tells of, or whose it is.
    pub member: Option<Untrusted>,
    /// What it shows, where the line does not say it by itself.
    pub note: Option<String>,
}

impl Evidence {
    /// A line alone.
    pub fn of(quote: Quote) -> Self {
        Self { quote, when: None, member: None, note: None }
    }

    /// With the time of the line.
    #[must_use]
    pub fn at(mut self, when: Option<Moment>) -> Self {
        self.when = when;
        self
    }

    /// With the member.
    #[must_use]
    pub fn member(mut self, key: Option<Untrusted>) -> Self {
        self.member = key;
        self
    }

    /// With a note on what it shows.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.quote.citation();
        let mut row = serializer.serialize_struct("Evidence", 8)?;
        row.serialize_field("path", &crate::text::escape(place.path()).to_string())?;
        row.serialize_field("line", &place.line())?;
        if place.end_line() != place.line() {
            row.serialize_field("end_line", &place.end_line())?;
        }
        if let Some(when) = &self.when {
            if let Some(at) = when.at {
                row.serialize_field("time", &at.to_string())?;
            }
            row.serialize_field("time_as_read", &when.as_read)?;
        }
        if let Some(member) = &self.member {
            row.serialize_field("member", member)?;
        }
        row.serialize_field("excerpt", self.quote.excerpt())?;
        if let Some(note) = &self.note {
            row.serialize_field("note", note)?;
        }
        row.end()
    }
}

/// From which member to which.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Link {
    /// Who could not reach.
    pub from: Untrusted,
    /// Whom.
    pub to: Untrusted,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What, in a sentence.
    pub step: String,
    /// The command for it, ready to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// What it can do to the cluster.
    pub risk: Risk,
}

/// A conclusion. It cannot be made without evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name.
    pub code: Code,
    /// How much it matters by itself.
    pub severity: Severity,
    /// Whether it goes on.
    pub state: State,
    /// How sure it is.
    pub confidence: Confidence,
    /// What clients get from it.
    pub impact: Impact,
    /// Keys of the members where to act.
    pub members: Vec<Untrusted>,
    /// Keys of the members whose evidence shows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<Untrusted>,
    /// Links between members that it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Clients that it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<Untrusted>,
    /// One sentence with its numbers.
    pub says: String,
    /// What it means.
    pub means: String,
    /// Commands that confirm it.
    pub confirm: Vec<String>,
    /// What to do, in order.
    #[serde(rename = "do")]
    pub steps: Vec<Step>,
    /// Codes of findings that this one accounts for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explains: Vec<Code>,
    /// The code of the finding that accounts for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained_by: Option<Code>,
    /// First sign of it, as far as it can be told.
    #[serde(skip_serializing_if = "no_instant", serialize_with = "instant")]
    pub first_seen: Option<Moment>,
    /// Last sign of it.
    #[serde(skip_serializing_if = "no_instant", serialize_with = "instant")]
    pub last_seen: Option<Moment>,
    /// How often it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Its numbers, as integers in base units: microseconds (`_us`), bytes (`_bytes`), counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<&'static str, i64>,
    /// The lines that show it; never empty.
    pub evidence: Vec<Evidence>,
}

/// Only an instant is a time in JSON; what stood there is told beside the quoted line.
fn no_instant(moment: &Option<Moment>) -> bool {
    moment.as_ref().is_none_or(|m| m.at.is_none())
}

fn instant<S: Serializer>(moment: &Option<Moment>, serializer: S) -> Result<S::Ok, S::Error> {
    match moment.as_ref().and_then(|m| m.at) {
        Some(at) => serializer.collect_str(&at),
        None => serializer.serialize_none(),
    }
}
