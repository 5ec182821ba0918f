//! The small words of etcdctl's outputs: ids, sizes, endpoints, lists of URLs.

use crate::text::Untrusted;

use super::Size;

/// Ids above this do not survive tools that hold numbers as floats.
const EXACT_IN_FLOAT: u64 = 1 << 53;

/// Reads an id as etcd prints it: 1 to 16 hex digits, not padded, so ids compare as numbers only.
pub fn hex_id(text: &str) -> Option<u64> {
    let hex = !text.is_empty() && text.len() <= 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { u64::from_str_radix(text, 16).ok() } else { None }
}

/// Whether a decimal id looks as if a tool had held it as a float: jq up to 1.6 prints 17 digits of it and then zeros. A true id
/// looks so once in a hundred to a thousand.
pub fn looks_rounded(id: u64) -> bool {
    let zeros = id.checked_ilog10().unwrap_or(0).saturating_sub(16);
    id > EXACT_IN_FLOAT && zeros > 0 && id.is_multiple_of(10u64.pow(zeros))
}

/// Host and port of an endpoint, with or without scheme: `http://10.0.0.1:2379/health`, `db01:2379`, `[::1]:2379`. The host comes
/// without brackets.
pub fn host_port(endpoint: &str) -> Option<(&str, u16)> {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let authority = rest.split_once(['/', '?']).map_or(rest, |(authority, _)| authority);
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once("]:")?,
        None => authority.rsplit_once(':').filter(|(host, _)| !host.contains(':'))?,
    };
    if host.is_empty() || host.contains(char::is_whitespace) || !port.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((host, port.parse().ok()?))
}

/// Whether a word can be an endpoint of etcdctl: a URL, or a host with a port.
pub(super) fn is_endpoint(word: &str) -> bool {
    let url = ["http://", "https://", "unix://", "unixs://"].iter().any(|s| word.len() > s.len() && word.starts_with(s));
    !word.contains([' ', '\t', ',', '"']) && (url || host_port(word).is_some())
}

/// URLs joined by commas, the empty ones left out.
pub(super) fn urls(joined: &str) -> Vec<Untrusted> {
    joined.split(',').map(str::trim).filter(|u| !u.is_empty()).map(Untrusted::from).collect()
}

/// `true` or `false`.
pub(super) fn boolean(word: &str) -> Option<bool> {
    word.parse().ok()
}

/// Words, unless there are none.
pub(super) fn nonempty(words: &str) -> Option<Untrusted> {
    let words = words.trim();
    if words.is_empty() { None } else { Some(words.into()) }
}

/// A number that is not zero: zero is what an unset field prints.
pub(super) fn nonzero(word: &str) -> Option<u64> {
    word.parse().ok().filter(|n| *n != 0)
}

/// Whether a word is a version: `3.4.23`, `3.6.0-rc.1`.
pub(super) fn is_version(word: &str) -> bool {
    let mut parts = word.splitn(3, '.');
    let number = |p: Option<&str>| p.is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    number(parts.next()) && number(parts.next()) && parts.next().is_some_and(|p| p.starts_with(|c: char| c.is_ascii_digit()))
}

/// Reads a size as go-humanize prints it: `512 B`, `20 kB`, `2.1 GB`, powers of 1000. Zero is unknown.
pub(super) fn size(text: &str) -> Option<Size> {
    let (number, unit) = text.trim().split_once(' ')?;
    let scale: u64 = match unit.trim() {
        "B" => 1,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "PB" => 1_000_000_000_000_000,
        _ => return None,
    };
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let one_digit = tenth.len() == 1 && tenth.bytes().all(|b| b.is_ascii_digit());
    if !one_digit || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let bytes = whole.parse::<u64>().ok()?.checked_mul(scale)?.checked_add(tenth.parse::<u64>().ok()? * scale / 10)?;
    if bytes == 0 { None } else { Some(Size { bytes, rounded: scale != 1 }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_one_to_sixteen_hex_digits() {
        assert_eq!(hex_id("8e9e05c52164694d"), Some(10_276_657_743_932_975_437));
        assert_eq!(hex_id("ea7410a4770c399"), Some(0xea7_410a_4770_c399));
        assert_eq!(hex_id("ffffffffffffffff"), Some(u64::MAX));
        for bad in ["", "g1", "+1", "0x12", "8e9e05c52164694d0", " 1", "-1", "１"] {
            assert_eq!(hex_id(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_id_that_went_through_a_float_shows_its_zeros() {
        for rounded in [10_276_657_743_932_976_000, 9_356_872_468_706_560_000] {
            assert!(looks_rounded(rounded), "{rounded}");
        }
        for whole in [10_276_657_743_932_975_437, 1000, 9_356_872_468_706_560_373, 0] {
            assert!(!looks_rounded(whole), "{whole}");
        }
    }

    #[test]
    fn host_and_port_come_out_of_every_way_to_write_an_endpoint() {
        for (endpoint, host, port) in [
            ("http://10.0.0.1:2379", "10.0.0.1", 2379),
            ("https://db01.example.org:4001/health", "db01.example.org", 4001),
            ("127.0.0.1:2379", "127.0.0.1", 2379),
            ("[::1]:2379", "::1", 2379),
            ("https://[fe80::1%25eth0]:2380/", "fe80::1%25eth0", 2380),
        ] {
            assert_eq!(host_port(endpoint), Some((host, port)), "{endpoint}");
        }
        for bad in ["", "db01", "http://db01", "::1:2379", ":2379", "db01:", "db01:99999", "a b:1", "db01:+1"] {
            assert_eq!(host_port(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_are_decimal_and_rounded() {
        for (text, bytes, rounded) in [
            ("20 kB", 20_000, true),
            ("111 kB", 111_000, true),
            ("25 MB", 25_000_000, true),
            ("2.1 GB", 2_100_000_000, true),
            ("512 B", 512, false),
        ] {
            assert_eq!(size(text), Some(Size { bytes, rounded }), "{text}");
        }
        for bad in ["", "0 B", "20", "20kB", "2,1 GB", "2.1 GiB", "x MB", "99999999999999999999 MB", "-1 kB", "2.15 MB"] {
            assert_eq!(size(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_endpoint_is_a_url_or_a_host_with_a_port() {
        for yes in ["http://10.0.0.1:2379", "https://ma-1.dev.*.*:4001", "127.0.0.1:2379", "unix:///run/etcd.sock", "[::1]:2379"]
        {
            assert!(is_endpoint(yes), "{yes}");
        }
        for no in ["", "http://", "node", "a, b:1", "the node:2379"] {
            assert!(!is_endpoint(no), "{no}");
        }
    }

    #[test]
    fn a_version_has_three_numbers() {
        assert!(is_version("3.4.23") && is_version("3.6.0-rc.1") && is_version("3.5.0+git"));
        assert!(!is_version("3.4") && !is_version("25 MB") && !is_version("") && !is_version("1.1 MB") && !is_version("10.0.x"));
    }
}
