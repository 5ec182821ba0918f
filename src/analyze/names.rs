//! By what names members and hosts are called in the evidence, so that a file that is called after one of them is known as its own.

use std::collections::BTreeSet;

use crate::{
    facts::{address_of, host_of, is_local},
    parse::{etcdctl::Answer, text::Extract},
    text::Untrusted,
};

/// All names and addresses of members that texts tell.
pub(super) fn names<'a>(extracts: impl Iterator<Item = &'a Extract>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for extract in extracts {
        for said in extract.passages.iter().flat_map(|passage| &passage.answers) {
            if let Answer::Member { name, peer_urls, .. } = &said.what {
                enter(&mut names, name, peer_urls.first());
            }
        }
        // Nodes whose pods are listed: `etcd-main-0` is the pod of etcd on `main-0`.
        names.extend(
            extract.passages.iter().flat_map(|p| &p.services.states).filter_map(|s| Some(s.node.as_ref()?.raw().to_owned())),
        );
        for (name, url) in extract.passages.iter().flat_map(|p| &p.flags).flat_map(|flags| &flags.what.initial_cluster) {
            enter(&mut names, &Some(name.clone()), Some(url));
        }
        for (writer, log) in extract.logbook.logs() {
            names.extend(log.names.iter().chain(&writer.host).map(|name| name.raw().to_owned()));
            for (name, url) in
                log.initial_cluster.iter().flat_map(|(list, _)| list.raw().split(',')).filter_map(|p| p.split_once('='))
            {
                enter(&mut names, &Some(name.into()), Some(&url.into()));
            }
        }
    }
    names
}

fn enter(names: &mut BTreeSet<String>, name: &Option<Untrusted>, url: Option<&Untrusted>) {
    names.extend(name.iter().map(|name| name.raw().to_owned()));
    let host = url.map(|url| host_of(address_of(url.raw())).to_owned());
    names.extend(host.filter(|host| !is_local(host)));
}
