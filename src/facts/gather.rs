//! From what each text said to what is known of the cluster: extracts come in any order and are merged in one that hangs on what they say.

mod answers;
mod hosts;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use order::put_in_order;

use super::{
    AlarmSeen, ClientError, ClientWarning, Collection, Echo, Facts, HashOf, HealthAnswer, Known, Member, MemberLog,
    excerpts::drop_excerpts,
    filter::hides,
    identity::{Claim, Identity, Ref, Registry},
    machine::Readings,
    quoted,
    settle::{drop_copies, keep_latest, measured, note_maybe, note_membership, note_reach},
    timing::Timings,
};
use crate::{
    bundle::{Quote, STDERR},
    messages::Class,
    parse::{
        commands,
        etcdctl::{Answer, Status, hex_id},
        log::When,
        logbook::{Log, Writer, is_etcd},
        manifest::Planned,
        metrics::{Exposition, Metric},
        text::{Extract, Passage},
    },
    text::Untrusted,
};

/// Gathers what texts said.
#[derive(Default)]
pub struct Gathering {
    registry: Registry,
    facts: Facts,
    /// Members by the evidence that names them, the strongest first: member lists, health checks of all members, `--initial-cluster`.
    listed: [Vec<(Ref, Quote)>; 3],
    /// Endpoints that were asked, and whether `--cluster` took them from the member list.
    endpoints_asked: Vec<(Ref, Quote, bool)>,
    logs: Vec<(Option<Ref>, Writer, Log)>,
    /// What prose quotes, by text.
    quoted: Vec<Log>,
    samples: Vec<(Option<Ref>, Option<When>, Exposition)>,
    health: Vec<(Ref, HealthAnswer, Option<Ref>)>,
    statuses: Vec<(Ref, Known<Status>)>,
    alarms: Vec<(Option<Ref>, AlarmSeen)>,
    errors: Vec<(Option<Ref>, ClientError)>,
    hashes: Vec<(Ref, HashOf)>,
    warnings: Vec<(Option<Ref>, ClientWarning)>,
    about: Vec<(Ref, About)>,
    /// Ids by which logs call peers, with the addresses that were dialled in vain. They are entered last: what a member's own log calls it
    /// goes before what others do.
    peers: BTreeSet<(u64, Option<Untrusted>)>,
    /// Hosts on which no etcd runs, by what shows it.
    without_etcd: Vec<(Untrusted, Quote)>,
    readings: Readings,
    timings: Timings,
    /// Commands of a table, by folder and file name.
    table: BTreeMap<(String, String), commands::Row>,
    /// Files of hosts that a manifest names: what they are is known, whether or not a rule reads them yet.
    known: BTreeSet<String>,
}

/// The address in `dial tcp 10.0.0.2:2380: connect: …`, as a URL.
fn dialled(error: &Untrusted) -> Option<Untrusted> {
    let (_, behind) = error.raw().split_once("dial tcp ")?;
    let address = behind.split_once(": ").map(|(address, _)| address)?;
    (!address.contains("->") && !address.contains(' ')).then(|| format!("http://{address}").into())
}

/// Something known of one member, to be entered once it is clear who is who.
enum About {
    Started(Known<bool>),
    Learner(Known<bool>),
    Leader(Known<bool>),
    Version(Untrusted),
    Runs(Quote),
    StandsStill(Quote),
}

/// Where a passage came from.
#[derive(Clone, Default)]
struct Setting {
    host: Option<Untrusted>,
    command: Option<Untrusted>,
    exit_code: Option<i64>,
    started: Option<When>,
}

impl Setting {
    fn types(&self, words: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.raw().contains(words))
    }

    /// The command took the endpoints from the member list, and shows what it heard of all.
    fn is_of_cluster(&self) -> bool {
        self.types("--cluster") && !self.is_filtered()
    }

    /// The revision up to which the command had members hash their keys: up to 3.5 no answer tells it.
    fn hashes_at(&self) -> Option<i64> {
        let (_, question) = self.command.as_ref()?.raw().split_once("hashkv")?;
        let (_, revision) = question.split_once("--rev")?;
        let digits = revision.trim_start_matches(['=', ' ']).split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok().filter(|revision| *revision > 0)
    }

    /// The command may have kept a part of the answer from the screen.
    fn is_filtered(&self) -> bool {
        self.command.as_ref().is_some_and(|command| hides(command.raw()))
    }
}

impl Gathering {
    /// Takes the extracts in, with the node that the layout gives for each path. What several of them say in different words is taken from
    /// the first, so they come in an order that hangs on what they are and not on the folders they lie in: see [`put_in_order`].
    pub fn gather(mut texts: Vec<(String, Option<String>, Box<Extract>)>) -> Facts {
        put_in_order(&mut texts);
        let mut all = Self::default();
        for (path, _, extract) in &texts {
            all.enter_table(path, &extract.commands);
            if let Some(planned) = &extract.planned {
                all.enter_plan(path, planned);
            }
            let listed = extract.passages.iter().flat_map(|passage| &passage.answers).filter_map(|said| match &said.what {
                Answer::Member { client_urls, peer_urls, .. } => Some(client_urls.iter().chain(peer_urls)),
                _ => None,
            });
            all.registry.allow_local(listed.flatten());
        }
        for (path, node, extract) in texts {
            all.enter(&path, node.as_deref(), *extract);
        }
        for (id, dialled) in std::mem::take(&mut all.peers) {
            all.registry.claim(Claim { id: Some(id), peers: dialled.into_iter().collect(), ..Claim::default() });
        }
        all.enter_hosts_without_etcd();
        all.close()
    }

    /// The plan of a bundle, and what became of it.
    fn enter_plan(&mut self, path: &str, planned: &Planned) {
        self.enter_table(path, &planned.commands);
        let manifest = &planned.manifest;
        let top = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let of_host = manifest.rows.iter().filter(|row| row.kind == "host");
        self.known.extend(of_host.map(|row| format!("{top}{}", row.path)));
        let missing = manifest.rows.iter().filter(|row| !row.is_obtained()).filter_map(|row| {
            let path = row.path.splitn(3, '/').nth(2).unwrap_or(&row.path);
            Some((path.into(), row.state?, row.why.as_deref().map(Untrusted::from)))
        });
        self.facts.collections.push(Collection {
            host: manifest.host.as_str().into(),
            missing: missing.collect(),
            finished: manifest.finished.is_some(),
            ended_by: manifest.ended_by,
        });
    }

    fn enter_table(&mut self, path: &str, rows: &[commands::Row]) {
        let top = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for row in rows {
            // A manifest names files in folders below its own.
            let (below, name) = row.file.raw().rsplit_once('/').unwrap_or(("", row.file.raw()));
            let folder = [top, below].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
            let started = row.started.clone();
            if started.as_ref().is_some_and(|(at, _)| {
                self.facts.collected.as_ref().is_none_or(|(old, _)| old.order_within(at).is_some_and(std::cmp::Ordering::is_lt))
            }) {
                self.facts.collected = started;
            }
            self.table.insert((folder, name.to_owned()), row.clone());
        }
    }

    fn enter(&mut self, path: &str, node: Option<&str>, extract: Extract) {
        self.facts.entries += 1;
        self.facts.lines += extract.lines;
        self.facts.dropped += extract.dropped + extract.logbook.dropped;
        self.facts.understood += extract.understood;
        let is_known = self.known.contains(path) || path.ends_with(STDERR);
        if extract.lines > 0 && extract.understood == 0 && !is_known {
            // As its lines are cited: within an archive the path that tells whose it is does not lead there.
            let shown = extract.missed.first().map_or(path, |quote| quote.citation().path());
            self.facts.not_understood.push(shown.to_owned());
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let row = self.table.get(&(folder.to_owned(), name.to_owned())).cloned();
        let row_setting = Setting {
            host: node.map(Untrusted::from),
            command: row.as_ref().map(|row| row.command.clone()),
            exit_code: row.as_ref().and_then(|row| row.exit_code),
            started: row.as_ref().and_then(|row| row.started.as_ref()).map(|(at, _)| *at),
        };
        if let Some(row) =
            row.filter(|row| row.exit_code == Some(0) && row.command.raw().contains("alarm list") && extract.lines == 0)
        {
            self.facts.no_alarms.get_or_insert(row.quote);
        }
        for passage in extract.passages {
            let mut setting = row_setting.clone();
            if passage.host.is_some() {
                setting.host.clone_from(&passage.host);
            }
            if passage.typed.is_some() {
                setting.command.clone_from(&passage.typed);
            }
            self.enter_passage(passage, &setting);
        }
        self.quoted.extend(extract.prose.quoted().cloned());
        let logs: Vec<_> = extract.logbook.logs().map(|(w, l)| (w.clone(), l.clone())).collect();
        for (mut writer, log) in logs {
            writer.host = writer.host.or_else(|| node.map(Untrusted::from));
            self.enter_log(writer, log);
        }
    }

    fn enter_log(&mut self, writer: Writer, log: Log) {
        let mut member = None;
        if is_etcd(&writer) && log.understood > 0 {
            let one = |set: &std::collections::BTreeSet<Untrusted>| if set.len() == 1 { set.first().cloned() } else { None };
            // A host's name is claimed only for what says that it is etcd: a program's name, or etcd's own lines.
            let claim = Claim {
                name: one(&log.names),
                id: one(&log.ids).and_then(|id| hex_id(id.raw())),
                host: writer.host.clone(),
                ..Claim::default()
            };
            member = self.registry.claim(claim);
            if let (Some(member), Some(version)) = (member, &log.version) {
                self.about.push((member, About::Version(version.clone())));
            }
            if let Some((cluster, quote)) = &log.initial_cluster {
                let pairs = cluster.raw().split(',').filter_map(|pair| pair.split_once('='));
                let pairs: Vec<_> = pairs.map(|(name, url)| (Untrusted::from(name), Untrusted::from(url))).collect();
                self.enter_initial_cluster(&pairs, quote);
            }
        }
        for sighting in log.sightings() {
            if let Some(id) = sighting.peer_id() {
                // The address that was dialled in vain is the peer's own.
                let dialled = sighting.error.as_ref().filter(|_| sighting.message.class == Class::PeerDown).and_then(dialled);
                self.peers.insert((id, dialled.filter(|url| self.registry.is_place(url.raw()))));
            }
        }
        self.logs.push((member, writer, log));
    }

    fn enter_passage(&mut self, passage: Passage, setting: &Setting) {
        if let (Some(quote), Some(command)) = (passage.command.clone(), passage.typed.clone()) {
            let host = setting.host.clone();
            self.facts.echoes.push(Echo { command, host, output_lines: passage.output_lines, quote });
        }
        let is_bare = || setting.types("alarm list") && passage.output_lines == 0 && passage.is_closed && !setting.is_filtered();
        if setting.types("alarm disarm") || is_bare() {
            self.facts.no_alarms = passage.command.clone().or(self.facts.no_alarms.take());
        }
        let asked_by = setting.host.as_ref().and_then(|host| self.registry.find_host(host));
        for said in passage.answers {
            self.enter_answer(said, setting, asked_by);
        }
        for said in passage.http {
            self.enter_body(said, setting, asked_by);
        }
        let shows_no_etcd = passage.ps.shows_no_etcd(passage.typed.as_ref()) && !setting.is_filtered();
        self.enter_processes(&passage.ps.etcd, passage.ps.header.clone().filter(|_| shows_no_etcd), setting);
        for said in &passage.flags {
            self.enter_flags(said, setting);
        }
        self.enter_services(passage.services.states, setting);
        self.enter_screens(passage.screens, setting);
        if !passage.listing.is_empty() {
            self.facts.listings.push((setting.host.clone(), passage.listing));
        }
        self.facts.file_systems.extend(passage.df.rows.into_iter().map(|row| (setting.host.clone(), row)));
        self.facts.pings.extend(passage.pings.targets.into_iter().map(|ping| (setting.host.clone(), ping)));
        self.enter_settings(&passage.settings, setting);
        self.readings.push(setting.host.clone(), setting.started, setting.command.clone(), passage.kernel);
        self.enter_metrics(passage.metrics, setting);
    }

    fn enter_metrics(&mut self, metrics: Exposition, setting: &Setting) {
        self.facts.torn_metrics.0 += metrics.mended();
        self.facts.torn_metrics.1 += metrics.broken_count();
        self.facts.dropped += metrics.dropped();
        if metrics.is_empty() || setting.exit_code.is_some_and(|code| code != 0) {
            return;
        }
        let id = metrics.label(Metric::ServerId, "server_id").and_then(|(id, _)| hex_id(id.raw()));
        let member = self.subject(setting, id);
        if let Some(member) = member {
            if let Some(quote) = metrics.first_quote() {
                self.about.push((member, About::Runs(quote)));
            }
            if let Some((version, _)) = metrics.label(Metric::ServerVersion, "server_version") {
                self.about.push((member, About::Version(version.clone())));
            }
            if let Some((leads, quote)) = metrics.gauge(Metric::IsLeader) {
                self.about.push((member, About::Leader(Known { value: leads > 0.0, quote: quote.clone() })));
            }
        }
        self.samples.push((member, setting.started, metrics));
    }

    fn close(self) -> Facts {
        let Self {
            registry,
            mut facts,
            listed,
            endpoints_asked,
            logs,
            samples,
            health,
            statuses,
            alarms,
            errors,
            hashes,
            warnings,
            about,
            readings,
            timings,
            quoted: prose,
            ..
        } = self;
        facts.dropped += registry.dropped();
        let (identities, place) = registry.close();
        facts.members = identities.into_iter().map(member).collect();
        facts.listed = listed.iter().take(2).any(|list| !list.is_empty());
        note_membership(&mut facts, listed, &endpoints_asked, &place);
        for (member, fact) in about {
            if let Some(member) = facts.members.get_mut(place(member)) {
                enter_about(member, fact);
            }
        }
        facts.health = health
            .into_iter()
            .map(|(member, answer, asked_by)| HealthAnswer { member: place(member), asked_by: asked_by.map(&place), ..answer })
            .collect();
        keep_latest(&mut facts.health);
        facts.statuses = statuses.into_iter().map(|(member, status)| (place(member), status)).collect();
        facts.alarms = alarms.into_iter().map(|(member, alarm)| AlarmSeen { member: member.map(&place), ..alarm }).collect();
        facts.errors = errors.into_iter().map(|(host, error)| ClientError { host: host.map(&place), ..error }).collect();
        facts.logs = logs
            .into_iter()
            .map(|(member, writer, log)| MemberLog { member: member.map(&place), writer, log, until: None, is_prose: false })
            .collect();
        facts.hashes = hashes.into_iter().map(|(member, hash)| HashOf { member: place(member), ..hash }).collect();
        facts.warnings =
            warnings.into_iter().map(|(asked, warning)| ClientWarning { asked: asked.map(&place), ..warning }).collect();
        drop_copies(&mut facts.logs);
        drop_excerpts(&mut facts.logs);
        note_reach(&mut facts.logs);
        facts.machines = readings.machines();
        facts.timings = timings.close(&facts, &place);
        quoted::admit(&mut facts, prose);
        facts.not_understood.sort();
        facts.measured = measured(samples, &place);
        note_maybe(&mut facts.members);
        facts
    }
}

fn member(identity: Identity) -> Member {
    Member {
        key: identity.key(),
        name: identity.name,
        id: identity.ids.first().copied(),
        host: identity.host,
        endpoints: identity.endpoints.into_iter().collect(),
        peers: identity.peers.into_iter().collect(),
        ..Member::default()
    }
}

fn enter_about(member: &mut Member, about: About) {
    match about {
        About::Started(known) => drop(member.started.get_or_insert(known)),
        About::Learner(known) => drop(member.learner.get_or_insert(known)),
        About::Leader(known) => {
            // Members that are asked one after the other can name different leaders; who once said "I lead" is shown.
            if member.leader.as_ref().is_none_or(|old| known.value && !old.value) {
                member.leader = Some(known);
            }
        }
        About::Version(version) => drop(member.version.get_or_insert(version)),
        About::Runs(quote) => drop(member.runs.get_or_insert(quote)),
        About::StandsStill(quote) => drop(member.stands_still.get_or_insert(quote)),
    }
}
