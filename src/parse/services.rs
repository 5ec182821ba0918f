//! What managers of services say of etcd: `systemctl status`, `systemctl --state=failed`, `kubectl get pods`, `crictl ps`, `docker ps`.

use crate::{
    bundle::{Line, Quote},
    text::Untrusted,
};

/// Most states of one text that are kept.
const MOST: usize = 200;

/// Whether etcd runs, as a manager says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Whether the process runs now.
    pub runs: bool,
    /// It ended with an error, or is being started again and again: nobody meant it to stand still.
    pub failed: bool,
    /// It ended for want of memory.
    pub by_oom: bool,
    /// The host, where the name of a static pod holds it: `etcd-master-1`.
    pub node: Option<Untrusted>,
    /// The line.
    pub quote: Quote,
}

/// Reads screens line by line.
#[derive(Debug, Default)]
pub struct Services {
    /// What they said.
    pub states: Vec<Service>,
    /// The unit whose status is being printed is one of etcd's.
    in_unit: bool,
    /// The status of some unit is being printed.
    in_status: bool,
    /// The header of a table was seen, and what it is of.
    table: Option<Table>,
}

/// Words of a row whose container or unit failed: of Kubernetes' STATUS, of docker's, of systemd's ACTIVE and SUB.
const FAILS: &[&str] = &["BackOff", "Error", "OOMKilled", "Exited (", "Restarting (", " failed failed "];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    /// `NAME READY STATUS RESTARTS AGE`.
    Pods,
    /// `CONTAINER … STATE NAME …`.
    Crictl,
    /// `CONTAINER ID … STATUS … NAMES`.
    Docker,
    /// `UNIT LOAD ACTIVE SUB DESCRIPTION`.
    Units,
}

impl Services {
    /// Takes the next line. True if it is one of such a screen.
    pub fn line(&mut self, line: Line<'_>) -> bool {
        let text = line.text().trim();
        if let Some(unit) = unit_of(text) {
            (self.in_unit, self.in_status) = (is_etcd_unit(unit), true);
            return true;
        }
        if let Some(state) = text.strip_prefix("Active: ").filter(|_| self.in_unit) {
            if let Some(runs) = unit_runs(state) {
                let failed = !runs && (state.starts_with("failed") || state.contains("auto-restart"));
                self.push(Service { runs, failed, by_oom: false, node: None, quote: line.quote() });
            }
            return true;
        }
        if self.in_status && is_of_status(text) {
            return true;
        }
        self.in_status = false;
        if let Some(table) = table_of(text) {
            self.table = Some(table);
            return true;
        }
        let said = self.table.and_then(|table| row(table, text));
        let is_row = said.is_some();
        if let Some((runs, node)) = said {
            // An exit code of 0 is somebody's stop; so is the row of an earlier container.
            let fails = |words: &str| FAILS.iter().any(|word| words.contains(word)) && !words.contains("Exited (0)");
            let by_oom = !runs && text.split_whitespace().any(|word| word == "OOMKilled");
            self.push(Service { runs, failed: !runs && fails(text), by_oom, node, quote: line.quote() });
        }
        is_row
    }

    fn push(&mut self, state: Service) {
        if self.states.len() < MOST {
            self.states.push(state);
        }
    }
}

/// `● etcd.service - etcd key-value store`; the mark is a star, a cross or a letter where there is no UTF-8.
fn unit_of(text: &str) -> Option<&str> {
    let mut words = text.split(' ');
    let (mark, unit, dash) = (words.next()?, words.next()?, words.next()?);
    let is_mark = matches!(mark, "●" | "○" | "×" | "*" | "x" | "↻" | "?");
    (is_mark && unit.ends_with(".service") && matches!(dash, "-" | "–")).then_some(unit)
}

/// What else `systemctl status` prints of a unit: its file, its processes, what it uses.
fn is_of_status(text: &str) -> bool {
    const KEYS: &[&str] = &[
        "Loaded: ",
        "Active: ",
        "Drop-In: ",
        "TriggeredBy: ",
        "Docs: ",
        "Main PID: ",
        "Process: ",
        "Tasks: ",
        "Memory: ",
        "CPU: ",
        "CGroup: ",
        "Status: ",
        "IO: ",
        "IP: ",
        "Invocation: ",
        "Condition: ",
        "Duration: ",
    ];
    KEYS.iter().any(|key| text.starts_with(key)) || text.starts_with(['├', '└', '│'])
}

fn is_etcd_unit(unit: &str) -> bool {
    unit.strip_suffix(".service")
        .is_some_and(|name| name == "etcd" || name.starts_with("etcd-") || name.starts_with("etcd@") || name == "etcd3")
}

/// The words behind `Active: ` up to the time. A unit that is about to start again after an exit does not run.
fn unit_runs(state: &str) -> Option<bool> {
    match state.split([' ', ';']).next()? {
        "active" => Some(state.starts_with("active (running)")),
        "failed" | "inactive" | "deactivating" => Some(false),
        "activating" if state.contains("auto-restart") => Some(false),
        _ => None,
    }
}

fn table_of(text: &str) -> Option<Table> {
    let has = |words: &[&str]| words.iter().all(|word| text.contains(word));
    if has(&["NAME", "READY", "STATUS", "RESTARTS", "AGE"]) {
        Some(Table::Pods)
    } else if has(&["CONTAINER", "IMAGE", "CREATED", "STATE", "NAME", "ATTEMPT"]) {
        Some(Table::Crictl)
    } else if has(&["CONTAINER ID", "IMAGE", "COMMAND", "STATUS", "NAMES"]) {
        Some(Table::Docker)
    } else if text.starts_with("UNIT ") && text.split_whitespace().eq(["UNIT", "LOAD", "ACTIVE", "SUB", "DESCRIPTION"]) {
        Some(Table::Units)
    } else {
        None
    }
}

/// The node in the name of a pod of etcd, as `kubectl get pods` or `kubectl get all` gives it. A set of pods has numbers, and often the name of
/// who uses it in front: `my-release-etcd-0`.
fn node_of_pod(name: &str) -> Option<Option<&str>> {
    let name = name.strip_prefix("pod/").unwrap_or(name);
    let of_set =
        || name.rsplit_once("-etcd-").is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    name.strip_prefix("etcd-").map(Some).or_else(|| of_set().then_some(None))
}

/// Whether etcd runs by this row, and on which host, if the row is one of etcd's.
fn row(table: Table, text: &str) -> Option<(bool, Option<Untrusted>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match table {
        Table::Pods => {
            // With `-A` or `--all-namespaces` the namespace stands in front; `kubectl get all` says what it is: `pod/etcd-master-1`.
            let at = words.iter().position(|word| node_of_pod(word).is_some())?;
            let (node, ready, status) = (node_of_pod(words.get(at)?)?, words.get(at + 1)?, words.get(at + 2)?);
            let (up, of) = ready.split_once('/')?;
            let is_count = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
            if at > 1 || !is_count(up) || !is_count(of) {
                return None;
            }
            Some((*status == "Running" && up == of, node.map(Untrusted::from)))
        }
        Table::Crictl => {
            let state = words.iter().position(|word| matches!(*word, "Running" | "Exited" | "Created"))?;
            (*words.get(state + 1)? == "etcd").then(|| (words.get(state) == Some(&"Running"), None))
        }
        Table::Docker => {
            let is_etcd =
                words.last().is_some_and(|name| *name == "etcd" || name.starts_with("etcd-") || name.starts_with("k8s_etcd_"));
            let exited = text.contains(" Exited (") || text.contains(" Restarting (") || text.contains(" Dead ");
            (is_etcd && (exited || text.contains(" Up "))).then_some((!exited, None))
        }
        Table::Units => {
            // A mark stands before a unit that failed.
            let at = words.iter().take(2).position(|word| is_etcd_unit(word))?;
            match (words.get(at + 2)?, words.get(at + 3)?) {
                (&"active", sub) => Some((*sub == "running", None)),
                (&("failed" | "inactive"), _) | (&"activating", &"auto-restart") => Some((false, None)),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Source;

    fn states(text: &str) -> Vec<(bool, Option<String>)> {
        let source = Source::new("paste.txt");
        let mut services = Services::default();
        for (number, line) in (1..).zip(text.lines()) {
            services.line(source.line(number, line));
        }
        services.states.iter().map(|s| (s.runs, s.node.as_ref().map(|node| node.raw().to_owned()))).collect()
    }

    #[test]
    fn a_unit_runs_failed_or_waits_for_its_next_start() {
        let status = |unit: &str, active: &str| {
            states(&format!(
                "● {unit} - etcd key-value store\n   Loaded: loaded (/lib/systemd/system/{unit}; enabled)\n   Active: {active}\n"
            ))
        };
        assert_eq!(
            status("etcd.service", "active (running) since Tue 2018-08-28 09:36:01 CST; 2 weeks 0 days ago"),
            [(true, None)]
        );
        assert_eq!(
            status("etcd.service", "failed (Result: exit-code) since Tue 2018-08-28 09:36:01 CST; 3min ago"),
            [(false, None)]
        );
        assert_eq!(status("etcd-member.service", "activating (auto-restart) (Result: exit-code) since …"), [(false, None)]);
        assert_eq!(status("etcd.service", "activating (start) since …"), []);
        assert_eq!(status("kube-proxy.service", "failed (Result: exit-code)"), []);
    }

    #[test]
    fn static_pods_name_their_host() {
        let text = "NAMESPACE     NAME                READY   STATUS             RESTARTS        AGE\n\
                    kube-system   etcd-master-1       1/1     Running            3 (21d ago)     90d\n\
                    kube-system   etcd-master-2       0/1     CrashLoopBackOff   12 (3m1s ago)   90d\n\
                    kube-system   kube-proxy-x7k2p    1/1     Running            0               90d\n";
        assert_eq!(states(text), [(true, Some("master-1".into())), (false, Some("master-2".into()))]);
    }

    #[test]
    fn containers_are_up_or_exited() {
        let crictl = "CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID\n\
                      1a2b3c4d5e6f7       0369cf4303ffd       2 minutes ago       Exited              etcd                7                   aa11\n\
                      9f8e7d6c5b4a3       0369cf4303ffd       2 minutes ago       Running             kube-apiserver      1                   bb22\n";
        assert_eq!(states(crictl), [(false, None)]);
        let docker = "CONTAINER ID   IMAGE                        COMMAND       CREATED        STATUS                     PORTS     NAMES\n\
                      1a2b3c4d5e6f   quay.io/coreos/etcd:v3.4.3   \"etcd\"        3 weeks ago    Exited (1) 3 minutes ago             etcd\n\
                      2b3c4d5e6f70   nginx                        \"nginx\"       3 weeks ago    Up 3 weeks                           web\n";
        assert_eq!(states(docker), [(false, None)]);
        assert_eq!(states(&docker.replace("Exited (1) 3 minutes ago", "Up 3 weeks (healthy)    ")), [(true, None)]);
    }

    #[test]
    fn lists_of_units_and_of_all_that_kubernetes_runs_are_read() {
        let units = "  UNIT                LOAD   ACTIVE     SUB          DESCRIPTION\n\
                     ● etcd.service        loaded failed     failed       etcd\n\
                     \u{20} etcd-events.service loaded active     running      etcd for events\n\
                     \u{20} etcd@2.service      loaded activating auto-restart etcd\n\
                     ● nginx.service       loaded failed     failed       nginx behind etcd.service\n\
                     \nLOAD   = Reflects whether the unit definition was properly loaded.\n";
        assert_eq!(states(units), [(false, None), (true, None), (false, None)]);
        assert_eq!(states(&units.replace("UNIT ", "UNIT FILE ")), []);
        let all = "NAMESPACE     NAME                 READY   STATUS             RESTARTS   AGE   IP         NODE   NOMINATED NODE   READINESS GATES\n\
                   kube-system   pod/etcd-cp-1        0/1     CrashLoopBackOff   12         44d   10.0.0.1   cp-1   <none>           <none>\n\
                   kube-system   service/etcd-metrics ClusterIP   None   <none>   2381/TCP   44d   k8s-app=etcd\n";
        assert_eq!(states(all), [(false, Some("cp-1".into()))]);
    }

    #[test]
    fn logs_and_prose_are_no_screens() {
        assert!(states("Active: failed\n* etcd is down - call me\netcd-1 1/1 Running\nNov 22 15:46:32 db03 etcd[6302]: etcd Version: 2.3.8\n").is_empty());
    }
}
