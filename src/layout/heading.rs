//! Lines that people and tools print between the output of one host and that of the next.

use std::net::Ipv4Addr;

use super::{loose::node_of, pods::node_by_pod, prompt::is_host};

/// The host whose output follows, if the line is such a heading and names one.
pub(super) fn heading(text: &str) -> Option<&str> {
    let text = text.trim();
    // Most lines do not even begin like one, or are longer.
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return None;
    }
    // A look at their first and last signs is enough for most.
    match text.as_bytes().first()? {
        b'[' => of_pssh(text),
        b'=' | b'-' | b'*' | b'#' | b'>' | b'+' | b'~' => of_tail(text).or_else(|| ruled(text)),
        _ if memchr::memchr(b'|', text.as_bytes()).is_some() => of_ansible(text),
        _ => None,
    }
    .or_else(|| if text.ends_with([':', '：', '】']) { labelled(text) } else { None })
}

/// Whether a line is one of the two between which dshbak prints a host's name.
pub(super) fn is_rule(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b == b'-')
}

/// The name alone that stands behind such a line.
pub(super) fn behind_rule(text: &str) -> Option<&str> {
    Some(text).filter(|name| is_somebody(name))
}

/// `==> etcd-1.log <==`, which tail and head print before each of several files.
fn of_tail(text: &str) -> Option<&str> {
    let path = text.strip_prefix("==> ")?.strip_suffix(" <==")?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let is_dated = stem.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 3);
    let by_name = || Some(stem).filter(|stem| is_somebody(stem) && !is_dated);
    node_by_pod(path.trim_start_matches('/')).or_else(|| node_of(path)).or_else(by_name)
}

/// `db-1 | CHANGED | rc=0 >>` and `db-1 | SUCCESS => {` of ansible.
fn of_ansible(text: &str) -> Option<&str> {
    let (host, rest) = text.split_once(" | ")?;
    let is_status = ["CHANGED", "SUCCESS", "FAILED", "UNREACHABLE!"].iter().any(|status| rest.starts_with(status));
    let is_open = rest.ends_with(">>") || rest.ends_with("=> {") || rest.contains("rc=");
    (is_status && is_open && is_host(host)).then_some(host)
}

/// `[1] 10:20:30 [SUCCESS] 10.0.0.1` of pssh.
fn of_pssh(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix('[')?.split_once("] ")?;
    let (_, rest) = rest.split_once(' ')?;
    let host = rest.strip_prefix("[SUCCESS] ").or_else(|| rest.strip_prefix("[FAILURE] "))?.split(' ').next()?;
    let host = host.rsplit('@').next().unwrap_or(host);
    is_host(host).then_some(host)
}

/// `节点 10.0.0.1 日志如下：`, `【master1】`, `node-2 logs:`, as people write it: a name and a colon, and nothing else but what says that it is a heading.
fn labelled(text: &str) -> Option<&str> {
    const LONGEST: usize = 80;
    if text.len() > LONGEST {
        return None;
    }
    let inner = text.strip_prefix('【').and_then(|text| text.strip_suffix('】'));
    let inner = inner.or_else(|| text.strip_suffix([':', '：']))?;
    let mut name = None;
    for part in inner.split(|c: char| c.is_whitespace() || !c.is_ascii()).filter(|part| !part.is_empty()) {
        let is_label = LABELS.iter().any(|label| part.eq_ignore_ascii_case(label));
        if !is_label && name.replace(part).is_some() {
            return None;
        }
    }
    let is_chinese = |c: char| !c.is_ascii() && !CHINESE.contains(&c);
    name.filter(|name| !inner.contains(is_chinese) && (name.parse::<Ipv4Addr>().is_ok() || is_called_as_node(name)))
}

/// What may stand beside a name in the heading of a log.
const LABELS: &[&str] = &["log", "logs", "output", "node", "host", "server", "machine", "member", "on", "of", "from", "etcd"];

/// The signs of `节点`, `主机`, `服务器`, `机器`, `成员`, `日志`, `输出`, `结果`, `如下`, `的`, `上`, `在`.
const CHINESE: &[char] =
    &['节', '点', '主', '机', '服', '务', '器', '成', '员', '日', '志', '输', '出', '结', '果', '如', '下', '的', '上', '在'];

/// Whether a name with a number begins as nodes are called: keys of YAML, disks and protocols have numbers too.
fn is_called_as_node(word: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "control",
        "controller",
        "controlplane",
        "cp",
        "db",
        "etcd",
        "host",
        "infra",
        "k",
        "kube",
        "m",
        "manager",
        "master",
        "member",
        "n",
        "node",
        "server",
        "vm",
        "worker",
    ];
    let letters = word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    is_somebody(word) && BEGINNINGS.contains(&letters.as_str())
}

/// `=== db-1 ===`, `--- node 10.0.0.1 ---`, `#### db-1`, as loops over hosts print them.
fn ruled(text: &str) -> Option<&str> {
    const FEWEST: usize = 2;
    let rule = text.chars().next().filter(|c| "=-*#>+~".contains(*c))?;
    let inner = text.trim_start_matches(rule);
    let before = text.len() - inner.len();
    let named = inner.trim_end_matches(|c| c == rule || rule == '>' && c == '<');
    let is_ruled = before >= FEWEST && (named.len() < inner.len() || rule == '#');
    let mut words = named.trim().trim_end_matches(':').split(' ');
    let (first, second, third) = (words.next()?, words.next(), words.next());
    let name = match second {
        Some(name) if CALLED.iter().any(|word| first.trim_end_matches(':').eq_ignore_ascii_case(word)) => name,
        Some(_) => return None,
        None => first,
    };
    (is_ruled && third.is_none() && is_somebody(name)).then_some(name)
}

/// What stands before a name.
const CALLED: &[&str] = &["host", "node", "server", "member", "on", "pod", "machine"];

/// What is counted, and is no host: `=== step-2 ===`.
const COUNTED: &[&str] = &[
    "appendix",
    "attempt",
    "attachment",
    "case",
    "chapter",
    "day",
    "example",
    "file",
    "figure",
    "iteration",
    "line",
    "log",
    "option",
    "page",
    "part",
    "phase",
    "question",
    "round",
    "run",
    "scenario",
    "section",
    "solution",
    "step",
    "test",
    "try",
    "update",
    "v",
];

/// Whether a word can be one of several hosts: an address, or a name with a number in it or a single letter at its end.
fn is_somebody(word: &str) -> bool {
    let letters = word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
    let is_lettered = word.rsplit_once('-').is_some_and(|(_, last)| last.len() == 1);
    let is_one_of_many = is_lettered || word.bytes().any(|b| b.is_ascii_digit());
    let is_name = !letters.is_empty() && is_one_of_many && !COUNTED.contains(&letters.as_str());
    // `etcd3` and `k8s` are programs.
    let is_program = ["etcd2", "etcd3", "k8s", "k3s", "rke2", "k0s", "etcd-v2", "etcd-v3"].contains(&word);
    word.len() > 1 && is_host(word) && (word.parse::<Ipv4Addr>().is_ok() || is_name && !is_program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_tools_and_loops_name_the_host_whose_output_follows() {
        for (text, host) in [
            ("==> etcd-1.log <==", "etcd-1"),
            ("==> /var/log/pods/kube-system_etcd-db-1_0c4/etcd/0.log <==", "db-1"),
            ("==> nodes/db-2/etcd.log <==", "db-2"),
            ("db-1 | CHANGED | rc=0 >>", "db-1"),
            ("10.0.0.1 | FAILED | rc=1 >>", "10.0.0.1"),
            ("controlplane | SUCCESS => {", "controlplane"),
            ("=== db-1 ===", "db-1"),
            ("=== etcd-c ===", "etcd-c"),
            ("-----10.0.0.1-----", "10.0.0.1"),
            ("--- node db1.example.org ---", "db1.example.org"),
            ("#### Host: db-1", "db-1"),
            (">>> m1 <<<", "m1"),
            ("*** m1: ***", "m1"),
            ("[1] 10:20:30 [SUCCESS] root@10.0.0.1", "10.0.0.1"),
            ("10.0.0.1:", "10.0.0.1"),
            ("节点10.0.0.1的日志如下：", "10.0.0.1"),
            ("【master1】", "master1"),
            ("node-2 logs:", "node-2"),
            ("etcd-2 日志：", "etcd-2"),
        ] {
            assert_eq!(heading(text), Some(host), "{text}");
        }
    }

    #[test]
    fn other_headings_and_lines_name_nobody() {
        for text in [
            "==> /var/log/etcd.log <==",
            "==> etcd-20261122.log <==",
            "==> current.log <==",
            "=== step-2 ===",
            "=== v3.5.1 ===",
            "=== etcd3 ===",
            "=== member-list ===",
            "==> kube-apiserver.log <==",
            "=== logs ===",
            "=== 2 ===",
            "### etcdctl endpoint status",
            "# db-1",
            "--- db-1",
            "-- db-1 --x",
            "--- a/etcd1.yaml",
            "+++ b/etcd1.yaml",
            "-- Boot 3c1 --",
            "==== START logs for container etcd of pod kube-system/etcd-a ====",
            "| db-1 | CHANGED |",
            "a1 | started | etcd-1 | http://10.0.0.1:2380",
            "----------",
            "eth0:",
            "sha256:",
            "10.0.0.1 和 10.0.0.2:",
            "10.0.0.1 无法连接：",
            "see node-2 logs and node-3:",
            "image: etcd-1",
            "",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
    }
}
