//! Names of keys and values in etcd's own wordings.

use super::{Redactor, nameless, redacted};

#[test]
fn a_resource_stays_readable_and_the_rest_of_a_key_does_not() {
    for (key, says) in [
        ("/registry/secrets/default/foo", "/registry/secrets/[key]"),
        ("/registry/pods/", "/registry/pods/"),
        ("/registry/pods", "/registry/pods"),
        ("/registry/pods0", "/registry/pods0"),
        ("/registry/pods/default/", "/registry/pods/[key]"),
        ("/registry/masterleases/10.0.0.1", "/registry/masterleases/[key]"),
        ("/registry/apiregistration.k8s.io/apiservices/x", "/registry/apiregistration.k8s.io/apiservices/[key]"),
        ("/registry/cilium.io/ciliumendpoints/ns/x", "/registry/cilium.io/ciliumendpoints/[key]"),
        ("/registry/cilium.io/ciliumendpoints/", "/registry/cilium.io/ciliumendpoints/"),
        ("/registry/My Secret/x", "/registry/[key]"),
        ("/registry/", "/registry/"),
        ("/registry0", "/registry0"),
        ("/registryX/pods/a", "[key]"),
        ("/kubernetes.io/namespaces/prod", "/kubernetes.io/namespaces/[key]"),
        ("/openshift.io/routes/ns/shop", "/openshift.io/routes/[key]"),
        ("/calico/ipam/v2/host/db01", "[key]"),
        ("foo", "[key]"),
        ("health", "health"),
        ("compact_rev_key", "compact_rev_key"),
        ("", ""),
    ] {
        for (before, after) in [
            ("key:\"", "\" value_size:12 "),
            (r#"request "key:\""#, r#"\" " with result "size:5" took too long (120ms) to execute"#),
            (r#"{"level":"warn","request":"put:<key:\""#, r#"\" value_size:256 >","took":"1s"}"#),
            (r#"{"MESSAGE":"{\"request\":\"key:\\\""#, r#"\\\" \",\"took\":\"1s\"}"}"#),
            (r#"{"detail":"{key:"#, r#"; req_size:266; response_revision:5; }"}"#),
        ] {
            assert_eq!(nameless(&format!("{before}{key}{after}")), format!("{before}{says}{after}"));
        }
    }
}

#[test]
fn every_generation_of_etcd_keeps_its_numbers_and_loses_its_names() {
    for (line, says) in [
        (
            r#"Nov 22 16:00:26 db01 etcd[3531]: request "header:<ID:96724055004401672 > put:<key:\"/registry/pods/ns0/p000137\" value_size:256 >" with result "size:5" took too long (800.1628ms) to execute"#,
            r#"Nov 22 16:00:26 db01 etcd[3531]: request "header:<ID:96724055004401672 > put:<key:\"/registry/pods/[key]\" value_size:256 >" with result "size:5" took too long (800.1628ms) to execute"#,
        ),
        (
            r#"2019-03-01 10:15:02.123456 W | etcdserver: read-only range request "key:\"/registry/events/\" range_end:\"/registry/events0\" limit:500 " with result "range_response_count:500 size:1048576" took too long (1.2s) to execute"#,
            r#"2019-03-01 10:15:02.123456 W | etcdserver: read-only range request "key:\"/registry/events/\" range_end:\"/registry/events0\" limit:500 " with result "range_response_count:500 size:1048576" took too long (1.2s) to execute"#,
        ),
        (
            r#"{"level":"warn","ts":"2023-05-04T10:15:02.123Z","msg":"apply request took too long","took":"152.3ms","request":"header:<ID:7 > txn:<compare:<target:MOD key:\"/registry/leases/a/b\" mod_revision:5 > success:<request_put:<key:\"/registry/leases/a/b\" value_size:485 >> failure:<request_range:<key:\"/registry/leases/a/b\" > >>","response":"size:18"}"#,
            r#"{"level":"warn","ts":"2023-05-04T10:15:02.123Z","msg":"apply request took too long","took":"152.3ms","request":"header:<ID:7 > txn:<compare:<target:MOD key:\"/registry/leases/[key]\" mod_revision:5 > success:<request_put:<key:\"/registry/leases/[key]\" value_size:485 >> failure:<request_range:<key:\"/registry/leases/[key]\" > >>","response":"size:18"}"#,
        ),
        (
            r#"trace[123] range {range_begin:/registry/pods/a/b; range_end:; response_count:1; response_revision:9; } (duration: 120ms)"#,
            r#"trace[123] range {range_begin:/registry/pods/[key]; range_end:; response_count:1; response_revision:9; } (duration: 120ms)"#,
        ),
        (
            r#"{"msg":"trace[1] range","detail":"{range_begin:/a\"b; range_end:/a;c0; response_count:0; }","duration":"1s","steps":["trace[1] 'x' {req_type:put; key:/d; req_size:4; } (duration: 7µs)"],"step_count":1}"#,
            r#"{"msg":"trace[1] range","detail":"{range_begin:[key]; range_end:[key]; response_count:0; }","duration":"1s","steps":["trace[1] 'x' {req_type:put; key:[key]; req_size:4; } (duration: 7µs)"],"step_count":1}"#,
        ),
        (
            r#"{"detail":"{range_begin:\u0000; range_end:\u0000; response_count:4; }","x":1}"#,
            r#"{"detail":"{range_begin:\u0000; range_end:\u0000; response_count:4; }","x":1}"#,
        ),
        ("req_content:put key:/a/b;", "req_content:put key:[key];"),
        (r#"key:"\000" range_end:"\000" "#, r#"key:"\000" range_end:"\000" "#),
        (r#"delete_range:<key:"/skydns/\022\"x" range_end:"/skydns0">"#, r#"delete_range:<key:"[key]" range_end:"[key]">"#),
        (
            r#"key:"/registry/pods/default/a\000" range_end:"/registry/pods0" limit:500"#,
            r#"key:"/registry/pods/[key]" range_end:"/registry/pods0" limit:500"#,
        ),
        (
            r#"kvs:<key:"a" create_revision:2 value:"b\"c" > count:1"#,
            r#"kvs:<key:"[key]" create_revision:2 value:"[value removed]" > count:1"#,
        ),
        (r#"watch create_request:<key:"jobs/" range_end:"jobs0" >"#, r#"watch create_request:<key:"[key]" range_end:"[key]" >"#),
        (r#"keys:<key:"a" > keys:"b""#, r#"keys:<key:"[key]" > keys:"[key]""#),
        (
            r#"lease 694d77aa9e38260f granted with TTL(100s), remaining(98s), attached keys([foo bar])"#,
            r#"lease 694d77aa9e38260f granted with TTL(100s), remaining(98s), attached keys([[key]])"#,
        ),
        (
            r#"{"level":"warn","msg":"request auth revision is less than current node auth revision","request key":"/vault/core","error":"auth: revision in header is old"}"#,
            r#"{"level":"warn","msg":"request auth revision is less than current node auth revision","request key":"[key]","error":"auth: revision in header is old"}"#,
        ),
        (
            r#"{"level":"fatal","msg":"range failed to find revision pair","revision-main":5,"key":"/a","end":"/b","len-values":0}"#,
            r#"{"level":"fatal","msg":"range failed to find revision pair","revision-main":5,"key":"[key]","end":"[key]","len-values":0}"#,
        ),
    ] {
        assert_eq!(nameless(line), says);
    }
}

#[test]
fn requests_and_answers_of_etcd_2_lose_keys_and_values() {
    for (line, says) in [
        (
            r#"2016-01-02 03:04:05.000001 D | etcdhttp: [GET] /v2/keys/db/users?wait=true&recursive=true remote:10.0.0.9:51234"#,
            r#"2016-01-02 03:04:05.000001 D | etcdhttp: [GET] /v2/keys/[key]?wait=true&recursive=true remote:10.0.0.9:51234"#,
        ),
        (
            "Get http://10.0.0.1:2379/v2/keys/registry/secrets/a/b?quorum=false: dial tcp: i/o timeout",
            "Get http://10.0.0.1:2379/v2/keys/registry/secrets/[key]?quorum=false: dial tcp: i/o timeout",
        ),
        (
            "PUT /v2/keys/a?prevValue=one&value=two&ttl=5",
            "PUT /v2/keys/[key]?prevValue=[value removed]&value=[value removed]&ttl=5",
        ),
        (
            r#"ID:5 Method:"PUT" Path:"/1/foo/bar" Val:"hush" Dir:false PrevValue:"old" Time:0"#,
            r#"ID:5 Method:"PUT" Path:"/1[key]" Val:"[value removed]" Dir:false PrevValue:"[value removed]" Time:0"#,
        ),
        (
            r#"Method:"PUT" Path:"/0/members/8e9e05c5/attributes" Dir:false"#,
            r#"Method:"PUT" Path:"/0/members/8e9e05c5/attributes" Dir:false"#,
        ),
        (r#"{"method":"PUT","path":"/foo","took":"1s"}"#, r#"{"method":"PUT","path":"[key]","took":"1s"}"#),
        (
            r#"{"action":"get","node":{"key":"/message","value":"Hello \"world\"","modifiedIndex":4,"createdIndex":4}}"#,
            r#"{"action":"get","node":{"key":"[key]","value":"[value removed]","modifiedIndex":4,"createdIndex":4}}"#,
        ),
        (
            r#"{"errorCode":100,"message":"Key not found","cause":"/foo","index":12}"#,
            r#"{"errorCode":100,"message":"Key not found","cause":"[key]","index":12}"#,
        ),
        ("Error:  100: Key not found (/foo/bar) [5]", "Error:  100: Key not found ([key]) [5]"),
        ("Error:  101: Compare failed ([one != two]) [9]", "Error:  101: Compare failed ([value removed]) [9]"),
        (
            "curl http://127.0.0.1:2379/v2/keys/a -XPUT -d value=\"b c\"",
            "curl http://127.0.0.1:2379/v2/keys/[key] -XPUT -d value=\"[value removed]\"",
        ),
    ] {
        assert_eq!(nameless(line).replace("/v2/keys[key]", "/v2/keys/[key]"), says);
    }
}

#[test]
fn the_gateways_json_is_read_through_its_base64() {
    for (line, says) in [
        (
            r#"{"key":"L3JlZ2lzdHJ5L3BvZHMv","range_end":"L3JlZ2lzdHJ5L3BvZHMw"}"#,
            r#"{"key":"L3JlZ2lzdHJ5L3BvZHMv","range_end":"L3JlZ2lzdHJ5L3BvZHMw"}"#,
        ),
        (
            r#"{"kvs":[{"key":"L3JlZ2lzdHJ5L3NlY3JldHMvYS9i","value":"aHVzaA=="}],"count":"1"}"#,
            r#"{"kvs":[{"key":"/registry/secrets/[key]","value":"[value removed]"}],"count":"1"}"#,
        ),
        (r#"{"keys": ["Zm9v", "YmFy"], "ttl": 5}"#, r#"{"keys": ["[key]", "[key]"], "ttl": 5}"#),
        (r#"{"key": "AA==", "range_end": "AA=="}"#, r#"{"key": "AA==", "range_end": "AA=="}"#),
    ] {
        assert_eq!(nameless(line), says);
    }
}

#[test]
fn one_key_has_one_pseudonym_in_all_forms_and_another_under_another_salt() {
    let plain = redacted("key:\"/app/ü\\\"x\"");
    let pseudonym = &plain[5..plain.len() - 1];
    assert!(pseudonym.starts_with("[key "), "{pseudonym}");
    for line in [
        r#"{"request":"key:\"/app/\303\274\\\"x\" "}"#.replace("\\303\\274", "\\\\303\\\\274"),
        r#"{"detail":"{key:/app/ü\"x; req_size:1; }"}"#.to_owned(),
        r#"{"node":{"key":"/app/ü\"x"}}"#.to_owned(),
        r#"Path:"/1/app/ü\"x" "#.to_owned(),
    ] {
        assert!(redacted(&line).contains(pseudonym), "{line} became {}", redacted(&line));
    }
    let other = Redactor::new(b"other").line(plain.as_bytes()).into_owned();
    assert_eq!(other, plain.as_bytes(), "a pseudonym is not hashed again");
    let line = "key:\"/app/a\"";
    assert_ne!(Redactor::new(b"other").line(line.as_bytes()), redacted(line).as_bytes());
}

#[test]
fn a_torn_line_gives_no_name_away() {
    let line = r#"{"level":"warn","request":"put:<key:\"/vault/core/master\" value:\"hush-hush\" >"}"#;
    for cut in 0..line.len() {
        let out = redacted(&line[..cut]);
        assert!(!out.contains("vault") && !out.contains("hush"), "{out}");
    }
    let line = r#"{"detail":"{key:/vault/core/master; req_size:5; }"}"#;
    for cut in 0..line.len() {
        assert!(!redacted(&line[..cut]).contains("vault"), "{}", &line[..cut]);
    }
}
