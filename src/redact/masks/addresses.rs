//! Addresses of IPv4 and IPv6 in a line, and pseudonyms for them that keep whose subnet they share.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    ops::Range,
};

/// Most addresses that get a pseudonym of their own: scanners of the internet leave many in a log.
const MOST: usize = 32_000;
/// What stands for all further ones.
const FURTHER: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(255, 255, 255, 254)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1))];
/// The first octets of pseudonyms: 240.0.0.0/4 is reserved (RFC 1112, 4). Of 255 only what is no netmask is used.
const FIRST: std::ops::RangeInclusive<u8> = 240..=254;
/// Where further networks of eight bits go, if there are more than those.
const OVERFLOW: u8 = 255;

/// The table of addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    given: BTreeMap<IpAddr, IpAddr>,
    back: BTreeMap<IpAddr, IpAddr>,
    new: BTreeSet<IpAddr>,
    /// Pseudonymous octets below a real prefix of one to three octets.
    octets: BTreeMap<Vec<u8>, BTreeMap<u8, u8>>,
    /// Pseudonymous pairs of octets of networks of 24 bits beyond the first ones.
    beyond: BTreeMap<[u8; 3], (u8, u8)>,
    /// Pseudonymous groups below a real prefix: none, 48 bits, 64 bits.
    groups: BTreeMap<Vec<u16>, BTreeMap<Vec<u16>, u16>>,
}

impl Addresses {
    pub(super) fn learn(&mut self, line: &[u8]) {
        let (given, new) = (&self.given, &mut self.new);
        find(line, |_, address, _| {
            let address = plain(address);
            if !stays(address) && !given.contains_key(&address) && given.len() + new.len() < MOST {
                new.insert(address);
            }
        });
    }

    /// Gives pseudonyms in the order in which the addresses sort as text.
    pub(super) fn settle(&mut self) {
        let mut new: Vec<(String, IpAddr)> = std::mem::take(&mut self.new).into_iter().map(|a| (a.to_string(), a)).collect();
        new.sort();
        for (_, address) in new {
            let with = match address {
                IpAddr::V4(address) => IpAddr::V4(self.v4(address)),
                IpAddr::V6(address) => IpAddr::V6(self.v6(address)),
            };
            self.enter(address, with);
        }
    }

    fn enter(&mut self, address: IpAddr, with: IpAddr) {
        self.given.insert(address, with);
        self.back.insert(with, address);
    }

    /// The pairs, for the map.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&IpAddr, &IpAddr)> {
        self.given.iter()
    }

    /// Takes over a pair of a map that was written before. Gives whether it can be one.
    pub(super) fn restore(&mut self, address: IpAddr, with: IpAddr) -> bool {
        if self.back.contains_key(&with) {
            return false;
        }
        match (address, with) {
            (IpAddr::V4(address), IpAddr::V4(with)) => {
                let (a, w) = (address.octets(), with.octets());
                if w[0] == OVERFLOW {
                    self.beyond.insert([a[0], a[1], a[2]], (w[1], w[2]));
                } else {
                    for (length, (octet, with)) in a.into_iter().zip(w).take(3).enumerate() {
                        self.octets.entry(prefix(&a, length)).or_default().insert(octet, with);
                    }
                }
                self.octets.entry(prefix(&a, 3)).or_default().insert(a[3], w[3]);
            }
            (IpAddr::V6(address), IpAddr::V6(with)) => {
                let (a, w) = (address.segments(), with.segments());
                for (length, upto, with) in [(0, 3, w[2]), (3, 4, w[3]), (4, 8, w[7])] {
                    let below = self.groups.entry(a.iter().take(length).copied().collect()).or_default();
                    below.insert(a.get(length..upto).unwrap_or_default().to_vec(), with);
                }
            }
            _ => return false,
        }
        self.enter(address, with);
        true
    }

    fn v4(&mut self, address: Ipv4Addr) -> Ipv4Addr {
        let a = address.octets();
        let known = self.octets.get(&Vec::new()).and_then(|first| first.get(&a[0])).copied();
        let used: BTreeSet<u8> = self.octets.get(&Vec::new()).map(|first| first.values().copied().collect()).unwrap_or_default();
        let first = known.or_else(|| FIRST.clone().find(|octet| !used.contains(octet)));
        let Some(first) = first else {
            let number = u16::try_from(self.beyond.len() + 256).unwrap_or(u16::MAX).to_be_bytes();
            let pair = *self.beyond.entry([a[0], a[1], a[2]]).or_insert((number[0], number[1]));
            return Ipv4Addr::new(OVERFLOW, pair.0, pair.1, self.octet(prefix(&a, 3), a[3]));
        };
        self.octets.entry(Vec::new()).or_default().insert(a[0], first);
        let [second, third, fourth] =
            [(1, a[1]), (2, a[2]), (3, a[3])].map(|(length, octet)| self.octet(prefix(&a, length), octet));
        Ipv4Addr::new(first, second, third, fourth)
    }

    /// The pseudonymous octet for one below a prefix. 0 and 255 stay: they are the network and all of its hosts. Three digits each, as long as
    /// there are some left, so that numbers and texts sort alike.
    fn octet(&mut self, below: Vec<u8>, octet: u8) -> u8 {
        let known = self.octets.entry(below).or_default();
        if let Some(with) = known.get(&octet) {
            return *with;
        }
        let last = known.values().copied().filter(|with| *with < 255).max().unwrap_or(0).max(100);
        let used: BTreeSet<u8> = known.values().copied().collect();
        let free = |with: &u8| !used.contains(with);
        let with = match octet {
            0 | 255 => octet,
            _ => (last..255).chain(1..=254).find(free).unwrap_or(octet),
        };
        known.insert(octet, with);
        with
    }

    fn v6(&mut self, address: Ipv6Addr) -> Ipv6Addr {
        let a = address.segments();
        let [site, net, host] = [(0, 3), (3, 4), (4, 8)].map(|(length, upto)| {
            let known = self.groups.entry(a.iter().take(length).copied().collect()).or_default();
            let part = a.get(length..upto).unwrap_or_default().to_vec();
            let is_zero = length > 0 && part.iter().all(|group| *group == 0);
            let next = known.values().max().copied().unwrap_or(0).max(0x1000).saturating_add(1);
            *known.entry(part).or_insert(if is_zero { 0 } else { next })
        });
        Ipv6Addr::new(0x2001, 0xdb8, site, net, 0, 0, 0, host)
    }

    /// Hands over where addresses stand, with their pseudonyms.
    pub(super) fn find(&self, line: &[u8], mut take: impl FnMut(Range<usize>, String)) {
        find(line, |span, address, form| {
            let known = plain(address);
            if !stays(known) {
                let with = self.given.get(&known).copied().unwrap_or(if known.is_ipv4() { FURTHER[0] } else { FURTHER[1] });
                take(span, form.text(address, with));
            }
        });
    }

    /// The other way round.
    pub(super) fn find_back(&self, line: &[u8], mut take: impl FnMut(Range<usize>, String)) {
        find(line, |span, address, form| {
            if let Some(real) = self.back.get(&plain(address)) {
                take(span, form.text(address, *real));
            }
        });
    }
}

/// The octets before a place.
fn prefix(octets: &[u8; 4], length: usize) -> Vec<u8> {
    octets.iter().take(length).copied().collect()
}

/// An address of IPv4 that is written as one of IPv6 is that one.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Addresses that tell nothing of a site, and those that look like pseudonyms.
fn stays(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let first = address.octets()[0];
            first == 0 || address.is_loopback() || address.is_link_local() || first >= 224
        }
        IpAddr::V6(address) => {
            let groups = address.segments();
            let is_link_local = groups[0] & 0xffc0 == 0xfe80;
            let is_documentation = groups[0] == 0x2001 && groups[1] == 0xdb8;
            address.is_loopback() || address.is_unspecified() || address.is_multicast() || is_link_local || is_documentation
        }
    }
}

/// How an address is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    /// `ip-10-0-0-1`, as clouds call their hosts.
    Dashes,
    /// `0A000001`, as chronyc writes its source beside the address.
    Hex,
}

impl Form {
    fn text(self, found: IpAddr, with: IpAddr) -> String {
        match (self, found, with) {
            (Self::Dashes, _, with) => with.to_string().replace('.', "-"),
            (Self::Hex, _, IpAddr::V4(with)) => format!("{:08X}", with.to_bits()),
            (_, IpAddr::V6(_), IpAddr::V4(with)) => format!("::ffff:{with}"),
            _ => with.to_string(),
        }
    }
}

/// Finds addresses that stand as words.
fn find(line: &[u8], mut take: impl FnMut(Range<usize>, IpAddr, Form)) {
    let is_of_run = |b: u8| b.is_ascii_hexdigit() || matches!(b, b'.' | b':');
    let mut at = 0;
    while let Some(begin) = line.get(at..).and_then(|rest| rest.iter().position(|b| is_of_run(*b))) {
        let begin = at + begin;
        let run = line.get(begin..).unwrap_or_default();
        let length = run.iter().take_while(|b| is_of_run(**b)).count();
        let run = run.get(..length).unwrap_or_default();
        at = begin + length;
        if length >= 2 {
            in_run(line, begin, run, &mut take);
        }
    }
    let mut at = 0;
    while let Some(found) = line.get(at..).and_then(|rest| memchr::memmem::find(rest, b"ip-")) {
        at += found + 3;
        let rest = line.get(at..).unwrap_or_default();
        let length = rest.iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        let word = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).replace('-', ".");
        if let Ok(address) = word.parse::<Ipv4Addr>() {
            take(at..at + length, IpAddr::V4(address), Form::Dashes);
        }
    }
    if let Some((span, address)) = reference(line) {
        take(span, address, Form::Hex);
    }
}

/// `Reference ID    : 0A000035 (10.0.0.53)`: the number is the address.
fn reference(line: &[u8]) -> Option<(Range<usize>, IpAddr)> {
    let text = std::str::from_utf8(line.strip_prefix(b"Reference ID")?).ok()?;
    let (before, behind) = text.split_once(':')?;
    let from = "Reference ID".len() + before.len() + 1 + (behind.len() - behind.trim_start().len());
    let (hex, rest) = behind.trim_start().split_once(" (")?;
    let address: Ipv4Addr = rest.split(')').next()?.parse().ok()?;
    (u32::from_str_radix(hex, 16) == Ok(address.to_bits())).then(|| (from..from + hex.len(), IpAddr::V4(address)))
}

/// Looks through a run of digits, letters of hexadecimal numbers, points and colons.
fn in_run(line: &[u8], begin: usize, run: &[u8], take: &mut impl FnMut(Range<usize>, IpAddr, Form)) {
    let count = |sign: u8| run.iter().filter(|b| **b == sign).count();
    let before = begin.checked_sub(1).and_then(|at| line.get(at)).copied();
    let after = line.get(begin + run.len()).copied();
    let is_letter = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    if count(b':') >= 2 && !is_letter(before) && !is_letter(after) {
        let text = run.strip_suffix(b".").unwrap_or(run);
        let text = text.strip_suffix(b":").filter(|text| !text.ends_with(b":")).unwrap_or(text);
        if let Some(address) = std::str::from_utf8(text).ok().and_then(|text| text.parse::<Ipv6Addr>().ok()) {
            take(begin..begin + text.len(), IpAddr::V6(address), Form::Plain);
            return;
        }
    }
    if count(b'.') < 3 {
        return;
    }
    let mut at = 0;
    for word in run.split(|b| *b == b':') {
        let span = begin + at..begin + at + word.len();
        at += word.len() + 1;
        let end = word.iter().rev().take_while(|b| **b == b'.').count();
        let text = word.get(..word.len() - end).unwrap_or_default();
        // A run ends before a letter, and begins behind one: there it is a version, or part of a name.
        let edges = [span.start.checked_sub(1).and_then(|at| line.get(at)).copied(), line.get(span.end - end).copied()];
        if edges.iter().any(|edge| is_letter(*edge)) {
            continue;
        }
        if let Some(address) = std::str::from_utf8(text).ok().and_then(|text| text.parse::<Ipv4Addr>().ok()) {
            take(span.start..span.end - end, IpAddr::V4(address), Form::Plain);
        }
    }
}
