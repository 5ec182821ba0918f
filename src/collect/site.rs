//! What is found on the host before anything is run: etcd's process with its settings, the tools, the host's name.

#![expect(clippy::disallowed_methods, reason = "this is the door: /proc is read here to find etcd")]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Folders that are searched after those of `PATH`: where packages and hand-made installations put etcdctl.
const MORE_FOLDERS: &[&str] = &[
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/opt/bin",
    "/opt/etcd",
    "/opt/etcd/bin",
    "/snap/bin",
];

/// Most bytes of a file in `/proc` that are read.
const MOST: u64 = 256 * 1024;

/// Where etcd keeps its data unless it is told otherwise by a packaged unit.
const DATA_DIRS: &[&str] = &[
    "/var/lib/etcd",
    "/var/lib/etcd/default.etcd",
    "/var/lib/rancher/k3s/server/db/etcd",
    "/var/lib/rancher/rke2/server/db/etcd",
];

/// A setting, and who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub value: String,
    /// `flag`, `environment`, `process 1234` or `default`.
    pub from: String,
}

/// etcd's process, as `/proc` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its settings by the name of the flag, without dashes: from the command line, else from its environment.
    settings: BTreeMap<String, String>,
    /// The unit of systemd in which it runs.
    pub unit: Option<String>,
    /// The file in which its control group counts what a quota denied it.
    pub cpu_stat: Option<String>,
}

/// What is known of the host.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// What the host calls itself.
    pub host: String,
    /// etcd's processes, in the order of their numbers.
    pub processes: Vec<Process>,
    /// The folders that are searched for programs.
    pub folders: Vec<PathBuf>,
}

impl Site {
    /// Looks around. `path` is the environment's `PATH`.
    pub fn look(path: Option<&std::ffi::OsStr>) -> Self {
        let mut folders: Vec<PathBuf> = path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        // A folder that is named relative to wherever one stands is no place to start programs from as root.
        folders.retain(|folder| folder.is_absolute());
        folders.extend(MORE_FOLDERS.iter().map(PathBuf::from));
        let mut seen = std::collections::BTreeSet::new();
        folders.retain(|folder| seen.insert(folder.clone()));
        Self { host: host_name(), processes: processes(Path::new("/proc")), folders }
    }

    /// Finds a program.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let is_program = |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
        self.folders.iter().map(|folder| folder.join(name)).find(is_program)
    }

    /// A setting of the process that runs.
    pub fn setting(&self, name: &str) -> Option<Found> {
        self.processes.iter().find_map(|process| {
            let value = process.settings.get(name).filter(|value| !value.is_empty())?;
            Some(Found { value: value.clone(), from: format!("process {}", process.pid) })
        })
    }

    /// The data directory: of the process, else the first of the usual places that is there.
    pub fn data_dir(&self) -> Option<Found> {
        self.setting("data-dir").or_else(|| {
            let is_there = |dir: &&&str| Path::new(dir).is_dir();
            DATA_DIRS
                .iter()
                .rev()
                .find(is_there)
                .map(|dir| Found { value: (*dir).to_owned(), from: "the usual place".to_owned() })
        })
    }
}

fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().trim().to_owned();
    if name.is_empty() { "unknown".to_owned() } else { name }
}

/// Processes that are called etcd.
fn processes(proc: &Path) -> Vec<Process> {
    let entries = fs::read_dir(proc).into_iter().flatten().flatten();
    let mut pids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    pids.into_iter().filter_map(|pid| process(&proc.join(pid.to_string()), pid)).collect()
}

fn process(folder: &Path, pid: u32) -> Option<Process> {
    if read(&folder.join("comm"))?.trim() != "etcd" {
        return None;
    }
    let mut settings = BTreeMap::new();
    // The command line goes before the environment, as with etcd itself.
    for (name, value) in read(&folder.join("environ")).unwrap_or_default().split('\0').filter_map(|pair| pair.split_once('=')) {
        if let Some(name) = name.strip_prefix("ETCD_") {
            settings.insert(name.to_ascii_lowercase().replace('_', "-"), value.to_owned());
        }
    }
    settings.extend(flags(&read(&folder.join("cmdline")).unwrap_or_default()));
    // Without a data directory etcd takes NAME.etcd, and a relative one is below the folder in which it was started.
    let name = settings.get("name").cloned().unwrap_or_else(|| "default".to_owned());
    let data_dir = settings.entry("data-dir".to_owned()).or_insert_with(|| format!("{name}.etcd"));
    if let Ok(at) = fs::read_link(folder.join("cwd")).map(|cwd| cwd.join(&*data_dir)) {
        *data_dir = at.to_string_lossy().into_owned();
    }
    let groups = read(&folder.join("cgroup")).unwrap_or_default();
    Some(Process { pid, settings, unit: unit_in(&groups), cpu_stat: cpu_stat_in(&groups) })
}

/// `--name=value`, `--name value`, `-name value`, separated by NULs.
fn flags(cmdline: &str) -> BTreeMap<String, String> {
    let mut words = cmdline.split('\0').skip(1).peekable();
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

fn read(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_from_the_command_line_before_the_environment() {
        let proc = tempfile::tempdir().unwrap();
        let make = |pid: &str, files: &[(&str, &str)]| {
            let folder = proc.path().join(pid);
            fs::create_dir(&folder).unwrap();
            files.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
        };
        make(
            "812",
            &[
                ("comm", "etcd\n"),
                ("cmdline", "/usr/bin/etcd\0--name=a\0-listen-client-urls\0http://10.0.0.1:2379\0--force-new-cluster\0"),
                ("environ", "ETCD_DATA_DIR=/data/etcd\0ETCD_NAME=b\0HOME=/root\0"),
                ("cgroup", "3:cpu:/\n1:name=systemd:/system.slice/etcd-member.service\n"),
            ],
        );
        make("90", &[("comm", "etcdctl\n"), ("cmdline", "etcdctl\0")]);
        make("self", &[]);
        let site = Site { processes: processes(proc.path()), ..Site::default() };
        let value = |name: &str| site.setting(name).map(|found| (found.value, found.from));
        assert_eq!(value("name"), Some(("a".into(), "process 812".into())));
        assert_eq!(value("data-dir"), Some(("/data/etcd".into(), "process 812".into())));
        assert_eq!(value("listen-client-urls").unwrap().0, "http://10.0.0.1:2379");
        assert_eq!(value("force-new-cluster"), None);
        assert_eq!(site.processes.len(), 1);
        assert_eq!(site.processes[0].unit.as_deref(), Some("etcd-member.service"));
        assert_eq!(site.processes[0].cpu_stat.as_deref(), Some("/sys/fs/cgroup/cpu/cpu.stat"));
    }

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

    #[test]
    fn programs_are_found_in_absolute_folders_only() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("etcdctl");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        let path = std::env::join_paths([Path::new("."), folder.path()]).unwrap();
        let site = Site::look(Some(&path));
        assert_eq!(site.program("etcdctl").filter(|found| *found == program), None, "it is not executable yet");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(site.program("etcdctl"), Some(program));
        assert!(site.folders.iter().all(|folder| folder.is_absolute()));
    }
}
