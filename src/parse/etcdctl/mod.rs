//! What etcdctl and etcdutl print, of versions 2.0 to 3.7 and in every output form, recognised by content.

mod answer;
mod columns;
mod fields;
mod json;
mod mixed;
mod report;
mod scan;
mod table;
mod v2;
mod v3;
mod words;

use crate::bundle::{Citation, Line, Quote};

pub use answer::{AlarmKind, Answer, Client, Health, Size, Status, Verdict};
pub use words::{hex_id, host_port, looks_rounded};

/// A fact with the words that say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The fact.
    pub what: T,
    /// The words, and where they stand.
    pub quote: Quote,
}

/// What a [`Reader`] has read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The answers, in the order of their last lines.
    pub said: Vec<Said<Answer>>,
    /// What looked like an answer and could not be read: cut short, too long, or with an id that is none.
    pub given_up: Vec<Citation>,
}

/// Reads the lines of one file, of which the command is not known.
///
/// A form that prints nothing, such as `alarm list` without alarms, cannot be told from an empty file.
#[derive(Default)]
pub struct Reader {
    out: Reading,
    json: Option<scan::Held>,
    table: table::Table,
    fields: fields::Block,
    /// The file's name says that it holds an alarm list.
    alarms: bool,
}

impl Reader {
    /// A reader for one file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether no JSON is open.
    pub fn is_idle(&self) -> bool {
        self.json.is_none()
    }

    /// Takes the next line. True if it is an answer, a part of one, or held because it may be.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        self.alarms = line.path().rsplit('/').next().is_some_and(|name| name.contains("alarm"));
        if mixed::is_zap(text) {
            // From stderr, in the midst of anything.
            return self.say(line.with_text(text), mixed::zap_warning(text));
        }
        if self.json.is_some() && text.is_empty() {
            return true;
        }
        if let Some(known) = self.go_on_with_json(line, text) {
            return known;
        }
        if self.table.line(line.with_text(text), text, &mut self.out) {
            self.fields.close(self.alarms, &mut self.out);
            return true;
        }
        self.table.close(&mut self.out);
        if self.fields.line(line.with_text(text), text, &mut self.out) {
            return true;
        }
        self.fields.close(self.alarms, &mut self.out);
        if scan::starts(text) {
            return self.read_json(line, text);
        }
        self.say(line.with_text(text), single(text))
    }

    /// What was given up so far. [`Reading::given_up`] also holds what the end of the file cut off.
    pub fn given_up(&self) -> &[Citation] {
        &self.out.given_up
    }

    /// Ends the file.
    pub fn finish(mut self) -> Reading {
        self.table.close(&mut self.out);
        self.fields.close(self.alarms, &mut self.out);
        self.abandon_json();
        self.out
    }

    fn say(&mut self, line: Line<'_>, what: Option<Answer>) -> bool {
        let Some(what) = what else { return false };
        self.out.said.push(Said { what, quote: line.quote() });
        true
    }

    /// Reads the JSON values that start in a line.
    fn read_json<'a>(&mut self, line: Line<'a>, text: &'a str) -> bool {
        let (mut rest, mut known) = (text, false);
        while scan::starts(rest) {
            let mut scan = scan::Scan::default();
            let Some((value, after)) = scan.end(rest).and_then(|end| rest.split_at_checked(end)) else {
                self.json = Some(scan::Held::begin(line, rest, scan));
                return true;
            };
            known |= json::read(value, &scan::Place::Line(line.with_text(value)), self.alarms, &mut self.out);
            // A comma stands between the elements of a list whose beginning is missing.
            rest = after.trim_start_matches([',', ' ', '\t']);
        }
        known
    }

    /// `None` if no JSON is open, or the line cannot belong to it.
    fn go_on_with_json(&mut self, line: Line<'_>, text: &str) -> Option<bool> {
        let mut held = self.json.take()?;
        match held.line(line.with_text(text), text) {
            None => {
                self.json = Some(held);
                self.abandon_json();
                None
            }
            Some(None) => {
                self.json = Some(held);
                Some(true)
            }
            Some(Some(rest)) => {
                let known = self.end_json(&held);
                Some(known | self.read_json(line, rest.trim_start_matches([',', ' ', '\t'])))
            }
        }
    }

    fn end_json(&mut self, held: &scan::Held) -> bool {
        let known = !held.is_over() && json::read(&held.text, &scan::Place::Lines(held), self.alarms, &mut self.out);
        if held.is_over() || (!known && json::looks_ours(&held.text)) {
            self.out.given_up.push(held.place());
        }
        known
    }

    fn abandon_json(&mut self) {
        let Some(held) = self.json.take() else { return };
        json::read_cut(&held.text, &scan::Place::Lines(&held), &mut self.out);
        if held.is_over() || json::looks_ours(&held.text) {
            self.out.given_up.push(held.place());
        }
    }
}

/// An answer that stands in one line.
fn single(text: &str) -> Option<Answer> {
    v2::answer(text).or_else(|| v3::answer(text)).or_else(|| mixed::error(text)).or_else(|| mixed::grpc_warning(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    pub(super) fn read_at(path: &str, text: &str) -> Reading {
        let source = Source::new(path);
        let mut reader = Reader::new();
        for (number, line) in (1..).zip(text.split('\n')) {
            reader.line(source.line(number, line));
        }
        reader.finish()
    }

    pub(super) fn read(text: &str) -> Reading {
        read_at("nodes/a/out.txt", text)
    }

    pub(super) fn statuses(reading: &Reading) -> Vec<Status> {
        let status = |said: &Said<Answer>| match &said.what {
            Answer::EndpointStatus(status) => Some((**status).clone()),
            _ => None,
        };
        reading.said.iter().filter_map(status).collect()
    }

    #[test]
    fn an_article_with_markdown_line_breaks_and_prose_gives_its_answers_only() {
        let text = "# 知 网络震荡导致一个节点etcd报错无法打开文件\n\
            报错信息: Aug 28 09:36:01 cloudos18803 etcd: open wal error: wal: file not found\n\
            [root@cloudos18803 ~]# /opt/bin/etcdctl cluster-health  \n\
            member 2c2b493165507658 is healthy: got healthy result from http://10.133.188.2:2379  \n\
            cluster is healthy\r\n\
            etcd_wal_fsync_durations_seconds_bucket{le=\"0.001\"} 291808  \n\
            [root@cloudos18803 ~]#\n";
        let reading = read(text);
        let id = 0x2c2b_4931_6550_7658;
        let endpoint = Some("http://10.133.188.2:2379".into());
        let said: Vec<&Answer> = reading.said.iter().map(|s| &s.what).collect();
        assert_eq!(
            said,
            [
                &Answer::MemberHealth { id, health: Health::Healthy, endpoint, why: None },
                &Answer::ClusterVerdict(Verdict::Healthy)
            ]
        );
        assert_eq!(reading.said.first().map(|s| s.quote.citation().line()), Some(4));
    }

    #[test]
    fn warnings_may_stand_anywhere_even_within_json() {
        let warning = r#"{"level":"warn","ts":"2026-11-22T16:11:37.733Z","logger":"etcd-client","caller":"v3/retry_interceptor.go:63","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc000/10.0.0.3:2379","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = context deadline exceeded"}"#;
        let text = format!(
            "{warning}\nFailed to get the status of endpoint http://10.0.0.3:2379 (context deadline exceeded)\n[\n{warning}\n\n  {{\n\"Endpoint\": \"a:2379\",\n \"Status\": {{ \"raftTerm\": 2 }}\n}}\n]\n"
        );
        let reading = read(&text);
        assert_eq!((reading.said.len(), reading.given_up.len()), (4, 0));
        assert!(matches!(reading.said.get(1).map(|s| &s.what), Some(Answer::StatusFailed { .. })));
        assert_eq!(statuses(&reading).first().and_then(|s| s.term), Some(2));
    }

    #[test]
    fn an_error_stored_as_json_and_an_empty_file_are_what_they_are() {
        let reading = read_at("a/endpoint-status.json", "Error: context deadline exceeded\n");
        assert!(matches!(reading.said.first().map(|s| &s.what), Some(Answer::Error { .. })));
        let empty = read("");
        assert!(empty.said.is_empty() && empty.given_up.is_empty());
    }

    #[test]
    fn what_is_held_in_vain_does_not_hide_the_lines_after_it() {
        let reading = read("{\n\"header\": {\n\"cluster_id\": 7,\nConnection to db01 closed.\ncluster is degraded\n");
        assert_eq!((reading.said.len(), reading.given_up.len()), (1, 1));
        let reading = read("[\ncluster is degraded\n}\n");
        assert_eq!((reading.said.len(), reading.given_up.len()), (1, 0));
    }

    #[test]
    fn json_that_is_too_long_is_given_up_and_what_follows_is_read() {
        let filler = format!("\"{}\",\n", "x".repeat(1 << 16)).repeat(70);
        let reading = read(&format!("{{\n\"members\": [\n{filler}\"\"\n]\n}}\ncluster is healthy\n"));
        assert_eq!((reading.said.len(), reading.given_up.len()), (1, 1));
        assert_eq!(reading.given_up.first().map(|c| (c.line(), c.end_line())), Some((1, 75)));
    }

    #[test]
    fn every_excerpt_stands_in_the_lines_it_cites() {
        let text = "member 1f is healthy: got healthy result from http://a:2379\n[\n{ \"endpoint\": \"a:2379\",\n\"health\": true }, {\n\"endpoint\": \"b:2379\", \"health\": false }\n]\n| a:2379 | 1f | 3.3.25 | 225 kB | false | 2 | 518 |\n\"Endpoint\" : \"a:1\"\n\"Health\" : true\n";
        let reading = read(text);
        assert_eq!(reading.said.len(), 5);
        let lines: Vec<&str> = text.lines().collect();
        for said in &reading.said {
            let range = said.quote.citation().line()..=said.quote.citation().end_line();
            let cited: Vec<&str> = range.filter_map(|n| lines.get(usize::try_from(n).ok()?.checked_sub(1)?).copied()).collect();
            assert!(cited.join("\n").contains(said.quote.excerpt().raw()), "{said:?}");
        }
    }
}
