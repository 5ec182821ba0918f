//! What etcd answered to etcdctl and curl: whom an answer is about, and what it says of that one.

use super::{About, Gathering, Setting};
use crate::{
    bundle::Quote,
    facts::{
        AlarmSeen, ClientError, ClientWarning, HashOf, Health, HealthAnswer, Known,
        identity::{Claim, Ref, address_of},
    },
    parse::{
        etcdctl::{self, AlarmKind, Answer, Said, Status, Verdict},
        http::Body,
    },
    text::Untrusted,
};

/// Most warnings of client libraries that are kept: a client that fails says the same for hours.
const MOST_WARNINGS: usize = 1_000;

impl Gathering {
    /// Whom a command that asks one etcd is about: the address in it, or the host on which it ran.
    pub(super) fn subject(&mut self, setting: &Setting, id: Option<u64>) -> Option<Ref> {
        let url = setting.command.as_ref().and_then(|command| url_in(command.raw()));
        let claim = match url {
            Some(url) if self.registry.is_place(url) => {
                Claim { endpoints: vec![format!("http://{}", address_of(url)).into()], id, ..Claim::default() }
            }
            _ => Claim { host: setting.host.clone(), id, ..Claim::default() },
        };
        self.registry.claim(claim)
    }

    pub(super) fn enter_body(&mut self, said: Said<Body>, setting: &Setting, asked_by: Option<Ref>) {
        let quote = said.quote;
        match said.what {
            Body::Health { healthy, reason } => {
                let Some(member) = self.subject(setting, None) else { return };
                self.about.push((member, About::Runs(quote.clone())));
                if let Some(kind) = reason.as_ref().and_then(|reason| alarm_in(reason.raw())) {
                    self.alarms.push((None, AlarmSeen { kind, member: None, quote: quote.clone() }));
                }
                let health = if healthy { Health::Healthy } else { Health::Unhealthy };
                self.push_health(member, health, reason, quote, setting, asked_by);
            }
            Body::Version { server, .. } => {
                let Some(member) = self.subject(setting, None) else { return };
                self.about.push((member, About::Runs(quote)));
                self.about.extend(server.map(|version| (member, About::Version(version))));
            }
            Body::SelfStats { name, id, is_leader, .. } => {
                let claim = Claim { name: Some(name), id, host: setting.host.clone(), ..Claim::default() };
                if let Some(member) = self.registry.claim(claim) {
                    self.about.push((member, About::Runs(quote.clone())));
                    self.about.push((member, About::Leader(Known { value: is_leader, quote })));
                }
            }
            Body::Curl { host, port, error, .. } => {
                let address = host.map(|host| format!("http://{}:{}", host.raw(), port.unwrap_or(2379)));
                let member = match address {
                    Some(url) if self.registry.is_place(&url) => {
                        self.registry.claim(Claim { endpoints: vec![url.into()], ..Claim::default() })
                    }
                    _ => {
                        setting.host.clone().and_then(|host| self.registry.claim(Claim { host: Some(host), ..Claim::default() }))
                    }
                };
                if let Some(member) = member {
                    self.push_health(member, Health::Unreachable, Some(error), quote, setting, asked_by);
                }
            }
            Body::Component { endpoint, healthy, error } => {
                let member = endpoint.filter(|url| self.registry.is_place(url.raw())).and_then(|url| {
                    let claim = Claim { endpoints: vec![format!("http://{}", address_of(url.raw())).into()], ..Claim::default() };
                    self.registry.claim(claim)
                });
                let health = if healthy { Health::Healthy } else { Health::Unreachable };
                match (member, error) {
                    (Some(member), error) => self.push_health(member, health, error, quote, setting, asked_by),
                    (None, Some(text)) if !healthy => self.errors.push((asked_by, ClientError { text, host: None, quote })),
                    _ => {}
                }
            }
            Body::Check { .. } => {}
        }
    }

    pub(super) fn push_health(
        &mut self,
        member: Ref,
        health: Health,
        error: Option<Untrusted>,
        quote: Quote,
        setting: &Setting,
        asked_by: Option<Ref>,
    ) {
        let answer = HealthAnswer { member: 0, health, error, asked_by: None, when: setting.started, quote };
        self.health.push((member, answer, asked_by));
    }

    pub(super) fn enter_answer(&mut self, said: Said<Answer>, setting: &Setting, asked_by: Option<Ref>) {
        let quote = said.quote;
        match said.what {
            Answer::MemberHealth { id, health, endpoint, why } => {
                let claim = Claim { id: Some(id), endpoints: endpoint.into_iter().collect(), listed: true, ..Claim::default() };
                let Some(member) = self.registry.claim(claim) else { return };
                if !setting.is_filtered() {
                    self.listed[1].push((member, quote.clone()));
                }
                let health = match health {
                    etcdctl::Health::Healthy => Health::Healthy,
                    etcdctl::Health::Unhealthy => Health::Unhealthy,
                    etcdctl::Health::Unreachable => Health::Unreachable,
                };
                self.push_health(member, health, why, quote, setting, asked_by);
            }
            Answer::MemberCheckFailed { id, endpoint, error } => {
                let claim = Claim { id: Some(id), endpoints: vec![endpoint], ..Claim::default() };
                if let Some(member) = self.registry.claim(claim) {
                    self.push_health(member, Health::Unreachable, Some(error), quote, setting, asked_by);
                }
            }
            Answer::EndpointHealth { endpoint, healthy, error, .. } => {
                let Some(member) = self.endpoint(endpoint, setting) else { return };
                self.endpoints_asked.push((member, quote.clone(), setting.is_of_cluster()));
                if let Some(kind) = error.as_ref().and_then(|error| alarm_in(error.raw())) {
                    self.alarms.push((None, AlarmSeen { kind, member: None, quote: quote.clone() }));
                }
                let health = if healthy { Health::Healthy } else { Health::Unhealthy };
                self.push_health(member, health, error, quote, setting, asked_by);
            }
            Answer::StatusFailed { endpoint, error } => {
                let Some(member) = self.endpoint(endpoint, setting) else { return };
                self.endpoints_asked.push((member, quote.clone(), setting.is_of_cluster()));
                self.push_health(member, Health::Unreachable, Some(error), quote, setting, asked_by);
            }
            Answer::EndpointStatus(status) => self.enter_status(*status, quote, setting),
            Answer::Member { id, name, peer_urls, client_urls, is_leader, is_learner, started } => {
                let claim = Claim { id: Some(id), name, host: None, endpoints: client_urls, peers: peer_urls, listed: true };
                let Some(member) = self.registry.claim(claim) else { return };
                if !setting.is_filtered() {
                    self.listed[0].push((member, quote.clone()));
                }
                let known = |value: Option<bool>| value.map(|value| Known { value, quote: quote.clone() });
                self.about.extend(known(started).map(|k| (member, About::Started(k))));
                self.about.extend(known(is_learner).map(|k| (member, About::Learner(k))));
                self.about.extend(known(is_leader).map(|k| (member, About::Leader(k))));
            }
            // `alarm disarm` prints the alarms that it took back.
            Answer::Alarm { .. } if setting.types("alarm disarm") => {}
            Answer::Alarm { member, kind } => {
                let member = member.and_then(|id| self.registry.claim(Claim { id: Some(id), ..Claim::default() }));
                self.alarms.push((member, AlarmSeen { kind, member: None, quote }));
            }
            Answer::AlarmListRead if setting.is_filtered() => {}
            Answer::AlarmListRead => {
                self.facts.no_alarms.get_or_insert(quote);
            }
            Answer::Error { text } => self.errors.push((asked_by, ClientError { text, host: None, quote })),
            Answer::Hash { endpoint, member_id, hash: Some(hash), revision, compact_revision, hash_revision, .. } => {
                let claim = Claim { id: member_id, endpoints: vec![endpoint], ..Claim::default() };
                let hashed = hash_revision.or_else(|| setting.hashes_at());
                if let (Some(member), Some(revision)) = (self.registry.claim(claim), hashed.or(revision)) {
                    let is_exact = hashed.is_some();
                    self.hashes.push((member, HashOf { member: 0, hash, revision, is_exact, compact_revision, quote }));
                }
            }
            Answer::ClientWarning { endpoint, error, .. } if self.warnings.len() < MOST_WARNINGS => {
                let endpoint = endpoint.filter(|endpoint| self.registry.is_place(endpoint.raw()));
                let asked = endpoint.and_then(|url| self.registry.claim(Claim { endpoints: vec![url], ..Claim::default() }));
                self.warnings.push((asked, ClientWarning { error, asked: None, quote }));
            }
            // A good verdict counts only some of the members; that nobody could be asked counts as it is.
            Answer::ClusterVerdict(Verdict::MayBeUnhealthy) => {
                let text = quote.excerpt().clone();
                self.errors.push((asked_by, ClientError { text, host: None, quote }));
            }
            _ => {}
        }
    }

    pub(super) fn enter_status(&mut self, status: Status, quote: Quote, setting: &Setting) {
        let mut claim = Claim { id: status.member_id, ..Claim::default() };
        if self.registry.is_place(status.endpoint.raw()) {
            claim.endpoints.push(status.endpoint.clone());
        } else {
            claim.host.clone_from(&setting.host);
        }
        let Some(member) = self.registry.claim(claim) else { return };
        self.endpoints_asked.push((member, quote.clone(), setting.is_of_cluster()));
        self.about.push((member, About::Runs(quote.clone())));
        self.about.extend(status.version.clone().map(|version| (member, About::Version(version))));
        let known = |value| Known { value, quote: quote.clone() };
        self.about.extend(status.is_leader.map(|leads| (member, About::Leader(known(leads)))));
        self.about.extend(status.is_learner.map(|learns| (member, About::Learner(known(learns)))));
        for error in &status.errors {
            if let Some(kind) = alarm_in(error.raw()) {
                let id = error
                    .raw()
                    .split_once("memberID:")
                    .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
                let on = id.and_then(|id| self.registry.claim(Claim { id: Some(id), ..Claim::default() }));
                self.alarms.push((on, AlarmSeen { kind, member: None, quote: quote.clone() }));
            }
        }
        self.statuses.push((member, Known { value: status, quote }));
    }

    pub(super) fn endpoint(&mut self, endpoint: Untrusted, setting: &Setting) -> Option<Ref> {
        let claim = if self.registry.is_place(endpoint.raw()) {
            Claim { endpoints: vec![endpoint], ..Claim::default() }
        } else {
            Claim { host: setting.host.clone(), ..Claim::default() }
        };
        self.registry.claim(claim)
    }
}

/// The alarm that a text names: `Active Alarm(s): NOSPACE `, `ALARM NOSPACE`, `memberID:1 alarm:NOSPACE `.
fn alarm_in(text: &str) -> Option<AlarmKind> {
    if !text.to_ascii_lowercase().contains("alarm") {
        return None;
    }
    if text.contains("NOSPACE") {
        return Some(AlarmKind::NoSpace);
    }
    text.contains("CORRUPT").then_some(AlarmKind::Corrupt)
}

/// The first URL of a command line.
fn url_in(command: &str) -> Option<&str> {
    command
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .find(|word| word.starts_with("http://") || word.starts_with("https://"))
}
