//! `ss` and `netstat`: who listens where.

use super::{Out, Screen};
use crate::bundle::Line;
use crate::text::Untrusted;

/// A process that listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// `10.0.0.1:2379`, `*:2379`, `[::]:2379`.
    pub address: Untrusted,
    /// Its port.
    pub port: u16,
    /// The program, where who asked was allowed to see it.
    pub process: Option<Untrusted>,
    /// Its process id.
    pub pid: Option<u64>,
}

/// Reads the lines of an output.
#[derive(Debug, Default)]
pub(super) struct Reader {
    in_table: bool,
}

/// States in which `ss` prints connections.
const STATES: &[&str] = &[
    "LISTEN",
    "ESTAB",
    "UNCONN",
    "TIME-WAIT",
    "CLOSE-WAIT",
    "SYN-SENT",
    "SYN-RECV",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "LAST-ACK",
    "CLOSING",
];

impl Reader {
    pub(super) fn line(&mut self, line: Line<'_>, out: &mut Out<'_>) -> bool {
        let text = line.text().trim();
        let has = |wanted: &[&str]| wanted.iter().all(|w| text.contains(w));
        if has(&["Recv-Q", "Send-Q"]) || has(&["Active Internet connections"]) {
            self.in_table = true;
            return true;
        }
        if is_summary(text) {
            return true;
        }
        let first = text.split_whitespace().next().unwrap_or_default();
        if !STATES.contains(&first) && !matches!(first, "tcp" | "tcp6" | "udp" | "udp6" | "unix" | "u_str") {
            self.in_table = false;
            return false;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_row = words.len() >= 4 && self.in_table || words.len() >= 5 && words.contains(&"LISTEN");
        if !is_row {
            self.in_table = false;
            return false;
        }
        if words.contains(&"LISTEN")
            && let Some(listener) = listener(&words)
        {
            out.say(Screen::Listener(listener), line.quote());
        }
        true
    }
}

/// `LISTEN 0 4096 10.0.0.1:2380 0.0.0.0:* users:(("etcd",pid=11907,fd=7))` of ss, also behind `tcp`;
/// `tcp 0 0 0.0.0.0:2379 0.0.0.0:* LISTEN 812/etcd` of netstat.
fn listener(words: &[&str]) -> Option<Listener> {
    // The process may follow the last address without a blank.
    let local = words.iter().find(|word| word.contains(':') && !word.starts_with("users:"))?;
    let port = local.rsplit_once(':')?.1.parse().ok()?;
    let users = words.iter().find_map(|word| word.split_once("users:((\"").map(|(_, rest)| rest));
    let (process, pid) = match users {
        Some(rest) => {
            let (name, rest) = rest.split_once('"')?;
            // iproute2 before 4 prints `("etcd",812,6)`.
            let pid = rest.trim_start_matches(",pid=").trim_start_matches(',').split(',').next().and_then(|pid| pid.parse().ok());
            (Some(name), pid)
        }
        None => {
            let at = words.iter().position(|word| *word == "LISTEN")?;
            let told = words.get(at + 1).and_then(|word| word.split_once('/')).filter(|_| at > 0);
            (told.map(|(_, name)| name), told.and_then(|(pid, _)| pid.parse().ok()))
        }
    };
    Some(Listener { address: (*local).into(), port, process: process.map(Untrusted::from), pid })
}

/// `ss -s`.
fn is_summary(text: &str) -> bool {
    text.starts_with("TCP: ") && text.contains("(estab ")
        || text.starts_with("Total: ") && text.split_whitespace().nth(1).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
        || text.starts_with("Transport ") && text.contains("IPv6")
        || ["RAW\t", "UDP\t", "TCP\t", "INET\t", "FRAG\t"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, unknown};
    use super::*;

    fn listener(address: &str, port: u16, process: &str, pid: u64) -> Screen {
        Screen::Listener(Listener { address: address.into(), port, process: Some(process.into()), pid: Some(pid) })
    }

    #[test]
    fn who_listens_is_read_from_ss_of_two_generations_and_from_netstat() {
        let ss = "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess                         \n\
            LISTEN 0      4096     10.65.81.13:2380      0.0.0.0:*    users:((\"etcd\",pid=11907,fd=7))\n\
            ESTAB  0      0        10.65.81.13:2380      10.65.81.11:40000 users:((\"etcd\",pid=11907,fd=12))\n";
        assert_eq!(read("ss -tnp", ss), [listener("10.65.81.13:2380", 2380, "etcd", 11907)]);
        assert!(unknown(ss).is_empty());
        assert_eq!(
            read("ss -lntp", "LISTEN     0      128         :::2379                    :::*      users:((\"java\",812,6))"),
            [listener(":::2379", 2379, "java", 812)]
        );
        let netstat = "Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    \n\
            tcp        0      0 0.0.0.0:2379            0.0.0.0:*               LISTEN      812/etcd            \n\
            tcp6       0      0 :::22                   :::*                    LISTEN      -                   \n";
        let nobody = Screen::Listener(Listener { address: ":::22".into(), port: 22, process: None, pid: None });
        assert_eq!(read("netstat -lntp", netstat), [listener("0.0.0.0:2379", 2379, "etcd", 812), nobody]);
        assert!(unknown(netstat).is_empty());
        assert!(unknown("Total: 24\nTCP:   433 (estab 18, closed 412, orphaned 40, timewait 70)\n\nTransport Total     IP        IPv6\nRAW\t  0         0         0        \n").is_empty());
    }
}
