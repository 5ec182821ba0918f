//! Who is who: names, ids, hosts and addresses that belong to one member are joined; what cannot be joined stays apart.

use std::collections::BTreeSet;

use crate::text::Untrusted;

/// What one piece of evidence says of a member's identity.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    /// etcd's `--name`.
    pub name: Option<Untrusted>,
    /// The member's id.
    pub id: Option<u64>,
    /// The host it runs on.
    pub host: Option<Untrusted>,
    /// Client URLs.
    pub endpoints: Vec<Untrusted>,
    /// Peer URLs.
    pub peers: Vec<Untrusted>,
    /// Whether a member list, a health check or the initial cluster names it: it belongs to the cluster.
    pub listed: bool,
}

/// A member, by all that identifies it.
#[derive(Clone, Debug, Default)]
pub(super) struct Identity {
    /// etcd's `--name`.
    pub name: Option<Untrusted>,
    /// Its ids: the listed one first, then others that its own log gave, as after a wiped data directory.
    pub ids: Vec<u64>,
    /// Its host.
    pub host: Option<Untrusted>,
    /// Client URLs.
    pub endpoints: BTreeSet<Untrusted>,
    /// Peer URLs.
    pub peers: BTreeSet<Untrusted>,
    /// Whether it belongs to the cluster by a list.
    pub listed: bool,
}

/// Most members, hosts and peers that are told apart. etcd's advice is seven members at most; a wrong file can name thousands.
const MOST_MEMBERS: usize = 256;

/// A member's number; stable until the registry is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ref(usize);

/// All identities, joined as far as the evidence allows.
#[derive(Clone, Debug, Default)]
pub(super) struct Registry {
    rows: Vec<Identity>,
    /// Where a row went when it was joined with another.
    joined: Vec<usize>,
    /// Rows that were not joined with an earlier one.
    live: Vec<usize>,
    /// Addresses on the loopback interface that a member list names.
    local: BTreeSet<Untrusted>,
    dropped: u64,
}

impl Registry {
    /// Enters a claim, and joins the rows that it connects. `None` where it says nothing.
    pub(super) fn claim(&mut self, claim: Claim) -> Option<Ref> {
        let new = Identity {
            name: claim.name.filter(|n| !n.is_empty() && *n != "default"),
            ids: claim.id.into_iter().filter(|id| *id != 0).collect(),
            host: claim.host.filter(|h| !is_local(h.raw())),
            endpoints: claim.endpoints.into_iter().filter(|url| self.is_place(url.raw())).collect(),
            peers: claim.peers.into_iter().filter(|url| self.is_place(url.raw())).collect(),
            listed: claim.listed,
        };
        if new.name.is_none() && new.ids.is_empty() && new.host.is_none() && new.endpoints.is_empty() && new.peers.is_empty() {
            return None;
        }
        let found = self.live.iter().copied().find(|at| self.rows.get(*at).is_some_and(|row| matches(row, &new)));
        let at = match found {
            Some(at) => {
                self.rows.get_mut(at).into_iter().for_each(|row| merge(row, new.clone()));
                at
            }
            None if self.live.len() >= MOST_MEMBERS => {
                self.dropped += 1;
                return None;
            }
            None => {
                self.rows.push(new);
                self.joined.push(self.rows.len() - 1);
                self.live.push(self.rows.len() - 1);
                self.rows.len() - 1
            }
        };
        self.join_with(at);
        Some(Ref(at))
    }

    /// A member list names these URLs: `127.0.0.1:22379` is a member's place where all members share one machine, and nowhere else.
    pub(super) fn allow_local<'a>(&mut self, urls: impl IntoIterator<Item = &'a Untrusted>) {
        let local = urls.into_iter().map(|url| address_of(url.raw())).filter(|address| is_local(address));
        self.local.extend(local.take(MOST_MEMBERS).map(Untrusted::from));
    }

    /// Whether a URL tells one member from another.
    pub(super) fn is_place(&self, url: &str) -> bool {
        let address = address_of(url);
        !is_local(address) || self.local.contains(&Untrusted::from(address))
    }

    /// Claims that were not entered, beyond the most members that are told apart.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether nobody is known.
    pub(super) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// The row of a host, if there is one already.
    pub(super) fn find_host(&self, host: &Untrusted) -> Option<Ref> {
        let wanted = Identity { host: Some(host.clone()), ..Identity::default() };
        self.live.iter().copied().find(|at| self.rows.get(*at).is_some_and(|row| matches(row, &wanted))).map(Ref)
    }

    /// Joins a row with all that it matches, until nothing more matches: two rows can match a third only once they are one.
    fn join_with(&mut self, start: usize) {
        let mut at = start;
        loop {
            let found = self.live.iter().copied().filter(|other| *other != at).find(|other| {
                let (Some(a), Some(b)) = (self.rows.get(at), self.rows.get(*other)) else { return false };
                matches(a, b)
            });
            let Some(other) = found else { return };
            let (keep, gone) = (at.min(other), at.max(other));
            let moved = self.rows.get_mut(gone).map(std::mem::take).unwrap_or_default();
            if let Some(row) = self.rows.get_mut(keep) {
                merge(row, moved);
            }
            if let Some(to) = self.joined.get_mut(gone) {
                *to = keep;
            }
            self.live.retain(|row| *row != gone);
            at = keep;
        }
    }

    fn root(&self, mut at: usize) -> usize {
        while let Some(next) = self.joined.get(at).copied().filter(|next| *next != at) {
            at = next;
        }
        at
    }

    /// Ends the joining: the members in order of their keys, and a way from a claim's number to a member's place in that list.
    pub(super) fn close(self) -> (Vec<Identity>, impl Fn(Ref) -> usize) {
        let mut roots = self.live.clone();
        roots.sort_by_key(|at| self.rows.get(*at).map(|row| (row.key(), row.ids.clone())));
        let place: Vec<usize> =
            (0..self.rows.len()).map(|at| roots.iter().position(|root| *root == self.root(at)).unwrap_or_default()).collect();
        let rows = roots.iter().filter_map(|at| self.rows.get(*at).cloned()).collect();
        (rows, move |r: Ref| place.get(r.0).copied().unwrap_or_default())
    }
}

impl Identity {
    /// The first known of name, host, host of the endpoint, id.
    pub(super) fn key(&self) -> Untrusted {
        let urls = || self.endpoints.iter().chain(&self.peers);
        self.name
            .clone()
            .or_else(|| self.host.clone())
            .or_else(|| urls().map(|url| address_of(url.raw())).find(|a| !a.is_empty()).map(|a| host_of(a).into()))
            .or_else(|| self.ids.first().map(|id| format!("{id:x}").into()))
            .unwrap_or_default()
    }
}

fn matches(a: &Identity, b: &Identity) -> bool {
    if let (Some(a), Some(b)) = (&a.name, &b.name) {
        return a == b;
    }
    let ids_differ = !a.ids.is_empty() && !b.ids.is_empty() && !a.ids.iter().any(|id| b.ids.contains(id));
    if !ids_differ && !a.ids.is_empty() && !b.ids.is_empty() {
        return true;
    }
    if shares(&a.endpoints, &b.endpoints) || shares(&a.peers, &b.peers) {
        return true;
    }
    // Two members of one test cluster can share a host; then their ids differ.
    !ids_differ && (a.host.is_some() && a.host == b.host || is_same_machine(a, b) || is_same_machine(b, a))
}

fn shares(a: &BTreeSet<Untrusted>, b: &BTreeSet<Untrusted>) -> bool {
    a.iter().any(|a| b.iter().any(|b| address_of(a.raw()).eq_ignore_ascii_case(address_of(b.raw()))))
}

/// A host is a member's if it is called like the member, or like the host in its URLs. etcd's `--name` is the host's name, often its
/// first label, on nearly every platform.
fn is_same_machine(named: &Identity, hosted: &Identity) -> bool {
    let Some(host) = hosted.host.as_ref().map(Untrusted::raw) else { return false };
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_name = |name: &str| !name.is_empty() && !name.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let same = |other: &str| {
        other.eq_ignore_ascii_case(host)
            || (is_name(other) && is_name(host) && short(other) == short(host) && (!other.contains('.') || !host.contains('.')))
    };
    named.name.as_ref().is_some_and(|name| same(name.raw()) || node_of_k3s(name.raw()).is_some_and(same))
        || named.endpoints.iter().chain(&named.peers).any(|url| same(host_of(address_of(url.raw()))))
}

/// The node in a member's name that k3s or RKE2 made up: the node's name, and behind a hyphen the first eight digits of a UUID (k3s, `pkg/etcd/etcd.go`,
/// `setName`, from its first release with etcd on). A node that left and joined again has a new one.
fn node_of_k3s(name: &str) -> Option<&str> {
    let (node, digits) = name.rsplit_once('-')?;
    let is_uuid = digits.len() == 8 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_uuid && !node.is_empty()).then_some(node)
}

fn merge(row: &mut Identity, other: Identity) {
    // The listed id comes first: it is the one that the cluster knows.
    if other.listed && !row.listed {
        row.ids.splice(0..0, other.ids);
    } else {
        row.ids.extend(other.ids);
    }
    let mut seen = BTreeSet::new();
    row.ids.retain(|id| seen.insert(*id));
    row.name = row.name.take().or(other.name);
    row.host = row.host.take().or(other.host);
    row.endpoints.extend(other.endpoints);
    row.peers.extend(other.peers);
    row.listed |= other.listed;
}

/// `host:port` of a URL, or of an endpoint without scheme.
pub fn address_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind.split('/').next().unwrap_or_default()
}

/// The host of `host:port`, without the brackets of IPv6.
pub fn host_of(address: &str) -> &str {
    if let Some((host, _)) = address.strip_prefix('[').and_then(|a| a.split_once(']')) {
        return host;
    }
    match address.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => address,
    }
}

/// Whether an address says nothing about which machine it is.
pub fn is_local(address: &str) -> bool {
    let host = host_of(address);
    host.is_empty()
        || host.eq_ignore_ascii_case("localhost")
        || host.starts_with("127.")
        || matches!(host, "::1" | "0.0.0.0" | "::")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, id: u64, ip: &str) -> Claim {
        Claim {
            name: (!name.is_empty()).then(|| name.into()),
            id: Some(id),
            endpoints: vec![format!("http://{ip}:2379").into()],
            listed: true,
            ..Claim::default()
        }
    }

    fn host(host: &str) -> Claim {
        Claim { host: Some(host.into()), ..Claim::default() }
    }

    fn keys(claims: Vec<Claim>) -> Vec<String> {
        let mut registry = Registry::default();
        for claim in claims {
            registry.claim(claim);
        }
        registry.close().0.iter().map(|row| row.key().raw().to_owned()).collect()
    }

    #[test]
    fn a_member_list_and_a_log_of_the_host_called_like_the_member_are_one() {
        assert_eq!(
            keys(vec![host("db-1.example.org"), listed("db-1", 7, "10.0.0.1"), listed("db-2", 8, "10.0.0.2")]),
            ["db-1", "db-2"]
        );
    }

    #[test]
    fn members_that_k3s_names_are_those_of_their_nodes() {
        assert_eq!(
            keys(vec![
                host("server-1"),
                listed("server-1-3f2a9c01", 7, "10.0.0.1"),
                listed("server-2-0b7d44e9", 8, "10.0.0.2"),
                host("server-2.example.org"),
                // Neither is what k3s makes of `server`.
                host("server"),
                listed("server-3-backup00", 9, "10.0.0.3"),
                host("server-3"),
            ]),
            ["server", "server-1-3f2a9c01", "server-2-0b7d44e9", "server-3", "server-3-backup00"]
        );
    }

    #[test]
    fn a_health_check_by_id_and_a_list_by_name_are_joined_by_the_id() {
        let by_id = Claim { id: Some(7), endpoints: vec!["http://10.0.0.1:2379".into()], ..Claim::default() };
        assert_eq!(keys(vec![by_id, listed("db-1", 7, "10.0.0.1")]), ["db-1"]);
    }

    #[test]
    fn two_rows_are_joined_by_a_third_that_comes_later() {
        let link = Claim { host: Some("node9".into()), endpoints: vec!["10.0.0.1:2379".into()], ..Claim::default() };
        assert_eq!(keys(vec![host("node9"), listed("", 7, "10.0.0.1"), link]), ["node9"]);
    }

    #[test]
    fn a_host_that_nothing_connects_with_an_id_stays_apart() {
        assert_eq!(keys(vec![listed("", 7, "10.0.0.1"), host("db-1")]), ["10.0.0.1", "db-1"]);
    }

    #[test]
    fn members_of_different_name_never_become_one_even_on_one_host() {
        let on =
            |name: &str, id| Claim { name: Some(name.into()), id: Some(id), host: Some("laptop".into()), ..Claim::default() };
        assert_eq!(keys(vec![on("infra1", 1), on("infra2", 2)]), ["infra1", "infra2"]);
        assert!(
            keys(vec![host("localhost"), Claim { endpoints: vec!["http://127.0.0.1:2379".into()], ..Claim::default() }])
                .is_empty()
        );
    }

    #[test]
    fn on_one_machine_the_ports_of_a_member_list_tell_members_apart() {
        let mut registry = Registry::default();
        let urls = ["http://127.0.0.1:12379", "http://127.0.0.1:22379"].map(Untrusted::from);
        registry.allow_local(&urls);
        for (id, url) in [(1, &urls[0]), (2, &urls[1])] {
            registry.claim(Claim { id: Some(id), endpoints: vec![url.clone()], listed: true, ..Claim::default() });
        }
        let asked = registry.claim(Claim { endpoints: vec!["127.0.0.1:22379".into()], ..Claim::default() });
        let (rows, place) = registry.close();
        assert_eq!((rows.len(), rows[place(asked.unwrap())].ids.clone()), (2, vec![2]));
    }

    #[test]
    fn addresses_of_ipv6_keep_their_host() {
        assert_eq!(host_of(address_of("https://[fd00::1]:2379/health")), "fd00::1");
        assert_eq!(host_of(address_of("db-1:2379")), "db-1");
        assert_eq!(host_of("db-1"), "db-1");
    }
}
