//! Lines of ordinary evidence, which no detector may take for a secret. What each must see, `tests/secrets.rs` has.

use super::recognise;

#[test]
fn ordinary_evidence_has_no_secret() {
    for line in super::super::tests::stays::LINES.lines() {
        assert_eq!(recognise(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn what_the_redactor_leaves_in_place_of_a_secret_is_none() {
    for line in [
        "ETCD_ROOT_PASSWORD=[password removed]",
        r#"{"password":"[password removed]","token":"[token removed]"}"#,
        "https://root:[password removed]@10.0.0.1:2379",
        "Authorization: Bearer [token removed]",
        "etcdctl --user root:[password removed] --password [password removed]",
        "client-key-data: [private key removed]",
        "Cookie: [token removed]",
    ] {
        assert_eq!(recognise(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn a_place_for_a_secret_without_one_is_none() {
    for line in [
        "password: authentication failed",
        "the password=$PASSWORD of the unit",
        "--password-file=/etc/etcd/password",
        "password=********",
        "https://user:xxxxx@10.0.0.1:2379",
        "--user 1000:1000",
        "secretName: etcd-peer-certificates-2026",
        "failed to read token: open /var/run/secrets/token: no such file",
        "--initial-cluster-token=etcd-cluster-7f3a9b2c1d",
        "--auth-token=jwt,pub-key=/etc/etcd/jwt.pem,sign-method=RS256",
        "invalid auth token",
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo",
    ] {
        assert_eq!(recognise(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn keys_are_recognised_without_their_head() {
    for (line, detector) in [
        // PKCS#8, PKCS#1, SEC 1, and a store of PKCS#12: the first bytes decide, the rest is made up.
        ("x MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB", "private key or key store in base64"),
        ("MIIEpAIBAAKCAQEA0000000000000000000000000000000000", "private key or key store in base64"),
        ("MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "private key or key store in base64"),
        ("p12: MIIKEAIBAzCCCdYGCSqGSIb3DQEHAaCCCccEggnDMIIJvz", "private key or key store in base64"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "PuTTY private key"),
        ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB", "OpenSSH private key"),
    ] {
        assert_eq!(recognise(line.as_bytes()), Some(detector), "{line}");
    }
}
