//! Log files of a host: of containers, and of the system's logger where there is no journal.

use std::path::Path;

use super::files;

/// Where kubelets keep the logs of pods: a folder a pod, a folder a container, a file a start.
pub(in crate::collect) const PODS: &str = "/var/log/pods";

/// Files of the system's logger, with their older parts.
pub(in crate::collect) const SYSTEM: &[&str] = &["messages", "syslog", "daemon.log"];

/// Files that etcd or its supervisor writes itself, by older set-ups and guides.
pub(in crate::collect) const OWN: &[&str] =
    &["/var/log/etcd.log", "/var/log/etcd/etcd.log", "/var/log/upstart/etcd.log", "/var/log/supervisor/etcd.log"];

/// Most files of one kind, the newest of them.
pub(in crate::collect) const MOST: usize = 40;

/// Logs of containers that are called so, oldest first, as far as their names tell: `/var/log/pods/kube-system_etcd-a_…/etcd/0.log.20261122-160000.gz`.
pub(super) fn of_containers(root: &Path, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for pod in files::names(&files::below(root, PODS)) {
        // `NAMESPACE_POD_UID`; a pod that belongs to a node is called `etcd-NODE`.
        let is_of_it = pod.split('_').nth(1).is_some_and(|pod| pod == name || pod.starts_with(&format!("{name}-")));
        for container in files::names(&files::below(root, &format!("{PODS}/{pod}"))) {
            if is_of_it && container == name {
                let folder = format!("{PODS}/{pod}/{container}");
                found.extend(files::names(&files::below(root, &folder)).into_iter().map(|file| format!("{folder}/{file}")));
            }
        }
    }
    found.retain(|path| is_log(path));
    found.sort_by_key(|path| age(path));
    newest(found)
}

/// Files of the system's logger, oldest first: `messages-20261115.gz`, `syslog.2.gz`, `syslog.1`, `syslog`.
pub(super) fn of_system(root: &Path) -> Vec<String> {
    let names = files::names(&files::below(root, "/var/log"));
    let Some(base) = SYSTEM.iter().find(|base| names.iter().any(|name| name == *base)) else { return Vec::new() };
    let is_part = |name: &&String| {
        name.strip_prefix(base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']) && rest.chars().any(|c| c.is_ascii_digit()))
    };
    let mut found: Vec<String> = names.iter().filter(is_part).map(|name| format!("/var/log/{name}")).collect();
    found.sort_by_key(|path| age(path));
    newest(found)
}

/// Files that etcd writes itself: where its settings say so, and in the usual places.
pub(super) fn of_etcd(root: &Path, outputs: Option<&str>) -> Vec<String> {
    let named = outputs.unwrap_or_default().split(',').map(str::trim).filter(|name| name.starts_with('/')).map(str::to_owned);
    let usual = OWN.iter().map(|path| (*path).to_owned());
    let mut found: Vec<String> =
        named.chain(usual).filter(|path| !path.starts_with("/dev/") && files::exists(&files::below(root, path))).collect();
    found.dedup();
    found
}

fn is_log(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.contains(".log") && !name.ends_with(".tmp")
}

/// Sorts a file before the one that goes on where it ends. Of a kubelet's the number counts the starts of the container, and parts have their date
/// behind it; of a logger's a higher number is older, and a date is a date. What has neither is written now.
fn age(path: &str) -> (String, i64, String) {
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(name);
    if let Some((start, rest)) = name.split_once(".log").and_then(|(start, rest)| Some((start.parse::<i64>().ok()?, rest))) {
        let part = if rest.is_empty() { "~".to_owned() } else { rest.to_owned() };
        return (folder.to_owned(), start, part);
    }
    let digits = name.rsplit(['.', '-']).next().unwrap_or_default();
    match digits.parse::<i64>() {
        Ok(number) if digits.len() < 6 => (folder.to_owned(), -number, String::new()),
        Ok(date) => (folder.to_owned(), date - i64::from(i32::MAX), String::new()),
        Err(_) => (folder.to_owned(), i64::MAX, String::new()),
    }
}

fn newest(mut paths: Vec<String>) -> Vec<String> {
    let surplus = paths.len().saturating_sub(MOST);
    paths.split_off(surplus)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "hosts are made up here")]
mod tests {
    use super::*;

    fn made(paths: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for path in paths {
            let file = files::below(root.path(), path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "x\n").unwrap();
        }
        root
    }

    #[test]
    fn logs_of_a_container_are_found_in_the_order_in_which_they_were_written() {
        let root = made(&[
            "/var/log/pods/kube-system_etcd-db-1_77/etcd/1.log",
            "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log.20261122-160000.gz",
            "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log",
            "/var/log/pods/kube-system_etcd-db-1_77/etcd/0.log.20261121-160000.gz",
            "/var/log/pods/kube-system_kube-proxy-x_78/kube-proxy/0.log",
            "/var/log/pods/shop_etcdash_79/etcd/0.log",
        ]);
        let names: Vec<String> =
            of_containers(root.path(), "etcd").iter().map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
        assert_eq!(names, ["0.log.20261121-160000.gz", "0.log.20261122-160000.gz", "0.log", "1.log"]);
    }

    #[test]
    fn files_of_the_systems_logger_are_found_oldest_first() {
        let root = made(&[
            "/var/log/syslog",
            "/var/log/syslog.1",
            "/var/log/syslog.10.gz",
            "/var/log/syslog.2.gz",
            "/var/log/syslog-ng.conf",
        ]);
        assert_eq!(
            of_system(root.path()),
            ["/var/log/syslog.10.gz", "/var/log/syslog.2.gz", "/var/log/syslog.1", "/var/log/syslog"]
        );
        let root = made(&["/var/log/messages", "/var/log/messages-20261115", "/var/log/messages-20261108.gz"]);
        assert_eq!(of_system(root.path()), ["/var/log/messages-20261108.gz", "/var/log/messages-20261115", "/var/log/messages"]);
    }

    #[test]
    fn a_file_that_etcd_was_told_to_write_is_found_and_its_terminal_is_none() {
        let root = made(&["/data/log/etcd.log", "/dev/stderr"]);
        assert_eq!(of_etcd(root.path(), Some("stderr,/data/log/etcd.log,/dev/stderr")), ["/data/log/etcd.log"]);
    }
}
