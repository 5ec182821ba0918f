//! What screens of other tools said, with the host on which each was asked.

use jiff::Timestamp;

use super::Facts;
use crate::{
    bundle::Quote,
    parse::{
        log::When,
        screens::{
            Certificate, Clock, Container, CpuShares, DeviceUse, Listener, Load, Memory, OpenFiles, PerfCheck, Screen, SyncTail,
        },
        services::Service,
    },
    text::Untrusted,
};

/// What a screen said.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The host on which it was asked, or which it is about.
    pub host: Option<Untrusted>,
    /// The command, where it is known.
    pub command: Option<Untrusted>,
    /// When it was asked, where a table of commands says so.
    pub asked: Option<When>,
    /// What it said.
    pub screen: Screen,
    /// The line.
    pub quote: Quote,
}

/// An accessor for one kind of screen.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $kind:ident => $what:ty;)+) => {
        impl Facts {
            $(
                $(#[$doc])*
                pub fn $name(&self) -> impl Iterator<Item = (&Shown, &$what)> {
                    self.screens.iter().filter_map(|shown| match &shown.screen {
                        Screen::$kind(what) => Some((shown, what)),
                        _ => None,
                    })
                }
            )+
        }
    };
}

kinds! {
    /// Load averages.
    loads: Load => Load;
    /// Numbers of CPUs.
    cpus: Cpus => u64;
    /// CPU shares, in the order of the screens; see [`CpuShares::since_boot`].
    cpu_shares: Cpu => CpuShares;
    /// How busy devices are; see [`DeviceUse::since_boot`].
    devices: Device => DeviceUse;
    /// Memory of hosts.
    memories: Memory => Memory;
    /// Tails of syncs that fio measured.
    sync_tails: Sync => SyncTail;
    /// What `etcdctl check perf` found too slow.
    perf_failures: Perf => PerfCheck;
    /// Who listens.
    listeners: Listener => Listener;
    /// How clocks are kept.
    clocks: Clock => Clock;
    /// What clocks showed.
    dates: Date => When;
    /// Certificates.
    certificates: Certificate => Certificate;
    /// Limits and numbers of open files.
    open_files: Files => OpenFiles;
    /// Containers of etcd.
    containers: Container => Container;
    /// What managers of services say.
    services: Service => Service;
}

impl Facts {
    /// The latest instant that the evidence knows of: then, or later, it was gathered.
    pub fn latest_instant(&self) -> Option<Timestamp> {
        let logged = self.logs.iter().flat_map(|log| [&log.log.first, &log.log.last]).flatten().filter_map(|mark| mark.when);
        let asked = self.screens.iter().filter_map(|shown| shown.asked).chain(self.dates().map(|(_, when)| *when));
        let answered = self.health.iter().filter_map(|answer| answer.when);
        let collected = self.collected.iter().map(|(when, _)| *when);
        logged.chain(asked).chain(answered).chain(collected).filter_map(|when| when.instant()).max()
    }
}
