//! Tools that print the lines of many nodes put a name before each line. Whose line it is, nothing else in it may say.

use std::net::Ipv4Addr;

use super::{
    date,
    wrapper::{Outer, capnslog_undated, is_host, is_time, speaker},
};

/// `[pod/etcd-0/etcd] ` of `kubectl logs --prefix`. The pod's name is a host's.
pub(super) fn pod<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (names, rest) = text.strip_prefix("[pod/")?.split_once("] ")?;
    let (pod, _) = names.split_once('/').filter(|(pod, _)| is_host(pod))?;
    outer.host = outer.host.or(Some(pod));
    Some(rest)
}

/// `etcd-0 etcd {"level":…}` of stern, `[etcd-0 etcd] {"level":…}` of kubetail, `db-1: Nov 22 …` of pdsh, `db-1 {"level":…}`: a name, and what is
/// surely a record of a log.
pub(super) fn tool<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (name, rest) = match text.strip_prefix('[') {
        Some(inside) => {
            let (names, rest) = inside.split_once("] ")?;
            let name = names.split_once(' ').map_or(names, |(pod, container)| if is_host(container) { pod } else { names });
            (name, rest)
        }
        None => {
            let (first, rest) = text.split_once(' ')?;
            let first = uncoloured(first);
            let first = first.strip_suffix(':').unwrap_or(first);
            // Most lines begin with a date: they are left here.
            if !is_somebody(first) {
                return None;
            }
            match rest.split_once(' ') {
                Some((container, behind)) if !is_record(rest) && is_host(uncoloured(container)) => (first, behind),
                _ => (first, rest),
            }
        }
    };
    if !is_somebody(name) || !is_record(rest) {
        return None;
    }
    outer.host = outer.host.or(Some(name));
    Some(rest)
}

/// `etcd-1.log:{"level":…}` and `/var/log/pods/…/0.log:17:…` of grep over several files: the file, or a folder of it, may be named after a host.
pub(super) fn file<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (path, rest) = text.split_once(':').filter(|(path, _)| is_logs_path(path))?;
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let rest = rest.split_once(':').filter(|(number, _)| is_number(number)).map_or(rest, |(_, rest)| rest);
    // A container's runtime may have put its date before the record.
    let by_runtime = date::iso(rest).and_then(|(stamp, behind)| {
        let behind = [" stdout F ", " stderr F "].iter().find_map(|stream| behind.strip_prefix(stream))?;
        Some((stamp, behind))
    });
    let rest = match by_runtime {
        Some((stamp, behind)) => {
            outer.stamp = outer.stamp.or(Some(stamp));
            behind
        }
        None if is_record(rest) => rest,
        None => return None,
    };
    outer.host = outer.host.or_else(|| path.rsplit('/').find_map(named_after));
    Some(rest)
}

/// Whether a word is the path of a log, as far as its name tells.
fn is_logs_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let is_log = name.split('.').skip(1).any(|ending| ending == "log" || ending == "txt") || word.starts_with("/var/log/");
    is_log && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./+@".contains(&b))
}

/// Whose a file or folder is by its name: `etcd-1.log`, `kube-system_etcd-db-1_0c4d` of kubelet's. A date in it is no name.
fn named_after(part: &str) -> Option<&str> {
    let name = match *part.split('_').collect::<Vec<_>>() {
        [_, pod, _] => pod,
        _ => part.split('.').next()?,
    };
    let is_dated = name.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 3);
    let is_of_system = FOLDERS.contains(&part);
    (is_somebody(name) && !is_dated && !is_of_system).then_some(name)
}

/// Folders and files that are called the same on all hosts.
const FOLDERS: &[&str] = &["must-gather", "kube-system", "openshift-etcd", "etcd-member", "kube-apiserver"];

/// A word without a terminal's colour around it.
fn uncoloured(word: &str) -> &str {
    const BEGIN: &str = "\u{1b}[";
    if memchr::memchr(0x1b, word.as_bytes()).is_none() {
        return word;
    }
    let mut word = word;
    while let Some((codes, rest)) = word.strip_prefix(BEGIN).and_then(|rest| rest.split_once('m')) {
        if !codes.bytes().all(|b| b.is_ascii_digit() || b == b';') {
            break;
        }
        word = rest;
    }
    word.split(BEGIN).next().unwrap_or(word)
}

/// Whether a word names one of several: an address, or a name with a number or of parts. A version and a date are none.
fn is_somebody(word: &str) -> bool {
    match word.as_bytes() {
        // A date is no address.
        [b'0'..=b'9', ..] => word.parse::<Ipv4Addr>().is_ok(),
        [b'v', b'0'..=b'9', ..] => false,
        [first, rest @ ..] if first.is_ascii_alphabetic() => {
            rest.iter().any(|b| b.is_ascii_digit() || *b == b'-') && is_host(word)
        }
        _ => false,
    }
}

/// Whether a record of a log begins there: zap's, capnslog's, or one behind a journal's header.
fn is_record(text: &str) -> bool {
    if text.starts_with("{\"level\":\"") {
        return true;
    }
    if let Some((_, rest)) = date::iso(text) {
        let is_spoken =
            || rest.strip_prefix(' ').and_then(speaker).is_some_and(|(host, _, pid, _)| host.is_some() && pid.is_some());
        return rest.strip_prefix(' ').is_some_and(capnslog_undated) || is_spoken();
    }
    let journal = date::syslog(text).and_then(|(_, rest)| rest.strip_prefix(' '));
    journal.and_then(speaker).is_some_and(|(host, ..)| host.is_some())
}

/// `etcd1_1  | ` of compose, `01:47:46 etcd2 | ` of goreman, `stack_etcd.1.srj6vee@node-7    | ` of docker's services.
pub(super) fn compose<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let text = text.trim_start();
    let (before, rest) = text.split_once('|').filter(|(before, _)| before.len() <= 96 && before.ends_with(' '))?;
    let name = match before.split_once(' ') {
        Some((time, name)) if is_time(time) => name,
        _ => before,
    }
    .trim_end();
    // Two characters at least: `W | rafthttp: …` is a record without its date.
    let (task, node) = name.split_once('@').map_or((name, None), |(task, node)| (task, Some(node)));
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    let is_name = is_word(task) && node.is_none_or(is_word);
    if is_name {
        // A service that has one container is mostly called `etcd`, which tells nobody apart.
        outer.host = node.or(outer.host).or_else(|| Some(task).filter(|task| is_somebody(task)));
    }
    is_name.then(|| rest.strip_prefix(' ').unwrap_or(rest))
}

/// `10.0.0.1: {"level":…}` and `node-1: {"level":…}`, as talosctl, stern and ansible put a node before each line; a word in capitals before a
/// record, as a program prints its own step, names nobody.
pub(super) fn node<'a>(outer: &mut Outer<'a>, text: &'a str) -> Option<&'a str> {
    let (name, rest) = text.split_once(": ").filter(|(_, rest)| rest.starts_with("{\""))?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let is_host = is_name && (name.contains(['.', '-']) || name.bytes().any(|b| b.is_ascii_digit()));
    if is_host {
        outer.host = outer.host.or(Some(name));
    }
    is_name.then_some(rest)
}
