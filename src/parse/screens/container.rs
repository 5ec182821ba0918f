//! `docker inspect`, and podman's and nerdctl's: how a container of etcd is, and how it ended. JSON, whole, in one line or torn.

use super::{Out, Screen};
use crate::{
    bundle::{Line, Quote},
    parse::log::{When, printed},
    text::Untrusted,
};

/// How a container is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Its process runs.
    Running,
    /// It ended, or waits for its next start.
    Down,
}

/// How a container ended last.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Killed for want of memory.
    pub by_oom: bool,
    /// The exit code; above 128 it was a signal's number and 128.
    pub exit_code: Option<i64>,
    /// When.
    pub at: Option<(When, Untrusted)>,
    /// The line that says so.
    pub quote: Quote,
}

/// A container of etcd.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Its name, or its pod's.
    pub name: Option<Untrusted>,
    /// The host, where the screen names it.
    pub node: Option<Untrusted>,
    /// etcd's `--name`, where its command is shown.
    pub member: Option<Untrusted>,
    /// How it is.
    pub run: Run,
    /// Why it waits: `CrashLoopBackOff`, `ImagePullBackOff`.
    pub reason: Option<Untrusted>,
    /// When it was started, where it runs.
    pub since: Option<(When, Untrusted)>,
    /// How it ended last.
    pub ended: Option<Ended>,
    /// Whether its readiness probe passes.
    pub ready: Option<bool>,
    /// How often it was started anew.
    pub restarts: Option<u64>,
    /// A probe that failed.
    pub probe: Option<Quote>,
}

/// Reads keys of `docker inspect`, line by line.
#[derive(Debug, Default)]
pub(super) struct Reader {
    in_state: bool,
    run: Option<(Run, Quote)>,
    by_oom: Option<Quote>,
    exit: Option<(i64, Quote)>,
    started: Option<(When, Untrusted)>,
    finished: Option<(When, Untrusted)>,
    restarts: Option<u64>,
    name: Option<Untrusted>,
    is_etcd: bool,
    /// Who typed the command asked for a container of etcd.
    is_asked_for: bool,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) {
        let text = line.text().trim();
        if text.starts_with("{\"Status\":\"") && text.contains("\"OOMKilled\":") {
            // `-f '{{json .State}}'` prints the state alone, in one line.
            self.close(out);
            self.in_state = true;
            let inner = text.trim_start_matches('{').trim_end_matches('}');
            inner.split(",\"").for_each(|pair| self.pair(pair, line));
            // Who asks for the state of one container alone asks for etcd's.
            self.is_etcd = true;
            return self.close(out);
        }
        if text.starts_with("\"State\": {") {
            self.close(out);
            self.in_state = true;
        } else if self.in_state && text.starts_with('}') {
            self.in_state = false;
        } else if text.starts_with('"') {
            self.pair(text, line);
        }
    }

    fn pair(&mut self, pair: &str, line: Line<'_>) {
        let Some((key, value)) = pair.split_once("\":") else { return };
        let (key, value) = (key.trim_start_matches('"'), value.trim().trim_end_matches(','));
        let word = value.trim_matches('"');
        let when = || Some((printed(word)?, Untrusted::from(word))).filter(|(when, _)| when.year() != Some(1));
        match key {
            "Status" if self.in_state => {
                let run = match word {
                    "running" => Run::Running,
                    "exited" | "dead" | "restarting" | "stopped" => Run::Down,
                    _ => return,
                };
                self.run = Some((run, line.quote()));
            }
            "OOMKilled" if self.in_state => self.by_oom = (value == "true").then(|| line.quote()),
            "ExitCode" if self.in_state => self.exit = value.parse().ok().map(|code| (code, line.quote())),
            "StartedAt" if self.in_state => self.started = when(),
            "FinishedAt" if self.in_state => self.finished = when(),
            "RestartCount" => self.restarts = value.parse().ok(),
            // docker's names begin with a slash, podman's do not; networks and mounts have names, too.
            "Name" if self.run.is_some() && is_etcd(word.trim_start_matches('/')) => {
                self.is_etcd = true;
                self.name = Some(word.trim_start_matches('/').into());
            }
            "Image" if !word.starts_with("sha256:") => self.is_etcd |= is_image(word),
            "Path" => self.is_etcd |= word == "etcd" || word.ends_with("/etcd"),
            _ => {}
        }
    }

    /// The command behind whose prompt the lines stand may name the container, of which only a part was printed.
    pub(super) fn typed(&mut self, command: &str) {
        let mut words = command.split(['|', ';']).next().unwrap_or_default().split_whitespace();
        self.is_asked_for = words.any(|word| word == "inspect") && words.any(is_etcd);
    }

    pub(super) fn close(&mut self, out: &mut Out<'_>) {
        let is_asked_for = self.is_asked_for;
        let open = std::mem::replace(self, Self { is_asked_for, ..Self::default() });
        let Some((run, quote)) = open.run.filter(|_| open.is_etcd || is_asked_for) else { return };
        let by_oom = open.by_oom.is_some();
        let exit = open.exit.clone().filter(|(code, _)| *code != 0 || run == Run::Down);
        let told = open.by_oom.or_else(|| exit.as_ref().map(|(_, quote)| quote.clone()));
        let ended = told.map(|quote| Ended { by_oom, exit_code: exit.map(|(code, _)| code), at: open.finished, quote });
        let container = Container {
            name: open.name,
            node: None,
            member: None,
            run,
            reason: None,
            since: open.started.filter(|_| run == Run::Running),
            ended,
            ready: None,
            restarts: open.restarts,
            probe: None,
        };
        out.say(Screen::Container(container), quote);
    }
}

/// Whether a container is called after etcd: `etcd`, `etcd-db-1`, `etcd1`, `k8s_etcd_etcd-master-1_…`; not `etcd-exporter`.
pub(super) fn is_etcd(name: &str) -> bool {
    const OTHERS: &[&str] = &["exporter", "backup", "defrag", "operator", "metrics", "keeper", "browser", "POD"];
    (name.starts_with("etcd") || name.starts_with("k8s_etcd_")) && !OTHERS.iter().any(|other| name.contains(other))
}

/// `quay.io/coreos/etcd:v3.5.9`, `registry.k8s.io/etcd:3.5.15-0`, `bitnami/etcd`.
pub(super) fn is_image(image: &str) -> bool {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next() == Some("etcd")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{one, read};
    use super::*;

    const INSPECT: &str = r#"[
    {
        "Id": "1a2b",
        "Created": "2026-11-20T10:00:00.1Z",
        "Path": "/usr/local/bin/etcd",
        "Args": [
            "--name=db-1"
        ],
        "State": {
            "Status": "exited",
            "Running": false,
            "Paused": false,
            "Restarting": false,
            "OOMKilled": true,
            "Dead": false,
            "Pid": 0,
            "ExitCode": 137,
            "Error": "",
            "StartedAt": "2026-11-22T10:00:00.123456789Z",
            "FinishedAt": "2026-11-22T16:07:47.5Z"
        },
        "Image": "sha256:0369cf4303ffd",
        "Name": "/etcd",
        "RestartCount": 3,
        "Config": {
            "Image": "quay.io/coreos/etcd:v3.5.9"
        }
    }
]
"#;

    #[test]
    fn how_it_ended_is_read_from_all_of_it_or_from_its_state_alone() {
        let Screen::Container(container) = one("docker inspect etcd", INSPECT) else { panic!() };
        let ended = container.ended.unwrap();
        assert_eq!((container.run, container.restarts, ended.by_oom, ended.exit_code), (Run::Down, Some(3), true, Some(137)));
        assert_eq!(ended.at.unwrap().0.instant().unwrap().to_string(), "2026-11-22T16:07:47.5Z");
        let state = r#"{"Status":"running","Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":812,"ExitCode":0,"Error":"","StartedAt":"2026-11-22T10:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"}"#;
        let Screen::Container(container) = one("", state) else { panic!() };
        assert_eq!((container.run, container.ended), (Run::Running, None));
    }

    #[test]
    fn another_container_and_etcdctls_json_say_nothing() {
        assert!(read("", &INSPECT.replace("etcd", "nginx")).is_empty());
        assert!(read("", "{\n\"members\": [\n{\n\"Name\": \"/etcd\",\n\"Status\": \"running\"\n}\n]\n}\n").is_empty());
    }
}
