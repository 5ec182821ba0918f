//! The report of etcd-diagnosis: what it asked etcd, member for member, in one JSON text. Its own judgement is not read; what etcd
//! answered is.

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use super::{
    Reading,
    json::{self, Object},
    scan::Place,
};

/// The whole report.
#[derive(Deserialize)]
struct Report<'a> {
    #[serde(borrow)]
    results: Vec<Check<'a>>,
}

/// What one of its checks asked; each fills the fields that are its own.
#[derive(Deserialize)]
struct Check<'a> {
    name: Option<String>,
    #[serde(borrow, default, rename = "memberList")]
    members: Option<Members<'a>>,
    #[serde(borrow, default, rename = "epStatusList")]
    statuses: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default, rename = "readResponses")]
    reads: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(default)]
    header: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    members: Option<Vec<&'a RawValue>>,
}

/// The check that reads as `etcdctl endpoint health` does, through raft; the serializable one says only that a process answers.
const THROUGH_RAFT: &str = "linearizableReadChecker";

/// Reads a report. False if the text is none.
pub(super) fn read(text: &str, place: &Place<'_>, out: &mut Reading) -> bool {
    let Ok(report) = serde_json::from_str::<Report<'_>>(text) else { return false };
    let mut known = false;
    let mut say = |raw: &RawValue, what: &dyn Fn(&Object) -> Option<super::Answer>| {
        let at = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let object = serde_json::from_str::<Object>(raw.get()).ok();
        known |= json::say(place, &(at..at + raw.get().len()), object.as_ref().and_then(what), out);
    };
    for check in report.results {
        if let Some(list) = check.members {
            for member in list.members.iter().flatten() {
                say(member, &json::member);
            }
            if let (Some(header), Some(first)) = (list.header, list.members.iter().flatten().next()) {
                let object = Map::from_iter([("header".to_owned(), Value::Object(header))]);
                say(first, &|_| json::header(&object, false));
            }
        }
        for status in check.statuses.iter().flatten() {
            say(status, &json::reported_status);
        }
        for read in check.reads.iter().flatten().filter(|_| check.name.as_deref() == Some(THROUGH_RAFT)) {
            say(read, &json::reported_read);
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, tests::read};

    #[test]
    fn a_report_tells_members_states_and_who_answers_and_each_is_quoted_where_it_stands() {
        let report = r#"{
	"input": {"endpoints": ["127.0.0.1:2379"]},
	"results": [
		{
			"name": "membershipChecker",
			"memberList": {
				"header": {"cluster_id": 5, "member_id": 7, "raft_term": 2},
				"members": [
					{"ID": 7, "name": "a", "peerURLs": ["http://10.0.0.1:2380"], "clientURLs": ["http://10.0.0.1:2379"]},
					{"ID": 8, "name": "b", "peerURLs": ["http://10.0.0.2:2380"], "clientURLs": ["http://10.0.0.2:2379"]}
				]
			}
		},
		{
			"name": "epStatusChecker",
			"epStatusList": [
				{"endpoint": "http://10.0.0.1:2379", "epStatus": {"header": {"cluster_id": 5, "member_id": 7}, "version": "3.5.9", "leader": 7, "dbSize": 20480}},
				{"endpoint": "http://10.0.0.2:2379"}
			]
		},
		{"name": "serializableReadChecker", "readResponses": [{"endpoint": "http://10.0.0.2:2379", "took": "1ms"}]},
		{
			"name": "linearizableReadChecker",
			"readResponses": [
				{"endpoint": "http://10.0.0.1:2379", "took": "1.286333ms"},
				{"endpoint": "http://10.0.0.2:2379", "took": "5s", "error": "context deadline exceeded"}
			]
		},
		{"name": "metricsChecker", "reason": "none"}
	]
}
"#;
        let said = read(report).said;
        let lines: Vec<u64> = said.iter().map(|said| said.quote.citation().line()).collect();
        assert_eq!(lines, [9, 10, 9, 17, 25, 26]);
        let health = |at: usize| match &said[at].what {
            Answer::EndpointHealth { endpoint, healthy, error, .. } => (endpoint.raw(), *healthy, error.is_some()),
            other => panic!("{other:?}"),
        };
        assert_eq!(health(4), ("http://10.0.0.1:2379", true, false));
        assert_eq!(health(5), ("http://10.0.0.2:2379", false, true));
        assert!(matches!(&said[3].what, Answer::EndpointStatus(status) if status.is_leader == Some(true)));
    }

    #[test]
    fn another_json_with_results_is_no_report() {
        assert!(read("{\"results\": []}\n").said.is_empty());
        assert!(read("{\"results\": [{\"name\": \"x\", \"memberList\": null}]}\n").said.is_empty());
    }
}
