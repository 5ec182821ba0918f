//! What etcd is asked: by `curl`, and by etcdctl of every generation. No request writes, and none lists keys.

use std::time::Duration;

use super::{
    ANSWER, CLUSTER_STATUS, Drafting, ETCDCTL_VERSION, HASH_ALL, HASHKV, Keep, SERVER_VERSION, Step, When, ask_time, ask2_time,
    file_name, when_hashed,
};

impl Drafting<'_> {
    /// What etcd answers, by curl and by etcdctl.
    pub(super) fn answers(&mut self) {
        for (at, url) in self.reach.endpoints.clone().iter().enumerate() {
            let name =
                |what: &str| if at == 0 { what.to_owned() } else { format!("http/{}-{}.json", stem(what), file_name(url)) };
            let version = self.fetch("http", &name(SERVER_VERSION), &format!("{url}/version"));
            self.add(version);
            let health = self.fetch("http", &name("http/health.json"), &format!("{url}/health"));
            self.add(health);
        }
        let version = self.etcdctl(ETCDCTL_VERSION, "3", false, vec!["version".to_owned()]);
        // etcdctl 2 knows only `--version`, and says so with 3.
        self.add(version.answers(&[1, 2, 3]));
        // The narrow questions first: they do not need the cluster's quorum.
        self.ask_v3("etcdctl/endpoint-status.json", &["endpoint", "status", "-w", "json"]);
        self.ask_v3("etcdctl/endpoint-health.txt", &["endpoint", "health"]);
        self.ask_v3("etcdctl/member-list.json", &["member", "list", "-w", "json"]);
        self.ask_v3("etcdctl/endpoint-health-cluster.txt", &["endpoint", "health", "--cluster"]);
        self.ask_v3(CLUSTER_STATUS, &["endpoint", "status", "--cluster", "-w", "json"]);
        self.ask_v3("etcdctl/alarm-list.json", &["alarm", "list", "-w", "json"]);
        self.ask_v3_when(HASHKV, HASH_ALL, when_hashed(self.options));
        self.ask_v2("etcdctl/cluster-health.txt", &["cluster-health"]);
        self.ask_v2("etcdctl/member-list-v2.txt", &["member", "list"]);
    }

    fn ask_v3(&mut self, path: &str, question: &[&str]) {
        self.ask_v3_when(path, question, When::Api3);
    }

    fn ask_v3_when(&mut self, path: &str, question: &[&str], when: When) {
        let milliseconds = |time: Duration| format!("{}ms", time.as_millis());
        let mut argv = vec![format!("--endpoints={}", self.reach.endpoints.join(","))];
        argv.extend(self.reach.ctl_files(["--cacert", "--cert", "--key"]));
        argv.extend(self.options.insecure_skip_tls_verify.then(|| "--insecure-skip-tls-verify".to_owned()));
        argv.push(format!("--dial-timeout={}", milliseconds(self.options.dial_timeout)));
        argv.push(format!("--command-timeout={}", milliseconds(self.options.command_timeout)));
        argv.extend(question.iter().map(|word| (*word).to_owned()));
        let step: Step = self.etcdctl(path, "3", self.options.has_login, argv);
        self.add(step.when(when).time(ask_time(self.options)).keep(Keep::Head(ANSWER)));
    }

    fn ask_v2(&mut self, path: &str, question: &[&str]) {
        let seconds = |time: Duration| format!("{}s", time.as_secs().max(1));
        let mut argv = vec![format!("--endpoints={}", self.reach.endpoints.join(","))];
        argv.extend(self.reach.ctl_files(["--ca-file", "--cert-file", "--key-file"]));
        argv.push(format!("--timeout={}", seconds(self.options.dial_timeout)));
        argv.push(format!("--total-timeout={}", seconds(self.options.command_timeout)));
        argv.extend(question.iter().map(|word| (*word).to_owned()));
        let step: Step = self.etcdctl(path, "2", self.options.has_login, argv);
        self.add(step.when(When::Api2).time(ask2_time(self.options)).keep(Keep::Head(ANSWER)));
    }
}

/// `http/version.json` is `version`.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
