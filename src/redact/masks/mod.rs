//! Constant pseudonyms for addresses, hosts and members: one table for a collection, which stays with the customer.

mod addresses;
mod file;
mod places;
mod words;

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use aho_corasick::AhoCorasick;

use addresses::Addresses;
pub use file::MapError;
use places::Place;

/// Most hosts, domains and members, each, that get a pseudonym: a name beyond stands as it is, and no cluster has as many.
const MOST: usize = 4096;

/// What can be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hide {
    /// Addresses of IPv4 and IPv6.
    Addresses,
    /// Names of hosts, and the domains behind them.
    Hosts,
    /// Names of etcd's members.
    Names,
}

impl Hide {
    /// As the manifest counts it.
    fn counted(self) -> &'static str {
        match self {
            Self::Addresses => "address",
            Self::Hosts => "host name",
            Self::Names => "member name",
        }
    }
}

/// The table of pseudonyms. It is filled in two steps: all lines are learnt from, then what was learnt is settled; then lines are masked.
///
/// - A host is `host-1`, its domain `site-1.example`, a member that is not called as its host `member-1`.
/// - An address of IPv4 becomes one of 240.0.0.0/4, which nobody uses; two that share 8, 16 or 24 bits still do. One of IPv6 becomes one of
///   2001:db8::/32 (RFC 3849); two that share 48 or 64 bits still do. Loopback, link-local, multicast and unspecified addresses stay.
/// - Pseudonyms sort as the names do for which they stand, as far as these were learnt together: so a report has its rows in the same order.
/// - What looks like a pseudonym stays. So masking a second time, by whatever table, changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Masks {
    hides: BTreeSet<Hide>,
    addresses: Addresses,
    hosts: BTreeMap<String, String>,
    domains: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    /// What looks like a pseudonym and stands in the evidence already: such a one is given to nobody.
    taken: BTreeSet<String>,
    new_hosts: BTreeSet<String>,
    new_domains: BTreeSet<String>,
    new_names: BTreeSet<String>,
    search: Option<Search>,
}

/// The names that are replaced wherever they stand as a word.
#[derive(Clone, Debug)]
struct Search {
    words: AhoCorasick,
    with: Vec<(String, Hide)>,
}

/// A part of a line, and what comes in its place.
type Swap = (Range<usize>, String, Hide);

impl Masks {
    /// A table without entries.
    pub fn new(hides: impl IntoIterator<Item = Hide>) -> Self {
        Self { hides: hides.into_iter().collect(), ..Self::default() }
    }

    /// The same table with other kinds to replace.
    #[must_use]
    pub fn hiding(mut self, hides: impl IntoIterator<Item = Hide>) -> Self {
        self.hides = hides.into_iter().collect();
        self.search = self.search();
        self
    }

    /// Learns the name of a host that is known from elsewhere.
    pub fn learn_host(&mut self, name: &str) {
        self.learn_name(name.as_bytes(), Place::Host);
    }

    /// Learns the names and addresses in a line of evidence, without its end.
    pub fn learn(&mut self, line: &[u8]) {
        if self.hides.contains(&Hide::Addresses) {
            self.addresses.learn(line);
        }
        if self.hides.contains(&Hide::Hosts) || self.hides.contains(&Hide::Names) {
            words::pseudonyms(line, |found| {
                self.taken.insert(found);
            });
            for (span, place) in places::of(line) {
                self.learn_name(line.get(span).unwrap_or_default(), place);
            }
        }
    }

    fn learn_name(&mut self, name: &[u8], place: Place) {
        let Ok(name) = std::str::from_utf8(name) else { return };
        match place {
            Place::Host if self.hides.contains(&Hide::Hosts) && words::is_of_site(name) => {
                let name = name.to_ascii_lowercase();
                let (label, domain) = name.split_once('.').map_or((&*name, None), |(label, domain)| (label, Some(domain)));
                let room = |set: &BTreeSet<String>| set.len() < MOST;
                if !self.hosts.contains_key(label) && room(&self.new_hosts) && words::is_label(label) {
                    self.new_hosts.insert(label.to_owned());
                }
                if let Some(domain) = domain.filter(|domain| !self.domains.contains_key(*domain) && room(&self.new_domains)) {
                    self.new_domains.insert(domain.to_owned());
                }
            }
            Place::Member if self.hides.contains(&Hide::Names) && words::is_member(name) && self.new_names.len() < MOST => {
                self.new_names.insert(name.to_owned());
            }
            _ => {}
        }
    }

    /// Gives pseudonyms to all that was learnt.
    pub fn settle(&mut self) {
        self.addresses.settle();
        let taken = std::mem::take(&mut self.taken);
        number(&mut self.hosts, std::mem::take(&mut self.new_hosts), |n| format!("host-{n}"), &taken);
        number(&mut self.domains, std::mem::take(&mut self.new_domains), |n| format!("site-{n}.example"), &taken);
        let mut names = std::mem::take(&mut self.new_names);
        names.retain(|name| !self.is_told_by_hosts(name));
        number(&mut self.names, names, |n| format!("member-{n}"), &taken);
        self.taken = taken;
        self.search = self.search();
    }

    /// Whether a member's name is a host's, or is made of one and of words that tell nothing: then it gets its pseudonym from there.
    fn is_told_by_hosts(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        if self.hosts.contains_key(&lower) {
            return true;
        }
        let parts = lower.split_once('.');
        if parts.is_some_and(|(label, domain)| self.hosts.contains_key(label) && self.domains.contains_key(domain)) {
            return true;
        }
        let with_host = |host: &String| {
            let (before, after) = lower.split_once(host.as_str())?;
            let is_edge = |text: &str, end: Option<char>| text.is_empty() || matches!(end, Some('-' | '_' | '.'));
            let edges = is_edge(before, before.chars().next_back()) && is_edge(after, after.chars().next());
            (edges && words::tells_nothing(before) && words::tells_nothing(after)).then_some(())
        };
        self.hosts.keys().filter(|host| words::is_free(host)).any(|host| with_host(host).is_some())
    }

    fn search(&self) -> Option<Search> {
        let of = |table: &BTreeMap<String, String>, hide| {
            let free = table.iter().filter(|(name, _)| words::is_free(name));
            free.map(|(name, with)| (name.clone(), (with.clone(), hide))).collect::<Vec<_>>()
        };
        let hosts = of(&self.hosts, Hide::Hosts);
        // A domain of one word stands only behind a host.
        let domains = of(&self.domains, Hide::Hosts).into_iter().filter(|(name, _)| name.contains('.'));
        let (words, with): (Vec<_>, Vec<_>) = hosts
            .into_iter()
            .chain(domains)
            .chain(of(&self.names, Hide::Names))
            .filter(|(_, (_, h))| self.hides.contains(h))
            .unzip();
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()?;
        Some(Search { words, with })
    }

    /// A line with pseudonyms: borrowed where it has nothing to replace. What was replaced is counted by kind.
    pub fn mask<'a>(&self, line: &'a [u8], counts: &mut BTreeMap<String, u64>) -> Cow<'a, [u8]> {
        let mut swaps: Vec<Swap> = Vec::new();
        if self.hides.contains(&Hide::Addresses) {
            self.addresses.find(line, |span, with| swaps.push((span, with, Hide::Addresses)));
        }
        self.words(line, &mut swaps);
        if self.hides.contains(&Hide::Hosts) || self.hides.contains(&Hide::Names) {
            for (span, place) in places::of(line) {
                let Some(name) = line.get(span.clone()).and_then(|name| std::str::from_utf8(name).ok()) else { continue };
                if let Some((with, hide)) = self.name(name, place) {
                    swaps.push((span, with, hide));
                }
            }
        }
        for (_, _, hide) in &swaps {
            *counts.entry(hide.counted().to_owned()).or_default() += 1;
        }
        swap(line, swaps)
    }

    /// The pseudonym of a host's name, or the name.
    pub fn host(&self, name: &str) -> String {
        self.name(name, Place::Host).map_or_else(|| name.to_owned(), |(with, _)| with)
    }

    /// The pseudonym of a name in a place that holds one.
    fn name(&self, name: &str, place: Place) -> Option<(String, Hide)> {
        if place == Place::Member
            && let Some(with) = self.names.get(name)
        {
            return Some((with.clone(), Hide::Names));
        }
        let lower = name.to_ascii_lowercase();
        let host = |label: &str| self.hosts.get(label).map(String::as_str);
        match lower.split_once('.') {
            Some((label, domain)) => {
                let (host, domain) = (host(label), self.domains.get(domain)?);
                Some((format!("{}.{domain}", host.unwrap_or(label)), Hide::Hosts))
            }
            None => host(&lower).map(|host| (host.to_owned(), Hide::Hosts)),
        }
    }

    /// Names that stand as a word, wherever that is.
    fn words(&self, line: &[u8], swaps: &mut Vec<Swap>) {
        let Some(search) = &self.search else { return };
        for found in search.words.find_overlapping_iter(line) {
            let (mut span, Some((with, hide))) = (found.range(), search.with.get(found.pattern().as_usize())) else { continue };
            if !words::is_word(line, &span) {
                continue;
            }
            let mut with = with.clone();
            if let Some((end, domain)) = self.short_domain(line, span.end) {
                (span.end, with) = (end, format!("{with}.{domain}"));
            }
            swaps.push((span, with, *hide));
        }
    }

    /// A domain of one word behind a host: `.lan`.
    fn short_domain(&self, line: &[u8], at: usize) -> Option<(usize, &str)> {
        let behind = line.get(at..)?.strip_prefix(b".")?;
        let length = behind.iter().take_while(|b| words::is_of_name(**b)).count();
        let word = std::str::from_utf8(behind.get(..length)?).ok()?.to_ascii_lowercase();
        self.domains.get(&word).map(|domain| (at + 1 + length, domain.as_str()))
    }

    /// Text of a report with the real names again.
    pub fn unmask<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let mut swaps: Vec<Swap> = Vec::new();
        self.addresses.find_back(line, |span, with| swaps.push((span, with, Hide::Addresses)));
        words::pseudonym_spans(line, |span| {
            let Some(word) = line.get(span.clone()).and_then(|word| std::str::from_utf8(word).ok()) else { return };
            let tables = [&self.hosts, &self.domains, &self.names];
            let real = tables.iter().find_map(|table| table.iter().find(|(_, with)| *with == word));
            if let Some((real, _)) = real {
                swaps.push((span, real.clone(), Hide::Hosts));
            }
        });
        swap(line, swaps)
    }
}

/// Numbers the new names in their order, behind those that have a number already.
fn number(
    table: &mut BTreeMap<String, String>,
    mut new: BTreeSet<String>,
    name: impl Fn(String) -> String,
    taken: &BTreeSet<String>,
) {
    new.retain(|real| !table.contains_key(real));
    // Of equal width, so that they sort as they are counted.
    let width = (table.len() + new.len()).to_string().len();
    let used: BTreeSet<String> = table.values().cloned().collect();
    let mut numbers = (table.len() + 1..).map(|n| name(format!("{n:0width$}")));
    for real in new {
        let free = numbers.find(|free| !taken.contains(free) && !used.contains(free));
        table.extend(free.map(|free| (real, free)));
    }
}

/// A line with its swaps made: of two that overlap the one that begins first, then the longer one.
fn swap(line: &[u8], mut swaps: Vec<Swap>) -> Cow<'_, [u8]> {
    if swaps.is_empty() {
        return Cow::Borrowed(line);
    }
    swaps.sort_by_key(|(span, _, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut at) = (Vec::with_capacity(line.len() + 32), 0);
    for (span, with, _) in swaps {
        if span.start < at {
            continue;
        }
        out.extend_from_slice(line.get(at..span.start).unwrap_or_default());
        out.extend_from_slice(with.as_bytes());
        at = span.end;
    }
    out.extend_from_slice(line.get(at..).unwrap_or_default());
    Cow::Owned(out)
}
