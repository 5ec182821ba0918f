//! The catalogue holds what it promises.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::*;

/// Wordings for which no printed line is at hand: known from the source of a version alone. A recorded line lowers it; so does none of a
/// wording that is new.
const WITHOUT_SAMPLE: usize = 710;

#[test]
fn a_line_that_a_terminal_cut_says_what_it_says_so_far() {
    let found = |text: &'static str| find_text(text).map(|hit| (hit.message.id, hit.get("error").map(str::to_owned)));
    let whole = r#"rejected connection from "10.0.0.9:5" (error "remote error: tls: bad certificate", ServerName "")"#;
    let id = found(whole).unwrap().0;
    for (end, error) in [
        ("bad", "remote error: tls: bad"),
        ("certificate", "remote error: tls: bad certificate"),
        ("\", S", "remote error: tls: bad certificate"),
    ] {
        let cut = whole.get(..whole.find(end).unwrap() + end.len()).unwrap();
        assert_eq!(found(cut), Some((id, Some(error.to_owned()))), "{cut}");
    }
    for (cut, id) in [
        ("failed to send out heartbeat on time (exceeded the 100ms timeout for 288.9186>", "heartbeat-late"),
        (
            "health check for peer 8bf79e32ed35eb7e could not connect: dial tcp 10.0.0.2:2380: connect: connection ref...",
            "peer-unreachable",
        ),
    ] {
        assert_eq!(found(cut).map(|found| found.0), Some(id), "{cut}");
    }
    // Nothing shows that this one is cut: the sign at its end is its own.
    let whole = r#"request "header:<ID:9 > put:<key:\"a\" >" with result "size:18" took too long (152.3ms) <now>"#;
    assert_eq!(found(whole), None);
    // Nothing shows that these are cut: they may be words of another release.
    for other in
        ["sync duration of 1.3s", "sync duration of 1.352372352s, expected nothing", r#"rejected connection from "10.0.0.9:5""#]
    {
        assert_eq!(found(other), None, "{other}");
    }
}

#[test]
fn a_wording_is_found_whatever_stands_in_its_holes() {
    for (message, wording) in all().flat_map(|message| message.wordings.iter().map(move |wording| (message, wording))) {
        if wording.form == Form::Zap {
            continue;
        }
        let mut pieces = wording.text.split('{');
        let mut text = pieces.next().unwrap().to_owned();
        for piece in pieces {
            text.push_str("x7");
            text.push_str(piece.split_once('}').unwrap().1);
        }
        // A heavier wording may fit as well.
        let found = find_text(&text).unwrap_or_else(|| panic!("{}: nothing is found in {text}", message.id));
        assert!(found.message.id == message.id || found.wording.text.len() >= wording.text.len(), "{text}: {}", found.message.id);
    }
}

#[test]
fn names_are_unique_and_templates_have_words() {
    let mut ids = BTreeSet::new();
    let mut texts = BTreeSet::new();
    for message in all() {
        assert!(ids.insert(message.id), "{} twice", message.id);
        assert!(message.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", message.id);
        assert!(message.means.ends_with('.') && !message.wordings.is_empty(), "{}", message.id);
        assert_eq!(by_id(message.id).map(|found| found.id), Some(message.id));
        for wording in message.wordings {
            assert!(texts.insert((wording.form == Form::Zap, wording.text, wording.needs)), "{} twice", wording.text);
            let literals: Vec<&str> =
                wording.text.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after)).collect();
            assert!(literals.iter().any(|literal| literal.len() > 5), "{}: {} has too few words", message.id, wording.text);
            assert!(!wording.text.contains("}{"), "{}: nothing between two holes", wording.text);
            assert!(wording.form == Form::Zap || wording.needs.is_empty() && wording.fields.is_empty(), "{}", wording.text);
        }
    }
}

#[test]
fn peers_are_named_where_the_class_says_so() {
    for message in all().filter(|message| matches!(message.class, Class::PeerUp | Class::PeerDown)) {
        for wording in message.wordings {
            let named = wording.text.contains("{peer}") || wording.fields.iter().any(|(capture, _)| *capture == "peer");
            assert!(named, "{}: {}", message.id, wording.text);
        }
    }
}

#[test]
fn wordings_without_a_sample_are_counted() {
    let without: Vec<String> = all()
        .flat_map(|message| message.wordings.iter().map(move |wording| (message, wording)))
        .filter(|(_, wording)| wording.sample.is_empty())
        .map(|(message, wording)| format!("{}: {}", message.id, wording.text))
        .collect();
    assert_eq!(without.len(), WITHOUT_SAMPLE, "without a sample:\n{}", without.join("\n"));
}

#[test]
fn prose_that_quotes_a_message_is_not_one() {
    for prose in [
        "he wrote that it said open wal error: wal: file not found",
        "See: open wal error: wal: file not found",
        "the log says 8211f1d0f64f3269 became leader at term 3",
        "we think the server is likely overloaded",
        "报错信息: open wal error: wal: file not found",
        "",
        "panic: at the disco",
    ] {
        assert!(find_text(prose).is_none(), "{prose}");
    }
}

#[test]
fn the_file_system_and_the_quota_are_not_mixed_up() {
    let id = |text: &'static str| find_text(text).map(|hit| hit.message.id);
    assert_eq!(id("open wal error: no space left on device"), Some("disk-full-fatal"));
    assert_eq!(id("etcdserver: mvcc: database space exceeded"), Some("quota-space-exceeded"));
    assert_eq!(id("open wal error: wal: file not found"), Some("wal-file-not-found"));
    assert_eq!(id("open wal error: something new"), Some("wal-open-failed"));
}

#[test]
fn a_prefix_of_a_package_or_a_panic_may_stand_before_a_message() {
    for text in ["etcdserver: server is likely overloaded", "server is likely overloaded"] {
        assert_eq!(find_text(text).map(|hit| hit.message.id), Some("server-overloaded"), "{text}");
    }
    let hit = find_text("panic: tocommit(216) is out of range [lastIndex(114)]. Was the raft log corrupted, truncated, or lost?")
        .unwrap();
    assert_eq!((hit.get("tocommit"), hit.get("last"), hit.get("other")), (Some("216"), Some("114"), None));
    assert!(find_text("panic: failed to recover v3 backend from snapshot").is_some_and(|hit| hit.message.fatal));
}

#[test]
fn fields_decide_between_messages_that_share_their_words() {
    let find = |error: &'static str| {
        let fields = move |name: &str| (name == "error").then_some(Cow::Borrowed(error));
        find_zap(&Cow::Borrowed("failed to open WAL"), &fields).map(|hit| (hit.message.id, hit.get("error").map(str::to_owned)))
    };
    assert_eq!(find("wal: file not found"), Some(("wal-file-not-found", Some("wal: file not found".to_owned()))));
    assert_eq!(find("open x: no space left on device").map(|(id, _)| id), Some("disk-full-fatal"));
    assert_eq!(find("other").map(|(id, _)| id), Some("wal-open-failed"));
}
