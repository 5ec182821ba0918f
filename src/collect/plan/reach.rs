//! How etcd is reached: its URLs, the certificates, and by which program: the host's own, or the one in etcd's container.

use std::collections::BTreeMap;

use super::{Does, Drafting, Options, Step, fetch_time, run};
use crate::collect::site::{Engine, Found, Site};

/// Where RKE2 says how its `crictl` reaches containerd.
pub(in crate::collect) const RKE2_CRICTL: &str = "/var/lib/rancher/rke2/agent/etc/crictl.yaml";

/// How etcd is reached.
pub(super) struct Reach {
    /// Client URLs.
    pub endpoints: Vec<String>,
    /// Certificates as the host's programs find them.
    host: Tls,
    /// Certificates as etcdctl finds them, which may run in a container.
    ctl_tls: Tls,
    ctl: Ctl,
}

/// Which etcdctl is run.
enum Ctl {
    /// The host's, which may be missing.
    Host,
    /// The one in etcd's container, behind these words.
    Inside { words: Vec<String>, engine: Engine },
}

/// Paths of certificates.
#[derive(Clone, Debug, Default)]
struct Tls {
    cacert: Option<String>,
    cert: Option<String>,
    key: Option<String>,
}

impl Reach {
    /// Looks for all of it, and says what was found and where.
    pub(super) fn new(site: &Site, options: &Options, found: &mut Vec<String>) -> Self {
        let endpoints = endpoints(site, options);
        let mut note = |what: &str, it: &Found| found.push(format!("{what}: {} ({})", it.value, it.from));
        note("endpoints", &endpoints);
        let raw = if endpoints.value.contains("https://") { certificates(site, options) } else { Default::default() };
        let host = raw.clone().map(|it| it.map(|it| if it.from == "flag" { it } else { site.reached(it) }));
        for (what, it) in ["cacert", "cert", "key"].into_iter().zip(&host) {
            if let Some(it) = it {
                note(what, it);
            }
        }
        if let Some(key) = host[2].as_ref().filter(|key| !site.can_read(&key.value)) {
            found.push(format!("{} cannot be read by this user: etcd may refuse what is asked", key.value));
        }
        let paths = |files: [Option<Found>; 3]| {
            let [cacert, cert, key] = files.map(|it| it.map(|it| it.value));
            Tls { cacert, cert, key }
        };
        let ctl = match site.container() {
            Some(container) if site.program("etcdctl").is_none() => {
                let words = container.entered_by(|program| site.program(program).is_some());
                words.map_or(Ctl::Host, |words| Ctl::Inside { words, engine: container.engine })
            }
            _ => Ctl::Host,
        };
        if let Ctl::Inside { words, .. } = &ctl {
            found.push(format!("etcdctl: in the container, by {}", words.join(" ")));
        }
        let is_inside = matches!(ctl, Ctl::Inside { .. });
        let (host, raw) = (paths(host), paths(raw));
        let urls = endpoints.value.split(',').map(|url| url.trim().trim_end_matches('/').to_owned());
        Self {
            endpoints: urls.filter(|url| !url.is_empty()).collect(),
            ctl_tls: if is_inside { raw } else { host.clone() },
            host,
            ctl,
        }
    }

    /// Where metrics are: at URLs of their own, else at the client URLs.
    pub(super) fn metrics_urls(&self, site: &Site, options: &Options) -> Vec<String> {
        let own = site.setting("listen-metrics-urls").filter(|_| options.endpoints.is_none());
        let own =
            own.map(|found| local(&found.value).split(',').map(|url| url.trim().trim_end_matches('/').to_owned()).collect());
        own.unwrap_or_else(|| self.endpoints.clone())
    }

    /// Flags of etcdctl that name the certificates, in the words of one API.
    pub(super) fn ctl_files(&self, names: [&str; 3]) -> Vec<String> {
        flags(&self.ctl_tls, names).into_iter().map(|(flag, file)| format!("{flag}={file}")).collect()
    }
}

fn flags<'n>(tls: &Tls, names: [&'n str; 3]) -> Vec<(&'n str, String)> {
    let files = [&tls.cacert, &tls.cert, &tls.key];
    names.into_iter().zip(files).filter_map(|(flag, file)| Some((flag, file.clone()?))).collect()
}

/// What it listens on may be all addresses, which is none to ask.
fn local(urls: &str) -> String {
    urls.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//127.0.0.1:")
}

/// Client URLs: given, else those that the process advertises or listens on, else what files say of clients, else of etcd, else etcd's default.
fn endpoints(site: &Site, options: &Options) -> Found {
    let of_etcd = || ["advertise-client-urls", "listen-client-urls"].iter().find_map(|name| site.setting(name));
    let of_process = || of_etcd().filter(|found| found.from.starts_with("process "));
    let found = options.endpoints.clone().or_else(of_process).or_else(|| site.client("endpoints")).or_else(of_etcd);
    let mut found = found.unwrap_or_else(|| Found { value: "http://127.0.0.1:2379".into(), from: "etcd's default".into() });
    // etcdctl takes `host:port` as well; curl does, too, but the report would not know the URL again.
    let has_tls = options.cacert.is_some() || options.cert.is_some();
    let scheme = if has_tls { "https" } else { "http" };
    let with_scheme = |url: &str| if url.contains("://") { url.to_owned() } else { format!("{scheme}://{url}") };
    let urls = found.value.split(',').map(str::trim).filter(|url| !url.is_empty() && !url.starts_with("unix"));
    found.value = local(&urls.map(with_scheme).collect::<Vec<_>>().join(","));
    found
}

/// Authority, certificate and key: given, else those that the distribution made for clients, else those of the server itself, which the files' owner
/// may use.
fn certificates(site: &Site, options: &Options) -> [Option<Found>; 3] {
    let [server_ca, server_cert, server_key] = ["trusted-ca-file", "cert-file", "key-file"].map(|name| site.setting(name));
    let [client_ca, client_cert, client_key] = ["cacert", "cert", "key"].map(|name| site.client(name));
    // Files for clients of another etcd, of one that was here before say, have another authority.
    let value = |it: &Option<Found>| it.as_ref().map(|it| it.value.clone());
    let is_of_this = client_ca.is_some() && (server_ca.is_none() || value(&server_ca) == value(&client_ca));
    let has_both = client_cert.is_some() && client_key.is_some();
    let (cert, key) = if is_of_this && has_both { (client_cert, client_key) } else { (server_cert, server_key) };
    let cacert = options.cacert.clone().or(if is_of_this { client_ca } else { server_ca });
    // A certificate goes with its key: one that is given is not mixed with another's.
    if options.cert.is_some() || options.key.is_some() {
        return [cacert, options.cert.clone(), options.key.clone()];
    }
    [cacert, cert, key]
}

impl Drafting<'_> {
    /// Fetches a URL: by curl, and where only wget is there, by that.
    pub(super) fn fetch(&self, kind: &'static str, path: &str, url: &str) -> Step {
        let wget = self.site.program("curl").is_none().then(|| self.site.program("wget")).flatten();
        let argv = match wget {
            Some(wget) => self.wget(url, self.site.is_busybox(&wget)),
            None => self.curl(url),
        };
        Step::new(kind, path, self.program(argv)).time(fetch_time(self.options))
    }

    fn curl(&self, url: &str) -> Vec<String> {
        let mut argv: Vec<String> = ["curl", "-q", "-sS", "--noproxy", "*"].map(str::to_owned).to_vec();
        argv.extend(["--connect-timeout".to_owned(), seconds(self.options.dial_timeout)]);
        argv.extend(["--max-time".to_owned(), seconds(self.options.command_timeout)]);
        if url.starts_with("https://") {
            let files = flags(&self.reach.host, ["--cacert", "--cert", "--key"]);
            argv.extend(files.into_iter().flat_map(|(flag, file)| [flag.to_owned(), file]));
            argv.extend(self.options.insecure_skip_tls_verify.then(|| "--insecure".to_owned()));
        }
        argv.push(url.to_owned());
        argv
    }

    /// Busybox's knows few flags, and of TLS none that names a file.
    fn wget(&self, url: &str, is_busybox: bool) -> Vec<String> {
        let whole = |time: std::time::Duration| time.as_secs().max(1).to_string();
        let mut argv: Vec<String> = vec!["wget".to_owned()];
        if is_busybox {
            argv.extend(["-q", "-Y", "off", "-T"].map(str::to_owned));
            argv.push(whole(self.options.command_timeout));
        } else {
            argv.extend(["-nv", "--no-proxy", "--tries=1", "--content-on-error"].map(str::to_owned));
            argv.push(format!("--connect-timeout={}", whole(self.options.dial_timeout)));
            argv.push(format!("--read-timeout={}", whole(self.options.command_timeout)));
            if url.starts_with("https://") {
                let files = flags(&self.reach.host, ["--ca-certificate", "--certificate", "--private-key"]);
                argv.extend(files.into_iter().map(|(flag, file)| format!("{flag}={file}")));
                argv.extend(self.options.insecure_skip_tls_verify.then(|| "--no-check-certificate".to_owned()));
            }
        }
        argv.extend(["-O", "-", url].map(str::to_owned));
        argv
    }

    /// Runs etcdctl with an API version, the host's or the container's.
    pub(super) fn etcdctl(&self, path: &str, api: &str, has_login: bool, arguments: Vec<String>) -> Step {
        let step = |does| Step::new("etcdctl", path, does);
        let mut variables = BTreeMap::from([("ETCDCTL_API".to_owned(), api.to_owned())]);
        let Ctl::Inside { words, engine } = &self.reach.ctl else {
            let argv = std::iter::once("etcdctl".to_owned()).chain(arguments).collect();
            return step(with(run(self.site, argv), variables, has_login));
        };
        let mut words = words.clone();
        if *engine == Engine::Cri && words.first().is_some_and(|program| program != "docker" && program != "nerdctl") {
            // crictl passes no variables on. From 3.4 etcdctl takes API 3 by itself.
            if has_login {
                return step(Does::Nothing { why: "crictl passes no user name and password on", missed: true });
            }
            if api == "2" {
                return step(Does::Nothing { why: "crictl cannot tell etcdctl to use API version 2", missed: false });
            }
            variables.clear();
            if self.site.can_read(RKE2_CRICTL) {
                variables.insert("CRI_CONFIG_FILE".to_owned(), RKE2_CRICTL.to_owned());
            }
        } else if let Some(exec) = words.iter().position(|word| word == "exec") {
            // By its name alone: the engine passes on what it was given itself, and nothing secret stands in its arguments.
            let login = if api == "2" { "ETCDCTL_USERNAME" } else { "ETCDCTL_USER" };
            let names = std::iter::once("ETCDCTL_API").chain(has_login.then_some(login));
            let flags: Vec<String> = names.flat_map(|name| ["-e".to_owned(), name.to_owned()]).collect();
            words.splice(exec + 1..exec + 1, flags);
        }
        words.push("etcdctl".to_owned());
        words.extend(arguments);
        step(with(run(self.site, words), variables, has_login))
    }
}

fn with(mut does: Does, variables: BTreeMap<String, String>, has_login: bool) -> Does {
    if let Does::Run { env, login, .. } = &mut does {
        (*env, *login) = (variables, has_login);
    }
    does
}

pub(in crate::collect) fn seconds(time: std::time::Duration) -> String {
    format!("{}", time.as_secs_f64())
}
