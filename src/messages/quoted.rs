//! Words by which a message is known wherever they stand: at the end of another program's error, and quoted in a sentence.
//!
//! A line of a log is evidence by its form. A sentence has none, so it takes words that name a fault by themselves, are long, and are
//! etcd's or the kernel's own: nobody writes them who has not seen them. What can still go wrong is that they are quoted without being the
//! case, as a runbook, a changelog or a question does. So a sentence counts only if it reads like a report (somebody saw it, or it is
//! an error and nothing else), and not if it supposes, asks or advises. What is made of such a sighting is told in `facts::quoted`.

use std::{borrow::Cow, ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::{Hit, by_id};

/// Words that tell a message.
struct Phrase {
    text: &'static str,
    /// Words of which one must stand in the line too, where the phrase is any program's: an error number of the kernel.
    beside: &'static [&'static str],
    /// The message.
    id: &'static str,
}

const fn phrase(text: &'static str, id: &'static str) -> Phrase {
    Phrase { text, beside: &[], id }
}

const fn errno(text: &'static str, id: &'static str) -> Phrase {
    Phrase { text, beside: OF_ETCD, id }
}

/// What makes an error of the file system one of etcd's.
const OF_ETCD: &[&str] = &["etcd", "wal", "/member/", ".snap", ":2379", ":2380", ":4001", ":7001"];

const PHRASES: &[Phrase] = &[
    phrase("database space exceeded", "quota-space-exceeded"),
    phrase("etcdserver: no space", "quota-request-refused"),
    phrase("alarm:NOSPACE", "quota-alarm-raised"),
    phrase("alarm:CORRUPT", "corrupt-alarm-raised"),
    phrase("etcdserver: corrupt cluster", "cluster-corrupt"),
    phrase("etcdserver: request is too large", "client-request-too-large"),
    phrase("etcdserver: too many requests", "client-too-many-requests"),
    phrase("wal: file not found", "wal-file-not-found"),
    phrase("max entry size limit exceeded", "wal-unreadable"),
    phrase("walpb: crc mismatch", "wal-unreadable"),
    phrase("snap: snapshot file doesn't exist", "snap-db-not-found"),
    phrase("unexpected empty snapshot", "snap-empty"),
    phrase("is out of range [lastIndex(", "raft-tocommit-out-of-range"),
    phrase("freepages: failed to get all reachable pages", "db-page-damaged"),
    phrase("invalid freelist page", "db-page-damaged"),
    phrase("assertion failed: Page expected to be", "db-page-damaged"),
    phrase("file descriptor limit is used", "fd-80-percent"),
    phrase("x509: certificate has expired or is not yet valid", "client-tls-failed"),
    phrase("the certificate is not valid yet", "client-tls-failed"),
    phrase("member has been permanently removed from the cluster", "peer-says-removed"),
    phrase("member count is unequal", "start-member-count"),
    phrase("unmatched member while checking PeerURLs", "start-peer-urls"),
    phrase("has already been bootstrapped", "start-already-bootstrapped"),
    phrase("in the initial cluster configuration", "start-name-unknown"),
    phrase("request cluster ID mismatch", "peer-cluster-id-mismatch"),
    phrase("cannot be downgraded", "start-downgrade"),
    phrase("required revision has been compacted", "client-compacted"),
    errno("file already locked", "wal-locked"),
    errno("cannot assign requested address", "start-cannot-bind"),
    errno("too many open files", "fd-exhausted"),
    errno("no space left on device", "disk-full"),
    errno("structure needs cleaning", "disk-io-error-fatal"),
    errno("input/output error", "disk-io-error-fatal"),
    errno("read-only file system", "disk-read-only"),
];

/// `None` only if it could not be built, which it can: the words are constants and few.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(PHRASES.iter().map(|phrase| phrase.text)).ok());

/// The first phrase in a text, and where it stands.
fn first(text: &str) -> Option<(&'static Phrase, Range<usize>)> {
    let found = WORDS.as_ref()?.find_iter(text);
    found
        .filter_map(|found| Some((PHRASES.get(found.pattern().as_usize())?, found.range())))
        .find(|(phrase, _)| phrase.beside.is_empty() || phrase.beside.iter().any(|word| text.to_ascii_lowercase().contains(word)))
}

/// Longest error that is kept, in characters: the phrase, and what it says behind itself, as the dates of a certificate.
const MOST_WORDS: usize = 200;

fn hit(phrase: &'static Phrase, text: &str, at: &Range<usize>) -> Option<Hit<'static>> {
    let message = by_id(phrase.id)?;
    let error: String = text.get(at.start..)?.chars().take(MOST_WORDS).collect();
    Some(Hit::of(message, message.wordings.first()?, vec![("error", Cow::Owned(error))]))
}

/// Finds etcd's words at the end of another program's error: `Failed to update status for pod "a": etcdserver: …`. For lines that have
/// a logger's header; of other lines see [`find_quoted`].
pub fn find_embedded(text: &str) -> Option<Hit<'static>> {
    let (phrase, at) = first(text)?;
    is_error(text, &at).then(|| hit(phrase, text, &at)).flatten()
}

/// Finds a message that prose quotes; `before` is what leads to it: the sentence or the line that ends with a colon.
pub fn find_quoted(text: &str, before: &str) -> Option<Hit<'static>> {
    let (phrase, at) = first(text).filter(|_| !CODE.iter().any(|sign| text.contains(sign)))?;
    let (sentence, at) = sentence(text, at);
    let around = [sentence.get(..at.start)?, sentence.get(at.end..)?].join(" ");
    let bare = sentence.trim_start_matches(MARKS);
    let is_report = is_bare(bare) && is_error(bare, &shifted(&at, sentence)) || says(&around, &REPORTS);
    let is_asked = sentence.trim_end().ends_with(['?', '？']);
    (is_report && !is_asked && !supposes(&around) && !supposes(before)).then(|| hit(phrase, sentence, &at)).flatten()
}

/// Whether a line is the heading of a guide, or of a list of changes: what it quotes is nobody's case.
pub fn is_guide(text: &str) -> bool {
    let is_heading = text.starts_with('#') || text.len() < 60;
    is_heading && says(text, &GUIDES)
}

/// What only source code and rules of alerts hold.
const CODE: &[&str] = &[
    "status.",
    "errors.New",
    "fmt.",
    ":=",
    "assert",
    "func ",
    "summary:",
    "description:",
    "expr:",
    "annotations",
    "message: \"",
];

/// Signs of markup before a line.
const MARKS: [char; 8] = ['#', '>', '*', '-', '_', '`', '"', ' '];

/// Whether a line begins like an error that a program printed, and not like somebody's sentence about one.
fn is_bare(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    BARE.iter().any(|start| text.starts_with(start))
        || PHRASES.iter().any(|phrase| text.starts_with(&phrase.text.to_ascii_lowercase()))
}

/// What errors of programs begin with.
const BARE: &[&str] = &[
    "error",
    "rpc error",
    "failed",
    "fatal",
    "panic",
    "unable to",
    "cannot ",
    "could not ",
    "etcdserver: ",
    "etcd: ",
    "etcd wal: ",
    "wal: ",
    "snap: ",
    "mvcc: ",
    "raft",
    "open ",
    "write ",
    "read ",
    "create ",
    "recovering ",
    "internal error",
    "unexpected error",
    "tocommit(",
];

fn shifted(at: &Range<usize>, text: &str) -> Range<usize> {
    let marks = text.len() - text.trim_start_matches(MARKS).len();
    at.start.saturating_sub(marks)..at.end.saturating_sub(marks)
}

/// Whether a text is an error that ends with the phrase: a chain of reasons stands before it, and nothing but signs behind it.
fn is_error(text: &str, at: &Range<usize>) -> bool {
    let (before, after) = (text.get(..at.start).unwrap_or_default(), text.get(at.end..).unwrap_or_default());
    // `etcdserver: mvcc: ` is a part of it; so are the numbers of a limit behind it.
    let before = before.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_chain = before.is_empty() || [": ", "= ", "(", "=\"", ":\"", "] "].iter().any(|end| before.ends_with(end));
    let tail = after.split([',', '(', ')', '[', ']', ':', ';']).next().unwrap_or_default();
    is_chain && !tail.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The sentence in which something stands, and where in it.
fn sentence(text: &str, at: Range<usize>) -> (&str, Range<usize>) {
    const ENDS: [&str; 3] = [". ", "? ", "! "];
    let ends = |part: &str| ENDS.iter().filter_map(|end| part.rfind(end)).max();
    let from = text.get(..at.start).and_then(ends).map_or(0, |end| end + 2);
    let until = text.get(at.end..).and_then(|rest| ENDS.iter().filter_map(|end| rest.find(end)).min());
    let until = until.map_or(text.len(), |end| at.end + end + 1);
    (text.get(from..until).unwrap_or(text), at.start - from..at.end - from)
}

/// Whether a sentence supposes, asks, advises or denies.
fn supposes(text: &str) -> bool {
    says(text, &SUPPOSES) || ["如果", "什么意思", "怎么办", "例如", "可能会"].iter().any(|words| text.contains(words))
}

/// Whether one of these words stands in the text, as words: case and signs aside.
fn says(text: &str, words: &LazyLock<Option<AhoCorasick>>) -> bool {
    let plain: String =
        text.chars().map(|c| if c.is_alphanumeric() || c == '\'' { c.to_ascii_lowercase() } else { ' ' }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_apart = |from: usize, to: usize| {
        plain.get(..from).is_some_and(|before| before.is_empty() || before.ends_with(' '))
            && plain.get(to..).is_some_and(|behind| behind.is_empty() || behind.starts_with(' '))
    };
    words.as_ref().is_some_and(|words| words.find_overlapping_iter(&plain).any(|found| is_apart(found.start(), found.end())))
}

/// Somebody saw it: in the first person, or in the past.
static REPORTS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new([
        "i get",
        "i got",
        "i see",
        "i saw",
        "i'm seeing",
        "i am seeing",
        "i'm getting",
        "i am getting",
        "i receive",
        "i received",
        "i noticed",
        "i keep getting",
        "we get",
        "we got",
        "we see",
        "we saw",
        "we're seeing",
        "we are seeing",
        "we're getting",
        "we are getting",
        "we receive",
        "we received",
        "we noticed",
        "we hit",
        "we keep getting",
        "got this",
        "showing",
        "throwing",
        "fails to start",
        "refuses to start",
        "doesn't start",
        "does not start",
        "became",
        "crashed",
        "crashes",
        "crashing",
        "died",
        "dies",
        "failed with",
        "fails with",
        "stopped",
        "stops serving",
        "reported",
        "complains",
        "complained",
        "threw",
        "keeps",
        "won't start",
        "can't start",
        "cannot start",
        "is down",
        "went down",
        "periodically see",
        "suddenly",
        "since yesterday",
        "since today",
        "panicked",
    ])
    .ok()
});

static SUPPOSES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new([
        "if",
        "in case",
        "when you",
        "when your",
        "when the",
        "when a",
        "when an",
        "when etcd",
        "when it",
        "whenever",
        "once the",
        "once etcd",
        "you may",
        "you might",
        "you will",
        "you'll",
        "you can",
        "you could",
        "you should",
        "you would",
        "you see",
        "you get",
        "might",
        "may",
        "would",
        "should",
        "e g",
        "for example",
        "for instance",
        "such as",
        "like this one",
        "means",
        "mean",
        "meaning",
        "what does",
        "what do",
        "what is",
        "what are",
        "what's",
        "how to",
        "how does",
        "does etcd",
        "do not worry",
        "fix",
        "fixed",
        "fixes",
        "fixing",
        "resolved",
        "no longer",
        "never",
        "don't see",
        "do not see",
        "didn't see",
        "did not see",
        "not seeing",
        "haven't seen",
        "no sign",
        "without",
        "unless",
        "indicates",
        "is returned",
        "is raised",
        "is logged",
        "is printed",
        "are returned",
        "returned by",
        "returned when",
        "alert",
        "alerts",
        "grep",
        "avoid",
        "prevent",
        "prevents",
        "protects",
        "instead of",
        "docs",
        "documentation",
        "changelog",
        "previously",
        "used to",
        "last year",
        "in the past",
        "simulate",
        "simulated",
        "reproduce",
        "look for",
        "watch for",
        "check for",
        "search for",
    ])
    .ok()
});

static GUIDES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new([
        "runbook",
        "runbooks",
        "playbook",
        "troubleshooting",
        "troubleshoot",
        "faq",
        "frequently asked",
        "changelog",
        "change log",
        "release notes",
        "known issues",
        "remediation",
        "how to fix",
        "how to resolve",
        "best practices",
        "alerting rules",
        "maintenance guide",
        "error codes",
        "error reference",
        "error messages",
        "common errors",
        "common problems",
    ])
    .ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Option<&'static str> {
        find_quoted(text, "").map(|hit| hit.message.id)
    }

    #[test]
    fn every_phrase_tells_a_message_of_the_catalogue() {
        for phrase in PHRASES {
            assert!(by_id(phrase.id).is_some(), "{}: {}", phrase.text, phrase.id);
            assert!(phrase.text.len() >= 12, "{} says too little", phrase.text);
        }
    }

    #[test]
    fn a_report_and_a_bare_error_are_sightings() {
        for (text, id) in [
            ("rpc error: code = Unknown desc = etcdserver: request is too large", "client-request-too-large"),
            ("Error: UPGRADE FAILED: create: failed to create: etcdserver: request is too large", "client-request-too-large"),
            ("### etcdserver: mvcc: database space exceeded", "quota-space-exceeded"),
            ("Since this morning we get `etcdserver: mvcc: database space exceeded` for every write.", "quota-space-exceeded"),
            ("etcd won't start any more: \"open wal error: wal: file not found\"", "wal-file-not-found"),
            ("Our etcd leaks (perhaps?) and stops serving: accept tcp [::]:2379: too many open files", "fd-exhausted"),
            ("One node crashed with `failed to write the WAL (no space left on device)`", "disk-full"),
            ("Our db-2 became unhealthy: 80% of the file descriptor limit is used [used = 9, limit = 10].", "fd-80-percent"),
        ] {
            assert_eq!(quoted(text), Some(id), "{text}");
        }
    }

    #[test]
    fn guides_questions_and_code_are_none() {
        for text in [
            "If you see `etcdserver: mvcc: database space exceeded`, compact and defragment.",
            "What does `wal: file not found` mean?",
            "I am writing about etcd. My favourite is `wal: file not found`.",
            "After a restart, why do I get `etcdserver: mvcc: database space exceeded`? The quota is 2 GB.",
            "We want to be sure we catch `etcdserver: mvcc: database space exceeded`, is there a metric for that?",
            "      description: \"We cannot write: etcdserver: mvcc: database space exceeded\"",
            "My favourite error: wal: file not found",
            "What does it mean that I get `wal: file not found` in an old log?",
            "etcd answers `etcdserver: request is too large` to requests over --max-request-bytes.",
            "- Fix [`wal: file not found` after a purge](https://github.com/etcd-io/etcd/pull/1).",
            "ErrNoSpace = status.Error(codes.ResourceExhausted, \"etcdserver: mvcc: database space exceeded\")",
            "journalctl -u etcd | grep 'wal: file not found'",
            "We never had `etcdserver: mvcc: database space exceeded`.",
            "docker pull: no space left on device",
            "We use alarms so that `etcdserver: mvcc: database space exceeded` is returned before the disk is full.",
        ] {
            assert_eq!(quoted(text), None, "{text}");
        }
        assert!(
            find_quoted("Error: etcdserver: mvcc: database space exceeded", "When the quota is reached, clients see:").is_none()
        );
        assert!(is_guide("# etcd runbook") && is_guide("Troubleshooting") && !is_guide("We have a problem with etcd"));
    }

    #[test]
    fn an_error_of_another_program_ends_with_etcds_words() {
        let id = |text| find_embedded(text).map(|hit| hit.message.id);
        assert_eq!(
            id("Failed to update status for pod \"a\": etcdserver: mvcc: database space exceeded"),
            Some("quota-space-exceeded")
        );
        assert_eq!(
            id("Failed to reconcile with temporary etcd: wal: max entry size limit exceeded, recBytes: 8, fileSize(9)"),
            Some("wal-unreadable")
        );
        assert_eq!(id("the words wal: file not found are looked for"), None);
    }
}
