//! What kinds of evidence a text holds, in words.

use super::{
    logbook::is_etcd,
    screens::Screen,
    text::{Extract, Passage},
};

/// The kinds, each once, in a fixed order.
pub fn kinds(extract: &Extract) -> Vec<&'static str> {
    let has = |is_it: &dyn Fn(&Passage) -> bool| extract.passages.iter().any(is_it);
    let screen = |is_it: fn(&Screen) -> bool| has(&|passage| passage.screens.iter().any(|said| is_it(&said.what)));
    // What no message is known for can be any program's.
    let logs = || extract.logbook.logs();
    let all = [
        ("manifest", extract.planned.is_some()),
        ("table of commands", !extract.commands.is_empty()),
        ("log of etcd", logs().any(|(writer, log)| is_etcd(writer) && log.sightings().next().is_some())),
        ("log", logs().any(|(writer, log)| is_etcd(writer) && log.sightings().next().is_none())),
        ("log of the system", logs().any(|(writer, _)| !is_etcd(writer))),
        ("etcdctl", has(&|p| !p.answers.is_empty())),
        ("etcd's HTTP", has(&|p| !p.http.is_empty())),
        ("metrics", has(&|p| !p.metrics.is_empty())),
        ("ps", has(&|p| p.ps.header.is_some() || !p.ps.etcd.is_empty())),
        ("etcd's flags", has(&|p| !p.flags.is_empty())),
        ("df", has(&|p| !p.df.rows.is_empty())),
        ("counters of the kernel", has(&|p| !p.kernel.is_empty())),
        ("settings", has(&|p| !p.settings.is_empty())),
        ("ping", has(&|p| !p.pings.targets.is_empty())),
        ("listing of the data directory", has(&|p| !p.listing.is_empty())),
        ("states of services", has(&|p| !p.services.states.is_empty())),
        ("load and CPU", screen(|s| matches!(s, Screen::Load(_) | Screen::Cpu(_) | Screen::Cpus(_)))),
        ("memory", screen(|s| matches!(s, Screen::Memory(_)))),
        ("disks", screen(|s| matches!(s, Screen::Device(_) | Screen::Sync(_)))),
        ("check perf", screen(|s| matches!(s, Screen::Perf(_)))),
        ("sockets", screen(|s| matches!(s, Screen::Listener(_)))),
        ("clock", screen(|s| matches!(s, Screen::Clock(_) | Screen::Date(_)))),
        ("certificates", screen(|s| matches!(s, Screen::Certificate(_)))),
        ("open files", screen(|s| matches!(s, Screen::Files(_)))),
        ("container", screen(|s| matches!(s, Screen::Container(_)))),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(kind, _)| kind).collect()
}
