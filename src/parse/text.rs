//! One text, line by line: each line goes to the reader that knows it, and what was typed before it stays beside what it says.

mod run;

use super::{
    cmdline::{EtcdFlags, Ps, etcd_flags},
    commands,
    df::Df,
    etcdctl::{self, Answer, Said},
    familiar::{Familiar, Wrap},
    http::{self, bodies},
    journal,
    kernel::Kernel,
    listing::Listing,
    log::{Body, LogLine, Part, Span, Spread, find_record, find_syslog},
    logbook::Logbook,
    manifest::Planned,
    metrics::{Exposition, Reading, is_progress_meter, json_behind_meter},
    ping::Pings,
    prose::Prose,
    reported::Reported,
    rows::{Opening, Row, row},
    screens::{Screen, Screens},
    services::Services,
    settings::RaftSetting,
    stack::is_stack,
    unwrap::{Unwrapped, Unwrapper},
};
use crate::{
    bundle::{Line, Quote},
    text::Untrusted,
};

/// What journalctl itself remarks between entries: `-- No entries --`, `-- Logs begin at … --`, `-- Reboot --`.
fn is_remark(text: &str) -> bool {
    let text = text.trim();
    let is_known = ["No entries", "Logs begin", "Journal begins", "Reboot", "Boot "].iter().any(|words| text.contains(words));
    text.starts_with("-- ") && text.ends_with(" --") && is_known
}

fn is_dated(text: &str) -> bool {
    LogLine::read(text).is_some_and(|read| read.stamp.is_some())
}

/// Most passages of one text; a pasted terminal has some dozens.
const MOST_PASSAGES: usize = 2_000;

/// Most settings of raft's clock of one passage; a member has two.
const MOST_SETTINGS: usize = 64;

/// Most lines that are kept though nothing in them was understood.
const MOST_MISSED: usize = 5;

/// What was printed behind one prompt, or the whole text where there is none.
#[derive(Debug, Default)]
pub struct Passage {
    /// The host that the prompt names.
    pub host: Option<Untrusted>,
    /// What was typed.
    pub command: Option<Quote>,
    /// The words that were typed.
    pub typed: Option<Untrusted>,
    /// Lines that were printed, blank ones aside.
    pub output_lines: u64,
    /// Whether a prompt or a fence follows: the output is there to its end.
    pub is_closed: bool,
    /// What etcdctl said.
    pub answers: Vec<Said<Answer>>,
    /// What etcd's HTTP endpoints said, or curl about them.
    pub http: Vec<Said<http::Body>>,
    /// Metrics.
    pub metrics: Exposition,
    /// What `ps` said.
    pub ps: Ps,
    /// What `df` said.
    pub df: Df,
    /// What managers of services said of etcd.
    pub services: Services,
    /// What screens of other tools said.
    pub screens: Vec<Said<Screen>>,
    /// What `ls` said of a data directory.
    pub listing: Listing,
    /// What the kernel counts.
    pub kernel: Kernel,
    /// Raft's clock, in files of settings.
    pub settings: Vec<Said<RaftSetting>>,
    /// What `ping` said.
    pub pings: Pings,
    /// etcd's command line, where it stands alone or in etcd's own log.
    pub flags: Vec<Said<EtcdFlags>>,
}

/// All that was understood of one text.
#[derive(Debug, Default)]
pub struct Extract {
    /// What was printed, by prompt.
    pub passages: Vec<Passage>,
    /// What logs said.
    pub logbook: Logbook,
    /// What prose quotes.
    pub prose: Prose,
    /// It is the report of etcd-diagnosis.
    pub is_etcd_diagnosis: bool,
    /// A table of what was run.
    pub commands: Vec<commands::Row>,
    /// The manifest of a bundle.
    pub planned: Option<Box<Planned>>,
    /// Lines, blank ones aside.
    pub lines: u64,
    /// Lines that were understood.
    pub understood: u64,
    /// The first lines that were not.
    pub missed: Vec<Quote>,
    /// Passages that were not kept, beyond the limit.
    pub dropped: u64,
}

/// Reads a text line by line.
pub struct Reader {
    extract: Extract,
    passage: Passage,
    etcdctl: etcdctl::Reader,
    screens: Screens,
    commands: commands::Table,
    reported: Reported,
    unwrapper: Unwrapper,
    spread: Spread,
    blocks: journal::Blocks,
    familiar: Familiar,
    /// What the last lines were: only behind lines of a log come others that need no full reading.
    behind: Behind,
    /// What they were before the line that is read.
    before: Behind,
    /// Whether each line is read in full.
    is_full: bool,
    /// From when to when the journal that is being read reaches.
    span: Option<Span>,
}

/// What stands right before a line.
#[derive(Clone, Copy, Debug, Default)]
struct Behind {
    /// A line of a log.
    log: bool,
    /// Nothing but lines of a log since one of them was text: no table and no block of fields is open any more.
    text: bool,
    /// A line of metrics.
    metrics: bool,
    /// A row of one of the kernel's files.
    row: Option<Row>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            extract: Extract::default(),
            passage: new_passage(),
            etcdctl: etcdctl::Reader::new(),
            screens: Screens::default(),
            commands: commands::Table::default(),
            reported: Reported::default(),
            unwrapper: Unwrapper::default(),
            spread: Spread::default(),
            blocks: journal::Blocks::default(),
            familiar: Familiar::default(),
            behind: Behind::default(),
            before: Behind::default(),
            is_full: false,
            span: None,
        }
    }
}

fn new_passage() -> Passage {
    Passage { metrics: Exposition::fragment(), ..Passage::default() }
}

impl Reader {
    /// A prompt with a command: what follows was printed by it.
    pub fn prompt(&mut self, host: Option<&str>, command: &str, line: Line<'_>) {
        self.edge();
        self.extract.lines += 1;
        self.extract.understood += 1;
        self.passage.host = host.map(Untrusted::from);
        if !command.is_empty() {
            self.passage.command = Some(line.quote());
            self.passage.typed = Some(command.into());
            self.screens.typed(command);
        }
    }

    /// A heading: what follows is of this host, whatever printed it.
    pub fn heading(&mut self, host: &str, line: Line<'_>) {
        self.prompt(Some(host), "", line);
    }

    /// What was printed is over.
    pub fn edge(&mut self) {
        self.span = None;
        self.behind = Behind::default();
        self.familiar.forget();
        let taken = self.blocks.finish();
        self.take_entry(taken);
        let mut passage = std::mem::replace(&mut self.passage, new_passage());
        passage.is_closed = true;
        self.close(passage);
    }

    fn close(&mut self, mut passage: Passage) {
        passage.answers = std::mem::take(&mut self.etcdctl).finish().said;
        passage.screens = std::mem::take(&mut self.screens).finish();
        let says = passage.command.is_some()
            || !passage.answers.is_empty()
            || !passage.http.is_empty()
            || passage.ps.header.is_some()
            || !passage.ps.etcd.is_empty()
            || !passage.df.rows.is_empty()
            || !passage.screens.is_empty()
            || !passage.listing.is_empty()
            || !passage.services.states.is_empty()
            || !passage.kernel.is_empty()
            || !passage.settings.is_empty()
            || !passage.pings.targets.is_empty()
            || !passage.flags.is_empty()
            || !passage.metrics.is_empty();
        if says && self.extract.passages.len() < MOST_PASSAGES {
            if self.extract.passages.is_empty() {
                // Most texts have one, and room for more of them would be much.
                self.extract.passages.reserve_exact(1);
            }
            self.extract.passages.push(passage);
        } else if says {
            self.extract.dropped += 1;
        }
    }

    /// Whether nothing is open that the next line could belong to.
    fn is_calm(&self) -> bool {
        self.blocks.is_idle()
            && self.unwrapper.is_idle()
            && self.spread.is_idle()
            && self.etcdctl.is_idle()
            && self.commands.is_idle()
    }

    /// A line of output, of a log, of prose.
    pub fn line(&mut self, line: Line<'_>) {
        self.before = if self.is_full { Behind::default() } else { self.behind };
        self.behind = Behind::default();
        self.full(line);
        self.behind.text |= self.before.text && self.behind.log;
    }

    /// A reader to which no line is like another. It says the same.
    pub fn in_full() -> Self {
        Self { is_full: true, ..Self::default() }
    }

    /// Reads a line in full.
    fn full(&mut self, line: Line<'_>) {
        let taken = self.blocks.line(line);
        let is_part = taken.is_part;
        self.take_entry(taken);
        if is_part {
            self.extract.lines += u64::from(!line.text().trim().is_empty());
            self.extract.understood += u64::from(!line.text().trim().is_empty());
        } else if line.text().contains('\r') && line.text().split('\r').any(is_dated) {
            // A console that was recorded: a program wrote over its own line, and a log line came in between.
            line.text().split('\r').for_each(|piece| self.whole(line.with_text(piece)));
        } else {
            self.whole(line);
        }
    }

    /// What lines of a journal gave, put together.
    fn take_entry(&mut self, taken: journal::Taken) {
        if let Some((entry, kept)) = taken.entry
            && let Some(read) = entry.line()
        {
            self.passage.output_lines += 1;
            self.keep_log(kept.line(), &read);
        }
        if let Some(kept) = taken.before {
            self.extract.lines -= 1;
            self.extract.understood -= 1;
            self.whole(kept.line());
        }
    }

    /// A line that stands for itself.
    fn whole(&mut self, line: Line<'_>) {
        let line = json_behind_meter(line.text()).map_or(line, |json| line.with_text(json));
        if line.text().trim().is_empty() {
            self.etcdctl.line(line);
            return;
        }
        self.extract.lines += 1;
        if is_progress_meter(line.text()) || is_remark(line.text()) {
            self.span = Span::read(line.text()).or(self.span);
            self.extract.understood += 1;
            return;
        }
        self.passage.output_lines += 1;
        if let Some(entry) = journal::Entry::read(line.text()) {
            let shown = line.with_text(journal::message_in(line.text()));
            let is_known = entry.line().is_some_and(|read| self.keep_log(shown, &read));
            return self.count(line, is_known);
        }
        let is_known = match self.unwrapper.line(line.text()) {
            Unwrapped::Bare => match self.spread.line(line.text()) {
                Part::None => self.take(line),
                Part::Piece => true,
                Part::Whole(text) => LogLine::read(&text).is_some_and(|read| self.keep_log(line, &read)),
            },
            Unwrapped::Piece => true,
            // The quote stays the line as it stands in the file.
            Unwrapped::Line(inner, at) => {
                let inner = match self.spread.line(&inner) {
                    Part::None => inner,
                    Part::Piece => return self.count(line, true),
                    Part::Whole(text) => text.into(),
                };
                is_stack(&inner)
                    || LogLine::read(&inner).is_some_and(|read| {
                        let read = read.dated_by(at);
                        let is_kept = self.keep_log(line, &read);
                        if is_kept {
                            self.learn_wrapped(line, &inner, &read);
                        }
                        is_kept
                    })
            }
        };
        self.count(line, is_known);
    }

    fn count(&mut self, line: Line<'_>, is_known: bool) {
        self.extract.understood += u64::from(is_known);
        if !is_known && self.extract.missed.len() < MOST_MISSED {
            self.extract.missed.push(line.quote());
        }
    }

    /// Offers a line to the readers. Those with the strictest shape come first; a line of a server's log is never an answer.
    fn take(&mut self, line: Line<'_>) -> bool {
        self.screens.look_at(line);
        self.reported.line(line);
        self.commands.line(line)
            || self.etcdctl.line(line)
            || self.take_body(line)
            || self.take_log(line)
            || self.take_metrics(line)
            || self.take_screen(line)
            || self.passage.ps.line(line)
            || self.passage.df.line(line)
            || self.take_listing(line)
            || self.passage.services.line(line)
            || self.take_kernel(line)
            || self.passage.pings.line(line)
            || self.take_flags(line)
            || self.take_setting(line)
            || is_stack(line.text())
            || self.take_quoted_log(line)
            || self.take_quoted_record(line)
            || self.take_prose(line)
    }

    fn take_metrics(&mut self, line: Line<'_>) -> bool {
        let reading = self.passage.metrics.line(line);
        self.behind.metrics = reading == Reading::Taken;
        reading != Reading::NotMetric
    }

    fn take_body(&mut self, line: Line<'_>) -> bool {
        let said = bodies(line);
        let known = !said.is_empty();
        self.passage.http.extend(said);
        known
    }

    fn take_screen(&mut self, line: Line<'_>) -> bool {
        let is_one = self.screens.line(line);
        self.behind.row = row(line.text()).filter(|row| is_one && *row == Row::Limit);
        is_one
    }

    fn take_listing(&mut self, line: Line<'_>) -> bool {
        let is_one = self.passage.listing.line(line);
        self.behind.row = row(line.text()).filter(|row| is_one && *row == Row::Listing);
        is_one
    }

    fn take_kernel(&mut self, line: Line<'_>) -> bool {
        let is_one = self.passage.kernel.line(line);
        self.behind.row = row(line.text()).filter(|row| is_one && *row == Row::Kernel);
        is_one
    }

    fn take_flags(&mut self, line: Line<'_>) -> bool {
        let Some(what) = etcd_flags(line.text()) else { return false };
        self.passage.flags.push(Said { what, quote: line.quote() });
        true
    }

    fn take_setting(&mut self, line: Line<'_>) -> bool {
        let Some(what) = RaftSetting::read(line.text()) else { return false };
        if self.passage.settings.len() < MOST_SETTINGS {
            self.passage.settings.push(Said { what, quote: line.quote() });
        }
        true
    }

    fn take_log(&mut self, line: Line<'_>) -> bool {
        let Some(read) = LogLine::read(line.text()) else { return false };
        // klog and others write JSON too; only what has a message or etcd's keys is a log.
        if matches!(&read.body, Body::Zap(zap) if zap.msg.is_empty() && zap.level.is_none()) {
            return false;
        }
        let is_kept = self.keep_log(line, &read);
        if is_kept {
            self.learn(line, &read);
        }
        is_kept
    }

    /// Learns from a line of a log how the next ones may look.
    fn learn(&mut self, line: Line<'_>, read: &LogLine<'_>) {
        self.behind = Behind { log: true, text: matches!(read.body, Body::Text(_)), ..Behind::default() };
        self.familiar.learn(line.text(), None, read, Wrap::Bare, self.passage.host.as_ref());
    }

    /// The same of one that a container's runtime wrapped.
    fn learn_wrapped(&mut self, line: Line<'_>, inner: &str, read: &LogLine<'_>) {
        self.behind.log = true;
        let (inner, wrap) = if line.text().starts_with('{') { (Some(inner), Wrap::Docker) } else { (None, Wrap::Cri) };
        self.familiar.learn(line.text(), inner, read, wrap, self.passage.host.as_ref());
    }

    fn keep_log(&mut self, line: Line<'_>, read: &LogLine<'_>) -> bool {
        let dated = self.span.zip(read.stamp).and_then(|(span, stamp)| span.date(stamp));
        let dated = dated.map(|stamp| LogLine { stamp: Some(stamp), ..read.clone() });
        let read = dated.as_ref().unwrap_or(read);
        let taken = self.extract.logbook.line(line, read, self.passage.host.as_ref());
        // etcd 3.4 and later log their own command line when they start.
        if taken && line.text().contains("\"args\":[") {
            self.take_flags(line);
        }
        taken
    }

    /// A log line behind some prose: `error: Aug 28 09:36:01 host etcd: …`.
    fn take_quoted_log(&mut self, line: Line<'_>) -> bool {
        let Some(inner) = find_syslog(line.text()).filter(|at| *at > 0).and_then(|at| line.text().get(at..)) else {
            return false;
        };
        self.take_log(line.with_text(inner))
    }

    /// A record with its own header inside a sentence, or behind a sign of markup; only one that the catalogue knows.
    fn take_quoted_record(&mut self, line: Line<'_>) -> bool {
        let Some(inner) = find_record(line.text()).and_then(|(from, to)| line.text().get(from..to)) else { return false };
        LogLine::read(inner).is_some_and(|read| read.message().is_some() && self.keep_log(line.with_text(inner), &read))
    }

    /// Prose is nothing that is understood; what it quotes is kept apart from what logs say.
    fn take_prose(&mut self, line: Line<'_>) -> bool {
        self.extract.prose.line(line);
        self.behind.row = row(line.text()).filter(|row| row.is_mute());
        false
    }

    /// What the text said.
    pub fn finish(mut self) -> Extract {
        let taken = self.blocks.finish();
        self.take_entry(taken);
        let passage = std::mem::replace(&mut self.passage, new_passage());
        self.close(passage);
        let (is_report, found) = self.reported.finish();
        self.extract.is_etcd_diagnosis = is_report;
        for (endpoint, metrics) in found {
            let typed = Some(format!("{}/metrics", endpoint.raw()).into());
            self.extract.passages.push(Passage { typed, metrics, ..Passage::default() });
        }
        self.extract.commands = self.commands.rows().to_vec();
        self.extract
    }
}
