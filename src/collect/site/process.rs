//! etcd's process as `/proc` shows it: its settings, its unit, its control groups, the container in which it runs.

#![expect(clippy::disallowed_methods, reason = "this is the door: /proc is read here to find etcd")]

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::{container::Container, files, settings};

/// Programs that have etcd within them, by the name of their process, and the unit in which they run by default.
/// `k3s server` names itself `k3s-server`; RKE2's supervisor starts etcd as a static pod.
const EMBED: &[(&str, &str)] = &[("k3s-server", "k3s"), ("k3s", "k3s")];

/// etcd's process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its settings by the name of the flag, without dashes: from the command line, else its environment, else its configuration file.
    pub(super) settings: BTreeMap<String, String>,
    /// The unit of systemd in which it runs.
    pub unit: Option<String>,
    /// The file in which its control group counts what a quota denied it.
    pub cpu_stat: Option<String>,
    /// The container in which it runs.
    pub container: Option<Container>,
    /// Its own root, where its paths lead elsewhere than the host's.
    pub(super) root: Option<PathBuf>,
    /// Whether it is a program that has etcd within it, as k3s has.
    pub is_embedded: bool,
}

/// Where etcd listens for clients unless it is told otherwise.
const DEFAULT_CLIENT_URL: &str = "http://localhost:2379";

impl Process {
    /// Whether it serves one of these URLs, as far as its settings tell: its own URL, or its port where it listens on all addresses or a name is asked.
    pub(super) fn serves(&self, endpoints: &str) -> bool {
        let told = ["listen-client-urls", "advertise-client-urls"].iter().filter_map(|name| self.settings.get(*name));
        let mut own: Vec<&str> = told.flat_map(|urls| urls.split(',')).map(str::trim).collect();
        if own.is_empty() {
            own.push(DEFAULT_CLIENT_URL);
        }
        let asked: Vec<&str> = endpoints.split(',').map(str::trim).collect();
        own.iter().any(|own| asked.iter().any(|asked| is_one(own, asked)))
    }
}

/// Whether the URL that is asked can be one that a process listens on.
fn is_one(own: &str, asked: &str) -> bool {
    let (Some((own, own_port)), Some((asked, port))) = (host_and_port(own), host_and_port(asked)) else { return false };
    let is_here = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "::1");
    let is_all = |host: &str| matches!(host, "0.0.0.0" | "::" | "");
    let is_name = |host: &str| host.parse::<std::net::IpAddr>().is_err();
    own_port == port
        && (own == asked || is_all(own) || is_here(own) && is_here(asked) || is_name(own) || is_name(asked) && !is_here(asked))
}

fn host_and_port(url: &str) -> Option<(&str, &str)> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or(rest);
    let rest = rest.rsplit('@').next().unwrap_or(rest);
    let (host, port) = rest.rsplit_once(':')?;
    Some((host.trim_start_matches('[').trim_end_matches(']'), port))
}

/// Processes that are called etcd, in the order of their numbers; where there is none, those that have etcd within them.
pub(super) fn all(root: &Path) -> Vec<Process> {
    let proc = root.join("proc");
    let entries = fs::read_dir(&proc).into_iter().flatten().flatten();
    let mut pids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    let named = |wanted: fn(&str) -> bool| -> Vec<Process> {
        pids.iter().filter_map(|pid| process(root, &proc.join(pid.to_string()), *pid, wanted)).collect()
    };
    let own = named(|name| name == "etcd");
    if own.is_empty() { named(|name| EMBED.iter().any(|(program, _)| *program == name)) } else { own }
}

fn process(root: &Path, folder: &Path, pid: u32, wanted: fn(&str) -> bool) -> Option<Process> {
    let name = files::text(&folder.join("comm"))?;
    let name = name.trim();
    if !wanted(name) {
        return None;
    }
    let groups = files::text(&folder.join("cgroup")).unwrap_or_default();
    let embeds = EMBED.iter().find(|(program, _)| *program == name);
    let own_root = folder.join("root");
    // A process of the host has the host's root. The link itself reads `/` in every namespace; and without rights it leads nowhere.
    let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    let is_elsewhere = fs::metadata(&own_root).ok().zip(fs::metadata(root).ok()).is_some_and(|(own, host)| !same(&own, &host));
    let is_elsewhere = is_elsewhere || Container::of(&groups).is_some();
    let mut process = Process {
        pid,
        settings: BTreeMap::new(),
        unit: unit_in(&groups),
        cpu_stat: cpu_stat_in(&groups),
        container: Container::of(&groups),
        root: is_elsewhere.then_some(own_root),
        is_embedded: embeds.is_some(),
    };
    if let Some((_, unit)) = embeds {
        // Its flags are not etcd's.
        process.unit = process.unit.or_else(|| Some(format!("{unit}.service")));
        return Some(process);
    }
    // The command line goes before the environment, as with etcd itself; with a configuration file it heeds nothing else.
    let environment = files::text(&folder.join("environ")).unwrap_or_default();
    process.settings = settings::of_variables(environment.split('\0'), "ETCD_");
    process.settings.extend(flags(files::text(&folder.join("cmdline")).unwrap_or_default().split('\0').skip(1)));
    if let Some(file) = process.settings.get("config-file").cloned() {
        let text = [Some(root.to_owned()), process.root.clone()]
            .into_iter()
            .flatten()
            .find_map(|top| files::text(&files::below(&top, &file)));
        process.settings.extend(settings::of_yaml(&text.unwrap_or_default()));
    }
    // Without a data directory etcd takes NAME.etcd, and a relative one is below the folder in which it was started.
    let name = process.settings.get("name").cloned().unwrap_or_else(|| "default".to_owned());
    let data_dir = process.settings.entry("data-dir".to_owned()).or_insert_with(|| format!("{name}.etcd"));
    if let Ok(at) = fs::read_link(folder.join("cwd")).map(|cwd| cwd.join(&*data_dir)) {
        *data_dir = at.to_string_lossy().into_owned();
    }
    Some(process)
}

/// `--name=value`, `--name value`, `-name value`.
pub(super) fn flags<'w>(words: impl Iterator<Item = &'w str>) -> BTreeMap<String, String> {
    let mut words = words.peekable();
    let mut flags = BTreeMap::new();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix('-').map(|flag| flag.trim_start_matches('-')) else { continue };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (flag, words.next_if(|next| !next.starts_with('-')).unwrap_or_default().to_owned()),
        };
        flags.insert(name.to_owned(), value);
    }
    flags
}

/// `1:name=systemd:/system.slice/etcd.service`, or `0::/…` where there is one hierarchy.
fn unit_in(cgroup: &str) -> Option<String> {
    let last = cgroup.lines().filter_map(|line| line.rsplit('/').next()).find(|name| name.ends_with(".service"))?;
    Some(last.to_owned())
}

/// `4:cpu,cpuacct:/system.slice/etcd.service` has a hierarchy of its own for processors; else the one that `0::/…` names has them.
fn cpu_stat_in(cgroup: &str) -> Option<String> {
    let parts = || cgroup.lines().filter_map(|line| line.splitn(3, ':').collect::<Vec<_>>().try_into().ok());
    let own = parts().find(|[_, names, _]: &[&str; 3]| names.split(',').any(|name| name == "cpu"));
    let (top, path) = match own {
        Some([_, _, path]) => ("/sys/fs/cgroup/cpu", path),
        None => {
            parts().find(|[number, names, _]| *number == "0" && names.is_empty()).map(|[_, _, path]| ("/sys/fs/cgroup", path))?
        }
    };
    // A path out of this namespace's root says nothing about where the files are.
    (!path.contains("..")).then(|| format!("{top}{}/cpu.stat", path.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_of_a_quota_are_where_the_group_is_in_both_generations() {
        for (text, file) in [
            ("4:cpu,cpuacct:/system.slice/etcd.service\n0::/x\n", Some("/sys/fs/cgroup/cpu/system.slice/etcd.service/cpu.stat")),
            ("0::/system.slice/etcd.service\n", Some("/sys/fs/cgroup/system.slice/etcd.service/cpu.stat")),
            ("0::/\n", Some("/sys/fs/cgroup/cpu.stat")),
            ("0::/../../etcd\n", None),
            ("1:name=systemd:/a\nnonsense\n", None),
        ] {
            assert_eq!(cpu_stat_in(text).as_deref(), file, "{text}");
        }
    }
}
