//! What a cluster is made of, as data.

/// How etcd is told its settings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settings {
    /// On the command line.
    Flags,
    /// In the environment, as by the `EnvironmentFile=` of Debian's unit.
    Environment,
}

/// What a member's data lies on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disk {
    /// An image on this machine's disk.
    Sound,
    /// An image in memory that is limited: writes fail once something else has taken that memory.
    Frail,
}

/// What a cluster is made of.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// A folder of `target/lab/etcd`.
    pub(crate) version: &'static str,
    pub(crate) members: usize,
    pub(crate) settings: Settings,
    /// Clients and peers speak TLS, each side with a certificate.
    pub(crate) tls: bool,
    /// Peers know each other by host names instead of addresses.
    pub(crate) by_name: bool,
    /// Further settings of each member: name of the flag, value.
    pub(crate) more: &'static [(&'static str, &'static str)],
    /// Size of each member's disk.
    pub(crate) disk_mib: u64,
    pub(crate) disk: Disk,
}

impl Plan {
    /// Three members of this version, by flags, without TLS.
    pub(crate) const fn of(version: &'static str) -> Self {
        Self {
            version,
            members: 3,
            settings: Settings::Flags,
            tls: false,
            by_name: false,
            more: &[],
            disk_mib: 512,
            disk: Disk::Sound,
        }
    }

    /// By environment variables.
    pub(crate) const fn by_environment(self) -> Self {
        Self { settings: Settings::Environment, ..self }
    }

    /// With TLS.
    pub(crate) const fn tls(self) -> Self {
        Self { tls: true, ..self }
    }

    /// With further settings of each member.
    pub(crate) const fn with(self, more: &'static [(&'static str, &'static str)]) -> Self {
        Self { more, ..self }
    }

    /// With disks of this size.
    pub(crate) const fn disk_mib(self, disk_mib: u64) -> Self {
        Self { disk_mib, ..self }
    }
}
