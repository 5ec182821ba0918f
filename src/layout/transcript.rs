//! Pasted terminals: prompts with the commands typed behind them, and the code fences in which people put them.

/// What a line of a pasted text is to its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A prompt, with what was typed behind it.
    Prompt(Prompt<'a>),
    /// A code fence: what was printed before it is over.
    Edge,
    /// Anything else.
    Text,
}

/// A prompt with the command behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The host that the prompt names.
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
    "fio",
    "free",
    "grep",
    "hostname",
    "iostat",
    "ip",
    "journalctl",
    "kubectl",
    "ls",
    "netstat",
    "nerdctl",
    "openssl",
    "ping",
    "podman",
    "ps",
    "ss",
    "systemctl",
    "tail",
    "timedatectl",
    "top",
    "uptime",
    "vmstat",
    "wget",
    "zgrep",
];

/// Reads a text as a terminal's, line by line.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    prompts: usize,
}

impl Transcript {
    /// What the next line is.
    pub fn part<'a>(&mut self, text: &'a str) -> Part<'a> {
        let text = text.trim();
        if text.starts_with("```") || text.starts_with("~~~") {
            return Part::Edge;
        }
        match prompt(text) {
            Some(prompt) => {
                self.prompts += 1;
                Part::Prompt(prompt)
            }
            None => Part::Text,
        }
    }

    /// How many prompts there were.
    pub fn prompts(&self) -> usize {
        self.prompts
    }
}

fn prompt(text: &str) -> Option<Prompt<'_>> {
    // A log line can be long and is never a prompt; only the beginning matters.
    match text.as_bytes().first()? {
        b'[' => bracketed(text),
        b'$' | b'#' => bare(text),
        c if c.is_ascii_alphanumeric() || *c == b'_' => user_at_host(text),
        _ => None,
    }
}

/// `[root@host ~]# command`, as Red Hat's distributions have it.
fn bracketed(text: &str) -> Option<Prompt<'_>> {
    let (inside, behind) = text.strip_prefix('[')?.split_once(']')?;
    let host = inside.split_whitespace().next()?.split_once('@')?.1;
    let command = behind.strip_prefix('#').or_else(|| behind.strip_prefix('$'))?;
    is_host(host).then(|| Prompt { host: Some(host), command: command.trim() })
}

/// `user@host:~$ command`, as Debian's distributions have it; also `user@host ~ $ command`.
fn user_at_host(text: &str) -> Option<Prompt<'_>> {
    let (user, rest) = text.split_once('@')?;
    if !user.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) {
        return None;
    }
    let end = rest.find([':', ' ', '$', '#'])?;
    let (host, rest) = rest.split_at_checked(end)?;
    let end = rest.find(['$', '#'])?;
    let (place, behind) = rest.split_at_checked(end)?;
    let command = behind.get(1..)?;
    let is_place = place.len() < 200 && (place.is_empty() || place.starts_with([':', ' ']));
    let is_typed = command.is_empty() || command.starts_with(' ');
    (is_host(host) && is_place && is_typed).then(|| Prompt { host: Some(host), command: command.trim() })
}

/// `$ command`, `# command`: only where a known program follows.
fn bare(text: &str) -> Option<Prompt<'_>> {
    let command = text.strip_prefix('$').or_else(|| text.strip_prefix('#'))?.strip_prefix(' ')?.trim();
    PROGRAMS.contains(&program(command)?).then_some(Prompt { host: None, command })
}

/// The program that a command line starts, past `sudo` and variables, without its folder.
fn program(command: &str) -> Option<&str> {
    let word = command.split_whitespace().find(|word| *word != "sudo" && !is_variable(word))?;
    word.rsplit('/').next()
}

/// `ETCDCTL_API=3` before a command.
fn is_variable(word: &str) -> bool {
    !word.starts_with('-') && word.contains('=')
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 253 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Option<(Option<&str>, &str)> {
        match Transcript::default().part(text) {
            Part::Prompt(p) => Some((p.host, p.command)),
            _ => None,
        }
    }

    #[test]
    fn prompts_name_host_and_command() {
        assert_eq!(typed("[root@db-1 ~]# etcdctl cluster-health  "), Some((Some("db-1"), "etcdctl cluster-health")));
        assert_eq!(typed("[root@db-1 wal]# "), Some((Some("db-1"), "")));
        assert_eq!(typed("ops@db-2.example.org:/var/lib$ ls -l"), Some((Some("db-2.example.org"), "ls -l")));
        assert_eq!(typed("root@db-2:~#"), Some((Some("db-2"), "")));
        assert_eq!(typed("$ sudo ETCDCTL_API=3 /opt/bin/etcdctl endpoint health"), {
            Some((None, "sudo ETCDCTL_API=3 /opt/bin/etcdctl endpoint health"))
        });
    }

    #[test]
    fn headings_comments_addresses_and_log_lines_are_no_prompts() {
        for text in [
            "# HELP etcd_server_has_leader Whether or not a leader exists.",
            "### 1. The state of the cluster",
            "# What we saw",
            "$ 5 a month",
            "write to a.b@example.org: $ 5 # thanks",
            "[server.go:861] D | etcdserver: x@y]#",
            "member 1 is healthy",
            "{\"level\":\"warn\"}",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
        assert_eq!(Transcript::default().part("```bash"), Part::Edge);
    }
}
