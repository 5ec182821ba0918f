//! The columns of etcdctl's tables and simple lines, by their header words.

use super::words::{boolean, hex_id, is_endpoint, nonempty, nonzero, size, urls};
use super::{Answer, Status};
use crate::parse::duration::go_duration;

/// What a table lists, told by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Status,
    Health,
    Members,
    Hash,
}

impl Kind {
    /// The kind of table with these header words.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let has = |name: &str| header.iter().any(|h| h == name);
        if has("ENDPOINT") && has("ID") && has("DB SIZE") {
            Some(Self::Status)
        } else if has("ENDPOINT") && has("HEALTH") {
            Some(Self::Health)
        } else if has("ENDPOINT") && has("HASH") {
            Some(Self::Hash)
        } else if has("ID") && has("STATUS") && has("PEER ADDRS") {
            Some(Self::Members)
        } else {
            None
        }
    }

    /// The answer in a row.
    pub(super) fn answer(self, header: &[String], cells: &[String]) -> Option<Answer> {
        let named: Vec<(&str, &str)> = header.iter().zip(cells).map(|(h, c)| (h.as_str(), c.as_str())).collect();
        match self {
            Self::Status => status(&named),
            Self::Health => health(&named),
            Self::Members => member(&named),
            Self::Hash => {
                let endpoint = cell(&named, "ENDPOINT").filter(|e| is_endpoint(e))?;
                let revision = cell(&named, "HASH REVISION").and_then(|r| r.parse().ok()).filter(|r| *r != 0);
                Some(hash(endpoint, cell(&named, "HASH")?.parse().ok().filter(|h| *h != 0), revision))
            }
        }
    }
}

fn cell<'a>(named: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    named.iter().find(|(header, _)| *header == name).map(|(_, cell)| *cell)
}

fn status(named: &[(&str, &str)]) -> Option<Answer> {
    let endpoint = cell(named, "ENDPOINT").filter(|e| is_endpoint(e))?;
    let mut status = Status { endpoint: endpoint.into(), member_id: Some(hex_id(cell(named, "ID")?)?), ..Status::default() };
    for (name, cell) in named {
        set(&mut status, name, cell);
    }
    status.conclude();
    Some(Answer::EndpointStatus(Box::new(status)))
}

/// Sets the field that a column fills; other columns say nothing new.
pub(super) fn set(status: &mut Status, column: &str, cell: &str) {
    match column {
        "VERSION" => status.version = nonempty(cell),
        "STORAGE VERSION" => status.storage_version = nonempty(cell),
        "DB SIZE" => status.db_size = size(cell),
        "IN USE" | "DB SIZE IN USE" => status.in_use = size(cell),
        "QUOTA" | "DB SIZE QUOTA" => status.quota = size(cell),
        "IS LEADER" => status.is_leader = boolean(cell),
        "IS LEARNER" => status.is_learner = boolean(cell),
        "RAFT TERM" => status.term = nonzero(cell),
        "RAFT INDEX" => status.index = nonzero(cell),
        "RAFT APPLIED INDEX" => status.applied = nonzero(cell),
        // The client joins the errors with comma and blank; none of the errors it knows holds a comma.
        "ERRORS" => status.errors = cell.split(", ").filter_map(nonempty).collect(),
        "DOWNGRADE TARGET VERSION" => status.downgrade_target = nonempty(cell),
        "DOWNGRADE ENABLED" => status.downgrade_enabled = boolean(cell),
        _ => {}
    }
}

fn health(named: &[(&str, &str)]) -> Option<Answer> {
    let endpoint = cell(named, "ENDPOINT").filter(|e| is_endpoint(e))?.into();
    let healthy = boolean(cell(named, "HEALTH")?)?;
    let error = cell(named, "ERROR").and_then(nonempty);
    Some(Answer::EndpointHealth { endpoint, healthy, took: cell(named, "TOOK").and_then(go_duration), error })
}

fn member(named: &[(&str, &str)]) -> Option<Answer> {
    let list = |name| urls(cell(named, name).unwrap_or_default());
    let started = match cell(named, "STATUS")? {
        "started" => Some(true),
        "unstarted" => Some(false),
        _ => return None,
    };
    Some(Answer::Member {
        id: hex_id(cell(named, "ID")?)?,
        name: cell(named, "NAME").and_then(nonempty),
        peer_urls: list("PEER ADDRS"),
        client_urls: list("CLIENT ADDRS"),
        is_leader: None,
        is_learner: cell(named, "IS LEARNER").and_then(boolean),
        started,
    })
}

/// A hash of which only these are printed.
pub(super) fn hash(endpoint: &str, hash: Option<u32>, hash_revision: Option<i64>) -> Answer {
    let endpoint = endpoint.into();
    Answer::Hash { endpoint, cluster_id: None, member_id: None, hash, revision: None, compact_revision: None, hash_revision }
}
