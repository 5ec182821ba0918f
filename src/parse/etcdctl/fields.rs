//! The fields form of etcdctl (`-w fields`): blocks of `"Key" : value` lines.

use crate::bundle::{Line, Quote};
use crate::parse::duration::go_duration;
use crate::text::Untrusted;

use super::words::{boolean, hex_id, nonempty, nonzero};
use super::{AlarmKind, Answer, Reading, Said, Size, Status};

/// Most lines of one block.
const MAX_FIELDS: usize = 1_000;

/// The block that is being read, if any.
#[derive(Default)]
pub(super) struct Block {
    fields: Vec<(String, String)>,
    quote: Option<Quote>,
}

impl Block {
    /// Takes a line that may belong to a block. False if it does not.
    pub(super) fn line(&mut self, line: Line<'_>, text: &str, out: &mut Reading) -> bool {
        let Some((key, value)) = field(text) else { return false };
        if self.fields.len() >= MAX_FIELDS {
            out.given_up.push(line.cite());
            *self = Self::default();
            return false;
        }
        self.fields.push((key.to_owned(), value.to_owned()));
        self.quote = Some(match self.quote.take() {
            Some(quote) => quote.through(&line.cite()),
            None => line.quote(),
        });
        true
    }

    /// Ends the block: an empty line came, or one of another form. `alarms`: the file is known to hold an alarm list.
    pub(super) fn close(&mut self, alarms: bool, out: &mut Reading) {
        let Self { fields, quote } = std::mem::take(self);
        let Some(quote) = quote else { return };
        let fields = Fields(fields);
        match fields.answer(alarms) {
            Some(what) => out.said.push(Said { what, quote }),
            None => out.given_up.push(quote.citation().clone()),
        }
    }
}

/// `"Key" : value`. JSON has no blank before its colon.
fn field(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.strip_prefix('"')?.split_once("\" :")?;
    let named = key.starts_with(|c: char| c.is_ascii_uppercase()) && key.bytes().all(|b| b.is_ascii_alphanumeric());
    if named { Some((key, unquoted(value.trim()))) } else { None }
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value)
}

struct Fields(Vec<(String, String)>);

impl Fields {
    /// The last value of a key: a member that raised an alarm stands after the one that answered.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    fn words(&self, key: &str) -> Option<Untrusted> {
        self.get(key).and_then(nonempty)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(nonzero)
    }

    fn revision(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(|v| v.parse().ok()).filter(|r| *r != 0)
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(boolean)
    }

    fn size(&self, key: &str) -> Option<Size> {
        self.number(key).map(|bytes| Size { bytes, rounded: false })
    }

    /// Decimal, or hex with `--hex`.
    fn id(&self, key: &str) -> Option<u64> {
        let value = self.get(key)?;
        value.parse().ok().or_else(|| hex_id(value)).filter(|id| *id != 0)
    }

    fn all(&self, key: &str) -> Vec<Untrusted> {
        self.0.iter().filter(|(k, _)| k == key).filter_map(|(_, v)| nonempty(v)).collect()
    }

    fn answer(&self, alarms: bool) -> Option<Answer> {
        if self.get("AlarmType").is_some() {
            let member = if self.get("MemberID") == Some("0") { None } else { self.id("MemberID") };
            return Some(Answer::Alarm { member, kind: AlarmKind::of(self.get("AlarmType")?) });
        }
        if self.get("Health").is_some() {
            return self.health();
        }
        if self.get("Hash").is_some() {
            return self.hash();
        }
        if self.get("DBSize").is_some() {
            return self.status();
        }
        if self.get("PeerURL").is_some() || self.get("ID").is_some() {
            return self.member();
        }
        self.header(alarms)
    }

    fn health(&self) -> Option<Answer> {
        let took = self.get("Took").and_then(go_duration);
        Some(Answer::EndpointHealth {
            endpoint: self.words("Endpoint")?,
            healthy: self.flag("Health")?,
            took,
            error: self.words("Error"),
        })
    }

    fn hash(&self) -> Option<Answer> {
        Some(Answer::Hash {
            endpoint: self.words("Endpoint")?,
            cluster_id: self.id("ClusterID"),
            member_id: self.id("MemberID"),
            hash: self.get("Hash")?.parse().ok().filter(|h| *h != 0),
            revision: self.revision("Revision"),
            compact_revision: self.revision("CompactRevision"),
            hash_revision: self.revision("HashRevision"),
        })
    }

    fn member(&self) -> Option<Answer> {
        let name = self.words("Name");
        let started = Some(name.is_some());
        Some(Answer::Member {
            id: self.id("ID")?,
            name,
            peer_urls: self.all("PeerURL"),
            client_urls: self.all("ClientURL"),
            is_leader: None,
            is_learner: self.flag("IsLearner"),
            started,
        })
    }

    fn status(&self) -> Option<Answer> {
        let (member_id, leader) = (self.id("MemberID"), self.number("Leader"));
        Some(Answer::EndpointStatus(Box::new(Status {
            endpoint: self.words("Endpoint")?,
            cluster_id: self.id("ClusterID"),
            member_id,
            version: self.words("Version"),
            storage_version: self.words("StorageVersion"),
            db_size: self.size("DBSize"),
            in_use: self.size("DBSizeInUse"),
            quota: self.size("DBSizeQuota"),
            is_leader: self.get("Leader").map(|_| leader.is_some() && leader == member_id),
            leader,
            has_leader: self.get("Leader").map(|_| leader.is_some()),
            is_learner: self.flag("IsLearner"),
            term: self.number("RaftTerm"),
            index: self.number("RaftIndex"),
            applied: self.number("RaftAppliedIndex"),
            revision: self.revision("Revision"),
            errors: slice(self.get("Errors").unwrap_or_default()),
            downgrade_target: self.words("DowngradeTargetVersion"),
            downgrade_enabled: self.flag("DowngradeEnabled"),
        })))
    }

    fn header(&self, alarms: bool) -> Option<Answer> {
        self.get("ClusterID")?;
        if alarms {
            return Some(Answer::AlarmListRead);
        }
        Some(Answer::Cluster {
            cluster_id: self.id("ClusterID"),
            member_id: self.id("MemberID"),
            revision: self.revision("Revision"),
            raft_term: self.number("RaftTerm"),
            bare: true,
        })
    }
}

/// The errors in a Go slice, `[a b]`: they hold blanks themselves, so they are told by the words they start with.
fn slice(text: &str) -> Vec<Untrusted> {
    let mut rest = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let mut errors = Vec::new();
    while !rest.is_empty() {
        let next = [" memberID:", " etcdserver:"].iter().filter_map(|s| rest.find(s)).min().unwrap_or(rest.len());
        let (error, after) = rest.split_at_checked(next).unwrap_or((rest, ""));
        errors.extend(nonempty(error));
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, read_at, statuses};
    use super::*;

    const HEADER: &str =
        "\"ClusterID\" : 14841639068965178418\n\"MemberID\" : 10276657743932975437\n\"Revision\" : 42\n\"RaftTerm\" : 3\n";

    #[test]
    fn a_status_block_is_read_and_cited_from_its_first_to_its_last_line() {
        let text = format!(
            "{HEADER}\"Version\" : \"3.4.23\"\n\"DBSize\" : 20480\n\"Leader\" : 0\n\"IsLearner\" : false\n\"RaftIndex\" : 9\n\"RaftTerm\" : 4\n\"RaftAppliedIndex\" : 8\n\"Errors\" : [memberID:1 alarm:NOSPACE  etcdserver: no leader]\n\"Endpoint\" : \"http://10.0.0.1:2379\"\n\n"
        );
        let reading = read(&text);
        let statuses = statuses(&reading);
        let status = statuses.first().unwrap();
        assert_eq!(status.errors, ["memberID:1 alarm:NOSPACE", "etcdserver: no leader"]);
        assert_eq!((status.leader, status.has_leader, status.is_leader), (None, Some(false), Some(false)));
        assert_eq!((status.cluster_id, status.term, status.applied), (Some(14_841_639_068_965_178_418), Some(4), Some(8)));
        assert_eq!(status.db_size, Some(Size { bytes: 20_480, rounded: false }));
        let quote = &reading.said.first().unwrap().quote;
        assert_eq!((quote.citation().line(), quote.citation().end_line()), (1, 13));
    }

    #[test]
    fn a_block_of_3_6_says_storage_version_quota_and_downgrade() {
        let text = format!(
            "{HEADER}\"Version\" : \"3.6.5\"\n\"StorageVersion\" : \"3.6.0\"\n\"DBSize\" : 20480\n\"DBSizeInUse\" : 16384\n\"DBSizeQuota\" : 2147483648\n\"Leader\" : 10276657743932975437\n\"RaftIndex\" : 9\n\"Errors\" : []\n\"Endpoint\" : \"a:2379\"\n\"DowngradeTargetVersion\" : \"\"\n\"DowngradeEnabled\" : false"
        );
        let reading = read(&text);
        let statuses = statuses(&reading);
        let status = statuses.first().unwrap();
        assert_eq!((status.is_leader, status.has_leader, status.errors.len()), (Some(true), Some(true), 0));
        assert_eq!((status.storage_version.as_ref().unwrap().raw(), status.downgrade_enabled), ("3.6.0", Some(false)));
        assert_eq!(status.quota.unwrap().bytes, 2_147_483_648);
    }

    #[test]
    fn members_health_hashes_and_alarms_are_read() {
        let text = format!(
            "{HEADER}\"ID\" : 8e9e05c52164694d\n\"Name\" : \"m1\"\n\"PeerURL\" : \"http://a:2380\"\n\"PeerURL\" : \"http://b:2380\"\n\"IsLearner\" : true\n\n\"Endpoint\" : \"a:2379\"\n\"Health\" : false\n\"Took\" : \"5s\"\n\"Error\" : \"context deadline exceeded\"\n\n{HEADER}\"Endpoint\" : \"a:2379\"\n\"Hash\" : 7\n\n{HEADER}\"MemberID\" : 5\n\"AlarmType\" : NOSPACE\n"
        );
        let said: Vec<Answer> = read(&text).said.into_iter().map(|s| s.what).collect();
        let [member, health, hash, alarm] = said.as_slice() else { panic!("{said:?}") };
        let Answer::Member { id, peer_urls, is_learner, .. } = member else { panic!("{member:?}") };
        assert_eq!((*id, peer_urls.len(), *is_learner), (10_276_657_743_932_975_437, 2, Some(true)));
        assert!(matches!(health, Answer::EndpointHealth { healthy: false, took: Some(_), error: Some(_), .. }));
        assert!(matches!(hash, Answer::Hash { hash: Some(7), revision: Some(42), hash_revision: None, .. }));
        assert_eq!(alarm, &Answer::Alarm { member: Some(5), kind: AlarmKind::NoSpace });
    }

    #[test]
    fn a_header_alone_is_no_alarm_only_where_the_file_is_an_alarm_list() {
        let what = |path| read_at(path, HEADER).said.into_iter().map(|s| s.what).next();
        assert_eq!(what("nodes/a/etcdctl-alarm-list-w-fields.txt"), Some(Answer::AlarmListRead));
        assert!(matches!(what("nodes/a/out.txt"), Some(Answer::Cluster { bare: true, .. })));
    }

    #[test]
    fn other_keys_are_given_up_and_json_is_not_taken_for_fields() {
        let reading = read("\"Foo\" : 1\n");
        assert_eq!((reading.said.len(), reading.given_up.len()), (0, 1));
        assert!(
            field("\"Endpoint\": \"a:2379\",").is_none() && field("\"lower\" : 1").is_none() && field("\"A b\" : 1").is_none()
        );
    }
}
