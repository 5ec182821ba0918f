//! `kubectl describe pod`: how etcd's container is, how it ended last, and what probes said.

use super::{
    Out, Screen,
    container::{Container, Ended, Run, is_etcd, is_image},
};
use crate::{
    bundle::{Line, Quote},
    parse::log::{When, printed},
    text::Untrusted,
};

/// Reads the lines of one or several pods.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pod: Option<Untrusted>,
    node: Option<Untrusted>,
    /// Below `Containers:`; the container's name stands alone behind two blanks.
    in_containers: bool,
    in_events: bool,
    /// The part of a container in which `Reason:` and the like stand.
    part: Part,
    open: Option<Open>,
    /// Of a description that somebody cut: the last line that may name a container, and how deep the container's name stands whose lines come.
    named: Option<(usize, String)>,
    within: Option<usize>,
    /// Containers that wait for the events below them.
    done: Vec<(Container, Quote)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    None,
    State,
    LastState,
}

#[derive(Debug, Default)]
struct Open {
    name: String,
    is_image: bool,
    member: Option<Untrusted>,
    run: Option<(Run, Quote)>,
    reason: Option<Untrusted>,
    since: Option<(When, Untrusted)>,
    ended: Option<Ended>,
    ready: Option<bool>,
    restarts: Option<u64>,
}

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim_end();
        let indent = text.len() - text.trim_start().len();
        if self.pod.is_none() && self.excerpt(text.trim(), indent, line, out) {
            return true;
        }
        if indent == 0 {
            return self.top(text, out);
        }
        if self.pod.is_none() {
            return false;
        }
        let text = text.trim();
        if self.in_events {
            self.event(text, line);
            return true;
        }
        if self.in_containers {
            if indent == 2 && text.ends_with(':') && !text.contains(' ') {
                self.end_container();
                self.open = Some(Open { name: text.trim_end_matches(':').to_owned(), ..Open::default() });
                self.part = Part::None;
            } else {
                self.of_container(text, line);
            }
        }
        true
    }

    /// The part of a description that tells of one container: its name, and right below it `Container ID:  containerd://…`.
    fn excerpt(&mut self, text: &str, indent: usize, line: Line<'_>, out: &mut Out<'_>) -> bool {
        if self.within.is_some_and(|name| indent > name) {
            self.of_container(text, line);
            return true;
        }
        if self.within.take().is_some() {
            self.close(out);
        }
        let id = text.strip_prefix("Container ID:").filter(|id| id.contains("://"));
        if let Some((at, name)) = self.named.take().filter(|(at, _)| id.is_some() && *at < indent) {
            (self.open, self.part, self.within) = (Some(Open { name, ..Open::default() }), Part::None, Some(at));
            return true;
        }
        let name = text.strip_suffix(':').filter(|name| !name.is_empty() && !name.contains(' '));
        self.named = name.map(|name| (indent, name.to_owned()));
        false
    }

    /// `Name:   etcd-master-1`, `Node:   master-1/10.0.0.11`, `Containers:`, `Events:` and the other headings of a pod.
    fn top(&mut self, text: &str, out: &mut Out<'_>) -> bool {
        let Some((key, value)) = text.split_once(':').filter(|(key, _)| is_key(key)) else {
            self.close(out);
            return false;
        };
        let value = value.trim();
        // Prose has one blank behind the colon, a description aligns its values.
        if key == "Name" && text.contains(":   ") && !value.contains(' ') {
            self.close(out);
            self.pod = Some(value.into());
            return true;
        }
        if self.pod.is_none() {
            return false;
        }
        self.end_container();
        (self.in_containers, self.in_events) = (key == "Containers", key == "Events");
        if key == "Node" {
            self.node = value.split('/').next().filter(|node| !node.is_empty() && !node.starts_with('<')).map(Untrusted::from);
        }
        true
    }

    fn of_container(&mut self, text: &str, line: Line<'_>) {
        let Some(open) = &mut self.open else { return };
        if let Some(name) = text.strip_prefix("--name=") {
            open.member = Some(name.into());
            return;
        }
        let Some((key, value)) = text.split_once(':') else { return };
        let value = value.trim();
        let when = || Some((printed(value)?, Untrusted::from(value)));
        match (key, self.part) {
            ("Image", _) => open.is_image = is_image(value),
            ("State", _) => {
                self.part = Part::State;
                open.run = Some((if value == "Running" { Run::Running } else { Run::Down }, line.quote()));
                open.ended = (value == "Terminated").then(|| ended(line));
            }
            ("Last State", _) => {
                self.part = Part::LastState;
                if open.ended.is_none() && value == "Terminated" {
                    open.ended = Some(ended(line));
                }
            }
            ("Reason", part) => {
                if part == Part::State {
                    open.reason = Some(value.into());
                }
                if let Some(ended) = open.ended.as_mut().filter(|ended| value == "OOMKilled" && !ended.by_oom) {
                    (ended.by_oom, ended.quote) = (true, line.quote());
                }
            }
            ("Exit Code", _) => open.ended.iter_mut().for_each(|ended| ended.exit_code = value.parse().ok()),
            ("Started", Part::State) => open.since = when(),
            ("Finished", _) => open.ended.iter_mut().for_each(|ended| ended.at = when()),
            ("Ready", _) => {
                self.part = Part::None;
                open.ready = ["False", "True"].iter().position(|word| *word == value).map(|at| at == 1);
            }
            ("Restart Count", _) => open.restarts = value.parse().ok(),
            _ => {}
        }
    }

    fn end_container(&mut self) {
        let Some(open) = self.open.take() else { return };
        let pod = self.pod.as_ref().map(Untrusted::raw).unwrap_or_default();
        // Beside etcd there may be an exporter or a backup in its pod.
        let is_it = is_etcd(&open.name) && (open.is_image || open.name == "etcd") || (is_etcd(pod) && open.is_image);
        let Some((run, quote)) = open.run.filter(|_| is_it) else { return };
        let container = Container {
            name: self.pod.clone(),
            node: self.node.clone(),
            member: open.member,
            run,
            reason: open.reason.filter(|_| run == Run::Down),
            since: open.since.filter(|_| run == Run::Running),
            ended: open.ended,
            ready: open.ready,
            restarts: open.restarts,
            probe: None,
        };
        self.done.push((container, quote));
    }

    /// `Warning  Unhealthy  3m (x12 over 20m)  kubelet  Liveness probe failed: …`.
    fn event(&mut self, text: &str, line: Line<'_>) {
        if text.starts_with("Warning") && text.contains(" probe failed: ") {
            for (container, _) in &mut self.done {
                container.probe = container.probe.take().or_else(|| Some(line.quote()));
            }
        }
    }

    pub(super) fn close(&mut self, out: &mut Out<'_>) {
        self.end_container();
        let done = std::mem::take(self).done;
        done.into_iter().for_each(|(container, quote)| out.say(Screen::Container(container), quote));
    }
}

fn ended(line: Line<'_>) -> Ended {
    Ended { by_oom: false, exit_code: None, at: None, quote: line.quote() }
}

/// `Priority Class Name`: words that begin in upper case.
fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 32
        && key.split(' ').all(|word| {
            word.starts_with(|c: char| c.is_ascii_uppercase()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    #[test]
    fn of_a_description_that_somebody_cut_the_containers_part_is_read() {
        let part = "  etcd:\n    Container ID:  docker://f03c\n    Image:         quay.io/coreos/etcd:latest\n    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n    Ready:          False\n    Restart Count:  43\nThat is all.";
        let said = read("", part);
        let [Screen::Container(container)] = said.as_slice() else { panic!("{said:?}") };
        assert_eq!(
            (container.run, container.restarts, container.ended.as_ref().map(|ended| ended.by_oom)),
            (Run::Down, Some(43), Some(true))
        );
        assert!(read("", &part.replace("etcd", "web")).is_empty());
    }

    const POD: &str = "\
Name:                 etcd-master-1
Namespace:            kube-system
Priority Class Name:  system-node-critical
Node:                 master-1/10.0.0.11
Start Time:           Sun, 22 Nov 2026 10:00:00 +0000
Labels:               component=etcd
                      tier=control-plane
Status:               Running
IP:                   10.0.0.11
Controlled By:        Node/master-1
Containers:
  etcd:
    Container ID:  containerd://1a2b
    Image:         registry.k8s.io/etcd:3.5.15-0
    Port:          <none>
    Command:
      etcd
      --advertise-client-urls=https://10.0.0.11:2379
      --name=master-1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Sun, 22 Nov 2026 16:00:00 +0000
      Finished:     Sun, 22 Nov 2026 16:07:47 +0000
    Ready:          False
    Restart Count:  7
    Liveness:       http-get http://127.0.0.1:2381/health%3Fexclude=NOSPACE delay=10s timeout=15s period=10s #success=1 #failure=8
    Environment:    <none>
Conditions:
  Type              Status
  Ready             False
Events:
  Type     Reason     Age                 From     Message
  ----     ------     ----                ----     -------
  Warning  Unhealthy  3m (x12 over 20m)   kubelet  Liveness probe failed: HTTP probe failed with statuscode: 503
";

    fn one(text: &str) -> Container {
        let Screen::Container(container) = super::super::tests::one("", text) else { panic!() };
        container
    }

    #[test]
    fn state_last_end_probes_and_node_are_read() {
        let container = one(POD);
        let ended = container.ended.unwrap();
        assert_eq!((container.run, container.restarts, container.ready), (Run::Down, Some(7), Some(false)));
        assert_eq!((ended.by_oom, ended.exit_code, ended.quote.citation().line()), (true, Some(137), 23));
        assert_eq!(ended.at.unwrap().0.instant().unwrap().to_string(), "2026-11-22T16:07:47Z");
        assert_eq!((container.node.unwrap().raw(), container.member.unwrap().raw()), ("master-1", "master-1"));
        assert_eq!(container.reason.unwrap().raw(), "CrashLoopBackOff");
        assert!(container.probe.is_some() && unknown(POD).is_empty());
    }

    #[test]
    fn a_pod_that_runs_after_a_restart_says_since_when() {
        let text = POD.replace(
            "    State:          Waiting\n      Reason:       CrashLoopBackOff\n",
            "    State:          Running\n      Started:      Sun, 22 Nov 2026 16:08:00 +0000\n",
        );
        let container = one(&text.replace("Ready:          False", "Ready:          True"));
        assert_eq!((container.run, container.ready, container.reason), (Run::Running, Some(true), None));
        assert_eq!(container.since.unwrap().0.instant().unwrap().to_string(), "2026-11-22T16:08:00Z");
    }

    #[test]
    fn pods_of_others_and_prose_say_nothing() {
        assert!(read("", &POD.replace("etcd", "nginx")).is_empty());
        assert_eq!(unknown("Name: a\nState: we do not know\n"), ["Name: a", "State: we do not know"]);
    }
}
