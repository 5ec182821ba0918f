//! Pseudonyms: what they are for, what stays, and that they can be turned back.

use std::collections::BTreeMap;

use super::{Hide, Masks};

const ALL: [Hide; 3] = [Hide::Addresses, Hide::Hosts, Hide::Names];

/// A table that has seen these lines.
fn learnt(lines: &str, hides: &[Hide]) -> Masks {
    let mut masks = Masks::new(hides.iter().copied());
    lines.lines().for_each(|line| masks.learn(line.as_bytes()));
    masks.settle();
    masks
}

/// The lines with pseudonyms. A second pass changes nothing, neither by this table nor by one that is made anew, and all can be turned back.
fn masked(masks: &Masks, lines: &str) -> String {
    let with = |masks: &Masks, lines: &str| {
        let mask = |line: &str| String::from_utf8(masks.mask(line.as_bytes(), &mut BTreeMap::new()).into_owned()).unwrap();
        lines.lines().map(mask).collect::<Vec<_>>().join("\n")
    };
    let once = with(masks, lines);
    assert_eq!(with(masks, &once), once, "a second pass");
    assert_eq!(
        with(&learnt(&once, &masks.hides.iter().copied().collect::<Vec<_>>()), &once),
        once,
        "a second pass with a table of its own"
    );
    let back: Vec<String> =
        once.lines().map(|line| String::from_utf8(masks.unmask(line.as_bytes()).into_owned()).unwrap()).collect();
    assert_eq!(back.join("\n"), lines, "turned back");
    once
}

fn all(lines: &str) -> String {
    masked(&learnt(lines, &ALL), lines)
}

#[test]
fn addresses_of_one_subnet_stay_in_one_and_sort_as_before_and_ports_stay() {
    let text = "dial tcp 10.20.30.9:2380, 10.20.30.10:2380 and 10.20.31.9; 10.21.0.1/16 is far, 192.168.7.255 farther";
    assert_eq!(
        all(text),
        "dial tcp 240.100.100.101:2380, 240.100.100.100:2380 and 240.100.101.100; 240.101.0.100/16 is far, 241.100.100.255 farther"
    );
}

#[test]
fn addresses_that_tell_nothing_of_a_site_stay() {
    let text = "127.0.0.1:2379 0.0.0.0:* 169.254.1.2 224.0.0.1 255.255.255.0 [::1]:2379 [::]:2380 fe80::1%eth0 ff02::1 240.0.0.1 2001:db8::1";
    assert_eq!(all(text), text);
}

#[test]
fn what_only_looks_like_an_address_stays() {
    let text = "v1.2.3.4 1.2.3.4.5 2026-11-22T10:00:00.123Z 10:00:00 00:11:22:33:44:55 std::fs db::open 3.5.16 1.2.3.400 etcd-3.5.16.tar";
    assert_eq!(all(text), text);
}

#[test]
fn addresses_of_ipv6_keep_their_subnet_in_every_writing() {
    assert_eq!(
        all("[fd00:1:2:3::5]:2380 [fd00:1:2:3::6]:2380 fd00:1:2:4::5 ::ffff:10.0.0.1"),
        "[2001:db8:1001:1001::1001]:2380 [2001:db8:1001:1001::1002]:2380 2001:db8:1001:1002::1001 ::ffff:240.0.0.100"
    );
}

#[test]
fn an_address_in_a_host_s_name_or_beside_its_number_is_the_same_address() {
    let text = "Reference ID    : 0A000035 (10.0.0.53)\nkubelet ip-10-0-0-53 is ready";
    let masks = learnt(text, &[Hide::Addresses]);
    let once = masked(&masks, text);
    assert_eq!(once, "Reference ID    : F0000064 (240.0.0.100)\nkubelet ip-240-0-0-100 is ready");
}

const JOURNAL: &str = r#"2026-11-22T10:00:00+0000 db-1 etcd[9]: {"level":"info","msg":"starting an etcd server","etcd-version":"3.5.16","name":"infra0","initial-cluster":"infra0=https://db-1.corp.example.com:2380,infra1=https://db-1-a.corp.example.com:2380,infra2=https://10.0.0.3:2380"}
2026-11-22T10:00:01+0000 db-1 etcd[9]: dial tcp: lookup db-1-a.corp.example.com on 10.0.0.53:53: no such host
2026-11-22T10:00:02+0000 db-1 kernel: Out of memory: Killed process 4153 (etcd)
x509: certificate is valid for localhost, db-1.corp.example.com, *.corp.example.com, not db-1-a
etcd-db-1 in /etc/etcd/db-1.crt of db-1.corp.example.com, and db-10 is another
8e9e05c52164694d, started, infra1, https://db-1-a:2380, https://db-1-a:2379, false"#;

#[test]
fn hosts_short_and_long_and_within_one_another_keep_what_joins_them() {
    let once = all(JOURNAL);
    for kept in [
        "+0000 host-1 etcd[9]: {",
        r#""name":"member-1","initial-cluster":"member-1=https://host-1.site-1.example:2380,member-2=https://host-2.site-1.example:2380,member-3=https://240.0.0.100:2380""#,
        "lookup host-2.site-1.example on 240.0.0.101:53: no such host",
        "valid for localhost, host-1.site-1.example, *.site-1.example, not host-2",
        "etcd-host-1 in /etc/etcd/host-1.crt of host-1.site-1.example, and db-10 is another",
        "8e9e05c52164694d, started, member-2, https://host-2:2380",
    ] {
        assert!(once.contains(kept), "{kept} is not in\n{once}");
    }
}

#[test]
fn a_name_that_is_learnt_late_is_replaced_in_earlier_lines_too() {
    assert_eq!(all("paris is slow\nGet https://paris:2380/raft"), "host-1 is slow\nGet https://host-1:2380/raft");
}

#[test]
fn a_name_that_is_an_ordinary_word_is_replaced_where_a_name_stands_and_nowhere_else() {
    let text = "etcd[9]: published {Name:default ClientURLs:[http://master:2379]} to cluster\nthe default is a master\netcd --name default";
    assert_eq!(
        all(text),
        "etcd[9]: published {Name:member-1 ClientURLs:[http://host-1:2379]} to cluster\nthe default is a master\netcd --name member-1"
    );
}

#[test]
fn a_program_that_is_called_as_its_host_keeps_its_name_in_a_log() {
    let text = "Nov 22 16:00:00 etcd1 etcd1[9]: etcd1: hello";
    assert_eq!(all(text), "Nov 22 16:00:00 host-1 etcd1[9]: host-1: hello");
}

#[test]
fn public_hosts_and_settings_stay() {
    let text = "see https://etcd.io/docs and https://github.com/etcd-io/etcd; --listen-client-urls=http://localhost:2379";
    assert_eq!(all(text), text);
}

#[test]
fn only_what_was_asked_for_is_replaced() {
    let once = masked(&learnt(JOURNAL, &[Hide::Names]), JOURNAL);
    assert!(once.contains("member-1=https://db-1.corp.example.com:2380") && once.contains("https://10.0.0.3"), "{once}");
    let once = masked(&learnt(JOURNAL, &[Hide::Addresses]), JOURNAL);
    assert!(once.contains("infra2=https://240.0.0.100:2380") && once.contains("db-1"), "{once}");
}

#[test]
fn a_real_host_that_is_called_like_a_pseudonym_stays_and_its_number_goes_to_nobody() {
    assert_eq!(all("https://host-1:2380 https://berlin:2380"), "https://host-1:2380 https://host-2:2380");
}

#[test]
fn a_map_that_is_read_again_goes_on_where_it_ended() {
    let first = learnt(JOURNAL, &ALL);
    let text = first.to_text().unwrap();
    let mut second = Masks::read(&text).unwrap().hiding(ALL);
    assert_eq!(second.to_text().unwrap(), text);
    let more = "https://aachen.corp.example.com:2380 https://db-1:2380 10.0.0.2 10.0.0.3 fd00::1";
    second.learn(more.as_bytes());
    second.settle();
    assert_eq!(
        masked(&second, more),
        "https://host-3.site-1.example:2380 https://host-1:2380 240.0.0.102 240.0.0.100 2001:db8:1001::1001"
    );
    assert_eq!(masked(&second, JOURNAL), masked(&first, JOURNAL));
}

#[test]
fn a_file_that_is_no_map_is_refused() {
    for text in ["", "{}", r#"{"format":"etcd-triage/map/2"}"#] {
        assert!(Masks::read(text).is_err(), "{text}");
    }
    let twice = r#"{"format":"etcd-triage/map/1","hosts":{"a":"host-1","b":"host-1"}}"#;
    assert!(Masks::read(twice).unwrap_err().to_string().contains("host-1"));
    let none = r#"{"format":"etcd-triage/map/1","hosts":{"a":"the"}}"#;
    assert!(Masks::read(none).is_err());
}

#[test]
fn of_many_addresses_each_has_a_pseudonym_of_its_own() {
    let lines: Vec<String> = (0..5000_u32).map(|n| std::net::Ipv4Addr::from(n * 700_000 + 0x0100_0000).to_string()).collect();
    let masks = learnt(&lines.join("\n"), &ALL);
    masked(&masks, &lines.join("\n"));
}
