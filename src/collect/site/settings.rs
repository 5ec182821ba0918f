//! etcd's settings as files on a host say them: variables, units of systemd, manifests of static pods, etcd's own YAML, Patroni's.
//!
//! Only flat scalars are wanted, and out of files that may be broken; so lines are read, not documents.

use std::collections::BTreeMap;

use super::process::flags;

/// Settings by the name of the flag, without dashes.
pub(super) type Settings = BTreeMap<String, String>;

/// Variables that begin with a prefix: `ETCD_DATA_DIR` is `data-dir`. Lines of an environment file, or of an environment.
pub(super) fn of_variables<'t>(lines: impl Iterator<Item = &'t str>, prefix: &str) -> Settings {
    let pairs = lines.filter_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        let name = name.trim().strip_prefix(prefix)?;
        Some((name.to_ascii_lowercase().replace('_', "-"), unquoted(value).to_owned()))
    });
    pairs.filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect()
}

/// What a unit says: the flags behind `ExecStart=`, the variables of `Environment=`, and the files that `EnvironmentFile=` names.
pub(super) fn of_unit(text: &str) -> (Settings, Vec<String>) {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let (mut settings, mut files, mut start) = (Settings::new(), Vec::new(), Settings::new());
    for line in joined.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("ExecStart=") {
            let words: Vec<&str> = words.split_whitespace().map(unquoted).collect();
            start.extend(flags(words.iter().copied().skip(1)));
        } else if let Some(words) = line.strip_prefix("Environment=") {
            let whole = unquoted(words);
            // One quoted assignment, or several words.
            let words = if whole == words { words.split_whitespace().map(unquoted).collect() } else { vec![whole] };
            settings.extend(of_variables(words.into_iter(), "ETCD_"));
        } else if let Some(file) = line.strip_prefix("EnvironmentFile=") {
            files.push(unquoted(file.trim_start_matches('-')).to_owned());
        }
    }
    // `${ETCD_NAME}` is a variable that stands elsewhere.
    start.retain(|_, value| !value.contains('$'));
    settings.extend(start);
    (settings, files)
}

/// The flags in a manifest: items `- --name=value`.
pub(super) fn of_manifest(text: &str) -> Settings {
    let items = text.lines().filter_map(|line| line.trim().strip_prefix("- ")).map(|item| unquoted(item.trim()));
    flags(items.filter(|item| item.starts_with("--") && item.contains('=')))
}

/// etcd's configuration file: `name: value`, and the files of `client-transport-security`.
pub(super) fn of_yaml(text: &str) -> Settings {
    let mut settings = Settings::new();
    let mut section = String::new();
    for line in text.lines() {
        let Some((is_nested, name, value)) = scalar(line) else { continue };
        if !is_nested {
            section = name.to_owned();
        }
        let is_wanted = !is_nested || section == "client-transport-security";
        if is_wanted && !value.is_empty() {
            settings.insert(name.to_owned(), value.to_owned());
        }
    }
    settings
}

/// What Patroni's configuration says of the etcd that it uses, as settings of etcdctl: `endpoints`, `cacert`, `cert`, `key`.
pub(super) fn of_patroni(text: &str) -> Settings {
    let (mut settings, mut section, mut hosts, mut in_hosts) = (Settings::new(), String::new(), Vec::new(), false);
    for line in text.lines() {
        let is_in = matches!(section.as_str(), "etcd" | "etcd3");
        if let Some(item) = line.trim().strip_prefix("- ").filter(|_| is_in && in_hosts) {
            hosts.push(unquoted(item.trim()).to_owned());
            continue;
        }
        let Some((is_nested, name, value)) = scalar(line) else { continue };
        if !is_nested {
            (section, in_hosts) = (name.to_owned(), false);
            continue;
        }
        if !is_in {
            continue;
        }
        in_hosts = name == "hosts";
        match name {
            "host" | "hosts" | "url" if !value.is_empty() => hosts.extend(value.split(',').map(|host| host.trim().to_owned())),
            "cacert" | "cert" | "key" | "protocol" if !value.is_empty() => {
                settings.insert(name.to_owned(), value.to_owned());
            }
            _ => {}
        }
    }
    let scheme = settings.remove("protocol").unwrap_or_else(|| "http".to_owned());
    let url = |host: &String| if host.contains("://") { host.clone() } else { format!("{scheme}://{host}") };
    if !hosts.is_empty() {
        settings.insert("endpoints".to_owned(), hosts.iter().map(url).collect::<Vec<_>>().join(","));
    }
    settings
}

/// `name: value`, whether it is indented, without quotes and comments.
fn scalar(line: &str) -> Option<(bool, &str, &str)> {
    let text = line.split(" #").next().unwrap_or(line).trim_end();
    let is_nested = text.starts_with([' ', '\t']);
    let (name, value) = text.trim().split_once(':')?;
    let value = value.trim();
    // `http://…` is no name.
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (is_name && !value.starts_with("//")).then(|| (is_nested, name, unquoted(value)))
}

/// Without a pair of quotes around it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = |sign: char| text.strip_prefix(sign).and_then(|text| text.strip_suffix(sign));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(settings: &Settings) -> Vec<String> {
        settings.iter().map(|(name, value)| format!("{name} {value}")).collect()
    }

    #[test]
    fn a_file_of_variables_is_read() {
        let text = "# comment\nETCD_NAME=\"db-1\"\nexport ETCD_DATA_DIR='/data/etcd'\nETCDCTL_CACERT=/etc/ca.pem\nETCD_EMPTY=\nnonsense\n";
        assert_eq!(said(&of_variables(text.lines(), "ETCD_")), ["data-dir /data/etcd", "name db-1"]);
        assert_eq!(said(&of_variables(text.lines(), "ETCDCTL_")), ["cacert /etc/ca.pem"]);
    }

    #[test]
    fn a_unit_is_read_over_continued_lines() {
        let text = "[Service]\nEnvironmentFile=-/opt/etcd/cfg/etcd.conf\nEnvironment=\"ETCD_NAME=db-1\"\nEnvironment=ETCD_A=1 ETCD_B=2\n\
                    ExecStart=/opt/etcd/bin/etcd \\\n  --data-dir=/data/etcd \\\n  --listen-client-urls=${ETCD_URLS} \\\n  --cert-file=/opt/etcd/ssl/server.pem\n";
        let (settings, files) = of_unit(text);
        assert_eq!(said(&settings), ["a 1", "b 2", "cert-file /opt/etcd/ssl/server.pem", "data-dir /data/etcd", "name db-1"]);
        assert_eq!(files, ["/opt/etcd/cfg/etcd.conf"]);
    }

    #[test]
    fn a_manifest_is_read_for_its_flags() {
        let text = "spec:\n  containers:\n  - command:\n    - etcd\n    - --data-dir=/var/lib/etcd\n    - \"--listen-metrics-urls=http://127.0.0.1:2381\"\n    image: x\n";
        assert_eq!(said(&of_manifest(text)), ["data-dir /var/lib/etcd", "listen-metrics-urls http://127.0.0.1:2381"]);
    }

    #[test]
    fn etcds_own_file_is_read_with_the_certificates_of_clients_and_not_of_peers() {
        let text = "name: 'db-1'\ndata-dir: /data # here\nlisten-client-urls: https://10.0.0.1:2379,https://127.0.0.1:2379\n\
                    client-transport-security:\n  cert-file: /a.crt\n  key-file: /a.key\npeer-transport-security:\n  cert-file: /p.crt\n";
        let told = [
            "cert-file /a.crt",
            "data-dir /data",
            "key-file /a.key",
            "listen-client-urls https://10.0.0.1:2379,https://127.0.0.1:2379",
            "name db-1",
        ];
        assert_eq!(said(&of_yaml(text)), told);
    }

    #[test]
    fn patroni_says_where_its_etcd_is() {
        let text = "scope: main\netcd3:\n  hosts:\n  - 10.0.0.1:2379\n  - 10.0.0.2:2379\n  protocol: https\n  cacert: /etc/ca.crt\npostgresql:\n  host: elsewhere\n";
        assert_eq!(said(&of_patroni(text)), ["cacert /etc/ca.crt", "endpoints https://10.0.0.1:2379,https://10.0.0.2:2379"]);
        assert_eq!(said(&of_patroni("etcd:\n  host: 127.0.0.1:2379\n")), ["endpoints http://127.0.0.1:2379"]);
        assert_eq!(said(&of_patroni("zookeeper:\n  hosts: 10.0.0.1:2181\n")), Vec::<String>::new());
    }
}
