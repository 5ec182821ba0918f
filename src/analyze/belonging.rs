//! Whether inputs that were given together are of one cluster, by the ids and addresses in them.

use std::collections::BTreeSet;

use crate::{
    facts::{address_of, is_local},
    parse::{
        etcdctl::{Answer, hex_id},
        text::Extract,
    },
    text::Untrusted,
};

/// What an input says of the cluster that it is from.
#[derive(Debug, Default)]
pub(super) struct Belonging {
    /// Ids of clusters.
    clusters: BTreeSet<u64>,
    /// Ids of members.
    members: BTreeSet<u64>,
    /// Addresses of members.
    places: BTreeSet<String>,
}

impl Belonging {
    /// Of all that an input said.
    pub(super) fn of<'a>(extracts: impl Iterator<Item = &'a Extract>) -> Self {
        let mut all = Self::default();
        for extract in extracts {
            for said in extract.passages.iter().flat_map(|passage| &passage.answers) {
                all.answer(&said.what);
            }
            for flags in extract.passages.iter().flat_map(|passage| &passage.flags) {
                all.enter_places(flags.what.initial_cluster.iter().map(|(_, url)| url));
            }
            for (_, log) in extract.logbook.logs() {
                all.clusters.extend(log.clusters.iter().filter_map(|id| hex_id(id.raw())));
                all.members.extend(log.ids.iter().filter_map(|id| hex_id(id.raw())));
                let listed = log.initial_cluster.iter().flat_map(|(list, _)| list.raw().split(','));
                let urls: Vec<Untrusted> = listed.filter_map(|pair| Some(pair.split_once('=')?.1.into())).collect();
                all.enter_places(urls.iter());
            }
        }
        all
    }

    fn answer(&mut self, answer: &Answer) {
        match answer {
            Answer::EndpointStatus(status) => {
                self.clusters.extend(status.cluster_id);
                self.members.extend(status.member_id);
            }
            Answer::Hash { cluster_id, member_id, .. } | Answer::Cluster { cluster_id, member_id, .. } => {
                self.clusters.extend(cluster_id);
                self.members.extend(member_id);
            }
            Answer::Member { id, peer_urls, client_urls, .. } => {
                self.members.insert(*id);
                self.enter_places(peer_urls.iter().chain(client_urls));
            }
            _ => {}
        }
    }

    fn enter_places<'a>(&mut self, urls: impl Iterator<Item = &'a Untrusted>) {
        let addresses = urls.map(|url| address_of(url.raw())).filter(|address| !is_local(address));
        self.places.extend(addresses.map(str::to_owned));
    }

    /// The ids of two clusters, if these inputs are surely of two: their ids differ, and nobody is in both. A member that was started anew
    /// by mistake has another cluster's id, too, and the addresses of this one: that is a fault to be found, not a wrong file.
    pub(super) fn differs(&self, other: &Self) -> Option<(u64, u64)> {
        let meets = |a: &BTreeSet<u64>, b: &BTreeSet<u64>| a.intersection(b).next().is_some();
        let is_related = meets(&self.clusters, &other.clusters)
            || meets(&self.members, &other.members)
            || self.places.intersection(&other.places).next().is_some();
        let have_places = !self.places.is_empty() && !other.places.is_empty();
        let ids = self.clusters.first().copied().zip(other.clusters.first().copied());
        ids.filter(|_| !is_related && have_places)
    }

    /// Whether an id proves that both are of one cluster.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.clusters.intersection(&other.clusters).next().is_some()
    }
}
