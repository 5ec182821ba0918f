//! The JSON form of etcdctl (`-w json`), as printed, or spread over lines by jq: status, health, hashes, members, alarms.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::parse::duration::go_duration;
use crate::text::Untrusted;

use super::report;
use super::scan::{Place, elements};
use super::words::{hex_id, nonempty};
use super::{AlarmKind, Answer, Reading, Said, Size, Status};

pub(super) type Object = Map<String, Value>;

/// Reads one whole JSON text. False if it is none of etcdctl's. `alarms`: the file is known to hold an alarm list.
pub(super) fn read(text: &str, place: &Place<'_>, alarms: bool, out: &mut Reading) -> bool {
    match serde_json::from_str::<Value>(text) {
        // All endpoints failed, so nothing is listed.
        Ok(Value::Array(items)) if items.is_empty() => true,
        Ok(Value::Array(items)) => list(&items, text, place, out, element),
        Ok(Value::Object(object)) => object_alone(&object, text, place, alarms, out),
        _ => false,
    }
}

/// Reads what is whole of a text that breaks off: only endpoints, which stand for themselves. A list of members that is cut short
/// would say that members are missing.
pub(super) fn read_cut(text: &str, place: &Place<'_>, out: &mut Reading) {
    if !text.starts_with('[') {
        return;
    }
    for span in elements(text) {
        if let Some(Ok(Value::Object(object))) = text.get(span.clone()).map(serde_json::from_str) {
            say(place, &span, element(&object), out);
        }
    }
}

/// Whether a text that cannot be read looks like one of etcdctl's.
pub(super) fn looks_ours(text: &str) -> bool {
    ["\"Endpoint\"", "\"endpoint\"", "\"members\"", "\"alarms\"", "\"cluster_id\""].iter().any(|key| text.contains(key))
}

fn list(items: &[Value], text: &str, place: &Place<'_>, out: &mut Reading, read: fn(&Object) -> Option<Answer>) -> bool {
    let mut known = false;
    for (object, span) in items.iter().filter_map(Value::as_object).zip(elements(text)) {
        known |= say(place, &span, read(object), out);
    }
    known
}

pub(super) fn say(place: &Place<'_>, span: &Range<usize>, what: Option<Answer>, out: &mut Reading) -> bool {
    match (what, place.quote(span)) {
        (Some(what), Some(quote)) => {
            out.said.push(Said { what, quote });
            true
        }
        _ => false,
    }
}

fn object_alone(object: &Object, text: &str, place: &Place<'_>, alarms: bool, out: &mut Reading) -> bool {
    if object.contains_key("results") && report::read(text, place, out) {
        return true;
    }
    let whole = 0..text.trim_end().len();
    let (members, alarm_list) = (object.get("members"), object.get("alarms"));
    if members.is_none() && alarm_list.is_none() {
        let what = element(object).or_else(|| bare_header(object, alarms));
        return say(place, &whole, what, out);
    }
    let header = say(place, &whole, header(object, false), out);
    let items = |list: Option<&Value>| list.and_then(Value::as_array).cloned().unwrap_or_default();
    if alarm_list.is_some() && items(alarm_list).is_empty() {
        return say(place, &whole, Some(Answer::AlarmListRead), out);
    }
    let known = list(&items(members), text, place, out, member) | list(&items(alarm_list), text, place, out, alarm);
    header | known
}

/// One object of a list, or alone, as `jq '.[]'` leaves it.
fn element(object: &Object) -> Option<Answer> {
    if let (Some(endpoint), Some(Value::Object(status))) = (words(object, "Endpoint"), object.get("Status")) {
        return Some(Answer::EndpointStatus(Box::new(status_of(endpoint, status))));
    }
    if let (Some(endpoint), Some(Value::Object(answer))) = (words(object, "Endpoint"), object.get("HashKV")) {
        return Some(hash(endpoint, answer));
    }
    if let (Some(endpoint), Some(healthy)) = (words(object, "endpoint"), flag(object, "health")) {
        let took = object.get("took").and_then(Value::as_str).and_then(go_duration);
        return Some(Answer::EndpointHealth { endpoint, healthy, took, error: words(object, "error") });
    }
    member(object).or_else(|| alarm(object)).or_else(|| refusal(object))
}

/// What etcd's gateway for JSON answers with gRPC's code: `{"error":"etcdserver: user name is empty","code":3}`.
fn refusal(object: &Object) -> Option<Answer> {
    let text = words(object, "error").or_else(|| words(object, "message"))?;
    (object.get("code").is_some_and(Value::is_u64) && text.raw().starts_with("etcdserver: ")).then_some(Answer::Error { text })
}

pub(super) fn member(object: &Object) -> Option<Answer> {
    object.get("peerURLs")?;
    let name = words(object, "name");
    Some(Answer::Member {
        // `id` in lower case is the body of `/v2/members`.
        id: id(object, "ID").or_else(|| id(object, "id"))?,
        started: Some(name.is_some()),
        name,
        peer_urls: all_words(object, "peerURLs"),
        // 3.5 writes the other key with `--hex`.
        client_urls: [all_words(object, "clientURLs"), all_words(object, "clientURLS")].concat(),
        is_leader: None,
        is_learner: Some(flag(object, "isLearner").unwrap_or(false)),
    })
}

/// A status as etcd-diagnosis reports it.
pub(super) fn reported_status(object: &Object) -> Option<Answer> {
    let status = object.get("epStatus")?.as_object()?;
    Some(Answer::EndpointStatus(Box::new(status_of(words(object, "endpoint")?, status))))
}

/// How a read through raft went, as etcd-diagnosis reports it: the same question as that of `endpoint health`.
pub(super) fn reported_read(object: &Object) -> Option<Answer> {
    let took = object.get("took").and_then(Value::as_str).and_then(go_duration);
    let error = words(object, "error");
    Some(Answer::EndpointHealth { endpoint: words(object, "endpoint")?, healthy: error.is_none(), took, error })
}

fn alarm(object: &Object) -> Option<Answer> {
    let kind = match object.get("alarm")? {
        Value::Number(number) => AlarmKind::of(&number.to_string()),
        Value::String(name) => AlarmKind::of(name),
        _ => return None,
    };
    Some(Answer::Alarm { member: id(object, "memberID"), kind })
}

fn hash(endpoint: Untrusted, answer: &Object) -> Answer {
    let header = answer.get("header").and_then(Value::as_object);
    Answer::Hash {
        endpoint,
        cluster_id: header.and_then(|h| id(h, "cluster_id")),
        member_id: header.and_then(|h| id(h, "member_id")),
        hash: number(answer, "hash").and_then(|h| u32::try_from(h).ok()),
        revision: header.and_then(|h| signed(h, "revision")),
        compact_revision: signed(answer, "compact_revision"),
        hash_revision: signed(answer, "hash_revision"),
    }
}

fn status_of(endpoint: Untrusted, status: &Object) -> Status {
    let header = status.get("header").and_then(Value::as_object);
    let downgrade = status.get("downgradeInfo").and_then(Value::as_object);
    let size = |key| number(status, key).map(|bytes| Size { bytes, rounded: false });
    let member_id = header.and_then(|h| id(h, "member_id"));
    // No key means no leader; null means that someone took it out.
    let (leader, told) = (id(status, "leader"), status.get("leader") != Some(&Value::Null));
    Status {
        endpoint,
        cluster_id: header.and_then(|h| id(h, "cluster_id")),
        member_id,
        version: words(status, "version"),
        storage_version: words(status, "storageVersion"),
        db_size: size("dbSize"),
        in_use: size("dbSizeInUse"),
        quota: size("dbSizeQuota"),
        is_leader: if told { Some(leader.is_some() && leader == member_id) } else { None },
        leader,
        has_leader: if told { Some(leader.is_some()) } else { None },
        is_learner: Some(flag(status, "isLearner").unwrap_or(false)),
        term: number(status, "raftTerm").or_else(|| header.and_then(|h| number(h, "raft_term"))),
        index: number(status, "raftIndex"),
        applied: number(status, "raftAppliedIndex"),
        revision: header.and_then(|h| signed(h, "revision")),
        errors: all_words(status, "errors"),
        downgrade_target: downgrade.and_then(|d| words(d, "targetVersion")),
        downgrade_enabled: downgrade.map(|d| flag(d, "enabled").unwrap_or(false)),
    }
}

pub(super) fn header(object: &Object, bare: bool) -> Option<Answer> {
    let header = object.get("header")?.as_object()?;
    let cluster_id = id(header, "cluster_id");
    cluster_id?;
    let (revision, raft_term) = (signed(header, "revision"), number(header, "raft_term"));
    Some(Answer::Cluster { cluster_id, member_id: id(header, "member_id"), revision, raft_term, bare })
}

/// Nothing but a header: empty lists are left out of the JSON. etcdctl 3.4 leaves out the header of an alarm list, too.
fn bare_header(object: &Object, alarms: bool) -> Option<Answer> {
    if alarms && object.is_empty() {
        return Some(Answer::AlarmListRead);
    }
    let bare = header(object, object.len() == 1)?;
    Some(if alarms && object.len() == 1 { Answer::AlarmListRead } else { bare })
}

/// An id: a decimal number, or a hex string with `--hex`. A number in float form (jq up to 1.5) is no id any more.
fn id(object: &Object, key: &str) -> Option<u64> {
    match object.get(key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => id_in(text),
        _ => None,
    }
    .filter(|id| *id != 0)
}

/// An id in quotation marks: hex as `etcdctl --hex` prints it, or decimal as etcd's own JSON gateway (`/v3/cluster/member/list`) does, which
/// puts all 64-bit numbers in quotation marks. Hex has 16 digits at most; of 10,000 decimal ids five have no more.
fn id_in(text: &str) -> Option<u64> {
    let is_decimal = text.len() > 16 && text.bytes().all(|b| b.is_ascii_digit());
    if is_decimal { text.parse().ok() } else { hex_id(text) }
}

fn number(object: &Object, key: &str) -> Option<u64> {
    object.get(key)?.as_u64().filter(|n| *n != 0)
}

fn signed(object: &Object, key: &str) -> Option<i64> {
    object.get(key)?.as_i64().filter(|n| *n != 0)
}

fn flag(object: &Object, key: &str) -> Option<bool> {
    object.get(key)?.as_bool()
}

fn words(object: &Object, key: &str) -> Option<Untrusted> {
    object.get(key)?.as_str().and_then(nonempty)
}

fn all_words(object: &Object, key: &str) -> Vec<Untrusted> {
    let list = object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).filter_map(nonempty).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, read_at, statuses};
    use super::*;

    const STATUS: &str = r#"[{"Endpoint":"http://10.0.0.1:2379","Status":{"header":{"cluster_id":14841639068965178418,"member_id":10276657743932975437,"revision":42,"raft_term":3},"version":"3.6.5","dbSize":20480,"leader":10276657743932975437,"raftIndex":9,"raftTerm":4,"raftAppliedIndex":8,"dbSizeInUse":16384,"storageVersion":"3.6.0","dbSizeQuota":2147483648,"downgradeInfo":{}}},{"Endpoint":"http://10.0.0.2:2379","Status":{"header":{"cluster_id":14841639068965178418,"member_id":1,"revision":41,"raft_term":3},"version":"3.4.23","dbSize":0,"raftIndex":9,"errors":["etcdserver: no leader","memberID:1 alarm:NOSPACE "],"isLearner":true}}]"#;

    fn answers(text: &str) -> Vec<Answer> {
        read(text).said.into_iter().map(|s| s.what).collect()
    }

    #[test]
    fn status_is_exact_and_each_endpoint_quotes_its_own_object() {
        let reading = read(STATUS);
        let statuses = statuses(&reading);
        let [first, second] = statuses.as_slice() else { panic!("{statuses:?}") };
        assert_eq!(
            (first.leader, first.is_leader, first.member_id),
            (Some(10_276_657_743_932_975_437), Some(true), first.leader)
        );
        assert_eq!((first.term, first.index, first.applied, first.revision), (Some(4), Some(9), Some(8), Some(42)));
        assert_eq!(first.quota, Some(Size { bytes: 2_147_483_648, rounded: false }));
        assert_eq!(
            (first.downgrade_enabled, first.downgrade_target.is_none(), first.is_learner),
            (Some(false), true, Some(false))
        );
        assert_eq!((second.leader, second.has_leader, second.is_leader, second.db_size), (None, Some(false), Some(false), None));
        assert_eq!((second.term, second.is_learner, second.in_use), (Some(3), Some(true), None));
        assert_eq!(second.errors, ["etcdserver: no leader", "memberID:1 alarm:NOSPACE"]);
        let excerpt = reading.said.get(1).unwrap().quote.excerpt().raw().to_owned();
        assert!(excerpt.starts_with("{\"Endpoint\":\"http://10.0.0.2:2379\"") && STATUS.contains(excerpt.trim_end_matches('…')));
    }

    #[test]
    fn json_spread_by_jq_is_read_and_quotes_a_line_that_says_something() {
        let value: Value = serde_json::from_str(STATUS).unwrap();
        let text = serde_json::to_string_pretty(&value).unwrap();
        let reading = read(&format!("# etcdctl endpoint status -w json | jq\n{text}\ncluster is healthy\n"));
        assert_eq!((reading.said.len(), statuses(&reading)), (3, statuses(&read(STATUS))));
        let quote = &reading.said.first().unwrap().quote;
        assert_eq!(quote.excerpt().raw(), "\"Endpoint\": \"http://10.0.0.1:2379\",");
        assert_eq!((quote.citation().line(), quote.citation().end_line()), (4, 23));
    }

    #[test]
    fn objects_without_a_list_around_them_are_read_one_after_another() {
        let text = r#"{"endpoint":"a:2379","health":true,"took":"2.1ms"}{"endpoint":"b:2379","health":false,"took":"5s","error":"context deadline exceeded"}
{"ID":1,"peerURLs":["http://a:2380"]} {"memberID":2,"alarm":2}"#;
        let answers = answers(text);
        assert!(matches!(
            answers.as_slice(),
            [
                Answer::EndpointHealth { healthy: true, took: Some(_), error: None, .. },
                Answer::EndpointHealth { healthy: false, error: Some(_), .. },
                Answer::Member { id: 1, name: None, started: Some(false), .. },
                Answer::Alarm { member: Some(2), kind: AlarmKind::Corrupt },
            ]
        ));
    }

    #[test]
    fn members_are_read_with_decimal_and_hex_ids_and_both_spellings_of_client_urls() {
        for (id, key) in [
            ("10276657743932975437", "clientURLs"),
            ("\"8e9e05c52164694d\"", "clientURLS"),
            ("\"8e9e05c52164694d\"", "clientURLs"),
            ("\"10276657743932975437\"", "clientURLs"),
        ] {
            let text = format!(
                r#"{{"header":{{"cluster_id":7,"member_id":{id},"raft_term":2}},"members":[{{"ID":{id},"name":"m1","peerURLs":["http://a:2380"],"{key}":["http://a:2379"]}}]}}"#
            );
            let answers = answers(&text);
            let [
                Answer::Cluster { cluster_id: Some(7), member_id: Some(from), bare: false, .. },
                Answer::Member { id, client_urls, is_learner, .. },
            ] = answers.as_slice()
            else {
                panic!("{answers:?}")
            };
            assert_eq!(
                (*from, *id, client_urls.len(), *is_learner),
                (10_276_657_743_932_975_437, 10_276_657_743_932_975_437, 1, Some(false))
            );
        }
        assert_eq!(answers(r#"{"members":[{"id":"1f","name":"m1","peerURLs":[],"clientURLs":[]}]}"#).len(), 1);
    }

    #[test]
    fn a_header_alone_means_no_alarm_only_in_an_alarm_list() {
        let text = r#"{"header":{"cluster_id":7,"member_id":8,"revision":5,"raft_term":2}}"#;
        assert!(matches!(answers(text).as_slice(), [Answer::Cluster { bare: true, revision: Some(5), .. }]));
        let said = read_at("nodes/a/etcdctl-alarm-list-w-json.txt", text).said;
        assert_eq!(said.first().map(|s| &s.what), Some(&Answer::AlarmListRead));
        // etcdctl 3.4.23 of Debian.
        let said = read_at("nodes/a/etcdctl/alarm-list.json", "{}").said;
        assert_eq!(said.first().map(|s| &s.what), Some(&Answer::AlarmListRead));
        assert!(answers("{}").is_empty());
        let listed = r#"{"header":{"cluster_id":7},"alarms":[{"memberID":10276657743932975437,"alarm":1},{"alarm":2}]}"#;
        let alarms: Vec<Answer> = answers(listed).split_off(1);
        let member = Some(10_276_657_743_932_975_437);
        assert_eq!(
            alarms,
            [Answer::Alarm { member, kind: AlarmKind::NoSpace }, Answer::Alarm { member: None, kind: AlarmKind::Corrupt }]
        );
        assert_eq!(answers(r#"{"header":{"cluster_id":7},"alarms":[]}"#).last(), Some(&Answer::AlarmListRead));
    }

    #[test]
    fn hashes_keep_the_compact_revision_that_was_never_set() {
        let text = r#"[{"Endpoint":"a:2379","HashKV":{"header":{"cluster_id":7,"member_id":8,"revision":514,"raft_term":2},"hash":2836225326,"compact_revision":-1}}]"#;
        let expected = Answer::Hash {
            endpoint: "a:2379".into(),
            cluster_id: Some(7),
            member_id: Some(8),
            hash: Some(2_836_225_326),
            revision: Some(514),
            compact_revision: Some(-1),
            hash_revision: None,
        };
        assert_eq!(answers(text), [expected]);
    }

    #[test]
    fn json_that_breaks_off_gives_its_whole_endpoints_and_is_named() {
        let (cut, _) = STATUS.split_at(STATUS.len() - 20);
        let reading = read(cut);
        assert_eq!((reading.said.len(), reading.given_up.len()), (1, 1));
        let reading = read(r#"{"header":{"cluster_id":7},"members":[{"ID":1,"peerURLs":[]},{"ID":2"#);
        assert_eq!((reading.said.len(), reading.given_up.len()), (0, 1));
    }

    #[test]
    fn null_floats_and_other_programs_json_say_nothing() {
        let text = r#"[{"Endpoint":"a:1","Status":{"header":null,"dbSize":null,"leader":null,"errors":null}}]"#;
        let [status] = <[Status; 1]>::try_from(statuses(&read(text))).unwrap();
        assert_eq!(status, Status { endpoint: "a:1".into(), is_learner: Some(false), ..Status::default() });
        for other in [r#"{"ID":1.0276657743932975e+19,"peerURLs":[]}"#, r#"{"health":"true"}"#, r#"[{"a":1}]"#, "{}", r#"{"a"}"#]
        {
            assert!(answers(other).is_empty(), "{other}");
        }
    }
}
