//! etcdctl's answers in another of its output forms than the one that was recorded, and what other tools make of metrics and listings.

use serde_json::{Value, json};

use super::recording::{Node, Recording};

/// `endpoint health -w json` of all endpoints, from the lines that the plain form printed.
pub(super) fn health_json(node: &Node) -> String {
    health_list(&node.both("etcdctl/endpoint-health-cluster.txt"))
}

/// The same of the node's own endpoint.
pub(super) fn own_health_json(node: &Node) -> String {
    health_list(&node.both("etcdctl/endpoint-health.txt"))
}

fn health_list(text: &str) -> String {
    let of = |line: &str| {
        if let Some((endpoint, took)) = line.split_once(" is healthy: successfully committed proposal: took = ") {
            return Some(json!({"endpoint": endpoint, "health": true, "took": took}));
        }
        let (endpoint, error) = line.split_once(" is unhealthy: failed to commit proposal: ")?;
        Some(json!({"endpoint": endpoint, "health": false, "took": "5.000123456s", "error": error}))
    };
    let list: Vec<Value> = text.lines().filter_map(of).collect();
    if list.is_empty() { String::new() } else { format!("{}\n", Value::Array(list)) }
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

fn hex(id: &Value) -> String {
    format!("{:x}", id.as_u64().unwrap_or_default())
}

fn words(list: &Value) -> String {
    let words: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    words.join(",")
}

/// `member list` without `-w`; etcdctl 3.3 has no learners.
pub(super) fn member_lines(node: &Node) -> String {
    let list = value(node.stdout("etcdctl/member-list.json"));
    let Some(members) = list["members"].as_array() else { return node.both("etcdctl/member-list.json") };
    let has_learners = !node.stdout("http/version.json").contains("3.3.");
    let line = |member: &Value| {
        let name = member["name"].as_str().unwrap_or_default();
        let state = if name.is_empty() { "unstarted" } else { "started" };
        let learner = if has_learners { format!(", {}", member["isLearner"].as_bool().unwrap_or(false)) } else { String::new() };
        let (id, peers, clients) = (hex(&member["ID"]), words(&member["peerURLs"]), words(&member["clientURLs"]));
        format!("{id}, {state}, {name}, {peers}, {clients}{learner}\n")
    };
    members.iter().map(line).collect()
}

/// The list as etcd's JSON gateway prints it (`/v3/cluster/member/list`): 64-bit numbers in quotation marks, what is empty left out.
pub(super) fn gateway_members(node: &Node) -> String {
    let list = value(node.stdout("etcdctl/member-list.json"));
    let Some(members) = list["members"].as_array() else {
        return "{\"error\":\"etcdserver: request timed out\",\"code\":14,\"message\":\"etcdserver: request timed out\"}"
            .to_owned();
    };
    let of = |member: &Value| {
        let mut one = member.clone();
        one["ID"] = member["ID"].to_string().into();
        one
    };
    let header: serde_json::Map<String, Value> = ["cluster_id", "member_id", "raft_term"]
        .iter()
        .map(|key| ((*key).to_owned(), list["header"][*key].to_string().into()))
        .collect();
    json!({"header": header, "members": members.iter().map(of).collect::<Vec<_>>()}).to_string()
}

/// `endpoint status -w table` of all endpoints, with what failed before it.
pub(super) fn status_table(node: &Node) -> String {
    let failed = node.stdout("etcdctl/endpoint-status-cluster.json.stderr");
    let list = value(node.stdout("etcdctl/endpoint-status-cluster.json"));
    let Some(statuses) = list.as_array().filter(|list| !list.is_empty()) else { return failed.to_owned() };
    let header = [
        "ENDPOINT",
        "ID",
        "VERSION",
        "DB SIZE",
        "IS LEADER",
        "IS LEARNER",
        "RAFT TERM",
        "RAFT INDEX",
        "RAFT APPLIED INDEX",
        "ERRORS",
    ];
    let row = |s: &Value| {
        let status = &s["Status"];
        let number = |key: &str| status[key].as_u64().unwrap_or_default().to_string();
        let leads = status["leader"].as_u64().is_some_and(|leader| Some(leader) == status["header"]["member_id"].as_u64());
        [
            s["Endpoint"].as_str().unwrap_or_default().to_owned(),
            hex(&status["header"]["member_id"]),
            status["version"].as_str().unwrap_or_default().to_owned(),
            human(status["dbSize"].as_u64().unwrap_or_default()),
            leads.to_string(),
            status["isLearner"].as_bool().unwrap_or(false).to_string(),
            number("raftTerm"),
            number("raftIndex"),
            number("raftAppliedIndex"),
            words(&status["errors"]).replace(',', " "),
        ]
    };
    let rows: Vec<[String; 10]> = std::iter::once(header.map(str::to_owned)).chain(statuses.iter().map(row)).collect();
    failed.to_owned() + &table(&rows)
}

fn table(rows: &[[String; 10]]) -> String {
    let width = |at: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or_default();
    let frame: String = (0..10).map(|at| format!("+{}", "-".repeat(width(at) + 2))).collect::<String>() + "+\n";
    let line =
        |row: &[String; 10]| (0..10).map(|at| format!("| {:>width$} ", row[at], width = width(at))).collect::<String>() + "|\n";
    let (header, rows) = rows.split_first().unwrap();
    [frame.clone(), line(header), frame.clone(), rows.iter().map(line).collect(), frame].concat()
}

/// As etcdctl's tables print sizes: two digits, decimal units.
fn human(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let (mut size, mut at) = (bytes as f64, 0);
    while size >= 1000.0 && at + 1 < units.len() {
        size /= 1000.0;
        at += 1;
    }
    if at > 0 && size < 10.0 { format!("{size:.1} {}", units[at]) } else { format!("{size:.0} {}", units[at]) }
}

/// `alarm list` without `-w`: a line for each alarm.
pub(super) fn alarm_lines(node: &Node) -> String {
    let list = value(node.stdout("etcdctl/alarm-list.json"));
    let name = |alarm: &Value| match alarm["alarm"].as_u64() {
        Some(1) => "NOSPACE",
        Some(2) => "CORRUPT",
        _ => "NONE",
    };
    let line = |alarm: &Value| format!("memberID:{} alarm:{} \n", alarm["memberID"], name(alarm));
    let lines: String = list["alarms"].as_array().into_iter().flatten().map(line).collect();
    lines + node.stdout("etcdctl/alarm-list.json.stderr")
}

/// `find DIR -type f -exec ls -la {} \;`, from a listing of folders.
pub(super) fn listing(node: &Node) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (mut folder, mut out) = ("", String::new());
    for line in node.stdout("host/data-dir.txt").lines() {
        if let Some(path) = line.strip_suffix(':').filter(|path| path.starts_with('/')) {
            folder = path;
        }
        let columns: Vec<&str> = line.split_whitespace().collect();
        if let [mode, links, owner, group, size, date, time, _zone, name] = columns.as_slice()
            && mode.starts_with('-')
        {
            let month = MONTHS[date[5..7].parse::<usize>().unwrap() - 1];
            let (day, time) = (&date[8..10], &time[..5]);
            out += &format!("{mode} {links} {owner} {group} {size} {month} {day} {time} {folder}/{name}\n");
        }
    }
    out
}

/// The metrics that etcd-diagnosis keeps of each endpoint that a member of the list has.
pub(super) fn endpoint_metrics(recording: &Recording, members: &Value) -> Vec<Value> {
    const KEPT: [&str; 4] = [
        "etcd_disk_backend_commit_duration_seconds_bucket",
        "etcd_disk_wal_fsync_duration_seconds_bucket",
        "etcd_network_peer_round_trip_time_seconds_bucket",
        "process_resident_memory_bytes",
    ];
    let of = |member: &Value| {
        let node = recording.nodes.iter().find(|node| member["name"].as_str() == Some(&node.name))?;
        let text = node.stdout("metrics/1.prom");
        let lines = |name: &str| {
            let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(name)).collect();
            (name.to_owned(), if lines.is_empty() { Value::Null } else { json!(lines) })
        };
        let metrics: serde_json::Map<String, Value> = KEPT.iter().map(|name| lines(name)).collect();
        (!text.is_empty()).then(|| json!({"endpoint": member["clientURLs"][0], "took": "3.752625ms", "epMetrics": metrics}))
    };
    members["members"].as_array().into_iter().flatten().filter_map(of).collect()
}
