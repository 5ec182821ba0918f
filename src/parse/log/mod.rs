//! One line of a log to what it says: when, where, who, how grave, and the message without its wrappers.

mod date;
mod header;
mod logrus;
mod named;
mod printed;
mod span;
mod spread;
mod stamp;
mod wrapper;
mod zap;

pub(super) use date::within_minute;
pub(super) use printed::printed;
pub use span::Span;
pub use spread::{Part, Spread};
pub use stamp::{Stamp, When};
pub use zap::{Value, Zap};

use crate::messages::{self, Fit, Hit};

/// A line of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine<'a> {
    /// The date that says most; etcd's own when two say the same.
    pub stamp: Option<Stamp<'a>>,
    /// The other date, where two stand on the line.
    pub other: Option<Stamp<'a>>,
    /// The host, from syslog or journald.
    pub host: Option<&'a str>,
    /// Who wrote: `etcd`, `k3s`, `kernel`, `kube-apiserver`.
    pub process: Option<&'a str>,
    /// Its process id.
    pub pid: Option<u64>,
    /// How grave. The journal of capnslog shows none.
    pub level: Option<Level>,
    /// capnslog's package: `rafthttp`, `etcdserver/api`.
    pub package: Option<&'a str>,
    /// What was said.
    pub body: Body<'a>,
    /// How many lines it stands for: etcd merges repeated ones and says how many.
    pub repeats: u64,
    /// The logger that wrote it, by its header.
    pub form: Form,
}

/// What was said.
#[derive(Clone, Debug, PartialEq)]
pub enum Body<'a> {
    /// As text, without header and package.
    Text(&'a str),
    /// As a zap record.
    Zap(Zap<'a>),
}

/// By whose header a line was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// No header but a wrapper's: the journal of capnslog, a crash, a line of another program, a zap record without its beginning.
    Bare,
    /// A date and no more: etcd 2.1, and other programs.
    Dated,
    /// Go's standard log: etcd 2.0, raft in 3.4, net/http.
    GoLog,
    /// capnslog: 2.2 to 3.4.
    Capnslog,
    /// zap's JSON.
    Zap,
    /// zap between tabs.
    ZapConsole,
    /// gRPC's own logger.
    Grpc,
    /// Kubernetes.
    Klog,
    /// logrus, with `key=value`: k3s, docker and others around etcd.
    Logfmt,
}

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// capnslog's T.
    Trace,
    /// For developers.
    Debug,
    /// Ordinary.
    Info,
    /// capnslog's N, between info and warning; zap has none.
    Notice,
    /// A warning.
    Warn,
    /// An error.
    Error,
    /// zap's panic in development builds.
    DPanic,
    /// capnslog's C: the process ends, by panic or by exit.
    Critical,
    /// The process ends with a Go panic.
    Panic,
    /// The process exits with 1.
    Fatal,
}

impl Level {
    fn from_capnslog(letter: &str) -> Option<Self> {
        match letter.as_bytes() {
            [letter] => capnslog_level(*letter),
            _ => None,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        const WORDS: [(&str, Level); 8] = [
            ("info", Level::Info),
            ("warn", Level::Warn),
            ("error", Level::Error),
            ("debug", Level::Debug),
            ("fatal", Level::Fatal),
            ("panic", Level::Panic),
            ("dpanic", Level::DPanic),
            ("warning", Level::Warn),
        ];
        WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, level)| *level)
    }

    /// Whether the process ends with a line of this level.
    pub fn ends_the_process(self) -> bool {
        self >= Level::Critical
    }
}

impl<'a> LogLine<'a> {
    /// Reads a line. `None` for a line without words.
    pub fn read(text: &'a str) -> Option<Self> {
        header::read(text)
    }

    /// The line, with the date that a container's runtime gave it.
    #[must_use]
    pub fn dated_by(self, runtime: Option<Stamp<'a>>) -> Self {
        let (stamp, other) = wrapper::better_of(self.stamp, runtime);
        LogLine { stamp, other: other.or(self.other), ..self }
    }

    /// What the catalogue knows of it: its own words, or etcd's words at the end of another program's error.
    pub fn message(&self) -> Option<Hit<'a>> {
        // A line without any header may be prose.
        let has_header = self.form != Form::Bare || self.process.is_some();
        match &self.body {
            // etcd's main program ends a failed start with the error alone.
            Body::Text(text) if self.level == Some(Level::Critical) && self.package == Some("etcdmain") => {
                messages::find_exit(text)
            }
            Body::Text(text) => text_says(text, has_header),
            Body::Zap(zap) => messages::find_zap(&zap.msg, &|name| zap.field(name))
                .or_else(|| messages::find_embedded(&zap.field("error")?).filter(|_| has_header)),
        }
    }

    /// The words: the text, or zap's message.
    pub fn words(&self) -> &str {
        match &self.body {
            Body::Text(text) => text,
            Body::Zap(zap) => &zap.msg,
        }
    }

    pub(super) fn of(body: Body<'a>) -> Self {
        let form = match body {
            Body::Text(_) => Form::Bare,
            Body::Zap(_) => Form::Zap,
        };
        LogLine {
            stamp: None,
            other: None,
            host: None,
            process: None,
            pid: None,
            level: None,
            package: None,
            body,
            repeats: 1,
            form,
        }
    }
}

/// The byte offset at which a syslog header (`Mmm dd hh:mm:ss host process[pid]: `) begins inside a line, behind some prose.
pub fn find_syslog(text: &str) -> Option<usize> {
    wrapper::find_syslog(text)
}

/// The record with its own header that stands inside a line of prose, in quotation marks of whatever kind: its beginning and its end.
pub fn find_record(text: &str) -> Option<(usize, usize)> {
    wrapper::find_record(text)
}

/// Reads the long form of journald's dates at the start, `Sun 2026-11-22 22:18:20.000022 UTC`, and gives the rest behind it.
pub fn full_date(text: &str) -> Option<(Stamp<'_>, &str)> {
    date::full(text)
}

/// The level of a word, as zap writes it.
pub(super) fn level_of_word(word: &str) -> Option<Level> {
    Level::from_word(word)
}

/// The level of capnslog's letter.
pub(super) fn capnslog_level(letter: u8) -> Option<Level> {
    Some(match letter {
        b'C' => Level::Critical,
        b'E' => Level::Error,
        b'W' => Level::Warn,
        b'N' => Level::Notice,
        b'I' => Level::Info,
        b'D' => Level::Debug,
        b'T' => Level::Trace,
        _ => return None,
    })
}

/// capnslog's package in front of a message, and the message.
pub(super) fn package_of(text: &str) -> (Option<&str>, &str) {
    header::package(text)
}

/// A line that another program wrote, by its own header: klog's, or logrus's fields.
pub(super) fn others_line(text: &str) -> Option<LogLine<'_>> {
    header::own_of_others(text)
}

/// What the catalogue knows of a text, where no error stands for itself.
pub(super) fn text_says(text: &str, has_header: bool) -> Option<Hit<'_>> {
    messages::find_fit(text).map(Fit::into_hit).or_else(|| unfit_says(text, has_header))
}

/// The same of a text that is known to have no wording as a whole.
pub(super) fn unfit_says(text: &str, has_header: bool) -> Option<Hit<'_>> {
    messages::find_unfit(text).or_else(|| if has_header { messages::find_embedded(text) } else { None })
}

/// Reads a date at the start, as ISO, Go's log or syslog have it.
pub(super) fn read_date(text: &str) -> Option<Stamp<'_>> {
    date::iso(text).or_else(|| date::syslog(text)).map(|(stamp, _)| stamp)
}

#[cfg(test)]
mod tests;
