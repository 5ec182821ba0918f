//! Heartbeat interval and election timeout where they stand outside a command line: in an environment file, a unit, or etcd's YAML.

use std::time::Duration;

/// One setting of raft's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RaftSetting {
    /// The heartbeat interval.
    pub heartbeat: Option<Duration>,
    /// The election timeout.
    pub election: Option<Duration>,
}

impl RaftSetting {
    /// Reads `ETCD_HEARTBEAT_INTERVAL=100` as environment files, `export`, `env`, units of systemd and compose files write it, and
    /// `heartbeat-interval: 100` of etcd's configuration file. Milliseconds without a unit, as etcd takes them.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches("- ");
        let text = text.strip_prefix("export ").unwrap_or(text);
        let text = text.strip_prefix("Environment=").unwrap_or(text).trim_matches(['"', '\'']);
        let (name, value) = text.split_once('=').or_else(|| text.split_once(": "))?;
        let value = value.trim().trim_matches(['"', '\'']);
        let milliseconds = value.parse().ok().filter(|n| *n > 0).map(Duration::from_millis)?;
        match name.trim() {
            "ETCD_HEARTBEAT_INTERVAL" | "heartbeat-interval" => Some(Self { heartbeat: Some(milliseconds), election: None }),
            "ETCD_ELECTION_TIMEOUT" | "election-timeout" => Some(Self { heartbeat: None, election: Some(milliseconds) }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_usual_forms_are_read_and_others_are_not() {
        let (heartbeat, election) = (Some(Duration::from_millis(50)), Some(Duration::from_millis(500)));
        for text in ["ETCD_HEARTBEAT_INTERVAL=50", "export ETCD_HEARTBEAT_INTERVAL=\"50\"", "heartbeat-interval: 50"] {
            assert_eq!(RaftSetting::read(text), Some(RaftSetting { heartbeat, election: None }), "{text}");
        }
        for text in ["Environment=\"ETCD_ELECTION_TIMEOUT=500\"", "  - ETCD_ELECTION_TIMEOUT=500", "election-timeout: '500'"] {
            assert_eq!(RaftSetting::read(text), Some(RaftSetting { heartbeat: None, election }), "{text}");
        }
        for text in ["ETCD_HEARTBEAT_INTERVAL=", "ETCD_ELECTION_TIMEOUT=0", "the election-timeout: is long", "ETCD_NAME=a", ""] {
            assert_eq!(RaftSetting::read(text), None, "{text}");
        }
    }
}
