//! What shells print before a command, in the styles of distributions, containers and other systems.

/// A prompt with the command behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The host that the prompt names, or the command for what it runs elsewhere.
    pub host: Option<&'a str>,
    /// What was typed; empty behind a prompt that waits.
    pub command: &'a str,
}

/// Programs whose output is evidence. Behind a bare `$` or `#` only these are taken for a command: `# heading` and `$ 5` are prose.
const PROGRAMS: &[&str] = &[
    "cat",
    "chronyc",
    "crictl",
    "curl",
    "date",
    "df",
    "dmesg",
    "docker",
    "etcd",
    "etcdctl",
    "etcdutl",
    "find",
    "fio",
    "free",
    "grep",
    "hostname",
    "iostat",
    "ip",
    "journalctl",
    "kubectl",
    "ls",
    "nerdctl",
    "netstat",
    "oc",
    "openssl",
    "ping",
    "podman",
    "ps",
    "ss",
    "ssh",
    "systemctl",
    "tail",
    "timedatectl",
    "top",
    "uptime",
    "vmstat",
    "wget",
    "zgrep",
];

/// Words that start another program.
const STARTERS: &[&str] = &["sudo", "env", "time", "nohup", "exec", "command"];

/// Styles of prompts, tried in this order.
const STYLES: &[for<'a> fn(&'a str) -> Option<Prompt<'a>>] =
    &[bracketed, user_at_host, nameless, host_and_path, path_alone, shell_and_version, windows, arrow, bare, host_and_folder];

/// Reads a line as a prompt with its command.
pub(super) fn prompt(text: &str) -> Option<Prompt<'_>> {
    let text = without_environment(text.trim());
    // Each style has one of these signs somewhere, or begins with a sign of its own.
    if memchr::memchr3(b'#', b'$', b'>', text.as_bytes()).is_none() && text.starts_with(|c: char| c.is_ascii() && c != '%') {
        return None;
    }
    // A log line can be long and is never a prompt; only the beginning matters.
    match text.chars().next()? {
        '[' | '$' | '#' | '%' | '>' | '~' | '/' | '_' | '➜' | '❯' | 'λ' => {}
        c if c.is_ascii_alphabetic() => {}
        c if c.is_ascii_digit() && !text.starts_with("20") => {}
        _ => return None,
    }
    STYLES.iter().find_map(|style| style(text))
}

/// `(venv) ` and `(base) ` of Python's environments before the prompt.
fn without_environment(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match inner {
        Some((name, rest)) if name.len() <= 32 && is_host(name) && rest.starts_with(' ') => rest.trim_start(),
        _ => text,
    }
}

/// `[root@host ~]# command`, as Red Hat's distributions have it.
fn bracketed(text: &str) -> Option<Prompt<'_>> {
    let (inside, behind) = text.strip_prefix('[')?.split_once(']')?;
    let host = inside.split_whitespace().next()?.split_once('@')?.1;
    let command = behind.trim_start().strip_prefix(['#', '$'])?;
    is_host(host).then(|| Prompt { host: Some(host), command: command.trim() })
}

/// `user@host:~$ command`, as Debian's distributions have it; also `user@host ~ $ command`, and `user@host:~>` of SUSE.
fn user_at_host(text: &str) -> Option<Prompt<'_>> {
    let (user, rest) = text.split_once('@')?;
    let is_user = user.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) || user == NAMELESS;
    let end = rest.find([':', ' ', '$', '#'])?;
    let (host, rest) = rest.split_at_checked(end)?;
    let end = rest.find(['$', '#', '>'])?;
    let (place, behind) = rest.split_at_checked(end)?;
    if behind.starts_with('>') && !place.starts_with([':']) {
        return None;
    }
    let command = behind.get(1..)?;
    let is_place = place.len() < 200 && (place.is_empty() || place.starts_with([':', ' ']));
    let is_typed = command.is_empty() || command.starts_with(' ');
    (is_user && is_host(host) && is_place && is_typed).then(|| Prompt { host: Some(host), command: command.trim() })
}

/// What bash calls a user without an entry in `/etc/passwd`, as in many containers.
const NAMELESS: &str = "I have no name!";

/// `I have no name!@etcd-0:/$ command`.
fn nameless(text: &str) -> Option<Prompt<'_>> {
    text.starts_with(NAMELESS).then(|| user_at_host(text)).flatten()
}

/// `host:~ # command` of SUSE, `host:/# command`.
fn host_and_path(text: &str) -> Option<Prompt<'_>> {
    let (host, rest) = text.split_once(':')?;
    let end = rest.find([' ', '#', '$', '>'])?;
    let (path, rest) = rest.split_at_checked(end)?;
    let command = rest.trim_start().strip_prefix(['#', '$', '>'])?;
    let is_typed = command.is_empty() || command.starts_with(' ');
    // A log's `etcd: # …` has no path, and a drive is not a host.
    let is_path = path.starts_with(['~', '/']) && !path.starts_with("//");
    (host.len() > 1 && is_host(host) && is_path && is_typed).then(|| Prompt { host: Some(host), command: command.trim() })
}

/// `/ # command` of busybox.
fn path_alone(text: &str) -> Option<Prompt<'_>> {
    let end = text.find(' ')?;
    let (path, rest) = text.split_at_checked(end)?;
    let command = rest.trim_start().strip_prefix(['#', '$'])?.trim();
    (path.starts_with(['~', '/']) && is_known(command)).then_some(Prompt { host: None, command })
}

/// `bash-5.1# command`, `sh-4.4$ command`.
fn shell_and_version(text: &str) -> Option<Prompt<'_>> {
    let (shell, rest) = text.split_once('-')?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (version, rest) = rest.split_at_checked(end)?;
    let command = rest.strip_prefix(['#', '$'])?;
    let is_shell = ["ash", "bash", "dash", "ksh", "sh", "zsh"].contains(&shell) && version.contains('.');
    is_shell.then(|| Prompt { host: None, command: command.trim() })
}

/// `PS C:\Users\ops> command`, `C:\>command`.
fn windows(text: &str) -> Option<Prompt<'_>> {
    let rest = text.strip_prefix("PS ").unwrap_or(text);
    let mut start = rest.chars();
    if !start.next()?.is_ascii_uppercase() || !start.as_str().starts_with(":\\") {
        return None;
    }
    let (path, command) = rest.split_once('>')?;
    (path.len() < 200 && !path.contains('"')).then(|| Prompt { host: None, command: command.trim() })
}

/// `➜  ~ command` and `➜  folder git:(main) ✗ command` of oh-my-zsh; `❯ command`.
fn arrow(text: &str) -> Option<Prompt<'_>> {
    if let Some(rest) = text.strip_prefix(['❯', 'λ']) {
        return Some(Prompt { host: None, command: rest.trim() });
    }
    let rest = text.strip_prefix('➜')?.trim_start();
    let (_, mut rest) = rest.split_once(' ').unwrap_or((rest, ""));
    rest = rest.trim_start();
    if rest.starts_with("git:(") {
        rest = rest.split_once(')').map_or("", |(_, behind)| behind).trim_start().trim_start_matches('✗');
    }
    Some(Prompt { host: None, command: rest.trim() })
}

/// `$ command`, `# command`, `> command`: only where a known program follows.
fn bare(text: &str) -> Option<Prompt<'_>> {
    let command = text.strip_prefix(['$', '#', '%', '>'])?.strip_prefix(' ')?.trim();
    is_known(command).then_some(Prompt { host: None, command })
}

/// `host folder # command`, as Gentoo and Container Linux have it: only where a known program follows.
fn host_and_folder(text: &str) -> Option<Prompt<'_>> {
    let (host, rest) = text.split_once(' ')?;
    let (folder, rest) = rest.split_once(' ')?;
    let command = rest.strip_prefix("# ").or_else(|| rest.strip_prefix("$ "))?.trim();
    // A machine's name has a number in it more often than a word of prose does.
    let is_machine =
        host == "localhost" || host.contains(|c: char| c.is_ascii_digit() || c == '-') || folder.starts_with(['~', '/']);
    let is_folder = !folder.is_empty() && !folder.contains([':', '=', '"']);
    (is_host(host) && is_machine && is_folder && is_known(command)).then_some(Prompt { host: Some(host), command })
}

/// Whether a command line starts a program whose output is evidence.
pub(super) fn is_known(command: &str) -> bool {
    program(command).is_some_and(|program| PROGRAMS.contains(&program))
}

/// The program that a command line starts, past `sudo` with its flags and past variables, without its folder.
fn program(command: &str) -> Option<&str> {
    let mut is_started = false;
    for word in command.split_whitespace() {
        if STARTERS.contains(&word) {
            is_started = true;
        } else if !is_variable(word) && (!is_started || !word.starts_with('-')) {
            return word.rsplit(['/', '\\']).next().map(|name| name.strip_suffix(".exe").unwrap_or(name));
        }
    }
    None
}

/// `ETCDCTL_API=3` before a command.
fn is_variable(word: &str) -> bool {
    !word.starts_with('-') && word.contains('=')
}

pub(super) fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 253 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Option<(Option<&str>, &str)> {
        prompt(text).map(|p| (p.host, p.command))
    }

    #[test]
    fn prompts_name_host_and_command() {
        for (text, host, command) in [
            ("[root@db-1 ~]# etcdctl cluster-health  ", Some("db-1"), "etcdctl cluster-health"),
            ("[root@db-1 wal]# ", Some("db-1"), ""),
            ("[ops@db-1 ~]$ df -h", Some("db-1"), "df -h"),
            ("(venv) [root@h ~]# ls", Some("h"), "ls"),
            ("ops@db-2.example.org:/var/lib$ ls -l", Some("db-2.example.org"), "ls -l"),
            ("root@db-2:~#", Some("db-2"), ""),
            ("user@host ~ $ df", Some("host"), "df"),
            ("root@host:/# etcdctl endpoint health", Some("host"), "etcdctl endpoint health"),
            ("ops@host:~> df -h", Some("host"), "df -h"),
            ("host:~ # df", Some("host"), "df"),
            ("etcd-0:/# etcdctl alarm list", Some("etcd-0"), "etcdctl alarm list"),
            ("I have no name!@etcd-0:/$ etcdctl member list", Some("etcd-0"), "etcdctl member list"),
            ("core-3 snap # ls", Some("core-3"), "ls"),
            ("/ # etcdctl version", None, "etcdctl version"),
            ("bash-5.1# df", None, "df"),
            ("sh-4.4$", None, ""),
            ("➜  ~ etcdctl version", None, "etcdctl version"),
            ("➜  etcd git:(main) ✗ ls wal", None, "ls wal"),
            ("❯ etcdctl version", None, "etcdctl version"),
            ("PS C:\\Users\\ops> kubectl get pods", None, "kubectl get pods"),
            ("C:\\>etcdctl.exe version", None, "etcdctl.exe version"),
            ("> etcdctl version", None, "etcdctl version"),
            ("$ time sudo -E env ETCDCTL_API=3 /opt/bin/etcdctl endpoint health | head", None, {
                "time sudo -E env ETCDCTL_API=3 /opt/bin/etcdctl endpoint health | head"
            }),
        ] {
            assert_eq!(typed(text), Some((host, command)), "{text}");
        }
    }

    #[test]
    fn headings_comments_addresses_and_log_lines_are_no_prompts() {
        for text in [
            "# HELP etcd_server_has_leader Whether or not a leader exists.",
            "### 1. The state of the cluster",
            "# What we saw",
            "$ 5 a month",
            "> what do you think?",
            "see issue # ls",
            "write to a.b@example.org: $ 5 # thanks",
            "[server.go:861] D | etcdserver: x@y]#",
            "member 1 is healthy",
            "http://10.0.0.1:2379 is healthy: successfully committed proposal: took = 2.5ms",
            "{\"level\":\"warn\"}",
            "Aug 28 09:36:01 db-1 etcd: a # b $ c > d",
            "2020-04-07 00:04:00.932220 I | embed: a > b",
            "etcd: 1: /x > /y",
            "/dev/vda9 38216204 36592544 5188 100% /",
            "-> a",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
