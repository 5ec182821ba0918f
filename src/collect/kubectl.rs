//! etcd that runs as pods: what kubectl tells of them from wherever it is set up. Every command gets, prints, or asks etcd; none changes anything.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde::Deserialize;

use super::{
    Does, Keep, Options, Plan, Site, Step, Stop, When,
    plan::{self, file_name},
    process::{Ended, Program, Sink, run},
};

/// Where distributions run etcd as pods: namespace and selector. kubeadm's, OpenShift's.
const PLACES: &[(&str, &str)] = &[("kube-system", "component=etcd"), ("openshift-etcd", "app=etcd")];

/// How long the API server may take to list pods: it may be on the etcd that is sick.
const REQUEST: &str = "--request-timeout=10s";

/// How long kubectl may take for it, with what it does before.
const REQUEST_TIME: Duration = Duration::from_secs(15);

/// Most lines of a pod's log. etcd's have some 200 bytes, and 25 MiB are kept.
const LINES: &str = "--tail=200000";

/// Most bytes of a list of pods.
const LIST: usize = 16 << 20;

/// Most pods that are asked; a cluster of etcd has some five.
const MOST_PODS: usize = 20;

/// Which pods.
#[derive(Clone, Debug, Default)]
pub struct Pods {
    /// The namespace, where given.
    pub namespace: Option<String>,
    /// The selector of labels, where given.
    pub selector: Option<String>,
}

/// A pod of etcd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pod {
    namespace: String,
    name: String,
    node: String,
    /// The container in which etcd runs.
    container: String,
    /// One beside it that is made for etcdctl, as OpenShift has.
    for_etcdctl: Option<String>,
    flags: BTreeMap<String, String>,
    was_restarted: bool,
}

impl Pods {
    fn places(&self) -> Vec<(String, String)> {
        let usual = PLACES.iter().map(|(namespace, selector)| ((*namespace).to_owned(), (*selector).to_owned()));
        match (&self.namespace, &self.selector) {
            (None, None) => usual.collect(),
            (namespace, selector) => {
                let namespace = namespace.clone().unwrap_or_else(|| "kube-system".to_owned());
                vec![(namespace, selector.clone().unwrap_or_else(|| "component=etcd".to_owned()))]
            }
        }
    }

    /// The commands that look for pods, one after the other until one finds some.
    pub fn searches(&self, program: &str) -> Vec<Vec<String>> {
        let search = |(namespace, selector): (String, String)| {
            [program, "-n", &namespace, "get", "pods", "-l", &selector, "-o", "json", REQUEST].map(str::to_owned).to_vec()
        };
        self.places().into_iter().map(search).collect()
    }

    /// The pod that a dry run, which starts nothing, shows.
    pub fn example(&self) -> Vec<Pod> {
        let namespace = self.places().into_iter().next().unwrap_or_default().0;
        let flags = [
            ("listen-client-urls", "https://127.0.0.1:2379"),
            ("trusted-ca-file", "FILE"),
            ("cert-file", "FILE"),
            ("key-file", "FILE"),
        ];
        vec![Pod {
            namespace,
            name: "POD".to_owned(),
            node: "NODE".to_owned(),
            container: "etcd".to_owned(),
            for_etcdctl: None,
            flags: flags.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            was_restarted: true,
        }]
    }

    /// Looks for pods. What was found, or why nothing was, in words.
    pub fn find(&self, site: &Site, env: &BTreeMap<String, String>, stop: &Stop) -> (Vec<Pod>, String) {
        let name = tool(site);
        let Some(file) = site.program(name) else {
            return (Vec::new(), "there is no kubectl in PATH or the usual folders".to_owned());
        };
        let mut told = "no pod of etcd was found".to_owned();
        for search in self.searches(name) {
            let namespace = search.get(2).cloned().unwrap_or_default();
            match ask(&file, &search, env, stop) {
                Ok(list) => {
                    let pods = of_list(&list, &namespace);
                    if !pods.is_empty() {
                        let names: Vec<String> = pods.iter().map(|pod| format!("{} on {}", pod.name, pod.node)).collect();
                        return (pods, format!("pods of etcd in {namespace}: {}", names.join(", ")));
                    }
                }
                Err(why) => told = format!("no pod of etcd was found: {} {why}", search.join(" ")),
            }
        }
        (Vec::new(), told)
    }
}

/// kubectl, or OpenShift's own, which takes the same words.
fn tool(site: &Site) -> &'static str {
    if site.program("kubectl").is_none() && site.program("oc").is_some() { "oc" } else { "kubectl" }
}

fn ask(file: &Path, argv: &[String], env: &BTreeMap<String, String>, stop: &Stop) -> Result<Vec<u8>, String> {
    let program = Program { file, args: argv.get(1..).unwrap_or_default(), env, joined: false, input: None };
    let (mut out, mut err) = (Kept::default(), Kept::default());
    let ended = run(&program, stop.deadline(REQUEST_TIME), stop, &mut out, &mut err).map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&err.0).lines().next().unwrap_or_default().chars().take(200).collect::<String>();
    match ended {
        Ended::Alone(status) if status.success() => Ok(out.0),
        Ended::Alone(_) => Err(format!("says: {said}")),
        Ended::TimedOut => Err(format!("did not end within {} s", REQUEST_TIME.as_secs())),
        Ended::Stopped => Err("was told to stop".to_owned()),
        Ended::NotStarted(error) => Err(format!("could not be started: {error}")),
    }
}

#[derive(Default)]
struct Kept(Vec<u8>);

impl Sink for Kept {
    fn take(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let room = LIST.saturating_sub(self.0.len()).min(bytes.len());
        self.0.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct List {
    items: Vec<Item>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    metadata: Metadata,
    spec: Spec,
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    node_name: String,
    containers: Vec<Contained>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Contained {
    name: String,
    command: Vec<String>,
    args: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    container_statuses: Vec<Ran>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Ran {
    name: String,
    restart_count: u64,
}

/// The pods of a list as kubectl prints it. What has no plain name is none: it stands in command lines.
fn of_list(list: &[u8], namespace: &str) -> Vec<Pod> {
    let list: List = serde_json::from_slice(list).unwrap_or_default();
    let pods = list.items.into_iter().filter(|item| is_name(&item.metadata.name)).filter_map(|item| {
        let runs_etcd =
            |it: &&Contained| it.name == "etcd" || it.command.first().is_some_and(|program| program.ends_with("etcd"));
        let container = item.spec.containers.iter().find(runs_etcd).or_else(|| item.spec.containers.first())?;
        // A command may be one line for a shell.
        let words = container.command.iter().chain(&container.args).flat_map(|word| word.split_whitespace());
        let flags = words.filter_map(|word| word.strip_prefix("--")?.split_once('=')).filter(|(_, value)| !value.contains('$'));
        let has_etcdctl = item.spec.containers.iter().any(|it| it.name == "etcdctl");
        let node = if is_name(&item.spec.node_name) { item.spec.node_name.clone() } else { item.metadata.name.clone() };
        let restarted = item.status.container_statuses.iter().any(|ran| ran.name == container.name && ran.restart_count > 0);
        Some(Pod {
            namespace: namespace.to_owned(),
            name: item.metadata.name,
            node,
            container: Some(container.name.clone()).filter(|name| is_name(name))?,
            for_etcdctl: has_etcdctl.then(|| "etcdctl".to_owned()),
            flags: flags.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            was_restarted: restarted,
        })
    });
    pods.take(MOST_PODS).collect()
}

/// A name as Kubernetes allows it.
pub fn is_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    !name.is_empty() && name.len() <= 253 && !name.starts_with('-') && name.bytes().all(is_plain)
}

impl Pod {
    fn words(&self, program: &str, verb: &[&str]) -> Vec<String> {
        [program, "-n", &self.namespace].iter().chain(verb).map(|word| (*word).to_owned()).collect()
    }

    fn exec(&self, program: &str, container: &str, words: &[String]) -> Vec<String> {
        let mut argv = self.words(program, &["exec", &self.name, "-c", container, "--"]);
        argv.extend(words.iter().cloned());
        argv
    }

    /// The URL at which etcd is asked from within: its own host's first.
    fn url(&self) -> String {
        let urls = self.flags.get("listen-client-urls").or_else(|| self.flags.get("advertise-client-urls"));
        let urls: Vec<&str> = urls.map(|urls| urls.split(',').map(str::trim).collect()).unwrap_or_default();
        let here = urls.iter().find(|url| url.contains("//127.0.0.1:")).or_else(|| urls.first());
        here.map_or_else(|| "http://127.0.0.1:2379".to_owned(), |url| url.replace("//0.0.0.0:", "//127.0.0.1:"))
    }

    fn tls(&self, names: [&str; 3]) -> Vec<(String, String)> {
        let files = ["trusted-ca-file", "cert-file", "key-file"];
        let is_tls = self.url().starts_with("https://");
        let pairs = names.iter().zip(files).filter_map(|(flag, file)| Some(((*flag).to_owned(), self.flags.get(file)?.clone())));
        pairs.filter(|_| is_tls).collect()
    }

    /// etcdctl in the pod. The container that is made for it knows where etcd is by its own variables.
    fn etcdctl(&self, program: &str, options: &Options, question: &[&str]) -> Vec<String> {
        let mut words = vec!["etcdctl".to_owned()];
        if self.for_etcdctl.is_none() {
            words.push(format!("--endpoints={}", self.url()));
            words.extend(self.tls(["--cacert", "--cert", "--key"]).into_iter().map(|(flag, file)| format!("{flag}={file}")));
        }
        words.push(format!("--command-timeout={}ms", options.command_timeout.as_millis()));
        words.extend(question.iter().map(|word| (*word).to_owned()));
        self.exec(program, self.for_etcdctl.as_deref().unwrap_or(&self.container), &words)
    }

    /// curl in the pod, which most images lack.
    fn fetch(&self, program: &str, options: &Options, path: &str) -> Vec<String> {
        let metrics =
            self.flags.get("listen-metrics-urls").and_then(|urls| urls.split(',').next()).filter(|_| path == "/metrics");
        let base = metrics.map_or_else(|| self.url(), |url| url.replace("//0.0.0.0:", "//127.0.0.1:"));
        let mut words: Vec<String> = ["curl", "-q", "-sS", "--max-time"].map(str::to_owned).to_vec();
        words.push(plan::reach::seconds(options.command_timeout));
        if base.starts_with("https://") {
            words.extend(self.tls(["--cacert", "--cert", "--key"]).into_iter().flat_map(|(flag, file)| [flag, file]));
        }
        words.push(format!("{}{path}", base.trim_end_matches('/')));
        self.exec(program, &self.container, &words)
    }
}

impl Plan {
    /// Adds what kubectl tells of pods, and what was found when they were looked for.
    pub fn add_pods(&mut self, site: &Site, pods: &[Pod], found: String, options: &Options) {
        let program = tool(site);
        let file = site.program(program);
        self.found.push(found);
        let does = |argv: Vec<String>| Does::Run { file: file.clone(), argv, env: BTreeMap::new(), login: false, joined: false };
        let step = |kind: &'static str, path: &str, argv: Vec<String>| {
            Step::new(kind, path, does(argv)).time(REQUEST_TIME).keep(Keep::Head(plan::LISTING))
        };
        if pods.is_empty() {
            // That nobody was asked is a row; what kubectl said stands with what was found.
            let why = "no pod of etcd was found: name it with --kubectl-namespace and --kubectl-selector";
            self.steps.push(Step::new("log", "logs/etcd-pod.log", Does::Nothing { why, missed: true }));
        }
        for (number, when) in [("1", When::Always), ("2", When::AfterInterval)] {
            for pod in pods {
                let metrics = step("metrics", &format!("metrics/pod-{number}.prom"), pod.fetch(program, options, "/metrics"));
                self.steps.push(metrics.keep(Keep::Head(plan::METRICS)).when(when).optional().of(&pod.node));
            }
            if when == When::Always {
                pods.iter().for_each(|pod| self.steps.extend(of_pod(pod, program, options, &step)));
                // One asks all members, after all have told their sizes.
                self.steps.extend(pods.first().map(|pod| hashes_by(pod, program, options, &step)));
            }
        }
    }
}

/// The log, the description and the answers of a pod.
fn of_pod(pod: &Pod, program: &str, options: &Options, step: &dyn Fn(&'static str, &str, Vec<String>) -> Step) -> Vec<Step> {
    let log = |path: &str, more: &[&str]| {
        let mut argv = pod.words(program, &["logs", &pod.name, "-c", &pod.container, "--timestamps"]);
        argv.extend(more.iter().map(|word| (*word).to_owned()));
        step("log", path, argv).time(plan::LOG_TIME).keep(Keep::Tail(plan::LOG))
    };
    let since = options.window.since_time().map_or_else(|| "--since=24h".to_owned(), |time| format!("--since-time={time}"));
    let mut steps = vec![log("logs/etcd-pod.log", &[&since, LINES])];
    // Why it was restarted stands at the end of the one before, however long ago that was.
    steps.extend(pod.was_restarted.then(|| log("logs/etcd-pod-previous.log", &["--previous", LINES])));
    steps.push(step("kubernetes", "kubernetes/describe-pod.txt", pod.words(program, &["describe", "pod", &pod.name, REQUEST])));
    steps.push(step("http", "http/health-pod.json", pod.fetch(program, options, "/health")).optional());
    for (path, question) in [
        ("etcdctl/version-pod.txt", &["version"][..]),
        ("etcdctl/endpoint-status.json", &["endpoint", "status", "-w", "json"]),
        ("etcdctl/endpoint-health.txt", &["endpoint", "health"]),
        ("etcdctl/member-list.json", &["member", "list", "-w", "json"]),
        ("etcdctl/endpoint-health-cluster.txt", &["endpoint", "health", "--cluster"]),
        (plan::PODS_STATUS, &["endpoint", "status", "--cluster", "-w", "json"]),
        ("etcdctl/alarm-list.json", &["alarm", "list", "-w", "json"]),
    ] {
        let answer = step("etcdctl", path, pod.etcdctl(program, options, question));
        steps.push(answer.time(plan::ask_time(options)).keep(Keep::Head(plan::ANSWER)));
    }
    steps.into_iter().map(|step| step.of(&pod.node)).collect()
}

/// The hashes of all members' data, by way of one pod.
fn hashes_by(pod: &Pod, program: &str, options: &Options, step: &dyn Fn(&'static str, &str, Vec<String>) -> Step) -> Step {
    let argv = pod.etcdctl(program, options, plan::HASH_ALL);
    let step = step("etcdctl", plan::HASHKV, argv).time(plan::ask_time(options)).keep(Keep::Head(plan::ANSWER));
    step.when(plan::when_hashed(options)).of(&pod.node)
}

impl Step {
    /// It is of another node than the host on which it is run.
    fn of(mut self, node: &str) -> Self {
        self.node = Some(file_name(node));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = r#"{"items":[
      {"metadata":{"name":"etcd-db-1"},"spec":{"nodeName":"db-1","containers":[{"name":"etcd","command":["etcd","--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379","--trusted-ca-file=/pki/ca.crt","--cert-file=/pki/server.crt","--key-file=/pki/server.key","--listen-metrics-urls=http://127.0.0.1:2381"]}]},"status":{"containerStatuses":[{"name":"etcd","restartCount":3}]}},
      {"metadata":{"name":"-oops"},"spec":{"containers":[{"name":"etcd"}]}},
      {"metadata":{"name":"etcd-db-2"},"spec":{"nodeName":"db-2","containers":[{"name":"etcdctl"},{"name":"etcd","command":["/bin/sh","-c","exec etcd --cert-file=/x --name=${NAME}"]}]}}]}"#;

    #[test]
    fn pods_are_read_with_their_flags_and_a_name_that_is_none_is_left_out() {
        let pods = of_list(LISTED.as_bytes(), "kube-system");
        assert_eq!(
            pods.iter().map(|pod| (pod.name.as_str(), pod.was_restarted)).collect::<Vec<_>>(),
            [("etcd-db-1", true), ("etcd-db-2", false)]
        );
        let options = Options { command_timeout: Duration::from_secs(5), ..Options::default() };
        assert_eq!(
            pods[0].etcdctl("kubectl", &options, &["endpoint", "health"]).join(" "),
            "kubectl -n kube-system exec etcd-db-1 -c etcd -- etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/pki/ca.crt --cert=/pki/server.crt --key=/pki/server.key --command-timeout=5000ms endpoint health"
        );
        assert!(
            pods[0]
                .fetch("kubectl", &options, "/metrics")
                .join(" ")
                .ends_with("-- curl -q -sS --max-time 5 http://127.0.0.1:2381/metrics")
        );
        assert_eq!(
            pods[1].etcdctl("oc", &options, &["member", "list"]).join(" "),
            "oc -n kube-system exec etcd-db-2 -c etcdctl -- etcdctl --command-timeout=5000ms member list"
        );
        assert_eq!(pods[1].flags.keys().map(String::as_str).collect::<Vec<_>>(), ["cert-file"], "a variable is no value");
        assert_eq!(of_list(b"not json", "x"), []);
    }

    #[test]
    fn pods_are_looked_for_where_distributions_have_them_or_where_they_are_said_to_be() {
        let told = |pods: &Pods| pods.searches("kubectl").iter().map(|argv| argv.join(" ")).collect::<Vec<_>>();
        assert_eq!(
            told(&Pods::default()),
            [
                "kubectl -n kube-system get pods -l component=etcd -o json --request-timeout=10s",
                "kubectl -n openshift-etcd get pods -l app=etcd -o json --request-timeout=10s"
            ]
        );
        let given = Pods { namespace: Some("tenant-a".into()), selector: Some("app=etcd-a".into()) };
        assert_eq!(told(&given), ["kubectl -n tenant-a get pods -l app=etcd-a -o json --request-timeout=10s"]);
    }
}
