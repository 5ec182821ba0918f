//! Words that name no host though they stand where one does, and how a name stands as a word in a line.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

/// Words of etcd and of those around it. A host or member that is called so is replaced only where a name stands, or half of a log would go.
const ORDINARY: &str = "admin agent alpha api apiserver app auth backup base beta boot bootstrap cache client cloud cluster compute control \
    controller controlplane core coreos data database debian default dev disk docker etc etcd etcdctl etcdmain etcdserver \
    event events example external file follower front gateway grpc head health host http https infra ingress internal \
    kernel kube kubelet kubernetes leader learner linux load local localhost lock log logs machine main manager master \
    member metrics monitor name net network new node none null one openshift peer peers plane primary private process prod \
    production prometheus proxy public raft rancher registry replica root secondary seed server service site slave snap \
    snapshot stage staging standby start started state status storage store system systemd test three true two ubuntu \
    unknown user var worker zone";

/// Hosts and domains of the public, and names that every site has: they tell nothing of this one.
const PUBLIC: &str = "localhost localhost.localdomain localdomain kubernetes kubernetes.default kubernetes.default.svc \
    kubernetes.default.svc.cluster.local etcd.io k8s.io kubernetes.io github.com githubusercontent.com golang.org \
    google.golang.org go.dev coreos.com quay.io gcr.io docker.io docker.com redhat.com freedesktop.org systemd.io \
    ubuntu.com debian.org centos.org kernel.org ntp.org prometheus.io grafana.com rancher.io rancher.com k3s.io rke2.io \
    openshift.com suse.com fedoraproject.org googleapis.com metadata.google.internal";

/// How pseudonyms begin; digits follow.
const BEGINNINGS: [&str; 3] = ["host-", "site-", "member-"];

/// How a domain's ends.
const OF_SITE: &str = ".example";

/// `None` only if it could not be built, which it can: the words are constants and few.
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(BEGINNINGS).ok());

/// Whether a byte can be in a name.
pub(super) fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Whether a word can be the first label of a host's name.
pub(super) fn is_label(label: &str) -> bool {
    !label.is_empty() && label.len() <= 63 && label.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether a word is a number that a program gave, as etcd's identifiers of members are: sixteen digits, or fewer without the zeros before them.
pub(super) fn is_number(word: &str) -> bool {
    word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit()) && word.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a member can be called so and needs a pseudonym.
pub(super) fn is_member(name: &str) -> bool {
    !is_pseudonym(name) && !is_number(name)
}

/// Whether a host's name is one of the site's own: no address, no pseudonym, nobody's public host.
pub(super) fn is_of_site(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_public = |public: &str| lower.strip_suffix(public).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    name.len() <= 253
        && name.bytes().all(is_of_name)
        && name.bytes().any(|b| b.is_ascii_alphabetic())
        && !name.starts_with(['.', '-'])
        && !name.ends_with(['.', '-'])
        && !is_number(&lower)
        && !is_pseudonym(lower.split('.').next().unwrap_or_default())
        && !PUBLIC.split(' ').any(is_public)
}

/// `host-1`, `member-03`, `site-1.example`.
pub(super) fn is_pseudonym(name: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| {
        let number = name.strip_prefix(beginning).map(|rest| rest.strip_suffix(OF_SITE).unwrap_or(rest));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Hands over what looks like a pseudonym in a line.
pub(super) fn pseudonyms(line: &[u8], mut take: impl FnMut(String)) {
    pseudonym_spans(line, |span| take(String::from_utf8_lossy(line.get(span).unwrap_or_default()).into_owned()));
}

/// Where a line has what looks like a pseudonym.
pub(super) fn pseudonym_spans(line: &[u8], mut take: impl FnMut(Range<usize>)) {
    let Some(search) = &*SEARCH else { return };
    for found in search.find_iter(line) {
        let rest = line.get(found.end()..).unwrap_or_default();
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let mut end = found.end() + digits;
        if line.get(found.start()..).is_some_and(|here| here.starts_with(b"site-")) {
            if !line.get(end..).is_some_and(|rest| rest.starts_with(OF_SITE.as_bytes())) {
                continue;
            }
            end += OF_SITE.len();
        }
        if digits > 0 && is_edge_before(line, found.start()) && !line.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            take(found.start()..end);
        }
    }
}

/// Whether a name is replaced wherever it stands as a word: it is long enough, and no ordinary word.
pub(super) fn is_free(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_plain = lower.bytes().all(|b| b.is_ascii_alphabetic());
    let least = if is_plain { 4 } else { 3 };
    lower.len() >= least
        && lower.bytes().any(|b| b.is_ascii_alphabetic())
        && lower.bytes().all(is_of_name)
        && !tells_nothing(&lower)
}

/// Whether each part of a name is an ordinary word: `etcd-server`.
pub(super) fn tells_nothing(name: &str) -> bool {
    let mut parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    // `etcd2` and `etcd3` are kinds of storage to Kubernetes.
    parts.all(|part| {
        ORDINARY.split(' ').any(|word| word == part) || matches!(part, "etcd2" | "etcd3" | "k8s" | "v2" | "v3" | "k3s" | "rke2")
    })
}

/// Whether a name stands as a word of its own. A program's name before its number in a log is none: `db[17]:`.
pub(super) fn is_word(line: &[u8], span: &Range<usize>) -> bool {
    let behind = line.get(span.end).copied();
    let is_program = behind == Some(b'[') && line.get(span.end + 1).is_some_and(u8::is_ascii_digit);
    is_edge_before(line, span.start) && !behind.is_some_and(|b| b.is_ascii_alphanumeric()) && !is_program
}

/// Whether a word can begin here. In a string of JSON `\n` before a word is no letter.
fn is_edge_before(line: &[u8], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|at| line.get(at)).copied();
    match before(1) {
        Some(b'n' | b't' | b'r') => before(2) == Some(b'\\'),
        Some(before) => !before.is_ascii_alphanumeric(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_word_of_etcd_is_not_replaced_everywhere() {
        for bound in ["etcd", "default", "etcd-server", "m1", "a", "etcd3", "17"] {
            assert!(!is_free(bound), "{bound}");
        }
        for free in ["db-1", "etcd-a", "paris", "node1", "etcd-0", "infra0", "db1"] {
            assert!(is_free(free), "{free}");
        }
    }
}
