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
#[derive(Clone, Debug, Default)]
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

    /// Whether these inputs are surely of two clusters: their ids differ, and nobody is in both. A member that was started anew by mistake
    /// has another cluster's id, too, and the addresses of this one: that is a fault to be found, not a wrong file.
    fn differs(&self, other: &Self) -> bool {
        let is_known = |one: &Self| !one.clusters.is_empty() && !one.places.is_empty();
        is_known(self) && is_known(other) && !self.is_related(other)
    }

    /// Whether a cluster, a member or an address is in both.
    fn is_related(&self, other: &Self) -> bool {
        let meets = |a: &BTreeSet<u64>, b: &BTreeSet<u64>| a.intersection(b).next().is_some();
        meets(&self.clusters, &other.clusters)
            || meets(&self.members, &other.members)
            || self.places.intersection(&other.places).next().is_some()
    }

    /// Takes in what another one of the same cluster says.
    fn take_in(&mut self, other: Self) {
        self.clusters.extend(other.clusters);
        self.members.extend(other.members);
        self.places.extend(other.places);
    }

    /// Whether an id proves that both are of one cluster.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.clusters.intersection(&other.clusters).next().is_some()
    }
}

/// A cluster's ids, and the places of the inputs that are of it.
type Cluster = (BTreeSet<u64>, Vec<usize>);

/// The clusters of which inputs are, where two of them are surely of two. Those that show none stand together at the end, without an id.
pub(super) fn clusters(all: &[Belonging]) -> Option<Vec<Cluster>> {
    let pairs =
        || all.iter().enumerate().flat_map(|(at, one)| all.iter().enumerate().skip(at + 1).map(move |other| ((at, one), other)));
    let ((first, one), (second, other)) = pairs().find(|((_, one), (_, other))| one.differs(other))?;
    let mut told: Vec<(Belonging, Vec<usize>)> = Vec::new();
    for (at, belonging) in all.iter().enumerate() {
        let (related, mut rest): (Vec<_>, Vec<_>) = told.into_iter().partition(|(of, _)| of.is_related(belonging));
        let mut joined = (belonging.clone(), vec![at]);
        for (of, places) in related {
            joined.0.take_in(of);
            joined.1.extend(places);
        }
        joined.1.sort_unstable();
        rest.push(joined);
        told = rest;
    }
    let (mut named, unknown): (Vec<_>, Vec<_>) = told.into_iter().partition(|(of, _)| !of.clusters.is_empty());
    named.sort_by(|(_, a), (_, b)| a.cmp(b));
    let mut out: Vec<Cluster> = named.into_iter().map(|(of, places)| (of.clusters, places)).collect();
    if out.len() < 2 {
        // Something that names members of both stands between them.
        return Some(vec![(one.clusters.clone(), vec![first]), (other.clusters.clone(), vec![second])]);
    }
    let mut unknown: Vec<usize> = unknown.into_iter().flat_map(|(_, places)| places).collect();
    unknown.sort_unstable();
    out.extend((!unknown.is_empty()).then_some((BTreeSet::new(), unknown)));
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(clusters: &[u64], places: &[&str]) -> Belonging {
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        Belonging { clusters: clusters.iter().copied().collect(), places, ..Belonging::default() }
    }

    #[test]
    fn inputs_are_told_by_cluster_and_those_of_none_at_the_end() {
        let all = [of(&[2], &["b"]), of(&[], &[]), of(&[1], &["a"]), of(&[], &["b"]), of(&[1], &["c"])];
        let told = clusters(&all).unwrap();
        let expected = [(vec![2], vec![0, 3]), (vec![1], vec![2, 4]), (vec![], vec![1])];
        assert_eq!(told, expected.map(|(ids, places)| (ids.into_iter().collect(), places)));
        assert_eq!(clusters(&all[2..]), None);
        // A member that was started anew by mistake: another id, the same addresses.
        assert_eq!(clusters(&[of(&[1], &["a", "b"]), of(&[2], &["b"])]), None);
    }

    #[test]
    fn where_something_names_both_clusters_the_two_that_differ_are_told() {
        let told = clusters(&[of(&[1], &["a"]), of(&[1, 2], &["a", "b"]), of(&[2], &["b"])]).unwrap();
        assert_eq!(told, [(BTreeSet::from([1]), vec![0]), (BTreeSet::from([2]), vec![2])]);
    }
}
