//! What never leaves a site: names of keys, values, passwords, tokens and private keys are taken out of every line.

mod base64;
mod cut;
mod detect;
mod journal;
mod keys;
mod known;
mod masks;
mod names;
mod pem;
mod pending;
mod secrets;
mod shape;
mod tokens;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

use cut::Cut;
pub use detect::recognise;
pub use masks::{Hide, MapError, Masks};
use pem::Open;
use pending::Pending;

/// A line that was cut is looked through again until nothing more goes; a line that needs more is made up.
const MOST_LOOKS: usize = 8;

/// What a word can be the beginning of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trigger {
    Key,
    KeyInUrl,
    KeyInPath,
    KeyInError,
    KeyInCause,
    KeysOfLease,
    Value,
    Password,
    UserInfo,
    UserOption,
    Token,
    Authorization,
    Bearer,
    JsonWebToken,
    AccessKey,
    CodeHost,
    Known,
    Webhook,
    K3s,
    Hash,
    CloudKey,
    Signature,
    Cookie,
    RegistryLogin,
    Discovery,
    PemBegin,
    PemEncoded,
    KeyData,
    ByteArray,
}

/// The words that a line is searched for: letters of either case match. Where two begin at one place the first is taken.
const TRIGGERS: &[(&str, Trigger)] = &[
    ("keys([", Trigger::KeysOfLease),
    ("key:", Trigger::Key),
    ("key\"", Trigger::Key),
    ("key\\", Trigger::Key),
    ("keys:", Trigger::Key),
    ("keys\"", Trigger::Key),
    ("keys\\", Trigger::Key),
    ("range_begin", Trigger::Key),
    ("range_end", Trigger::Key),
    ("rangeend", Trigger::Key),
    ("range-begin", Trigger::Key),
    ("range-end", Trigger::Key),
    ("/v2/keys", Trigger::KeyInUrl),
    ("path:\"", Trigger::KeyInPath),
    ("path:\\", Trigger::KeyInPath),
    ("path\"", Trigger::KeyInPath),
    ("path\\\"", Trigger::KeyInPath),
    ("not found (", Trigger::KeyInError),
    ("not a file (", Trigger::KeyInError),
    ("not a directory (", Trigger::KeyInError),
    ("already exists (", Trigger::KeyInError),
    ("not empty (", Trigger::KeyInError),
    ("compare failed (", Trigger::KeyInError),
    ("\"cause", Trigger::KeyInCause),
    ("value:", Trigger::Value),
    ("value\"", Trigger::Value),
    ("value\\", Trigger::Value),
    ("value=", Trigger::Value),
    ("val:", Trigger::Value),
    ("password", Trigger::Password),
    ("passwd", Trigger::Password),
    ("passphrase", Trigger::Password),
    ("secret", Trigger::Password),
    ("pwd", Trigger::Password),
    ("://discovery.", Trigger::Discovery),
    ("://", Trigger::UserInfo),
    ("--user", Trigger::UserOption),
    (" -u", Trigger::UserOption),
    ("\"-u", Trigger::UserOption),
    ("'-u", Trigger::UserOption),
    ("\0-u", Trigger::UserOption),
    ("etcdctl_user", Trigger::UserOption),
    ("user add ", Trigger::UserOption),
    ("token", Trigger::Token),
    ("apikey", Trigger::Token),
    ("api-key", Trigger::Token),
    ("api_key", Trigger::Token),
    ("authorization", Trigger::Authorization),
    ("bearer ", Trigger::Bearer),
    ("eyj", Trigger::JsonWebToken),
    ("akia", Trigger::AccessKey),
    ("ghp_", Trigger::CodeHost),
    ("gho_", Trigger::CodeHost),
    ("ghu_", Trigger::CodeHost),
    ("ghs_", Trigger::CodeHost),
    ("ghr_", Trigger::CodeHost),
    ("github_pat_", Trigger::CodeHost),
    ("asia", Trigger::AccessKey),
    ("hooks.slack.com/services/", Trigger::Webhook),
    ("k10", Trigger::K3s),
    ("$2a$", Trigger::Hash),
    ("$2b$", Trigger::Hash),
    ("$2y$", Trigger::Hash),
    ("$1$", Trigger::Hash),
    ("$5$", Trigger::Hash),
    ("$6$", Trigger::Hash),
    ("$y$", Trigger::Hash),
    ("$apr1$", Trigger::Hash),
    ("$argon2", Trigger::Hash),
    ("{ssha", Trigger::Hash),
    ("accountkey", Trigger::CloudKey),
    ("sharedaccesskey", Trigger::CloudKey),
    ("private_key_id", Trigger::CloudKey),
    ("&sig=", Trigger::Signature),
    ("?sig=", Trigger::Signature),
    ("cookie", Trigger::Cookie),
    ("auth\"", Trigger::RegistryLogin),
    ("auth\\\"", Trigger::RegistryLogin),
    ("discovery", Trigger::Discovery),
    ("-----begin ", Trigger::PemBegin),
    ("ls0tls1crudjti", Trigger::PemEncoded),
    ("key-data", Trigger::KeyData),
    ("\"message\":[", Trigger::ByteArray),
];

/// How tokens begin that say whose they are, spelled just so. Each is from the documentation of the service that gives them out.
const KNOWN: &[&str] = &[
    "glpat-",
    "glrt-",
    "gldt-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxs-",
    "xapp-",
    "AIza",
    "ya29.",
    "GOCSPX-",
    "npm_",
    "pypi-AgE",
    "dckr_pat_",
    "hvs.",
    "hvb.",
    "dop_v1_",
    "sk_live_",
    "AGE-SECRET-KEY-1",
];

/// `None` only if it could not be built, which it can: the words are constants and few.
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::DFA))
        .build(TRIGGERS.iter().map(|(word, _)| word).chain(KNOWN))
        .ok()
});

/// Takes out of lines what never leaves a site. One serves a whole collection: a name has the same pseudonym in all its
/// files, and in no other collection's.
#[derive(Debug)]
pub struct Redactor {
    salt: Vec<u8>,
    counts: BTreeMap<&'static str, u64>,
    open: Option<Open>,
    pending: Option<Pending>,
}

impl Redactor {
    /// Pseudonyms are the first ten hexadecimal digits of SHA-256 over the salt and the name.
    pub fn new(salt: &[u8]) -> Self {
        Self { salt: salt.to_vec(), counts: BTreeMap::new(), open: None, pending: None }
    }

    /// A line without its end, redacted: borrowed where nothing had to go. What is not redacted stays as it is, byte for
    /// byte, and JSON stays JSON. A redacted line comes back as it is.
    pub fn line<'a>(&mut self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let mut counts = std::mem::take(&mut self.counts);
        let mut cut = Cut::new(line, &mut counts);
        let mut at = 0;
        if let Some(open) = self.open.take() {
            (at, self.open) = pem::within(&mut cut, open);
        }
        if let Some(pending) = self.pending.take() {
            at = pending::take(&mut cut, pending).max(at);
        }
        if self.walk(&mut cut, at) {
            self.pending = pending::of(line);
        }
        let mut redacted = cut.finish();
        // What was taken out can have hidden something from the first look.
        for _ in 0..MOST_LOOKS {
            let Cow::Owned(before) = &redacted else { break };
            let mut cut = Cut::new(before, &mut counts);
            self.walk(&mut cut, 0);
            let Cow::Owned(after) = cut.finish() else { break };
            redacted = Cow::Owned(after);
        }
        for (kind, count) in counts {
            *self.counts.entry(kind).or_default() += count;
        }
        redacted
    }

    /// Goes through a line from a place on. Gives whether a name was met that may have its secret on the next line.
    fn walk(&mut self, cut: &mut Cut<'_, '_>, from: usize) -> bool {
        let mut at = from;
        let mut names_a_secret = false;
        while let Some((trigger, found)) = next(cut.line, at) {
            names_a_secret |= matches!(trigger, Trigger::Password | Trigger::Token);
            let after = self.meet(cut, trigger, &found);
            // A word that begins nothing can have the beginning of another in it.
            at = after.unwrap_or(0).max(found.start + 1);
        }
        names_a_secret
    }

    /// Judges a word in its place. Gives where to go on, if it was the beginning of something.
    fn meet(&mut self, cut: &mut Cut<'_, '_>, trigger: Trigger, found: &Range<usize>) -> Option<usize> {
        let salt = &self.salt;
        match trigger {
            Trigger::Key => keys::field(cut, found, salt),
            Trigger::KeyInUrl => keys::of_url(cut, found, salt),
            Trigger::KeyInPath => keys::of_path(cut, found, salt),
            Trigger::KeyInError => keys::of_error(cut, found, salt),
            Trigger::KeyInCause => keys::of_cause(cut, found, salt),
            Trigger::KeysOfLease => keys::of_lease(cut, found, salt),
            Trigger::Value => secrets::value(cut, found),
            Trigger::Password => secrets::password(cut, found),
            Trigger::UserInfo => tokens::user_info(cut, found),
            Trigger::UserOption => tokens::user_option(cut, found),
            Trigger::Token => secrets::token(cut, found),
            Trigger::Authorization => secrets::authorization(cut, found),
            Trigger::Bearer => secrets::bearer(cut, found),
            Trigger::JsonWebToken => tokens::json_web_token(cut, found),
            Trigger::AccessKey => tokens::access_key(cut, found),
            Trigger::CodeHost => tokens::code_host(cut, found),
            Trigger::Known => KNOWN
                .iter()
                .find_map(|spelled| (spelled.len() == found.len()).then(|| known::token(cut, found, spelled.as_bytes()))?),
            Trigger::Webhook => known::webhook(cut, found),
            Trigger::K3s => known::k3s(cut, found),
            Trigger::Hash => known::hash(cut, found),
            Trigger::CloudKey => known::key(cut, found),
            Trigger::Signature => known::signature(cut, found),
            Trigger::Cookie => known::cookie(cut, found),
            Trigger::RegistryLogin => known::registry_login(cut, found),
            Trigger::Discovery => tokens::discovery(cut, found),
            Trigger::PemEncoded => pem::encoded(cut, found),
            Trigger::KeyData => pem::key_data(cut, found),
            Trigger::PemBegin => {
                let (after, open) = pem::begin(cut, found)?;
                self.open = open.or(self.open);
                Some(after)
            }
            Trigger::ByteArray => {
                let (bytes, span) = journal::bytes(cut.line, found.end)?;
                if let Cow::Owned(redacted) = self.line(&bytes) {
                    cut.swap(span.clone(), journal::array(&redacted).as_bytes());
                }
                Some(span.end)
            }
        }
    }

    /// A new file begins: what was open at the end of the last one does not reach into it.
    pub fn begin(&mut self) {
        (self.open, self.pending) = (None, None);
    }

    /// How often something was taken out since the last call, by kind: `password`, `token`, `private key`, `key name`, `value`.
    pub fn take_counts(&mut self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.counts)
    }
}

/// The next word of the table in a line, from a place on.
fn next(line: &[u8], from: usize) -> Option<(Trigger, Range<usize>)> {
    let found = SEARCH.as_ref()?.find(Input::new(line).range(from.min(line.len())..))?;
    let trigger = TRIGGERS.get(found.pattern().as_usize()).map_or(Trigger::Known, |(_, trigger)| *trigger);
    Some((trigger, found.range()))
}
