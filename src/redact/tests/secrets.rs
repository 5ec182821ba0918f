//! Passwords, tokens and private keys.

use super::{Redactor, file, redacted};

#[test]
fn passwords_go_and_what_stands_around_them_stays() {
    let gone = "[password removed]";
    for (line, says) in [
        ("export ETCDCTL_USER=root:hunter2", "export ETCDCTL_USER=root:HERE"),
        ("ETCDCTL_USER: root:hunter2", "ETCDCTL_USER: root:HERE"),
        ("redis://:hunter2@10.0.0.1:6379", "redis://:HERE@10.0.0.1:6379"),
        ("Environment=ETCD_PASSWORD=x ETCD_NAME=a", "Environment=ETCD_PASSWORD=HERE ETCD_NAME=a"),
        ("https://root:hunter2@10.0.0.1:2379/health", "https://root:HERE@10.0.0.1:2379/health"),
        ("http://a:2379,http://u:p@ss@b:2379,http://c:2379", "http://a:2379,http://u:HERE@b:2379,http://c:2379"),
        ("etcdctl --user root --password hunter2 member list", "etcdctl --user root --password HERE member list"),
        ("etcdctl --password=hunter2 member list", "etcdctl --password=HERE member list"),
        ("etcdctl --password='a b' --endpoints=x", "etcdctl --password='HERE' --endpoints=x"),
        ("etcdctl --user root:hunter2 get", "etcdctl --user root:HERE get"),
        ("etcdctl --user=root:hunter2 get", "etcdctl --user=root:HERE get"),
        ("curl -u root:hunter2 http://a", "curl -u root:HERE http://a"),
        ("curl -u 'root:hunter 2' http://a", "curl -u 'root:HERE' http://a"),
        ("etcdctl user add root:hunter2", "etcdctl user add root:HERE"),
        ("app --root-password hunter2 --passphrase x&y z", "app --root-password HERE --passphrase HERE z"),
        ("etcdctl\0--password\0hunter2\0get", "etcdctl\0--password\0HERE\0get"),
        (
            r#""args":["etcdctl","--password","a\"b","--user","root:c","get"]"#,
            r#""args":["etcdctl","--password","HERE","--user","root:HERE","get"]"#,
        ),
        (r#""args":["--password=a b","--user=root:c"]"#, r#""args":["--password=HERE","--user=root:HERE"]"#),
        (
            r#"{"request":"auth_user_add:<name:\"bob\" password:\"x\" hashed_password:\"$2a$10\" options:<no_password:true > >"}"#,
            r#"{"request":"auth_user_add:<name:\"bob\" password:\"HERE\" hashed_password:\"HERE\" options:<no_password:true > >"}"#,
        ),
        ("ETCD_ROOT_PASSWORD=hunter2 and more", "ETCD_ROOT_PASSWORD=HERE"),
        ("export DB_PASSWD='a b'", "export DB_PASSWD='HERE'"),
        ("  password: correct horse battery", "  password: HERE"),
        ("- password: \"x\"", "- password: \"HERE\""),
        ("admin.pwd = hunter2", "admin.pwd = HERE"),
        ("jdbc:x;user=a;password=b;ssl=true", "jdbc:x;user=a;password=HERE;ssl=true"),
        ("db_pwd=/not/a/directory", "db_pwd=HERE"),
        ("AWS_SECRET_ACCESS_KEY=abc/def+ghi", "AWS_SECRET_ACCESS_KEY=HERE"),
        ("client_secret=abc&grant_type=x", "client_secret=HERE"),
        ("GET /login?client_secret=abc&grant_type=x", "GET /login?client_secret=HERE&grant_type=x"),
        (r#"{"clientSecret":"abc","n":1,"password":1234}"#, r#"{"clientSecret":"HERE","n":1,"password":"HERE"}"#),
        (r#"{\"password\": 1234, \"n\": 1}"#, r#"{\"password\": \"HERE\", \"n\": 1}"#),
        (r#"{"passwords":{"password":["a","b"]}}"#, r#"{"passwords":{"password":["HERE","HERE"]}}"#),
        (r#"{"name":"DB_PASSWORD","value":"x"}"#, r#"{"name":"DB_PASSWORD","value":"HERE"}"#),
        ("unrecognized environment variable ETCD_ROOT_PASSWORD=a b", "unrecognized environment variable ETCD_ROOT_PASSWORD=HERE"),
        (
            r#"{"msg":"unrecognized environment variable","environment-variable":"ETCD_ROOT_PASSWORD=a b"}"#,
            r#"{"msg":"unrecognized environment variable","environment-variable":"ETCD_ROOT_PASSWORD=HERE"}"#,
        ),
        ("Environment=\"ETCD_PASSWORD=a b\" \"X=1\"", "Environment=\"ETCD_PASSWORD=HERE\" \"X=1\""),
    ] {
        assert_eq!(redacted(line), says.replace("HERE", gone), "{line}");
    }
}

#[test]
fn tokens_go_and_names_of_clusters_and_kinds_of_tokens_stay() {
    let gone = "[token removed]";
    for (line, says) in [
        ("Authorization: Bearer abc.def", "Authorization: Bearer HERE"),
        ("curl -H 'Authorization: Basic cm9vdDpodW50ZXIy' http://a", "curl -H 'Authorization: Basic HERE' http://a"),
        ("map[Authorization:[LxQhTpAoSdMnBvCx.12] Accept:[x]]", "map[Authorization:[HERE] Accept:[x]]"),
        (r#"{"Authorization":"LxQhTpAoSdMnBvCx.12"}"#, r#"{"Authorization":"HERE"}"#),
        ("sent Bearer 0123456789abcdef0123 to it", "sent Bearer HERE to it"),
        ("got eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6InIifQ.c2ln-_x, stop", "got HERE, stop"),
        (
            r#"authenticate:<name:\"root\" simple_token:\"LxQhTpAoSdMnBvCx\" >"#,
            r#"authenticate:<name:\"root\" simple_token:\"HERE\" >"#,
        ),
        ("auth: invalid auth token: LxQhTpAoSdMnBvCx.12", "auth: invalid auth token: HERE"),
        ("auth: deleting token LxQhTpAoSdMnBvCx.12 for user root", "auth: deleting token HERE for user root"),
        (
            r#"{"msg":"deleted a simple token","user-name":"root","token":"LxQhTpAoSdMnBvCx.12"}"#,
            r#"{"msg":"deleted a simple token","user-name":"root","token":"HERE"}"#,
        ),
        ("kubeadm join --token abcdef.0123456789abcdef --x", "kubeadm join --token HERE --x"),
        ("the bootstrap token \"abcdef.0123456789abcdef\" is gone", "the bootstrap token \"HERE\" is gone"),
        ("kubectl --bearer-token=abc get", "kubectl --bearer-token=HERE get"),
        ("GET /x?token=abc&y=1", "GET /x?token=HERE&y=1"),
        ("K3S_TOKEN=K10abc::server:def", "K3S_TOKEN=HERE"),
        ("    token: abc", "    token: HERE"),
        ("id AKIAIOSFODNN7EXAMPLE used", "id HERE used"),
        ("ghp_0123456789abcdefghijklmnopqrstuvwxyz", "HERE"),
        (
            "etcd --discovery https://discovery.etcd.io/3e86b59982e49066c5d813af1c2e2579cbf573de --name a",
            "etcd --discovery https://discovery.etcd.io/HERE --name a",
        ),
        ("etcd --discovery=https://disc.example/a/3e86b599", "etcd --discovery=https://disc.example/a/HERE"),
        (
            "registered with discovery service token (https://discovery.etcd.io/3e86b599).",
            "registered with discovery service token (https://discovery.etcd.io/HERE).",
        ),
        (
            r#"{"name":"a","discovery-token":"https://d.example/3e86b599","error":""}"#,
            r#"{"name":"a","discovery-token":"https://d.example/HERE","error":""}"#,
        ),
        ("ETCD_DISCOVERY=https://u:p@d.example/3e86b599", "ETCD_DISCOVERY=https://u:[password removed]@d.example/HERE"),
    ] {
        assert_eq!(redacted(line), says.replace("HERE", gone), "{line}");
    }
    for line in [
        "--initial-cluster-token etcd-cluster-1 --initial-cluster-token=prod",
        "ETCD_INITIAL_CLUSTER_TOKEN=etcd-cluster",
        r#"{"initial-cluster-token":"etcd-cluster","auth-token":"simple","discovery-url":"","discovery-proxy":""}"#,
        "--auth-token jwt,pub-key=/etc/jwt.pub,priv-key=/etc/jwt.key,sign-method=RS256 --auth-token-ttl=300",
        "--discovery-srv example.com --discovery-proxy http://10.0.0.9:3128",
        "simple token is not cryptographically signed",
        "failed to parse a JWT token: token is expired",
        r#"{"msg":"invalid auth token","token-fingerprint":"9f86d081"}"#,
        "simple token TTL is 300s",
        "invalid bearer token, token ttl 5m0s",
        "--authorization-mode=Node,RBAC --token-auth-file=/etc/tokens.csv",
    ] {
        assert_eq!(redacted(line), line);
    }
}

#[test]
fn private_keys_go_over_lines_and_within_one_and_certificates_stay() {
    let pem = "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIEowIBAAKCAQEAxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxyz\n  q8Zw==\n  -----END RSA PRIVATE KEY-----\nb: 1";
    assert_eq!(file(pem), "a: |\n  [private key removed]\n  \n  \n  \nb: 1");
    let logged = "Nov 22 16:00:00 h app[1]: -----BEGIN EC PRIVATE KEY-----\nNov 22 16:00:00 h etcd[2]: ready to serve client requests\n\
                  Nov 22 16:00:00 h app[1]: MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\n\
                  Nov 22 16:00:00 h app[1]: YY/xCg==\nNov 22 16:00:00 h app[1]: -----END EC PRIVATE KEY-----\nNov 22 16:00:01 h app[1]: abc=";
    assert_eq!(
        file(logged),
        "Nov 22 16:00:00 h app[1]: [private key removed]\nNov 22 16:00:00 h etcd[2]: ready to serve client requests\n\
         Nov 22 16:00:00 h app[1]: \nNov 22 16:00:00 h app[1]: \nNov 22 16:00:00 h app[1]: \nNov 22 16:00:01 h app[1]: abc="
    );
    let docker = "{\"log\":\"-----BEGIN PRIVATE KEY-----\\n\",\"stream\":\"stderr\"}\n{\"log\":\"q8Zw\\n\",\"stream\":\"stderr\"}\n{\"log\":\"-----END PRIVATE KEY-----\\n\",\"stream\":\"stderr\"}";
    let lines = file(docker);
    assert!(!lines.contains("q8Zw") && lines.lines().all(super::is_json), "{lines}");
    for (line, says) in [
        (
            r#"{"key.pem":"-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n","n":1}"#,
            r#"{"key.pem":"[private key removed]\n","n":1}"#,
        ),
        (r#"{"key.pem":"-----BEGIN EC PRIVATE KEY-----\nMHcC"}"#, r#"{"key.pem":"[private key removed]"}"#),
        ("    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVk=", "    client-key-data: [private key removed]"),
        ("  tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t", "  tls.key: [private key removed]"),
    ] {
        assert_eq!(redacted(line), says);
    }
    for line in [
        "-----BEGIN CERTIFICATE-----",
        "MIIDXTCCAkWgAwIBAgIJAKL0UG+mRkSvMA0GCSqGSIb3DQEBCwUAMEUxCzAJBgNV",
        "client-certificate-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURYVEND",
    ] {
        assert_eq!(redacted(line), line);
    }
}

#[test]
fn an_open_private_key_does_not_reach_into_the_next_file() {
    let mut redactor = Redactor::new(b"");
    redactor.line(b"-----BEGIN PRIVATE KEY-----");
    redactor.begin();
    assert_eq!(&*redactor.line(b"q8Zw=="), b"q8Zw==");
}

#[test]
fn a_secret_below_its_name_goes_in_manifests() {
    let yaml =
        "- name: DB_PASSWORD\n  value: hunter 2\n- name: ETCD_NAME\n  value: etcd-a\n- --password\n- hunter2\n- --user\n- root";
    let says = "- name: DB_PASSWORD\n  value: [password removed]\n- name: ETCD_NAME\n  value: etcd-a\n- --password\n- [password removed]\n- --user\n- root";
    assert_eq!(file(yaml), says);
    let json = "    \"--token\",\n    \"abc\",\n    \"x\"\n  \"name\": \"A_SECRET\",\n  \"value\": \"y\"";
    assert_eq!(
        file(json),
        "    \"--token\",\n    \"[token removed]\",\n    \"x\"\n  \"name\": \"A_SECRET\",\n  \"value\": \"[password removed]\""
    );
}

#[test]
fn what_was_taken_out_is_counted_by_kind() {
    let mut redactor = Redactor::new(b"");
    for line in [
        "key:\"a\" value:\"b\"",
        "-----BEGIN PRIVATE KEY-----",
        "q8Zw==",
        "-----END PRIVATE KEY-----",
        "password=x",
        "http://u:p@h token=y",
    ] {
        redactor.line(line.as_bytes());
    }
    let counts = redactor.take_counts();
    let expected = [("key name", 1), ("password", 2), ("private key", 1), ("token", 1), ("value", 1)];
    assert_eq!(counts, expected.into());
    assert!(redactor.take_counts().is_empty());
}

#[test]
fn a_message_that_journald_writes_as_bytes_is_read() {
    let array = |text: &str| text.bytes().map(|b| b.to_string()).collect::<Vec<_>>().join(",");
    let line = |text: &str| format!("{{\"MESSAGE\":[{}],\"_PID\":\"1\"}}", array(text));
    assert_eq!(redacted(&line("\u{1}password=x")), line("\u{1}password=[password removed]"));
    assert_eq!(redacted(&line("\u{1}hello")), line("\u{1}hello"));
}
