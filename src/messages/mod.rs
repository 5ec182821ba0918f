//! The catalogue of what etcd and the kernel say: a message's name, its wording by version, and what numbers it carries.
//!
//! A rule names a message; only this room knows the words, which changed between versions.

mod alarm;
mod alike;
mod auth;
mod beginnings;
mod catalogue;
pub(crate) mod compare;
mod crash;
mod db;
mod descriptors;
mod disk;
mod find;
mod fit;
mod harmless;
mod landmark;
mod load;
mod machine;
mod peer;
mod quoted;
mod raft;
mod reason;
mod refuse;
mod said;
mod service;
mod snap;
mod start;
mod template;
#[cfg(test)]
mod tests;
mod wal;

pub use alike::Alike;
pub use find::{
    Lookup, ToldByMsg, Wordings, find_exit, find_fit, find_text, find_unfit, find_zap, word_before_colon, wordings_of_zap,
};
pub use fit::Fit;
pub use landmark::Landmarks;
pub use quoted::{find_embedded, find_quoted, is_guide};
pub use reason::{Reason, reason_of};
pub use said::{Hit, Measured, Measures, NAMING, Says, peer_among};

/// What a message is to a reader who does not know its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Names a fault by itself.
    Fault,
    /// Something went wrong; the cause is elsewhere.
    Symptom,
    /// The process begins to run.
    Start,
    /// The member opened its data and takes part: said only after the data directory was read.
    Serving,
    /// A link to a peer came up. Capture `peer`.
    PeerUp,
    /// A peer cannot be reached. Captures `peer`, and `error` where there is one.
    PeerDown,
    /// The process ends because it was told to.
    Stop,
    /// Known to be harmless though it looks bad.
    Harmless,
    /// Neither good nor bad by itself.
    Context,
}

/// How a wording is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As text: capnslog, Go's own log, a panic, or the journal without prefix.
    Text,
    /// As zap's `msg`, values in fields.
    Zap,
}

/// One wording of a message.
#[derive(Debug)]
pub struct Wording {
    /// Text or zap.
    pub form: Form,
    /// The words; `{name}` stands for any text and is captured under that name, `{}` for any text that is not kept. At the very start
    /// it stands for one word only, so that a sentence which mentions a message is not one.
    pub text: &'static str,
    /// zap only: fields that must contain a text for this wording to apply, as `(field, text)`.
    pub needs: &'static [(&'static str, &'static str)],
    /// zap only: captures that come from fields, as `(capture, field)`.
    pub fields: &'static [(&'static str, &'static str)],
    /// First version that prints it, like `2.0`; `kernel`, `systemd` or `k3s` where the words are theirs.
    pub since: &'static str,
    /// Last version that prints it, like `3.4`; `HEAD` for "still".
    pub until: &'static str,
    /// A line as a program printed it, from a recording or a public incident, at most without its stack trace. Never made from the
    /// template. Empty: none is at hand.
    pub sample: &'static str,
}

impl Wording {
    const fn new(form: Form, text: &'static str, since: &'static str, until: &'static str) -> Self {
        Wording { form, text, needs: &[], fields: &[], since, until, sample: "" }
    }

    const fn needs(mut self, needs: &'static [(&'static str, &'static str)]) -> Self {
        self.needs = needs;
        self
    }

    const fn fields(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.fields = fields;
        self
    }

    const fn sample(mut self, sample: &'static str) -> Self {
        self.sample = sample;
        self
    }
}

/// A wording in text, with its first and last version.
const fn text(text: &'static str, since: &'static str, until: &'static str) -> Wording {
    Wording::new(Form::Text, text, since, until)
}

/// A wording in zap, with its first and last version.
const fn zap(text: &'static str, since: &'static str, until: &'static str) -> Wording {
    Wording::new(Form::Zap, text, since, until)
}

/// One message of etcd, under one name for all its wordings.
#[derive(Debug)]
pub struct Message {
    /// Its name in kebab-case, like `wal-open-failed`.
    pub id: &'static str,
    /// What it is to a reader.
    pub class: Class,
    /// Whether the process ends with it.
    pub fatal: bool,
    /// What it means, in a sentence.
    pub means: &'static str,
    /// Its wordings, the newest first.
    pub wordings: &'static [Wording],
}

/// The catalogue, by subject.
const SUBJECTS: &[&[Message]] = &[
    wal::MESSAGES,
    snap::MESSAGES,
    disk::MESSAGES,
    machine::MESSAGES,
    service::MESSAGES,
    db::MESSAGES,
    alarm::MESSAGES,
    start::MESSAGES,
    refuse::MESSAGES,
    descriptors::MESSAGES,
    crash::MESSAGES,
    peer::MESSAGES,
    raft::MESSAGES,
    load::MESSAGES,
    auth::MESSAGES,
    harmless::MESSAGES,
];

/// All messages, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static Message> {
    SUBJECTS.iter().flat_map(|subject| subject.iter())
}

/// The message of a name.
pub fn by_id(id: &str) -> Option<&'static Message> {
    all().find(|message| message.id == id)
}
