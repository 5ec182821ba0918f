//! The container in which etcd runs, by the name of its control group, and how a program is run in it.
//!
//! No engine is asked: the group's name holds the container's id, whichever engine made it.

/// What runs a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// containerd or CRI-O below a kubelet.
    Cri,
    /// Docker.
    Docker,
    /// nerdctl, of containerd without a kubelet.
    Nerdctl,
    /// Podman.
    Podman,
}

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// What runs it.
    pub engine: Engine,
    /// Its id, shortened as the engines show it.
    pub id: String,
}

/// Digits of an id that the engines' own lists show; they take them for the whole.
const SHOWN: usize = 12;

/// How the names of groups begin that engines make under systemd.
const SCOPES: &[(&str, Engine)] = &[
    ("docker-", Engine::Docker),
    ("cri-containerd-", Engine::Cri),
    ("crio-", Engine::Cri),
    ("libpod-", Engine::Podman),
    ("nerdctl-", Engine::Nerdctl),
];

impl Container {
    /// From the text of `/proc/PID/cgroup`: `docker-ID.scope`, `/docker/ID`, `/kubepods/…/ID`, `…:cri-containerd:ID`.
    pub(super) fn of(cgroup: &str) -> Option<Self> {
        cgroup.lines().filter_map(|line| line.splitn(3, ':').nth(2)).find_map(in_path)
    }

    /// The words that run a program in it, by what is there to run them; the program and its arguments follow.
    /// containerd's own `ctr` is left alone: it leaves a record behind where it is cut off.
    pub(in crate::collect) fn entered_by(&self, is_there: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let words: &[&[&str]] = match self.engine {
            Engine::Cri => {
                &[&["crictl", "exec"], &["k3s", "crictl", "exec"], &["nerdctl", "-n", "k8s.io", "exec"], &["docker", "exec"]]
            }
            Engine::Docker => &[&["docker", "exec"]],
            Engine::Nerdctl => &[&["nerdctl", "exec"]],
            Engine::Podman => &[&["podman", "exec"]],
        };
        let words = words.iter().find(|words| words.first().is_some_and(|program| is_there(program)))?;
        Some(words.iter().map(|word| (*word).to_owned()).chain([self.id.clone()]).collect())
    }

    /// The words that print its log, with times.
    pub(in crate::collect) fn log_by(&self, is_there: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let mut words = self.entered_by(is_there)?;
        let exec = words.iter().position(|word| word == "exec")?;
        words.splice(exec..=exec, ["logs".to_owned(), "--timestamps".to_owned()]);
        Some(words)
    }
}

/// The innermost part of a group's path that names a container.
fn in_path(path: &str) -> Option<Container> {
    let parts: Vec<&str> = path.split('/').collect();
    let is_of_kubelet = path.contains("kubepods");
    parts.iter().enumerate().rev().find_map(|(at, part)| {
        let part = part.strip_suffix(".scope").unwrap_or(part);
        for (prefix, engine) in SCOPES {
            if let Some(id) = part.strip_prefix(prefix).and_then(id) {
                return Some(Container { engine: *engine, id });
            }
        }
        if let Some(id) = part.rsplit(":cri-containerd:").next().filter(|_| part.contains(":cri-containerd:")).and_then(id) {
            return Some(Container { engine: Engine::Cri, id });
        }
        let above = at.checked_sub(1).and_then(|at| parts.get(at)).copied().unwrap_or_default();
        let engine = match above {
            "docker" => Engine::Docker,
            "default" => Engine::Nerdctl,
            _ if is_of_kubelet => Engine::Cri,
            _ => return None,
        };
        id(part).map(|id| Container { engine, id })
    })
}

/// 64 hexadecimal digits.
fn id(text: &str) -> Option<String> {
    let is_id = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| text.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_known_by_their_groups() {
        let id = "0123456789abcdef".repeat(4);
        for (path, engine) in [
            (format!("0::/system.slice/docker-{id}.scope"), Some(Engine::Docker)),
            (format!("11:cpu,cpuacct:/docker/{id}"), Some(Engine::Docker)),
            (
                format!("0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab.slice/cri-containerd-{id}.scope"),
                Some(Engine::Cri),
            ),
            (format!("3:memory:/kubepods/burstable/pod7b1a/{id}"), Some(Engine::Cri)),
            (format!("0::/kubepods.slice/kubepods-podab.slice/crio-{id}.scope/container"), Some(Engine::Cri)),
            (
                format!("5:pids:/system.slice/containerd.service/kubepods-burstable-podab.slice:cri-containerd:{id}"),
                Some(Engine::Cri),
            ),
            (format!("0::/machine.slice/libpod-{id}.scope"), Some(Engine::Podman)),
            (format!("0::/system.slice/nerdctl-{id}.scope"), Some(Engine::Nerdctl)),
            ("0::/system.slice/etcd.service".to_owned(), None),
            ("0::/docker/short".to_owned(), None),
        ] {
            let found = Container::of(&path);
            assert_eq!(found.as_ref().map(|c| c.engine), engine, "{path}");
            assert!(found.is_none_or(|c| c.id == "0123456789ab"), "{path}");
        }
    }

    #[test]
    fn a_program_is_run_in_it_by_what_is_there() {
        let container = |engine| Container { engine, id: "0123456789ab".into() };
        let by = |engine, there: &[&str]| {
            container(engine).entered_by(|program| there.contains(&program)).map(|words| words.join(" "))
        };
        assert_eq!(by(Engine::Cri, &["docker", "crictl"]).as_deref(), Some("crictl exec 0123456789ab"));
        assert_eq!(by(Engine::Cri, &["k3s"]).as_deref(), Some("k3s crictl exec 0123456789ab"));
        assert_eq!(by(Engine::Cri, &["nerdctl"]).as_deref(), Some("nerdctl -n k8s.io exec 0123456789ab"));
        assert_eq!(by(Engine::Podman, &["docker"]), None);
        let log = container(Engine::Cri).log_by(|program| program == "nerdctl").map(|words| words.join(" "));
        assert_eq!(log.as_deref(), Some("nerdctl -n k8s.io logs --timestamps 0123456789ab"));
    }
}
