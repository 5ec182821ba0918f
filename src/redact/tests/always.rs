//! What holds for any line.

use std::borrow::Cow;

use super::{super::Redactor, is_json};

/// Pieces that lines with secrets are made of.
const PIECES: &str = r#"(key:"|key:\\"|\\\\\\"|"key":"|range_end:|range_begin:|; |\{|\}|/registry/pods/|/v2/keys/|value:"|"value":|password|passwd=|secret|token| |=|:|"|'|\\|\\n|,|\[|\]|--password|--user|a:b|https://|@|eyJabcdefgh\.eyJabcdefgh|Bearer |Authorization:|-----BEGIN RSA PRIVATE KEY-----|-----END RSA PRIVATE KEY-----|LS0tLS1CRUdJTiBS|"MESSAGE":\[112,119,100,61,97\]|true|0|a|é|x{0,40}|"name":"DB_SECRET",|not found \(|discovery|https://discovery\.a/b|AKIA[A-Z0-9]{16}| -u |environment variable |Path:"|"keys":\[|keys\(\[|>|<|&|;|glpat-|AIza[A-Za-z0-9]{20}|xoxb-1234567890-abcdefgh|K10[0-9a-f]{40}::|\$2y\$10\$[a-zA-Z]{24}|\{SSHA\}[a-z]{24}|Cookie: |a=bcdefghij|AccountKey=|&sig=[a-z]{20}|"auth":"YTpiYmJi"|\.)"#;

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 400, ..Default::default() })]

    #[test]
    fn a_second_pass_changes_nothing_and_a_line_does_not_explode(pieces in proptest::collection::vec(PIECES, 0..14)) {
        let line = pieces.concat();
        let mut redactor = Redactor::new(b"salt");
        let once = redactor.line(line.as_bytes()).into_owned();
        redactor.begin();
        let twice = redactor.line(&once).into_owned();
        assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once), "{line}");
        assert!(once.len() <= 24 * (line.len() + 1), "{line}");
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
        let mut redactor = Redactor::new(b"salt");
        redactor.line(b"-----BEGIN PRIVATE KEY-----");
        redactor.line(&bytes);
    }

    #[test]
    fn json_stays_json(name in "(password|key|value|token|range_end|msg|secret|path|cause|client-key-data)", pieces in proptest::collection::vec(PIECES, 0..10)) {
        let text = pieces.concat();
        let object = serde_json::json!({ "level": "warn", "msg": "x", name: text, "took": "1s" });
        let nested = serde_json::json!({ "MESSAGE": object.to_string(), "_PID": "1" });
        for line in [object.to_string(), nested.to_string()] {
            let mut redactor = Redactor::new(b"salt");
            let out = String::from_utf8(redactor.line(line.as_bytes()).into_owned()).unwrap();
            assert!(is_json(&out), "{line}\nbecame\n{out}");
        }
    }
}

#[test]
fn an_ordinary_line_is_borrowed_and_foreign_bytes_stay() {
    let mut redactor = Redactor::new(b"salt");
    let gbk = b"\xcf\xb5\xcd\xb3 etcd[1]: ready";
    assert!(matches!(redactor.line(gbk), Cow::Borrowed(line) if line == gbk));
    assert_eq!(&*redactor.line(b"\xcf\xb5 password=x\xcd \xb3"), b"\xcf\xb5 password=[password removed] \xb3");
}

/// Without a bound, each of these takes a minute.
#[test]
fn a_line_of_nothing_but_beginnings_takes_linear_time() {
    for piece in [
        "password",
        "key:\"",
        "{key:a;",
        "://a:b",
        "eyJ",
        "-eyJ",
        "-----BEGIN PRIVATE KEY-----\"",
        "key:\\\\",
        "token ",
        "'-u",
        "\"value\":",
        "'pwd='",
        "\"MESSAGE\":[",
        "not found (/",
        "/v2/keys/[",
        "keys([",
        "keys([a\",",
        "not found (/\",",
        "discovery=http://a/",
    ] {
        let line = piece.repeat(100_000 / piece.len());
        Redactor::new(b"salt").line(line.as_bytes());
    }
}
