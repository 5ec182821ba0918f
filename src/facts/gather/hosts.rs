//! What a host says of the etcd on it: processes, flags, managers of services.

use super::{About, Gathering, Setting};
use crate::{
    bundle::Quote,
    facts::{
        identity::{Claim, Ref},
        screens::Shown,
    },
    parse::{
        cmdline::{EtcdFlags, Origin},
        etcdctl::Said,
        screens::{Container, Run, Screen},
        services::Service,
        settings::RaftSetting,
    },
    text::Untrusted,
};

impl Gathering {
    pub(super) fn enter_processes(&mut self, etcd: &[Said<EtcdFlags>], none: Option<Quote>, setting: &Setting) {
        for said in etcd {
            if let Some(member) = self.enter_flags(said, setting) {
                self.about.push((member, About::Runs(said.quote.clone())));
            }
        }
        self.without_etcd.extend(setting.host.clone().zip(none));
    }

    /// Enters the hosts on which no etcd runs, once all else is known: one that nothing else connects with etcd is a host of operators or of other
    /// programs, and no member that stands still. Where nobody else is known, etcd was looked for there, so it should run there.
    pub(super) fn enter_hosts_without_etcd(&mut self) {
        let nobody_is_known = self.registry.is_empty();
        for (host, quote) in std::mem::take(&mut self.without_etcd) {
            let has_data = || {
                let is_its = |of: &Option<Untrusted>| of.as_ref() == Some(&host);
                self.facts.listings.iter().any(|(of, _)| is_its(of)) || self.facts.file_systems.iter().any(|(of, _)| is_its(of))
            };
            if !nobody_is_known && self.registry.find_host(&host).is_none() && !has_data() {
                continue;
            }
            if let Some(member) = self.registry.claim(Claim { host: Some(host), ..Claim::default() }) {
                self.about.push((member, About::StandsStill(quote)));
            }
        }
    }

    /// What a manager says of etcd on a host: on the pod's own, else on that where it was asked.
    pub(super) fn enter_services(&mut self, states: Vec<Service>, setting: &Setting) {
        for state in states {
            let host = state.node.clone().or_else(|| setting.host.clone());
            let (command, asked, quote) = (setting.command.clone(), setting.started, state.quote.clone());
            let screen = Screen::Service(state.clone());
            self.facts.screens.push(Shown { host: host.clone(), command, asked, screen, quote });
            let Some(member) = host.and_then(|host| self.registry.claim(Claim { host: Some(host), ..Claim::default() })) else {
                continue;
            };
            self.about.push((member, if state.runs { About::Runs(state.quote) } else { About::StandsStill(state.quote) }));
        }
    }

    /// What screens of other tools say: each is kept with its host, and a container's says whether etcd runs there.
    pub(super) fn enter_screens(&mut self, screens: Vec<Said<Screen>>, setting: &Setting) {
        for Said { what: screen, quote } in screens {
            let mut host = setting.host.clone();
            if let Screen::Container(container) = &screen {
                host = container.node.clone().or(host);
                self.enter_container(container, host.clone(), &quote);
            }
            let (command, asked) = (setting.command.clone(), setting.started);
            self.facts.screens.push(Shown { host, command, asked, screen, quote });
        }
    }

    fn enter_container(&mut self, container: &Container, host: Option<Untrusted>, quote: &Quote) {
        let claim = Claim { name: container.member.clone(), host, ..Claim::default() };
        let Some(member) = self.registry.claim(claim) else { return };
        let about = match container.run {
            Run::Running => About::Runs,
            Run::Down => About::StandsStill,
        };
        self.about.push((member, about(quote.clone())));
    }

    pub(super) fn enter_flags(&mut self, said: &Said<EtcdFlags>, setting: &Setting) -> Option<Ref> {
        let flags = &said.what;
        self.enter_initial_cluster(&flags.initial_cluster, &said.quote);
        // 0 is no limit.
        let max_wals = flags.value("max-wals").and_then(|value| value.raw().parse().ok()).filter(|wals| *wals > 0);
        self.facts.max_wals = self.facts.max_wals.into_iter().chain(max_wals).min();
        let host = setting.host.clone().filter(|_| flags.origin != Origin::Log);
        let claim = Claim {
            name: flags.name.clone(),
            host,
            endpoints: flags.client_urls.clone(),
            peers: flags.peer_urls.clone(),
            ..Claim::default()
        };
        let member = self.registry.claim(claim);
        if flags.origin == Origin::Log {
            self.timings.enter_start(member, flags.heartbeat, flags.election, &said.quote);
        } else {
            self.timings.enter(member, flags.heartbeat, flags.election, &said.quote);
        }
        member
    }

    /// Raft's clock in a file of settings: of the host on which it lies.
    pub(super) fn enter_settings(&mut self, settings: &[Said<RaftSetting>], setting: &Setting) {
        let by_host = |host| self.registry.claim(Claim { host: Some(host), ..Claim::default() });
        let member = setting.host.clone().filter(|_| !settings.is_empty()).and_then(by_host);
        // As in etcd's environment, the last line counts; the first source that is entered wins.
        for said in settings.iter().rev() {
            self.timings.enter(member, said.what.heartbeat, said.what.election, &said.quote);
        }
    }

    pub(super) fn enter_initial_cluster(&mut self, pairs: &[(Untrusted, Untrusted)], quote: &Quote) {
        for (name, url) in pairs {
            let claim = Claim { name: Some(name.clone()), peers: vec![url.clone()], ..Claim::default() };
            if let Some(member) = self.registry.claim(claim) {
                self.listed[2].push((member, quote.clone()));
            }
        }
    }
}
